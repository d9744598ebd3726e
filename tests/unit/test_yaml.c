/*
 * YAML: against the recorded answers of PyYAML's safe_load (fixtures/yaml/cases.jsonl, written by
 * tests/oracle/yaml_texts.py), then spans, aliases, and every bound from both sides.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/limits.h"
#include "syntax/yaml.h"

#define SECONDS 6 /* for one reading of the largest file under sanitizers on a busy machine */

struct reading {
    struct arena arena;
    struct source source;
    struct json_document document;
    struct span next_document;
};

static void read_text(struct reading *reading, struct text text)
{
    *reading = (struct reading){0};
    source_from_bytes(&reading->source, text, TEXT("x.yaml"));
    yaml_read(&reading->document, &reading->next_document, &reading->source, &reading->arena);
}

static void reading_free(struct reading *reading)
{
    arena_free(&reading->arena);
    source_free(&reading->source);
}

/* ---- the recorded answers ---- */

static bool same(const struct json_value *own, const struct json_value *recorded)
{
    if (own->damaged && own->kind == JSON_OTHER && text_equal(own->text, TEXT("one of several merged values")))
        return true; /* releases of PyYAML differ */
    if (own->kind == JSON_OTHER)
        return json_get(recorded, TEXT("$other")) || recorded->kind == JSON_ARRAY; /* a list of pairs */
    if (own->kind != recorded->kind)
        return false;
    switch (own->kind) {
    case JSON_NULL: return true;
    case JSON_BOOL: return own->truth == recorded->truth;
    case JSON_NUMBER: {
        double a = own->number.real, b = recorded->number.real;
        if (own->integer && !own->overflow && own->number.whole != recorded->number.whole)
            return false;
        return own->integer == recorded->integer && (a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= fabs(b) * 1e-12);
    }
    case JSON_STRING: return text_equal(own->text, recorded->text);
    case JSON_ARRAY: {
        const struct json_value *one = own->first, *two = recorded->first;
        for (; one && two; one = one->next, two = two->next)
            if (!same(one, two))
                return false;
        return !one && !two;
    }
    case JSON_OBJECT:
        for (const struct json_value *member = own->first; member; member = member->next)
            if (!json_get(recorded, member->key))
                return false;
        for (const struct json_value *member = recorded->first; member; member = member->next)
            if (!json_get(own, member->key) || !same(json_get(own, member->key), member))
                return false;
        return true;
    case JSON_OTHER: break;
    }
    return false;
}

static bool has_refused_tag(const struct json_value *value)
{
    if (value->kind == JSON_OTHER && value->damaged && !text_equal(value->text, TEXT("one of several merged values")))
        return true;
    for (const struct json_value *member = json_first(value); member; member = member->next)
        if (has_refused_tag(member))
            return true;
    return false;
}

static const char *difference(const struct json_value *recorded, struct text text)
{
    const struct json_value *value = json_get(recorded, TEXT("value"));
    const char *what = NULL;
    struct reading reading;
    read_text(&reading, text);
    const struct json_document *document = &reading.document;
    bool accepted = document->error_count == 0 && reading.next_document.end == 0 && !has_refused_tag(document->root);
    bool empty = document->features[JSON_FEATURE_EMPTY].count;
    if (accepted && !value)
        what = ""; /* libyaml is more lenient in odd places, which does no harm */
    else if (!accepted && value)
        what = "PyYAML reads it";
    else if (accepted && !(empty && value->kind == JSON_NULL) && !same(document->root, value))
        what = "PyYAML gives another value";
    reading_free(&reading);
    return what;
}

static void recorded_answers_are_the_same(void **state)
{
    (void)state;
    struct source cases;
    struct arena arena = {0};
    size_t count = 0, different = 0, lenient = 0;
    assert_int_equal(source_read(&cases, "fixtures/yaml/cases.jsonl", TEXT("cases.jsonl"), (size_t)16 << 20), SOURCE_OK);
    for (uint32_t line = 1; source_line(&cases, line).length; line++, count++) {
        struct source source;
        struct json_document recorded;
        source_from_bytes(&source, source_line(&cases, line), TEXT("line"));
        json_read(&recorded, &source, JSON_STRICT, &arena);
        assert_int_equal(recorded.error_count, 0);
        struct text text = json_get(recorded.root, TEXT("text"))->text;
        const char *what = difference(recorded.root, text);
        lenient += what && !*what;
        if (what && *what && different++ < 20)
            print_error("line %u: %s: %.*s\n", line, what, TEXT_ARGS(source_line(&cases, line)));
        source_free(&source);
    }
    arena_free(&arena);
    source_free(&cases);
    assert_int_equal(different, 0);
    assert_true(count > 2000 && lenient < 25);
}

/* ---- spans ---- */

