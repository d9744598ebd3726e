/*
 * torch's named_modules() over the evaluated instance: depth first, children in the order of registration, each module once
 * under its first name.
 */
#include "model/tree.h"

#include <stdlib.h>
#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"

/* Modules of one class are mostly made by one statement: where it is, is only worked out once. */
#define KNOWN_ORIGINS 256
struct known_origin {
    const struct unit *unit;
    uint32_t at;
    struct origin origin;
};

struct tree {
    struct eval *ev;
    struct model *model;
    size_t module_capacity, class_capacity, parameter_capacity, unresolved_capacity;
    struct dict *seen;       /* modules met */
    struct dict *parameters; /* parameters met: tied ones count once */
    struct dict *classes;    /* class -> index */
    struct instance **instances; /* first of each class */
    bool total_known;
    uint32_t depth;
    struct known_origin origins[KNOWN_ORIGINS];
};

struct origin tree_origin(struct model *model, struct unit *unit, uint32_t at)
{
    struct origin origin = {0};
    if (!unit || unit->is_fact)
        return origin;
    origin.path = text_copy(&model->arena, unit->shown);
    origin.place = source_place(&unit->file->source, at);
    return origin;
}

void tree_unresolved(struct model *model, struct text name, const struct reason *reason)
{
    if (model->unresolved_count >= LIMIT_REASONS)
        return;
    if (!model->unresolved)
        model->unresolved = ARENA_ARRAY(&model->arena, LIMIT_REASONS, struct unresolved);
    struct unresolved *unresolved = &model->unresolved[model->unresolved_count++];
    unresolved->name = text_copy(&model->arena, name);
    unresolved->reason = text_copy(&model->arena, reason->words);
    unresolved->origin = tree_origin(model, reason->unit, reason->at);
    if (model->status == MODEL_EXACT)
        model->status = MODEL_PARTIAL;
}

/* Items of the model's arrays live in its arena; growing leaves the old array behind, which is at most as large again. */
static void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t room = *capacity ? *capacity * 2 : 64;
    void *grown = arena_alloc_array(arena, room, size);
    if (count)
        memcpy(grown, items, count * size);
    *capacity = room;
    return grown;
}

/* PARENT.NAME, or NAME below the root. */
static struct text joined_name(struct arena *arena, struct text parent, struct text name)
{
    size_t before = parent.length ? parent.length + 1 : 0;
    char *bytes = arena_alloc(arena, before + name.length + 1);
    if (before) {
        memcpy(bytes, parent.bytes, parent.length);
        bytes[parent.length] = '.';
    }
    memcpy(bytes + before, name.bytes, name.length);
    return (struct text){bytes, before + name.length};
}

static struct text qualified_name(struct arena *arena, const struct class *class_)
{
    if (!class_->module || !strcmp(class_->module->bytes, "builtins"))
        return text_format(arena, "builtins.%s", class_->qualname->bytes);
    return text_format(arena, "%s.%s", class_->module->bytes, class_->qualname->bytes);
}

/* Is forward never called on instances?  A container that gets a forward of its own is called like any module. */
static bool never_called(struct eval *ev, struct class *class_)
{
    struct value flag = class_find(ev, class_, ev->types->names.forward_never_called);
    if (flag.kind != VALUE_BOOL || !flag.truth)
        return false;
    struct value forward = class_find(ev, class_, eval_intern(ev, TEXT("forward")));
    return forward.kind == VALUE_UNBOUND || forward.kind == VALUE_NATIVE;
}

/* A class of the facts may stand for others: `stands_in`, what their names end with. */
static void fill_endings(struct tree *tree, struct class *class_, struct model_class *row)
{
    if (!class_->unit || !class_->unit->is_fact)
        return;
    struct value endings = class_find(tree->ev, class_, eval_intern(tree->ev, TEXT("stands_in")));
    struct list *items = value_items(endings);
    if (!items)
        return;
    row->stands_in = true;
    row->endings = ARENA_ARRAY(&tree->model->arena, items->count + 1, struct text);
    for (uint32_t i = 0; i < items->count; i++)
        if (items->items[i].kind == VALUE_STR)
            row->endings[row->ending_count++] = text_copy(&tree->model->arena, str_text(items->items[i].str));
}

