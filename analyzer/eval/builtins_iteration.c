/* Builtin functions that iterate, and list, tuple, range, slice. */
#include "eval/values.h"

static struct value builtin_len(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "len", arguments, 1, 1) ? value_length(ev, arguments->items[0]) : value_raised();
}

static struct value list_construct(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "list", arguments, 0, 1))
        return value_raised();
    if (!arguments->count)
        return value_of(VALUE_LIST, list_new(ev, 0));
    struct list *list = iterate(ev, arguments->items[0], &outcome);
    return list ? value_of(VALUE_LIST, list) : outcome;
}

static struct value tuple_construct(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "tuple", arguments, 0, 1))
        return value_raised();
    if (!arguments->count)
        return tuple_of(ev, NULL, 0);
    if (arguments->items[0].kind == VALUE_TUPLE)
        return arguments->items[0];
    struct list *list = iterate(ev, arguments->items[0], &outcome);
    return list ? value_of(VALUE_TUPLE, list) : outcome;
}

static struct value range_construct(struct eval *ev, const struct arguments *arguments)
{
    int64_t bounds[3] = {0, 0, 1};
    struct value outcome;
    if (!argument_count(ev, "range", arguments, 1, 3))
        return value_raised();
    for (uint32_t i = 0; i < arguments->count; i++) {
        int found = value_index(ev, arguments->items[i], &bounds[arguments->count == 1 ? 1 : i], &outcome);
        if (found < 0)
            return outcome;
        if (found == 0)
            return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                              type_name(ev, arguments->items[i]));
    }
    if (bounds[2] == 0)
        return eval_raise(ev, ev->types->value_error, "range() arg 3 must not be zero");
    return range_of(ev, bounds[0], bounds[1], bounds[2]);
}

static struct value slice_construct(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "slice", arguments, 1, 3))
        return value_raised();
    struct slice *slice = ARENA_NEW(eval_heap(ev), struct slice);
    slice->start = arguments->count > 1 ? arguments->items[0] : value_none();
    slice->stop = arguments->items[arguments->count > 1 ? 1 : 0];
    slice->step = arguments->count > 2 ? arguments->items[2] : value_none();
    return value_of(VALUE_SLICE, slice);
}

static struct value builtin_iter(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "iter", arguments, 1, 2))
        return value_raised();
    if (arguments->count == 2)
        return not_followed(ev, arguments, "iter() with a sentinel is not followed");
    if (is_unknown(arguments->items[0]))
        return unknown_operand(ev, arguments->items[0]);
    return make_iterator(ev, arguments->items[0]);
}

/* The next item of what make_iterator() gave; UNBOUND at the end. */
static struct value next_item(struct eval *ev, struct value iterator)
{
    if (iterator.kind == VALUE_ITERATOR)
        return iterator_next(ev, iterator);
    struct value item = call_special(ev, iterator, "__next__", NULL, 0);
    if (item.kind == VALUE_UNBOUND)
        return eval_raise(ev, ev->types->type_error, "'%s' object is not an iterator", type_name(ev, iterator));
    if (is_raised(item) && take_raised(ev, ev->types->stop_iteration))
        return value_unbound();
    return item;
}

static struct value builtin_next(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "next", arguments, 1, 2))
        return value_raised();
    struct value iterator = arguments->items[0];
    if (is_unknown(iterator)) {
        expose(ev, iterator, iterator.reason);
        return unknown_operand(ev, iterator);
    }
    struct value item = next_item(ev, iterator);
    if (item.kind != VALUE_UNBOUND)
        return item;
    if (arguments->count == 2)
        return arguments->items[1];
    struct instance *exception = instance_new(ev, ev->types->stop_iteration);
    return eval_raise_value(ev, value_of(VALUE_INSTANCE, exception));
}

static struct value builtin_enumerate(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"iterable", "start=", NULL};
    struct value given[2], outcome;
    int64_t start = 0;
    if (!arguments_bind(ev, "enumerate", arguments, names, given))
        return value_raised();
    if (given[1].kind != VALUE_UNBOUND) {
        int found = value_index(ev, given[1], &start, &outcome);
        if (found == 0)
            return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                              type_name(ev, given[1]));
        if (found < 0)
            return outcome;
    }
    struct list *items = iterate(ev, given[0], &outcome);
    if (!items)
        return outcome;
    if (!work_items(ev, (uint64_t)items->count * 4))
        return value_raised();
    for (uint32_t i = 0; i < items->count; i++) {
        struct value pair[] = {value_int(start + i), items->items[i]};
        items->items[i] = tuple_of(ev, pair, 2);
    }
    return iterator_over(ev, items);
}

