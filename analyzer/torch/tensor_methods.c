/*
 * Methods of tensors: what each does to the shape, and to the numbers of a vector.
 */
#include <math.h>
#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/torch.h"

struct tensor *tensor_self(struct eval *ev, const struct arguments *arguments)
{
    if (arguments->count && arguments->items[0].kind == VALUE_TENSOR)
        return arguments->items[0].tensor;
    eval_raise(ev, ev->types->type_error, "a tensor's method needs a tensor");
    return NULL;
}

struct value tensor_value(struct tensor *tensor)
{
    return tensor ? value_of(VALUE_TENSOR, tensor) : value_raised();
}

struct value tensor_with_shape(struct eval *ev, const struct tensor *from, const int64_t *shape, uint32_t dims)
{
    struct tensor *tensor = tensor_new(ev, shape, dims);
    if (tensor)
        tensor->dtype = from->dtype;
    return tensor_value(tensor);
}

bool tensor_axis(struct value value, int64_t dims, int64_t *axis)
{
    if (!value_integer(value, axis))
        return false;
    *axis = *axis < 0 ? *axis + dims : *axis;
    return *axis >= 0 && *axis < dims;
}

/* Same shape. */

static struct value method_self(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    return tensor_value(self);
}

struct value tensor_method_copy(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    struct tensor *copy = self ? tensor_like(ev, self) : NULL;
    if (!copy)
        return value_raised();
    copy->numbers = self->numbers;
    copy->whole = self->whole;
    return tensor_value(copy);
}

/* A cast may round the numbers, so they are only kept where that cannot be. */
static struct value method_cast(struct eval *ev, const struct arguments *arguments)
{
    struct value copy = tensor_method_copy(ev, arguments);
    if (copy.kind == VALUE_TENSOR && !copy.tensor->whole)
        copy.tensor->numbers = NULL;
    return copy;
}

struct value tensor_method_same_shape(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    return self ? tensor_value(tensor_like(ev, self)) : value_raised();
}

struct value tensor_method_in_place(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    cell_touch(ev, &self->cell);
    self->numbers = NULL;
    return tensor_value(self);
}

struct value tensor_method_unknown(struct eval *ev, const struct arguments *arguments)
{
    return tensor_self(ev, arguments) ? tensor_of_unknown_shape(ev) : value_raised();
}

/* Shapes. */

static struct value method_size(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"self", "dim=", NULL};
    struct tensor *self = tensor_self(ev, arguments);
    if (!self || !arguments_bind(ev, "size", arguments, names, values))
        return value_raised();
    struct value shape = tensor_shape(ev, self);
    return values[1].kind == VALUE_UNBOUND || is_unknown(shape) ? shape : get_item(ev, shape, values[1]);
}

struct value tensor_method_dim(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    return self->shape_known ? value_int(self->dims) : eval_unknown_plain(ev, "the shape of a tensor that is not worked out");
}

static struct value method_numel(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    int64_t count = tensor_count(self);
    return count >= 0 ? value_int(count) : eval_unknown_plain(ev, "the shape of a tensor that is not worked out");
}

static struct value method_view(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims, free_axis = UINT32_MAX;
    if (!self)
        return value_raised();
    if (arguments->named_count || !self->shape_known)
        return tensor_of_unknown_shape(ev);
    int fine = sizes_from(ev, arguments->items + 1, arguments->count - 1, shape, &dims, "view");
    if (fine == -1 && ev->stopped)
        return value_raised();
    if (fine != 1)
        return tensor_of_unknown_shape(ev);
    int64_t count = tensor_count(self), rest = 1;
    for (uint32_t i = 0; i < dims; i++) {
        if (shape[i] == -1)
            free_axis = i;
        else if (__builtin_mul_overflow(rest, shape[i], &rest))
            return tensor_of_unknown_shape(ev);
    }
    if (free_axis != UINT32_MAX && rest > 0 && count % rest == 0)
        shape[free_axis] = count / rest;
    else if (free_axis != UINT32_MAX || rest != count)
        return tensor_of_unknown_shape(ev);
    struct value result = tensor_with_shape(ev, self, shape, dims);
    if (result.kind == VALUE_TENSOR && dims <= 1) {
        result.tensor->numbers = self->numbers;
        result.tensor->whole = self->whole;
    }
    return result;
}

