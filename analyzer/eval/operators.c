/* Unary and binary operators. */
#include "eval/values.h"

struct operator_words {
    const char *method, *reflected, *shown;
};

static const struct operator_words words_of[] = {
    [OP_ADD] = {"__add__", "__radd__", "+"},
    [OP_SUBTRACT] = {"__sub__", "__rsub__", "-"},
    [OP_MULTIPLY] = {"__mul__", "__rmul__", "*"},
    [OP_DIVIDE] = {"__truediv__", "__rtruediv__", "/"},
    [OP_FLOOR_DIVIDE] = {"__floordiv__", "__rfloordiv__", "//"},
    [OP_MODULO] = {"__mod__", "__rmod__", "%"},
    [OP_POWER] = {"__pow__", "__rpow__", "** or pow()"},
    [OP_MATRIX_MULTIPLY] = {"__matmul__", "__rmatmul__", "@"},
    [OP_SHIFT_LEFT] = {"__lshift__", "__rlshift__", "<<"},
    [OP_SHIFT_RIGHT] = {"__rshift__", "__rrshift__", ">>"},
    [OP_BIT_AND] = {"__and__", "__rand__", "&"},
    [OP_BIT_OR] = {"__or__", "__ror__", "|"},
    [OP_BIT_XOR] = {"__xor__", "__rxor__", "^"},
};

struct value set_binary(struct eval *ev, enum ast_operator op, const struct dict *left, const struct dict *right,
                        bool frozen)
{
    struct dict *set = dict_new(ev);
    set->frozen = frozen;
    set->open = left->open ? left->open : right->open;
    if (set->open)
        ev->guesses++;
    if (!work_items(ev, (uint64_t)left->used + right->used))
        return value_raised();
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(left, &i));) {
        bool in_right = dict_get(right, entry->key).kind != VALUE_UNBOUND;
        bool stays = op == OP_BIT_OR || (op == OP_BIT_AND ? in_right : !in_right);
        if (stays && (!work(ev, 1) || !dict_set(ev, set, entry->key, value_none())))
            return value_raised();
    }
    for (uint32_t i = 0; (op == OP_BIT_OR || op == OP_BIT_XOR) && (entry = dict_next(right, &i));) {
        if (op == OP_BIT_XOR && dict_get(left, entry->key).kind != VALUE_UNBOUND)
            continue;
        if (dict_get(set, entry->key).kind == VALUE_UNBOUND &&
            (!work(ev, 1) || !dict_set(ev, set, entry->key, value_none())))
            return value_raised();
    }
    return value_of(VALUE_SET, set);
}

static struct value concatenate_text(struct eval *ev, const struct str *left, const struct str *right)
{
    size_t length = (size_t)left->length + right->length;
    if (length > LIMIT_STRING_BYTES)
        return eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
    if (!work_bytes(ev, length))
        return value_raised();
    struct arena_mark mark = arena_mark(&ev->scratch);
    char *bytes = arena_alloc(&ev->scratch, length + 1);
    memcpy(bytes, left->bytes, left->length);
    memcpy(bytes + left->length, right->bytes, right->length);
    struct value value = eval_text(ev, (struct text){bytes, length});
    arena_reset(&ev->scratch, mark);
    return value;
}

static struct value concatenate_lists(struct eval *ev, struct value left, const struct list *right)
{
    if (!work_items(ev, (uint64_t)left.list->count + right->count))
        return value_raised();
    struct list *list = list_new(ev, 0);
    list->open = left.list->open ? left.list->open : right->open;
    if (!list_extend(ev, list, left.list) || !list_extend(ev, list, right))
        return value_raised();
    return value_of(left.kind, list);
}

static struct value repeat_text(struct eval *ev, const struct str *text, int64_t times)
{
    if (times <= 0 || text->length == 0)
        return eval_text(ev, TEXT(""));
    if (times > (int64_t)LIMIT_STRING_BYTES || (uint64_t)times * text->length > LIMIT_STRING_BYTES)
        return eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
    size_t length = (size_t)times * text->length;
    if (!work_bytes(ev, length))
        return value_raised();
    struct arena_mark mark = arena_mark(&ev->scratch);
    char *bytes = arena_alloc(&ev->scratch, length + 1);
    for (size_t at = 0; at < length; at += text->length)
        memcpy(bytes + at, text->bytes, text->length);
    struct value value = eval_text(ev, (struct text){bytes, length});
    arena_reset(&ev->scratch, mark);
    return value;
}

