/*
 * DeepSpeed's config: against the recorded answers of DeepSpeed's own validation (fixtures/zero/cases.jsonl, written by
 * tests/oracle/zero_texts.py), then what is said about each fault, and where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "config/config.h"
#include "syntax/json.h"

struct reading {
    struct arena arena;
    struct source source;
    struct config config;
};

static void read_text(struct reading *reading, struct text text)
{
    *reading = (struct reading){0};
    source_from_bytes(&reading->source, text, TEXT("ds_config.json"));
    config_read_deepspeed(&reading->config, &reading->source, &reading->arena);
}

static void reading_free(struct reading *reading)
{
    arena_free(&reading->arena);
    source_free(&reading->source);
}

/* ---- the recorded answers ---- */

/* The list as DeepSpeed has it: doubles taken out.  NULL in the record stands for the default classes. */
static bool same_list(const struct config *config, enum reference_kind kind, enum leaf_list_state state,
                      const struct json_value *recorded)
{
    const struct json_value *expected = json_first(recorded);
    if (recorded->kind == JSON_NULL)
        return state == LIST_ABSENT;
    for (size_t i = 0; i < config->reference_count; i++) {
        const struct reference *reference = &config->references[i];
        if (reference->kind != kind || reference->duplicate_of >= 0)
            continue;
        if (!expected || !text_equal(reference->text, expected->text))
            return false;
        expected = expected->next;
    }
    return !expected;
}

static const char *difference(const struct config *config, const struct json_value *recorded)
{
    bool accepted = json_get(recorded, TEXT("raises"))->kind == JSON_NULL;
    const struct leaf_config *leaf = &config->leaf;
    if (leaf->valid != accepted)
        return accepted ? "DeepSpeed accepts it" : "DeepSpeed refuses it";
    if (!accepted)
        return config->fault_count ? NULL : "no fault is said";
    /* "auto" is 0 for DeepSpeed itself, and -1 here: accelerate fills it in. */
    if (leaf->stage >= 0 && leaf->stage != json_get(recorded, TEXT("stage"))->number.whole)
        return "another stage";
    if (!same_list(config, REFERENCE_CLASS, leaf->classes, json_get(recorded, TEXT("classes"))))
        return "other classes";
    if (!same_list(config, REFERENCE_NAME, leaf->names, json_get(recorded, TEXT("names"))))
        return "other names";
    if (!same_list(config, REFERENCE_SUFFIX, leaf->suffixes, json_get(recorded, TEXT("name_suffixes"))))
        return "other suffixes";
    return NULL;
}

static void recorded_answers_are_the_same(void **state)
{
    (void)state;
    struct source cases;
    size_t count = 0, different = 0;
    assert_int_equal(source_read(&cases, "fixtures/zero/cases.jsonl", TEXT("cases.jsonl"), (size_t)16 << 20),
                     SOURCE_OK);
    for (uint32_t line = 1; source_line(&cases, line).length; line++, count++) {
        struct arena arena = {0};
        struct source source;
        struct json_document recorded;
        struct reading reading;
        source_from_bytes(&source, source_line(&cases, line), TEXT("line"));
        json_read(&recorded, &source, JSON_STRICT, &arena);
        read_text(&reading, json_get(recorded.root, TEXT("text"))->text);
        const char *what = difference(&reading.config, recorded.root);
        if (what && different++ < 10)
            print_error("line %u: %s: %.*s\n", line, what, TEXT_ARGS(reading.source.bytes));
        reading_free(&reading);
        arena_free(&arena);
        source_free(&source);
    }
    source_free(&cases);
    assert_int_equal(different, 0);
    assert_true(count > 1000);
}

/* ---- references ---- */

static void assert_cut(const struct reading *reading, struct span span, const char *expected)
{
    struct text cut = source_cut(&reading->source, span);
    if (!text_equal(cut, text_from(expected)))
        fail_msg("`%.*s` is cut, not `%s`", TEXT_ARGS(cut), expected);
}

