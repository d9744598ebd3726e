/*
 * What becomes of values that are handed to code which cannot be followed, or written to where it cannot be told which of
 * them is meant.
 *
 * Code that cannot be followed may add to whatever it can reach, so all of that is marked open.  It is taken not to
 * replace or delete what is there.  A function that it is given may be called by it: what the function can change is
 * exposed too.  Walks with a list of its own, not with the C stack.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"

struct worklist {
    struct value *items;
    size_t count, capacity;
    const void **seen; /* what was walked already, by address */
    size_t seen_count, seen_size;
};

static bool seen_before(struct worklist *worklist, const void *pointer)
{
    if (worklist->seen_count * 2 >= worklist->seen_size) {
        size_t size = worklist->seen_size ? worklist->seen_size * 2 : 64;
        const void **larger = memory_alloc(size * sizeof *larger);
        memset(larger, 0, size * sizeof *larger);
        for (size_t i = 0; i < worklist->seen_size; i++) {
            size_t at = ((uintptr_t)worklist->seen[i] >> 4) * 2654435761u & (size - 1);
            while (worklist->seen[i] && larger[at])
                at = (at + 1) & (size - 1);
            if (worklist->seen[i])
                larger[at] = worklist->seen[i];
        }
        free(worklist->seen);
        worklist->seen = larger;
        worklist->seen_size = size;
    }
    size_t at = ((uintptr_t)pointer >> 4) * 2654435761u & (worklist->seen_size - 1);
    while (worklist->seen[at] && worklist->seen[at] != pointer)
        at = (at + 1) & (worklist->seen_size - 1);
    if (worklist->seen[at])
        return true;
    worklist->seen[at] = pointer;
    worklist->seen_count++;
    return false;
}

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
    case VALUE_FUNCTION:
    case VALUE_CLASS:
        if (seen_before(worklist, value.pointer))
            return;
        break;
    case VALUE_UNKNOWN:
        if (!value.reason->aliases || seen_before(worklist, value.reason))
            return;
        break;
    default:
        return;
    }
    worklist->items = array_grow(worklist->items, worklist->count, &worklist->capacity, sizeof *worklist->items);
    worklist->items[worklist->count++] = value;
}

static void add_dict(struct worklist *worklist, const struct dict *dict)
{
    const struct dict_entry *entry;
    for (uint32_t i = 0; dict && (entry = dict_next(dict, &i));)
        add(worklist, entry->value);
}

static void expose_instance(struct eval *ev, struct worklist *worklist, struct instance *instance, struct reason *reason)
{
    if (!instance->open) {
        cell_touch(ev, &instance->cell);
        instance->open = reason;
    }
    add(worklist, instance->payload);
    add_dict(worklist, instance->attributes);
    if (instance->tables)
        add_dict(worklist, instance->tables->modules);
}

static void expose_list(struct eval *ev, struct worklist *worklist, struct list *list, bool is_tuple, struct reason *reason)
{
    if (!is_tuple && !list->open) {
        cell_touch(ev, &list->cell);
        list->open = reason;
    }
    ev->steps += list->count;
    for (uint32_t i = 0; i < list->count; i++)
        add(worklist, list->items[i]);
}

static void expose_dict(struct eval *ev, struct worklist *worklist, struct dict *dict, struct reason *reason)
{
    if (dict->frozen)
        return;
    if (!dict->open) {
        cell_touch(ev, &dict->cell);
        dict->open = reason;
    }
    ev->steps += dict->count;
    add_dict(worklist, dict);
}

/* Functions: what the text of one says that it changes outside of itself. */

static bool word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* The word at *at, which moves behind it; empty at the end. */
static struct text next_word(const char **at, const char *end)
{
    while (*at < end && !word_byte(**at))
        ++*at;
    const char *start = *at;
    while (*at < end && word_byte(**at))
        ++*at;
    return (struct text){start, (size_t)(*at - start)};
}

/* `nonlocal name` and `global name`: the name may mean something else now. */
static void forget_name(struct eval *ev, struct function *function, struct text word, bool global, struct reason *reason)
{
    struct str *name = eval_intern(ev, word);
    for (struct frame *scope = global ? NULL : function->closure; scope; scope = scope->parent) {
        const struct ast *ast = &scope->unit->file->ast;
        for (uint32_t i = 0; scope->frame_kind == FRAME_FUNCTION && i < scope->slot_count; i++) {
            if (unit_symbol(ev, scope->unit, ast->locals[scope->first_local + i]) != name)
                continue;
            cell_touch(ev, &scope->cell);
            scope->slots[i] = value_join(ev, scope->slots[i], unknown_from(reason), reason);
        }
    }
    if (global) {
        struct value value = namespace_get(ev, function->globals, name);
        if (!is_raised(value))
            dict_set_str(ev, function->globals->names, name, value_join(ev, value, unknown_from(reason), reason));
    }
}

/* Is what follows the word a call that changes it, or an assignment to an item of it? */
static bool is_changed(const char *at, const char *end)
{
    static const char *const changing[] = {"append", "extend", "insert", "add",    "update",  "pop",        "popitem",
                                           "remove", "clear",  "sort",   "reverse", "discard", "setdefault", "move_to_end"};
    if (at < end && *at == '.') {
        struct text word = next_word(&at, end);
        for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
            if (text_equal(word, text_from(changing[i])))
                return true;
        return false;
    }
    if (at >= end || *at != '[')
        return false;
    for (; at < end && *at != '\n'; at++)
        if (*at == '=' && at[1] != '=' && at[-1] != '=' && at[-1] != '!' && at[-1] != '<' && at[-1] != '>')
            return true;
    return false;
}

