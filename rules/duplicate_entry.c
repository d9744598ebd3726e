/* RULE duplicate-entry
 *
 * Finds an entry that stands twice in the same list.
 *
 * **Why it matters.** DeepSpeed drops the second one silently; often another entry was meant.
 *
 *     "classes": ["Qwen2MoeSparseMoeBlock", "Qwen2MoeSparseMoeBlock"]
 *
 * instead
 *
 *     "classes": ["Qwen2MoeSparseMoeBlock"]
 *
 * **When it is wrong.** It does no harm as it stands.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    const struct config *config = context->config;
    for (size_t i = 0; i < config->reference_count; i++) {
        const struct reference *reference = &config->references[i];
        if (reference->duplicate_of < 0)
            continue;
        const struct reference *first = &config->references[reference->duplicate_of];
        struct finding *finding = entry_finding(context, SEVERITY_NOTE, reference);
        finding->model = TEXT("");
        struct text entry = shown(context, reference->text);
        finding->message = text_format(context->arena, "`%.*s` stands in this list already, as `%.*s`",
                                       TEXT_ARGS(entry), TEXT_ARGS(first->key));
        finding_relate(finding, config->source->path, source_place(config->source, first->span.start),
                       TEXT("the first one"));
    }
}

const struct rule rule_duplicate_entry = {
    .name = "duplicate-entry",
    .severity = SEVERITY_NOTE,
    .since = "0.1.0",
    .summary = "an entry that stands twice in the same list",
    .check = check,
};
