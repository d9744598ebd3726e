/*
 * Every bound on configs, on both sides of it; and hostile files of the full size, which must not take long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/suggest.h"
#include "config/config.h"
#include "syntax/json.h"

#define SECONDS 4 /* for one reading under sanitizers on a busy machine; without them it is a tenth of a second */

static struct text_builder text;

static void repeat(const char *piece, size_t times)
{
    for (size_t i = 0; i < times; i++)
        text_builder_add(&text, text_from(piece));
}

/* What was read of `text`, which is empty again afterwards. */
struct reading {
    struct arena arena;
    struct source source;
    struct json_document document;
    struct config config;
};

static void take_source(struct reading *reading)
{
    *reading = (struct reading){0};
    source_from_bytes(&reading->source, text_builder_text(&text), TEXT("ds_config.json"));
    text_builder_free(&text);
}

static void read_json(struct reading *reading)
{
    take_source(reading);
    json_read(&reading->document, &reading->source, JSON_HJSON, &reading->arena);
}

static void read_config(struct reading *reading)
{
    take_source(reading);
    config_read_deepspeed(&reading->config, &reading->source, &reading->arena);
}

static void reading_free(struct reading *reading)
{
    arena_free(&reading->arena);
    source_free(&reading->source);
}

/* ---- both sides ---- */

static void depth(void **state)
{
    (void)state;
    for (size_t levels = LIMIT_CONFIG_DEPTH; levels <= LIMIT_CONFIG_DEPTH + 1; levels++) {
        struct reading reading;
        repeat("[", levels);
        repeat("]", levels);
        read_json(&reading);
        bool over = levels > LIMIT_CONFIG_DEPTH;
        assert_int_equal(reading.document.error_count, over);
        if (over) {
            assert_non_null(strstr(reading.document.errors[0].message.bytes, "more than 200 deep"));
            assert_int_equal(reading.document.errors[0].span.start, LIMIT_CONFIG_DEPTH);
        }
        reading_free(&reading);
    }
}

static void values(void **state)
{
    (void)state;
    for (size_t items = LIMIT_CONFIG_VALUES; items <= LIMIT_CONFIG_VALUES + 1; items++) {
        struct reading reading;
        text_builder_add(&text, TEXT("[0"));
        repeat(",0", items - 1);
        text_builder_add(&text, TEXT("]"));
        read_json(&reading);
        assert_int_equal(reading.document.error_count, items > LIMIT_CONFIG_VALUES);
        assert_true(reading.document.root->count >= LIMIT_CONFIG_VALUES);
        reading_free(&reading);
    }
}

static void a_hundred_thousand_entries_fit(void **state)
{
    (void)state;
    struct reading reading;
    text_builder_add(&text, TEXT("{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"names\": [\"\""));
    for (int i = 1; i < 100000; i++)
        text_builder_addf(&text, ",\n\"model.layers.%d\"", i % 90000);
    text_builder_add(&text, TEXT("]}}}"));
    read_config(&reading);
    assert_true(reading.config.leaf.valid);
    assert_int_equal(reading.config.reference_count, 100000);
    assert_int_equal(reading.config.references[89999].duplicate_of, -1);
    assert_int_equal(reading.config.references[99999].duplicate_of, 9999);
    reading_free(&reading);
}

static void syntax_errors(void **state)
{
    (void)state;
    for (size_t lines = LIMIT_SYNTAX_ERRORS - 1; lines <= LIMIT_SYNTAX_ERRORS + 1; lines++) {
        struct reading reading;
        text_builder_add(&text, TEXT("["));
        repeat("\"\\m\",\n", lines);
        text_builder_add(&text, TEXT("1]"));
        read_json(&reading);
        size_t expected = lines < LIMIT_SYNTAX_ERRORS ? lines : LIMIT_SYNTAX_ERRORS;
        assert_int_equal(reading.document.error_count, expected);
        reading_free(&reading);
    }
}

