/*
 * Making tensors: a shape, and of small ones the numbers, since drop-path rates decide classes and tables of scales decide
 * sizes.  Everything else about their contents cannot be told and need not be.
 */
#include <math.h>
#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

static struct tensor *tensor_alloc(struct eval *ev)
{
    struct tensor *tensor = ARENA_NEW(eval_heap(ev), struct tensor);
    cell_init(ev, &tensor->cell, CELL_TENSOR);
    tensor->class_ = ev->types->tensor;
    tensor->dtype = value_unbound();
    return tensor;
}

struct value tensor_of_unknown_shape(struct eval *ev)
{
    return value_of(VALUE_TENSOR, tensor_alloc(ev));
}

struct tensor *tensor_new(struct eval *ev, const int64_t *shape, uint32_t dims)
{
    struct tensor *tensor = tensor_alloc(ev);
    if (dims > LIMIT_TENSOR_DIMS) {
        eval_stop(ev, "a tensor with more dimensions than any real one");
        return NULL;
    }
    tensor->shape_known = true;
    tensor->dims = (uint8_t)dims;
    tensor->shape = ARENA_ARRAY(eval_heap(ev), dims + 1, int64_t);
    if (dims)
        memcpy(tensor->shape, shape, dims * sizeof *shape);
    return tensor;
}

struct tensor *tensor_like(struct eval *ev, const struct tensor *tensor)
{
    struct tensor *like = tensor_alloc(ev);
    like->shape_known = tensor->shape_known;
    like->dims = tensor->dims;
    like->shape = tensor->shape; /* nothing writes to a shape: one that changes is another one */
    like->dtype = tensor->dtype;
    return like;
}

int64_t tensor_count(const struct tensor *tensor)
{
    int64_t count = 1;
    for (uint8_t i = 0; i < tensor->dims; i++)
        if (__builtin_mul_overflow(count, tensor->shape[i], &count))
            return -1;
    return tensor->shape_known ? count : -1;
}

struct value tensor_shape(struct eval *ev, const struct tensor *tensor)
{
    if (!tensor->shape_known)
        return eval_unknown_plain(ev, "the shape of a tensor that is not worked out");
    struct list *list = list_new(ev, tensor->dims);
    for (uint8_t i = 0; i < tensor->dims; i++)
        list_append(ev, list, value_int(tensor->shape[i]));
    return value_of(VALUE_TUPLE, list);
}

/* Making. */

static int size_from(struct eval *ev, struct value item, int64_t *size, const char *function)
{
    struct value outcome = item;
    if (is_unknown(item))
        return 0;
    if (item.kind == VALUE_TENSOR && tensor_numbers(item.tensor) && item.tensor->whole && tensor_count(item.tensor) == 1) {
        *size = (int64_t)item.tensor->numbers[0];
        return 1;
    }
    if (item.kind == VALUE_TENSOR)
        return 0;
    int index = value_index(ev, item, size, &outcome);
    if (index == 1)
        return 1;
    if (index == -1)
        return is_raised(outcome) ? -1 : 0;
    eval_raise(ev, ev->types->type_error, "%s(): argument 'size' must be tuple of ints, not %s", function, type_name(ev, item));
    return -1;
}

int sizes_from(struct eval *ev, const struct value *items, uint32_t count, int64_t *shape, uint32_t *dims, const char *function)
{
    struct list *list = count == 1 ? value_items(items[0]) : NULL;
    if (list && list->open)
        return 0;
    if (list) {
        items = list->items;
        count = list->count;
    }
    if (count == 1 && is_unknown(items[0]))
        return 0; /* it may be a sequence */
    *dims = count;
    if (count > LIMIT_TENSOR_DIMS) {
        eval_stop(ev, "a tensor with more dimensions than any real one");
        return -1;
    }
    /* Of a bool torch only looks at the first size: the others are taken for 0 and 1. */
    if (count && items[0].kind == VALUE_BOOL) {
        eval_raise(ev, ev->types->type_error, list ? "%s(): argument 'size' (position 1) must be tuple of ints, but found element of type bool at pos 0"
                                                   : "%s(): argument 'size' (position 1) must be tuple of ints, not bool", function);
        return -1;
    }
    bool known = true;
    for (uint32_t i = 0; i < count; i++) {
        int fine = size_from(ev, items[i], &shape[i], function);
        if (fine == -1)
            return -1;
        known &= fine == 1;
    }
    return known;
}

