/*
 * Attributes and operators of tensors.
 *
 * A method of torch.Tensor that tensor_methods.c does not have (facts/torch/_tensor_names.py lists all) gives a tensor of the
 * same shape or of unknown shape; what tensors do not have is an AttributeError.
 */
#include <math.h>
#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

/* Elementwise: the shape stays. */
static const char *const same_shape[] = {
    "acos", "asin", "atan", "clamp", "clamp_max", "clamp_min", "clip", "cos", "cosh", "erf", "exp2", "expm1", "flip", "frac", "isfinite", "isinf",
    "isnan", "log1p", "logical_not", "logit", "masked_fill", "nan_to_num", "reciprocal", "relu", "roll", "rsqrt", "sigmoid", "sign", "sin", "sinh", "softmax",
    "log_softmax", "tan", "tanh", "tril", "triu",
};

/* They return several tensors, or a number of them that depends on the arguments. */
static const char *const several[] = {
    "aminmax", "cummax", "cummin", "dsplit", "frexp", "geqrf", "histogram", "hsplit", "kthvalue", "lu", "mode", "nanmedian",
    "nonzero", "qr", "slogdet", "sort", "split_with_sizes", "svd", "tensor_split", "topk", "triangular_solve", "unique",
    "unique_consecutive", "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes", "vsplit",
};

static struct value method_several(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return tensor_contents(ev);
}

static const struct native several_method = {"tensor method", method_several, NULL};
static const struct native same_shape_method = {"tensor method", tensor_method_same_shape, NULL};
static const struct native in_place_method = {"tensor method", tensor_method_in_place, NULL};
static const struct native unknown_method = {"tensor method", tensor_method_unknown, NULL};

static bool named_in(struct eval *ev, const char *set, struct str *name)
{
    struct value module = import_module(ev, TEXT("torch._tensor_names"));
    if (module.kind != VALUE_NAMESPACE)
        return false;
    struct dict *names = value_set(namespace_get(ev, module.namespace, eval_intern(ev, text_from(set))));
    return names && dict_get_str(names, name).kind != VALUE_UNBOUND;
}

/* Attributes that are no methods. */
static struct value plain_attribute(struct eval *ev, struct value self, const char *name)
{
    struct tensor *tensor = self.tensor;
    struct arguments alone = {.items = &self, .count = 1};
    if (!strcmp(name, "shape"))
        return tensor_shape(ev, tensor);
    if (!strcmp(name, "ndim"))
        return tensor_method_dim(ev, &alone);
    if (!strcmp(name, "T") || !strcmp(name, "mT"))
        return tensor_method_t(ev, &alone);
    if (!strcmp(name, "data")) {
        struct value copy = tensor_method_copy(ev, &alone);
        if (copy.kind == VALUE_TENSOR)
            copy.tensor->class_ = ev->types->tensor;
        return copy;
    }
    if (!strcmp(name, "dtype")) {
        if (tensor->dtype.kind != VALUE_UNBOUND)
            return tensor->dtype;
        return torch_dtype(ev, tensor->whole ? "int64" : "float32");
    }
    if (!strcmp(name, "requires_grad"))
        return tensor->class_ == ev->types->parameter ? value_bool(true) : tensor_contents(ev);
    if (!strcmp(name, "is_nested") || !strcmp(name, "is_sparse") || !strcmp(name, "is_quantized"))
        return value_bool(false);
    if (!strcmp(name, "grad"))
        return value_none();
    return value_unbound();
}

static struct value attribute(struct eval *ev, struct value self, struct str *name)
{
    struct value value = plain_attribute(ev, self, name->bytes);
    if (value.kind != VALUE_UNBOUND)
        return value;
    for (size_t i = 0; i < sizeof same_shape / sizeof *same_shape; i++)
        if (!strcmp(same_shape[i], name->bytes))
            return value_bind(ev, native_value(&same_shape_method), self, self.tensor->class_);
    for (size_t i = 0; i < sizeof several / sizeof *several; i++)
        if (!strcmp(several[i], name->bytes))
            return value_bind(ev, native_value(&several_method), self, self.tensor->class_);
    if (named_in(ev, "METHODS", name)) {
        bool in_place = name->length > 1 && name->bytes[name->length - 1] == '_' && name->bytes[0] != '_';
        return value_bind(ev, native_value(in_place ? &in_place_method : &unknown_method), self, self.tensor->class_);
    }
    return named_in(ev, "ATTRIBUTES", name) ? tensor_contents(ev) : value_unbound();
}

/* Operators. */

