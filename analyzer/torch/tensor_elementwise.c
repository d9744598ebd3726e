/* Methods of tensors that work number by number: roundings, casts, logarithms. */
#include <math.h>
#include <string.h>

#include "eval/types.h"
#include "eval/values.h"
#include "torch/tensor_numbers.h"

/* How far torch's exp, log and their kind may be from the right number, in units in the last place: 1 in all builds. */
#define FUNCTION_ULPS 4

typedef bool (*of_one)(double x, double error, enum number_kind kind, double *number, double *made_error);

/* Functions that step: the number is certain when the whole interval gives the same. */
static bool stepped(double (*step)(double), double x, double error, double *number, double *made_error)
{
    *number = step(x);
    *made_error = 0;
    return error <= 0 || step(x - error) == step(x + error);
}

static bool one_ceil(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    (void)kind;
    return stepped(ceil, x, error, number, made_error);
}

static bool one_floor(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    (void)kind;
    return stepped(floor, x, error, number, made_error);
}

static bool one_trunc(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    (void)kind;
    return stepped(trunc, x, error, number, made_error);
}

static bool one_round(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    (void)kind;
    return stepped(nearbyint, x, error, number, made_error); /* halves to even, as torch */
}

static bool one_abs(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    (void)kind;
    *number = fabs(x);
    *made_error = error;
    return true;
}

static bool one_negative(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    *number = -x;
    *made_error = error;
    return kind != NUMBERS_BOOL;
}

static bool one_square(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    *number = x * x;
    *made_error = error > 0 ? 2 * fabs(x) * error + error * error + number_ulp(*number, kind) : 0;
    return true;
}

static bool one_sqrt(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    if (x - error < 0 || (error > 0 && x - error <= 0))
        return false;
    *number = sqrt(x);
    *made_error = error > 0 ? error / sqrt(x - error) + number_ulp(*number, kind) : 0;
    return true;
}

static bool logarithm(double log_of_x, double base, double x, double error, enum number_kind kind, double *number, double *made_error)
{
    *number = log_of_x;
    *made_error = error / ((x - error) * base) + FUNCTION_ULPS * number_ulp(log_of_x, kind);
    return x - error > 0;
}

static bool one_log(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    return logarithm(log(x), 1, x, error, kind, number, made_error);
}

static bool one_log2(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    return logarithm(log2(x), log(2.0), x, error, kind, number, made_error);
}

static bool one_log10(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    return logarithm(log10(x), log(10.0), x, error, kind, number, made_error);
}

static bool one_exp(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    *number = exp(x);
    *made_error = *number * expm1(error) + FUNCTION_ULPS * number_ulp(*number, kind);
    return true;
}

/* What a method is: what it does to a number, and what it makes of whole ones. */
struct function_of_one {
    of_one of;
    bool floats; /* whole numbers become floating ones first */
};
static const struct function_of_one ceil_ = {one_ceil, false}, floor_ = {one_floor, false}, trunc_ = {one_trunc, false},
                                    round_ = {one_round, false}, abs_ = {one_abs, false}, negative_ = {one_negative, false},
                                    square_ = {one_square, false}, sqrt_ = {one_sqrt, true}, log_ = {one_log, true},
                                    log2_ = {one_log2, true}, log10_ = {one_log10, true}, exp_ = {one_exp, true};

/* Numbers of `result` from those of `self`, in kind `kind`. */
static void each_number(struct eval *ev, const struct tensor *self, struct tensor *result, of_one of, enum number_kind kind)
{
    if (kind == NUMBERS_OTHER || !tensor_numbers(self) || !tensor_give_numbers(ev, result))
        return;
    tensor_give_errors(ev, result);
    int64_t count = tensor_count(self);
    bool certain = true;
    for (int64_t i = 0; i < count; i++) {
        if (!of(number_rounded(self->numbers[i], kind), tensor_error(self, i), kind, &result->numbers[i], &result->errors[i])) {
            tensor_drop_numbers(result);
            return;
        }
        certain &= result->errors[i] <= 0;
    }
    if (certain)
        result->errors = NULL;
    tensor_round_numbers(result, kind);
}

static struct value apply(struct eval *ev, const struct arguments *arguments, const struct function_of_one *function)
{
    struct tensor *self = tensor_self(ev, arguments);
    struct tensor *result = self ? tensor_like(ev, self) : NULL;
    if (!result)
        return value_raised();
    enum number_kind kind = tensor_kind(ev, self);
    if (function->floats && kind_is_whole(kind)) {
        result->dtype = torch_dtype(ev, "float32");
        kind = NUMBERS_SINGLE;
    }
    result->whole = kind_is_whole(kind);
    if (arguments->count == 1 && !arguments->named_count)
        each_number(ev, self, result, function->of, kind);
    return tensor_value(result);
}

#define METHOD(name) \
    static struct value method_##name(struct eval *ev, const struct arguments *arguments) { return apply(ev, arguments, &name##_); }
METHOD(ceil)
METHOD(floor)
METHOD(trunc)
METHOD(round)
METHOD(abs)
METHOD(negative)
METHOD(square)
METHOD(sqrt)
METHOD(log)
METHOD(log2)
METHOD(log10)
METHOD(exp)

/* Casts. */

static bool as_it_is(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    *number = x;
    *made_error = error > 0 ? error + number_ulp(x, kind) : 0;
    return true;
}