static const char *function_name(struct value value, const char *otherwise)
{
    struct str *name = value.kind == VALUE_STR ? value.str : NULL;
    return name ? name->bytes : otherwise;
}

/* tensor_empty(size, dtype=None, function="empty"): sizes may be negative only by mistake. */
static struct value make_tensor(struct eval *ev, struct value size, struct value dtype, const char *function)
{
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    int fine = sizes_from(ev, &size, 1, shape, &dims, function);
    if (fine == -1)
        return value_raised();
    if (fine == 0) {
        struct value unknown = tensor_of_unknown_shape(ev);
        unknown.tensor->dtype = dtype;
        return unknown;
    }
    for (uint32_t i = 0; i < dims; i++)
        if (shape[i] < 0)
            return eval_raise(ev, ev->types->runtime_error, "Trying to create tensor with negative dimension %lld: %s",
                              (long long)shape[i], value_to_repr(ev, tensor_shape(ev, tensor_new(ev, shape, dims))).str->bytes);
    struct tensor *tensor = tensor_new(ev, shape, dims);
    if (!tensor)
        return value_raised();
    tensor->dtype = dtype.kind == VALUE_NONE ? value_unbound() : dtype;
    return value_of(VALUE_TENSOR, tensor);
}

static struct value native_empty(struct eval *ev, const struct arguments *arguments)
{
    struct value values[3];
    static const char *const names[] = {"size", "dtype=", "function=", NULL};
    if (!arguments_bind(ev, "tensor_empty", arguments, names, values))
        return value_raised();
    return make_tensor(ev, values[0], values[1].kind == VALUE_UNBOUND ? value_none() : values[1], function_name(values[2], "empty"));
}

static bool plain_number(struct value value, double *number, bool *whole)
{
    if (value.kind == VALUE_FLOAT) {
        *number = value.real;
        *whole = false;
        return true;
    }
    int64_t integer;
    if (!value_integer(value, &integer))
        return false;
    *number = (double)integer;
    *whole = true;
    return fabs(*number) < 9e15;
}

static bool number_argument(struct value value, double *number, double *error, bool *whole)
{
    *error = 0;
    if (value.kind == VALUE_TENSOR && tensor_numbers(value.tensor) && tensor_count(value.tensor) == 1) {
        *number = value.tensor->numbers[0];
        *error = tensor_error(value.tensor, 0);
        *whole = value.tensor->whole;
        return true;
    }
    return plain_number(value, number, whole);
}

/* Gives the tensor its dtype, and what was put into it the numbers of that kind. */
static struct value settled(struct eval *ev, struct tensor *tensor, struct value dtype)
{
    tensor->dtype = dtype.kind == VALUE_NONE ? value_unbound() : dtype;
    if (!tensor->numbers)
        return value_of(VALUE_TENSOR, tensor);
    enum number_kind kind = tensor_kind(ev, tensor);
    int64_t count = tensor_count(tensor);
    for (int64_t i = 0; i < count; i++) {
        if (kind == NUMBERS_BOOL)
            tensor->numbers[i] = tensor->numbers[i] != 0;
        else if (kind_is_whole(kind))
            tensor->numbers[i] = trunc(tensor->numbers[i]);
    }
    if (!tensor->errors || !kind_is_whole(kind))
        tensor_round_numbers(tensor, kind);
    else
        tensor_drop_numbers(tensor);
    return value_of(VALUE_TENSOR, tensor);
}

/* A weight full of ones is never read back; a short vector may be. */
#define FILLED_NUMBERS 256

