/* x[...], x[...] = y, and iterating: views of a tensor's memory, or copies picked by a list of places. */
#include <math.h>
#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

/* What an index selects: a shape, and where each place of it lies in the tensor. */
struct selection {
    int64_t shape[LIMIT_TENSOR_DIMS], strides[LIMIT_TENSOR_DIMS], offset;
    uint32_t dims;
};

static void keep_axis(struct selection *selection, int64_t size, int64_t stride)
{
    selection->shape[selection->dims] = size;
    selection->strides[selection->dims++] = stride;
}

/* An index that is one integer: also a tensor that holds one.  1 fine, 0 it is none, -1 cannot tell. */
static int one_place(struct eval *ev, struct value index, int64_t *at)
{
    if (index.kind == VALUE_INT) {
        *at = index.integer;
        return 1;
    }
    if (index.kind != VALUE_TENSOR || !index.tensor->shape_known || index.tensor->dims)
        return 0;
    enum number_kind kind = tensor_kind(ev, index.tensor);
    if (!tensor_numbers(index.tensor) || !kind_is_whole(kind) || kind == NUMBERS_BOOL)
        return -1;
    *at = (int64_t)index.tensor->numbers[0];
    return 1;
}

/* Indices one for each axis, None for a new one.  1 fine, 0 cannot tell, -1 raised. */
static int select_axes(struct eval *ev, const struct tensor *self, const struct value *indices, uint32_t count, struct selection *selection)
{
    int64_t own[LIMIT_TENSOR_DIMS], at;
    uint32_t axis = 0, used = 0;
    *selection = (struct selection){0};
    tensor_strides(self, own);
    for (uint32_t i = 0; i < count; i++)
        used += indices[i].kind != VALUE_NONE && indices[i].kind != VALUE_ELLIPSIS;
    if (used > self->dims)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        struct value index = indices[i];
        if (selection->dims == LIMIT_TENSOR_DIMS)
            return 0;
        if (index.kind == VALUE_NONE) {
            keep_axis(selection, 1, 0);
        } else if (index.kind == VALUE_ELLIPSIS) {
            for (uint32_t skipped = self->dims - used; skipped-- && selection->dims < LIMIT_TENSOR_DIMS; axis++)
                keep_axis(selection, self->shape[axis], own[axis]);
        } else if (index.kind == VALUE_SLICE) {
            int64_t start, step, length;
            struct value outcome;
            if (slice_bounds(ev, index.slice, self->shape[axis], &start, &step, &length, &outcome) == -1)
                return is_raised(outcome) ? -1 : 0;
            selection->offset += start * own[axis];
            keep_axis(selection, length, step * own[axis]);
            axis++;
        } else {
            if (one_place(ev, index, &at) != 1)
                return 0;
            int64_t place = at < 0 ? at + self->shape[axis] : at;
            if (place < 0 || place >= self->shape[axis]) {
                eval_raise(ev, ev->types->index_error, "index %lld is out of bounds for dimension %u with size %lld", (long long)at, axis,
                           (long long)self->shape[axis]);
                return -1;
            }
            selection->offset += place * own[axis++];
        }
    }
    while (axis < self->dims && selection->dims < LIMIT_TENSOR_DIMS) {
        keep_axis(selection, self->shape[axis], own[axis]);
        axis++;
    }
    return axis == self->dims;
}

static struct value selected(struct eval *ev, const struct tensor *self, const struct selection *selection)
{
    struct value result = tensor_with_shape(ev, self, selection->shape, selection->dims);
    if (result.kind == VALUE_TENSOR)
        tensor_share_strided(ev, result.tensor, self, selection->strides, selection->offset);
    return result;
}

struct value tensor_rows(struct eval *ev, const struct tensor *self, int64_t start, int64_t step, int64_t count)
{
    struct selection selection = {.dims = self->dims};
    memcpy(selection.shape, self->shape, self->dims * sizeof *self->shape);
    tensor_strides(self, selection.strides);
    selection.offset = start * selection.strides[0];
    selection.strides[0] *= step;
    selection.shape[0] = count;
    return selected(ev, self, &selection);
}

static struct value method_iter(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (!self->shape_known || !self->dims || arguments->count > 1 || arguments->named_count)
        return tensor_contents(ev);
    struct list *list = list_new(ev, 0);
    for (int64_t i = 0; i < self->shape[0]; i++) {
        struct value place = value_int(i);
        struct selection selection;
        if (select_axes(ev, self, &place, 1, &selection) != 1)
            return tensor_contents(ev);
        struct value item = selected(ev, self, &selection);
        if (is_raised(item) || !work(ev, 1) || !list_append(ev, list, item))
            return value_raised();
    }
    return iterator_over(ev, list);
}

/* Places of the first axis out of a list, a vector of integers, or one of truths.  NULL: cannot tell. */
static int64_t *picked_places(struct eval *ev, const struct tensor *self, struct value index, int64_t *count)
{
    struct list *list = index.kind == VALUE_LIST ? index.list : NULL;
    const struct tensor *vector = index.kind == VALUE_TENSOR ? index.tensor : NULL;
    if (vector && (vector->dims != 1 || !vector->shape_known || !tensor_numbers(vector) || !vector->whole))
        return NULL;
    enum number_kind kind = vector ? tensor_kind(ev, vector) : NUMBERS_INT64;
    if ((!vector && (!list || list->open)) || !kind_is_whole(kind) || kind == NUMBERS_UINT8)
        return NULL;
    int64_t length = vector ? vector->shape[0] : list->count;
    int64_t *places = ARENA_ARRAY(eval_heap(ev), (size_t)length + 1, int64_t);
    *count = 0;
    if (kind == NUMBERS_BOOL && length != self->shape[0])
        return NULL;
    for (int64_t i = 0; i < length; i++) {
        int64_t at;
        if (vector)
            at = (int64_t)vector->numbers[i];
        else if (list->items[i].kind == VALUE_INT)
            at = list->items[i].integer;
        else
            return NULL;
        if (kind == NUMBERS_BOOL) {
            if (at)
                places[(*count)++] = i;
            continue;
        }
        at = at < 0 ? at + self->shape[0] : at;
        if (at < 0 || at >= self->shape[0])
            return NULL;
        places[(*count)++] = at;
    }
    return places;
}

