/* RULE dropped-moe-default
 *
 * Finds a list of `classes` that replaced one of DeepSpeed's defaults which this model needs.
 *
 * Without `classes`, DeepSpeed makes the blocks of Mixtral, Qwen2-MoE and Qwen3-MoE leaves by itself.  A list that is
 * written, even an empty one, replaces these defaults instead of adding to them.
 *
 * **Why it matters.** The blocks then have no leaf, though they choose by data which experts they call: a hang, a
 * crash, or a wrong loss (see missing-moe-leaf).
 *
 *     "classes": ["MixtralRMSNorm"]
 *
 * instead
 *
 *     "classes": ["MixtralRMSNorm", "MixtralSparseMoeBlock"]
 *
 * **When it is wrong.** When leaves are set in Python too (`set_z3_leaf_modules`).  What depends on `"stage": "auto"`
 * or on `stage3_module_granularity_threshold` is a note.
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    struct bare_blocks *found;
    size_t count = bare_blocks_find(context, &found);
    for (size_t i = 0; i < count; i++) {
        const struct bare_blocks *blocks = &found[i];
        if (blocks->dropped_default == MODULE_NONE)
            continue;
        const struct model *model = blocks->judged->model;
        struct finding *finding = findings_add(context->findings, context->rule->name,
                                               bare_blocks_certain(context) ? SEVERITY_ERROR : SEVERITY_NOTE,
                                               context->config->leaf.classes_span);
        struct text class = model->classes[blocks->class].name;
        struct text names = modules_in_words(context, model, blocks->modules, blocks->count);
        finding->message =
            text_format(context->arena, "this list replaces DeepSpeed's default `%.*s`, which %.*s needs: %.*s",
                        TEXT_ARGS(class), TEXT_ARGS(model->architecture), TEXT_ARGS(names));
        finding->key = config_key(context, "zero_optimization.leaf_module.classes");
        bare_blocks_explain(context, blocks, finding);
    }
}

const struct rule rule_dropped_moe_default = {
    .name = "dropped-moe-default",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a list of `classes` that replaced one of DeepSpeed's defaults which this model needs",
    .check = check,
};