static struct value native_full(struct eval *ev, const struct arguments *arguments)
{
    struct value values[4];
    static const char *const names[] = {"size", "value", "dtype=", "function=", NULL};
    if (!arguments_bind(ev, "tensor_full", arguments, names, values))
        return value_raised();
    struct value dtype = values[2].kind == VALUE_UNBOUND ? value_none() : values[2];
    struct value made = make_tensor(ev, values[0], dtype, function_name(values[3], "full"));
    double number, error;
    bool whole;
    if (made.kind != VALUE_TENSOR || tensor_count(made.tensor) > FILLED_NUMBERS ||
        !number_argument(values[1], &number, &error, &whole) || error > 0 || !tensor_give_numbers(ev, made.tensor))
        return made;
    made.tensor->whole = whole;
    if (dtype.kind == VALUE_NONE && values[1].kind == VALUE_BOOL)
        dtype = torch_dtype(ev, "bool");
    int64_t count = tensor_count(made.tensor);
    for (int64_t i = 0; i < count; i++)
        made.tensor->numbers[i] = number;
    return settled(ev, made.tensor, dtype);
}

/* tensor_legacy(args, dtype): torch.FloatTensor(2, 3) is a size, torch.FloatTensor([1.0]) is data. */
static struct value from_data(struct eval *ev, struct value data, struct value dtype);

static struct value native_legacy(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"args", "dtype=", NULL};
    if (!arguments_bind(ev, "tensor_legacy", arguments, names, values))
        return value_raised();
    struct list *items = value_items(values[0]);
    struct value dtype = values[1].kind == VALUE_UNBOUND ? value_none() : values[1];
    if (!items)
        return tensor_of_unknown_shape(ev);
    if (items->count == 1 && (value_items(items->items[0]) || items->items[0].kind == VALUE_TENSOR || items->items[0].kind == VALUE_INSTANCE))
        return from_data(ev, items->items[0], dtype);
    return make_tensor(ev, values[0], dtype, "Tensor");
}

/* Shape of nested lists; false: cannot tell. */
static bool data_shape(struct eval *ev, struct value data, int64_t *shape, uint32_t *dims)
{
    *dims = 0;
    for (;;) {
        struct list *list = value_items(data);
        if (data.kind == VALUE_TENSOR && data.tensor->shape_known && *dims + data.tensor->dims <= LIMIT_TENSOR_DIMS) {
            memcpy(shape + *dims, data.tensor->shape, data.tensor->dims * sizeof *shape);
            *dims += data.tensor->dims;
            return true;
        }
        if (!list) {
            double number;
            bool whole;
            return plain_number(data, &number, &whole);
        }
        if (list->open || *dims == LIMIT_TENSOR_DIMS || !work(ev, 1))
            return false;
        shape[(*dims)++] = list->count;
        if (!list->count)
            return true;
        data = list->items[0];
    }
}

/* Numbers out of nested lists, row by row. */
struct filling {
    struct tensor *tensor;
    int64_t at;
    enum number_kind kind; /* of all so far: BOOL, INT64 or DOUBLE for what is floating */
};

static bool fill(struct eval *ev, struct filling *filling, struct value data, uint32_t depth)
{
    const struct tensor *tensor = filling->tensor;
    struct list *list = value_items(data);
    if (depth < tensor->dims && list) {
        if (list->open || list->count != tensor->shape[depth])
            return false;
        for (uint32_t i = 0; i < list->count; i++)
            if (!fill(ev, filling, list->items[i], depth + 1))
                return false;
        return true;
    }
    double error;
    bool whole;
    if (depth != tensor->dims || !number_argument(data, &tensor->numbers[filling->at], &error, &whole) || error > 0)
        return false;
    enum number_kind kind = !whole ? NUMBERS_DOUBLE : data.kind == VALUE_BOOL ? NUMBERS_BOOL : NUMBERS_INT64;
    filling->kind = kind > filling->kind ? kind : filling->kind;
    filling->at++;
    return true;
}