static void references_come_in_the_order_of_deepspeed(void **state)
{
    (void)state;
    struct reading reading;
    read_text(&reading,
              TEXT("\xEF\xBB\xBF{\r\n\t\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\r\n"
                   "\t\t\"name_suffixes\": \"mlp\",\r\n\t\t\"names\": [\"\xC3\xA9\", \"\\u00e9\", \"auto\"],\r\n"
                   "\t\t\"classes\": ['A', B\r\n\t\t\"A\"]}}}"));
    const struct config *config = &reading.config;
    static const struct {
        enum reference_kind kind;
        const char *text, *cut, *key;
        uint32_t index;
        int32_t duplicate_of;
    } expected[] = {
        {REFERENCE_CLASS, "A", "'A'", "zero_optimization.leaf_module.classes[0]", 0, -1},
        {REFERENCE_CLASS, "B", "B", "zero_optimization.leaf_module.classes[1]", 1, -1},
        {REFERENCE_CLASS, "A", "\"A\"", "zero_optimization.leaf_module.classes[2]", 2, 0},
        {REFERENCE_NAME, "\xC3\xA9", "\"\xC3\xA9\"", "zero_optimization.leaf_module.names[0]", 0, -1},
        {REFERENCE_NAME, "\xC3\xA9", "\"\\u00e9\"", "zero_optimization.leaf_module.names[1]", 1, 3},
        {REFERENCE_NAME, "auto", "\"auto\"", "zero_optimization.leaf_module.names[2]", 2, -1},
        {REFERENCE_SUFFIX, "mlp", "\"mlp\"", "zero_optimization.leaf_module.name_suffixes", 0, -1},
    };
    assert_int_equal(config->reference_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < config->reference_count; i++) {
        const struct reference *reference = &config->references[i];
        assert_int_equal(reference->kind, expected[i].kind);
        assert_true(text_equal(reference->text, text_from(expected[i].text)));
        assert_true(text_equal(reference->key, text_from(expected[i].key)));
        assert_cut(&reading, reference->span, expected[i].cut);
        assert_int_equal(reference->index, expected[i].index);
        assert_int_equal(reference->duplicate_of, expected[i].duplicate_of);
    }
    assert_true(config->readable && config->leaf.present && config->leaf.valid);
    assert_int_equal(config->leaf.stage, 3);
    assert_cut(&reading, config->leaf.stage_span, "3");
    assert_cut(&reading, config->leaf.span, "\"leaf_module\"");
    assert_cut(&reading, config->leaf.classes_span, "\"classes\"");
    assert_cut(&reading, config->leaf.names_span, "\"names\"");
    assert_cut(&reading, config->leaf.suffixes_span, "\"name_suffixes\"");
    reading_free(&reading);
}

static void where_a_missing_leaf_module_would_stand(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cut;
    } cases[] = {
        {"{\"zero_optimization\": {\"stage\": 3}}", "\"zero_optimization\""},
        {"{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": null}}", "\"leaf_module\""},
        {"// c\n{\"a\": 1}", "{"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_text(&reading, text_from(cases[i].text));
        assert_false(reading.config.leaf.present);
        assert_cut(&reading, reading.config.leaf.span, cases[i].cut);
        reading_free(&reading);
    }
}

static void a_refused_list_still_gives_its_strings(void **state)
{
    (void)state;
    struct reading reading;
    read_text(&reading,
              TEXT("{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"classes\": [\"A\", 3, \"B\"]}}}"));
    assert_int_equal(reading.config.leaf.classes, LIST_INVALID);
    assert_int_equal(reading.config.reference_count, 2);
    assert_string_equal(reading.config.references[1].key.bytes, "zero_optimization.leaf_module.classes[2]");
    reading_free(&reading);
}

/* ---- faults ---- */

#define Z(rest) "{\"zero_optimization\": {\"stage\": 3, " rest "}}"
#define LEAF(rest) Z("\"leaf_module\": {" rest "}")

