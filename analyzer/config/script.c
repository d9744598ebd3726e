#include "config/script.h"

#include <stdlib.h>

/* ---- the file ---- */

static bool holds(const struct source *source, const char *word)
{
    return text_holds(source->bytes, text_from(word));
}

static void add_binding(struct script *script, struct binding binding)
{
    script->bindings =
        array_grow(script->bindings, script->binding_count, &script->binding_capacity, sizeof *script->bindings);
    binding.order = script->binding_count;
    script->bindings[script->binding_count++] = binding;
}

/* The name that a node binds; 0 when it is none. */
static uint32_t bound_name(const struct script *script, uint32_t target)
{
    const struct ast_node *node = script_node(script, target);
    return node->kind == AST_NAME || node->kind == AST_LOCAL ? node->a : 0;
}

static void bind_target(struct script *script, uint32_t target, uint32_t value)
{
    const struct ast_node *node = script_node(script, target);
    uint32_t name = bound_name(script, target);
    if (name)
        add_binding(script, (struct binding){.name = name, .value = value});
    if (node->kind == AST_STARRED)
        bind_target(script, node->a, 0);
    if (node->kind == AST_TUPLE || node->kind == AST_LIST)
        for (uint32_t i = 0; i < ast_list_count(&script->file->ast, node->a); i++)
            bind_target(script, ast_list_item(&script->file->ast, node->a, i), 0);
}

static void bind_import(struct script *script, const struct ast_node *alias, const struct ast_node *from)
{
    struct text path = script_string(script, alias->a), package = from ? script_string(script, from->a) : TEXT("");
    uint32_t name = alias->b ? alias->b : alias->a;
    if (from && from->op) { /* relative: another file of the user's */
        add_binding(script, (struct binding){.name = name});
        return;
    }
    if (from) {
        path = text_format(script->arena, "%.*s.%.*s", TEXT_ARGS(package), TEXT_ARGS(path));
    } else if (!alias->b) { /* `import a.b` binds a */
        const char *dot = memchr(path.bytes, '.', path.length);
        if (dot)
            path.length = (size_t)(dot - path.bytes);
        name = python_string(script->file, path, true);
    }
    add_binding(script, (struct binding){.name = name, .import = path});
}

/* Everything that binds a name, wherever it stands: a name that is bound twice has no certain value. */
static void bind_all(struct script *script)
{
    const struct ast *ast = &script->file->ast;
    for (uint32_t i = 1; i < ast->node_count; i++) {
        struct ast_node node = ast->nodes[i];
        switch (node.kind) {
        case AST_ASSIGN:
            for (uint32_t target = 0; target < ast_list_count(ast, node.a); target++)
                bind_target(script, ast_list_item(ast, node.a, target), node.b);
            break;
        case AST_ANNOTATE: bind_target(script, node.a, node.c); break;
        case AST_AUGMENT:
        case AST_NAMED:
        case AST_FOR_HEAD:
        case AST_CLAUSE: bind_target(script, node.a, 0); break;
        case AST_MATCH_STAR:
            if (node.a)
                bind_target(script, node.a, 0);
            break;
        case AST_WITH_ITEM:
        case AST_MATCH_CAPTURE:
        case AST_HANDLER:
            if (node.b)
                bind_target(script, node.b, 0);
            break;
        case AST_FUNCTION:
        case AST_CLASS:
            if (node.c)
                bind_target(script, node.c, 0);
            break;
        case AST_DELETE:
            for (uint32_t target = 0; target < ast_list_count(ast, node.a); target++)
                bind_target(script, ast_list_item(ast, node.a, target), 0);
            break;
        case AST_IMPORT:
        case AST_FROM_IMPORT: {
            uint32_t list = node.kind == AST_IMPORT ? node.a : node.b;
            for (uint32_t alias = 0; alias < ast_list_count(ast, list); alias++) {
                struct ast_node item = ast->nodes[ast_list_item(ast, list, alias)];
                bind_import(script, &item, node.kind == AST_FROM_IMPORT ? &node : NULL);
            }
            break;
        }
        default: break; /* of some hundred kinds of nodes */
        }
    }
    for (size_t i = 0; i < ast->parameter_count; i++)
        add_binding(script, (struct binding){.name = ast->parameters[i].name});
}