static struct value from_data(struct eval *ev, struct value data, struct value dtype)
{
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (data.kind == VALUE_INSTANCE && !value_items(data)) { /* an array */
        struct value tolist = find_attribute(ev, data, eval_intern(ev, TEXT("tolist")));
        if (tolist.kind != VALUE_UNBOUND && !is_raised(tolist))
            data = call_values(ev, tolist, NULL, 0);
        if (is_raised(data) || is_raised(tolist))
            return value_raised();
    }
    if (data.kind == VALUE_RANGE || data.kind == VALUE_ITERATOR) {
        struct value outcome;
        struct list *list = iterate(ev, data, &outcome);
        if (!list)
            return is_raised(outcome) ? outcome : tensor_of_unknown_shape(ev);
        data = value_of(VALUE_LIST, list);
    }
    if (data.kind == VALUE_TENSOR) {
        struct tensor *same = tensor_like(ev, data.tensor);
        if (!same)
            return value_raised();
        tensor_share(same, data.tensor);
        if (dtype.kind == VALUE_NONE)
            return value_of(VALUE_TENSOR, same);
        int64_t strides[LIMIT_TENSOR_DIMS];
        tensor_drop_numbers(same);
        if (same->shape_known) {
            tensor_strides(data.tensor, strides);
            tensor_share_strided(ev, same, data.tensor, strides, 0);
        }
        return settled(ev, same, dtype);
    }
    if (!data_shape(ev, data, shape, &dims))
        return ev->stopped ? value_raised() : tensor_of_unknown_shape(ev);
    struct tensor *tensor = tensor_new(ev, shape, dims);
    if (!tensor)
        return value_raised();
    if (!tensor_give_numbers(ev, tensor)) {
        tensor->dtype = dtype.kind == VALUE_NONE ? value_unbound() : dtype;
        return value_of(VALUE_TENSOR, tensor);
    }
    struct filling filling = {.tensor = tensor, .kind = NUMBERS_BOOL};
    if (!fill(ev, &filling, data, 0))
        tensor_drop_numbers(tensor);
    tensor->whole = filling.at && filling.kind != NUMBERS_DOUBLE;
    if (dtype.kind == VALUE_NONE && filling.kind == NUMBERS_BOOL && tensor->numbers && filling.at)
        dtype = torch_dtype(ev, "bool");
    return settled(ev, tensor, dtype);
}

static struct value native_from(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"data", "dtype=", NULL};
    if (!arguments_bind(ev, "tensor_from", arguments, names, values))
        return value_raised();
    return from_data(ev, values[0], values[1].kind == VALUE_UNBOUND ? value_none() : values[1]);
}

static struct value native_unknown(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return tensor_of_unknown_shape(ev);
}

/* A vector of `count` numbers, to be filled; NULL in *vector when the result is as it is. */
static struct value vector(struct eval *ev, double count, struct value dtype, struct tensor **vector)
{
    *vector = NULL;
    if (!(count >= 0) || count > 1e15)
        return tensor_of_unknown_shape(ev);
    int64_t size = (int64_t)count;
    struct tensor *tensor = tensor_new(ev, &size, 1);
    if (!tensor)
        return value_raised();
    tensor->dtype = dtype.kind == VALUE_NONE ? value_unbound() : dtype;
    if (tensor_give_numbers(ev, tensor))
        *vector = tensor;
    return value_of(VALUE_TENSOR, tensor);
}

