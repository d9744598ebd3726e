/* Rules on small models: findings and near misses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fake_model.h"
#include "rules/registry.h"
#include "rules/rules.h"

/* One config, judged. */
struct run {
    struct arena arena;
    struct source source;
    struct config config;
    struct findings findings;
    size_t undecided;
};

static void run_on(struct run *run, const char *json, const struct model *const *models, size_t count)
{
    *run = (struct run){0};
    source_from_bytes(&run->source, text_from(json), TEXT("ds.json"));
    config_read_deepspeed(&run->config, &run->source, &run->arena);
    run->findings.arena = &run->arena;
    run->undecided = rules_check(&run->config, models, count, NULL, NULL, &run->findings);
    findings_sort(&run->findings);
}

static void run_free(struct run *run)
{
    findings_free(&run->findings);
    source_free(&run->source);
    arena_free(&run->arena);
}

/* A config with this leaf_module, at stage 3. */
static void run_leaf(struct run *run, const char *leaf_module, const struct model *model)
{
    char json[4096];
    snprintf(json, sizeof json, "{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": %s}}", leaf_module);
    run_on(run, json, &model, model ? 1 : 0);
}

/* "rule:severity:cut" for each finding, with a blank between. */
static void assert_findings(struct run *run, const char *expected)
{
    static const char *const severities[] = {"note", "warning", "error"};
    struct text_builder builder = {0};
    text_builder_add(&builder, TEXT(""));
    for (size_t i = 0; i < run->findings.count; i++) {
        const struct finding *finding = &run->findings.items[i];
        struct text cut = source_cut(&run->source, finding->span);
        text_builder_addf(&builder, "%s%.*s:%s:%.*s", i ? " " : "", TEXT_ARGS(finding->rule),
                          severities[finding->severity], TEXT_ARGS(cut));
    }
    assert_string_equal(builder.bytes, expected);
    text_builder_free(&builder);
}

static void assert_leaf(const char *leaf_module, const struct model *model, const char *expected)
{
    struct run run;
    run_leaf(&run, leaf_module, model);
    assert_findings(&run, expected);
    run_free(&run);
}

static bool contains(struct text text, const char *part)
{
    struct text needle = text_from(part);
    for (size_t i = 0; i + needle.length <= text.length; i++)
        if (memcmp(text.bytes + i, needle.bytes, needle.length) == 0)
            return true;
    return false;
}

/* The only finding of its rule says this, and suggests that ("" for no suggestion). */
static void assert_says(const char *leaf_module, const struct model *model, const char *rule, const char *words,
                        const char *suggestion)
{
    struct run run;
    run_leaf(&run, leaf_module, model);
    const struct finding *found = NULL;
    for (size_t i = 0; i < run.findings.count; i++)
        if (text_equal(run.findings.items[i].rule, text_from(rule))) {
            assert_null(found);
            found = &run.findings.items[i];
        }
    assert_non_null(found);
    if (!contains(found->message, words))
        fail_msg("`%.*s` does not say `%s`", TEXT_ARGS(found->message), words);
    if (*suggestion) {
        assert_true(found->suggestion_count > 0);
        assert_int_equal(found->suggestions[0].length, strlen(suggestion));
        assert_memory_equal(found->suggestions[0].bytes, suggestion, strlen(suggestion));
    } else {
        assert_int_equal(found->suggestion_count, 0);
    }
    run_free(&run);
}

#define BLOCK "MixtralSparseMoeBlock"
#define PACKAGE "transformers.models.mixtral.modeling_mixtral."

/* ---- entries ---- */

static void right_entries_are_clean(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
    assert_leaf("{}", &model, "");
    assert_leaf("{\"classes\": [\"" BLOCK "\"]}", &model, "");
    assert_leaf("{\"classes\": [\"" PACKAGE BLOCK "\"]}", &model, "");
    assert_leaf("{\"classes\": \"" BLOCK "\"}", &model, "");
    assert_leaf("{\"classes\": [\"MixtralDecoderLayer\"]}", &model, "");
    assert_leaf("{\"names\": [\"model.layers.3.self_attn\"], \"name_suffixes\": [\"lm_head\"]}", &model, "");
    assert_leaf("{\"classes\": [], \"name_suffixes\": [\"mlp\"]}", &model, "");
    model_free(&model);
}

