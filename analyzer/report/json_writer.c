#include "report/json_writer.h"

static void separate(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    uint64_t bit = UINT64_C(1) << writer->depth;
    if (writer->has_items & bit)
        fputc(',', writer->out);
    if (writer->depth && !writer->inline_depth)
        fprintf(writer->out, "\n%*s", (int)writer->depth * 2, "");
    else if (writer->has_items & bit)
        fputc(' ', writer->out);
    writer->has_items |= bit;
}

void json_open(struct json_writer *writer, char bracket, enum json_layout layout)
{
    separate(writer);
    fputc(bracket, writer->out);
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
        fprintf(writer->out, "\n%*s", (int)writer->depth * 2, "");
    fputc(bracket, writer->out);
}

void json_key(struct json_writer *writer, struct text key)
{
    json_string(writer, key);
    fputs(": ", writer->out);
    writer->after_key = true;
}

static void write_character(FILE *out, const char *bytes, int size, uint32_t code)
{
    if (code == '"' || code == '\\')
        fprintf(out, "\\%c", (char)code);
    else if (code == '\n')
        fputs("\\n", out);
    else if (code == '\t')
        fputs("\\t", out);
    else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029)
        fprintf(out, "\\u%04x", (unsigned)code);
    else
        fwrite(bytes, 1, (size_t)size, out);
}

void json_string(struct json_writer *writer, struct text text)
{
    separate(writer);
    fputc('"', writer->out);
    for (size_t at = 0; at < text.length;) {
        uint32_t code;
        int size = utf8_decode(text.bytes + at, text.length - at, &code);
        if (size)
            write_character(writer->out, text.bytes + at, size, code);
        else
            fputs("\xEF\xBF\xBD", writer->out);
        at += size ? (size_t)size : 1;
    }
    fputc('"', writer->out);
}

void json_integer(struct json_writer *writer, int64_t number)
{
    separate(writer);
    fprintf(writer->out, "%lld", (long long)number);
}

void json_null(struct json_writer *writer)
{
    separate(writer);
    fputs("null", writer->out);
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