static void faults(void **state)
{
    (void)state;
    for (size_t keys = LIMIT_FINDINGS; keys <= LIMIT_FINDINGS + 5; keys += 5) {
        struct reading reading;
        text_builder_add(&text, TEXT("{\"zero_optimization\": {\"stage\": 3"));
        for (size_t i = 0; i < keys; i++)
            text_builder_addf(&text, ", \"unheard_of_%zu\": 1", i);
        text_builder_add(&text, TEXT("}}"));
        read_config(&reading);
        assert_int_equal(reading.config.fault_count, LIMIT_FINDINGS);
        assert_int_equal(reading.config.faults_dropped, keys - LIMIT_FINDINGS);
        assert_false(reading.config.leaf.valid);
        reading_free(&reading);
    }
}

/* Faults that are not kept still make the config one that DeepSpeed refuses. */
static void dropped_faults_count_as_refusals(void **state)
{
    (void)state;
    struct reading reading;
    text_builder_add(&text, TEXT("{"));
    for (int i = 0; i <= LIMIT_FINDINGS; i++)
        text_builder_addf(&text, "\"a%d\": {\"leaf_module\": 1},\n", i);
    text_builder_add(&text, TEXT("\"z\": {\"x\": 1, \"x\": 2}}"));
    read_config(&reading);
    assert_int_equal(reading.config.fault_count, LIMIT_FINDINGS);
    assert_int_equal(reading.config.faults[0].kind, FAULT_MISPLACED);
    assert_int_equal(reading.config.faults_dropped, 2);
    assert_false(reading.config.leaf.valid);
    reading_free(&reading);
}

static void file_size(void **state)
{
    (void)state;
    char path[] = "/tmp/leaflint-limit-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "wb");
    struct source source;
    for (size_t i = 0; i < LIMIT_CONFIG_BYTES; i++)
        fputc('[', file);
    fflush(file);
    assert_int_equal(source_read(&source, path, TEXT("x"), LIMIT_CONFIG_BYTES), SOURCE_OK);
    source_free(&source);
    fputc('[', file);
    fclose(file);
    assert_int_equal(source_read(&source, path, TEXT("x"), LIMIT_CONFIG_BYTES), SOURCE_TOO_LARGE);
    remove(path);
}

static void suggestion_length(void **state)
{
    (void)state;
    for (size_t length = LIMIT_SUGGESTION_LENGTH; length <= LIMIT_SUGGESTION_LENGTH + 1; length++) {
        char entry[LIMIT_SUGGESTION_LENGTH + 2], name[LIMIT_SUGGESTION_LENGTH + 2];
        memset(entry, 'e', sizeof entry);
        memset(name, 'e', sizeof name);
        name[length / 2] = 'n';
        struct text candidate = {name, length}, nearest;
        size_t found = suggest_nearest((struct text){entry, length}, &candidate, 1, &nearest, 1);
        assert_int_equal(found, length <= LIMIT_SUGGESTION_LENGTH);
    }
}

static void suggestion_names(void **state)
{
    (void)state;
    struct text *names = malloc((LIMIT_SUGGESTION_NAMES + 1) * sizeof *names), nearest;
    for (size_t i = 0; i <= LIMIT_SUGGESTION_NAMES; i++)
        names[i] = TEXT("something else");
    names[LIMIT_SUGGESTION_NAMES] = TEXT("classes");
    assert_int_equal(suggest_nearest(TEXT("clases"), names, LIMIT_SUGGESTION_NAMES + 1, &nearest, 1), 0);
    names[LIMIT_SUGGESTION_NAMES - 1] = TEXT("classes");
    assert_int_equal(suggest_nearest(TEXT("clases"), names, LIMIT_SUGGESTION_NAMES + 1, &nearest, 1), 1);
    free(names);
}

/* ---- hostile files ---- */