static void unknown_classes_say_why(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
#define SAYS(entry, words, suggestion)                                                                                 \
    assert_says("{\"classes\": [\"" BLOCK "\", \"" entry "\"]}", &model, "unknown-class", words, suggestion)
    SAYS("MixtralSparseMoeBlok", "has class `MixtralSparseMoeBlok`", BLOCK);
    SAYS("mixtralSparseMoeBlock", "upper and lower case differ", BLOCK);
    SAYS("transformers.models.mixtral." BLOCK, "the full name of class `" BLOCK "` is", PACKAGE BLOCK);
    SAYS("torch.nn.Linear", "the full name of class `Linear` is", "torch.nn.modules.linear.Linear");
    SAYS("torch.nn.Module", "base class (of 9 classes", "");
    SAYS(" " BLOCK, "blanks round it", BLOCK);
    SAYS("MixtralPreTrainedModel", "base class", "MixtralModel");
    SAYS("torch.nn.modules.module.Module", "base class (of 9 classes", "");
    SAYS("MixtralForSequenceClassification", "another head or model of the same file", "");
    SAYS(PACKAGE "MixtralForSequenceClassification", "another head or model of the same file", "");
    SAYS("MixtralRotaryEmbedding", "this model does not use it", "");
    SAYS("model.layers.0.mlp", "its place is `names`", "");
    SAYS("self_attn", "its place is `name_suffixes`", "");
    SAYS("Mixtral*Block", "not as patterns", "");
    SAYS("Zork", "has class `Zork`", "");
#undef SAYS
    /* A class that exists, and one that is nearly a default. */
    assert_leaf("{\"classes\": [\"Linear\", \"" BLOCK "\"]}", &model, "");
    assert_leaf(
        "{\"classes\": [\"" BLOCK "\", \"transformers.models.qwen2_moe.modeling_qwen2_moe.Qwen2MoeSparseMoeBlock\"]}",
        &model, "unknown-class:note:\"transformers.models.qwen2_moe.modeling_qwen2_moe.Qwen2MoeSparseMoeBlock\"");
    assert_leaf("{\"classes\": [\"" BLOCK "\", \"Qwen2MoeSparseMoeBlock\"]}", &model,
                "unknown-class:error:\"Qwen2MoeSparseMoeBlock\"");
    model_free(&model);
}

static void unknown_names_say_why(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
#define SAYS(entry, words, suggestion)                                                                                 \
    assert_says("{\"names\": [\"" entry "\"]}", &model, "unknown-name", words, suggestion)
    SAYS("model.layers.4.mlp", "`model.layers` holds 0 to 3 only", "model.layers.3.mlp");
    SAYS("model.layers.40", "holds 0 to 3 only", "model.layers.3");
    SAYS("model.layers.0.mlp.experts.4", "`model.layers.0.mlp.experts` holds 0 to 3 only",
         "model.layers.0.mlp.experts.3");
    SAYS("module.model.layers.0.mlp", "`module.` comes from a wrapper", "model.layers.0.mlp");
    SAYS("_orig_mod.module.lm_head", "comes from a wrapper", "lm_head");
    SAYS("model.layers.0._checkpoint_wrapped_module.mlp", "comes from a wrapper", "model.layers.0.mlp");
    SAYS("base_model.model.model.layers.0.mlp", "only under PEFT", "model.layers.0.mlp");
    SAYS("base_model.model.module.lm_head", "comes from a wrapper", "lm_head");
    SAYS("layers.0.mlp", "names are whole", "model.layers.0.mlp");
    SAYS("mlp", "its place is `name_suffixes`", "");
    SAYS("transformer.lm_head", "has no `transformer` in front", "lm_head");
    SAYS("model.layers.0.selfattn", "is named `model.layers.0.selfattn`", "model.layers.0.self_attn");
    SAYS("model.layers.0.block_sparse_moe", "`model.layers.0` has no `block_sparse_moe`", "model.layers.0.mlp");
    SAYS("model.layers.0.mlp.gate.weight", "a parameter of `model.layers.0.mlp.gate`", "model.layers.0.mlp.gate");
    SAYS("lm_head ", "blanks round it", "lm_head");
    SAYS("MixtralAttention", "its place is `classes`", "");
    SAYS("model.layers.*.mlp", "not as patterns", "");
    SAYS("zork", "is named `zork`", "");
#undef SAYS
    assert_leaf("{\"names\": [\"base_model.model.lm_head\"]}", &model,
                "unknown-name:note:\"base_model.model.lm_head\"");
    assert_leaf("{\"names\": [\"base_model.model.zork\"]}", &model, "unknown-name:error:\"base_model.model.zork\"");
    model_free(&model);
}

