/* Methods of exceptions. */
#include "eval/values.h"

static struct instance *self_exception(struct eval *ev, const struct arguments *arguments)
{
    struct value self = arguments->count ? arguments->items[0] : value_none();
    if (self.kind == VALUE_INSTANCE && self.instance->class_->is_exception)
        return self.instance;
    eval_raise(ev, ev->types->type_error, "descriptor requires a 'BaseException' object");
    return NULL;
}

static struct value exception_init(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct instance *self = self_exception(ev, arguments);
    if (!self || !no_keywords(ev, self->class_->name->bytes, &rest))
        return value_raised();
    cell_touch(ev, &self->cell);
    self->payload = tuple_of(ev, rest.items, rest.count);
    return value_none();
}

/* ImportError, AttributeError and NameError also take what they are about. */
static struct value keyword_init(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct instance *self = self_exception(ev, arguments);
    if (!self)
        return value_raised();
    for (uint32_t i = 0; i < rest.named_count; i++) {
        const char *name = rest.names[i]->bytes;
        if (strcmp(name, "name") != 0 && strcmp(name, "path") != 0 && strcmp(name, "obj") != 0)
            return eval_raise(ev, ev->types->type_error, "'%s' is an invalid keyword argument for %s()", name,
                              self->class_->name->bytes);
        if (!dict_set_str(ev, self->attributes, rest.names[i], rest.named[i]))
            return value_raised();
    }
    cell_touch(ev, &self->cell);
    self->payload = tuple_of(ev, rest.items, rest.count);
    return value_none();
}

static struct value exception_args(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = self_exception(ev, arguments);
    return self ? self->payload : value_raised();
}

static struct value exception_set_args(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = self_exception(ev, arguments);
    struct value outcome = value_raised();
    if (!self || !argument_count(ev, "args", arguments, 2, 2))
        return value_raised();
    struct list *items = iterate(ev, arguments->items[1], &outcome);
    if (!items && is_raised(outcome))
        return outcome;
    cell_touch(ev, &self->cell);
    if (items)
        self->payload = tuple_of(ev, items->items, items->count);
    else
        self->open = outcome.reason;
    return value_none();
}

static struct value exception_with_traceback(struct eval *ev, const struct arguments *arguments)
{
    return self_exception(ev, arguments) ? arguments->items[0] : value_raised();
}

static struct value exception_add_note(struct eval *ev, const struct arguments *arguments)
{
    return self_exception(ev, arguments) ? value_none() : value_raised();
}

static struct value first_argument(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = self_exception(ev, arguments);
    if (!self)
        return value_raised();
    const struct list *args = self->payload.kind == VALUE_TUPLE ? self->payload.list : NULL;
    return args && args->count ? args->items[0] : value_none();
}

void exception_methods_init(struct eval *ev)
{
    static const struct native natives[] = {{"__init__", exception_init, NULL},
                                            {"with_traceback", exception_with_traceback, NULL},
                                            {"add_note", exception_add_note, NULL},
                                            {NULL, NULL, NULL}};
    static const struct native args = {"args", exception_args, NULL}, set_args = {"args", exception_set_args, NULL};
    static const struct native with_keywords[] = {{"__init__", keyword_init, NULL}, {NULL, NULL, NULL}};
    static const struct native first = {"value", first_argument, NULL};
    const struct types *types = ev->types;
    struct class *base = types->base_exception;
    class_add_natives(ev, base, natives);
    dict_set_str(ev, base->attributes, types->names.args, native_property(ev, &args, &set_args));
    dict_set_str(ev, base->attributes, eval_intern(ev, TEXT("__cause__")), value_none());
    struct value unknown = eval_unknown_plain(ev, "what an exception remembers");
    dict_set_str(ev, base->attributes, eval_intern(ev, TEXT("__context__")), unknown);
    dict_set_str(ev, base->attributes, eval_intern(ev, TEXT("__traceback__")), unknown);
    struct class *keyword_classes[] = {types->import_error, types->attribute_error, types->name_error};
    for (size_t i = 0; i < 3; i++) {
        class_add_natives(ev, keyword_classes[i], with_keywords);
        dict_set_str(ev, keyword_classes[i]->attributes, eval_intern(ev, TEXT("name")), value_none());
    }
    dict_set_str(ev, types->import_error->attributes, eval_intern(ev, TEXT("path")), value_none());
    dict_set_str(ev, types->import_error->attributes, eval_intern(ev, TEXT("msg")), native_property(ev, &first, NULL));
    dict_set_str(ev, types->stop_iteration->attributes, eval_intern(ev, TEXT("value")),
                 native_property(ev, &first, NULL));
}
