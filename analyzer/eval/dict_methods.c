/* Methods of dict. */
#include "eval/values.h"

static struct dict *self_dict(struct eval *ev, const char *method, const struct arguments *arguments)
{
    struct dict *self = arguments->count ? value_dict(arguments->items[0]) : NULL;
    if (!self)
        eval_raise(ev, ev->types->type_error, "descriptor '%s' requires a 'dict' object", method);
    return self;
}

/* Merging. */

static bool merge_dict(struct eval *ev, struct dict *dict, const struct dict *more)
{
    if (dict == more)
        return true;
    if (more->open)
        dict_open(ev, dict, more->open);
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(more, &i));)
        if (!dict_store(ev, dict, entry->key, entry->value))
            return false;
    return true;
}

static bool merge_pairs(struct eval *ev, struct dict *dict, const struct list *pairs)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        struct value outcome = pairs->items[i];
        struct list *pair = is_unknown(outcome) ? NULL : iterate(ev, outcome, &outcome);
        if (!pair && is_raised(outcome)) {
            if (pairs->items[i].kind != VALUE_INSTANCE && take_raised(ev, ev->types->type_error))
                eval_raise(ev, ev->types->type_error,
                           "cannot convert dictionary update sequence element #%u to a sequence", i);
            return false;
        }
        if (!pair) {
            dict_open(ev, dict, outcome.reason);
            continue;
        }
        if (pair->count != 2) {
            eval_raise(ev, ev->types->value_error,
                       "dictionary update sequence element #%u has length %u; 2 is required", i, pair->count);
            return false;
        }
        if (!dict_store(ev, dict, pair->items[0], pair->items[1]))
            return false;
    }
    return true;
}

/* An object with keys() and []. */
static bool merge_mapping(struct eval *ev, struct dict *dict, struct value mapping, struct value keys_method)
{
    struct value outcome = call_values(ev, keys_method, NULL, 0);
    struct list *keys = is_raised(outcome) || is_unknown(outcome) ? NULL : iterate(ev, outcome, &outcome);
    if (!keys && is_raised(outcome))
        return false;
    if (!keys) {
        dict_open(ev, dict, outcome.reason);
        return true;
    }
    for (uint32_t i = 0; i < keys->count; i++) {
        struct value value = get_item(ev, mapping, keys->items[i]);
        if (is_raised(value) || !dict_store(ev, dict, keys->items[i], value))
            return false;
    }
    return true;
}

bool dict_merge(struct eval *ev, struct dict *dict, struct value more)
{
    struct value outcome = more;
    if (is_unknown(more)) {
        dict_open(ev, dict, more.reason);
        return true;
    }
    struct value keys = value_unbound();
    if (more.kind == VALUE_INSTANCE)
        keys = find_special(ev, more, eval_intern(ev, TEXT("keys")));
    if (is_raised(keys))
        return false;
    /* A subclass that makes its own keys() or [] is asked through them. */
    bool own = keys.kind == VALUE_BOUND && keys.bound->function.kind != VALUE_NATIVE;
    if (value_dict(more) && !own)
        return merge_dict(ev, dict, value_dict(more));
    if (is_unknown(keys)) {
        dict_open(ev, dict, keys.reason);
        return true;
    }
    if (keys.kind != VALUE_UNBOUND)
        return merge_mapping(ev, dict, more, keys);
    struct list *pairs = iterate(ev, more, &outcome);
    if (pairs)
        return merge_pairs(ev, dict, pairs);
    if (is_unknown(outcome))
        dict_open(ev, dict, outcome.reason);
    return !is_raised(outcome);
}

static bool merge_arguments(struct eval *ev, const char *function, struct dict *dict, const struct arguments *arguments)
{
    if (arguments->count > 1) {
        eval_raise(ev, ev->types->type_error, "%s expected at most 1 argument, got %u", function, arguments->count);
        return false;
    }
    if (arguments->count && !dict_merge(ev, dict, arguments->items[0]))
        return false;
    for (uint32_t i = 0; i < arguments->named_count; i++)
        if (!dict_set_str(ev, dict, arguments->names[i], arguments->named[i]))
            return false;
    return true;
}

static struct value dict_construct(struct eval *ev, const struct arguments *arguments)
{
    struct dict *dict = dict_new(ev);
    return merge_arguments(ev, "dict", dict, arguments) ? value_of(VALUE_DICT, dict) : value_raised();
}

static struct value dict_init(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_dict(ev, "__init__", arguments);
    return none_or_raised(self && merge_arguments(ev, "dict", self, &rest));
}

static struct value dict_update(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_dict(ev, "update", arguments);
    return none_or_raised(self && merge_arguments(ev, "update", self, &rest));
}

/* Reading. */

static struct value dict_method_get(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "get", arguments);
    if (!self || !method_arguments(ev, "get", arguments, &rest, 1, 2))
        return value_raised();
    struct value value = dict_lookup(ev, self, rest.items[0]);
    struct value default_ = rest.count == 2 ? rest.items[1] : value_none();
    if (is_unknown(value))
        return value_join(ev, value, default_, value.reason);
    return value.kind == VALUE_UNBOUND ? default_ : value;
}

