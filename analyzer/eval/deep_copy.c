/* copy.deepcopy and copy.copy. */
#include <stdlib.h>

#include "eval/values.h"

/* What was copied already, by address: a hash table. */
struct memo {
    struct eval *ev;
    const void **from;
    struct value *to;
    size_t count, size;
};

static size_t memo_slot(const struct memo *memo, const void *pointer)
{
    size_t at = ((uintptr_t)pointer >> 4) * 2654435761u & (memo->size - 1);
    while (memo->from[at] && memo->from[at] != pointer)
        at = (at + 1) & (memo->size - 1);
    return at;
}

static void memo_add(struct memo *memo, const void *pointer, struct value copy)
{
    if (memo->count * 2 >= memo->size) {
        struct memo larger = {.ev = memo->ev, .size = memo->size ? memo->size * 2 : 64};
        larger.from = memory_alloc(larger.size * sizeof *larger.from);
        larger.to = memory_alloc(larger.size * sizeof *larger.to);
        memset(larger.from, 0, larger.size * sizeof *larger.from);
        for (size_t i = 0; i < memo->size; i++) {
            if (!memo->from[i])
                continue;
            size_t at = memo_slot(&larger, memo->from[i]);
            larger.from[at] = memo->from[i];
            larger.to[at] = memo->to[i];
        }
        free(memo->from);
        free(memo->to);
        larger.count = memo->count;
        *memo = larger;
    }
    size_t at = memo_slot(memo, pointer);
    memo->count += !memo->from[at];
    memo->from[at] = pointer;
    memo->to[at] = copy;
}

static struct value copy_value(struct memo *memo, struct value value);

static bool copy_items(struct memo *memo, const struct list *list, struct list *copy)
{
    copy->open = list->open;
    for (uint32_t i = 0; i < list->count; i++) {
        struct value item = copy_value(memo, list->items[i]);
        if (is_raised(item) || !list_append(memo->ev, copy, item))
            return false;
    }
    return true;
}

static bool copy_entries(struct memo *memo, const struct dict *dict, struct dict *copy)
{
    copy->open = dict->open;
    struct dict_entry *found;
    for (uint32_t i = 0; (found = dict_next(dict, &i));) {
        struct dict_entry entry = *found; /* the dict may change while its values are copied */
        struct value key = copy_value(memo, entry.key);
        struct value value = is_raised(key) ? key : copy_value(memo, entry.value);
        if (is_raised(value))
            return false;
        if (!value_is_hashable(key))
            copy->open = eval_reason(memo->ev, TEXT("a key that cannot be told"));
        else if (!dict_set(memo->ev, copy, key, value))
            return false;
    }
    return true;
}

static bool copy_tables(struct memo *memo, const struct module_tables *tables, struct instance *copy)
{
    struct eval *ev = memo->ev;
    copy->tables = module_tables_new(ev);
    struct dict *const from[] = {tables->parameters, tables->buffers, tables->modules};
    struct dict **const to[] = {&copy->tables->parameters, &copy->tables->buffers, &copy->tables->modules};
    for (int i = 0; i < 3; i++) {
        if (!from[i])
            continue;
        module_table(ev, copy->tables, to[i]);
        memo_add(memo, from[i], value_of(VALUE_DICT, *to[i]));
        if (!copy_entries(memo, from[i], *to[i]))
            return false;
    }
    return true;
}

/* Like Python's default: a new object without calling __init__, with copies of what it holds. */
static struct value copy_instance(struct memo *memo, struct value value)
{
    struct eval *ev = memo->ev;
    struct instance *from = value.instance;
    struct value own = find_special(ev, value, eval_intern(ev, TEXT("__deepcopy__")));
    if (is_raised(own))
        return own;
    if (is_unknown(own)) {
        expose(ev, value, own.reason);
        return unknown_operand(ev, own);
    }
    if (own.kind != VALUE_UNBOUND) {
        struct value table = value_of(VALUE_DICT, dict_new(ev));
        struct value copy = call_values(ev, own, &table, 1);
        if (!is_raised(copy))
            memo_add(memo, from, copy);
        return copy;
    }
    struct instance *copy = instance_new(ev, from->class_);
    struct value result = value_of(VALUE_INSTANCE, copy);
    memo_add(memo, from, result);
    copy->open = from->open;
    copy->made_unit = from->made_unit;
    copy->made_at = from->made_at;
    copy->made_calls = from->made_calls;
    if (!copy_entries(memo, from->attributes, copy->attributes))
        return value_raised();
    if (from->payload.kind != VALUE_UNBOUND) {
        copy->payload = copy_value(memo, from->payload);
        if (is_raised(copy->payload))
            return copy->payload;
    }
    if (from->tables && !copy_tables(memo, from->tables, copy))
        return value_raised();
    return result;
}

static struct value copy_tensor(struct memo *memo, const struct tensor *from)
{
    struct eval *ev = memo->ev;
    struct tensor *copy = ARENA_NEW(eval_heap(ev), struct tensor);
    *copy = *from;
    cell_init(ev, &copy->cell, CELL_TENSOR);
    struct value result = value_of(VALUE_TENSOR, copy);
    memo_add(memo, from, result);
    if (from->attributes) {
        copy->attributes = dict_new(ev);
        if (!copy_entries(memo, from->attributes, copy->attributes))
            return value_raised();
    }
    return result;
}

