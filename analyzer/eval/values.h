/*
 * What the files that implement Python's values share: operators, items, strings, methods, builtins.
 *
 * The rest of the evaluator sees these through eval.h only.
 */
#ifndef EVAL_VALUES_H
#define EVAL_VALUES_H

#include "eval/eval.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* Counts work that is not visible as syntax: one step is about what visiting a node costs.  False: stopped. */
bool work(struct eval *ev, uint64_t steps);
/* Work on items or bytes that are only copied or looked at. */
bool work_items(struct eval *ev, uint64_t count);
bool work_bytes(struct eval *ev, uint64_t count);
/* C recursion over nested values; pairs with leave().  False: stopped. */
bool enter(struct eval *ev);
void leave(struct eval *ev);

/* The outcome of an operation on something Unknown: it may also have raised. */
struct value unknown_operand(struct eval *ev, struct value operand);
struct value unknown_because(struct eval *ev, struct reason *reason);
/* One of these cannot be told which, or something in their place: what is written through it may be written to any. */
struct value unknown_one_of(struct eval *ev, struct reason *reason, const struct value *items, uint32_t count);
struct value unknown_item(struct eval *ev, struct reason *reason, const struct list *list);
struct value unknown_entry(struct eval *ev, struct reason *reason, const struct dict *dict); /* a key or a value */
/* Writes "may hold other things" into a list or dict. */
void list_open(struct eval *ev, struct list *list, struct reason *reason);
void dict_open(struct eval *ev, struct dict *dict, struct reason *reason);
/* Items keep their number, but which they are cannot be told. */
void list_blur(struct eval *ev, struct list *list, struct reason *reason);

/* Is the exception on its way of this type?  Then it is taken off. */
bool take_raised(struct eval *ev, const struct class *type);
struct value raise_value_of(struct eval *ev, struct class *type, struct value argument); /* type(argument) */
const char *type_name(struct eval *ev, struct value value);

/* A method that Python looks up on the type of the value, bound; UNBOUND when there is none.  Only instances and tensors
 * have such: other values are handled where they are met. */
struct value find_special(struct eval *ev, struct value value, struct str *name);
/* Calls it; UNBOUND when there is none. */
struct value call_special(struct eval *ev, struct value value, const char *name, const struct value *items,
                          uint32_t count);
/* Could the class of the value have methods that are not seen? */
struct reason *open_reason(struct value value);
/* The builtin value that an instance of a subclass holds; other values as they are. */
struct value payload_of(struct value value);

/* Can it be a key?  False: TypeError raised.  *reason is set when the key's own __eq__ decides what it equals. */
bool key_check(struct eval *ev, struct value key, struct reason **reason);
/* A value read from a dict: the `__dict__` of a class holds members that were not parsed yet.  RAISED when parsing one stops. */
struct value member_value(struct eval *ev, struct value key, struct value value);
struct value dict_lookup(struct eval *ev, struct dict *dict, struct value key); /* UNBOUND, Unknown, RAISED */
bool dict_store(struct eval *ev, struct dict *dict, struct value key, struct value value);
void dict_discard(struct eval *ev, struct dict *dict, struct value key); /* deletes what dict_lookup() finds */
/* Adds an item of Python to a set: hashable or not, known or not. */
bool set_store(struct eval *ev, struct dict *set, struct value item);
/* Adds what dict() takes: a mapping or pairs. */
bool dict_merge(struct eval *ev, struct dict *dict, struct value more);
/* A new set of everything that iterating gives; NULL: raised. */
struct dict *set_from(struct eval *ev, struct value iterable);

struct value iterator_over(struct eval *ev, struct list *list);
struct value iterator_next(struct eval *ev, struct value iterator); /* UNBOUND at the end */
struct value make_iterator(struct eval *ev, struct value iterable); /* iter(x) */
struct value list_of_copy(struct eval *ev, const struct list *list, uint32_t from, uint32_t count,
                          enum value_kind kind);
int64_t range_length(const struct range *range);
struct value range_of(struct eval *ev, int64_t start, int64_t stop, int64_t step);
/* start, step and number of items of a slice over `length` items.  0 fine, -1 Unknown or RAISED in *outcome. */
int slice_bounds(struct eval *ev, const struct slice *slice, int64_t length, int64_t *start, int64_t *step,
                 int64_t *count, struct value *outcome);
/* An int from a value with __index__.  1 fine, 0 not such a thing, -1 Unknown or RAISED in *outcome. */
int value_index(struct eval *ev, struct value value, int64_t *integer, struct value *outcome);

/* `x in y` as Python's value. */
struct value value_contains(struct eval *ev, struct value container, struct value item);
struct value list_contains(struct eval *ev, const struct list *list, struct value item);
struct value ordered(struct eval *ev, enum ast_operator op, struct value left, struct value right);
struct value number_binary(struct eval *ev, enum ast_operator op, struct value left, struct value right);
struct value number_unary(struct eval *ev, enum ast_operator op, struct value operand);
struct value integer_power_modulo(struct eval *ev, int64_t base, int64_t exponent, int64_t modulus);
struct value set_binary(struct eval *ev, enum ast_operator op, const struct dict *left, const struct dict *right,
                        bool frozen);