/* head, then as many of `unit` as fit into the largest file, then tail. */
static const struct {
    const char *head, *unit, *tail;
} hostile[] = {
    {"", "[", ""},
    {"", "{", ""},
    {"", "{\"a\":", ""},
    {"[", "[],", "]"},
    {"", "\"", ""},
    {"", "'''", ""},
    {"{", "a:'''''' ", "}"},
    {"", "//\n", ""},
    {"", "/**/", ""},
    {"", "\n", ""},
    {"", "\r", ""},
    {"[n", ",", ""},
    {"[", "a]\n", ""},
    {"{", "a ", ""},
    {"{", "a\n", ""},
    {"{", "]", ""},
    {"{\n", "\"a\":[} ", ""},
    {"{", "\"a\":1,", ""},
    {"{\"a\":[\"x\"", ":", ""},
    {"{\"a\":[\"x\"\n", "\"y\":\n", ""},
    {"[\"", "\\u0041", "\"]"},
    {"[", "\"\\x\"\n", "]"},
    {"{}", "}", ""},
    {"{\"a\":1}", "\"b\":1}", ""},
    {"[1", "1", "]"},
    {"[1.", "1", "]"},
    {"{\"zero_optimization\":{\"", "k", "\":1}}"},
    {"{\"zero_optimization\":{", "\"cpu_offload\":1,\"offload_optimizer\":{},", "\"x\":1}}"},
    {"{\"zero_optimization\":{\"leaf_module\":{\"classes\":[", "1,", "1]}}}"},
    {"{\"zero_optimization\":{\"leaf_module\":{\"classes\":[", "\"\",", "1]}}}"},
    {"{", "\"leaf_module\":{\"leaf_module\":1},", "\"x\":1}"},
    {"", "\xFF", ""},
    {"{a:\xC2\xA0", "\xC2\xA0", "}"},
};

static void hostile_files_take_no_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct reading reading;
        size_t fixed = strlen(hostile[i].head) + strlen(hostile[i].tail);
        text_builder_add(&text, text_from(hostile[i].head));
        repeat(hostile[i].unit, (LIMIT_CONFIG_BYTES - fixed) / strlen(hostile[i].unit));
        text_builder_add(&text, text_from(hostile[i].tail));
        clock_t start = clock();
        read_config(&reading);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (seconds > SECONDS)
            fail_msg("%s%s... takes %.1f seconds", hostile[i].head, hostile[i].unit, seconds);
        assert_true(arena_used(&reading.arena) < (size_t)256 << 20);
        reading_free(&reading);
    }
}

static void sections_of_yaml(void **state)
{
    (void)state;
    for (size_t count = LIMIT_CONFIG_SECTIONS; count <= LIMIT_CONFIG_SECTIONS + 1; count++) {
        struct reading reading;
        text_builder_add(&text, TEXT("runs:\n"));
        repeat("- deepspeed: {zero_optimization: {stage: 3, leaf_module: {classes: [A]}}}\n", count);
        take_source(&reading);
        struct configs configs;
        config_read_yaml(&configs, &reading.source, &reading.arena);
        assert_int_equal(configs.count, LIMIT_CONFIG_SECTIONS);
        assert_int_equal(configs.left_out, count - LIMIT_CONFIG_SECTIONS);
        assert_int_equal(configs.items[LIMIT_CONFIG_SECTIONS - 1].reference_count, 1);
        reading_free(&reading);
    }
}

static void read_script(struct reading *reading, struct configs *configs)
{
    take_source(reading);
    config_read_python(configs, &reading->source, &reading->arena);
}

static void script_size(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct reading reading;
        struct configs configs;
        text_builder_add(&text, TEXT("x = {'zero_optimization': {'stage': 3}}\n#"));
        repeat("x", LIMIT_SCRIPT_BYTES - text.length + over);
        read_script(&reading, &configs);
        assert_int_equal(configs.broken, over);
        assert_int_equal(configs.items[0].leaf.stage, over ? -1 : 3);
        reading_free(&reading);
    }
}

