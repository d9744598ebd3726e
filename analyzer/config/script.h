/*
 * What the files that read training scripts share: the parsed script, and expressions whose value can be told.
 * Nobody else includes this.
 */
#ifndef CONFIG_SCRIPT_H
#define CONFIG_SCRIPT_H

#include "config/config.h"
#include "syntax/json.h"
#include "syntax/python.h"

struct script {
    struct source *source; /* the user's; the file has a copy of its bytes, so that places are the same */
    struct arena *arena;
    struct python_file *file; /* all of it is parsed */
    bool broken;              /* some of it could not be, or it is too long */
    size_t mistakes;
    size_t lookups;           /* of variables */
    size_t values;            /* made of literals so far */
    struct binding *bindings; /* names that are assigned, imported or otherwise bound, sorted by name */
    size_t binding_count, binding_capacity;
};

struct binding {
    uint32_t name;     /* string of the ast */
    uint32_t value;    /* node, when it is one plain assignment; else 0 */
    struct text import; /* dotted path, when it is an import; else "" */
    size_t order;
};

static inline const struct ast_node *script_node(const struct script *script, uint32_t node)
{
    return &script->file->ast.nodes[node];
}
static inline struct text script_string(const struct script *script, uint32_t string)
{
    return script->file->ast.strings[string];
}

/* Parses everything; false when nothing in the text can matter. */
bool script_open(struct script *script, struct source *source, struct arena *arena);
void script_close(struct script *script);

/* The value that a name certainly has: of its only binding, when nothing in the file changes it in place; else 0. */
uint32_t script_value_of(struct script *script, uint32_t name);
/* "deepspeed.utils.set_z3_leaf_modules": a name or attribute as its imports say; "" when it comes from elsewhere. */
struct text script_dotted(const struct script *script, uint32_t node);
/* From the first byte of an expression to its end; of names, attributes, literals and what is in brackets. */
struct span script_span(const struct script *script, uint32_t node);
/* A literal as a tree with spans; what cannot be told is a damaged JSON_OTHER in it. */
struct json_value *script_literal(struct script *script, uint32_t node, size_t depth);

/* Does the file hold NAME followed by `.` or `[` outside of strings and comments (more or less: too many do no harm)? */
bool script_touches(const struct script *script, struct text name);

#endif
