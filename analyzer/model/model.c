/* The questions that rules ask of a built model. */
#include "model/model.h"

#include <stdlib.h>

/* Names to modules: open addressing, half full at most. */
struct model_index {
    uint32_t seed;
    size_t mask;
    uint32_t *slots;    /* module + 1, 0 when free */
    bool anything_open; /* some module is */
};

void model_forget_index(struct model *model)
{
    if (model->index) {
        free(model->index->slots);
        free(model->index);
    }
    model->index = NULL;
}

void model_free(struct model *model)
{
    model_forget_index(model);
    source_free(&model->config);
    if (model->other) {
        model_free(model->other);
        free(model->other);
    }
    arena_free(&model->arena);
    *model = (struct model){0};
}

/* A module of unknown class may hold anything, whatever else was marked. */
static bool is_open(const struct model *model, uint32_t module)
{
    const struct module *row = &model->modules[module];
    return row->open || (row->class_index == MODULE_NONE && !row->choice);
}

static struct model_index *index_of(const struct model *model)
{
    if (model->index)
        return model->index;
    struct model_index *index = memory_alloc(sizeof *index);
    /* Where the memory happens to be differs from run to run: sources cannot aim at collisions. */
    index->seed = (uint32_t)((uintptr_t)index >> 4);
    size_t size = 64;
    while (size < model->module_count * 2)
        size *= 2;
    index->mask = size - 1;
    index->slots = memory_alloc(size * sizeof *index->slots);
    memset(index->slots, 0, size * sizeof *index->slots);
    index->anything_open = model->module_count == 0;
    for (uint32_t module = 0; module < model->module_count; module++) {
        index->anything_open = index->anything_open || is_open(model, module);
        size_t slot = text_hash(model->modules[module].name, index->seed) & index->mask;
        while (index->slots[slot])
            slot = (slot + 1) & index->mask;
        index->slots[slot] = module + 1;
    }
    /* The answer does not change what the model says, so a model that is only read may be asked. */
    ((struct model *)model)->index = index;
    return index;
}

uint32_t model_find_module(const struct model *model, struct text name)
{
    if (model->module_count == 0)
        return MODULE_NONE;
    const struct model_index *index = index_of(model);
    size_t slot = text_hash(name, index->seed) & index->mask;
    for (; index->slots[slot]; slot = (slot + 1) & index->mask) {
        uint32_t module = index->slots[slot] - 1;
        if (text_equal(model->modules[module].name, name))
            return module;
    }
    return MODULE_NONE;
}

bool model_may_have_module(const struct model *model, struct text name)
{
    if (model->status == MODEL_RAISES)
        return false;
    if (model->module_count == 0 || model_find_module(model, name) != MODULE_NONE)
        return true;
    if (is_open(model, 0) || (model->other && model_may_have_module(model->other, name)))
        return true;
    /* The ancestors that exist, from the top; below the first that does not exist nothing can. */
    for (size_t at = 0; at < name.length; at++) {
        if (name.bytes[at] != '.')
            continue;
        uint32_t ancestor = model_find_module(model, (struct text){name.bytes, at});
        if (ancestor == MODULE_NONE)
            return false;
        if (is_open(model, ancestor))
            return true;
    }
    return false;
}

bool model_may_have_suffix(const struct model *model, struct text suffix)
{
    /* Components of a name are never empty, so no name ends in a dot or holds two in a row. */
    if (text_ends(suffix, TEXT(".")))
        return false;
    for (size_t at = 1; at < suffix.length; at++)
        if (suffix.bytes[at] == '.' && suffix.bytes[at - 1] == '.')
            return false;
    if (model->status == MODEL_RAISES)
        return false;
    for (size_t i = 0; model->other && i < model->other->module_count; i++)
        if (text_ends(model->other->modules[i].name, suffix))
            return true;
    return index_of(model)->anything_open || (model->other && model_may_have_suffix(model->other, suffix));
}

bool model_class_has_name(const struct model_class *class_, struct text name)
{
    for (size_t i = 0; class_->stands_in && i < class_->ending_count; i++)
        if (text_ends(name, class_->endings[i]))
            return true;
    if (class_->stands_in)
        return class_->ending_count == 0;
    return text_equal(class_->name, name) || text_equal(class_->qualified, name);
}