static void dead_suffixes_say_why(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
#define SAYS(entry, words, suggestion)                                                                                 \
    assert_says("{\"name_suffixes\": [\"" entry "\"]}", &model, "dead-suffix", words, suggestion)
    SAYS("mpl", "ends with `mpl`", "mlp");
    SAYS("layers.9.mlp", "`model.layers` holds 0 to 3 only", "layers.3.mlp");
    SAYS(".mlp.", "dots included", "mlp");
    SAYS("*.mlp", "not as patterns", "mlp");
    SAYS("module.lm_head", "comes from a wrapper", "lm_head");
    SAYS("mlp ", "blanks round it", "mlp");
    SAYS("MixtralAttention", "its place is `classes`", "");
    SAYS("gate.weight", "a parameter's name", "");
    SAYS("block_sparse_moe", "ends with `block_sparse_moe`", "");
    SAYS("layers.0.selfattn", "ends with", "layers.0.self_attn");
#undef SAYS
    assert_leaf("{\"name_suffixes\": [\"ead\"]}", &model, ""); /* inside a component only: taken as meant */
    model_free(&model);
}

static void suffixes_inside_components(void **state)
{
    (void)state;
    struct model model;
    fake_model_start(&model, "Toy");
    uint32_t toy = fake_class(&model, "pkg.Toy", "");
    fake_module(&model, "", toy);
    fake_module(&model, "mlp", toy);
    fake_module(&model, "mlp.experts", toy);
    fake_module(&model, "mlp.shared_experts", toy);
    fake_module(&model, "norm", toy);
    fake_module(&model, "input_norm", toy);
    fake_model_finish(&model);
    assert_leaf("{\"name_suffixes\": [\"experts\"]}", &model, "suffix-off-boundary:warning:\"experts\"");
    assert_says("{\"name_suffixes\": [\"experts\"]}", &model, "suffix-off-boundary", "mlp.shared_experts", ".experts");
    /* "norm" is a name of its own, so ".norm" would not do. */
    assert_says("{\"name_suffixes\": [\"norm\"]}", &model, "suffix-off-boundary", "input_norm", "");
    assert_leaf("{\"name_suffixes\": [\".experts\"]}", &model, "");
    assert_leaf("{\"name_suffixes\": [\"shared_experts\"]}", &model, "");
    assert_leaf("{\"name_suffixes\": [\"_experts\"]}", &model, "");
    assert_leaf("{\"name_suffixes\": [\"mlp.experts\"]}", &model, "");
    model_free(&model);
}

static void the_whole_model_as_a_leaf(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
    assert_leaf("{\"name_suffixes\": [\"\"]}", &model, "every-module-leaf:error:\"\"");
    assert_leaf("{\"names\": [\"\"]}", &model, "every-module-leaf:error:\"\"");
    assert_leaf("{\"names\": [\"\"]}", NULL, "every-module-leaf:error:\"\""); /* no model is needed for these */
    assert_leaf("{\"classes\": [\"MixtralForCausalLM\", \"" BLOCK "\"]}", &model,
                "every-module-leaf:error:\"MixtralForCausalLM\"");
    assert_leaf("{\"classes\": [\"MixtralModel\"]}", &model, "");
    model_free(&model);
}