static void expose_globals(struct eval *ev, struct worklist *worklist, struct function *function, struct reason *reason)
{
    const struct python_file *file = function->unit->file;
    const char *bytes = file->source.bytes.bytes, *at, *end;
    if (function->piece) {
        at = bytes + file->pieces[function->piece - 1].start;
        end = bytes + file->pieces[function->piece - 1].end;
    } else {
        struct ast_function def = file->ast.functions[function->function];
        at = bytes + def.at;
        end = bytes + (def.end > def.at ? def.end : def.at);
    }
    bool forgets = false, global = false;
    ev->steps += (uint64_t)(end - at) / 8;
    while (at < end) {
        const char *before = at;
        struct text word = next_word(&at, end);
        if (forgets && memchr(before, '\n', (size_t)(word.bytes - before)))
            forgets = false;
        if (forgets && word.length) {
            forget_name(ev, function, word, global, reason);
        } else if (text_equal(word, TEXT("nonlocal")) || text_equal(word, TEXT("global"))) {
            forgets = true;
            global = word.bytes[0] == 'g';
        } else if (word.length && is_changed(at, end) && (word.bytes == bytes || word.bytes[-1] != '.')) {
            struct value value = dict_get_str(function->globals->names, eval_intern(ev, word));
            if (value.kind == VALUE_LIST || value.kind == VALUE_DICT || value.kind == VALUE_SET || value.kind == VALUE_INSTANCE)
                add(worklist, value);
        }
    }
}

static void expose_function(struct eval *ev, struct worklist *worklist, struct function *function, struct reason *reason)
{
    for (struct frame *scope = function->closure; scope; scope = scope->parent)
        for (uint32_t i = 0; i < scope->slot_count; i++)
            add(worklist, scope->slots[i]);
    if (!function->unit->is_fact)
        expose_globals(ev, worklist, function, reason);
}

void expose(struct eval *ev, struct value value, struct reason *reason)
{
    struct worklist worklist = {0};
    add(&worklist, value);
    while (worklist.count && ++ev->steps < ev->step_limit) {
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
            add(&worklist, next.bound->function);
            break;
        case VALUE_SUPER:
            add(&worklist, next.super->self);
            break;
        case VALUE_ITERATOR:
            expose_list(ev, &worklist, next.iterator->list, false, reason);
            break;
        case VALUE_FUNCTION:
            expose_function(ev, &worklist, next.function, reason);
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
    free(worklist.seen);
}

/* Blurring. */

static void blur_entry(struct eval *ev, struct dict *dict, struct value key, struct reason *reason)
{
    struct value here = dict_get(dict, key);
    if (here.kind != VALUE_UNBOUND)
        dict_set(ev, dict, key, value_join(ev, here, value_unbound(), reason));
}

static void blur_dict(struct eval *ev, struct dict *dict, struct str *name, struct reason *reason)
{
    struct dict_entry *entry;
    if (name)
        blur_entry(ev, dict, value_str(name), reason);
    for (uint32_t i = 0; !name && (entry = dict_next(dict, &i));)
        blur_entry(ev, dict, entry->key, reason);
}

static void blur_one(struct eval *ev, struct value value, struct str *name, struct reason *reason)
{
    switch (value.kind) {
    case VALUE_INSTANCE:
        blur_one(ev, value.instance->payload, name, reason);
        blur_dict(ev, value.instance->attributes, name, reason);
        if (value.instance->tables) {
            struct dict *const tables[] = {value.instance->tables->modules, value.instance->tables->parameters,
                                           value.instance->tables->buffers};
            for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
                if (tables[i])
                    blur_dict(ev, tables[i], name, reason);
        }
        break;
    case VALUE_LIST:
        if (!name)
            list_blur(ev, value.list, reason);
        break;
    case VALUE_DICT:
    case VALUE_SET:
        if (!name && !value.dict->frozen)
            blur_dict(ev, value.dict, NULL, reason);
        break;
    case VALUE_CLASS:
        eval_stop(ev, "a class is changed, and it cannot be told which");
        break;
    }
}

bool method_removes(struct text name)
{
    static const char *const removing[] = {"pop", "popitem", "remove", "discard", "clear", "insert", "sort", "reverse", "update",
                                           "setdefault", "move_to_end", "__setitem__", "__delitem__", "__setattr__", "__delattr__",
                                           "register_parameter", "add_module", "register_module", "set_submodule"};
    for (size_t i = 0; i < sizeof removing / sizeof *removing; i++)
        if (text_equal(name, text_from(removing[i])))
            return true;
    return false;
}

/* Adds what an Unknown may be; of a list of such candidates, its items. */
static void add_candidates(struct worklist *worklist, const struct reason *reason)
{
    for (const struct alias *alias = reason->aliases; alias; alias = alias->next) {
        const struct list *candidates = value_items(alias->value);
        for (uint32_t i = 0; candidates && i < candidates->count; i++)
            add(worklist, candidates->items[i]);
        add(worklist, alias->value);
    }
}

void blur(struct eval *ev, struct value value, struct str *name, struct reason *reason)
{
    struct worklist worklist = {0};
    ev->guesses++;
    if (is_unknown(value))
        add_candidates(&worklist, value.reason);
    else
        blur_one(ev, value, name, reason);
    while (worklist.count && work(ev, 1)) {
        struct value next = worklist.items[--worklist.count];
        if (is_unknown(next))
            add_candidates(&worklist, next.reason);
        else
            blur_one(ev, next, name, reason);
    }
    free(worklist.items);
    free(worklist.seen);
    expose(ev, value, reason);
}
