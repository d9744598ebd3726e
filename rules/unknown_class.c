/* RULE unknown-class
 *
 * Finds an entry of `classes` that is the class of no module of the model.
 *
 * DeepSpeed compares the entry with each module's own class: its plain name (`MixtralSparseMoeBlock`) or its full one
 * (`transformers.models.mixtral.modeling_mixtral.MixtralSparseMoeBlock`), exactly.  A base class does not match, nor
 * does another case, another package path, a glob, or a name with blanks round it.
 *
 * **Why it matters.** DeepSpeed ignores the entry without a word, as long as another one matches.  If the block needed
 * to be a leaf, ranks then wait for each other forever, crash, or train with a wrong loss.
 *
 *     "classes": ["MixtralSparseMoeBlok"]
 *
 * instead
 *
 *     "classes": ["MixtralSparseMoeBlock"]
 *
 * Many models up to transformers 4.47, and some later ones, choose a class by the attention implementation
 * (`MixtralSdpaAttention`, `MixtralFlashAttention2`).  When an entry names a class of another one, the finding says with
 * which `attn_implementation` modules have it: leaflint has then built the model with that one too.  `--attn NAME` checks
 * the config against it.
 *
 * In a training script, a string given to `set_z3_leaf_modules` is compared in the same way; an imported class means what
 * isinstance means, so that derived classes match.  The call raises ValueError when nothing at all matched, and passes
 * over single entries.  A class imported from `transformers.models` that no module has is a warning: leaflint does not
 * follow every way in which another file may give it a second name.
 *
 * accelerate's `deepspeed_moe_layer_cls_names` is split at its commas, blanks are kept, and a name that no module's class
 * has raises when the model is prepared.
 *
 * An entry that is one of DeepSpeed's own three defaults is only a note: such lists are copied as they are, and what
 * the model does not have does no harm.
 *
 * **When it is wrong.** When the model is changed after it was built (its blocks replaced by an optimised class), or
 * when another version of transformers is installed where the job runs: leaflint says which sources it has read.
 */
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/fixes.h"
#include "rules/support/names.h"

/* What is known of an entry that no module's class is: the reason, and what to write instead. */
struct explanation {
    struct text reason; /* "" when there is none */
    struct text suggestions[LIMIT_SUGGESTIONS];
    size_t suggestion_count;
    uint32_t class;   /* in use: the one that is suggested, else MODULE_NONE */
    struct text attn; /* the attention implementation with which it would match, "" when there is none */
};

static bool is_default_class(struct text entry)
{
    for (size_t i = 0; i < 3; i++)
        if (text_equal(entry, deepspeed_default_classes[i]))
            return true;
    return false;
}

static bool has_dot(struct text text)
{
    return text.length && memchr(text.bytes, '.', text.length);
}

/* The class as the entry would have written it: with its package path or without. */
static struct text spelled_like(struct text entry, const struct model_class *class)
{
    return has_dot(entry) ? class->qualified : class->name;
}

static void suggest_class(struct explanation *explanation, const struct model *model, uint32_t class, struct text entry)
{
    if (explanation->suggestion_count == LIMIT_SUGGESTIONS)
        return;
    explanation->suggestions[explanation->suggestion_count++] = spelled_like(entry, &model->classes[class]);
    if (explanation->class == MODULE_NONE)
        explanation->class = class;
}

/* Blanks, another case, another package: the same class, written in another way. */
static bool explain_spelling(struct rule_context *context, const struct model *model, struct text entry,
                             struct explanation *explanation)
{
    struct text bare = trimmed(entry), last = last_component(bare);
    for (uint32_t i = 0; i < model->class_count; i++) {
        const struct model_class *class = &model->classes[i];
        if (leaf_class_matches(class, bare))
            explanation->reason = TEXT("the entry has blanks round it, and it is compared as it is");
        else if (text_equal_ignoring_case(class->name, bare) || text_equal_ignoring_case(class->qualified, bare))
            explanation->reason = TEXT("upper and lower case differ");
        else if (has_dot(bare) && text_equal(class->name, last))
            explanation->reason = text_format(context->arena, "the full name of class `%.*s` is `%.*s`",
                                              TEXT_ARGS(class->name), TEXT_ARGS(class->qualified));
        else if (has_dot(bare) && text_equal_ignoring_case(class->name, last))
            explanation->reason = TEXT("upper and lower case differ, and so does the package");
        else
            continue;
        suggest_class(explanation, model, i, bare);
        return true;
    }
    return false;
}

