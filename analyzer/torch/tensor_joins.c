/* torch.cat and torch.stack: the first tensor's shape, with one size added up or one size more. */
#include <string.h>

#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

/* Numbers of the result, part by part: `outer` blocks, in each of which every part has a run of its own. */
static void join_numbers(struct eval *ev, struct tensor *result, const struct list *parts, int64_t dim)
{
    bool with_errors = false;
    for (uint32_t i = 0; i < parts->count; i++) {
        if (!tensor_numbers(parts->items[i].tensor))
            return;
        with_errors |= parts->items[i].tensor->errors != NULL;
    }
    if (!tensor_give_numbers(ev, result))
        return;
    if (with_errors)
        tensor_give_errors(ev, result);
    int64_t outer = 1, at = 0;
    for (int64_t axis = 0; axis < dim; axis++)
        outer *= result->shape[axis];
    for (int64_t block = 0; block < outer; block++) {
        for (uint32_t i = 0; i < parts->count; i++) {
            const struct tensor *part = parts->items[i].tensor;
            int64_t run = tensor_count(part) / outer;
            for (int64_t k = 0; k < run; k++, at++) {
                result->numbers[at] = part->numbers[block * run + k];
                if (with_errors)
                    result->errors[at] = tensor_error(part, block * run + k);
            }
        }
    }
    tensor_round_numbers(result, tensor_kind(ev, result));
}

static struct value join(struct eval *ev, const struct arguments *arguments, bool stack)
{
    struct value values[2];
    static const char *const names[] = {"tensors", "dim=", NULL};
    if (!arguments_bind(ev, "tensor_cat", arguments, names, values))
        return value_raised();
    struct value outcome = values[0];
    struct list *list = is_unknown(outcome) ? NULL : iterate(ev, outcome, &outcome);
    int64_t dim = 0, total = 0;
    if (!list && is_raised(outcome))
        return outcome;
    if (!list || list->open || !list->count || (values[1].kind != VALUE_UNBOUND && !value_integer(values[1], &dim)))
        return tensor_of_unknown_shape(ev);
    int64_t shape[LIMIT_TENSOR_DIMS + 1];
    uint32_t dims = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != VALUE_TENSOR || !list->items[i].tensor->shape_known)
            return tensor_of_unknown_shape(ev);
        const struct tensor *tensor = list->items[i].tensor;
        if (i == 0) {
            dims = tensor->dims;
            memcpy(shape, tensor->shape, dims * sizeof *shape);
            dim = dim < 0 ? dim + dims + stack : dim;
        }
        if (dim < 0 || dim >= (int64_t)dims + stack || tensor->dims != dims)
            return tensor_of_unknown_shape(ev);
        for (uint32_t axis = 0; axis < dims; axis++)
            if ((stack || axis != dim) && tensor->shape[axis] != shape[axis])
                return tensor_of_unknown_shape(ev);
        total += stack ? 1 : tensor->shape[dim];
    }
    if (stack && dims < LIMIT_TENSOR_DIMS) {
        memmove(shape + dim + 1, shape + dim, (dims - (size_t)dim) * sizeof *shape);
        dims++;
    }
    shape[dim] = total;
    struct tensor *tensor = tensor_new(ev, shape, dims);
    if (!tensor)
        return value_raised();
    tensor->whole = list->items[0].tensor->whole;
    tensor->dtype = list->items[0].tensor->dtype;
    for (uint32_t i = 1; i < list->count; i++) {
        tensor->dtype = tensor_common_dtype(ev, tensor, list->items[i].tensor);
        tensor->whole &= list->items[i].tensor->whole;
    }
    join_numbers(ev, tensor, list, dim);
    return value_of(VALUE_TENSOR, tensor);
}

static struct value native_cat(struct eval *ev, const struct arguments *arguments)
{
    return join(ev, arguments, false);
}

static struct value native_stack(struct eval *ev, const struct arguments *arguments)
{
    return join(ev, arguments, true);
}

const struct native tensor_joins[] = {
    {"tensor_cat", native_cat, NULL},
    {"tensor_stack", native_stack, NULL},
    {NULL, NULL, NULL},
};
