#include "model/block_routing.h"

#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "model/routing.h"
#include "model/tree.h"

struct subject {
    struct eval *ev;
    struct instance *instance;
};

bool block_function(struct eval *ev, struct value value, struct routing_method *method)
{
    if (value.kind == VALUE_PROPERTY)
        value = value.property->getter;
    if (value.kind == VALUE_STATIC_METHOD || value.kind == VALUE_CLASS_METHOD)
        value = value.wrapper->function;
    /* A decorator may have wrapped it, keeping what it wraps. */
    for (int i = 0; i < 8 && value.kind == VALUE_FUNCTION && value.function->attributes; i++) {
        struct value inner = dict_get_str(value.function->attributes, ev->types->names.wrapped);
        if (inner.kind != VALUE_FUNCTION)
            break;
        value = inner;
    }
    if (is_unknown(value)) {
        method->function = ROUTING_UNREADABLE;
        return true;
    }
    if (value.kind != VALUE_FUNCTION || value.function->unit->is_fact)
        return false;
    method->file = value.function->unit->file;
    if (!function_prepare(ev, value.function)) {
        method->function = ROUTING_UNREADABLE;
        return true;
    }
    method->function = value.function->function;
    if (method->file->ast.functions[method->function].flags & FUNCTION_BROKEN)
        method->function = ROUTING_UNREADABLE;
    return true;
}

bool block_method(struct eval *ev, const struct instance *instance, struct text name, uint32_t from,
                  struct routing_method *method)
{
    struct class *class_ = instance->class_;
    struct str *symbol = eval_intern(ev, name);
    for (uint32_t i = from; i < class_->mro_count; i++) {
        struct value value = dict_get_str(class_->mro[i]->attributes, symbol);
        if (value.kind == VALUE_LAZY)
            value = realise(ev, symbol, value.lazy);
        if (value.kind == VALUE_UNBOUND)
            continue;
        method->depth = i;
        return block_function(ev, value, method);
    }
    return false;
}

static bool find_method(void *context, struct text name, uint32_t from, struct routing_method *method)
{
    struct subject *subject = context;
    return block_method(subject->ev, subject->instance, name, from, method);
}

static bool find_function(void *context, struct python_file *file, struct text name, struct routing_method *function)
{
    struct subject *subject = context;
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(subject->ev->modules, &i));) {
        if (entry->value.kind != VALUE_NAMESPACE)
            continue;
        struct namespace *namespace = entry->value.namespace;
        for (int k = 0; k < 2; k++) {
            if (!namespace->units[k] || namespace->units[k]->file != file)
                continue;
            struct value value = namespace_get(subject->ev, namespace, eval_intern(subject->ev, name));
            function->depth = 0;
            return value.kind == VALUE_FUNCTION && block_function(subject->ev, value, function);
        }
    }
    return false;
}

bool block_is_container(struct eval *ev, const struct instance *instance)
{
    struct value flag = class_find(ev, instance->class_, ev->types->names.forward_never_called);
    return flag.kind == VALUE_BOOL && flag.truth;
}

/* Is there a parameter in it, or may there be? */
static bool may_hold_parameter(const struct instance *instance, int depth)
{
    struct dict_entry *entry;
    if (!instance->tables || instance->open || depth > 60)
        return true;
    for (uint32_t i = 0; (entry = dict_next(dict_or_empty(instance->tables->parameters), &i));)
        if (entry->value.kind != VALUE_NONE)
            return true;
    for (uint32_t i = 0; (entry = dict_next(dict_or_empty(instance->tables->modules), &i));)
        if (entry->value.kind != VALUE_NONE &&
            (entry->value.kind != VALUE_INSTANCE || may_hold_parameter(entry->value.instance, depth + 1)))
            return true;
    return false;
}

bool block_holds_parameter(const struct instance *instance)
{
    return may_hold_parameter(instance, 0);
}

