/*
 * The evaluator: Python constructors, run over the values of value.h, never over the real thing.
 *
 * Two heaps.  What importing makes (classes, tables such as CONFIG_MAPPING) lives in `run` and stays for all models of a
 * run; what building one model makes lives in `model` and is dropped after it.  While a model is built, writing to
 * something of the import-time heap first saves it (transaction.h) and the end of the model restores it, so the order of
 * models cannot matter.
 *
 * Errors: a function that gives a struct value gives VALUE_RAISED when a Python exception is on its way; a function that
 * gives bool gives false then.  When a bound of limits.h is reached, `stopped` is set and VALUE_RAISED is passed up through
 * everything: no Python handler sees it, and the caller of the evaluator says "cannot tell" with that reason.
 */
#ifndef EVAL_EVAL_H
#define EVAL_EVAL_H

#include "base/arena.h"
#include "base/limits.h"
#include "eval/value.h"

/* What importing a module that leaflint knows nothing of comes to. */
enum import_outcome {
    IMPORT_CANNOT_TELL,
    IMPORT_FAILS,         /* with ModuleNotFoundError */
    IMPORT_TAKEN_TO_FAIL, /* the same, but that the package is not there is only likely */
    IMPORT_WORKS,
};

/* Where Python modules come from; declared here, given by hub/. */
struct found_module {
    struct python_file *fact; /* leaflint's own facts under this name, or NULL */
    struct python_file *file; /* the source file, or NULL; the importer owns both */
    bool is_package;
    bool is_custom;           /* code that is not known to fit the rest: run as a whole when it is imported, as Python does */
    struct text shown;        /* path of `file` for people */
    struct text trouble;      /* the file is there but cannot be read: why (then file is NULL) */
    bool unread;              /* the file is there, under a fact that may say enough: importer.read gets it */
};
struct importer {
    void *context;
    /* Module by dotted name; false when there is none. */
    bool (*find)(void *context, struct text dotted, struct found_module *found);
    /* Reads what was left unread: sets file or trouble. */
    void (*read)(void *context, struct text dotted, struct found_module *found);
    /* Dotted name of the module that defines NAME for `from PACKAGE import NAME` in a lazy package; false when none does. */
    bool (*find_symbol)(void *context, struct text package, struct text name, struct text *dotted);
    /* For a module that find() does not have, or of which nothing is needed but that it is there. */
    enum import_outcome (*outcome)(void *context, struct text dotted);
    /* 1 there, 0 absent, -1 cannot tell. */
    int (*package_available)(void *context, struct text package);
};

/* The environment of the model, an input. */
struct environment {
    struct text attn;                 /* "" : not given */
    struct text torch_version;        /* "2.13.0" */
    struct text transformers_version; /* "" : cannot tell */
    bool quantizing; /* weights are quantized at load: there is a GPU, and so are the packages that do it */
};

/* What torch.nn.Module does instead of object; given by torch/. */
struct module_protocol {
    struct value (*get)(struct eval *ev, struct instance *instance, struct str *name); /* UNBOUND when not in the tables */
    bool (*set)(struct eval *ev, struct instance *instance, struct str *name, struct value value);
    bool (*delete_)(struct eval *ev, struct instance *instance, struct str *name);
};

struct types; /* the builtin classes, types.h */

/* Operators with a tensor operand, given by torch/.  All else that is asked of a tensor (len, [], bool, iterating) goes
 * through the natives of its class. */
struct tensor_hooks {
    struct value (*binary)(struct eval *ev, enum ast_operator op, struct value left, struct value right);
    struct value (*unary)(struct eval *ev, enum ast_operator op, struct value operand);
    struct value (*compare)(struct eval *ev, enum ast_operator op, struct value left, struct value right);
    /* An attribute that its class does not have in C; UNBOUND when tensors have no such. */
    struct value (*attribute)(struct eval *ev, struct value tensor, struct str *name);
};

struct transaction;

/* Python functions that run, from the inside out. */
struct running_call {
    const struct function *function;
    uint32_t ways; /* undecided ways around it when it was called */
    uint32_t calls; /* where evidence is kept: the chain of calls that it is in */
    struct running_call *outer;
};

