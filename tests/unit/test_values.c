/*
 * Python's values against CPython: tests/unit/values/cases.txt holds one expression a line, expected.txt what CPython 3.11
 * makes of each (tests/oracle/python_values.py writes it), and setup.py what the expressions use.  A line that starts with
 * "? " is one that leaflint says it cannot tell.  unknown.txt holds expressions over something Unknown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eval/eval.h"
#include "eval/types.h"

#define FOLDER "tests/unit/values/"

struct host {
    struct python_file *file; /* the cases as functions */
};

static bool host_find(void *context, struct text dotted, struct found_module *found)
{
    struct host *host = context;
    *found = (struct found_module){0};
    if (!text_equal(dotted, TEXT("cases")))
        return false;
    found->file = host->file;
    found->shown = TEXT("cases.py");
    return true;
}

static bool host_find_symbol(void *context, struct text package, struct text name, struct text *dotted)
{
    (void)context, (void)package, (void)name, (void)dotted;
    return false;
}

static enum import_outcome host_outcome(void *context, struct text dotted)
{
    (void)context, (void)dotted;
    return IMPORT_FAILS;
}

static int host_package_available(void *context, struct text package)
{
    (void)context, (void)package;
    return 0;
}

static struct source read_file(const char *name)
{
    char path[256];
    struct source source;
    snprintf(path, sizeof path, "%s%s", FOLDER, name);
    enum source_status status = source_read(&source, path, text_from(name), 8u << 20);
    if (status != SOURCE_OK)
        fail_msg("%s: %s", path, source_status_words(status));
    return source;
}

/* The line at *at, without its end; moves on. */
static struct text next_line(struct text text, size_t *at)
{
    size_t first = *at;
    while (*at < text.length && text.bytes[*at] != '\n')
        (*at)++;
    struct text line = {text.bytes + first, *at - first};
    (*at)++;
    return line;
}

static bool is_case(struct text line)
{
    return line.length && line.bytes[0] != '#';
}

/* Where " => " stands in the line. */
static size_t arrow(struct text line)
{
    for (size_t at = 0; at + 4 <= line.length; at++)
        if (memcmp(line.bytes + at, " => ", 4) == 0)
            return at;
    fail_msg("no => in: %.*s", TEXT_ARGS(line));
    return 0;
}

/* What is shown of a value: its repr, or the exception as CPython's traceback ends, or "unknown: why". */
static struct text shown(struct eval *ev, struct value value)
{
    if (value.kind != VALUE_RAISED && value.kind != VALUE_UNKNOWN)
        value = value_to_repr(ev, value);
    if (value.kind == VALUE_STR)
        return text_copy(&ev->scratch, str_text(value.str));
    if (value.kind == VALUE_UNKNOWN)
        return text_format(&ev->scratch, "unknown: %.*s", TEXT_ARGS(value.reason->words));
    if (ev->stopped)
        return text_format(&ev->scratch, "stopped: %.*s", TEXT_ARGS(ev->stopped->words));
    const char *type = ev->raised.instance->class_->name->bytes;
    struct value words = value_to_str(ev, ev->raised);
    return text_format(&ev->scratch, "%s: %s", type, words.kind == VALUE_STR ? words.str->bytes : "?");
}

/* Where to start showing: a little before the texts differ. */
static size_t first_difference(struct text a, struct text b)
{
    size_t at = 0;
    while (at < a.length && at < b.length && a.bytes[at] == b.bytes[at])
        at++;
    return at > 60 ? at - 60 : 0;
}

static void show_part(const char *who, struct text text, size_t from)
{
    if (from > text.length)
        from = text.length;
    struct text part = {text.bytes + from, text.length - from};
    if (part.length > 200)
        part.length = 200;
    print_message("    %s: %s%.*s\n", who, from ? "..." : "", TEXT_ARGS(part));
}

