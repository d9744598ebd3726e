/*
 * Walks over the modules below a module: named_modules(), parameters(), apply() and their kind, in torch's order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/address_map.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/torch.h"

/* What a walk finds.  It is kept on the heap of C until the walk ends: a list that grows in the model's heap leaves its
 * smaller selves behind, and a large model is walked over several times. */
struct found {
    struct eval *ev;
    struct address_map seen;
    struct value *items;
    size_t count, capacity;
    struct reason *open; /* there may be others */
};

/* For the first time? */
static bool found_first(struct found *found, const void *object)
{
    return address_map_add(&found->seen, object, 0);
}

static bool found_add(struct found *found, struct value item)
{
    if (found->count >= LIMIT_LIST_ITEMS) {
        eval_stop(found->ev, "a list with too many items");
        return false;
    }
    found->items = array_grow(found->items, found->count, &found->capacity, sizeof *found->items);
    found->items[found->count++] = item;
    return true;
}

static void found_free(struct found *found)
{
    address_map_free(&found->seen);
    free(found->items);
}

/* As a list, when the walk came to its end; NULL: it did not. */
static struct list *found_list(struct found *found, bool fine)
{
    struct list *list = NULL;
    if (fine) {
        list = list_new(found->ev, (uint32_t)found->count);
        if (found->count)
            memcpy(list->items, found->items, found->count * sizeof *found->items);
        list->count = (uint32_t)found->count;
        list->open = found->open;
    }
    found_free(found);
    return list;
}

static struct value joined_name(struct eval *ev, struct value prefix, const struct str *name)
{
    struct str *text = value_string(prefix);
    if (!text || !text->length)
        return eval_text(ev, str_text(name));
    return eval_format(ev, "%s.%s", text->bytes, name->bytes);
}

struct walk {
    struct found found; /* (name, module) pairs, or modules */
    bool named, unique;
    bool only_open;  /* nothing is noted but whether there may be others */
    uint32_t number; /* of this walk: modules that it has met have it.  No Python code runs meanwhile. */
    uint32_t depth;
};

/* Depth first, the module before its children; false: stopped. */
static bool walk_below(struct walk *walk, struct value module, struct value prefix)
{
    struct eval *ev = walk->found.ev;
    struct value pair[] = {prefix, module};
    struct instance *instance = module.instance;
    if (walk->unique && instance->walked == walk->number)
        return true;
    instance->walked = walk->number;
    if (!work(ev, 1) || (!walk->only_open && !found_add(&walk->found, walk->named ? tuple_of(ev, pair, 2) : module)))
        return false;
    if (instance->open && !ev->known_modules)
        walk->found.open = instance->open;
    if (!instance->tables)
        return true;
    if (dict_or_empty(instance->tables->modules)->open && !ev->known_modules)
        walk->found.open = dict_or_empty(instance->tables->modules)->open;
    if (++walk->depth > LIMIT_MODULE_DEPTH) {
        eval_stop(ev, "modules nested more deeply than in any real model");
        return false;
    }
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(dict_or_empty(instance->tables->modules), &i));) {
        if (is_unknown(entry->value) && !ev->known_modules)
            walk->found.open = entry->value.reason;
        struct value child = entry->value;
        struct str *key = value_string(entry->key);
        if (value_is_module(child) && key && !walk_below(walk, child, walk->named ? joined_name(ev, prefix, key) : prefix))
            return false;
    }
    walk->depth--;
    return true;
}

static bool walk_modules(struct walk *walk, struct value module, struct value prefix)
{
    struct eval *ev = walk->found.ev;
    if (ev->walks == UINT32_MAX) {
        eval_stop(ev, "more walks over modules than there are numbers for");
        return false;
    }
    walk->number = ++ev->walks;
    return walk_below(walk, module, prefix);
}

static struct list *modules_below(struct eval *ev, struct value module, struct value prefix, bool unique)
{
    struct walk walk = {.found.ev = ev, .named = true, .unique = unique};
    return found_list(&walk.found, walk_modules(&walk, module, prefix));
}

/* An iterator over the modules that were found; for statements walk anew (eval/live_walk.h). */
static struct value walk_iterator(struct eval *ev, struct list *found, struct walk_origin origin)
{
    struct value iterator = iterator_over(ev, found);
    iterator.iterator->walk = ARENA_NEW(eval_heap(ev), struct walk_origin);
    *iterator.iterator->walk = origin;
    return iterator;
}

