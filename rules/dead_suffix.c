/* RULE dead-suffix
 *
 * Finds an entry of `name_suffixes` with which no module's name ends.
 *
 * DeepSpeed takes the entry as the plain end of a name from `named_modules()`: no pattern, no dot at the end.
 *
 * **Why it matters.** DeepSpeed logs `unmatched module suffixes` and trains on without the leaves.
 *
 *     "name_suffixes": ["block_sparse_moe"]      (a name of transformers 4; the block is called `mlp` in 5)
 *
 * instead
 *
 *     "name_suffixes": ["mlp"]
 *
 * **When it is wrong.** When the model is changed after it was built, or when another version of transformers is
 * installed where the job runs.
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/fixes.h"
#include "rules/support/names.h"

struct explanation {
    struct text reason;
    struct text suggestions[LIMIT_SUGGESTIONS];
    size_t suggestion_count;
};

static bool hits(const struct model *model, struct text suffix)
{
    for (size_t module = 0; module < model->module_count && suffix.length; module++)
        if (text_ends(model->modules[module].name, suffix))
            return true;
    return false;
}

static void suggest(struct explanation *explanation, struct text suffix)
{
    if (explanation->suggestion_count < LIMIT_SUGGESTIONS)
        explanation->suggestions[explanation->suggestion_count++] = suffix;
}

/* "*.experts", ".*experts$", "mlp." -> what is left without the marks at its ends. */
static struct text without_marks(struct text suffix)
{
    while (suffix.length && suffix.bytes[0] && strchr("^*.\\", suffix.bytes[0]))
        suffix = (struct text){suffix.bytes + 1, suffix.length - 1};
    while (suffix.length && suffix.bytes[suffix.length - 1] && strchr("$*.", suffix.bytes[suffix.length - 1]))
        suffix.length--;
    return suffix;
}

static bool explain_spelling(struct rule_context *context, const struct model *model, struct text suffix,
                             struct explanation *explanation)
{
    struct text bare = trimmed(suffix);
    if (bare.length < suffix.length && hits(model, bare)) {
        explanation->reason = TEXT("the entry has blanks round it, and it is compared as it is");
        suggest(explanation, bare);
        return true;
    }
    struct text wrapper;
    bool only_peft;
    struct text unwrapped = without_wrappers(context->arena, suffix, &wrapper, &only_peft);
    if (wrapper.length && hits(model, unwrapped)) {
        explanation->reason =
            text_format(context->arena, "`%.*s` comes from a wrapper, and DeepSpeed looks at the model without it",
                        TEXT_ARGS(wrapper));
        suggest(explanation, unwrapped);
        return true;
    }
    struct text plain = without_marks(suffix);
    if (plain.length < suffix.length && hits(model, plain)) {
        explanation->reason = looks_like_pattern(suffix) ? TEXT("suffixes are compared as they are, not as patterns")
                                                         : TEXT("suffixes are compared as they are, dots included");
        suggest(explanation, plain);
        return true;
    }
    return false;
}

static bool explain_kind(const struct model *model, struct text suffix, struct explanation *explanation)
{
    for (size_t i = 0; i < model->class_count; i++)
        if (leaf_class_matches(&model->classes[i], suffix)) {
            explanation->reason = TEXT("it is a class, so its place is `classes`");
            return true;
        }
    for (size_t i = 0; i < model->parameter_count; i++)
        if (text_equal(model->parameters[i].name, last_component(suffix))) {
            explanation->reason = TEXT("it is a parameter's name, and only modules can be leaves");
            return true;
        }
    return false;
}