static void script_sections(void **state)
{
    (void)state;
    for (size_t count = LIMIT_CONFIG_SECTIONS; count <= LIMIT_CONFIG_SECTIONS + 1; count++) {
        struct reading reading;
        struct configs configs;
        repeat("f({'zero_optimization': {'stage': 3}})\n", count);
        read_script(&reading, &configs);
        assert_int_equal(configs.count, LIMIT_CONFIG_SECTIONS);
        assert_int_equal(configs.left_out, count - LIMIT_CONFIG_SECTIONS);
        reading_free(&reading);
    }
}

/* A call at the end of so many functions that call each other. */
static void script_calls(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct reading reading;
        struct configs configs;
        size_t count = LIMIT_SCRIPT_CALLS + over;
        text_builder_add(&text, TEXT("from deepspeed.utils import set_z3_leaf_modules\n"));
        for (size_t i = 0; i + 1 < count; i++)
            text_builder_addf(&text, "def f%zu():\n    f%zu()\n", i, i + 1);
        text_builder_addf(&text, "def f%zu():\n    set_z3_leaf_modules(model, ['A'])\nf0()\n", count - 1);
        read_script(&reading, &configs);
        assert_int_equal(configs.items[0].reference_count, !over);
        assert_int_equal(configs.items[0].leaf.other_leaves, over);
        reading_free(&reading);
    }
}

static void script_lookups(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct reading reading;
        struct configs configs;
        text_builder_add(&text, TEXT("A = 'B'\nf(config={'zero_optimization': {'stage': 3, 'leaf_module': {'names': ["));
        repeat("A, ", LIMIT_SCRIPT_LOOKUPS + over);
        text_builder_add(&text, TEXT("]}}})\n"));
        read_script(&reading, &configs);
        assert_int_equal(configs.items[0].leaf.names, over ? LIST_INVALID : LIST_GIVEN);
        reading_free(&reading);
    }
}

static void hostile_scripts_take_no_time(void **state)
{
    (void)state;
    static const char *const units[] = {"z3_leaf(", "x = [z3_leaf,\n", "z3_leaf = z3_leaf\n", "f(z3_leaf)\n", "x = 'z3_leaf\n",
                                        "x.z3_leaf(", "{'zero_optimization': ", "x = {'zero_optimization': x}\n",
                                        "def f(model):\n f(model)\n", "if x:\n set_z3_leaf_modules(model, [x])\n",
                                        "set_z3_leaf_modules(model, x)\nx = [x, x]\n", "z3_leaf; ", "(z3_leaf)(",
                                        "class z3_leaf:\n x = {}\n", "x._z3_leaf = ", "z3_leaf\n\t", "\"\"\"z3_leaf"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct reading reading;
        struct configs configs;
        text_builder_add(&text, TEXT("from deepspeed.utils import set_z3_leaf_modules\n"));
        repeat(units[i], (LIMIT_SCRIPT_BYTES - text.length) / strlen(units[i]));
        clock_t start = clock();
        read_script(&reading, &configs);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (getenv("SHOW_TIMES"))
            print_message("%6.2f s %s\n", seconds, units[i]);
        if (seconds > 2 * SECONDS)
            fail_msg("%s... takes %.1f seconds", units[i], seconds);
        reading_free(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth),
        cmocka_unit_test(values),
        cmocka_unit_test(a_hundred_thousand_entries_fit),
        cmocka_unit_test(syntax_errors),
        cmocka_unit_test(faults),
        cmocka_unit_test(dropped_faults_count_as_refusals),
        cmocka_unit_test(file_size),
        cmocka_unit_test(sections_of_yaml),
        cmocka_unit_test(script_size),
        cmocka_unit_test(script_sections),
        cmocka_unit_test(script_calls),
        cmocka_unit_test(script_lookups),
        cmocka_unit_test(hostile_scripts_take_no_time),
        cmocka_unit_test(suggestion_length),
        cmocka_unit_test(suggestion_names),
        cmocka_unit_test(hostile_files_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
