/* Numbers from text and to text, and from one another. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "eval/values.h"

/* The digits of a positive number with `precision` significant ones: "d.ddde+xx". */
static bool round_trips(double real, int precision, char buffer[40])
{
    snprintf(buffer, 40, "%.*e", precision - 1, real);
    return strtod(buffer, NULL) == real;
}

/* One more in the last place of "d.ddde+xx"; false when it carries out of the first digit. */
static bool next_digits(char *buffer)
{
    for (char *digit = strchr(buffer, 'e') - 1; digit >= buffer; digit--) {
        if (*digit == '.')
            continue;
        if (*digit != '9') {
            (*digit)++;
            return true;
        }
        *digit = '0';
    }
    return false;
}

/* The fewest digits that give the number back.  At a power of two the gap above is twice the gap below, so the nearest
 * decimal may fail where the one above it does not. */
static void shortest_digits(double real, char buffer[40])
{
    for (int precision = 1; precision < 17; precision++) {
        if (precision < 15 && real > 1e-300) { /* a number of up to 15 digits always comes back from 15 */
            precision = 14;
            continue;
        }
        if (round_trips(real, precision, buffer))
            return;
        if (next_digits(buffer) && strtod(buffer, NULL) == real)
            return;
    }
    round_trips(real, 17, buffer);
}

void float_repr(double real, char buffer[32])
{
    if (isnan(real) || isinf(real)) {
        snprintf(buffer, 32, "%s", isnan(real) ? "nan" : real < 0 ? "-inf" : "inf");
        return;
    }
    if (real == 0.0) {
        snprintf(buffer, 32, "%s", signbit(real) ? "-0.0" : "0.0");
        return;
    }
    char scientific[40], digits[24];
    shortest_digits(fabs(real), scientific);
    int exponent = atoi(strchr(scientific, 'e') + 1);
    int count = 0;
    for (const char *at = scientific; *at != 'e'; at++)
        if (*at != '.' && count < 20)
            digits[count++] = *at;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    char *out = buffer;
    if (real < 0)
        *out++ = '-';
    if (exponent < -4 || exponent >= 16) {
        *out++ = digits[0];
        if (count > 1)
            *out++ = '.';
        for (int i = 1; i < count; i++)
            *out++ = digits[i];
        snprintf(out, 8, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent) % 1000);
        return;
    }
    if (exponent < 0) {
        *out++ = '0';
        *out++ = '.';
        for (int i = -1; i > exponent; i--)
            *out++ = '0';
    }
    for (int i = 0; i < count || i <= exponent; i++) {
        if (exponent >= 0 && i == exponent + 1)
            *out++ = '.';
        *out++ = i < count ? digits[i] : '0';
    }
    if (exponent >= 0 && count <= exponent + 1) {
        *out++ = '.';
        *out++ = '0';
    }
    *out = 0;
}

static struct text stripped(struct text text)
{
    while (text.length && isspace((unsigned char)text.bytes[0]))
        text.bytes++, text.length--;
    while (text.length && isspace((unsigned char)text.bytes[text.length - 1]))
        text.length--;
    return text;
}

static struct value bad_literal(struct eval *ev, struct text text, int64_t base)
{
    struct text_builder builder = {0};
    add_repr_of_text(&builder, text);
    struct value raised =
        eval_raise(ev, ev->types->value_error, "invalid literal for int() with base %lld: %.*s", (long long)base,
                   (int)(builder.length > 400 ? 400 : builder.length), builder.bytes);
    text_builder_free(&builder);
    return raised;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 99;
}

/* The base that a prefix 0x, 0o or 0b names, or 0. */
static int64_t prefix_base(struct text text)
{
    if (text.length < 2 || text.bytes[0] != '0')
        return 0;
    switch (text.bytes[1]) {
    case 'x':
    case 'X': return 16;
    case 'o':
    case 'O': return 8;
    case 'b':
    case 'B': return 2;
    }
    return 0;
}

