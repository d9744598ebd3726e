/* format(value, spec): Python's format specification for int, float and str. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "eval/values.h"

#define MAX_PRECISION 400 /* digits after the point that are followed; real code stays under 20 */

struct format_spec {
    struct text fill;
    char align; /* < > ^ =, or 0 */
    char sign;  /* + - space, or 0 */
    bool alternate, zero, negative_zero;
    int64_t width;
    int64_t precision; /* -1: none */
    char grouping;     /* , _ or 0 */
    char type;         /* or 0 */
};

static bool digits(struct text spec, size_t *at, int64_t *number)
{
    size_t first = *at;
    *number = 0;
    while (*at < spec.length && spec.bytes[*at] >= '0' && spec.bytes[*at] <= '9') {
        if (*number < (int64_t)1 << 40)
            *number = *number * 10 + (spec.bytes[*at] - '0');
        (*at)++;
    }
    return *at > first;
}

static bool is_align(char c)
{
    return c == '<' || c == '>' || c == '^' || c == '=';
}

static bool parse_spec(struct eval *ev, struct value value, struct text text, struct format_spec *spec)
{
    *spec = (struct format_spec){.fill = TEXT(" "), .precision = -1};
    size_t at = 0, fill = text.length ? text_character_size(text, 0) : 0;
    if (text.length > fill && is_align(text.bytes[fill])) {
        spec->fill = (struct text){text.bytes, fill};
        spec->align = text.bytes[fill];
        at = fill + 1;
    } else if (text.length && is_align(text.bytes[0])) {
        spec->align = text.bytes[at++];
    }
    bool filled = spec->align && at > 1;
    if (at < text.length && (text.bytes[at] == '+' || text.bytes[at] == '-' || text.bytes[at] == ' '))
        spec->sign = text.bytes[at++];
    if (at < text.length && text.bytes[at] == 'z') {
        spec->negative_zero = true;
        at++;
    }
    if (at < text.length && text.bytes[at] == '#') {
        spec->alternate = true;
        at++;
    }
    if (!filled && at < text.length && text.bytes[at] == '0') {
        spec->fill = TEXT("0");
        spec->zero = true;
        if (!spec->align)
            spec->align = '=';
        at++;
    }
    digits(text, &at, &spec->width);
    if (at < text.length && (text.bytes[at] == ',' || text.bytes[at] == '_'))
        spec->grouping = text.bytes[at++];
    if (spec->grouping && at < text.length && (text.bytes[at] == ',' || text.bytes[at] == '_')) {
        if (text.bytes[at] == spec->grouping)
            eval_raise(ev, ev->types->value_error, "Cannot specify '%c' with '%c'.", spec->grouping, spec->grouping);
        else
            eval_raise(ev, ev->types->value_error, "Cannot specify both ',' and '_'.");
        return false;
    }
    if (at < text.length && text.bytes[at] == '.') {
        at++;
        if (!digits(text, &at, &spec->precision)) {
            eval_raise(ev, ev->types->value_error, "Format specifier missing precision");
            return false;
        }
    }
    if (at < text.length)
        spec->type = text.bytes[at++];
    if (at < text.length) {
        eval_raise(ev, ev->types->value_error, "Invalid format specifier '%.*s' for object of type '%s'",
                   (int)(text.length > 300 ? 300 : text.length), text.bytes, type_name(ev, value));
        return false;
    }
    return true;
}

static struct value unknown_code(struct eval *ev, char type, struct value value)
{
    return eval_raise(ev, ev->types->value_error, "Unknown format code '%c' for object of type '%s'", type,
                      type_name(ev, value));
}

/* The finished text: sign and prefix, then what stands between, put into the width. */
static struct value padded(struct eval *ev, const struct format_spec *spec, struct text prefix, struct text body,
                           char align)
{
    if (spec->align)
        align = spec->align;
    int64_t length = (int64_t)(text_characters(prefix) + text_characters(body));
    int64_t missing = spec->width > length ? spec->width - length : 0;
    if (missing * (int64_t)spec->fill.length + (int64_t)(prefix.length + body.length) > (int64_t)LIMIT_STRING_BYTES)
        return eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
    if (!work_bytes(ev, (uint64_t)(missing + length)))
        return value_raised();
    int64_t before = align == '>' ? missing : align == '^' ? missing / 2 : 0;
    struct text_builder builder = {0};
    for (int64_t i = 0; i < before; i++)
        text_builder_add(&builder, spec->fill);
    text_builder_add(&builder, prefix);
    for (int64_t i = 0; align == '=' && i < missing; i++)
        text_builder_add(&builder, spec->fill);
    text_builder_add(&builder, body);
    for (int64_t i = before; align != '=' && i < missing; i++)
        text_builder_add(&builder, spec->fill);
    struct value value = eval_text(ev, text_builder_text(&builder));
    text_builder_free(&builder);
    return value;
}

