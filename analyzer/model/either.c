#include "model/either.h"

#include <stdlib.h>
#include <string.h>

struct merging {
    struct model *model;       /* the first tree; becomes the result */
    const struct model *other;
    struct module *modules;    /* of the result */
    size_t module_count;
    struct parameter *parameters;
    size_t parameter_count;
    uint32_t *module_of;       /* module of the first tree -> of the result, MODULE_NONE when it is left out */
    uint32_t *other_of;        /* module of the second tree -> of the result, MODULE_NONE when it is left out */
    uint32_t *parameter_of;    /* parameter of the first tree -> of the result, or MODULE_NONE */
    bool *used;                /* by class of the first tree: some module has it for certain */
    struct class_choice *choices; /* of a class of the first tree and one of the second */
    size_t choice_room;
    uint32_t last;             /* module of the second tree that was met last, + 1 */
};

static void add_reason(struct model *model, const struct unresolved *reason)
{
    model->status = MODEL_PARTIAL;
    model->total_parameters = -1;
    if (!model->unresolved)
        model->unresolved = ARENA_ARRAY(&model->arena, LIMIT_REASONS, struct unresolved);
    if (model->unresolved_count < LIMIT_REASONS)
        model->unresolved[model->unresolved_count++] = *reason;
}

/* A class of either tree among the possible ones. */
static uint32_t possible_class(struct merging *merging, const struct model_class *row)
{
    struct model *model = merging->model;
    for (uint32_t i = 0; i < model->possible_count; i++)
        if (text_equal(model->possible_classes[i].qualified, row->qualified))
            return i;
    struct model_class *added = &model->possible_classes[model->possible_count];
    *added = *row;
    added->name = text_copy(&model->arena, row->name);
    added->qualified = text_copy(&model->arena, row->qualified);
    added->bases = ARENA_ARRAY(&model->arena, row->base_count + 1, struct text);
    for (size_t i = 0; i < row->base_count; i++)
        added->bases[i] = text_copy(&model->arena, row->bases[i]);
    added->origin.path = text_copy(&model->arena, row->origin.path);
    added->endings = ARENA_ARRAY(&model->arena, row->ending_count + 1, struct text);
    for (size_t i = 0; i < row->ending_count; i++)
        added->endings[i] = text_copy(&model->arena, row->endings[i]);
    added->routing = MODULE_NONE;
    return (uint32_t)model->possible_count++;
}

/* The choice between a class of the first tree and one of the second; from 1. */
static uint32_t choice_of(struct merging *merging, uint32_t first, uint32_t second)
{
    struct model *model = merging->model;
    for (size_t i = 0; i < model->choice_count; i++)
        if (merging->choices[i].classes[0] == first && merging->choices[i].classes[1] == second)
            return (uint32_t)i + 1;
    merging->choices =
        array_grow(merging->choices, model->choice_count, &merging->choice_room, sizeof *merging->choices);
    merging->choices[model->choice_count++] = (struct class_choice){{first, second}};
    return (uint32_t)model->choice_count;
}

static void merge_classes(struct merging *merging, struct module *module, const struct module *other)
{
    const struct model *model = merging->model;
    if (module->class_index == MODULE_NONE || other->class_index == MODULE_NONE) {
        module->class_index = MODULE_NONE;
        return;
    }
    const struct model_class *second = &merging->other->classes[other->class_index];
    if (text_equal(model->classes[module->class_index].qualified, second->qualified)) {
        merging->used[module->class_index] = true;
        return;
    }
    module->choice = choice_of(merging, module->class_index, other->class_index);
    module->class_index = MODULE_NONE;
}

static const struct parameter *find_parameter(const struct model *model, const struct module *module, struct text name)
{
    for (uint32_t i = 0; i < module->parameter_count; i++)
        if (text_equal(model->parameters[module->first_parameter + i].name, name))
            return &model->parameters[module->first_parameter + i];
    return NULL;
}

