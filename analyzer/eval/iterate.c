/* Iterating, lengths and isinstance. */
#include "eval/values.h"

int64_t range_length(const struct range *range)
{
    if (range->step > 0 ? range->start >= range->stop : range->start <= range->stop)
        return 0;
    uint64_t distance = range->step > 0 ? (uint64_t)range->stop - (uint64_t)range->start
                                        : (uint64_t)range->start - (uint64_t)range->stop;
    uint64_t step = range->step > 0 ? (uint64_t)range->step : 0 - (uint64_t)range->step;
    uint64_t length = (distance - 1) / step + 1;
    return length > INT64_MAX ? INT64_MAX : (int64_t)length;
}

struct value range_of(struct eval *ev, int64_t start, int64_t stop, int64_t step)
{
    struct range *range = ARENA_NEW(eval_heap(ev), struct range);
    *range = (struct range){start, stop, step};
    return value_of(VALUE_RANGE, range);
}

struct value iterator_over(struct eval *ev, struct list *list)
{
    struct iterator *iterator = ARENA_NEW(eval_heap(ev), struct iterator);
    cell_init(ev, &iterator->cell, CELL_ITERATOR);
    iterator->list = list;
    iterator->returned = value_none();
    return value_of(VALUE_ITERATOR, iterator);
}

struct value iterator_next(struct eval *ev, struct value value)
{
    struct iterator *iterator = value.iterator;
    if (!work(ev, 1))
        return value_raised();
    if (iterator->list->open) {
        cell_touch(ev, &iterator->cell);
        iterator->next += iterator->walk != NULL; /* so that the walk notices */
        return unknown_item(ev, iterator->list->open, iterator->list);
    }
    if (iterator->next >= iterator->list->count)
        return value_unbound();
    cell_touch(ev, &iterator->cell);
    return iterator->list->items[iterator->next++];
}

static struct list *copy_items(struct eval *ev, const struct list *list, uint32_t from, struct value *outcome)
{
    if (list->open) {
        *outcome = unknown_item(ev, list->open, list);
        return NULL;
    }
    struct value copy = list_of_copy(ev, list, from < list->count ? from : list->count,
                                     from < list->count ? list->count - from : 0, VALUE_LIST);
    *outcome = copy;
    return is_raised(copy) ? NULL : copy.list;
}

struct list *dict_snapshot(struct eval *ev, const struct dict *dict, enum view_kind kind)
{
    if (!work_items(ev, kind == VIEW_ITEMS ? (uint64_t)dict->count * 4 : dict->count))
        return NULL;
    struct list *list = list_new(ev, dict->count);
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
        struct value both[] = {entry->key, entry->value};
        if (kind != VIEW_KEYS)
            both[1] = member_value(ev, both[0], both[1]);
        if (is_raised(both[1]))
            return NULL;
        struct value item = kind == VIEW_KEYS ? both[0] : kind == VIEW_VALUES ? both[1] : tuple_of(ev, both, 2);
        list->items[list->count++] = item;
    }
    return list;
}

static struct list *dict_items(struct eval *ev, const struct dict *dict, enum view_kind kind, struct value *outcome)
{
    if (dict->open) {
        *outcome = unknown_entry(ev, dict->open, dict);
        return NULL;
    }
    struct list *list = dict_snapshot(ev, dict, kind);
    *outcome = value_raised();
    return list;
}

static struct list *range_items(struct eval *ev, const struct range *range, struct value *outcome)
{
    int64_t count = range_length(range);
    *outcome = value_raised();
    if (count > LIMIT_LIST_ITEMS) {
        eval_stop(ev, "a list with too many items");
        return NULL;
    }
    if (!work_items(ev, (uint64_t)count))
        return NULL;
    struct list *list = list_new(ev, (uint32_t)count);
    for (int64_t i = 0; i < count; i++)
        list->items[i] = value_int(range->start + i * range->step);
    list->count = (uint32_t)count;
    return list;
}

/* Items of an object with __next__, until StopIteration. */
static struct list *next_items(struct eval *ev, struct value iterator, struct value *outcome)
{
    struct list *list = list_new(ev, 0);
    for (;;) {
        struct value item = call_special(ev, iterator, "__next__", NULL, 0);
        *outcome = item;
        if (item.kind == VALUE_UNBOUND) {
            *outcome = eval_raise(ev, ev->types->type_error, "iter() returned non-iterator of type '%s'",
                                  type_name(ev, iterator));
            return NULL;
        }
        if (is_raised(item))
            return take_raised(ev, ev->types->stop_iteration) ? list : NULL;
        if (!work(ev, 1) || !list_append(ev, list, item)) {
            *outcome = value_raised();
            return NULL;
        }
    }
}

/* Items of an object with __getitem__ only, until IndexError. */
static struct list *indexed_items(struct eval *ev, struct value object, struct value *outcome)
{
    struct list *list = list_new(ev, 0);
    for (int64_t i = 0;; i++) {
        struct value index = value_int(i);
        struct value item = get_item(ev, object, index);
        *outcome = item;
        if (is_raised(item))
            return take_raised(ev, ev->types->index_error) ? list : NULL;
        if (is_unknown(item))
            return NULL; /* then it cannot be told where it ends */
        if (!work(ev, 1) || !list_append(ev, list, item)) {
            *outcome = value_raised();
            return NULL;
        }
    }
}

