/*
 * What importing a file of transformers' models imports in turn, whether a name of it is needed or not.
 *
 * Modules are evaluated lazily (namespace.c), but an `import` at the top level of a file fails for everyone who imports
 * that file.  Only files of models are looked at: what they share can be imported, or there would be no transformers.
 */
#include <string.h>

#include "eval/eval.h"
#include "eval/namespace.h"
#include "eval/statement.h"
#include "eval/types.h"

static bool of_a_model(struct text dotted)
{
    return text_starts(dotted, TEXT("transformers.models."));
}

/* Three dots lead out of a model's folder and the models, to what all of them share. */
static bool may_fail(const struct unit *unit, const struct python_piece *piece)
{
    struct text text = {unit->file->source.bytes.bytes + piece->keyword, piece->end - piece->keyword};
    if (piece->kind == PIECE_IMPORT)
        return !text_starts(text, TEXT("import torch\n"));
    return piece->kind == PIECE_FROM && !text_starts(text, TEXT("from ...")) && !text_starts(text, TEXT("from torch "));
}

static bool need_module(struct eval *ev, struct namespace *namespace, struct text dotted)
{
    if (of_a_model(dotted)) {
        struct value module = import_module(ev, dotted);
        if (module.kind == VALUE_NAMESPACE && !namespace->needs)
            namespace->needs = module.namespace->needs;
        return !is_raised(module);
    }
    const char *dot = memchr(dotted.bytes, '.', dotted.length);
    struct text top = {dotted.bytes, dot ? (size_t)(dot - dotted.bytes) : dotted.length};
    enum import_outcome outcome = ev->importer.outcome(ev->importer.context, top);
    if (outcome == IMPORT_FAILS)
        return !is_raised(raise_not_found(ev, top, outcome));
    if (outcome != IMPORT_WORKS && !namespace->needs)
        namespace->needs = reason_needs(ev, top);
    return true;
}

static bool need_statement(struct eval *ev, struct namespace *namespace, const struct ast *ast, struct ast_node node)
{
    if (node.kind == AST_FROM_IMPORT)
        return need_module(ev, namespace, absolute_name(ev, namespace, node.op, ast->strings[node.a]));
    bool fine = true;
    for (uint32_t i = 0; fine && i < ast_list_count(ast, node.a); i++)
        fine = need_module(ev, namespace, ast->strings[ast->nodes[ast_list_item(ast, node.a, i)].a]);
    return fine;
}

bool run_needed_imports(struct eval *ev, struct namespace *namespace)
{
    struct unit *unit = namespace->units[0];
    if (!unit || unit->is_fact || namespace->is_package || !of_a_model(str_text(namespace->name)))
        return true;
    if (++ev->call_depth > LIMIT_CALL_DEPTH) {
        ev->call_depth--;
        eval_stop(ev, "imports nested deeper than in any real model");
        return false;
    }
    struct unit *here = ev->unit;
    uint32_t at = ev->at;
    bool fine = true;
    struct arena_mark mark = arena_mark(&ev->scratch);
    for (uint32_t i = 0; fine && i < unit->file->piece_count; i++) {
        if (!may_fail(unit, &unit->file->pieces[i]) || python_piece_parse(unit->file, i) != PIECE_PARSED)
            continue;
        struct ast_node node = unit->file->ast.nodes[unit->file->pieces[i].node];
        ev->unit = unit;
        ev->at = node.at;
        fine = need_statement(ev, namespace, &unit->file->ast, node);
    }
    arena_reset(&ev->scratch, mark);
    ev->call_depth--;
    ev->unit = here;
    ev->at = at;
    return fine;
}
