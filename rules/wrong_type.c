/* RULE wrong-type
 *
 * Finds values of `leaf_module` (and of `stage`) that DeepSpeed's validation refuses: a number where a list of strings
 * is due, `null` or a number inside the list, a list where the mapping is due.
 *
 * **Why it matters.** The run stops with `Input should be a valid list`, `Input should be a valid string` or
 * `leaf_module configuration must be a mapping of fields to values`, at every stage of ZeRO.
 *
 *     "leaf_module": ["MixtralSparseMoeBlock"]
 *
 * instead
 *
 *     "leaf_module": {"classes": ["MixtralSparseMoeBlock"]}
 *
 * **When it is wrong.** It should not be; a single string in place of a list is fine and is not reported.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    report_faults(context, FAULT_WRONG_TYPE);
}

const struct rule rule_wrong_type = {
    .name = "wrong-type",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a value of the wrong type, which DeepSpeed's validation refuses",
    .check = check,
};
