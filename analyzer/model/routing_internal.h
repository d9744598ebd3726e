/*
 * Private to routing*.c: the values, frames and events of the analysis.
 *
 * It is a taint analysis over lowered syntax.  A value says what kind of thing it is as far as calls of children matter,
 * and how it depends on the data (enum taint).  Walking a function records an event for each call of a child; the
 * branch, loop or index that makes the call depend on data is its reason.  Whether a branch matters is decided after both
 * sides were walked, so that a child called on both sides does not count.
 *
 * What cannot be told is kept apart from what is known: each taint has a doubtful twin (DOUBT).  A call that depends on
 * data for certain makes the verdict ROUTING_YES, one that depends on a doubt makes it ROUTING_CANNOT_TELL.
 */
#ifndef MODEL_ROUTING_INTERNAL_H
#define MODEL_ROUTING_INTERNAL_H

#include "base/limits.h"
#include "model/routing.h"

#define MAX_SHOWN 96 /* bytes of a module as code; what `x = x[0]` in a loop adds to it is left out */

enum taint {
    TAINT_VALUE = 1,  /* what it holds depends on the data */
    TAINT_LENGTH = 2, /* how many items it has depends on the data */
    TAINT_ITEMS = 4,  /* how many items each of its items has */
    TAINT_CHOICE = 8, /* which object it is: None or a tensor, this module or that */
    TAINT_BOOL = 16,  /* a tensor of truths: what it indexes has a length that depends on data */
    TAINT_LOOSE = 32, /* perhaps no tensor but a flag, a number or a cache, which all ranks agree on */
    TAINT_UNTYPED = 64 /* made of such a thing: depends on the data for certain once it is used as a tensor */
};
#define TAINT_DATA (TAINT_VALUE | TAINT_LENGTH | TAINT_ITEMS | TAINT_CHOICE)
#define TAINT_ORIGIN (TAINT_LOOSE | TAINT_UNTYPED)
#define DOUBT(taint) ((unsigned)(taint) << 8) /* it may be so */
#define EITHER(taint) ((unsigned)(taint) | DOUBT(taint))
#define UNKNOWN_TYPE (TAINT_LOOSE | TAINT_UNTYPED | DOUBT(TAINT_VALUE)) /* an argument without annotation */

enum traced_kind {
    TRACED_PLAIN,    /* a tensor, a number, any object that is not a module */
    TRACED_NONE,
    TRACED_TRUE,
    TRACED_FALSE,
    TRACED_INT,
    TRACED_STRING,
    TRACED_TUPLE,    /* a tuple or list whose items are known */
    TRACED_SEQUENCE, /* a list, tuple, dict or iterator: `element` stands for all items, NULL when empty */
    TRACED_SELF,
    TRACED_SUPER,
    TRACED_MODULE,   /* a child (or something reached through one) */
    TRACED_CONTAINER, /* a ModuleList or ModuleDict, or a slice of one */
    TRACED_METHOD,   /* a method of self */
    TRACED_FUNCTION, /* a nested def or a lambda with its frame */
    TRACED_GLOBAL    /* a name that is not local, or an attribute of one (torch.where) */
};

enum method_kind { METHOD_BOUND, METHOD_STATIC, METHOD_CLASS };

struct frame;

/* Immutable once made; lives in the scratch arena (or is one of the constants below). */
struct traced {
    uint8_t kind;   /* enum traced_kind */
    bool opaque;    /* MODULE: it cannot be told whether it is a module, or what calling it does */
    bool dotted;    /* GLOBAL: reached through an attribute */
    bool holds_module;   /* TUPLE, SEQUENCE: an item does */
    uint8_t nesting;     /* TUPLE, SEQUENCE: levels of sequences in it, itself included */
    uint16_t taint;      /* enum taint, and their doubtful twins */
    uint16_t inside;     /* TUPLE, SEQUENCE: the taint of all items */
    uint32_t count;
    uint32_t node; /* MODULE with TAINT_CHOICE: what picks it, in `file`; 0: not known */
    int64_t number; /* INT: itself; METHOD: enum method_kind; SUPER: the position in the MRO where it starts */
    const struct traced *const *items;
    const struct traced *element;
    struct text text;  /* STRING: itself; GLOBAL: (last) name; MODULE, CONTAINER: the attribute of self */
    struct text shown; /* MODULE, CONTAINER: as code, "self.experts[i]"; GLOBAL: the name at the root ("torch") */
    struct python_file *file; /* of `node`; METHOD, FUNCTION, GLOBAL: of the definition or use */
    struct routing_method method;
    struct frame *frame; /* FUNCTION: where it was defined */
};

extern const struct traced value_clean, value_tensor, value_none, value_true, value_false, value_self;

enum strength { STRENGTH_NONE, STRENGTH_DOUBT, STRENGTH_DATA, STRENGTH_COUNT };
enum reason_kind { REASON_BRANCH, REASON_LOOP, REASON_WHILE, REASON_LEAVE, REASON_INDEX };

