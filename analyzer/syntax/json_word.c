/*
 * What has no quotes: keys, null, true, false, numbers, and the strings that run to the end of their line.
 */
#include "syntax/json_internal.h"

#include <math.h>
#include <stdlib.h>

#define PYTHON_INT_DIGITS 4300 /* int() of a longer text raises ValueError (sys.get_int_max_str_digits) */

/* ---- blanks of Python ---- */

/* str.isspace() */
static bool is_space(uint32_t code)
{
    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
           code == 0x205F || code == 0x3000;
}

/* The size of the blank at `at`, 0 when there is none. */
static uint32_t blank_at(const struct json_reader *reader, uint32_t at)
{
    if (reader->mode == JSON_STRICT)
        return json_is_blank(json_peek(reader, at));
    uint32_t code = 0;
    int size = utf8_decode(reader->bytes + at, reader->length - at, &code);
    return size > 0 && is_space(code) ? (uint32_t)size : 0;
}

static struct span strip_right(const struct json_reader *reader, struct span span)
{
    while (span.end > span.start) {
        uint32_t last = span.end - 1;
        while (last > span.start && span.end - last < 4 && (reader->bytes[last] & 0xC0) == 0x80)
            last--;
        uint32_t size = blank_at(reader, last);
        if (size == 0 || last + size != span.end)
            break;
        span.end = last;
    }
    return span;
}

struct span json_strip(const struct json_reader *reader, struct span span)
{
    for (uint32_t size; span.start < span.end && (size = blank_at(reader, span.start)) > 0;)
        span.start += size;
    return strip_right(reader, span);
}

/* ---- numbers ---- */

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

/* -?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)? at `at`: its end, or `at` when there is none. */
static uint32_t number_end(const struct json_reader *reader, uint32_t at, bool *whole)
{
    uint32_t end = at;
    *whole = true;
    if (json_peek(reader, end) == '-')
        end++;
    if (!is_digit(json_peek(reader, end)))
        return at;
    if (json_peek(reader, end) == '0') {
        end++;
    } else {
        while (is_digit(json_peek(reader, end)))
            end++;
    }
    if (json_peek(reader, end) == '.' && is_digit(json_peek(reader, end + 1))) {
        *whole = false;
        for (end += 2; is_digit(json_peek(reader, end));)
            end++;
    }
    int letter = json_peek(reader, end), sign = json_peek(reader, end + 1);
    uint32_t exponent = end + 1 + (sign == '-' || sign == '+');
    if ((letter == 'e' || letter == 'E') && is_digit(json_peek(reader, exponent))) {
        *whole = false;
        for (end = exponent + 1; is_digit(json_peek(reader, end));)
            end++;
    }
    return end;
}

static double parse_double(struct json_reader *reader, struct text text)
{
    char small[64];
    if (text.length < sizeof small) {
        memcpy(small, text.bytes, text.length);
        small[text.length] = 0;
        return strtod(small, NULL);
    }
    reader->scratch.length = 0;
    text_builder_add(&reader->scratch, text);
    return strtod(reader->scratch.bytes, NULL);
}

static void parse_whole(struct json_value *value, struct text text)
{
    bool negative = text.bytes[0] == '-';
    uint64_t magnitude = 0, limit = (uint64_t)INT64_MAX + negative;
    for (size_t i = negative; i < text.length; i++) {
        uint64_t digit = (uint64_t)(text.bytes[i] - '0');
        if (magnitude > (limit - digit) / 10) {
            value->overflow = true;
            value->number.whole = negative ? INT64_MIN : INT64_MAX;
            return;
        }
        magnitude = magnitude * 10 + digit;
    }
    value->number.whole = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
}

