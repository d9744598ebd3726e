/* Methods of object, and the making of plain instances. */
#include "eval/values.h"

struct value not_followed(struct eval *ev, const struct arguments *arguments, const char *words)
{
    struct value unknown = eval_unknown(ev, "%s", words);
    for (uint32_t i = 0; i < arguments->count; i++)
        expose(ev, arguments->items[i], unknown.reason);
    for (uint32_t i = 0; i < arguments->named_count; i++)
        expose(ev, arguments->named[i], unknown.reason);
    return unknown;
}

static struct value object_init(struct eval *ev, const struct arguments *arguments);

static bool is_own(struct value found, struct value of_object)
{
    return found.kind == of_object.kind && found.pointer == of_object.pointer;
}

/* Arguments that neither __new__ nor __init__ takes are an error; each leaves them to the other when that is overridden. */
static bool check_new_arguments(struct eval *ev, struct class *class_, const struct arguments *rest)
{
    if ((!rest->count && !rest->named_count) || class_->layout != LAYOUT_OBJECT || class_->is_exception ||
        class_->is_module)
        return true;
    const struct dict *object = ev->types->object->attributes;
    struct value new_ = class_find(ev, class_, ev->types->names.new_),
                 init = class_find(ev, class_, ev->types->names.init);
    if (is_raised(new_) || is_raised(init))
        return false;
    if (!is_own(new_, dict_get_str(object, ev->types->names.new_)) && new_.kind != VALUE_UNBOUND) {
        eval_raise(ev, ev->types->type_error, "object.__new__() takes exactly one argument (the type to instantiate)");
        return false;
    }
    if (is_own(init, dict_get_str(object, ev->types->names.init))) {
        eval_raise(ev, ev->types->type_error, "%s() takes no arguments", class_->name->bytes);
        return false;
    }
    return true;
}

/* The builtin class whose values the instances hold. */
static struct class *payload_class(const struct class *class_)
{
    for (uint32_t i = 0; i < class_->mro_count; i++)
        if (class_->mro[i]->is_builtin && class_->mro[i]->construct && class_->mro[i]->layout != LAYOUT_OBJECT)
            return class_->mro[i];
    return NULL;
}

static bool fill_payload(struct eval *ev, struct instance *instance, const struct arguments *rest)
{
    const struct class *class_ = instance->class_;
    struct class *builtin = payload_class(class_);
    bool from_new = class_->layout == LAYOUT_TUPLE || class_->layout >= LAYOUT_STR || builtin == ev->types->frozenset;
    if (!builtin || !from_new)
        return true;
    struct value payload = builtin->construct(ev, rest);
    if (is_raised(payload))
        return false;
    if (is_unknown(payload))
        instance->open = payload.reason;
    instance->payload = payload;
    return true;
}

static struct value object_new(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    if (!arguments->count)
        return eval_raise(ev, ev->types->type_error, "object.__new__(): not enough arguments");
    if (is_unknown(arguments->items[0])) {
        not_followed(ev, &rest, "a class that cannot be told");
        return unknown_operand(ev, arguments->items[0]);
    }
    if (arguments->items[0].kind != VALUE_CLASS)
        return eval_raise(ev, ev->types->type_error, "object.__new__(X): X is not a type object (%s)",
                          type_name(ev, arguments->items[0]));
    struct class *class_ = arguments->items[0].class_;
    if (class_->is_builtin && class_->construct)
        return class_->construct(ev, &rest);
    if (class_->open) {
        not_followed(ev, &rest, "a class that cannot be told");
        return unknown_because(ev, class_->open);
    }
    if (!check_new_arguments(ev, class_, &rest) || (class_->meta && !class_is_concrete(ev, class_)))
        return value_raised();
    struct instance *instance = instance_new(ev, class_);
    if (class_->is_exception)
        instance->payload = tuple_of(ev, rest.items, rest.count);
    if (!fill_payload(ev, instance, &rest))
        return value_raised();
    if (is_unknown(instance->payload))
        return unknown_operand(ev, instance->payload);
    return value_of(VALUE_INSTANCE, instance);
}

static struct value object_init(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    if (!arguments->count || arguments->items[0].kind != VALUE_INSTANCE || (!rest.count && !rest.named_count))
        return value_none();
    struct class *class_ = arguments->items[0].instance->class_;
    if (class_->layout != LAYOUT_OBJECT || class_->is_exception || class_->open)
        return value_none();
    const struct dict *object = ev->types->object->attributes;
    struct value new_ = class_find(ev, class_, ev->types->names.new_),
                 init = class_find(ev, class_, ev->types->names.init);
    if (is_raised(new_) || is_raised(init))
        return value_raised();
    if (!is_own(init, dict_get_str(object, ev->types->names.init)))
        return eval_raise(ev, ev->types->type_error,
                          "object.__init__() takes exactly one argument (the instance to initialize)");
    if (is_own(new_, dict_get_str(object, ev->types->names.new_)))
        return eval_raise(ev, ev->types->type_error,
                          "%s.__init__() takes exactly one argument (the instance to initialize)", class_->name->bytes);
    return value_none();
}

