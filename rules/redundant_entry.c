/* RULE redundant-entry
 *
 * Finds entries that could go without any change for this model: each module that they flag is flagged by another entry
 * too, or by one of DeepSpeed's defaults, where those are in force.
 *
 * **Why it matters.** It does no harm.  But the list looks as if it protected more than it does, and whoever changes one
 * of the entries may not know that another one holds the same modules.
 *
 *     "classes": ["PhimoeSparseMoeBlock"], "names": ["model.layers.0.block_sparse_moe"]
 *
 * instead
 *
 *     "classes": ["PhimoeSparseMoeBlock"]
 *
 * A leaf below another leaf has no effect either, since DeepSpeed sets its hooks from the top down and stops at a leaf.
 * That is fine and is not reported: it still protects when the upper one is taken away.
 *
 * **When it is wrong.** When one config is kept for several models, or for several versions of transformers, and the
 * entry is there for another one.  Of two entries that flag the same modules only one is reported.
 */
#include <stdlib.h>

#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"

/* How the entries of one model overlap, while those that add nothing are taken away one by one. */
struct overlap {
    const struct judged *judged;
    uint32_t *flagged;  /* module -> how many entries that are left flag it */
    bool *adds_nothing; /* per entry */
};

/* Is the leaf called?  If not, the fault is in each of its entries, and never-called-leaf says so. */
static bool is_called(const struct model *model, uint32_t module)
{
    uint32_t class = model->modules[module].class_index;
    return class != MODULE_NONE && !model->classes[class].forward_never_called;
}

static const uint32_t *hits_of(const struct judged *judged, size_t entry)
{
    return judged->leaves.hits + judged->leaves.entries[entry].first_hit;
}

/* The entry makes the whole model a leaf: every-module-leaf says it. */
static bool takes_all(const struct judged *judged, size_t entry)
{
    return judged->leaves.entries[entry].hit_count && hits_of(judged, entry)[0] == 0;
}

static bool try_without(struct overlap *overlap, size_t entry)
{
    const uint32_t *hits = hits_of(overlap->judged, entry);
    uint32_t count = overlap->judged->leaves.entries[entry].hit_count;
    for (uint32_t i = 0; i < count; i++)
        if (overlap->flagged[hits[i]] < 2 || !is_called(overlap->judged->model, hits[i]))
            return false;
    for (uint32_t i = 0; i < count; i++)
        overlap->flagged[hits[i]]--;
    return true;
}

struct ranked {
    uint32_t entry, hit_count;
};

/* Entries that flag less go first, of equal ones the later. */
static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->hit_count != right->hit_count)
        return left->hit_count < right->hit_count ? -1 : 1;
    return left->entry > right->entry ? -1 : left->entry < right->entry;
}

static struct overlap overlap_of(const struct judged *judged)
{
    const struct leaf_set *leaves = &judged->leaves;
    size_t modules = judged->model->module_count;
    struct overlap overlap = {.judged = judged};
    overlap.flagged = memory_alloc(modules * sizeof *overlap.flagged);
    overlap.adds_nothing = memory_alloc((leaves->entry_count + 1) * sizeof *overlap.adds_nothing);
    memset(overlap.flagged, 0, modules * sizeof *overlap.flagged);
    memset(overlap.adds_nothing, 0, (leaves->entry_count + 1) * sizeof *overlap.adds_nothing);
    /* In what is not known, an entry may flag something that no other one does. */
    if (judged->model->status != MODEL_EXACT || leaves->hit_count == LIMIT_LEAF_HITS || leaves->some_removed)
        return overlap;
    struct ranked *ranked = memory_alloc((leaves->entry_count + 1) * sizeof *ranked);
    size_t count = 0;
    for (uint32_t i = 0; i < leaves->entry_count; i++) {
        if (takes_all(judged, i))
            continue;
        for (uint32_t hit = 0; hit < leaves->entries[i].hit_count; hit++)
            overlap.flagged[hits_of(judged, i)[hit]]++;
        /* Whether DeepSpeed's own entries are in force beside a call, another file says. */
        if (leaves->entries[i].reference != LEAF_DEFAULT && !leaves->entries[i].call && leaves->entries[i].hit_count)
            ranked[count++] = (struct ranked){i, leaves->entries[i].hit_count};
    }
    qsort(ranked, count, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < count; i++)
        overlap.adds_nothing[ranked[i].entry] = try_without(&overlap, ranked[i].entry);
    free(ranked);
    return overlap;
}