static int compare_bindings(const void *left, const void *right)
{
    const struct binding *a = left, *b = right;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* What does not parse is given up after some mistakes: it is no Python. */
static void parse(struct script *script, uint32_t piece)
{
    struct python_file *file = script->file;
    if (script->mistakes == LIMIT_SYNTAX_ERRORS)
        return;
    if (python_piece_parse(file, piece) == PIECE_BROKEN) {
        script->broken = true;
        script->mistakes++;
    }
    if (file->pieces[piece].kind != PIECE_CLASS)
        return;
    python_class_split(file, piece);
    for (uint32_t i = 0; i < file->pieces[piece].member_count; i++)
        parse(script, file->pieces[piece].first_member + i);
}

bool script_open(struct script *script, struct source *source, struct arena *arena)
{
    *script = (struct script){.source = source, .arena = arena};
    if (!holds(source, "z3_leaf") && !holds(source, "zero_optimization"))
        return false;
    if (source->bytes.length > LIMIT_SCRIPT_BYTES) {
        script->broken = true;
        return false;
    }
    struct source copy;
    source_from_bytes(&copy, source->bytes, source->path);
    script->file = python_file_split(&copy);
    script->broken = script->file->trouble.length > 0;
    for (uint32_t i = 0; i < script->file->piece_count; i++)
        parse(script, i);
    bind_all(script);
    if (script->binding_count)
        qsort(script->bindings, script->binding_count, sizeof *script->bindings, compare_bindings);
    return true;
}

void script_close(struct script *script)
{
    free(script->bindings);
    if (script->file)
        python_file_free(script->file);
}

/* ---- names ---- */

/* The only binding of a name; NULL when there are several or none.  Equal imports are one. */
static const struct binding *only_binding(const struct script *script, uint32_t name)
{
    size_t low = 0, high = script->binding_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (script->bindings[middle].name < name)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == script->binding_count || script->bindings[low].name != name)
        return NULL;
    const struct binding *first = &script->bindings[low];
    for (; ++low < script->binding_count && script->bindings[low].name == name;)
        if (!first->import.length || !text_equal(script->bindings[low].import, first->import))
            return NULL;
    return first;
}

static bool is_word(char byte)
{
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte & 0x80);
}

bool script_touches(const struct script *script, struct text name)
{
    struct text bytes = script->source->bytes;
    if (name.length == 0)
        return true;
    for (size_t at = 0; at + name.length < bytes.length; at++) {
        if (bytes.bytes[at] != name.bytes[0] || memcmp(bytes.bytes + at, name.bytes, name.length) != 0 ||
            (at && is_word(bytes.bytes[at - 1])))
            continue;
        size_t behind = at + name.length;
        while (behind < bytes.length && (bytes.bytes[behind] == ' ' || bytes.bytes[behind] == '\t'))
            behind++;
        if (behind < bytes.length && (bytes.bytes[behind] == '.' || bytes.bytes[behind] == '['))
            return true;
    }
    return false;
}

uint32_t script_value_of(struct script *script, uint32_t name)
{
    const struct binding *binding = only_binding(script, name);
    if (++script->lookups > LIMIT_SCRIPT_LOOKUPS)
        return 0;
    if (!binding || !binding->value || script->broken || script_touches(script, script_string(script, name)))
        return 0;
    return binding->value;
}

struct text script_dotted(const struct script *script, uint32_t number)
{
    const struct ast_node *node = script_node(script, number);
    if (node->kind == AST_NAME || node->kind == AST_LOCAL) {
        const struct binding *binding = only_binding(script, node->a);
        return binding ? binding->import : TEXT("");
    }
    if (node->kind != AST_ATTRIBUTE)
        return TEXT("");
    struct text object = script_dotted(script, node->a), name = script_string(script, node->b);
    if (object.length == 0 || object.length > LIMIT_MODULE_NAME)
        return TEXT("");
    return text_format(script->arena, "%.*s.%.*s", TEXT_ARGS(object), TEXT_ARGS(name));
}

/* ---- places ---- */

static size_t string_end(struct text bytes, size_t at)
{
    while (at < bytes.length && bytes.bytes[at] != '"' && bytes.bytes[at] != '\'')
        at++; /* r, b, u */
    if (at >= bytes.length)
        return bytes.length;
    char quote = bytes.bytes[at];
    bool triple = at + 2 < bytes.length && bytes.bytes[at + 1] == quote && bytes.bytes[at + 2] == quote;
    for (at += triple ? 3 : 1; at < bytes.length; at++) {
        if (bytes.bytes[at] == '\\')
            at++;
        else if (bytes.bytes[at] == quote && !triple)
            return at + 1;
        else if (triple && at + 2 < bytes.length && bytes.bytes[at] == quote && bytes.bytes[at + 1] == quote &&
                 bytes.bytes[at + 2] == quote)
            return at + 3;
    }
    return bytes.length;
}

static size_t bracket_end(struct text bytes, size_t at)
{
    size_t depth = 0;
    while (at < bytes.length) {
        char byte = bytes.bytes[at];
        if (byte == '"' || byte == '\'') {
            at = string_end(bytes, at);
            continue;
        }
        if (byte == '#')
            while (at < bytes.length && bytes.bytes[at] != '\n')
                at++;
        depth += byte == '(' || byte == '[' || byte == '{';
        depth -= (byte == ')' || byte == ']' || byte == '}') && depth;
        at++;
        if (depth == 0)
            return at;
    }
    return bytes.length;
}