static size_t run_case(struct eval *ev, struct namespace *namespace, size_t number, struct text line,
                       struct text expected)
{
    char name[32];
    snprintf(name, sizeof name, "case_%zu", number);
    eval_begin_model(ev);
    struct value function = namespace_get(ev, namespace, eval_intern(ev, text_from(name)));
    struct value result = function.kind == VALUE_FUNCTION ? call_values(ev, function, NULL, 0) : function;
    struct text text = function.kind == VALUE_UNBOUND ? TEXT("this line is not seen") : shown(ev, result);
    bool unknown = expected.length == 0; /* whatever the reason */
    bool same = unknown ? text_starts(text, TEXT("unknown: ")) || text_starts(text, TEXT("stopped: "))
                        : text_equal(text, expected);
    if (!same) {
        size_t from = first_difference(text, expected);
        print_message("%.*s\n", TEXT_ARGS(line));
        show_part("leaflint", text, from);
        show_part("expected", unknown ? TEXT("cannot be told") : expected, from);
    }
    eval_end_model(ev);
    return !same;
}

/* A module of the setup and one function a line: case_1, case_2, ... */
static struct python_file *make_module(struct text setup, struct text cases, bool cut)
{
    struct text_builder builder = {0};
    text_builder_add(&builder, setup);
    size_t count = 0;
    for (size_t at = 0; at < cases.length;) {
        struct text line = next_line(cases, &at);
        if (!is_case(line))
            continue;
        size_t mark = line.bytes[0] == '?' ? 2 : 0;
        struct text expression = {line.bytes + mark, line.length - mark};
        if (cut)
            expression.length = arrow(expression);
        text_builder_addf(&builder, "\n\ndef case_%zu():\n    return ", ++count);
        text_builder_add(&builder, expression);
    }
    text_builder_add(&builder, TEXT("\n"));
    struct source source;
    source_from_bytes(&source, text_builder_text(&builder), TEXT("cases.py"));
    text_builder_free(&builder);
    return python_file_split(&source);
}

static struct namespace *start(struct eval *ev, struct host *host)
{
    struct importer importer = {host, host_find, NULL, host_find_symbol, host_outcome, host_package_available};
    struct environment environment = {.torch_version = TEXT("2.13.0")};
    eval_init(ev, &importer, &environment);
    eval_begin_model(ev);
    struct value module = import_module(ev, TEXT("cases"));
    assert_int_equal(module.kind, VALUE_NAMESPACE);
    eval_end_model(ev);
    return module.namespace;
}

static void test_like_cpython(void **state)
{
    (void)state;
    struct source setup = read_file("setup.py"), cases = read_file("cases.txt"), expected = read_file("expected.txt");
    struct host host = {make_module(setup.bytes, cases.bytes, false)};
    struct eval ev;
    struct namespace *namespace = start(&ev, &host);
    size_t number = 0, differences = 0, expected_at = 0;
    for (size_t at = 0; at < cases.bytes.length;) {
        struct text line = next_line(cases.bytes, &at);
        if (!is_case(line))
            continue;
        struct text wanted = next_line(expected.bytes, &expected_at);
        differences += run_case(&ev, namespace, ++number, line, line.bytes[0] == '?' ? (struct text){0} : wanted);
    }
    print_message("%zu expressions, %zu differ from CPython\n", number, differences);
    eval_free(&ev);
    python_file_free(host.file);
    source_free(&setup);
    source_free(&cases);
    source_free(&expected);
    assert_int_equal(differences, 0);
    assert_true(number > 250); /* the file was read */
}

/* What cannot be told, and what is known in spite of it. */
static void test_unknown(void **state)
{
    (void)state;
    struct source setup = read_file("unknown_setup.py"), cases = read_file("unknown.txt");
    struct host host = {make_module(setup.bytes, cases.bytes, true)};
    struct eval ev;
    struct namespace *namespace = start(&ev, &host);
    size_t number = 0, differences = 0;
    for (size_t at = 0; at < cases.bytes.length;) {
        struct text line = next_line(cases.bytes, &at);
        if (!is_case(line))
            continue;
        size_t cut = arrow(line);
        struct text expression = {line.bytes, cut}, wanted = {line.bytes + cut + 4, line.length - cut - 4};
        differences += run_case(&ev, namespace, ++number, expression, wanted);
    }
    print_message("%zu expressions, %zu differ\n", number, differences);
    eval_free(&ev);
    python_file_free(host.file);
    source_free(&setup);
    source_free(&cases);
    assert_int_equal(differences, 0);
    assert_true(number > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_like_cpython), cmocka_unit_test(test_unknown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
