/* The leaf set on small models, against what apply_zero_leaf_module_config does.  (test_leaves.c compares it with what
 * DeepSpeed itself answered.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fake_model.h"
#include "rules/support/leaf_set.h"

#define BLOCK "MixtralSparseMoeBlock"
#define PACKAGE "transformers.models.mixtral.modeling_mixtral."

/* "name<by+by" for each flagged module, then "!warning" for each warning. */
static void assert_set(const char *leaf_module, const struct model *model, const char *expected)
{
    struct arena arena = {0};
    struct source source;
    struct config config;
    char json[4096];
    struct leaf_set set;
    snprintf(json, sizeof json, "{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": %s}}", leaf_module);
    source_from_bytes(&source, text_from(json), TEXT("ds.json"));
    config_read_deepspeed(&config, &source, &arena);
    leaf_set_apply(&set, *leaf_module ? &config : NULL, model, &arena);
    struct text_builder builder = {0};
    text_builder_add(&builder, TEXT(""));
    for (size_t i = 0; i < set.flagged_count; i++) {
        size_t count;
        const uint32_t *by = leaf_set_entries_of(&set, set.flagged[i], &count);
        text_builder_addf(&builder, "%s%.*s", i ? " " : "", TEXT_ARGS(model->modules[set.flagged[i]].name));
        for (size_t entry = 0; entry < count; entry++) {
            struct text label = leaf_entry_label(&set.entries[by[entry]], &arena);
            text_builder_addf(&builder, "%c%.*s", entry ? '+' : '<', TEXT_ARGS(label));
        }
    }
    for (size_t i = 0; i < set.warning_count; i++)
        text_builder_addf(&builder, "!%.*s", TEXT_ARGS(set.warnings[i]));
    assert_string_equal(builder.bytes, expected);
    text_builder_free(&builder);
    source_free(&source);
    arena_free(&arena);
}

#define W3 "!ZeRO leaf module configuration did not match any modules; hooks will be applied as usual"

static void leaves_come_in_deepspeeds_order(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 2);
    assert_set("", &model, "model.layers.0.mlp<default classes[0] model.layers.1.mlp<default classes[0]");
    assert_set("{}", &model, "model.layers.0.mlp<default classes[0] model.layers.1.mlp<default classes[0]");
    /* Classes: children before parents, whatever the order of the entries. */
    assert_set("{\"classes\": [\"MixtralModel\", \"ModuleList\", \"MixtralDecoderLayer\"]}", &model,
               "model.layers.0.mlp.experts<classes[1] model.layers.0<classes[2] model.layers.1.mlp.experts<classes[1] "
               "model.layers.1<classes[2] model.layers<classes[1] model<classes[0]");
    /* Only the first class that matches flags; names and suffixes are listed behind it. */
    assert_set("{\"classes\": [\"" PACKAGE BLOCK "\", \"" BLOCK "\"], \"names\": [\"lm_head\", \"model.layers.1.mlp\"],"
               " \"name_suffixes\": [\"1.mlp\", \"head\"]}",
               &model,
               "model.layers.0.mlp<classes[0] model.layers.1.mlp<classes[0]+names[1]+name_suffixes[0] "
               "lm_head<names[0]+name_suffixes[1]");
    /* Names in their order, then suffixes, each in the order of named_modules(). */
    assert_set("{\"classes\": [], \"names\": [\"lm_head\", \"model\"], \"name_suffixes\": [\"gate\", \"s.1\"]}", &model,
               "lm_head<names[0] model<names[1] model.layers.0.mlp.gate<name_suffixes[0] "
               "model.layers.1.mlp.gate<name_suffixes[0] model.layers.0.mlp.experts.1<name_suffixes[1] "
               "model.layers.1<name_suffixes[1] model.layers.1.mlp.experts.1<name_suffixes[1]");
    model_free(&model);
}

static void many_suffixes_give_the_same_as_few(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 2);
    /* Over 16 of them the names are sorted first. */
    assert_set(
        "{\"classes\": [], \"name_suffixes\": [\"a\", \"b\", \"c\", \"d\", \"e!\", \"f\", \"g\", \"h\", \"i\", \"j\","
        " \"k\", \"mlp\", \"m\", \"n!\", \"o\", \"layers\", \"q\", \"gate\"]}",
        &model,
        "lm_head<name_suffixes[3] model.layers.0.mlp<name_suffixes[11] model.layers.1.mlp<name_suffixes[11] "
        "model.layers<name_suffixes[15] model.layers.0.mlp.gate<name_suffixes[17] "
        "model.layers.1.mlp.gate<name_suffixes[17]"
        "!ZeRO leaf module configuration contains unmatched module suffixes: ['a', 'b', 'c', 'e!', 'f', 'g', 'h', "
        "'i', 'j', 'k', 'm', 'n!', 'o', 'q']");
    model_free(&model);
}

static void warnings_read_as_deepspeed_logs_them(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 1);
    assert_set("{\"classes\": [\"Zork\"]}", &model, W3);
    assert_set("{\"classes\": []}", &model, W3);
    assert_set("{\"classes\": [], \"names\": [\"a\", \"it's\", \"lm_head\", \"\\\"\", \"a\"]}", &model,
               "lm_head<names[2]!ZeRO leaf module configuration contains unknown module names: ['a', \"it's\", '\"']");
    assert_set("{\"classes\": [], \"names\": [\"x\\n\\\\\\u202e\\u00e9\\ud83d\\ude00\"], \"name_suffixes\": [\"y\"]}",
               &model,
               "!ZeRO leaf module configuration contains unknown module names: ['x\\n\\\\\\u202eé😀']"
               "!ZeRO leaf module configuration contains unmatched module suffixes: ['y']" W3);
    /* The defaults, written out, are the defaults: no warning though nothing matches. */
    struct model other;
    fake_model_start(&other, "Toy");
    fake_module(&other, "", fake_class(&other, "pkg.Toy", ""));
    fake_model_finish(&other);
    assert_set("{\"classes\": [\"transformers.models.mixtral.modeling_mixtral.MixtralSparseMoeBlock\","
               " \"transformers.models.qwen2_moe.modeling_qwen2_moe.Qwen2MoeSparseMoeBlock\","
               " \"transformers.models.qwen3_moe.modeling_qwen3_moe.Qwen3MoeSparseMoeBlock\"]}",
               &other, "");
    assert_set("{}", &other, "");
    assert_set("{\"classes\": [\"transformers.models.qwen3_moe.modeling_qwen3_moe.Qwen3MoeSparseMoeBlock\"]}", &other,
               W3);
    model_free(&other);
    model_free(&model);
}

static void on_a_partial_model_warnings_are_only_the_certain_ones(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 1);
    fake_open(&model, "model.layers.0.mlp", "an unknown function");
    assert_set("{\"classes\": [], \"names\": [\"zork\"]}", &model,
               "!ZeRO leaf module configuration contains unknown module names: ['zork']" W3);
    assert_set("{\"classes\": [], \"names\": [\"zork\", \"model.layers.0.mlp.x\"]}", &model, "");
    assert_set("{\"classes\": [\"Zork\"]}", &model, "");
    assert_set("{\"classes\": [], \"name_suffixes\": [\"zork\"]}", &model, "");
    model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_come_in_deepspeeds_order),
        cmocka_unit_test(many_suffixes_give_the_same_as_few),
        cmocka_unit_test(warnings_read_as_deepspeed_logs_them),
        cmocka_unit_test(on_a_partial_model_warnings_are_only_the_certain_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