static bool as_truth(double x, double error, enum number_kind kind, double *number, double *made_error)
{
    (void)kind;
    *number = x != 0;
    *made_error = 0;
    return error <= 0 || fabs(x) > error;
}

static struct value cast(struct eval *ev, const struct tensor *self, struct value dtype)
{
    struct tensor *result = self ? tensor_like(ev, self) : NULL;
    if (!result)
        return value_raised();
    struct tensor as = {.dtype = dtype};
    enum number_kind kind = tensor_kind(ev, &as), from = tensor_kind(ev, self);
    if (kind == from && kind != NUMBERS_OTHER) {
        tensor_share(result, self);
        return tensor_value(result);
    }
    result->dtype = dtype;
    result->whole = kind_is_whole(kind);
    of_one of = kind == NUMBERS_BOOL ? as_truth : kind_is_whole(kind) && !kind_is_whole(from) ? one_trunc : as_it_is;
    if (from != NUMBERS_OTHER && tensor_numbers(self) && kind != NUMBERS_OTHER && tensor_give_numbers(ev, result)) {
        int64_t count = tensor_count(self);
        tensor_give_errors(ev, result);
        bool certain = true, fine = true;
        for (int64_t i = 0; i < count && fine; i++) {
            fine = of(self->numbers[i], tensor_error(self, i), kind, &result->numbers[i], &result->errors[i]);
            certain &= result->errors[i] <= 0;
        }
        if (certain)
            result->errors = NULL;
        if (!fine)
            tensor_drop_numbers(result);
        else
            tensor_round_numbers(result, kind);
    }
    return tensor_value(result);
}

static struct value cast_to(struct eval *ev, const struct arguments *arguments, const char *name)
{
    return cast(ev, tensor_self(ev, arguments), torch_dtype(ev, name));
}

#define CAST(method, name) \
    static struct value method_##method(struct eval *ev, const struct arguments *arguments) { return cast_to(ev, arguments, name); }
CAST(bool, "bool")
CAST(byte, "uint8")
CAST(char, "int8")
CAST(short, "int16")
CAST(int, "int32")
CAST(long, "int64")
CAST(float, "float32")
CAST(double, "float64")
CAST(half, "float16")
CAST(bfloat16, "bfloat16")

/* Is it a torch.dtype, as the facts make them?  1 yes, 0 no, -1 cannot tell. */
static int is_dtype(struct eval *ev, struct value value)
{
    if (is_unknown(value))
        return -1;
    struct value sample = torch_dtype(ev, "float32");
    return value.kind == VALUE_INSTANCE && sample.kind == VALUE_INSTANCE && value.instance->class_ == sample.instance->class_;
}

/* to(dtype), to(device), to(device, dtype), to(other), with more by name. */
static struct value method_to(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    struct value dtype = argument_named(arguments, "dtype");
    bool known = !is_unknown(dtype);
    for (uint32_t i = 1; i < arguments->count; i++) {
        struct value argument = arguments->items[i];
        if (argument.kind == VALUE_TENSOR) {
            dtype = argument.tensor->dtype;
            if (dtype.kind == VALUE_UNBOUND)
                dtype = torch_dtype(ev, argument.tensor->whole ? "int64" : "float32");
            continue;
        }
        int is = is_dtype(ev, argument);
        known &= is != -1;
        if (is == 1)
            dtype = argument;
    }
    if (!known)
        dtype = tensor_contents(ev);
    if (dtype.kind == VALUE_UNBOUND || dtype.kind == VALUE_NONE) {
        struct arguments alone = {.items = arguments->items, .count = 1};
        return tensor_method_copy(ev, &alone);
    }
    return cast(ev, self, dtype);
}

/* type() alone is text; type(dtype), type("torch.FloatTensor") casts. */
static struct value method_type(struct eval *ev, const struct arguments *arguments)
{
    struct tensor *self = tensor_self(ev, arguments);
    if (!self)
        return value_raised();
    if (arguments->count != 2 || arguments->named_count)
        return tensor_contents(ev);
    return cast(ev, self, is_dtype(ev, arguments->items[1]) == 1 ? arguments->items[1] : tensor_contents(ev));
}

static struct value method_type_as(struct eval *ev, const struct arguments *arguments)
{
    return arguments->count == 2 && arguments->items[1].kind == VALUE_TENSOR ? method_to(ev, arguments) : tensor_method_unknown(ev, arguments);
}

const struct native tensor_elementwise[] = {
    {"ceil", method_ceil, NULL},   {"floor", method_floor, NULL}, {"trunc", method_trunc, NULL},       {"fix", method_trunc, NULL},
    {"round", method_round, NULL}, {"abs", method_abs, NULL},     {"absolute", method_abs, NULL},      {"__abs__", method_abs, NULL},
    {"neg", method_negative, NULL}, {"negative", method_negative, NULL}, {"square", method_square, NULL}, {"sqrt", method_sqrt, NULL},
    {"log", method_log, NULL},     {"log2", method_log2, NULL},   {"log10", method_log10, NULL},       {"exp", method_exp, NULL},
    {"bool", method_bool, NULL},   {"byte", method_byte, NULL},   {"char", method_char, NULL},         {"short", method_short, NULL},
    {"int", method_int, NULL},     {"long", method_long, NULL},   {"float", method_float, NULL},       {"double", method_double, NULL},
    {"half", method_half, NULL},   {"bfloat16", method_bfloat16, NULL}, {"to", method_to, NULL},       {"type", method_type, NULL},
    {"type_as", method_type_as, NULL}, {NULL, NULL, NULL},
};
