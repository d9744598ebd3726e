/*
 * Walks over the modules below a module: named_modules(), parameters(), apply() and their kind, in torch's order.
 */
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/torch.h"

struct walk {
    struct eval *ev;
    bool named;
    struct list *found;  /* (name, module) pairs, or modules */
    struct dict *seen;   /* modules, by identity; NULL: repeats are given too */
    uint32_t depth;
};

static struct value joined_name(struct eval *ev, struct value prefix, const struct str *name)
{
    struct str *text = value_string(prefix);
    if (!text || !text->length)
        return eval_text(ev, str_text(name));
    return eval_format(ev, "%s.%s", text->bytes, name->bytes);
}

/* Depth first, the module before its children; false: stopped. */
static bool walk_modules(struct walk *walk, struct value module, struct value prefix)
{
    struct eval *ev = walk->ev;
    if (walk->seen) {
        if (dict_get(walk->seen, module).kind != VALUE_UNBOUND)
            return true;
        if (!dict_set(ev, walk->seen, module, value_none()))
            return false;
    }
    struct value pair[] = {prefix, module};
    if (!work(ev, 1) || !list_append(ev, walk->found, walk->named ? tuple_of(ev, pair, 2) : module))
        return false;
    struct instance *instance = module.instance;
    if (instance->open && !ev->known_modules)
        walk->found->open = instance->open;
    if (!instance->tables)
        return true;
    if (instance->tables->modules->open && !ev->known_modules)
        walk->found->open = instance->tables->modules->open;
    if (++walk->depth > LIMIT_MODULE_DEPTH) {
        eval_stop(ev, "modules nested more deeply than in any real model");
        return false;
    }
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(instance->tables->modules, &i));) {
        if (is_unknown(entry->value) && !ev->known_modules)
            walk->found->open = entry->value.reason;
        struct value child = entry->value;
        struct str *key = value_string(entry->key);
        if (value_is_module(child) && key && !walk_modules(walk, child, walk->named ? joined_name(ev, prefix, key) : prefix))
            return false;
    }
    walk->depth--;
    return true;
}

static struct list *modules_below(struct eval *ev, struct value module, struct value prefix, bool unique)
{
    struct walk walk = {ev, true, list_new(ev, 0), unique ? dict_new(ev) : NULL, 0};
    return walk_modules(&walk, module, prefix) ? walk.found : NULL;
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
    return list ? iterator_over(ev, list) : value_raised();
}

/* The modules alone: naming a hundred thousand of them would only take memory. */
static struct list *unnamed_modules(struct eval *ev, struct value module)
{
    struct walk walk = {ev, false, list_new(ev, 0), dict_new(ev), 0};
    return walk_modules(&walk, module, value_none()) ? walk.found : NULL;
}

static struct value native_modules(struct eval *ev, const struct arguments *arguments)
{
    if (!module_self(ev, arguments, "modules"))
        return value_raised();
    struct list *modules = unnamed_modules(ev, arguments->items[0]);
    return modules ? iterator_over(ev, modules) : value_raised();
}

static struct value children(struct eval *ev, const struct arguments *arguments, bool named)
{
    struct instance *self = module_initialised(ev, arguments, "children");
    if (!self)
        return value_raised();
    struct list *list = list_new(ev, 0);
    struct dict *seen = dict_new(ev);
    struct dict_entry *entry;
    list->open = ev->known_modules ? NULL : self->open ? self->open : self->tables->modules->open;
    for (uint32_t i = 0; (entry = dict_next(self->tables->modules, &i));) {
        struct value pair[] = {entry->key, entry->value};
        if (is_unknown(entry->value) && !ev->known_modules)
            list->open = entry->value.reason;
        if (!value_is_module(pair[1]) || dict_get(seen, pair[1]).kind != VALUE_UNBOUND)
            continue;
        if (!dict_set(ev, seen, pair[1], value_none()) || !list_append(ev, list, named ? tuple_of(ev, pair, 2) : pair[1]))
            return value_raised();
    }
    return iterator_over(ev, list);
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
        modules = modules_below(ev, values[0], prefix, unique);
    else
        list_append(ev, modules, tuple_of(ev, alone, 2));
    if (!modules)
        return value_raised();
    struct list *list = list_new(ev, 0);
    struct dict *seen = dict_new(ev);
    list->open = modules->open;
    for (uint32_t i = 0; i < modules->count; i++) {
        struct value *pair = modules->items[i].list->items;
        const struct module_tables *tables = pair[1].instance->tables;
        const struct dict *table = !tables ? NULL : kind == MEMBER_PARAMETERS ? tables->parameters : tables->buffers;
        struct dict_entry *entry;
        for (uint32_t k = 0; table && (entry = dict_next(table, &k));) {
            if (is_unknown(entry->value) && !ev->known_modules)
                list->open = entry->value.reason;
            struct value found[] = {entry->key, entry->value};
            struct str *key = value_string(found[0]);
            if (found[1].kind != VALUE_TENSOR || !key || (unique && dict_get(seen, found[1]).kind != VALUE_UNBOUND))
                continue;
            if (named)
                found[0] = joined_name(ev, pair[0], key);
            if (!dict_set(ev, seen, found[1], value_none()) || !list_append(ev, list, named ? tuple_of(ev, found, 2) : found[1]))
                return value_raised();
        }
    }
    return iterator_over(ev, list);
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
    struct instance *instance = module.instance;
    struct list *below = list_new(ev, 0);
    struct dict_entry *entry;
    struct dict *seen = dict_new(ev);
    for (uint32_t i = 0; instance->tables && (entry = dict_next(instance->tables->modules, &i));)
        if (value_is_module(entry->value) && dict_get(seen, entry->value).kind == VALUE_UNBOUND &&
            (!dict_set(ev, seen, entry->value, value_none()) || !list_append(ev, below, entry->value)))
            return false;
    for (uint32_t i = 0; i < below->count; i++)
        if (!apply_to(ev, below->items[i], function, depth + 1))
            return false;
    return !is_raised(call_values(ev, function, &module, 1));
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
    struct list *modules = module_self(ev, arguments, "all_modules_known") ? unnamed_modules(ev, arguments->items[0]) : NULL;
    return modules ? value_bool(!modules->open) : value_raised();
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
