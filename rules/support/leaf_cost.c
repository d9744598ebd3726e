#include "rules/support/leaf_cost.h"

#include <stdlib.h>

#include "base/quantity.h"
#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/leaf_reach.h"

/* Of two modules of one class, only the first was looked at; a flag that decides what `forward` does decides as a rule
 * which children there are. */
static bool same_children(const struct model *model, uint32_t one, uint32_t other)
{
    uint32_t left = one + 1, right = other + 1;
    while (left < model->modules[one].end && right < model->modules[other].end) {
        if (!text_equal(model->modules[left].leaf, model->modules[right].leaf))
            return false;
        left = model->modules[left].end;
        right = model->modules[right].end;
    }
    return left >= model->modules[one].end && right >= model->modules[other].end;
}

/* Does the module choose by data which of its children it calls? */
static enum leaf_truth chooses(const struct model *model, uint32_t module, const uint32_t *first)
{
    const struct module *row = &model->modules[module];
    if (row->class_index == MODULE_NONE || row->open)
        return LEAF_MAYBE;
    const struct model_class *class = &model->classes[row->class_index];
    if (class->stands_in)
        return LEAF_MAYBE;
    enum routing_verdict verdict = class->routing == MODULE_NONE ? ROUTING_NO : model->routings[class->routing].verdict;
    switch (verdict) {
    case ROUTING_YES: return LEAF_YES;
    case ROUTING_CANNOT_TELL: return LEAF_MAYBE;
    case ROUTING_NO: break;
    }
    if (class->forward_never_called)
        return LEAF_NO;
    return same_children(model, module, first[row->class_index]) ? LEAF_NO : LEAF_MAYBE;
}

void leaf_costs_fill(struct leaf_costs *costs, const struct judged *judged)
{
    const struct model *model = judged->model;
    size_t count = model->module_count;
    uint32_t *first = memory_alloc((model->class_count + 1) * sizeof *first);
    for (uint32_t i = (uint32_t)count; i-- > 0;)
        if (model->modules[i].class_index != MODULE_NONE)
            first[model->modules[i].class_index] = i;
    *costs = (struct leaf_costs){judged, leaf_above(judged), memory_alloc(count), memory_alloc(count), memory_alloc(count)};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parent = model->modules[i].parent;
        costs->chooses[i] = costs->below[i] = (uint8_t)chooses(model, i, first);
        costs->around[i] = LEAF_NO;
        if (parent != MODULE_NONE)
            costs->around[i] =
                costs->around[parent] > costs->chooses[parent] ? costs->around[parent] : costs->chooses[parent];
    }
    for (uint32_t i = (uint32_t)count; i-- > 1;) {
        uint32_t parent = model->modules[i].parent;
        if (costs->below[i] > costs->below[parent])
            costs->below[parent] = costs->below[i];
    }
    free(first);
}

void leaf_costs_free(struct leaf_costs *costs)
{
    free(costs->above);
    free(costs->chooses);
    free(costs->below);
    free(costs->around);
}

bool leaf_is_gathered(const struct leaf_costs *costs, uint32_t module)
{
    const struct model *model = costs->judged->model;
    uint32_t class = model->modules[module].class_index;
    return module != 0 && class != MODULE_NONE && !model->classes[class].forward_never_called &&
           costs->above[module] == LEAF_NO && costs->around[module] == LEAF_NO;
}

/* The module's own parameters, those that it shares with others included; more than any model has when one is not
 * known. */
static int64_t own_parameters(const struct model *model, uint32_t module)
{
    const struct module *row = &model->modules[module];
    int64_t total = 0;
    for (uint32_t i = 0; i < row->parameter_count; i++) {
        const struct parameter *parameter = &model->parameters[row->first_parameter + i];
        int64_t count = 1;
        for (uint8_t dim = 0; parameter->shape_known && dim < parameter->dims; dim++)
            if (__builtin_mul_overflow(count, parameter->shape[dim], &count))
                return INT64_MAX;
        if (!parameter->shape_known || __builtin_add_overflow(total, count, &total))
            return INT64_MAX;
    }
    return total;
}

/* The nearest module above that is called. */
static uint32_t caller_of(const struct model *model, uint32_t module)
{
    uint32_t above = model->modules[module].parent;
    while (above != MODULE_NONE && model->modules[above].class_index != MODULE_NONE &&
           model->classes[model->modules[above].class_index].forward_never_called)
        above = model->modules[above].parent;
    return above;
}

bool leaf_is_huge(const struct leaf_costs *costs, uint32_t module)
{
    const struct model *model = costs->judged->model;
    if (!leaf_is_gathered(costs, module) || costs->chooses[module] != LEAF_NO ||
        model_gathered_parameters(model, module) <= HUGE_LEAF_PARAMETERS)
        return false;
    /* Without this leaf: blocks that may choose by data as a whole, all else module by module. */
    for (uint32_t below = module; below < model->modules[module].end;) {
        int64_t gathered;
        if (costs->chooses[below] == LEAF_NO) {
            gathered = own_parameters(model, below++);
        } else {
            /* A leaf just above the block is right where the block changes its input in place. */
            if (caller_of(model, below) == module)
                return false;
            gathered = model_gathered_parameters(model, below);
            below = model->modules[below].end;
        }
        if (gathered < 0 || gathered > HUGE_LEAF_PARAMETERS)
            return false;
    }
    return true;
}

struct text gathered_in_words(struct arena *arena, int64_t parameters)
{
    char count[32], two[32], four[32];
    int64_t bytes = 0;
    bool too_many = __builtin_mul_overflow(parameters, (int64_t)4, &bytes);
    struct text words = count_in_words(parameters, count);
    struct text at_two = bytes_in_words(too_many ? -1 : bytes / 2, two), at_four = bytes_in_words(too_many ? -1 : bytes, four);
    return text_format(arena, "%.*s parameters at once (%.*s at 2 bytes each, %.*s at 4)", TEXT_ARGS(words),
                       TEXT_ARGS(at_two), TEXT_ARGS(at_four));
}

void leaf_costs_check(struct rule_context *context, find_costly *find, report_costly *report)
{
    if (context->model_count == 0 || !leaves_matter(context))
        return;
    struct leaf_costs *costs = memory_alloc(context->model_count * sizeof *costs);
    for (size_t which = 0; which < context->model_count; which++)
        leaf_costs_fill(&costs[which], &context->models[which]);
    for (size_t i = 0; i < entry_count(context); i++) {
        if (!entry_sets_leaves(context, i))
            continue;
        const struct leaf_costs *first = NULL;
        uint32_t shown = MODULE_NONE;
        int64_t parameters = -1;
        bool fine = false;
        for (size_t which = 0; which < context->model_count && !fine; which++) {
            if (context->models[which].leaves.entries[i].matched == LEAF_NO)
                continue;
            int64_t gathered;
            uint32_t module = find(&costs[which], i, &gathered);
            fine = module == MODULE_NONE;
            if (fine || first)
                continue;
            first = &costs[which];
            shown = module;
            parameters = gathered;
        }
        if (first && !fine)
            report(context, first, i, shown, parameters);
    }
    for (size_t which = 0; which < context->model_count; which++)
        leaf_costs_free(&costs[which]);
    free(costs);
}
