/*
 * Methods of tensors that change the shape and keep the numbers, and those that read them.
 */
#include <math.h>
#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

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
    tensor_share(copy, self);
    return tensor_value(copy);
}

/* The same numbers in memory of its own. */
static struct value method_clone(struct eval *ev, const struct arguments *arguments)
{
    struct value copy = tensor_method_copy(ev, arguments);
    if (copy.kind == VALUE_TENSOR) {
        copy.tensor->numbers = (double *)tensor_numbers(copy.tensor);
        copy.tensor->base = NULL;
    }
    return copy;
}

struct value tensor_method_same_shape(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    struct tensor *result = self ? tensor_like(ev, self) : NULL;
    if (result && kind_is_whole(tensor_kind(ev, self))) /* most make floating numbers of whole ones */
        result->dtype = tensor_contents(ev);
    return tensor_value(result);
}

struct value tensor_method_in_place(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    tensor_write(ev, self);
    return tensor_value(self);
}

struct value tensor_method_unknown(struct eval *ev, const struct arguments *arguments)
{
    struct value result = tensor_self(ev, arguments) ? tensor_of_unknown_shape(ev) : value_raised();
    if (result.kind == VALUE_TENSOR)
        result.tensor->dtype = tensor_contents(ev);
    return result;
}

/* The same numbers in another shape. */
static struct value shared(struct eval *ev, const struct tensor *self, const int64_t *shape, uint32_t dims)
{
    struct value result = tensor_with_shape(ev, self, shape, dims);
    if (result.kind == VALUE_TENSOR)
        tensor_share(result.tensor, self);
    return result;
}

/* Axis `i` of the result is axis `axes[i]` of the tensor. */
static struct value permuted(struct eval *ev, const struct tensor *self, const int64_t *axes)
{
    int64_t shape[LIMIT_TENSOR_DIMS], own[LIMIT_TENSOR_DIMS], strides[LIMIT_TENSOR_DIMS];
    tensor_strides(self, own);
    for (uint32_t i = 0; i < self->dims; i++) {
        shape[i] = self->shape[axes[i]];
        strides[i] = own[axes[i]];
    }
    struct value result = tensor_with_shape(ev, self, shape, self->dims);
    if (result.kind == VALUE_TENSOR)
        tensor_share_strided(ev, result.tensor, self, strides, 0);
    return result;
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
    return shared(ev, self, shape, dims);
}

static struct value method_transpose(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t first, second, axes[LIMIT_TENSOR_DIMS];
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->count != 3 || !tensor_axis(arguments->items[1], self->dims, &first) ||
        !tensor_axis(arguments->items[2], self->dims, &second))
        return tensor_of_unknown_shape(ev);
    for (uint8_t i = 0; i < self->dims; i++)
        axes[i] = i == first ? second : i == second ? first : i;
    return permuted(ev, self, axes);
}

struct value tensor_method_t(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t axes[LIMIT_TENSOR_DIMS];
    if (!self)
        return value_raised();
    if (!self->shape_known)
        return tensor_of_unknown_shape(ev);
    for (uint8_t i = 0; i < self->dims; i++)
        axes[i] = self->dims - 1 - i;
    return permuted(ev, self, axes);
}

static struct value method_permute(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t axes[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->named_count ||
        sizes_from(ev, arguments->items + 1, arguments->count - 1, axes, &dims, "permute") != 1 || dims != self->dims)
        return ev->stopped ? value_raised() : tensor_of_unknown_shape(ev);
    for (uint32_t i = 0; i < dims; i++) {
        axes[i] = axes[i] < 0 ? axes[i] + dims : axes[i];
        if (axes[i] < 0 || axes[i] >= dims)
            return tensor_of_unknown_shape(ev);
    }
    return permuted(ev, self, axes);
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
    return shared(ev, self, shape, self->dims + 1u);
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
    return shared(ev, self, shape, dims);
}

static struct value method_expand(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS], own[LIMIT_TENSOR_DIMS], strides[LIMIT_TENSOR_DIMS] = {0};
    uint32_t dims;
    if (!self)
        return value_raised();
    if (!self->shape_known || arguments->named_count ||
        sizes_from(ev, arguments->items + 1, arguments->count - 1, shape, &dims, "expand") != 1 || dims < self->dims)
        return ev->stopped ? value_raised() : tensor_of_unknown_shape(ev);
    tensor_strides(self, own);
    for (uint32_t i = 0; i < self->dims; i++) {
        uint32_t at = dims - self->dims + i;
        if (shape[at] == -1)
            shape[at] = self->shape[i];
        if (self->shape[i] != 1 && shape[at] != self->shape[i])
            return tensor_of_unknown_shape(ev);
        strides[at] = self->shape[i] == 1 ? 0 : own[i];
    }
    struct value result = tensor_with_shape(ev, self, shape, dims);
    if (result.kind == VALUE_TENSOR)
        tensor_share_strided(ev, result.tensor, self, strides, 0);
    return result;
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
    return tensor_numbers(self) && tensor_count(self) == 1 ? tensor_number(ev, self, 0) : tensor_contents(ev);
}

static struct value nested_list(struct eval *ev, const struct tensor *self, uint32_t axis, int64_t *at)
{
    if (axis == self->dims)
        return tensor_number(ev, self, (*at)++);
    struct list *list = list_new(ev, 0);
    for (int64_t i = 0; i < self->shape[axis]; i++) {
        struct value item = nested_list(ev, self, axis + 1, at);
        if (is_raised(item) || !list_append(ev, list, item))
            return value_raised();
    }
    return value_of(VALUE_LIST, list);
}

static struct value method_tolist(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t at = 0;
    if (!self)
        return value_raised();
    return tensor_numbers(self) ? nested_list(ev, self, 0, &at) : tensor_contents(ev);
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
        struct value part = tensor_rows(ev, self, at, 1, count);
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
    if (!self->dims)
        shape[dims++] = 1;
    return shared(ev, self, shape, dims);
}

static struct value method_is_floating_point(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (self->dtype.kind == VALUE_UNBOUND)
        return value_bool(!self->whole);
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
    {"repeat", method_repeat, NULL}, {"split", method_split, NULL}, {"chunk", method_chunk, NULL},
    {"flatten", method_flatten, NULL}, {"ravel", method_flatten, NULL}, {"outer", method_outer, NULL}, {"item", method_item, NULL},
    {"tolist", method_tolist, NULL}, {"__int__", method_int, NULL}, {"__index__", method_int, NULL}, {"__float__", method_float, NULL},
    {"__bool__", method_bool, NULL}, {"__len__", method_len, NULL}, {"is_floating_point", method_is_floating_point, NULL},
    {"element_size", method_element_size, NULL},
    {"clone", method_clone, NULL}, {"detach", tensor_method_copy, NULL}, {"contiguous", tensor_method_copy, NULL}, {"cpu", tensor_method_copy, NULL},
    {"cuda", tensor_method_copy, NULL}, {"requires_grad_", method_self, NULL},
    {NULL, NULL, NULL},
};

void tensor_methods_init(struct eval *ev)
{
    class_add_natives(ev, ev->types->tensor, methods);
    class_add_natives(ev, ev->types->tensor, tensor_indexing);
    class_add_natives(ev, ev->types->tensor, tensor_elementwise);
    class_add_natives(ev, ev->types->tensor, tensor_reductions);
}