/* A copy of some items of the first axis. */
static struct value picked(struct eval *ev, const struct tensor *self, struct value index)
{
    int64_t count, shape[LIMIT_TENSOR_DIMS];
    const int64_t *places = self->dims ? picked_places(ev, self, index, &count) : NULL;
    if (!places)
        return tensor_of_unknown_shape(ev);
    memcpy(shape, self->shape, self->dims * sizeof *shape);
    shape[0] = count;
    struct value result = tensor_with_shape(ev, self, shape, self->dims);
    if (result.kind != VALUE_TENSOR)
        return result;
    int64_t all = tensor_count(result.tensor), run = 1;
    for (uint8_t axis = 1; axis < self->dims; axis++)
        run *= self->shape[axis];
    if (all < 0 || all > LIMIT_TENSOR_NUMBERS || !tensor_numbers(self))
        return result;
    int64_t *from = ARENA_ARRAY(&ev->scratch, (size_t)all + 1, int64_t);
    for (int64_t i = 0; i < all; i++)
        from[i] = places[i / run] * run + i % run;
    tensor_gather(ev, result.tensor, self, from);
    return result;
}

/* One index, or a tuple of them. */
static int select_by(struct eval *ev, const struct tensor *self, struct value index, struct selection *selection)
{
    if (!self->shape_known)
        return 0;
    if (index.kind == VALUE_TUPLE)
        return index.list->open ? 0 : select_axes(ev, self, index.list->items, index.list->count, selection);
    return select_axes(ev, self, &index, 1, selection);
}

static struct value method_getitem(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self || arguments->count != 2)
        return value_raised();
    struct value index = arguments->items[1];
    if (self->shape_known && (index.kind == VALUE_LIST || (index.kind == VALUE_TENSOR && index.tensor->shape_known && index.tensor->dims)))
        return picked(ev, self, index);
    struct selection selection;
    int fine = select_by(ev, self, index, &selection);
    if (fine == -1 || ev->stopped)
        return value_raised();
    return fine ? selected(ev, self, &selection) : tensor_of_unknown_shape(ev);
}

/* The number that is written to every place; false: it is none, or none that can be told. */
static bool written_number(struct eval *ev, const struct tensor *self, struct value value, double *number)
{
    enum number_kind kind = tensor_kind(ev, self);
    int64_t integer;
    bool whole = true;
    if (value.kind == VALUE_TENSOR) {
        if (!tensor_numbers(value.tensor) || tensor_count(value.tensor) != 1 || tensor_error(value.tensor, 0) > 0)
            return false;
        *number = value.tensor->numbers[0];
        whole = value.tensor->whole;
    } else if (value.kind == VALUE_FLOAT) {
        *number = value.real;
        whole = false;
    } else if (value_integer(value, &integer) && integer < (1LL << 53) && integer > -(1LL << 53)) {
        *number = (double)integer;
    } else {
        return false;
    }
    if (kind == NUMBERS_BOOL)
        *number = *number != 0;
    else if (kind_is_whole(kind) && !whole)
        *number = trunc(*number);
    return kind != NUMBERS_OTHER;
}

static struct value method_setitem(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self || arguments->count != 3)
        return value_raised();
    struct selection selection;
    double number;
    int fine = select_by(ev, self, arguments->items[1], &selection);
    if (fine == -1 || ev->stopped)
        return value_raised();
    struct tensor after = *self;
    bool told = fine && tensor_numbers(self) && written_number(ev, self, arguments->items[2], &number) && tensor_give_numbers(ev, &after);
    if (told) {
        int64_t count = tensor_count(self), places_count = 1;
        memcpy(after.numbers, self->numbers, (size_t)count * sizeof *after.numbers);
        if (self->errors) {
            tensor_give_errors(ev, &after);
            memcpy(after.errors, self->errors, (size_t)count * sizeof *after.errors);
        }
        for (uint32_t axis = 0; axis < selection.dims; axis++)
            places_count *= selection.shape[axis];
        struct places places = {.shape = selection.shape, .dims = selection.dims};
        for (int64_t i = 0; i < places_count; i++, places_next(&places)) {
            int64_t at = selection.offset + place_at(&places, selection.strides);
            after.numbers[at] = number;
            if (after.errors)
                after.errors[at] = 0;
        }
        told = tensor_round_numbers(&after, tensor_kind(ev, self));
    }
    tensor_write(ev, self);
    if (told) {
        self->numbers = after.numbers;
        self->errors = after.errors;
    }
    return value_none();
}

const struct native tensor_indexing[] = {
    {"__iter__", method_iter, NULL},
    {"unbind", method_iter, NULL},
    {"__getitem__", method_getitem, NULL},
    {"__setitem__", method_setitem, NULL},
    {NULL, NULL, NULL},
};
