/* What the operations on values have in common: bounds, Unknown, special methods, keys. */
#include "eval/values.h"

bool work(struct eval *ev, uint64_t steps)
{
    ev->steps += steps;
    if (ev->steps > ev->step_limit) {
        eval_stop(ev, "more steps than any real constructor takes");
        return false;
    }
    if (arena_used(&ev->model) > ev->model_limit || arena_used(&ev->scratch) > ev->model_limit ||
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

static bool can_be_written(struct value value)
{
    return value.kind == VALUE_INSTANCE || value.kind == VALUE_LIST || value.kind == VALUE_DICT ||
           value.kind == VALUE_SET || value.kind == VALUE_TUPLE || value.kind == VALUE_ITERATOR ||
           (is_unknown(value) && value.reason->aliases);
}

/* The Unknown knows a list of what it may be; exposing it exposes those. */
struct value unknown_one_of(struct eval *ev, struct reason *reason, const struct value *items, uint32_t count)
{
    struct list *list = NULL;
    if (!work_items(ev, count))
        return value_raised();
    for (uint32_t i = 0; i < count; i++) {
        if (!can_be_written(items[i]))
            continue;
        if (!list)
            list = list_new(ev, 0);
        if (!list_append(ev, list, items[i]))
            return value_raised();
    }
    ev->guesses++;
    return list ? value_join(ev, value_of(VALUE_LIST, list), unknown_from(reason), reason) : unknown_from(reason);
}

struct value unknown_item(struct eval *ev, struct reason *reason, const struct list *list)
{
    return unknown_one_of(ev, reason, list->items, list->count);
}

struct value unknown_entry(struct eval *ev, struct reason *reason, const struct dict *dict)
{
    struct list *list = list_new(ev, 0);
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
        if (can_be_written(entry->key) && !list_append(ev, list, entry->key))
            return value_raised();
        if (can_be_written(entry->value) && !list_append(ev, list, entry->value))
            return value_raised();
    }
    return work_items(ev, dict->used) ? unknown_item(ev, reason, list) : value_raised();
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
    struct value any = unknown_item(ev, reason, list);
    cell_touch(ev, &list->cell);
    for (uint32_t i = 0; i < list->count && !is_raised(any); i++)
        list->items[i] = any;
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

/* Why a value is not fully known: it, or something in it, is Unknown or open; NULL when that is not seen at once. */
static struct reason *doubt_in(struct value value)
{
    value = payload_of(value);
    if (is_unknown(value))
        return value.reason;
    if (value.kind == VALUE_LIST || value.kind == VALUE_TUPLE) {
        struct reason *reason = value.list->open;
        for (uint32_t i = 0; !reason && i < value.list->count && i < 1000; i++)
            reason = is_unknown(value.list->items[i]) ? value.list->items[i].reason : NULL;
        return reason;
    }
    if (value.kind == VALUE_DICT || value.kind == VALUE_SET) {
        struct reason *reason = value.dict->open;
        for (uint32_t i = 0; !reason && i < value.dict->used && i < 1000; i++)
            reason = is_unknown(value.dict->entries[i].value) ? value.dict->entries[i].value.reason : NULL;
        return reason;
    }
    return NULL;
}

struct value truth_about(struct eval *ev, int truth, struct value first, struct value second)
{
    struct reason *reason = truth == -1 ? doubt_in(first) : NULL;
    if (truth == -1 && !reason)
        reason = doubt_in(second);
    return reason ? unknown_because(ev, reason) : truth_value(ev, truth);
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
    if (attribute.kind == VALUE_UNBOUND || attribute.kind == VALUE_NONE || is_raised(attribute) ||
        is_unknown(attribute))
        return attribute;
    return value_bind(ev, attribute, value, class_);
}

struct value call_special(struct eval *ev, struct value value, const char *name, const struct value *items,
                          uint32_t count)
{
    struct value method = find_special(ev, value, eval_intern(ev, text_from(name)));
    if (is_unknown(method))
        return unknown_operand(ev, method);
    if (method.kind == VALUE_UNBOUND || method.kind == VALUE_NONE || is_raised(method))
        return is_raised(method) ? method : value_unbound();
    return call_values(ev, method, items, count);
}

/* Keys. */

static bool builtin_owner(const struct class *class_)
{
    return class_->is_builtin && !class_->unit;
}

static bool object_key(struct eval *ev, const struct class *class_, struct reason **reason)
{
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
    return true;
}

/* A tuple is a key when its items are. */
static bool tuple_key(struct eval *ev, const struct list *items, struct reason **reason);

static bool key_part(struct eval *ev, struct value key, struct reason **reason)
{
    if (is_unknown(key)) {
        *reason = key.reason;
        return true;
    }
    if (key.kind == VALUE_INSTANCE && !object_key(ev, key.instance->class_, reason))
        return false;
    struct value held = payload_of(key);
    if (held.kind == VALUE_TUPLE)
        return tuple_key(ev, held.list, reason);
    if (held.kind == VALUE_SET && held.dict->frozen) {
        if (held.dict->open)
            *reason = held.dict->open;
        return true;
    }
    if (value_is_hashable(key))
        return true;
    eval_raise(ev, ev->types->type_error, "unhashable type: '%s'", type_name(ev, key));
    return false;
}

static bool tuple_key(struct eval *ev, const struct list *items, struct reason **reason)
{
    bool fine = enter(ev);
    for (uint32_t i = 0; fine && i < items->count; i++)
        fine = key_part(ev, items->items[i], reason);
    leave(ev);
    if (items->open)
        *reason = items->open;
    return fine;
}

bool key_check(struct eval *ev, struct value key, struct reason **reason)
{
    *reason = NULL;
    if (key.kind == VALUE_STR)
        return true;
    if (!key_part(ev, key, reason))
        return false;
    if (!*reason && !value_is_hashable(key))
        *reason = eval_reason(ev, TEXT("a key that is nested too deeply"));
    return true;
}

/* The key in the dict that equals this one: UNBOUND when there is none, Unknown when that cannot be told.  Python asks a
 * key's own __eq__ where the hashes are the same; no hash is known here, so it is asked for all keys of the same class. */
static struct value equal_key(struct eval *ev, struct dict *dict, struct value key)
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
    if (dict_get(dict, key).kind != VALUE_UNBOUND)
        return key;
    if (!reason)
        return value_unbound();
    if (key.kind != VALUE_INSTANCE || key.instance->class_->open)
        return unknown_because(ev, reason);
    for (uint32_t i = 0; i < dict->used; i++) {
        struct value other = dict->entries[i].key;
        if (other.kind != VALUE_INSTANCE || other.instance->class_ != key.instance->class_)
            continue;
        int equal = work(ev, 1) ? values_equal(ev, other, key) : -2;
        if (equal == -2)
            return value_raised();
        if (equal == -1)
            return unknown_because(ev, reason);
        if (equal == 1)
            return other;
    }
    return value_unbound();
}

struct value member_value(struct eval *ev, struct value key, struct value value)
{
    return value.kind == VALUE_LAZY && key.kind == VALUE_STR ? realise(ev, key.str, value.lazy) : value;
}

struct value dict_lookup(struct eval *ev, struct dict *dict, struct value key)
{
    if (key.kind == VALUE_STR && !dict->open)
        return member_value(ev, key, dict_get_str(dict, key.str));
    struct value stored = equal_key(ev, dict, key);
    if (is_unknown(stored))
        return unknown_entry(ev, stored.reason, dict);
    return stored.kind == VALUE_UNBOUND || is_raised(stored) ? stored : dict_get(dict, stored);
}

/* The key to write to; UNBOUND: the dict is open now; RAISED. */
static struct value key_for_writing(struct eval *ev, struct dict *dict, struct value key)
{
    if (key.kind == VALUE_STR)
        return key;
    struct reason *reason;
    if (!key_check(ev, key, &reason))
        return value_raised();
    struct value stored = equal_key(ev, dict, key);
    if (is_raised(stored))
        return stored;
    if (value_is_hashable(key))
        reason = is_unknown(stored) ? stored.reason : NULL;
    if (!reason)
        return stored.kind == VALUE_UNBOUND ? key : stored;
    if (!dict->open)
        dict_open(ev, dict, reason);
    return value_is_hashable(key) ? key : value_unbound();
}

void dict_discard(struct eval *ev, struct dict *dict, struct value key)
{
    struct value stored = dict->open ? key : equal_key(ev, dict, key);
    if (stored.kind != VALUE_UNBOUND && !is_unknown(stored) && !is_raised(stored))
        dict_delete(ev, dict, stored);
}

bool dict_store(struct eval *ev, struct dict *dict, struct value key, struct value value)
{
    struct value stored = work(ev, 1) ? key_for_writing(ev, dict, key) : value_raised();
    if (is_raised(stored))
        return false;
    if (stored.kind != VALUE_UNBOUND)
        return dict_set(ev, dict, stored, value);
    /* Any of them may be the new one now. */
    if (!work(ev, dict->count))
        return false;
    for (uint32_t i = 0; i < dict->used; i++) {
        struct dict_entry entry = dict->entries[i];
        if (entry.key.kind != VALUE_UNBOUND && !dict_set(ev, dict, entry.key, value_join(ev, entry.value, value, dict->open)))
            return false;
    }
    return true;
}

bool set_store(struct eval *ev, struct dict *set, struct value item)
{
    struct value stored = work(ev, 1) ? key_for_writing(ev, set, item) : value_raised();
    if (is_raised(stored))
        return false;
    if (stored.kind == VALUE_UNBOUND || (set->count && dict_get(set, stored).kind != VALUE_UNBOUND))
        return true; /* the item that was there first stays */
    return dict_set(ev, set, stored, value_none());
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
