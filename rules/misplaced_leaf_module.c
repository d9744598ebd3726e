/* RULE misplaced-leaf-module
 *
 * Finds a `leaf_module` where DeepSpeed does not look: it reads `zero_optimization.leaf_module` only.
 *
 * **Why it matters.** Anywhere else it is ignored without a word, and the model trains without its leaves: a hang, a
 * crash, or a wrong loss.
 *
 *     {"zero_optimization": {"stage": 3}, "leaf_module": {"classes": ["PhimoeSparseMoeBlock"]}}
 *
 * instead
 *
 *     {"zero_optimization": {"stage": 3, "leaf_module": {"classes": ["PhimoeSparseMoeBlock"]}}}
 *
 * **When it is wrong.** When the file carries a key of the same name for another tool.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    report_faults(context, FAULT_MISPLACED);
}

const struct rule rule_misplaced_leaf_module = {
    .name = "misplaced-leaf-module",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a `leaf_module` where DeepSpeed does not look",
    .check = check,
};