/* Rows. */

#define MAX_ROWS 4096 /* iterables of one zip() or map() */

/* Iterators over all arguments; false: *outcome. */
static bool open_all(struct eval *ev, const struct value *items, uint32_t count, struct value *iterators,
                     struct value *outcome)
{
    for (uint32_t i = 0; i < count; i++) {
        *outcome = is_unknown(items[i]) ? unknown_operand(ev, items[i]) : make_iterator(ev, items[i]);
        if (is_raised(*outcome) || is_unknown(*outcome))
            return false;
        iterators[i] = *outcome;
    }
    return true;
}

/* One row: 1 fine, 0 the end (*ended: whose), -1 see *outcome. */
static int next_row(struct eval *ev, const struct value *iterators, uint32_t count, struct value *row, uint32_t *ended,
                    struct value *outcome)
{
    for (uint32_t i = 0; i < count; i++) {
        row[i] = next_item(ev, iterators[i]);
        *outcome = row[i];
        *ended = i;
        if (row[i].kind == VALUE_UNBOUND)
            return 0;
        if (is_raised(row[i]))
            return -1;
        bool endless = iterators[i].kind == VALUE_ITERATOR && iterators[i].iterator->list->open;
        if (endless)
            return -1;
    }
    return 1;
}

static struct value unequal_rows(struct eval *ev, const struct value *iterators, uint32_t count, uint32_t ended)
{
    if (ended > 0)
        return eval_raise(ev, ev->types->value_error, "zip() argument %u is shorter than argument%s%u", ended + 1,
                          ended == 1 ? " " : "s 1-", ended == 1 ? 1 : ended);
    for (uint32_t i = 1; i < count; i++) {
        struct value item = next_item(ev, iterators[i]);
        if (is_raised(item))
            return item;
        if (item.kind != VALUE_UNBOUND)
            return eval_raise(ev, ev->types->value_error, "zip() argument %u is longer than argument%s%u", i + 1,
                              i == 1 ? " " : "s 1-", i == 1 ? 1 : i);
    }
    return value_none();
}

static struct value builtin_zip(struct eval *ev, const struct arguments *arguments)
{
    int strict = 0;
    struct value outcome;
    for (uint32_t i = 0; i < arguments->named_count; i++) {
        if (strcmp(arguments->names[i]->bytes, "strict") != 0)
            return eval_raise(ev, ev->types->type_error, "zip() got an unexpected keyword argument '%s'",
                              arguments->names[i]->bytes);
        strict = value_truth(ev, arguments->named[i]);
    }
    if (strict == -2)
        return value_raised();
    uint32_t count = arguments->count, ended = 0;
    struct list *rows = list_new(ev, 0);
    if (count == 0)
        return iterator_over(ev, rows);
    if (count > MAX_ROWS)
        return eval_stop(ev, "a call with too many arguments");
    struct value *iterators = list_new(ev, count)->items, *row = list_new(ev, count)->items;
    if (!open_all(ev, arguments->items, count, iterators, &outcome))
        return outcome;
    int more;
    while ((more = next_row(ev, iterators, count, row, &ended, &outcome)) == 1)
        if (!work(ev, count / 8 + 1) || !list_append(ev, rows, tuple_of(ev, row, count)))
            return value_raised();
    if (more < 0)
        return outcome;
    if (strict) {
        outcome = unequal_rows(ev, iterators, count, ended);
        if (is_raised(outcome))
            return outcome;
    }
    return iterator_over(ev, rows);
}

static struct value builtin_map(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!no_keywords(ev, "map", arguments))
        return value_raised();
    if (arguments->count < 2)
        return eval_raise(ev, ev->types->type_error, "map() must have at least two arguments.");
    if (arguments->count > MAX_ROWS)
        return eval_stop(ev, "a call with too many arguments");
    uint32_t count = arguments->count - 1, ended;
    struct value *iterators = list_new(ev, count)->items, *row = list_new(ev, count)->items;
    if (!open_all(ev, arguments->items + 1, count, iterators, &outcome))
        return outcome;
    struct list *results = list_new(ev, 0);
    int more;
    while ((more = next_row(ev, iterators, count, row, &ended, &outcome)) == 1) {
        struct value result = call_values(ev, arguments->items[0], row, count);
        if (is_raised(result) || !list_append(ev, results, result))
            return value_raised();
    }
    return more < 0 ? outcome : iterator_over(ev, results);
}

