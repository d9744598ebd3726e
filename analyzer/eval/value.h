/*
 * What Python values are here.
 *
 * A struct value is small and copied freely.  What it points to lives in one of the evaluator's two heaps (eval.h) and is
 * never freed by itself.  Strings are interned: equal strings are the same pointer.  Two kinds are not Python's:
 *
 *   VALUE_RAISED   an exception is on its way (eval.raised holds it); every caller passes it on or handles it
 *   VALUE_UNKNOWN  cannot tell, with the reason and the place; every operation on it gives Unknown again
 *
 * Everything that can be written to starts with a struct cell, so that writes can be undone: see transaction.h.
 */
#ifndef EVAL_VALUE_H
#define EVAL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "syntax/python.h"

struct eval;
struct arguments;

enum value_kind {
    VALUE_RAISED,
    VALUE_UNBOUND, /* no value: an empty slot, a deleted entry */
    VALUE_UNKNOWN,
    VALUE_NONE,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_STR,
    VALUE_ELLIPSIS,
    VALUE_NOT_IMPLEMENTED,
    VALUE_TUPLE,
    VALUE_LIST,
    VALUE_DICT,
    VALUE_SET, /* also frozenset */
    VALUE_RANGE,
    VALUE_SLICE,
    VALUE_ITERATOR,
    VALUE_CLASS,
    VALUE_INSTANCE,
    VALUE_FUNCTION,
    VALUE_BOUND, /* a method with its self */
    VALUE_NATIVE,
    VALUE_PROPERTY,
    VALUE_STATIC_METHOD,
    VALUE_CLASS_METHOD,
    VALUE_SUPER,
    VALUE_NAMESPACE, /* a Python module */
    VALUE_TENSOR,
    VALUE_LAZY, /* a class member that has not been parsed yet; only in dicts of class attributes */
};

struct str {
    uint32_t length, hash;
    char bytes[]; /* NUL-terminated */
};

struct value {
    uint8_t kind; /* enum value_kind */
    bool plain;   /* UNKNOWN: certainly no module, parameter or class, but text, a number, what a tensor holds */
    uint32_t given; /* values of config.json that flowed into it (evidence.h); 0: none that is known */
    union {
        bool truth;
        int64_t integer;
        double real;
        struct str *str;
        struct reason *reason;
        struct list *list;   /* LIST, TUPLE */
        struct dict *dict;   /* DICT, SET (keys only) */
        struct range *range;
        struct slice *slice;
        struct iterator *iterator;
        struct class *class_;
        struct instance *instance;
        struct function *function;
        struct bound *bound;
        const struct native *native;
        struct property *property;
        struct wrapper *wrapper; /* STATIC_METHOD, CLASS_METHOD */
        struct super *super;
        struct namespace *namespace;
        struct tensor *tensor;
        struct lazy *lazy;
        struct cell *cell;
        void *pointer;
    };
};

/* Header of everything that can be written to. */
enum cell_kind { CELL_LIST, CELL_DICT, CELL_FRAME, CELL_INSTANCE, CELL_ITERATOR, CELL_TENSOR };
struct cell {
    uint8_t cell_kind;
    bool imported;  /* lives in the import-time heap */
    uint32_t epoch; /* transaction in which it was made or last saved */
};

/* Why something cannot be told. */
struct reason {
    struct text words;
    struct unit *unit; /* NULL: no place */
    uint32_t at;
    struct alias *aliases; /* what the value may be: a write through it may be a write to any of these */
};
struct alias {
    struct alias *next;
    struct value value;
};

struct list { /* list and tuple */
    struct cell cell;
    uint32_t count, capacity;
    struct value *items;
    struct reason *open; /* may hold other items than these */
};

struct dict_entry {
    struct value key, value; /* key UNBOUND: deleted */
    uint32_t hash;
};
struct dict { /* dict, set, frozenset and every __dict__; insertion order */
    struct cell cell;
    bool frozen;
    uint32_t used;     /* entries in `entries`, deleted ones included */
    uint32_t count;    /* live entries */
    uint32_t capacity;
    uint32_t index_size; /* power of two; 0 while small: linear search */
    bool of_class;       /* attributes of a class: a change empties the attribute cache */
    bool of_module;      /* names of a module: a change empties the cache of names */
    struct dict_entry *entries;
    uint32_t *index; /* entry number + 1 */
    struct reason *open;
};

