/* The numbers of tensors: see tensor_numbers.h. */
#include <math.h>
#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

#define WHOLE_EXACT 9e15     /* integers up to here are doubles */
#define SMALL_ERROR 0x1p-20  /* of a number: nothing that is read out of a tensor is compared more closely */

/* Kinds. */

static const struct {
    const char *name;
    enum number_kind kind;
} kinds[] = {
    {"bool", NUMBERS_BOOL},     {"uint8", NUMBERS_UINT8}, {"int8", NUMBERS_INT8},       {"int16", NUMBERS_INT16},
    {"int32", NUMBERS_INT32},   {"int64", NUMBERS_INT64}, {"float32", NUMBERS_SINGLE}, {"float64", NUMBERS_DOUBLE},
};

enum number_kind dtype_kind(struct eval *ev, struct value dtype)
{
    if (dtype.kind == VALUE_CLASS)
        return dtype.class_ == ev->types->bool_ ? NUMBERS_BOOL : dtype.class_ == ev->types->int_ ? NUMBERS_INT64
             : dtype.class_ == ev->types->float_ ? NUMBERS_DOUBLE : NUMBERS_OTHER;
    if (dtype.kind != VALUE_INSTANCE)
        return NUMBERS_OTHER;
    struct value name = find_attribute(ev, dtype, eval_intern(ev, TEXT("_name")));
    for (size_t i = 0; name.kind == VALUE_STR && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(name.str->bytes, kinds[i].name))
            return kinds[i].kind;
    return NUMBERS_OTHER;
}

enum number_kind tensor_kind(struct eval *ev, const struct tensor *tensor)
{
    if (tensor->dtype.kind == VALUE_UNBOUND)
        return tensor->whole ? NUMBERS_INT64 : NUMBERS_SINGLE;
    return dtype_kind(ev, tensor->dtype);
}

struct value torch_dtype(struct eval *ev, const char *name)
{
    struct value module = import_module(ev, TEXT("torch"));
    if (module.kind != VALUE_NAMESPACE)
        return tensor_contents(ev);
    struct value dtype = namespace_get(ev, module.namespace, eval_intern(ev, text_from(name)));
    return dtype.kind == VALUE_INSTANCE ? dtype : tensor_contents(ev);
}

/* Two tensors of the same category (bool, whole, floating) give the wider one, else the higher category decides.  A tensor
 * without dimensions counts only by its category, where the other has some. */
struct value tensor_common_dtype(struct eval *ev, const struct tensor *a, const struct tensor *b)
{
    if (a->dtype.kind == VALUE_UNBOUND && b->dtype.kind == VALUE_UNBOUND && a->whole == b->whole)
        return a->dtype;
    enum number_kind left = tensor_kind(ev, a), right = tensor_kind(ev, b);
    if (left == NUMBERS_OTHER || right == NUMBERS_OTHER || !a->shape_known || !b->shape_known)
        return tensor_contents(ev);
    int left_category = left == NUMBERS_BOOL ? 0 : kind_is_whole(left) ? 1 : 2;
    int right_category = right == NUMBERS_BOOL ? 0 : kind_is_whole(right) ? 1 : 2;
    const struct tensor *wider = left_category > right_category ? a : left_category < right_category ? b : NULL;
    if (!wider && !a->dims != !b->dims)
        wider = a->dims ? a : b;
    if (!wider && ((left == NUMBERS_UINT8 && right == NUMBERS_INT8) || (left == NUMBERS_INT8 && right == NUMBERS_UINT8)))
        return torch_dtype(ev, "int16");
    if (!wider)
        wider = left >= right ? a : b;
    if (wider->dtype.kind == VALUE_UNBOUND)
        return torch_dtype(ev, wider->whole ? "int64" : "float32");
    return wider->dtype;
}

/* Keeping them. */

static const struct tensor *root_of(const struct tensor *tensor)
{
    return tensor->base ? tensor->base : tensor;
}

const double *tensor_numbers(const struct tensor *tensor)
{
    return tensor->written == root_of(tensor)->written ? tensor->numbers : NULL;
}

bool tensor_give_numbers(struct eval *ev, struct tensor *tensor)
{
    int64_t count = tensor_count(tensor);
    if (count < 0 || count > (tensor->dims > 1 ? LIMIT_MATRIX_NUMBERS : LIMIT_TENSOR_NUMBERS) || !work(ev, (uint64_t)count / 4))
        return false;
    tensor->numbers = ARENA_ARRAY(eval_heap(ev), (size_t)count + 1, double);
    tensor->errors = NULL;
    return true;
}