static struct list *iterated_result(struct eval *ev, struct value result, struct value *outcome)
{
    *outcome = result;
    if (is_raised(result) || is_unknown(result))
        return NULL;
    if (result.kind == VALUE_INSTANCE) {
        enum view_kind kind;
        struct dict *viewed = view_dict(ev, result, &kind);
        return viewed ? dict_items(ev, viewed, kind, outcome) : next_items(ev, result, outcome);
    }
    return iterate(ev, result, outcome);
}

static struct list *object_items(struct eval *ev, struct value object, struct value *outcome)
{
    enum view_kind kind;
    struct dict *viewed = view_dict(ev, object, &kind);
    if (viewed)
        return dict_items(ev, viewed, kind, outcome);
    struct value result = call_special(ev, object, "__iter__", NULL, 0);
    if (result.kind != VALUE_UNBOUND)
        return iterated_result(ev, result, outcome);
    struct value payload = payload_of(object);
    if (payload.kind == VALUE_LIST || payload.kind == VALUE_TUPLE || payload.kind == VALUE_DICT ||
        payload.kind == VALUE_SET || payload.kind == VALUE_STR)
        return iterate(ev, payload, outcome);
    struct value method = find_special(ev, object, ev->types->names.getitem);
    if (method.kind != VALUE_UNBOUND && !is_raised(method) && !is_unknown(method))
        return indexed_items(ev, object, outcome);
    *outcome = unknown_operand(ev, method);
    if (method.kind == VALUE_UNBOUND && object.kind == VALUE_TENSOR)
        *outcome = eval_unknown(ev, "the items of a tensor");
    else if (method.kind == VALUE_UNBOUND)
        *outcome = eval_raise(ev, ev->types->type_error, "'%s' object is not iterable", type_name(ev, object));
    return NULL;
}

static struct list *class_items(struct eval *ev, struct value object, struct value *outcome)
{
    struct value method = meta_method(ev, object.class_, ev->types->names.iter);
    *outcome = method;
    if (is_raised(method) || is_unknown(method))
        return NULL;
    if (method.kind != VALUE_UNBOUND)
        return iterated_result(ev, call_values(ev, method, NULL, 0), outcome);
    *outcome = eval_raise(ev, ev->types->type_error, "'type' object is not iterable");
    return NULL;
}

static struct list *items_of(struct eval *ev, struct value iterable, struct value *outcome)
{
    switch ((enum value_kind)iterable.kind) {
    case VALUE_RAISED: *outcome = iterable; return NULL;
    case VALUE_UNKNOWN: *outcome = unknown_operand(ev, iterable); return NULL;
    case VALUE_LIST:
    case VALUE_TUPLE: return copy_items(ev, iterable.list, 0, outcome);
    case VALUE_DICT:
    case VALUE_SET: return dict_items(ev, iterable.dict, VIEW_KEYS, outcome);
    case VALUE_RANGE: return range_items(ev, iterable.range, outcome);
    case VALUE_STR:
        *outcome = text_list(ev, str_text(iterable.str));
        return outcome->kind == VALUE_LIST ? outcome->list : NULL;
    case VALUE_ITERATOR: {
        struct list *list = copy_items(ev, iterable.iterator->list, iterable.iterator->next, outcome);
        if (list || iterable.iterator->walk) {
            cell_touch(ev, &iterable.iterator->cell);
            iterable.iterator->next = UINT32_MAX;
        }
        return list;
    }
    case VALUE_INSTANCE:
    case VALUE_TENSOR: return object_items(ev, iterable, outcome);
    case VALUE_CLASS: return class_items(ev, iterable, outcome);
    case VALUE_UNBOUND:
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_SLICE:
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
    *outcome = eval_raise(ev, ev->types->type_error, "'%s' object is not iterable", type_name(ev, iterable));
    return NULL;
}

struct list *iterate(struct eval *ev, struct value iterable, struct value *outcome)
{
    struct list *list = NULL;
    *outcome = value_raised();
    if (enter(ev))
        list = items_of(ev, iterable, outcome);
    leave(ev);
    if (!list && !is_unknown(*outcome))
        *outcome = value_raised();
    return list;
}

/* iter(x): over the list itself where Python's would see changes, else over what iterating gives. */
struct value make_iterator(struct eval *ev, struct value iterable)
{
    if (iterable.kind == VALUE_ITERATOR)
        return iterable;
    if (iterable.kind == VALUE_LIST || iterable.kind == VALUE_TUPLE)
        return iterator_over(ev, iterable.list);
    if (iterable.kind == VALUE_INSTANCE) {
        enum view_kind kind;
        struct value result =
            view_dict(ev, iterable, &kind) ? value_unbound() : call_special(ev, iterable, "__iter__", NULL, 0);
        if (is_raised(result) || is_unknown(result) || result.kind == VALUE_ITERATOR)
            return result;
        if (result.kind == VALUE_INSTANCE) {
            struct value next = find_special(ev, result, ev->types->names.next);
            if (is_raised(next))
                return next;
            if (next.kind == VALUE_UNBOUND)
                return eval_raise(ev, ev->types->type_error, "iter() returned non-iterator of type '%s'",
                                  type_name(ev, result));
            return result;
        }
        if (result.kind != VALUE_UNBOUND)
            iterable = result;
    }
    struct value outcome;
    struct list *list = iterate(ev, iterable, &outcome);
    return list ? iterator_over(ev, list) : outcome;
}

struct value value_length(struct eval *ev, struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_RAISED: return value;
    case VALUE_UNKNOWN: return unknown_operand(ev, value);
    case VALUE_STR:
        return work_bytes(ev, value.str->length) ? value_int((int64_t)text_characters(str_text(value.str)))
                                                 : value_raised();
    case VALUE_LIST:
    case VALUE_TUPLE: return value.list->open ? unknown_because(ev, value.list->open) : value_int(value.list->count);
    case VALUE_DICT:
    case VALUE_SET: return value.dict->open ? unknown_because(ev, value.dict->open) : value_int(value.dict->count);
    case VALUE_RANGE: return value_int(range_length(value.range));
    case VALUE_INSTANCE:
    case VALUE_TENSOR: {
        struct value result = call_special(ev, value, "__len__", NULL, 0);
        int64_t length;
        if (is_raised(result) || is_unknown(result))
            return result;
        if (result.kind != VALUE_UNBOUND) {
            if (!value_integer(result, &length))
                return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                                  type_name(ev, result));
            return length < 0 ? eval_raise(ev, ev->types->value_error, "__len__() should return >= 0")
                              : value_int(length);
        }
        struct value payload = payload_of(value);
        if (value.kind == VALUE_TENSOR)
            return eval_unknown(ev, "the length of a tensor");
        if (payload.kind != VALUE_INSTANCE)
            return value_length(ev, payload);
        break;
    }
    case VALUE_CLASS: {
        struct value method = meta_method(ev, value.class_, ev->types->names.len);
        if (method.kind != VALUE_UNBOUND)
            return is_raised(method) ? method : call_values(ev, method, NULL, 0);
        break;
    }
    case VALUE_UNBOUND:
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
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
    return eval_raise(ev, ev->types->type_error, "object of type '%s' has no len()", type_name(ev, value));
}

