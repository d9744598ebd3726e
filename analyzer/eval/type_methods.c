/* type: what is common to classes, and making one from its parts. */
#include "eval/values.h"

static void inherit(struct eval *ev, struct class *class_)
{
    const struct types *types = ev->types;
    for (uint32_t i = 0; i < class_->bases->count; i++) {
        const struct class *base = class_->bases->items[i].class_;
        class_->has_getattr |= base->has_getattr;
        class_->has_setattr |= base->has_setattr;
        class_->has_delattr |= base->has_delattr;
        class_->has_getattribute |= base->has_getattribute;
        if (!class_->meta)
            class_->meta = base->meta;
    }
    class_->has_getattr |= dict_get_str(class_->attributes, types->names.getattr).kind != VALUE_UNBOUND;
    class_->has_setattr |= dict_get_str(class_->attributes, types->names.setattr).kind != VALUE_UNBOUND;
    class_->has_delattr |= dict_get_str(class_->attributes, types->names.delattr).kind != VALUE_UNBOUND;
    class_->has_getattribute |= dict_get_str(class_->attributes, types->names.getattribute).kind != VALUE_UNBOUND;
}

/* As the class statement does: descriptors learn their name, the bases that there is a subclass. */
static bool announce(struct eval *ev, struct class *class_, const struct arguments *named)
{
    for (uint32_t i = 0; i < class_->attributes->used; i++) {
        struct dict_entry entry = class_->attributes->entries[i];
        if (entry.key.kind != VALUE_STR || entry.value.kind != VALUE_INSTANCE)
            continue;
        struct value both[] = {value_of(VALUE_CLASS, class_), entry.key};
        if (is_raised(call_special(ev, entry.value, "__set_name__", both, 2)))
            return false;
    }
    struct value init = class_find_after(ev, class_, class_, ev->types->names.init_subclass, NULL);
    if (init.kind != VALUE_CLASS_METHOD && init.kind != VALUE_FUNCTION)
        return !is_raised(init);
    struct value bound = init.kind == VALUE_FUNCTION ? init : value_bind(ev, init, value_unbound(), class_);
    struct value self = value_of(VALUE_CLASS, class_);
    struct arguments arguments = {.items = &self,
                                  .count = init.kind == VALUE_FUNCTION,
                                  .names = named->names,
                                  .named = named->named,
                                  .named_count = named->named_count};
    return !is_raised(bound) && !is_raised(call(ev, bound, &arguments));
}

struct value class_from_parts(struct eval *ev, struct class *meta, const struct arguments *parts)
{
    struct str *name = value_string(parts->items[0]);
    struct list *bases = value_items(parts->items[1]);
    struct dict *attributes = value_dict(parts->items[2]);
    for (uint32_t i = 0; i < 3; i++)
        if (is_unknown(parts->items[i]))
            return unknown_operand(ev, parts->items[i]);
    if (!name)
        return eval_raise(ev, ev->types->type_error, "type.__new__() argument 1 must be str, not %s",
                          type_name(ev, parts->items[0]));
    if (!bases)
        return eval_raise(ev, ev->types->type_error, "type.__new__() argument 2 must be tuple, not %s",
                          type_name(ev, parts->items[1]));
    if (!attributes)
        return eval_raise(ev, ev->types->type_error, "type.__new__() argument 3 must be dict, not %s",
                          type_name(ev, parts->items[2]));
    if (bases->open || attributes->open)
        return unknown_because(ev, bases->open ? bases->open : attributes->open);
    struct class *base_classes[64] = {ev->types->object};
    if (bases->count > 64)
        return eval_stop(ev, "a class with too many bases");
    for (uint32_t i = 0; i < bases->count; i++) {
        if (is_unknown(bases->items[i]))
            return unknown_operand(ev, bases->items[i]);
        if (bases->items[i].kind != VALUE_CLASS)
            return eval_raise(ev, ev->types->type_error, "bases must be types");
        base_classes[i] = bases->items[i].class_;
    }
    struct str *module =
        ev->unit && ev->unit->namespace ? ev->unit->namespace->name : eval_intern(ev, TEXT("builtins"));
    struct class *class_ = class_new(ev, name, module, base_classes, bases->count ? bases->count : 1);
    class_->attributes->of_class = true;
    class_->unit = ev->unit;
    class_->at = ev->at;
    class_->meta = meta == ev->types->type ? NULL : meta;
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(attributes, &i));) {
        if (!work(ev, 1) || !dict_set(ev, class_->attributes, entry->key, entry->value))
            return value_raised();
        struct str *given = value_string(entry->value);
        if (given && entry->key.kind == VALUE_STR && entry->key.str == ev->types->names.module)
            class_->module = given;
        if (given && entry->key.kind == VALUE_STR && entry->key.str == ev->types->names.qualname)
            class_->qualname = given;
    }
    if (!class_set_mro(ev, class_))
        return value_raised();
    inherit(ev, class_);
    ev->attribute_version++;
    return announce(ev, class_, parts) ? value_of(VALUE_CLASS, class_) : value_raised();
}

