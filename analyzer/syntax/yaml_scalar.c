/*
 * Plain scalars of YAML 1.1, by the patterns of PyYAML's resolver (yaml/resolver.py of PyYAML 6.0, unchanged since 3.x).
 */
#include "syntax/yaml.h"

#include <math.h>
#include <stdlib.h>

struct cursor {
    const char *bytes;
    size_t length, at;
};

static int peek(const struct cursor *cursor)
{
    return cursor->at < cursor->length ? (unsigned char)cursor->bytes[cursor->at] : -1;
}

static bool take(struct cursor *cursor, char byte)
{
    if (peek(cursor) != byte)
        return false;
    cursor->at++;
    return true;
}

static int digit_value(int byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* Digits of the base and underscores; how many bytes. */
static size_t take_digits(struct cursor *cursor, int base, bool underscores)
{
    size_t start = cursor->at;
    for (;; cursor->at++) {
        int byte = peek(cursor), value = digit_value(byte);
        if (!(underscores && byte == '_') && (value < 0 || value >= base))
            return cursor->at - start;
    }
}

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static bool one_of(struct text text, const char *const *words)
{
    for (; *words; words++)
        if (text_equal(text, text_from(*words)))
            return true;
    return false;
}

/* ---- whole numbers ---- */

struct whole {
    uint64_t value;
    double real;
    bool overflow;
};

static void whole_add(struct whole *whole, unsigned base, unsigned digit)
{
    whole->overflow = whole->overflow || whole->value > (UINT64_MAX - digit) / base;
    whole->value = whole->value * base + digit;
    whole->real = whole->real * base + digit;
}

static struct whole whole_of(const char *bytes, size_t length, unsigned base)
{
    struct whole whole = {0};
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != '_')
            whole_add(&whole, base, (unsigned)digit_value((unsigned char)bytes[i]));
    return whole;
}

static void set_whole(struct json_value *value, struct whole whole, bool negative)
{
    value->kind = JSON_NUMBER;
    value->integer = true;
    value->overflow = whole.overflow || whole.value > (uint64_t)INT64_MAX;
    value->number.whole = value->overflow ? 0 : negative ? -(int64_t)whole.value : (int64_t)whole.value;
    value->number.real = negative ? -whole.real : whole.real;
}

/* [0-9][0-9_]*(:[0-5]?[0-9])+ : numbers to the base of 60. */
static bool take_sixties(struct cursor *cursor, struct whole *whole)
{
    size_t start = cursor->at;
    if (!is_digit(peek(cursor)))
        return false;
    take_digits(cursor, 10, true);
    *whole = whole_of(cursor->bytes + start, cursor->at - start, 10);
    if (peek(cursor) != ':')
        return false;
    while (take(cursor, ':')) {
        int first = peek(cursor);
        if (!is_digit(first))
            return false;
        cursor->at++;
        unsigned part = (unsigned)(first - '0');
        if (first <= '5' && is_digit(peek(cursor)))
            part = part * 10 + (unsigned)(cursor->bytes[cursor->at++] - '0');
        whole_add(whole, 60, part);
    }
    return true;
}

static bool resolve_whole(struct json_value *value, struct text text)
{
    struct cursor cursor = {text.bytes, text.length, 0};
    bool negative = take(&cursor, '-');
    if (!negative)
        take(&cursor, '+');
    struct cursor sixties = cursor;
    size_t start = cursor.at;
    unsigned base = 10;
    if (take(&cursor, '0') && cursor.at < cursor.length) {
        base = take(&cursor, 'b') ? 2 : take(&cursor, 'x') ? 16 : 8;
        start = cursor.at;
        if (take_digits(&cursor, (int)base, true) == 0)
            return false;
    } else if (cursor.at == start) {
        if (!is_digit(peek(&cursor)))
            return false;
        take_digits(&cursor, 10, true);
    }
    if (cursor.at == cursor.length) {
        set_whole(value, whole_of(text.bytes + start, cursor.at - start, base), negative);
        return true;
    }
    struct whole whole;
    if (peek(&sixties) == '0' || !take_sixties(&sixties, &whole) || sixties.at != sixties.length)
        return false;
    set_whole(value, whole, negative);
    return true;
}

/* ---- other numbers ---- */

static void set_real(struct json_value *value, double real)
{
    value->kind = JSON_NUMBER;
    value->integer = false;
    value->number.whole = 0;
    value->number.real = real;
}

static double real_of(struct text text)
{
    struct text_builder digits = {0};
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] != '_')
            text_builder_add(&digits, (struct text){text.bytes + i, 1});
    text_builder_add(&digits, (struct text){"", 1});
    double real = strtod(digits.bytes, NULL);
    text_builder_free(&digits);
    return real;
}

