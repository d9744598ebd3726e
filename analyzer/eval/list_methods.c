/* Methods of list and tuple. */
#include "eval/values.h"

static struct list *self_list(struct eval *ev, const char *method, const struct arguments *arguments)
{
    struct list *self = arguments->count ? value_list(arguments->items[0]) : NULL;
    if (!self)
        eval_raise(ev, ev->types->type_error, "descriptor '%s' requires a 'list' object", method);
    return self;
}

static struct list *self_items(struct eval *ev, const char *method, const struct arguments *arguments)
{
    struct list *self = arguments->count ? value_items(arguments->items[0]) : NULL;
    if (!self)
        eval_raise(ev, ev->types->type_error, "descriptor '%s' requires a 'list' or 'tuple' object", method);
    return self;
}

static struct value list_method_append(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "append", arguments);
    if (!self || !method_arguments(ev, "list.append", arguments, &rest, 1, 1))
        return value_raised();
    return none_or_raised(work(ev, 1) && list_append(ev, self, rest.items[0]));
}

static struct value list_method_extend(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "extend", arguments);
    struct value outcome;
    if (!self || !method_arguments(ev, "list.extend", arguments, &rest, 1, 1))
        return value_raised();
    struct list *items = iterate(ev, rest.items[0], &outcome);
    if (items)
        return none_or_raised(list_extend(ev, self, items));
    if (is_raised(outcome))
        return outcome;
    list_open(ev, self, outcome.reason);
    return value_none();
}

static struct value list_method_insert(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "insert", arguments);
    struct value outcome;
    int64_t at;
    if (!self || !method_arguments(ev, "insert", arguments, &rest, 2, 2))
        return value_raised();
    int found = value_index(ev, rest.items[0], &at, &outcome);
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, rest.items[0]));
    if (found < 0) {
        if (is_raised(outcome))
            return outcome;
        list_open(ev, self, outcome.reason);
        return none_or_raised(list_append(ev, self, rest.items[1]));
    }
    int64_t count = self->count;
    at = at < 0 ? (at < -count ? 0 : at + count) : at > count ? count : at;
    return none_or_raised(work_items(ev, (uint64_t)(count - at)) && list_insert(ev, self, (uint32_t)at, rest.items[1]));
}

static struct value list_method_pop(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "pop", arguments);
    struct value outcome;
    int64_t at = -1;
    if (!self || !method_arguments(ev, "pop", arguments, &rest, 0, 1))
        return value_raised();
    if (self->open)
        return unknown_item(ev, self->open, self);
    if (rest.count) {
        int found = value_index(ev, rest.items[0], &at, &outcome);
        if (found == 0)
            return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                              type_name(ev, rest.items[0]));
        if (found < 0) {
            if (is_raised(outcome))
                return outcome;
            struct value any = unknown_item(ev, outcome.reason, self);
            list_open(ev, self, outcome.reason);
            return any;
        }
    }
    if (!self->count)
        return eval_raise(ev, ev->types->index_error, "pop from empty list");
    at = at < 0 ? at + self->count : at;
    if (at < 0 || at >= self->count)
        return eval_raise(ev, ev->types->index_error, "pop index out of range");
    struct value item = self->items[at];
    if (!work_items(ev, self->count - (uint64_t)at))
        return value_raised();
    list_remove(ev, self, (uint32_t)at, 1);
    return item;
}

/* Place of an equal item: >= 0, -1 none, -2 raised, -3 cannot tell (*reason). */
static int64_t place_of_item(struct eval *ev, const struct list *list, struct value item, int64_t first, int64_t end,
                             struct reason **reason)
{
    *reason = list->open;
    if (list->open)
        return -3;
    for (int64_t i = first; i < end && i < list->count; i++) {
        struct value other = list->items[i];
        int equal = other.kind == item.kind && other.pointer == item.pointer && other.kind > VALUE_FLOAT
                        ? 1
                        : values_equal(ev, other, item);
        if (!work_items(ev, 8) || equal == -2)
            return -2;
        if (equal == 1)
            return i;
        if (equal == -1) {
            *reason = is_unknown(other)  ? other.reason
                      : is_unknown(item) ? item.reason
                                         : eval_reason(ev, TEXT("a comparison that cannot be told"));
            return -3;
        }
    }
    return -1;
}