static void repeated_entries(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
    assert_leaf("{\"classes\": [], \"name_suffixes\": [\"mlp\", \"mlp\"]}", &model, "duplicate-entry:note:\"mlp\"");
    /* A wrong entry is one finding, however often it stands there. */
    assert_leaf("{\"names\": [\"x\", \"x\"]}", &model, "unknown-name:error:\"x\" duplicate-entry:note:\"x\"");
    /* Different spellings, different lists. */
    assert_leaf("{\"classes\": [\"" BLOCK "\"], \"names\": [\"lm_head\"], \"name_suffixes\": [\"lm_head\"]}", &model,
                "redundant-entry:note:\"lm_head\"");
    assert_leaf("{\"name_suffixes\": [\"mlp\"]}", &model, "redundant-entry:note:\"mlp\"");
    model_free(&model);
}

/* ---- blocks ---- */

static void blocks_without_a_leaf(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
    /* As if the block were no default. */
    model.classes[6].qualified = TEXT("custom.MixtralSparseMoeBlock");
    assert_leaf("{}", &model, "missing-moe-leaf:error:\"leaf_module\"");
    assert_says("{}", &model, "missing-moe-leaf", "no leaf is at or above it: model.layers.{0..3}.mlp, 4 modules", "");
    assert_leaf("{\"classes\": [\"MixtralAttention\"]}", &model, "missing-moe-leaf:error:\"leaf_module\"");
    assert_says("{\"names\": [\"model.layers.0.mlp\"]}", &model, "missing-moe-leaf",
                "no leaf is at or above 3 of its 4 blocks: model.layers.{1..3}.mlp", "");
    /* Inside the block, or on a container that is never called, it does not help. */
    assert_leaf("{\"name_suffixes\": [\"experts.0\"]}", &model, "missing-moe-leaf:error:\"experts.0\"");
    assert_says("{\"name_suffixes\": [\"experts.0\"]}", &model, "missing-moe-leaf", "a leaf inside it", "");
    assert_leaf("{\"names\": [\"model.layers\"]}", &model,
                "missing-moe-leaf:error:\"model.layers\" never-called-leaf:error:\"model.layers\"");
    assert_says("{\"names\": [\"model.layers\"]}", &model, "missing-moe-leaf", "is never called", "");
    /* At it or above. */
    assert_leaf("{\"classes\": [], \"name_suffixes\": [\"mlp\"]}", &model, "");
    assert_leaf("{\"classes\": [\"MixtralDecoderLayer\"]}", &model, "");
    assert_leaf("{\"names\": [\"model\"]}", &model, "");
    model_free(&model);
}

static void choosing_among_activations_needs_no_leaf(void **state)
{
    (void)state;
    struct model model;
    fake_model_start(&model, "Toy");
    uint32_t toy = fake_class(&model, "pkg.Toy", ""), block = fake_class(&model, "pkg.Experts", "");
    uint32_t activation = fake_class(&model, "pkg.Act", "");
    fake_class_routes(&model, block, ROUTING_YES);
    fake_module(&model, "", toy);
    fake_module(&model, "mlp", block);
    fake_parameter(&model, "gate_up_proj", 8, 8);
    fake_module(&model, "mlp.experts", activation);
    fake_module(&model, "mlp.other", toy);
    fake_parameter(&model, "weight", 8, 8);
    fake_model_finish(&model);
    assert_leaf("{}", &model, "");
    model.routings[0].child = TEXT(""); /* any child: `other` holds parameters */
    assert_leaf("{}", &model, "missing-moe-leaf:error:\"leaf_module\"");
    model_free(&model);
}

static void dropped_defaults(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
    assert_leaf("{\"classes\": []}", &model, "dropped-moe-default:error:\"classes\"");
    assert_leaf("{\"classes\": [\"MixtralAttention\"]}", &model, "dropped-moe-default:error:\"classes\"");
    assert_leaf("{\"names\": [\"lm_head\"]}", &model, "");
    assert_leaf("{\"classes\": [\"" BLOCK "\"]}", &model, "");
    assert_leaf("{\"classes\": [\"MixtralAttention\"], \"name_suffixes\": [\"mlp\"]}", &model, "");
    model_free(&model);
}