/* One fault, and only one. */
static const struct {
    const char *text;
    enum config_fault_kind kind;
    const char *cut, *key, *message, *suggestion; /* NULL: none */
} faults[] = {
    /* unknown keys */
    {LEAF("\"class\": [\"A\"]"), FAULT_UNKNOWN_KEY, "\"class\"", "zero_optimization.leaf_module.class",
     "`leaf_module` has no key `class`", "classes"},
    {LEAF("\"suffixes\": []"), FAULT_UNKNOWN_KEY, "\"suffixes\"", "zero_optimization.leaf_module.suffixes",
     "`leaf_module` has no key `suffixes`", "name_suffixes"},
    {LEAF("\"Classes\": []"), FAULT_UNKNOWN_KEY, "\"Classes\"", "zero_optimization.leaf_module.Classes",
     "`leaf_module` has no key `Classes`", "classes"},
    {LEAF("\"zzz\": []"), FAULT_UNKNOWN_KEY, "\"zzz\"", "zero_optimization.leaf_module.zzz",
     "`leaf_module` has no key `zzz`", NULL},
    {Z("\"leaf_modules\": {}"), FAULT_UNKNOWN_KEY, "\"leaf_modules\"", "zero_optimization.leaf_modules",
     "`zero_optimization` has no key `leaf_modules`", "leaf_module"},
    {Z("\"classes\": []"), FAULT_UNKNOWN_KEY, "\"classes\"", "zero_optimization.classes",
     "`zero_optimization` has no key `classes`; it belongs in its `leaf_module`", NULL},
    {Z("\"overlapcomm\": true"), FAULT_UNKNOWN_KEY, "\"overlapcomm\"", "zero_optimization.overlapcomm",
     "`zero_optimization` has no key `overlapcomm`", "overlap_comm"},
    {Z("\"offload_param\": {\"leaf_module\": {}}"), FAULT_UNKNOWN_KEY, "\"leaf_module\"",
     "zero_optimization.offload_param.leaf_module",
     "`offload_param` has no key `leaf_module`; it belongs in `zero_optimization`", NULL},
    {Z("\"mics_shard_size\": 8"), FAULT_UNKNOWN_KEY, "\"mics_shard_size\"", "zero_optimization.mics_shard_size",
     "DeepSpeed 0.19.8 refuses `mics_shard_size`, which was removed: MiCS is gone", NULL},
    {"{\"amp\": {}}", FAULT_UNKNOWN_KEY, "\"amp\"", "amp",
     "DeepSpeed 0.19.8 refuses `amp`, which was removed: use `fp16`, `bf16` or `torch_autocast`", NULL},
    /* wrong types */
    {Z("\"leaf_module\": [\"A\"]"), FAULT_WRONG_TYPE, "[\"A\"]", "zero_optimization.leaf_module",
     "`leaf_module` must be a mapping with `classes`, `names` or `name_suffixes`, not a list", NULL},
    {LEAF("\"names\": 3"), FAULT_WRONG_TYPE, "3", "zero_optimization.leaf_module.names",
     "`names` must be a list of strings, not `3`", NULL},
    {LEAF("\"classes\": {}"), FAULT_WRONG_TYPE, "{}", "zero_optimization.leaf_module.classes",
     "`classes` must be a list of strings, not a mapping", NULL},
    {LEAF("\"classes\": [\"A\", null]"), FAULT_WRONG_TYPE, "null", "zero_optimization.leaf_module.classes[1]",
     "an entry of `classes` must be a string, not `null`", NULL},
    {"{\"zero_optimization\": {\"stage\": 4}}", FAULT_WRONG_TYPE, "4", "zero_optimization.stage",
     "`stage` must be 0, 1, 2 or 3, not `4`", NULL},
    {"{\"zero_optimization\": {\"stage\": \"three\"}}", FAULT_WRONG_TYPE, "\"three\"", "zero_optimization.stage",
     "`stage` must be 0, 1, 2 or 3, not the string `three`", NULL},
    {"{\"zero_optimization\": \"auto\"}", FAULT_WRONG_TYPE, "\"auto\"", "zero_optimization",
     "`zero_optimization` must be a mapping, not the string `auto`", NULL},
    {Z("\"reduce_bucket_size\": 0"), FAULT_WRONG_TYPE, "0", "zero_optimization.reduce_bucket_size",
     "`reduce_bucket_size` must be a whole number over 0, not `0`", NULL},
    {Z("\"offload_optimizer\": {\"ratio\": 2}"), FAULT_WRONG_TYPE, "2", "zero_optimization.offload_optimizer.ratio",
     "`ratio` must be a number from 0 to 1, not `2`", NULL},
    {Z("\"offload_param\": {\"device\": \"gpu\"}"), FAULT_WRONG_TYPE, "\"gpu\"",
     "zero_optimization.offload_param.device", "`device` must be `none`, `cpu` or `nvme`, not the string `gpu`", NULL},
    {Z("\"compute_grad_norm\": false"), FAULT_WRONG_TYPE, "false", "zero_optimization.compute_grad_norm",
     "`compute_grad_norm` can be false only at stage 1 or 2; this is stage 3", NULL},
    /* twice */
    {"{\"zero_optimization\": {\"stage\": 3, \"stage\": 3}}", FAULT_DUPLICATE_KEY, "\"stage\"",
     "zero_optimization.stage",
     "`stage` is given twice in `zero_optimization`; DeepSpeed stops, Hugging Face's Trainer and accelerate take the "
     "last one",
     NULL},
    {"{\"a\": [{\"b\": 1, \"b\": 2}]}", FAULT_DUPLICATE_KEY, "\"b\"", "a[0].b",
     "`b` is given twice in `a[0]`; DeepSpeed stops, Hugging Face's Trainer and accelerate take the last one", NULL},
    {Z("\"cpu_offload\": true, \"offload_optimizer\": {}"), FAULT_DUPLICATE_KEY, "\"cpu_offload\"",
     "zero_optimization.cpu_offload",
     "`cpu_offload` is the old form of `offload_optimizer`; DeepSpeed refuses both together", NULL},
    {Z("\"prefetch_bucket_size\": 1, \"stage3_prefetch_bucket_size\": 1"), FAULT_DUPLICATE_KEY,
     "\"prefetch_bucket_size\"", "zero_optimization.prefetch_bucket_size",
     "`prefetch_bucket_size` and `stage3_prefetch_bucket_size` are one setting; DeepSpeed refuses both together", NULL},
    /* misplaced */
    {"{\"leaf_module\": {}}", FAULT_MISPLACED, "\"leaf_module\"", "leaf_module",
     "`leaf_module` is ignored here; DeepSpeed reads it only inside `zero_optimization`", NULL},
    {"{\"moe_leaf_modules\": []}", FAULT_MISPLACED, "\"moe_leaf_modules\"", "moe_leaf_modules",
     "`moe_leaf_modules` is ignored; DeepSpeed reads `leaf_module` inside `zero_optimization`", NULL},
    {"{\"leaf-modul\": []}", FAULT_MISPLACED, "\"leaf-modul\"", "leaf-modul",
     "`leaf-modul` is ignored; DeepSpeed reads `leaf_module` inside `zero_optimization`", NULL},
    {"{\"zero_optimisation\": {\"leaf_module\": {}}}", FAULT_MISPLACED, "\"leaf_module\"",
     "zero_optimisation.leaf_module",
     "`leaf_module` is ignored: its section is spelt `zero_optimisation`, not `zero_optimization`", NULL},
    {"{\"optimizer\": {\"params\": [{\"leaf_module\": {}}]}}", FAULT_MISPLACED, "\"leaf_module\"",
     "optimizer.params[0].leaf_module",
     "`leaf_module` in `optimizer.params[0]`: DeepSpeed reads `leaf_module` only inside `zero_optimization`", NULL},
    /* without stage 3 */
    {"{\"zero_optimization\": {\"stage\": 2, \"leaf_module\": {}}}", FAULT_LEAF_WITHOUT_STAGE3, "\"leaf_module\"",
     "zero_optimization.leaf_module", "`leaf_module` has no effect: `stage` is 2, not 3", NULL},
    {"{\"zero_optimization\": {\"leaf_module\": {}}}", FAULT_LEAF_WITHOUT_STAGE3, "\"leaf_module\"",
     "zero_optimization.leaf_module", "`leaf_module` has no effect: no `stage` is given, so it is 0, not 3", NULL},
    /* no config */
    {"", FAULT_SYNTAX, "", "", "the file is empty", NULL},
    {"# nothing\n", FAULT_SYNTAX, "", "", "the file holds nothing but comments", NULL},
    {"[1]", FAULT_SYNTAX, "[1]", "", "a config is a mapping, this is a list", NULL},
    {"\"x\"", FAULT_SYNTAX, "\"x\"", "", "a config is a mapping, this is a string", NULL},
    {"\xFF\xFEx", FAULT_SYNTAX, "\xFF\xFE", "", "the file is UTF-16; DeepSpeed reads UTF-8", NULL},
    {"a:\n  - b\n  - c\n", FAULT_SYNTAX, "-", "", "this looks like YAML; DeepSpeed reads JSON (or hjson)", NULL},
    {"{\"a\": [1, 2", FAULT_SYNTAX, "", "", "the file ends inside `a`: a `]` is missing", NULL},
    /* only hjson reads it */
    {"{\"a\": 1} // one", FAULT_NEEDS_HJSON, "// one", "",
     "a comment: DeepSpeed reads it, Hugging Face's Trainer and accelerate (strict JSON) do not", NULL},
    {"{\"a\": [1,], \"b\": [2,]}", FAULT_NEEDS_HJSON, ",", "",
     "a comma after the last item, the first of 2: DeepSpeed reads it, Hugging Face's Trainer and accelerate (strict "
     "JSON) do "
     "not",
     NULL},
    {"{\"a\": Blk,\n\"b\": 1}", FAULT_NEEDS_HJSON, "Blk,", "", NULL, NULL},
};