static void overlap_free(struct overlap *overlap)
{
    free(overlap->flagged);
    free(overlap->adds_nothing);
}

/* Both ascending. */
static bool contains(const struct overlap *overlap, const struct leaf_entry *entry, const uint32_t *modules,
                     uint32_t count)
{
    const uint32_t *hits = overlap->judged->leaves.hits + entry->first_hit;
    uint32_t found = 0;
    for (uint32_t i = 0; i < entry->hit_count && found < count; i++)
        found += hits[i] == modules[found];
    return found == count;
}

/* An entry that stays and flags the module. */
static const struct leaf_entry *staying_entry(const struct overlap *overlap, uint32_t module)
{
    const struct leaf_set *leaves = &overlap->judged->leaves;
    for (size_t i = 0; i < leaves->entry_count; i++) {
        if (overlap->adds_nothing[i] || takes_all(overlap->judged, i))
            continue;
        for (uint32_t hit = 0; hit < leaves->entries[i].hit_count; hit++)
            if (hits_of(overlap->judged, i)[hit] == module)
                return &leaves->entries[i];
    }
    return NULL;
}

static void report(struct rule_context *context, const struct overlap *overlap, size_t which)
{
    const struct model *model = overlap->judged->model;
    const struct leaf_entry *entry = &overlap->judged->leaves.entries[which];
    const uint32_t *hits = hits_of(overlap->judged, which);
    struct text text = shown(context, entry->text), by = TEXT("other entries flag");
    const struct leaf_entry *first = staying_entry(overlap, hits[0]);
    bool by_one = first && contains(overlap, first, hits, entry->hit_count);
    if (by_one && first->reference == LEAF_DEFAULT)
        by = text_format(context->arena, "DeepSpeed's default `%.*s` flags", TEXT_ARGS(last_component(first->text)));
    else if (by_one)
        by = text_format(context->arena, "`%.*s` flags", TEXT_ARGS(leaf_entry_label(first, context->arena)));
    struct text names = modules_in_words(context, model, hits, entry->hit_count);
    struct finding *finding = entry_finding(context, SEVERITY_NOTE, &context->config->references[entry->reference]);
    finding->model = model->architecture;
    finding->message = text_format(context->arena, "`%.*s` adds nothing for %.*s: %.*s %s too: %.*s",
                                   TEXT_ARGS(text), TEXT_ARGS(model->architecture), TEXT_ARGS(by),
                                   entry->hit_count == 1 ? "this module" : "these modules", TEXT_ARGS(names));
    if (first && first->reference != LEAF_DEFAULT) {
        const struct reference *reference = &context->config->references[first->reference];
        finding_relate(finding, context->config->source->path,
                       source_place(context->config->source, reference->span.start), TEXT("flags them too"));
    }
}

static void check(struct rule_context *context)
{
    if (context->model_count == 0 || !leaves_matter(context))
        return;
    struct overlap *overlaps = memory_alloc(context->model_count * sizeof *overlaps);
    for (size_t which = 0; which < context->model_count; which++)
        overlaps[which] = overlap_of(&context->models[which]);
    size_t reported = 0;
    for (size_t i = 0; i < entry_count(context) && reported < MAX_EXPLAINED; i++) {
        /* Only when it adds nothing to any of the models that it may be for. */
        const struct overlap *first = NULL;
        bool adds = false;
        for (size_t which = 0; which < context->model_count && !adds; which++) {
            if (context->models[which].leaves.entries[i].matched == LEAF_NO)
                continue;
            adds = !overlaps[which].adds_nothing[i];
            first = first ? first : &overlaps[which];
        }
        if (!first || adds)
            continue;
        report(context, first, i);
        reported++;
    }
    for (size_t which = 0; which < context->model_count; which++)
        overlap_free(&overlaps[which]);
    free(overlaps);
}

const struct rule rule_redundant_entry = {
    .name = "redundant-entry",
    .severity = SEVERITY_NOTE,
    .since = "0.1.0",
    .summary = "an entry all of whose modules are flagged by others too",
    .check = check,
};