static struct value method_transpose(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t first, second, shape[LIMIT_TENSOR_DIMS];
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->count != 3 || !tensor_axis(arguments->items[1], self->dims, &first) ||
        !tensor_axis(arguments->items[2], self->dims, &second))
        return tensor_of_unknown_shape(ev);
    memcpy(shape, self->shape, self->dims * sizeof *shape);
    shape[first] = self->shape[second];
    shape[second] = self->shape[first];
    return tensor_with_shape(ev, self, shape, self->dims);
}

struct value tensor_method_t(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (!self->shape_known)
        return tensor_of_unknown_shape(ev);
    int64_t shape[LIMIT_TENSOR_DIMS];
    for (uint8_t i = 0; i < self->dims; i++)
        shape[i] = self->shape[self->dims - 1 - i];
    return tensor_with_shape(ev, self, shape, self->dims);
}

static struct value method_permute(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t axes[LIMIT_TENSOR_DIMS], shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->named_count ||
        sizes_from(ev, arguments->items + 1, arguments->count - 1, axes, &dims, "permute") != 1 || dims != self->dims)
        return ev->stopped ? value_raised() : tensor_of_unknown_shape(ev);
    for (uint32_t i = 0; i < dims; i++) {
        int64_t axis = axes[i] < 0 ? axes[i] + dims : axes[i];
        if (axis < 0 || axis >= dims)
            return tensor_of_unknown_shape(ev);
        shape[i] = self->shape[axis];
    }
    return tensor_with_shape(ev, self, shape, dims);
}

static struct value method_unsqueeze(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t axis, shape[LIMIT_TENSOR_DIMS + 1];
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->count != 2 || self->dims == LIMIT_TENSOR_DIMS || !tensor_axis(arguments->items[1], self->dims + 1, &axis))
        return tensor_of_unknown_shape(ev);
    memcpy(shape, self->shape, (size_t)axis * sizeof *shape);
    shape[axis] = 1;
    memcpy(shape + axis + 1, self->shape + axis, (self->dims - (size_t)axis) * sizeof *shape);
    return tensor_with_shape(ev, self, shape, self->dims + 1u);
}

static struct value method_squeeze(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t axis = -1, shape[LIMIT_TENSOR_DIMS];
    uint32_t dims = 0;
    if (!self)
        return value_raised();
    struct value which = arguments->count == 2 ? arguments->items[1] : argument_named(arguments, "dim");
    if (!self->shape_known || arguments->count > 2 || (which.kind == VALUE_UNBOUND && arguments->named_count) ||
        (which.kind != VALUE_UNBOUND && !tensor_axis(which, self->dims, &axis)))
        return tensor_of_unknown_shape(ev);
    for (uint8_t i = 0; i < self->dims; i++)
        if (self->shape[i] != 1 || (axis >= 0 && axis != i))
            shape[dims++] = self->shape[i];
    return tensor_with_shape(ev, self, shape, dims);
}

static struct value method_expand(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->named_count ||
        sizes_from(ev, arguments->items + 1, arguments->count - 1, shape, &dims, "expand") != 1 || dims < self->dims)
        return ev->stopped ? value_raised() : tensor_of_unknown_shape(ev);
    for (uint32_t i = 0; i < self->dims; i++) {
        uint32_t at = dims - self->dims + i;
        if (shape[at] == -1)
            shape[at] = self->shape[i];
    }
    return tensor_with_shape(ev, self, shape, dims);
}

static struct value method_repeat(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->named_count ||
        sizes_from(ev, arguments->items + 1, arguments->count - 1, shape, &dims, "repeat") != 1 || dims < self->dims)
        return ev->stopped ? value_raised() : tensor_of_unknown_shape(ev);
    for (uint32_t i = 0; i < self->dims; i++)
        if (__builtin_mul_overflow(shape[dims - self->dims + i], self->shape[i], &shape[dims - self->dims + i]))
            return tensor_of_unknown_shape(ev);
    return tensor_with_shape(ev, self, shape, dims);
}

