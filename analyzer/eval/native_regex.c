/*
 * Python's `re` for evaluated code, by PCRE2 within bounds: a pattern may be made to backtrack for hours, so the number of
 * attempts is limited, and what the two dialects read differently is "cannot tell".
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "eval/native_code.h"
#include "eval/types.h"
#include "eval/values.h"

/* Spelled the same, meant differently, or only known to one of the two. */
static const char *const not_shared[] = {"\\Z", "{,", "(*", "\\Q", "\\E", "\\K", "\\h", "\\H", "\\R", "\\X", "\\N", "\\G", "(?R", "(?&",
                                         "(?P>", "(?|", "(?C", "[[:", "[[.", "[[=", "\\p", "\\P", "\\o", "\\g", "\\z", "(?0", "(?1", "(?+"};

static bool is_shared(struct text pattern)
{
    for (size_t i = 0; i < sizeof not_shared / sizeof *not_shared; i++)
        if (text_holds(pattern, text_from(not_shared[i])))
            return false;
    return text_is_ascii(pattern);
}

static pcre2_code *compile(struct text pattern, int64_t flags, const char *how)
{
    uint32_t options = 0;
    int error;
    PCRE2_SIZE place;
    if (flags & 2)
        options |= PCRE2_CASELESS;
    if (flags & 8)
        options |= PCRE2_MULTILINE;
    if (flags & 16)
        options |= PCRE2_DOTALL;
    if (flags & 64)
        options |= PCRE2_EXTENDED;
    if (strcmp(how, "search"))
        options |= PCRE2_ANCHORED;
    if (!strcmp(how, "fullmatch"))
        options |= PCRE2_ENDANCHORED;
    return pcre2_compile((PCRE2_SPTR)pattern.bytes, pattern.length, options, &error, &place, NULL);
}

static struct value group_names(struct eval *ev, const pcre2_code *code)
{
    struct dict *names = dict_new(ev);
    uint32_t count, size;
    PCRE2_SPTR table;
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    for (uint32_t i = 0; i < count; i++) {
        PCRE2_SPTR row = table + (size_t)i * size;
        dict_set_str(ev, names, eval_intern(ev, text_from((const char *)row + 2)), value_int(row[0] << 8 | row[1]));
    }
    return value_of(VALUE_DICT, names);
}

/* (spans, names) of a match; positions are bytes, which are characters here since the text is ASCII. */
static struct value found(struct eval *ev, const pcre2_code *code, pcre2_match_data *match)
{
    PCRE2_SIZE *places = pcre2_get_ovector_pointer(match);
    struct list *spans = list_new(ev, 0);
    for (uint32_t i = 0; i < pcre2_get_ovector_count(match); i++) {
        bool took_part = places[2 * i] != PCRE2_UNSET;
        struct value span[] = {value_int(took_part ? (int64_t)places[2 * i] : -1), value_int(took_part ? (int64_t)places[2 * i + 1] : -1)};
        if (!list_append(ev, spans, tuple_of(ev, span, 2)))
            return value_raised();
    }
    struct value both[] = {value_of(VALUE_LIST, spans), group_names(ev, code)};
    return tuple_of(ev, both, 2);
}

static struct value run(struct eval *ev, const pcre2_code *code, struct text text, int64_t start)
{
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(code, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(context, LIMIT_REGEX_ATTEMPTS);
    pcre2_set_heap_limit(context, LIMIT_REGEX_KILOBYTES);
    int count = pcre2_match(code, (PCRE2_SPTR)text.bytes, text.length, (PCRE2_SIZE)start, 0, match, context);
    struct value result = value_none();
    if (count >= 0)
        result = found(ev, code, match);
    else if (count != PCRE2_ERROR_NOMATCH)
        result = eval_unknown(ev, "a regular expression that takes too long");
    pcre2_match_data_free(match);
    pcre2_match_context_free(context);
    return result;
}

static struct value native_regex_find(struct eval *ev, const struct arguments *arguments)
{
    struct value values[5];
    static const char *const names[] = {"pattern", "text", "start", "how", "flags", NULL};
    int64_t start, flags;
    if (!arguments_bind(ev, "regex_find", arguments, names, values))
        return value_raised();
    struct str *pattern = value_string(values[0]), *text = value_string(values[1]), *how = value_string(values[3]);
    if (!pattern || !text || !how || !value_integer(values[2], &start) || !value_integer(values[4], &flags))
        return eval_unknown(ev, "a regular expression on something that cannot be told");
    if (!is_shared(str_text(pattern)) || !text_is_ascii(str_text(text)))
        return eval_unknown(ev, "the regular expression `%.60s` is not followed", pattern->bytes);
    if (start < 0 || start > (int64_t)text->length)
        return value_none();
    if (!work(ev, 20) || !work_bytes(ev, (uint64_t)pattern->length * 8 + text->length))
        return value_raised();
    pcre2_code *code = compile(str_text(pattern), flags, how->bytes);
    if (!code)
        return eval_unknown(ev, "the regular expression `%.60s` is not followed", pattern->bytes);
    struct value result = run(ev, code, str_text(text), start);
    pcre2_code_free(code);
    return result;
}

void native_regex_init(struct eval *ev)
{
    static const struct native native = {"regex_find", native_regex_find, NULL};
    native_module_add(ev, "regex_find", native_value(&native));
}
