/* Truth, equality, order, `in` and `is`. */
#include <math.h>

#include "eval/values.h"

static int truth_of_result(struct eval *ev, struct value result)
{
    if (is_raised(result))
        return -2;
    if (is_unknown(result)) {
        ev->guesses++;
        return -1;
    }
    if (result.kind == VALUE_BOOL)
        return result.truth;
    eval_raise(ev, ev->types->type_error, "__bool__ should return bool, returned %s", type_name(ev, result));
    return -2;
}

static int open_truth(struct eval *ev)
{
    ev->guesses++;
    return -1;
}

static int object_truth(struct eval *ev, struct value value)
{
    struct value result = call_special(ev, value, "__bool__", NULL, 0);
    if (result.kind != VALUE_UNBOUND)
        return truth_of_result(ev, result);
    result = call_special(ev, value, "__len__", NULL, 0);
    if (result.kind != VALUE_UNBOUND) {
        int64_t length;
        if (is_raised(result))
            return -2;
        return value_integer(result, &length) ? length != 0 : open_truth(ev);
    }
    struct value payload = payload_of(value);
    if (value.kind == VALUE_INSTANCE && payload.kind != VALUE_INSTANCE)
        return value_truth(ev, payload);
    return value.kind == VALUE_TENSOR || open_reason(value) ? open_truth(ev) : 1;
}

int value_truth(struct eval *ev, struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_RAISED: return -2;
    case VALUE_UNKNOWN: return open_truth(ev);
    case VALUE_NONE: return 0;
    case VALUE_BOOL: return value.truth;
    case VALUE_INT: return value.integer != 0;
    case VALUE_FLOAT: return value.real != 0.0;
    case VALUE_STR: return value.str->length != 0;
    case VALUE_TUPLE:
    case VALUE_LIST: return value.list->open ? open_truth(ev) : value.list->count != 0;
    case VALUE_DICT:
    case VALUE_SET: return value.dict->open ? open_truth(ev) : value.dict->count != 0;
    case VALUE_RANGE: return range_length(value.range) != 0;
    case VALUE_INSTANCE:
    case VALUE_TENSOR: return object_truth(ev, value);
    case VALUE_CLASS: {
        struct value method =
            value.class_->meta ? meta_method(ev, value.class_, ev->types->names.bool_) : value_unbound();
        if (method.kind == VALUE_UNBOUND)
            return 1;
        return is_raised(method) ? -2 : truth_of_result(ev, call_values(ev, method, NULL, 0));
    }
    case VALUE_UNBOUND:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_SLICE:
    case VALUE_ITERATOR:
    case VALUE_FUNCTION:
    case VALUE_BOUND:
    case VALUE_NATIVE:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
    case VALUE_SUPER:
    case VALUE_NAMESPACE:
    case VALUE_LAZY: break;
    }
    return 1;
}

/* Equality. */

static int lists_equal(struct eval *ev, const struct list *left, const struct list *right)
{
    if (left->open || right->open)
        return open_truth(ev);
    if (left->count != right->count)
        return 0;
    int all = 1;
    for (uint32_t i = 0; i < left->count && i < right->count && all; i++) {
        struct value a = left->items[i], b = right->items[i];
        if (a.kind == b.kind && a.pointer == b.pointer && a.kind > VALUE_FLOAT)
            continue;
        int equal = values_equal(ev, a, b);
        if (equal == -2)
            return -2;
        if (equal <= 0)
            all = equal;
        if (equal == 0)
            return 0;
    }
    return all;
}

static int dicts_equal(struct eval *ev, const struct dict *left, const struct dict *right, bool sets)
{
    if (left->open || right->open)
        return open_truth(ev);
    if (left->count != right->count)
        return 0;
    int all = 1;
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(left, &i));) {
        if (!work(ev, 1))
            return -2;
        struct value other = dict_get(right, entry->key);
        if (other.kind == VALUE_UNBOUND)
            return 0;
        int equal = sets ? 1 : values_equal(ev, entry->value, other);
        if (equal == -2 || equal == 0)
            return equal;
        if (equal < 0)
            all = -1;
    }
    return all;
}

static int numbers_equal(struct value left, struct value right)
{
    if (left.kind == VALUE_FLOAT && right.kind == VALUE_FLOAT)
        return left.real == right.real;
    if (left.kind != VALUE_FLOAT && right.kind != VALUE_FLOAT)
        return (left.kind == VALUE_BOOL ? left.truth : left.integer) ==
               (right.kind == VALUE_BOOL ? right.truth : right.integer);
    struct value whole = left.kind == VALUE_FLOAT ? right : left;
    double real = left.kind == VALUE_FLOAT ? left.real : right.real;
    return compare_int_float(whole.kind == VALUE_BOOL ? whole.truth : whole.integer, real) == 0;
}

