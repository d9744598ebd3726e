/* RULE leaf-returns-dict
 *
 * Finds leaves whose forward gives a dict, or one of transformers' `ModelOutput` classes, which are dicts.
 *
 * DeepSpeed learns that the gradients of a leaf are complete through a hook on the tensors that the leaf returns: a
 * tensor, or a tuple of tensors.  It does not look into dicts.  Whole models such as `MixtralModel` return dicts; their
 * layers and blocks do not.
 *
 * **Why it matters.** Under ZeRO stage 3 the gradients of such a leaf are never handed to the optimizer: its parameters
 * are not updated, or the optimizer's step raises an exception (on a CPU: `unknown parameter type`).
 *
 *     "classes": ["MixtralModel"]
 *
 * instead
 *
 *     "classes": ["MixtralSparseMoeBlock"]
 *
 * **When it is wrong.** When the training code passes `return_dict=False`, which leaflint takes not to be done.  What
 * config.json says of `return_dict` is obeyed.
 */
#include "rules/support/entries.h"
#include "rules/support/leaf_faults.h"

static void check(struct rule_context *context)
{
    struct leaf_fault *faults;
    size_t count = leaf_faults_find(context, CONDUCT_RETURNS_DICT, &faults);
    for (size_t i = 0; i < count; i++) {
        const struct leaf_fault *fault = &faults[i];
        struct finding *finding = leaf_fault_finding(context, fault, SEVERITY_ERROR);
        struct text subject = leaf_fault_subject(context, fault), modules = leaf_fault_modules(context, fault);
        finding->message = text_format(context->arena,
                                       "%.*s returns a dict, into which DeepSpeed does not look, so %s its parameters "
                                       "are not updated: %.*s",
                                       TEXT_ARGS(subject), leaf_fault_when(context), TEXT_ARGS(modules));
        leaf_fault_relate(context, fault, finding, "it returns ");
        finding->help = TEXT("name the blocks or layers inside it, which return tensors");
    }
}

const struct rule rule_leaf_returns_dict = {
    .name = "leaf-returns-dict",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a leaf whose forward returns a dict (a ModelOutput), so that its parameters are not updated",
    .check = check,
};
