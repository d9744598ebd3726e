/*
 * The reader of JSON and hjson: against the recorded answers of Python's hjson and json (fixtures/hjson/cases.jsonl,
 * written by tests/oracle/hjson_texts.py), then spans, features and what is said about mistakes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "syntax/json.h"

/* One text, read. */
struct reading {
    struct arena arena;
    struct source source;
    struct json_document document;
};

static void read_bytes(struct reading *reading, struct text bytes, enum json_mode mode)
{
    *reading = (struct reading){0};
    source_from_bytes(&reading->source, bytes, TEXT("config.json"));
    json_read(&reading->document, &reading->source, mode, &reading->arena);
}

static void reading_free(struct reading *reading)
{
    arena_free(&reading->arena);
    source_free(&reading->source);
}

/* ---- the recorded answers ---- */

static bool same(const struct json_value *a, const struct json_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case JSON_NULL: return true;
    case JSON_BOOL: return a->truth == b->truth;
    case JSON_NUMBER:
        return a->integer == b->integer && a->overflow == b->overflow && a->number.real == b->number.real &&
               (!a->integer || a->number.whole == b->number.whole);
    case JSON_STRING: return text_equal(a->text, b->text);
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    case JSON_OTHER: return text_equal(a->text, b->text);
    }
    const struct json_value *one = a->first, *two = b->first;
    for (; one && two; one = one->next, two = two->next)
        if (!text_equal(one->key, two->key) || !same(one, two))
            return false;
    return !one && !two && a->count == b->count;
}

static struct text text_of_case(const struct json_value *recorded, struct arena *arena)
{
    const struct json_value *text = json_get(recorded, TEXT("text")), *hex = json_get(recorded, TEXT("bytes"));
    if (text)
        return text->text;
    char *bytes = arena_alloc(arena, hex->text.length);
    for (size_t i = 0; i < hex->text.length; i += 2)
        sscanf(hex->text.bytes + i, "%2hhx", (unsigned char *)&bytes[i / 2]);
    return (struct text){bytes, hex->text.length / 2};
}

static bool any_feature(const struct json_document *document)
{
    for (size_t i = 0; i < JSON_FEATURE_KINDS; i++)
        if (document->features[i].count)
            return true;
    return false;
}

/* How a text's reading differs from the record; NULL when it does not. */
static const char *difference(const struct json_value *recorded, struct text text)
{
    const struct json_value *value = json_get(recorded, TEXT("value"));
    bool strict = json_get(recorded, TEXT("json"))->truth;
    const char *what = NULL;
    struct reading reading;
    read_bytes(&reading, text, JSON_HJSON);
    const struct json_document *document = &reading.document;
    bool accepted = document->error_count == 0 && document->duplicate_count == 0;
    if (accepted != (value != NULL))
        what = accepted ? "hjson refuses it" : "hjson reads it";
    else if (accepted && !same(document->root, value))
        what = "hjson gives another value";
    else if (accepted && document->root->kind == JSON_OBJECT && any_feature(document) == strict)
        what = strict ? "strict JSON reads it, so no feature should be noted"
                      : "strict JSON refuses it: no feature is noted";
    reading_free(&reading);
    read_bytes(&reading, text, JSON_STRICT);
    if (!what && (reading.document.error_count == 0) != strict)
        what = strict ? "json.load reads it" : "json.load refuses it";
    reading_free(&reading);
    return what;
}

static void recorded_answers_are_the_same(void **state)
{
    (void)state;
    struct source cases;
    size_t count = 0, different = 0, too_deep = 0;
    assert_int_equal(source_read(&cases, "fixtures/hjson/cases.jsonl", TEXT("cases.jsonl"), (size_t)16 << 20),
                     SOURCE_OK);
    for (uint32_t line = 1; source_line(&cases, line).length; line++, count++) {
        struct reading recorded;
        read_bytes(&recorded, source_line(&cases, line), JSON_STRICT);
        if (recorded.document.error_count) { /* a text of 200 brackets, with the record's own around its value */
            assert_non_null(strstr(recorded.document.errors[0].message.bytes, "more than 200 deep"));
            too_deep++;
            reading_free(&recorded);
            continue;
        }
        struct text text = text_of_case(recorded.document.root, &recorded.arena);
        const char *what = difference(recorded.document.root, text);
        if (what && different++ < 10)
            print_error("line %u: %s: %.*s\n", line, what, TEXT_ARGS(text));
        reading_free(&recorded);
    }
    source_free(&cases);
    assert_int_equal(different, 0);
    assert_true(count > 900 && too_deep <= 1);
}

