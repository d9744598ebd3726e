/* `in`: for every kind of container. */
#include <math.h>

#include "eval/values.h"

struct value list_contains(struct eval *ev, const struct list *list, struct value item)
{
    struct value doubt = value_bool(false);
    for (uint32_t i = 0; i < list->count; i++) {
        struct value other = list->items[i];
        if (!work_items(ev, 8))
            return value_raised();
        int equal = other.kind == item.kind && other.pointer == item.pointer && other.kind > VALUE_FLOAT
                        ? 1
                        : values_equal(ev, other, item);
        if (equal == -2)
            return value_raised();
        if (equal == 1 && !list->open)
            return value_bool(true);
        if (equal == -1)
            doubt = truth_about(ev, -1, other, item);
    }
    if (list->open)
        return unknown_because(ev, list->open);
    return unknown_operand(ev, doubt);
}

static struct value text_contains(struct eval *ev, struct text text, struct value item)
{
    struct str *part = value_string(item);
    if (!part)
        return eval_raise(ev, ev->types->type_error, "'in <string>' requires string as left operand, not %s",
                          type_name(ev, item));
    if (!work_bytes(ev, text.length))
        return value_raised();
    return value_bool(part->length == 0 || text_find(text, str_text(part), 0) != TEXT_NOT_FOUND);
}

static struct value range_contains(struct eval *ev, struct value range, struct value item)
{
    int64_t integer;
    if (item.kind == VALUE_FLOAT) {
        if (item.real != floor(item.real) || fabs(item.real) > 9e18)
            return value_bool(false);
        integer = (int64_t)item.real;
    } else if (!value_integer(item, &integer)) {
        return item.kind == VALUE_INSTANCE ? eval_unknown(ev, "a comparison that cannot be told") : value_bool(false);
    }
    const struct range *bounds = range.range;
    bool inside = bounds->step > 0 ? integer >= bounds->start && integer < bounds->stop
                                   : integer <= bounds->start && integer > bounds->stop;
    if (!inside)
        return value_bool(false);
    uint64_t distance =
        bounds->step > 0 ? (uint64_t)integer - (uint64_t)bounds->start : (uint64_t)bounds->start - (uint64_t)integer;
    uint64_t step = bounds->step > 0 ? (uint64_t)bounds->step : 0 - (uint64_t)bounds->step;
    return value_bool(distance % step == 0);
}

static struct value iterated_contains(struct eval *ev, struct value container, struct value item)
{
    struct value outcome;
    struct list *list = iterate(ev, container, &outcome);
    return list ? list_contains(ev, list, item) : outcome;
}

static struct value object_contains(struct eval *ev, struct value container, struct value item)
{
    struct value result = call_special(ev, container, "__contains__", &item, 1);
    if (result.kind != VALUE_UNBOUND)
        return is_unknown(result) ? result : truth_value(ev, value_truth(ev, result));
    struct value payload = payload_of(container);
    if (payload.kind == VALUE_LIST || payload.kind == VALUE_TUPLE || payload.kind == VALUE_DICT ||
        payload.kind == VALUE_SET || payload.kind == VALUE_STR)
        return value_contains(ev, payload, item);
    struct value iter = find_special(ev, container, ev->types->names.iter);
    if (iter.kind == VALUE_UNBOUND)
        iter = find_special(ev, container, ev->types->names.getitem);
    if (is_raised(iter) || is_unknown(iter))
        return unknown_operand(ev, iter);
    if (iter.kind == VALUE_UNBOUND)
        return eval_raise(ev, ev->types->type_error, "argument of type '%s' is not iterable", type_name(ev, container));
    return iterated_contains(ev, container, item);
}

struct value value_contains(struct eval *ev, struct value container, struct value item)
{
    switch ((enum value_kind)container.kind) {
    case VALUE_UNKNOWN: return unknown_operand(ev, container);
    case VALUE_STR:
        return is_unknown(item) ? unknown_operand(ev, item) : text_contains(ev, str_text(container.str), item);
    case VALUE_LIST:
    case VALUE_TUPLE: return list_contains(ev, container.list, item);
    case VALUE_DICT:
    case VALUE_SET: {
        struct value found = dict_lookup(ev, container.dict, item);
        return is_raised(found) ? found
               : is_unknown(found) && (container.dict->open || is_unknown(item) ||
                                       dict_get(container.dict, item).kind == VALUE_UNBOUND)
                   ? found
                   : value_bool(found.kind != VALUE_UNBOUND);
    }
    case VALUE_RANGE: return is_unknown(item) ? unknown_operand(ev, item) : range_contains(ev, container, item);
    case VALUE_ITERATOR:
        for (;;) {
            struct value next = iterator_next(ev, container);
            if (next.kind == VALUE_UNBOUND)
                return value_bool(false);
            int equal = is_raised(next) ? -2 : values_equal(ev, next, item);
            if (equal == -2)
                return value_raised();
            if (equal == -1) {
                list_open(ev, container.iterator->list,
                          eval_reason(ev, TEXT("an iterator whose place cannot be told")));
                return truth_about(ev, -1, next, item);
            }
            if (equal == 1)
                return value_bool(true);
        }
    case VALUE_INSTANCE:
    case VALUE_TENSOR: return object_contains(ev, container, item);
    case VALUE_CLASS: {
        struct value method =
            container.class_->meta ? meta_method(ev, container.class_, ev->types->names.contains) : value_unbound();
        if (is_raised(method))
            return method;
        if (method.kind != VALUE_UNBOUND) {
            struct value result = call_values(ev, method, &item, 1);
            return is_unknown(result) ? result : truth_value(ev, value_truth(ev, result));
        }
        if (container.class_->meta)
            return iterated_contains(ev, container, item);
        break;
    }
    case VALUE_RAISED: return container;
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
    return eval_raise(ev, ev->types->type_error, "argument of type '%s' is not iterable", type_name(ev, container));
}
