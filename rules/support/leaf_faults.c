#include "rules/support/leaf_faults.h"

#include <stdlib.h>

#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"

struct faults {
    struct leaf_fault *items;
    size_t count, capacity;
};

static bool inside_a_leaf(const struct judged *judged, uint32_t module)
{
    const struct model *model = judged->model;
    for (uint32_t above = model->modules[module].parent; above != MODULE_NONE; above = model->modules[above].parent)
        if (judged->leaves.states[above] != LEAF_NO)
            return true;
    return false;
}

static const struct conduct *conduct_of(const struct judged *judged, uint32_t module, enum conduct_kind kind)
{
    if (judged->leaves.states[module] != LEAF_YES || inside_a_leaf(judged, module))
        return NULL;
    return model_conduct(judged->model, module, kind);
}

static bool has_fault(const struct judged *judged, const struct leaf_entry *entry, enum conduct_kind kind)
{
    for (uint32_t i = 0; i < entry->hit_count; i++)
        if (conduct_of(judged, judged->leaves.hits[entry->first_hit + i], kind))
            return true;
    return false;
}

/* Is it a fault in every model that it has modules in?  The first of them, or NULL.  That it makes a whole model a leaf is
 * another rule's. */
static const struct judged *faulty_model(const struct rule_context *context, size_t entry, enum conduct_kind kind)
{
    const struct judged *faulty = NULL;
    for (size_t i = 0; i < context->model_count; i++) {
        const struct judged *judged = &context->models[i];
        const struct leaf_entry *leaf = &judged->leaves.entries[entry];
        if (leaf->matched == LEAF_NO || (leaf->hit_count && judged->leaves.hits[leaf->first_hit] == 0))
            continue;
        if (leaf->matched == LEAF_MAYBE || !has_fault(judged, leaf, kind))
            return NULL;
        faulty = faulty ? faulty : judged;
    }
    return faulty;
}

static void add_module(const struct rule_context *context, struct faults *faults, size_t from, const struct judged *judged,
                       const struct leaf_entry *entry, uint32_t module, const struct conduct *conduct)
{
    uint32_t class = judged->model->modules[module].class_index;
    size_t i = from;
    while (i < faults->count && faults->items[i].class != class)
        i++;
    if (i == faults->count) {
        if (faults->count >= MAX_EXPLAINED)
            return;
        faults->items = array_grow(faults->items, faults->count, &faults->capacity, sizeof *faults->items);
        uint32_t *modules = ARENA_ARRAY(context->arena, entry->hit_count, uint32_t);
        faults->items[faults->count++] = (struct leaf_fault){judged, entry, class, conduct, modules, 0};
    }
    faults->items[i].modules[faults->items[i].count++] = module;
}

size_t leaf_faults_find(const struct rule_context *context, enum conduct_kind kind, struct leaf_fault **found)
{
    struct faults faults = {0};
    for (size_t entry = 0; leaves_matter(context) && entry < entry_count(context); entry++) {
        const struct judged *judged = context->models[0].leaves.some_removed ? NULL : faulty_model(context, entry, kind);
        size_t from = faults.count;
        const struct leaf_entry *leaf = judged ? &judged->leaves.entries[entry] : NULL;
        for (uint32_t i = 0; leaf && i < leaf->hit_count; i++) {
            uint32_t module = judged->leaves.hits[leaf->first_hit + i];
            const struct conduct *conduct = conduct_of(judged, module, kind);
            if (conduct)
                add_module(context, &faults, from, judged, leaf, module, conduct);
        }
    }
    *found = ARENA_ARRAY(context->arena, faults.count + 1, struct leaf_fault);
    if (faults.count)
        memcpy(*found, faults.items, faults.count * sizeof **found);
    free(faults.items);
    return faults.count;
}

struct finding *leaf_fault_finding(struct rule_context *context, const struct leaf_fault *fault, enum severity severity)
{
    if (context->config->leaf.stage != 3)
        severity = SEVERITY_NOTE;
    struct finding *finding;
    if (fault->entry->reference != LEAF_DEFAULT) {
        finding = entry_finding(context, severity, &context->config->references[fault->entry->reference]);
    } else {
        finding = findings_add(context->findings, context->rule->name, severity, context->config->leaf.span);
        finding->key = context->config->leaf.present ? TEXT("zero_optimization.leaf_module") : TEXT("zero_optimization");
    }
    finding->model = fault->judged->model->architecture;
    return finding;
}

struct text leaf_fault_subject(struct rule_context *context, const struct leaf_fault *fault)
{
    struct text name = fault->judged->model->classes[fault->class].name;
    bool written = fault->entry->reference != LEAF_DEFAULT;
    return text_format(context->arena, "%s `%.*s`", written ? "leaf" : "DeepSpeed's default leaf", TEXT_ARGS(name));
}

const char *leaf_fault_when(const struct rule_context *context)
{
    return context->config->leaf.stage == 3 ? "under ZeRO stage 3" : "if the ZeRO stage is 3,";
}

void leaf_fault_relate(struct rule_context *context, const struct leaf_fault *fault, struct finding *finding, const char *words)
{
    const struct conduct *conduct = fault->conduct;
    if (conduct->at.path.length)
        finding_relate(finding, conduct->at.path, conduct->at.place,
                       text_format(context->arena, "%s`%.*s`", words, TEXT_ARGS(conduct->code)));
}

struct text leaf_fault_modules(struct rule_context *context, const struct leaf_fault *fault)
{
    return modules_in_words(context, fault->judged->model, fault->modules, fault->count);
}

uint32_t leaf_fault_above(const struct leaf_fault *fault)
{
    static const enum conduct_kind kinds[] = {CONDUCT_CHANGES_INPUT, CONDUCT_MAY_CHANGE_INPUT, CONDUCT_RETURNS_DICT,
                                              CONDUCT_NO_GRAD_INPUT, CONDUCT_CALLED_TWICE};
    const struct model *model = fault->judged->model;
    for (uint32_t above = model->modules[fault->modules[0]].parent; above != MODULE_NONE && above != 0;
         above = model->modules[above].parent) {
        uint32_t class = model->modules[above].class_index;
        if (class == MODULE_NONE)
            return MODULE_NONE;
        bool fine = !model->classes[class].forward_never_called;
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            fine = fine && !model_conduct(model, above, kinds[i]);
        if (fine)
            return above;
    }
    return MODULE_NONE;
}
