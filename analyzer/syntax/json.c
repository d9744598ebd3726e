/*
 * The reader's frame: one reading of a file, what it notes, and the answers about what was read.  Arrays and objects
 * are in json_tree.c, strings in json_string.c, the rest in json_word.c.
 */
#include "syntax/json_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SHOWN_BYTES 60

/* ---- notes ---- */

uint32_t json_line_end(const struct json_reader *reader, uint32_t at)
{
    while (!json_is_line_end(json_peek(reader, at)))
        at++;
    return at;
}

struct text json_short(struct json_reader *reader, struct text text)
{
    if (text.length <= SHOWN_BYTES)
        return text;
    size_t length = SHOWN_BYTES;
    while (length > 0 && (text.bytes[length] & 0xC0) == 0x80)
        length--;
    return text_format(reader->arena, "%.*s...", (int)length, text.bytes);
}

void json_fail(struct json_reader *reader, struct span span, const char *format, ...)
{
    struct json_document *document = reader->document;
    for (size_t i = 0; i < reader->depth; i++)
        reader->frames[i].container->damaged = true;
    json_count_failure(reader);
    bool same_line = document->error_count && span.start >= reader->quiet_start && span.start <= reader->quiet_end;
    if (same_line || document->error_count == LIMIT_SYNTAX_ERRORS)
        return;
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    struct text words = text_print(message, sizeof message, format, arguments);
    va_end(arguments);
    document->errors[document->error_count++] =
        (struct json_error){.span = span, .message = text_copy(reader->arena, words)};
    for (reader->quiet_start = span.start; reader->quiet_start > 0; reader->quiet_start--)
        if (json_is_line_end(json_peek(reader, reader->quiet_start - 1)))
            break;
    reader->quiet_end = json_line_end(reader, span.start);
    if (document->error_count == LIMIT_SYNTAX_ERRORS)
        reader->stopped = true;
}

void json_relate(struct json_reader *reader, size_t errors_before, struct span span, const char *message)
{
    struct json_document *document = reader->document;
    if (document->error_count == errors_before)
        return;
    document->errors[errors_before].related = span;
    document->errors[errors_before].related_message = text_from(message);
}

/* What strict JSON says. */
static const char *const strict_words[JSON_FEATURE_KINDS] = {
    [JSON_FEATURE_COMMENT] = "JSON has no comments",
    [JSON_FEATURE_TRAILING_COMMA] = "JSON has no comma after the last item",
    [JSON_FEATURE_MISSING_COMMA] = "a comma is missing here",
    [JSON_FEATURE_SINGLE_QUOTES] = "JSON has no strings in single quotes",
    [JSON_FEATURE_MULTILINE_STRING] = "JSON has no strings in three single quotes",
    [JSON_FEATURE_UNQUOTED_KEY] = "a key of JSON is in double quotes",
    [JSON_FEATURE_UNQUOTED_STRING] = "this is no value of JSON; a string is in double quotes",
    [JSON_FEATURE_NO_ROOT_BRACES] = "`{` is missing around the whole",
    [JSON_FEATURE_BYTE_ORDER_MARK] = "the file starts with a byte order mark",
    [JSON_FEATURE_ESCAPE] = "this escape is not JSON's",
    [JSON_FEATURE_BLANK] = "a blank that is not JSON's",
    [JSON_FEATURE_EMPTY] = "the file is empty",
};

void json_note(struct json_reader *reader, enum json_feature_kind kind, struct span span)
{
    if (reader->mode == JSON_STRICT) {
        json_fail(reader, span, "%s", strict_words[kind]);
    } else if (reader->document->error_count == 0) {
        struct json_feature *feature = &reader->document->features[kind];
        if (feature->count++ == 0)
            feature->span = span;
    }
}

int json_next(struct json_reader *reader)
{
    for (;;) {
        int byte = json_peek(reader, reader->at), next = json_peek(reader, reader->at + 1);
        uint32_t start = reader->at;
        if (json_is_blank(byte)) {
            reader->at++;
        } else if (byte == '#' || (byte == '/' && next == '/')) {
            reader->at = json_line_end(reader, start);
            json_note(reader, JSON_FEATURE_COMMENT, json_span(start, reader->at));
        } else if (byte == '/' && next == '*') {
            for (reader->at += 2; json_peek(reader, reader->at) != JSON_END; reader->at++)
                if (reader->bytes[reader->at] == '*' && json_peek(reader, reader->at + 1) == '/')
                    break;
            if (reader->at == reader->length) {
                json_raise(reader);
                json_fail(reader, json_span(start, start + 2), "this comment is not closed");
                reader->structural = true;
                return JSON_END;
            }
            reader->at += 2;
            json_note(reader, JSON_FEATURE_COMMENT, json_span(start, reader->at));
        } else {
            return byte;
        }
    }
}

/* ---- one file ---- */