static int ranges_equal(const struct range *left, const struct range *right)
{
    int64_t count = range_length(left);
    if (count != range_length(right))
        return 0;
    return count == 0 || (left->start == right->start && (count == 1 || left->step == right->step));
}

static int builtin_equal(struct eval *ev, struct value left, struct value right)
{
    if (is_number(left) && is_number(right))
        return numbers_equal(left, right);
    if (left.kind != right.kind)
        return 0;
    switch ((enum value_kind)left.kind) {
    case VALUE_TUPLE:
    case VALUE_LIST: return left.list == right.list ? 1 : lists_equal(ev, left.list, right.list);
    case VALUE_DICT:
    case VALUE_SET: return left.dict == right.dict ? 1 : dicts_equal(ev, left.dict, right.dict, left.kind == VALUE_SET);
    case VALUE_RANGE: return ranges_equal(left.range, right.range);
    case VALUE_SLICE: {
        int start = values_equal(ev, left.slice->start, right.slice->start);
        int stop = values_equal(ev, left.slice->stop, right.slice->stop);
        int step = values_equal(ev, left.slice->step, right.slice->step);
        if (start == -2 || stop == -2 || step == -2)
            return -2;
        return start == 0 || stop == 0 || step == 0 ? 0 : start == 1 && stop == 1 && step == 1 ? 1 : -1;
    }
    case VALUE_RAISED:
    case VALUE_UNBOUND:
    case VALUE_UNKNOWN:
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STR:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_ITERATOR:
    case VALUE_CLASS:
    case VALUE_INSTANCE:
    case VALUE_FUNCTION:
    case VALUE_BOUND:
    case VALUE_NATIVE:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
    case VALUE_SUPER:
    case VALUE_NAMESPACE:
    case VALUE_TENSOR:
    case VALUE_LAZY: break;
    }
    return value_same(left, right);
}

/* __eq__ of one side; UNBOUND when it is the one of object, or does not know the other. */
static struct value try_equal(struct eval *ev, struct value self, struct value other)
{
    if (self.kind != VALUE_INSTANCE && !(self.kind == VALUE_CLASS && self.class_->meta))
        return value_unbound();
    struct value method;
    if (self.kind == VALUE_CLASS) {
        method = meta_method(ev, self.class_, ev->types->names.eq);
    } else {
        struct value plain = class_find(ev, self.instance->class_, ev->types->names.eq);
        struct value of_object = dict_get_str(ev->types->object->attributes, ev->types->names.eq);
        if (plain.kind == VALUE_NATIVE && of_object.kind == VALUE_NATIVE && plain.native == of_object.native)
            return self.instance->class_->open ? unknown_because(ev, self.instance->class_->open) : value_unbound();
        method = find_special(ev, self, ev->types->names.eq);
    }
    if (method.kind == VALUE_UNBOUND || is_raised(method) || is_unknown(method))
        return method;
    struct value result = call_values(ev, method, &other, 1);
    return result.kind == VALUE_NOT_IMPLEMENTED ? value_unbound() : result;
}

/* What `left == right` gives, which objects may make anything. */
static struct value equal_value(struct eval *ev, struct value left, struct value right)
{
    if (is_unknown(left) || is_unknown(right))
        return unknown_operand(ev, is_unknown(left) ? left : right);
    if (left.kind == VALUE_TENSOR || right.kind == VALUE_TENSOR)
        return ev->tensor_hooks ? ev->tensor_hooks->compare(ev, OP_EQUAL, left, right)
                                : eval_unknown(ev, "an operator on a tensor");
    if (!enter(ev)) {
        leave(ev);
        return value_raised();
    }
    struct value result = value_unbound();
    if (left.kind == VALUE_INSTANCE || right.kind == VALUE_INSTANCE || left.kind == VALUE_CLASS ||
        right.kind == VALUE_CLASS) {
        const struct class *left_class = value_class(ev, left), *right_class = value_class(ev, right);
        bool right_first = left_class != right_class && class_is_subclass(right_class, left_class);
        result = right_first ? try_equal(ev, right, left) : try_equal(ev, left, right);
        if (result.kind == VALUE_UNBOUND)
            result = right_first ? try_equal(ev, left, right) : try_equal(ev, right, left);
    }
    if (result.kind == VALUE_UNBOUND) {
        if (left.kind == VALUE_INSTANCE && right.kind == VALUE_INSTANCE && left.instance == right.instance)
            result = value_bool(true);
        else
            result = truth_about(ev, builtin_equal(ev, payload_of(left), payload_of(right)), left, right);
    }
    leave(ev);
    return result;
}

