#include "eval/transaction.h"

#include <string.h>

void transaction_begin(struct eval *ev, struct transaction *transaction)
{
    *transaction = (struct transaction){.outer = ev->transaction, .epoch = ++ev->epoch};
    ev->transaction = transaction;
}

void import_begin(struct eval *ev, struct import_state *state)
{
    *state = (struct import_state){ev->transaction, ev->importing, ev->suspended};
    ev->suspended = state;
    ev->transaction = NULL;
    ev->importing = true;
}

void import_end(struct eval *ev, const struct import_state *state)
{
    ev->importing = state->importing;
    ev->transaction = state->transaction;
    ev->suspended = state->outer;
}

void import_publish(struct eval *ev, struct dict *names, struct str *name)
{
    struct value value = dict_get_str(names, name);
    if (value.kind == VALUE_UNBOUND)
        return;
    for (struct import_state *state = ev->suspended; state; state = state->outer)
        for (struct transaction *transaction = state->transaction; transaction; transaction = transaction->outer)
            for (struct saved_cell *saved = transaction->saved; saved; saved = saved->next)
                if (saved->cell == &names->cell)
                    dict_set_str(ev, &saved->before.dict, name, value);
}

static void *copy_array(struct eval *ev, const void *items, size_t count, size_t size)
{
    void *copy = arena_alloc_array(eval_heap(ev), count ? count : 1, size);
    if (count)
        memcpy(copy, items, count * size);
    return copy;
}

/* The storage that the cell has now is left as it is for the saved struct; the cell goes on with a copy. */
void cell_save(struct eval *ev, struct cell *cell)
{
    struct saved_cell *saved = ARENA_NEW(eval_heap(ev), struct saved_cell);
    saved->cell = cell;
    switch ((enum cell_kind)cell->cell_kind) {
    case CELL_LIST: {
        struct list *list = (struct list *)cell;
        saved->before.list = *list;
        list->items = copy_array(ev, list->items, list->count, sizeof *list->items);
        list->capacity = list->count;
        break;
    }
    case CELL_DICT: {
        struct dict *dict = (struct dict *)cell;
        saved->before.dict = *dict;
        dict->entries = copy_array(ev, dict->entries, dict->used, sizeof *dict->entries);
        dict->capacity = dict->used;
        if (dict->index)
            dict->index = copy_array(ev, dict->index, dict->index_size, sizeof *dict->index);
        break;
    }
    case CELL_FRAME: {
        struct frame *frame = (struct frame *)cell;
        saved->before.frame = *frame;
        frame->slots = copy_array(ev, frame->slots, frame->slot_count, sizeof *frame->slots);
        break;
    }
    case CELL_INSTANCE:
        saved->before.instance = *(struct instance *)cell;
        break;
    case CELL_ITERATOR:
        saved->before.iterator = *(struct iterator *)cell;
        break;
    case CELL_TENSOR:
        saved->before.tensor = *(struct tensor *)cell;
        break;
    }
    saved->next = ev->transaction->saved;
    ev->transaction->saved = saved;
    ev->transaction->saved_count++;
    cell->epoch = ev->transaction->epoch;
}

/* Exchanges a cell's struct with the saved one. */
static void swap_cell(struct saved_cell *saved)
{
#define SWAP(type, member)                                                                                             \
    do {                                                                                                               \
        struct type now = *(struct type *)saved->cell;                                                                 \
        *(struct type *)saved->cell = saved->before.member;                                                            \
        saved->before.member = now;                                                                                    \
    } while (0)
    switch ((enum cell_kind)saved->cell->cell_kind) {
    case CELL_LIST: SWAP(list, list); break;
    case CELL_DICT: SWAP(dict, dict); break;
    case CELL_FRAME: {
        struct frame *frame = (struct frame *)saved->cell;
        struct maybe *maybe = frame->maybe; /* these belong to the control flow, not to what is saved */
        struct comprehension_scope *comprehension = frame->comprehension;
        struct value result = frame->result;
        SWAP(frame, frame);
        frame->result = result;
        frame->maybe = maybe;
        frame->comprehension = comprehension;
        break;
    }
    case CELL_INSTANCE: SWAP(instance, instance); break;
    case CELL_ITERATOR: SWAP(iterator, iterator); break;
    case CELL_TENSOR: SWAP(tensor, tensor); break;
    }
#undef SWAP
}

