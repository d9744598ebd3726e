/*
 * What becomes of values that are handed to code which cannot be followed: it may change whatever it can reach, so all of
 * that is marked open.  Walks with a list of its own, not with the C stack.
 */
#include <stdlib.h>

#include "eval/eval.h"
#include "eval/transaction.h"
#include "eval/types.h"

struct worklist {
    struct value *items;
    size_t count, capacity;
};

static void add(struct worklist *worklist, struct value value)
{
    switch (value.kind) {
    case VALUE_INSTANCE:
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_DICT:
    case VALUE_SET:
    case VALUE_BOUND:
    case VALUE_SUPER:
    case VALUE_ITERATOR:
    case VALUE_UNKNOWN:
        worklist->items = array_grow(worklist->items, worklist->count, &worklist->capacity, sizeof *worklist->items);
        worklist->items[worklist->count++] = value;
    }
}

static void add_dict(struct worklist *worklist, const struct dict *dict)
{
    const struct dict_entry *entry;
    for (uint32_t i = 0; dict && (entry = dict_next(dict, &i));)
        add(worklist, entry->value);
}

static void expose_instance(struct eval *ev, struct worklist *worklist, struct instance *instance, struct reason *reason)
{
    if (instance->open)
        return;
    cell_touch(ev, &instance->cell);
    instance->open = reason;
    add(worklist, instance->payload);
    add_dict(worklist, instance->attributes);
    if (instance->tables)
        add_dict(worklist, instance->tables->modules);
}

static void expose_list(struct eval *ev, struct worklist *worklist, struct list *list, bool is_tuple, struct reason *reason)
{
    if (!is_tuple) {
        if (list->open)
            return;
        cell_touch(ev, &list->cell);
        list->open = reason;
    }
    ev->steps += list->count;
    for (uint32_t i = 0; i < list->count; i++)
        add(worklist, list->items[i]);
}

static void expose_dict(struct eval *ev, struct worklist *worklist, struct dict *dict, struct reason *reason)
{
    if (dict->open || dict->frozen)
        return;
    cell_touch(ev, &dict->cell);
    dict->open = reason;
    ev->steps += dict->count;
    add_dict(worklist, dict);
}

void expose(struct eval *ev, struct value value, struct reason *reason)
{
    struct worklist worklist = {0};
    add(&worklist, value);
    while (worklist.count && ++ev->steps < LIMIT_STEPS) {
        struct value next = worklist.items[--worklist.count];
        switch (next.kind) {
        case VALUE_INSTANCE:
            expose_instance(ev, &worklist, next.instance, reason);
            break;
        case VALUE_LIST:
        case VALUE_TUPLE:
            expose_list(ev, &worklist, next.list, next.kind == VALUE_TUPLE, reason);
            break;
        case VALUE_DICT:
        case VALUE_SET:
            expose_dict(ev, &worklist, next.dict, reason);
            break;
        case VALUE_BOUND:
            add(&worklist, next.bound->self);
            break;
        case VALUE_SUPER:
            add(&worklist, next.super->self);
            break;
        case VALUE_ITERATOR:
            expose_list(ev, &worklist, next.iterator->list, false, reason);
            break;
        case VALUE_UNKNOWN:
            for (struct alias *alias = next.reason->aliases; alias; alias = alias->next)
                add(&worklist, alias->value);
            break;
        }
    }
    if (worklist.count)
        eval_stop(ev, "more steps than any real constructor takes");
    free(worklist.items);
}
