/* RULE unknown-key
 *
 * Finds keys of `zero_optimization` and of its `leaf_module` that DeepSpeed does not have.
 *
 * **Why it matters.** DeepSpeed's validation forbids them: the run stops with `Extra inputs are not permitted`.
 *
 *     "leaf_module": {"class": ["MixtralSparseMoeBlock"]}
 *
 * instead
 *
 *     "leaf_module": {"classes": ["MixtralSparseMoeBlock"]}
 *
 * **When it is wrong.** A newer DeepSpeed than 0.19.8 may know the key.  A key whose value is `"auto"` is dropped
 * before validation, so it is not reported.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    report_faults(context, FAULT_UNKNOWN_KEY);
}

const struct rule rule_unknown_key = {
    .name = "unknown-key",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a key that DeepSpeed's validation refuses",
    .check = check,
};