struct outcome transaction_take(struct eval *ev, struct transaction *transaction)
{
    for (struct saved_cell *saved = transaction->saved; saved; saved = saved->next)
        swap_cell(saved);
    ev->transaction = transaction->outer;
    ev->attribute_version++;
    ev->names_version++;
    return (struct outcome){transaction->saved, transaction->saved_count};
}

void transaction_keep(struct eval *ev, struct transaction *transaction)
{
    struct transaction *outer = transaction->outer;
    struct saved_cell *next;
    for (struct saved_cell *saved = transaction->saved; saved; saved = next) {
        next = saved->next;
        saved->cell->epoch = ((const struct cell *)&saved->before)->epoch;
        if (outer && saved->cell->epoch < outer->epoch) {
            saved->next = outer->saved;
            outer->saved = saved;
            outer->saved_count++;
            saved->cell->epoch = outer->epoch;
        }
    }
    ev->transaction = outer;
}

void transaction_undo(struct eval *ev, struct transaction *transaction)
{
    transaction_take(ev, transaction);
}

/* What can be written to through a name.  A tuple is listed for what it holds. */
static bool can_change(struct value value)
{
    return value.kind == VALUE_INSTANCE || value.kind == VALUE_LIST || value.kind == VALUE_TUPLE || value.kind == VALUE_DICT ||
           value.kind == VALUE_SET || value.kind == VALUE_ITERATOR || value.kind == VALUE_BOUND || value.kind == VALUE_FUNCTION ||
           value.kind == VALUE_SUPER || value.kind == VALUE_CLASS;
}

static struct alias *alias_add(struct eval *ev, struct alias *aliases, struct value value)
{
    uint32_t count = 0;
    if (!can_change(value))
        return aliases;
    for (const struct alias *alias = aliases; alias; alias = alias->next, count++)
        if (alias->value.kind == value.kind && alias->value.pointer == value.pointer)
            return aliases;
    if (count >= MAX_ALIASES) {
        eval_stop(ev, "a value that may be too many things");
        return aliases;
    }
    ev->aliases_added++;
    struct alias *alias = ARENA_NEW(eval_heap(ev), struct alias);
    alias->value = value;
    alias->next = aliases;
    return alias;
}

static bool is_plain(struct value value)
{
    return is_unknown(value) ? value.plain : value.kind == VALUE_NONE || (value.kind >= VALUE_BOOL && value.kind <= VALUE_STR);
}

static struct value join_unlike(struct eval *ev, struct value a, struct value b, struct reason *reason);

/* An Unknown that may be either; what is written through it may be written to either. */
struct value value_join(struct eval *ev, struct value a, struct value b, struct reason *reason)
{
    if (a.kind == b.kind && (a.kind == VALUE_UNBOUND || (!is_unknown(a) && value_same(a, b))))
        return a;
    struct value joined = join_unlike(ev, a, b, reason);
    joined.plain = is_plain(a) && is_plain(b);
    ev->weakened += !is_unknown(a) || a.plain != joined.plain;
    return joined;
}

static struct value join_unlike(struct eval *ev, struct value a, struct value b, struct reason *reason)
{
    if (is_unknown(a) && is_unknown(b)) {
        if (a.reason == b.reason || !b.reason->aliases)
            return a;
        if (!a.reason->aliases)
            return b;
    }
    const struct reason *words = is_unknown(a) ? a.reason : is_unknown(b) ? b.reason : reason;
    struct alias *aliases = is_unknown(a) ? a.reason->aliases : alias_add(ev, NULL, a);
    if (is_unknown(b)) {
        for (const struct alias *more = b.reason->aliases; more; more = more->next)
            aliases = alias_add(ev, aliases, more->value);
    } else {
        aliases = alias_add(ev, aliases, b);
    }
    if (!aliases && words == reason)
        return unknown_from(reason);
    if (aliases == words->aliases)
        return unknown_from((struct reason *)(uintptr_t)words);
    struct reason *joined = ARENA_NEW(eval_heap(ev), struct reason);
    *joined = *words;
    joined->aliases = aliases;
    return unknown_from(joined);
}

/* Items of two ways that one open list keeps; what more there may be is open itself. */
#define MAX_KEPT_ITEMS 4096

