/* Attributes: the MRO, descriptors, instances, classes, and what Python code overrides. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* Looking up in a class. */

struct attribute_cache_entry {
    const struct class *class_, *after; /* `after`: of super(), else NULL */
    const struct str *name;
    uint32_t version;
    struct value value;
};
#define CACHE_SIZE 4096

/* The class's own attribute, realised; UNBOUND when not there. */
static struct value own_attribute(struct eval *ev, struct class *class_, struct str *name)
{
    struct value value = dict_get_str(class_->attributes, name);
    return value.kind == VALUE_LAZY ? realise(ev, name, value.lazy) : value;
}

struct value class_find_after(struct eval *ev, struct class *class_, const struct class *after, struct str *name, struct class **where)
{
    uint32_t i = 0;
    if (after) {
        while (i < class_->mro_count && class_->mro[i] != after)
            i++;
        if (i < class_->mro_count && class_->mro[i]->open_here)
            return unknown_from(class_->mro[i]->open);
        i++;
    }
    for (; i < class_->mro_count; i++) {
        struct value value = own_attribute(ev, class_->mro[i], name);
        if (value.kind != VALUE_UNBOUND) {
            if (where)
                *where = class_->mro[i];
            return value;
        }
        if (class_->mro[i]->open_here)
            return unknown_from(class_->mro[i]->open); /* a base that cannot be told may have it */
    }
    return value_unbound();
}

/* class_find_after(), remembered. */
static struct value cached_find(struct eval *ev, struct class *class_, const struct class *after, struct str *name)
{
    if (!ev->attribute_cache) {
        ev->attribute_cache = memory_alloc(CACHE_SIZE * sizeof *ev->attribute_cache);
        memset(ev->attribute_cache, 0, CACHE_SIZE * sizeof *ev->attribute_cache);
    }
    size_t at = (((uintptr_t)class_ >> 4) * 31 + ((uintptr_t)after >> 4) * 17 + name->hash) & (CACHE_SIZE - 1);
    struct attribute_cache_entry *entry = &ev->attribute_cache[at];
    if (entry->class_ == class_ && entry->after == after && entry->name == name &&
        entry->version == ev->attribute_version)
        return entry->value;
    struct value value = class_find_after(ev, class_, after, name, NULL);
    if (!is_raised(value))
        *entry = (struct attribute_cache_entry){class_, after, name, ev->attribute_version, value};
    return value;
}

struct value class_find(struct eval *ev, struct class *class_, struct str *name)
{
    return cached_find(ev, class_, NULL, name);
}

struct value class_find_above(struct eval *ev, struct class *class_, const struct class *after, struct str *name)
{
    return cached_find(ev, class_, after, name);
}

struct value meta_method(struct eval *ev, struct class *class_, struct str *name)
{
    if (!class_->meta)
        return value_unbound();
    struct value found = class_find(ev, class_->meta, name);
    if (found.kind == VALUE_UNBOUND || is_raised(found) || is_unknown(found))
        return found;
    return value_bind(ev, found, value_of(VALUE_CLASS, class_), class_->meta);
}

struct dict *class_attributes(struct eval *ev, struct class *class_)
{
    struct dict *copy = dict_new(ev);
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(class_->attributes, &i));)
        if (entry->key.kind == VALUE_STR && !dict_set(ev, copy, entry->key, entry->value))
            return NULL;
    return copy;
}

/* Binding. */

static struct value bound_method(struct eval *ev, struct value self, struct value function)
{
    struct bound *bound = ARENA_NEW(eval_heap(ev), struct bound);
    bound->self = self;
    bound->function = function;
    return value_of(VALUE_BOUND, bound);
}