static struct value native_named_modules(struct eval *ev, const struct arguments *arguments)
{
    struct value values[4];
    static const char *const names[] = {"self", "memo=", "prefix=", "remove_duplicate=", NULL};
    if (!module_self(ev, arguments, "named_modules") || !arguments_bind(ev, "named_modules", arguments, names, values))
        return value_raised();
    struct value prefix = values[2].kind == VALUE_UNBOUND ? eval_text(ev, TEXT("")) : values[2];
    bool unique = values[3].kind == VALUE_UNBOUND || value_truth(ev, values[3]) != 0;
    struct list *list = modules_below(ev, values[0], prefix, unique);
    struct walk_origin origin = {arguments->items[0].instance, prefix, .named = true, .unique = unique};
    return list ? walk_iterator(ev, list, origin) : value_raised();
}

/* The modules alone: naming a hundred thousand of them would only take memory. */
static struct list *unnamed_modules(struct eval *ev, struct value module)
{
    struct walk walk = {.found.ev = ev, .unique = true};
    return found_list(&walk.found, walk_modules(&walk, module, value_none()));
}

static struct value native_modules(struct eval *ev, const struct arguments *arguments)
{
    if (!module_self(ev, arguments, "modules"))
        return value_raised();
    struct list *modules = unnamed_modules(ev, arguments->items[0]);
    struct walk_origin origin = {arguments->items[0].instance, value_none(), .unique = true};
    return modules ? walk_iterator(ev, modules, origin) : value_raised();
}

static struct value children(struct eval *ev, const struct arguments *arguments, bool named)
{
    struct instance *self = module_initialised(ev, arguments, "children");
    if (!self)
        return value_raised();
    struct found found = {.ev = ev};
    struct dict_entry *entry;
    bool fine = true;
    found.open = ev->known_modules ? NULL : self->open ? self->open : dict_or_empty(self->tables->modules)->open;
    for (uint32_t i = 0; fine && (entry = dict_next(dict_or_empty(self->tables->modules), &i));) {
        struct value pair[] = {entry->key, entry->value};
        if (is_unknown(entry->value) && !ev->known_modules)
            found.open = entry->value.reason;
        if (value_is_module(pair[1]) && found_first(&found, pair[1].instance))
            fine = found_add(&found, named ? tuple_of(ev, pair, 2) : pair[1]);
    }
    struct list *list = found_list(&found, fine);
    struct walk_origin origin = {self, value_none(), .flat = true, .named = named, .unique = true};
    return list ? walk_iterator(ev, list, origin) : value_raised();
}

static struct value native_children(struct eval *ev, const struct arguments *arguments)
{
    return children(ev, arguments, false);
}

static struct value native_named_children(struct eval *ev, const struct arguments *arguments)
{
    return children(ev, arguments, true);
}

enum member_kind { MEMBER_PARAMETERS, MEMBER_BUFFERS };

/* Tensors of a module and of everything below, each once. */
static struct value members(struct eval *ev, const struct arguments *arguments, enum member_kind kind, bool named)
{
    struct value values[4];
    static const char *const by_name[] = {"self", "prefix=", "recurse=", "remove_duplicate=", NULL};
    static const char *const plain[] = {"self", "recurse=", NULL};
    values[1] = values[2] = values[3] = value_unbound();
    if (!module_initialised(ev, arguments, "parameters") || !arguments_bind(ev, "parameters", arguments, named ? by_name : plain, values))
        return value_raised();
    struct value recurse = named ? values[2] : values[1];
    struct value prefix = named && values[1].kind != VALUE_UNBOUND ? values[1] : eval_text(ev, TEXT(""));
    bool unique = values[3].kind == VALUE_UNBOUND || value_truth(ev, values[3]) != 0;
    struct list *modules = list_new(ev, 1);
    struct value alone[] = {prefix, values[0]};
    if (recurse.kind == VALUE_UNBOUND || value_truth(ev, recurse) != 0)
        modules = named ? modules_below(ev, values[0], prefix, unique) : unnamed_modules(ev, values[0]);
    else
        list_append(ev, modules, named ? tuple_of(ev, alone, 2) : values[0]);
    if (!modules)
        return value_raised();
    struct found all = {.ev = ev, .open = modules->open};
    bool fine = true;
    for (uint32_t i = 0; fine && i < modules->count; i++) {
        const struct value *pair = named ? modules->items[i].list->items : NULL;
        const struct instance *module = pair ? pair[1].instance : modules->items[i].instance;
        const struct module_tables *tables = module->tables;
        const struct dict *table = !tables ? NULL : kind == MEMBER_PARAMETERS ? tables->parameters : tables->buffers;
        struct dict_entry *entry;
        for (uint32_t k = 0; fine && table && (entry = dict_next(table, &k));) {
            if (is_unknown(entry->value) && !ev->known_modules)
                all.open = entry->value.reason;
            struct value found[] = {entry->key, entry->value};
            struct str *key = value_string(found[0]);
            if (found[1].kind != VALUE_TENSOR || !key || (unique && !found_first(&all, found[1].tensor)))
                continue;
            if (pair)
                found[0] = joined_name(ev, pair[0], key);
            fine = found_add(&all, pair ? tuple_of(ev, found, 2) : found[1]);
        }
    }
    struct list *list = found_list(&all, fine);
    return list ? iterator_over(ev, list) : value_raised();
}

