/* RULE missing-moe-leaf
 *
 * Finds blocks that choose by data which of their modules they call, and have no leaf at or above them.
 *
 * Whether a block does that is read from its class's own `forward`: a loop over the experts that were hit, an index
 * that comes from the router, a branch on a tensor's value.  Blocks that call all of their experts every time, or that
 * hold them fused in one parameter, need no leaf and are not reported.
 *
 * **Why it matters.** ZeRO-3 gathers the parameters of a module when it is called, and all ranks must gather together.
 * Where one rank calls an expert that another one skips, the job hangs, crashes with a size mismatch, or computes a
 * wrong loss.  With one rank, or the same data on all of them, nothing shows.
 *
 *     "zero_optimization": {"stage": 3}                                   (PhimoeForCausalLM of transformers 4)
 *
 * instead
 *
 *     "zero_optimization": {"stage": 3, "leaf_module": {"classes": ["PhimoeSparseMoeBlock"]}}
 *
 * A leaf covers all that is below it as long as it is called itself: a leaf on each single expert, on some layers only,
 * or on a `ModuleList` does not help.
 *
 * **When it is wrong.** When leaves are set in Python too (`set_z3_leaf_modules`), or when the job never has more than
 * one rank.  What leaflint cannot tell from `forward`, and what depends on `"stage": "auto"` or on
 * `stage3_module_granularity_threshold`, is a note.
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"

/* The written entry that makes this module a leaf, or NULL. */
static const struct reference *entry_of(const struct rule_context *context, const struct bare_blocks *blocks,
                                        uint32_t module)
{
    size_t count;
    const struct leaf_set *leaves = &blocks->judged->leaves;
    const uint32_t *entries = module == MODULE_NONE ? NULL : leaf_set_entries_of(leaves, module, &count);
    if (!entries || count == 0 || leaves->entries[entries[0]].reference == LEAF_DEFAULT)
        return NULL;
    return &context->config->references[leaves->entries[entries[0]].reference];
}

static struct text message_of(struct rule_context *context, const struct bare_blocks *blocks)
{
    const struct model *model = blocks->judged->model;
    struct text class = model->classes[blocks->class].name;
    struct text names = modules_in_words(context, model, blocks->modules, blocks->count);
    if (blocks->routing->verdict == ROUTING_CANNOT_TELL)
        return text_format(context->arena,
                           "cannot tell whether `%.*s` chooses by data which of its modules it calls; if it does, it "
                           "needs a leaf: %.*s",
                           TEXT_ARGS(class), TEXT_ARGS(names));
    const char *when = "";
    if (context->config->leaf.stage != 3)
        when = ", so under ZeRO stage 3 it needs a leaf";
    else if (context->config->leaf.size_leaves)
        when = ", so it needs a leaf, unless `stage3_module_granularity_threshold` makes it one";
    struct text useless = TEXT("");
    if (blocks->inner != MODULE_NONE)
        useless = text_format(context->arena, " (a leaf inside it, like %.*s, does not help)",
                              TEXT_ARGS(model->modules[blocks->inner].name));
    else if (blocks->above != MODULE_NONE)
        useless = text_format(context->arena, " (the leaf %.*s is never called, so it does not help)",
                              TEXT_ARGS(model->modules[blocks->above].name));
    struct text which = blocks->covered ? text_format(context->arena, "no leaf is at or above %zu of its %zu blocks",
                                                      blocks->count, blocks->count + blocks->covered)
                                        : TEXT("no leaf is at or above it");
    return text_format(context->arena, "`%.*s` chooses by data which of its modules it calls%s, and %.*s: %.*s%.*s",
                       TEXT_ARGS(class), when, TEXT_ARGS(which), TEXT_ARGS(names), TEXT_ARGS(useless));
}

static void check(struct rule_context *context)
{
    struct bare_blocks *found;
    size_t count = bare_blocks_find(context, &found);
    for (size_t i = 0; i < count; i++) {
        const struct bare_blocks *blocks = &found[i];
        if (blocks->dropped_default != MODULE_NONE)
            continue; /* dropped-moe-default says it */
        bool certain = blocks->routing->verdict == ROUTING_YES && bare_blocks_certain(context);
        enum severity severity = certain ? SEVERITY_ERROR : SEVERITY_NOTE;
        const struct reference *reference = entry_of(context, blocks, blocks->inner);
        if (!reference)
            reference = entry_of(context, blocks, blocks->above);
        struct finding *finding;
        if (reference) {
            finding = entry_finding(context, severity, reference);
        } else {
            finding = findings_add(context->findings, context->rule->name, severity, context->config->leaf.span);
            finding->key = context->config->flat.length ? context->config->prefix : config_key(context, context->config->leaf.present ? "zero_optimization.leaf_module"
                                                                             : "zero_optimization");
        }
        finding->message = message_of(context, blocks);
        bare_blocks_explain(context, blocks, finding);
    }
}

const struct rule rule_missing_moe_leaf = {
    .name = "missing-moe-leaf",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "blocks that choose by data which modules they call, with no leaf at or above them",
    .check = check,
};