static struct json_value *at(struct reading *reading, const char *outer, const char *inner)
{
    struct json_value *value = json_get(reading->document.root, text_from(outer));
    return inner ? json_get(value, text_from(inner)) : value;
}

static void assert_spans(struct reading *reading, const struct json_value *value, const char *key, const char *text)
{
    assert_non_null(value);
    struct text cut = source_cut(&reading->source, value->key_span), own = source_cut(&reading->source, value->span);
    if (!text_equal(cut, text_from(key)) || !text_equal(own, text_from(text)))
        fail_msg("`%.*s`: `%.*s`, not `%s`: `%s`", TEXT_ARGS(cut), TEXT_ARGS(own), key, text);
}

static void every_key_and_value_has_its_span(void **state)
{
    (void)state;
    struct reading reading;
    read_text(&reading, TEXT("\xEF\xBB\xBF# \xC3\xA9\n\"k\xC3\xA9\": '\xE6\x97\xA5' # c\nlist: [a, {b: c}]\n"
                             "block:\n  x:\n  - 1\n  - &a !!str two\n  y: |\n    text\n\nnothing:\n"
                             "copy: *a\nflow: {u:[1], v:{w: x}}\nlast: end\n"));
    assert_int_equal(reading.document.error_count, 0);
    assert_spans(&reading, at(&reading, "k\xC3\xA9", NULL), "\"k\xC3\xA9\"", "'\xE6\x97\xA5'");
    assert_spans(&reading, at(&reading, "list", NULL), "list", "[a, {b: c}]");
    assert_spans(&reading, at(&reading, "block", NULL), "block", "x:\n  - 1\n  - &a !!str two\n  y: |\n    text");
    assert_spans(&reading, at(&reading, "block", "y"), "y", "|\n    text");
    assert_spans(&reading, at(&reading, "block", "x")->first->next, "", "two");
    assert_spans(&reading, at(&reading, "nothing", NULL), "nothing", "nothing");
    assert_spans(&reading, at(&reading, "copy", NULL), "copy", "two");
    assert_spans(&reading, at(&reading, "flow", "u"), "u", "[1]");
    assert_spans(&reading, at(&reading, "flow", "v")->first, "w", "x");
    assert_spans(&reading, at(&reading, "last", NULL), "last", "end");
    reading_free(&reading);
}

static void what_is_open_at_an_error_is_damaged(void **state)
{
    (void)state;
    struct reading reading;
    read_text(&reading, TEXT("whole: {a: [1]}\nopen:\n  b: 1\n  c: [2, }\n"));
    assert_int_equal(reading.document.error_count, 1);
    assert_int_equal(source_place(&reading.source, reading.document.errors[0].span.start).line, 4);
    assert_false(at(&reading, "whole", NULL)->damaged);
    assert_true(at(&reading, "open", NULL)->damaged);
    assert_false(at(&reading, "open", "b")->damaged);
    assert_true(at(&reading, "open", "c")->damaged);
    reading_free(&reading);
}

/* ---- bounds, on both sides ---- */

static struct text_builder text;

static void repeat(const char *piece, size_t times)
{
    for (size_t i = 0; i < times; i++)
        text_builder_add(&text, text_from(piece));
}

/* Reads `text`, which is empty again afterwards; there is no error, or the first one has these words. */
static void assert_error(const char *words)
{
    struct reading reading;
    read_text(&reading, text_builder_text(&text));
    text_builder_free(&text);
    if (!words && reading.document.error_count)
        fail_msg("%s", reading.document.errors[0].message.bytes);
    if (words && (!reading.document.error_count || !strstr(reading.document.errors[0].message.bytes, words)))
        fail_msg("%s, not %s", reading.document.error_count ? reading.document.errors[0].message.bytes : "no error", words);
    reading_free(&reading);
}

static void depth(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        repeat("[", LIMIT_CONFIG_DEPTH + over);
        repeat("]", LIMIT_CONFIG_DEPTH + over);
        assert_error(over ? "more than 200 deep" : NULL);
        repeat("- ", LIMIT_CONFIG_DEPTH + over);
        repeat("x", 1);
        assert_error(over ? "more than 200 deep" : NULL);
        /* Each alias is one deeper than what it stands for. */
        repeat("- &x0 [1]\n", 1);
        for (size_t i = 1; i < LIMIT_CONFIG_DEPTH - 1 + over; i++)
            text_builder_addf(&text, "- &x%zu [*x%zu]\n", i, i - 1);
        assert_error(over ? "more than 200 deep" : NULL);
    }
}

