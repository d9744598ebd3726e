/* Reports of findings, and the JSON writer: whatever the bytes of a file and of its entries are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "report/json_writer.h"
#include "report/report.h"

/* What a format prints for one finding.  The caller frees it. */
static char *print(const struct report_format *format, struct text bytes, struct span span, const char *message,
                   const char *suggestion, bool colour)
{
    char *output = NULL;
    size_t length = 0;
    struct arena arena = {0};
    struct source source;
    struct findings findings = {.arena = &arena};
    struct report report = {.out = open_memstream(&output, &length), .colour = colour};
    source_from_bytes(&source, bytes, TEXT("ds.json"));
    struct finding *finding = findings_add(&findings, "unknown-class", SEVERITY_ERROR, span);
    finding->message = text_from(message);
    if (suggestion)
        finding_suggest(finding, text_from(suggestion));
    format->begin(&report);
    report_findings(&report, format, &source, &findings);
    format->end(&report);
    fclose(report.out);
    findings_free(&findings);
    source_free(&source);
    arena_free(&arena);
    return output;
}

/* The source line and the line with the carets of the text report. */
static void assert_snippet(struct text bytes, uint32_t start, uint32_t end, const char *expected)
{
    char *output = print(&report_text, bytes, (struct span){start, end}, "m", NULL, false);
    char *snippet = strchr(output, '\n');
    assert_non_null(snippet);
    snippet++;
    char *help = strstr(snippet, "  help:");
    assert_non_null(help);
    *help = 0;
    assert_string_equal(snippet, expected);
    free(output);
}

static void text_shows_the_span(void **state)
{
    (void)state;
    char *output =
        print(&report_text, TEXT("{\n  \"a\": [\"Xy\"]\n}\n"), (struct span){10, 14}, "no such thing", "Xyz", false);
    assert_string_equal(output, "ds.json:2:9: error: no such thing [unknown-class]\n"
                                "  2 |   \"a\": [\"Xy\"]\n"
                                "    |         ^~~~ did you mean `Xyz`?\n"
                                "  help: leaflint explain unknown-class\n");
    free(output);
}

static void colour_adds_nothing_but_colour(void **state)
{
    (void)state;
    struct text bytes = TEXT("[\"Xy\"]");
    char *plain = print(&report_text, bytes, (struct span){1, 5}, "m", "s", false);
    char *painted = print(&report_text, bytes, (struct span){1, 5}, "m", "s", true);
    assert_null(strchr(plain, '\x1b'));
    assert_non_null(strchr(painted, '\x1b'));
    size_t length = 0;
    for (const char *at = painted; *at; at++) {
        if (*at == '\x1b') {
            at = strchr(at, 'm');
            assert_non_null(at);
            continue;
        }
        assert_true(plain[length] == *at);
        length++;
    }
    assert_int_equal(length, strlen(plain));
    free(plain);
    free(painted);
}

static void carets_follow_the_display(void **state)
{
    (void)state;
    assert_snippet(TEXT("\t\"x\""), 1, 4, "  1 |     \"x\"\n    |     ^~~\n");
    assert_snippet(TEXT("ab\t\"x\""), 3, 6, "  1 | ab  \"x\"\n    |     ^~~\n");
    assert_snippet(TEXT("\"日本\", \"x\""), 10, 13, "  1 | \"日本\", \"x\"\n    |         ^~~\n");
    assert_snippet(TEXT("\"日本\""), 0, 8, "  1 | \"日本\"\n    | ^~~~~~\n");
    assert_snippet(TEXT("\"e\xCC\x81\""), 0, 5, "  1 | \"e\xCC\x81\"\n    | ^~~\n");  /* e and a combining accent */
    assert_snippet(TEXT("\xEF\xBB\xBF[\"x\"]"), 4, 7, "  1 | [\"x\"]\n    |  ^~~\n"); /* a byte order mark */
    assert_snippet(TEXT("a\r\n\"x\"\r\nb"), 3, 6, "  2 | \"x\"\n    | ^~~\n");
    assert_snippet(TEXT("a\r\"x\"\rb"), 2, 5, "  2 | \"x\"\n    | ^~~\n");
}