/* The shape that both are stretched to.  1 fine, 0 cannot tell, -1 they do not fit: raised. */
static int broadcast(struct eval *ev, const struct tensor *left, const struct tensor *right, int64_t *shape, uint32_t *dims)
{
    if (!left->shape_known || !right->shape_known)
        return 0;
    *dims = left->dims > right->dims ? left->dims : right->dims;
    for (uint32_t i = 1; i <= *dims; i++) {
        int64_t a = i <= left->dims ? left->shape[left->dims - i] : 1, b = i <= right->dims ? right->shape[right->dims - i] : 1;
        if (a != b && a != 1 && b != 1) {
            eval_raise(ev, ev->types->runtime_error,
                       "The size of tensor a (%lld) must match the size of tensor b (%lld) at non-singleton dimension %u",
                       (long long)a, (long long)b, *dims - i);
            return -1;
        }
        shape[*dims - i] = a == 1 ? b : a;
    }
    return 1;
}

static bool as_tensor(struct eval *ev, struct value value, struct tensor *number)
{
    int64_t integer;
    if (value.kind == VALUE_TENSOR) {
        *number = *value.tensor;
        number->numbers = (double *)tensor_numbers(value.tensor);
        return true;
    }
    *number = (struct tensor){.shape_known = true, .whole = true, .dtype = value_unbound()};
    if (value.kind != VALUE_FLOAT && !value_integer(value, &integer))
        return false;
    number->numbers = ARENA_NEW(&ev->scratch, double);
    number->numbers[0] = value.kind == VALUE_FLOAT ? value.real : (double)integer;
    number->whole = value.kind != VALUE_FLOAT;
    if (number->whole && (number->numbers[0] > 9e15 || number->numbers[0] < -9e15))
        number->numbers = NULL;
    return true;
}

/* dtype of the operands' common kind: a plain number decides nothing but the category. */
static struct value common_dtype(struct eval *ev, struct value left, struct value right, const struct tensor *a, const struct tensor *b)
{
    if (left.kind == VALUE_TENSOR && right.kind == VALUE_TENSOR)
        return tensor_common_dtype(ev, a, b);
    struct value number = left.kind == VALUE_TENSOR ? right : left;
    const struct tensor *tensor = left.kind == VALUE_TENSOR ? a : b;
    enum number_kind kind = tensor_kind(ev, tensor);
    if (number.kind == VALUE_FLOAT && kind_is_whole(kind))
        return torch_dtype(ev, "float32");
    if (number.kind == VALUE_INT && kind == NUMBERS_BOOL)
        return torch_dtype(ev, "int64");
    return tensor->dtype;
}

/* A number and how far torch's may be from it. */
struct about {
    double number, error;
};

/* What torch computes of two numbers of this kind.  False: cannot tell. */
static bool combine(enum ast_operator op, struct about a, struct about b, enum number_kind kind, struct about *result)
{
    double error = 0, number;
    bool certain = a.error <= 0 && b.error <= 0;
    switch ((int)op) {
    case OP_ADD:
    case OP_SUBTRACT:
        number = op == OP_ADD ? a.number + b.number : a.number - b.number;
        error = a.error + b.error;
        break;
    case OP_MULTIPLY:
        number = a.number * b.number;
        error = fabs(a.number) * b.error + fabs(b.number) * a.error + a.error * b.error;
        break;
    case OP_DIVIDE:
        if (fabs(b.number) <= b.error)
            return false;
        number = a.number / b.number;
        error = (a.error + fabs(number) * b.error) / (fabs(b.number) - b.error);
        break;
    case OP_FLOOR_DIVIDE:
    case OP_MODULO:
        if (!kind_is_whole(kind) || !(b.number > 0 || b.number < 0) || fabs(a.number) > 0x1p50)
            return false;
        number = op == OP_FLOOR_DIVIDE ? floor(a.number / b.number) : a.number - b.number * floor(a.number / b.number);
        break;
    case OP_POWER:
        if (!certain || (kind_is_whole(kind) && b.number < 0))
            return false;
        number = pow(a.number, b.number);
        certain = kind_is_whole(kind) || b.number == 2 || b.number == 1;
        error = certain ? 0 : 4 * number_ulp(number, kind);
        break;
    default:
        return false;
    }
    if (!isfinite(number) || (kind_is_whole(kind) && fabs(number) >= 9e15))
        return false;
    result->number = number_rounded(number, kind);
    result->error = certain ? 0 : error + 2 * number_ulp(number, kind);
    return true;
}