static void each_fault_is_said_once_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct reading reading;
        read_text(&reading, text_from(faults[i].text));
        const struct config_fault *fault = reading.config.faults;
        size_t count = reading.config.fault_count;
        if (i + 1 == sizeof faults / sizeof *faults && count == 2)
            count--; /* the comma that the string took is missing behind it */
        if (count != 1)
            fail_msg("%zu faults in %s", count, faults[i].text);
        if (fault->kind != faults[i].kind)
            fault++;
        assert_int_equal(fault->kind, faults[i].kind);
        assert_cut(&reading, fault->span, faults[i].cut);
        assert_true(text_equal(fault->key, text_from(faults[i].key)));
        assert_true(text_equal(fault->value, text_from(faults[i].cut)));
        if (faults[i].message && !text_equal(fault->message, text_from(faults[i].message)))
            fail_msg("%s: %.*s", faults[i].text, TEXT_ARGS(fault->message));
        assert_int_equal(fault->suggestion_count > 0, faults[i].suggestion != NULL);
        if (faults[i].suggestion)
            assert_true(text_equal(fault->suggestions[0], text_from(faults[i].suggestion)));
        bool stops = fault->kind != FAULT_NEEDS_HJSON && fault->kind != FAULT_MISPLACED &&
                     fault->kind != FAULT_LEAF_WITHOUT_STAGE3;
        assert_int_equal(reading.config.leaf.valid, !stops);
        reading_free(&reading);
    }
}

