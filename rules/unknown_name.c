/* RULE unknown-name
 *
 * Finds an entry of `names` that is not the name of a module.
 *
 * DeepSpeed looks each entry up in `dict(model.named_modules())`: whole names, from the root, of the model without any
 * wrapper.  A module that hangs in two places has only its first name.
 *
 * **Why it matters.** DeepSpeed logs `unknown module names` and trains on without the leaf.
 *
 *     "names": ["module.model.layers.0.mlp"]
 *
 * instead
 *
 *     "names": ["model.layers.0.mlp"]
 *
 * A name that only lacks PEFT's `base_model.model.` to be right is a note: under PEFT it is right.
 *
 * **When it is wrong.** When the model is changed after it was built (layers added or removed, modules replaced), or
 * when another version of transformers is installed where the job runs.
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/fixes.h"
#include "rules/support/names.h"

#define MAX_CHILDREN 8 /* children listed in help */

struct explanation {
    struct text reason;
    struct text help;
    struct text suggestions[LIMIT_SUGGESTIONS];
    size_t suggestion_count;
    bool only_note;
    uint32_t parent; /* the deepest module that exists, when the reason speaks of it; else MODULE_NONE */
};

static bool exists(const struct model *model, struct text name)
{
    return model_find_module(model, name) != MODULE_NONE;
}

static void suggest(struct explanation *explanation, struct text name)
{
    if (explanation->suggestion_count < LIMIT_SUGGESTIONS)
        explanation->suggestions[explanation->suggestion_count++] = name;
}

/* Blanks and wrappers. */
static bool explain_spelling(struct rule_context *context, const struct model *model, struct text name,
                             struct explanation *explanation)
{
    struct text bare = trimmed(name);
    if (bare.length < name.length && exists(model, bare)) {
        explanation->reason = TEXT("the entry has blanks round it, and it is compared as it is");
        suggest(explanation, bare);
        return true;
    }
    struct text wrapper;
    bool only_peft;
    struct text unwrapped = without_wrappers(context->arena, name, &wrapper, &only_peft);
    if (wrapper.length == 0 || !exists(model, unwrapped))
        return false;
    explanation->only_note = only_peft;
    if (only_peft)
        explanation->reason = TEXT("only under PEFT do names begin with `base_model.model.`");
    else
        explanation->reason = text_format(
            context->arena, "`%.*s` comes from a wrapper, and DeepSpeed looks names up in the model without it",
            TEXT_ARGS(wrapper));
    suggest(explanation, unwrapped);
    return true;
}

/* Things that are in the model, but are no modules. */
static bool explain_kind(struct rule_context *context, const struct model *model, struct text name,
                         struct explanation *explanation)
{
    struct text rest;
    uint32_t parent = deepest_module(model, name, &rest);
    const struct module *owner = &model->modules[parent];
    for (uint32_t i = 0; i < owner->parameter_count; i++) {
        if (!text_equal(model->parameters[owner->first_parameter + i].name, rest))
            continue;
        explanation->reason = text_format(context->arena, "it is a parameter%s%.*s%s", parent ? " of `" : "",
                                          TEXT_ARGS(owner->name), parent ? "`" : "");
        if (parent)
            suggest(explanation, owner->name);
        return true;
    }
    for (size_t i = 0; i < model->class_count; i++)
        if (leaf_class_matches(&model->classes[i], name)) {
            explanation->reason = TEXT("it is a class, so its place is `classes`");
            return true;
        }
    return false;
}

/* model.layers.32.mlp where layers end at 31. */
static bool explain_number(struct rule_context *context, const struct model *model, struct text name,
                           struct explanation *explanation)
{
    struct text rest;
    uint32_t parent = deepest_module(model, name, &rest), highest;
    struct text component = first_component(rest);
    if (component.length == 0 || component.bytes[0] < '0' || component.bytes[0] > '9' ||
        !numbered_children(model, parent, &highest))
        return false;
    explanation->reason =
        text_format(context->arena, "`%.*s` holds 0 to %u only", TEXT_ARGS(model->modules[parent].name), highest);
    explanation->parent = parent;
    struct text last = text_format(context->arena, "%.*s.%u%.*s", TEXT_ARGS(model->modules[parent].name), highest,
                                   (int)(rest.length - component.length), rest.bytes + component.length);
    if (exists(model, last))
        suggest(explanation, last);
    return true;
}

/* Too little or too much in front: "layers.0.mlp", "model.layers.0.mlp" of a model that has no `model`. */
static bool explain_front(struct rule_context *context, const struct model *model, struct text name,
                          struct explanation *explanation)
{
    struct text dotted = text_format(context->arena, ".%.*s", TEXT_ARGS(name));
    size_t longer = 0;
    for (size_t module = 1; module < model->module_count && name.length; module++)
        if (text_ends(model->modules[module].name, dotted)) {
            longer++;
            suggest(explanation, model->modules[module].name);
        }
    if (longer > LIMIT_SUGGESTIONS) {
        explanation->suggestion_count = 0;
        explanation->reason = text_format(
            context->arena, "names are whole; %zu modules' names end with it, so its place is `name_suffixes`", longer);
        return true;
    }
    if (longer) {
        explanation->reason = TEXT("names are whole, from the root");
        return true;
    }
    struct text first = first_component(name);
    if (first.length == name.length || exists(model, first))
        return false;
    struct text shorter = {name.bytes + first.length + 1, name.length - first.length - 1};
    if (!exists(model, shorter))
        return false;
    explanation->reason = text_format(context->arena, "this model has no `%.*s` in front", TEXT_ARGS(first));
    suggest(explanation, shorter);
    return true;
}

