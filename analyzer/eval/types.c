/* The builtin classes: which there are, and what class a value is of. */
#include <string.h>

#include "eval/types.h"
#include "eval/values.h"

struct value native_value(const struct native *native)
{
    return (struct value){.kind = VALUE_NATIVE, .native = native};
}

static struct value wrapped(struct eval *ev, enum value_kind kind, struct value function)
{
    struct wrapper *wrapper = ARENA_NEW(eval_heap(ev), struct wrapper);
    wrapper->function = function;
    return value_of(kind, wrapper);
}

struct value native_class_method(struct eval *ev, const struct native *native)
{
    return wrapped(ev, VALUE_CLASS_METHOD, native_value(native));
}

struct value native_static_method(struct eval *ev, const struct native *native)
{
    return wrapped(ev, VALUE_STATIC_METHOD, native_value(native));
}

struct value native_property(struct eval *ev, const struct native *getter, const struct native *setter)
{
    struct property *property = ARENA_NEW(eval_heap(ev), struct property);
    property->getter = native_value(getter);
    property->setter = setter ? native_value(setter) : value_none();
    property->deleter = value_none();
    return value_of(VALUE_PROPERTY, property);
}

struct class *builtin_class(struct eval *ev, const char *name, struct class *base, enum class_layout layout,
                            native_call construct)
{
    struct class *class_ =
        class_new(ev, eval_intern(ev, text_from(name)), eval_intern(ev, TEXT("builtins")), &base, base ? 1 : 0);
    if (layout != LAYOUT_OBJECT)
        class_->layout = (uint8_t)layout;
    class_->is_builtin = true;
    class_->construct = construct;
    class_set_mro(ev, class_);
    return class_;
}

/* Python makes these three static or class methods without being told. */
static struct value as_member(struct eval *ev, const struct native *native)
{
    if (strcmp(native->name, "__new__") == 0)
        return native_static_method(ev, native);
    if (strcmp(native->name, "__init_subclass__") == 0 || strcmp(native->name, "__class_getitem__") == 0)
        return native_class_method(ev, native);
    return native_value(native);
}

void class_add_natives(struct eval *ev, struct class *class_, const struct native *natives)
{
    for (; natives->name; natives++)
        dict_set_str(ev, class_->attributes, eval_intern(ev, text_from(natives->name)), as_member(ev, natives));
    ev->attribute_version++;
}

void dict_add_natives(struct eval *ev, struct dict *dict, const struct native *natives)
{
    for (; natives->name; natives++)
        dict_set_str(ev, dict, eval_intern(ev, text_from(natives->name)), native_value(natives));
}

struct class *value_class(struct eval *ev, struct value value)
{
    const struct types *types = ev->types;
    switch ((enum value_kind)value.kind) {
    case VALUE_NONE: return types->none;
    case VALUE_BOOL: return types->bool_;
    case VALUE_INT: return types->int_;
    case VALUE_FLOAT: return types->float_;
    case VALUE_STR: return types->str_;
    case VALUE_ELLIPSIS: return types->ellipsis;
    case VALUE_NOT_IMPLEMENTED: return types->not_implemented;
    case VALUE_TUPLE: return types->tuple;
    case VALUE_LIST: return types->list;
    case VALUE_DICT: return types->dict;
    case VALUE_SET: return value.dict->frozen ? types->frozenset : types->set;
    case VALUE_RANGE: return types->range;
    case VALUE_SLICE: return types->slice;
    case VALUE_ITERATOR: return types->iterator;
    case VALUE_CLASS: return value.class_->meta ? value.class_->meta : types->type;
    case VALUE_INSTANCE: return value.instance->class_;
    case VALUE_FUNCTION: return types->function;
    case VALUE_BOUND: return value.bound->function.kind == VALUE_NATIVE ? types->native : types->method;
    case VALUE_NATIVE: return types->native;
    case VALUE_PROPERTY: return types->property;
    case VALUE_STATIC_METHOD: return types->static_method;
    case VALUE_CLASS_METHOD: return types->class_method;
    case VALUE_SUPER: return types->super;
    case VALUE_NAMESPACE: return types->module;
    case VALUE_TENSOR: return value.tensor->class_ ? value.tensor->class_ : types->object;
    case VALUE_RAISED:
    case VALUE_UNBOUND:
    case VALUE_UNKNOWN:
    case VALUE_LAZY: break;
    }
    return types->object;
}

