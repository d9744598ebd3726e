/* Modules that are run as a whole, and expressions given as text. */
#include <stdlib.h>

#include "eval/namespace.h"
#include "eval/transaction.h"

bool run_whole(struct eval *ev, struct namespace *namespace)
{
    bool fine = true;
    namespace->is_running = true;
    for (int i = 0; i < 2; i++) {
        struct unit *unit = namespace->units[i];
        for (uint32_t k = 0; unit && fine && k < unit->file->piece_count; k++)
            fine = unit->file->pieces[k].docstring || run_piece(ev, unit, k);
    }
    namespace->is_running = false;
    return fine;
}

struct value namespace_evaluate(struct eval *ev, struct namespace *namespace, struct text expression)
{
    struct source source;
    source_from_bytes(&source, expression, TEXT("annotation"));
    struct python_file *file = python_file_split(&source);
    ev->snippets = array_grow(ev->snippets, ev->snippet_count, &ev->snippet_capacity, sizeof(struct python_file *));
    ev->snippets[ev->snippet_count++] = file;
    if (file->piece_count != 1 || python_piece_parse(file, 0) != PIECE_PARSED || file->ast.nodes[file->pieces[0].node].kind != AST_EXPRESSION)
        return eval_unknown(ev, "`%.*s` is not an expression", TEXT_ARGS(expression));
    struct import_state state;
    import_begin(ev, &state);
    struct unit *here = ev->unit, *unit = ARENA_NEW(&ev->run, struct unit);
    uint32_t at = ev->at;
    unit->file = file;
    unit->namespace = namespace;
    unit->is_fact = true; /* its places mean nothing to people */
    struct frame *frame = frame_new(ev, FRAME_MODULE, unit, namespace, file->pieces[0].scope_first_local, file->pieces[0].scope_local_count, true);
    struct value value = eval_expression(ev, frame, file->ast.nodes[file->pieces[0].node].a);
    ev->unit = here;
    ev->at = at;
    free(unit->symbols);
    unit->symbols = NULL;
    unit->symbol_count = 0;
    import_end(ev, &state);
    return value;
}