struct range {
    int64_t start, stop, step;
};
struct slice {
    struct value start, stop, step;
};

struct iterator { /* over a list that was made or is walked over; zip, map and generators are run at once into one */
    struct cell cell;
    struct list *list;
    uint32_t next;
    struct value returned; /* of a generator: what `yield from` gives; UNBOUND: None */
    struct walk_origin *walk; /* it walks over modules (eval/live_walk.h); NULL: it does not */
};

/* What named_modules(), modules(), named_children() or children() was asked for. */
struct walk_origin {
    struct instance *root;
    struct value prefix;
    bool flat;   /* children only */
    bool named;  /* (name, module) instead of the module */
    bool unique; /* each module once */
};

enum class_layout { LAYOUT_OBJECT, LAYOUT_DICT, LAYOUT_LIST, LAYOUT_TUPLE, LAYOUT_SET, LAYOUT_STR, LAYOUT_INT, LAYOUT_FLOAT };

typedef struct value (*native_call)(struct eval *ev, const struct arguments *arguments);

struct class {
    struct str *name, *qualname;
    struct str *module; /* "torch.nn.modules.linear" */
    struct dict *attributes;
    struct list *bases; /* classes */
    struct class **mro; /* itself first */
    uint32_t mro_count;
    uint8_t layout; /* enum class_layout: what `payload` of its instances is */
    bool is_module;    /* torch.nn.Module or below */
    bool is_exception;
    bool is_builtin;   /* made by C: its `construct` makes values that are not instances */
    bool has_getattribute, has_getattr, has_setattr, has_delattr; /* defined in Python somewhere in the MRO */
    struct reason *open; /* a base, its own or inherited, could not be told */
    bool open_here;      /* one of its own bases */
    bool is_concrete;    /* it was found to have no abstract methods */
    struct class *meta;  /* metaclass when it is not `type` */
    native_call construct; /* builtin types: what calling the class does */
    struct unit *unit;  /* where it is defined; NULL for builtins */
    uint32_t at;
};

/* NULL: nothing was put in so far, as in most modules.  Read through dict_or_empty(), written to through module_table(). */
struct module_tables {
    struct cell made; /* the header that a table gets when it is made: as if it were there from the beginning */
    struct dict *parameters, *buffers, *modules;
};

struct instance {
    struct cell cell; /* guards `open` and `tables` */
    struct class *class_;
    struct dict *attributes;
    struct value payload; /* for subclasses of dict, list, str, ...; exceptions: the args tuple */
    struct module_tables *tables; /* modules after Module.__init__ */
    struct reason *open; /* attributes or children may differ from what is here */
    struct unit *made_unit; /* modules: the statement that made it */
    uint32_t made_at;
    uint32_t made_calls; /* where evidence is kept: the chain of calls in which it was made */
    uint32_t walked; /* modules: number of the last walk that met it (torch/module_walk.c); says nothing to Python */
};

struct function {
    struct unit *unit;
    uint32_t function; /* number in ast.functions, after function_prepare() */
    uint32_t piece;    /* a module's def that was not parsed yet: its piece + 1 */
    struct reason *broken; /* it could not be parsed */
    struct str *name, *qualname;
    struct frame *closure; /* NULL at module level */
    struct namespace *globals;
    struct class *owner;   /* class whose body holds it: for super() */
    struct value *defaults; /* one per parameter, UNBOUND without; NULL when it has none */
    struct dict *attributes; /* function attributes, NULL without */
    bool is_static; /* __new__: not bound */
    uint8_t passing; /* enum passing: is it a __getattribute__ that only passes on? (getattribute.c) */
    uint32_t passing_name; /* the map's or the guard's, a string of the file */
};
enum passing { PASSING_UNSEEN, PASSING_NOT, PASSING_RENAMES, PASSING_GUARDS };

struct bound {
    struct value self, function;
};

struct native {
    const char *name;
    native_call call;
    const void *data;
};

struct property {
    struct value getter, setter, deleter;
    bool cached; /* functools.cached_property */
};
struct wrapper {
    struct value function;
};
struct super {
    struct class *after;
    struct value self; /* instance or class */
};

