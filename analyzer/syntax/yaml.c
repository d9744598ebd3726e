/*
 * From libyaml's events to a tree, without recursion: a stack of what is open.  Tags and merge keys are in
 * yaml_node.c, plain scalars in yaml_scalar.c.
 */
#include "syntax/yaml_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- places ---- */

/* libyaml counts characters, of the text that it was given; the cursor walks the file's bytes along with it. */
uint32_t yaml_byte(struct yaml_reader *reader, const yaml_mark_t *mark)
{
    struct text bytes = reader->source->bytes;
    size_t index = mark->index;
    for (size_t i = 0; i < reader->inserted_count; i++)
        index -= reader->inserted[i] < mark->index;
    while (reader->cursor_character < index && reader->cursor_byte < bytes.length) {
        int size = utf8_decode(bytes.bytes + reader->cursor_byte, bytes.length - reader->cursor_byte, NULL);
        reader->cursor_byte += size ? (uint32_t)size : 1;
        reader->cursor_character++;
    }
    while (reader->cursor_character > index && reader->cursor_byte > 0) {
        do
            reader->cursor_byte--;
        while (reader->cursor_byte > 0 && (bytes.bytes[reader->cursor_byte] & 0xC0) == 0x80);
        reader->cursor_character--;
    }
    return reader->cursor_byte;
}