static struct value builtin_filter(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "filter", arguments, 2, 2))
        return value_raised();
    struct list *items = iterate(ev, arguments->items[1], &outcome), *kept = list_new(ev, 0);
    if (!items)
        return outcome;
    for (uint32_t i = 0; i < items->count; i++) {
        struct value test = items->items[i];
        if (arguments->items[0].kind != VALUE_NONE)
            test = call_values(ev, arguments->items[0], &items->items[i], 1);
        int truth = is_raised(test) ? -2 : value_truth(ev, test);
        if (truth == -2)
            return value_raised();
        if (truth == -1)
            kept->open = is_unknown(test) ? test.reason : eval_reason(ev, TEXT("a condition that cannot be told"));
        if (truth != 0 && (!work(ev, 1) || !list_append(ev, kept, items->items[i])))
            return value_raised();
    }
    return iterator_over(ev, kept);
}

static struct value builtin_sorted(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome, key = argument_named(arguments, "key"), reverse = argument_named(arguments, "reverse");
    if (arguments->count != 1)
        return eval_raise(ev, ev->types->type_error, "sorted expected 1 argument, got %u", arguments->count);
    for (uint32_t i = 0; i < arguments->named_count; i++)
        if (strcmp(arguments->names[i]->bytes, "key") != 0 && strcmp(arguments->names[i]->bytes, "reverse") != 0)
            return eval_raise(ev, ev->types->type_error, "'%s' is an invalid keyword argument for sort()",
                              arguments->names[i]->bytes);
    int backwards = reverse.kind == VALUE_UNBOUND ? 0 : value_truth(ev, reverse);
    struct list *list = iterate(ev, arguments->items[0], &outcome);
    if (!list || backwards < 0)
        return !list ? outcome : truth_value(ev, backwards);
    return list_sort(ev, list, key, backwards == 1) ? value_of(VALUE_LIST, list) : value_raised();
}

static struct value builtin_reversed(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "reversed", arguments, 1, 1))
        return value_raised();
    struct value value = arguments->items[0];
    if (is_unknown(value))
        return unknown_operand(ev, value);
    struct value result = call_special(ev, value, "__reversed__", NULL, 0);
    if (result.kind != VALUE_UNBOUND)
        return result;
    struct value plain = payload_of(value);
    struct list *list = NULL;
    if (plain.kind == VALUE_INSTANCE) {
        struct value getitem = find_special(ev, value, ev->types->names.getitem);
        struct value length = getitem.kind == VALUE_UNBOUND ? getitem : call_special(ev, value, "__len__", NULL, 0);
        if (is_raised(length) || is_unknown(length))
            return length;
        if (length.kind == VALUE_INT) {
            list = list_new(ev, 0);
            for (int64_t i = 0; i < length.integer; i++) {
                struct value item = get_item(ev, value, value_int(i));
                if (is_raised(item) || !work(ev, 1) || !list_append(ev, list, item))
                    return value_raised();
            }
        }
    } else if (plain.kind == VALUE_LIST || plain.kind == VALUE_TUPLE || plain.kind == VALUE_STR ||
               plain.kind == VALUE_RANGE || plain.kind == VALUE_DICT || plain.kind == VALUE_TENSOR) {
        list = iterate(ev, plain, &outcome);
        if (!list)
            return outcome;
    }
    if (!list)
        return eval_raise(ev, ev->types->type_error, "'%s' object is not reversible", type_name(ev, value));
    for (uint32_t i = 0; i < list->count / 2; i++) {
        struct value item = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = item;
    }
    return iterator_over(ev, list);
}

/* Folding. */

static struct value builtin_sum(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"iterable", "start=", NULL};
    struct value given[2], outcome;
    if (!arguments_bind(ev, "sum", arguments, names, given))
        return value_raised();
    struct value total = given[1].kind == VALUE_UNBOUND ? value_int(0) : given[1];
    if (value_string(total))
        return eval_raise(ev, ev->types->type_error, "sum() can't sum strings [use ''.join(seq) instead]");
    struct list *items = iterate(ev, given[0], &outcome);
    if (!items)
        return outcome;
    for (uint32_t i = 0; i < items->count && !is_raised(total); i++)
        total = work(ev, 1) ? binary(ev, OP_ADD, total, items->items[i]) : value_raised();
    return total;
}

