/* Methods of str: testing, changing and searching.  Those that cut and join are in str_split.c. */
#include "eval/values.h"

static struct value not_ascii(struct eval *ev)
{
    return eval_unknown(ev, "a str method on letters beyond ASCII");
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static bool is_letter(char c)
{
    return is_lower(c) || is_upper(c);
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
}
static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}
static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

enum letter_case { CASE_LOWER, CASE_UPPER, CASE_TITLE, CASE_CAPITAL, CASE_SWAP };

static struct value change_case(struct eval *ev, const char *method, const struct arguments *arguments,
                                enum letter_case to)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    if (!self || !argument_count(ev, method, &rest, 0, 0))
        return value_raised();
    if (!text_is_ascii(str_text(self)))
        return not_ascii(ev);
    struct arena_mark mark = arena_mark(&ev->scratch);
    char *bytes = arena_alloc(&ev->scratch, (size_t)self->length + 1);
    bool after_letter = false;
    for (uint32_t i = 0; i < self->length; i++) {
        char c = self->bytes[i];
        bool upper = to == CASE_UPPER || (to == CASE_TITLE && !after_letter) || (to == CASE_CAPITAL && i == 0) ||
                     (to == CASE_SWAP && is_lower(c));
        bytes[i] = upper ? to_upper(c) : to_lower(c);
        after_letter = is_letter(c);
    }
    struct value value = eval_text(ev, (struct text){bytes, self->length});
    arena_reset(&ev->scratch, mark);
    return value;
}

static struct value str_lower(struct eval *ev, const struct arguments *arguments)
{
    return change_case(ev, "str.lower", arguments, CASE_LOWER);
}
static struct value str_casefold(struct eval *ev, const struct arguments *arguments)
{
    return change_case(ev, "str.casefold", arguments, CASE_LOWER);
}
static struct value str_upper(struct eval *ev, const struct arguments *arguments)
{
    return change_case(ev, "str.upper", arguments, CASE_UPPER);
}
static struct value str_title(struct eval *ev, const struct arguments *arguments)
{
    return change_case(ev, "str.title", arguments, CASE_TITLE);
}
static struct value str_capitalize(struct eval *ev, const struct arguments *arguments)
{
    return change_case(ev, "str.capitalize", arguments, CASE_CAPITAL);
}
static struct value str_swapcase(struct eval *ev, const struct arguments *arguments)
{
    return change_case(ev, "str.swapcase", arguments, CASE_SWAP);
}

/* is...(): what every character has to be. */
enum character_test {
    TEST_DIGIT,
    TEST_ALPHA,
    TEST_ALNUM,
    TEST_SPACE,
    TEST_IDENTIFIER,
    TEST_LOWER,
    TEST_UPPER,
    TEST_TITLE
};

static bool passes(struct text text, enum character_test test)
{
    bool cased = false, after_letter = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        bool letter = is_letter(c), fine = true;
        switch (test) {
        case TEST_DIGIT: fine = is_digit(c); break;
        case TEST_ALPHA: fine = letter; break;
        case TEST_ALNUM: fine = letter || is_digit(c); break;
        case TEST_SPACE: fine = is_space(c); break;
        case TEST_IDENTIFIER: fine = letter || c == '_' || (i && is_digit(c)); break;
        case TEST_LOWER: fine = !is_upper(c); break;
        case TEST_UPPER: fine = !is_lower(c); break;
        case TEST_TITLE: fine = !letter || (after_letter ? is_lower(c) : is_upper(c)); break;
        }
        if (!fine)
            return false;
        cased |= letter;
        after_letter = letter;
    }
    return text.length && (cased || test < TEST_LOWER);
}

static struct value test_text(struct eval *ev, const char *method, const struct arguments *arguments,
                              enum character_test test)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    if (!self || !argument_count(ev, method, &rest, 0, 0))
        return value_raised();
    return text_is_ascii(str_text(self)) ? value_bool(passes(str_text(self), test)) : not_ascii(ev);
}