/* The class that one of these modules of the other form has here. */
static uint32_t class_here(const struct model *model, const struct model *other, const uint32_t *modules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t module = model_find_module(model, other->modules[modules[i]].name);
        if (module != MODULE_NONE && model->modules[module].class_index != MODULE_NONE)
            return model->modules[module].class_index;
    }
    return MODULE_NONE;
}

/* A class that modules have with another attention implementation. */
static bool explain_attention(struct rule_context *context, const struct model *model, struct text entry,
                              struct explanation *explanation)
{
    struct text attn;
    const struct rule_questions *questions = context->questions;
    const struct model *other = questions ? questions->with_attention(questions->context, model, entry, &attn) : NULL;
    if (!other)
        return false;
    uint32_t *modules = ARENA_ARRAY(context->arena, other->module_count, uint32_t);
    size_t count = 0;
    for (uint32_t module = 0; module < other->module_count; module++) {
        uint32_t class = other->modules[module].class_index;
        if (class != MODULE_NONE && leaf_class_matches(&other->classes[class], entry))
            modules[count++] = module;
    }
    if (!count)
        return false;
    explanation->reason = text_format(context->arena, "it is the class of %.*s with attn_implementation=\"%.*s\"",
                                      TEXT_ARGS(model_fold_names(other, modules, count, context->arena)), TEXT_ARGS(attn));
    explanation->attn = attn;
    uint32_t here = class_here(model, other, modules, count);
    if (here != MODULE_NONE)
        suggest_class(explanation, model, here, entry);
    return true;
}

static bool has_base(const struct model_class *class, struct text entry)
{
    for (size_t base = 0; base < class->base_count; base++)
        if (text_equal(class->bases[base], entry) || text_equal(last_component(class->bases[base]), entry) ||
            (text_starts(entry, TEXT("torch.nn.")) && text_starts(class->bases[base], TEXT("torch.nn.")) &&
             text_equal(last_component(class->bases[base]), last_component(entry)))) /* torch.nn.Module */
            return true;
    return false;
}

/* A base class of classes in use. */
static bool explain_base(struct rule_context *context, const struct model *model, struct text entry,
                         struct explanation *explanation)
{
    size_t derived = 0;
    for (uint32_t i = 0; i < model->class_count; i++)
        if (has_base(&model->classes[i], entry)) {
            derived++;
            if (model->module_count && model->modules[0].class_index != i) /* the root is no leaf */
                suggest_class(explanation, model, i, entry);
        }
    if (derived == 0)
        return false;
    if (derived <= LIMIT_SUGGESTIONS && explanation->class != MODULE_NONE) {
        explanation->reason =
            text_format(context->arena, "it is a base class (of `%.*s`), and only a module's own class counts",
                        TEXT_ARGS(model->classes[explanation->class].name));
    } else { /* torch's Module is a base of all: naming three of them helps nobody */
        explanation->reason = text_format(
            context->arena, "it is a base class (of %zu classes here), and only a module's own class counts", derived);
        explanation->suggestion_count = 0;
        explanation->class = MODULE_NONE;
    }
    return true;
}

/* "MixtralForCausalLM" and "MixtralModel" are architectures, "MixtralAttention" is not: only for the wording. */
static bool is_called_like_an_architecture(struct text name)
{
    for (size_t i = 0; i + 3 < name.length; i++)
        if (memcmp(name.bytes + i, "For", 3) == 0 && name.bytes[i + 3] >= 'A' && name.bytes[i + 3] <= 'Z')
            return true;
    return text_ends(name, TEXT("Model"));
}

static bool explain_unused(struct rule_context *context, const struct model *model, struct text entry,
                           struct explanation *explanation)
{
    for (size_t i = 0; i < model->other_class_count; i++) {
        struct text other = model->other_classes[i], name = last_component(other);
        if (!text_equal(other, entry) && !text_equal(name, entry))
            continue;
        struct text module = {other.bytes, other.length > name.length ? other.length - name.length - 1 : 0};
        const char *why = is_called_like_an_architecture(name) ? "it is another head or model of the same file"
                                                               : "the class exists, but this model does not use it";
        explanation->reason = text_format(context->arena, "%s (%.*s)", why, TEXT_ARGS(module));
        return true;
    }
    return false;
}

/* A name of a module, or the end of one, in the wrong list. */
static bool explain_kind(struct rule_context *context, const struct model *model, struct text entry,
                         struct explanation *explanation)
{
    if (entry.length == 0)
        return false;
    if (model_find_module(model, entry) != MODULE_NONE) {
        explanation->reason = TEXT("it is the name of a module, so its place is `names`");
        return true;
    }
    struct text *leaves;
    size_t count = leaf_names(model, context->arena, &leaves);
    for (size_t i = 0; i < count; i++)
        if (text_equal(leaves[i], entry)) {
            explanation->reason = TEXT("names of modules end with it, so its place is `name_suffixes`");
            return true;
        }
    return false;
}

