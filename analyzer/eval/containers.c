/* Lists and dicts: the storage, and every write to it. */
#include <math.h>
#include <string.h>

#include "eval/values.h"

#define SMALL_DICT 8 /* entries up to which a dict is searched from front to back */

struct list *list_new(struct eval *ev, uint32_t capacity)
{
    struct list *list = ARENA_NEW(eval_heap(ev), struct list);
    cell_init(ev, &list->cell, CELL_LIST);
    list->capacity = capacity;
    if (capacity)
        list->items = ARENA_ARRAY(eval_heap(ev), capacity, struct value);
    return list;
}

/* Storage of a cell stays in the heap of the cell. */
static struct arena *cell_heap(struct eval *ev, const struct cell *cell)
{
    return cell->imported && (!ev->transaction || cell->epoch < ev->transaction->epoch || ev->importing) ? &ev->run
                                                                                                         : &ev->model;
}

static bool list_reserve(struct eval *ev, struct list *list, uint64_t count)
{
    if (count > LIMIT_LIST_ITEMS) {
        eval_stop(ev, "a list with too many items");
        return false;
    }
    if (count <= list->capacity)
        return true;
    uint32_t capacity = list->capacity ? list->capacity * 2 : 4;
    if (capacity < count)
        capacity = (uint32_t)count;
    struct value *items = ARENA_ARRAY(cell_heap(ev, &list->cell), capacity, struct value);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->capacity = capacity;
    return true;
}

bool list_insert(struct eval *ev, struct list *list, uint32_t at, struct value item)
{
    cell_touch(ev, &list->cell);
    if (!list_reserve(ev, list, (uint64_t)list->count + 1))
        return false;
    memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
    list->items[at] = item;
    list->count++;
    return true;
}

bool list_append(struct eval *ev, struct list *list, struct value item)
{
    return list_insert(ev, list, list->count, item);
}

void list_remove(struct eval *ev, struct list *list, uint32_t at, uint32_t count)
{
    if (!count)
        return;
    cell_touch(ev, &list->cell);
    memmove(list->items + at, list->items + at + count, (list->count - at - count) * sizeof *list->items);
    list->count -= count;
}

void list_set(struct eval *ev, struct list *list, uint32_t at, struct value item)
{
    cell_touch(ev, &list->cell);
    list->items[at] = item;
}

void list_clear(struct eval *ev, struct list *list)
{
    cell_touch(ev, &list->cell);
    list->count = 0;
}