static struct value str_isdigit(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.isdigit", arguments, TEST_DIGIT);
}
static struct value str_isalpha(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.isalpha", arguments, TEST_ALPHA);
}
static struct value str_isalnum(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.isalnum", arguments, TEST_ALNUM);
}
static struct value str_isspace(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.isspace", arguments, TEST_SPACE);
}
static struct value str_isidentifier(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.isidentifier", arguments, TEST_IDENTIFIER);
}
static struct value str_islower(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.islower", arguments, TEST_LOWER);
}
static struct value str_isupper(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.isupper", arguments, TEST_UPPER);
}
static struct value str_istitle(struct eval *ev, const struct arguments *arguments)
{
    return test_text(ev, "str.istitle", arguments, TEST_TITLE);
}
static struct value str_isascii(struct eval *ev, const struct arguments *arguments)
{
    struct str *self = self_text(ev, "isascii", arguments);
    return self ? value_bool(text_is_ascii(str_text(self))) : value_raised();
}

/* Searching.  Places are counted in characters. */

struct search {
    struct text text; /* the part of the str between start and end */
    int64_t first;    /* character where it starts */
    size_t first_byte;
    struct text part;
    bool nowhere; /* start is behind the end of the str */
};

/* Optional start and end of find(), count(), startswith() ...  False: *outcome. */
static bool search_bounds(struct eval *ev, struct str *self, const struct arguments *arguments, uint32_t from,
                          struct search *search, struct value *outcome)
{
    struct text text = str_text(self);
    search->text = text;
    if (arguments->count <= from)
        return true;
    int64_t length = (int64_t)text_characters(text), bounds[2] = {0, length};
    for (uint32_t i = 0; i < 2 && from + i < arguments->count; i++) {
        struct value bound = arguments->items[from + i];
        if (bound.kind == VALUE_NONE)
            continue;
        int found = value_index(ev, bound, &bounds[i], outcome);
        if (found == 0)
            *outcome = eval_raise(ev, ev->types->type_error,
                                  "slice indices must be integers or None or have an __index__ method");
        if (found != 1)
            return false;
        if (bounds[i] < 0)
            bounds[i] = bounds[i] < -length ? 0 : bounds[i] + length;
    }
    search->nowhere = bounds[0] > length || bounds[1] < bounds[0];
    if (bounds[1] > length)
        bounds[1] = length;
    if (search->nowhere)
        return true;
    size_t start = text_offset(text, (size_t)bounds[0]), end = text_offset(text, (size_t)bounds[1]);
    search->text = (struct text){text.bytes + start, end - start};
    search->first = bounds[0];
    search->first_byte = start;
    return true;
}

static bool search_arguments(struct eval *ev, const char *method, const struct arguments *arguments,
                             struct search *search, struct value *outcome)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    *outcome = value_raised();
    *search = (struct search){0};
    if (!self || !no_keywords(ev, method, &rest))
        return false;
    if (rest.count < 1 || rest.count > 3) {
        eval_raise(ev, ev->types->type_error, "%s() takes at %s argument%s (%u given)", method,
                   rest.count ? "most 3" : "least 1", rest.count ? "s" : "", rest.count);
        return false;
    }
    if (!search_bounds(ev, self, &rest, 1, search, outcome))
        return false;
    if (is_unknown(rest.items[0])) {
        *outcome = unknown_operand(ev, rest.items[0]);
        return false;
    }
    struct str *part = value_string(rest.items[0]);
    if (!part) {
        *outcome = eval_raise(ev, ev->types->type_error, "must be str, not %s", type_name(ev, rest.items[0]));
        return false;
    }
    search->part = str_text(part);
    return true;
}

static struct value search_for(struct eval *ev, const char *method, const struct arguments *arguments, bool last,
                               bool raises)
{
    struct search search;
    struct value outcome;
    if (!search_arguments(ev, method, arguments, &search, &outcome))
        return outcome;
    size_t at = search.nowhere ? TEXT_NOT_FOUND
                : last         ? text_find_last(search.text, search.part, search.text.length)
                               : text_find(search.text, search.part, 0);
    if (at == TEXT_NOT_FOUND)
        return raises ? eval_raise(ev, ev->types->value_error, "substring not found") : value_int(-1);
    return value_int(search.first + (int64_t)text_characters((struct text){search.text.bytes, at}));
}

static struct value str_find(struct eval *ev, const struct arguments *arguments)
{
    return search_for(ev, "find", arguments, false, false);
}
static struct value str_rfind(struct eval *ev, const struct arguments *arguments)
{
    return search_for(ev, "rfind", arguments, true, false);
}
static struct value str_index(struct eval *ev, const struct arguments *arguments)
{
    return search_for(ev, "index", arguments, false, true);
}
static struct value str_rindex(struct eval *ev, const struct arguments *arguments)
{
    return search_for(ev, "rindex", arguments, true, true);
}