static struct value list_method_remove(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "remove", arguments);
    struct reason *reason;
    if (!self || !method_arguments(ev, "list.remove", arguments, &rest, 1, 1))
        return value_raised();
    int64_t at = place_of_item(ev, self, rest.items[0], 0, self->count, &reason);
    if (at == -3) {
        list_open(ev, self, reason);
        return value_none();
    }
    if (at < 0)
        return at == -2 ? value_raised() : eval_raise(ev, ev->types->value_error, "list.remove(x): x not in list");
    list_remove(ev, self, (uint32_t)at, 1);
    return value_none();
}

static struct value items_index(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_items(ev, "index", arguments);
    struct reason *reason;
    struct value outcome;
    int64_t bounds[2] = {0, INT64_MAX};
    if (!self || !method_arguments(ev, "index", arguments, &rest, 1, 3))
        return value_raised();
    for (uint32_t i = 1; i < rest.count; i++) {
        int found = value_index(ev, rest.items[i], &bounds[i - 1], &outcome);
        if (found == 0)
            return eval_raise(ev, ev->types->type_error, "slice indices must be integers or have an __index__ method");
        if (found < 0)
            return outcome;
        if (bounds[i - 1] < 0)
            bounds[i - 1] = bounds[i - 1] + self->count < 0 ? 0 : bounds[i - 1] + self->count;
    }
    int64_t at = place_of_item(ev, self, rest.items[0], bounds[0], bounds[1], &reason);
    if (at == -3)
        return unknown_because(ev, reason);
    if (at == -2)
        return value_raised();
    if (at >= 0)
        return value_int(at);
    if (!value_list(arguments->items[0]))
        return eval_raise(ev, ev->types->value_error, "tuple.index(x): x not in tuple");
    struct value shown = value_to_repr(ev, rest.items[0]);
    if (shown.kind != VALUE_STR)
        return is_raised(shown) ? shown : eval_raise(ev, ev->types->value_error, "item is not in list");
    return eval_raise(ev, ev->types->value_error, "%s is not in list", shown.str->bytes);
}

static struct value items_count(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_items(ev, "count", arguments);
    const char *name = self && value_list(arguments->items[0]) ? "list.count" : "tuple.count";
    if (!self || !method_arguments(ev, name, arguments, &rest, 1, 1))
        return value_raised();
    int64_t count = 0;
    struct reason *reason;
    for (int64_t at = 0; (at = place_of_item(ev, self, rest.items[0], at, self->count, &reason)) != -1; at++) {
        if (at < 0)
            return at == -3 ? unknown_because(ev, reason) : value_raised();
        count++;
    }
    return value_int(count);
}

static struct value list_method_clear(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "clear", arguments);
    if (!self || !method_arguments(ev, "list.clear", arguments, &rest, 0, 0))
        return value_raised();
    list_clear(ev, self);
    self->open = NULL; /* whatever it held, it holds nothing now */
    return value_none();
}

static struct value list_method_copy(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "copy", arguments);
    return self && method_arguments(ev, "list.copy", arguments, &rest, 0, 0)
               ? list_of_copy(ev, self, 0, self->count, VALUE_LIST)
               : value_raised();
}

static struct value list_method_reverse(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "reverse", arguments);
    if (!self || !method_arguments(ev, "list.reverse", arguments, &rest, 0, 0) || !work_items(ev, self->count))
        return value_raised();
    for (uint32_t i = 0; i < self->count / 2; i++) {
        struct value item = self->items[i];
        list_set(ev, self, i, self->items[self->count - 1 - i]);
        list_set(ev, self, self->count - 1 - i, item);
    }
    return value_none();
}