/* `self` UNBOUND: found on the class itself. */
struct value value_bind(struct eval *ev, struct value attribute, struct value self, struct class *class_)
{
    switch (attribute.kind) {
    case VALUE_FUNCTION:
        return self.kind == VALUE_UNBOUND || attribute.function->is_static ? attribute : bound_method(ev, self, attribute);
    case VALUE_NATIVE:
        return self.kind == VALUE_UNBOUND ? attribute : bound_method(ev, self, attribute);
    case VALUE_PROPERTY:
        if (self.kind == VALUE_UNBOUND)
            return attribute;
        if (attribute.property->getter.kind == VALUE_NONE)
            return eval_raise(ev, ev->types->attribute_error, "unreadable attribute");
        return call_values(ev, attribute.property->getter, &self, 1);
    case VALUE_STATIC_METHOD:
        return attribute.wrapper->function;
    case VALUE_CLASS_METHOD:
        if (attribute.wrapper->function.kind == VALUE_PROPERTY) /* classmethod over property: Python 3.9 to 3.12 */
            return value_bind(ev, attribute.wrapper->function, value_of(VALUE_CLASS, class_), class_);
        return bound_method(ev, value_of(VALUE_CLASS, class_), attribute.wrapper->function);
    case VALUE_UNKNOWN: /* it may be a method, so it may change what it is bound to */
        if (self.kind != VALUE_UNBOUND && !attribute.plain)
            return value_join(ev, attribute, bound_method(ev, self, attribute), attribute.reason);
        return attribute;
    case VALUE_INSTANCE: {
        struct value get = class_find(ev, attribute.instance->class_, ev->types->names.get);
        if (get.kind == VALUE_UNBOUND)
            return attribute;
        struct value items[] = {attribute, self.kind == VALUE_UNBOUND ? value_none() : self, value_of(VALUE_CLASS, class_)};
        return is_raised(get) || is_unknown(get) ? get : call_values(ev, get, items, 3);
    }
    }
    return attribute;
}

/* Does it take precedence over the instance's own attributes? */
static bool is_data_descriptor(struct eval *ev, struct value attribute)
{
    if (attribute.kind == VALUE_PROPERTY)
        return !attribute.property->cached;
    return attribute.kind == VALUE_INSTANCE &&
           class_find(ev, attribute.instance->class_, ev->types->names.set).kind != VALUE_UNBOUND;
}

/* Instances. */

static struct value instance_special(struct eval *ev, struct instance *instance, const struct str *name)
{
    if (name == ev->types->names.class_)
        return value_of(VALUE_CLASS, instance->class_);
    if (name == ev->types->names.dict)
        return value_of(VALUE_DICT, instance->attributes);
    return value_unbound();
}

static struct value own_value(struct eval *ev, struct instance *instance, struct str *name)
{
    struct value value = dict_get_str(instance->attributes, name);
    if (instance->open && (value.kind == VALUE_UNBOUND || !is_unknown(value)))
        return value.kind == VALUE_UNBOUND ? value : unknown_from(instance->open);
    if (value.kind == VALUE_UNBOUND && instance->tables && ev->module_protocol)
        value = ev->module_protocol->get(ev, instance, name);
    return value;
}