static struct value str_count(struct eval *ev, const struct arguments *arguments)
{
    struct search search;
    struct value outcome;
    if (!search_arguments(ev, "count", arguments, &search, &outcome))
        return outcome;
    if (search.nowhere)
        return value_int(0);
    if (search.part.length == 0)
        return value_int((int64_t)text_characters(search.text) + 1);
    int64_t count = 0;
    for (size_t at = 0; (at = text_find(search.text, search.part, at)) != TEXT_NOT_FOUND; at += search.part.length)
        count++;
    return value_int(count);
}

/* startswith and endswith: with one str or a tuple of them. */
static struct value has_affix(struct eval *ev, const char *method, const struct arguments *arguments, bool end)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    struct search search = {0};
    struct value outcome = value_raised();
    if (!self || !argument_count(ev, method, &rest, 1, 3) || !search_bounds(ev, self, &rest, 1, &search, &outcome))
        return outcome;
    struct value affix = rest.items[0];
    const struct value *items = &affix;
    uint32_t count = 1;
    if (affix.kind == VALUE_TUPLE) {
        if (affix.list->open)
            return unknown_because(ev, affix.list->open);
        items = affix.list->items;
        count = affix.list->count;
    }
    struct value doubt = value_bool(false);
    for (uint32_t i = 0; i < count; i++) {
        struct str *text = value_string(items[i]);
        if (is_unknown(items[i])) {
            doubt = items[i];
            continue;
        }
        if (!text && affix.kind == VALUE_TUPLE)
            return eval_raise(ev, ev->types->type_error, "tuple for %s must only contain str, not %s", method,
                              type_name(ev, items[i]));
        if (!text)
            return eval_raise(ev, ev->types->type_error, "%s first arg must be str or a tuple of str, not %s", method,
                              type_name(ev, items[i]));
        if (!search.nowhere &&
            (end ? text_ends(search.text, str_text(text)) : text_starts(search.text, str_text(text))))
            return value_bool(true);
    }
    return unknown_operand(ev, doubt);
}

static struct value str_startswith(struct eval *ev, const struct arguments *arguments)
{
    return has_affix(ev, "startswith", arguments, false);
}
static struct value str_endswith(struct eval *ev, const struct arguments *arguments)
{
    return has_affix(ev, "endswith", arguments, true);
}

/* Widths. */

static struct value in_width(struct eval *ev, const char *method, const struct arguments *arguments, char align)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, method, arguments);
    struct value outcome = value_raised();
    int64_t width;
    if (!self || !argument_count(ev, method, &rest, 1, align == '0' ? 1 : 2))
        return outcome;
    int found = value_index(ev, rest.items[0], &width, &outcome);
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, rest.items[0]));
    if (found < 0)
        return outcome;
    struct text fill = align == '0' ? TEXT("0") : TEXT(" ");
    if (rest.count == 2) {
        struct str *given = value_string(rest.items[1]);
        if (is_unknown(rest.items[1]))
            return unknown_operand(ev, rest.items[1]);
        if (!given)
            return eval_raise(ev, ev->types->type_error, "The fill character must be a unicode character, not %s",
                              type_name(ev, rest.items[1]));
        if (text_characters(str_text(given)) != 1)
            return eval_raise(ev, ev->types->type_error, "The fill character must be exactly one character long");
        fill = str_text(given);
    }
    struct text text = str_text(self);
    int64_t length = (int64_t)text_characters(text), missing = width > length ? width - length : 0;
    if (missing > (int64_t)LIMIT_STRING_BYTES / 4)
        return eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
    if (!missing)
        return value_str(self);
    if (!work_bytes(ev, (uint64_t)missing))
        return value_raised();
    int64_t before = align == '<' ? 0 : missing;
    if (align == '^')
        before = missing / 2 + (missing & width & 1);
    struct text_builder builder = {0};
    if (align == '0' && text.length && (text.bytes[0] == '+' || text.bytes[0] == '-')) {
        text_builder_add(&builder, (struct text){text.bytes, 1});
        text.bytes++, text.length--;
    }
    for (int64_t i = 0; i < before; i++)
        text_builder_add(&builder, fill);
    text_builder_add(&builder, text);
    for (int64_t i = before; i < missing; i++)
        text_builder_add(&builder, fill);
    struct value value = eval_text(ev, text_builder_text(&builder));
    text_builder_free(&builder);
    return value;
}

