#include "fact_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "syntax/python_tables.h"

/* Parses everything: what is asked for later is there. */
static void parse_all(struct python_file *file, const char *path)
{
    if (file->trouble.length)
        stop("%s:%u: %.*s", path, source_place(&file->source, file->trouble_at).line, TEXT_ARGS(file->trouble));
    for (uint32_t i = 0; i < file->all_pieces; i++) { /* members come after all others, as they are found */
        if (!file->pieces[i].is_member)
            python_class_split(file, i);
        if (python_piece_parse(file, i) == PIECE_PARSED)
            continue;
        struct python_piece piece = file->pieces[i];
        stop("%s:%u: %.*s", path, source_place(&file->source, piece.trouble_at).line, TEXT_ARGS(piece.trouble));
    }
}

static void open_array(FILE *output, const char *type, const char *name, size_t number)
{
    fprintf(output, "static const %s %s_%zu[] = {", type, name, number);
}

/* An array of C has at least one item. */
static void close_array(FILE *output, size_t count)
{
    fputs(count ? "\n};\n" : "0};\n", output);
}

static void separate(FILE *output, size_t i, size_t in_a_line)
{
    fputs(i % in_a_line ? " " : "\n    ", output);
}

static void write_numbers(FILE *output, const char *name, size_t number, const uint32_t *items, size_t count)
{
    open_array(output, "uint32_t", name, number);
    for (size_t i = 0; i < count; i++) {
        separate(output, i, 20);
        fprintf(output, "%u,", items[i]);
    }
    close_array(output, count);
}

/* The file's bytes, and after them what does not stand in it; where each string is. */
static void write_strings(FILE *output, size_t number, const struct python_file *file)
{
    const struct ast *ast = &file->ast;
    struct text bytes = file->source.bytes;
    struct text_builder all = {0};
    uint32_t *texts = memory_alloc(2 * ast->string_count * sizeof *texts);
    text_builder_add(&all, (struct text){bytes.bytes, bytes.length + 1});
    for (size_t i = 0; i < ast->string_count; i++) {
        struct text string = ast->strings[i];
        bool inside = string.bytes >= bytes.bytes && string.bytes + string.length <= bytes.bytes + bytes.length;
        texts[2 * i] = (uint32_t)(inside ? (size_t)(string.bytes - bytes.bytes) : all.length);
        texts[2 * i + 1] = (uint32_t)string.length;
        if (!inside)
            text_builder_add(&all, string);
    }
    fprintf(output, "static const char bytes_%zu[] =\n", number);
    literal_write(output, all.bytes, all.length, "    ");
    fputs(";\n", output);
    write_numbers(output, "texts", number, texts, 2 * ast->string_count);
    text_builder_free(&all);
    free(texts);
}

static void write_pieces(FILE *output, size_t number, const struct python_file *file)
{
    open_array(output, "struct python_piece", "pieces", number);
    for (size_t i = 0; i < file->all_pieces; i++) {
        const struct python_piece *piece = &file->pieces[i];
        fprintf(output, "\n    {.kind = %u, .state = %u, .annotated = %u, .valued = %u, .docstring = %u,", piece->kind,
                piece->state, piece->annotated, piece->valued, piece->docstring);
        fprintf(output, " .start = %u, .end = %u, .keyword = %u, .decorators = %u,", piece->start, piece->end,
                piece->keyword, piece->decorators);
        fprintf(output, " .first_name = %u, .name_count = %u, .first_member = %u, .member_count = %u,",
                piece->first_name, piece->name_count, piece->first_member, piece->member_count);
        fprintf(output, " .split = %d, .is_member = %d, .node = %u, .scope_first_local = %u, .scope_local_count = %u},",
                piece->split, piece->is_member, piece->node, piece->scope_first_local, piece->scope_local_count);
    }
    if (!file->all_pieces)
        fputs("{.kind = 0}", output);
    fputs("\n};\n", output);
}

