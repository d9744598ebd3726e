#include "eval/live_walk.h"

#include <string.h>

#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"

struct level {
    struct level *above;
    struct instance *module;
    struct dict *table; /* NULL until the walk goes on from the module: what is added before that is met */
    struct value prefix;
    uint32_t position, size;
};

struct live_walk {
    struct iterator *iterator;
    struct walk_origin origin;
    const struct list *found; /* what the walk meets while nothing changes, each once; it has met `met` of them */
    uint32_t met, given;
    const struct list *shown; /* what the iterator holds: `found` until something else is met (lost) */
    bool lost;
    struct dict *seen;        /* the modules that were met; NULL while they are the first of `found` */
    bool begun;
    uint32_t depth;
    struct level *level, *unused;
};

struct live_walk *live_walk_start(struct eval *ev, struct value iterable)
{
    if (iterable.kind != VALUE_ITERATOR || !iterable.iterator->walk || iterable.iterator->next || iterable.iterator->list->open)
        return NULL;
    struct live_walk *walk = ARENA_NEW(&ev->scratch, struct live_walk);
    walk->iterator = iterable.iterator;
    walk->origin = *iterable.iterator->walk;
    walk->found = walk->shown = iterable.iterator->list;
    return walk;
}

static struct value found_module(const struct live_walk *walk, uint32_t number)
{
    return walk->origin.named ? walk->found->items[number].list->items[1] : walk->found->items[number];
}

static bool is_expected(const struct live_walk *walk, struct value module)
{
    return walk->met < walk->found->count && found_module(walk, walk->met).pointer == module.pointer;
}

/* `prefix.name`, or the name that was found before, where it is the same. */
static struct value module_name(struct eval *ev, const struct live_walk *walk, struct value module, struct value prefix, struct str *name)
{
    struct str *text = value_string(prefix);
    if (walk->origin.flat || !text || !text->length)
        return value_str(name);
    if (is_expected(walk, module)) {
        struct value before = walk->found->items[walk->met].list->items[0];
        struct str *old = value_string(before);
        if (old && old->length == text->length + 1 + name->length && !memcmp(old->bytes, text->bytes, text->length) &&
            old->bytes[text->length] == '.' && !memcmp(old->bytes + text->length + 1, name->bytes, name->length))
            return before;
    }
    return eval_format(ev, "%s.%s", text->bytes, name->bytes);
}

/* Notes that the module is met.  1: it was before; -1: stopped. */
static int meet_module(struct eval *ev, struct live_walk *walk, struct value module)
{
    if (!walk->origin.unique)
        return 0;
    if (!walk->seen && is_expected(walk, module))
        return 0;
    if (!walk->seen) {
        walk->seen = dict_new(ev);
        for (uint32_t i = 0; i < walk->met; i++)
            if (!dict_set(ev, walk->seen, found_module(walk, i), value_none()))
                return -1;
    }
    if (dict_get(walk->seen, module).kind != VALUE_UNBOUND)
        return 1;
    return dict_set(ev, walk->seen, module, value_none()) ? 0 : -1;
}

static bool enter_module(struct eval *ev, struct live_walk *walk, struct value module, struct value prefix)
{
    if (walk->depth == LIMIT_MODULE_DEPTH) {
        eval_stop(ev, "modules nested more deeply than in any real model");
        return false;
    }
    struct level *level = walk->unused;
    if (level)
        walk->unused = level->above;
    else
        level = ARENA_NEW(&ev->scratch, struct level);
    *level = (struct level){.above = walk->level, .module = module.instance, .prefix = prefix};
    walk->level = level;
    walk->depth++;
    return true;
}

static void leave_module(struct live_walk *walk)
{
    struct level *level = walk->level;
    walk->level = level->above;
    level->above = walk->unused;
    walk->unused = level;
    walk->depth--;
}

/* Did only this walk use the iterator since it gave a module? */
static bool is_alone(const struct live_walk *walk)
{
    return walk->iterator->list == walk->shown && walk->iterator->next == walk->given && (walk->lost || !walk->found->open);
}

/* Gives the module, and notes in the iterator how far the walk is, in case somebody else holds it. */
static struct value give(struct eval *ev, struct live_walk *walk, struct value module, struct value name)
{
    struct iterator *iterator = walk->iterator;
    bool expected = is_expected(walk, module);
    cell_touch(ev, &iterator->cell);
    iterator->next = ++walk->given;
    walk->met += expected;
    if (!walk->lost && (!expected || walk->met != walk->given)) {
        walk->lost = true;
        walk->shown = iterator->list = list_new(ev, 0);
        iterator->list->open = eval_reason(ev, TEXT("a walk over modules that changed"));
    }
    if (!walk->origin.named)
        return module;
    struct value pair[] = {name, module}, before = expected ? walk->found->items[walk->met - 1] : value_none();
    return expected && before.list->items[0].pointer == name.pointer ? before : tuple_of(ev, pair, 2);
}

struct value live_walk_next(struct eval *ev, struct live_walk *walk)
{
    if (!is_alone(walk))
        return eval_unknown_plain(ev, "a walk over modules that others use too");
    if (!walk->begun) {
        struct value root = value_of(VALUE_INSTANCE, walk->origin.root);
        walk->begun = true;
        if (!enter_module(ev, walk, root, walk->origin.prefix))
            return value_raised();
        if (!walk->origin.flat)
            return meet_module(ev, walk, root) < 0 ? value_raised() : give(ev, walk, root, walk->origin.prefix);
    }
    while (walk->depth) {
        struct level *level = walk->level;
        if (!work(ev, 1))
            return value_raised();
        if (!level->table && level->module->tables) {
            level->table = level->module->tables->modules;
            level->size = dict_or_empty(level->table)->count;
        }
        if (!level->table) {
            leave_module(walk);
            continue;
        }
        if (level->table->open && !ev->known_modules)
            return unknown_from(level->table->open);
        if (level->table->count != level->size)
            return eval_raise(ev, ev->types->runtime_error, "dictionary changed size during iteration");
        struct dict_entry *entry = dict_next(level->table, &level->position);
        if (!entry) {
            leave_module(walk);
            continue;
        }
        struct value child = entry->value;
        struct str *key = value_string(entry->key);
        if (is_unknown(child) && !ev->known_modules)
            return child;
        if (child.kind != VALUE_INSTANCE || !child.instance->class_->is_module || !key)
            continue;
        int repeated = meet_module(ev, walk, child);
        if (repeated < 0)
            return value_raised();
        if (repeated)
            continue;
        if (child.instance->open && !ev->known_modules && !walk->origin.flat)
            return unknown_from(child.instance->open);
        struct value name = walk->origin.named ? module_name(ev, walk, child, level->prefix, key) : value_none();
        if (is_raised(name) || (!walk->origin.flat && !enter_module(ev, walk, child, name)))
            return value_raised();
        return give(ev, walk, child, name);
    }
    return value_unbound();
}
