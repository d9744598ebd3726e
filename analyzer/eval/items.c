/* Subscripts: reading, writing and deleting, by index, slice and key. */
#include "eval/values.h"

int value_index(struct eval *ev, struct value value, int64_t *integer, struct value *outcome)
{
    if (value_integer(value, integer))
        return 1;
    if (is_unknown(value) || is_raised(value)) {
        *outcome = unknown_operand(ev, value);
        return -1;
    }
    struct value result = call_special(ev, value, "__index__", NULL, 0);
    if (result.kind == VALUE_UNBOUND) {
        if (value.kind != VALUE_TENSOR)
            return 0;
        result = eval_unknown(ev, "a tensor as an index");
    }
    if (value_integer(result, integer))
        return 1;
    *outcome =
        is_raised(result) || is_unknown(result)
            ? result
            : eval_raise(ev, ev->types->type_error, "__index__ returned non-int (type %s)", type_name(ev, result));
    return -1;
}

/* One bound of a slice; `given` is left alone for None.  0 fine, -1 see *outcome. */
static int slice_bound(struct eval *ev, struct value bound, int64_t *given, bool *is_given, struct value *outcome)
{
    *is_given = bound.kind != VALUE_NONE;
    if (!*is_given)
        return 0;
    int found = value_index(ev, bound, given, outcome);
    if (found == 0)
        *outcome =
            eval_raise(ev, ev->types->type_error, "slice indices must be integers or None or have an __index__ method");
    return found == 1 ? 0 : -1;
}

static int64_t clamp_bound(int64_t bound, int64_t length, int64_t step)
{
    if (bound < 0) {
        bound = bound < -length ? -1 : bound + length;
        if (bound < 0)
            return step < 0 ? -1 : 0;
        return bound;
    }
    if (bound >= length)
        return step < 0 ? length - 1 : length;
    return bound;
}

int slice_bounds(struct eval *ev, const struct slice *slice, int64_t length, int64_t *start, int64_t *step,
                 int64_t *count, struct value *outcome)
{
    int64_t first = 0, stop = 0;
    bool has_first, has_stop, has_step;
    *step = 1;
    if (slice_bound(ev, slice->step, step, &has_step, outcome) < 0)
        return -1;
    if (*step == 0) {
        *outcome = eval_raise(ev, ev->types->value_error, "slice step cannot be zero");
        return -1;
    }
    if (*step == INT64_MIN)
        *step = -INT64_MAX;
    if (slice_bound(ev, slice->start, &first, &has_first, outcome) < 0 ||
        slice_bound(ev, slice->stop, &stop, &has_stop, outcome) < 0)
        return -1;
    *start = has_first ? clamp_bound(first, length, *step) : *step < 0 ? length - 1 : 0;
    stop = has_stop ? clamp_bound(stop, length, *step) : *step < 0 ? -1 : length;
    if (*step > 0)
        *count = *start < stop ? (stop - *start - 1) / *step + 1 : 0;
    else
        *count = stop < *start ? (*start - stop - 1) / -*step + 1 : 0;
    return 0;
}

struct value list_of_copy(struct eval *ev, const struct list *list, uint32_t from, uint32_t count, enum value_kind kind)
{
    if (!work_items(ev, count))
        return value_raised();
    struct list *copy = list_new(ev, count);
    if (count)
        memcpy(copy->items, list->items + from, count * sizeof *copy->items);
    copy->count = count;
    copy->open = list->open;
    return value_of(kind, copy);
}

static struct value list_slice(struct eval *ev, struct value sequence, const struct slice *slice)
{
    int64_t start, step, count;
    struct value outcome;
    if (slice_bounds(ev, slice, sequence.list->count, &start, &step, &count, &outcome) < 0)
        return is_unknown(outcome) ? unknown_item(ev, outcome.reason, sequence.list) : outcome;
    if (step == 1)
        return list_of_copy(ev, sequence.list, (uint32_t)start, (uint32_t)count, sequence.kind);
    struct list *copy = list_new(ev, (uint32_t)count);
    if (!work_items(ev, (uint64_t)count))
        return value_raised();
    for (int64_t i = 0; i < count; i++)
        copy->items[i] = sequence.list->items[start + i * step];
    copy->count = (uint32_t)count;
    return value_of(sequence.kind, copy);
}