/* layers.32.mlp where layers end at 31. */
static bool explain_number(struct rule_context *context, const struct model *model, struct text suffix,
                           struct explanation *explanation)
{
    for (size_t at = 1; at + 1 < suffix.length; at++) {
        if (suffix.bytes[at] != '.' || suffix.bytes[at + 1] < '0' || suffix.bytes[at + 1] > '9')
            continue;
        struct text holder = {suffix.bytes, at};
        for (uint32_t module = 0; module < model->module_count; module++) {
            uint32_t highest;
            if (!text_ends(model->modules[module].name, holder) || !numbered_children(model, module, &highest))
                continue;
            struct text rest = {suffix.bytes + at + 1, suffix.length - at - 1};
            struct text number = first_component(rest),
                        tail = {rest.bytes + number.length, rest.length - number.length};
            struct text last = text_format(context->arena, "%.*s.%u%.*s", TEXT_ARGS(holder), highest, TEXT_ARGS(tail));
            if (hits(model, (struct text){last.bytes, last.length - tail.length}) &&
                hits(model, (struct text){suffix.bytes, at + 1 + number.length}))
                continue; /* the number is fine, something behind it is not */
            explanation->reason = text_format(context->arena, "`%.*s` holds 0 to %u only",
                                              TEXT_ARGS(model->modules[module].name), highest);
            if (hits(model, last))
                suggest(explanation, last);
            return true;
        }
    }
    return false;
}

static void explain(struct rule_context *context, const struct model *model, struct text suffix,
                    struct explanation *explanation)
{
    *explanation = (struct explanation){.reason = TEXT("")};
    if (suffix.length > LIMIT_SUGGESTION_LENGTH || explain_spelling(context, model, suffix, explanation) ||
        explain_kind(model, suffix, explanation) || explain_number(context, model, suffix, explanation))
        return;
    explanation->suggestion_count =
        nearby_names(model, suffix, context->arena, hits, explanation->suggestions, LIMIT_SUGGESTIONS);
    if (explanation->suggestion_count == 0 && looks_like_pattern(suffix))
        explanation->reason = TEXT("suffixes are compared as they are, not as patterns");
}

/* With nothing near: where the blocks are for which people write such entries. */
static struct text blocks_that_need_a_leaf(struct rule_context *context, const struct model *model)
{
    uint32_t block = model->module_count ? first_routing_module(model, 0) : MODULE_NONE;
    if (block == MODULE_NONE)
        return TEXT("");
    return text_format(context->arena, "blocks that need a leaf are `%.*s`, for instance %.*s",
                       TEXT_ARGS(model->classes[model->modules[block].class_index].name),
                       TEXT_ARGS(model->modules[block].name));
}

static void report(struct rule_context *context, const struct reference *reference, bool explained)
{
    struct text entry = shown(context, reference->text), models = models_in_words(context);
    struct explanation explanation = {.reason = TEXT("")};
    for (size_t i = 0; i < context->model_count && explained; i++) {
        struct explanation other;
        explain(context, context->models[i].model, reference->text, &other);
        if (i == 0 || other.suggestion_count)
            explanation = other;
        if (explanation.suggestion_count)
            break;
    }
    struct finding *finding = entry_finding(context, SEVERITY_ERROR, reference);
    struct text miss = miss_in_words(context, reference);
    finding->message =
        text_format(context->arena, "no module name of %.*s ends with `%.*s`%s%.*s%.*s", TEXT_ARGS(models),
                    TEXT_ARGS(entry), explanation.reason.length ? ": " : "", TEXT_ARGS(explanation.reason), TEXT_ARGS(miss));
    for (size_t i = 0; i < explanation.suggestion_count; i++)
        finding_suggest(finding, explanation.suggestions[i]);
    fix_with_suggestion(context, finding);
    if (explained && explanation.suggestion_count == 0)
        finding->help = blocks_that_need_a_leaf(context, context->models[0].model);
}

static void check(struct rule_context *context)
{
    size_t reported = 0;
    for (size_t i = 0; i < entry_count(context); i++) {
        const struct leaf_entry *entry = entry_at(context, i);
        if (entry->kind == REFERENCE_SUFFIX && entry_matched(context, i) == LEAF_NO)
            report(context, &context->config->references[entry->reference], reported++ < MAX_EXPLAINED);
    }
}

const struct rule rule_dead_suffix = {
    .name = "dead-suffix",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "an entry of `name_suffixes` with which no module's name ends",
    .check = check,
};
