/* RULE duplicate-key
 *
 * Finds a key that stands twice in one mapping of the config.
 *
 * **Why it matters.** DeepSpeed stops with `Duplicate keys in DeepSpeed config`; Hugging Face's Trainer and accelerate
 * silently take the last of the two.  In YAML everybody takes the last one.
 *
 *     "leaf_module": {"classes": ["JambaSparseMoeBlock"], "classes": ["MixtralSparseMoeBlock"]}
 *
 * instead
 *
 *     "leaf_module": {"classes": ["JambaSparseMoeBlock", "MixtralSparseMoeBlock"]}
 *
 * **When it is wrong.** It should not be.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    report_faults(context, FAULT_DUPLICATE_KEY);
}

const struct rule rule_duplicate_key = {
    .name = "duplicate-key",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a key that stands twice in one mapping",
    .check = check,
};
