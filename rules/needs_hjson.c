/* RULE needs-hjson
 *
 * Finds what DeepSpeed reads and strict JSON readers refuse: comments, trailing commas, single quotes, unquoted keys
 * and values, missing outer braces, a byte order mark.
 *
 * **Why it matters.** DeepSpeed's own loader (`--deepspeed_config`, `deepspeed.initialize(config=path)`) reads hjson.
 * Hugging Face's Trainer (`--deepspeed`) and accelerate read the same file with Python's `json.load`, which fails.
 *
 *     {
 *       zero_optimization: {stage: 3},  // experts need leaves
 *     }
 *
 * instead
 *
 *     {
 *       "zero_optimization": {"stage": 3}
 *     }
 *
 * **When it is wrong.** When only DeepSpeed itself ever reads the file: then `--ignore needs-hjson`.
 */
#include "rules/support/entries.h"

static void check(struct rule_context *context)
{
    report_faults(context, FAULT_NEEDS_HJSON);
}

const struct rule rule_needs_hjson = {
    .name = "needs-hjson",
    .severity = SEVERITY_WARNING,
    .since = "0.1.0",
    .summary = "what DeepSpeed reads, but Hugging Face's Trainer and accelerate (strict JSON) do not",
    .check = check,
};