static void explain_nearby(struct rule_context *context, const struct model *model, struct text entry,
                           struct explanation *explanation)
{
    struct text *names = ARENA_ARRAY(context->arena, model->class_count, struct text);
    struct text nearest[LIMIT_SUGGESTIONS];
    for (size_t i = 0; i < model->class_count; i++)
        names[i] = model->classes[i].name;
    size_t count =
        suggest_nearest(last_component(trimmed(entry)), names, model->class_count, nearest, LIMIT_SUGGESTIONS);
    for (size_t i = 0; i < count; i++)
        for (uint32_t class = 0; class < model->class_count; class ++)
            if (text_equal(model->classes[class].name, nearest[i])) {
                suggest_class(explanation, model, class, entry);
                break;
            }
    if (looks_like_pattern(entry))
        explanation->reason = TEXT("entries are compared as they are, not as patterns");
}

static void explain(struct rule_context *context, const struct model *model, struct text entry,
                    struct explanation *explanation)
{
    *explanation = (struct explanation){.reason = TEXT(""), .class = MODULE_NONE};
    if (explain_spelling(context, model, entry, explanation) || explain_attention(context, model, entry, explanation) ||
        explain_base(context, model, entry, explanation) || explain_unused(context, model, entry, explanation) ||
        explain_kind(context, model, entry, explanation))
        return;
    explain_nearby(context, model, entry, explanation);
}

/* With nothing near: the blocks for which people write such entries. */
static struct text blocks_in_words(struct rule_context *context, const struct model *model)
{
    struct text classes = routing_classes_in_words(model, context->arena);
    if (classes.length == 0)
        return classes;
    return text_format(context->arena, "blocks of %.*s that need a leaf: %.*s", TEXT_ARGS(model->architecture),
                       TEXT_ARGS(classes));
}

static void report(struct rule_context *context, const struct reference *reference, bool explained)
{
    struct text entry = shown(context, reference->text), models = models_in_words(context);
    if (is_default_class(reference->text) && !reference->call) {
        struct finding *note = entry_finding(context, SEVERITY_NOTE, reference);
        note->message =
            text_format(context->arena, "DeepSpeed's default `%.*s` is no class of %.*s, which does no harm",
                        TEXT_ARGS(entry), TEXT_ARGS(models));
        return;
    }
    struct explanation explanation = {.reason = TEXT(""), .class = MODULE_NONE};
    const struct model *model = context->models[0].model;
    bool string = reference->kind != REFERENCE_INSTANCE; /* an imported class is spelt right */
    for (size_t i = 0; i < context->model_count && explained && string; i++) {
        explain(context, context->models[i].model, reference->text, &explanation);
        if (explanation.reason.length || explanation.suggestion_count) {
            model = context->models[i].model;
            break;
        }
    }
    struct finding *finding = entry_finding(context, string ? SEVERITY_ERROR : SEVERITY_WARNING, reference);
    struct text miss = miss_in_words(context, reference);
    finding->message = text_format(context->arena, "no module of %.*s has class `%.*s`%s%.*s%.*s", TEXT_ARGS(models),
                                   TEXT_ARGS(entry), explanation.reason.length ? ": " : "",
                                   TEXT_ARGS(explanation.reason), TEXT_ARGS(miss));
    for (size_t i = 0; i < explanation.suggestion_count; i++)
        finding_suggest(finding, explanation.suggestions[i]);
    fix_with_suggestion(context, finding);
    if (explanation.class != MODULE_NONE)
        relate_class(context, finding, model, explanation.class);
    else if (explained && explanation.suggestion_count == 0 && !explanation.attn.length)
        finding->help = blocks_in_words(context, model);
    if (explanation.attn.length)
        finding->help = text_format(context->arena, "if the job runs with it, check with it: leaflint --attn %.*s",
                                    TEXT_ARGS(explanation.attn));
}

static void check(struct rule_context *context)
{
    size_t reported = 0;
    for (size_t i = 0; i < entry_count(context); i++) {
        const struct leaf_entry *entry = entry_at(context, i);
        bool is_class = entry->kind == REFERENCE_CLASS || entry->kind == REFERENCE_LAYER ||
                        entry->kind == REFERENCE_INSTANCE;
        if (is_class && entry_is_written(context, i) && entry_matched(context, i) == LEAF_NO)
            report(context, &context->config->references[entry->reference], reported++ < MAX_EXPLAINED);
    }
}

const struct rule rule_unknown_class = {
    .name = "unknown-class",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "an entry of `classes` that is the class of no module of the model",
    .check = check,
};
