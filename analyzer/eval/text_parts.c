/* Text as Python's str sees it: characters in UTF-8, and where parts of it are. */
#include <string.h>

#include "eval/values.h"

bool text_is_ascii(struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.bytes[i] >= 0x80)
            return false;
    return true;
}

/* A byte that is no well-formed UTF-8 counts as one character. */
size_t text_character_size(struct text text, size_t at)
{
    int size = utf8_decode(text.bytes + at, text.length - at, NULL);
    return size > 0 ? (size_t)size : 1;
}

size_t text_characters(struct text text)
{
    if (text_is_ascii(text))
        return text.length;
    size_t count = 0;
    for (size_t at = 0; at < text.length; at += text_character_size(text, at))
        count++;
    return count;
}

size_t text_offset(struct text text, size_t character)
{
    if (text_is_ascii(text))
        return character < text.length ? character : text.length;
    size_t at = 0;
    while (character-- && at < text.length)
        at += text_character_size(text, at);
    return at;
}

struct value text_list(struct eval *ev, struct text text)
{
    if (!work(ev, text.length / 4 + 1))
        return value_raised();
    struct list *list = list_new(ev, (uint32_t)text_characters(text));
    for (size_t at = 0; at < text.length;) {
        size_t size = text_character_size(text, at);
        list->items[list->count++] = eval_text(ev, (struct text){text.bytes + at, size});
        at += size;
    }
    return value_of(VALUE_LIST, list);
}

size_t text_find(struct text text, struct text part, size_t from)
{
    if (from > text.length)
        return TEXT_NOT_FOUND;
    if (part.length == 0)
        return from;
    const char *found = memmem(text.bytes + from, text.length - from, part.bytes, part.length);
    return found ? (size_t)(found - text.bytes) : TEXT_NOT_FOUND;
}

size_t text_find_last(struct text text, struct text part, size_t before)
{
    if (before > text.length)
        before = text.length;
    if (part.length > before)
        return TEXT_NOT_FOUND;
    if (part.length == 0)
        return before;
    for (size_t at = before - part.length + 1; at-- > 0;)
        if (text.bytes[at] == part.bytes[0] && memcmp(text.bytes + at, part.bytes, part.length) == 0)
            return at;
    return TEXT_NOT_FOUND;
}

struct str *self_text(struct eval *ev, const char *method, const struct arguments *arguments)
{
    struct str *self = arguments->count ? value_string(arguments->items[0]) : NULL;
    if (!self)
        eval_raise(ev, ev->types->type_error, "descriptor '%s' requires a 'str' object", method);
    return self && work_bytes(ev, self->length) ? self : NULL;
}