/* The character there; nothing at the end of the file. */
static struct span character_at(const struct yaml_reader *reader, uint32_t byte)
{
    struct text bytes = reader->source->bytes;
    if (byte >= bytes.length)
        return (struct span){(uint32_t)bytes.length, (uint32_t)bytes.length};
    int size = utf8_decode(bytes.bytes + byte, bytes.length - byte, NULL);
    return (struct span){byte, byte + (uint32_t)(size ? size : 1)};
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* A node without the anchor, the tag, and blanks and comments between them, with which libyaml begins it. */
static struct span without_properties(const struct yaml_reader *reader, struct span span)
{
    const char *bytes = reader->source->bytes.bytes;
    while (span.start < span.end) {
        char byte = bytes[span.start];
        if (byte == '#') {
            while (span.start < span.end && bytes[span.start] != '\n')
                span.start++;
        } else if (byte == '&' || byte == '!') {
            while (span.start < span.end && !is_space(bytes[span.start]))
                span.start++;
        } else if (is_space(byte)) {
            span.start++;
        } else {
            break;
        }
    }
    return span;
}

static struct span span_of(struct yaml_reader *reader, const yaml_event_t *event, bool properties)
{
    struct span span = {yaml_byte(reader, &event->start_mark), 0};
    span.end = yaml_byte(reader, &event->end_mark);
    if (span.end < span.start)
        span.end = span.start;
    if (properties)
        span = without_properties(reader, span);
    while (span.end > span.start && is_space(reader->source->bytes.bytes[span.end - 1]))
        span.end--; /* behind a block scalar */
    return span;
}

/* ---- errors ---- */

static struct yaml_frame *top(struct yaml_reader *reader)
{
    return reader->depth ? &reader->frames[reader->depth - 1] : NULL;
}

void yaml_fail(struct yaml_reader *reader, struct span span, const char *format, ...)
{
    struct json_document *document = reader->document;
    for (size_t i = 0; i < reader->depth; i++)
        reader->frames[i].container->damaged = true;
    if (document->error_count == LIMIT_SYNTAX_ERRORS) {
        reader->stopped = true;
        return;
    }
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    struct text words = text_print(message, sizeof message, format, arguments);
    va_end(arguments);
    document->errors[document->error_count++] =
        (struct json_error){.span = span, .message = text_copy(reader->arena, words)};
}

/* Ends the program and says so, as an allocation of our own does. */
static void no_memory(void)
{
    free(memory_alloc(PTRDIFF_MAX));
}

/* Two things that PyYAML reads and libyaml does not: a value right behind its colon in brackets (`{a:[1]}`), which a blank
 * helps, and an unknown directive, which is a comment then.  True when the text was changed so that reading it again gets
 * further. */
static bool mend(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "";
    bool colon = strcmp(problem, "found unexpected ':'") == 0, directive = strcmp(problem, "found unknown directive name") == 0;
    if ((!colon && !directive) || reader->mended == LIMIT_YAML_MENDED)
        return false;
    size_t character = colon ? parser->problem_mark.index : parser->context_mark.index, at = 0;
    struct text text = reader->input;
    for (size_t i = 0; i < character && at < text.length; i++) {
        int size = utf8_decode(text.bytes + at, text.length - at, NULL);
        at += size ? (size_t)size : 1;
    }
    if (at >= text.length || text.bytes[at] != (colon ? ':' : '%'))
        return false;
    struct text_builder builder = {0};
    text_builder_add(&builder, (struct text){text.bytes, at});
    text_builder_add(&builder, colon ? TEXT(": ") : TEXT("#"));
    text_builder_add(&builder, (struct text){text.bytes + at + 1, text.length - at - 1});
    text_builder_free(&reader->mended_input);
    reader->mended_input = builder;
    reader->input = text_builder_text(&builder);
    if (colon) { /* ascending: what comes before was read */
        reader->inserted[reader->inserted_count++] = character + 1;
    }
    reader->mended++;
    return true;
}

/* What libyaml could not read. */
static void fail_of_parser(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "this is no YAML";
    reader->stopped = true;
    if (parser->error == YAML_MEMORY_ERROR)
        no_memory();
    if (top(reader) && top(reader)->last) /* it may have swallowed what was meant to follow */
        top(reader)->last->damaged = true;
    if (parser->error == YAML_READER_ERROR) {
        size_t offset = reader->first_byte + parser->problem_offset;
        uint32_t at = offset < reader->source->bytes.length ? (uint32_t)offset : (uint32_t)reader->source->bytes.length;
        yaml_fail(reader, character_at(reader, at), "%s in YAML", problem);
        return;
    }
    struct span span = character_at(reader, yaml_byte(reader, &parser->problem_mark));
    struct text cut = source_cut(reader->source, span);
    size_t before = reader->document->error_count;
    if (text_equal(cut, TEXT("\t")))
        yaml_fail(reader, span, "a tab where PyYAML reads spaces only");
    else
        yaml_fail(reader, span, "%s%s%s", problem, parser->context ? ", " : "", parser->context ? parser->context : "");
    if (reader->document->error_count == before || !parser->context ||
        parser->context_mark.index == parser->problem_mark.index)
        return;
    struct json_error *error = &reader->document->errors[before];
    error->related = character_at(reader, yaml_byte(reader, &parser->context_mark));
    error->related_message = TEXT("it begins here");
}

/* ---- nodes ---- */

struct json_value *yaml_new_value(struct yaml_reader *reader, enum json_kind kind, struct span span)
{
    struct json_value *value = ARENA_NEW(reader->arena, struct json_value);
    value->kind = kind;
    value->span = span;
    if (++reader->values > LIMIT_CONFIG_VALUES && !reader->stopped) {
        yaml_fail(reader, span, "more than %d keys and values, with those behind aliases", LIMIT_CONFIG_VALUES);
        reader->stopped = true;
    }
    return value;
}

static void append(struct yaml_frame *frame, struct json_value *value)
{
    if (frame->last)
        frame->last->next = value;
    else
        frame->container->first = value;
    frame->last = value;
    frame->container->count++;
}

/* A node as a key of the mapping that is open. */
static void take_key(struct yaml_reader *reader, struct yaml_frame *frame, const struct json_value *node)
{
    frame->key = (struct yaml_key){.given = true, .span = node->span};
    if (node->kind == JSON_ARRAY || node->kind == JSON_OBJECT) {
        yaml_fail(reader, node->span, "%.*s cannot be a key", TEXT_ARGS(json_words(node)));
        frame->key.skipped = true;
    } else if (node->kind == JSON_STRING) {
        frame->key.text = node->text;
        frame->key.is_string = true;
    } else if (yaml_is_merge_key(node)) {
        frame->key.merges = true;
    } else {
        frame->key.text = source_cut(reader->source, node->span);
    }
}

/* Puts a node where it belongs; containers are empty then. */
static void attach(struct yaml_reader *reader, struct json_value *node)
{
    struct yaml_frame *frame = top(reader);
    if (!frame) {
        reader->document->root = node;
        return;
    }
    if (frame->container->kind == JSON_ARRAY) {
        append(frame, node);
        return;
    }
    if (!frame->key.given) {
        take_key(reader, frame, node);
        return;
    }
    struct yaml_key key = frame->key;
    frame->key = (struct yaml_key){0};
    if (key.merges) {
        yaml_take_merge(reader, frame, node);
        return;
    }
    if (key.skipped)
        return;
    node->key = key.text;
    node->key_span = key.span;
    if (node->span.start == node->span.end && node->kind != JSON_ARRAY && node->kind != JSON_OBJECT)
        node->span = key.span;
    if (!key.is_string)
        frame->odd_keys = true;
    append(frame, node);
    reader->values++;
}

static void add_anchor(struct yaml_reader *reader, const yaml_char_t *name, struct json_value *value)
{
    if (!name || reader->stopped)
        return;
    struct text text = text_from((const char *)name);
    uint32_t hash = text_hash(text, 0);
    if (yaml_find_anchor(reader, text, hash)) {
        yaml_fail(reader, value->span, "a second anchor `%s`", (const char *)name);
        return;
    }
    if (reader->anchor_count == LIMIT_CONFIG_ANCHORS) {
        yaml_fail(reader, value->span, "more than %d anchors", LIMIT_CONFIG_ANCHORS);
        reader->stopped = true;
        return;
    }
    value->anchored = true;
    reader->anchor_hashes[reader->anchor_count] = hash;
    reader->anchors[reader->anchor_count++] = (struct yaml_anchor){text_copy(reader->arena, text), value};
}

static void read_alias(struct yaml_reader *reader, const yaml_event_t *event)
{
    struct span span = span_of(reader, event, false);
    struct text name = text_from((const char *)event->data.alias.anchor);
    const struct json_value *marked = yaml_find_anchor(reader, name, text_hash(name, 0));
    struct json_value *value;
    if (!marked) {
        yaml_fail(reader, span, "no anchor `%.*s` before this alias", TEXT_ARGS(name));
        value = yaml_new_value(reader, JSON_NULL, span);
        value->damaged = true;
    } else if (yaml_is_open(reader, marked)) {
        value = yaml_new_value(reader, JSON_OTHER, span);
        value->text = TEXT("something that holds itself");
    } else {
        value = yaml_copy(reader, marked);
    }
    attach(reader, value);
}

/* ---- what libyaml reads and PyYAML does not ---- */

/* Quoted strings and the lines of block scalars, where a tab is text like any other. */
static void note_text(struct yaml_reader *reader, const yaml_event_t *event)
{
    yaml_scalar_style_t style = event->data.scalar.style;
    if (!reader->tabs || style == YAML_PLAIN_SCALAR_STYLE)
        return;
    struct span span = {yaml_byte(reader, &event->start_mark), 0};
    span.end = yaml_byte(reader, &event->end_mark);
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
        while (span.start < span.end && reader->source->bytes.bytes[span.start] != '\n')
            span.start++;
    reader->texts = array_grow(reader->texts, reader->text_count, &reader->text_capacity, sizeof *reader->texts);
    reader->texts[reader->text_count++] = span;
}

/* PyYAML takes no tab between tokens, and none at the start or end of a line.  What stands behind a `#` is left alone: it
 * may be a comment. */
static void check_tabs(struct yaml_reader *reader)
{
    struct text bytes = reader->source->bytes;
    const struct json_document *document = reader->document;
    size_t text = 0, end = document->error_count ? document->errors[0].span.start : bytes.length;
    if (reader->next_document->end)
        end = reader->next_document->start;
    for (uint32_t at = 0; at < end; at++) {
        while (text < reader->text_count && reader->texts[text].end <= at)
            text++;
        if (text < reader->text_count && reader->texts[text].start <= at) {
            at = reader->texts[text].end - 1;
        } else if (bytes.bytes[at] == '#') {
            while (at + 1 < end && bytes.bytes[at + 1] != '\n' && bytes.bytes[at + 1] != '\r')
                at++;
        } else if (bytes.bytes[at] == '\t') {
            yaml_fail(reader, (struct span){at, at + 1}, "a tab where PyYAML reads spaces only");
            return;
        }
    }
}

static bool in_brackets(const struct yaml_reader *reader)
{
    return reader->depth && reader->frames[reader->depth - 1].flow;
}

static void read_scalar(struct yaml_reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *tag = event->data.scalar.tag, *anchor = event->data.scalar.anchor;
    struct text text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    struct json_value *value = yaml_new_value(reader, JSON_STRING, span_of(reader, event, tag || anchor));
    text = text_copy(reader->arena, text);
    bool plain = event->data.scalar.plain_implicit;
    yaml_set_scalar(value, text, tag ? text_from((const char *)tag) : TEXT(""), plain, reader->arena);
    add_anchor(reader, anchor, value);
    attach(reader, value);
    note_text(reader, event);
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && in_brackets(reader) && text.length &&
        memchr(text.bytes, '?', text.length))
        yaml_fail(reader, value->span, "a `?` inside of brackets, which PyYAML reads in quotes only");
}