static uint32_t class_index(struct tree *tree, struct instance *instance)
{
    struct model *model = tree->model;
    struct value key = value_of(VALUE_CLASS, instance->class_);
    struct value known = dict_get(tree->classes, key);
    if (known.kind == VALUE_INT)
        return (uint32_t)known.integer;
    size_t old = tree->class_capacity;
    model->classes = arena_grow(&model->arena, model->classes, model->class_count, &tree->class_capacity, sizeof *model->classes);
    if (tree->class_capacity != old)
        tree->instances = memory_realloc(tree->instances, tree->class_capacity * sizeof(struct instance *));
    uint32_t index = (uint32_t)model->class_count++;
    tree->instances[index] = instance;
    const struct class *class_ = instance->class_;
    struct model_class *row = &model->classes[index];
    row->name = text_copy(&model->arena, str_text(class_->name));
    row->qualified = qualified_name(&model->arena, class_);
    row->bases = ARENA_ARRAY(&model->arena, class_->mro_count, struct text);
    for (uint32_t i = 1; i < class_->mro_count; i++)
        row->bases[row->base_count++] = qualified_name(&model->arena, class_->mro[i]);
    row->origin = tree_origin(model, class_->unit, class_->at);
    row->forward_never_called = never_called(tree->ev, instance->class_);
    row->routing = MODULE_NONE;
    fill_endings(tree, instance->class_, row);
    dict_set(tree->ev, tree->classes, key, value_int(index));
    return index;
}

static void add_parameter(struct tree *tree, struct text module, const struct instance *owner, struct text name, struct value value)
{
    struct model *model = tree->model;
    if (value.kind != VALUE_TENSOR) { /* it may also be None, which is no parameter */
        struct reason reason = {
            .words = TEXT("it cannot be told whether this parameter is there"), .unit = owner->made_unit, .at = owner->made_at};
        tree->total_known = false;
        tree_unresolved(model, joined_name(&model->arena, module, name), is_unknown(value) ? value.reason : &reason);
        return;
    }
    model->parameters = arena_grow(&model->arena, model->parameters, model->parameter_count, &tree->parameter_capacity, sizeof *model->parameters);
    struct parameter *parameter = &model->parameters[model->parameter_count++];
    *parameter = (struct parameter){.name = text_copy(&model->arena, name)};
    if (value.tensor->shape_known) {
        parameter->shape_known = true;
        parameter->dims = value.tensor->dims;
        memcpy(parameter->shape, value.tensor->shape, value.tensor->dims * sizeof *parameter->shape);
    } else {
        struct reason reason = {
            .words = TEXT("the shape of a parameter cannot be told"), .unit = owner->made_unit, .at = owner->made_at};
        tree->total_known = false;
        tree_unresolved(model, joined_name(&model->arena, module, name), &reason);
    }
    struct value first = dict_get(tree->parameters, value);
    if (first.kind == VALUE_INT) {
        parameter->shared = true;
        parameter->same_as = (uint32_t)first.integer;
        return;
    }
    dict_set(tree->ev, tree->parameters, value, value_int((int64_t)model->parameter_count - 1));
    int64_t count = 1;
    for (uint8_t i = 0; parameter->shape_known && i < parameter->dims; i++)
        if (__builtin_mul_overflow(count, parameter->shape[i], &count))
            tree->total_known = false;
    if (__builtin_add_overflow(model->total_parameters, count, &model->total_parameters))
        tree->total_known = false;
}

static void mark_open(struct tree *tree, uint32_t index, const struct reason *reason)
{
    tree->model->modules[index].open = true;
    tree->total_known = false;
    tree_unresolved(tree->model, tree->model->modules[index].name, reason);
}

static struct origin made_origin(struct tree *tree, struct instance *instance)
{
    struct known_origin *known = &tree->origins[(((uintptr_t)instance->made_unit >> 4) + instance->made_at) % KNOWN_ORIGINS];
    if (known->unit != instance->made_unit || known->at != instance->made_at)
        *known = (struct known_origin){instance->made_unit, instance->made_at,
                                       tree_origin(tree->model, instance->made_unit, instance->made_at)};
    return known->origin;
}