static struct value native_parameters(struct eval *ev, const struct arguments *arguments)
{
    return members(ev, arguments, MEMBER_PARAMETERS, false);
}

static struct value native_named_parameters(struct eval *ev, const struct arguments *arguments)
{
    return members(ev, arguments, MEMBER_PARAMETERS, true);
}

static struct value native_buffers(struct eval *ev, const struct arguments *arguments)
{
    return members(ev, arguments, MEMBER_BUFFERS, false);
}

static struct value native_named_buffers(struct eval *ev, const struct arguments *arguments)
{
    return members(ev, arguments, MEMBER_BUFFERS, true);
}

/* fn(module) for every module, children before parents; a shared module is visited at each place. */
static bool apply_to(struct eval *ev, struct value module, struct value function, uint32_t depth)
{
    if (depth > LIMIT_MODULE_DEPTH) {
        eval_stop(ev, "modules nested more deeply than in any real model");
        return false;
    }
    const struct instance *instance = module.instance;
    struct found below = {.ev = ev};
    struct dict_entry *entry;
    bool fine = true;
    for (uint32_t i = 0; fine && instance->tables && (entry = dict_next(dict_or_empty(instance->tables->modules), &i));)
        if (value_is_module(entry->value) && found_first(&below, entry->value.instance))
            fine = found_add(&below, entry->value);
    for (size_t i = 0; fine && i < below.count; i++)
        fine = apply_to(ev, below.items[i], function, depth + 1);
    found_free(&below);
    return fine && !is_raised(call_values(ev, function, &module, 1));
}

static struct value native_apply(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"self", "fn", NULL};
    if (!module_self(ev, arguments, "apply") || !arguments_bind(ev, "apply", arguments, names, values))
        return value_raised();
    return apply_to(ev, values[0], values[1], 0) ? values[0] : value_raised();
}

static struct value native_train(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_initialised(ev, arguments, "train");
    if (!self)
        return value_raised();
    struct value mode = arguments->count > 1 ? arguments->items[1] : value_bool(true);
    struct list *modules = unnamed_modules(ev, value_of(VALUE_INSTANCE, self));
    for (uint32_t i = 0; modules && i < modules->count; i++)
        if (!dict_set_str(ev, modules->items[i].instance->attributes, eval_intern(ev, TEXT("training")), mode))
            return value_raised();
    return modules ? value_of(VALUE_INSTANCE, self) : value_raised();
}

static struct value native_eval(struct eval *ev, const struct arguments *arguments)
{
    struct value both[] = {arguments->count ? arguments->items[0] : value_none(), value_bool(false)};
    struct arguments with_mode = {.items = both, .count = 2};
    return native_train(ev, &with_mode);
}

/* with_known_modules(function, self): calls it while walks give the modules and tensors that are known, though there may be
 * more: tying weights changes no module, and one child that cannot be told should not make all others so. */
static struct value native_with_known_modules(struct eval *ev, const struct arguments *arguments)
{
    struct arguments rest = without_first(arguments);
    if (!arguments->count)
        return eval_raise(ev, ev->types->type_error, "with_known_modules() needs a function");
    ev->known_modules++;
    struct value result = call(ev, arguments->items[0], &rest);
    ev->known_modules--;
    return result;
}

static struct value native_all_modules_known(struct eval *ev, const struct arguments *arguments)
{
    struct walk walk = {.found.ev = ev, .unique = true, .only_open = true};
    bool fine = module_self(ev, arguments, "all_modules_known") && walk_modules(&walk, arguments->items[0], value_none());
    return fine ? value_bool(!walk.found.open) : value_raised();
}

void module_walk_init(struct eval *ev)
{
    static const struct native natives[] = {
        {"with_known_modules", native_with_known_modules, NULL},
        {"all_modules_known", native_all_modules_known, NULL},
    };
    for (size_t i = 0; i < sizeof natives / sizeof *natives; i++)
        native_module_add(ev, natives[i].name, native_value(&natives[i]));
}

const struct native module_walks[] = {
    {"apply", native_apply, NULL},
    {"buffers", native_buffers, NULL},
    {"children", native_children, NULL},
    {"eval", native_eval, NULL},
    {"modules", native_modules, NULL},
    {"named_buffers", native_named_buffers, NULL},
    {"named_children", native_named_children, NULL},
    {"named_modules", native_named_modules, NULL},
    {"named_parameters", native_named_parameters, NULL},
    {"parameters", native_parameters, NULL},
    {"train", native_train, NULL},
    {NULL, NULL, NULL},
};
