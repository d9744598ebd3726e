/*
 * Methods of tensors that go over all of it, or along an axis: what is left of the shape, and of the numbers.
 */
#include <math.h>
#include <string.h>

#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

static struct value named_or(const struct arguments *arguments, const char *name, struct value otherwise)
{
    struct value value = argument_named(arguments, name);
    return value.kind == VALUE_UNBOUND ? otherwise : value;
}

/* The shape without one axis, or with 1 in its place.  1 fine, 0 cannot tell. */
static int shape_along(const struct tensor *self, const struct arguments *arguments, int64_t *shape, uint32_t *dims, int64_t *along)
{
    struct value none = value_unbound();
    struct value which = arguments->count > 1 ? arguments->items[1] : named_or(arguments, "dim", argument_named(arguments, "axis"));
    struct value keep = arguments->count > 2 ? arguments->items[2] : named_or(arguments, "keepdim", none);
    int64_t axis;
    if (!self->shape_known || which.kind == VALUE_UNBOUND || !tensor_axis(which, self->dims, &axis) || arguments->count > 3 ||
        (keep.kind != VALUE_UNBOUND && keep.kind != VALUE_BOOL))
        return 0;
    *dims = 0;
    *along = axis;
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

/* What is left of a run of numbers that lie `stride` apart.  False: cannot tell. */
struct run {
    const struct tensor *of;
    int64_t first, stride, count;
    enum number_kind kind;
};
typedef bool (*of_run)(const struct run *run, double *number);

static double in_run(const struct run *run, int64_t at)
{
    return run->of->numbers[run->first + at * run->stride];
}

static double error_in_run(const struct run *run, int64_t at)
{
    return tensor_error(run->of, run->first + at * run->stride);
}

/* Floating numbers are added up in an order that depends on the machine. */
static bool run_sum(const struct run *run, double *number)
{
    *number = 0;
    for (int64_t i = 0; i < run->count; i++)
        *number += in_run(run, i);
    return kind_is_whole(run->kind) && fabs(*number) < 9e15;
}

static bool run_product(const struct run *run, double *number)
{
    *number = 1;
    for (int64_t i = 0; i < run->count; i++) {
        *number *= in_run(run, i);
        if (fabs(*number) >= 9e15)
            return false;
    }
    return kind_is_whole(run->kind);
}

/* Where the first of the greatest is.  False: there is none, or the errors leave it open. */
static bool greatest(const struct run *run, double sign, int64_t *at)
{
    *at = 0;
    for (int64_t i = 1; i < run->count; i++)
        if (sign * in_run(run, i) > sign * in_run(run, *at))
            *at = i;
    for (int64_t i = 0; i < run->count; i++) {
        double error = error_in_run(run, i) + error_in_run(run, *at);
        if (i != *at && error > 0 && sign * in_run(run, *at) - sign * in_run(run, i) <= error)
            return false;
    }
    return run->count > 0;
}

static bool run_argmax(const struct run *run, double *number)
{
    int64_t at;
    bool told = greatest(run, 1, &at);
    *number = (double)at;
    return told;
}

static bool run_argmin(const struct run *run, double *number)
{
    int64_t at;
    bool told = greatest(run, -1, &at);
    *number = (double)at;
    return told;
}

static bool run_max(const struct run *run, double *number)
{
    int64_t at;
    bool told = greatest(run, 1, &at) && error_in_run(run, at) <= 0;
    *number = told ? in_run(run, at) : 0;
    return told;
}

static bool run_min(const struct run *run, double *number)
{
    int64_t at;
    bool told = greatest(run, -1, &at) && error_in_run(run, at) <= 0;
    *number = told ? in_run(run, at) : 0;
    return told;
}

static bool truths(const struct run *run, int64_t *true_count)
{
    *true_count = 0;
    for (int64_t i = 0; i < run->count; i++) {
        if (error_in_run(run, i) > 0)
            return false;
        *true_count += in_run(run, i) != 0;
    }
    return true;
}

static bool run_all(const struct run *run, double *number)
{
    int64_t count;
    bool told = truths(run, &count);
    *number = count == run->count;
    return told;
}

static bool run_any(const struct run *run, double *number)
{
    int64_t count;
    bool told = truths(run, &count);
    *number = count > 0;
    return told;
}

/* Numbers of the result, a run each; along everything when `axis` is -1. */
static void reduce_numbers(struct eval *ev, const struct tensor *self, struct tensor *result, int64_t axis, of_run of)
{
    enum number_kind kind = tensor_kind(ev, self);
    if (!of || kind == NUMBERS_OTHER || !tensor_numbers(self) || !tensor_give_numbers(ev, result))
        return;
    int64_t inner = 1, results = tensor_count(result);
    for (int64_t i = axis + 1; axis >= 0 && i < self->dims; i++)
        inner *= self->shape[i];
    struct run run = {.of = self, .stride = inner, .count = axis < 0 ? tensor_count(self) : self->shape[axis], .kind = kind};
    if (axis < 0)
        run.stride = 1;
    for (int64_t i = 0; i < results; i++) {
        run.first = axis < 0 ? 0 : i / inner * inner * run.count + i % inner;
        if (!of(&run, &result->numbers[i])) {
            tensor_drop_numbers(result);
            return;
        }
    }
    tensor_round_numbers(result, tensor_kind(ev, result));
}

/* `dtype`: of the result, NULL for the tensor's own. */
static struct value reduce(struct eval *ev, const struct arguments *arguments, of_run of, const char *dtype)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS], axis = -1;
    uint32_t dims = 0;
    if (!self)
        return value_raised();
    if (!of_everything(arguments) && !shape_along(self, arguments, shape, &dims, &axis))
        return tensor_of_unknown_shape(ev);
    struct value result = tensor_with_shape(ev, self, shape, dims);
    if (result.kind != VALUE_TENSOR)
        return result;
    if (dtype)
        result.tensor->dtype = torch_dtype(ev, dtype);
    result.tensor->whole = kind_is_whole(tensor_kind(ev, dtype ? result.tensor : self));
    if (self->shape_known)
        reduce_numbers(ev, self, result.tensor, axis, of);
    return result;
}