int values_equal(struct eval *ev, struct value left, struct value right)
{
    if (left.kind == VALUE_STR && right.kind == VALUE_STR)
        return left.str == right.str;
    if (is_number(left) && is_number(right))
        return numbers_equal(left, right);
    return value_truth(ev, equal_value(ev, left, right));
}

/* Order. */

struct order_words {
    const char *method, *reflected, *shown;
};

static struct order_words order_words(enum ast_operator op)
{
    if (op == OP_LESS)
        return (struct order_words){"__lt__", "__gt__", "<"};
    if (op == OP_LESS_EQUAL)
        return (struct order_words){"__le__", "__ge__", "<="};
    if (op == OP_GREATER)
        return (struct order_words){"__gt__", "__lt__", ">"};
    return (struct order_words){"__ge__", "__le__", ">="};
}

static bool order_holds(enum ast_operator op, int order)
{
    if (op == OP_LESS)
        return order < 0;
    if (op == OP_LESS_EQUAL)
        return order <= 0;
    return op == OP_GREATER ? order > 0 : order >= 0;
}

static struct value numbers_ordered(enum ast_operator op, struct value left, struct value right)
{
    int order;
    if (left.kind != VALUE_FLOAT && right.kind != VALUE_FLOAT) {
        int64_t a = left.kind == VALUE_BOOL ? left.truth : left.integer;
        int64_t b = right.kind == VALUE_BOOL ? right.truth : right.integer;
        order = (a > b) - (a < b);
    } else if (left.kind == VALUE_FLOAT && right.kind == VALUE_FLOAT) {
        if (isnan(left.real) || isnan(right.real))
            return value_bool(false);
        order = (left.real > right.real) - (left.real < right.real);
    } else if (right.kind == VALUE_FLOAT) {
        order = compare_int_float(left.kind == VALUE_BOOL ? left.truth : left.integer, right.real);
        if (order == 2)
            return value_bool(false);
    } else {
        order = compare_int_float(right.kind == VALUE_BOOL ? right.truth : right.integer, left.real);
        if (order == 2)
            return value_bool(false);
        order = -order;
    }
    return value_bool(order_holds(op, order));
}

static struct value lists_ordered(struct eval *ev, enum ast_operator op, const struct list *left,
                                  const struct list *right)
{
    for (uint32_t i = 0; i < left->count && i < right->count; i++) {
        if (left->open || right->open)
            break;
        int equal = values_equal(ev, left->items[i], right->items[i]);
        if (equal == -2)
            return value_raised();
        if (equal == -1)
            return truth_about(ev, -1, left->items[i], right->items[i]);
        if (equal == 0)
            return ordered(ev, op, left->items[i], right->items[i]);
    }
    if (left->open || right->open)
        return unknown_because(ev, left->open ? left->open : right->open);
    return value_bool(order_holds(op, (left->count > right->count) - (left->count < right->count)));
}

int set_relation(enum ast_operator op, const struct dict *left, const struct dict *right)
{
    if (op == OP_GREATER || op == OP_GREATER_EQUAL) {
        const struct dict *other = left;
        left = right;
        right = other;
        op = op == OP_GREATER ? OP_LESS : OP_LESS_EQUAL;
    }
    if (left->count > right->count || (op == OP_LESS && left->count == right->count))
        return 0;
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(left, &i));)
        if (dict_get(right, entry->key).kind == VALUE_UNBOUND)
            return 0;
    return 1;
}

static struct value builtin_ordered(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    if (is_number(left) && is_number(right))
        return numbers_ordered(op, left, right);
    if (left.kind == VALUE_STR && right.kind == VALUE_STR) {
        size_t shorter = left.str->length < right.str->length ? left.str->length : right.str->length;
        int order = memcmp(left.str->bytes, right.str->bytes, shorter); /* UTF-8 orders as code points do */
        if (order == 0)
            order = (left.str->length > right.str->length) - (left.str->length < right.str->length);
        return value_bool(order_holds(op, order));
    }
    if ((left.kind == VALUE_LIST || left.kind == VALUE_TUPLE) && left.kind == right.kind)
        return lists_ordered(ev, op, left.list, right.list);
    if (left.kind == VALUE_SET && right.kind == VALUE_SET) {
        if (left.dict->open || right.dict->open)
            return unknown_because(ev, left.dict->open ? left.dict->open : right.dict->open);
        return work_items(ev, left.dict->used) ? value_bool(set_relation(op, left.dict, right.dict)) : value_raised();
    }
    return value_unbound();
}

