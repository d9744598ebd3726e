/* RULE granularity-flags-root
 *
 * Finds a `stage3_module_granularity_threshold` that makes the whole model one leaf, or a module above all of its layers.
 *
 * With it DeepSpeed makes leaves by itself: it divides a module's parameters by the number of modules with parameters in
 * it, and from the root down makes the first modules leaves whose quotient is at or below the threshold, as long as they
 * hold no more than a billion parameters.  In a small model the first such module is the root.
 *
 * **Why it matters.** All parameters below are gathered at once, which is what ZeRO-3 is there to avoid.  With the root
 * as a leaf the backward pass fails (`The size of tensor a (0) must match the size of tensor b`).
 *
 *     "stage3_module_granularity_threshold": 1000000000
 *
 * instead
 *
 *     "stage3_module_granularity_threshold": 20000     (a number below what the finding names)
 *
 * **When it is wrong.** When the model is wrapped or changed before DeepSpeed sees it (adapters count too).
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/size_leaves.h"

static bool is_list(const struct model *model, uint32_t module)
{
    uint32_t class = model->modules[module].class_index;
    return class != MODULE_NONE && model->classes[class].forward_never_called;
}

/* The list of layers that holds most of the model's parameters, and is in no other list; MODULE_NONE: there is none. */
static uint32_t layers_of(const struct model *model)
{
    uint32_t found = MODULE_NONE;
    int64_t most = 0;
    for (uint32_t module = 0; module < model->module_count;) {
        if (!is_list(model, module)) {
            module++;
            continue;
        }
        int64_t parameters = model_gathered_parameters(model, module);
        if (parameters > most) {
            most = parameters;
            found = module;
        }
        module = model->modules[module].end;
    }
    return found;
}

struct too_high {
    uint32_t module; /* that becomes a leaf; MODULE_NONE: none that is too high */
    uint32_t layers; /* list of the layers in it; MODULE_NONE: there is none */
    int64_t below;   /* with a threshold below this one, nothing above all layers becomes a leaf */
};

static struct too_high find(const struct model *model, int64_t threshold)
{
    struct too_high found = {.module = MODULE_NONE, .layers = layers_of(model)};
    struct size_leaves leaves;
    if (size_leaves_find(&leaves, model, threshold)) {
        for (size_t i = 0; i < leaves.count; i++) {
            uint32_t leaf = leaves.flagged[i];
            if (leaf == 0 || (found.layers != MODULE_NONE && leaf < found.layers && found.layers < model->modules[leaf].end))
                found.module = leaf;
        }
        found.below = leaves.granularity[0];
        for (uint32_t above = found.layers; above != MODULE_NONE; above = model->modules[above].parent)
            if (above != found.layers && leaves.granularity[above] < found.below)
                found.below = leaves.granularity[above];
    }
    size_leaves_free(&leaves);
    return found;
}

static void check(struct rule_context *context)
{
    const struct leaf_config *leaf = &context->config->leaf;
    struct too_high found = {.module = MODULE_NONE};
    if (context->model_count == 0 || !leaves_matter(context) || leaf->size_threshold <= 0)
        return;
    /* A fault only when it is one in every model that the config may be for. */
    for (size_t which = 0; which < context->model_count; which++) {
        struct too_high one = find(context->models[which].model, leaf->size_threshold);
        if (one.module == MODULE_NONE)
            return;
        found = which ? found : one;
    }
    const struct model *model = context->models[0].model;
    struct finding *finding =
        findings_add(context->findings, context->rule->name, leaf->stage == 3 ? SEVERITY_WARNING : SEVERITY_NOTE,
                     leaf->size_threshold_span);
    finding->key = leaf->size_threshold_key;
    finding->model = model->architecture;
    struct text what = TEXT("the whole model one leaf, and under ZeRO stage 3 the backward pass fails");
    if (found.module != 0)
        what = text_format(context->arena, "`%.*s` one leaf, above all layers of the model (%.*s)",
                           TEXT_ARGS(model->modules[found.module].name), TEXT_ARGS(model->modules[found.layers].name));
    finding->message = text_format(context->arena, "for %.*s, this threshold makes %.*s", TEXT_ARGS(model->architecture),
                                   TEXT_ARGS(what));
    if (found.below > 0)
        finding->help = text_format(context->arena, "below %lld it makes leaves of smaller modules only",
                                    (long long)found.below);
}

const struct rule rule_granularity_flags_root = {
    .name = "granularity-flags-root",
    .severity = SEVERITY_WARNING,
    .since = "0.1.0",
    .summary = "a `stage3_module_granularity_threshold` that flags the root or a module above all layers",
    .check = check,
};