static bool has_item(struct eval *ev, const struct list *list, struct value item)
{
    ev->steps += list->count / 16;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].kind == item.kind && list->items[i].pointer == item.pointer)
            return true;
    return false;
}

static void join_list(struct eval *ev, struct list *list, const struct list *other, struct reason *reason)
{
    bool same = list->count == other->count && !other->open;
    for (uint32_t i = 0; same && i < list->count; i++)
        same = value_same(list->items[i], other->items[i]);
    if (same && !list->open)
        return;
    cell_touch(ev, &list->cell);
    bool was_open = list->open != NULL, same_start = true;
    if (list->count == other->count) {
        for (uint32_t i = 0; i < list->count; i++)
            list->items[i] = value_join(ev, list->items[i], other->items[i], reason);
        if (other->open)
            list->open = other->open;
    } else {
        uint32_t count = list->count < other->count ? list->count : other->count;
        for (uint32_t i = 0; i < count && same_start; i++)
            same_start = value_same(list->items[i], other->items[i]);
        /* Nothing is said of the items of an open list; they are kept for what they may be. */
        for (uint32_t i = same_start ? count : 0; i < other->count; i++) {
            if (has_item(ev, list, other->items[i]))
                continue;
            if (list->count >= MAX_KEPT_ITEMS)
                expose(ev, other->items[i], reason);
            else if (!list_append(ev, list, other->items[i]))
                break;
        }
        list->open = reason;
    }
    ev->weakened += !was_open && list->open;
}

/* Do the keys that both have come in the same order? */
static bool same_order(const struct dict *dict, const struct dict *other)
{
    uint32_t at = 0;
    const struct dict_entry *entry, *there = dict_next(other, &at);
    for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
        if (dict_get(other, entry->key).kind == VALUE_UNBOUND)
            continue;
        while (there && dict_get(dict, there->key).kind == VALUE_UNBOUND)
            there = dict_next(other, &at);
        if (!there || !value_same(there->key, entry->key))
            return false;
        there = dict_next(other, &at);
    }
    return true;
}

/* Two orders: nothing is known to stand where it does. */
static void blur_dict(struct eval *ev, struct dict *dict, struct reason *reason)
{
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
        struct value key = entry->key;
        dict_set(ev, dict, key, value_join(ev, entry->value, value_unbound(), reason));
    }
    cell_touch(ev, &dict->cell);
    ev->weakened += !dict->open;
    dict->open = dict->open ? dict->open : reason;
}

static void join_dict(struct eval *ev, struct dict *dict, const struct dict *other, struct reason *reason)
{
    struct dict_entry *entry;
    bool differ = false;
    if (!same_order(dict, other))
        blur_dict(ev, dict, reason);
    for (uint32_t i = 0; (entry = dict_next(other, &i));) {
        struct value here = dict_get(dict, entry->key);
        if (here.kind == entry->value.kind && !is_unknown(here) && value_same(here, entry->value))
            continue;
        differ |= here.kind == VALUE_UNBOUND;
        dict_set(ev, dict, entry->key, value_join(ev, here, entry->value, reason));
    }
    for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
        if (dict_get(other, entry->key).kind != VALUE_UNBOUND)
            continue;
        struct value key = entry->key;
        differ = true;
        dict_set(ev, dict, key, value_join(ev, entry->value, value_unbound(), reason));
    }
    if ((other->open || differ) && !dict->open) {
        cell_touch(ev, &dict->cell);
        ev->weakened++;
        dict->open = differ ? reason : other->open; /* what is Unknown in it may not be there at all */
    }
}

static void join_frame(struct eval *ev, struct frame *frame, const struct frame *other, struct reason *reason)
{
    cell_touch(ev, &frame->cell);
    for (uint32_t i = 0; i < frame->slot_count; i++)
        frame->slots[i] = value_join(ev, frame->slots[i], other->slots[i], reason);
}

