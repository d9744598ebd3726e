/* math, for the facts of Python's standard library. */
#include <math.h>

#include "eval/values.h"

static struct value domain_error(struct eval *ev)
{
    return eval_raise(ev, ev->types->value_error, "math domain error");
}

static struct value checked(struct eval *ev, double result, bool finite_in)
{
    if (isnan(result) && finite_in)
        return domain_error(ev);
    if (isinf(result) && finite_in)
        return eval_raise(ev, ev->types->overflow_error, "math range error");
    return value_float(result);
}

/* The one argument as a float; false: *outcome. */
static bool one_real(struct eval *ev, const char *function, const struct arguments *arguments, double *real,
                     struct value *outcome)
{
    *outcome = value_raised();
    if (!argument_count(ev, function, arguments, 1, 1))
        return false;
    struct value value = arguments->items[0];
    if (value_string(value)) {
        *outcome = eval_raise(ev, ev->types->type_error, "must be real number, not %s", type_name(ev, value));
        return false;
    }
    struct value made = float_from(ev, value);
    if (is_raised(made) && !is_number(value) && take_raised(ev, ev->types->type_error))
        made = eval_raise(ev, ev->types->type_error, "must be real number, not %s", type_name(ev, value));
    *outcome = made;
    if (made.kind != VALUE_FLOAT)
        return false;
    *real = made.real;
    return true;
}

#define REAL_FUNCTION(name, expression)                                                                                \
    static struct value math_##name(struct eval *ev, const struct arguments *arguments)                                \
    {                                                                                                                  \
        double x;                                                                                                      \
        struct value outcome;                                                                                          \
        if (!one_real(ev, #name, arguments, &x, &outcome))                                                             \
            return outcome;                                                                                            \
        return checked(ev, expression, isfinite(x));                                                                   \
    }

REAL_FUNCTION(sqrt, sqrt(x))
REAL_FUNCTION(cbrt, cbrt(x))
REAL_FUNCTION(exp, exp(x))
REAL_FUNCTION(exp2, exp2(x))
REAL_FUNCTION(expm1, expm1(x))
REAL_FUNCTION(log1p, log1p(x))
REAL_FUNCTION(sin, sin(x))
REAL_FUNCTION(cos, cos(x))
REAL_FUNCTION(tan, tan(x))
REAL_FUNCTION(asin, asin(x))
REAL_FUNCTION(acos, acos(x))
REAL_FUNCTION(atan, atan(x))
REAL_FUNCTION(sinh, sinh(x))
REAL_FUNCTION(cosh, cosh(x))
REAL_FUNCTION(tanh, tanh(x))
REAL_FUNCTION(fabs, fabs(x))
REAL_FUNCTION(erf, erf(x))
REAL_FUNCTION(degrees, x *(180.0 / 3.141592653589793))
REAL_FUNCTION(radians, x *(3.141592653589793 / 180.0))

static struct value logarithm(struct eval *ev, const char *function, const struct arguments *arguments,
                              double (*log_of)(double))
{
    double x;
    struct value outcome;
    if (!one_real(ev, function, arguments, &x, &outcome))
        return outcome;
    return isfinite(x) && x <= 0 ? domain_error(ev) : checked(ev, log_of(x), isfinite(x));
}

static struct value math_log2(struct eval *ev, const struct arguments *arguments)
{
    return logarithm(ev, "log2", arguments, log2);
}
static struct value math_log10(struct eval *ev, const struct arguments *arguments)
{
    return logarithm(ev, "log10", arguments, log10);
}

static struct value math_log(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "log", arguments, 1, 2))
        return value_raised();
    struct arguments one = {.items = arguments->items, .count = 1};
    struct value number = logarithm(ev, "log", &one, log);
    if (arguments->count == 1 || number.kind != VALUE_FLOAT)
        return number;
    one.items++;
    struct value base = logarithm(ev, "log", &one, log);
    return base.kind == VALUE_FLOAT ? binary(ev, OP_DIVIDE, number, base) : base;
}

static bool two_reals(struct eval *ev, const char *function, const struct arguments *arguments, double reals[2],
                      struct value *outcome)
{
    *outcome = value_raised();
    if (!argument_count(ev, function, arguments, 2, 2))
        return false;
    for (uint32_t i = 0; i < 2; i++) {
        struct arguments one = {.items = arguments->items + i, .count = 1};
        if (!one_real(ev, function, &one, &reals[i], outcome))
            return false;
    }
    return true;
}