static struct value repeat_list(struct eval *ev, struct value sequence, int64_t times)
{
    struct list *list = list_new(ev, 0);
    list->open = sequence.list->open;
    if (times <= 0)
        list->open = NULL;
    else if (sequence.list->count == 0)
        times = 0;
    else if (times > LIMIT_LIST_ITEMS || (uint64_t)times * sequence.list->count > LIMIT_LIST_ITEMS)
        return eval_stop(ev, "a list with too many items");
    if (times > 0 && !work_items(ev, (uint64_t)times * sequence.list->count))
        return value_raised();
    for (int64_t i = 0; i < times; i++)
        if (!list_extend(ev, list, sequence.list))
            return value_raised();
    return value_of(sequence.kind, list);
}

/* `*` with a str, list or tuple on one side; UNBOUND when it is not that. */
static struct value repeat(struct eval *ev, struct value left, struct value right, struct value left_shown,
                           struct value right_shown)
{
    struct value sequence = left, times = right;
    bool is_left = left.kind == VALUE_STR || left.kind == VALUE_LIST || left.kind == VALUE_TUPLE;
    if (!is_left) {
        sequence = right;
        times = left;
        if (right.kind != VALUE_STR && right.kind != VALUE_LIST && right.kind != VALUE_TUPLE)
            return value_unbound();
    }
    int64_t count;
    struct value outcome;
    int found = value_index(ev, times, &count, &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "can't multiply sequence by non-int of type '%s'",
                          type_name(ev, is_left ? right_shown : left_shown));
    return sequence.kind == VALUE_STR ? repeat_text(ev, sequence.str, count) : repeat_list(ev, sequence, count);
}

/* `A | B` of classes, kept as the tuple that isinstance() understands. */
static bool is_union_part(struct value value)
{
    if (value.kind == VALUE_TUPLE) {
        for (uint32_t i = 0; i < value.list->count; i++)
            if (value.list->items[i].kind != VALUE_CLASS)
                return false;
        return value.list->count > 0;
    }
    return value.kind == VALUE_CLASS || value.kind == VALUE_NONE;
}