/* ---- values ---- */

static struct json_value *at(struct reading *reading, const char *key)
{
    struct json_value *value = json_get(reading->document.root, text_from(key));
    assert_non_null(value);
    return value;
}

static void numbers_are_exact(void **state)
{
    (void)state;
    struct reading reading;
    read_bytes(
        &reading,
        TEXT("{\"max\": 9223372036854775807, \"min\": -9223372036854775808, \"over\": 9223372036854775808,\n"
             "\"under\": -9223372036854775809, \"float\": 1.0, \"small\": 5e-324, \"many\": 0.1000000000000000055,\n"
             "\"huge\": 1e999, \"nan\": NaN, \"inf\": -Infinity, \"zero\": -0.0, \"long\": "
             "0.000000000000000000000000000000000000000000000000000000000000000000000000000000001}"),
        JSON_STRICT);
    assert_int_equal(reading.document.error_count, 0);
    assert_true(at(&reading, "max")->number.whole == INT64_MAX && !at(&reading, "max")->overflow);
    assert_true(at(&reading, "min")->number.whole == INT64_MIN && !at(&reading, "min")->overflow);
    assert_true(at(&reading, "over")->overflow && at(&reading, "over")->integer);
    assert_true(at(&reading, "over")->number.real == 0x1p63);
    assert_true(at(&reading, "under")->overflow && at(&reading, "under")->number.real == -0x1p63);
    assert_false(at(&reading, "float")->integer);
    assert_true(at(&reading, "small")->number.real == 5e-324);
    assert_true(at(&reading, "many")->number.real == 0.1);
    assert_true(at(&reading, "huge")->number.real > 1e308);
    assert_true(at(&reading, "nan")->number.real != at(&reading, "nan")->number.real);
    assert_true(at(&reading, "inf")->number.real < -1e308);
    assert_true(at(&reading, "long")->number.real == 1e-81);
    reading_free(&reading);

    read_bytes(&reading, TEXT("{\"a\": 5e8, \"b\": 1e10, \"c\": -0.0, \"d\": 1.5}"), JSON_HJSON); /* hjson makes ints */
    assert_true(at(&reading, "a")->integer && at(&reading, "a")->number.whole == 500000000);
    assert_false(at(&reading, "b")->integer);
    assert_true(at(&reading, "c")->integer && at(&reading, "c")->number.whole == 0);
    assert_false(at(&reading, "d")->integer);
    reading_free(&reading);
}

static void long_numbers_end_where_python_ends(void **state)
{
    (void)state;
    for (size_t digits = 4300; digits <= 4301; digits++) {
        char *bytes = malloc(digits + 2);
        memset(bytes, '7', digits + 2);
        bytes[0] = '[';
        bytes[digits + 1] = ']';
        struct reading reading;
        for (int mode = JSON_HJSON; mode <= JSON_STRICT; mode++) {
            read_bytes(&reading, (struct text){bytes, digits + 2}, (enum json_mode)mode);
            assert_int_equal(reading.document.error_count, digits > 4300);
            reading_free(&reading);
        }
        free(bytes);
    }
}

static void of_equal_keys_the_last_counts(void **state)
{
    (void)state;
    struct reading reading;
    read_bytes(&reading, TEXT("{\"a\": 1, \"b\": {\"x\": 1, \"\\u0078\": 2}, \"a\": 3, \"a\": 4}"), JSON_STRICT);
    assert_int_equal(reading.document.error_count, 0);
    assert_int_equal(at(&reading, "a")->number.whole, 4);
    assert_int_equal(reading.document.duplicate_count, 3);
    static const uint32_t first[] = {15, 1, 1}, again[] = {23, 37, 45}; /* in the file's order */
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(reading.document.duplicates[i].first->key_span.start, first[i]);
        assert_int_equal(reading.document.duplicates[i].again->key_span.start, again[i]);
    }
    assert_null(json_get(reading.document.root, TEXT("c")));
    assert_null(json_get(at(&reading, "a"), TEXT("c")));
    assert_null(json_get(NULL, TEXT("c")));
    reading_free(&reading);
}