static struct value method_outer(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    const struct tensor *other = arguments->count == 2 && arguments->items[1].kind == VALUE_TENSOR ? arguments->items[1].tensor : NULL;
    if (!other || !self->shape_known || !other->shape_known || self->dims != 1 || other->dims != 1)
        return tensor_of_unknown_shape(ev);
    int64_t shape[] = {self->shape[0], other->shape[0]};
    return tensor_with_shape(ev, self, shape, 2);
}

/* Contents. */

struct value tensor_contents(struct eval *ev)
{
    return eval_unknown_plain(ev, "the contents of a tensor are not worked out");
}

static struct value method_item(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    return self->numbers && tensor_count(self) == 1 ? tensor_number(self, 0) : tensor_contents(ev);
}

static struct value method_tolist(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (!self->numbers)
        return tensor_contents(ev);
    if (self->dims == 0)
        return tensor_number(self, 0);
    struct list *list = list_new(ev, 0);
    for (int64_t i = 0; i < self->shape[0]; i++)
        if (!list_append(ev, list, tensor_number(self, i)))
            return value_raised();
    return value_of(VALUE_LIST, list);
}

static struct value method_int(struct eval *ev, const struct arguments *arguments)
{
    struct value item = method_item(ev, arguments);
    return is_raised(item) || is_unknown(item) ? item : integer_from(ev, item);
}

static struct value method_float(struct eval *ev, const struct arguments *arguments)
{
    struct value item = method_item(ev, arguments);
    return is_raised(item) || is_unknown(item) ? item : float_from(ev, item);
}

static struct value method_bool(struct eval *ev, const struct arguments *arguments)
{
    struct value item = method_item(ev, arguments);
    return is_raised(item) || is_unknown(item) ? item : value_bool(value_truth(ev, item) == 1);
}

static struct value method_len(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (self->shape_known && self->dims == 0)
        return eval_raise(ev, ev->types->type_error, "len() of a 0-d tensor");
    return self->shape_known ? value_int(self->shape[0]) : eval_unknown_plain(ev, "the shape of a tensor that is not worked out");
}

/* The tensor at one place of the first axis. */
static struct value row(struct eval *ev, const struct tensor *self, int64_t at)
{
    struct value result = tensor_with_shape(ev, self, self->shape + 1, self->dims - 1u);
    if (result.kind == VALUE_TENSOR && self->dims == 1 && self->numbers && tensor_give_numbers(ev, result.tensor)) {
        result.tensor->numbers[0] = self->numbers[at];
        result.tensor->whole = self->whole;
    }
    return result;
}

static struct value method_iter(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (!self->shape_known || !self->dims)
        return tensor_contents(ev);
    struct list *list = list_new(ev, 0);
    for (int64_t i = 0; i < self->shape[0]; i++) {
        struct value item = row(ev, self, i);
        if (is_raised(item) || !work(ev, 1) || !list_append(ev, list, item))
            return value_raised();
    }
    return iterator_over(ev, list);
}

/* x[None, :, 0, ...]: one index for each axis, None for a new one. */
static struct value index_axes(struct eval *ev, const struct tensor *self, const struct list *indices)
{
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims = 0, axis = 0, used = 0;
    for (uint32_t i = 0; i < indices->count; i++)
        used += indices->items[i].kind == VALUE_INT || indices->items[i].kind == VALUE_SLICE;
    if (indices->open || used > self->dims)
        return tensor_of_unknown_shape(ev);
    for (uint32_t i = 0; i < indices->count && dims < LIMIT_TENSOR_DIMS; i++) {
        struct value index = indices->items[i];
        int64_t start, step, count;
        struct value outcome;
        if (index.kind == VALUE_NONE) {
            shape[dims++] = 1;
        } else if (index.kind == VALUE_INT) {
            axis++;
        } else if (index.kind == VALUE_SLICE) {
            if (slice_bounds(ev, index.slice, self->shape[axis++], &start, &step, &count, &outcome) == -1)
                return is_raised(outcome) ? outcome : tensor_of_unknown_shape(ev);
            shape[dims++] = count;
        } else if (index.kind == VALUE_ELLIPSIS) {
            for (uint32_t skipped = self->dims - used; skipped-- && dims < LIMIT_TENSOR_DIMS;)
                shape[dims++] = self->shape[axis++];
        } else {
            return tensor_of_unknown_shape(ev);
        }
    }
    while (axis < self->dims && dims < LIMIT_TENSOR_DIMS)
        shape[dims++] = self->shape[axis++];
    return tensor_with_shape(ev, self, shape, dims);
}

