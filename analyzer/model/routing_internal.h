/*
 * Private to routing*.c: the values, frames and events of the analysis.
 *
 * It is a taint analysis over lowered syntax.  A value says what kind of thing it is as far as calls of children matter,
 * and how it depends on the data (enum taint).  Walking a function records an event for each call of a child; the
 * branch, loop or index that makes the call depend on data is its reason.  Whether a branch matters is decided after both
 * sides were walked, so that a child called on both sides does not count.
 */
#ifndef MODEL_ROUTING_INTERNAL_H
#define MODEL_ROUTING_INTERNAL_H

#include "model/routing.h"

enum taint {
    TAINT_VALUE = 1,   /* what it holds depends on the data */
    TAINT_LENGTH = 2,  /* how many items it has depends on the data */
    TAINT_ITEMS = 4,   /* how many items each of its items has */
    TAINT_CHOICE = 8,  /* which object it is: None or a tensor, this module or that */
    TAINT_DOUBT = 16,  /* dependent in form, though all ranks may well agree */
    TAINT_BOOL = 32    /* a tensor of truths: what it indexes has a length that depends on data */
};
#define TAINT_DATA (TAINT_VALUE | TAINT_LENGTH | TAINT_ITEMS | TAINT_CHOICE)

enum value_kind {
    VALUE_PLAIN,    /* a tensor, a number, any object that is not a module */
    VALUE_NONE,
    VALUE_TRUE,
    VALUE_FALSE,
    VALUE_INT,
    VALUE_STRING,
    VALUE_TUPLE,    /* a tuple or list whose items are known */
    VALUE_SEQUENCE, /* a list, tuple, dict or iterator: `element` stands for all items, NULL when empty */
    VALUE_SELF,
    VALUE_SUPER,
    VALUE_MODULE,   /* a child (or something reached through one) */
    VALUE_CONTAINER, /* a ModuleList or ModuleDict, or a slice of one */
    VALUE_METHOD,   /* a method of self */
    VALUE_FUNCTION, /* a nested def or a lambda with its frame */
    VALUE_GLOBAL    /* a name that is not local, or an attribute of one (torch.where) */
};

struct frame;

/* Immutable once made; lives in the scratch arena (or is one of the constants below). */
struct value {
    uint8_t kind;
    uint8_t taint;
    bool opaque; /* MODULE: it cannot be told whether it is a module, or what calling it does */
    bool dotted; /* GLOBAL: reached through an attribute */
    uint32_t count;
    uint32_t at; /* MODULE with TAINT_CHOICE: where it is picked */
    int64_t number;
    const struct value *const *items;
    const struct value *element;
    struct text text;  /* STRING: itself; GLOBAL: (last) name; MODULE, CONTAINER: the attribute of self */
    struct text shown; /* MODULE, CONTAINER: as code, "self.experts[i]" */
    struct python_file *file; /* of `at`; METHOD, FUNCTION, GLOBAL: of the definition or use */
    struct routing_method method;
    struct frame *frame;
};

extern const struct value value_clean, value_tensor, value_none, value_true, value_false, value_self;

/* One activation of a function. */
struct frame {
    struct python_file *file;
    uint32_t function;
    uint32_t depth;       /* position in the MRO, for super() */
    struct frame *parent; /* lexical: the function around a nested one */
    struct frame *caller;
    const struct value **slots;
    uint32_t slot_count;
    const struct value *result; /* joined values of its returns, NULL before the first */
    const struct value *yielded;
    uint32_t data_control;      /* data-dependent branches and loops around, inside this function */
};

enum strength { STRENGTH_NONE, STRENGTH_DOUBT, STRENGTH_DATA };
enum reason_kind { REASON_BRANCH, REASON_LOOP, REASON_WHILE, REASON_LEAVE, REASON_INDEX };

struct reason {
    uint8_t strength; /* enum strength */
    uint8_t kind;     /* enum reason_kind */
    struct python_file *file;
    uint32_t at;
    struct text code;
};

/* A call of a child. */
struct event {
    struct text child, shown;
    struct python_file *file;
    uint32_t at;
    bool opaque; /* perhaps no call of a child */
    struct reason reason;
};

enum exits { EXIT_RETURN = 1, EXIT_BREAK = 2, EXIT_CONTINUE = 4 };

/* How control leaves statements. */
struct flow {
    bool ends;     /* never falls through */
    unsigned may;  /* exits on some path */
    unsigned data; /* exits that depend on data */
    struct reason reason;
};