/* ---- spans ---- */

static void assert_cut(const struct reading *reading, struct span span, const char *expected)
{
    struct text cut = source_cut(&reading->source, span);
    if (!text_equal(cut, text_from(expected)))
        fail_msg("`%.*s` is cut, not `%s`", TEXT_ARGS(cut), expected);
}

static void spans_cut_keys_and_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key, *key_cut, *value_cut, *value; /* value: NULL when it is no string */
    } cases[] = {
        {"{\"a\": \"b\"}", "a", "\"a\"", "\"b\"", "b"},
        {"\xEF\xBB\xBF{\"a\":\t\"\\u00e9\xC3\xA9\\n\"}", "a", "\"a\"", "\"\\u00e9\xC3\xA9\\n\"", "\xC3\xA9\xC3\xA9\n"},
        {"{\"\xE6\x97\xA5\" : 'it\\'s'}", "\xE6\x97\xA5", "\"\xE6\x97\xA5\"", "'it\\'s'", "it's"},
        {"{\r\n  a : plain words, all of it  \r\n}", "a", "a", "plain words, all of it", NULL},
        {"{a: -1.5e3 // c\n}", "a", "a", "-1.5e3", NULL},
        {"{a:true,b:1}", "a", "a", "true", NULL},
        {"{a: [1, 2 ] }", "a", "a", "[1, 2 ]", NULL},
        {"a: {b: {}}", "a", "a", "{b: {}}", NULL},
        {"{a:\n'''\none\n two\n'''}", "a", "a", "'''\none\n two\n'''", "one\n two"},
        {"{\"\\ud83d\\ude00\": \"\\ud83d\"}", "\xF0\x9F\x98\x80", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\xED\xA0\xBD"},
        {"{a: \xC2\xA0x\xC2\xA0\n}", "a", "a", "x", "x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_bytes(&reading, text_from(cases[i].text), JSON_HJSON);
        assert_int_equal(reading.document.error_count, 0);
        struct json_value *value = at(&reading, cases[i].key);
        assert_cut(&reading, value->key_span, cases[i].key_cut);
        assert_cut(&reading, value->span, cases[i].value_cut);
        if (cases[i].value)
            assert_true(text_equal(value->text, text_from(cases[i].value)));
        reading_free(&reading);
    }
}

static void features_know_their_first_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_feature_kind kind;
        uint32_t count;
        const char *cut;
    } cases[] = {
        {"{} # c\n", JSON_FEATURE_COMMENT, 1, "# c"},
        {"// c\r\n{} /* d */", JSON_FEATURE_COMMENT, 2, "// c"},
        {"{\"a\": [1,],}", JSON_FEATURE_TRAILING_COMMA, 2, ","},
        {"{\"a\": [1\n2], \"b\": [{}\n3]}", JSON_FEATURE_MISSING_COMMA, 2, "1"},
        {"{\"b\": [{}\n3]}", JSON_FEATURE_MISSING_COMMA, 1, "}"},
        {"{'a': 1}", JSON_FEATURE_SINGLE_QUOTES, 1, "'a'"},
        {"{\"a\": '''b'''\n}", JSON_FEATURE_MULTILINE_STRING, 1, "'''b'''"},
        {"{a : 1}", JSON_FEATURE_UNQUOTED_KEY, 1, "a"},
        {"{\"a\": Blk,\n}", JSON_FEATURE_UNQUOTED_STRING, 1, "Blk,"},
        {"\"a\": 1", JSON_FEATURE_NO_ROOT_BRACES, 1, "\""},
        {"\xEF\xBB\xBF{}", JSON_FEATURE_BYTE_ORDER_MARK, 1, "\xEF\xBB\xBF"},
        {"{\"a\": \"x\\'\\u+123\"}", JSON_FEATURE_ESCAPE, 2, "\\'"},
        {"{\"a\": true\xC2\xA0}", JSON_FEATURE_BLANK, 1, "\xC2\xA0"},
        {" \n ", JSON_FEATURE_EMPTY, 1, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_bytes(&reading, text_from(cases[i].text), JSON_HJSON);
        assert_int_equal(reading.document.error_count, 0);
        for (size_t kind = 0; kind < JSON_FEATURE_KINDS; kind++)
            if ((kind == cases[i].kind) != (reading.document.features[kind].count > 0) && kind == cases[i].kind)
                fail_msg("feature %zu of %s", kind, cases[i].text);
        assert_int_equal(reading.document.features[cases[i].kind].count, cases[i].count);
        assert_cut(&reading, reading.document.features[cases[i].kind].span, cases[i].cut);
        reading_free(&reading);
        read_bytes(&reading, text_from(cases[i].text), JSON_STRICT);
        assert_true(reading.document.error_count > 0);
        reading_free(&reading);
    }
}

