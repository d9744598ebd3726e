/* Code as text, for words: an expression is written back from its node, shortened. */
#include "model/routing_internal.h"

#include <stdio.h>

#define MAX_CODE 72 /* bytes of code in a message; more hides the point */
#define MAX_CODE_DEPTH 12

struct writer {
    const struct python_file *file;
    char bytes[MAX_CODE + 8];
    size_t length;
    bool full;
};

static void put(struct writer *writer, struct text text)
{
    for (size_t i = 0; i < text.length && !writer->full; i++) {
        if (writer->length >= MAX_CODE) {
            /* Never cut inside a UTF-8 character. */
            while (writer->length && ((unsigned char)writer->bytes[writer->length - 1] & 0xC0) == 0x80)
                writer->length--;
            if (writer->length && ((unsigned char)writer->bytes[writer->length - 1] & 0x80))
                writer->length--;
            memcpy(writer->bytes + writer->length, "...", 3);
            writer->length += 3;
            writer->full = true;
            return;
        }
        unsigned char byte = (unsigned char)text.bytes[i];
        writer->bytes[writer->length++] = byte < 0x20 || byte == 0x7F ? ' ' : (char)byte;
    }
}

static void write_node(struct writer *writer, uint32_t number, unsigned depth);

static void write_list(struct writer *writer, uint32_t list, unsigned depth)
{
    uint32_t count = ast_list_count(&writer->file->ast, list);
    for (uint32_t i = 0; i < count && !writer->full; i++) {
        if (i)
            put(writer, TEXT(", "));
        write_node(writer, ast_list_item(&writer->file->ast, list, i), depth);
    }
}

static void write_operator(struct writer *writer, uint32_t op)
{
    put(writer, TEXT(" "));
    put(writer, text_from(ast_operator_text((enum ast_operator)op)));
    put(writer, TEXT(" "));
}

static void write_number(struct writer *writer, int64_t number)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)number);
    put(writer, (struct text){digits, (size_t)length});
}

static void write_fstring(struct writer *writer, uint32_t list, unsigned depth)
{
    const struct ast *ast = &writer->file->ast;
    put(writer, TEXT("f\""));
    for (uint32_t i = 0; i < ast_list_count(ast, list) && !writer->full; i++) {
        struct ast_node part = routing_node(writer->file, ast_list_item(ast, list, i));
        if (part.kind == AST_STRING) {
            put(writer, routing_string(writer->file, part.a));
        } else {
            put(writer, TEXT("{"));
            write_node(writer, part.a, depth);
            put(writer, TEXT("}"));
        }
    }
    put(writer, TEXT("\""));
}

static void write_compare(struct writer *writer, const struct ast_node *node, unsigned depth)
{
    const struct ast *ast = &writer->file->ast;
    write_node(writer, node->a, depth);
    for (uint32_t i = 0; i + 1 < ast_list_count(ast, node->b); i += 2) {
        write_operator(writer, ast_list_item(ast, node->b, i));
        write_node(writer, ast_list_item(ast, node->b, i + 1), depth);
    }
}

static void write_pair(struct writer *writer, uint32_t left, struct text between, uint32_t right, unsigned depth)
{
    write_node(writer, left, depth);
    put(writer, between);
    write_node(writer, right, depth);
}

static bool is_compound(const struct python_file *file, uint32_t number)
{
    switch (file->ast.nodes[number].kind) {
    case AST_BINARY:
    case AST_AND:
    case AST_OR:
    case AST_COMPARE:
    case AST_CONDITIONAL:
    case AST_LAMBDA:
    case AST_NAMED: return true;
    default: return false;
    }
}

/* An operand: in brackets when it is itself made of operators. */
static void write_operand(struct writer *writer, uint32_t number, unsigned depth)
{
    bool brackets = is_compound(writer->file, number);
    if (brackets)
        put(writer, TEXT("("));
    write_node(writer, number, depth);
    if (brackets)
        put(writer, TEXT(")"));
}

static void write_bracketed(struct writer *writer, struct text open, uint32_t list, struct text close, unsigned depth)
{
    put(writer, open);
    write_list(writer, list, depth);
    put(writer, close);
}

/* x[a, b] has no brackets round its tuple. */
static void write_index(struct writer *writer, uint32_t number, unsigned depth)
{
    struct ast_node node = routing_node(writer->file, number);
    if (node.kind == AST_TUPLE)
        write_list(writer, node.a, depth);
    else
        write_node(writer, number, depth);
}