bool tensor_give_errors(struct eval *ev, struct tensor *tensor)
{
    tensor->errors = ARENA_ARRAY(eval_heap(ev), (size_t)tensor_count(tensor) + 1, double);
    return true;
}

void tensor_drop_numbers(struct tensor *tensor)
{
    tensor->numbers = NULL;
    tensor->errors = NULL;
}

static bool in_range(double number, enum number_kind kind)
{
    switch (kind) {
    case NUMBERS_OTHER: return false;
    case NUMBERS_BOOL: return number == 0 || number == 1;
    case NUMBERS_UINT8: return number >= 0 && number <= 255;
    case NUMBERS_INT8: return number >= -128 && number <= 127;
    case NUMBERS_INT16: return number >= -32768 && number <= 32767;
    case NUMBERS_INT32: return number >= -0x1p31 && number < 0x1p31;
    case NUMBERS_INT64: return fabs(number) < WHOLE_EXACT;
    case NUMBERS_SINGLE: return isfinite((float)number);
    case NUMBERS_DOUBLE: return isfinite(number);
    }
    return false;
}

double number_rounded(double number, enum number_kind kind)
{
    return kind == NUMBERS_SINGLE ? (double)(float)number : number;
}

double number_ulp(double number, enum number_kind kind)
{
    return kind_is_whole(kind) ? 0 : fabs(number) * (kind == NUMBERS_SINGLE ? 0x1p-23 : 0x1p-52) + 0x1p-149;
}

bool tensor_round_numbers(struct tensor *tensor, enum number_kind kind)
{
    int64_t count = tensor_count(tensor);
    for (int64_t i = 0; i < count; i++) {
        if (!in_range(tensor->numbers[i], kind)) {
            tensor_drop_numbers(tensor);
            return false;
        }
        tensor->numbers[i] = number_rounded(tensor->numbers[i], kind);
    }
    tensor->whole = kind_is_whole(kind);
    return true;
}

struct value tensor_number(struct eval *ev, const struct tensor *tensor, int64_t at)
{
    double number = tensor->numbers[at];
    enum number_kind kind = tensor_kind(ev, tensor);
    if (kind == NUMBERS_BOOL)
        return value_bool(number != 0);
    if (kind_is_whole(kind))
        return value_int((int64_t)number);
    if (kind == NUMBERS_OTHER || tensor_error(tensor, at) > fabs(number) * SMALL_ERROR)
        return tensor_contents(ev);
    return value_float(number);
}

/* Sharing them. */

void tensor_share(struct tensor *view, const struct tensor *of)
{
    view->base = (struct tensor *)root_of(of);
    view->written = of->written;
    view->numbers = of->numbers;
    view->errors = of->errors;
    view->whole = of->whole;
}

void tensor_strides(const struct tensor *tensor, int64_t *strides)
{
    int64_t stride = 1;
    for (uint32_t axis = tensor->dims; axis-- > 0;) {
        strides[axis] = stride;
        stride *= tensor->shape[axis];
    }
}

void tensor_gather(struct eval *ev, struct tensor *result, const struct tensor *from, const int64_t *places)
{
    result->whole = from->whole;
    if (!tensor_numbers(from) || !tensor_give_numbers(ev, result))
        return;
    if (from->errors)
        tensor_give_errors(ev, result);
    int64_t count = tensor_count(result);
    for (int64_t i = 0; i < count; i++) {
        result->numbers[i] = from->numbers[places[i]];
        if (from->errors)
            result->errors[i] = from->errors[places[i]];
    }
}

void tensor_share_strided(struct eval *ev, struct tensor *view, const struct tensor *of, const int64_t *strides, int64_t offset)
{
    view->base = (struct tensor *)root_of(of);
    view->written = of->written;
    view->whole = of->whole;
    if (!tensor_numbers(of) || !tensor_give_numbers(ev, view))
        return;
    if (of->errors)
        tensor_give_errors(ev, view);
    struct places places = {.shape = view->shape, .dims = view->dims};
    int64_t count = tensor_count(view);
    for (int64_t i = 0; i < count; i++) {
        int64_t at = offset + place_at(&places, strides);
        view->numbers[i] = of->numbers[at];
        if (of->errors)
            view->errors[i] = of->errors[at];
        places_next(&places);
    }
}

void tensor_write(struct eval *ev, struct tensor *tensor)
{
    struct tensor *root = (struct tensor *)root_of(tensor);
    cell_touch(ev, &root->cell);
    root->written++;
    tensor_drop_numbers(root);
    cell_touch(ev, &tensor->cell);
    tensor->written = root->written;
    tensor_drop_numbers(tensor);
}