static struct value dict_view(struct eval *ev, const char *method, const struct arguments *arguments,
                              enum view_kind kind)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, method, arguments);
    if (!self || !method_arguments(ev, method, arguments, &rest, 0, 0))
        return value_raised();
    return view_new(ev, kind, self);
}

static struct value dict_keys(struct eval *ev, const struct arguments *arguments)
{
    return dict_view(ev, "dict.keys", arguments, VIEW_KEYS);
}
static struct value dict_values(struct eval *ev, const struct arguments *arguments)
{
    return dict_view(ev, "dict.values", arguments, VIEW_VALUES);
}
static struct value dict_items(struct eval *ev, const struct arguments *arguments)
{
    return dict_view(ev, "dict.items", arguments, VIEW_ITEMS);
}

static struct value dict_copy(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "copy", arguments);
    struct dict *copy = dict_new(ev);
    return self && method_arguments(ev, "dict.copy", arguments, &rest, 0, 0) && merge_dict(ev, copy, self)
               ? value_of(VALUE_DICT, copy)
               : value_raised();
}

/* Writing. */

static struct value dict_pop(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "pop", arguments);
    if (!self || !method_arguments(ev, "pop", arguments, &rest, 1, 2))
        return value_raised();
    if (!self->count && !self->open) /* then Python does not even hash the key */
        return rest.count == 2 ? rest.items[1] : raise_value_of(ev, ev->types->key_error, rest.items[0]);
    struct value value = dict_lookup(ev, self, rest.items[0]);
    if (is_raised(value))
        return value;
    if (self->open) {
        if (!is_unknown(rest.items[0]))
            dict_discard(ev, self, rest.items[0]);
        return rest.count == 2 && is_unknown(value) ? value_join(ev, value, rest.items[1], value.reason) : value;
    }
    if (is_unknown(rest.items[0]) || (is_unknown(value) && dict_get(self, rest.items[0]).kind == VALUE_UNBOUND)) {
        dict_open(ev, self, value.kind == VALUE_UNKNOWN ? value.reason : rest.items[0].reason);
        return value.kind == VALUE_UNBOUND ? unknown_operand(ev, rest.items[0]) : value;
    }
    if (value.kind == VALUE_UNBOUND)
        return rest.count == 2 ? rest.items[1] : raise_value_of(ev, ev->types->key_error, rest.items[0]);
    dict_discard(ev, self, rest.items[0]);
    return value;
}

static struct value dict_popitem(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    static const char *const names[] = {"last=", NULL}; /* OrderedDict's */
    struct dict *self = self_dict(ev, "popitem", arguments);
    struct value last_given;
    rest = without_first(arguments);
    if (!self || !arguments_bind(ev, "popitem", &rest, names, &last_given))
        return value_raised();
    if (self->open)
        return unknown_entry(ev, self->open, self);
    if (!self->count) {
        return raise_value_of(ev, ev->types->key_error, eval_text(ev, TEXT("popitem(): dictionary is empty")));
    }
    int last = last_given.kind == VALUE_UNBOUND ? 1 : value_truth(ev, last_given);
    if (last < 0) {
        if (last == -1)
            dict_open(ev, self, eval_reason(ev, TEXT("which end is popped cannot be told")));
        return truth_value(ev, last);
    }
    struct dict_entry *found = NULL;
    if (last) {
        uint32_t at = self->used;
        while (self->entries[at - 1].key.kind == VALUE_UNBOUND)
            at--;
        found = &self->entries[at - 1];
        if (!work_items(ev, self->used - at))
            return value_raised();
    } else {
        uint32_t position = 0;
        found = dict_next(self, &position);
        if (!work_items(ev, position))
            return value_raised();
    }
    struct value both[] = {found->key, found->value};
    dict_delete(ev, self, both[0]);
    return tuple_of(ev, both, 2);
}

static struct value dict_setdefault(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "setdefault", arguments);
    if (!self || !method_arguments(ev, "setdefault", arguments, &rest, 1, 2))
        return value_raised();
    struct value value = dict_lookup(ev, self, rest.items[0]);
    struct value given = rest.count == 2 ? rest.items[1] : value_none();
    if (is_raised(value))
        return value;
    bool absent = value.kind == VALUE_UNBOUND;
    if (absent && is_unknown(rest.items[0])) {
        dict_open(ev, self, rest.items[0].reason);
        return given;
    }
    if (is_unknown(value) &&
        (self->open || is_unknown(rest.items[0]) || dict_get(self, rest.items[0]).kind == VALUE_UNBOUND)) {
        struct reason *reason = value.reason;
        if (!self->open)
            dict_open(ev, self, reason);
        return value_join(ev, value, given, reason); /* what is written to it may be written to the default */
    }
    if (!absent)
        return value;
    return dict_store(ev, self, rest.items[0], given) ? given : value_raised();
}