struct eval {
    struct arena run, model;
    struct arena scratch; /* frames and arguments of running calls */
    size_t run_limit;      /* bytes that `run` may grow to while this model is built */
    size_t model_limit;    /* bytes that `model` and `scratch` may each grow to */
    bool importing;       /* allocate in `run`, and do not save imported things before writing */
    struct importer importer;
    struct environment environment;
    struct types *types;
    const struct module_protocol *module_protocol; /* NULL before torch/ is set up */
    const struct tensor_hooks *tensor_hooks;       /* NULL: such operations are Unknown */

    struct str **strings; /* interner */
    size_t string_count, string_table_size;
    struct dict *modules; /* dotted name -> namespace */
    struct unit *units;
    struct python_file **snippets; /* texts that were evaluated: annotations */
    size_t snippet_count, snippet_capacity;
    struct namespace *builtins;
    uint32_t imported_files; /* by this model: what others imported before it does not count */

    uint64_t steps, step_limit;
    uint32_t table_items; /* numbers that comprehensions over long lists of numbers gave, so far */
    uint32_t call_depth, expression_depth;
    struct reason *stopped; /* a bound was reached */
    struct reason *missing; /* why it cannot be told whether the model raises ImportError; NULL: it can */

    struct value raised; /* exception instance on its way */
    struct unit *raised_unit;
    uint32_t raised_at;
    struct value handling; /* exception that the running handler handles: for a bare raise */

    struct unit *unit; /* where evaluation is now: for reasons and evidence */
    uint32_t at;
    struct unit *outside_unit; /* where the sources last called into leaflint's own facts */
    uint32_t outside_at;

    uint32_t epoch; /* number of the newest transaction */
    struct transaction *transaction;
    struct import_state *suspended; /* transactions that importing has stepped out of */
    uint32_t known_modules; /* walks over modules leave out what cannot be told (torch/module_walk.c) */
    uint32_t walks;         /* walks over modules so far */
    uint32_t ways;    /* undecided branches and loops around what runs now */
    struct class *making; /* class whose metaclass's __new__ runs */
    struct running_call *running; /* innermost Python function that runs */
    uint32_t weakened, aliases_added; /* what was known and no longer is, so far; things that Unknowns were found to be */
    uint32_t guesses; /* operations whose outcome could not be told, so far (a try statement watches it) */
    struct evidence *evidence; /* NULL: nobody asks what came from where (evidence.h) */
    uint32_t next_given;       /* first number of the next evidence */
    struct attribute_cache_entry *attribute_cache;
    uint32_t attribute_version;
    struct name_cache_entry *name_cache; /* global_names.c */
    uint32_t names_version;
};

void eval_init(struct eval *ev, const struct importer *importer, const struct environment *environment);
void eval_free(struct eval *ev);

/* Around one model: what it writes to imported things is undone at the end, and the model heap is emptied. */
void eval_begin_model(struct eval *ev);
void eval_end_model(struct eval *ev);

/* Heap of new things. */
static inline struct arena *eval_heap(struct eval *ev)
{
    return ev->importing ? &ev->run : &ev->model;
}