static struct value native_arange(struct eval *ev, const struct arguments *arguments)
{
    struct value values[4];
    static const char *const names[] = {"start", "end", "step", "dtype=", NULL};
    if (!arguments_bind(ev, "tensor_arange", arguments, names, values))
        return value_raised();
    double numbers[3], error[3];
    bool whole[3];
    for (int i = 0; i < 3; i++)
        if (!number_argument(values[i], &numbers[i], &error[i], &whole[i]) || error[i] > 0)
            return tensor_of_unknown_shape(ev);
    double start = numbers[0], end = numbers[1], step = numbers[2];
    if (step == 0)
        return tensor_of_unknown_shape(ev);
    if ((step > 0 && start > end) || (step < 0 && start < end))
        return eval_raise(ev, ev->types->runtime_error, "upper bound and lower bound inconsistent with step sign");
    struct value dtype = values[3].kind == VALUE_UNBOUND ? value_none() : values[3];
    struct tensor *tensor;
    struct value made = vector(ev, ceil((end - start) / step), dtype, &tensor);
    if (!tensor)
        return made;
    tensor->whole = whole[0] && whole[1] && whole[2];
    enum number_kind kind = tensor_kind(ev, tensor);
    for (int64_t i = 0; i < tensor->shape[0]; i++)
        tensor->numbers[i] = start + (double)i * step;
    if (!tensor->whole && kind_is_whole(kind)) /* its step is rounded first */
        tensor_drop_numbers(tensor);
    else if (tensor_round_numbers(tensor, kind) && !kind_is_whole(kind) && !tensor->whole && (!whole[0] || !whole[2])) {
        tensor_give_errors(ev, tensor);
        for (int64_t i = 0; i < tensor->shape[0]; i++)
            tensor->errors[i] = i ? 2 * number_ulp(fmax(fabs(start), fabs(tensor->numbers[i])), kind) : 0;
    }
    return made;
}

/* One number of a linspace as torch's kernel computes it in this kind: forwards to the middle, backwards from the end. */
static double linspace_number(double start, double end, double step, int64_t at, int64_t steps, enum number_kind kind, bool fused)
{
    double number = at < steps / 2 ? start : end;
    double times = at < steps / 2 ? (double)at : -(double)(steps - at - 1);
    double product = fused ? step * times : number_rounded(step * times, kind); /* of single numbers: exact in double */
    return number_rounded(number + product, kind);
}

static struct value native_linspace(struct eval *ev, const struct arguments *arguments)
{
    struct value values[4];
    static const char *const names[] = {"start", "end", "steps", "dtype=", NULL};
    if (!arguments_bind(ev, "tensor_linspace", arguments, names, values))
        return value_raised();
    double start, end, count, error[3];
    bool whole;
    if (!number_argument(values[0], &start, &error[0], &whole) || !number_argument(values[1], &end, &error[1], &whole) ||
        !number_argument(values[2], &count, &error[2], &whole) || error[2] > 0)
        return tensor_of_unknown_shape(ev);
    if (count < 0)
        return eval_raise(ev, ev->types->runtime_error, "number of steps must be non-negative");
    struct tensor *tensor;
    struct value made = vector(ev, count, values[3].kind == VALUE_UNBOUND ? value_none() : values[3], &tensor);
    if (!tensor)
        return made;
    enum number_kind kind = tensor_kind(ev, tensor);
    if (kind != NUMBERS_SINGLE && kind != NUMBERS_DOUBLE) {
        tensor_drop_numbers(tensor);
        return made;
    }
    int64_t steps = tensor->shape[0];
    start = number_rounded(start, kind);
    end = number_rounded(end, kind);
    double step = steps > 1 ? number_rounded(number_rounded(end - start, kind) / (double)(steps - 1), kind) : 0;
    double ulp = number_ulp(fmax(fabs(start), fabs(end)), kind);
    tensor_give_errors(ev, tensor);
    for (int64_t i = 0; i < steps; i++) {
        /* Processors that multiply and add at once round once; where that makes no difference the number is certain. */
        double number = linspace_number(start, end, step, i, steps, kind, kind == NUMBERS_SINGLE);
        bool certain = i == 0 || i == steps - 1 || number == linspace_number(start, end, step, i, steps, kind, kind != NUMBERS_SINGLE);
        double inherited = fmax(error[0], error[1]);
        tensor->numbers[i] = steps == 1 ? start : number;
        tensor->errors[i] = inherited + (certain && inherited <= 0 ? 0 : 2 * ulp);
    }
    return made;
}

static struct value native_shape_of(struct eval *ev, const struct arguments *arguments)
{
    if (arguments->count != 1 || arguments->items[0].kind != VALUE_TENSOR || !arguments->items[0].tensor->shape_known)
        return value_none();
    return tensor_shape(ev, arguments->items[0].tensor);
}

