/* Setting and deleting attributes: descriptors, what Python code overrides, modules, classes. */
#include <string.h>

#include "eval/eval.h"
#include "eval/transaction.h"
#include "eval/types.h"

bool instance_set_plain(struct eval *ev, struct instance *instance, struct str *name, struct value value)
{
    struct value attribute = class_find(ev, instance->class_, name);
    if (is_raised(attribute))
        return false;
    if (attribute.kind == VALUE_PROPERTY && !attribute.property->cached) {
        if (attribute.property->setter.kind == VALUE_NONE) {
            eval_raise(ev, ev->types->attribute_error, "property '%s' of '%s' object has no setter", name->bytes,
                       instance->class_->name->bytes);
            return false;
        }
        struct value both[] = {value_of(VALUE_INSTANCE, instance), value};
        return !is_raised(call_values(ev, attribute.property->setter, both, 2));
    }
    if (attribute.kind == VALUE_INSTANCE) {
        struct value set = class_find(ev, attribute.instance->class_, ev->types->names.set);
        if (is_raised(set))
            return false;
        struct value items[] = {attribute, value_of(VALUE_INSTANCE, instance), value};
        if (set.kind != VALUE_UNBOUND)
            return !is_raised(call_values(ev, set, items, 3));
    }
    if (name == ev->types->names.class_) {
        if (value.kind == VALUE_CLASS) {
            cell_touch(ev, &instance->cell);
            instance->class_ = value.class_;
            return true;
        }
        cell_touch(ev, &instance->cell);
        instance->open = is_unknown(value) ? value.reason : eval_reason(ev, TEXT("its class is replaced"));
        return true;
    }
    return dict_set_str(ev, instance->attributes, name, value);
}

bool instance_delete_plain(struct eval *ev, struct instance *instance, struct str *name)
{
    struct value attribute = class_find(ev, instance->class_, name);
    if (is_raised(attribute))
        return false;
    if (attribute.kind == VALUE_PROPERTY && attribute.property->deleter.kind != VALUE_NONE &&
        attribute.property->deleter.kind != VALUE_UNBOUND) {
        struct value self = value_of(VALUE_INSTANCE, instance);
        return !is_raised(call_values(ev, attribute.property->deleter, &self, 1));
    }
    if (dict_delete(ev, instance->attributes, value_str(name)) || instance->open)
        return true;
    eval_raise(ev, ev->types->attribute_error, "'%s' object has no attribute '%s'", instance->class_->name->bytes, name->bytes);
    return false;
}

/* Calls a method that Python code defines for it: `__setattr__` and `__delattr__`. */
static bool call_override(struct eval *ev, struct instance *instance, struct str *method, const struct value *items, uint32_t count)
{
    struct value found = class_find(ev, instance->class_, method);
    if (is_raised(found))
        return false;
    if (is_unknown(found)) {
        expose(ev, value_of(VALUE_INSTANCE, instance), found.reason);
        return true;
    }
    struct value all[3] = {value_of(VALUE_INSTANCE, instance)};
    for (uint32_t i = 0; i < count; i++)
        all[i + 1] = items[i];
    return !is_raised(call_values(ev, found, all, count + 1));
}

static bool class_set(struct eval *ev, struct class *class_, struct str *name, struct value value)
{
    ev->attribute_version++;
    if (name == ev->types->names.name || name == ev->types->names.qualname || name == ev->types->names.module) {
        struct str *text = value_string(value);
        if (text && (ev->importing || !class_->attributes->cell.imported)) {
            if (name == ev->types->names.name)
                class_->name = text;
            else if (name == ev->types->names.qualname)
                class_->qualname = text;
            else
                class_->module = text;
        }
        return true;
    }
    if (name == ev->types->names.getattr)
        class_->has_getattr = true;
    if (name == ev->types->names.setattr)
        class_->has_setattr = true;
    return dict_set_str(ev, class_->attributes, name, value);
}

/* Attributes of functions: the dict belongs to the function's own heap, whoever makes it. */
static bool function_set(struct eval *ev, struct function *function, struct str *name, struct value value)
{
    if (!function->attributes) {
        struct import_state state;
    import_begin(ev, &state);
        function->attributes = dict_new(ev);
        import_end(ev, &state);
    }
    return dict_set_str(ev, function->attributes, name, value);
}

bool set_attribute(struct eval *ev, struct value object, struct str *name, struct value value)
{
    switch (object.kind) {
    case VALUE_RAISED:
        return false;
    case VALUE_UNKNOWN:
        blur(ev, object, name, object.reason);
        expose(ev, value, object.reason);
        return true;
    case VALUE_INSTANCE: {
        struct instance *instance = object.instance;
        struct value both[] = {value_str(name), value};
        if (instance->class_->has_setattr)
            return call_override(ev, instance, ev->types->names.setattr, both, 2);
        if (instance->class_->is_module && ev->module_protocol)
            return ev->module_protocol->set(ev, instance, name, value);
        return instance_set_plain(ev, instance, name, value);
    }
    case VALUE_CLASS:
        return class_set(ev, object.class_, name, value);
    case VALUE_FUNCTION:
        return function_set(ev, object.function, name, value);
    case VALUE_BOUND:
        if (object.bound->function.kind == VALUE_FUNCTION)
            return function_set(ev, object.bound->function.function, name, value);
        return true;
    case VALUE_NAMESPACE: /* what the module itself binds it to comes first */
        return !is_raised(namespace_get(ev, object.namespace, name)) && dict_set_str(ev, object.namespace->names, name, value);
    case VALUE_TENSOR:
        cell_touch(ev, &object.tensor->cell);
        if (!object.tensor->attributes)
            object.tensor->attributes = dict_new(ev);
        return dict_set_str(ev, object.tensor->attributes, name, value);
    case VALUE_NATIVE:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
        return true;
    case VALUE_SUPER: {
        struct value method = super_get(ev, object.super, ev->types->names.setattr);
        struct value both[] = {value_str(name), value};
        if (method.kind == VALUE_UNBOUND)
            break;
        return !is_raised(method) && !is_raised(call_values(ev, method, both, 2));
    }
    }
    eval_raise(ev, ev->types->attribute_error, "'%s' object has no attribute '%s'", value_class(ev, object)->name->bytes, name->bytes);
    return false;
}

bool delete_attribute(struct eval *ev, struct value object, struct str *name)
{
    switch (object.kind) {
    case VALUE_RAISED:
        return false;
    case VALUE_UNKNOWN:
        blur(ev, object, name, object.reason);
        return true;
    case VALUE_INSTANCE: {
        struct value key = value_str(name);
        if (object.instance->class_->has_delattr)
            return call_override(ev, object.instance, ev->types->names.delattr, &key, 1);
        if (object.instance->class_->is_module && ev->module_protocol)
            return ev->module_protocol->delete_(ev, object.instance, name);
        return instance_delete_plain(ev, object.instance, name);
    }
    case VALUE_CLASS:
        ev->attribute_version++;
        if (dict_delete(ev, object.class_->attributes, value_str(name)))
            return true;
        break;
    case VALUE_NAMESPACE:
        if (dict_delete(ev, object.namespace->names, value_str(name)))
            return true;
        break;
    case VALUE_FUNCTION:
        if (object.function->attributes && dict_delete(ev, object.function->attributes, value_str(name)))
            return true;
        break;
    }
    eval_raise(ev, ev->types->attribute_error, "'%s' object has no attribute '%s'", value_class(ev, object)->name->bytes, name->bytes);
    return false;
}