/* `count` items of the first axis, from `start`. */
static struct value rows(struct eval *ev, const struct tensor *self, int64_t start, int64_t step, int64_t count)
{
    int64_t shape[LIMIT_TENSOR_DIMS];
    memcpy(shape, self->shape, self->dims * sizeof *shape);
    shape[0] = count;
    struct value result = tensor_with_shape(ev, self, shape, self->dims);
    if (result.kind == VALUE_TENSOR && self->numbers && self->dims == 1 && tensor_give_numbers(ev, result.tensor)) {
        result.tensor->whole = self->whole;
        for (int64_t i = 0; i < count; i++)
            result.tensor->numbers[i] = self->numbers[start + i * step];
    }
    return result;
}

/* A list of a number of parts cannot be told, but each is a tensor. */
static struct value unknown_parts(struct eval *ev)
{
    return eval_unknown_plain(ev, "the parts of a tensor that is not worked out");
}

/* split(5), split([1, 2, 3]): along the first axis. */
static struct value method_split(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t size = 0, at = 0;
    if (!self)
        return value_raised();
    if (!self->shape_known || !self->dims || arguments->count != 2 || arguments->named_count)
        return unknown_parts(ev);
    struct list *sizes = value_items(arguments->items[1]), *parts = list_new(ev, 0);
    if (!sizes && (!value_integer(arguments->items[1], &size) || size <= 0))
        return unknown_parts(ev);
    for (uint32_t i = 0; sizes ? i < sizes->count : at < self->shape[0]; i++) {
        if (sizes && (!value_integer(sizes->items[i], &size) || size < 0 || size > self->shape[0] - at))
            return unknown_parts(ev);
        int64_t count = size < self->shape[0] - at ? size : self->shape[0] - at;
        struct value part = rows(ev, self, at, 1, count);
        if (is_raised(part) || !work(ev, 1) || !list_append(ev, parts, part))
            return value_raised();
        at += count;
    }
    return sizes && (sizes->open || at != self->shape[0]) ? unknown_parts(ev) : value_of(VALUE_TUPLE, parts);
}

static struct value method_chunk(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t chunks;
    if (!self)
        return value_raised();
    if (!self->shape_known || !self->dims || arguments->count != 2 || arguments->named_count ||
        !value_integer(arguments->items[1], &chunks) || chunks <= 0 || !self->shape[0])
        return unknown_parts(ev);
    struct value both[] = {arguments->items[0], value_int((self->shape[0] + chunks - 1) / chunks)};
    struct arguments split = {.items = both, .count = 2};
    return method_split(ev, &split);
}

static struct value method_flatten(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t first = 0, last = -1, shape[LIMIT_TENSOR_DIMS];
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->named_count || arguments->count > 3 ||
        (arguments->count > 1 && !tensor_axis(arguments->items[1], self->dims, &first)))
        return tensor_of_unknown_shape(ev);
    last = self->dims - 1;
    if ((arguments->count > 2 && !tensor_axis(arguments->items[2], self->dims, &last)) || last < first)
        return tensor_of_unknown_shape(ev);
    uint32_t dims = 0;
    for (int64_t i = 0; i < self->dims; i++) {
        if (i <= first || i > last)
            shape[dims++] = self->shape[i];
        else if (__builtin_mul_overflow(shape[dims - 1], self->shape[i], &shape[dims - 1]))
            return tensor_of_unknown_shape(ev);
    }
    struct value result = tensor_with_shape(ev, self, shape, dims);
    if (result.kind == VALUE_TENSOR && dims == 1) {
        result.tensor->numbers = self->dims == 1 ? self->numbers : NULL;
        result.tensor->whole = self->whole;
    }
    return result;
}

