#include "syntax/python_internal.h"

struct binding {
    const struct python_file *file;
    const struct ast *ast;
    uint32_t **names;
    size_t *count, *capacity;
};

static void bind_statements(struct binding *binding, uint32_t list);
static void bind_values(struct binding *binding, uint32_t number);

static void add_name(struct binding *binding, uint32_t string)
{
    for (size_t i = 0; i < *binding->count && i < 64; i++) /* a few repeats do not matter */
        if ((*binding->names)[i] == string)
            return;
    if (*binding->count == *binding->capacity)
        *binding->names = array_grow(*binding->names, *binding->count, binding->capacity, sizeof **binding->names);
    (*binding->names)[(*binding->count)++] = string;
}

/* The name that an expression starts from: x of x.f(y)[z]. */
static void bind_root(struct binding *binding, uint32_t number)
{
    for (;;) {
        const struct ast_node *node = &binding->ast->nodes[number];
        switch ((enum ast_kind)node->kind) {
        case AST_NAME:
        case AST_LOCAL: add_name(binding, node->a); return;
        case AST_ATTRIBUTE:
        case AST_SUBSCRIPT:
        case AST_CALL:
        case AST_AWAIT: number = node->a; break;
        default: return;
        }
    }
}

static void bind_target(struct binding *binding, uint32_t number)
{
    const struct ast_node *node = &binding->ast->nodes[number];
    if (node->kind == AST_STARRED) {
        bind_target(binding, node->a);
    } else if (node->kind == AST_TUPLE || node->kind == AST_LIST) {
        for (uint32_t i = 0; i < ast_list_count(binding->ast, node->a); i++)
            bind_target(binding, ast_list_item(binding->ast, node->a, i));
    } else {
        bind_root(binding, number);
        if (node->kind != AST_NAME && node->kind != AST_LOCAL)
            bind_values(binding, number);
    }
}

static void bind_list(struct binding *binding, uint32_t list)
{
    for (uint32_t i = 0; i < ast_list_count(binding->ast, list); i++)
        bind_values(binding, ast_list_item(binding->ast, list, i));
}

/* Walrus targets in an expression (not inside lambdas). */
static void bind_values(struct binding *binding, uint32_t number)
{
    const struct ast *ast = binding->ast;
    const struct ast_node *node = &ast->nodes[number];
    switch ((enum ast_kind)node->kind) {
    case AST_NAMED:
        bind_target(binding, node->a);
        bind_values(binding, node->b);
        break;
    case AST_FSTRING:
    case AST_TUPLE:
    case AST_LIST:
    case AST_SET:
    case AST_DICT: bind_list(binding, node->a); break;
    case AST_ATTRIBUTE:
    case AST_UNARY:
    case AST_STARRED:
    case AST_DOUBLE_STAR:
    case AST_AWAIT:
    case AST_YIELD: bind_values(binding, node->a); break;
    case AST_KEYWORD: bind_values(binding, node->b); break;
    case AST_SUBSCRIPT:
    case AST_BINARY:
    case AST_AND:
    case AST_OR:
    case AST_FORMAT:
        bind_values(binding, node->a);
        bind_values(binding, node->b);
        break;
    case AST_SLICE:
    case AST_CONDITIONAL:
        bind_values(binding, node->a);
        bind_values(binding, node->b);
        bind_values(binding, node->c);
        break;
    case AST_CALL:
        bind_values(binding, node->a);
        bind_list(binding, node->b);
        break;
    case AST_COMPARE:
        bind_values(binding, node->a);
        for (uint32_t i = 1; i < ast_list_count(ast, node->b); i += 2)
            bind_values(binding, ast_list_item(ast, node->b, i));
        break;
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR:
    case AST_DICT_COMP:
        bind_values(binding, node->a);
        bind_list(binding, node->b);
        bind_values(binding, node->c);
        break;
    case AST_CLAUSE:
        bind_values(binding, node->b);
        bind_list(binding, node->c);
        break;
    default: break;
    }
}

/* import a.b binds a; lowering made that string. */
static uint32_t alias_binds(const struct binding *binding, const struct ast_node *alias, bool is_import)
{
    struct text text = binding->ast->strings[alias->a];
    const char *dot = is_import && !alias->b ? memchr(text.bytes, '.', text.length) : NULL;
    if (dot)
        return python_string_find(binding->file, (struct text){text.bytes, (size_t)(dot - text.bytes)});
    return alias->b ? alias->b : alias->a;
}