static bool same_shape(const struct parameter *a, const struct parameter *b)
{
    return a->shape_known && b->shape_known && a->shared == b->shared && a->dims == b->dims &&
           memcmp(a->shape, b->shape, a->dims * sizeof *a->shape) == 0;
}

/* What both own; where the classes differ, loading decides what the parameters are like. */
static void merge_parameters(struct merging *merging, const struct module *from, const struct module *other,
                             struct module *module)
{
    const struct model *model = merging->model;
    module->first_parameter = (uint32_t)merging->parameter_count;
    module->parameter_count = 0;
    module->other_parameters |= from->parameter_count != other->parameter_count;
    for (uint32_t i = from->first_parameter; i < from->first_parameter + from->parameter_count; i++) {
        const struct parameter *also = find_parameter(merging->other, other, model->parameters[i].name);
        if (!also) {
            module->other_parameters = true;
            continue;
        }
        struct parameter *kept = &merging->parameters[merging->parameter_count];
        *kept = model->parameters[i];
        kept->shape_known = module->class_index != MODULE_NONE && same_shape(&model->parameters[i], also);
        if (kept->shared && merging->parameter_of[kept->same_as] == MODULE_NONE)
            kept->shared = kept->shape_known = false; /* what it is shared with is not stated */
        else if (kept->shared)
            kept->same_as = merging->parameter_of[kept->same_as];
        merging->parameter_of[i] = (uint32_t)merging->parameter_count++;
        module->parameter_count++;
    }
}

static void merge_module(struct merging *merging, uint32_t at)
{
    const struct model *model = merging->model;
    const struct module *from = &model->modules[at];
    uint32_t parent = from->parent == MODULE_NONE ? MODULE_NONE : merging->module_of[from->parent];
    if (from->parent != MODULE_NONE && parent == MODULE_NONE)
        return;
    uint32_t also = model_find_module(merging->other, from->name);
    if (also == MODULE_NONE) { /* the other tree may not have it */
        if (parent != MODULE_NONE)
            merging->modules[parent].open = true;
        return;
    }
    bool unordered = also < merging->last || (parent != MODULE_NONE && merging->modules[parent].unordered);
    if (!unordered)
        merging->last = also + 1;
    const struct module *other = &merging->other->modules[also];
    uint32_t number = (uint32_t)merging->module_count++;
    struct module *module = &merging->modules[number];
    *module = *from;
    module->parent = parent;
    module->unordered = from->unordered || unordered;
    module->other_parameters = from->other_parameters || other->other_parameters;
    merge_classes(merging, module, other);
    merge_parameters(merging, from, other, module);
    merging->module_of[at] = number;
    merging->other_of[also] = number;
}

/* What only the second tree has, is gathered with what holds it. */
static void note_additions(struct merging *merging)
{
    const struct model *other = merging->other;
    for (uint32_t i = 0; i < other->module_count; i++) {
        uint32_t above = other->modules[i].parent;
        uint32_t parent = above == MODULE_NONE ? MODULE_NONE : merging->other_of[above];
        if (merging->other_of[i] == MODULE_NONE && parent != MODULE_NONE)
            merging->modules[parent].other_parameters = true;
        if (other->modules[i].open && merging->other_of[i] != MODULE_NONE)
            merging->modules[merging->other_of[i]].other_parameters = true;
    }
}

/* Once some were left out. */
static void renumber_ends(struct module *modules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        modules[i].end = (uint32_t)i + 1;
    for (size_t i = count; i-- > 0;) {
        uint32_t parent = modules[i].parent;
        if (parent != MODULE_NONE && modules[parent].end < modules[i].end)
            modules[parent].end = modules[i].end;
    }
}

static uint32_t *table_of(size_t count)
{
    uint32_t *table = memory_alloc((count + 1) * sizeof *table);
    for (size_t i = 0; i <= count; i++)
        table[i] = MODULE_NONE;
    return table;
}

