/*
 * Control flow that cannot be decided: what the files of if, for, while, try and with share.
 *
 * Each way is run inside a transaction of its own and then joined (transaction.h), so that whatever is stated afterwards is
 * true whichever way Python would take.  A way that raises is left out: the model is taken to be one that can be built;
 * inside a `try` the handlers are joined in.
 */
#ifndef EVAL_WAYS_H
#define EVAL_WAYS_H

#include "eval/statement.h"
#include "eval/transaction.h"

/* Scopes that were left open when one inside them closed: they are opened again behind it. */
struct pending {
    struct reason *reason[MAYBE_CALL + 1];
    struct value early;
};
void pending_open(struct eval *ev, struct frame *frame, const struct pending *pending);

/* The end of an iteration or a loop: its own scope is over, those around it go on. */
enum flow maybe_leave(struct eval *ev, struct frame *frame, const struct maybe *mark, enum maybe_scope scope, enum flow flow);

/* An exception that is on its way. */
struct raised_state {
    struct value value;
    struct unit *unit;
    uint32_t at;
};
static inline struct raised_state raised_now(const struct eval *ev)
{
    return (struct raised_state){ev->raised, ev->raised_unit, ev->raised_at};
}
static inline void raise_again(struct eval *ev, struct raised_state raised)
{
    ev->raised = raised.value;
    ev->raised_unit = raised.unit;
    ev->raised_at = raised.at;
}

struct way {
    struct outcome outcome;
    enum flow flow;
    struct raised_state raised; /* FLOW_RAISE: what */
    struct value result;
    struct pending pending;
    struct transaction transaction;
    struct maybe *mark;
};
void way_begin(struct eval *ev, struct frame *frame, struct way *way);
/* The transaction is still to be taken, kept or undone. */
void way_settle(struct eval *ev, struct frame *frame, struct way *way, enum flow flow);
/* All of it, for a list of statements. */
void run_way(struct eval *ev, struct frame *frame, uint32_t list, struct way *way);
/* Joins the ways of a statement; gives the flow after it. */
enum flow join_ways(struct eval *ev, struct frame *frame, const struct way *ways, uint32_t count, struct reason *reason);

/* Why the truth of a value cannot be told. */
struct reason *truth_reason(struct eval *ev, struct value condition);

#endif
