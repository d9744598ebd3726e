/*
 * torch's named_modules() over the evaluated instance: depth first, children in the order of registration, each module once
 * under its first name.
 */
#include "model/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/address_map.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* What thousands of modules share is kept once: the statement that made them, the shapes and names of their parameters.
 * Each table holds what was met last; what is no longer there is written again. */
#define KNOWN 256
struct known_origin {
    const struct unit *unit;
    uint32_t at;
    const struct origin *origin;
};
struct known_shape {
    uint8_t dims;
    const int64_t *sizes;
};
struct known_name {
    const struct str *str;
    struct text text;
};

struct tree {
    struct eval *ev;
    struct model *model;
    size_t module_capacity, class_capacity, parameter_capacity, unresolved_capacity, second_capacity;
    struct address_map seen;       /* modules met, and their index */
    struct address_map parameters; /* parameters met, and which they are: tied ones count once */
    struct address_map classes;    /* and their index */
    struct instance **instances; /* first of each class */
    bool total_known;
    uint32_t depth;
    struct known_origin origins[KNOWN];
    struct known_shape shapes[KNOWN];
    struct known_name names[KNOWN];
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

/* The model's arrays grow on the heap of C; when they are complete, they move into its arena. */
static void *arena_take(struct arena *arena, void *items, size_t count, size_t size)
{
    void *taken = arena_alloc_array(arena, count, size);
    if (count)
        memcpy(taken, items, count * size);
    free(items);
    return taken;
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
    uint32_t known;
    if (address_map_find(&tree->classes, instance->class_, &known))
        return known;
    size_t old = tree->class_capacity;
    model->classes = array_grow(model->classes, model->class_count, &tree->class_capacity, sizeof *model->classes);
    if (tree->class_capacity != old)
        tree->instances = memory_realloc(tree->instances, tree->class_capacity * sizeof(struct instance *));
    uint32_t index = (uint32_t)model->class_count++;
    tree->instances[index] = instance;
    const struct class *class_ = instance->class_;
    struct model_class *row = &model->classes[index];
    *row = (struct model_class){0};
    row->name = text_copy(&model->arena, str_text(class_->name));
    row->qualified = qualified_name(&model->arena, class_);
    row->bases = ARENA_ARRAY(&model->arena, class_->mro_count, struct text);
    for (uint32_t i = 1; i < class_->mro_count; i++)
        row->bases[row->base_count++] = qualified_name(&model->arena, class_->mro[i]);
    row->origin = tree_origin(model, class_->unit, class_->at);
    row->forward_never_called = never_called(tree->ev, instance->class_);
    row->routing = MODULE_NONE;
    fill_endings(tree, instance->class_, row);
    address_map_add(&tree->classes, class_, index);
    return index;
}

static const int64_t *kept_shape(struct tree *tree, const struct tensor *tensor)
{
    uint64_t hash = tensor->dims;
    for (uint8_t i = 0; i < tensor->dims; i++)
        hash = (hash ^ (uint64_t)tensor->shape[i]) * 0x9e3779b97f4a7c15u;
    struct known_shape *known = &tree->shapes[hash >> 32 & (KNOWN - 1)];
    size_t bytes = tensor->dims * sizeof *tensor->shape;
    if (!known->sizes || known->dims != tensor->dims || (bytes && memcmp(known->sizes, tensor->shape, bytes) != 0)) {
        int64_t *sizes = ARENA_ARRAY(&tree->model->arena, tensor->dims, int64_t);
        if (bytes)
            memcpy(sizes, tensor->shape, bytes);
        *known = (struct known_shape){tensor->dims, sizes};
    }
    return known->sizes;
}

static struct text kept_name(struct tree *tree, const struct str *name)
{
    struct known_name *known = &tree->names[name->hash & (KNOWN - 1)];
    if (known->str != name)
        *known = (struct known_name){name, text_copy(&tree->model->arena, str_text(name))};
    return known->text;
}

static void add_parameter(struct tree *tree, struct text module, const struct instance *owner, const struct str *name, struct value value)
{
    struct model *model = tree->model;
    if (value.kind != VALUE_TENSOR) { /* it may also be None, which is no parameter */
        struct reason reason = {
            .words = TEXT("it cannot be told whether this parameter is there"), .unit = owner->made_unit, .at = owner->made_at};
        tree->total_known = false;
        tree_unresolved(model, joined_name(&model->arena, module, str_text(name)), is_unknown(value) ? value.reason : &reason);
        return;
    }
    model->parameters = array_grow(model->parameters, model->parameter_count, &tree->parameter_capacity, sizeof *model->parameters);
    uint32_t index = (uint32_t)model->parameter_count++;
    struct parameter *parameter = &model->parameters[index];
    *parameter = (struct parameter){.name = kept_name(tree, name)};
    if (value.tensor->shape_known) {
        parameter->shape_known = true;
        parameter->dims = value.tensor->dims;
        parameter->shape = kept_shape(tree, value.tensor);
    } else {
        struct reason reason = {
            .words = TEXT("the shape of a parameter cannot be told"), .unit = owner->made_unit, .at = owner->made_at};
        tree->total_known = false;
        tree_unresolved(model, joined_name(&model->arena, module, str_text(name)), &reason);
    }
    if (address_map_find(&tree->parameters, value.tensor, &parameter->same_as)) {
        parameter->shared = true;
        return;
    }
    address_map_add(&tree->parameters, value.tensor, index);
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

static const struct origin *made_origin(struct tree *tree, const struct instance *instance)
{
    if (!instance->made_unit || instance->made_unit->is_fact)
        return NULL;
    struct known_origin *known = &tree->origins[(((uintptr_t)instance->made_unit >> 4) + instance->made_at) % KNOWN];
    if (known->unit != instance->made_unit || known->at != instance->made_at) {
        struct origin *origin = ARENA_NEW(&tree->model->arena, struct origin);
        *origin = tree_origin(tree->model, instance->made_unit, instance->made_at);
        *known = (struct known_origin){instance->made_unit, instance->made_at, origin};
    }
    return known->origin;
}

static void add_second_place(struct tree *tree, const struct instance *instance, uint32_t parent, struct text name)
{
    struct model *model = tree->model;
    struct second_place place = {.parent = parent, .name = name};
    address_map_find(&tree->seen, instance, &place.module);
    model->second_places =
        array_grow(model->second_places, model->second_place_count, &tree->second_capacity, sizeof place);
    model->second_places[model->second_place_count++] = place;
}

static bool walk(struct tree *tree, struct instance *instance, uint32_t parent, struct text name, struct text leaf)
{
    struct eval *ev = tree->ev;
    struct model *model = tree->model;
    if (!address_map_add(&tree->seen, instance, (uint32_t)model->module_count)) {
        add_second_place(tree, instance, parent, name);
        return true;
    }
    if (model->module_count >= LIMIT_MODULES) {
        eval_stop(ev, "more modules than any real model has");
        return false;
    }
    model->modules = array_grow(model->modules, model->module_count, &tree->module_capacity, sizeof *model->modules);
    uint32_t index = (uint32_t)model->module_count++;
    struct module *module = &model->modules[index];
    *module = (struct module){.parent = parent, .name = name, .leaf = leaf, .first_parameter = (uint32_t)model->parameter_count};
    module->class_index = class_index(tree, instance);
    module->made = made_origin(tree, instance);
    if (instance->open)
        mark_open(tree, index, instance->open);
    if (!instance->tables) {
        model->modules[index].end = index + 1;
        return true;
    }
    const struct dict *modules = dict_or_empty(instance->tables->modules);
    const struct dict *parameters = dict_or_empty(instance->tables->parameters);
    if (modules->open && !instance->open)
        mark_open(tree, index, modules->open);
    if (parameters->open && !instance->open)
        mark_open(tree, index, parameters->open);
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(parameters, &i));)
        if (entry->value.kind != VALUE_NONE && entry->key.kind == VALUE_STR)
            add_parameter(tree, name, instance, entry->key.str, entry->value);
    model->modules[index].parameter_count = (uint32_t)model->parameter_count - model->modules[index].first_parameter;
    if (++tree->depth > LIMIT_MODULE_DEPTH) {
        eval_stop(ev, "modules nested more deeply than in any real model");
        return false;
    }
    for (uint32_t i = 0; (entry = dict_next(modules, &i));) {
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
    address_map_free(&tree.seen);
    address_map_free(&tree.parameters);
    address_map_free(&tree.classes);
    model->modules = arena_take(&model->arena, model->modules, model->module_count, sizeof *model->modules);
    model->parameters = arena_take(&model->arena, model->parameters, model->parameter_count, sizeof *model->parameters);
    model->second_places =
        arena_take(&model->arena, model->second_places, model->second_place_count, sizeof *model->second_places);
    model->classes = arena_take(&model->arena, model->classes, model->class_count, sizeof *model->classes);
    struct instance **instances = ARENA_ARRAY(&ev->scratch, model->class_count + 1, struct instance *);
    if (model->class_count)
        memcpy(instances, tree.instances, model->class_count * sizeof(struct instance *));
    free(tree.instances);
    return instances;
}
