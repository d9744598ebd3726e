/*
 * dict.keys(), values() and items(): objects of their own that follow the dict, as Python's do.
 *
 * A view is an instance whose payload is a bound pair that holds the dict, so that nothing takes the view for a dict, and
 * whoever is given a view counts as having been given the dict.
 */
#include "eval/values.h"

struct value view_new(struct eval *ev, enum view_kind kind, struct dict *dict)
{
    struct instance *view = instance_new(ev, ev->types->dict_views[kind]);
    struct bound *holder = ARENA_NEW(eval_heap(ev), struct bound);
    holder->self = value_of(VALUE_DICT, dict);
    holder->function = value_none();
    view->payload = value_of(VALUE_BOUND, holder);
    return value_of(VALUE_INSTANCE, view);
}

struct dict *view_dict(struct eval *ev, struct value value, enum view_kind *kind)
{
    for (int i = VIEW_KEYS; i <= VIEW_ITEMS && value.kind == VALUE_INSTANCE; i++) {
        if (value.instance->class_ != ev->types->dict_views[i])
            continue;
        *kind = (enum view_kind)i;
        return value.instance->payload.bound->self.dict;
    }
    return NULL;
}

static struct dict *self_view(struct eval *ev, const struct arguments *arguments, enum view_kind *kind)
{
    struct dict *dict = arguments->count ? view_dict(ev, arguments->items[0], kind) : NULL;
    if (!dict)
        eval_raise(ev, ev->types->type_error, "descriptor requires a dict view");
    return dict;
}

static struct value view_len(struct eval *ev, const struct arguments *arguments)
{
    enum view_kind kind;
    struct dict *dict = self_view(ev, arguments, &kind);
    return dict ? value_length(ev, value_of(VALUE_DICT, dict)) : value_raised();
}

static struct value view_iter(struct eval *ev, const struct arguments *arguments)
{
    enum view_kind kind;
    struct value outcome;
    struct list *list = self_view(ev, arguments, &kind) ? iterate(ev, arguments->items[0], &outcome) : NULL;
    return list ? iterator_over(ev, list) : is_raised(arguments->items[0]) ? value_raised() : outcome;
}

static struct value view_reversed(struct eval *ev, const struct arguments *arguments)
{
    enum view_kind kind;
    struct value outcome = value_raised();
    struct list *list = self_view(ev, arguments, &kind) ? iterate(ev, arguments->items[0], &outcome) : NULL;
    if (!list)
        return outcome;
    struct list *reversed = list_new(ev, list->count);
    for (uint32_t i = list->count; i-- > 0;)
        reversed->items[reversed->count++] = list->items[i];
    return iterator_over(ev, reversed);
}

static struct value items_contain(struct eval *ev, struct dict *dict, struct value pair)
{
    if (is_unknown(pair))
        return unknown_operand(ev, pair);
    struct list *both = pair.kind == VALUE_TUPLE ? pair.list : NULL;
    if (!both || both->count != 2)
        return value_bool(false);
    struct value found = dict_lookup(ev, dict, both->items[0]);
    if (is_raised(found) || is_unknown(found))
        return found;
    return found.kind == VALUE_UNBOUND ? value_bool(false) : truth_value(ev, values_equal(ev, found, both->items[1]));
}

static struct value view_contains(struct eval *ev, const struct arguments *arguments)
{
    enum view_kind kind;
    struct value outcome;
    struct dict *dict = self_view(ev, arguments, &kind);
    if (!dict || arguments->count != 2)
        return dict ? eval_raise(ev, ev->types->type_error, "expected 1 argument") : value_raised();
    if (kind == VIEW_KEYS)
        return value_contains(ev, value_of(VALUE_DICT, dict), arguments->items[1]);
    if (kind == VIEW_ITEMS)
        return items_contain(ev, dict, arguments->items[1]);
    struct list *values = iterate(ev, arguments->items[0], &outcome);
    return values ? list_contains(ev, values, arguments->items[1]) : outcome;
}

static struct value view_repr(struct eval *ev, const struct arguments *arguments)
{
    enum view_kind kind;
    struct value outcome = value_raised();
    struct list *list = self_view(ev, arguments, &kind) ? iterate(ev, arguments->items[0], &outcome) : NULL;
    struct value text = list ? value_to_repr(ev, value_of(VALUE_LIST, list)) : outcome;
    if (text.kind != VALUE_STR)
        return text;
    return eval_format(ev, "%s(%s)", ev->types->dict_views[kind]->name->bytes, text.str->bytes);
}

/* Operators of sets: keys and items only. */

static struct value view_operator(struct eval *ev, enum ast_operator op, const struct arguments *arguments,
                                  bool reflected)
{
    enum view_kind kind;
    if (!self_view(ev, arguments, &kind) || arguments->count != 2)
        return value_raised();
    if (kind == VIEW_VALUES)
        return (struct value){.kind = VALUE_NOT_IMPLEMENTED};
    struct value left = arguments->items[reflected ? 1 : 0], right = arguments->items[reflected ? 0 : 1];
    if (is_unknown(arguments->items[1]))
        return unknown_operand(ev, arguments->items[1]);
    struct dict *left_set = set_from(ev, left);
    struct dict *right_set = left_set ? set_from(ev, right) : NULL;
    return right_set ? set_binary(ev, op, left_set, right_set, false) : value_raised();
}

