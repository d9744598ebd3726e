#include "base/unicode.h"

#include <stddef.h>

struct unicode_range {
    uint32_t start, end;
};

#include "base/unicode_tables.h"

static bool in_ranges(const struct unicode_range *ranges, size_t count, uint32_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code > ranges[middle].end)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && code >= ranges[low].start;
}

#define IN(ranges, code) in_ranges((ranges), sizeof(ranges) / sizeof *(ranges), (code))

int unicode_width(uint32_t code)
{
    if (code < 0x300)
        return 1;
    if (IN(zero_ranges, code))
        return 0;
    return IN(wide_ranges, code) ? 2 : 1;
}

bool unicode_is_printable(uint32_t code)
{
    if (code < 0x7F)
        return code >= 0x20;
    return !IN(hidden_ranges, code);
}

/* A surrogate encoded in three bytes, which strict UTF-8 refuses; 0 when it is not one. */
static uint32_t surrogate_at(const char *bytes, size_t length)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    if (length < 3 || byte[0] != 0xED || byte[1] < 0xA0 || byte[1] > 0xBF || (byte[2] & 0xC0) != 0x80)
        return 0;
    return 0xD000u | (byte[1] & 0x3Fu) << 6 | (byte[2] & 0x3Fu);
}

static void add_escaped(struct text_builder *builder, uint32_t code)
{
    if (code == '\n' || code == '\r' || code == '\t')
        text_builder_add(builder, code == '\n' ? TEXT("\\n") : code == '\r' ? TEXT("\\r") : TEXT("\\t"));
    else if (code < 0x100)
        text_builder_addf(builder, "\\x%02x", (unsigned)code);
    else if (code < 0x10000)
        text_builder_addf(builder, "\\u%04x", (unsigned)code);
    else
        text_builder_addf(builder, "\\U%08x", (unsigned)code);
}

void python_repr(struct text_builder *builder, struct text text)
{
    bool single = text.length && memchr(text.bytes, '\'', text.length);
    bool twofold = text.length && memchr(text.bytes, '"', text.length);
    char quote = single && !twofold ? '"' : '\'';
    text_builder_add(builder, (struct text){&quote, 1});
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        int size = utf8_decode(text.bytes + at, text.length - at, &code);
        if (size == 0) {
            code = surrogate_at(text.bytes + at, text.length - at);
            size = code ? 3 : 1;
            add_escaped(builder, code ? code : (unsigned char)text.bytes[at]);
        } else if (code == (unsigned char)quote || code == '\\') {
            char escaped[2] = {'\\', (char)code};
            text_builder_add(builder, (struct text){escaped, 2});
        } else if (unicode_is_printable(code)) {
            text_builder_add(builder, (struct text){text.bytes + at, (size_t)size});
        } else {
            add_escaped(builder, code);
        }
        at += (size_t)size;
    }
    text_builder_add(builder, (struct text){&quote, 1});
}