/* Sums and products of whole numbers are int64, whatever the width was. */
static const char *summed(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = arguments->count && arguments->items[0].kind == VALUE_TENSOR ? arguments->items[0].tensor : NULL;
    return self && kind_is_whole(tensor_kind(ev, self)) ? "int64" : NULL;
}

static struct value method_sum(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_sum, summed(ev, arguments));
}

static struct value method_prod(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_product, summed(ev, arguments));
}

static struct value method_mean(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, NULL, NULL);
}

static struct value method_amax(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_max, NULL);
}

static struct value method_amin(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_min, NULL);
}

static struct value method_argmax(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_argmax, "int64");
}

static struct value method_argmin(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_argmin, "int64");
}

static struct value method_all(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_all, "bool");
}

static struct value method_any(struct eval *ev, const struct arguments *arguments)
{
    return reduce(ev, arguments, run_any, "bool");
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
static struct value pair_along(struct eval *ev, const struct arguments *arguments, const char *name, of_run of)
{
    struct tensor *self = tensor_self(ev, arguments);
    int64_t shape[LIMIT_TENSOR_DIMS], axis;
    uint32_t dims;
    if (!self)
        return value_raised();
    if (of_everything(arguments))
        return reduce(ev, arguments, of, NULL);
    if (arguments->count == 2 && arguments->items[1].kind == VALUE_TENSOR)
        return tensor_of_unknown_shape(ev); /* of two tensors, place by place */
    if (!shape_along(self, arguments, shape, &dims, &axis))
        return tensor_contents(ev);
    struct value pair[] = {tensor_with_shape(ev, self, shape, dims), tensor_with_shape(ev, self, shape, dims)};
    struct value types = import_module(ev, TEXT("torch.return_types"));
    if (is_raised(pair[0]) || is_raised(pair[1]) || is_raised(types))
        return value_raised();
    if (types.kind != VALUE_NAMESPACE)
        return tensor_contents(ev);
    pair[1].tensor->dtype = torch_dtype(ev, "int64");
    struct value made = namespace_get(ev, types.namespace, eval_intern(ev, text_from(name)));
    return is_raised(made) ? made : call_values(ev, made, pair, 2);
}

static struct value method_max(struct eval *ev, const struct arguments *arguments)
{
    return pair_along(ev, arguments, "max", run_max);
}

static struct value method_min(struct eval *ev, const struct arguments *arguments)
{
    return pair_along(ev, arguments, "min", run_min);
}

static struct value method_median(struct eval *ev, const struct arguments *arguments)
{
    return pair_along(ev, arguments, "median", NULL);
}

/* Running sums and products along an axis, of whole numbers: those are exact. */
static struct value running(struct eval *ev, const struct arguments *arguments, bool product)
{
    struct tensor *self = tensor_self(ev, arguments);
    struct tensor *result = self ? tensor_like(ev, self) : NULL;
    int64_t shape[LIMIT_TENSOR_DIMS], axis;
    uint32_t dims;
    if (!result)
        return value_raised();
    if (!kind_is_whole(tensor_kind(ev, self)))
        return tensor_value(result);
    result->dtype = torch_dtype(ev, "int64");
    result->whole = true;
    if (arguments->count > 2 || !shape_along(self, arguments, shape, &dims, &axis) || !tensor_numbers(self) || !tensor_give_numbers(ev, result))
        return tensor_value(result);
    int64_t inner = 1, count = tensor_count(self), length = self->shape[axis];
    for (int64_t i = axis + 1; i < self->dims; i++)
        inner *= self->shape[i];
    for (int64_t i = 0; i < count; i++) {
        bool first = i / inner % length == 0;
        double before = first ? (product ? 1 : 0) : result->numbers[i - inner];
        result->numbers[i] = product ? before * self->numbers[i] : before + self->numbers[i];
    }
    tensor_round_numbers(result, NUMBERS_INT64);
    return tensor_value(result);
}

static struct value method_cumsum(struct eval *ev, const struct arguments *arguments)
{
    return running(ev, arguments, false);
}

static struct value method_cumprod(struct eval *ev, const struct arguments *arguments)
{
    return running(ev, arguments, true);
}

const struct native tensor_reductions[] = {
    {"sum", method_sum, NULL},       {"mean", method_mean, NULL},     {"prod", method_prod, NULL},      {"amax", method_amax, NULL},
    {"amin", method_amin, NULL},     {"all", method_all, NULL},       {"any", method_any, NULL},        {"argmax", method_argmax, NULL},
    {"argmin", method_argmin, NULL}, {"std", method_of_all, NULL},    {"var", method_of_all, NULL},     {"norm", method_of_all, NULL},
    {"max", method_max, NULL},       {"min", method_min, NULL},       {"median", method_median, NULL},  {"cumsum", method_cumsum, NULL},
    {"cumprod", method_cumprod, NULL}, {NULL, NULL, NULL},
};