static void write_nodes(FILE *output, size_t number, const struct ast *ast)
{
    open_array(output, "struct ast_node", "nodes", number);
    for (size_t i = 0; i < ast->node_count; i++) {
        const struct ast_node *node = &ast->nodes[i];
        separate(output, i, 5);
        fprintf(output, "{%u, %u, %u, %u, %u, %u, %u},", node->kind, node->op, node->flags, node->a, node->b, node->c,
                node->at);
    }
    fputs("\n};\n", output);
}

static void write_floats(FILE *output, size_t number, const struct ast *ast)
{
    open_array(output, "double", "floats", number);
    for (size_t i = 0; i < ast->float_count; i++) {
        if (isinf(ast->floats[i])) /* 1e999 */
            fputs("\n    INFINITY,", output);
        else
            fprintf(output, "\n    %a,", ast->floats[i]);
    }
    close_array(output, ast->float_count);
}

static void write_definitions(FILE *output, size_t number, const struct ast *ast)
{
    open_array(output, "struct ast_function", "functions", number);
    for (size_t i = 0; i < ast->function_count; i++) {
        const struct ast_function *function = &ast->functions[i];
        fprintf(output, "\n    {%u, %u, %u, %u, %u, %u, %u, %u, %u, %u},", function->name, function->first_parameter,
                function->parameter_count, function->body, function->first_local, function->local_count,
                function->returns, function->flags, function->at, function->end);
    }
    close_array(output, ast->function_count);
    open_array(output, "struct ast_class", "classes", number);
    for (size_t i = 0; i < ast->class_count; i++) {
        const struct ast_class *class = &ast->classes[i];
        fprintf(output, "\n    {%u, %u, %u, %u, %u, %u, %u},", class->name, class->arguments, class->body, class->piece,
                class->first_local, class->local_count, class->at);
    }
    close_array(output, ast->class_count);
    open_array(output, "struct ast_parameter", "parameters", number);
    for (size_t i = 0; i < ast->parameter_count; i++) {
        const struct ast_parameter *parameter = &ast->parameters[i];
        separate(output, i, 6);
        fprintf(output, "{%u, %u, %u, %u},", parameter->name, parameter->kind, parameter->default_,
                parameter->annotation);
    }
    close_array(output, ast->parameter_count);
}

void fact_tables_write(FILE *output, size_t number, const char *path, const char *bytes, size_t length)
{
    struct source source;
    source_from_bytes(&source, (struct text){bytes, length}, text_from(path));
    struct python_file *file = python_file_split(&source);
    const struct ast *ast = &file->ast;
    parse_all(file, path);
    write_strings(output, number, file);
    write_pieces(output, number, file);
    write_numbers(output, "names", number, file->names, file->name_count);
    write_nodes(output, number, ast);
    write_numbers(output, "extra", number, ast->extra, ast->extra_count);
    write_floats(output, number, ast);
    write_definitions(output, number, ast);
    write_numbers(output, "locals", number, ast->locals, ast->local_count);
    fprintf(output, "static const struct python_tables tables_%zu = {\n    .bytes = bytes_%zu,\n    .length = %zu,\n",
            number, number, length);
    fprintf(output, "    .piece_count = %zu,\n    .all_pieces = %zu,\n", file->piece_count, file->all_pieces);
    const struct {
        const char *name, *count_name;
        size_t count;
    } tables[] = {
        {"texts", "string_count", ast->string_count},
        {"names", "name_count", file->name_count},
        {"nodes", "node_count", ast->node_count},
        {"extra", "extra_count", ast->extra_count},
        {"floats", "float_count", ast->float_count},
        {"functions", "function_count", ast->function_count},
        {"classes", "class_count", ast->class_count},
        {"parameters", "parameter_count", ast->parameter_count},
        {"locals", "local_count", ast->local_count},
    };
    fprintf(output, "    .pieces = pieces_%zu,\n", number);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        fprintf(output, "    .%s = %s_%zu,\n    .%s = %zu,\n", tables[i].name, tables[i].name, number,
                tables[i].count_name, tables[i].count);
    fputs("};\n\n", output);
    python_file_free(file);
}