struct value parse_integer(struct eval *ev, struct text text, int64_t base)
{
    if (base != 0 && (base < 2 || base > 36))
        return eval_raise(ev, ev->types->value_error, "int() base must be >= 2 and <= 36, or 0");
    if (!text_is_ascii(text))
        return eval_unknown(ev, "a number in other than ASCII");
    struct text rest = stripped(text);
    bool negative = false;
    if (rest.length && (rest.bytes[0] == '-' || rest.bytes[0] == '+')) {
        negative = rest.bytes[0] == '-';
        rest.bytes++, rest.length--;
    }
    int64_t named = prefix_base(rest), radix = base;
    bool underscore_may_follow = false;
    if (named && (base == 0 || base == named)) {
        radix = named;
        rest.bytes += 2, rest.length -= 2;
        underscore_may_follow = true;
    }
    bool zeros_only = base == 0 && !named && rest.length > 1 && rest.bytes[0] == '0';
    if (radix == 0)
        radix = 10;
    uint64_t number = 0;
    bool wide = false, digit_before = underscore_may_follow;
    if (rest.length == 0)
        return bad_literal(ev, text, base);
    for (size_t i = 0; i < rest.length; i++) {
        if (rest.bytes[i] == '_' && digit_before && i + 1 < rest.length) {
            digit_before = false;
            continue;
        }
        int digit = digit_of(rest.bytes[i]);
        if (digit >= radix || (zeros_only && digit != 0))
            return bad_literal(ev, text, base);
        digit_before = true;
        wide |= __builtin_mul_overflow(number, (uint64_t)radix, &number) ||
                __builtin_add_overflow(number, (uint64_t)digit, &number);
    }
    if (wide || number > (uint64_t)INT64_MAX + negative)
        return eval_unknown(ev, "an integer over 64 bits");
    return value_int(negative ? (int64_t)(0 - number) : (int64_t)number);
}

static bool is_float_text(struct text text)
{
    size_t i = 0, digits = 0;
    if (i < text.length && (text.bytes[i] == '-' || text.bytes[i] == '+'))
        i++;
    struct text word = {text.bytes + i, text.length - i};
    if (text_equal_ignoring_case(word, TEXT("inf")) || text_equal_ignoring_case(word, TEXT("infinity")) ||
        text_equal_ignoring_case(word, TEXT("nan")))
        return true;
    for (; i < text.length && isdigit((unsigned char)text.bytes[i]); i++)
        digits++;
    if (i < text.length && text.bytes[i] == '.')
        for (i++; i < text.length && isdigit((unsigned char)text.bytes[i]); i++)
            digits++;
    if (digits == 0)
        return false;
    if (i < text.length && (text.bytes[i] == 'e' || text.bytes[i] == 'E')) {
        i++;
        if (i < text.length && (text.bytes[i] == '-' || text.bytes[i] == '+'))
            i++;
        size_t first = i;
        while (i < text.length && isdigit((unsigned char)text.bytes[i]))
            i++;
        if (i == first)
            return false;
    }
    return i == text.length;
}

struct value parse_float(struct eval *ev, struct text text)
{
    if (!text_is_ascii(text))
        return eval_unknown(ev, "a number in other than ASCII");
    struct text rest = stripped(text);
    struct arena_mark mark = arena_mark(&ev->scratch);
    char *plain = arena_alloc(&ev->scratch, rest.length + 1);
    size_t length = 0;
    bool fine = true;
    for (size_t i = 0; i < rest.length; i++) {
        if (rest.bytes[i] != '_')
            plain[length++] = rest.bytes[i];
        else if (i == 0 || i + 1 == rest.length || !isdigit((unsigned char)rest.bytes[i - 1]) ||
                 !isdigit((unsigned char)rest.bytes[i + 1]))
            fine = false;
    }
    fine = fine && is_float_text((struct text){plain, length});
    struct value value = fine ? value_float(strtod(plain, NULL)) : value_none();
    arena_reset(&ev->scratch, mark);
    if (fine)
        return value;
    struct text_builder builder = {0};
    add_repr_of_text(&builder, text);
    value = eval_raise(ev, ev->types->value_error, "could not convert string to float: %.*s",
                       (int)(builder.length > 400 ? 400 : builder.length), builder.bytes);
    text_builder_free(&builder);
    return value;
}

/* int() and float() of one value. */

struct value integer_from(struct eval *ev, struct value value)
{
    struct value plain = payload_of(value);
    if (is_raised(value) || is_unknown(value))
        return unknown_operand(ev, value);
    static const char *const methods[] = {"__int__", "__index__", "__trunc__"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct value result = call_special(ev, value, methods[i], NULL, 0);
        if (result.kind == VALUE_UNBOUND)
            continue;
        int64_t integer;
        if (value_integer(result, &integer))
            return value_int(integer);
        return is_raised(result) || is_unknown(result)
                   ? result
                   : eval_raise(ev, ev->types->type_error, "%s returned non-int (type %s)", methods[i],
                                type_name(ev, result));
    }
    switch (plain.kind) {
    case VALUE_BOOL: return value_int(plain.truth);
    case VALUE_INT: return plain;
    case VALUE_FLOAT: return integer_from_real(ev, plain.real);
    case VALUE_STR: return parse_integer(ev, str_text(plain.str), 10);
    case VALUE_TENSOR: return eval_unknown(ev, "the value of a tensor");
    }
    return eval_raise(ev, ev->types->type_error,
                      "int() argument must be a string, a bytes-like object or a real number, not '%s'",
                      type_name(ev, value));
}

