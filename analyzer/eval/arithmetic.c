/* Numbers: int64 and double with Python's results.  What does not fit 64 bits is Unknown, it never wraps. */
#include <math.h>

#include "eval/values.h"

__extension__ typedef unsigned __int128 wide; /* no struct: a scalar of 128 bits */
__extension__ typedef __int128 signed_wide;

static struct value too_wide(struct eval *ev)
{
    return eval_unknown(ev, "an integer over 64 bits");
}

bool is_number(struct value value)
{
    return value.kind == VALUE_BOOL || value.kind == VALUE_INT || value.kind == VALUE_FLOAT;
}

static int64_t whole(struct value value)
{
    return value.kind == VALUE_BOOL ? value.truth : value.integer;
}

double number_real(struct value value)
{
    return value.kind == VALUE_FLOAT ? value.real : (double)whole(value);
}

int compare_int_float(int64_t integer, double real)
{
    if (isnan(real))
        return 2;
    if (real >= 9223372036854775808.0)
        return -1;
    if (real < -9223372036854775808.0)
        return 1;
    double floored = floor(real);
    int64_t other = (int64_t)floored;
    if (integer != other)
        return integer < other ? -1 : 1;
    return real > floored ? -1 : 0;
}

static struct value floor_divide(struct eval *ev, int64_t a, int64_t b)
{
    if (b == 0)
        return eval_raise(ev, ev->types->zero_division_error, "integer division or modulo by zero");
    if (a == INT64_MIN && b == -1)
        return too_wide(ev);
    int64_t quotient = a / b;
    return value_int(a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient);
}

static struct value modulo(struct eval *ev, int64_t a, int64_t b)
{
    if (b == 0)
        return eval_raise(ev, ev->types->zero_division_error, "integer modulo by zero");
    if (b == -1)
        return value_int(0);
    int64_t rest = a % b;
    return value_int(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
}

static int bit_length(uint64_t number)
{
    return number ? 64 - __builtin_clzll(number) : 0;
}

/* Correctly rounded, as CPython's: beyond 2**53 dividing two doubles would round three times. */
static double true_quotient(int64_t a, int64_t b)
{
    const int64_t exact = (int64_t)1 << 53;
    if (a >= -exact && a <= exact && b >= -exact && b <= exact)
        return (double)a / (double)b;
    uint64_t dividend = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    uint64_t divisor = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    int shift = 126 - bit_length(dividend);
    wide scaled = (wide)dividend << shift;
    wide quotient = scaled / divisor;
    if (scaled % divisor)
        quotient |= 1; /* sticky bit: far below the 53 that are kept */
    double real = ldexp((double)quotient, -shift);
    return (a < 0) != (b < 0) ? -real : real;
}

static struct value true_divide(struct eval *ev, int64_t a, int64_t b)
{
    if (b == 0)
        return eval_raise(ev, ev->types->zero_division_error, "division by zero");
    return value_float(true_quotient(a, b));
}

static struct value float_power(struct eval *ev, double a, double b)
{
    if (a == 0.0 && b < 0.0)
        return eval_raise(ev, ev->types->zero_division_error, "0.0 cannot be raised to a negative power");
    if (a < 0.0 && isfinite(a) && isfinite(b) && b != floor(b))
        return eval_unknown(ev, "a complex number");
    double real = pow(a, b);
    if (isinf(real) && isfinite(a) && isfinite(b)) {
        struct value both[] = {value_int(34), eval_text(ev, TEXT("Numerical result out of range"))};
        struct instance *exception = instance_new(ev, ev->types->overflow_error);
        exception->payload = tuple_of(ev, both, 2);
        return eval_raise_value(ev, value_of(VALUE_INSTANCE, exception));
    }
    return value_float(real);
}

static struct value integer_power(struct eval *ev, int64_t base, int64_t exponent)
{
    if (exponent < 0) {
        if (base == 0)
            return eval_raise(ev, ev->types->zero_division_error, "0.0 cannot be raised to a negative power");
        return float_power(ev, (double)base, (double)exponent);
    }
    int64_t result = 1;
    for (;;) {
        if ((exponent & 1) && __builtin_mul_overflow(result, base, &result))
            return too_wide(ev);
        exponent >>= 1;
        if (!exponent)
            return value_int(result);
        /* Another factor of base * base follows, so an overflow here is one of the result, but for 0, 1 and -1. */
        if (__builtin_mul_overflow(base, base, &base))
            return result == 0 ? value_int(0) : too_wide(ev);
    }
}

struct value integer_power_modulo(struct eval *ev, int64_t base, int64_t exponent, int64_t modulus)
{
    if (modulus == 0)
        return eval_raise(ev, ev->types->value_error, "pow() 3rd argument cannot be 0");
    if (exponent < 0)
        return eval_unknown(ev, "an inverse modulo a number");
    uint64_t size = modulus < 0 ? 0 - (uint64_t)modulus : (uint64_t)modulus;
    wide power = (wide)(((signed_wide)base % (signed_wide)size + (signed_wide)size) % (signed_wide)size);
    wide result = 1 % size;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = result * power % size;
        power = power * power % size;
    }
    int64_t rest = (int64_t)result;
    return value_int(modulus < 0 && rest != 0 ? rest + modulus : rest);
}

