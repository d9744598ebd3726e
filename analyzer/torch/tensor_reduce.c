/*
 * Methods of tensors that go over all of it, or along an axis: what is left of the shape.
 */
#include <string.h>

#include "eval/types.h"
#include "eval/values.h"
#include "torch/torch.h"

static struct value named_or(const struct arguments *arguments, const char *name, struct value otherwise)
{
    struct value value = argument_named(arguments, name);
    return value.kind == VALUE_UNBOUND ? otherwise : value;
}

/* The shape without one axis, or with 1 in its place.  1 fine, 0 cannot tell. */
static int shape_along(const struct tensor *self, const struct arguments *arguments, int64_t *shape, uint32_t *dims)
{
    struct value none = value_unbound();
    struct value which = arguments->count > 1 ? arguments->items[1] : named_or(arguments, "dim", argument_named(arguments, "axis"));
    struct value keep = arguments->count > 2 ? arguments->items[2] : named_or(arguments, "keepdim", none);
    int64_t axis;
    if (!self->shape_known || which.kind == VALUE_UNBOUND || !tensor_axis(which, self->dims, &axis) || arguments->count > 3 ||
        (keep.kind != VALUE_UNBOUND && keep.kind != VALUE_BOOL))
        return 0;
    *dims = 0;
    for (uint8_t i = 0; i < self->dims; i++) {
        if (i != axis)
            shape[(*dims)++] = self->shape[i];
        else if (keep.kind == VALUE_BOOL && keep.truth)
            shape[(*dims)++] = 1;
    }
    return 1;
}

static bool of_everything(const struct arguments *arguments)
{
    return arguments->count == 1 && !arguments->named_count;
}

/* sum, mean and the like over everything, or over one axis. */
static struct value method_reduce(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (!self)
        return value_raised();
    if (of_everything(arguments))
        return tensor_with_shape(ev, self, NULL, 0);
    return shape_along(self, arguments, shape, &dims) ? tensor_with_shape(ev, self, shape, dims) : tensor_of_unknown_shape(ev);
}

/* std(), norm(): their second argument may be something else than an axis. */
static struct value method_of_all(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    return of_everything(arguments) ? tensor_with_shape(ev, self, NULL, 0) : tensor_contents(ev);
}

/* max(), min(), median(): of everything a number; along an axis a named pair, the values and where they are. */
static struct value pair_along(struct eval *ev, const struct arguments *arguments, const char *name)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (!self)
        return value_raised();
    if (of_everything(arguments))
        return tensor_with_shape(ev, self, NULL, 0);
    if (arguments->count == 2 && arguments->items[1].kind == VALUE_TENSOR)
        return tensor_of_unknown_shape(ev); /* of two tensors, place by place */
    if (!shape_along(self, arguments, shape, &dims))
        return tensor_contents(ev);
    struct value pair[] = {tensor_with_shape(ev, self, shape, dims), tensor_with_shape(ev, self, shape, dims)};
    struct value types = import_module(ev, TEXT("torch.return_types"));
    if (is_raised(pair[0]) || is_raised(pair[1]) || is_raised(types))
        return value_raised();
    if (types.kind != VALUE_NAMESPACE)
        return tensor_contents(ev);
    pair[1].tensor->dtype = tensor_contents(ev);
    struct value made = namespace_get(ev, types.namespace, eval_intern(ev, text_from(name)));
    return is_raised(made) ? made : call_values(ev, made, pair, 2);
}

static struct value method_max(struct eval *ev, const struct arguments *arguments)
{
    return pair_along(ev, arguments, "max");
}

static struct value method_min(struct eval *ev, const struct arguments *arguments)
{
    return pair_along(ev, arguments, "min");
}

static struct value method_median(struct eval *ev, const struct arguments *arguments)
{
    return pair_along(ev, arguments, "median");
}

/* Running sums of a vector of whole numbers are exact. */
static struct value method_cumsum(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    struct tensor *sums = self ? tensor_like(ev, self) : NULL;
    if (!sums)
        return value_raised();
    if (!self->numbers || self->dims != 1 || !self->whole || !tensor_give_numbers(ev, sums))
        return tensor_value(sums);
    double sum = 0;
    sums->whole = true;
    for (int64_t i = 0; i < self->shape[0]; i++)
        sums->numbers[i] = sum += self->numbers[i];
    return tensor_value(sums);
}

const struct native tensor_reductions[] = {
    {"sum", method_reduce, NULL},    {"mean", method_reduce, NULL},   {"prod", method_reduce, NULL},    {"amax", method_reduce, NULL},
    {"amin", method_reduce, NULL},   {"all", method_reduce, NULL},    {"any", method_reduce, NULL},     {"argmax", method_reduce, NULL},
    {"argmin", method_reduce, NULL}, {"std", method_of_all, NULL},    {"var", method_of_all, NULL},     {"norm", method_of_all, NULL},
    {"max", method_max, NULL},       {"min", method_min, NULL},       {"median", method_median, NULL},  {"cumsum", method_cumsum, NULL},
    {NULL, NULL, NULL},
};
