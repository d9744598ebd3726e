#include "syntax/python_internal.h"

#define EXCLUDED 0x80000000u /* mark on an entry of parser->bound: global or nonlocal */

static void push(uint32_t **items, size_t *count, size_t *capacity, uint32_t item)
{
    if (*count == *capacity)
        *items = array_grow(*items, *count, capacity, sizeof **items);
    (*items)[(*count)++] = item;
}

void scope_open(struct lowering *lowering, struct scope *scope, enum scope_kind kind)
{
    struct python_parser *parser = lowering->parser;
    *scope = (struct scope){
        .parent = lowering->scope,
        .kind = kind,
        .annotations = lowering->annotations,
        .binds_hidden = lowering->binds_hidden,
        .pending_start = parser->pending_count,
        .bound_start = parser->bound_count,
        .local_start = parser->local_count,
    };
    lowering->scope = scope;
    lowering->annotations = 0;
    lowering->binds_hidden = false;
}

void scope_parameter(struct lowering *lowering, uint32_t string)
{
    struct python_parser *parser = lowering->parser;
    push(&parser->locals, &parser->local_count, &parser->local_capacity, string);
    lowering->scope->parameter_count++;
}

/* A comprehension variable.  A name that is bound twice in one comprehension gets a second slot that nothing uses. */
static void bind_hidden(struct lowering *lowering, uint32_t string)
{
    struct python_parser *parser = lowering->parser;
    size_t place = parser->local_count - lowering->scope->local_start - lowering->scope->parameter_count;
    push(&parser->hidden, &parser->hidden_count, &parser->hidden_capacity, string);
    push(&parser->hidden, &parser->hidden_count, &parser->hidden_capacity, (uint32_t)place + 1);
    push(&parser->locals, &parser->local_count, &parser->local_capacity, string);
}

void scope_bind(struct lowering *lowering, uint32_t string)
{
    struct python_parser *parser = lowering->parser;
    if (lowering->annotations)
        return;
    if (lowering->binds_hidden)
        bind_hidden(lowering, string);
    else if (lowering->scope->kind == SCOPE_FUNCTION)
        push(&parser->bound, &parser->bound_count, &parser->bound_capacity, string);
}

void scope_exclude(struct lowering *lowering, uint32_t string)
{
    struct python_parser *parser = lowering->parser;
    if (lowering->scope->kind == SCOPE_FUNCTION)
        push(&parser->bound, &parser->bound_count, &parser->bound_capacity, string | EXCLUDED);
}

void scope_use(struct lowering *lowering, uint32_t node, uint32_t string)
{
    struct python_parser *parser = lowering->parser;
    if (string == STRING_SUPER || string == STRING_DUNDER_CLASS)
        for (struct scope *scope = lowering->scope; scope; scope = scope->parent)
            scope->flags |= FUNCTION_USES_SUPER;
    if (lowering->annotations)
        return;
    if (parser->pending_count == parser->pending_capacity)
        parser->pending =
            array_grow(parser->pending, parser->pending_count, &parser->pending_capacity, sizeof *parser->pending);
    parser->pending[parser->pending_count++] = (struct pending_name){node, string, 0};
}

void scope_flag(struct lowering *lowering, uint32_t flag)
{
    struct scope *scope = lowering->annotations ? NULL : lowering->scope;
    while (scope && scope->kind == SCOPE_CLASS)
        scope = scope->parent;
    if (scope)
        scope->flags |= flag;
}

/* cells has an entry for each string; all are 0 between two uses. */
static void cells_grow(struct lowering *lowering)
{
    struct python_parser *parser = lowering->parser;
    size_t count = lowering->file->ast.string_count * 2;
    if (parser->cell_count * 2 >= count)
        return;
    parser->cells = memory_realloc(parser->cells, count * sizeof *parser->cells);
    memset(parser->cells + parser->cell_count, 0, (count - parser->cell_count) * sizeof *parser->cells);
    parser->cell_count = count;
}

struct hidden_scope hidden_open(struct lowering *lowering)
{
    struct hidden_scope outer = {lowering->parser->pending_count, lowering->hidden_start};
    lowering->hidden_start = lowering->parser->hidden_count;
    return outer;
}