static void open_container(struct yaml_reader *reader, enum json_kind kind, const yaml_event_t *event)
{
    bool mapping = kind == JSON_OBJECT;
    const yaml_char_t *tag = mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    const yaml_char_t *anchor = mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    bool flow = mapping ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                        : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    struct span span = span_of(reader, event, (tag || anchor) && flow);
    struct json_value *value = yaml_new_value(reader, kind, span), *container = value;
    if (!flow)
        value->span.end = value->span.start;
    if (reader->depth == LIMIT_CONFIG_DEPTH) {
        yaml_fail(reader, span, "mappings and lists inside one another, more than %d deep", LIMIT_CONFIG_DEPTH);
        value->damaged = true;
        reader->stopped = true;
        return;
    }
    if (tag && !yaml_is_own_tag(text_from((const char *)tag), mapping)) {
        container = ARENA_NEW(reader->arena, struct json_value); /* what it holds is not looked at */
        *container = *value;
        yaml_set_other(value, text_from((const char *)tag), reader->arena);
    }
    add_anchor(reader, anchor, value);
    attach(reader, value);
    reader->frames[reader->depth++] = (struct yaml_frame){.container = container, .flow = flow};
}

static void close_container(struct yaml_reader *reader, const yaml_event_t *event)
{
    struct yaml_frame *frame = top(reader);
    struct json_value *container = frame->container;
    if (frame->flow)
        container->span.end = yaml_byte(reader, &event->end_mark);
    else if (frame->last && frame->last->span.end > container->span.end)
        container->span.end = frame->last->span.end;
    char byte = container->span.start < reader->source->bytes.length
                    ? reader->source->bytes.bytes[container->span.start]
                    : ' ';
    if (!frame->flow && container->kind == JSON_OBJECT && container->first && (byte == '&' || byte == '!'))
        container->span.start = container->first->key_span.start;
    yaml_finish_mapping(reader, frame);
    reader->depth--;
}