enum json_start { START_ANY, START_SINGLE_VALUE };

/* One reading of the whole file into a fresh document.  START_SINGLE_VALUE is hjson's second try at a file that has no
 * bracket at its start. */
static void read_once(struct json_reader *reader, struct json_document *document, enum json_start start)
{
    struct text bytes = {reader->bytes, reader->length};
    *document = (struct json_document){0};
    document->root = ARENA_NEW(reader->arena, struct json_value);
    document->root->damaged = true;
    reader->document = document;
    reader->at = reader->values = reader->quiet_start = reader->quiet_end = 0;
    reader->depth = reader->failures = 0;
    reader->refused = reader->raised = reader->stopped = reader->structural = reader->swallowed = false;
    json_check_encoding(reader);

    /* hjson also skips a mark that was decoded as Latin-1 and encoded again. */
    uint32_t mark_length = text_starts(bytes, TEXT("\xEF\xBB\xBF"))               ? 3
                           : text_starts(bytes, TEXT("\xC3\xAF\xC2\xBB\xC2\xBF")) ? 6
                                                                                  : 0;
    if (mark_length) {
        reader->at = mark_length;
        json_note(reader, JSON_FEATURE_BYTE_ORDER_MARK, json_span(0, reader->at));
    }
    int byte = json_next(reader);
    if (byte == JSON_END && document->error_count == 0 && (mark_length == 0 || reader->mode == JSON_STRICT)) {
        document->root->kind = JSON_OBJECT;
        document->root->damaged = false;
        json_note(reader, JSON_FEATURE_EMPTY, json_span(0, 0));
        return;
    }
    reader->without_braces = byte != '{' && byte != '[' && reader->mode == JSON_HJSON && start == START_ANY;
    json_read_root(reader);
}

static void sort_errors(struct json_document *document)
{
    for (size_t i = 1; i < document->error_count; i++) {
        struct json_error error = document->errors[i];
        size_t at = i;
        for (; at > 0 && document->errors[at - 1].span.start > error.span.start; at--)
            document->errors[at] = document->errors[at - 1];
        document->errors[at] = error;
    }
}

static int compare_duplicates(const void *left, const void *right)
{
    const struct json_duplicate *a = left, *b = right;
    return a->again->key_span.start < b->again->key_span.start ? -1 : 1;
}

/* After errors: reads once more where another reading makes more of the file, and keeps the better one. */
static void read_again(struct json_reader *reader, struct json_document *document)
{
    struct json_document other;
    struct arena_mark mark = arena_mark(reader->arena);
    bool try_single = reader->without_braces && !reader->raised;
    if (document->error_count && reader->swallowed && !reader->stopped) {
        /* Was it an unquoted string that took a bracket with it?  Then reading it as meant gives fewer errors. */
        reader->cut_unquoted = true;
        read_once(reader, &other, START_ANY);
        reader->cut_unquoted = false;
        if (other.error_count <= document->error_count && !reader->stopped)
            *document = other;
        else
            arena_reset(reader->arena, mark);
    }
    mark = arena_mark(reader->arena);
    if (document->error_count && try_single) {
        read_once(reader, &other, START_SINGLE_VALUE);
        if (other.error_count == 0)
            *document = other;
        else
            arena_reset(reader->arena, mark);
    }
}

void json_read(struct json_document *document, const struct source *source, enum json_mode mode, struct arena *arena)
{
    struct json_reader *reader = memory_alloc(sizeof *reader);
    *reader = (struct json_reader){.bytes = source->bytes.bytes,
                                   .length = (uint32_t)source->bytes.length,
                                   .mode = mode,
                                   .arena = arena,
                                   .column_first_line = true,
                                   .last_line_characters = JSON_NOT_COUNTED};
    read_once(reader, document, START_ANY);
    if (mode == JSON_HJSON)
        read_again(reader, document);
    sort_errors(document);
    if (document->duplicate_count > 1)
        qsort(document->duplicates, document->duplicate_count, sizeof *document->duplicates, compare_duplicates);
    text_builder_free(&reader->scratch);
    free(reader);
}

/* ---- answers ---- */

struct json_value *json_get(const struct json_value *object, struct text key)
{
    struct json_value *found = NULL;
    if (object && object->kind == JSON_OBJECT)
        for (struct json_value *member = object->first; member; member = member->next)
            if (text_equal(member->key, key))
                found = member;
    return found;
}

struct text json_words(const struct json_value *value)
{
    switch (value->kind) {
    case JSON_NULL: return TEXT("null");
    case JSON_BOOL: return value->truth ? TEXT("true") : TEXT("false");
    case JSON_NUMBER: return TEXT("a number");
    case JSON_STRING: return TEXT("a string");
    case JSON_ARRAY: return TEXT("a list");
    case JSON_OBJECT: return TEXT("a mapping");
    case JSON_OTHER: return value->text;
    }
    return TEXT("null");
}