void hidden_close(struct lowering *lowering, struct hidden_scope outer)
{
    struct python_parser *parser = lowering->parser;
    cells_grow(lowering);
    for (size_t i = lowering->hidden_start; i < parser->hidden_count; i += 2)
        parser->cells[parser->hidden[i]] = parser->hidden[i + 1];
    for (size_t i = outer.pending_start; i < parser->pending_count; i++)
        if (!parser->pending[i].hidden)
            parser->pending[i].hidden = parser->cells[parser->pending[i].string];
    for (size_t i = lowering->hidden_start; i < parser->hidden_count; i += 2)
        parser->cells[parser->hidden[i]] = 0;
    parser->hidden_count = lowering->hidden_start;
    lowering->hidden_start = outer.hidden_start;
}

/* Gives the scope's own names slots after its parameters: cells[string] is slot + 1.  Returns how many there are. */
static uint32_t number_names(struct lowering *lowering, const struct scope *scope)
{
    struct python_parser *parser = lowering->parser;
    uint32_t count = 0;
    cells_grow(lowering);
    for (uint32_t i = 0; i < scope->parameter_count; i++)
        parser->cells[parser->locals[scope->local_start + i]] = i + 1;
    for (size_t i = scope->bound_start; i < parser->bound_count; i++)
        if (parser->bound[i] & EXCLUDED)
            parser->cells[parser->bound[i] & ~EXCLUDED] = EXCLUDED;
    for (size_t i = scope->bound_start; i < parser->bound_count; i++)
        if (!(parser->bound[i] & EXCLUDED) && !parser->cells[parser->bound[i]])
            parser->cells[parser->bound[i]] = scope->parameter_count + ++count;
    return count;
}

static void add_local(struct ast *ast, uint32_t string)
{
    push(&ast->locals, &ast->local_count, &ast->local_capacity, string);
}

static void settle(struct lowering *lowering, const struct pending_name *pending, uint32_t first_hidden)
{
    uint32_t cell = lowering->parser->cells[pending->string];
    struct ast_node *node = &lowering->file->ast.nodes[pending->node];
    if (pending->hidden)
        cell = first_hidden + pending->hidden;
    if (!cell || cell == EXCLUDED)
        return;
    if (node->kind == AST_ALIAS) {
        node->c = cell;
    } else {
        node->kind = AST_LOCAL;
        node->b = cell - 1;
    }
}

void scope_close(struct lowering *lowering, uint32_t *first_local, uint32_t *local_count)
{
    struct python_parser *parser = lowering->parser;
    struct scope *scope = lowering->scope;
    struct ast *ast = &lowering->file->ast;
    uint32_t own = number_names(lowering, scope);
    *first_local = (uint32_t)ast->local_count;
    for (size_t i = 0; i < scope->parameter_count; i++)
        add_local(ast, parser->locals[scope->local_start + i]);
    uint32_t next = scope->parameter_count;
    for (size_t i = scope->bound_start; i < parser->bound_count; i++)
        if (!(parser->bound[i] & EXCLUDED) && parser->cells[parser->bound[i]] == next + 1) {
            add_local(ast, parser->bound[i]);
            next++;
        }
    for (size_t i = scope->local_start + scope->parameter_count; i < parser->local_count; i++)
        add_local(ast, parser->locals[i]);
    *local_count = (uint32_t)ast->local_count - *first_local;

    for (size_t i = scope->pending_start; i < parser->pending_count; i++)
        settle(lowering, &parser->pending[i], scope->parameter_count + own);
    for (size_t i = scope->local_start; i < parser->local_count; i++)
        parser->cells[parser->locals[i]] = 0;
    for (size_t i = scope->bound_start; i < parser->bound_count; i++)
        parser->cells[parser->bound[i] & ~EXCLUDED] = 0;

    parser->pending_count = scope->pending_start;
    parser->bound_count = scope->bound_start;
    parser->local_count = scope->local_start;
    lowering->annotations = scope->annotations;
    lowering->binds_hidden = scope->binds_hidden;
    lowering->scope = scope->parent;
}