static void set_number(struct json_reader *reader, struct json_value *value, bool whole)
{
    struct text text = {reader->bytes + value->span.start, value->span.end - value->span.start};
    value->kind = JSON_NUMBER;
    value->integer = whole;
    value->number.real = parse_double(reader, text);
    if (whole) {
        if (text.length - (text.bytes[0] == '-') > PYTHON_INT_DIGITS) {
            json_raise(reader);
            json_fail(reader, value->span, "a whole number of more than %d digits: Python refuses it",
                      PYTHON_INT_DIGITS);
            value->damaged = true;
        }
        parse_whole(value, text);
    } else if (reader->mode == JSON_HJSON) {
        /* hjson makes an int of a float that is one: int(x), which raises for infinity. */
        double real = value->number.real;
        if (isinf(real)) {
            json_raise(reader);
            json_fail(reader, value->span, "the number `%.*s` is too large for hjson",
                      TEXT_ARGS(json_short(reader, text)));
            value->damaged = true;
        } else if (fabs(real) < 1e10 && real == trunc(real)) {
            value->integer = true;
            value->number.whole = (int64_t)real;
            value->number.real = (double)value->number.whole; /* -0.0 becomes 0 */
        }
    }
}

/* ---- words ---- */

/* What can end a number or a keyword: the end of the line, punctuation, a comment. */
static bool is_stop(const struct json_reader *reader, uint32_t at)
{
    int byte = json_peek(reader, at), next = json_peek(reader, at + 1);
    return json_is_line_end(byte) || byte == ',' || byte == '}' || byte == ']' || byte == '#' ||
           (byte == '/' && (next == '/' || next == '*'));
}

/* `word` with nothing but blanks behind it. */
static bool is_word(const struct json_reader *reader, uint32_t at, struct text word, uint32_t *end)
{
    if (reader->length - at < word.length || memcmp(reader->bytes + at, word.bytes, word.length) != 0)
        return false;
    uint32_t behind = at + (uint32_t)word.length;
    for (uint32_t size; behind < reader->length && !json_is_line_end(json_peek(reader, behind)) &&
                        (size = blank_at(reader, behind)) > 0;)
        behind += size;
    *end = behind;
    return is_stop(reader, behind);
}

/* U+00A0 and the like, copied from a page: it was meant as indentation. */
static void note_odd_blank(struct json_reader *reader, uint32_t at)
{
    uint32_t size = at < reader->length ? blank_at(reader, at) : 0;
    if (size > 0)
        json_note(reader, JSON_FEATURE_BLANK, json_span(at, at + size));
}

static bool scan_keyword(struct json_reader *reader, struct json_value *value)
{
    uint32_t start = reader->at, end = start;
    size_t length = 4;
    if (is_word(reader, start, TEXT("null"), &end)) {
        value->kind = JSON_NULL;
    } else if (is_word(reader, start, TEXT("true"), &end)) {
        value->kind = JSON_BOOL;
        value->truth = true;
    } else if (is_word(reader, start, TEXT("false"), &end)) {
        value->kind = JSON_BOOL;
        length = 5;
    } else {
        return false;
    }
    value->span = json_span(start, start + (uint32_t)length);
    reader->at = end;
    uint32_t at = value->span.end;
    while (at < end && json_is_blank(json_peek(reader, at)))
        at++;
    if (at < end)
        note_odd_blank(reader, at);
    return true;
}

static bool scan_number(struct json_reader *reader, struct json_value *value)
{
    bool whole;
    uint32_t start = reader->at, end = number_end(reader, start, &whole), behind = end;
    if (end == start)
        return false;
    while (json_peek(reader, behind) == ' ' || json_peek(reader, behind) == '\t')
        behind++;
    if (!is_stop(reader, behind))
        return false;
    value->span = json_span(start, end);
    set_number(reader, value, whole);
    reader->at = behind;
    return true;
}

/* What json.load takes for a number and hjson for a string. */
static bool scan_not_finite(struct json_reader *reader, struct json_value *value)
{
    static const struct {
        struct text word;
        double real;
    } words[] = {{{"NaN", 3}, NAN}, {{"Infinity", 8}, INFINITY}, {{"-Infinity", 9}, -INFINITY}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t end;
        if (!is_word(reader, reader->at, words[i].word, &end))
            continue;
        value->kind = JSON_NUMBER;
        value->number.real = words[i].real;
        value->span = json_span(reader->at, reader->at + (uint32_t)words[i].word.length);
        reader->at = end;
        return true;
    }
    return false;
}