static struct value extreme(struct eval *ev, const char *function, const struct arguments *arguments,
                            enum ast_operator op)
{
    struct value outcome, key = argument_named(arguments, "key"), default_ = argument_named(arguments, "default");
    struct list *items = NULL;
    for (uint32_t i = 0; i < arguments->named_count; i++)
        if (strcmp(arguments->names[i]->bytes, "key") != 0 && strcmp(arguments->names[i]->bytes, "default") != 0)
            return eval_raise(ev, ev->types->type_error, "'%s' is an invalid keyword argument for %s()",
                              arguments->names[i]->bytes, function);
    if (arguments->count == 0)
        return eval_raise(ev, ev->types->type_error, "%s expected at least 1 argument, got 0", function);
    if (arguments->count > 1 && default_.kind != VALUE_UNBOUND)
        return eval_raise(ev, ev->types->type_error,
                          "Cannot specify a default for %s() with multiple positional arguments", function);
    if (arguments->count == 1) {
        items = iterate(ev, arguments->items[0], &outcome);
        if (!items)
            return outcome;
        if (!items->count)
            return default_.kind != VALUE_UNBOUND
                       ? default_
                       : eval_raise(ev, ev->types->value_error, "%s() arg is an empty sequence", function);
    }
    const struct value *values = items ? items->items : arguments->items;
    uint32_t count = items ? items->count : arguments->count;
    bool keyed = key.kind != VALUE_UNBOUND && key.kind != VALUE_NONE;
    struct value best = value_unbound(), best_key = value_unbound();
    for (uint32_t i = 0; i < count; i++) {
        struct value mark = keyed ? call_values(ev, key, &values[i], 1) : values[i];
        if (is_raised(mark) || !work(ev, 1))
            return value_raised();
        if (best.kind == VALUE_UNBOUND) {
            best = values[i];
            best_key = mark;
            continue;
        }
        struct value better = ordered(ev, op, mark, best_key);
        int truth = value_truth(ev, better);
        if (truth == -2)
            return value_raised();
        if (truth == -1) {
            struct reason *reason =
                is_unknown(better) ? better.reason : eval_reason(ev, TEXT("an order that cannot be told"));
            return unknown_one_of(ev, reason, values, count);
        }
        if (truth == 1) {
            best = values[i];
            best_key = mark;
        }
    }
    return best;
}

static struct value builtin_max(struct eval *ev, const struct arguments *arguments)
{
    return extreme(ev, "max", arguments, OP_GREATER);
}
static struct value builtin_min(struct eval *ev, const struct arguments *arguments)
{
    return extreme(ev, "min", arguments, OP_LESS);
}

/* any() and all(): what decides them may come after what cannot be told. */
static struct value quantified(struct eval *ev, const char *function, const struct arguments *arguments, int deciding)
{
    struct value outcome, doubt = value_bool(!deciding);
    if (!argument_count(ev, function, arguments, 1, 1))
        return value_raised();
    struct list *items = iterate(ev, arguments->items[0], &outcome);
    if (!items)
        return outcome;
    for (uint32_t i = 0; i < items->count; i++) {
        int truth = work_items(ev, 4) ? value_truth(ev, items->items[i]) : -2;
        if (truth == -2)
            return value_raised();
        if (truth == deciding)
            return value_bool(deciding);
        if (truth == -1)
            doubt = truth_about(ev, -1, items->items[i], value_none());
    }
    return doubt;
}

static struct value builtin_any(struct eval *ev, const struct arguments *arguments)
{
    return quantified(ev, "any", arguments, 1);
}
static struct value builtin_all(struct eval *ev, const struct arguments *arguments)
{
    return quantified(ev, "all", arguments, 0);
}

/* Methods of range, slice and iterators. */

static struct value range_index(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "index", arguments, 2, 2) || arguments->items[0].kind != VALUE_RANGE)
        return value_raised();
    struct value inside = value_contains(ev, arguments->items[0], arguments->items[1]);
    int64_t integer;
    if (is_raised(inside) || is_unknown(inside))
        return inside;
    const struct range *range = arguments->items[0].range;
    if (!inside.truth || !value_integer(arguments->items[1], &integer)) {
        struct value shown = value_to_repr(ev, arguments->items[1]);
        return shown.kind == VALUE_STR ? eval_raise(ev, ev->types->value_error, "%s is not in range", shown.str->bytes)
                                       : shown;
    }
    return value_int((integer - range->start) / range->step);
}

static struct value range_count(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "count", arguments, 2, 2))
        return value_raised();
    struct value inside = value_contains(ev, arguments->items[0], arguments->items[1]);
    return inside.kind == VALUE_BOOL ? value_int(inside.truth) : inside;
}

