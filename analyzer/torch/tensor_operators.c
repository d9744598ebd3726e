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
#include "torch/torch.h"

/* Elementwise: the shape stays. */
static const char *const same_shape[] = {
    "abs", "acos", "asin", "atan", "bool", "ceil", "clamp", "clamp_max", "clamp_min", "clip", "cos", "cosh", "cumprod", "erf",
    "exp", "exp2", "expm1", "flip", "floor", "frac", "int", "isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "logical_not",
    "logit", "long", "masked_fill", "nan_to_num", "neg", "negative", "reciprocal", "relu", "roll", "round", "rsqrt", "short", "sigmoid",
    "sign", "sin", "sinh", "softmax", "log_softmax", "sqrt", "square", "tan", "tanh", "tril", "triu", "trunc", "triu",
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

static struct value torch_name(struct eval *ev, const char *name)
{
    struct value module = import_module(ev, TEXT("torch"));
    return module.kind == VALUE_NAMESPACE ? namespace_get(ev, module.namespace, eval_intern(ev, text_from(name))) : tensor_contents(ev);
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
        return torch_name(ev, tensor->whole ? "int64" : "float32");
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
    *number = (struct tensor){.shape_known = true, .whole = true, .dtype = value_unbound()};
    if (value.kind == VALUE_TENSOR) {
        *number = *value.tensor;
        return true;
    }
    if (value.kind != VALUE_FLOAT && !value_integer(value, &integer))
        return false;
    number->numbers = ARENA_NEW(&ev->scratch, double);
    number->numbers[0] = value.kind == VALUE_FLOAT ? value.real : (double)integer;
    number->whole = value.kind != VALUE_FLOAT;
    return true;
}

static bool combine(enum ast_operator op, double a, double b, bool whole, double *result)
{
    switch ((int)op) {
    case OP_ADD: *result = a + b; break;
    case OP_SUBTRACT: *result = a - b; break;
    case OP_MULTIPLY: *result = a * b; break;
    case OP_DIVIDE: *result = a / b; break;
    case OP_FLOOR_DIVIDE: *result = floor(a / b); break;
    case OP_POWER: *result = pow(a, b); break;
    case OP_EQUAL: *result = a == b; return true;
    case OP_NOT_EQUAL: *result = a != b; return true;
    case OP_LESS: *result = a < b; return true;
    case OP_LESS_EQUAL: *result = a <= b; return true;
    case OP_GREATER: *result = a > b; return true;
    case OP_GREATER_EQUAL: *result = a >= b; return true;
    default: return false;
    }
    if (!whole)
        *result = (double)(float)*result;
    return isfinite(*result) && fabs(*result) < 9e15;
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
    if (!is_bool)
        result->dtype = left.kind == VALUE_TENSOR ? a.dtype : b.dtype;
    result->whole = is_bool || (a.whole && b.whole && op != OP_DIVIDE);
    if (!a.numbers || !b.numbers || !tensor_give_numbers(ev, result))
        return tensor_value(result);
    int64_t count = tensor_count(result), a_count = tensor_count(&a), b_count = tensor_count(&b);
    for (int64_t i = 0; i < count; i++) {
        if (!combine(op, a.numbers[a_count == 1 ? 0 : i], b.numbers[b_count == 1 ? 0 : i], result->whole, &result->numbers[i])) {
            result->numbers = NULL;
            break;
        }
    }
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