struct self_attribute {
    struct text name;
    const struct value *value;
};

struct routing_state {
    const struct routing_host *host;
    struct arena *scratch;
    struct frame *frame;
    struct event *events;
    size_t event_count, event_capacity;
    struct self_attribute *attributes; /* assigned to self in forward */
    size_t attribute_count, attribute_capacity;
    uint32_t silent; /* first passes over loops record nothing */
    uint32_t depth, calls, data_control; /* data_control: over all frames */
    size_t steps;
    struct text stopped; /* why the analysis gave up, "" while it has not */
    struct python_file *stopped_file;
    uint32_t stopped_at;
};

/* An evaluated argument of a call. */
struct argument {
    struct text name; /* "" for a positional one */
    bool star, double_star;
    const struct value *value;
};
struct arguments {
    struct argument *items;
    uint32_t count;
};

/* A condition: `truth` is what it always is, else how much it depends on data. */
struct condition {
    uint8_t truth;    /* enum routing_truth */
    uint8_t strength; /* enum strength */
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
void routing_record(struct routing_state *state, const struct value *module, uint32_t at, bool opaque);
void routing_mark(struct routing_state *state, size_t from, size_t to, const struct reason *reason);
/* The same for two alternatives [from, middle) and [middle, end): what is called in both does not depend on the reason. */
void routing_mark_alternatives(struct routing_state *state, size_t from, size_t middle, size_t end,
                               const struct reason *reason);

/* routing_value.c */
const struct value *value_with_taint(struct routing_state *state, const struct value *value, unsigned taint);
const struct value *value_plain(struct routing_state *state, unsigned taint);
const struct value *value_tuple(struct routing_state *state, const struct value *const *items, uint32_t count);
const struct value *value_sequence(struct routing_state *state, const struct value *element, unsigned taint);
const struct value *value_module(struct routing_state *state, enum value_kind kind, struct text child, struct text shown);
const struct value *value_global(struct routing_state *state, struct python_file *file, struct text name, bool dotted);
unsigned taint_join(unsigned a, unsigned b);
unsigned value_flat_taint(const struct value *value); /* of everything in it */
enum strength taint_strength(unsigned taint, unsigned mask);
/* Joins what two paths leave; `data` when the data decides which path. Either may be NULL (unbound). */
const struct value *value_join(struct routing_state *state, const struct value *a, const struct value *b, bool data);
const struct value *value_item(struct routing_state *state, const struct value *value); /* what iterating gives */
unsigned value_length_taint(const struct value *value); /* taint that makes a loop over it data-dependent */
struct condition value_truth(const struct value *value);
bool value_holds_module(const struct value *value);

/* routing_words.c */
struct text routing_code(struct routing_state *state, const struct python_file *file, uint32_t node);
struct text routing_words(struct arena *arena, const struct event *event);

/* routing_expression.c */
const struct value *routing_evaluate(struct routing_state *state, uint32_t node);
struct condition routing_condition(struct routing_state *state, uint32_t node, const struct value **value);
const struct value *routing_attribute(struct routing_state *state, const struct value *object, struct text name,
                                      uint32_t at);
const struct value *routing_item_at(struct routing_state *state, const struct value *object, const struct value *index,
                                    struct text shown, uint32_t at);
const struct value **routing_save(struct routing_state *state, uint32_t at); /* a copy of the frame's slots */
void routing_restore(struct routing_state *state, const struct value *const *slots);
void routing_join_slots(struct routing_state *state, const struct value *const *slots, bool data, uint32_t at);
void routing_enter_data(struct routing_state *state);
void routing_leave_data(struct routing_state *state);

/* routing_call.c */
const struct value *routing_call(struct routing_state *state, uint32_t node);
const struct value *routing_inline(struct routing_state *state, const struct routing_method *method,
                                   struct frame *parent, const struct value *self, const struct arguments *arguments,
                                   uint32_t at);

/* routing_operation.c: what known functions and tensor methods do to taint */
const struct value *routing_operation(struct routing_state *state, struct text name, const struct value *receiver,
                                      const struct arguments *arguments);
bool routing_is_tensor_method(struct text name);
bool routing_is_metadata(struct text name);

/* routing_walk.c */
struct flow routing_walk(struct routing_state *state, uint32_t list);
void routing_bind(struct routing_state *state, uint32_t target, const struct value *value);
void routing_assign_back(struct routing_state *state, uint32_t target, const struct value *value);

#endif
