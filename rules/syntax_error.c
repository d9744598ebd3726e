/* RULE syntax-error
 *
 * Finds what DeepSpeed's own loader cannot read, or, in YAML, PyYAML's `safe_load`: a bracket that is never closed, a string without its end, text after
 * the outermost value, an empty or binary file, a file that is a list where a mapping is due.
 *
 * **Why it matters.** The run stops when the config is read, after the job was queued and every rank has started.
 * leaflint reads on behind the error where it can, so that the rest of the file is still checked.
 *
 *     {"zero_optimization": {"stage": 3, "leaf_module": {"classes": ["MixtralSparseMoeBlock"]}
 *
 * instead
 *
 *     {"zero_optimization": {"stage": 3, "leaf_module": {"classes": ["MixtralSparseMoeBlock"]}}}
 *
 * In YAML also a tab between tokens, a tag inside DeepSpeed's settings, an alias without its anchor, a second document.
 *
 * **When it is wrong.** When the file is read by something else than DeepSpeed, Hugging Face's Trainer or accelerate, or
 * YAML by another loader than `safe_load`.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    report_faults(context, FAULT_SYNTAX);
}

const struct rule rule_syntax_error = {
    .name = "syntax-error",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a config that DeepSpeed cannot read",
    .check = check,
};
