/* RULE suffix-off-boundary
 *
 * Finds an entry of `name_suffixes` that ends some names at a whole component, and others in the middle of one.
 *
 * DeepSpeed compares with Python's `str.endswith`, which knows nothing of dots: `experts` ends `mlp.experts`, and
 * `mlp.shared_experts` too.
 *
 * **Why it matters.** Modules become leaves that nobody meant: each is gathered as a whole, and some kinds of modules
 * cannot be leaves without breaking the backward pass.
 *
 *     "name_suffixes": ["experts"]
 *
 * instead
 *
 *     "name_suffixes": [".experts"]
 *
 * **When it is wrong.** When all of the modules are meant.  An entry that only ever ends inside components
 * (`_layernorm`) is taken as meant.
 */
#include <stdlib.h>

#include "rules/support/entries.h"

struct boundaries {
    uint32_t on, off;      /* how many names end at a component, and inside one */
    uint32_t *off_modules; /* on the heap */
};

static struct boundaries boundaries_of(const struct judged *judged, const struct leaf_entry *entry)
{
    struct boundaries boundaries = {0};
    size_t capacity = 0;
    for (uint32_t i = 0; i < entry->hit_count; i++) {
        uint32_t module = judged->leaves.hits[entry->first_hit + i];
        struct text name = judged->model->modules[module].name;
        size_t before = name.length - entry->text.length;
        if (before == 0 || name.bytes[before - 1] == '.' || entry->text.bytes[0] == '.') {
            boundaries.on++;
            continue;
        }
        boundaries.off_modules =
            array_grow(boundaries.off_modules, boundaries.off, &capacity, sizeof *boundaries.off_modules);
        boundaries.off_modules[boundaries.off++] = module;
    }
    return boundaries;
}

static void report(struct rule_context *context, const struct judged *judged, const struct leaf_entry *entry,
                   const struct boundaries *boundaries)
{
    struct text text = shown(context, entry->text);
    struct text off = modules_in_words(context, judged->model, boundaries->off_modules, boundaries->off);
    struct finding *finding = entry_finding(context, SEVERITY_WARNING, &context->config->references[entry->reference]);
    finding->model = judged->model->architecture;
    finding->message = text_format(context->arena, "suffix `%.*s` also ends inside a component: %.*s", TEXT_ARGS(text),
                                   TEXT_ARGS(off));
    if (model_find_module(judged->model, entry->text) == MODULE_NONE)
        finding_suggest(finding, text_format(context->arena, ".%.*s", TEXT_ARGS(entry->text)));
    const struct module *first = &judged->model->modules[boundaries->off_modules[0]];
    if (first->made)
        finding_relate(finding, first->made->path, first->made->place,
                       text_format(context->arena, "`%.*s` is made here", TEXT_ARGS(first->name)));
}

static void check(struct rule_context *context)
{
    for (size_t i = 0; i < entry_count(context); i++) {
        if (entry_at(context, i)->kind != REFERENCE_SUFFIX || entry_at(context, i)->text.length == 0)
            continue;
        /* A fault only when it is one in every model that the suffix hits. */
        const struct judged *faulty = NULL;
        bool fine = false;
        for (size_t which = 0; which < context->model_count && !fine; which++) {
            const struct judged *judged = &context->models[which];
            struct boundaries boundaries = boundaries_of(judged, &judged->leaves.entries[i]);
            bool is_fault = boundaries.on && boundaries.off;
            fine = judged->leaves.entries[i].matched != LEAF_NO && !is_fault;
            if (is_fault && !faulty)
                faulty = judged;
            free(boundaries.off_modules);
        }
        if (!faulty || fine)
            continue;
        struct boundaries boundaries = boundaries_of(faulty, &faulty->leaves.entries[i]);
        report(context, faulty, &faulty->leaves.entries[i], &boundaries);
        free(boundaries.off_modules);
    }
}

const struct rule rule_suffix_off_boundary = {
    .name = "suffix-off-boundary",
    .severity = SEVERITY_WARNING,
    .since = "0.1.0",
    .summary = "a suffix that also ends inside a component (`experts` in `shared_experts`)",
    .check = check,
};