static struct value copy_tuple(struct memo *memo, struct value value)
{
    struct list *copy = list_new(memo->ev, value.list->count);
    if (!copy_items(memo, value.list, copy))
        return value_raised();
    bool same = true;
    for (uint32_t i = 0; i < copy->count && same; i++)
        same = copy->items[i].kind == value.list->items[i].kind &&
               (copy->items[i].kind <= VALUE_NOT_IMPLEMENTED || copy->items[i].pointer == value.list->items[i].pointer);
    struct value result = same ? value : value_of(VALUE_TUPLE, copy);
    memo_add(memo, value.list, result);
    return result;
}

static struct value copy_container(struct memo *memo, struct value value)
{
    struct eval *ev = memo->ev;
    if (memo->size) {
        size_t at = memo_slot(memo, value.pointer);
        if (memo->from[at])
            return memo->to[at];
    }
    switch (value.kind) {
    case VALUE_TUPLE: return copy_tuple(memo, value);
    case VALUE_LIST: {
        struct value copy = value_of(VALUE_LIST, list_new(ev, value.list->count));
        memo_add(memo, value.list, copy);
        return copy_items(memo, value.list, copy.list) ? copy : value_raised();
    }
    case VALUE_DICT:
    case VALUE_SET: {
        struct value copy = value_of((enum value_kind)value.kind, dict_new(ev));
        copy.dict->frozen = value.dict->frozen;
        memo_add(memo, value.dict, copy);
        return copy_entries(memo, value.dict, copy.dict) ? copy : value_raised();
    }
    case VALUE_INSTANCE: return copy_instance(memo, value);
    case VALUE_TENSOR: return copy_tensor(memo, value.tensor);
    case VALUE_BOUND: {
        struct value self = copy_value(memo, value.bound->self);
        if (is_raised(self) || is_unknown(self))
            return self;
        struct bound *bound = ARENA_NEW(eval_heap(ev), struct bound);
        *bound = (struct bound){self, value.bound->function};
        struct value copy = value_of(VALUE_BOUND, bound);
        memo_add(memo, value.bound, copy);
        return copy;
    }
    }
    return value;
}

/* Numbers, text, classes, functions and modules are themselves. */
static struct value copy_value(struct memo *memo, struct value value)
{
    struct eval *ev = memo->ev;
    switch (value.kind) {
    case VALUE_UNKNOWN:
        if (value.reason->aliases)
            expose(ev, value, value.reason);
        return unknown_operand(ev, value);
    case VALUE_ITERATOR: return eval_raise(ev, ev->types->type_error, "cannot pickle 'generator' object");
    case VALUE_NAMESPACE: return eval_raise(ev, ev->types->type_error, "cannot pickle 'module' object");
    case VALUE_TUPLE:
    case VALUE_LIST:
    case VALUE_DICT:
    case VALUE_SET:
    case VALUE_INSTANCE:
    case VALUE_TENSOR:
    case VALUE_BOUND: break;
    default: return value;
    }
    struct value copy = value_raised();
    if (enter(ev))
        copy = copy_container(memo, value);
    leave(ev);
    return copy;
}

struct value deep_copy(struct eval *ev, struct value value)
{
    struct memo memo = {.ev = ev};
    struct value copy = copy_value(&memo, value);
    free(memo.from);
    free(memo.to);
    return copy;
}

static struct dict *copy_dict_plainly(struct eval *ev, const struct dict *dict)
{
    struct dict *copy = dict_new(ev);
    copy->open = dict->open;
    copy->frozen = dict->frozen;
    struct dict_entry *entry;
    if (!work_items(ev, dict->used))
        return NULL;
    for (uint32_t i = 0; (entry = dict_next(dict, &i));)
        if (!dict_set(ev, copy, entry->key, entry->value))
            return NULL;
    return copy;
}

static struct value shallow_instance(struct eval *ev, struct value value)
{
    struct value own = call_special(ev, value, "__copy__", NULL, 0);
    if (own.kind != VALUE_UNBOUND)
        return own;
    struct instance *from = value.instance, *copy = instance_new(ev, from->class_);
    copy->attributes = copy_dict_plainly(ev, from->attributes);
    copy->open = from->open;
    copy->tables = from->tables; /* as Python: the copy shares the tables of the module */
    copy->made_unit = from->made_unit;
    copy->made_at = from->made_at;
    copy->made_calls = from->made_calls;
    copy->payload = from->payload.kind == VALUE_UNBOUND ? from->payload : shallow_copy(ev, from->payload);
    if (!copy->attributes || is_raised(copy->payload))
        return value_raised();
    return value_of(VALUE_INSTANCE, copy);
}

struct value shallow_copy(struct eval *ev, struct value value)
{
    switch (value.kind) {
    case VALUE_UNKNOWN: return unknown_operand(ev, value);
    case VALUE_LIST: return list_of_copy(ev, value.list, 0, value.list->count, VALUE_LIST);
    case VALUE_DICT:
    case VALUE_SET: {
        struct dict *copy = copy_dict_plainly(ev, value.dict);
        return copy ? value_of((enum value_kind)value.kind, copy) : value_raised();
    }
    case VALUE_INSTANCE: return shallow_instance(ev, value);
    case VALUE_TENSOR: {
        struct memo memo = {.ev = ev};
        struct value copy = copy_tensor(&memo, value.tensor);
        free(memo.from);
        free(memo.to);
        return copy;
    }
    }
    return value;
}
