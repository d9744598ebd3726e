/* Hundreds of megabytes for all models of a release: so bytes are gathered here, and texts copied by whole runs. */
#include "report/json_writer.h"

#include <string.h>

static void hand_over(struct json_writer *writer)
{
    if (writer->waiting_count)
        fwrite(writer->waiting, 1, writer->waiting_count, writer->out);
    writer->waiting_count = 0;
}

static void put_byte(struct json_writer *writer, char byte)
{
    if (writer->waiting_count == sizeof writer->waiting)
        hand_over(writer);
    writer->waiting[writer->waiting_count++] = byte;
}

static void put(struct json_writer *writer, const char *bytes, size_t count)
{
    if (count > sizeof writer->waiting - writer->waiting_count)
        hand_over(writer);
    if (count > sizeof writer->waiting) {
        fwrite(bytes, 1, count, writer->out);
        return;
    }
    memcpy(writer->waiting + writer->waiting_count, bytes, count);
    writer->waiting_count += count;
}

static void new_line(struct json_writer *writer)
{
    put_byte(writer, '\n');
    for (unsigned i = 0; i < writer->depth * 2; i++)
        put_byte(writer, ' ');
}

static void separate(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    uint64_t bit = UINT64_C(1) << writer->depth;
    if (writer->has_items & bit)
        put_byte(writer, ',');
    if (writer->depth && !writer->inline_depth)
        new_line(writer);
    else if (writer->has_items & bit)
        put_byte(writer, ' ');
    writer->has_items |= bit;
}

void json_open(struct json_writer *writer, char bracket, enum json_layout layout)
{
    separate(writer);
    put_byte(writer, bracket);
    writer->depth++;
    writer->has_items &= ~(UINT64_C(1) << writer->depth);
    if (layout == JSON_INLINE && !writer->inline_depth)
        writer->inline_depth = writer->depth;
}

void json_close(struct json_writer *writer, char bracket)
{
    bool had_items = writer->has_items & UINT64_C(1) << writer->depth;
    bool inline_here = writer->inline_depth;
    if (writer->inline_depth == writer->depth)
        writer->inline_depth = 0;
    writer->depth--;
    if (had_items && !inline_here)
        new_line(writer);
    put_byte(writer, bracket);
    if (!writer->depth)
        hand_over(writer);
}

/* Bytes that stand for themselves, from the start of the text. */
static size_t plain_run(const char *bytes, size_t length)
{
    size_t count = 0;
    while (count < length && bytes[count] >= 0x20 && bytes[count] < 0x7F && bytes[count] != '"' && bytes[count] != '\\')
        count++;
    return count;
}

static void put_character(struct json_writer *writer, const char *bytes, int size, uint32_t code)
{
    char escaped[16];
    if (code == '"' || code == '\\')
        put(writer, (const char[]){'\\', (char)code}, 2);
    else if (code == '\n')
        put(writer, "\\n", 2);
    else if (code == '\t')
        put(writer, "\\t", 2);
    else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029)
        put(writer, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)code));
    else
        put(writer, bytes, (size_t)size);
}

static void put_string(struct json_writer *writer, struct text text)
{
    put_byte(writer, '"');
    for (size_t at = 0; at < text.length;) {
        size_t plain = plain_run(text.bytes + at, text.length - at);
        if (plain) {
            put(writer, text.bytes + at, plain);
            at += plain;
            continue;
        }
        uint32_t code;
        int size = utf8_decode(text.bytes + at, text.length - at, &code);
        if (size)
            put_character(writer, text.bytes + at, size, code);
        else
            put(writer, "\xEF\xBF\xBD", 3);
        at += size ? (size_t)size : 1;
    }
    put_byte(writer, '"');
}

static void written_value(struct json_writer *writer)
{
    if (!writer->depth)
        hand_over(writer);
}

void json_key(struct json_writer *writer, struct text key)
{
    separate(writer);
    put_string(writer, key);
    put(writer, ": ", 2);
    writer->after_key = true;
}

void json_string(struct json_writer *writer, struct text text)
{
    separate(writer);
    put_string(writer, text);
    written_value(writer);
}

void json_integer(struct json_writer *writer, int64_t number)
{
    char digits[24], *end = digits + sizeof digits, *start = end;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    separate(writer);
    do {
        *--start = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        *--start = '-';
    put(writer, start, (size_t)(end - start));
    written_value(writer);
}

void json_bool(struct json_writer *writer, bool truth)
{
    separate(writer);
    put(writer, truth ? "true" : "false", truth ? 4 : 5);
    written_value(writer);
}

void json_null(struct json_writer *writer)
{
    separate(writer);
    put(writer, "null", 4);
    written_value(writer);
}

void json_member(struct json_writer *writer, const char *key, struct text text)
{
    json_key(writer, text_from(key));
    json_string(writer, text);
}

void json_member_integer(struct json_writer *writer, const char *key, int64_t number)
{
    json_key(writer, text_from(key));
    json_integer(writer, number);
}