static struct value try_order(struct eval *ev, struct value self, const char *name, struct value other)
{
    struct value result = call_special(ev, self, name, &other, 1);
    return result.kind == VALUE_NOT_IMPLEMENTED ? value_unbound() : result;
}

struct value ordered(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    if (is_number(left) && is_number(right))
        return numbers_ordered(op, left, right);
    if (is_unknown(left) || is_unknown(right))
        return unknown_operand(ev, is_unknown(left) ? left : right);
    bool none = left.kind == VALUE_NONE || right.kind == VALUE_NONE; /* nothing orders it */
    if (!none && (left.kind == VALUE_TENSOR || right.kind == VALUE_TENSOR))
        return ev->tensor_hooks ? ev->tensor_hooks->compare(ev, op, left, right)
                                : eval_unknown(ev, "an operator on a tensor");
    if (!enter(ev)) {
        leave(ev);
        return value_raised();
    }
    struct order_words words = order_words(op);
    struct value result = value_unbound();
    if (left.kind == VALUE_INSTANCE || right.kind == VALUE_INSTANCE) {
        const struct class *left_class = value_class(ev, left), *right_class = value_class(ev, right);
        bool right_first = left_class != right_class && class_is_subclass(right_class, left_class);
        result = right_first ? try_order(ev, right, words.reflected, left) : try_order(ev, left, words.method, right);
        if (result.kind == VALUE_UNBOUND)
            result =
                right_first ? try_order(ev, left, words.method, right) : try_order(ev, right, words.reflected, left);
    }
    if (result.kind == VALUE_UNBOUND)
        result = builtin_ordered(ev, op, payload_of(left), payload_of(right));
    leave(ev);
    if (result.kind == VALUE_UNBOUND)
        return eval_raise(ev, ev->types->type_error, "'%s' not supported between instances of '%s' and '%s'",
                          words.shown, type_name(ev, left), type_name(ev, right));
    return result;
}

/* `is`: small numbers are taken to be one object each, as in CPython; floats as far as it matters. */
static int identical(struct value left, struct value right)
{
    if (left.kind != right.kind)
        return 0;
    switch (left.kind) {
    case VALUE_NONE:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED: return 1;
    case VALUE_BOOL: return left.truth == right.truth;
    case VALUE_INT: return left.integer == right.integer;
    case VALUE_FLOAT: return left.real == right.real;
    }
    return left.pointer == right.pointer;
}

static struct value not_equal(struct eval *ev, struct value left, struct value right)
{
    struct value result = value_unbound();
    if (left.kind == VALUE_INSTANCE && !is_unknown(right) && right.kind != VALUE_TENSOR) {
        struct value method = class_find(ev, left.instance->class_, ev->types->names.ne);
        struct value of_object = dict_get_str(ev->types->object->attributes, ev->types->names.ne);
        if (is_raised(method))
            return method;
        if (method.kind != VALUE_UNBOUND && !(method.kind == VALUE_NATIVE && method.native == of_object.native))
            result = try_order(ev, left, "__ne__", right);
    }
    if (result.kind != VALUE_UNBOUND)
        return result;
    result = equal_value(ev, left, right);
    if (is_raised(result) || is_unknown(result))
        return result;
    int truth = value_truth(ev, result);
    return truth_value(ev, truth >= 0 ? !truth : truth);
}

struct value compare(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    if (is_raised(left) || is_raised(right))
        return value_raised();
    switch ((int)op) {
    case OP_EQUAL:
        if (left.kind == VALUE_STR && right.kind == VALUE_STR)
            return value_bool(left.str == right.str);
        return equal_value(ev, left, right);
    case OP_NOT_EQUAL:
        if ((left.kind == VALUE_TENSOR || right.kind == VALUE_TENSOR) && ev->tensor_hooks && !is_unknown(left) &&
            !is_unknown(right))
            return ev->tensor_hooks->compare(ev, op, left, right);
        return not_equal(ev, left, right);
    case OP_IS:
    case OP_IS_NOT:
        if (is_unknown(left) || is_unknown(right))
            return unknown_operand(ev, is_unknown(left) ? left : right);
        return value_bool(identical(left, right) == (op == OP_IS));
    case OP_IN:
    case OP_NOT_IN: {
        struct value result = value_contains(ev, right, left);
        if (op == OP_NOT_IN && result.kind == VALUE_BOOL)
            result.truth = !result.truth;
        return result;
    }
    }
    return ordered(ev, op, left, right);
}