static struct value shift(struct eval *ev, enum ast_operator op, int64_t a, int64_t b)
{
    if (b < 0)
        return eval_raise(ev, ev->types->value_error, "negative shift count");
    if (op == OP_SHIFT_RIGHT)
        return value_int(b >= 63 ? (a < 0 ? -1 : 0) : a >> b);
    if (a == 0)
        return value_int(0);
    if (b >= 63)
        return too_wide(ev);
    int64_t result;
    if (__builtin_mul_overflow(a, (int64_t)1 << b, &result))
        return too_wide(ev);
    return value_int(result);
}

static struct value float_divmod(struct eval *ev, enum ast_operator op, double a, double b)
{
    if (b == 0.0)
        return eval_raise(ev, ev->types->zero_division_error,
                          op == OP_MODULO ? "float modulo" : "float floor division by zero");
    double rest = fmod(a, b);
    double quotient = (a - rest) / b;
    if (rest != 0.0) {
        if ((b < 0) != (rest < 0)) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = copysign(0.0, b);
    }
    if (op == OP_MODULO)
        return value_float(rest);
    if (quotient == 0.0)
        return value_float(copysign(0.0, a / b));
    double floored = floor(quotient);
    if (quotient - floored > 0.5)
        floored += 1.0;
    return value_float(floored);
}

static struct value float_binary(struct eval *ev, enum ast_operator op, double a, double b)
{
    switch ((int)op) {
    case OP_ADD: return value_float(a + b);
    case OP_SUBTRACT: return value_float(a - b);
    case OP_MULTIPLY: return value_float(a * b);
    case OP_DIVIDE:
        if (b == 0.0)
            return eval_raise(ev, ev->types->zero_division_error, "float division by zero");
        return value_float(a / b);
    case OP_FLOOR_DIVIDE:
    case OP_MODULO: return float_divmod(ev, op, a, b);
    case OP_POWER: return float_power(ev, a, b);
    }
    return value_unbound();
}

/* UNBOUND: numbers have no such operator. */
struct value number_binary(struct eval *ev, enum ast_operator op, struct value left, struct value right)
{
    if (left.kind == VALUE_FLOAT || right.kind == VALUE_FLOAT)
        return float_binary(ev, op, number_real(left), number_real(right));
    int64_t a = whole(left), b = whole(right), result;
    bool both = left.kind == VALUE_BOOL && right.kind == VALUE_BOOL;
    switch ((int)op) {
    case OP_ADD: return __builtin_add_overflow(a, b, &result) ? too_wide(ev) : value_int(result);
    case OP_SUBTRACT: return __builtin_sub_overflow(a, b, &result) ? too_wide(ev) : value_int(result);
    case OP_MULTIPLY: return __builtin_mul_overflow(a, b, &result) ? too_wide(ev) : value_int(result);
    case OP_DIVIDE: return true_divide(ev, a, b);
    case OP_FLOOR_DIVIDE: return floor_divide(ev, a, b);
    case OP_MODULO: return modulo(ev, a, b);
    case OP_POWER: return integer_power(ev, a, b);
    case OP_SHIFT_LEFT:
    case OP_SHIFT_RIGHT: return shift(ev, op, a, b);
    case OP_BIT_AND: return both ? value_bool(a & b) : value_int(a & b);
    case OP_BIT_OR: return both ? value_bool(a | b) : value_int(a | b);
    case OP_BIT_XOR: return both ? value_bool(a ^ b) : value_int(a ^ b);
    }
    return value_unbound();
}

/* UNBOUND: numbers have no such operator. */
struct value number_unary(struct eval *ev, enum ast_operator op, struct value operand)
{
    if (operand.kind == VALUE_FLOAT) {
        if (op == OP_NEGATE)
            return value_float(-operand.real);
        return op == OP_PLUS ? operand : value_unbound();
    }
    int64_t integer = whole(operand);
    switch ((int)op) {
    case OP_NEGATE: return integer == INT64_MIN ? too_wide(ev) : value_int(-integer);
    case OP_PLUS: return value_int(integer);
    case OP_INVERT: return value_int(~integer);
    }
    return value_unbound();
}

struct value integer_from_real(struct eval *ev, double real)
{
    if (isnan(real))
        return eval_raise(ev, ev->types->value_error, "cannot convert float NaN to integer");
    if (isinf(real))
        return eval_raise(ev, ev->types->overflow_error, "cannot convert float infinity to integer");
    if (real >= 9223372036854775808.0 || real < -9223372036854775808.0)
        return too_wide(ev);
    return value_int((int64_t)real);
}