static void only_stage_3_needs_leaves(void **state)
{
    (void)state;
    struct model model;
    const struct model *models[] = {&model};
    fake_mixtral(&model, 4);
    model.classes[6].qualified = TEXT("custom.MixtralSparseMoeBlock");
    static const char *const cases[][2] = {
        {"{\"zero_optimization\": {\"stage\": 3}}", "missing-moe-leaf:error:\"zero_optimization\""},
        {"{\"zero_optimization\": {\"stage\": 2}}", ""},
        {"{\"zero_optimization\": {}}", ""},
        {"{}", ""},
        {"{\"zero_optimization\": {\"stage\": 3, \"stage3_module_granularity_threshold\": 0}}",
         "missing-moe-leaf:error:\"zero_optimization\""},
        {"{\"zero_optimization\": {\"stage\": 3, \"stage3_module_granularity_threshold\": 9000}}",
         "missing-moe-leaf:note:\"zero_optimization\" granularity-flags-root:warning:9000"},
        {"{\"zero_optimization\": {\"stage\": \"auto\"}}", "missing-moe-leaf:note:\"zero_optimization\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        run_on(&run, cases[i][0], models, 1);
        assert_findings(&run, cases[i][1]);
        run_free(&run);
    }
    model_free(&model);
}

static void what_cannot_be_told_is_a_note(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
    model.classes[6].qualified = TEXT("custom.MixtralSparseMoeBlock");
    model.routings[0].verdict = ROUTING_CANNOT_TELL;
    assert_leaf("{}", &model, "missing-moe-leaf:note:\"leaf_module\"");
    assert_says("{}", &model, "missing-moe-leaf", "cannot tell whether", "");
    model.routings[0].verdict = ROUTING_NO;
    assert_leaf("{}", &model, "");
    model_free(&model);
}

static void on_a_partial_model_only_what_is_proven(void **state)
{
    (void)state;
    struct model model;
    struct run run;
    fake_mixtral(&model, 4);
    fake_open(&model, "model.layers.2.mlp", "an unknown function");
    run_leaf(&run,
             "{\"classes\": [\"" BLOCK "\", \"Zork\"], \"names\": [\"model.layers.2.mlp.x\", \"model.layers.9\"],"
             " \"name_suffixes\": [\"zork\", \"mlp..x\"]}",
             &model);
    assert_findings(&run, "unknown-name:error:\"model.layers.9\" dead-suffix:error:\"mlp..x\"");
    assert_int_equal(run.undecided, 3);
    run_free(&run);
    model_free(&model);
}

static void an_unknown_class_above_may_be_the_leaf(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 4);
    model.classes[6].qualified = TEXT("custom.MixtralSparseMoeBlock");
    model.status = MODEL_PARTIAL;
    for (size_t i = 0; i < model.module_count; i++)
        if (text_starts(model.modules[i].name, TEXT("model.layers.")) && model.modules[i].leaf.length == 1)
            model.modules[i].class_index = MODULE_NONE;
    assert_leaf("{\"classes\": [\"Zork\"]}", &model, "");
    model_free(&model);
}

/* ---- several architectures ---- */

static void an_entry_is_fine_when_one_architecture_has_it(void **state)
{
    (void)state;
    struct model causal, base, raising = {.status = MODEL_RAISES};
    struct run run;
    fake_mixtral(&causal, 4);
    fake_model_start(&base, "MixtralModel");
    uint32_t root = fake_class(&base, PACKAGE "MixtralModel", "");
    uint32_t list = fake_class(&base, "torch.nn.modules.container.ModuleList", "");
    uint32_t block = fake_class(&base, PACKAGE BLOCK, "");
    fake_class_routes(&base, block, ROUTING_YES);
    fake_module(&base, "", root);
    fake_module(&base, "layers", list);
    fake_module(&base, "layers.{0..3}", block);
    fake_model_finish(&base);
    const struct model *models[] = {&causal, &raising, &base};
    static const char config[] =
        "{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"classes\": [\"MixtralModel\"],"
        " \"names\": [\"layers.0\", \"lm_head\", \"zork\"], \"name_suffixes\": [\"self_attn\"]}}}";
    run_on(&run, config, models, 3);
    /* Class MixtralModel is the root of one and a part of the other; layers.0 is there in the base model only. */
    assert_findings(&run, "unknown-name:error:\"zork\"");
    assert_true(contains(run.findings.items[0].message, "MixtralForCausalLM (or of 1 other architecture of its type)"));
    run_free(&run);
    /* Blocks are looked for where most entries match: not in the base model, which has no model.layers. */
    static const char names[] =
        "{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"classes\": [], \"names\": [\"model.layers.0\","
        " \"model.layers.1\", \"model.layers.2\", \"model.layers.3\"]}}}";
    run_on(&run, names, models, 3);
    assert_findings(&run, "");
    run_free(&run);
    model_free(&causal);
    model_free(&base);
    model_free(&raising);
}