static void write_node(struct writer *writer, uint32_t number, unsigned depth)
{
    if (writer->full || number == 0)
        return;
    if (depth >= MAX_CODE_DEPTH) {
        put(writer, TEXT("..."));
        return;
    }
    struct ast_node node = routing_node(writer->file, number);
    depth++;
    switch (node.kind) {
    case AST_NAME:
    case AST_LOCAL:
    case AST_BIG_INT: put(writer, routing_string(writer->file, node.a)); break;
    case AST_INT: write_number(writer, (int64_t)((uint64_t)node.b << 32 | node.a)); break;
    case AST_STRING:
        put(writer, TEXT("\""));
        put(writer, routing_string(writer->file, node.a));
        put(writer, TEXT("\""));
        break;
    case AST_FSTRING: write_fstring(writer, node.a, depth); break;
    case AST_TRUE: put(writer, TEXT("True")); break;
    case AST_FALSE: put(writer, TEXT("False")); break;
    case AST_NONE: put(writer, TEXT("None")); break;
    case AST_TUPLE: write_list(writer, node.a, depth); break;
    case AST_LIST: write_bracketed(writer, TEXT("["), node.a, TEXT("]"), depth); break;
    case AST_ATTRIBUTE:
        write_operand(writer, node.a, depth);
        put(writer, TEXT("."));
        put(writer, routing_string(writer->file, node.b));
        break;
    case AST_SUBSCRIPT:
        write_operand(writer, node.a, depth);
        put(writer, TEXT("["));
        write_index(writer, node.b, depth);
        put(writer, TEXT("]"));
        break;
    case AST_SLICE: write_pair(writer, node.a, TEXT(":"), node.b, depth); break;
    case AST_CALL:
        write_operand(writer, node.a, depth);
        write_bracketed(writer, TEXT("("), node.b, TEXT(")"), depth);
        break;
    case AST_KEYWORD:
        put(writer, routing_string(writer->file, node.a));
        put(writer, TEXT("="));
        write_node(writer, node.b, depth);
        break;
    case AST_STARRED:
        put(writer, TEXT("*"));
        write_node(writer, node.a, depth);
        break;
    case AST_DOUBLE_STAR:
        put(writer, TEXT("**"));
        write_node(writer, node.a, depth);
        break;
    case AST_UNARY:
        put(writer, text_from(ast_operator_text((enum ast_operator)node.op)));
        if (node.op == OP_NOT)
            put(writer, TEXT(" "));
        write_operand(writer, node.a, depth);
        break;
    case AST_BINARY:
        write_operand(writer, node.a, depth);
        write_operator(writer, node.op);
        write_operand(writer, node.b, depth);
        break;
    case AST_AND: write_pair(writer, node.a, TEXT(" and "), node.b, depth); break;
    case AST_OR: write_pair(writer, node.a, TEXT(" or "), node.b, depth); break;
    case AST_COMPARE: write_compare(writer, &node, depth); break;
    default: put(writer, TEXT("...")); break;
    }
}

struct text routing_code(struct arena *arena, const struct python_file *file, uint32_t node)
{
    struct writer writer = {.file = file};
    write_index(&writer, node, 0);
    return text_copy(arena, (struct text){writer.bytes, writer.length});
}

struct text routing_words(struct arena *arena, const struct event *event)
{
    struct text call = event->shown;
    struct writer writer = {.file = event->reason.file};
    if (event->reason.node)
        write_node(&writer, event->reason.node, 0);
    struct text code = writer.length ? (struct text){writer.bytes, writer.length} : TEXT("...");
    const char *verb = event->opaque || event->reason.strength != STRENGTH_DATA ? "may call" : "calls";
    const char *end = event->idle ? ", when it is not training" : "";
    switch ((enum reason_kind)event->reason.kind) {
    case REASON_LOOP:
        return text_format(arena, "%s `%.*s` for each item of `%.*s`%s", verb, TEXT_ARGS(call), TEXT_ARGS(code), end);
    case REASON_WHILE:
        return text_format(arena, "%s `%.*s` while `%.*s`%s", verb, TEXT_ARGS(call), TEXT_ARGS(code), end);
    case REASON_LEAVE:
        return text_format(arena, "%s `%.*s` in a loop that is left early depending on `%.*s`%s", verb, TEXT_ARGS(call),
                           TEXT_ARGS(code), end);
    case REASON_INDEX: return text_format(arena, "%s `%.*s`, which is picked by data%s", verb, TEXT_ARGS(call), end);
    case REASON_BRANCH: break;
    }
    return text_format(arena, "%s `%.*s` depending on `%.*s`%s", verb, TEXT_ARGS(call), TEXT_ARGS(code), end);
}
