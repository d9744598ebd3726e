/* RULE never-called-leaf
 *
 * Finds entries that make a leaf of a container which nobody calls: a `ModuleList`, `ModuleDict`, `ParameterList` or
 * `ParameterDict`, or a class of the model that is one of them and has no `forward` of its own.
 *
 * A model takes the items out of such a container and calls those.  The container is in `named_modules()`, so the
 * entry matches and DeepSpeed says nothing.
 *
 * **Why it matters.** DeepSpeed works with hooks that run when a module is called, and sets none on what is below a
 * leaf.  The hooks of this leaf never run, those of the modules in it are not there: no gradient of its parameters is
 * ever reduced, and they are not updated.
 *
 *     "name_suffixes": [".experts"]          (Mixtral of transformers 4: `experts` is a ModuleList)
 *
 * instead
 *
 *     "classes": ["MixtralSparseMoeBlock"]   (the block that calls what is in the container)
 *
 * With a leaf on a module above that is called, a leaf on the container has no effect, and nothing is said.
 *
 * **When it is wrong.** When Python code puts a leaf above it (`set_z3_leaf_modules`), or when all of its parameters
 * are frozen.  With `"stage": "auto"` or a `stage3_module_granularity_threshold`, which may make a module above it a
 * leaf, it is a note.
 */
#include <stdlib.h>

#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/leaf_reach.h"

/* Leaves of one entry that are never called. */
struct idle_leaves {
    const struct judged *judged;
    uint32_t *modules; /* on the heap, ascending */
    size_t count;
};

static struct idle_leaves find_idle(const struct judged *judged, const struct leaf_entry *entry, const uint8_t *cover)
{
    struct idle_leaves idle = {.judged = judged};
    size_t capacity = 0;
    for (uint32_t i = 0; i < entry->hit_count; i++) {
        uint32_t module = judged->leaves.hits[entry->first_hit + i];
        uint32_t class = judged->model->modules[module].class_index;
        if (class == MODULE_NONE || !judged->model->classes[class].forward_never_called || cover[module] != LEAF_NO ||
            !module_holds_parameters(judged->model, module))
            continue;
        idle.modules = array_grow(idle.modules, idle.count, &capacity, sizeof *idle.modules);
        idle.modules[idle.count++] = module;
    }
    return idle;
}

/* Where the leaf belongs, when that is certain. */
static struct text help_of(struct rule_context *context, const struct idle_leaves *idle)
{
    const struct model *model = idle->judged->model;
    uint32_t above = class_called_above(model, idle->modules[0]);
    uint32_t routing = above == MODULE_NONE ? MODULE_NONE : model->classes[above].routing;
    if (routing == MODULE_NONE || model->routings[routing].verdict != ROUTING_YES)
        return TEXT("");
    return text_format(context->arena, "the leaf goes on the block that calls what is in it, `%.*s`",
                       TEXT_ARGS(model->classes[above].name));
}

static void report(struct rule_context *context, const struct leaf_entry *entry, const struct idle_leaves *idle)
{
    const struct model *model = idle->judged->model;
    bool certain = bare_blocks_certain(context);
    struct finding *finding = entry_finding(context, certain ? SEVERITY_ERROR : SEVERITY_NOTE,
                                            &context->config->references[entry->reference]);
    struct text names = modules_in_words(context, model, idle->modules, idle->count);
    struct text class = model->classes[model->modules[idle->modules[0]].class_index].name;
    const char *when = "";
    if (context->config->leaf.stage != 3)
        when = "under ZeRO stage 3 ";
    else if (!certain)
        when = "unless `stage3_module_granularity_threshold` makes a module above it a leaf, ";
    finding->model = model->architecture;
    finding->message = text_format(context->arena,
                                   "nothing calls a container of class `%.*s`, so %sthe parameters in this leaf are not updated: "
                                   "%.*s",
                                   TEXT_ARGS(class), when, TEXT_ARGS(names));
    finding->help = help_of(context, idle);
    const struct module *first = &model->modules[idle->modules[0]];
    if (first->made)
        finding_relate(finding, first->made->path, first->made->place,
                       text_format(context->arena, "`%.*s` is made here", TEXT_ARGS(first->name)));
}

static void check(struct rule_context *context)
{
    if (context->model_count == 0 || !leaves_matter(context))
        return;
    uint8_t **covers = memory_alloc(context->model_count * sizeof *covers);
    for (size_t which = 0; which < context->model_count; which++)
        covers[which] = leaf_cover(&context->models[which]);
    for (size_t i = 0; i < entry_count(context); i++) {
        if (!entry_sets_leaves(context, i))
            continue;
        /* A fault only when it is one in every model that the entry may be for. */
        struct idle_leaves first = {0};
        bool fine = false;
        for (size_t which = 0; which < context->model_count && !fine; which++) {
            const struct judged *judged = &context->models[which];
            const struct leaf_entry *entry = &judged->leaves.entries[i];
            if (entry->matched == LEAF_NO)
                continue;
            struct idle_leaves idle = find_idle(judged, entry, covers[which]);
            fine = idle.count == 0;
            if (idle.count && first.count == 0)
                first = idle;
            else
                free(idle.modules);
        }
        if (first.count && !fine)
            report(context, entry_at(context, i), &first);
        free(first.modules);
    }
    for (size_t which = 0; which < context->model_count; which++)
        free(covers[which]);
    free(covers);
}

const struct rule rule_never_called_leaf = {
    .name = "never-called-leaf",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a leaf on a container that is never called (`ModuleList`, ...), with no leaf above it",
    .check = check,
};