static void make_room(struct merging *merging)
{
    struct model *model = merging->model;
    const struct model *other = merging->other;
    size_t classes = model->class_count + other->class_count;
    model->possible_classes = ARENA_ARRAY(&model->arena, classes + 1, struct model_class);
    merging->modules = ARENA_ARRAY(&model->arena, model->module_count + 1, struct module);
    merging->parameters = ARENA_ARRAY(&model->arena, model->parameter_count + 1, struct parameter);
    merging->module_of = table_of(model->module_count);
    merging->other_of = table_of(other->module_count);
    merging->parameter_of = table_of(model->parameter_count);
    merging->used = memory_alloc(model->class_count + 1);
    memset(merging->used, 0, model->class_count + 1);
}

/* Choices get their classes; of the others those go that no module has for certain. */
static void settle_classes(struct merging *merging)
{
    struct model *model = merging->model;
    model->choices = ARENA_ARRAY(&model->arena, model->choice_count + 1, struct class_choice);
    for (size_t i = 0; i < model->choice_count; i++) {
        const uint32_t *classes = merging->choices[i].classes;
        model->choices[i].classes[0] = possible_class(merging, &model->classes[classes[0]]);
        model->choices[i].classes[1] = possible_class(merging, &merging->other->classes[classes[1]]);
    }
    uint32_t *number = table_of(model->class_count);
    size_t kept = 0;
    for (size_t i = 0; i < model->class_count; i++)
        if (merging->used[i]) {
            number[i] = (uint32_t)kept;
            model->classes[kept++] = model->classes[i];
        }
    model->class_count = kept;
    for (size_t i = 0; i < model->module_count; i++)
        if (model->modules[i].class_index != MODULE_NONE)
            model->modules[i].class_index = number[model->modules[i].class_index];
    free(number);
}

void model_either(struct model *model, struct model *other, const struct unresolved *reason)
{
    struct merging merging = {.model = model, .other = other};
    make_room(&merging);
    for (uint32_t i = 0; i < model->module_count; i++)
        merge_module(&merging, i);
    note_additions(&merging);
    renumber_ends(merging.modules, merging.module_count);
    model->modules = merging.modules;
    model->second_place_count = 0;
    model->module_count = merging.module_count;
    model->parameters = merging.parameters;
    model->parameter_count = merging.parameter_count;
    settle_classes(&merging);
    free(merging.module_of);
    free(merging.other_of);
    free(merging.parameter_of);
    free(merging.used);
    free(merging.choices);
    model->other = other;
    add_reason(model, reason);
    for (size_t i = 0; i < other->unresolved_count; i++) {
        struct unresolved also = other->unresolved[i];
        also.name = text_copy(&model->arena, also.name);
        also.reason = text_copy(&model->arena, also.reason);
        also.origin.path = text_copy(&model->arena, also.origin.path);
        add_reason(model, &also);
    }
}

void model_open_weights(struct model *model, const struct unresolved *reason)
{
    size_t kept = 0;
    uint32_t *number = table_of(model->module_count), left_out = 0; /* modules before this one are below an open one */
    for (uint32_t i = 0; i < model->module_count; i++) {
        struct module module = model->modules[i];
        if (i < left_out)
            continue;
        for (uint32_t k = 0; k < module.parameter_count; k++)
            model->parameters[module.first_parameter + k].shape_known = false;
        module.other_parameters |= module.parameter_count > 0;
        if (module.parameter_count && i) { /* the root itself is what from_pretrained() gives back */
            module.class_index = MODULE_NONE;
            module.choice = 0;
            module.open = module.unordered = true;
            left_out = module.end;
        }
        module.parent = module.parent == MODULE_NONE ? MODULE_NONE : number[module.parent];
        number[i] = (uint32_t)kept;
        model->modules[kept++] = module;
    }
    free(number);
    model->module_count = kept;
    model->second_place_count = 0;
    renumber_ends(model->modules, kept);
    add_reason(model, reason);
}