static struct value list_method_sort(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"key=", "reverse=", NULL};
    struct arguments rest = without_first(arguments);
    struct list *self = self_list(ev, "sort", arguments);
    struct value given[2];
    if (!self)
        return value_raised();
    if (rest.count)
        return eval_raise(ev, ev->types->type_error, "sort() takes no positional arguments");
    if (!arguments_bind(ev, "sort", &rest, names, given))
        return value_raised();
    int reverse = given[1].kind == VALUE_UNBOUND ? 0 : value_truth(ev, given[1]);
    if (reverse == -1) {
        struct reason *reason =
            is_unknown(given[1]) ? given[1].reason : eval_reason(ev, TEXT("an order that cannot be told"));
        list_blur(ev, self, reason);
        return value_none();
    }
    return none_or_raised(reverse >= 0 && list_sort(ev, self, given[0], reverse == 1));
}

/* What subclasses call through super(). */

static struct value list_method_init(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "__init__", arguments);
    if (!self || !method_arguments(ev, "list", arguments, &rest, 0, 1))
        return value_raised();
    list_clear(ev, self);
    return rest.count ? list_method_extend(ev, arguments) : value_none();
}

static struct value items_getitem(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_items(ev, "__getitem__", arguments);
    if (!self || !method_arguments(ev, "__getitem__", arguments, &rest, 1, 1))
        return value_raised();
    return get_item(ev, value_of(value_list(arguments->items[0]) ? VALUE_LIST : VALUE_TUPLE, self), rest.items[0]);
}

static struct value list_method_setitem(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "__setitem__", arguments);
    if (!self || !method_arguments(ev, "__setitem__", arguments, &rest, 2, 2))
        return value_raised();
    return none_or_raised(set_item(ev, value_of(VALUE_LIST, self), rest.items[0], rest.items[1]));
}

static struct value list_method_delitem(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_list(ev, "__delitem__", arguments);
    if (!self || !method_arguments(ev, "__delitem__", arguments, &rest, 1, 1))
        return value_raised();
    return none_or_raised(delete_item(ev, value_of(VALUE_LIST, self), rest.items[0]));
}

static struct value items_len(struct eval *ev, const struct arguments *arguments)
{
    struct list *self = self_items(ev, "__len__", arguments);
    return self ? value_length(ev, value_of(VALUE_LIST, self)) : value_raised();
}

static struct value items_iter(struct eval *ev, const struct arguments *arguments)
{
    struct list *self = self_items(ev, "__iter__", arguments);
    return self ? iterator_over(ev, self) : value_raised();
}

static struct value items_reversed(struct eval *ev, const struct arguments *arguments)
{
    struct list *self = self_items(ev, "__reversed__", arguments);
    struct value outcome;
    struct list *list = self ? iterate(ev, value_of(VALUE_LIST, self), &outcome) : NULL;
    if (!list)
        return self ? outcome : value_raised();
    for (uint32_t i = 0; i < list->count / 2; i++) {
        struct value item = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = item;
    }
    return iterator_over(ev, list);
}

static struct value items_contains(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct list *self = self_items(ev, "__contains__", arguments);
    if (!self || !method_arguments(ev, "__contains__", arguments, &rest, 1, 1))
        return value_raised();
    return list_contains(ev, self, rest.items[0]);
}

void list_methods_init(struct eval *ev)
{
    static const struct native shared[] = {{"index", items_index, NULL},
                                           {"count", items_count, NULL},
                                           {"__getitem__", items_getitem, NULL},
                                           {"__len__", items_len, NULL},
                                           {"__iter__", items_iter, NULL},
                                           {"__contains__", items_contains, NULL},
                                           {NULL, NULL, NULL}};
    static const struct native natives[] = {
        {"append", list_method_append, NULL},       {"extend", list_method_extend, NULL},
        {"insert", list_method_insert, NULL},       {"pop", list_method_pop, NULL},
        {"remove", list_method_remove, NULL},       {"clear", list_method_clear, NULL},
        {"copy", list_method_copy, NULL},           {"reverse", list_method_reverse, NULL},
        {"sort", list_method_sort, NULL},           {"__init__", list_method_init, NULL},
        {"__setitem__", list_method_setitem, NULL}, {"__delitem__", list_method_delitem, NULL},
        {"__reversed__", items_reversed, NULL},     {NULL, NULL, NULL}};
    class_add_natives(ev, ev->types->tuple, shared);
    class_add_natives(ev, ev->types->list, shared);
    class_add_natives(ev, ev->types->list, natives);
}