static void values(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        repeat("[0", 1);
        repeat(",0", LIMIT_CONFIG_VALUES - 2 + over);
        repeat("]", 1);
        assert_error(over ? "more than 1000000 keys and values" : NULL);
        /* An alias counts for all that it stands for: here 1000 values each. */
        repeat("- &x [0", 1);
        repeat(",0", 998);
        repeat("]\n", 1);
        repeat("- *x\n", 998);
        repeat("- 0\n", 999 + over);
        assert_error(over ? "more than 1000000 keys and values" : NULL);
    }
    /* A billion laughs. */
    repeat("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n", 1);
    for (int i = 1; i < 30; i++) {
        text_builder_addf(&text, "a%d: &a%d [*a%d", i, i, i - 1);
        for (int item = 1; item < 10; item++)
            text_builder_addf(&text, ", *a%d", i - 1);
        repeat("]\n", 1);
    }
    assert_error("more than 1000000 keys and values");
    /* The same with merge keys. */
    repeat("m0: &m0 {x: {x: 1}, y: {x: 1}}\n", 1);
    for (int i = 1; i < 40; i++)
        text_builder_addf(&text, "m%d: &m%d {p: {<<: *m%d}, q: {<<: *m%d}}\n", i, i, i - 1, i - 1);
    assert_error("more than 1000000 keys and values");
}

static void anchors(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        for (size_t i = 0; i < LIMIT_CONFIG_ANCHORS + over; i++)
            text_builder_addf(&text, "- &a%zu x\n", i);
        assert_error(over ? "more than 1000 anchors" : NULL);
    }
}

static void mended(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        repeat("{", 1);
        for (size_t i = 0; i < LIMIT_YAML_MENDED + over; i++)
            text_builder_addf(&text, "k%zu:[1], ", i);
        repeat("}", 1);
        assert_error(over ? "found unexpected ':'" : NULL);
    }
}

static void errors(void **state)
{
    (void)state;
    struct reading reading;
    for (int i = 0; i < LIMIT_SYNTAX_ERRORS + 5; i++)
        repeat("- *nowhere\n", 1);
    read_text(&reading, text_builder_text(&text));
    text_builder_free(&text);
    assert_int_equal(reading.document.error_count, LIMIT_SYNTAX_ERRORS);
    reading_free(&reading);
}

static const struct {
    const char *head, *unit, *tail;
} hostile[] = {
    {"", "[", ""},        {"", "{", ""},         {"", "- ", ""},      {"", "? ", ""},      {"", ": ", ""},
    {"", "a: ", ""},      {"", "a:\n", ""},      {"", "- a\n", ""},   {"[", "a,", "]"},    {"{", "a: 1,", "}"},
    {"[", "? a,", "]"},   {"", "\"", ""},        {"\"", "\\u0041", "\""}, {"'", "''", "'"}, {"", "a ", ""},
    {"", "a\n", ""},      {"", "&a ", ""},       {"", "!a ", ""},     {"", "*a\n", ""},    {"- &a x\n", "- *a\n", ""},
    {"", "#\n", ""},      {"", "# a", ""},       {"a: |\n", " x\n", ""}, {"a: >\n", " x\n", ""}, {"", "---\n", ""},
    {"", "\t", ""},       {"[", "a,\t", "]"},    {"{", "a:[],", "}"}, {"{", "a:,", "}"},   {"", "%x\n", ""},
    {"a: {<<: [", "{x: 1},", "]}"}, {"", "'a'\t", ""}, {"- 1", "1", ""}, {"- 1", ":1", ""}, {"[", "\xC3\xA9,", "]"},
};

static void hostile_files_take_no_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct reading reading;
        size_t fixed = strlen(hostile[i].head) + strlen(hostile[i].tail);
        repeat(hostile[i].head, 1);
        repeat(hostile[i].unit, (LIMIT_CONFIG_BYTES - fixed) / strlen(hostile[i].unit));
        repeat(hostile[i].tail, 1);
        clock_t start = clock();
        read_text(&reading, text_builder_text(&text));
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        text_builder_free(&text);
        if (getenv("SHOW_TIMES"))
            print_message("%6.2f s %4zu MB %s%s\n", seconds, arena_used(&reading.arena) >> 20, hostile[i].head,
                          hostile[i].unit);
        if (seconds > SECONDS)
            fail_msg("%s%s... takes %.1f seconds", hostile[i].head, hostile[i].unit, seconds);
        assert_true(arena_used(&reading.arena) < (size_t)256 << 20);
        reading_free(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_answers_are_the_same),
        cmocka_unit_test(every_key_and_value_has_its_span),
        cmocka_unit_test(what_is_open_at_an_error_is_damaged),
        cmocka_unit_test(depth),
        cmocka_unit_test(values),
        cmocka_unit_test(anchors),
        cmocka_unit_test(mended),
        cmocka_unit_test(errors),
        cmocka_unit_test(hostile_files_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
