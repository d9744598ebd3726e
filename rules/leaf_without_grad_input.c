/* RULE leaf-without-grad-input
 *
 * Finds leaves that get no tensor with a gradient as a positional argument: embeddings, which take token numbers, and
 * modules that are called with keyword arguments only, as most attention modules of transformers are.
 *
 * DeepSpeed learns that the gradients of a leaf are complete when the gradient of its input is.  It sees positional
 * arguments only: `self.mlp(hidden_states)`, but not `self.self_attn(hidden_states=hidden_states)`.
 *
 * **Why it matters.** Without such an input DeepSpeed collects the gradients before they are there, and under ZeRO stage
 * 3 the first backward pass raises `RuntimeError: The size of tensor a (0) must match the size of tensor b`.
 *
 *     "classes": ["MixtralAttention"]
 *
 * instead
 *
 *     "classes": ["MixtralDecoderLayer"]
 *
 * A layer that is called with its hidden states first can be a leaf, with all that is in it.
 *
 * **When it is wrong.** When the parameters of the leaf are frozen, or when code calls the module in another way than
 * the forward that the finding names.
 */
#include "rules/support/entries.h"
#include "rules/support/leaf_faults.h"

static struct text reason_of(const struct leaf_fault *fault)
{
    const struct conduct *conduct = fault->conduct;
    if (conduct->at.path.length == 0)
        return TEXT("takes token numbers, which have no gradient");
    if (conduct->by_keyword)
        return TEXT("is called with keyword arguments only, which DeepSpeed does not see");
    return TEXT("gets no positional argument that has a gradient");
}

static void check(struct rule_context *context)
{
    struct leaf_fault *faults;
    size_t count = leaf_faults_find(context, CONDUCT_NO_GRAD_INPUT, &faults);
    for (size_t i = 0; i < count; i++) {
        const struct leaf_fault *fault = &faults[i];
        const struct model *model = fault->judged->model;
        struct finding *finding = leaf_fault_finding(context, fault, SEVERITY_ERROR);
        struct text subject = leaf_fault_subject(context, fault), modules = leaf_fault_modules(context, fault);
        struct text reason = reason_of(fault);
        const char *what = fault->conduct->perhaps_dict ? "the backward pass fails, or its parameters are not updated"
                                                        : "the backward pass fails";
        finding->message = text_format(context->arena, "%.*s %.*s, so %s %s: %.*s", TEXT_ARGS(subject), TEXT_ARGS(reason),
                                       leaf_fault_when(context), what, TEXT_ARGS(modules));
        const struct conduct *conduct = fault->conduct;
        leaf_fault_relate(context, fault, finding, "");
        uint32_t above = conduct->at.path.length ? leaf_fault_above(fault) : MODULE_NONE;
        if (above != MODULE_NONE) {
            struct text name = model->classes[model->modules[above].class_index].qualified;
            finding->help = text_format(context->arena, "try the module above: \"%.*s\"", TEXT_ARGS(name));
        }
    }
}

const struct rule rule_leaf_without_grad_input = {
    .name = "leaf-without-grad-input",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a leaf that gets no positional input with a gradient: embeddings, and what is called by keyword only",
    .check = check,
};