/* ([eE][-+][0-9]+)? up to the end: without its sign it is no exponent, so that 1e-4 and 1.0e4 are strings. */
static bool take_exponent(struct cursor *cursor)
{
    if (cursor->at == cursor->length)
        return true;
    if (!take(cursor, 'e') && !take(cursor, 'E'))
        return false;
    if (!take(cursor, '-') && !take(cursor, '+'))
        return false;
    return take_digits(cursor, 10, false) > 0 && cursor->at == cursor->length;
}

static bool resolve_real(struct json_value *value, struct text text)
{
    static const char *const infinities[] = {".inf", ".Inf", ".INF", NULL}, *const nans[] = {".nan", ".NaN", ".NAN", NULL};
    struct cursor cursor = {text.bytes, text.length, 0};
    bool negative = take(&cursor, '-'), sign = negative || take(&cursor, '+');
    struct text rest = {text.bytes + cursor.at, text.length - cursor.at};
    if (one_of(rest, infinities) || (!sign && one_of(rest, nans))) {
        set_real(value, one_of(rest, nans) ? (double)NAN : negative ? -(double)INFINITY : (double)INFINITY);
        return true;
    }
    struct cursor plain = cursor;
    if (is_digit(peek(&plain))) {
        take_digits(&plain, 10, true);
        if (take(&plain, '.')) {
            take_digits(&plain, 10, true);
            if (take_exponent(&plain)) {
                set_real(value, real_of(text));
                return true;
            }
        }
        struct whole whole;
        size_t start;
        if (!take_sixties(&cursor, &whole) || (start = cursor.at, !take(&cursor, '.')))
            return false;
        take_digits(&cursor, 10, true);
        if (cursor.at != cursor.length)
            return false;
        double real = whole.real + real_of((struct text){text.bytes + start, text.length - start});
        set_real(value, negative ? -real : real);
        return true;
    }
    if (sign || !take(&plain, '.') || !is_digit(peek(&plain)))
        return false;
    take_digits(&plain, 10, true);
    if (!take_exponent(&plain))
        return false;
    set_real(value, real_of(text));
    return true;
}

/* ---- dates ---- */

static bool take_between(struct cursor *cursor, size_t least, size_t most)
{
    size_t count = 0;
    while (count < most && is_digit(peek(cursor))) {
        cursor->at++;
        count++;
    }
    return count >= least;
}

static bool take_blanks(struct cursor *cursor)
{
    bool any = false;
    while (take(cursor, ' ') || take(cursor, '\t'))
        any = true;
    return any;
}

static bool is_date(struct text text)
{
    struct cursor cursor = {text.bytes, text.length, 0};
    if (!take_between(&cursor, 4, 4) || !take(&cursor, '-') || !take_between(&cursor, 1, 2) || !take(&cursor, '-') ||
        !take_between(&cursor, 1, 2))
        return false;
    if (cursor.at == cursor.length)
        return text.length == 10;
    if (!take(&cursor, 'T') && !take(&cursor, 't') && !take_blanks(&cursor))
        return false;
    if (!take_between(&cursor, 1, 2) || !take(&cursor, ':') || !take_between(&cursor, 2, 2) || !take(&cursor, ':') ||
        !take_between(&cursor, 2, 2))
        return false;
    if (take(&cursor, '.'))
        take_digits(&cursor, 10, false);
    take_blanks(&cursor);
    if (cursor.at < cursor.length && !take(&cursor, 'Z')) {
        if (!take(&cursor, '-') && !take(&cursor, '+'))
            return false;
        if (!take_between(&cursor, 1, 2) || (take(&cursor, ':') && !take_between(&cursor, 2, 2)))
            return false;
    }
    return cursor.at == cursor.length;
}

void yaml_resolve(struct json_value *value, struct text text)
{
    static const char *const yes[] = {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", NULL};
    static const char *const no[] = {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", NULL};
    static const char *const nothing[] = {"~", "null", "Null", "NULL", "", NULL};
    if (one_of(text, nothing)) {
        value->kind = JSON_NULL;
    } else if (one_of(text, yes) || one_of(text, no)) {
        value->kind = JSON_BOOL;
        value->truth = one_of(text, yes);
    } else if (resolve_real(value, text) || resolve_whole(value, text)) {
        return; /* both set the value */
    } else if (is_date(text)) {
        value->kind = JSON_OTHER;
        value->text = TEXT("a date");
    } else {
        value->kind = JSON_STRING;
        value->text = text;
    }
}
