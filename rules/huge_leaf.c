/* RULE huge-leaf
 *
 * Finds leaves that gather more than a billion parameters at once, where smaller leaves, or none, would protect as much.
 *
 * The number is the one over which DeepSpeed makes nothing a leaf by size itself (`Z3_MAX_LEAF_SIZE`).
 *
 * **Why it matters.** Every rank holds all parameters of a leaf at the same time, in forward and in backward: a billion
 * of them take 2 GB at 2 bytes each, and 4 GB at 4, on top of everything else.  ZeRO-3 is there to avoid that.
 *
 *     "names": ["model.language_model"]      (all layers of the model at once)
 *
 * instead
 *
 *     "classes": ["PhimoeSparseMoeBlock"]    (the block that chooses its experts by data; none where there is no such block)
 *
 * A block that chooses its experts by data needs its leaf however large it is, so it is not reported, nor is the module
 * that calls it (where the leaf belongs when the block changes its input in place), nor a leaf whose largest module alone
 * is over the number.
 *
 * **When it is wrong.** When the GPUs have room for it, and fewer, larger collectives are what you want.
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/leaf_cost.h"

/* The leaf of the entry that gathers most, of those that are huge; MODULE_NONE when none is. */
static uint32_t largest_huge(const struct leaf_costs *costs, size_t which, int64_t *parameters)
{
    const struct judged *judged = costs->judged;
    const struct leaf_entry *entry = &judged->leaves.entries[which];
    uint32_t largest = MODULE_NONE;
    *parameters = -1;
    for (uint32_t i = 0; i < entry->hit_count; i++) {
        uint32_t module = judged->leaves.hits[entry->first_hit + i];
        if (!leaf_is_huge(costs, module))
            continue;
        int64_t gathered = model_gathered_parameters(judged->model, module);
        if (gathered <= *parameters)
            continue;
        largest = module;
        *parameters = gathered;
    }
    return largest;
}

static struct text help_of(struct rule_context *context, const struct leaf_costs *costs, uint32_t leaf)
{
    const struct model *model = costs->judged->model;
    if (costs->below[leaf] == LEAF_NO)
        return TEXT("nothing in it chooses by data which modules it calls, so it needs no leaf");
    for (uint32_t below = leaf; below < model->modules[leaf].end; below++)
        if (costs->chooses[below] == LEAF_YES)
            return text_format(context->arena, "what chooses by data in it is `%.*s`: a leaf there, or on the module that calls it, is enough",
                               TEXT_ARGS(model->classes[model->modules[below].class_index].name));
    return TEXT("");
}

static void report(struct rule_context *context, const struct leaf_costs *costs, size_t which, uint32_t largest,
                   int64_t parameters)
{
    const struct model *model = costs->judged->model;
    const struct leaf_entry *entry = &costs->judged->leaves.entries[which];
    bool certain = context->config->leaf.stage == 3;
    struct finding *finding = entry_finding(context, certain ? SEVERITY_WARNING : SEVERITY_NOTE,
                                            &context->config->references[entry->reference]);
    struct text cost = gathered_in_words(context->arena, parameters);
    struct text class = model->classes[model->modules[largest].class_index].name;
    finding->model = model->architecture;
    finding->message = text_format(context->arena, "a leaf on `%.*s` gathers %.*s: %.*s", TEXT_ARGS(class), TEXT_ARGS(cost),
                                   TEXT_ARGS(model->modules[largest].name));
    if (entry->hit_count > 1)
        finding->message = text_format(context->arena, "%.*s, the largest of %u", TEXT_ARGS(finding->message),
                                       entry->hit_count);
    finding->help = help_of(context, costs, largest);
    const struct origin *made = model->modules[largest].made;
    if (made)
        finding_relate(finding, made->path, made->place,
                       text_format(context->arena, "`%.*s` is made here", TEXT_ARGS(model->modules[largest].name)));
}

static void check(struct rule_context *context)
{
    leaf_costs_check(context, largest_huge, report);
}

const struct rule rule_huge_leaf = {
    .name = "huge-leaf",
    .severity = SEVERITY_WARNING,
    .since = "0.1.0",
    .summary = "a leaf that gathers more than a billion parameters at once, without need",
    .check = check,
};