/* Does strict JSON see a number, and hjson an unquoted string, and is the rest of the line the same for both? */
static bool is_not_finite_text(struct text text)
{
    if (text_ends(text, TEXT(",")))
        text.length--;
    while (text.length && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t'))
        text.length--;
    return text_equal(text, TEXT("NaN")) || text_equal(text, TEXT("Infinity")) || text_equal(text, TEXT("-Infinity"));
}

/* The first bracket on this line that closes something opened before `start`, or `end`. */
static uint32_t swallowed_bracket(const struct json_reader *reader, uint32_t start, uint32_t end)
{
    uint32_t open = 0;
    for (uint32_t at = start; at < end; at++) {
        char byte = reader->bytes[at];
        if (byte == '[' || byte == '{')
            open++;
        else if ((byte == ']' || byte == '}') && open-- == 0)
            return at;
    }
    return end;
}

/* Where a reader that does not know hjson would end the string: a comma, a comment or the bracket at `bracket`. */
static uint32_t cut_end(const struct json_reader *reader, uint32_t start, uint32_t bracket)
{
    uint32_t open = 0;
    for (uint32_t at = start; at < bracket; at++) {
        char byte = reader->bytes[at];
        if (byte == '[' || byte == '{')
            open++;
        else if (byte == ']' || byte == '}')
            open--;
        else if (byte == ',' && open == 0)
            return at;
    }
    return bracket;
}

static void scan_unquoted(struct json_reader *reader, struct json_value *value)
{
    uint32_t start = reader->at, end = json_line_end(reader, start);
    const struct json_frame *frame = reader->depth ? &reader->frames[reader->depth - 1] : NULL;
    value->kind = JSON_STRING;
    if (frame && !frame->without_braces) {
        uint32_t bracket = swallowed_bracket(reader, start, end);
        if (bracket < end) {
            reader->swallowed = true;
            if (reader->cut_unquoted) {
                end = cut_end(reader, start, bracket);
                value->damaged = true;
            }
        }
    }
    struct span stripped = json_strip(reader, json_span(start, end));
    value->span = stripped.start < stripped.end ? stripped : json_span(start, end);
    value->text = (struct text){reader->bytes + stripped.start, stripped.end - stripped.start};
    reader->at = end;
    if (value->damaged)
        json_fail(
            reader, value->span,
            "an unquoted string runs to the end of its line and takes the bracket there with it; put `%.*s` in quotes",
            TEXT_ARGS(json_short(reader, value->text)));
    else if (reader->mode == JSON_STRICT || !is_not_finite_text(value->text))
        json_note(reader, JSON_FEATURE_UNQUOTED_STRING, value->span);
    note_odd_blank(reader, start);
}

void json_scan_word(struct json_reader *reader, struct json_value *value)
{
    if (scan_keyword(reader, value) || scan_number(reader, value))
        return;
    if (reader->mode == JSON_STRICT && scan_not_finite(reader, value))
        return;
    scan_unquoted(reader, value);
}

bool json_is_lenient_gap(const struct json_reader *reader, const struct json_value *value)
{
    return reader->mode == JSON_HJSON && value->kind == JSON_STRING && is_not_finite_text(value->text) &&
           reader->bytes[value->span.start] != '"' && reader->bytes[value->span.start] != '\'' &&
           text_ends(value->text, TEXT(","));
}

/* ---- keys ---- */

static bool is_key_stop(int byte)
{
    return byte == JSON_END || byte == ':' || byte == '{' || byte == '}' || byte == '[' || byte == ']' || byte == ',';
}

struct json_scanned json_scan_key_word(struct json_reader *reader)
{
    uint32_t start = reader->at, end = start;
    while (!is_key_stop(json_peek(reader, end)) && !json_is_blank(json_peek(reader, end)))
        end++;
    uint32_t behind = end;
    while (json_is_blank(json_peek(reader, behind)))
        behind++;
    struct span span = {start, end};
    bool damaged = false;
    if (json_peek(reader, behind) == ':' && end > start) {
        if (behind > end) /* then hjson takes Python's blanks away too */
            span = strip_right(reader, span);
        json_note(reader, JSON_FEATURE_UNQUOTED_KEY, json_span(start, end));
        note_odd_blank(reader, start);
        end = behind;
    } else {
        damaged = true;
    }
    reader->at = end;
    return (struct json_scanned){{reader->bytes + span.start, span.end - span.start}, {start, span.end}, damaged};
}