static bool walk(struct tree *tree, struct instance *instance, uint32_t parent, struct text name, struct text leaf)
{
    struct eval *ev = tree->ev;
    struct model *model = tree->model;
    struct value key = value_of(VALUE_INSTANCE, instance);
    if (dict_get(tree->seen, key).kind != VALUE_UNBOUND)
        return true;
    if (!dict_set(ev, tree->seen, key, value_none()))
        return false;
    if (model->module_count >= LIMIT_MODULES) {
        eval_stop(ev, "more modules than any real model has");
        return false;
    }
    model->modules = arena_grow(&model->arena, model->modules, model->module_count, &tree->module_capacity, sizeof *model->modules);
    uint32_t index = (uint32_t)model->module_count++;
    struct module *module = &model->modules[index];
    *module = (struct module){.parent = parent, .name = name, .leaf = leaf, .first_parameter = (uint32_t)model->parameter_count};
    module->class_index = class_index(tree, instance);
    module->made = made_origin(tree, instance);
    if (instance->open)
        mark_open(tree, index, instance->open);
    const struct module_tables *tables = instance->tables;
    if (!tables) {
        model->modules[index].end = index + 1;
        return true;
    }
    if (tables->modules->open && !instance->open)
        mark_open(tree, index, tables->modules->open);
    if (tables->parameters->open && !instance->open)
        mark_open(tree, index, tables->parameters->open);
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(tables->parameters, &i));)
        if (entry->value.kind != VALUE_NONE && entry->key.kind == VALUE_STR)
            add_parameter(tree, name, instance, str_text(entry->key.str), entry->value);
    model->modules[index].parameter_count = (uint32_t)model->parameter_count - model->modules[index].first_parameter;
    if (++tree->depth > LIMIT_MODULE_DEPTH) {
        eval_stop(ev, "modules nested more deeply than in any real model");
        return false;
    }
    for (uint32_t i = 0; (entry = dict_next(tables->modules, &i));) {
        if (entry->value.kind == VALUE_NONE || entry->key.kind != VALUE_STR)
            continue;
        struct text child = joined_name(&model->arena, name, str_text(entry->key.str));
        struct text last = {child.bytes + child.length - entry->key.str->length, entry->key.str->length};
        if (entry->value.kind == VALUE_INSTANCE && entry->value.instance->class_->is_module) {
            if (!walk(tree, entry->value.instance, index, child, last))
                return false;
            continue;
        }
        struct reason reason = {
            .words = TEXT("what is registered here cannot be told"), .unit = instance->made_unit, .at = instance->made_at};
        model->modules[index].open = true;
        tree->total_known = false;
        tree_unresolved(model, child, is_unknown(entry->value) ? entry->value.reason : &reason);
    }
    tree->depth--;
    model->modules[index].end = (uint32_t)model->module_count;
    return true;
}

struct instance **tree_fill(struct eval *ev, struct model *model, struct instance *root)
{
    struct tree tree = {.ev = ev, .model = model, .total_known = true};
    tree.seen = dict_new(ev);
    tree.parameters = dict_new(ev);
    tree.classes = dict_new(ev);
    if (!walk(&tree, root, MODULE_NONE, text_copy(&model->arena, TEXT("")), (struct text){0})) {
        /* A bound was reached: what stands so far is true, what follows is open. */
        for (size_t i = 0; i < model->module_count; i++) {
            model->modules[i].open |= model->modules[i].end == 0;
            if (!model->modules[i].end)
                model->modules[i].end = (uint32_t)model->module_count;
        }
        if (ev->stopped)
            tree_unresolved(model, TEXT(""), ev->stopped);
        tree.total_known = false;
    }
    if (!tree.total_known)
        model->total_parameters = -1;
    struct instance **instances = ARENA_ARRAY(&ev->scratch, model->class_count + 1, struct instance *);
    if (model->class_count)
        memcpy(instances, tree.instances, model->class_count * sizeof(struct instance *));
    free(tree.instances);
    return instances;
}
