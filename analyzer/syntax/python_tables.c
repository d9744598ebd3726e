#include "syntax/python_tables.h"

#include <stdlib.h>

#include "syntax/python_internal.h"

/* Every piece is parsed and every class split, so nothing is ever added to these tables. */
static void *as_is(const void *items)
{
    return (void *)(uintptr_t)items;
}

struct python_file *python_file_from_tables(const struct python_tables *tables, struct text path)
{
    struct python_file *file = memory_alloc(sizeof *file);
    struct text *strings = memory_alloc(tables->string_count * sizeof *strings);
    for (uint32_t i = 0; i < tables->string_count; i++)
        strings[i] = (struct text){tables->bytes + tables->texts[2 * i], tables->texts[2 * i + 1]};
    *file = (struct python_file){
        .source = {.path = path, .bytes = {tables->bytes, tables->length}},
        .ast =
            {
                .nodes = as_is(tables->nodes),
                .node_count = tables->node_count,
                .extra = as_is(tables->extra),
                .extra_count = tables->extra_count,
                .strings = strings,
                .string_count = tables->string_count,
                .floats = as_is(tables->floats),
                .float_count = tables->float_count,
                .functions = as_is(tables->functions),
                .function_count = tables->function_count,
                .classes = as_is(tables->classes),
                .class_count = tables->class_count,
                .parameters = as_is(tables->parameters),
                .parameter_count = tables->parameter_count,
                .locals = as_is(tables->locals),
                .local_count = tables->local_count,
            },
        .pieces = as_is(tables->pieces),
        .piece_count = tables->piece_count,
        .all_pieces = tables->all_pieces,
        .names = as_is(tables->names),
        .name_count = tables->name_count,
        .tables = tables,
    };
    return file;
}

void python_tables_free(struct python_file *file)
{
    free(file->ast.strings);
    free(file->source.line_starts);
    free(file->source.marks);
    python_parser_free(file->parser);
    arena_free(&file->arena);
    free(file);
}
