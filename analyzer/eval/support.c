/* What the operations on values have in common: bounds, Unknown, special methods, keys. */
#include "eval/values.h"

bool work(struct eval *ev, uint64_t steps)
{
    ev->steps += steps;
    if (ev->steps > LIMIT_STEPS) {
        eval_stop(ev, "more steps than any real constructor takes");
        return false;
    }
    if (arena_used(&ev->model) > LIMIT_MODEL_BYTES || arena_used(&ev->scratch) > LIMIT_MODEL_BYTES ||
        arena_used(&ev->run) > ev->run_limit) {
        eval_stop(ev, "more memory than any real constructor takes");
        return false;
    }
    return true;
}

bool work_items(struct eval *ev, uint64_t count)
{
    return work(ev, count / 16 + 1);
}

bool work_bytes(struct eval *ev, uint64_t count)
{
    return work(ev, count / 64 + 1);
}

bool enter(struct eval *ev)
{
    if (++ev->expression_depth <= LIMIT_EXPRESSION_DEPTH)
        return work(ev, 1);
    eval_stop(ev, "values nested too deeply");
    return false;
}

void leave(struct eval *ev)
{
    ev->expression_depth--;
}

struct value unknown_because(struct eval *ev, struct reason *reason)
{
    ev->guesses++;
    return unknown_from(reason);
}

struct value unknown_operand(struct eval *ev, struct value operand)
{
    if (!is_unknown(operand))
        return operand;
    ev->guesses++;
    return operand;
}

void list_open(struct eval *ev, struct list *list, struct reason *reason)
{
    cell_touch(ev, &list->cell);
    list->open = reason;
    ev->guesses++;
}

void dict_open(struct eval *ev, struct dict *dict, struct reason *reason)
{
    cell_touch(ev, &dict->cell);
    dict->open = reason;
    ev->guesses++;
}

void list_blur(struct eval *ev, struct list *list, struct reason *reason)
{
    cell_touch(ev, &list->cell);
    for (uint32_t i = 0; i < list->count; i++)
        list->items[i] = unknown_from(reason);
    ev->guesses++;
}

bool take_raised(struct eval *ev, const struct class *type)
{
    if (ev->stopped || ev->raised.kind != VALUE_INSTANCE || !class_is_subclass(ev->raised.instance->class_, type))
        return false;
    ev->raised = value_unbound();
    return true;
}

struct value raise_value_of(struct eval *ev, struct class *type, struct value argument)
{
    struct instance *exception = instance_new(ev, type);
    exception->payload = tuple_of(ev, &argument, 1);
    return eval_raise_value(ev, value_of(VALUE_INSTANCE, exception));
}

struct value truth_value(struct eval *ev, int truth)
{
    if (truth == -2)
        return value_raised();
    if (truth == -1)
        return eval_unknown(ev, "a condition that cannot be told");
    return value_bool(truth == 1);
}

struct value payload_of(struct value value)
{
    if (value.kind == VALUE_INSTANCE && value.instance->class_->layout != LAYOUT_OBJECT &&
        value.instance->payload.kind != VALUE_UNBOUND)
        return value.instance->payload;
    return value;
}

struct reason *open_reason(struct value value)
{
    return value.kind == VALUE_INSTANCE ? value.instance->class_->open : NULL;
}

struct value find_special(struct eval *ev, struct value value, struct str *name)
{
    if (value.kind != VALUE_INSTANCE && value.kind != VALUE_TENSOR)
        return value_unbound();
    struct class *class_ = value_class(ev, value);
    struct value attribute = class_find(ev, class_, name);
    if (attribute.kind == VALUE_UNBOUND && class_->open)
        return unknown_from(class_->open);
    if (attribute.kind == VALUE_UNBOUND || attribute.kind == VALUE_NONE || is_raised(attribute) || is_unknown(attribute))
        return attribute;
    return bind(ev, attribute, value, class_);
}

struct value call_special(struct eval *ev, struct value value, const char *name, const struct value *items, uint32_t count)
{
    struct value method = find_special(ev, value, eval_intern(ev, text_from(name)));
    if (is_unknown(method))
        return unknown_operand(ev, method);
    if (method.kind == VALUE_UNBOUND || method.kind == VALUE_NONE || is_raised(method))
        return is_raised(method) ? method : value_unbound();
    return call_values(ev, method, items, count);
}