static struct value type_construct(struct eval *ev, const struct arguments *arguments)
{
    if (arguments->count == 1 && !arguments->named_count) {
        struct value value = arguments->items[0];
        if (is_unknown(value))
            return unknown_operand(ev, value);
        return value_of(VALUE_CLASS, value_class(ev, value));
    }
    if (arguments->count != 3)
        return eval_raise(ev, ev->types->type_error, "type() takes 1 or 3 arguments");
    return class_from_parts(ev, NULL, arguments);
}

/* In the __new__ of its metaclass, the class is there already: its members become those of the dict. */
static struct value finish_class(struct eval *ev, struct class *class_, struct dict *members)
{
    ev->making = NULL;
    ev->attribute_version++;
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(class_->attributes, &i));) {
        struct value key = entry->key;
        if (dict_get(members, key).kind == VALUE_UNBOUND)
            dict_delete(ev, class_->attributes, key);
    }
    for (uint32_t i = 0; (entry = dict_next(members, &i));)
        if (entry->key.kind == VALUE_STR && !dict_set(ev, class_->attributes, entry->key, entry->value))
            return value_raised();
    if (members->open) {
        class_->open = members->open;
        class_->open_here = true;
    }
    return value_of(VALUE_CLASS, class_);
}

static bool same_bases(const struct class *class_, struct value bases)
{
    const struct list *given = value_items(bases);
    bool same = given && !given->open && given->count == class_->bases->count;
    for (uint32_t i = 0; same && i < given->count; i++)
        same = given->items[i].kind == VALUE_CLASS && given->items[i].class_ == class_->bases->items[i].class_;
    return same;
}

static struct value type_new(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    if (rest.count == 3 && ev->making && value_string(rest.items[0]) == ev->making->name && value_dict(rest.items[2]) &&
        same_bases(ev->making, rest.items[1]))
        return finish_class(ev, ev->making, value_dict(rest.items[2]));
    if (!arguments->count || arguments->items[0].kind != VALUE_CLASS || rest.count != 3)
        return not_followed(ev, arguments, "type.__new__ is not followed here");
    return class_from_parts(ev, arguments->items[0].class_, &rest);
}

static struct value type_init(struct eval *ev, const struct arguments *arguments)
{
    (void)ev, (void)arguments;
    return value_none();
}

static struct class *self_class(struct eval *ev, const struct arguments *arguments)
{
    if (arguments->count && arguments->items[0].kind == VALUE_CLASS)
        return arguments->items[0].class_;
    eval_raise(ev, ev->types->type_error, "descriptor requires a 'type' object");
    return NULL;
}

/* Without a __call__ of the metaclass. */
static struct value type_call(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct class *class_ = self_class(ev, arguments);
    return class_ ? class_instantiate(ev, class_, &rest) : value_raised();
}

static struct value type_mro(struct eval *ev, const struct arguments *arguments)
{
    struct class *class_ = self_class(ev, arguments);
    if (!class_)
        return value_raised();
    struct list *list = list_new(ev, class_->mro_count);
    for (uint32_t i = 0; i < class_->mro_count; i++)
        list->items[list->count++] = value_of(VALUE_CLASS, class_->mro[i]);
    return value_of(VALUE_LIST, list);
}

static struct value type_subclasses(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return eval_unknown(ev, "which subclasses there are depends on what else was imported");
}

static struct value type_instancecheck(struct eval *ev, const struct arguments *arguments)
{
    struct class *class_ = self_class(ev, arguments);
    if (!class_ || arguments->count != 2)
        return class_ ? eval_raise(ev, ev->types->type_error, "expected 1 argument") : value_raised();
    if (is_unknown(arguments->items[1]))
        return unknown_operand(ev, arguments->items[1]);
    return value_bool(class_is_subclass(value_class(ev, arguments->items[1]), class_));
}

static struct value type_subclasscheck(struct eval *ev, const struct arguments *arguments)
{
    struct class *class_ = self_class(ev, arguments);
    if (!class_ || arguments->count != 2 || arguments->items[1].kind != VALUE_CLASS)
        return class_ ? eval_raise(ev, ev->types->type_error, "issubclass() arg 1 must be a class") : value_raised();
    return value_bool(class_is_subclass(arguments->items[1].class_, class_));
}

void type_methods_init(struct eval *ev)
{
    static const struct native natives[] = {{"__new__", type_new, NULL},
                                            {"__init__", type_init, NULL},
                                            {"__call__", type_call, NULL},
                                            {"mro", type_mro, NULL},
                                            {"__subclasses__", type_subclasses, NULL},
                                            {"__instancecheck__", type_instancecheck, NULL},
                                            {"__subclasscheck__", type_subclasscheck, NULL},
                                            {NULL, NULL, NULL}};
    class_add_natives(ev, ev->types->type, natives);
    ev->types->type->construct = type_construct;
}
