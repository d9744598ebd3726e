/* RULE leaf-without-stage-3
 *
 * Finds a `leaf_module` in a config whose ZeRO `stage` is not 3.
 *
 * **Why it matters.** Leaves only mean something where parameters are partitioned, which is stage 3.  At other stages
 * the block has no effect, so either it is left over or the stage is not the one that was meant.
 *
 *     "zero_optimization": {"stage": 2, "leaf_module": {"classes": ["MixtralSparseMoeBlock"]}}
 *
 * instead
 *
 *     "zero_optimization": {"stage": 3, "leaf_module": {"classes": ["MixtralSparseMoeBlock"]}}
 *
 * **When it is wrong.** When one config is kept for several stages and the stage is replaced later.  `"stage": "auto"`
 * is not reported.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    report_faults(context, FAULT_LEAF_WITHOUT_STAGE3);
}

const struct rule rule_leaf_without_stage_3 = {
    .name = "leaf-without-stage-3",
    .severity = SEVERITY_WARNING,
    .since = "0.1.0",
    .summary = "a `leaf_module` that has no effect, since the stage is not 3",
    .check = check,
};