struct span script_span(const struct script *script, uint32_t number)
{
    const struct ast_node *node = script_node(script, number);
    struct text bytes = script->source->bytes;
    size_t start = node->at, end = start;
    if (node->kind == AST_STRING)
        end = string_end(bytes, start);
    else if (start < bytes.length && (bytes.bytes[start] == '(' || bytes.bytes[start] == '[' || bytes.bytes[start] == '{'))
        end = bracket_end(bytes, start);
    else
        while (end < bytes.length && (is_word(bytes.bytes[end]) || bytes.bytes[end] == '.' ||
                                      (end == start && (bytes.bytes[end] == '-' || bytes.bytes[end] == '+'))))
            end++;
    if (node->kind == AST_CALL && end < bytes.length && bytes.bytes[end] == '(')
        end = bracket_end(bytes, end);
    return (struct span){(uint32_t)start, (uint32_t)end};
}

/* ---- literals ---- */

static struct json_value *unknown(struct json_value *value, const char *words)
{
    value->kind = JSON_OTHER;
    value->damaged = true;
    value->text = text_from(words);
    return value;
}

static void set_number(const struct script *script, struct json_value *value, const struct ast_node *node, double sign)
{
    const struct ast *ast = &script->file->ast;
    int64_t whole = (int64_t)((uint64_t)node->a | (uint64_t)node->b << 32);
    value->kind = JSON_NUMBER;
    value->integer = node->kind == AST_INT;
    value->number.real = sign * (node->kind == AST_INT ? (double)whole : ast->floats[node->a]);
    value->number.whole = node->kind == AST_INT && whole != INT64_MIN ? (sign < 0 ? -whole : whole) : 0;
}

static struct json_value *set_dict(struct script *script, struct json_value *value, uint32_t list, size_t depth)
{
    struct json_value **place = &value->first;
    value->kind = JSON_OBJECT;
    for (uint32_t i = 0; i + 1 < ast_list_count(&script->file->ast, list); i += 2) {
        uint32_t key = ast_list_item(&script->file->ast, list, i);
        if (!key || script_node(script, key)->kind != AST_STRING) { /* `**other`, a key that is worked out */
            value->damaged = value->uncertain = true;
            continue;
        }
        struct json_value *member = script_literal(script, ast_list_item(&script->file->ast, list, i + 1), depth + 1);
        member->key = text_copy(script->arena, script_string(script, script_node(script, key)->a));
        member->key_span = script_span(script, key);
        *place = member;
        place = &member->next;
        value->count++;
    }
    return value;
}

struct json_value *script_literal(struct script *script, uint32_t number, size_t depth)
{
    const struct ast_node node = *script_node(script, number);
    struct json_value *value = ARENA_NEW(script->arena, struct json_value);
    value->span = script_span(script, number);
    if (depth >= LIMIT_CONFIG_DEPTH || ++script->values > LIMIT_CONFIG_VALUES)
        return unknown(value, "more than can be read");
    switch (node.kind) {
    case AST_STRING:
        value->kind = JSON_STRING;
        value->text = text_copy(script->arena, script_string(script, node.a)); /* the file does not live as long */
        return value;
    case AST_TRUE:
    case AST_FALSE:
        value->kind = JSON_BOOL;
        value->truth = node.kind == AST_TRUE;
        return value;
    case AST_NONE: value->kind = JSON_NULL; return value;
    case AST_INT:
    case AST_FLOAT: set_number(script, value, &node, 1); return value;
    case AST_UNARY: {
        const struct ast_node *operand = script_node(script, node.a);
        if (node.op != OP_NEGATE || (operand->kind != AST_INT && operand->kind != AST_FLOAT))
            return unknown(value, "a value that is worked out");
        set_number(script, value, operand, -1);
        return value;
    }
    case AST_DICT: return set_dict(script, value, node.a, depth);
    case AST_LIST:
    case AST_TUPLE: {
        struct json_value **place = &value->first;
        value->kind = JSON_ARRAY;
        for (uint32_t i = 0; i < ast_list_count(&script->file->ast, node.a); i++) {
            struct json_value *item = script_literal(script, ast_list_item(&script->file->ast, node.a, i), depth + 1);
            value->damaged = value->damaged || (item->kind == JSON_OTHER && item->damaged);
            *place = item;
            place = &item->next;
            value->count++;
        }
        return value;
    }
    case AST_NAME:
    case AST_LOCAL: {
        uint32_t known = script_value_of(script, node.a);
        return known ? script_literal(script, known, depth + 1) : unknown(value, "a variable");
    }
    default: return unknown(value, "a value that is worked out");
    }
}