static struct value str_zfill(struct eval *ev, const struct arguments *arguments)
{
    return in_width(ev, "str.zfill", arguments, '0');
}
static struct value str_ljust(struct eval *ev, const struct arguments *arguments)
{
    return in_width(ev, "ljust", arguments, '<');
}
static struct value str_rjust(struct eval *ev, const struct arguments *arguments)
{
    return in_width(ev, "rjust", arguments, '>');
}
static struct value str_center(struct eval *ev, const struct arguments *arguments)
{
    return in_width(ev, "center", arguments, '^');
}

/* Formats. */

static struct value str_format(struct eval *ev, const struct arguments *arguments)
{
    struct str *self = self_text(ev, "format", arguments);
    struct arguments rest = without_first(arguments);
    return self ? str_format_call(ev, str_text(self), &rest) : value_raised();
}

static struct value str_format_map(struct eval *ev, const struct arguments *arguments)
{
    struct str *self = self_text(ev, "format_map", arguments);
    struct dict *dict = arguments->count == 2 ? value_dict(arguments->items[1]) : NULL;
    if (!self)
        return value_raised();
    if (!dict || dict->open)
        return eval_unknown(ev, "str.format_map is not followed here");
    struct arena_mark mark = arena_mark(&ev->scratch);
    struct str **names = ARENA_ARRAY(&ev->scratch, (size_t)dict->count + 1, struct str *);
    struct value *named = ARENA_ARRAY(&ev->scratch, (size_t)dict->count + 1, struct value);
    struct arguments rest = {.names = names, .named = named};
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
        if (entry->key.kind != VALUE_STR)
            continue;
        names[rest.named_count] = entry->key.str;
        named[rest.named_count++] = entry->value;
    }
    struct value value = str_format_call(ev, str_text(self), &rest);
    arena_reset(&ev->scratch, mark);
    return value;
}

static struct value str_format_spec(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct str *self = self_text(ev, "__format__", arguments);
    struct str *spec = rest.count == 1 ? value_string(rest.items[0]) : NULL;
    return self && spec ? format_value(ev, value_str(self), str_text(spec))
           : self       ? eval_unknown(ev, "a format spec that is not text")
                        : value_raised();
}

static struct value str_unfollowed(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return eval_unknown(ev, "bytes and character tables are not followed");
}

void str_methods_init(struct eval *ev)
{
    static const struct native natives[] = {{"lower", str_lower, NULL},
                                            {"upper", str_upper, NULL},
                                            {"title", str_title, NULL},
                                            {"casefold", str_casefold, NULL},
                                            {"capitalize", str_capitalize, NULL},
                                            {"swapcase", str_swapcase, NULL},
                                            {"isdigit", str_isdigit, NULL},
                                            {"isdecimal", str_isdigit, NULL},
                                            {"isnumeric", str_isdigit, NULL},
                                            {"isalpha", str_isalpha, NULL},
                                            {"isalnum", str_isalnum, NULL},
                                            {"isspace", str_isspace, NULL},
                                            {"isidentifier", str_isidentifier, NULL},
                                            {"islower", str_islower, NULL},
                                            {"isupper", str_isupper, NULL},
                                            {"istitle", str_istitle, NULL},
                                            {"isascii", str_isascii, NULL},
                                            {"find", str_find, NULL},
                                            {"rfind", str_rfind, NULL},
                                            {"index", str_index, NULL},
                                            {"rindex", str_rindex, NULL},
                                            {"count", str_count, NULL},
                                            {"startswith", str_startswith, NULL},
                                            {"endswith", str_endswith, NULL},
                                            {"zfill", str_zfill, NULL},
                                            {"ljust", str_ljust, NULL},
                                            {"rjust", str_rjust, NULL},
                                            {"center", str_center, NULL},
                                            {"format", str_format, NULL},
                                            {"format_map", str_format_map, NULL},
                                            {"__format__", str_format_spec, NULL},
                                            {"encode", str_unfollowed, NULL},
                                            {"translate", str_unfollowed, NULL},
                                            {"isprintable", str_unfollowed, NULL},
                                            {NULL, NULL, NULL}};
    static const struct native maketrans = {"maketrans", str_unfollowed, NULL};
    class_add_natives(ev, ev->types->str_, natives);
    dict_set_str(ev, ev->types->str_->attributes, eval_intern(ev, TEXT("maketrans")),
                 native_static_method(ev, &maketrans));
    str_split_init(ev);
}
