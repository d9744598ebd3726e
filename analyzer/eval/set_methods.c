/* Methods of set and frozenset. */
#include "eval/values.h"

static struct dict *self_set(struct eval *ev, const char *method, const struct arguments *arguments)
{
    struct dict *self = arguments->count ? value_set(arguments->items[0]) : NULL;
    if (!self)
        eval_raise(ev, ev->types->type_error, "descriptor '%s' requires a 'set' object", method);
    return self;
}

static struct value set_of(struct dict *set, bool frozen)
{
    set->frozen = frozen;
    return value_of(VALUE_SET, set);
}

static struct value make_set(struct eval *ev, const char *function, const struct arguments *arguments, bool frozen)
{
    if (!argument_count(ev, function, arguments, 0, 1))
        return value_raised();
    if (frozen && arguments->count && arguments->items[0].kind == VALUE_SET && arguments->items[0].dict->frozen)
        return arguments->items[0];
    struct dict *set = arguments->count ? set_from(ev, arguments->items[0]) : dict_new(ev);
    return set ? set_of(set, frozen) : value_raised();
}

static struct value set_construct(struct eval *ev, const struct arguments *arguments)
{
    return make_set(ev, "set", arguments, false);
}
static struct value frozenset_construct(struct eval *ev, const struct arguments *arguments)
{
    return make_set(ev, "frozenset", arguments, true);
}

/* Takes in everything of the others. */
static bool take_in(struct eval *ev, struct dict *self, const struct dict *more)
{
    if (more->open)
        dict_open(ev, self, more->open);
    struct dict_entry *entry;
    for (uint32_t i = 0; self != more && (entry = dict_next(more, &i));)
        if (dict_get(self, entry->key).kind == VALUE_UNBOUND &&
            (!work(ev, 1) || !dict_set(ev, self, entry->key, value_none())))
            return false;
    return work_items(ev, more->used);
}

/* What is in self becomes what is in `other`. */
static bool become(struct eval *ev, struct dict *self, const struct dict *other)
{
    dict_clear(ev, self);
    self->open = NULL;
    return take_in(ev, self, other);
}

static struct value set_init(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, "__init__", arguments);
    if (!self || !argument_count(ev, "set", &rest, 0, 1))
        return value_raised();
    struct dict *items = rest.count ? set_from(ev, rest.items[0]) : dict_new(ev);
    return none_or_raised(items && become(ev, self, items));
}

static struct value set_add(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, "add", arguments);
    if (!self || !argument_count(ev, "set.add", &rest, 1, 1))
        return value_raised();
    return none_or_raised(set_store(ev, self, rest.items[0]));
}

static struct value take_out(struct eval *ev, const char *method, const struct arguments *arguments, bool raises)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, method, arguments);
    if (!self || !argument_count(ev, method, &rest, 1, 1))
        return value_raised();
    struct value found = value_contains(ev, value_of(VALUE_SET, self), rest.items[0]);
    if (is_raised(found))
        return found;
    if (is_unknown(found)) {
        if (!self->open)
            dict_open(ev, self, found.reason);
        else if (!is_unknown(rest.items[0]) && value_is_hashable(rest.items[0]))
            dict_discard(ev, self, rest.items[0]);
        return value_none();
    }
    if (!found.truth)
        return raises ? raise_value_of(ev, ev->types->key_error, rest.items[0]) : value_none();
    dict_discard(ev, self, rest.items[0]);
    return value_none();
}

static struct value set_remove(struct eval *ev, const struct arguments *arguments)
{
    return take_out(ev, "set.remove", arguments, true);
}
static struct value set_discard(struct eval *ev, const struct arguments *arguments)
{
    return take_out(ev, "set.discard", arguments, false);
}

/* Python's choice follows its hashes, which for most values differ from run to run. */
static struct value set_pop(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, "pop", arguments);
    if (!self || !argument_count(ev, "set.pop", &rest, 0, 0))
        return value_raised();
    if (self->open)
        return unknown_entry(ev, self->open, self);
    if (!self->count)
        return raise_value_of(ev, ev->types->key_error, eval_text(ev, TEXT("pop from an empty set")));
    uint32_t position = 0;
    struct value item = dict_next(self, &position)->key;
    if (self->count == 1) {
        dict_delete(ev, self, item);
        return item;
    }
    struct value unknown = eval_unknown(ev, "which item set.pop() takes");
    dict_open(ev, self, unknown.reason);
    return unknown_entry(ev, unknown.reason, self);
}

static struct value set_clear(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, "clear", arguments);
    if (!self || !argument_count(ev, "set.clear", &rest, 0, 0))
        return value_raised();
    dict_clear(ev, self);
    self->open = NULL;
    return value_none();
}

static struct value set_copy(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, "copy", arguments);
    struct dict *copy = dict_new(ev);
    return self && argument_count(ev, "set.copy", &rest, 0, 0) && take_in(ev, copy, self) ? set_of(copy, self->frozen)
                                                                                          : value_raised();
}

/* union, intersection, ... with any number of iterables; in place or as a new set. */
static struct value combine(struct eval *ev, const char *method, const struct arguments *arguments,
                            enum ast_operator op, bool in_place)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, method, arguments);
    if (!self || !no_keywords(ev, method, &rest))
        return value_raised();
    struct value result = set_of(dict_new(ev), self->frozen);
    if (!take_in(ev, result.dict, self))
        return value_raised();
    for (uint32_t i = 0; i < rest.count; i++) {
        struct dict *other = set_from(ev, rest.items[i]);
        if (!other)
            return value_raised();
        result = set_binary(ev, op, result.dict, other, self->frozen);
        if (is_raised(result))
            return result;
    }
    return in_place ? none_or_raised(become(ev, self, result.dict)) : result;
}