static bool union_add(struct eval *ev, struct list *list, struct value part)
{
    if (part.kind == VALUE_NONE)
        part = value_of(VALUE_CLASS, ev->types->none);
    if (part.kind == VALUE_TUPLE) {
        for (uint32_t i = 0; i < part.list->count; i++)
            if (!union_add(ev, list, part.list->items[i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].class_ == part.class_)
            return true;
    return work(ev, list->count) && list_append(ev, list, part);
}

static struct value union_of(struct eval *ev, struct value left, struct value right)
{
    struct list *list = list_new(ev, 2);
    if (!union_add(ev, list, left) || !union_add(ev, list, right))
        return value_raised();
    return list->count == 1 ? list->items[0] : value_of(VALUE_TUPLE, list);
}

static struct value merge_dicts(struct eval *ev, struct dict *left, struct dict *right)
{
    struct dict *dict = dict_new(ev);
    if (!dict_merge(ev, dict, value_of(VALUE_DICT, left)) || !dict_merge(ev, dict, value_of(VALUE_DICT, right)))
        return value_raised();
    return value_of(VALUE_DICT, dict);
}

/* Two builtin values; UNBOUND when they have no such operator.  `shown`: the instances that hold them, for messages. */
static struct value builtin_binary(struct eval *ev, enum ast_operator op, struct value left, struct value right,
                                   struct value left_shown, struct value right_shown)
{
    if (is_number(left) && is_number(right))
        return number_binary(ev, op, left, right);
    if (op == OP_ADD) {
        if (left.kind == VALUE_STR && right.kind == VALUE_STR)
            return concatenate_text(ev, left.str, right.str);
        if ((left.kind == VALUE_LIST || left.kind == VALUE_TUPLE) && left.kind == right.kind)
            return concatenate_lists(ev, left, right.list);
        if (left.kind == VALUE_STR || left.kind == VALUE_LIST || left.kind == VALUE_TUPLE) {
            const char *name = type_name(ev, left);
            return eval_raise(ev, ev->types->type_error, "can only concatenate %s (not \"%s\") to %s", name,
                              type_name(ev, right_shown), name);
        }
    }
    if (op == OP_MULTIPLY)
        return repeat(ev, left, right, left_shown, right_shown);
    if (op == OP_MODULO && left.kind == VALUE_STR)
        return percent_format(ev, left.str, right);
    if (left.kind == VALUE_SET && right.kind == VALUE_SET &&
        (op == OP_BIT_OR || op == OP_BIT_AND || op == OP_BIT_XOR || op == OP_SUBTRACT))
        return set_binary(ev, op, left.dict, right.dict, left.dict->frozen);
    if (op == OP_BIT_OR && left.kind == VALUE_DICT && right.kind == VALUE_DICT)
        return merge_dicts(ev, left.dict, right.dict);
    if (op == OP_BIT_OR && (left.kind == VALUE_CLASS || right.kind == VALUE_CLASS) && is_union_part(left) &&
        is_union_part(right))
        return union_of(ev, left, right);
    return value_unbound();
}

static struct value no_operator(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    return eval_raise(ev, ev->types->type_error, "unsupported operand type(s) for %s: '%s' and '%s'",
                      words_of[op].shown, type_name(ev, left), type_name(ev, right));
}

/* One side's method; UNBOUND when there is none or it does not know the other. */
static struct value try_method(struct eval *ev, struct value self, const char *name, struct value other)
{
    if (self.kind != VALUE_INSTANCE && self.kind != VALUE_CLASS)
        return value_unbound();
    struct value result;
    if (self.kind == VALUE_CLASS) {
        struct value method = meta_method(ev, self.class_, eval_intern(ev, text_from(name)));
        result = method.kind == VALUE_UNBOUND || is_raised(method) ? method : call_values(ev, method, &other, 1);
    } else {
        result = call_special(ev, self, name, &other, 1);
    }
    return result.kind == VALUE_NOT_IMPLEMENTED ? value_unbound() : result;
}

static struct value object_binary(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    const struct operator_words *words = &words_of[op];
    const struct class *left_class = value_class(ev, left), *right_class = value_class(ev, right);
    bool right_first = left_class != right_class && class_is_subclass(right_class, left_class);
    struct value result = value_unbound();
    if (right_first)
        result = try_method(ev, right, words->reflected, left);
    if (result.kind == VALUE_UNBOUND)
        result = try_method(ev, left, words->method, right);
    if (result.kind == VALUE_UNBOUND && !right_first && left_class != right_class)
        result = try_method(ev, right, words->reflected, left);
    if (result.kind != VALUE_UNBOUND)
        return result;
    result = builtin_binary(ev, op, payload_of(left), payload_of(right), left, right);
    return result.kind == VALUE_UNBOUND ? no_operator(ev, op, left, right) : result;
}

struct value binary(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    if (is_raised(left) || is_raised(right))
        return value_raised();
    if (is_number(left) && is_number(right)) {
        struct value result = number_binary(ev, op, left, right);
        return result.kind == VALUE_UNBOUND ? no_operator(ev, op, left, right) : result;
    }
    if (is_unknown(left) || is_unknown(right)) {
        struct value unknown = unknown_operand(ev, is_unknown(left) ? left : right), both[] = {left, right};
        /* Of numbers and text nothing is left to write to; of lists and dicts the result may hold the items. */
        bool numbers = unknown.plain || is_number(left) || is_number(right) || left.kind == VALUE_STR || right.kind == VALUE_STR;
        return numbers ? unknown : unknown_one_of(ev, unknown.reason, both, 2);
    }
    if (!enter(ev)) {
        leave(ev);
        return value_raised();
    }
    struct value result;
    if ((left.kind == VALUE_TENSOR && right.kind == VALUE_NONE) || (left.kind == VALUE_NONE && right.kind == VALUE_TENSOR)) {
        result = no_operator(ev, op, left, right);
    } else if (left.kind == VALUE_TENSOR || right.kind == VALUE_TENSOR) {
        result = ev->tensor_hooks ? ev->tensor_hooks->binary(ev, op, left, right)
                                  : eval_unknown(ev, "an operator on a tensor");
    } else if (left.kind == VALUE_INSTANCE || right.kind == VALUE_INSTANCE ||
               (left.kind == VALUE_CLASS && left.class_->meta) || (right.kind == VALUE_CLASS && right.class_->meta)) {
        result = object_binary(ev, op, left, right);
    } else {
        result = builtin_binary(ev, op, left, right, left, right);
        if (result.kind == VALUE_UNBOUND)
            result = no_operator(ev, op, left, right);
    }
    leave(ev);
    return result;
}

struct value unary(struct eval *ev, enum ast_operator op, struct value operand)
{
    if (is_raised(operand))
        return operand;
    if (is_unknown(operand))
        return unknown_operand(ev, operand);
    if (op == OP_NOT) {
        int truth = value_truth(ev, operand);
        return truth_about(ev, truth >= 0 ? !truth : truth, operand, operand);
    }
    if (operand.kind == VALUE_TENSOR)
        return ev->tensor_hooks ? ev->tensor_hooks->unary(ev, op, operand)
                                : eval_unknown(ev, "an operator on a tensor");
    const char *name = op == OP_NEGATE ? "__neg__" : op == OP_PLUS ? "__pos__" : "__invert__";
    struct value result = call_special(ev, operand, name, NULL, 0);
    if (result.kind != VALUE_UNBOUND)
        return result;
    struct value plain = payload_of(operand);
    if (is_number(plain))
        result = number_unary(ev, op, plain);
    if (result.kind != VALUE_UNBOUND)
        return result;
    return eval_raise(ev, ev->types->type_error, "bad operand type for unary %s: '%s'", ast_operator_text(op),
                      type_name(ev, operand));
}
