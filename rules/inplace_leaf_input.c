/* RULE inplace-leaf-input
 *
 * Finds leaves whose own code overwrites the tensor that they are given, under the values of this config.json.
 *
 * Some blocks change their input in place while they train, as in `hidden_states *= noise`: Mixtral's does when
 * `router_jitter_noise` is above 0, SwitchTransformers' by default.  As plain modules they may.  DeepSpeed watches the
 * input of a leaf, to know when its gradients are complete, and torch then forbids to write to it.
 *
 * **Why it matters.** Under ZeRO stage 3 the first forward pass raises `RuntimeError: Output 0 of BackwardHookFunction
 * is a view and is being modified inplace`.
 *
 *     "classes": ["MixtralSparseMoeBlock"]      (with "router_jitter_noise": 0.1 in config.json)
 *
 * instead
 *
 *     "classes": ["MixtralDecoderLayer"]
 *
 * The module above gathers more parameters at a time, but hands a tensor of its own to the block.  Where the change
 * is noise that training can do without, setting the noise to 0 in config.json helps too.
 *
 * **When it is wrong.** When the code is changed after the model was built.  Where the input is converted first
 * (`hidden_states.to(self.dtype)`), the conversion makes a copy only if the type differs: then this is a note.  It
 * holds when the hidden states have that type already, mostly float32 without mixed precision.
 */
#include "rules/support/entries.h"
#include "rules/support/leaf_faults.h"

static struct text help_of(struct rule_context *context, const struct leaf_fault *fault)
{
    const struct model *model = fault->judged->model;
    uint32_t above = leaf_fault_above(fault);
    if (above == MODULE_NONE)
        return TEXT("");
    struct text name = model->classes[model->modules[above].class_index].qualified;
    struct text class = model->classes[fault->class].name;
    return text_format(context->arena, "try the module above instead of `%.*s`: \"%.*s\"", TEXT_ARGS(class),
                       TEXT_ARGS(name));
}

static void report(struct rule_context *context, const struct leaf_fault *fault, bool certain)
{
    struct finding *finding = leaf_fault_finding(context, fault, certain ? SEVERITY_ERROR : SEVERITY_NOTE);
    struct text subject = leaf_fault_subject(context, fault), modules = leaf_fault_modules(context, fault);
    const struct conduct *conduct = fault->conduct;
    const char *when = leaf_fault_when(context);
    if (certain)
        finding->message = text_format(context->arena,
                                       "%.*s overwrites its input in training, and %s the forward pass then raises "
                                       "RuntimeError: %.*s",
                                       TEXT_ARGS(subject), when, TEXT_ARGS(modules));
    else
        finding->message = text_format(context->arena,
                                       "%.*s overwrites its input in training unless a conversion makes a copy first; "
                                       "if none does, %s the forward pass raises RuntimeError: %.*s",
                                       TEXT_ARGS(subject), when, TEXT_ARGS(modules));
    leaf_fault_relate(context, fault, finding, "");
    if (conduct->call.path.length)
        finding_relate(finding, conduct->call.path, conduct->call.place, TEXT("the leaf is called here"));
    finding->help = help_of(context, fault);
}

static void check(struct rule_context *context)
{
    struct leaf_fault *faults;
    size_t count = leaf_faults_find(context, CONDUCT_CHANGES_INPUT, &faults);
    for (size_t i = 0; i < count; i++)
        report(context, &faults[i], true);
    count = leaf_faults_find(context, CONDUCT_MAY_CHANGE_INPUT, &faults);
    for (size_t i = 0; i < count; i++)
        report(context, &faults[i], false);
}

const struct rule rule_inplace_leaf_input = {
    .name = "inplace-leaf-input",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a leaf that overwrites its input, under the values of this config.json, so that training raises",
    .check = check,
};