#define REAL_FUNCTION_OF_TWO(name, expression)                                                                         \
    static struct value math_##name(struct eval *ev, const struct arguments *arguments)                                \
    {                                                                                                                  \
        double x[2];                                                                                                   \
        struct value outcome;                                                                                          \
        if (!two_reals(ev, #name, arguments, x, &outcome))                                                             \
            return outcome;                                                                                            \
        return checked(ev, expression, isfinite(x[0]) && isfinite(x[1]));                                              \
    }

REAL_FUNCTION_OF_TWO(pow, pow(x[0], x[1]))
REAL_FUNCTION_OF_TWO(atan2, atan2(x[0], x[1]))
REAL_FUNCTION_OF_TWO(fmod, fmod(x[0], x[1]))
REAL_FUNCTION_OF_TWO(copysign, copysign(x[0], x[1]))

/* ceil, floor and trunc give an int. */
static struct value to_integer(struct eval *ev, const char *function, const char *method,
                               const struct arguments *arguments, double (*rounding)(double))
{
    if (!argument_count(ev, function, arguments, 1, 1))
        return value_raised();
    struct value value = arguments->items[0], outcome;
    struct value result = call_special(ev, value, method, NULL, 0);
    if (result.kind != VALUE_UNBOUND)
        return result;
    int64_t integer;
    double real;
    if (value_integer(value, &integer))
        return value_int(integer);
    return one_real(ev, function, arguments, &real, &outcome) ? integer_from_real(ev, rounding(real)) : outcome;
}

static struct value math_ceil(struct eval *ev, const struct arguments *arguments)
{
    return to_integer(ev, "ceil", "__ceil__", arguments, ceil);
}
static struct value math_floor(struct eval *ev, const struct arguments *arguments)
{
    return to_integer(ev, "floor", "__floor__", arguments, floor);
}
static struct value math_trunc(struct eval *ev, const struct arguments *arguments)
{
    return to_integer(ev, "trunc", "__trunc__", arguments, trunc);
}

static bool integers(struct eval *ev, const char *function, const struct arguments *arguments, uint32_t count,
                     int64_t *values, struct value *outcome)
{
    *outcome = value_raised();
    if (!argument_count(ev, function, arguments, count, count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        int found = value_index(ev, arguments->items[i], &values[i], outcome);
        if (found == 0)
            *outcome = eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                                  type_name(ev, arguments->items[i]));
        if (found != 1)
            return false;
    }
    return true;
}

static struct value math_isqrt(struct eval *ev, const struct arguments *arguments)
{
    int64_t number;
    struct value outcome;
    if (!integers(ev, "isqrt", arguments, 1, &number, &outcome))
        return outcome;
    if (number < 0)
        return eval_raise(ev, ev->types->value_error, "isqrt() argument must be nonnegative");
    int64_t root = (int64_t)sqrt((double)number);
    while (root > 0 && (root > 3037000499 || root * root > number))
        root--;
    while (root < 3037000499 && (root + 1) * (root + 1) <= number)
        root++;
    return value_int(root);
}

static struct value gcd_of(struct eval *ev, int64_t a, int64_t b)
{
    uint64_t x = a < 0 ? 0 - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    while (y) {
        uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    return x > INT64_MAX ? eval_unknown(ev, "an integer over 64 bits") : value_int((int64_t)x);
}

static struct value math_gcd(struct eval *ev, const struct arguments *arguments)
{
    struct value result = value_int(0), outcome;
    for (uint32_t i = 0; i < arguments->count && result.kind == VALUE_INT; i++) {
        struct arguments one = {.items = arguments->items + i, .count = 1};
        int64_t number;
        if (!integers(ev, "gcd", &one, 1, &number, &outcome))
            return outcome;
        result = gcd_of(ev, result.integer, number);
    }
    return result;
}

#define REAL_TEST(name, expression)                                                                                    \
    static struct value math_##name(struct eval *ev, const struct arguments *arguments)                                \
    {                                                                                                                  \
        double x;                                                                                                      \
        struct value outcome;                                                                                          \
        return one_real(ev, #name, arguments, &x, &outcome) ? value_bool(expression) : outcome;                        \
    }

REAL_TEST(isnan, isnan(x) != 0)
REAL_TEST(isinf, isinf(x) != 0)
REAL_TEST(isfinite, isfinite(x) != 0)

void native_math_init(struct eval *ev)
{
#define ROW(name)                                                                                                      \
    {                                                                                                                  \
        "math_" #name, math_##name, NULL                                                                               \
    }
    static const struct native natives[] = {
        ROW(sqrt),     ROW(cbrt),  ROW(exp),     ROW(exp2),    ROW(expm1), ROW(log),      ROW(log2),
        ROW(log10),    ROW(log1p), ROW(sin),     ROW(cos),     ROW(tan),   ROW(asin),     ROW(acos),
        ROW(atan),     ROW(atan2), ROW(sinh),    ROW(cosh),    ROW(tanh),  ROW(fabs),     ROW(fmod),
        ROW(copysign), ROW(erf),   ROW(degrees), ROW(radians), ROW(pow),   ROW(ceil),     ROW(floor),
        ROW(trunc),    ROW(isqrt), ROW(gcd),     ROW(isnan),   ROW(isinf), ROW(isfinite), {NULL, NULL, NULL}};
#undef ROW
    for (const struct native *native = natives; native->name; native++)
        native_module_add(ev, native->name, native_value(native));
}