static void bind_pattern(struct binding *binding, uint32_t number)
{
    const struct ast *ast = binding->ast;
    const struct ast_node *node = &ast->nodes[number];
    switch ((int)node->kind) {
    case AST_MATCH_CAPTURE:
        bind_pattern(binding, node->a);
        bind_target(binding, node->b);
        break;
    case AST_MATCH_STAR: bind_target(binding, node->a); break;
    case AST_MATCH_SEQUENCE:
    case AST_MATCH_OR:
        for (uint32_t i = 0; i < ast_list_count(ast, node->a); i++)
            bind_pattern(binding, ast_list_item(ast, node->a, i));
        break;
    case AST_MATCH_MAPPING:
        for (uint32_t i = 1; i < ast_list_count(ast, node->a); i += 2)
            bind_pattern(binding, ast_list_item(ast, node->a, i));
        bind_target(binding, node->b);
        break;
    case AST_MATCH_CLASS:
        for (uint32_t i = 0; i < ast_list_count(ast, node->b); i++)
            bind_pattern(binding, ast_list_item(ast, node->b, i));
        for (uint32_t i = 1; i < ast_list_count(ast, node->c); i += 2)
            bind_pattern(binding, ast_list_item(ast, node->c, i));
        break;
    }
}

static void bind_statement(struct binding *binding, uint32_t number)
{
    const struct ast *ast = binding->ast;
    const struct ast_node *node = &ast->nodes[number];
    switch ((enum ast_kind)node->kind) {
    case AST_EXPRESSION:
        bind_root(binding, node->a);
        bind_values(binding, node->a);
        break;
    case AST_ASSIGN:
        for (uint32_t i = 0; i < ast_list_count(ast, node->a); i++)
            bind_target(binding, ast_list_item(ast, node->a, i));
        bind_values(binding, node->b);
        break;
    case AST_AUGMENT:
    case AST_NAMED:
        bind_target(binding, node->a);
        bind_values(binding, node->b);
        break;
    case AST_ANNOTATE:
        bind_target(binding, node->a);
        bind_values(binding, node->c);
        break;
    case AST_TYPE_ALIAS: bind_target(binding, node->a); break;
    case AST_RETURN:
    case AST_RAISE:
    case AST_ASSERT:
        bind_values(binding, node->a);
        bind_values(binding, node->b);
        break;
    case AST_DELETE:
        for (uint32_t i = 0; i < ast_list_count(ast, node->a); i++)
            bind_target(binding, ast_list_item(ast, node->a, i));
        break;
    case AST_IMPORT:
    case AST_FROM_IMPORT: {
        uint32_t list = node->kind == AST_IMPORT ? node->a : node->b;
        for (uint32_t i = 0; i < ast_list_count(ast, list); i++) {
            const struct ast_node *alias = &ast->nodes[ast_list_item(ast, list, i)];
            add_name(binding, alias_binds(binding, alias, node->kind == AST_IMPORT));
        }
        break;
    }
    case AST_IF:
    case AST_WHILE:
        bind_values(binding, node->a);
        bind_statements(binding, node->b);
        bind_statements(binding, node->c);
        break;
    case AST_FOR:
        bind_target(binding, ast->nodes[node->a].a);
        bind_values(binding, ast->nodes[node->a].b);
        bind_statements(binding, node->b);
        bind_statements(binding, node->c);
        break;
    case AST_TRY:
        bind_statements(binding, node->a);
        for (uint32_t i = 0; i < ast_list_count(ast, node->b); i++) {
            const struct ast_node *handler = &ast->nodes[ast_list_item(ast, node->b, i)];
            bind_values(binding, handler->a);
            bind_target(binding, handler->b);
            bind_statements(binding, handler->c);
        }
        bind_statements(binding, ast->nodes[node->c].a);
        bind_statements(binding, ast->nodes[node->c].b);
        break;
    case AST_WITH:
        for (uint32_t i = 0; i < ast_list_count(ast, node->a); i++) {
            const struct ast_node *item = &ast->nodes[ast_list_item(ast, node->a, i)];
            bind_values(binding, item->a);
            bind_target(binding, item->b);
        }
        bind_statements(binding, node->b);
        break;
    case AST_FUNCTION:
    case AST_CLASS:
        bind_list(binding, node->b);
        bind_target(binding, node->c);
        break;
    case AST_MATCH:
        bind_values(binding, node->a);
        for (uint32_t i = 0; i < ast_list_count(ast, node->b); i++) {
            const struct ast_node *one = &ast->nodes[ast_list_item(ast, node->b, i)];
            bind_pattern(binding, one->a);
            bind_values(binding, one->b);
            bind_statements(binding, one->c);
        }
        break;
    default: break;
    }
}

static void bind_statements(struct binding *binding, uint32_t list)
{
    for (uint32_t i = 0; i < ast_list_count(binding->ast, list); i++)
        bind_statement(binding, ast_list_item(binding->ast, list, i));
}

void python_bound_names(const struct python_file *file, uint32_t node, uint32_t **names, size_t *count,
                        size_t *capacity)
{
    struct binding binding = {file, &file->ast, names, count, capacity};
    bind_statement(&binding, node);
}