/* ---- bounds ---- */

static void a_hundred_thousand_entries(void **state)
{
    (void)state;
    struct model model;
    struct run run;
    const struct model *models[] = {&model};
    fake_mixtral(&model, 300);
    struct text_builder json = {0};
    text_builder_add(&json, TEXT("{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {"));
    static const char *const lists[] = {"classes", "names", "name_suffixes"};
    for (size_t list = 0; list < 3; list++) {
        text_builder_addf(&json, "%s\"%s\": [", list ? ", " : "", lists[list]);
        for (unsigned i = 0; i < 33000; i++)
            text_builder_addf(&json, "%s\"model.layers.%u.mlpx\"", i ? "," : "", i);
        text_builder_add(&json, TEXT("]"));
    }
    text_builder_add(&json, TEXT("}}}"));
    run_on(&run, json.bytes, models, 1);
    assert_int_equal(run.findings.count, LIMIT_FINDINGS);
    assert_true(run.findings.dropped > 90000);
    run_free(&run);
    text_builder_free(&json);
    model_free(&model);
}

static void entries_of_any_size_and_bytes(void **state)
{
    (void)state;
    struct model model;
    struct run run;
    fake_mixtral(&model, 4);
    struct text_builder json = {0};
    text_builder_add(&json, TEXT("{\"classes\": [\""));
    for (unsigned i = 0; i < 1000; i++)
        text_builder_add(&json, TEXT("é"));
    text_builder_add(&json,
                     TEXT("\", \"\\u0000x\"], \"names\": [\".\", \"..\", \"model.\", \".model\", \"model..layers\"],"
                          " \"name_suffixes\": [\".\", \"model.\", \"0\", \".0\"]}"));
    run_leaf(&run, json.bytes, &model);
    assert_true(run.findings.count >= 8);
    for (size_t i = 0; i < run.findings.count; i++)
        assert_true(text_is_utf8(run.findings.items[i].message) && run.findings.items[i].message.length < 800);
    run_free(&run);
    text_builder_free(&json);
    model_free(&model);
}

static void rules_are_complete(void **state)
{
    (void)state;
    assert_true(all_rule_count >= 15);
    for (size_t i = 0; i < all_rule_count; i++) {
        assert_true(strlen(all_rules[i]->summary) > 10 && strlen(all_rules[i]->summary) <= 100);
        assert_non_null(all_rules[i]->check);
        /* Every explanation has the same parts. */
        assert_non_null(strstr(rule_explanations[i], "**Why it matters.**"));
        assert_non_null(strstr(rule_explanations[i], "instead\n"));
        assert_non_null(strstr(rule_explanations[i], "**When it is wrong.**"));
        if (i)
            assert_true(strcmp(all_rules[i - 1]->name, all_rules[i]->name) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_entries_are_clean),
        cmocka_unit_test(unknown_classes_say_why),
        cmocka_unit_test(unknown_names_say_why),
        cmocka_unit_test(dead_suffixes_say_why),
        cmocka_unit_test(suffixes_inside_components),
        cmocka_unit_test(the_whole_model_as_a_leaf),
        cmocka_unit_test(repeated_entries),
        cmocka_unit_test(blocks_without_a_leaf),
        cmocka_unit_test(choosing_among_activations_needs_no_leaf),
        cmocka_unit_test(dropped_defaults),
        cmocka_unit_test(only_stage_3_needs_leaves),
        cmocka_unit_test(what_cannot_be_told_is_a_note),
        cmocka_unit_test(on_a_partial_model_only_what_is_proven),
        cmocka_unit_test(an_unknown_class_above_may_be_the_leaf),
        cmocka_unit_test(an_entry_is_fine_when_one_architecture_has_it),
        cmocka_unit_test(a_hundred_thousand_entries),
        cmocka_unit_test(entries_of_any_size_and_bytes),
        cmocka_unit_test(rules_are_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