static void what_deepspeed_takes_without_a_word_has_no_fault(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"train_micro_batch_size_per_gpu\": 1, \"anything\": {\"else\": [1]}}",
        LEAF("\"classes\": [\"A\"], \"names\": \"b\", \"name_suffixes\": []"),
        LEAF("\"classes\": \"auto\", \"nonsense\": \"auto\""),
        Z("\"leaf_module\": \"auto\", \"nonsense\": \"auto\", \"strict\": false"),
        Z("\"leaf_module\": null, \"overlap_comm\": \"yes\", \"reduce_bucket_size\": 5e8"),
        "{\"zero_optimization\": {\"stage\": \"3\", \"leaf_module\": {}}}",
        "{\"zero_optimization\": {\"stage\": \"auto\", \"leaf_module\": {}}}",
        "{\"zero_optimization\": true}",
        "{\"zero_optimization\": {\"stage\": 2, \"cpu_offload\": true}}",
        "{\"leaf\": 1, \"module\": 2, \"zero_optimization\": {\"stage\": 3}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading reading;
        read_text(&reading, text_from(texts[i]));
        if (reading.config.fault_count || !reading.config.leaf.valid)
            fail_msg("%s: %s", texts[i],
                     reading.config.fault_count ? reading.config.faults[0].message.bytes : "not valid");
        reading_free(&reading);
    }
}