const char *type_name(struct eval *ev, struct value value)
{
    return value_class(ev, value)->name->bytes;
}

/* Arguments. */

struct arguments without_first(const struct arguments *arguments)
{
    struct arguments rest = *arguments;
    if (rest.count) {
        rest.items++;
        rest.count--;
    }
    return rest;
}

struct value none_or_raised(bool fine)
{
    return fine ? value_none() : value_raised();
}

bool method_arguments(struct eval *ev, const char *method, const struct arguments *arguments, struct arguments *rest,
                      uint32_t least, uint32_t most)
{
    *rest = without_first(arguments);
    return argument_count(ev, method, rest, least, most);
}

bool no_keywords(struct eval *ev, const char *function, const struct arguments *arguments)
{
    if (!arguments->named_count)
        return true;
    eval_raise(ev, ev->types->type_error, "%s() takes no keyword arguments", function);
    return false;
}

bool argument_count(struct eval *ev, const char *function, const struct arguments *arguments, uint32_t least,
                    uint32_t most)
{
    if (!no_keywords(ev, function, arguments))
        return false;
    if (arguments->count >= least && arguments->count <= most)
        return true;
    if (most == 0)
        eval_raise(ev, ev->types->type_error, "%s() takes no arguments (%u given)", function, arguments->count);
    else if (least == most && least == 1)
        eval_raise(ev, ev->types->type_error, "%s() takes exactly one argument (%u given)", function, arguments->count);
    else if (least == most)
        eval_raise(ev, ev->types->type_error, "%s expected %u argument%s, got %u", function, least,
                   least == 1 ? "" : "s", arguments->count);
    else if (arguments->count < least)
        eval_raise(ev, ev->types->type_error, "%s expected at least %u argument%s, got %u", function, least,
                   least == 1 ? "" : "s", arguments->count);
    else
        eval_raise(ev, ev->types->type_error, "%s expected at most %u argument%s, got %u", function, most,
                   most == 1 ? "" : "s", arguments->count);
    return false;
}

struct value argument_named(const struct arguments *arguments, const char *name)
{
    for (uint32_t i = 0; i < arguments->named_count; i++)
        if (strcmp(arguments->names[i]->bytes, name) == 0)
            return arguments->named[i];
    return value_unbound();
}

static size_t bare_length(const char *name)
{
    size_t length = strlen(name);
    return length && name[length - 1] == '=' ? length - 1 : length;
}

bool arguments_bind(struct eval *ev, const char *function, const struct arguments *arguments, const char *const *names,
                    struct value *values)
{
    uint32_t count = 0;
    while (names[count])
        values[count++] = value_unbound();
    if (arguments->count > count) {
        eval_raise(ev, ev->types->type_error, "%s() takes at most %u argument%s (%u given)", function, count,
                   count == 1 ? "" : "s", arguments->count);
        return false;
    }
    for (uint32_t i = 0; i < arguments->count; i++)
        values[i] = arguments->items[i];
    for (uint32_t i = 0; i < arguments->named_count; i++) {
        const struct str *given = arguments->names[i];
        uint32_t at = 0;
        while (at < count &&
               (bare_length(names[at]) != given->length || memcmp(names[at], given->bytes, given->length) != 0))
            at++;
        if (at == count) {
            eval_raise(ev, ev->types->type_error, "%s() got an unexpected keyword argument '%s'", function,
                       given->bytes);
            return false;
        }
        if (values[at].kind != VALUE_UNBOUND) {
            eval_raise(ev, ev->types->type_error, "argument for %s() given by name ('%s') and position (%u)", function,
                       given->bytes, at + 1);
            return false;
        }
        values[at] = arguments->named[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].kind == VALUE_UNBOUND && names[i][bare_length(names[i])] != '=') {
            eval_raise(ev, ev->types->type_error, "%s() missing required argument '%s' (pos %u)", function, names[i],
                       i + 1);
            return false;
        }
    }
    return true;
}