/* ---- mistakes ---- */

static void one_mistake_is_said_once_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cut, *words; /* the only error: what it spans, and a part of what it says */
    } cases[] = {
        {"{\"a\": [Blk],\n\"b\": 2}", "Blk", "takes the bracket"},
        {"{\"z\": {a: Blk},\n\"b\": 2}", "Blk", "takes the bracket"},
        {"{\"a\": [\"x\",\n\"b\": 2\n}", "\"b\"", "needs its `]`"},
        {"{\"a\": [\"x\"},\n\"b\": 2\n}", "}", "needs its `]`"},
        {"{\"a\": [1\n}", "}", "needs its `]`"},
        {"{\"a\": ,\n\"b\": 2}", "\"a\"", "has no value"},
        {"{\"a\" 1,\n\"b\": 2}", "\"a\"", "needs a `:`"},
        {"{a {x: 1},\nb: 2}", "a", "needs a `:`"},
        {"{a b: 1,\nb: 2}", "a b", "blanks"},
        {"{a\nb: 2}", "a", "no `:` and no value"},
        {"{\"a\": 1,,\n\"b\": 2}", ",", "two commas"},
        {"{,\"b\": 2}", ",", "without anything before"},
        {"{\"a\": \"x\n\"b\": 2}", "\"x", "not closed on its line"},
        {"{\"a\": [\"x],\n\"b\": 2}", "\"x", "not closed on its line"},
        {"{\"a\": \"C:\\models\",\n\"b\": 2}", "\\m", "no escape of JSON"},
        {"{\"a\": \"x\ty\",\n\"b\": 2}", "\t", "control character (U+0009)"},
        {"{\"a\": 1e999,\n\"b\": 2}", "1e999", "too large"},
        {"{\"a\": 1},\n\"b\": 2}", ",", "has ended before"},
        {"{\"b\": 2}}", "}", "closes nothing"},
        {"{\"a\": ], \"b\": 2}", "\"a\"", "has no value"},
        {"{: 1, \"b\": 2}", ":", "without a key"},
        {"{\"a\":: 1, \"b\": 2}", ":", "second `:`"},
        {"{{\"x\": 1}, \"b\": 2}", "{", "where a key is due"},
        {"{\xC2\xA0 \"b\": 2}", "\xC2\xA0", "blank"},
        {"{\"b\": 2, \"a\": [1, 2", "", "the file ends inside `a`"},
        {"{\"b\": 2, \"a\": \"x", "\"x", "the file ends inside this string"},
        {"{\"b\": 2, \"a\": '''x\n}", "'''", "not closed"},
        {"{\"b\": 2 /* }", "/*", "not closed"},
        {"b: 2\na", "a", "no `:` and no value"},
        {"b: 2\n}", "}", "closes nothing"},
        {"b: 2\na:", "a", "has no value"},
        {"{\"b\": 2, \"a\": \"\xFF\"}", "\xFF", "byte 0xFF is not UTF-8"},
        {"{\"b\": 2, \"a\": [\"x\":2]}", ":", "inside a list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_bytes(&reading, text_from(cases[i].text), JSON_HJSON);
        const struct json_document *document = &reading.document;
        if (document->error_count != 1 || !strstr(document->errors[0].message.bytes, cases[i].words))
            fail_msg("%s: %zu errors, %s", cases[i].text, document->error_count,
                     document->error_count ? document->errors[0].message.bytes : "");
        assert_cut(&reading, document->errors[0].span, cases[i].cut);
        assert_true(document->root->damaged || strstr(cases[i].words, "UTF-8"));
        /* What stands behind the mistake, or before it, is read. */
        struct json_value *kept = json_get(document->root, TEXT("b"));
        if (strstr(cases[i].text, "b\": 2") || strstr(cases[i].text, "b: 2"))
            assert_true(kept && kept->kind == JSON_NUMBER && kept->number.whole == 2 && !kept->damaged);
        reading_free(&reading);
    }
}

