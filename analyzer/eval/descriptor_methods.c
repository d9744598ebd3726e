/* property, staticmethod, classmethod and super as objects. */
#include "eval/values.h"

static struct value or_none(struct value value)
{
    return value.kind == VALUE_UNBOUND ? value_none() : value;
}

static const char *const property_names[] = {"fget=", "fset=", "fdel=", "doc=", NULL};

static struct value property_construct(struct eval *ev, const struct arguments *arguments)
{
    struct value given[4];
    if (!arguments_bind(ev, "property", arguments, property_names, given))
        return value_raised();
    struct property *property = ARENA_NEW(eval_heap(ev), struct property);
    property->getter = or_none(given[0]);
    property->setter = or_none(given[1]);
    property->deleter = or_none(given[2]);
    return value_of(VALUE_PROPERTY, property);
}

/* `@x.setter`: a property like x with one function exchanged.  which: 0 getter, 1 setter, 2 deleter. */
static struct value property_with(struct eval *ev, const struct arguments *arguments, int which)
{
    if (!argument_count(ev, "property", arguments, 2, 2))
        return value_raised();
    struct value self = arguments->items[0];
    if (self.kind != VALUE_PROPERTY)
        return not_followed(ev, arguments, "a subclass of property is not followed");
    struct property *property = ARENA_NEW(eval_heap(ev), struct property);
    *property = *self.property;
    *(which == 0 ? &property->getter : which == 1 ? &property->setter : &property->deleter) = arguments->items[1];
    return value_of(VALUE_PROPERTY, property);
}

static struct value property_getter(struct eval *ev, const struct arguments *arguments)
{
    return property_with(ev, arguments, 0);
}
static struct value property_setter(struct eval *ev, const struct arguments *arguments)
{
    return property_with(ev, arguments, 1);
}
static struct value property_deleter(struct eval *ev, const struct arguments *arguments)
{
    return property_with(ev, arguments, 2);
}

/* Subclasses of property are instances that keep their functions as attributes. */

static struct value property_init(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct value given[4];
    if (!arguments->count || arguments->items[0].kind != VALUE_INSTANCE)
        return value_none();
    if (!arguments_bind(ev, "property", &rest, property_names, given))
        return value_raised();
    static const char *const kept[] = {"fget", "fset", "fdel"};
    for (int i = 0; i < 3; i++)
        if (!dict_set_str(ev, arguments->items[0].instance->attributes, eval_intern(ev, text_from(kept[i])),
                          or_none(given[i])))
            return value_raised();
    return value_none();
}

static struct value property_part(struct eval *ev, struct value self, const char *name)
{
    if (self.kind == VALUE_PROPERTY)
        return strcmp(name, "fget") == 0 ? self.property->getter : self.property->setter;
    if (self.kind != VALUE_INSTANCE)
        return value_none();
    return or_none(dict_get_str(self.instance->attributes, eval_intern(ev, text_from(name))));
}

static struct value property_get_method(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "__get__", arguments, 2, 3))
        return value_raised();
    if (arguments->items[1].kind == VALUE_NONE)
        return arguments->items[0];
    struct value getter = property_part(ev, arguments->items[0], "fget");
    if (getter.kind == VALUE_NONE)
        return eval_raise(ev, ev->types->attribute_error, "property of '%s' object has no getter",
                          type_name(ev, arguments->items[1]));
    return call_values(ev, getter, &arguments->items[1], 1);
}

static struct value property_set_method(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "__set__", arguments, 3, 3))
        return value_raised();
    struct value setter = property_part(ev, arguments->items[0], "fset");
    if (setter.kind == VALUE_NONE)
        return eval_raise(ev, ev->types->attribute_error, "property of '%s' object has no setter",
                          type_name(ev, arguments->items[1]));
    struct value result = call_values(ev, setter, &arguments->items[1], 2);
    return is_raised(result) ? result : value_none();
}

static struct value wrap(struct eval *ev, const char *function, const struct arguments *arguments, enum value_kind kind)
{
    if (!argument_count(ev, function, arguments, 1, 1))
        return value_raised();
    if (is_unknown(arguments->items[0]))
        return unknown_operand(ev, arguments->items[0]);
    struct wrapper *wrapper = ARENA_NEW(eval_heap(ev), struct wrapper);
    wrapper->function = arguments->items[0];
    return value_of(kind, wrapper);
}

static struct value static_method_construct(struct eval *ev, const struct arguments *arguments)
{
    return wrap(ev, "staticmethod", arguments, VALUE_STATIC_METHOD);
}

static struct value class_method_construct(struct eval *ev, const struct arguments *arguments)
{
    return wrap(ev, "classmethod", arguments, VALUE_CLASS_METHOD);
}

/* super(class, self); without arguments the evaluator itself makes it. */
static struct value super_construct(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "super", arguments, 0, 2))
        return value_raised();
    if (arguments->count == 0)
        return eval_raise(ev, ev->types->runtime_error, "super(): no arguments");
    for (uint32_t i = 0; i < arguments->count; i++)
        if (is_unknown(arguments->items[i]))
            return unknown_operand(ev, arguments->items[i]);
    if (arguments->items[0].kind != VALUE_CLASS)
        return eval_raise(ev, ev->types->type_error, "super() argument 1 must be a type, not %s",
                          type_name(ev, arguments->items[0]));
    if (arguments->count == 1)
        return eval_unknown(ev, "an unbound super object");
    struct class *class_ = arguments->items[0].class_;
    struct value self = arguments->items[1];
    bool of_class = self.kind == VALUE_CLASS && class_is_subclass(self.class_, class_);
    if (!of_class && !class_is_subclass(value_class(ev, self), class_))
        return eval_raise(ev, ev->types->type_error, "super(type, obj): obj must be an instance or subtype of type");
    struct super *super = ARENA_NEW(eval_heap(ev), struct super);
    super->after = class_;
    super->self = self;
    return value_of(VALUE_SUPER, super);
}

void descriptor_methods_init(struct eval *ev)
{
    static const struct native natives[] = {{"__init__", property_init, NULL},
                                            {"getter", property_getter, NULL},
                                            {"setter", property_setter, NULL},
                                            {"deleter", property_deleter, NULL},
                                            {"__get__", property_get_method, NULL},
                                            {"__set__", property_set_method, NULL},
                                            {NULL, NULL, NULL}};
    class_add_natives(ev, ev->types->property, natives);
    ev->types->property->construct = property_construct;
    ev->types->static_method->construct = static_method_construct;
    ev->types->class_method->construct = class_method_construct;
    ev->types->super->construct = super_construct;
}