static struct value text_slice(struct eval *ev, struct text text, const struct slice *slice)
{
    int64_t start, step, count;
    struct value outcome;
    if (!work_bytes(ev, text.length))
        return value_raised();
    if (slice_bounds(ev, slice, (int64_t)text_characters(text), &start, &step, &count, &outcome) < 0)
        return outcome;
    if (step == 1 || count == 0) {
        size_t from = count ? text_offset(text, (size_t)start) : 0;
        size_t to = count ? text_offset(text, (size_t)(start + count)) : 0;
        return eval_text(ev, (struct text){text.bytes + from, to - from});
    }
    struct text_builder builder = {0};
    if (text_is_ascii(text)) {
        for (int64_t i = 0; i < count; i++)
            text_builder_add(&builder, (struct text){text.bytes + start + i * step, 1});
    } else {
        /* The places of all characters first: stepping backwards through UTF-8 would be quadratic. */
        size_t characters = text_characters(text), at = 0;
        struct arena_mark mark = arena_mark(&ev->scratch);
        size_t *places = ARENA_ARRAY(&ev->scratch, characters + 1, size_t);
        for (size_t i = 0; i < characters; i++) {
            places[i] = at;
            at += text_character_size(text, at);
        }
        places[characters] = at;
        for (int64_t i = 0; i < count; i++) {
            size_t character = (size_t)(start + i * step);
            text_builder_add(&builder,
                             (struct text){text.bytes + places[character], places[character + 1] - places[character]});
        }
        arena_reset(&ev->scratch, mark);
    }
    struct value value = eval_text(ev, text_builder_text(&builder));
    text_builder_free(&builder);
    return value;
}

/* Place of an index in a sequence.  1 fine, 0 outside, -1 see *outcome. */
static int place_of(struct eval *ev, struct value index, int64_t length, const char *what, int64_t *at,
                    struct value *outcome)
{
    int found = value_index(ev, index, at, outcome);
    if (found < 0)
        return -1;
    if (found == 0) {
        *outcome =
            eval_raise(ev, ev->types->type_error, "%s not %s%s%s", what, strncmp(what, "string", 6) == 0 ? "'" : "",
                       type_name(ev, index), strncmp(what, "string", 6) == 0 ? "'" : "");
        return -1;
    }
    if (*at < 0)
        *at += length;
    return *at >= 0 && *at < length;
}

static struct value list_item(struct eval *ev, struct value sequence, struct value index)
{
    const struct list *list = sequence.list;
    if (list->open)
        return unknown_item(ev, list->open, list);
    if (is_unknown(index))
        return unknown_item(ev, index.reason, list);
    if (index.kind == VALUE_SLICE)
        return list_slice(ev, sequence, index.slice);
    bool is_tuple = sequence.kind == VALUE_TUPLE;
    int64_t at;
    struct value outcome;
    int found =
        place_of(ev, index, list->count,
                 is_tuple ? "tuple indices must be integers or slices," : "list indices must be integers or slices,",
                 &at, &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->index_error, "%s index out of range", is_tuple ? "tuple" : "list");
    return list->items[at];
}

static struct value text_item(struct eval *ev, struct str *text, struct value index)
{
    if (index.kind == VALUE_SLICE)
        return text_slice(ev, str_text(text), index.slice);
    int64_t at;
    struct value outcome;
    if (!work_bytes(ev, text->length))
        return value_raised();
    int found = place_of(ev, index, (int64_t)text_characters(str_text(text)), "string indices must be integers,", &at,
                         &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->index_error, "string index out of range");
    size_t from = text_offset(str_text(text), (size_t)at);
    return eval_text(ev, (struct text){text->bytes + from, text_character_size(str_text(text), from)});
}

/* The stop of a slice as Python clamps it. */
static int64_t range_stop(const struct slice *slice, int64_t length, int64_t step)
{
    int64_t stop = 0;
    if (value_integer(slice->stop, &stop))
        return clamp_bound(stop, length, step);
    return step < 0 ? -1 : length;
}