bool list_extend(struct eval *ev, struct list *list, const struct list *more)
{
    cell_touch(ev, &list->cell);
    uint32_t count = more->count;
    if (!list_reserve(ev, list, (uint64_t)list->count + count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        list->items[list->count + i] = more->items[i];
    list->count += count;
    return true;
}

const struct dict empty_dict = {.cell.cell_kind = CELL_DICT};

struct dict *dict_new(struct eval *ev)
{
    struct dict *dict = ARENA_NEW(eval_heap(ev), struct dict);
    cell_init(ev, &dict->cell, CELL_DICT);
    return dict;
}

/* Tuples and frozen sets inside one another are followed this far and over this many items, so that neither a tower of
 * them nor one that holds itself twice on each floor can exhaust the C stack or the day.  What goes beyond is no key. */
#define KEY_DEPTH 60
#define KEY_ITEMS 100000

/* A subclass of str, int, float or tuple compares and hashes as what it holds. */
static struct value plain(struct value value)
{
    if (value.kind == VALUE_INSTANCE && value.instance->class_->layout >= LAYOUT_TUPLE)
        return value.instance->payload;
    return value;
}

static bool hashable_within(struct value value, int depth, uint32_t *items)
{
    value = plain(value);
    switch ((enum value_kind)value.kind) {
    case VALUE_LIST:
    case VALUE_DICT:
    case VALUE_SLICE:
    case VALUE_RAISED:
    case VALUE_UNBOUND:
    case VALUE_UNKNOWN:
    case VALUE_LAZY: return false;
    case VALUE_SET: {
        if (!value.dict->frozen || value.dict->open)
            return false;
        struct dict_entry *entry;
        for (uint32_t i = 0; (entry = dict_next(value.dict, &i));)
            if (!depth || !*items || !hashable_within(entry->key, depth - 1, items))
                return false;
        return true;
    }
    case VALUE_TUPLE:
        for (uint32_t i = 0; i < value.list->count; i++) {
            if (!depth || !*items)
                return false;
            --*items;
            if (!hashable_within(value.list->items[i], depth - 1, items))
                return false;
        }
        return !value.list->open;
    case VALUE_INSTANCE:
        return value.instance->class_->layout != LAYOUT_DICT && value.instance->class_->layout != LAYOUT_LIST;
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STR:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_RANGE:
    case VALUE_ITERATOR:
    case VALUE_CLASS:
    case VALUE_FUNCTION:
    case VALUE_BOUND:
    case VALUE_NATIVE:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
    case VALUE_SUPER:
    case VALUE_NAMESPACE:
    case VALUE_TENSOR: return true;
    }
    return false;
}

bool value_is_hashable(struct value value)
{
    uint32_t items = KEY_ITEMS;
    return hashable_within(value, KEY_DEPTH, &items);
}

/* Spreads all 64 bits over the low ones, which choose the place in a table: multiples of a power of two would crowd. */
static uint32_t mix(uint64_t bits)
{
    bits ^= bits >> 33;
    bits *= 0xff51afd7ed558ccdu;
    bits ^= bits >> 33;
    bits *= 0xc4ceb9fe1a85ec53u;
    return (uint32_t)(bits ^ bits >> 33);
}

static uint32_t hash_within(struct value value, int depth, uint32_t *items)
{
    value = plain(value);
    switch ((enum value_kind)value.kind) {
    case VALUE_STR: return value.str->hash;
    case VALUE_BOOL: return mix(value.truth);
    case VALUE_INT: return mix((uint64_t)value.integer);
    case VALUE_FLOAT:
        if (value.real == floor(value.real) && fabs(value.real) < 9223372036854775808.0)
            return mix((uint64_t)(int64_t)value.real);
        else {
            uint64_t bits;
            memcpy(&bits, &value.real, sizeof bits);
            return mix(bits);
        }
    case VALUE_TUPLE: {
        uint32_t hash = 0x345678u;
        for (uint32_t i = 0; depth && *items && i < value.list->count; i++) {
            --*items;
            hash = (hash ^ hash_within(value.list->items[i], depth - 1, items)) * 1000003u;
        }
        return hash;
    }
    case VALUE_SET: {
        uint32_t hash = 0x9e3779b9u;
        for (uint32_t i = 0; value.dict->frozen && i < value.dict->used; i++)
            if (value.dict->entries[i].key.kind != VALUE_UNBOUND)
                hash ^= mix(value.dict->entries[i].hash);
        return hash;
    }
    case VALUE_RANGE:
        return mix((uint64_t)value.range->start * 31u + (uint64_t)value.range->stop * 7u + (uint64_t)value.range->step);
    case VALUE_NONE:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED: return mix(value.kind);
    case VALUE_BOUND:
        return depth ? hash_within(value.bound->self, depth - 1, items) ^
                           hash_within(value.bound->function, depth - 1, items)
                     : 0;
    case VALUE_RAISED:
    case VALUE_UNBOUND:
    case VALUE_UNKNOWN:
    case VALUE_LAZY:
    case VALUE_LIST:
    case VALUE_DICT:
    case VALUE_SLICE:
    case VALUE_ITERATOR:
    case VALUE_CLASS:
    case VALUE_INSTANCE:
    case VALUE_FUNCTION:
    case VALUE_NATIVE:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
    case VALUE_SUPER:
    case VALUE_NAMESPACE:
    case VALUE_TENSOR: break;
    }
    return mix((uintptr_t)value.pointer);
}

uint32_t value_hash(struct value value)
{
    uint32_t items = KEY_ITEMS;
    return hash_within(value, KEY_DEPTH, &items);
}

static bool numbers_same(struct value a, struct value b)
{
    if (a.kind == VALUE_FLOAT && b.kind == VALUE_FLOAT)
        return a.real == b.real;
    if (a.kind == VALUE_FLOAT)
        return numbers_same(b, a);
    int64_t whole = a.kind == VALUE_BOOL ? a.truth : a.integer;
    if (b.kind == VALUE_FLOAT)
        return compare_int_float(whole, b.real) == 0;
    return whole == (b.kind == VALUE_BOOL ? b.truth : b.integer);
}

static struct dict_entry *entry_within(const struct dict *dict, struct value key, uint32_t hash, int depth,
                                       uint32_t *items);

static bool same_within(struct value a, struct value b, int depth, uint32_t *items)
{
    a = plain(a);
    b = plain(b);
    if (is_number(a) && is_number(b))
        return numbers_same(a, b);
    if (a.kind != b.kind)
        return false;
    switch ((enum value_kind)a.kind) {
    case VALUE_NONE:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_UNBOUND: return true;
    case VALUE_TUPLE:
        if (a.list == b.list)
            return true;
        if (a.list->count != b.list->count || a.list->open || b.list->open || !depth)
            return false;
        for (uint32_t i = 0; i < a.list->count; i++) {
            if (!*items)
                return false;
            --*items;
            if (!same_within(a.list->items[i], b.list->items[i], depth - 1, items))
                return false;
        }
        return true;
    case VALUE_SET: {
        if (a.dict == b.dict)
            return true;
        if (!a.dict->frozen || !b.dict->frozen || a.dict->count != b.dict->count || a.dict->open || b.dict->open ||
            !depth)
            return false;
        struct dict_entry *entry;
        for (uint32_t i = 0; (entry = dict_next(a.dict, &i));)
            if (!*items || !entry_within(b.dict, entry->key, entry->hash, depth - 1, items))
                return false;
        return true;
    }
    case VALUE_RANGE:
        return a.range->start == b.range->start && a.range->stop == b.range->stop && a.range->step == b.range->step;
    case VALUE_BOUND:
        return depth && same_within(a.bound->self, b.bound->self, depth - 1, items) &&
               same_within(a.bound->function, b.bound->function, depth - 1, items);
    case VALUE_RAISED:
    case VALUE_UNKNOWN:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT: return false;
    case VALUE_STR:
    case VALUE_LIST:
    case VALUE_DICT:
    case VALUE_SLICE:
    case VALUE_ITERATOR:
    case VALUE_CLASS:
    case VALUE_INSTANCE:
    case VALUE_FUNCTION:
    case VALUE_NATIVE:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
    case VALUE_SUPER:
    case VALUE_NAMESPACE:
    case VALUE_TENSOR:
    case VALUE_LAZY: return a.pointer == b.pointer;
    }
    return false;
}

bool value_same(struct value a, struct value b)
{
    uint32_t items = KEY_ITEMS;
    return same_within(a, b, KEY_DEPTH, &items);
}

static bool entry_is(const struct dict_entry *entry, struct value key, uint32_t hash, int depth, uint32_t *items)
{
    if (entry->hash != hash || entry->key.kind == VALUE_UNBOUND)
        return false;
    if (*items)
        --*items;
    bool identical = entry->key.kind == key.kind && entry->key.pointer == key.pointer;
    return identical || same_within(entry->key, key, depth, items);
}

static struct dict_entry *entry_within(const struct dict *dict, struct value key, uint32_t hash, int depth,
                                       uint32_t *items)
{
    if (!dict->index_size) {
        for (uint32_t i = 0; i < dict->used; i++)
            if (entry_is(&dict->entries[i], key, hash, depth, items))
                return &dict->entries[i];
        return NULL;
    }
    for (uint32_t at = hash & (dict->index_size - 1); dict->index[at]; at = (at + 1) & (dict->index_size - 1))
        if (entry_is(&dict->entries[dict->index[at] - 1], key, hash, depth, items))
            return &dict->entries[dict->index[at] - 1];
    return NULL;
}

static struct dict_entry *dict_entry_find(const struct dict *dict, struct value key, uint32_t hash)
{
    uint32_t items = KEY_ITEMS;
    return entry_within(dict, key, hash, KEY_DEPTH, &items);
}

struct value dict_get(const struct dict *dict, struct value key)
{
    if (key.kind == VALUE_STR)
        return dict_get_str(dict, key.str);
    if (!dict->count || !value_is_hashable(key))
        return value_unbound();
    struct dict_entry *entry = dict_entry_find(dict, key, value_hash(key));
    return entry ? entry->value : value_unbound();
}

/* Strings are interned, so a string is found by its address; only a subclass of str as key has to be compared. */
static struct dict_entry *dict_entry_of_str(const struct dict *dict, const struct str *key)
{
    const struct dict_entry *entries = dict->entries;
    bool compare = false;
    if (!dict->index_size) {
        for (uint32_t i = 0; i < dict->used; i++) {
            if (entries[i].hash != key->hash)
                continue;
            if (entries[i].key.kind == VALUE_STR && entries[i].key.str == key)
                return &dict->entries[i];
            compare |= entries[i].key.kind == VALUE_INSTANCE;
        }
    } else {
        uint32_t mask = dict->index_size - 1, number;
        for (uint32_t at = key->hash & mask; (number = dict->index[at]); at = (at + 1) & mask) {
            const struct dict_entry *entry = &entries[number - 1];
            if (entry->hash != key->hash)
                continue;
            if (entry->key.kind == VALUE_STR && entry->key.str == key)
                return &dict->entries[number - 1];
            compare |= entry->key.kind == VALUE_INSTANCE;
        }
    }
    struct value value = {.kind = VALUE_STR, .pointer = (void *)(uintptr_t)key};
    return compare ? dict_entry_find(dict, value, key->hash) : NULL;
}

struct value dict_get_str(const struct dict *dict, const struct str *key)
{
    struct dict_entry *entry = dict->count ? dict_entry_of_str(dict, key) : NULL;
    return entry ? entry->value : value_unbound();
}

static void dict_reindex(struct eval *ev, struct dict *dict)
{
    uint32_t size = 32;
    while (size < dict->capacity * 2)
        size *= 2;
    dict->index = ARENA_ARRAY(cell_heap(ev, &dict->cell), size, uint32_t);
    dict->index_size = size;
    for (uint32_t i = 0; i < dict->used; i++) {
        uint32_t at = dict->entries[i].hash & (size - 1);
        while (dict->index[at])
            at = (at + 1) & (size - 1);
        dict->index[at] = i + 1;
    }
}

static bool dict_reserve(struct eval *ev, struct dict *dict)
{
    if (dict->used < dict->capacity)
        return true;
    if (dict->used >= LIMIT_LIST_ITEMS) {
        eval_stop(ev, "a dict with too many items");
        return false;
    }
    uint32_t capacity = dict->count * 2 < 4 ? 4 : dict->count * 2;
    struct dict_entry *entries = ARENA_ARRAY(cell_heap(ev, &dict->cell), capacity, struct dict_entry);
    uint32_t used = 0;
    for (uint32_t i = 0; i < dict->used; i++)
        if (dict->entries[i].key.kind != VALUE_UNBOUND)
            entries[used++] = dict->entries[i];
    dict->entries = entries;
    dict->used = used;
    dict->capacity = capacity;
    dict->index = NULL;
    dict->index_size = 0;
    if (capacity > SMALL_DICT)
        dict_reindex(ev, dict);
    return true;
}

struct dict *names_new(struct eval *ev)
{
    struct dict *dict = dict_new(ev);
    dict->of_module = true;
    return dict;
}

bool dict_set(struct eval *ev, struct dict *dict, struct value key, struct value value)
{
    cell_touch(ev, &dict->cell);
    ev->names_version += dict->of_module;
    uint32_t hash = key.kind == VALUE_STR ? key.str->hash : value_hash(key);
    struct dict_entry *entry = NULL;
    if (dict->count)
        entry = key.kind == VALUE_STR ? dict_entry_of_str(dict, key.str) : dict_entry_find(dict, key, hash);
    if (entry) {
        entry->value = value;
        return true;
    }
    if (!dict_reserve(ev, dict))
        return false;
    dict->entries[dict->used] = (struct dict_entry){key, value, hash};
    dict->used++;
    dict->count++;
    if (dict->index_size) {
        uint32_t at = hash & (dict->index_size - 1);
        while (dict->index[at])
            at = (at + 1) & (dict->index_size - 1);
        dict->index[at] = dict->used;
    }
    return true;
}

bool dict_set_str(struct eval *ev, struct dict *dict, struct str *key, struct value value)
{
    return dict_set(ev, dict, value_str(key), value);
}

bool dict_delete(struct eval *ev, struct dict *dict, struct value key)
{
    struct dict_entry *entry =
        dict->count && value_is_hashable(key) ? dict_entry_find(dict, key, value_hash(key)) : NULL;
    if (!entry)
        return false;
    uint32_t number_of = (uint32_t)(entry - dict->entries);
    cell_touch(ev, &dict->cell); /* may move the entries */
    ev->names_version += dict->of_module;
    dict->entries[number_of].key = value_unbound();
    dict->entries[number_of].value = value_unbound();
    dict->count--;
    return true;
}

void dict_clear(struct eval *ev, struct dict *dict)
{
    cell_touch(ev, &dict->cell);
    ev->names_version += dict->of_module;
    dict->used = dict->count = dict->capacity = dict->index_size = 0;
    dict->entries = NULL;
    dict->index = NULL;
}

struct dict_entry *dict_next(const struct dict *dict, uint32_t *position)
{
    while (*position < dict->used) {
        struct dict_entry *entry = &dict->entries[(*position)++];
        if (entry->key.kind != VALUE_UNBOUND)
            return entry;
    }
    return NULL;
}

struct dict *value_dict(struct value value)
{
    if (value.kind == VALUE_INSTANCE)
        value = value.instance->payload;
    return value.kind == VALUE_DICT ? value.dict : NULL;
}

struct dict *value_set(struct value value)
{
    if (value.kind == VALUE_INSTANCE)
        value = value.instance->payload;
    return value.kind == VALUE_SET ? value.dict : NULL;
}

struct list *value_list(struct value value)
{
    if (value.kind == VALUE_INSTANCE)
        value = value.instance->payload;
    return value.kind == VALUE_LIST ? value.list : NULL;
}

struct list *value_items(struct value value)
{
    if (value.kind == VALUE_INSTANCE && !value.instance->class_->is_exception)
        value = value.instance->payload;
    return value.kind == VALUE_LIST || value.kind == VALUE_TUPLE ? value.list : NULL;
}

struct str *value_string(struct value value)
{
    value = plain(value);
    return value.kind == VALUE_STR ? value.str : NULL;
}

bool value_integer(struct value value, int64_t *integer)
{
    value = plain(value);
    if (value.kind == VALUE_BOOL)
        *integer = value.truth;
    else if (value.kind == VALUE_INT)
        *integer = value.integer;
    else
        return false;
    return true;
}