int set_relation(enum ast_operator op, const struct dict *left, const struct dict *right);
int compare_int_float(int64_t integer, double real); /* -1, 0, 1; 2 for NaN */
bool is_number(struct value value);
double number_real(struct value value);
struct value truth_value(struct eval *ev, int truth); /* of value_truth: a bool, Unknown or RAISED */
/* The same, where what cannot be told lies in one of two values: the reason is looked for there. */
struct value truth_about(struct eval *ev, int truth, struct value first, struct value second);
/* Sorts in place; false: raised.  Unknown comparisons blur the list. */
bool list_sort(struct eval *ev, struct list *list, struct value key, bool reverse);

/* dict.keys(), values() and items(). */
enum view_kind { VIEW_KEYS, VIEW_VALUES, VIEW_ITEMS };
struct value view_new(struct eval *ev, enum view_kind kind, struct dict *dict);
/* The dict that is viewed, or NULL. */
struct dict *view_dict(struct eval *ev, struct value value, enum view_kind *kind);
struct list *dict_snapshot(struct eval *ev, const struct dict *dict, enum view_kind kind);
void dict_views_init(struct eval *ev);
void set_methods_init(struct eval *ev);
void dict_methods_init(struct eval *ev);
void list_methods_init(struct eval *ev);
void str_split_init(struct eval *ev);

/* Text. */
bool text_is_ascii(struct text text);
size_t text_characters(struct text text);                  /* number of code points */
size_t text_offset(struct text text, size_t character);    /* byte where a code point starts */
size_t text_character_size(struct text text, size_t at);   /* bytes of the code point at byte `at` */
struct value text_list(struct eval *ev, struct text text); /* a list of its characters */
#define TEXT_NOT_FOUND SIZE_MAX
size_t text_find(struct text text, struct text part, size_t from); /* first place at or after byte `from` */
size_t text_find_last(struct text text, struct text part,
                      size_t before); /* last place that ends at or before byte `before` */
void float_repr(double real, char buffer[32]);
/* object.__repr__ and object.__str__: what Python code overrides is not asked. */
struct value plain_repr(struct eval *ev, struct value value);
struct value plain_str(struct eval *ev, struct value value);
struct value format_value(struct eval *ev, struct value value, struct text spec); /* format(value, spec) */
struct value percent_format(struct eval *ev, struct str *format, struct value arguments);
struct value str_format_call(struct eval *ev, struct text format, const struct arguments *arguments);
void add_repr_of_text(struct text_builder *builder, struct text text);
struct value parse_integer(struct eval *ev, struct text text, int64_t base); /* int(str, base) */
struct value parse_float(struct eval *ev, struct text text);
struct value integer_from(struct eval *ev, struct value value); /* int(value) */
struct value float_from(struct eval *ev, struct value value);   /* float(value) */
struct value round_value(struct eval *ev, struct value number, struct value digits);
struct value integer_from_real(struct eval *ev, double real); /* truncates */

/* Constructors of builtin types, and what object_methods.c and native_support.c share. */
struct value native_class_method(struct eval *ev, const struct native *native);
struct value native_static_method(struct eval *ev, const struct native *native);
struct value native_property(struct eval *ev, const struct native *getter, const struct native *setter);
bool argument_count(struct eval *ev, const char *function, const struct arguments *arguments, uint32_t least,
                    uint32_t most);
/* Cuts off the self of a method and checks how many others there are. */
bool method_arguments(struct eval *ev, const char *method, const struct arguments *arguments, struct arguments *rest,
                      uint32_t least, uint32_t most);
struct value none_or_raised(bool fine);
/* The str that a method was called on; NULL: raised. */
struct str *self_text(struct eval *ev, const char *method, const struct arguments *arguments);
bool no_keywords(struct eval *ev, const char *function, const struct arguments *arguments);
struct value argument_named(const struct arguments *arguments, const char *name); /* UNBOUND when not given */
/* A call that is not followed: what it was given may have been changed. */
struct value not_followed(struct eval *ev, const struct arguments *arguments, const char *words);
struct value class_from_parts(struct eval *ev, struct class *meta,
                              const struct arguments *parts); /* type(name, bases, dict) */
struct value deep_copy(struct eval *ev, struct value value);
struct value shallow_copy(struct eval *ev, struct value value);
/* Arguments from the second on: those of the method without its self. */
struct arguments without_first(const struct arguments *arguments);
void builtins_numbers_init(struct eval *ev);
void builtins_iteration_init(struct eval *ev);
void builtins_objects_init(struct eval *ev);
void builtins_add(struct eval *ev, const struct native *natives);
void native_math_init(struct eval *ev);
void type_methods_init(struct eval *ev);
void exception_methods_init(struct eval *ev);
void descriptor_methods_init(struct eval *ev);

#endif
