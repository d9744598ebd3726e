/*
 * Undoing writes, and joining what cannot be decided.
 *
 * A transaction remembers every cell (list, dict, frame, instance, ...) as it was before the first write inside it.  It
 * is used in two ways.
 *
 * - Around a model: at the end everything that the model wrote to import-time things is put back.  An import that a model
 *   sets off runs outside of the model's transactions (import_begin), since it is run once for all models.
 * - Where a branch, a loop or a handler depends on something Unknown: each way is run inside a transaction of its own, its
 *   outcome is kept and undone, and then the outcomes are joined: what all ways agree on stays, everything else that any
 *   way wrote becomes Unknown, or open.  So whatever is stated afterwards is true whichever way Python would take.
 */
#ifndef EVAL_TRANSACTION_H
#define EVAL_TRANSACTION_H

#include "eval/eval.h"

struct saved_cell {
    struct saved_cell *next;
    struct cell *cell;
    union {
        struct list list;
        struct dict dict;
        struct frame frame;
        struct instance instance;
        struct iterator iterator;
        struct tensor tensor;
    } before;
};

struct transaction {
    struct transaction *outer;
    uint32_t epoch;
    struct saved_cell *saved;
    uint32_t saved_count;
};

/* What one way of a branch leaves behind. */
struct outcome {
    struct saved_cell *cells; /* the cells as this way left them (in .before) */
    uint32_t count;
};

/* A branch that could not be decided may have left the iteration, the loop or the call, so what follows in it may run or
 * not.  It runs inside a transaction, and where that scope ends the transaction is joined with not having run. */
enum maybe_scope { MAYBE_ITERATION, MAYBE_LOOP, MAYBE_CALL };
struct maybe {
    struct maybe *outer; /* of the same frame */
    enum maybe_scope scope;
    struct transaction transaction;
    struct reason *reason;
    struct value early; /* MAYBE_CALL: what the way that left returned */
};

void transaction_begin(struct eval *ev, struct transaction *transaction);
/* Keeps what was written; it belongs to the outer transaction from now on. */
void transaction_keep(struct eval *ev, struct transaction *transaction);
/* Puts everything back. */
void transaction_undo(struct eval *ev, struct transaction *transaction);
/* Puts everything back and gives what was there. */
struct outcome transaction_take(struct eval *ev, struct transaction *transaction);
#define MAX_ALIASES 64 /* things one Unknown is known to be one of */
#define MAX_WAYS 8 /* a try with more handlers than this is not followed */
/* Writes the join of the ways (at most MAX_WAYS).  `as_is`: one more way leaves everything as it is now. */
void outcomes_join(struct eval *ev, const struct outcome *outcomes, uint32_t count, bool as_is, struct reason *reason);
/* The join of two values: the value when they are the same, else Unknown. */
struct value value_join(struct eval *ev, struct value a, struct value b, struct reason *reason);

/*
 * Around code that runs once for the whole run: importing.  It runs outside of every transaction, since it is not done
 * again when a way or a model is undone; so transactions that have begun are suspended, and what importing binds in a
 * module is also written (import_publish) into the copies of the module's names that they keep.
 */
struct import_state {
    struct transaction *transaction;
    bool importing;
    struct import_state *outer;
};
void import_begin(struct eval *ev, struct import_state *state);
void import_end(struct eval *ev, const struct import_state *state);
void import_publish(struct eval *ev, struct dict *names, struct str *name);

void cell_save(struct eval *ev, struct cell *cell); /* for cell_touch only */
/* Before every write to a cell. */
static inline void cell_touch(struct eval *ev, struct cell *cell)
{
    if (ev->transaction && cell->epoch < ev->transaction->epoch)
        cell_save(ev, cell);
}
static inline void cell_init(struct eval *ev, struct cell *cell, enum cell_kind kind)
{
    cell->cell_kind = (uint8_t)kind;
    cell->imported = ev->importing;
    cell->epoch = ev->transaction ? ev->transaction->epoch : 0;
}

#endif