static struct value dict_method_clear(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "clear", arguments);
    if (!self || !method_arguments(ev, "dict.clear", arguments, &rest, 0, 0))
        return value_raised();
    dict_clear(ev, self);
    self->open = NULL;
    return value_none();
}

/* dict.fromkeys, a class method; for a subclass it makes one of those. */
static struct value dict_fromkeys(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    if (!argument_count(ev, "fromkeys", &rest, 1, 2))
        return value_raised();
    struct value made = value_of(VALUE_DICT, dict_new(ev)), outcome;
    if (arguments->items[0].kind == VALUE_CLASS && arguments->items[0].class_ != ev->types->dict)
        made = call_values(ev, arguments->items[0], NULL, 0);
    if (is_raised(made) || is_unknown(made))
        return made;
    struct list *keys = iterate(ev, rest.items[0], &outcome);
    if (!keys)
        return outcome;
    for (uint32_t i = 0; i < keys->count; i++)
        if (!set_item(ev, made, keys->items[i], rest.count == 2 ? rest.items[1] : value_none()))
            return value_raised();
    return made;
}

/* What subclasses call through super(). */

static struct value dict_getitem(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "__getitem__", arguments);
    if (!self || !method_arguments(ev, "__getitem__", arguments, &rest, 1, 1))
        return value_raised();
    struct value value = dict_lookup(ev, self, rest.items[0]);
    if (value.kind != VALUE_UNBOUND)
        return value;
    value = call_special(ev, arguments->items[0], "__missing__", rest.items, 1);
    return value.kind == VALUE_UNBOUND ? raise_value_of(ev, ev->types->key_error, rest.items[0]) : value;
}

static struct value dict_setitem(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "__setitem__", arguments);
    if (!self || !method_arguments(ev, "__setitem__", arguments, &rest, 2, 2))
        return value_raised();
    return none_or_raised(dict_store(ev, self, rest.items[0], rest.items[1]));
}

static struct value dict_delitem(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "__delitem__", arguments);
    if (!self || !method_arguments(ev, "__delitem__", arguments, &rest, 1, 1))
        return value_raised();
    return none_or_raised(delete_item(ev, value_of(VALUE_DICT, self), rest.items[0]));
}

static struct value dict_contains(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest;
    struct dict *self = self_dict(ev, "__contains__", arguments);
    if (!self || !method_arguments(ev, "__contains__", arguments, &rest, 1, 1))
        return value_raised();
    return value_contains(ev, value_of(VALUE_DICT, self), rest.items[0]);
}

static struct value dict_len(struct eval *ev, const struct arguments *arguments)
{
    struct dict *self = self_dict(ev, "__len__", arguments);
    return self ? value_length(ev, value_of(VALUE_DICT, self)) : value_raised();
}

static struct value dict_iter(struct eval *ev, const struct arguments *arguments)
{
    struct dict *self = self_dict(ev, "__iter__", arguments);
    return self ? make_iterator(ev, value_of(VALUE_DICT, self)) : value_raised();
}

static struct value dict_reversed(struct eval *ev, const struct arguments *arguments)
{
    struct dict *self = self_dict(ev, "__reversed__", arguments);
    struct value outcome;
    struct list *keys = self ? iterate(ev, value_of(VALUE_DICT, self), &outcome) : NULL;
    if (!keys)
        return self ? outcome : value_raised();
    struct list *reversed = list_new(ev, keys->count);
    for (uint32_t i = keys->count; i-- > 0;)
        reversed->items[reversed->count++] = keys->items[i];
    return iterator_over(ev, reversed);
}

void dict_methods_init(struct eval *ev)
{
    static const struct native natives[] = {{"get", dict_method_get, NULL},
                                            {"keys", dict_keys, NULL},
                                            {"values", dict_values, NULL},
                                            {"items", dict_items, NULL},
                                            {"copy", dict_copy, NULL},
                                            {"update", dict_update, NULL},
                                            {"pop", dict_pop, NULL},
                                            {"popitem", dict_popitem, NULL},
                                            {"setdefault", dict_setdefault, NULL},
                                            {"clear", dict_method_clear, NULL},
                                            {"__init__", dict_init, NULL},
                                            {"__getitem__", dict_getitem, NULL},
                                            {"__setitem__", dict_setitem, NULL},
                                            {"__delitem__", dict_delitem, NULL},
                                            {"__contains__", dict_contains, NULL},
                                            {"__len__", dict_len, NULL},
                                            {"__iter__", dict_iter, NULL},
                                            {"__reversed__", dict_reversed, NULL},
                                            {NULL, NULL, NULL}};
    static const struct native fromkeys = {"fromkeys", dict_fromkeys, NULL};
    class_add_natives(ev, ev->types->dict, natives);
    dict_set_str(ev, ev->types->dict->attributes, eval_intern(ev, TEXT("fromkeys")),
                 native_class_method(ev, &fromkeys));
    ev->types->dict->construct = dict_construct;
}