struct lazy {
    struct unit *unit;
    uint32_t piece;
    struct class *owner;
    struct value previous; /* what the name was bound to before, UNBOUND for nothing */
    struct value made;     /* once it was realised; UNBOUND before */
};

struct tensor {
    struct cell cell;
    struct class *class_; /* torch.Tensor, Parameter, Buffer, ... */
    bool shape_known;
    uint8_t dims;
    int64_t *shape;
    double *numbers;       /* NULL: values not known; read them through torch/tensor_numbers.h */
    double *errors;        /* how far torch's may be from them; NULL: they are torch's */
    struct tensor *base;   /* whose memory this one shares; NULL: its own */
    uint32_t written;      /* how often that memory was written to; of a tensor with a base, when it was made */
    bool whole;            /* the numbers are ints (or bools) */
    struct value dtype;    /* UNBOUND: torch's default */
    struct dict *attributes; /* set from outside, NULL without */
};

/* A source file as the evaluator sees it. */
struct unit {
    struct unit *next; /* of all units of the run, also those of imports that failed */
    struct python_file *file;
    struct namespace *namespace;
    struct text shown;     /* path relative to its sources folder; "" for facts */
    bool is_fact;
    struct str **symbols;  /* by string number of the file's ast; NULL: not interned yet */
    size_t symbol_count;
    struct piece_run *runs; /* per top-level piece */
    struct dict *events;    /* name -> list of the pieces that bind it or change what it holds, in order */
    uint32_t *blocks;       /* pieces that may bind names when parsed: blocks and star imports */
    uint32_t block_count;
    bool stars_run;         /* the star imports among them were run */
    bool broken;            /* a piece of it could not be parsed: a name that is not found may be there */
    bool annotates;         /* annotations at its top level are evaluated, to see whether they raise */
    bool type_checking;     /* what TYPE_CHECKING is in this file */
};

struct arguments {
    const struct value *items;
    uint32_t count;
    struct str *const *names; /* keywords */
    const struct value *named;
    uint32_t named_count;
};

/* Names of a `global` statement: a list in the file's ast. */
struct declared {
    struct declared *next;
    uint32_t list;
};

/* A comprehension that runs.  Functions that are made in it keep its variables after its end: in a frame of its own. */
struct comprehension_scope {
    struct comprehension_scope *outer;
    struct frame *frame; /* NULL while no function was made */
};

/* Variables of one running unit of code. */
enum frame_kind { FRAME_FUNCTION, FRAME_CLASS, FRAME_MODULE };
struct frame {
    struct cell cell;
    uint8_t frame_kind;
    struct maybe *maybe; /* innermost open one: what runs now may not run (transaction.h) */
    struct frame *parent; /* closure */
    struct unit *unit;
    struct namespace *globals;
    struct dict *names;      /* FRAME_CLASS: the class's attributes in the making */
    struct class *owner;     /* class of the method that runs, for super() */
    struct value result;     /* of return */
    struct list *yielded;    /* generators: what they gave */
    struct declared *declared; /* by `global`, NULL without */
    struct comprehension_scope *comprehension; /* innermost one that runs, NULL without */
    uint32_t first_local;    /* names of slots, in ast.locals */
    uint32_t slot_count;
    struct value *slots;
};

static inline struct value value_none(void) { return (struct value){.kind = VALUE_NONE}; }
static inline struct value value_raised(void) { return (struct value){.kind = VALUE_RAISED}; }
static inline struct value value_unbound(void) { return (struct value){.kind = VALUE_UNBOUND}; }
static inline struct value value_bool(bool truth) { return (struct value){.kind = VALUE_BOOL, .truth = truth}; }
static inline struct value value_int(int64_t integer) { return (struct value){.kind = VALUE_INT, .integer = integer}; }
static inline struct value value_float(double real) { return (struct value){.kind = VALUE_FLOAT, .real = real}; }
static inline struct value value_str(struct str *str) { return (struct value){.kind = VALUE_STR, .str = str}; }
static inline struct value value_of(enum value_kind kind, void *pointer)
{
    return (struct value){.kind = (uint8_t)kind, .pointer = pointer};
}
static inline bool is_raised(struct value value) { return value.kind == VALUE_RAISED; }
static inline bool is_unknown(struct value value) { return value.kind == VALUE_UNKNOWN; }
static inline struct text str_text(const struct str *str) { return (struct text){str->bytes, str->length}; }

#endif