void types_init(struct eval *ev)
{
    struct types *types = ARENA_NEW(&ev->run, struct types);
    ev->types = types;
#define NAME_INTERN(field, text) types->names.field = eval_intern(ev, TEXT(text));
    WELL_KNOWN_NAMES(NAME_INTERN)
#undef NAME_INTERN
    struct class *object = types->object = builtin_class(ev, "object", NULL, LAYOUT_OBJECT, NULL);
    types->type = builtin_class(ev, "type", object, LAYOUT_OBJECT, NULL);
    types->none = builtin_class(ev, "NoneType", object, LAYOUT_OBJECT, NULL);
    types->int_ = builtin_class(ev, "int", object, LAYOUT_INT, NULL);
    types->bool_ = builtin_class(ev, "bool", types->int_, LAYOUT_INT, NULL);
    types->float_ = builtin_class(ev, "float", object, LAYOUT_FLOAT, NULL);
    types->str_ = builtin_class(ev, "str", object, LAYOUT_STR, NULL);
    types->list = builtin_class(ev, "list", object, LAYOUT_LIST, NULL);
    types->tuple = builtin_class(ev, "tuple", object, LAYOUT_TUPLE, NULL);
    types->dict = builtin_class(ev, "dict", object, LAYOUT_DICT, NULL);
    types->set = builtin_class(ev, "set", object, LAYOUT_SET, NULL);
    types->frozenset = builtin_class(ev, "frozenset", object, LAYOUT_SET, NULL);
    types->range = builtin_class(ev, "range", object, LAYOUT_OBJECT, NULL);
    types->slice = builtin_class(ev, "slice", object, LAYOUT_OBJECT, NULL);
    types->iterator = builtin_class(ev, "generator", object, LAYOUT_OBJECT, NULL);
    types->property = builtin_class(ev, "property", object, LAYOUT_OBJECT, NULL);
    types->static_method = builtin_class(ev, "staticmethod", object, LAYOUT_OBJECT, NULL);
    types->class_method = builtin_class(ev, "classmethod", object, LAYOUT_OBJECT, NULL);
    types->function = builtin_class(ev, "function", object, LAYOUT_OBJECT, NULL);
    types->method = builtin_class(ev, "method", object, LAYOUT_OBJECT, NULL);
    types->native = builtin_class(ev, "builtin_function_or_method", object, LAYOUT_OBJECT, NULL);
    types->super = builtin_class(ev, "super", object, LAYOUT_OBJECT, NULL);
    types->module = builtin_class(ev, "module", object, LAYOUT_OBJECT, NULL);
    types->ellipsis = builtin_class(ev, "ellipsis", object, LAYOUT_OBJECT, NULL);
    types->not_implemented = builtin_class(ev, "NotImplementedType", object, LAYOUT_OBJECT, NULL);
    types->bytes = builtin_class(ev, "bytes", object, LAYOUT_OBJECT, NULL);
    types->base_exception = builtin_class(ev, "BaseException", object, LAYOUT_OBJECT, NULL);
    types->base_exception->is_exception = true;
#define TYPE_MAKE(field, name, base) types->field = builtin_class(ev, name, types->base, LAYOUT_OBJECT, NULL);
    EXCEPTION_TYPES(TYPE_MAKE)
#undef TYPE_MAKE
    object_methods_init(ev);
    str_methods_init(ev);
    container_methods_init(ev);
    native_support_init(ev);
    builtins_init(ev);
}