static bool compared(enum ast_operator op, struct about a, struct about b, struct about *result)
{
    double error = a.error + b.error;
    if (error > 0 && fabs(a.number - b.number) <= error)
        return false;
    result->error = 0;
    switch ((int)op) {
    case OP_EQUAL: result->number = a.number == b.number; return true;
    case OP_NOT_EQUAL: result->number = a.number != b.number; return true;
    case OP_LESS: result->number = a.number < b.number; return true;
    case OP_LESS_EQUAL: result->number = a.number <= b.number; return true;
    case OP_GREATER: result->number = a.number > b.number; return true;
    case OP_GREATER_EQUAL: result->number = a.number >= b.number; return true;
    default: return false;
    }
}

/* Where each place of the result lies in an operand that is stretched to it. */
static void stretched_strides(const struct tensor *operand, uint32_t dims, int64_t *strides)
{
    int64_t own[LIMIT_TENSOR_DIMS];
    tensor_strides(operand, own);
    for (uint32_t axis = 0; axis < dims; axis++) {
        uint32_t missing = dims - operand->dims;
        strides[axis] = axis < missing || operand->shape[axis - missing] == 1 ? 0 : own[axis - missing];
    }
}

static struct about about_at(const struct tensor *operand, int64_t at, enum number_kind kind)
{
    return (struct about){number_rounded(operand->numbers[at], kind), tensor_error(operand, at)};
}

static void elementwise_numbers(struct eval *ev, enum ast_operator op, const struct tensor *a, const struct tensor *b,
                                struct tensor *result, enum number_kind kind, bool is_bool)
{
    if (kind == NUMBERS_OTHER || !a->numbers || !b->numbers || !tensor_give_numbers(ev, result))
        return;
    int64_t a_strides[LIMIT_TENSOR_DIMS], b_strides[LIMIT_TENSOR_DIMS];
    stretched_strides(a, result->dims, a_strides);
    stretched_strides(b, result->dims, b_strides);
    struct places places = {.shape = result->shape, .dims = result->dims};
    int64_t count = tensor_count(result);
    for (int64_t i = 0; i < count; i++, places_next(&places)) {
        struct about left = about_at(a, place_at(&places, a_strides), kind), right = about_at(b, place_at(&places, b_strides), kind), made;
        if (!(is_bool ? compared(op, left, right, &made) : combine(op, left, right, kind, &made))) {
            tensor_drop_numbers(result);
            return;
        }
        result->numbers[i] = made.number;
        if (made.error > 0 && !result->errors) {
            tensor_give_errors(ev, result);
            for (int64_t before = 0; before < i; before++)
                result->errors[before] = 0;
        }
        if (result->errors)
            result->errors[i] = made.error;
    }
    tensor_round_numbers(result, is_bool ? NUMBERS_BOOL : kind);
}

static struct value elementwise(struct eval *ev, enum ast_operator op, struct value left, struct value right, bool is_bool)
{
    struct tensor a, b;
    int64_t shape[LIMIT_TENSOR_DIMS];
    uint32_t dims;
    if (op == OP_MATRIX_MULTIPLY || !as_tensor(ev, left, &a) || !as_tensor(ev, right, &b))
        return tensor_of_unknown_shape(ev);
    int fits = broadcast(ev, &a, &b, shape, &dims);
    if (fits != 1)
        return fits ? value_raised() : tensor_of_unknown_shape(ev);
    struct tensor *result = tensor_new(ev, shape, dims);
    if (!result)
        return value_raised();
    struct tensor common = {.dtype = common_dtype(ev, left, right, &a, &b), .whole = a.whole && b.whole};
    enum number_kind kind = tensor_kind(ev, &common);
    if (op == OP_DIVIDE && kind_is_whole(kind)) {
        common.dtype = torch_dtype(ev, "float32");
        kind = NUMBERS_SINGLE;
    }
    result->dtype = is_bool ? torch_dtype(ev, "bool") : common.dtype;
    result->whole = is_bool || kind_is_whole(kind);
    elementwise_numbers(ev, op, &a, &b, result, kind, is_bool);
    return tensor_value(result);
}

static struct value operator_binary(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    return elementwise(ev, op, left, right, false);
}

static struct value operator_compare(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    if (left.kind == VALUE_NONE || right.kind == VALUE_NONE)
        return value_bool(op == OP_NOT_EQUAL);
    return elementwise(ev, op, left, right, true);
}

static struct value operator_unary(struct eval *ev, enum ast_operator op, struct value operand)
{
    if (op == OP_NOT) {
        int truth = value_truth(ev, operand);
        return truth == -2 ? value_raised() : truth == -1 ? tensor_contents(ev) : value_bool(truth == 0);
    }
    if (op == OP_NEGATE)
        return elementwise(ev, OP_SUBTRACT, value_int(0), operand, false);
    return tensor_value(tensor_like(ev, operand.tensor));
}

const struct tensor_hooks tensor_operators = {operator_binary, operator_unary, operator_compare, attribute};

