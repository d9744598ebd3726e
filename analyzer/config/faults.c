/*
 * Faults of a config file: how they are noted and worded.
 */
#include "config/deepspeed_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SHOWN_BYTES 60
#define VALUE_BYTES 200

bool fault_dropped(struct deepspeed_reader *reader, enum config_fault_kind kind)
{
    struct config *config = reader->config;
    bool stops = kind != FAULT_NEEDS_HJSON && kind != FAULT_MISPLACED && kind != FAULT_LEAF_WITHOUT_STAGE3;
    reader->refused = reader->refused || stops;
    if (config->fault_count < LIMIT_FINDINGS)
        return false;
    config->faults_dropped++;
    return true;
}

struct config_fault *fault_add(struct deepspeed_reader *reader, enum config_fault_kind kind, struct span span,
                               struct text key, const char *format, ...)
{
    struct config *config = reader->config;
    if (fault_dropped(reader, kind))
        return NULL;
    if (!config->faults)
        config->faults = ARENA_ARRAY(reader->arena, LIMIT_FINDINGS, struct config_fault);
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    struct text words = text_print(message, sizeof message, format, arguments);
    va_end(arguments);
    struct config_fault *fault = &config->faults[config->fault_count++];
    *fault = (struct config_fault){.kind = kind, .span = span, .key = key, .related_message = TEXT("")};
    fault->message = text_copy(reader->arena, words);
    fault->value = source_cut(reader->source, span);
    if (fault->value.length > VALUE_BYTES)
        fault->value = TEXT("");
    return fault;
}

void fault_relate(struct config_fault *fault, struct span span, struct text message)
{
    if (fault) {
        fault->related = span;
        fault->related_message = message;
    }
}

struct text fault_text(struct deepspeed_reader *reader, struct text text)
{
    if (text.length <= SHOWN_BYTES)
        return text;
    size_t length = SHOWN_BYTES;
    while (length > 0 && (text.bytes[length] & 0xC0) == 0x80)
        length--;
    return text_format(reader->arena, "%.*s...", (int)length, text.bytes);
}

struct text fault_value_words(struct deepspeed_reader *reader, const struct json_value *value)
{
    if (value->kind == JSON_ARRAY || value->kind == JSON_OBJECT)
        return json_words(value);
    if (value->kind == JSON_NULL || value->kind == JSON_OTHER)
        return value->kind == JSON_NULL ? TEXT("`null`") : json_words(value);
    struct text text = value->kind == JSON_STRING ? value->text : source_cut(reader->source, value->span);
    if (value->kind == JSON_STRING && (text.length == 0 || memchr(text.bytes, '\n', text.length)))
        return text.length ? TEXT("a string of several lines") : TEXT("an empty string");
    text = fault_text(reader, text);
    return text_format(reader->arena, value->kind == JSON_STRING ? "the string `%.*s`" : "`%.*s`", TEXT_ARGS(text));
}

struct text key_join(struct deepspeed_reader *reader, struct text outer, struct text key)
{
    key = fault_text(reader, key);
    if (outer.length == 0)
        return key;
    return text_format(reader->arena, "%.*s.%.*s", TEXT_ARGS(outer), TEXT_ARGS(key));
}

void add_syntax_errors(struct deepspeed_reader *reader, const struct json_document *document)
{
    for (size_t i = 0; i < document->error_count; i++) {
        const struct json_error *error = &document->errors[i];
        struct config_fault *fault =
            fault_add(reader, FAULT_SYNTAX, error->span, TEXT(""), "%.*s", TEXT_ARGS(error->message));
        if (error->related.start < error->related.end)
            fault_relate(fault, error->related, error->related_message);
    }
}
