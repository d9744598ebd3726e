/* Runs the rules. */
#include "rules/registry.h"
#include "rules/rules.h"
#include "rules/support/entries.h"

const struct model *rules_raising_model(const struct model *const *models, size_t model_count)
{
    for (size_t i = 0; i < model_count; i++)
        if (models[i]->status != MODEL_RAISES)
            return NULL;
    return model_count ? models[0] : NULL;
}

void rules_check_model(const struct model *raises, const bool *enabled, struct findings *findings)
{
    struct rule_context context = {.findings = findings, .arena = findings->arena, .raises = raises};
    for (size_t i = 0; i < all_rule_count; i++)
        if (all_rules[i]->check_model && (!enabled || enabled[i])) {
            context.rule = all_rules[i];
            context.rule->check_model(&context);
        }
}

size_t rules_check(const struct config *config, const struct model *const *models, size_t model_count,
                   const bool *enabled, const struct rule_questions *questions, struct findings *findings)
{
    struct rule_context context = {
        .config = config, .questions = questions, .findings = findings, .arena = findings->arena};
    struct judged *judged = ARENA_ARRAY(findings->arena, model_count, struct judged);
    /* An architecture whose constructor raises cannot be what the config is for. */
    for (size_t i = 0; i < model_count; i++) {
        if (models[i]->status == MODEL_RAISES)
            continue;
        judged[context.model_count].model = models[i];
        leaf_set_apply(&judged[context.model_count].leaves, config, models[i], findings->arena);
        context.model_count++;
    }
    context.models = judged;
    context.raises = rules_raising_model(models, model_count);
    /* Errors first: should there be more findings than are kept, the gravest are. */
    static const enum severity severities[] = {SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE};
    for (size_t severity = 0; severity < 3; severity++)
        for (size_t i = 0; i < all_rule_count; i++)
            if (all_rules[i]->severity == severities[severity] && (!enabled || enabled[i])) {
                context.rule = all_rules[i];
                context.rule->check(&context);
            }
    size_t undecided = 0;
    for (size_t i = 0; i < entry_count(&context); i++)
        undecided += entry_is_written(&context, i) && entry_matched(&context, i) == LEAF_MAYBE &&
                     !(entry_at(&context, i)->call && entry_at(&context, i)->call->unproven);
    return undecided;
}