static enum routing_attribute attribute_kind(void *context, struct text name)
{
    struct subject *subject = context;
    struct instance *instance = subject->instance;
    struct str *symbol = eval_intern(subject->ev, name);
    if (instance->tables) {
        struct value child = dict_get_str(dict_or_empty(instance->tables->modules), symbol);
        if (child.kind == VALUE_INSTANCE && !block_holds_parameter(child.instance))
            return ATTRIBUTE_PLAIN;
        if (child.kind == VALUE_INSTANCE)
            return block_is_container(subject->ev, child.instance) ? ATTRIBUTE_CONTAINER : ATTRIBUTE_CHILD;
        if (child.kind == VALUE_NONE)
            return ATTRIBUTE_PLAIN;
        if (child.kind != VALUE_UNBOUND)
            return ATTRIBUTE_CANNOT_TELL;
    }
    struct value value = dict_get_str(instance->attributes, symbol);
    if (is_unknown(value) && !value.plain)
        return ATTRIBUTE_CANNOT_TELL;
    /* Modules kept out of the tree, in a plain list or dict, are called all the same. */
    struct list *items = value_items(value);
    for (uint32_t i = 0; items && i < items->count; i++)
        if (items->items[i].kind == VALUE_INSTANCE && items->items[i].instance->class_->is_module)
            return ATTRIBUTE_CONTAINER;
    struct dict *dict = value_dict(value);
    struct dict_entry *entry;
    for (uint32_t i = 0; dict && (entry = dict_next(dict, &i));)
        if (entry->value.kind == VALUE_INSTANCE && entry->value.instance->class_->is_module)
            return ATTRIBUTE_CONTAINER;
    if (value.kind == VALUE_UNBOUND && instance->open)
        return ATTRIBUTE_CANNOT_TELL;
    return ATTRIBUTE_PLAIN;
}

static bool self_is_container(void *context)
{
    struct subject *subject = context;
    return block_is_container(subject->ev, subject->instance);
}

static enum routing_truth truth_of(void *context, const struct text *path, size_t length)
{
    struct subject *subject = context;
    struct eval *ev = subject->ev;
    struct value value = value_of(VALUE_INSTANCE, subject->instance);
    for (size_t i = 0; i < length; i++) {
        value = find_attribute(ev, value, eval_intern(ev, path[i]));
        if (is_raised(value) || is_unknown(value) || value.kind == VALUE_UNBOUND)
            return TRUTH_CANNOT_TELL;
    }
    if (value.kind == VALUE_TENSOR)
        return TRUTH_CANNOT_TELL;
    int truth = value_truth(ev, value);
    return truth == 1 ? TRUTH_TRUE : truth == 0 ? TRUTH_FALSE : TRUTH_CANNOT_TELL;
}

struct unit *block_unit(struct eval *ev, const struct python_file *file)
{
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(ev->modules, &i));) {
        for (int k = 0; entry->value.kind == VALUE_NAMESPACE && k < 2; k++) {
            struct unit *unit = entry->value.namespace->units[k];
            if (unit && unit->file == file)
                return unit;
        }
    }
    return NULL;
}

struct origin block_origin(struct eval *ev, struct model *model, const struct python_file *file, uint32_t at)
{
    struct unit *unit = file ? block_unit(ev, file) : NULL;
    return unit && unit->shown.length ? tree_origin(model, unit, at) : (struct origin){0};
}

static void add_routing(struct eval *ev, struct model *model, size_t class_index, const struct routing_result *result)
{
    model->classes[class_index].routing = (uint32_t)model->routing_count;
    struct routing *routing = &model->routings[model->routing_count++];
    routing->verdict = result->verdict;
    routing->child = result->child;
    routing->words = result->words;
    routing->call = block_origin(ev, model, result->call_file, result->call_at);
    routing->reason = block_origin(ev, model, result->reason_file, result->reason_at);
}

/* A bound was reached while the class was looked at, or before: nothing that was said of it counts. */
static void say_stopped(struct eval *ev, struct model *model, size_t class_index)
{
    const struct model_class *class_ = &model->classes[class_index];
    if (class_->forward_never_called || text_starts(class_->qualified, TEXT("torch.")))
        return;
    struct routing_result result = {.verdict = ROUTING_CANNOT_TELL};
    result.words = text_copy(&model->arena, ev->stopped->words);
    add_routing(ev, model, class_index, &result);
}

void block_routing_fill(struct eval *ev, struct model *model, struct instance *const *instances)
{
    model->routings = ARENA_ARRAY(&model->arena, model->class_count + 1, struct routing);
    for (size_t i = 0; i < model->class_count; i++) {
        struct subject subject = {ev, instances[i]};
        struct routing_method forward;
        struct dict_entry *entry = NULL;
        uint32_t position = 0;
        if (instances[i]->tables)
            entry = dict_next(dict_or_empty(instances[i]->tables->modules), &position);
        /* Without children there is nothing to choose from. */
        if (!entry && !instances[i]->open)
            continue;
        struct routing_result result = {.verdict = ROUTING_NO};
        if (!ev->stopped && find_method(&subject, TEXT("forward"), 0, &forward)) {
            struct routing_host host = {&subject, find_method, find_function, attribute_kind, self_is_container, truth_of};
            struct transaction transaction;
            transaction_begin(ev, &transaction);
            routing_analyse(&host, &model->arena, &result);
            transaction_undo(ev, &transaction);
        }
        if (ev->stopped)
            say_stopped(ev, model, i);
        else if (result.verdict != ROUTING_NO)
            add_routing(ev, model, i, &result);
    }
}
