/* Methods of str that cut, strip, replace and join. */
#include "eval/values.h"

/* Bytes of the white space character at `at`, or 0. */
static size_t space_size(struct text text, size_t at)
{
    unsigned char c = (unsigned char)text.bytes[at];
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
    uint32_t code = 0;
    int size = utf8_decode(text.bytes + at, text.length - at, &code);
    bool space = code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
                 code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
    return size > 0 && space ? (size_t)size : 0;
}

/* Start of the character that ends before `at`. */
static size_t character_before(struct text text, size_t at)
{
    size_t first = at - 1;
    while (first > 0 && at - first < 4 && ((unsigned char)text.bytes[first] & 0xC0) == 0x80)
        first--;
    return first + text_character_size(text, first) == at ? first : at - 1;
}

static bool in_set(struct text set, bool spaces, struct text text, size_t at)
{
    if (spaces)
        return space_size(text, at) > 0;
    size_t size = text_character_size(text, at);
    for (size_t i = 0; i < set.length;) {
        size_t other = text_character_size(set, i);
        if (other == size && memcmp(set.bytes + i, text.bytes + at, size) == 0)
            return true;
        i += other;
    }
    return false;
}

static struct value strip_sides(struct eval *ev, const char *method, const struct arguments *arguments, bool left,
                                bool right)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    if (!self || !argument_count(ev, method, &rest, 0, 1))
        return value_raised();
    bool spaces = rest.count == 0 || rest.items[0].kind == VALUE_NONE;
    struct text set = TEXT("");
    if (!spaces) {
        struct str *given = value_string(rest.items[0]);
        if (is_unknown(rest.items[0]))
            return unknown_operand(ev, rest.items[0]);
        if (!given)
            return eval_raise(ev, ev->types->type_error, "%s arg must be None or str", method);
        set = str_text(given);
        if (!work_bytes(ev, (uint64_t)set.length * 16))
            return value_raised();
    }
    struct text text = str_text(self);
    size_t first = 0, end = text.length;
    while (left && first < end && in_set(set, spaces, text, first)) {
        first += text_character_size(text, first);
        if (!work_bytes(ev, set.length))
            return value_raised();
    }
    while (right && end > first) {
        size_t before = character_before(text, end);
        if (!in_set(set, spaces, text, before))
            break;
        end = before;
        if (!work_bytes(ev, set.length))
            return value_raised();
    }
    return eval_text(ev, (struct text){text.bytes + first, end - first});
}

static struct value str_strip(struct eval *ev, const struct arguments *arguments)
{
    return strip_sides(ev, "strip", arguments, true, true);
}
static struct value str_lstrip(struct eval *ev, const struct arguments *arguments)
{
    return strip_sides(ev, "lstrip", arguments, true, false);
}
static struct value str_rstrip(struct eval *ev, const struct arguments *arguments)
{
    return strip_sides(ev, "rstrip", arguments, false, true);
}

/* Splitting. */

static bool add_part(struct eval *ev, struct list *list, struct text text)
{
    return work(ev, 1) && list_append(ev, list, eval_text(ev, text));
}

static bool split_spaces(struct eval *ev, struct list *list, struct text text, int64_t most)
{
    for (size_t at = 0;;) {
        size_t size;
        while (at < text.length && (size = space_size(text, at)))
            at += size;
        if (at == text.length)
            return true;
        size_t first = at;
        if (most-- == 0) {
            size_t end = text.length;
            while (end > first && space_size(text, character_before(text, end)))
                end = character_before(text, end);
            return add_part(ev, list, (struct text){text.bytes + first, end - first});
        }
        while (at < text.length && !space_size(text, at))
            at += text_character_size(text, at);
        if (!add_part(ev, list, (struct text){text.bytes + first, at - first}))
            return false;
    }
}

static bool split_text(struct eval *ev, struct list *list, struct text text, struct text separator, int64_t most)
{
    size_t first = 0;
    while (most-- != 0) {
        size_t at = text_find(text, separator, first);
        if (at == TEXT_NOT_FOUND)
            break;
        if (!add_part(ev, list, (struct text){text.bytes + first, at - first}))
            return false;
        first = at + separator.length;
    }
    return add_part(ev, list, (struct text){text.bytes + first, text.length - first});
}