/* Makes the cell, as it is now, the join of that and `other`. */
static void join_cell(struct eval *ev, struct cell *cell, const struct saved_cell *other, struct reason *reason)
{
    switch ((enum cell_kind)cell->cell_kind) {
    case CELL_LIST:
        join_list(ev, (struct list *)cell, &other->before.list, reason);
        break;
    case CELL_DICT:
        join_dict(ev, (struct dict *)cell, &other->before.dict, reason);
        break;
    case CELL_FRAME:
        join_frame(ev, (struct frame *)cell, &other->before.frame, reason);
        break;
    case CELL_INSTANCE: {
        struct instance *instance = (struct instance *)cell;
        const struct instance *there = &other->before.instance;
        if (instance->tables != there->tables || instance->open != there->open ||
            !value_same(instance->payload, there->payload)) {
            cell_touch(ev, cell);
            ev->weakened += !instance->open;
            instance->open = instance->open ? instance->open : reason;
        }
        break;
    }
    case CELL_ITERATOR: {
        struct iterator *iterator = (struct iterator *)cell;
        if (iterator->next != other->before.iterator.next || iterator->list != other->before.iterator.list) {
            cell_touch(ev, cell);
            ev->weakened += !iterator->list->open;
            struct list *items = list_new(ev, iterator->list->count);
            list_extend(ev, items, iterator->list);
            items->open = reason;
            iterator->list = items;
        }
        break;
    }
    case CELL_TENSOR: {
        struct tensor *tensor = (struct tensor *)cell;
        const struct tensor *there = &other->before.tensor;
        cell_touch(ev, cell);
        tensor->numbers = NULL;
        tensor->written = (tensor->written > there->written ? tensor->written : there->written) + 1;
        if (!there->shape_known || there->dims != tensor->dims ||
            (tensor->shape_known && memcmp(there->shape, tensor->shape, tensor->dims * sizeof *tensor->shape) != 0))
            tensor->shape_known = false;
        break;
    }
    }
}

/* The cells of one way, found by address. */
struct cell_table {
    const struct saved_cell **slots;
    size_t size; /* a power of two */
};

static size_t cell_slot(const struct cell_table *table, const struct cell *cell)
{
    size_t at = ((uintptr_t)cell >> 4) * 2654435761u & (table->size - 1);
    while (table->slots[at] && table->slots[at]->cell != cell)
        at = (at + 1) & (table->size - 1);
    return at;
}

static struct cell_table cell_table(struct eval *ev, const struct outcome *outcome)
{
    struct cell_table table = {.size = 4};
    while (table.size < (size_t)outcome->count * 2)
        table.size *= 2;
    table.slots = ARENA_ARRAY(&ev->scratch, table.size, const struct saved_cell *);
    for (const struct saved_cell *saved = outcome->cells; saved; saved = saved->next)
        table.slots[cell_slot(&table, saved->cell)] = saved;
    return table;
}

/* Puts into the cell what a way left, keeping the cell's own header. */
static void adopt(struct eval *ev, struct cell *cell, const struct saved_cell *left)
{
    cell_touch(ev, cell);
    struct cell header = *cell;
    struct saved_cell copy = *left;
    copy.cell = cell;
    swap_cell(&copy);
    *cell = header;
    ev->attribute_version++;
    ev->names_version++;
}

/* The ways' versions of one cell become one.  A way that did not write to it leaves it as it is now. */
static void join_versions(struct eval *ev, struct cell *cell, const struct cell_table *ways, uint32_t count, bool as_is,
                          struct reason *reason)
{
    const struct saved_cell *adopted = NULL;
    for (uint32_t i = 0; i < count; i++)
        as_is |= ways[i].slots[cell_slot(&ways[i], cell)] == NULL;
    if (!as_is) {
        adopted = ways[0].slots[cell_slot(&ways[0], cell)];
        adopt(ev, cell, adopted);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct saved_cell *left = ways[i].slots[cell_slot(&ways[i], cell)];
        if (left && left != adopted)
            join_cell(ev, cell, left, reason);
    }
}

void outcomes_join(struct eval *ev, const struct outcome *outcomes, uint32_t count, bool as_is, struct reason *reason)
{
    struct arena_mark mark = arena_mark(&ev->scratch);
    struct cell_table ways[MAX_WAYS];
    for (uint32_t i = 0; i < count; i++)
        ways[i] = cell_table(ev, &outcomes[i]);
    for (uint32_t i = 0; i < count; i++) {
        for (const struct saved_cell *left = outcomes[i].cells; left; left = left->next) {
            bool seen = false;
            for (uint32_t j = 0; j < i && !seen; j++)
                seen = ways[j].slots[cell_slot(&ways[j], left->cell)] != NULL;
            if (!seen)
                join_versions(ev, left->cell, ways, count, as_is, reason);
        }
    }
    arena_reset(&ev->scratch, mark);
}