/* Strings. */
struct str *eval_intern(struct eval *ev, struct text text);
struct value eval_text(struct eval *ev, struct text text);
struct value eval_format(struct eval *ev, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str *unit_symbol_make(struct eval *ev, struct unit *unit, uint32_t string); /* for unit_symbol() only */
static inline struct str *unit_symbol(struct eval *ev, struct unit *unit, uint32_t string)
{
    bool known = string < unit->symbol_count && unit->symbols[string];
    return known ? unit->symbols[string] : unit_symbol_make(ev, unit, string);
}

/* Where evaluation is, as a place in the sources: inside a fact, where that was called. */
static inline struct unit *eval_place(const struct eval *ev, uint32_t *at)
{
    bool inside = ev->unit && ev->unit->is_fact && ev->outside_unit;
    *at = inside ? ev->outside_at : ev->at;
    return inside ? ev->outside_unit : ev->unit;
}

/* Unknown, raising, stopping. */
struct value eval_unknown(struct eval *ev, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for what is certainly no module, parameter or class. */
struct value eval_unknown_plain(struct eval *ev, const char *words);
struct reason *eval_reason(struct eval *ev, struct text words);
struct value eval_raise(struct eval *ev, struct class *type, const char *format, ...) __attribute__((format(printf, 3, 4)));
struct value eval_raise_value(struct eval *ev, struct value exception);
struct value eval_stop(struct eval *ev, const char *words);
static inline struct value unknown_from(struct reason *reason)
{
    return (struct value){.kind = VALUE_UNKNOWN, .reason = reason};
}

/* Making values. */
struct list *list_new(struct eval *ev, uint32_t capacity);
struct dict *dict_new(struct eval *ev);
struct value tuple_of(struct eval *ev, const struct value *items, uint32_t count);
struct instance *instance_new(struct eval *ev, struct class *class_);
struct module_tables *module_tables_new(struct eval *ev);
struct dict *module_table(struct eval *ev, const struct module_tables *tables, struct dict **table); /* `table` is one of these */
struct class *class_new(struct eval *ev, struct str *name, struct str *module, struct class *const *bases, uint32_t base_count);
bool class_set_mro(struct eval *ev, struct class *class_); /* false: raised (no consistent order) or stopped */

/* Lists and dicts (list.c, dict.c): every write goes through these. */
bool list_append(struct eval *ev, struct list *list, struct value item);
bool list_insert(struct eval *ev, struct list *list, uint32_t at, struct value item);
void list_remove(struct eval *ev, struct list *list, uint32_t at, uint32_t count);
void list_set(struct eval *ev, struct list *list, uint32_t at, struct value item);
void list_clear(struct eval *ev, struct list *list);
bool list_extend(struct eval *ev, struct list *list, const struct list *more);

struct value dict_get(const struct dict *dict, struct value key); /* UNBOUND when not there; key must be hashable */
struct value dict_get_str(const struct dict *dict, const struct str *key);
extern const struct dict empty_dict;
static inline const struct dict *dict_or_empty(const struct dict *dict)
{
    return dict ? dict : &empty_dict;
}
bool dict_set(struct eval *ev, struct dict *dict, struct value key, struct value value);
bool dict_set_str(struct eval *ev, struct dict *dict, struct str *key, struct value value);
bool dict_delete(struct eval *ev, struct dict *dict, struct value key); /* false: it was not there */
void dict_clear(struct eval *ev, struct dict *dict);
/* Live entries in order: for (i = 0; (e = dict_next(d, &i));) */
struct dict_entry *dict_next(const struct dict *dict, uint32_t *position);
bool value_is_hashable(struct value value);
/* Equality without calling Python code: identity and builtin values; instances by identity. */
bool value_same(struct value a, struct value b);
uint32_t value_hash(struct value value);

/* Views of values that subclasses of builtin types share with them; NULL when it is not one. */
struct dict *value_dict(struct value value);
struct dict *value_set(struct value value);
struct list *value_list(struct value value);  /* lists only */
struct list *value_items(struct value value); /* lists and tuples */
struct str *value_string(struct value value);
bool value_integer(struct value value, int64_t *integer); /* int and bool */

/* Operations of Python. */
struct class *value_class(struct eval *ev, struct value value);
bool class_is_subclass(const struct class *class_, const struct class *base);
struct value get_attribute(struct eval *ev, struct value object, struct str *name);
/* UNBOUND instead of an AttributeError. */
struct value find_attribute(struct eval *ev, struct value object, struct str *name);
/* For a method that is called right away: its function, and in *self what comes before the other arguments, so that no bound
 * method is made.  UNBOUND: something else; look it up as an attribute. */
struct value get_method(struct eval *ev, struct value object, struct str *name, struct value *self);
bool set_attribute(struct eval *ev, struct value object, struct str *name, struct value value);
bool delete_attribute(struct eval *ev, struct value object, struct str *name);
/* In the MRO, realised; UNBOUND when not there. */
struct value class_find(struct eval *ev, struct class *class_, struct str *name);
/* In the MRO after a class of it, as super() looks. */
struct value class_find_above(struct eval *ev, struct class *class_, const struct class *after, struct str *name);
struct value class_find_after(struct eval *ev, struct class *class_, const struct class *after, struct str *name, struct class **where);
/* object.__setattr__ and object.__getattribute__, without what Python code overrides. */
struct value instance_get_plain(struct eval *ev, struct instance *instance, struct str *name);
struct value instance_find_plain(struct eval *ev, struct instance *instance, struct str *name); /* UNBOUND when not there */
/* What the instance's __getattribute__ in Python gives, where that can be told without running it; else UNBOUND. */
struct value getattribute_pass(struct eval *ev, struct instance *instance, struct str *name);
bool instance_set_plain(struct eval *ev, struct instance *instance, struct str *name, struct value value);
bool instance_delete_plain(struct eval *ev, struct instance *instance, struct str *name);
struct value super_get(struct eval *ev, struct super *super, struct str *name); /* UNBOUND when not there */
struct value value_bind(struct eval *ev, struct value attribute, struct value self, struct class *class_);

struct value call(struct eval *ev, struct value callee, const struct arguments *arguments);
struct value call_values(struct eval *ev, struct value callee, const struct value *items, uint32_t count);
struct value call_method(struct eval *ev, struct value object, const char *name, const struct value *items, uint32_t count);
struct value call_function(struct eval *ev, struct function *function, const struct arguments *arguments);
struct value call_class(struct eval *ev, struct class *class_, const struct arguments *arguments);
/* A frame with the arguments bound, to run the body in; lasting.  NULL: TypeError raised. */
struct frame *function_frame(struct eval *ev, struct function *function, const struct arguments *arguments);
struct value class_instantiate(struct eval *ev, struct class *class_, const struct arguments *arguments); /* type.__call__ */

/* 1 true, 0 false, -1 cannot tell, -2 raised. */
int value_truth(struct eval *ev, struct value value);
struct value compare(struct eval *ev, enum ast_operator op, struct value left, struct value right);
struct value binary(struct eval *ev, enum ast_operator op, struct value left, struct value right);
struct value unary(struct eval *ev, enum ast_operator op, struct value operand);
/* 1, 0, -1, -2 as value_truth. */
int values_equal(struct eval *ev, struct value left, struct value right);
struct value get_item(struct eval *ev, struct value object, struct value index);
bool set_item(struct eval *ev, struct value object, struct value index, struct value value);
bool delete_item(struct eval *ev, struct value object, struct value index);
/* Everything that iterating gives, as a new list; NULL with *outcome Unknown or RAISED when that cannot be. */
struct list *iterate(struct eval *ev, struct value iterable, struct value *outcome);
struct value value_length(struct eval *ev, struct value value);
struct value value_to_str(struct eval *ev, struct value value);  /* str(value) */
struct value value_to_repr(struct eval *ev, struct value value); /* repr(value) */
/* isinstance: 1, 0, -1, -2. */
int value_is_instance(struct eval *ev, struct value value, struct value type);
/* A value that code which cannot be followed was given: what it holds, and what it may be, may have changed. */
void expose(struct eval *ev, struct value value, struct reason *reason);
/* A value that code which can be followed writes to, or deletes from, where it cannot be told which of them it is, or under
 * which name: nothing of that name (NULL: of any name) is known to be there any more.  The value is exposed too. */
void blur(struct eval *ev, struct value value, struct str *name, struct reason *reason);
/* Does a method of this name remove or replace what is there? */
bool method_removes(struct text name);

/* Running code (statement.c, expression.c, class.c). */
enum flow { FLOW_NEXT, FLOW_RETURN, FLOW_BREAK, FLOW_CONTINUE, FLOW_RAISE };
struct value eval_expression(struct eval *ev, struct frame *frame, uint32_t node);
enum flow run_statement(struct eval *ev, struct frame *frame, uint32_t node);
enum flow run_block(struct eval *ev, struct frame *frame, uint32_t list);
bool assign_target(struct eval *ev, struct frame *frame, uint32_t target, struct value value);
/* Did a `global` statement of the running function name it? */
bool is_declared_global(const struct frame *frame, uint32_t string);
struct value make_class(struct eval *ev, struct frame *frame, uint32_t class_number, uint32_t node);
struct value make_function(struct eval *ev, struct frame *frame, uint32_t function_number, struct class *owner);
/* A class member that was not parsed yet: parses, decorates and stores it. */
struct value realise(struct eval *ev, struct str *name, struct lazy *lazy);
/* Attributes of a class as a dict of its own; members that were not parsed yet are still LAZY in it, and whatever reads a
 * dict for Python realises them (member_value in values.h).  NULL: stopped. */
struct dict *class_attributes(struct eval *ev, struct class *class_);
/* May it be instantiated?  False: TypeError raised, for it has abstract methods. */
bool class_is_concrete(struct eval *ev, struct class *class_);
/* A method that the metaclass defines, bound to the class; UNBOUND without. */
struct value meta_method(struct eval *ev, struct class *class_, struct str *name);
/* A module's own def, to be parsed when it is first called; and that parsing.  False: it is broken (function->broken). */
struct value make_lazy_function(struct eval *ev, struct unit *unit, uint32_t piece);
bool function_prepare(struct eval *ev, struct function *function);
/* What a def in a class body becomes when nothing says otherwise: __new__ is static, __init_subclass__ a class method. */
struct value as_class_member(struct eval *ev, struct str *name, struct value value);
struct value apply_decorators(struct eval *ev, struct frame *frame, uint32_t list, struct value value);
/* Evaluates the annotation where Python does and its unit wants that (unit.annotates); false: a name in it is not bound. */
bool eval_annotation(struct eval *ev, struct frame *frame, uint32_t node);
/* Source text of an annotation node, as a str. */
struct value annotation_text(struct eval *ev, struct unit *unit, uint32_t node);
struct frame *frame_new(struct eval *ev, enum frame_kind kind, struct unit *unit, struct namespace *globals, uint32_t first_local,
                        uint32_t slot_count, bool lasting);

/* Modules (namespace.c). */
struct namespace {
    struct str *name;
    bool is_package;
    struct unit *units[2]; /* facts first, then the source file; NULL without */
    bool is_unread;        /* the source file is read when a name is looked up that the facts do not have */
    struct reason *unreadable; /* it could not be: whatever it binds cannot be told */
    struct dict *names;
    struct dict *resolved; /* names whose statements were run, or are running */
    bool is_running;       /* and they are being run now */
    bool is_whole;         /* its statements are run in order when it is imported; else a name's, when it is looked up */
    struct list *stars;    /* modules whose public names were imported with `*` */
    struct reason *needs;  /* importing it may raise: it needs a package of which it cannot be told whether it is there */
};
struct value import_module(struct eval *ev, struct text dotted); /* the module itself; raised: ModuleNotFoundError */
struct value namespace_get(struct eval *ev, struct namespace *namespace, struct str *name); /* UNBOUND when not there */
struct value global_get(struct eval *ev, struct namespace *namespace, struct str *name); /* the same, and then builtins */
struct dict *names_new(struct eval *ev); /* a dict for a module's names */
/* The same with submodules and what a lazy package exports. */
struct value namespace_find(struct eval *ev, struct namespace *namespace, struct str *name);
struct value import_from(struct eval *ev, struct namespace *namespace, struct str *name);
/* What the module's own file binds to the name, without leaflint's facts; UNBOUND when it does not. */
struct value namespace_source(struct eval *ev, struct namespace *namespace, struct str *name);
/* Does the exception on its way come from the top level of a module that is run name by name?  Python may have met another
 * one before it. */
bool raised_by_lazy_import(const struct eval *ev);
/* Evaluates an expression given as text, in the module's names. */
struct value namespace_evaluate(struct eval *ev, struct namespace *namespace, struct text expression);

/* Helpers for natives. */
/* Logging: does nothing, and its arguments are not even evaluated (eval_call). */
struct value native_ignored(struct eval *ev, const struct arguments *arguments);
struct value native_value(const struct native *native);
/* Binds arguments by name: names is a NULL-terminated list; "x=" marks optional.  Missing optional ones are UNBOUND.
 * False: TypeError raised. */
bool arguments_bind(struct eval *ev, const char *function, const struct arguments *arguments, const char *const *names,
                    struct value *values);

#endif
