/* Importing: modules, what their not being there comes to, and names out of them (`module.name`, `from module import name`). */
#include <string.h>

#include "eval/eval.h"
#include "eval/namespace.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* Modules. */

/* Python names the first part that is missing. */
static struct text missing_part(struct eval *ev, struct text dotted)
{
    for (size_t end = 0; end < dotted.length; end++) {
        while (end < dotted.length && dotted.bytes[end] != '.')
            end++;
        struct text prefix = {dotted.bytes, end};
        struct found_module found = {0};
        if (!ev->importer.find(ev->importer.context, prefix, &found))
            return prefix;
    }
    return dotted;
}

struct reason *reason_needs(struct eval *ev, struct text dotted)
{
    return eval_reason(ev, text_format(&ev->scratch, "needs `%.*s`, which is not among the sources", TEXT_ARGS(dotted)));
}

struct value raise_not_found(struct eval *ev, struct text dotted, enum import_outcome outcome)
{
    struct text part = missing_part(ev, dotted);
    struct value raised = eval_raise(ev, ev->types->module_not_found_error, "No module named '%.*s'", TEXT_ARGS(part));
    if (outcome == IMPORT_TAKEN_TO_FAIL && ev->raised.kind == VALUE_INSTANCE)
        ev->raised.instance->open = reason_needs(ev, part);
    return raised;
}

static struct value load_module(struct eval *ev, struct str *name)
{
    struct found_module found = {0};
    if (!ev->importer.find(ev->importer.context, str_text(name), &found)) {
        enum import_outcome outcome = ev->importer.outcome(ev->importer.context, str_text(name));
        if (outcome == IMPORT_FAILS || outcome == IMPORT_TAKEN_TO_FAIL)
            return raise_not_found(ev, str_text(name), outcome);
        ev->guesses++;
        return unknown_from(reason_needs(ev, str_text(name)));
    }
    if (found.trouble.length)
        return eval_unknown(ev, "%.*s: %.*s", TEXT_ARGS(found.shown), TEXT_ARGS(found.trouble));
    if (found.file && ++ev->imported_files > LIMIT_IMPORT_FILES)
        return eval_stop(ev, "more files than any real model reads");
    return value_of(VALUE_NAMESPACE, namespace_new(ev, name, &found));
}

struct value import_module(struct eval *ev, struct text dotted)
{
    struct str *name = eval_intern(ev, dotted);
    struct value module = dict_get_str(ev->modules, name);
    if (module.kind != VALUE_UNBOUND) {
        ev->guesses += is_unknown(module) || module.namespace->needs; /* it might not be there */
        if (!is_unknown(module))
            return module;
        /* The place is this import's, whichever was the first of the run. */
        return eval_unknown(ev, "%.*s", TEXT_ARGS(module.reason->words));
    }
    struct import_state state;
    import_begin(ev, &state);
    module = load_module(ev, name);
    if (!is_raised(module))
        dict_set_str(ev, ev->modules, name, module);
    if (module.kind == VALUE_NAMESPACE &&
        !(module.namespace->is_whole ? run_whole(ev, module.namespace) : run_needed_imports(ev, module.namespace))) {
        dict_delete(ev, ev->modules, value_str(name)); /* as Python does: the next import tries again */
        module = value_raised();
    }
    import_end(ev, &state);
    return module;
}

/* Names. */

static struct value find_submodule(struct eval *ev, const struct namespace *namespace, const struct str *name)
{
    struct arena_mark mark = arena_mark(&ev->scratch);
    struct text dotted = text_format(&ev->scratch, "%s.%s", namespace->name->bytes, name->bytes);
    struct found_module found = {0};
    struct value value = value_unbound();
    if (ev->importer.find(ev->importer.context, dotted, &found))
        value = import_module(ev, dotted);
    arena_reset(&ev->scratch, mark);
    return value;
}

/* The module's own __getattr__. */
static struct value module_getattr(struct eval *ev, struct namespace *namespace, struct str *name)
{
    if (name->length > 4 && name->bytes[0] == '_' && name->bytes[1] == '_')
        return value_unbound();
    struct value getattr = namespace_get(ev, namespace, ev->types->names.getattr);
    struct value text = value_str(name);
    if (getattr.kind == VALUE_UNBOUND || is_raised(getattr) || is_unknown(getattr))
        return getattr;
    return call_values(ev, getattr, &text, 1);
}

