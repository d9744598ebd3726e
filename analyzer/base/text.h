/*
 * Text is (pointer, length): bytes, usually UTF-8, possibly with NUL inside, never owned.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct text {
    const char *bytes;
    size_t length;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

static inline struct text text_from(const char *string)
{
    return (struct text){string, string ? strlen(string) : 0};
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static inline bool text_starts(struct text text, struct text prefix)
{
    return text.length >= prefix.length && (prefix.length == 0 || memcmp(text.bytes, prefix.bytes, prefix.length) == 0);
}

static inline bool text_ends(struct text text, struct text suffix)
{
    return text.length >= suffix.length &&
           (suffix.length == 0 || memcmp(text.bytes + text.length - suffix.length, suffix.bytes, suffix.length) == 0);
}

bool text_equal_ignoring_case(struct text a, struct text b); /* ASCII letters only */
struct text text_copy(struct arena *arena, struct text text);
/* printf into an arena; the result has a NUL after it. */
/* Does it hold that part anywhere? */
bool text_holds(struct text text, struct text part);
/* Into a buffer, cut where that ends; the text points into it. */
struct text text_print(char *buffer, size_t size, const char *format, va_list arguments) __attribute__((format(printf, 3, 0)));
struct text text_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint32_t text_hash(struct text text, uint32_t seed);

/* Arguments for a %.*s conversion. */
#define TEXT_ARGS(text) (int)((text).length > INT32_MAX ? INT32_MAX : (text).length), (text).bytes

/* A text that is built piece by piece; owns its bytes (free with text_builder_free). */
struct text_builder {
    char *bytes;
    size_t length, capacity;
};
void text_builder_add(struct text_builder *builder, struct text text);
void text_builder_addf(struct text_builder *builder, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_builder_free(struct text_builder *builder);
static inline struct text text_builder_text(const struct text_builder *builder)
{
    return (struct text){builder->bytes, builder->length};
}

/* UTF-8: the length (1 to 4) of the well-formed character at bytes[0..length), or 0 when it is not one (overlong forms,
 * surrogates and code points above U+10FFFF are not). *code_point may be NULL. */
int utf8_decode(const char *bytes, size_t length, uint32_t *code_point);
bool text_is_utf8(struct text text);

#endif