/* The branch, loop or index in `file` that makes a call depend on data. */
struct reason {
    uint8_t strength; /* enum strength */
    uint8_t kind;     /* enum reason_kind */
    uint32_t node;    /* the condition, the iterable or the index; 0: not known */
    struct python_file *file;
};

/* A call of a child. */
struct event {
    struct text child, shown;
    struct python_file *file;
    uint32_t at;
    bool opaque; /* perhaps no call of a child */
    bool idle;   /* not done in training */
    struct reason reason;
};

/* The loop that break and continue leave, while its body is walked. */
struct loop {
    const struct traced **left; /* the slots at all of its break and continue statements, joined; NULL: none yet */
};

/* One activation of a function. */
struct frame {
    struct python_file *file;
    uint32_t function;
    uint32_t depth;       /* position in the MRO, for super() */
    struct frame *parent; /* lexical: the function around a nested one */
    struct frame *caller;
    struct loop *loop;
    const struct traced **slots;
    uint32_t slot_count;
    const struct traced *result;  /* joined values of its returns, NULL before the first */
    const struct traced *yielded; /* of its yields */
    uint32_t control[STRENGTH_COUNT]; /* branches and loops around that depend on data, inside this function */
};

enum exits { EXIT_RETURN = 1, EXIT_BREAK = 2, EXIT_CONTINUE = 4 };

/* How control leaves statements. */
struct flow {
    bool ends;     /* never falls through */
    bool idle_rest; /* what falls through does so only outside of training */
    unsigned may;  /* exits on some path */
    unsigned depends[STRENGTH_COUNT]; /* exits that depend on data, for certain or perhaps */
    struct reason reasons[STRENGTH_COUNT];
    /* `if data: ...; return` before the rest of a list: its calls, still to be compared with those of the rest. */
    bool guards;
    size_t guard_from, guard_to;
    struct reason guard;
};

struct self_attribute {
    struct text name;
    const struct traced *value;
};

/* What the host has said about self.NAME. */
struct host_answer {
    struct text name;
    bool has_method, asked_attribute;
    struct routing_method method;
    uint8_t attribute; /* enum routing_attribute */
};

struct routing_state {
    const struct routing_host *host;
    struct host_answer *answers;
    size_t answer_count, answer_capacity;
    struct arena *scratch;
    struct frame *frame;
    bool thorough; /* helper functions are walked even where no module is handed to them */
    bool skipped;  /* some were not */
    struct event *events;
    size_t event_count, event_capacity;
    struct self_attribute *attributes; /* assigned to self in forward */
    size_t attribute_count, attribute_capacity;
    uint32_t idle;   /* branches around that are not taken in training */
    uint32_t silent; /* first passes over loops record nothing */
    uint32_t depth;  /* nested nodes, over all frames */
    uint32_t calls;  /* frames */
    size_t steps;
    struct text stopped; /* why the analysis gave up, "" while it has not */
    struct python_file *stopped_file;
    uint32_t stopped_at;
};

/* An evaluated argument of a call. */
struct argument {
    struct text name; /* "" for a positional one */
    bool star, double_star;
    const struct traced *value;
};
struct arguments {
    struct argument *items;
    uint32_t count;
};

/* A condition: `truth` is what it always is, else how much it depends on data. */
struct condition {
    uint8_t truth;    /* enum routing_truth */
    uint8_t strength; /* enum strength */
    bool idle_then, idle_else; /* it holds, it does not hold: only in a model that is not being trained */
};

static inline struct ast_node routing_node(const struct python_file *file, uint32_t node)
{
    return file->ast.nodes[node]; /* a copy: pools move when something is lowered */
}
static inline struct text routing_string(const struct python_file *file, uint32_t string)
{
    return file->ast.strings[string];
}

/* routing.c */
void routing_stop(struct routing_state *state, struct text why, uint32_t at);
bool routing_step(struct routing_state *state, uint32_t at, size_t cost); /* false: a bound was reached */
void routing_record(struct routing_state *state, const struct traced *module, uint32_t at, bool opaque);
struct reason routing_reason(const struct routing_state *state, enum strength strength, enum reason_kind kind,
                             uint32_t node);
/* Gives events [from, to) the reason, where it is stronger than the one they have. */
void routing_mark(struct routing_state *state, size_t from, size_t to, const struct reason *reason);
/* The same for two alternatives [from, to) and [other, other_to): what both call does not depend on the reason. */
void routing_mark_alternatives(struct routing_state *state, size_t from, size_t to, size_t other, size_t other_to,
                               const struct reason *reason);

/* routing_traced.c */
const struct traced *traced_with_taint(struct routing_state *state, const struct traced *value, unsigned taint);
const struct traced *traced_plain(struct routing_state *state, unsigned taint);
const struct traced *traced_int(struct routing_state *state, int64_t number);
const struct traced *traced_string(struct routing_state *state, struct text text);
const struct traced *traced_tuple(struct routing_state *state, const struct traced *const *items, uint32_t count);
const struct traced *traced_sequence(struct routing_state *state, const struct traced *element, unsigned taint);
const struct traced *traced_module(struct routing_state *state, enum traced_kind kind, struct text child, struct text shown);
const struct traced *traced_global(struct routing_state *state, struct python_file *file, struct text name,
                                 struct text root, bool dotted);