/* Facts over a file of the sources replace names of it, and add none: what the release does not bind is not there for
 * custom code (the release's own files are taken to fit one another).  Where the file's text does not settle that, the
 * name is taken to be there. */
static bool only_in_facts(struct eval *ev, struct namespace *namespace, struct str *name)
{
    const struct unit *facts = namespace->units[0];
    if (!facts || !facts->is_fact || !ev->unit || !ev->unit->namespace->is_whole || !read_unread(ev, namespace))
        return false;
    const struct unit *source = namespace->units[1];
    if (!source || source->broken)
        return false;
    if (dict_get_str(facts->events, name).kind == VALUE_UNBOUND || dict_get_str(source->events, name).kind != VALUE_UNBOUND)
        return false;
    for (uint32_t i = 0; i < source->block_count; i++) {
        const struct python_piece *piece = &source->file->pieces[source->blocks[i]];
        struct text text = {source->file->source.bytes.bytes + piece->start, piece->end - piece->start};
        if (python_piece_mentions(source->file, source->blocks[i], str_text(name)) || text_holds(text, TEXT("import *")))
            return false;
    }
    return true;
}

/* May a lazy package have the name from the modules only whose names it exports by `import *`?  Then a submodule of that
 * name is looked for first: looking through all that is exported reads every __init__ of the release. */
static bool only_by_star(struct namespace *namespace, struct str *name)
{
    for (int i = 0; i < 2 && namespace->units[i]; i++) {
        const struct unit *unit = namespace->units[i];
        if (!unit->type_checking || dict_get_str(unit->events, name).kind != VALUE_UNBOUND)
            return false;
        for (uint32_t k = 0; k < unit->block_count; k++)
            if (python_piece_mentions(unit->file, unit->blocks[k], str_text(name)))
                return false;
    }
    return namespace->is_package;
}

/* As an attribute of the module: its names, then its submodules, then what a lazy package would import. */
struct value namespace_find(struct eval *ev, struct namespace *namespace, struct str *name)
{
    struct value value = value_unbound();
    if (only_by_star(namespace, name) && dict_get_str(namespace->names, name).kind == VALUE_UNBOUND)
        value = find_submodule(ev, namespace, name);
    if (value.kind == VALUE_UNBOUND && !only_in_facts(ev, namespace, name))
        value = namespace_get(ev, namespace, name);
    if (value.kind != VALUE_UNBOUND || !namespace->resolved)
        return value;
    value = namespace->is_package ? find_submodule(ev, namespace, name) : value_unbound();
    if (value.kind != VALUE_UNBOUND)
        return value;
    struct text dotted;
    if (ev->importer.find_symbol(ev->importer.context, str_text(namespace->name), str_text(name), &dotted)) {
        struct value module = import_module(ev, dotted);
        if (module.kind == VALUE_NAMESPACE)
            module = only_in_facts(ev, module.namespace, name) ? value_unbound() : namespace_get(ev, module.namespace, name);
        if (module.kind != VALUE_UNBOUND)
            return module;
    }
    return module_getattr(ev, namespace, name);
}

struct value import_from(struct eval *ev, struct namespace *namespace, struct str *name)
{
    struct value value = namespace_find(ev, namespace, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    struct unit *unit = namespace->units[1] ? namespace->units[1] : namespace->units[0];
    if (unit && unit->is_fact)
        return eval_unknown(ev, "leaflint knows nothing of `%s.%s`", namespace->name->bytes, name->bytes);
    struct text shown = unit ? unit->shown : (struct text){0};
    if (namespace->is_running)
        return eval_raise(ev, ev->types->import_error,
                          "cannot import name '%s' from partially initialized module '%s' (most likely due to a circular import) (%.*s)",
                          name->bytes, namespace->name->bytes, TEXT_ARGS(shown));
    return eval_raise(ev, ev->types->import_error, "cannot import name '%s' from '%s' (%.*s)", name->bytes, namespace->name->bytes,
                      TEXT_ARGS(shown));
}