static void read_event(struct yaml_reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT: read_scalar(reader, event); break;
    case YAML_ALIAS_EVENT: read_alias(reader, event); break;
    case YAML_SEQUENCE_START_EVENT: open_container(reader, JSON_ARRAY, event); break;
    case YAML_MAPPING_START_EVENT: open_container(reader, JSON_OBJECT, event); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: close_container(reader, event); break;
    case YAML_DOCUMENT_START_EVENT:
        if (reader->documents++) {
            *reader->next_document = span_of(reader, event, false);
            if (reader->next_document->start == reader->next_document->end)
                *reader->next_document = character_at(reader, reader->next_document->start);
            reader->stopped = true;
        }
        break;
    case YAML_STREAM_END_EVENT: reader->stopped = true; break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT: break;
    }
}

/* ---- the file ---- */

static bool check_encoding(struct yaml_reader *reader)
{
    struct text bytes = reader->source->bytes;
    for (uint32_t at = 0; at < bytes.length;) {
        int size = utf8_decode(bytes.bytes + at, bytes.length - at, NULL);
        if (size == 0) {
            yaml_fail(reader, (struct span){at, at + 1}, "byte 0x%02X is not UTF-8", (unsigned char)bytes.bytes[at]);
            return false;
        }
        at += (uint32_t)size;
    }
    return true;
}

/* One reading of reader->input; true when it is to be read again. */
static bool read_once(struct yaml_reader *reader)
{
    bool again = false;
    *reader->document = (struct json_document){.root = ARENA_NEW(reader->arena, struct json_value)};
    *reader->next_document = (struct span){0, 0};
    reader->document->root->damaged = true;
    reader->cursor_byte = reader->first_byte;
    reader->cursor_character = reader->depth = reader->anchor_count = reader->text_count = 0;
    reader->values = reader->documents = 0;
    reader->stopped = false;
    if (!yaml_parser_initialize(&reader->parser))
        no_memory();
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)reader->input.bytes, reader->input.length);
    while (!reader->stopped) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            again = mend(reader);
            if (!again)
                fail_of_parser(reader);
            break;
        }
        read_event(reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&reader->parser);
    while (reader->depth) { /* what was open when reading stopped */
        struct yaml_frame *frame = top(reader);
        frame->container->damaged = true;
        if (frame->last && frame->last->span.end > frame->container->span.end)
            frame->container->span.end = frame->last->span.end;
        free(frame->merges);
        reader->depth--;
    }
    return again;
}

void yaml_read(struct json_document *document, struct span *next_document, const struct source *source,
               struct arena *arena)
{
    struct yaml_reader *reader = memory_alloc(sizeof *reader);
    struct text bytes = source->bytes;
    *reader = (struct yaml_reader){
        .source = source, .arena = arena, .document = document, .next_document = next_document};
    *document = (struct json_document){.root = ARENA_NEW(arena, struct json_value)};
    *next_document = (struct span){0, 0};
    document->root->damaged = true;
    if (check_encoding(reader)) {
        reader->tabs = bytes.length && memchr(bytes.bytes, '\t', bytes.length);
        reader->first_byte = text_starts(bytes, TEXT("\xEF\xBB\xBF")) ? 3 : 0;
        reader->input = (struct text){bytes.bytes + reader->first_byte, bytes.length - reader->first_byte};
        struct arena_mark mark = arena_mark(arena);
        while (read_once(reader))
            arena_reset(arena, mark);
        if (reader->tabs)
            check_tabs(reader);
    }
    if (reader->documents == 0 && document->error_count == 0) {
        document->root->kind = JSON_OBJECT;
        document->root->damaged = false;
        document->features[JSON_FEATURE_EMPTY].count = 1;
    }
    yaml_sort_duplicates(document);
    text_builder_free(&reader->mended_input);
    free(reader->texts);
    free(reader);
}
