#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_equal_ignoring_case(struct text a, struct text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (lower(a.bytes[i]) != lower(b.bytes[i]))
            return false;
    return true;
}

struct text text_copy(struct arena *arena, struct text text)
{
    return (struct text){arena_copy(arena, text.bytes, text.length), text.length};
}

bool text_holds(struct text text, struct text part)
{
    return text.length >= part.length && memmem(text.bytes, text.length, part.bytes, part.length) != NULL;
}

struct text text_print(char *buffer, size_t size, const char *format, va_list arguments)
{
    int length = vsnprintf(buffer, size, format, arguments);
    return (struct text){buffer, length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1};
}

struct text text_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return TEXT("");
    char *bytes = arena_alloc(arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(bytes, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return (struct text){bytes, (size_t)length};
}

/* Eight bytes at a time, mixed so that each of them counts for each bit; the seed differs per table, so a file cannot
 * aim at collisions cheaply. */
uint32_t text_hash(struct text text, uint32_t seed)
{
    const uint64_t factor = 0x9e3779b97f4a7c15u;
    uint64_t hash = (text.length + seed) * factor, word;
    size_t at = 0;
    for (; text.length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.bytes + at, sizeof word);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
    }
    if (at < text.length) {
        word = 0;
        for (size_t i = at; i < text.length; i++)
            word = word << 8 | (unsigned char)text.bytes[i];
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
    }
    hash *= 0xbf58476d1ce4e5b9u;
    return (uint32_t)(hash >> 32);
}

static void reserve(struct text_builder *builder, size_t more)
{
    size_t wanted = builder->length + more + 1;
    if (wanted <= builder->capacity)
        return;
    size_t capacity = builder->capacity ? builder->capacity * 2 : 128;
    if (capacity < wanted)
        capacity = wanted;
    builder->bytes = memory_realloc(builder->bytes, capacity);
    builder->capacity = capacity;
}

void text_builder_add(struct text_builder *builder, struct text text)
{
    reserve(builder, text.length);
    if (text.length)
        memcpy(builder->bytes + builder->length, text.bytes, text.length);
    builder->length += text.length;
    builder->bytes[builder->length] = 0;
}

void text_builder_addf(struct text_builder *builder, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    reserve(builder, (size_t)length);
    va_start(arguments, format);
    vsnprintf(builder->bytes + builder->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    builder->length += (size_t)length;
}

void text_builder_free(struct text_builder *builder)
{
    free(builder->bytes);
    *builder = (struct text_builder){0};
}

int utf8_decode(const char *bytes, size_t length, uint32_t *code_point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (length == 0)
        return 0;
    unsigned char first = (unsigned char)bytes[0];
    int size = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
    if (size == 0 || (size_t)size > length)
        return 0;
    uint32_t code = size == 1 ? first : size == 2 ? first & 0x1Fu : size == 3 ? first & 0x0Fu : first & 0x07u;
    for (int i = 1; i < size; i++) {
        unsigned char next = (unsigned char)bytes[i];
        if ((next & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (next & 0x3Fu);
    }
    if (code < smallest[size] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return 0;
    if (code_point)
        *code_point = code;
    return size;
}

bool text_is_utf8(struct text text)
{
    for (size_t at = 0; at < text.length;) {
        int size = utf8_decode(text.bytes + at, text.length - at, NULL);
        if (size == 0)
            return false;
        at += (size_t)size;
    }
    return true;
}