static struct value range_item(struct eval *ev, const struct range *range, struct value index)
{
    int64_t length = range_length(range), at;
    struct value outcome;
    if (index.kind == VALUE_SLICE) {
        int64_t start, step, count;
        if (slice_bounds(ev, index.slice, length, &start, &step, &count, &outcome) < 0)
            return outcome;
        struct value first = binary(ev, OP_MULTIPLY, value_int(start), value_int(range->step));
        first = binary(ev, OP_ADD, value_int(range->start), first);
        struct value stride = binary(ev, OP_MULTIPLY, value_int(step), value_int(range->step));
        struct value end = value_int(range_stop(index.slice, length, step));
        end = binary(ev, OP_ADD, value_int(range->start), binary(ev, OP_MULTIPLY, end, value_int(range->step)));
        if (first.kind != VALUE_INT || stride.kind != VALUE_INT || end.kind != VALUE_INT)
            return eval_unknown(ev, "an integer over 64 bits");
        return range_of(ev, first.integer, end.integer, stride.integer);
    }
    int found = place_of(ev, index, length, "range indices must be integers or slices,", &at, &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->index_error, "range object index out of range");
    return value_int(range->start + at * range->step);
}

static struct value class_item(struct eval *ev, struct class *class_, struct value index)
{
    struct value method = meta_method(ev, class_, ev->types->names.getitem);
    if (method.kind == VALUE_UNBOUND) {
        method = class_find(ev, class_, ev->types->names.class_getitem);
        if (method.kind == VALUE_FUNCTION || method.kind == VALUE_NATIVE) {
            struct value both[] = {value_of(VALUE_CLASS, class_), index};
            return call_values(ev, method, both, 2);
        }
        if (method.kind != VALUE_UNBOUND && !is_raised(method) && !is_unknown(method))
            method = value_bind(ev, method, value_unbound(), class_);
    }
    if (is_raised(method) || is_unknown(method))
        return unknown_operand(ev, method);
    if (method.kind != VALUE_UNBOUND)
        return call_values(ev, method, &index, 1);
    const struct types *types = ev->types;
    bool generic = !class_->is_builtin || class_ == types->list || class_ == types->dict || class_ == types->tuple ||
                   class_ == types->set || class_ == types->frozenset || class_ == types->type;
    if (generic)
        return value_of(VALUE_CLASS, class_); /* `list[int]`, `Base[T]`: what it is for here is the class */
    return eval_raise(ev, types->type_error, "type '%s' is not subscriptable", class_->name->bytes);
}

static struct value not_subscriptable(struct eval *ev, struct value object)
{
    return eval_raise(ev, ev->types->type_error, "'%s' object is not subscriptable", type_name(ev, object));
}

static struct value dict_item(struct eval *ev, struct dict *dict, struct value key)
{
    struct value value = dict_lookup(ev, dict, key);
    return value.kind == VALUE_UNBOUND ? raise_value_of(ev, ev->types->key_error, key) : value;
}