static bool rsplit_spaces(struct eval *ev, struct list *list, struct text text, int64_t most)
{
    for (size_t end = text.length;;) {
        while (end > 0 && space_size(text, character_before(text, end)))
            end = character_before(text, end);
        if (end == 0)
            return true;
        size_t at = end;
        if (most-- == 0) {
            size_t first = 0, size;
            while (first < end && (size = space_size(text, first)))
                first += size;
            return add_part(ev, list, (struct text){text.bytes + first, end - first});
        }
        while (at > 0 && !space_size(text, character_before(text, at)))
            at = character_before(text, at);
        if (!add_part(ev, list, (struct text){text.bytes + at, end - at}))
            return false;
        end = at;
    }
}

static bool rsplit_text(struct eval *ev, struct list *list, struct text text, struct text separator, int64_t most)
{
    size_t end = text.length;
    while (most-- != 0) {
        size_t at = text_find_last(text, separator, end);
        if (at == TEXT_NOT_FOUND)
            break;
        if (!add_part(ev, list, (struct text){text.bytes + at + separator.length, end - at - separator.length}))
            return false;
        end = at;
    }
    return add_part(ev, list, (struct text){text.bytes, end});
}

static struct value split(struct eval *ev, const char *method, const struct arguments *arguments, bool from_right)
{
    static const char *const names[] = {"sep=", "maxsplit=", NULL};
    struct arguments rest = without_first(arguments);
    struct value given[2], outcome;
    struct str *self = self_text(ev, method, arguments);
    int64_t most = -1;
    if (!self || !arguments_bind(ev, method, &rest, names, given))
        return value_raised();
    if (given[1].kind != VALUE_UNBOUND) {
        int found = value_index(ev, given[1], &most, &outcome);
        if (found == 0)
            return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                              type_name(ev, given[1]));
        if (found < 0)
            return outcome;
    }
    struct list *list = list_new(ev, 0);
    struct text text = str_text(self);
    bool fine;
    if (given[0].kind == VALUE_UNBOUND || given[0].kind == VALUE_NONE) {
        fine = from_right ? rsplit_spaces(ev, list, text, most) : split_spaces(ev, list, text, most);
    } else {
        struct str *separator = value_string(given[0]);
        if (is_unknown(given[0]))
            return unknown_operand(ev, given[0]);
        if (!separator)
            return eval_raise(ev, ev->types->type_error, "must be str or None, not %s", type_name(ev, given[0]));
        if (!separator->length)
            return eval_raise(ev, ev->types->value_error, "empty separator");
        fine = from_right ? rsplit_text(ev, list, text, str_text(separator), most)
                          : split_text(ev, list, text, str_text(separator), most);
    }
    if (!fine)
        return value_raised();
    for (uint32_t i = 0; from_right && i < list->count / 2; i++) {
        struct value item = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = item;
    }
    return value_of(VALUE_LIST, list);
}

static struct value str_split(struct eval *ev, const struct arguments *arguments)
{
    return split(ev, "split", arguments, false);
}
static struct value str_rsplit(struct eval *ev, const struct arguments *arguments)
{
    return split(ev, "rsplit", arguments, true);
}

static struct value str_splitlines(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"keepends=", NULL};
    struct arguments rest = without_first(arguments);
    struct value keep;
    struct str *self = self_text(ev, "splitlines", arguments);
    if (!self || !arguments_bind(ev, "splitlines", &rest, names, &keep))
        return value_raised();
    struct value outcome;
    int64_t keeps = 0;
    int found = keep.kind == VALUE_UNBOUND ? 1 : value_index(ev, keep, &keeps, &outcome);
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, keep));
    if (found < 0)
        return outcome;
    struct text text = str_text(self);
    struct list *list = list_new(ev, 0);
    for (size_t first = 0; first < text.length;) {
        size_t at = first, size = 0;
        for (; at < text.length && !size; at += size ? 0 : 1) {
            unsigned char c = (unsigned char)text.bytes[at];
            if (c == '\r' && at + 1 < text.length && text.bytes[at + 1] == '\n')
                size = 2;
            else if ((c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E))
                size = 1;
            else if (c == 0xC2 && at + 1 < text.length && (unsigned char)text.bytes[at + 1] == 0x85)
                size = 2;
            else if (c == 0xE2 && at + 2 < text.length && (unsigned char)text.bytes[at + 1] == 0x80 &&
                     ((unsigned char)text.bytes[at + 2] & 0xFE) == 0xA8)
                size = 3;
        }
        if (!add_part(ev, list, (struct text){text.bytes + first, at - first + (keeps ? size : 0)}))
            return value_raised();
        first = at + size;
    }
    return value_of(VALUE_LIST, list);
}