static const struct native functions[] = {
    {"tensor_empty", native_empty, NULL},   {"tensor_full", native_full, NULL},         {"tensor_from", native_from, NULL},
    {"tensor_legacy", native_legacy, NULL}, {"tensor_unknown", native_unknown, NULL},   {"tensor_arange", native_arange, NULL},
    {"tensor_linspace", native_linspace, NULL}, {"shape_of", native_shape_of, NULL},    {NULL, NULL, NULL},
};

/* Classes. */

static struct value as_class(struct eval *ev, struct value data, struct class *class_)
{
    struct tensor *tensor = data.kind == VALUE_TENSOR ? tensor_like(ev, data.tensor) : tensor_of_unknown_shape(ev).tensor;
    if (!tensor)
        return value_raised();
    tensor->class_ = class_;
    if (data.kind == VALUE_TENSOR)
        tensor_share(tensor, data.tensor);
    return value_of(VALUE_TENSOR, tensor);
}

static struct value construct_tensor(struct eval *ev, const struct arguments *arguments)
{
    struct list *list = list_new(ev, arguments->count);
    for (uint32_t i = 0; i < arguments->count; i++)
        list_append(ev, list, arguments->items[i]);
    struct value items[] = {value_of(VALUE_TUPLE, list)};
    struct arguments legacy = {.items = items, .count = 1};
    return native_legacy(ev, &legacy);
}

static struct value construct_parameter(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"data=", "requires_grad=", NULL};
    if (!arguments_bind(ev, "Parameter.__new__", arguments, names, values))
        return value_raised();
    if (values[0].kind == VALUE_UNBOUND || values[0].kind == VALUE_NONE) {
        int64_t zero = 0;
        values[0] = value_of(VALUE_TENSOR, tensor_new(ev, &zero, 1));
    }
    return as_class(ev, values[0], ev->types->parameter);
}

static struct value construct_buffer(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"data=", "persistent=", NULL};
    if (!arguments_bind(ev, "Buffer.__new__", arguments, names, values))
        return value_raised();
    return as_class(ev, values[0], ev->types->buffer);
}

static struct value construct_uninitialized(struct eval *ev, struct class *class_)
{
    struct value tensor = tensor_of_unknown_shape(ev);
    tensor.tensor->class_ = class_;
    return tensor;
}

static struct value construct_uninitialized_parameter(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return construct_uninitialized(ev, ev->types->parameter);
}

static struct value construct_uninitialized_buffer(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return construct_uninitialized(ev, ev->types->buffer);
}

static struct class *tensor_class(struct eval *ev, const char *name, const char *module, struct class *base, native_call construct)
{
    struct class *class_ = builtin_class(ev, name, base, LAYOUT_OBJECT, construct);
    class_->module = eval_intern(ev, text_from(module));
    class_->attributes->of_class = true;
    native_module_add(ev, name, value_of(VALUE_CLASS, class_));
    return class_;
}

void tensor_init(struct eval *ev)
{
    struct types *types = ev->types;
    types->tensor = tensor_class(ev, "Tensor", "torch", types->object, construct_tensor);
    types->parameter = tensor_class(ev, "Parameter", "torch.nn.parameter", types->tensor, construct_parameter);
    types->buffer = tensor_class(ev, "Buffer", "torch.nn.parameter", types->tensor, construct_buffer);
    struct class *mixin = tensor_class(ev, "UninitializedTensorMixin", "torch.nn.parameter", types->tensor, construct_tensor);
    (void)mixin;
    tensor_class(ev, "UninitializedParameter", "torch.nn.parameter", types->parameter, construct_uninitialized_parameter);
    tensor_class(ev, "UninitializedBuffer", "torch.nn.parameter", types->buffer, construct_uninitialized_buffer);
    for (const struct native *function = functions; function->name; function++)
        native_module_add(ev, function->name, native_value(function));
    for (const struct native *function = tensor_joins; function->name; function++)
        native_module_add(ev, function->name, native_value(function));
    ev->tensor_hooks = &tensor_operators;
}

void torch_init(struct eval *ev)
{
    module_init(ev);
    module_walk_init(ev);
    tensor_init(ev);
    tensor_methods_init(ev);
}
