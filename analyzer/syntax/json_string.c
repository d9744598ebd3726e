/*
 * Strings of JSON and hjson: quoted ones with escapes, and those in three single quotes.
 */
#include "syntax/json_internal.h"

#include <stdlib.h>

/* ---- escapes ---- */

static int hex_digit(int byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static bool is_python_blank(int byte)
{
    return json_is_blank(byte) || byte == 0x0B || byte == 0x0C || (byte >= 0x1C && byte <= 0x1F);
}

/* Python's int(text, 16) of the four characters from `at` to *end: blanks around, a sign, 0x and single underscores
 * between digits are fine with it, and so with hjson, which only looks at the second character for an x.  -1 when it
 * raises or is below zero (chr() raises then).  *plain is false when strict JSON refuses it. */
static int32_t four_hex_digits(const struct json_reader *reader, uint32_t at, uint32_t *end, bool *plain)
{
    int bytes[4];
    *plain = true;
    for (uint32_t i = 0; i < 4; i++, at++) {
        bytes[i] = json_peek(reader, at);
        if (bytes[i] == JSON_END || bytes[i] >= 0x80)
            return -1;
        *plain = *plain && hex_digit(bytes[i]) >= 0;
        if (bytes[i] == '\r' && json_peek(reader, at + 1) == '\n')
            at++; /* one character for Python */
    }
    *end = at;
    if (bytes[1] == 'x' || bytes[1] == 'X')
        return -1;
    int first = 0, last = 3;
    while (first <= last && is_python_blank(bytes[first]))
        first++;
    while (last >= first && is_python_blank(bytes[last]))
        last--;
    bool negative = false;
    if (first <= last && (bytes[first] == '+' || bytes[first] == '-'))
        negative = bytes[first++] == '-';
    if (first + 1 <= last && bytes[first] == '0' && (bytes[first + 1] == 'x' || bytes[first + 1] == 'X')) {
        first += 2;
        if (first <= last && bytes[first] == '_')
            first++;
    }
    if (first > last)
        return -1;
    int32_t value = 0;
    bool after_digit = false;
    for (; first <= last; first++) {
        if (bytes[first] == '_' && after_digit) {
            after_digit = false;
            continue;
        }
        if (hex_digit(bytes[first]) < 0)
            return -1;
        value = value * 16 + hex_digit(bytes[first]);
        after_digit = true;
    }
    return !after_digit || (negative && value != 0) ? -1 : value;
}

static void add_code_point(struct text_builder *builder, uint32_t code)
{
    char bytes[4];
    size_t size = 0;
    if (code < 0x80) {
        bytes[size++] = (char)code;
    } else if (code < 0x800) {
        bytes[size++] = (char)(0xC0 | code >> 6);
        bytes[size++] = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        bytes[size++] = (char)(0xE0 | code >> 12);
        bytes[size++] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[size++] = (char)(0x80 | (code & 0x3F));
    } else {
        bytes[size++] = (char)(0xF0 | code >> 18);
        bytes[size++] = (char)(0x80 | (code >> 12 & 0x3F));
        bytes[size++] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[size++] = (char)(0x80 | (code & 0x3F));
    }
    text_builder_add(builder, (struct text){bytes, size});
}

/* The escape at `at` (its backslash); returns where it ends, or 0 when it is none. */
static uint32_t scan_escape(struct json_reader *reader, uint32_t at)
{
    static const char letters[] = "\"'\\/bfnrt", meanings[] = "\"'\\/\b\f\n\r\t";
    int letter = json_peek(reader, at + 1);
    if (letter != 'u') {
        const char *found = letter > 0 ? strchr(letters, letter) : NULL;
        if (!found)
            return 0;
        if (letter == '\'')
            json_note(reader, JSON_FEATURE_ESCAPE, json_span(at, at + 2));
        text_builder_add(&reader->scratch, (struct text){meanings + (found - letters), 1});
        return at + 2;
    }
    bool plain, second_plain;
    uint32_t end = at, second_end = at;
    int32_t code = four_hex_digits(reader, at + 2, &end, &plain);
    if (code < 0)
        return 0;
    if ((code & 0xFC00) == 0xD800 && json_peek(reader, end) == '\\' && json_peek(reader, end + 1) == 'u') {
        int32_t low = four_hex_digits(reader, end + 2, &second_end, &second_plain);
        if (low >= 0 && (low & 0xFC00) == 0xDC00) {
            code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
            plain = plain && second_plain;
            end = second_end;
        }
    }
    if (!plain)
        json_note(reader, JSON_FEATURE_ESCAPE, json_span(at, end));
    add_code_point(&reader->scratch, (uint32_t)code);
    return end;
}

/* ---- quoted ---- */

/* A string that its line, or the file, ends before its quote does.  What closes brackets at the line's end is left to
 * be read as brackets: the quote is missing more often than they are. */
static struct json_scanned unclosed_string(struct json_reader *reader, uint32_t start)
{
    uint32_t line_end = json_line_end(reader, start), end = line_end;
    for (; end > start + 1; end--) {
        char last = reader->bytes[end - 1];
        if (!json_is_blank(last) && last != ',' && last != ']' && last != '}')
            break;
    }
    json_fail(reader, json_span(start, end),
              line_end == reader->length ? "the file ends inside this string"
                                         : "this string is not closed on its line");
    reader->at = end;
    return (struct json_scanned){{reader->bytes + start + 1, end - start - 1}, {start, end}, true};
}

struct json_scanned json_scan_string(struct json_reader *reader)
{
    uint32_t start = reader->at, at = start + 1, chunk = at;
    int quote = json_peek(reader, start);
    bool whole = true, damaged = false; /* whole: nothing had to be decoded yet */
    reader->scratch.length = 0;
    for (;;) {
        int byte = json_peek(reader, at);
        if (byte >= 0x20 && byte != quote && byte != '\\') {
            at++;
            continue;
        }
        if (byte == JSON_END || byte == '\n' || byte == '\r')
            return unclosed_string(reader, start);
        if (byte == quote && whole)
            break;
        text_builder_add(&reader->scratch, (struct text){reader->bytes + chunk, at - chunk});
        if (byte == quote)
            break;
        whole = false;
        if (byte == '\\') {
            uint32_t end = scan_escape(reader, at);
            if (end == 0) {
                int next = json_peek(reader, at + 1);
                if (json_is_line_end(next))
                    return unclosed_string(reader, start);
                int size = utf8_decode(reader->bytes + at + 1, reader->length - at - 1, NULL);
                uint32_t shown = at + 1 + (uint32_t)(size > 0 ? size : 1);
                json_fail(reader, json_span(at, shown), "`%.*s` is no escape of JSON; a backslash is written `\\\\`",
                          (int)(shown - at), reader->bytes + at);
                damaged = true;
                text_builder_add(&reader->scratch, TEXT("\\"));
                end = at + 1;
            }
            at = end;
        } else {
            json_fail(reader, json_span(at, at + 1), "a control character (U+%04X) inside a string; write `\\%c%s`",
                      (unsigned)byte, byte == '\t' ? 't' : 'u', byte == '\t' ? "" : "XXXX");
            damaged = true;
            text_builder_add(&reader->scratch, (struct text){reader->bytes + at, 1});
            at++;
        }
        chunk = at;
    }
    reader->at = at + 1;
    if (quote == '\'')
        json_note(reader, JSON_FEATURE_SINGLE_QUOTES, json_span(start, reader->at));
    struct text text = whole ? (struct text){reader->bytes + chunk, at - chunk}
                             : text_copy(reader->arena, text_builder_text(&reader->scratch));
    return (struct json_scanned){text, {start, reader->at}, damaged};
}

/* ---- three single quotes ---- */

/* How many characters stand before `at` on its line.  Asked in rising order within one reading, so that the whole file
 * is counted once. */
static uint32_t column_of(struct json_reader *reader, uint32_t at)
{
    if (at < reader->column_byte) {
        reader->column_byte = reader->column = 0;
        reader->column_first_line = true;
    }
    while (reader->column_byte < at) {
        int byte = json_peek(reader, reader->column_byte);
        int size = utf8_decode(reader->bytes + reader->column_byte, reader->length - reader->column_byte, NULL);
        reader->column_byte += (uint32_t)(size > 0 ? size : 1);
        reader->column++;
        if (byte == '\n' || byte == '\r') {
            reader->column = 0;
            reader->column_first_line = false;
        }
    }
    return reader->column;
}

/* Characters after the last line end of the file, or -1 when it has none. */
static int64_t characters_of_last_line(const struct json_reader *reader)
{
    uint32_t start = reader->length;
    while (start > 0 && !json_is_line_end(json_peek(reader, start - 1)))
        start--;
    if (start == 0)
        return -1;
    int64_t characters = 0;
    for (uint32_t at = start; at < reader->length; characters++) {
        int size = utf8_decode(reader->bytes + at, reader->length - at, NULL);
        at += (uint32_t)(size > 0 ? size : 1);
    }
    return characters;
}

static uint32_t skip_indent(const struct json_reader *reader, uint32_t at, int64_t indent)
{
    for (; indent != 0 && (json_peek(reader, at) == ' ' || json_peek(reader, at) == '\t'); indent--)
        at++;
    return at;
}

static uint32_t skip_line_end(const struct json_reader *reader, uint32_t at)
{
    return json_peek(reader, at) == '\r' && json_peek(reader, at + 1) == '\n' ? at + 2 : at + 1;
}

static struct json_scanned unclosed_multiline(struct json_reader *reader, uint32_t start)
{
    json_fail(reader, json_span(start, start + 3), "this `'''` string is not closed");
    reader->structural = true;
    reader->at = reader->length;
    return (struct json_scanned){TEXT(""), {start, reader->length}, true};
}

struct json_scanned json_scan_multiline(struct json_reader *reader)
{
    uint32_t start = reader->at, at = start + 3;
    int64_t indent = column_of(reader, start);
    bool damaged = false;
    if (reader->column_first_line) {
        /* hjson looks backwards for a line end with an index that wraps round: on the first line it finds the file's
         * last one, and counts the characters behind that too; without any it raises IndexError. */
        if (reader->last_line_characters == JSON_NOT_COUNTED)
            reader->last_line_characters = characters_of_last_line(reader);
        if (reader->last_line_characters < 0) {
            json_raise(reader);
            json_fail(reader, json_span(start, start + 3), "hjson cannot read `'''` in a file of one line");
            damaged = true;
        } else {
            indent += reader->last_line_characters;
        }
    }
    at = skip_indent(reader, at, -1);
    int byte = json_peek(reader, at);
    if (byte == JSON_END)
        json_raise(reader);
    if (byte == '\n' || byte == '\r')
        at = skip_indent(reader, skip_line_end(reader, at), indent);
    struct text_builder *builder = &reader->scratch;
    builder->length = 0;
    for (uint32_t quotes = 0;;) {
        byte = json_peek(reader, at);
        if (byte == JSON_END)
            return unclosed_multiline(reader, start);
        if (byte == '\'') {
            at++;
            if (++quotes == 3)
                break;
            continue;
        }
        for (; quotes > 0; quotes--)
            text_builder_add(builder, TEXT("'"));
        if (byte == '\n' || byte == '\r') {
            text_builder_add(builder, TEXT("\n"));
            at = skip_indent(reader, skip_line_end(reader, at), indent);
        } else {
            text_builder_add(builder, (struct text){reader->bytes + at, 1});
            at++;
        }
    }
    if (builder->length && builder->bytes[builder->length - 1] == '\n')
        builder->length--;
    reader->at = at;
    json_note(reader, JSON_FEATURE_MULTILINE_STRING, json_span(start, at));
    return (struct json_scanned){text_copy(reader->arena, text_builder_text(builder)), {start, at}, damaged};
}