/* The first component that does not exist, and what is there instead. */
static void explain_component(struct rule_context *context, const struct model *model, struct text name,
                              struct explanation *explanation)
{
    if (looks_like_pattern(name)) {
        explanation->reason = TEXT("entries are compared as they are, not as patterns");
        return;
    }
    struct text rest;
    uint32_t parent = deepest_module(model, name, &rest);
    explanation->suggestion_count =
        nearby_names(model, name, context->arena, exists, explanation->suggestions, LIMIT_SUGGESTIONS);
    if (explanation->suggestion_count || rest.length == 0)
        return;
    struct text component = shown(context, first_component(rest)), owner = model->modules[parent].name;
    uint32_t block = parent ? first_routing_module(model, parent) : MODULE_NONE;
    if (block != MODULE_NONE)
        suggest(explanation, model->modules[block].name); /* the block may have another name in another version */
    if (parent)
        explanation->reason =
            text_format(context->arena, "`%.*s` has no `%.*s`", TEXT_ARGS(owner), TEXT_ARGS(component));
    explanation->parent = parent;
    struct text_builder children = {0};
    uint32_t highest;
    size_t count = 0;
    if (numbered_children(model, parent, &highest))
        text_builder_addf(&children, "0 to %u", highest);
    else
        for (uint32_t child = parent + 1; child < model->modules[parent].end; child = model->modules[child].end)
            if (count++ < MAX_CHILDREN)
                text_builder_addf(&children, "%s%.*s", count > 1 ? ", " : "", TEXT_ARGS(model->modules[child].leaf));
    if (count > MAX_CHILDREN)
        text_builder_addf(&children, ", ... %zu more", count - MAX_CHILDREN);
    if (children.length)
        explanation->help = text_format(context->arena, "%s%.*s%s holds %.*s", parent ? "`" : "the root",
                                        TEXT_ARGS(owner), parent ? "`" : "", TEXT_ARGS(text_builder_text(&children)));
    text_builder_free(&children);
}

static void explain(struct rule_context *context, const struct model *model, struct text name,
                    struct explanation *explanation)
{
    *explanation = (struct explanation){.reason = TEXT(""), .parent = MODULE_NONE};
    if (name.length <= LIMIT_SUGGESTION_LENGTH && !explain_spelling(context, model, name, explanation) &&
        !explain_kind(context, model, name, explanation) && !explain_number(context, model, name, explanation) &&
        !explain_front(context, model, name, explanation))
        explain_component(context, model, name, explanation);
}

static void report(struct rule_context *context, const struct reference *reference, bool explained)
{
    struct text entry = shown(context, reference->text), models = models_in_words(context);
    struct explanation explanation = {.reason = TEXT(""), .parent = MODULE_NONE};
    const struct model *model = context->models[0].model;
    for (size_t i = 0; i < context->model_count && explained; i++) {
        struct explanation other;
        explain(context, context->models[i].model, reference->text, &other);
        if (i == 0 || other.suggestion_count) {
            explanation = other;
            model = context->models[i].model;
        }
        if (explanation.suggestion_count)
            break;
    }
    struct finding *finding = entry_finding(context, explanation.only_note ? SEVERITY_NOTE : SEVERITY_ERROR, reference);
    struct text miss = miss_in_words(context, reference);
    finding->message =
        text_format(context->arena, "no module of %.*s is named `%.*s`%s%.*s%.*s", TEXT_ARGS(models), TEXT_ARGS(entry),
                    explanation.reason.length ? ": " : "", TEXT_ARGS(explanation.reason), TEXT_ARGS(miss));
    finding->help = explanation.help;
    for (size_t i = 0; i < explanation.suggestion_count; i++)
        finding_suggest(finding, explanation.suggestions[i]);
    fix_with_suggestion(context, finding);
    if (explanation.parent == MODULE_NONE || explanation.parent == 0)
        return;
    const struct module *parent = &model->modules[explanation.parent];
    if (parent->made)
        finding_relate(finding, parent->made->path, parent->made->place,
                       text_format(context->arena, "`%.*s` is made here", TEXT_ARGS(parent->name)));
}

static void check(struct rule_context *context)
{
    size_t reported = 0;
    for (size_t i = 0; i < entry_count(context); i++) {
        const struct leaf_entry *entry = entry_at(context, i);
        if (entry->kind == REFERENCE_NAME && entry_matched(context, i) == LEAF_NO)
            report(context, &context->config->references[entry->reference], reported++ < MAX_EXPLAINED);
    }
}

const struct rule rule_unknown_name = {
    .name = "unknown-name",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "an entry of `names` that is not the name of a module",
    .check = check,
};