/* object.__getattribute__; UNBOUND when not there. */
static struct value instance_lookup(struct eval *ev, struct instance *instance, struct str *name)
{
    struct value self = value_of(VALUE_INSTANCE, instance);
    struct value attribute = class_find(ev, instance->class_, name);
    if (is_raised(attribute))
        return attribute;
    if (attribute.kind != VALUE_UNBOUND && is_data_descriptor(ev, attribute))
        return value_bind(ev, attribute, self, instance->class_);
    struct value value = own_value(ev, instance, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    if (attribute.kind == VALUE_PROPERTY) { /* a cached property: kept on the instance */
        value = value_bind(ev, attribute, self, instance->class_);
        if (!is_raised(value) && !dict_set_str(ev, instance->attributes, name, value))
            return value_raised();
        return value;
    }
    if (attribute.kind != VALUE_UNBOUND)
        return instance->open && attribute.kind != VALUE_FUNCTION && attribute.kind != VALUE_NATIVE &&
                       attribute.kind != VALUE_STATIC_METHOD && attribute.kind != VALUE_CLASS_METHOD
                   ? unknown_from(instance->open)
                   : value_bind(ev, attribute, self, instance->class_);
    value = instance_special(ev, instance, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    return instance->open ? unknown_from(instance->open) : value_unbound();
}

struct value instance_find_plain(struct eval *ev, struct instance *instance, struct str *name)
{
    return instance_lookup(ev, instance, name);
}

struct value instance_get_plain(struct eval *ev, struct instance *instance, struct str *name)
{
    struct value value = instance_lookup(ev, instance, name);
    if (value.kind == VALUE_UNBOUND)
        return eval_raise(ev, ev->types->attribute_error, "'%s' object has no attribute '%s'", instance->class_->name->bytes,
                          name->bytes);
    return value;
}

static bool raised_attribute_error(const struct eval *ev)
{
    return !ev->stopped && ev->raised.kind == VALUE_INSTANCE &&
           class_is_subclass(ev->raised.instance->class_, ev->types->attribute_error);
}

static struct value instance_get(struct eval *ev, struct instance *instance, struct str *name)
{
    struct value self = value_of(VALUE_INSTANCE, instance);
    struct value value;
    if (instance->class_->has_getattribute) {
        struct value both[] = {self, value_str(name)};
        value = getattribute_pass(ev, instance, name);
        if (value.kind == VALUE_UNBOUND)
            value = call_values(ev, class_find(ev, instance->class_, ev->types->names.getattribute), both, 2);
    } else {
        value = instance_lookup(ev, instance, name);
    }
    bool missing = value.kind == VALUE_UNBOUND || (is_raised(value) && raised_attribute_error(ev));
    if (!missing || !instance->class_->has_getattr)
        return value;
    struct value getattr = class_find(ev, instance->class_, ev->types->names.getattr);
    if (getattr.kind == VALUE_UNBOUND)
        return value;
    struct value both[] = {self, value_str(name)};
    return is_raised(getattr) || is_unknown(getattr) ? getattr : call_values(ev, getattr, both, 2);
}

/* Classes. */

static struct value class_special(struct eval *ev, struct class *class_, const struct str *name)
{
    if (name == ev->types->names.name)
        return value_str(class_->name);
    if (name == ev->types->names.qualname)
        return value_str(class_->qualname);
    if (name == ev->types->names.module)
        return class_->module ? value_str(class_->module) : eval_text(ev, TEXT("builtins"));
    if (name == ev->types->names.mro)
        goto mro;
    if (name == ev->types->names.bases)
        return tuple_of(ev, class_->bases->items, class_->bases->count);
    if (name == ev->types->names.class_)
        return value_of(VALUE_CLASS, class_->meta ? class_->meta : ev->types->type);
    if (name == ev->types->names.dict) {
        struct dict *attributes = class_attributes(ev, class_);
        return attributes ? value_of(VALUE_DICT, attributes) : value_raised();
    }
    if (name == ev->types->names.doc)
        return eval_unknown_plain(ev, "docstrings are not read");
    return value_unbound();
mro:;
    struct list *list = list_new(ev, class_->mro_count);
    for (uint32_t i = 0; i < class_->mro_count; i++)
        list_append(ev, list, value_of(VALUE_CLASS, class_->mro[i]));
    return value_of(VALUE_TUPLE, list);
}

static struct value class_get(struct eval *ev, struct class *class_, struct str *name)
{
    bool own_special = name == ev->types->names.name || name == ev->types->names.qualname || name == ev->types->names.dict;
    struct value value = value_unbound();
    if (name == ev->types->names.annotations) {
        value = own_attribute(ev, class_, name); /* not inherited */
        return value.kind == VALUE_UNBOUND ? value_of(VALUE_DICT, dict_new(ev)) : value;
    }
    if (!own_special && name != ev->types->names.class_ && name != ev->types->names.module && name != ev->types->names.doc)
        value = class_find(ev, class_, name);
    else if (name == ev->types->names.module || name == ev->types->names.doc)
        value = own_attribute(ev, class_, name);
    if (value.kind != VALUE_UNBOUND)
        return value_bind(ev, value, value_unbound(), class_);
    value = class_special(ev, class_, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    value = class_->meta ? meta_method(ev, class_, name) : value_unbound();
    if (value.kind == VALUE_UNBOUND)
        value = class_find(ev, ev->types->type, name);
    if (value.kind == VALUE_NATIVE)
        return value_bind(ev, value, value_of(VALUE_CLASS, class_), ev->types->type);
    if (value.kind == VALUE_UNBOUND && class_->meta) {
        struct value getattr = meta_method(ev, class_, ev->types->names.getattr);
        struct value text = value_str(name);
        if (getattr.kind != VALUE_UNBOUND)
            return is_raised(getattr) || is_unknown(getattr) ? getattr : call_values(ev, getattr, &text, 1);
    }
    return value;
}

/* Everything else. */

static struct value function_get(struct eval *ev, struct function *function, struct str *name)
{
    if (function->attributes) {
        struct value value = dict_get_str(function->attributes, name);
        if (value.kind != VALUE_UNBOUND)
            return value;
    }
    const struct types *types = ev->types;
    if (name == types->names.name)
        return value_str(function->name);
    if (name == types->names.qualname)
        return value_str(function->qualname);
    if (name == types->names.module)
        return function->globals ? value_str(function->globals->name) : value_none();
    if (name == types->names.doc || name == types->names.annotations || name == types->names.code || name == types->names.defaults)
        return eval_unknown(ev, "`%s` of a function is not followed", name->bytes);
    if (name == types->names.dict) {
        struct dict *dict = dict_new(ev);
        struct dict_entry *entry;
        for (uint32_t i = 0; function->attributes && (entry = dict_next(function->attributes, &i));)
            dict_set(ev, dict, entry->key, entry->value);
        return value_of(VALUE_DICT, dict);
    }
    return value_unbound();
}

static struct value namespace_attribute(struct eval *ev, struct namespace *namespace, struct str *name)
{
    struct value value = namespace_find(ev, namespace, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    if (name == ev->types->names.name)
        return value_str(namespace->name);
    if (name == ev->types->names.file || name == ev->types->names.path || name == ev->types->names.dict ||
        name == ev->types->names.doc)
        return eval_unknown(ev, "`%s` of a module is not followed", name->bytes);
    struct unit *unit = namespace->units[1] ? namespace->units[1] : namespace->units[0];
    if (unit && unit->is_fact)
        return eval_unknown(ev, "leaflint knows nothing of `%s.%s`", namespace->name->bytes, name->bytes);
    return value;
}

struct value super_get(struct eval *ev, struct super *super, struct str *name)
{
    bool of_class = super->self.kind == VALUE_CLASS;
    struct class *start = of_class ? super->self.class_ : value_class(ev, super->self);
    if (of_class && start->meta && !class_is_subclass(start, super->after) && class_is_subclass(start->meta, super->after)) {
        start = start->meta; /* in a method of its metaclass, the class is the instance */
        of_class = false;
    }
    struct value value = cached_find(ev, start, super->after, name);
    if (is_raised(value))
        return value;
    if (value.kind == VALUE_UNBOUND) {
        if (of_class && class_is_subclass(start, ev->types->type)) /* super() in a metaclass */
            value = class_find(ev, ev->types->type, name);
        return value.kind == VALUE_UNBOUND ? value : value_bind(ev, value, super->self, start);
    }
    return value_bind(ev, value, of_class ? value_unbound() : super->self, start);
}

static struct value property_get(struct eval *ev, struct property *property, const struct str *name)
{
    if (!strcmp(name->bytes, "fget"))
        return property->getter;
    if (!strcmp(name->bytes, "fset"))
        return property->setter;
    if (name == ev->types->names.doc)
        return eval_unknown_plain(ev, "docstrings are not read");
    return value_unbound();
}

/* UNBOUND when there is no such attribute and no Python code said so in its own words. */
static struct value lookup(struct eval *ev, struct value object, struct str *name)
{
    struct value value = value_unbound();
    switch ((enum value_kind)object.kind) {
    case VALUE_RAISED:
    case VALUE_UNKNOWN:
        return object;
    case VALUE_INSTANCE:
        return instance_get(ev, object.instance, name);
    case VALUE_CLASS:
        return class_get(ev, object.class_, name);
    case VALUE_NAMESPACE:
        return namespace_attribute(ev, object.namespace, name);
    case VALUE_SUPER:
        return super_get(ev, object.super, name);
    case VALUE_FUNCTION:
        value = function_get(ev, object.function, name);
        break;
    case VALUE_BOUND:
        if (name == ev->types->names.self_attr)
            return object.bound->self;
        if (name == ev->types->names.func)
            return object.bound->function;
        if (object.bound->function.kind == VALUE_FUNCTION)
            value = function_get(ev, object.bound->function.function, name);
        else if (object.bound->function.kind == VALUE_NATIVE && name == ev->types->names.name)
            value = eval_text(ev, text_from(object.bound->function.native->name));
        break;
    case VALUE_NATIVE:
        if (name == ev->types->names.name || name == ev->types->names.qualname)
            value = eval_text(ev, text_from(object.native->name));
        break;
    case VALUE_TENSOR:
        if (object.tensor->attributes)
            value = dict_get_str(object.tensor->attributes, name);
        break;
    case VALUE_PROPERTY:
        value = property_get(ev, object.property, name);
        break;
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
        if (name == ev->types->names.func || name == ev->types->names.wrapped)
            value = object.wrapper->function;
        break;
    case VALUE_SLICE:
        if (!strcmp(name->bytes, "start"))
            value = object.slice->start;
        else if (!strcmp(name->bytes, "stop"))
            value = object.slice->stop;
        else if (!strcmp(name->bytes, "step"))
            value = object.slice->step;
        break;
    case VALUE_RANGE:
        if (!strcmp(name->bytes, "start"))
            value = value_int(object.range->start);
        else if (!strcmp(name->bytes, "stop"))
            value = value_int(object.range->stop);
        else if (!strcmp(name->bytes, "step"))
            value = value_int(object.range->step);
        break;
    case VALUE_UNBOUND:
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STR:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_TUPLE:
    case VALUE_LIST:
    case VALUE_DICT:
    case VALUE_SET:
    case VALUE_ITERATOR:
    case VALUE_LAZY:
        break;
    }
    if (value.kind != VALUE_UNBOUND)
        return value;
    struct class *class_ = value_class(ev, object);
    if (name == ev->types->names.class_)
        return value_of(VALUE_CLASS, class_);
    value = class_find(ev, class_, name);
    if (value.kind == VALUE_UNBOUND && object.kind == VALUE_TENSOR && ev->tensor_hooks)
        return ev->tensor_hooks->attribute(ev, object, name);
    return value.kind == VALUE_UNBOUND ? value : value_bind(ev, value, object, class_);
}

struct value get_attribute(struct eval *ev, struct value object, struct str *name)
{
    struct value value = lookup(ev, object, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    if (object.kind == VALUE_NAMESPACE)
        return eval_raise(ev, ev->types->attribute_error, "module '%s' has no attribute '%s'", object.namespace->name->bytes,
                          name->bytes);
    if (object.kind == VALUE_CLASS)
        return eval_raise(ev, ev->types->attribute_error, "type object '%s' has no attribute '%s'", object.class_->name->bytes,
                          name->bytes);
    return eval_raise(ev, ev->types->attribute_error, "'%s' object has no attribute '%s'",
                      object.kind == VALUE_SUPER ? "super" : value_class(ev, object)->name->bytes, name->bytes);
}

struct value find_attribute(struct eval *ev, struct value object, struct str *name)
{
    struct value value = lookup(ev, object, name);
    return is_raised(value) && raised_attribute_error(ev) ? value_unbound() : value;
}

struct value get_method(struct eval *ev, struct value object, struct str *name, struct value *self)
{
    struct value found = value_unbound();
    if (object.kind == VALUE_INSTANCE && !object.instance->class_->has_getattribute) {
        *self = object;
        found = class_find(ev, object.instance->class_, name);
    } else if (object.kind == VALUE_SUPER && object.super->self.kind != VALUE_CLASS) {
        *self = object.super->self;
        found = cached_find(ev, value_class(ev, *self), object.super->after, name);
    }
    bool is_method = found.kind == VALUE_NATIVE || (found.kind == VALUE_FUNCTION && !found.function->is_static);
    if (!is_method || (object.kind == VALUE_INSTANCE && own_value(ev, object.instance, name).kind != VALUE_UNBOUND))
        return value_unbound();
    return found;
}