static struct value partition(struct eval *ev, const char *method, const struct arguments *arguments, bool last)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    if (!self || !argument_count(ev, method, &rest, 1, 1))
        return value_raised();
    struct str *separator = value_string(rest.items[0]);
    if (is_unknown(rest.items[0]))
        return unknown_operand(ev, rest.items[0]);
    if (!separator)
        return eval_raise(ev, ev->types->type_error, "must be str, not %s", type_name(ev, rest.items[0]));
    if (!separator->length)
        return eval_raise(ev, ev->types->value_error, "empty separator");
    struct text text = str_text(self);
    size_t at = last ? text_find_last(text, str_text(separator), text.length) : text_find(text, str_text(separator), 0);
    struct value empty = eval_text(ev, TEXT(""));
    struct value parts[3] = {value_str(self), empty, empty};
    if (at == TEXT_NOT_FOUND && last) {
        parts[0] = empty;
        parts[2] = value_str(self);
    } else if (at != TEXT_NOT_FOUND) {
        size_t after = at + separator->length;
        parts[0] = eval_text(ev, (struct text){text.bytes, at});
        parts[1] = value_str(separator);
        parts[2] = eval_text(ev, (struct text){text.bytes + after, text.length - after});
    }
    return tuple_of(ev, parts, 3);
}

static struct value str_partition(struct eval *ev, const struct arguments *arguments)
{
    return partition(ev, "str.partition", arguments, false);
}
static struct value str_rpartition(struct eval *ev, const struct arguments *arguments)
{
    return partition(ev, "str.rpartition", arguments, true);
}

static struct value remove_affix(struct eval *ev, const char *method, const struct arguments *arguments, bool end)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    if (!self || !argument_count(ev, end ? "str.removesuffix" : "str.removeprefix", &rest, 1, 1))
        return value_raised();
    struct str *affix = value_string(rest.items[0]);
    if (is_unknown(rest.items[0]))
        return unknown_operand(ev, rest.items[0]);
    if (!affix)
        return eval_raise(ev, ev->types->type_error, "%s() argument must be str, not %s", method,
                          type_name(ev, rest.items[0]));
    struct text text = str_text(self);
    if (end ? !text_ends(text, str_text(affix)) : !text_starts(text, str_text(affix)))
        return value_str(self);
    return eval_text(ev, (struct text){text.bytes + (end ? 0 : affix->length), text.length - affix->length});
}

static struct value str_removeprefix(struct eval *ev, const struct arguments *arguments)
{
    return remove_affix(ev, "removeprefix", arguments, false);
}
static struct value str_removesuffix(struct eval *ev, const struct arguments *arguments)
{
    return remove_affix(ev, "removesuffix", arguments, true);
}

/* Replacing and joining. */

static bool add_replacement(struct text_builder *builder, struct text text)
{
    text_builder_add(builder, text);
    return builder->length <= LIMIT_STRING_BYTES;
}

static void replace_all(struct text_builder *builder, struct text text, struct text old, struct text new_, int64_t most)
{
    size_t at = 0;
    while (most != 0) {
        size_t found = text_find(text, old, at);
        if (found == TEXT_NOT_FOUND)
            break;
        if (!add_replacement(builder, (struct text){text.bytes + at, found - at}) || !add_replacement(builder, new_))
            return;
        at = found + old.length;
        most--;
        if (old.length == 0) { /* between all characters */
            if (at == text.length)
                return;
            size_t size = text_character_size(text, at);
            text_builder_add(builder, (struct text){text.bytes + at, size});
            at += size;
        }
    }
    add_replacement(builder, (struct text){text.bytes + at, text.length - at});
}

