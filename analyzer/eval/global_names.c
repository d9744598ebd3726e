/*
 * Names that code finds outside of its functions: those of its module, else builtins.
 *
 * They are looked up so often, and bound so rarely, that what was found is remembered until anything at all is bound in any
 * module (`names_version`: dict_set and its kind, undoing, a piece that turns out to be broken).
 */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "eval/types.h"

struct name_cache_entry {
    const struct namespace *namespace;
    const struct str *name;
    uint32_t version;
    struct value value;
};
#define CACHE_SIZE 512

/* Will it be found there until something is bound?  Not while a module's statements for it are run, nor where modules that are
 * imported with `*` decide: what they export is a list that may change. */
static bool is_settled(const struct eval *ev, const struct namespace *namespace, const struct str *name)
{
    if (!namespace->resolved)
        return true;
    if (name == ev->types->names.type_checking)
        return false;
    if (namespace->is_whole)
        return !namespace->stars;
    return dict_get_str(namespace->resolved, name).kind == VALUE_BOOL;
}

struct value global_get(struct eval *ev, struct namespace *namespace, struct str *name)
{
    if (!ev->name_cache) {
        ev->name_cache = memory_alloc(CACHE_SIZE * sizeof *ev->name_cache);
        memset(ev->name_cache, 0, CACHE_SIZE * sizeof *ev->name_cache);
    }
    struct name_cache_entry *entry = &ev->name_cache[(((uintptr_t)namespace >> 4) * 31 + name->hash) & (CACHE_SIZE - 1)];
    if (entry->namespace == namespace && entry->name == name && entry->version == ev->names_version)
        return entry->value;
    struct value value = namespace_get(ev, namespace, name);
    if (value.kind == VALUE_UNBOUND)
        value = namespace_get(ev, ev->builtins, name);
    if (value.kind > VALUE_UNKNOWN && is_settled(ev, namespace, name))
        *entry = (struct name_cache_entry){namespace, name, ev->names_version, value};
    return value;
}