static struct value method_getitem(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t at;
    if (!self || arguments->count != 2)
        return value_raised();
    struct value index = arguments->items[1];
    if (!self->shape_known)
        return tensor_of_unknown_shape(ev);
    if (index.kind == VALUE_TUPLE)
        return index_axes(ev, self, index.list);
    if (self->dims && index.kind == VALUE_INT) {
        at = index.integer < 0 ? index.integer + self->shape[0] : index.integer;
        if (at < 0 || at >= self->shape[0])
            return eval_raise(ev, ev->types->index_error, "index %lld is out of bounds for dimension 0 with size %lld",
                              (long long)index.integer, (long long)self->shape[0]);
        return row(ev, self, at);
    }
    if (self->dims && index.kind == VALUE_SLICE) {
        int64_t start, step, count;
        struct value outcome;
        if (slice_bounds(ev, index.slice, self->shape[0], &start, &step, &count, &outcome) == -1)
            return is_raised(outcome) ? outcome : tensor_of_unknown_shape(ev);
        return rows(ev, self, start, step, count);
    }
    return tensor_of_unknown_shape(ev);
}

static struct value method_setitem(struct eval *ev, const struct arguments *arguments)
{
    struct value self = tensor_method_in_place(ev, arguments);
    return is_raised(self) ? self : value_none();
}

static struct value method_is_floating_point(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (self->dtype.kind == VALUE_UNBOUND && !self->whole)
        return value_bool(true);
    if (self->dtype.kind == VALUE_INSTANCE)
        return get_attribute(ev, self->dtype, eval_intern(ev, TEXT("is_floating_point")));
    return tensor_contents(ev);
}

static struct value method_element_size(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (self->dtype.kind == VALUE_INSTANCE)
        return get_attribute(ev, self->dtype, eval_intern(ev, TEXT("itemsize")));
    return tensor_contents(ev); /* the default dtype is whoever's who builds the model */
}

static const struct native methods[] = {
    {"size", method_size, NULL}, {"dim", tensor_method_dim, NULL}, {"ndimension", tensor_method_dim, NULL}, {"numel", method_numel, NULL},
    {"nelement", method_numel, NULL}, {"view", method_view, NULL}, {"reshape", method_view, NULL},
    {"transpose", method_transpose, NULL}, {"swapaxes", method_transpose, NULL}, {"t", tensor_method_t, NULL}, {"permute", method_permute, NULL},
    {"unsqueeze", method_unsqueeze, NULL}, {"squeeze", method_squeeze, NULL}, {"expand", method_expand, NULL},
    {"repeat", method_repeat, NULL}, {"split", method_split, NULL}, {"chunk", method_chunk, NULL}, {"unbind", method_iter, NULL},
    {"flatten", method_flatten, NULL}, {"ravel", method_flatten, NULL}, {"outer", method_outer, NULL}, {"item", method_item, NULL},
    {"tolist", method_tolist, NULL}, {"__int__", method_int, NULL}, {"__index__", method_int, NULL}, {"__float__", method_float, NULL},
    {"__bool__", method_bool, NULL}, {"__len__", method_len, NULL}, {"__iter__", method_iter, NULL},
    {"__getitem__", method_getitem, NULL}, {"__setitem__", method_setitem, NULL}, {"is_floating_point", method_is_floating_point, NULL},
    {"element_size", method_element_size, NULL},
    {"clone", tensor_method_copy, NULL}, {"detach", tensor_method_copy, NULL}, {"contiguous", tensor_method_copy, NULL}, {"cpu", tensor_method_copy, NULL},
    {"cuda", tensor_method_copy, NULL}, {"requires_grad_", method_self, NULL}, {"to", method_cast, NULL}, {"type", method_cast, NULL},
    {"float", method_cast, NULL}, {"double", method_cast, NULL}, {"half", method_cast, NULL}, {"bfloat16", method_cast, NULL},
    {"type_as", method_cast, NULL}, {NULL, NULL, NULL},
};

void tensor_methods_init(struct eval *ev)
{
    class_add_natives(ev, ev->types->tensor, methods);
    class_add_natives(ev, ev->types->tensor, tensor_reductions);
}
