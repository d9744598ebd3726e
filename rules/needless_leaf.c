/* RULE needless-leaf
 *
 * Finds entries that flag blocks of experts which need no leaf, since nothing in them chooses by data which modules it
 * calls, and says what such a leaf costs.  A block of experts holds a list of modules of one class, or parameters that
 * are fused for several.
 *
 * Leaves are for blocks where the data decides which experts are called.  Many blocks of transformers 5 hold all of their
 * experts fused in one parameter, and some have always called every expert; a list that was right for another model or
 * version stays behind.
 *
 * **Why it matters.** Nothing breaks.  But a leaf is gathered as a whole: each rank holds all parameters in it at the same
 * time, where it would otherwise hold those of one module after the other.
 *
 *     "classes": ["OlmoeSparseMoeBlock"]      (it calls all of its experts every time)
 *
 * instead
 *
 *     "zero_optimization": {"stage": 3}
 *
 * What DeepSpeed's defaults flag without being written is not reported, nor what leaflint cannot tell, nor a leaf that
 * holds no experts (an attention, a dense layer): it was never meant against this.
 *
 * **When it is wrong.** When the leaf is meant to make fewer, larger collectives, when the model skips layers at random
 * (layerdrop) or calls modules otherwise in your own code, or when the config serves several models or versions.
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/leaf_cost.h"

/* Several modules of one class in a list, or parameters that are fused for several experts. */
static bool holds_alternatives(const struct model *model, uint32_t module)
{
    const struct module *row = &model->modules[module];
    const struct model_class *class = &model->classes[row->class_index];
    bool list = class->forward_never_called;
    for (size_t i = 0; i < class->base_count && !list; i++)
        list = text_equal(class->bases[i], TEXT("torch.nn.modules.container.ModuleList")) ||
               text_equal(class->bases[i], TEXT("torch.nn.modules.container.ModuleDict"));
    uint32_t first = module + 1;
    if (list && first < row->end && model->modules[first].end < row->end)
        return model->modules[model->modules[first].end].class_index == model->modules[first].class_index;
    for (uint32_t i = 0; i < row->parameter_count && !text_starts(class->qualified, TEXT("torch.")); i++) {
        const struct parameter *parameter = &model->parameters[row->first_parameter + i];
        if (parameter->dims >= 3 && parameter->shape_known && parameter->shape[0] > 1)
            return true;
    }
    return false;
}

/* Are there experts in it, in more than one module, so that a leaf makes a difference to what is gathered at once? */
static bool holds_experts(const struct model *model, uint32_t module)
{
    size_t holders = 0;
    bool alternatives = false;
    for (uint32_t below = module; below < model->modules[module].end && (holders < 2 || !alternatives); below++) {
        holders += model->modules[below].parameter_count > 0;
        alternatives = alternatives || holds_alternatives(model, below);
    }
    return holders >= 2 && alternatives;
}

/* The leaf of the entry that gathers most, when none of them is needed; MODULE_NONE: one is, or it cannot be told. */
static uint32_t largest_needless(const struct leaf_costs *costs, size_t which, int64_t *parameters)
{
    const struct judged *judged = costs->judged;
    const struct leaf_entry *entry = &judged->leaves.entries[which];
    uint32_t largest = MODULE_NONE;
    *parameters = -1;
    if (judged->model->status != MODEL_EXACT || judged->leaves.hit_count == LIMIT_LEAF_HITS)
        return MODULE_NONE;
    for (uint32_t i = 0; i < entry->hit_count; i++) {
        uint32_t module = judged->leaves.hits[entry->first_hit + i];
        if (costs->above[module] == LEAF_YES)
            continue; /* it has no effect, and so no cost */
        if (!leaf_is_gathered(costs, module) || costs->below[module] != LEAF_NO || leaf_is_huge(costs, module))
            return MODULE_NONE;
        if (!holds_experts(judged->model, module))
            continue;
        int64_t gathered = model_gathered_parameters(judged->model, module);
        if (gathered < 0)
            return MODULE_NONE;
        if (gathered <= *parameters)
            continue;
        largest = module;
        *parameters = gathered;
    }
    return largest;
}

static void report(struct rule_context *context, const struct leaf_costs *costs, size_t which, uint32_t largest,
                   int64_t parameters)
{
    const struct model *model = costs->judged->model;
    const struct leaf_entry *entry = &costs->judged->leaves.entries[which];
    uint32_t class = model->modules[largest].class_index;
    struct finding *finding = entry_finding(context, SEVERITY_NOTE, &context->config->references[entry->reference]);
    struct text version = TEXT(""), cost = gathered_in_words(context->arena, parameters);
    if (model->sources_version.length && text_starts(model->classes[class].qualified, TEXT("transformers.")))
        version = text_format(context->arena, " in transformers %.*s", TEXT_ARGS(model->sources_version));
    struct text names = modules_in_words(context, model, costs->judged->leaves.hits + entry->first_hit, entry->hit_count);
    finding->model = model->architecture;
    finding->message = text_format(
        context->arena, "nothing in `%.*s` chooses by data which modules it calls%.*s, so it needs no leaf; one gathers "
                        "%.*s: %.*s",
        TEXT_ARGS(model->classes[class].name), TEXT_ARGS(version), TEXT_ARGS(cost), TEXT_ARGS(names));
    const struct origin *origin = &model->classes[class].origin;
    if (origin->path.length)
        finding_relate(finding, origin->path, origin->place,
                       text_format(context->arena, "`%.*s` is written here", TEXT_ARGS(model->classes[class].name)));
}

static void check(struct rule_context *context)
{
    leaf_costs_check(context, largest_needless, report);
}

const struct rule rule_needless_leaf = {
    .name = "needless-leaf",
    .severity = SEVERITY_NOTE,
    .since = "0.1.0",
    .summary = "a leaf on a block that does not choose its experts by data, and what the leaf costs",
    .check = check,
};