bool model_may_have_class(const struct model *model, struct text class_name)
{
    if (model->status == MODEL_RAISES)
        return false;
    if (index_of(model)->anything_open)
        return true; /* what is open may hold a module of any class */
    for (size_t i = 0; i < model->possible_count; i++)
        if (model_class_has_name(&model->possible_classes[i], class_name))
            return true;
    const struct model *other = model->other;
    for (size_t i = 0; other && i < other->class_count; i++)
        if (model_class_has_name(&other->classes[i], class_name))
            return true;
    return other && model_may_have_class(other, class_name);
}

static int compare_parameters(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Elements of one parameter, or -1. */
static int64_t elements(const struct parameter *parameter)
{
    int64_t count = 1;
    if (!parameter->shape_known)
        return -1;
    for (uint8_t dim = 0; dim < parameter->dims; dim++)
        if (parameter->shape[dim] < 0 || __builtin_mul_overflow(count, parameter->shape[dim], &count))
            return -1;
    return count;
}

int64_t model_gathered_parameters(const struct model *model, uint32_t module)
{
    int64_t total = 0;
    uint32_t *outside = NULL; /* parameters stated first elsewhere */
    size_t outside_count = 0, capacity = 0;
    const struct module *top = &model->modules[module];
    uint32_t first = UINT32_MAX; /* of the parameters below */
    for (uint32_t below = module; below < top->end; below++)
        if (model->modules[below].parameter_count && model->modules[below].first_parameter < first)
            first = model->modules[below].first_parameter;
    for (uint32_t below = module; below < top->end && total >= 0; below++) {
        const struct module *owner = &model->modules[below];
        if (is_open(model, below) || owner->class_index == MODULE_NONE || owner->other_parameters)
            total = -1;
        for (uint32_t i = 0; i < owner->parameter_count && total >= 0; i++) {
            const struct parameter *parameter = &model->parameters[owner->first_parameter + i];
            if (parameter->shared && parameter->same_as >= first)
                continue; /* its first statement is below this module too */
            if (parameter->shared) {
                outside = array_grow(outside, outside_count, &capacity, sizeof *outside);
                outside[outside_count++] = parameter->same_as;
                continue;
            }
            int64_t count = elements(parameter);
            if (count < 0 || __builtin_add_overflow(total, count, &total))
                total = -1;
        }
    }
    if (outside_count && total >= 0) {
        qsort(outside, outside_count, sizeof *outside, compare_parameters);
        for (size_t i = 0; i < outside_count && total >= 0; i++) {
            if (i && outside[i] == outside[i - 1])
                continue;
            int64_t count = outside[i] < model->parameter_count ? elements(&model->parameters[outside[i]]) : -1;
            if (count < 0 || __builtin_add_overflow(total, count, &total))
                total = -1;
        }
    }
    free(outside);
    return total;
}

void model_apply_order(const struct model *model, uint32_t *order)
{
    /* Modules are in preorder; a module is visited once everything below it was, that is when its range has ended.
     * The open ancestors form a stack that is linked through `parent`. */
    size_t written = 0;
    uint32_t current = MODULE_NONE;
    for (uint32_t module = 0; module < model->module_count; module++) {
        while (current != MODULE_NONE && model->modules[current].end <= module) {
            order[written++] = current;
            current = model->modules[current].parent;
        }
        current = module;
    }
    while (current != MODULE_NONE && written < model->module_count) {
        order[written++] = current;
        current = model->modules[current].parent;
    }
}

const struct conduct *model_conduct(const struct model *model, uint32_t module, enum conduct_kind kind)
{
    size_t low = 0, high = model->conduct_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct conduct *conduct = &model->conducts[middle];
        if (conduct->module < module || (conduct->module == module && conduct->kind < kind))
            low = middle + 1;
        else
            high = middle;
    }
    const struct conduct *found = low < model->conduct_count ? &model->conducts[low] : NULL;
    return found && found->module == module && found->kind == kind ? found : NULL;
}