/* isinstance. */

/* What `__instancecheck__` of the metaclass, or of the class in leaflint's facts, says; UNBOUND without. */
static struct value instance_check(struct eval *ev, struct value value, struct value type)
{
    struct str *name = ev->types->names.instancecheck;
    if (type.kind == VALUE_INSTANCE)
        return call_special(ev, type, name->bytes, &value, 1);
    struct value method = meta_method(ev, type.class_, name);
    if (method.kind == VALUE_UNBOUND) {
        method = class_find(ev, type.class_, name);
        if (method.kind == VALUE_FUNCTION) {
            struct value both[] = {type, value};
            return call_values(ev, method, both, 2);
        }
        if (is_unknown(method) || method.kind == VALUE_NATIVE) /* `type` itself has one for its instances */
            return value_unbound(); /* a base that cannot be told does not change what instances are */
        if (method.kind != VALUE_UNBOUND && !is_raised(method))
            method = value_bind(ev, method, value_unbound(), type.class_);
    }
    return method.kind == VALUE_UNBOUND || is_raised(method) || is_unknown(method) ? method
                                                                                   : call_values(ev, method, &value, 1);
}

static int is_instance_of(struct eval *ev, struct value value, struct value type)
{
    if (is_unknown(type)) {
        ev->guesses++;
        return -1;
    }
    if (type.kind == VALUE_TUPLE) {
        int result = 0;
        for (uint32_t i = 0; i < type.list->count; i++) {
            int one = value_is_instance(ev, value, type.list->items[i]);
            if (one == 1 || one == -2)
                return one;
            if (one == -1)
                result = -1;
        }
        return type.list->open ? -1 : result;
    }
    if (type.kind == VALUE_NONE)
        type = value_of(VALUE_CLASS, ev->types->none);
    if (is_unknown(value)) {
        ev->guesses++;
        return -1;
    }
    const struct class *class_ = value_class(ev, value);
    if (type.kind == VALUE_CLASS && class_is_subclass(class_, type.class_))
        return 1;
    if (type.kind == VALUE_CLASS || type.kind == VALUE_INSTANCE) {
        struct value checked = instance_check(ev, value, type);
        if (is_raised(checked))
            return -2;
        if (checked.kind != VALUE_UNBOUND)
            return value_truth(ev, checked);
        if (type.kind == VALUE_CLASS) {
            if (!class_->open)
                return 0;
            ev->guesses++;
            return -1;
        }
    }
    eval_raise(ev, ev->types->type_error, "isinstance() arg 2 must be a type, a tuple of types, or a union");
    return -2;
}

int value_is_instance(struct eval *ev, struct value value, struct value type)
{
    int result = -2;
    if (enter(ev))
        result = is_instance_of(ev, value, type);
    leave(ev);
    return result;
}