static void what_cannot_be_seen_is_made_visible(void **state)
{
    (void)state;
    assert_snippet(TEXT("\"\xE2\x80\xAE\x1b[2J\""), 0, 9,
                   "  1 | \"<U+202E><U+001B>[2J\"\n    | ^~~~~~~~~~~~~~~~~~~~~\n");
    assert_snippet(TEXT("\"\xFF\", \"x\""), 5, 8, "  1 | \"<0xFF>\", \"x\"\n    |           ^~~\n");
    assert_snippet((struct text){"a\0\"x\"", 5}, 2, 5, "  1 | a<U+0000>\"x\"\n    |          ^~~\n");
    char *output =
        print(&report_text, TEXT("x"), (struct span){0, 1}, "entry `a\nb\x1b\xC2\x9B\xE2\x81\xA6\xFF`", "\n", false);
    assert_non_null(strstr(output, "entry `a<U+000A>b<U+001B><U+009B><U+2066><0xFF>`"));
    assert_non_null(strstr(output, "did you mean `<U+000A>`?"));
    free(output);
}

static void odd_spans(void **state)
{
    (void)state;
    assert_snippet(TEXT(""), 0, 0, "  1 | \n    | ^\n");
    assert_snippet(TEXT("abc"), 3, 3, "  1 | abc\n    |    ^\n");
    assert_snippet(TEXT("abc\n"), 4, 4, "  2 | \n    | ^\n");
    assert_snippet(TEXT("a [1,\n2] b"), 2, 8,
                   "  1 | a [1,\n    |   ^~~\n"); /* over two lines: to the end of the first */
    assert_snippet(TEXT("\xEF\xBB\xBF{}"), 0, 3, "  1 | <U+FEFF>{}\n    | ^~~~~~~~\n"); /* the mark itself */
}

static void long_lines_are_cut_around_the_span(void **state)
{
    (void)state;
    struct text_builder line = {0};
    for (int i = 0; i < 100000; i++)
        text_builder_add(&line, TEXT("é"));
    text_builder_add(&line, TEXT("\"x\""));
    uint32_t at = (uint32_t)line.length - 3;
    for (int i = 0; i < 100000; i++)
        text_builder_add(&line, TEXT("日"));
    char *output = print(&report_text, text_builder_text(&line), (struct span){at, at + 3}, "m", NULL, false);
    assert_true(strlen(output) < 1000);
    assert_true(text_is_utf8(text_from(output)));
    assert_non_null(strstr(output, "| ...é"));
    assert_non_null(strstr(output, "日...\n"));
    assert_non_null(strstr(output, "ds.json:1:100001:"));
    /* 60 columns and the dots stand before the caret. */
    const char *carets = strstr(output, "\n    | ");
    assert_int_equal(strspn(carets + 7, " "), 63);
    free(output);
    /* A span that is itself too long. */
    output = print(&report_text, text_builder_text(&line), (struct span){0, (uint32_t)line.length}, "m", NULL, false);
    assert_true(strlen(output) < 1000);
    free(output);
    /* Malformed bytes only. */
    memset((char *)line.bytes, 0x80, line.length);
    output = print(&report_text, text_builder_text(&line), (struct span){5000, 5003}, "m", NULL, false);
    assert_true(strlen(output) < 1000);
    free(output);
    text_builder_free(&line);
}

static void json_is_valid_utf8(void **state)
{
    (void)state;
    char *output = print(&report_json, TEXT("[\"\xFF\"]"), (struct span){1, 4},
                         "a \"quote\" \\ \x01 \xFF\xE2\x80\xA8 é", "x", false);
    assert_true(text_is_utf8(text_from(output)));
    assert_non_null(strstr(output, "\"message\": \"a \\\"quote\\\" \\\\ \\u0001 \xEF\xBF\xBD\\u2028 é\""));
    assert_non_null(strstr(output, "\"start\": {\"line\": 1, \"column\": 2, \"byte\": 1}"));
    assert_non_null(strstr(output, "\"end\": {\"line\": 1, \"column\": 5, \"byte\": 4}"));
    assert_non_null(strstr(output, "\"models\": []"));
    free(output);
}

static void github_commands_cannot_be_injected(void **state)
{
    (void)state;
    char *output =
        print(&report_github, TEXT("[\"x\"]"), (struct span){1, 4}, "a%0A\n::error::b\r", "c\n::set-env", false);
    assert_string_equal(output, "::error file=ds.json,line=1,endLine=1,col=2,endColumn=5,title=leaflint unknown-class::"
                                "a%250A%0A::error::b<U+000D>; did you mean `c%0A::set-env`\n");
    free(output);
}

