/* RULE every-module-leaf
 *
 * Finds entries that make the whole model a leaf: an empty suffix (every name ends with it), an empty name (the root's
 * name), or the class of the root.
 *
 * **Why it matters.** Under ZeRO stage 3 the backward pass then fails (`The size of tensor a (0) must match the size of
 * tensor b`), and until then all parameters would be gathered at once, which is what ZeRO-3 is there to avoid.
 *
 *     "name_suffixes": [""]
 *
 * instead
 *
 *     "name_suffixes": [".mlp"]
 *
 * **When it is wrong.** When the model is only a part of what is trained, so that its root is a module like others.
 */
#include "rules/support/entries.h"

/* The model whose root the class is, when it is the root's in every model that has it; else NULL. */
static const struct model *root_class(const struct rule_context *context, size_t entry)
{
    const struct model *found = NULL;
    for (size_t i = 0; i < context->model_count; i++) {
        const struct judged *judged = &context->models[i];
        const struct leaf_entry *leaf = &judged->leaves.entries[entry];
        if (leaf->matched == LEAF_NO)
            continue;
        if (leaf->hit_count == 0 || judged->leaves.hits[leaf->first_hit] != 0)
            return NULL;
        found = found ? found : judged->model;
    }
    return found;
}

static void check(struct rule_context *context)
{
    const struct config *config = context->config;
    for (size_t i = 0; i < config->reference_count; i++) {
        const struct reference *reference = &config->references[i];
        bool is_class = reference->kind != REFERENCE_NAME && reference->kind != REFERENCE_SUFFIX;
        if (reference->call && reference->call->removes)
            continue;
        if (is_class || reference->text.length || reference->duplicate_of >= 0)
            continue;
        struct finding *finding = entry_finding(context, SEVERITY_ERROR, reference);
        finding->model = TEXT("");
        if (reference->call && reference->call->unproven)
            finding->message = TEXT("the whole model becomes one leaf, and under ZeRO stage 3 the backward pass fails");
        else if (reference->kind == REFERENCE_SUFFIX)
            finding->message =
                TEXT("every module's name ends with an empty suffix, so every module becomes a leaf, and "
                     "under ZeRO stage 3 the backward pass fails");
        else
            finding->message = TEXT("the empty name is the root's, so the whole model becomes one leaf, and under ZeRO "
                                    "stage 3 the backward pass fails");
    }
    for (size_t i = 0; i < entry_count(context); i++) {
        const struct leaf_entry *entry = entry_at(context, i);
        const struct model *model = NULL;
        bool is_class = entry->kind != REFERENCE_NAME && entry->kind != REFERENCE_SUFFIX;
        if (entry->call && entry->call->removes)
            continue;
        if (is_class && entry_is_written(context, i))
            model = root_class(context, i);
        if (!model)
            continue;
        struct finding *finding = entry_finding(context, SEVERITY_ERROR, &config->references[entry->reference]);
        finding->model = model->architecture;
        struct text text = shown(context, entry->text);
        finding->message = text_format(context->arena,
                                       "`%.*s` is the class of the whole model, which becomes one leaf, and under "
                                       "ZeRO stage 3 the backward pass fails",
                                       TEXT_ARGS(text));
    }
}

const struct rule rule_every_module_leaf = {
    .name = "every-module-leaf",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "an entry that makes the whole model a leaf: an empty suffix, the root",
    .check = check,
};