/* A mistake somewhere does not keep the rest from being looked at; nothing is claimed about what it may have hidden. */
static void the_rest_is_read_behind_a_mistake(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t faults, references;
        enum leaf_list_state classes;
    } cases[] = {
        {"{\n\"fp16\": {\"enabled\": tru e},\n\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"classes\": "
         "[\"A\"]}}\n}",
         1, 1, LIST_GIVEN},
        {"{\n\"a\": ,\n\"zero_optimization\": {\"leaf_module\": {\"class\": [\"A\"]}, \"stage\": 3}\n}", 2, 0,
         LIST_ABSENT},
        {"{\"zero_optimization\": {\"leaf_module\": {\n\"classes\": [\"A\",\n\"names\": [\"b\"]\n}}}", 1, 2,
         LIST_INVALID},
        {"{\"zero_optimization\": {\"leaf_module\": {\n\"classes\": [\"A\", \"B", 1, 1, LIST_INVALID},
        {"{\"zero_optimization\": {\"leaf_module\": {\n\"names\": [\"A\",", 1, 1, LIST_INVALID},
        {"{\"zero_optimization\": {\"stage\": 3,\n\"leaf_module\": {\"classes\": [A, B], \"names\": [\"c\"]}\n}}", 1, 1,
         LIST_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_text(&reading, text_from(cases[i].text));
        size_t said = 0;
        for (size_t k = 0; k < reading.config.fault_count; k++)
            said += reading.config.faults[k].kind != FAULT_NEEDS_HJSON;
        if (said != cases[i].faults || reading.config.reference_count != cases[i].references)
            fail_msg("%s: %zu faults, %zu references", cases[i].text, said, reading.config.reference_count);
        assert_int_equal(reading.config.faults[0].kind, FAULT_SYNTAX);
        assert_int_equal(reading.config.leaf.classes, cases[i].classes);
        assert_false(reading.config.leaf.valid);
        reading_free(&reading);
    }
}

static void the_other_place_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cut;
        uint32_t start;
    } cases[] = {
        {"{\"a\": 1, \"a\": 2}", "\"a\"", 1},
        {"{\"zero_optimization\": {\"stage\": 1, \"leaf_module\": {}}}", "1", 32},
        {"{\"a\": [1", "[", 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        read_text(&reading, text_from(cases[i].text));
        assert_int_equal(reading.config.fault_count, 1);
        assert_cut(&reading, reading.config.faults[0].related, cases[i].cut);
        assert_int_equal(reading.config.faults[0].related.start, cases[i].start);
        assert_true(reading.config.faults[0].related_message.length > 0);
        reading_free(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_answers_are_the_same),
        cmocka_unit_test(references_come_in_the_order_of_deepspeed),
        cmocka_unit_test(where_a_missing_leaf_module_would_stand),
        cmocka_unit_test(a_refused_list_still_gives_its_strings),
        cmocka_unit_test(each_fault_is_said_once_at_its_place),
        cmocka_unit_test(what_deepspeed_takes_without_a_word_has_no_fault),
        cmocka_unit_test(the_rest_is_read_behind_a_mistake),
        cmocka_unit_test(the_other_place_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