/* Attributes. */

static struct str *attribute_name(struct eval *ev, struct value name)
{
    struct str *text = value_string(name);
    if (!text && !is_unknown(name))
        eval_raise(ev, ev->types->type_error, "attribute name must be string, not '%s'", type_name(ev, name));
    return text;
}

static struct value object_setattr(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "__setattr__", arguments, 3, 3))
        return value_raised();
    struct value self = arguments->items[0];
    struct str *name = attribute_name(ev, arguments->items[1]);
    if (!name && is_unknown(arguments->items[1])) {
        not_followed(ev, arguments, "an attribute whose name cannot be told");
        return value_none();
    }
    if (!name)
        return value_raised();
    bool fine = self.kind == VALUE_INSTANCE ? instance_set_plain(ev, self.instance, name, arguments->items[2])
                                            : set_attribute(ev, self, name, arguments->items[2]);
    return fine ? value_none() : value_raised();
}

static struct value object_delattr(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "__delattr__", arguments, 2, 2))
        return value_raised();
    struct value self = arguments->items[0];
    struct str *name = attribute_name(ev, arguments->items[1]);
    if (!name && is_unknown(arguments->items[1])) {
        not_followed(ev, arguments, "an attribute whose name cannot be told");
        return value_none();
    }
    if (!name)
        return value_raised();
    bool fine =
        self.kind == VALUE_INSTANCE ? instance_delete_plain(ev, self.instance, name) : delete_attribute(ev, self, name);
    return fine ? value_none() : value_raised();
}

struct value object_getattribute(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "__getattribute__", arguments, 2, 2))
        return value_raised();
    struct value self = arguments->items[0];
    struct str *name = attribute_name(ev, arguments->items[1]);
    if (!name)
        return unknown_operand(ev, is_unknown(arguments->items[1]) ? arguments->items[1] : value_raised());
    return self.kind == VALUE_INSTANCE ? instance_get_plain(ev, self.instance, name) : get_attribute(ev, self, name);
}

/* Comparing and showing. */

static struct value not_implemented(void)
{
    return (struct value){.kind = VALUE_NOT_IMPLEMENTED};
}

static struct value object_eq(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "__eq__", arguments, 2, 2))
        return value_raised();
    struct value left = arguments->items[0], right = arguments->items[1];
    if (is_unknown(left) || is_unknown(right))
        return unknown_operand(ev, is_unknown(left) ? left : right);
    if (left.kind == VALUE_INSTANCE && payload_of(left).kind == VALUE_INSTANCE)
        return right.kind == VALUE_INSTANCE && left.instance == right.instance ? value_bool(true) : not_implemented();
    return truth_value(ev, values_equal(ev, payload_of(left), payload_of(right)));
}

static struct value object_ne(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "__ne__", arguments, 2, 2))
        return value_raised();
    return compare(ev, OP_NOT_EQUAL, arguments->items[0], arguments->items[1]);
}

static struct value object_hash(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return eval_unknown(ev, "a hash differs from run to run");
}

static struct value object_repr(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "__repr__", arguments, 1, 1) ? plain_repr(ev, arguments->items[0]) : value_raised();
}

static struct value object_str(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "__str__", arguments, 1, 1) ? plain_str(ev, arguments->items[0]) : value_raised();
}

static struct value object_reduce(struct eval *ev, const struct arguments *arguments)
{
    return not_followed(ev, arguments, "pickling is not followed");
}

static struct value object_dir(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return eval_unknown(ev, "dir() is not followed");
}

static struct value object_init_subclass(struct eval *ev, const struct arguments *arguments)
{
    if (arguments->named_count && arguments->count && arguments->items[0].kind == VALUE_CLASS)
        return eval_raise(ev, ev->types->type_error, "%s.__init_subclass__() takes no keyword arguments",
                          arguments->items[0].class_->name->bytes);
    return value_none();
}

void object_methods_init(struct eval *ev)
{
    static const struct native natives[] = {{"__new__", object_new, NULL},
                                            {"__init__", object_init, NULL},
                                            {"__setattr__", object_setattr, NULL},
                                            {"__delattr__", object_delattr, NULL},
                                            {"__getattribute__", object_getattribute, NULL},
                                            {"__eq__", object_eq, NULL},
                                            {"__ne__", object_ne, NULL},
                                            {"__hash__", object_hash, NULL},
                                            {"__repr__", object_repr, NULL},
                                            {"__str__", object_str, NULL},
                                            {"__reduce__", object_reduce, NULL},
                                            {"__reduce_ex__", object_reduce, NULL},
                                            {"__dir__", object_dir, NULL},
                                            {"__init_subclass__", object_init_subclass, NULL},
                                            {NULL, NULL, NULL}};
    class_add_natives(ev, ev->types->object, natives);
    type_methods_init(ev);
    exception_methods_init(ev);
    descriptor_methods_init(ev);
}