struct value float_from(struct eval *ev, struct value value)
{
    struct value plain = payload_of(value);
    if (is_raised(value) || is_unknown(value))
        return unknown_operand(ev, value);
    struct value result = call_special(ev, value, "__float__", NULL, 0);
    if (result.kind == VALUE_UNBOUND && !is_number(plain))
        result = call_special(ev, value, "__index__", NULL, 0);
    if (result.kind != VALUE_UNBOUND)
        return is_number(result) ? value_float(number_real(result)) : result;
    if (is_number(plain))
        return value_float(number_real(plain));
    if (plain.kind == VALUE_STR)
        return parse_float(ev, str_text(plain.str));
    if (plain.kind == VALUE_TENSOR)
        return eval_unknown(ev, "the value of a tensor");
    return eval_raise(ev, ev->types->type_error, "float() argument must be a string or a real number, not '%s'",
                      type_name(ev, value));
}

/* round() */

static struct value round_integer(struct eval *ev, int64_t integer, int64_t digits)
{
    if (digits >= 0)
        return value_int(integer);
    if (digits < -18) { /* the unit is over 64 bits, half of the first such unit is not */
        const int64_t half = 5000000000000000000;
        return digits == -19 && (integer > half || integer < -half) ? eval_unknown(ev, "an integer over 64 bits")
                                                                    : value_int(0);
    }
    int64_t unit = 1;
    while (digits++ < 0)
        unit *= 10;
    int64_t rest = integer % unit, low = integer - rest;
    int64_t size = rest < 0 ? -rest : rest, half = unit / 2;
    if (size > half || (size == half && (low / unit) % 2 != 0)) {
        if (__builtin_add_overflow(low, rest < 0 ? -unit : unit, &low))
            return eval_unknown(ev, "an integer over 64 bits");
    }
    return value_int(low);
}

static struct value round_real(double real, int64_t digits)
{
    if (!isfinite(real) || real == 0.0 || digits > 323)
        return value_float(real);
    if (digits >= 0) {
        char buffer[1024];
        snprintf(buffer, sizeof buffer, "%.*f", (int)digits, real);
        return value_float(strtod(buffer, NULL));
    }
    if (digits < -308)
        return value_float(copysign(0.0, real));
    char buffer[1024];
    snprintf(buffer, sizeof buffer, "%.40e", real);
    int exponent = atoi(strchr(buffer, 'e') + 1);
    int kept = exponent + 1 + (int)digits; /* significant digits that stay */
    if (kept > 0)
        snprintf(buffer, sizeof buffer, "%.*e", kept - 1, real);
    else
        snprintf(buffer, sizeof buffer, "%s%de%d", real < 0 ? "-" : "",
                 kept == 0 && fabs(real) > 5 * pow(10, exponent) ? 1 : 0, exponent + 1);
    return value_float(strtod(buffer, NULL));
}

struct value round_value(struct eval *ev, struct value number, struct value digits)
{
    if (is_raised(number) || is_unknown(number))
        return unknown_operand(ev, number);
    bool has_digits = digits.kind != VALUE_UNBOUND && digits.kind != VALUE_NONE;
    struct value result = call_special(ev, number, "__round__", &digits, has_digits ? 1 : 0);
    if (result.kind != VALUE_UNBOUND)
        return result;
    number = payload_of(number);
    if (number.kind == VALUE_TENSOR)
        return eval_unknown(ev, "the value of a tensor");
    if (!is_number(number))
        return eval_raise(ev, ev->types->type_error, "type %s doesn't define __round__ method", type_name(ev, number));
    if (!has_digits) {
        if (number.kind != VALUE_FLOAT)
            return value_int(number.kind == VALUE_BOOL ? number.truth : number.integer);
        return integer_from_real(ev, isfinite(number.real) ? nearbyint(number.real) : number.real);
    }
    int64_t places;
    struct value outcome;
    int found = value_index(ev, digits, &places, &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, digits));
    if (number.kind != VALUE_FLOAT)
        return round_integer(ev, number.kind == VALUE_BOOL ? number.truth : number.integer, places);
    return round_real(number.real, places);
}