struct value get_item(struct eval *ev, struct value object, struct value index)
{
    if (is_raised(object) || is_raised(index))
        return value_raised();
    if (is_unknown(object))
        return unknown_operand(ev, object);
    switch ((enum value_kind)object.kind) {
    case VALUE_LIST:
    case VALUE_TUPLE: return list_item(ev, object, index);
    case VALUE_DICT: return dict_item(ev, object.dict, index);
    case VALUE_STR: return text_item(ev, object.str, index);
    case VALUE_RANGE: return range_item(ev, object.range, index);
    case VALUE_CLASS: return class_item(ev, object.class_, index);
    case VALUE_INSTANCE:
    case VALUE_TENSOR: {
        struct value result = call_special(ev, object, "__getitem__", &index, 1);
        if (result.kind != VALUE_UNBOUND)
            return result;
        if (object.kind == VALUE_TENSOR)
            return eval_unknown(ev, "an item of a tensor");
        struct value payload = payload_of(object);
        if (payload.kind == VALUE_LIST || payload.kind == VALUE_TUPLE || payload.kind == VALUE_DICT ||
            payload.kind == VALUE_STR)
            return get_item(ev, payload, index);
        break;
    }
    case VALUE_RAISED:
    case VALUE_UNBOUND:
    case VALUE_UNKNOWN:
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_SET:
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
    return not_subscriptable(ev, object);
}

/* Writing. */

static bool list_set_slice(struct eval *ev, struct list *list, const struct slice *slice, struct value value)
{
    int64_t start, step, count;
    struct value outcome = value;
    struct list *items = is_unknown(value) ? NULL : iterate(ev, value, &outcome);
    if (!items && is_raised(outcome)) {
        int64_t by;
        bool extended = value_integer(slice->step, &by) && by != 1;
        if (value.kind != VALUE_INSTANCE && take_raised(ev, ev->types->type_error))
            eval_raise(ev, ev->types->type_error,
                       extended ? "must assign iterable to extended slice" : "can only assign an iterable");
        return false;
    }
    if (!items) {
        list_open(ev, list, outcome.reason);
        return true;
    }
    if (slice_bounds(ev, slice, list->count, &start, &step, &count, &outcome) < 0) {
        if (is_unknown(outcome))
            list_open(ev, list, outcome.reason);
        return !is_raised(outcome);
    }
    if (!work_items(ev, (uint64_t)list->count + items->count))
        return false;
    if (step != 1) {
        if (count != items->count) {
            eval_raise(ev, ev->types->value_error,
                       "attempt to assign sequence of size %u to extended slice of size %lld", items->count,
                       (long long)count);
            return false;
        }
        for (int64_t i = 0; i < count; i++)
            list_set(ev, list, (uint32_t)(start + i * step), items->items[i]);
        return true;
    }
    uint32_t from = (uint32_t)start, tail_count = list->count - from - (uint32_t)count;
    struct value tail = list_of_copy(ev, list, from + (uint32_t)count, tail_count, VALUE_LIST);
    if (is_raised(tail))
        return false;
    list_remove(ev, list, from, list->count - from);
    return list_extend(ev, list, items) && list_extend(ev, list, tail.list);
}

static bool list_set_item(struct eval *ev, struct list *list, struct value index, struct value value)
{
    if (index.kind == VALUE_SLICE)
        return list_set_slice(ev, list, index.slice, value);
    if (is_unknown(index)) { /* any of them may be the new one now */
        ev->guesses++;
        if (!work(ev, list->count))
            return false;
        for (uint32_t i = 0; i < list->count; i++)
            list_set(ev, list, i, value_join(ev, list->items[i], value, index.reason));
        return true;
    }
    int64_t at;
    struct value outcome;
    int found = place_of(ev, index, list->count, "list indices must be integers or slices,", &at, &outcome);
    if (found < 0) {
        if (is_unknown(outcome))
            list_open(ev, list, outcome.reason);
        return !is_raised(outcome);
    }
    if (found == 0) {
        if (list->open) {
            expose(ev, value, list->open);
            ev->guesses++;
            return true;
        }
        eval_raise(ev, ev->types->index_error, "list assignment index out of range");
        return false;
    }
    list_set(ev, list, (uint32_t)at, value);
    return true;
}

bool set_item(struct eval *ev, struct value object, struct value index, struct value value)
{
    if (is_raised(object) || is_raised(index) || is_raised(value))
        return false;
    if (is_unknown(object)) {
        blur(ev, object, NULL, object.reason);
        expose(ev, value, object.reason);
        return true;
    }
    if (object.kind == VALUE_LIST)
        return list_set_item(ev, object.list, index, value);
    if (object.kind == VALUE_DICT)
        return dict_store(ev, object.dict, index, value);
    struct value both[] = {index, value};
    struct value result = value_unbound();
    if (object.kind == VALUE_CLASS) {
        struct value method = meta_method(ev, object.class_, ev->types->names.setitem);
        result = is_raised(method) || method.kind == VALUE_UNBOUND ? method : call_values(ev, method, both, 2);
    } else {
        result = call_special(ev, object, "__setitem__", both, 2);
    }
    if (is_unknown(result)) {
        expose(ev, object, result.reason);
        expose(ev, value, result.reason);
        return true;
    }
    if (result.kind != VALUE_UNBOUND)
        return !is_raised(result);
    if (object.kind == VALUE_TENSOR) {
        cell_touch(ev, &object.tensor->cell);
        object.tensor->numbers = NULL;
        return true;
    }
    struct value payload = payload_of(object);
    if (payload.kind == VALUE_LIST || payload.kind == VALUE_DICT)
        return set_item(ev, payload, index, value);
    eval_raise(ev, ev->types->type_error, "'%s' object does not support item assignment", type_name(ev, object));
    return false;
}

/* Deleting. */

static bool list_delete_slice(struct eval *ev, struct list *list, const struct slice *slice)
{
    int64_t start, step, count;
    struct value outcome;
    if (slice_bounds(ev, slice, list->count, &start, &step, &count, &outcome) < 0) {
        if (is_unknown(outcome))
            list_open(ev, list, outcome.reason);
        return !is_raised(outcome);
    }
    if (!work_items(ev, list->count))
        return false;
    if (step < 0 && count) {
        start += (count - 1) * step;
        step = -step;
    }
    if (count == 0)
        return true;
    if (step == 1) {
        list_remove(ev, list, (uint32_t)start, (uint32_t)count);
        return true;
    }
    struct list *kept = list_new(ev, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        int64_t distance = (int64_t)i - start;
        bool gone = distance >= 0 && distance % step == 0 && distance / step < count;
        if (!gone && !list_append(ev, kept, list->items[i]))
            return false;
    }
    list_clear(ev, list);
    return list_extend(ev, list, kept);
}

static bool list_delete_item(struct eval *ev, struct list *list, struct value index)
{
    if (index.kind == VALUE_SLICE)
        return list_delete_slice(ev, list, index.slice);
    int64_t at;
    struct value outcome;
    int found = place_of(ev, index, list->count, "list indices must be integers or slices,", &at, &outcome);
    if (found < 0) {
        if (is_unknown(outcome))
            list_open(ev, list, outcome.reason);
        return !is_raised(outcome);
    }
    if (found == 0) {
        if (list->open) {
            ev->guesses++;
            return true;
        }
        eval_raise(ev, ev->types->index_error, "list assignment index out of range");
        return false;
    }
    if (!work_items(ev, list->count - (uint64_t)at))
        return false;
    list_remove(ev, list, (uint32_t)at, 1);
    return true;
}

static bool dict_delete_item(struct eval *ev, struct dict *dict, struct value key)
{
    struct value found = dict_lookup(ev, dict, key);
    if (is_raised(found))
        return false;
    if (dict->open || is_unknown(key) || (found.kind == VALUE_UNKNOWN && dict_get(dict, key).kind == VALUE_UNBOUND)) {
        if (!dict->open)
            dict_open(ev, dict, found.reason);
        else if (!is_unknown(key))
            dict_discard(ev, dict, key);
        return true;
    }
    if (found.kind == VALUE_UNBOUND) {
        raise_value_of(ev, ev->types->key_error, key);
        return false;
    }
    dict_discard(ev, dict, key);
    return true;
}

bool delete_item(struct eval *ev, struct value object, struct value index)
{
    if (is_raised(object) || is_raised(index))
        return false;
    if (is_unknown(object)) {
        blur(ev, object, NULL, object.reason);
        return true;
    }
    if (object.kind == VALUE_LIST)
        return list_delete_item(ev, object.list, index);
    if (object.kind == VALUE_DICT)
        return dict_delete_item(ev, object.dict, index);
    struct value result = call_special(ev, object, "__delitem__", &index, 1);
    if (is_unknown(result)) {
        expose(ev, object, result.reason);
        return true;
    }
    if (result.kind != VALUE_UNBOUND)
        return !is_raised(result);
    struct value payload = payload_of(object);
    if (payload.kind == VALUE_LIST || payload.kind == VALUE_DICT)
        return delete_item(ev, payload, index);
    eval_raise(ev, ev->types->type_error, "'%s' object %s item deletion", type_name(ev, object),
               object.kind == VALUE_INSTANCE || object.kind == VALUE_TUPLE || object.kind == VALUE_RANGE ||
                       object.kind == VALUE_STR
                   ? "doesn't support"
                   : "does not support");
    return false;
}
