/*
 * Which values DeepSpeed's validation takes for a key: pydantic's lax mode, which also takes "3" for 3, "yes" for true
 * and 1 for true.
 */
#include "config/deepspeed_internal.h"

#include <math.h>
#include <stdlib.h>

#define NUMBER_BYTES 4300 /* pydantic reads no longer text as a number */

/* ---- strings as numbers ---- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Without the blanks of Unicode (White_Space) at both ends. */
static struct text trim(struct text text)
{
    for (bool front = true;;) {
        uint32_t code = 0;
        size_t size = 0;
        if (text.length == 0)
            return text;
        if (front) {
            size = (size_t)utf8_decode(text.bytes, text.length, &code);
        } else {
            for (size = 1; size < 4 && size < text.length && (text.bytes[text.length - size] & 0xC0) == 0x80;)
                size++;
            if (utf8_decode(text.bytes + text.length - size, size, &code) != (int)size)
                size = 0;
        }
        bool blank = (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
                     (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
                     code == 0x205F || code == 0x3000;
        if (size > 0 && blank) {
            text.bytes += front ? size : 0;
            text.length -= size;
        } else if (front) {
            front = false;
        } else {
            return text;
        }
    }
}

/* A whole number in a string: a sign, digits with single underscores between them, ".0". */
static bool whole_from_text(struct text text, double *number, bool underscores)
{
    char digits[NUMBER_BYTES + 2];
    size_t count = 0, at = 0;
    text = trim(text);
    if (text.length > NUMBER_BYTES)
        return false;
    if (at < text.length && (text.bytes[at] == '-' || text.bytes[at] == '+'))
        digits[count++] = text.bytes[at++];
    size_t first = at, significant = at;
    while (significant < text.length &&
           (text.bytes[significant] == '0' || (significant > first && text.bytes[significant] == '_')))
        significant++; /* among leading zeros, any number of underscores is fine with it */
    bool after_digit = significant > first;
    if (after_digit && text.bytes[significant - 1] == '_' &&
        (significant == text.length || !is_digit(text.bytes[significant])))
        return false;
    digits[count++] = '0';
    for (at = significant; at < text.length && (is_digit(text.bytes[at]) || text.bytes[at] == '_'); at++) {
        if (text.bytes[at] == '_' &&
            (!underscores || !after_digit || at + 1 == text.length || !is_digit(text.bytes[at + 1])))
            return false;
        after_digit = true;
        if (text.bytes[at] != '_')
            digits[count++] = text.bytes[at];
    }
    if (!after_digit)
        return false;
    if (at < text.length && text.bytes[at] == '.') {
        if (++at == text.length)
            return false;
        while (at < text.length && text.bytes[at] == '0')
            at++;
    }
    if (at != text.length)
        return false;
    digits[count] = 0;
    *number = strtod(digits, NULL);
    return true;
}

static bool equal_words(struct text text, const char *word)
{
    return text_equal_ignoring_case(text, text_from(word));
}

/* A float in a string: what C reads, but no hexadecimal, and single underscores between digits. */
static bool number_from_text(struct text text, double *number)
{
    char digits[NUMBER_BYTES + 1];
    size_t count = 0;
    text = trim(text);
    if (text.length == 0 || text.length > NUMBER_BYTES)
        return false;
    struct text word = text;
    if (word.bytes[0] == '-' || word.bytes[0] == '+') {
        word.bytes++;
        word.length--;
    }
    bool negative = text.bytes[0] == '-';
    if (equal_words(word, "inf") || equal_words(word, "infinity") || equal_words(word, "nan")) {
        *number = equal_words(word, "nan") ? (double)NAN : negative ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        if (byte == '_') {
            if (i == 0 || i + 1 == text.length || text.bytes[i - 1] == '_')
                return false;
            continue;
        }
        if (!is_digit(byte) && byte != '.' && byte != 'e' && byte != 'E' && byte != '-' && byte != '+')
            return false;
        digits[count++] = byte;
    }
    digits[count] = 0;
    char *end;
    *number = strtod(digits, &end);
    return end != digits && *end == 0;
}

/* ---- values ---- */

static bool is_whole(const struct json_value *value, double *number, bool underscores)
{
    switch (value->kind) {
    case JSON_BOOL: *number = value->truth; return true;
    case JSON_NUMBER:
        *number = value->number.real;
        return value->integer || (*number == trunc(*number) && fabs(*number) < 0x1p63);
    case JSON_STRING: return whole_from_text(value->text, number, underscores);
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
    case JSON_OTHER: return false;
    }
    return false;
}

static bool is_number(const struct json_value *value, double *number)
{
    if (value->kind == JSON_BOOL)
        *number = value->truth;
    else if (value->kind == JSON_NUMBER)
        *number = value->number.real;
    else
        return value->kind == JSON_STRING && number_from_text(value->text, number);
    return true;
}

static bool is_bool(const struct json_value *value, bool *truth)
{
    static const char *const words[][2] = {{"0", "1"},        {"off", "on"}, {"f", "t"},
                                           {"false", "true"}, {"n", "y"},    {"no", "yes"}};
    if (value->kind == JSON_BOOL) {
        *truth = value->truth;
        return true;
    }
    if (value->kind == JSON_NUMBER) {
        *truth = value->number.real == 1;
        return value->number.real == 0 || value->number.real == 1;
    }
    for (size_t i = 0; value->kind == JSON_STRING && i < sizeof words / sizeof *words; i++) {
        for (int side = 0; side < 2; side++) {
            *truth = side;
            if (equal_words(value->text, words[i][side]))
                return true;
        }
    }
    return false;
}

static bool in_range(const struct range *range, double number)
{
    if (!range)
        return true;
    bool low = range->above_lowest ? number > range->lowest : number >= range->lowest;
    bool high = range->below_highest ? number < range->highest : number <= range->highest;
    return low && high;
}

static bool is_choice(const char *const *choices, struct text text)
{
    if (!choices)
        return true;
    for (; *choices; choices++)
        if (text_equal(text_from(*choices), text))
            return true;
    return false;
}

int setting_stage(const struct json_value *value)
{
    double number;
    return is_whole(value, &number, false) && number >= 0 && number <= 3 ? (int)number : -1;
}

bool setting_truth(const struct json_value *value)
{
    bool truth = false;
    return is_bool(value, &truth) && truth;
}

double setting_number(const struct json_value *value)
{
    double number = NAN;
    return is_number(value, &number) ? number : (double)NAN;
}

bool setting_accepts(const struct key_facts *facts, const struct json_value *value)
{
    double number;
    bool truth;
    if (value->kind == JSON_NULL)
        return facts->or_null;
    switch (facts->type) {
    case KEY_BOOL: return is_bool(value, &truth);
    case KEY_WHOLE: return is_whole(value, &number, true) && in_range(facts->range, number);
    case KEY_NUMBER: return is_number(value, &number) && in_range(facts->range, number);
    case KEY_STRING: return value->kind == JSON_STRING && is_choice(facts->choices, value->text);
    case KEY_PATH: return value->kind == JSON_STRING;
    case KEY_STAGE: return setting_stage(value) >= 0;
    case KEY_WHOLE_OR_AUTO:
        return value->kind != JSON_STRING ? is_whole(value, &number, false) && in_range(facts->range, number)
                                          : text_equal(value->text, TEXT("auto"));
    case KEY_MAPPING:
    case KEY_LEAF_MODULE: return value->kind == JSON_OBJECT;
    case KEY_STRINGS: return value->kind == JSON_ARRAY || value->kind == JSON_STRING;
    }
    return true;
}

struct text setting_expected(struct deepspeed_reader *reader, const struct key_facts *facts)
{
    struct text words = TEXT("");
    const char *kind = facts->type == KEY_NUMBER ? "a number" : "a whole number";
    const struct range *range = facts->range;
    switch (facts->type) {
    case KEY_BOOL: words = TEXT("true or false"); break;
    case KEY_WHOLE:
    case KEY_WHOLE_OR_AUTO:
    case KEY_NUMBER:
        if (!range)
            words = text_from(kind);
        else if (isinf(range->highest))
            words = text_format(reader->arena, "%s %s %g", kind, range->above_lowest ? "over" : "of at least",
                                range->lowest);
        else
            words = text_format(reader->arena, "%s %s %g %s %g", kind, range->above_lowest ? "between" : "from",
                                range->lowest, range->above_lowest ? "and" : "to", range->highest);
        break;
    case KEY_STRING:
        for (size_t i = 0; facts->choices && facts->choices[i]; i++)
            words = text_format(reader->arena, "%.*s%s`%s`", TEXT_ARGS(words),
                                i == 0                  ? ""
                                : facts->choices[i + 1] ? ", "
                                                        : " or ",
                                facts->choices[i]);
        break;
    case KEY_PATH: words = TEXT("a string"); break;
    case KEY_STAGE: words = TEXT("0, 1, 2 or 3"); break;
    case KEY_MAPPING: words = TEXT("a mapping"); break;
    case KEY_LEAF_MODULE: words = TEXT("a mapping with `classes`, `names` or `name_suffixes`"); break;
    case KEY_STRINGS: words = TEXT("a list of strings"); break;
    }
    return words;
}