/* Digits with separators; with `0` as fill they also stand between the zeros that fill the width. */
static void group_digits(struct text_builder *builder, struct text whole, int64_t least, char grouping, int every)
{
    size_t count = whole.length;
    if (grouping && least > 0) {
        while (count + (count - 1) / (size_t)every < (size_t)least && count < LIMIT_STRING_BYTES)
            count++;
    }
    for (size_t i = count; i-- > 0;) {
        char digit = i < whole.length ? whole.bytes[whole.length - 1 - i] : '0';
        text_builder_add(builder, (struct text){&digit, 1});
        if (grouping && i && i % (size_t)every == 0)
            text_builder_add(builder, (struct text){&grouping, 1});
    }
}

static char sign_shown(const struct format_spec *spec, bool negative)
{
    return negative ? '-' : spec->sign == '+' || spec->sign == ' ' ? spec->sign : 0;
}

static struct value grouped_number(struct eval *ev, const struct format_spec *spec, struct text prefix,
                                   struct text whole, struct text rest, int every)
{
    int64_t least = 0;
    if (spec->align == '=' && text_equal(spec->fill, TEXT("0")))
        least = spec->width - (int64_t)(prefix.length + rest.length);
    if (least > (int64_t)LIMIT_STRING_BYTES)
        return eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
    struct text_builder builder = {0};
    group_digits(&builder, whole, least, spec->grouping, every);
    text_builder_add(&builder, rest);
    struct value value = padded(ev, spec, prefix, text_builder_text(&builder), '>');
    text_builder_free(&builder);
    return value;
}

