#include "syntax/python_plain.h"

/* The format spec of a field, from its colon: only text. */
static void read_spec(struct plain_reader *reader)
{
    uint32_t spec = plain_open(reader, CST_FORMAT_SPECIFIER);
    uint32_t at = reader->token.end;
    while (at < reader->end && reader->text[at] != '}' && !strchr("{\"'\\\n\r", reader->text[at]))
        at++;
    if (at >= reader->end || reader->text[at] != '}') {
        plain_fail(reader);
        return;
    }
    reader->last_end = at;
    plain_close(reader, spec);
    reader->token = (struct plain_token){PLAIN_CLOSE_BRACE, at, at + 1, 0};
}

/* The replacement field whose `{` is at `at`; returns after it. */
static uint32_t read_field(struct plain_reader *reader, uint32_t at)
{
    bool outer = reader->in_field;
    reader->token = (struct plain_token){PLAIN_OPEN_BRACE, at, at + 1, 0};
    reader->in_field = true;
    uint32_t field = plain_open(reader, CST_INTERPOLATION);
    plain_advance(reader);
    plain_expression(reader);
    if (reader->token.kind == PLAIN_BANG) {
        uint32_t conversion = plain_open(reader, CST_TYPE_CONVERSION);
        uint32_t bang = reader->token.end;
        plain_advance(reader);
        if (reader->token.kind != CST_IDENTIFIER || reader->token.start != bang || reader->token.end != bang + 1)
            plain_fail(reader);
        plain_advance(reader);
        plain_close(reader, conversion);
    }
    if (reader->token.kind == CST_COLON)
        read_spec(reader);
    if (reader->token.kind != PLAIN_CLOSE_BRACE) {
        plain_fail(reader);
        return reader->end;
    }
    reader->in_field = outer;
    reader->brackets--;
    reader->last_end = reader->token.end;
    plain_close(reader, field);
    return reader->token.end;
}

/* The fields of an f-string, up to its last quote. */
static void read_format(struct plain_reader *reader, struct plain_token open)
{
    const char *text = reader->text;
    char quote = text[open.content - 1];
    bool triple = open.content - open.start >= 4 && text[open.content - 2] == quote;
    uint32_t at = open.content;
    for (;;) {
        if (reader->failed || at >= reader->end || text[at] == '\r' || (text[at] == '\n' && !triple)) {
            plain_fail(reader);
            return;
        }
        if (text[at] == quote && (!triple || (text[at + 1] == quote && text[at + 2] == quote)))
            break;
        if (text[at] == '\\') {
            if (text[at + 1] == 'N' || text[at + 1] == '{' || text[at + 1] == '}')
                plain_fail(reader);
            at += 2;
        } else if ((text[at] == '{' || text[at] == '}') && text[at + 1] == text[at]) {
            at += 2;
        } else if (text[at] == '}') {
            plain_fail(reader);
        } else if (text[at] == '{') {
            at = read_field(reader, at);
        } else {
            at++;
        }
    }
    reader->token = open;
    reader->token.end = at + (triple ? 3 : 1);
}

static void read_string(struct plain_reader *reader)
{
    struct plain_token open = reader->token;
    uint32_t quotes = open.content - open.start, string = plain_open(reader, CST_STRING);
    reader->token.end = open.content;
    plain_open(reader, CST_STRING_START);
    reader->token.end = open.end;
    bool is_format = false;
    for (uint32_t i = open.start; i < open.content; i++)
        is_format |= reader->text[i] == 'f' || reader->text[i] == 'F';
    if (is_format) {
        if (reader->in_field)
            plain_fail(reader); /* an f-string inside an f-string */
        read_format(reader, open);
        open.end = reader->token.end;
    } else if (reader->in_field && quotes != 1) {
        plain_fail(reader);
    }
    if (reader->failed)
        return;
    reader->token.start = open.end;
    plain_open(reader, CST_STRING_END);
    plain_advance(reader);
    plain_close(reader, string);
    reader->parser->nodes[string].end = open.end;
}

void plain_strings(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    read_string(reader);
    if (reader->token.kind != CST_STRING)
        return;
    plain_wrap(reader, first, CST_CONCATENATED_STRING);
    while (reader->token.kind == CST_STRING)
        read_string(reader);
    plain_close(reader, first);
}