static struct value str_replace(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, "replace", arguments);
    int64_t most = -1;
    struct value outcome;
    if (!self || !argument_count(ev, "replace", &rest, 2, 3))
        return value_raised();
    for (uint32_t i = 0; i < rest.count; i++)
        if (is_unknown(rest.items[i]))
            return unknown_operand(ev, rest.items[i]);
    struct str *old = value_string(rest.items[0]), *new_ = value_string(rest.items[1]);
    if (!old || !new_)
        return eval_raise(ev, ev->types->type_error, "replace() argument %d must be str, not %s", old ? 2 : 1,
                          type_name(ev, rest.items[old ? 1 : 0]));
    if (rest.count == 3) {
        int found = value_index(ev, rest.items[2], &most, &outcome);
        if (found == 0)
            return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                              type_name(ev, rest.items[2]));
        if (found < 0)
            return outcome;
    }
    struct text_builder builder = {0};
    replace_all(&builder, str_text(self), str_text(old), str_text(new_), most);
    struct value value = work_bytes(ev, builder.length) ? eval_text(ev, text_builder_text(&builder)) : value_raised();
    text_builder_free(&builder);
    return value;
}

static struct value str_join(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, "join", arguments);
    struct value outcome = value_raised();
    if (!self || !argument_count(ev, "str.join", &rest, 1, 1))
        return value_raised();
    struct list *items = iterate(ev, rest.items[0], &outcome);
    if (!items) {
        bool iterable = rest.items[0].kind == VALUE_INSTANCE || rest.items[0].kind == VALUE_ITERATOR;
        if (is_raised(outcome) && !iterable && take_raised(ev, ev->types->type_error))
            return eval_raise(ev, ev->types->type_error, "can only join an iterable");
        return outcome;
    }
    struct value doubt = value_none();
    struct text_builder builder = {0};
    for (uint32_t i = 0; i < items->count; i++) {
        struct str *text = value_string(items->items[i]);
        if (is_unknown(items->items[i])) {
            doubt = items->items[i];
            continue;
        }
        if (!text) {
            doubt = eval_raise(ev, ev->types->type_error, "sequence item %u: expected str instance, %s found", i,
                               type_name(ev, items->items[i]));
            break;
        }
        if (i)
            text_builder_add(&builder, str_text(self));
        text_builder_add(&builder, str_text(text));
        if (builder.length > LIMIT_STRING_BYTES)
            break;
    }
    struct value value = doubt.kind != VALUE_NONE         ? unknown_operand(ev, doubt)
                         : work_bytes(ev, builder.length) ? eval_text(ev, text_builder_text(&builder))
                                                          : value_raised();
    text_builder_free(&builder);
    return value;
}

static struct value str_expandtabs(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"tabsize=", NULL};
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, "expandtabs", arguments);
    struct value size;
    if (!self || !arguments_bind(ev, "expandtabs", &rest, names, &size))
        return value_raised();
    int64_t every = 8;
    struct value outcome;
    int found = size.kind == VALUE_UNBOUND ? 1 : value_index(ev, size, &every, &outcome);
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, size));
    if (found < 0)
        return outcome;
    if (!memchr(self->bytes, '\t', self->length))
        return value_str(self);
    if (every < 0 || every > 1000 || !text_is_ascii(str_text(self)))
        return eval_unknown(ev, "str.expandtabs is not followed here");
    struct text_builder builder = {0};
    int64_t column = 0;
    for (uint32_t i = 0; i < self->length && builder.length <= LIMIT_STRING_BYTES; i++) {
        char c = self->bytes[i];
        int64_t count = c == '\t' && every ? every - column % every : c == '\t' ? 0 : 1;
        for (int64_t k = 0; k < count; k++)
            text_builder_add(&builder, c == '\t' ? TEXT(" ") : (struct text){&c, 1});
        column = c == '\n' || c == '\r' ? 0 : column + count;
    }
    struct value value = work_bytes(ev, builder.length) ? eval_text(ev, text_builder_text(&builder)) : value_raised();
    text_builder_free(&builder);
    return value;
}

void str_split_init(struct eval *ev)
{
    static const struct native natives[] = {{"strip", str_strip, NULL},
                                            {"lstrip", str_lstrip, NULL},
                                            {"rstrip", str_rstrip, NULL},
                                            {"split", str_split, NULL},
                                            {"rsplit", str_rsplit, NULL},
                                            {"splitlines", str_splitlines, NULL},
                                            {"partition", str_partition, NULL},
                                            {"rpartition", str_rpartition, NULL},
                                            {"removeprefix", str_removeprefix, NULL},
                                            {"removesuffix", str_removesuffix, NULL},
                                            {"replace", str_replace, NULL},
                                            {"join", str_join, NULL},
                                            {"expandtabs", str_expandtabs, NULL},
                                            {NULL, NULL, NULL}};
    class_add_natives(ev, ev->types->str_, natives);
}