static struct value view_and(struct eval *ev, const struct arguments *arguments)
{
    return view_operator(ev, OP_BIT_AND, arguments, false);
}
static struct value view_or(struct eval *ev, const struct arguments *arguments)
{
    return view_operator(ev, OP_BIT_OR, arguments, false);
}
static struct value view_xor(struct eval *ev, const struct arguments *arguments)
{
    return view_operator(ev, OP_BIT_XOR, arguments, false);
}
static struct value view_sub(struct eval *ev, const struct arguments *arguments)
{
    return view_operator(ev, OP_SUBTRACT, arguments, false);
}
static struct value view_rsub(struct eval *ev, const struct arguments *arguments)
{
    return view_operator(ev, OP_SUBTRACT, arguments, true);
}
static struct value view_rand(struct eval *ev, const struct arguments *arguments)
{
    return view_operator(ev, OP_BIT_AND, arguments, true);
}
static struct value view_ror(struct eval *ev, const struct arguments *arguments)
{
    return view_operator(ev, OP_BIT_OR, arguments, true);
}

static struct value view_isdisjoint(struct eval *ev, const struct arguments *arguments)
{
    struct value common = view_operator(ev, OP_BIT_AND, arguments, false);
    if (common.kind != VALUE_SET)
        return common;
    int truth = value_truth(ev, common);
    return truth_value(ev, truth >= 0 ? !truth : truth);
}

/* With sets and other views; `op` OP_EQUAL or an order. */
static struct value view_relation(struct eval *ev, enum ast_operator op, const struct arguments *arguments)
{
    enum view_kind kind, other_kind;
    if (!self_view(ev, arguments, &kind) || arguments->count != 2)
        return value_raised();
    struct value other = arguments->items[1];
    bool set_like = value_set(other) || (view_dict(ev, other, &other_kind) && other_kind != VIEW_VALUES);
    if (kind == VIEW_VALUES || !set_like)
        return (struct value){.kind = VALUE_NOT_IMPLEMENTED};
    struct dict *left = set_from(ev, arguments->items[0]);
    struct dict *right = left ? set_from(ev, other) : NULL;
    if (!right)
        return value_raised();
    return compare(ev, op, value_of(VALUE_SET, left), value_of(VALUE_SET, right));
}

static struct value view_eq(struct eval *ev, const struct arguments *arguments)
{
    return view_relation(ev, OP_EQUAL, arguments);
}
static struct value view_lt(struct eval *ev, const struct arguments *arguments)
{
    return view_relation(ev, OP_LESS, arguments);
}
static struct value view_le(struct eval *ev, const struct arguments *arguments)
{
    return view_relation(ev, OP_LESS_EQUAL, arguments);
}
static struct value view_gt(struct eval *ev, const struct arguments *arguments)
{
    return view_relation(ev, OP_GREATER, arguments);
}
static struct value view_ge(struct eval *ev, const struct arguments *arguments)
{
    return view_relation(ev, OP_GREATER_EQUAL, arguments);
}

static struct value view_mapping(struct eval *ev, const struct arguments *arguments)
{
    enum view_kind kind;
    struct dict *dict = self_view(ev, arguments, &kind);
    return dict ? value_of(VALUE_DICT, dict) : value_raised();
}

void dict_views_init(struct eval *ev)
{
    static const struct native shared[] = {{"__len__", view_len, NULL},           {"__iter__", view_iter, NULL},
                                           {"__reversed__", view_reversed, NULL}, {"__contains__", view_contains, NULL},
                                           {"__repr__", view_repr, NULL},         {NULL, NULL, NULL}};
    static const struct native set_like[] = {
        {"__and__", view_and, NULL},   {"__or__", view_or, NULL},     {"__xor__", view_xor, NULL},
        {"__sub__", view_sub, NULL},   {"__rand__", view_rand, NULL}, {"__ror__", view_ror, NULL},
        {"__rsub__", view_rsub, NULL}, {"__rxor__", view_xor, NULL},  {"isdisjoint", view_isdisjoint, NULL},
        {"__eq__", view_eq, NULL},     {"__lt__", view_lt, NULL},     {"__le__", view_le, NULL},
        {"__gt__", view_gt, NULL},     {"__ge__", view_ge, NULL},     {NULL, NULL, NULL}};
    static const struct native mapping = {"mapping", view_mapping, NULL};
    static const char *const names[] = {"dict_keys", "dict_values", "dict_items"};
    for (int i = VIEW_KEYS; i <= VIEW_ITEMS; i++) {
        struct class *class_ = builtin_class(ev, names[i], ev->types->object, LAYOUT_OBJECT, NULL);
        ev->types->dict_views[i] = class_;
        class_add_natives(ev, class_, shared);
        if (i != VIEW_VALUES)
            class_add_natives(ev, class_, set_like);
        dict_set_str(ev, class_->attributes, eval_intern(ev, TEXT("mapping")), native_property(ev, &mapping, NULL));
    }
}