/* Keys.  Python code that decides equality is only asked for by identity: a hit is a hit, a miss cannot be told. */

static bool builtin_owner(const struct class *class_)
{
    return class_->is_builtin && !class_->unit;
}

/* A tuple is a key when its items are. */
static bool tuple_key_check(struct eval *ev, struct list *items, struct reason **reason)
{
    bool fine = enter(ev);
    for (uint32_t i = 0; fine && i < items->count; i++) {
        struct reason *inner = NULL;
        fine = key_check(ev, items->items[i], &inner);
        if (inner)
            *reason = inner;
    }
    leave(ev);
    if (items->open)
        *reason = items->open;
    if (fine && !*reason && !value_is_hashable(value_of(VALUE_TUPLE, items)))
        *reason = eval_reason(ev, TEXT("a key that is nested too deeply"));
    return fine;
}

bool key_check(struct eval *ev, struct value key, struct reason **reason)
{
    *reason = NULL;
    if (is_unknown(key)) {
        *reason = key.reason;
        return true;
    }
    if (key.kind == VALUE_INSTANCE) {
        const struct class *class_ = key.instance->class_;
        for (uint32_t i = 0; i < class_->mro_count; i++) {
            const struct dict *attributes = class_->mro[i]->attributes;
            struct value hash = dict_get_str(attributes, ev->types->names.hash);
            bool equal = dict_get_str(attributes, ev->types->names.eq).kind != VALUE_UNBOUND;
            if (hash.kind == VALUE_UNBOUND && !equal)
                continue;
            if (hash.kind == VALUE_NONE || hash.kind == VALUE_UNBOUND) {
                eval_raise(ev, ev->types->type_error, "unhashable type: '%s'", class_->name->bytes);
                return false;
            }
            if (equal && !builtin_owner(class_->mro[i]))
                *reason = eval_reason(ev, TEXT("a key whose own __eq__ decides what it equals"));
            break;
        }
        if (class_->open && !*reason)
            *reason = class_->open;
    }
    if (key.kind == VALUE_TUPLE)
        return tuple_key_check(ev, key.list, reason);
    if (value_is_hashable(key))
        return true;
    if (payload_of(key).kind == VALUE_TUPLE)
        return tuple_key_check(ev, payload_of(key).list, reason);
    eval_raise(ev, ev->types->type_error, "unhashable type: '%s'", type_name(ev, key));
    return false;
}

struct value dict_lookup(struct eval *ev, struct dict *dict, struct value key)
{
    struct reason *reason;
    if (!key_check(ev, key, &reason))
        return value_raised();
    if (dict->open)
        return unknown_because(ev, dict->open);
    if (!dict->count)
        return value_unbound();
    if (reason && !value_is_hashable(key))
        return unknown_because(ev, reason);
    struct value found = dict_get(dict, key);
    if (found.kind == VALUE_UNBOUND && reason)
        return unknown_because(ev, reason);
    return found;
}

bool dict_store(struct eval *ev, struct dict *dict, struct value key, struct value value)
{
    struct reason *reason;
    if (!work(ev, 1) || !key_check(ev, key, &reason))
        return false;
    if (reason && (!value_is_hashable(key) || (dict->count && dict_get(dict, key).kind == VALUE_UNBOUND))) {
        dict_open(ev, dict, reason);
        return true;
    }
    return dict_set(ev, dict, key, value);
}

bool set_store(struct eval *ev, struct dict *set, struct value item)
{
    struct reason *reason;
    if (!work(ev, 1) || !key_check(ev, item, &reason))
        return false;
    if (reason && (!value_is_hashable(item) || (set->count && dict_get(set, item).kind == VALUE_UNBOUND))) {
        dict_open(ev, set, reason);
        return true;
    }
    if (set->count && dict_get(set, item).kind != VALUE_UNBOUND)
        return true; /* the item that was there first stays */
    return dict_set(ev, set, item, value_none());
}

struct dict *set_from(struct eval *ev, struct value iterable)
{
    struct dict *set = dict_new(ev);
    struct value outcome = iterable;
    struct list *items = is_unknown(iterable) ? NULL : iterate(ev, iterable, &outcome);
    if (!items) {
        if (is_raised(outcome))
            return NULL;
        dict_open(ev, set, outcome.reason);
        return set;
    }
    for (uint32_t i = 0; i < items->count; i++)
        if (!set_store(ev, set, items->items[i]))
            return NULL;
    return set;
}