static void an_opened_bracket_is_named(void **state)
{
    (void)state;
    struct reading reading;
    read_bytes(&reading, TEXT("{\"a\": {\"b\": [1,\n2"), JSON_HJSON);
    assert_int_equal(reading.document.error_count, 1);
    assert_cut(&reading, reading.document.errors[0].related, "[");
    assert_string_equal(reading.document.errors[0].related_message.bytes, "opened here");
    assert_true(reading.document.root->damaged && at(&reading, "a")->damaged);
    reading_free(&reading);
}

static void a_mistake_far_from_an_unquoted_string_is_not_blamed_on_it(void **state)
{
    (void)state;
    struct reading reading;
    read_bytes(&reading, TEXT("{a: ^x)]\n\"b\": \"\\m\"}"), JSON_HJSON);
    assert_int_equal(reading.document.error_count, 1);
    assert_cut(&reading, reading.document.errors[0].span, "\\m");
    assert_true(text_equal(at(&reading, "a")->text, TEXT("^x)]")));
    reading_free(&reading);
}

static void strict_errors_say_what_json_has_not(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cut, *words;
    } cases[] = {
        {"{\"a\": 1} // c", "// c", "no comments"},
        {"{\"a\": 1,}", ",", "after the last item"},
        {"{\"a\": 1 \"b\": 2}", "1 \"b\": 2}", "no value of JSON"},
        {"{\"a\": [1] \"b\": 2}", "]", "comma is missing"},
        {"{a: 1}", "a", "double quotes"},
        {"{\"a\": None}", "None}", "no value of JSON"},
        {"", "", "the file is empty"},
        {"\xEF\xBB\xBF{}", "\xEF\xBB\xBF", "byte order mark"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_bytes(&reading, text_from(cases[i].text), JSON_STRICT);
        assert_true(reading.document.error_count >= 1);
        if (!strstr(reading.document.errors[0].message.bytes, cases[i].words))
            fail_msg("%s: %s", cases[i].text, reading.document.errors[0].message.bytes);
        assert_cut(&reading, reading.document.errors[0].span, cases[i].cut);
        reading_free(&reading);
    }
}

static void every_cut_of_a_config_is_refused_quietly(void **state)
{
    (void)state;
    struct text whole =
        TEXT("{\n  \"zero_optimization\": {\n    \"stage\": 3, // three\n    \"leaf_module\": {\n"
             "      'classes': [\"A\\u00e9\", B\n ],\n      names: '''\n        x\n        '''\n    }\n  }\n}");
    for (size_t length = 1; length <= whole.length; length++) {
        struct reading reading;
        read_bytes(&reading, (struct text){whole.bytes, length}, JSON_HJSON);
        bool complete = length == whole.length;
        if ((reading.document.error_count == 0) != complete || reading.document.error_count > 2)
            fail_msg("cut at %zu: %zu errors", length, reading.document.error_count);
        for (size_t i = 0; i < reading.document.error_count; i++)
            assert_true(reading.document.errors[i].span.end <= length);
        reading_free(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_answers_are_the_same),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(long_numbers_end_where_python_ends),
        cmocka_unit_test(of_equal_keys_the_last_counts),
        cmocka_unit_test(spans_cut_keys_and_values),
        cmocka_unit_test(features_know_their_first_place),
        cmocka_unit_test(one_mistake_is_said_once_at_its_place),
        cmocka_unit_test(an_opened_bracket_is_named),
        cmocka_unit_test(a_mistake_far_from_an_unquoted_string_is_not_blamed_on_it),
        cmocka_unit_test(strict_errors_say_what_json_has_not),
        cmocka_unit_test(every_cut_of_a_config_is_refused_quietly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