unsigned traced_flat_taint(const struct traced *value); /* of everything in it */
/* `to` where `taint` has `from` (any of its bits), for certain and for doubt apart. */
unsigned taint_move(unsigned taint, unsigned from, unsigned to);
unsigned taint_as_tensor(unsigned taint); /* of something that turns out to be a tensor */
enum strength taint_strength(unsigned taint, unsigned mask);
unsigned strength_taint(enum strength strength, unsigned taint); /* taint, its doubtful twin, or nothing */
/* Joins what two paths leave; `strength` says how much the data decides which path.  Either may be NULL (unbound). */
const struct traced *traced_join(struct routing_state *state, const struct traced *a, const struct traced *b,
                               enum strength strength);
const struct traced *traced_item(struct routing_state *state, const struct traced *value); /* what iterating gives */
/* What each target of `a, b = value` gets, when the items are not known apart. */
const struct traced *traced_unpacked(struct routing_state *state, const struct traced *value);
enum strength traced_length_strength(const struct traced *value); /* does a loop over it depend on data? */
struct condition traced_truth(const struct traced *value);
bool traced_holds_module(const struct traced *value); /* or something that may call one */
static inline bool traced_is_sequence(const struct traced *value)
{
    return value->kind == TRACED_TUPLE || value->kind == TRACED_SEQUENCE;
}

/* routing_words.c */
struct text routing_code(struct arena *arena, const struct python_file *file, uint32_t node);
struct text routing_words(struct arena *arena, const struct event *event);

/* routing_expression.c */
const struct traced *routing_evaluate(struct routing_state *state, uint32_t node);
const struct traced *routing_index(struct routing_state *state, const struct traced *object, const struct traced *index,
                                  uint32_t index_node);

/* routing_condition.c */
struct condition routing_condition(struct routing_state *state, uint32_t node, const struct traced **value);
const struct traced *routing_truth_value(struct routing_state *state, struct condition condition);
const struct traced *routing_conditional(struct routing_state *state, const struct ast_node *node); /* a if c else b */

/* routing_object.c: attributes, items, names */
const struct traced *routing_attribute(struct routing_state *state, const struct traced *object, struct text name,
                                      uint32_t at);
const struct traced *routing_dynamic_attribute(struct routing_state *state, const struct traced *object,
                                              const struct traced *name, uint32_t name_node, uint32_t at);
/* The module found under an index or a name that may depend on data. */
const struct traced *traced_picked(struct routing_state *state, const struct traced *module, const struct traced *by,
                                 uint32_t node);
const struct traced *routing_name(struct routing_state *state, struct text name);
bool routing_set_name(struct routing_state *state, struct text name, const struct traced *value);
void routing_set_attribute(struct routing_state *state, struct text name, const struct traced *value);

/* routing_call.c */
const struct traced *routing_call(struct routing_state *state, uint32_t node);
const struct traced *routing_inline(struct routing_state *state, const struct routing_method *method,
                                   struct frame *parent, const struct traced *self, const struct arguments *arguments,
                                   uint32_t at);

/* routing_operation.c: what known functions and tensor methods do to taint */
/* NULL: the name says nothing.  For a method `receiver` is its object, for a function NULL. */
const struct traced *routing_operation(struct routing_state *state, struct text name, const struct traced *receiver,
                                      const struct arguments *arguments);
bool routing_is_tensor_method(struct text name);
bool routing_is_metadata(struct text name);

/* routing_builtin.c: Python's own functions, and methods of containers, lists and dicts.  NULL: not one of them. */
const struct traced *routing_builtin(struct routing_state *state, struct text name, const struct arguments *arguments);
const struct traced *routing_container_method(struct routing_state *state, const struct traced *container,
                                             struct text name, const struct arguments *arguments);
/* *changed is what the list or dict is afterwards, NULL when it stays the same. */
const struct traced *routing_list_method(struct routing_state *state, const struct traced *list, struct text name,
                                        const struct arguments *arguments, const struct traced **changed);

/* routing_walk.c */
struct flow routing_walk(struct routing_state *state, uint32_t list);
void routing_bind(struct routing_state *state, uint32_t target, const struct traced *value);
void routing_assign_back(struct routing_state *state, uint32_t target, const struct traced *value);
const struct traced **routing_save(struct routing_state *state, uint32_t at); /* a copy of the frame's slots */
void routing_restore(struct routing_state *state, const struct traced *const *slots);
void routing_join_slots(struct routing_state *state, const struct traced *const *slots, enum strength strength);
void routing_enter(struct routing_state *state, enum strength strength);
void routing_leave(struct routing_state *state, enum strength strength);
enum strength routing_control(const struct routing_state *state);

#endif