/* The symmetric ones take exactly one. */
static struct value symmetric(struct eval *ev, const char *method, const struct arguments *arguments,
                              enum ast_operator op, bool in_place)
{
    struct arguments rest = without_first(arguments);
    return argument_count(ev, method, &rest, 1, 1) ? combine(ev, method, arguments, op, in_place) : value_raised();
}

static struct value set_union(struct eval *ev, const struct arguments *arguments)
{
    return combine(ev, "union", arguments, OP_BIT_OR, false);
}
static struct value set_intersection(struct eval *ev, const struct arguments *arguments)
{
    return combine(ev, "intersection", arguments, OP_BIT_AND, false);
}
static struct value set_difference(struct eval *ev, const struct arguments *arguments)
{
    return combine(ev, "difference", arguments, OP_SUBTRACT, false);
}
static struct value set_symmetric_difference(struct eval *ev, const struct arguments *arguments)
{
    return symmetric(ev, "set.symmetric_difference", arguments, OP_BIT_XOR, false);
}
static struct value set_update(struct eval *ev, const struct arguments *arguments)
{
    return combine(ev, "update", arguments, OP_BIT_OR, true);
}
static struct value set_intersection_update(struct eval *ev, const struct arguments *arguments)
{
    return combine(ev, "intersection_update", arguments, OP_BIT_AND, true);
}
static struct value set_difference_update(struct eval *ev, const struct arguments *arguments)
{
    return combine(ev, "difference_update", arguments, OP_SUBTRACT, true);
}
static struct value set_symmetric_difference_update(struct eval *ev, const struct arguments *arguments)
{
    return symmetric(ev, "set.symmetric_difference_update", arguments, OP_BIT_XOR, true);
}

static struct value relation(struct eval *ev, const char *method, const struct arguments *arguments,
                             enum ast_operator op)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, method, arguments);
    if (!self || !argument_count(ev, method, &rest, 1, 1))
        return value_raised();
    struct dict *other = set_from(ev, rest.items[0]);
    return other ? compare(ev, op, value_of(VALUE_SET, self), value_of(VALUE_SET, other)) : value_raised();
}

static struct value set_issubset(struct eval *ev, const struct arguments *arguments)
{
    return relation(ev, "set.issubset", arguments, OP_LESS_EQUAL);
}
static struct value set_issuperset(struct eval *ev, const struct arguments *arguments)
{
    return relation(ev, "set.issuperset", arguments, OP_GREATER_EQUAL);
}

static struct value set_isdisjoint(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    if (!argument_count(ev, "set.isdisjoint", &rest, 1, 1))
        return value_raised();
    struct value common = combine(ev, "isdisjoint", arguments, OP_BIT_AND, false);
    if (common.kind != VALUE_SET)
        return common;
    int truth = value_truth(ev, common);
    return truth_value(ev, truth >= 0 ? !truth : truth);
}

static struct value set_len(struct eval *ev, const struct arguments *arguments)
{
    struct dict *self = self_set(ev, "__len__", arguments);
    return self ? value_length(ev, value_of(VALUE_SET, self)) : value_raised();
}

static struct value set_iter(struct eval *ev, const struct arguments *arguments)
{
    struct dict *self = self_set(ev, "__iter__", arguments);
    return self ? make_iterator(ev, value_of(VALUE_SET, self)) : value_raised();
}

static struct value set_contains(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    struct dict *self = self_set(ev, "__contains__", arguments);
    if (!self || !argument_count(ev, "__contains__", &rest, 1, 1))
        return value_raised();
    return value_contains(ev, value_of(VALUE_SET, self), rest.items[0]);
}

void set_methods_init(struct eval *ev)
{
    static const struct native shared[] = {{"copy", set_copy, NULL},
                                           {"union", set_union, NULL},
                                           {"intersection", set_intersection, NULL},
                                           {"difference", set_difference, NULL},
                                           {"symmetric_difference", set_symmetric_difference, NULL},
                                           {"issubset", set_issubset, NULL},
                                           {"issuperset", set_issuperset, NULL},
                                           {"isdisjoint", set_isdisjoint, NULL},
                                           {"__len__", set_len, NULL},
                                           {"__iter__", set_iter, NULL},
                                           {"__contains__", set_contains, NULL},
                                           {NULL, NULL, NULL}};
    static const struct native natives[] = {{"__init__", set_init, NULL},
                                            {"add", set_add, NULL},
                                            {"remove", set_remove, NULL},
                                            {"discard", set_discard, NULL},
                                            {"pop", set_pop, NULL},
                                            {"clear", set_clear, NULL},
                                            {"update", set_update, NULL},
                                            {"intersection_update", set_intersection_update, NULL},
                                            {"difference_update", set_difference_update, NULL},
                                            {"symmetric_difference_update", set_symmetric_difference_update, NULL},
                                            {NULL, NULL, NULL}};
    class_add_natives(ev, ev->types->frozenset, shared);
    class_add_natives(ev, ev->types->set, shared);
    class_add_natives(ev, ev->types->set, natives);
    ev->types->set->construct = set_construct;
    ev->types->frozenset->construct = frozenset_construct;
}