static struct value format_integer(struct eval *ev, struct value value, int64_t integer, const struct format_spec *spec)
{
    if (spec->precision >= 0)
        return eval_raise(ev, ev->types->value_error, "Precision not allowed in integer format specifier");
    uint64_t size = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    char prefix[8], number[72];
    size_t prefix_length = 0, length = sizeof number;
    char sign = sign_shown(spec, integer < 0);
    if (sign)
        prefix[prefix_length++] = sign;
    unsigned base = 10;
    switch (spec->type) {
    case 0:
    case 'd':
    case 'n': break;
    case 'b': base = 2; break;
    case 'o': base = 8; break;
    case 'x':
    case 'X': base = 16; break;
    case 'c':
        if (spec->sign || spec->alternate)
            return eval_raise(ev, ev->types->value_error, "Sign not allowed with integer format specifier 'c'");
        return eval_unknown(ev, "a character made from a number by a format");
    default: return unknown_code(ev, spec->type, value);
    }
    if (spec->grouping == ',' && base != 10)
        return eval_raise(ev, ev->types->value_error, "Cannot specify ',' with '%c'.", spec->type);
    if (spec->alternate && base != 10) {
        prefix[prefix_length++] = '0';
        prefix[prefix_length++] = spec->type;
    }
    do {
        number[--length] = (spec->type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[size % base];
        size /= base;
    } while (size);
    return grouped_number(ev, spec, (struct text){prefix, prefix_length},
                          (struct text){number + length, sizeof number - length}, TEXT(""), base == 10 ? 3 : 4);
}

/* Without a type: as repr(), or as 'g' that keeps one digit after the point. */
static void general_text(double size, int64_t precision, char *buffer, size_t capacity)
{
    if (precision < 0) {
        char shortest[32];
        float_repr(size, shortest);
        snprintf(buffer, capacity, "%s", shortest);
        return;
    }
    if (precision == 0)
        precision = 1;
    char scientific[64];
    snprintf(scientific, sizeof scientific, "%.*e", (int)(precision < 40 ? precision : 40) - 1, size);
    int exponent = size == 0 ? 0 : atoi(strchr(scientific, 'e') + 1);
    /* one digit more than %g before the exponent is used */
    if (exponent >= -4 && exponent < precision - 1) {
        snprintf(buffer, capacity, "%.*g", (int)precision, size);
        if (!strpbrk(buffer, ".en"))
            strncat(buffer, ".0", capacity - strlen(buffer) - 1);
        return;
    }
    if (exponent == precision - 1) {
        snprintf(buffer, capacity, "%.*e", (int)precision - 1, size);
    } else {
        snprintf(buffer, capacity, "%.*g", (int)precision, size);
    }
    char *mantissa_end = strchr(buffer, 'e');
    if (mantissa_end && memchr(buffer, '.', (size_t)(mantissa_end - buffer))) {
        char *last = mantissa_end;
        while (last[-1] == '0')
            last--;
        if (last[-1] == '.')
            last--;
        memmove(last, mantissa_end, strlen(mantissa_end) + 1);
    }
}

static void uppercase(char *text)
{
    for (; *text; text++)
        if (*text >= 'a' && *text <= 'z')
            *text = (char)(*text - 'a' + 'A');
}

static struct value format_float(struct eval *ev, struct value value, double real, const struct format_spec *spec)
{
    char type = spec->type, buffer[800];
    bool negative = signbit(real) && !isnan(real);
    double size = fabs(real);
    int64_t precision = spec->precision;
    if (precision > MAX_PRECISION)
        return eval_unknown(ev, "a number with over %d digits", MAX_PRECISION);
    if (precision < 0 && type && type != 'n')
        precision = 6;
    if (isnan(real) || isinf(real)) {
        snprintf(buffer, sizeof buffer, "%s%s", isnan(real) ? "nan" : "inf", type == '%' ? "%" : "");
        if (type && !strchr("eEfFgGn%", type))
            return unknown_code(ev, type, value);
    } else {
        const char *alternate = spec->alternate ? "#" : "";
        char pattern[16];
        switch (type) {
        case 0: general_text(size, precision, buffer, sizeof buffer); break;
        case 'e':
        case 'E':
        case 'f':
        case 'F':
            snprintf(pattern, sizeof pattern, "%%%s.*%c", alternate, type == 'F' ? 'f' : type == 'E' ? 'e' : type);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(buffer, sizeof buffer, pattern, (int)precision, size);
            break;
        case 'g':
        case 'G':
        case 'n':
            snprintf(pattern, sizeof pattern, "%%%s.*g", alternate);
            snprintf(buffer, sizeof buffer, pattern, (int)(precision < 0 ? 6 : precision), size);
            break;
#pragma GCC diagnostic pop
        case '%': snprintf(buffer, sizeof buffer, "%.*f%%", (int)precision, size * 100); break;
        default: return unknown_code(ev, type, value);
        }
    }
    if (type == 'E' || type == 'F' || type == 'G')
        uppercase(buffer);
    if (spec->negative_zero && negative && strtod(buffer, NULL) == 0.0)
        negative = false;
    char sign = sign_shown(spec, negative);
    struct text prefix = {&sign, sign ? 1 : 0};
    struct text body = text_from(buffer);
    size_t whole = 0;
    while (whole < body.length && body.bytes[whole] >= '0' && body.bytes[whole] <= '9')
        whole++;
    if (whole == 0)
        return padded(ev, spec, prefix, body, '>');
    return grouped_number(ev, spec, prefix, (struct text){body.bytes, whole},
                          (struct text){body.bytes + whole, body.length - whole}, 3);
}

static struct value format_text(struct eval *ev, struct value value, struct text text, const struct format_spec *spec)
{
    if (spec->type && spec->type != 's')
        return unknown_code(ev, spec->type, value);
    if (spec->sign)
        return eval_raise(ev, ev->types->value_error, "Sign not allowed in string format specifier");
    if (spec->align == '=' && !spec->zero)
        return eval_raise(ev, ev->types->value_error, "'=' alignment not allowed in string format specifier");
    if (spec->grouping)
        return eval_raise(ev, ev->types->value_error, "Cannot specify '%c' with 's'.", spec->grouping);
    if (spec->precision >= 0 && (uint64_t)spec->precision < text_characters(text))
        text.length = text_offset(text, (size_t)spec->precision);
    struct format_spec plain = *spec;
    if (plain.align == '=')
        plain.align = '<';
    return padded(ev, &plain, TEXT(""), text, '<');
}

struct value format_value(struct eval *ev, struct value value, struct text text)
{
    if (is_raised(value) || is_unknown(value))
        return unknown_operand(ev, value);
    struct value argument = eval_text(ev, text);
    struct value result = call_special(ev, value, "__format__", &argument, 1);
    if (result.kind != VALUE_UNBOUND)
        return result;
    if (text.length == 0)
        return value_to_str(ev, value);
    struct format_spec spec;
    struct value plain = payload_of(value);
    bool formats = is_number(plain) || plain.kind == VALUE_STR;
    if (value.kind == VALUE_TENSOR)
        return eval_unknown(ev, "the value of a tensor");
    if (!formats)
        return eval_raise(ev, ev->types->type_error, "unsupported format string passed to %s.__format__",
                          type_name(ev, value));
    if (!parse_spec(ev, value, text, &spec))
        return value_raised();
    if (plain.kind == VALUE_STR)
        return format_text(ev, value, str_text(plain.str), &spec);
    if (plain.kind == VALUE_FLOAT || (spec.type && strchr("eEfFgG%", spec.type)))
        return format_float(ev, value, number_real(plain), &spec);
    return format_integer(ev, value, plain.kind == VALUE_BOOL ? plain.truth : plain.integer, &spec);
}