static void sarif_is_one_run(void **state)
{
    (void)state;
    char *output = print(&report_sarif, TEXT("[\"x\"]"), (struct span){1, 4}, "m", "s", false);
    assert_non_null(strstr(output, "\"version\": \"2.1.0\""));
    assert_non_null(strstr(output, "\"ruleId\": \"unknown-class\""));
    assert_non_null(
        strstr(output, "\"startColumn\": 2, \"endLine\": 1, \"endColumn\": 5, \"byteOffset\": 1, \"byteLength\": 3"));
    free(output);
}

static void findings_that_were_too_many_are_counted(void **state)
{
    (void)state;
    static const struct report_format *const formats[] = {&report_text, &report_json, &report_sarif, &report_github};
    for (size_t i = 0; i < 4; i++) {
        char *output = NULL;
        size_t length = 0;
        struct source source;
        struct findings findings = {.dropped = 17};
        struct report report = {.out = open_memstream(&output, &length)};
        source_from_bytes(&source, TEXT("{}"), TEXT("ds.json"));
        formats[i]->begin(&report);
        report_findings(&report, formats[i], &source, &findings);
        formats[i]->end(&report);
        fclose(report.out);
        assert_non_null(strstr(output, "17 more findings"));
        source_free(&source);
        free(output);
    }
}

static void the_writer_keeps_commas_and_lines(void **state)
{
    (void)state;
    char *output = NULL;
    size_t length = 0;
    struct json_writer writer = {.out = open_memstream(&output, &length)};
    json_open(&writer, '{', JSON_LINES);
    json_key(&writer, TEXT("a"));
    json_open(&writer, '[', JSON_LINES);
    json_close(&writer, ']');
    json_key(&writer, TEXT("b"));
    json_open(&writer, '[', JSON_INLINE);
    json_integer(&writer, -1);
    json_open(&writer, '{', JSON_LINES); /* inside an inline one: inline */
    json_member(&writer, "c", TEXT("\t"));
    json_key(&writer, TEXT("d"));
    json_null(&writer);
    json_close(&writer, '}');
    json_close(&writer, ']');
    json_key(&writer, TEXT("e"));
    json_open(&writer, '[', JSON_LINES);
    json_integer(&writer, INT64_MAX);
    json_string(&writer, TEXT("x"));
    json_close(&writer, ']');
    json_close(&writer, '}');
    fclose(writer.out);
    assert_string_equal(output, "{\n  \"a\": [],\n  \"b\": [-1, {\"c\": \"\\t\", \"d\": null}],\n"
                                "  \"e\": [\n    9223372036854775807,\n    \"x\"\n  ]\n}");
    free(output);
}

/* What is longer than the writer keeps, and what crosses the end of that, comes out whole. */
static void the_writer_takes_texts_of_any_length(void **state)
{
    (void)state;
    for (size_t size = JSON_WAITING_BYTES - 12; size < JSON_WAITING_BYTES + 4; size++) {
        char *output = NULL, *long_text = memory_alloc(size);
        size_t length = 0;
        memset(long_text, 'x', size);
        struct json_writer writer = {.out = open_memstream(&output, &length)};
        json_open(&writer, '[', JSON_INLINE);
        json_string(&writer, (struct text){long_text, size});
        json_integer(&writer, INT64_MIN);
        json_string(&writer, TEXT("a\"b\\\n\x01\x7f\xc3\xa9\xff\xe2\x80\xa8"));
        json_integer(&writer, 0);
        json_close(&writer, ']');
        fclose(writer.out);
        static const char rest[] = "\", -9223372036854775808, \"a\\\"b\\\\\\n\\u0001\\u007f\xc3\xa9\xef\xbf\xbd\\u2028\", 0]";
        assert_int_equal(length, 2 + size + sizeof rest - 1);
        assert_memory_equal(output + 2, long_text, size);
        assert_string_equal(output + 2 + size, rest);
        free(long_text);
        free(output);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_shows_the_span),
        cmocka_unit_test(colour_adds_nothing_but_colour),
        cmocka_unit_test(carets_follow_the_display),
        cmocka_unit_test(what_cannot_be_seen_is_made_visible),
        cmocka_unit_test(odd_spans),
        cmocka_unit_test(long_lines_are_cut_around_the_span),
        cmocka_unit_test(json_is_valid_utf8),
        cmocka_unit_test(github_commands_cannot_be_injected),
        cmocka_unit_test(sarif_is_one_run),
        cmocka_unit_test(findings_that_were_too_many_are_counted),
        cmocka_unit_test(the_writer_keeps_commas_and_lines),
        cmocka_unit_test(the_writer_takes_texts_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
