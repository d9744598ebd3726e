/*
 * Evidence: which given values (those of a config.json) flowed into a value and into an exception, and through which calls
 * a module was made.
 *
 * A set of given values is a number, 0 for the empty one; it travels in `given` of struct value.  It is followed through
 * operators, items, builtins and text, and from a condition to what is raised under it.  Where it is not followed, the
 * number is 0: what a set says is true, and it may say too little.
 * A chain of calls is a number too, 0 for the empty one: a place in the sources, and the chain of the call around it.
 * Equal chains have equal numbers.
 *
 * Nobody asks while a model is only built, and then (ev->evidence NULL) nothing is kept.  No answer of the evaluator
 * depends on it.  The evidence owns its memory; the given values belong to whoever named them.
 */
#ifndef EVAL_EVIDENCE_H
#define EVAL_EVIDENCE_H

#include "eval/eval.h"

/* Pairs by number, each once. */
struct pair_table {
    struct pair {
        uint64_t a, b;
    } *pairs;
    size_t count, capacity;
    uint32_t *slots; /* number + 1 */
    size_t slot_count;
};

struct evidence {
    struct pair_table sets; /* of given values: the parts, or LONE and the value */
    uint32_t first;         /* number of the first set: numbers of earlier evidence mean nothing here */
    uint32_t guard;         /* of the innermost condition that something given flowed into, in the function that runs */
    uint32_t returns;       /* functions that the exception on its way has left */
    struct unit *handled_unit, *cause_unit; /* where the exception was raised that the running handler handles, and the */
    uint32_t handled_at, cause_at;          /* one while which that on its way was raised; NULL: none */
    struct pair_table calls;    /* chains: the place, and its unit and the chain around it */
    struct pair_table children; /* a table of child modules, and a module in it */
    uint32_t *child_calls;      /* by their number: the chain in which it was registered */
    size_t child_capacity;
};

/* Between eval_begin_model() and eval_end_model(). */
void evidence_begin(struct eval *ev);
void evidence_end(struct eval *ev);

/* The set of one value, which the caller names by a pointer. */
uint32_t evidence_given(struct eval *ev, const void *given);
uint32_t evidence_join_sets(struct eval *ev, uint32_t left, uint32_t right);
/* Fills items[] with what is in the set, each once, in order of use; returns how many, at most `room`. */
size_t evidence_list(const struct eval *ev, uint32_t set, const void **items, size_t room);

/* The chain of a place and the Python functions that run; a fact's own places are left out. */
uint32_t evidence_calls(struct eval *ev, struct unit *unit, uint32_t at);
/* One link of a chain: false for the empty one. */
bool evidence_call(const struct eval *ev, uint32_t calls, struct unit **unit, uint32_t *at, uint32_t *outer);
/* A child module is registered here and now; and the chain in which it was last, 0 when it was not. */
void evidence_child(struct eval *ev, const struct dict *modules, struct value child);
uint32_t evidence_child_calls(const struct eval *ev, const struct dict *modules, const struct instance *child);

/* After a call: what its arguments hold is in a builtin's result, and in the exception that it raised. */
void evidence_of_call(struct eval *ev, struct value callee, const struct arguments *arguments, struct value *result);

static inline uint32_t evidence_join(struct eval *ev, uint32_t left, uint32_t right)
{
    return !ev->evidence || left == right || !right ? left : !left ? right : evidence_join_sets(ev, left, right);
}

/* Objects are made of all that is given; only of data does it say anything. */
static inline bool evidence_is_data(struct value value)
{
    return value.kind >= VALUE_NONE && value.kind <= VALUE_ITERATOR;
}

/* The result of an operation on these two (or an exception that it raised). */
static inline struct value evidence_of(struct eval *ev, struct value result, struct value left, struct value right)
{
    if (!ev->evidence)
        return result;
    uint32_t given = evidence_join(ev, left.given, right.given);
    if (is_raised(result)) {
        if (!ev->raised.given)
            ev->raised.given = given;
    } else if (!result.given && evidence_is_data(result)) {
        result.given = given;
    }
    return result;
}

/* Around what runs under a condition; give the first one's answer to the second. */
static inline uint32_t evidence_guard(struct eval *ev, uint32_t given)
{
    if (!ev->evidence)
        return 0;
    uint32_t outer = ev->evidence->guard;
    if (given)
        ev->evidence->guard = given;
    return outer;
}
/* A function begins: conditions of its caller decide that it runs, not what it does. */
static inline uint32_t evidence_enter(struct eval *ev)
{
    uint32_t outer = evidence_guard(ev, 0);
    if (ev->evidence)
        ev->evidence->guard = 0;
    return outer;
}
static inline void evidence_unguard(struct eval *ev, uint32_t outer)
{
    if (ev->evidence)
        ev->evidence->guard = outer;
}

#endif
