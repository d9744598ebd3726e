/*
 * Private to training*.c: the values, frames and calls of the walk.
 *
 * A value says what an expression certainly is.  SEEN_UNKNOWN may be anything, so nothing is concluded from it; a tensor
 * remembers whether it can have a gradient, and whether it is certainly the memory of an argument of the module that is
 * looked at (`input`).  A walk has one subject, whose calls are recorded while the code of its caller is walked.
 */
#ifndef MODEL_TRAINING_INTERNAL_H
#define MODEL_TRAINING_INTERNAL_H

#include "eval/eval.h"
#include "model/block_routing.h"
#include "model/training.h"

enum seen_kind {
    SEEN_UNKNOWN,
    SEEN_CONSTANT, /* a value of the evaluator that is no module, no tensor and no function of forward */
    SEEN_TENSOR,
    SEEN_MODULE,
    SEEN_METHOD,  /* of a module */
    SEEN_SUPER,
    SEEN_TUPLE,   /* or list, whose items are known */
    SEEN_DICT     /* a dict or a ModelOutput that forward made */
};

enum grad { GRAD_UNKNOWN, GRAD_YES, GRAD_NO };
enum takes { TAKES_SELF, TAKES_CLASS, TAKES_NOTHING }; /* what comes before the arguments */

/* A tensor that the subject got as a positional argument. */
struct input {
    struct subject_call *call;
    enum grad grad;
};

struct seen {
    uint8_t kind;    /* enum seen_kind */
    uint8_t grad;    /* TENSOR: enum grad */
    bool cast;       /* TENSOR: it is `input` only if a cast made no copy */
    bool or_none;    /* TENSOR: it may be None */
    uint8_t takes;   /* METHOD: enum takes */
    const struct input *input; /* TENSOR: whose memory it is; NULL: another's, or it cannot be told */
    struct value constant;     /* CONSTANT */
    struct instance *instance; /* MODULE, METHOD, SUPER */
    struct routing_method method; /* METHOD; SUPER: depth only */
    const struct seen *const *items; /* TUPLE */
    uint32_t count;
    struct python_file *file; /* DICT: where it was made */
    uint32_t at;
};

extern const struct seen seen_unknown, seen_tensor, seen_without_grad, seen_with_grad;

struct seen_place {
    struct python_file *file; /* NULL: none */
    uint32_t at;
};

/* Calls of the subject that happen for certain. */
struct subject_call {
    struct python_file *file;
    uint32_t at;
    bool without_grad;  /* no positional argument is a tensor that could have a gradient */
    uint32_t positional; /* how many there are */
    const struct seen *result; /* what it gives */
    struct seen_place changed, changed_if_cast_copies_nothing; /* where an input that has a gradient is changed in place */
};

struct walk_frame {
    struct python_file *file;
    uint32_t function;
    uint32_t depth;             /* position in the MRO, for super() */
    struct instance *self;      /* NULL: a plain function */
    struct walk_frame *caller;
    const struct seen **slots;  /* NULL: unbound */
    uint32_t slot_count;
    const struct seen *result;  /* of all returns so far; NULL before the first */
};

struct assigned {
    const struct instance *instance;
    struct str *name;
};

#define MAX_SUBJECT_CALLS 8

struct walk {
    struct eval *ev;
    struct arena *scratch;
    struct walk_frame *frame;
    const struct instance *root;    /* whose forward is walked first: the caller, or what calls that */
    const struct instance *caller;  /* in whose code calls of the subject are recorded */
    const struct instance *subject;
    struct subject_call *calls[MAX_SUBJECT_CALLS];
    uint32_t call_count;
    struct assigned *assigned; /* attributes that forward itself has set */
    size_t assigned_count, assigned_capacity;
    const struct python_file *unit_file; /* whose unit was asked for last */
    struct unit *unit;
    uint32_t unsure;  /* conditions around that cannot be decided */
    uint32_t silent;  /* first turns of loops record nothing */
    uint32_t no_grad; /* `with torch.no_grad()` around */
    uint32_t depth, frames;
    size_t steps;
    bool met;     /* the subject is called somewhere in the code of the caller, for certain or not */
    bool stopped; /* a bound was reached: nothing is certain */
    bool grad_unknown; /* an input is changed in place, of which it cannot be told whether it has a gradient */
};

/* The arguments of a call. */
struct passed {
    const struct seen **positional;
    uint32_t count;
    struct text *names; /* of keywords */
    const struct seen **named;
    uint32_t named_count;
    bool star, double_star; /* more positional ones, more keywords may follow */
};

/* How control leaves statements. */
struct left {
    bool ends;       /* never falls through */
    bool may_return; /* perhaps returns, from some statement in it */
    bool may_break;  /* or leaves the turn of the loop */
};

static inline struct ast_node walk_node(const struct python_file *file, uint32_t node)
{
    return file->ast.nodes[node];
}
static inline struct text walk_string(const struct python_file *file, uint32_t string)
{
    return file->ast.strings[string];
}
/* Is what is walked now done in every step of training, and recorded? */
static inline bool walk_certain(const struct walk *walk)
{
    return !walk->unsure && !walk->silent && !walk->stopped;
}

/* training_value.c */
const struct seen *seen_constant(struct walk *walk, struct value value);
const struct seen *seen_bool(struct walk *walk, bool truth);
const struct seen *seen_module(struct walk *walk, struct instance *instance);
const struct seen *seen_tuple(struct walk *walk, const struct seen *const *items, uint32_t count);
const struct seen *seen_of_value(struct walk *walk, struct value value); /* a value of the evaluator, as code sees it */
const struct seen *seen_join(struct walk *walk, const struct seen *a, const struct seen *b); /* either may be NULL */
bool name_is_one_of(struct text name, const char *const *names); /* ended by NULL */
bool seen_is_true(const struct seen *value); /* the constant True; NULL is not */
enum routing_truth seen_truth(struct walk *walk, const struct seen *value);
const struct seen *seen_attribute(struct walk *walk, const struct seen *object, struct text name);
/* The modules of a container; the count is 0 when they cannot be told. */
uint32_t container_items(struct walk *walk, const struct instance *container, struct instance ***items);
const struct seen *seen_global(struct walk *walk, struct text name); /* a name of the file's module, or a builtin */

/* training_expression.c */
const struct seen *walk_evaluate(struct walk *walk, uint32_t node);
enum routing_truth walk_condition(struct walk *walk, uint32_t node);

/* training_tensor.c */
const struct seen *walk_call_on_tensor(struct walk *walk, const struct seen *tensor, struct text name,
                                       const struct passed *passed, uint32_t at);
/* torch.f(...), nn.functional.f(...), math.f(...) */
const struct seen *walk_call_library(struct walk *walk, struct text name, const struct passed *passed, uint32_t at);

/* training_call.c */
const struct seen *passed_keyword(const struct passed *passed, struct text name);
const struct seen *walk_call(struct walk *walk, uint32_t node);
const struct seen *walk_root(struct walk *walk, const struct routing_method *forward); /* forward of walk->root */
/* An input of the subject is changed in place. */
void walk_changed(struct walk *walk, const struct seen *tensor, uint32_t at);

/* training_walk.c */
struct left walk_list(struct walk *walk, uint32_t list);
void walk_bind(struct walk *walk, uint32_t target, const struct seen *value);
const struct seen **walk_save(struct walk *walk);
void walk_join_slots(struct walk *walk, const struct seen *const *slots);
bool walk_step(struct walk *walk);

#endif