static struct value range_length_method(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "__len__", arguments, 1, 1) ? value_length(ev, payload_of(arguments->items[0]))
                                                          : value_raised();
}

static struct value iter_method(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "__iter__", arguments, 1, 1) ? make_iterator(ev, payload_of(arguments->items[0]))
                                                           : value_raised();
}

static struct value getitem_method(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "__getitem__", arguments, 2, 2) ? get_item(ev, arguments->items[0], arguments->items[1])
                                                              : value_raised();
}

static struct value iterator_next_method(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "__next__", arguments, 1, 1) ? builtin_next(ev, arguments) : value_raised();
}

static struct value iterator_close(struct eval *ev, const struct arguments *arguments)
{
    if (!arguments->count || arguments->items[0].kind != VALUE_ITERATOR)
        return value_none();
    struct iterator *iterator = arguments->items[0].iterator;
    cell_touch(ev, &iterator->cell);
    iterator->list = list_new(ev, 0);
    return value_none();
}

static struct value iterator_send(struct eval *ev, const struct arguments *arguments)
{
    return not_followed(ev, arguments, "sending to a generator is not followed");
}

static struct value slice_indices(struct eval *ev, const struct arguments *arguments)
{
    int64_t length, start, step, count;
    struct value outcome;
    if (!argument_count(ev, "indices", arguments, 2, 2) || arguments->items[0].kind != VALUE_SLICE)
        return value_raised();
    if (!value_integer(arguments->items[1], &length))
        return eval_unknown(ev, "a length that cannot be told");
    if (length < 0)
        return eval_raise(ev, ev->types->value_error, "length should not be negative");
    const struct slice *slice = arguments->items[0].slice;
    if (slice_bounds(ev, slice, length, &start, &step, &count, &outcome) < 0)
        return outcome;
    /* the stop as Python clamps it, which `count` does not give back */
    struct slice stop_only = {.start = slice->stop, .stop = value_none(), .step = slice->step};
    int64_t stop = step < 0 ? -1 : length, unused;
    if (slice->stop.kind != VALUE_NONE && slice_bounds(ev, &stop_only, length, &stop, &step, &unused, &outcome) < 0)
        return outcome;
    struct value three[] = {value_int(start), value_int(stop), value_int(step)};
    return tuple_of(ev, three, 3);
}

void builtins_iteration_init(struct eval *ev)
{
    static const struct native natives[] = {{"len", builtin_len, NULL},
                                            {"iter", builtin_iter, NULL},
                                            {"next", builtin_next, NULL},
                                            {"enumerate", builtin_enumerate, NULL},
                                            {"zip", builtin_zip, NULL},
                                            {"map", builtin_map, NULL},
                                            {"filter", builtin_filter, NULL},
                                            {"sorted", builtin_sorted, NULL},
                                            {"reversed", builtin_reversed, NULL},
                                            {"sum", builtin_sum, NULL},
                                            {"max", builtin_max, NULL},
                                            {"min", builtin_min, NULL},
                                            {"any", builtin_any, NULL},
                                            {"all", builtin_all, NULL},
                                            {NULL, NULL, NULL}};
    static const struct native range_natives[] = {
        {"index", range_index, NULL},    {"count", range_count, NULL},          {"__len__", range_length_method, NULL},
        {"__iter__", iter_method, NULL}, {"__getitem__", getitem_method, NULL}, {NULL, NULL, NULL}};
    static const struct native text_natives[] = {
        {"__len__", range_length_method, NULL}, {"__iter__", iter_method, NULL}, {NULL, NULL, NULL}};
    static const struct native iterator_natives[] = {
        {"__iter__", iter_method, NULL}, {"__next__", iterator_next_method, NULL}, {"close", iterator_close, NULL},
        {"send", iterator_send, NULL},   {"throw", iterator_send, NULL},           {NULL, NULL, NULL}};
    static const struct native slice_natives[] = {{"indices", slice_indices, NULL}, {NULL, NULL, NULL}};
    const struct types *types = ev->types;
    builtins_add(ev, natives);
    class_add_natives(ev, types->range, range_natives);
    class_add_natives(ev, types->str_, text_natives);
    class_add_natives(ev, types->iterator, iterator_natives);
    class_add_natives(ev, types->slice, slice_natives);
    types->list->construct = list_construct;
    types->tuple->construct = tuple_construct;
    types->range->construct = range_construct;
    types->slice->construct = slice_construct;
}
