#include "syntax/python_plain.h"

/* ---- trailers ---- */

static bool is_slice_part(const struct plain_reader *reader)
{
    uint32_t kind = reader->token.kind;
    return kind != CST_COLON && kind != CST_COMMA && kind != PLAIN_CLOSE_SQUARE;
}

static void read_index(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    if (reader->token.kind == CST_COLON)
        plain_open(reader, CST_SLICE);
    else
        plain_named(reader);
    if (reader->token.kind != CST_COLON)
        return;
    if (plain_here(reader) > first + 1 || plain_symbol(reader, first) != CST_SLICE)
        plain_wrap(reader, first, CST_SLICE);
    plain_leaf(reader, CST_COLON);
    if (is_slice_part(reader))
        plain_expression(reader);
    if (reader->token.kind == CST_COLON) {
        plain_leaf(reader, CST_COLON);
        if (is_slice_part(reader))
            plain_expression(reader);
    }
    plain_close(reader, first);
}

static void read_subscript(struct plain_reader *reader, uint32_t first)
{
    plain_wrap(reader, first, CST_SUBSCRIPT);
    plain_advance(reader);
    read_index(reader);
    while (reader->token.kind == CST_COMMA) {
        plain_leaf(reader, CST_COMMA);
        if (reader->token.kind != PLAIN_CLOSE_SQUARE)
            read_index(reader);
    }
    plain_expect(reader, PLAIN_CLOSE_SQUARE);
    plain_close(reader, first);
}

static void read_atom(struct plain_reader *reader)
{
    switch (reader->token.kind) {
    case CST_IDENTIFIER:
    case CST_INTEGER:
    case CST_FLOAT:
    case CST_TRUE:
    case CST_FALSE:
    case CST_NONE:
    case CST_ELLIPSIS: plain_leaf(reader, (enum cst_symbol)reader->token.kind); break;
    case CST_STRING: plain_strings(reader); break;
    case PLAIN_OPEN_ROUND: plain_round(reader); break;
    case PLAIN_OPEN_SQUARE: plain_square(reader); break;
    case PLAIN_OPEN_BRACE: plain_brace(reader); break;
    default: plain_fail(reader); break;
    }
}

void plain_primary(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    if (plain_deeper(reader))
        read_atom(reader);
    for (bool more = true; more && !reader->failed;) {
        switch (reader->token.kind) {
        case PLAIN_DOT:
            plain_wrap(reader, first, CST_ATTRIBUTE);
            plain_advance(reader);
            if (reader->token.kind != CST_IDENTIFIER)
                plain_fail(reader);
            plain_leaf(reader, CST_IDENTIFIER);
            plain_close(reader, first);
            break;
        case PLAIN_OPEN_SQUARE: read_subscript(reader, first); break;
        case PLAIN_OPEN_ROUND:
            plain_wrap(reader, first, CST_CALL);
            plain_arguments(reader);
            plain_close(reader, first);
            break;
        default: more = false; break;
        }
    }
    plain_shallower(reader);
}

/* ---- operators ---- */

static void read_unary(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader), kind = reader->token.kind;
    if (kind == CST_MINUS || kind == CST_PLUS || kind == CST_TILDE) {
        plain_open(reader, CST_UNARY_OPERATOR);
        plain_leaf(reader, (enum cst_symbol)kind);
        if (plain_deeper(reader))
            read_unary(reader);
        plain_shallower(reader);
        plain_close(reader, first);
        return;
    }
    plain_primary(reader);
    if (reader->token.kind != CST_STAR_STAR)
        return;
    plain_wrap(reader, first, CST_BINARY_OPERATOR);
    plain_leaf(reader, CST_STAR_STAR);
    if (plain_deeper(reader))
        read_unary(reader);
    plain_shallower(reader);
    plain_close(reader, first);
}

/* How tight a binary operator binds; 0 for what is none. */
static unsigned level_of(uint32_t kind)
{
    switch (kind) {
    case CST_BAR: return 1;
    case CST_CARET: return 2;
    case CST_AMPERSAND: return 3;
    case CST_LEFT_SHIFT:
    case CST_RIGHT_SHIFT: return 4;
    case CST_PLUS:
    case CST_MINUS: return 5;
    case CST_STAR:
    case CST_SLASH:
    case CST_SLASH_SLASH:
    case CST_PERCENT:
    case CST_AT: return 6;
    default: return 0;
    }
}

/* Operands joined by operators that bind at least as tight as `least`. */
static void read_binary(struct plain_reader *reader, unsigned least)
{
    uint32_t first = plain_here(reader);
    read_unary(reader);
    for (;;) {
        unsigned level = level_of(reader->token.kind);
        if (level < least || level == 0)
            return;
        plain_wrap(reader, first, CST_BINARY_OPERATOR);
        plain_leaf(reader, (enum cst_symbol)reader->token.kind);
        read_binary(reader, level + 1);
        plain_close(reader, first);
    }
}

/* `in`, `not in`, `is not`, `<`, ... as one mark; false when there is none. */
static bool read_comparison_mark(struct plain_reader *reader)
{
    switch (reader->token.kind) {
    case CST_LESS:
    case CST_LESS_EQUAL:
    case CST_EQUAL:
    case CST_NOT_EQUAL:
    case CST_GREATER_EQUAL:
    case CST_GREATER:
    case CST_IN: plain_leaf(reader, (enum cst_symbol)reader->token.kind); return true;
    case CST_IS: {
        uint32_t mark = plain_here(reader);
        plain_leaf(reader, CST_IS);
        if (reader->token.kind == CST_NOT_OPERATOR) {
            reader->parser->nodes[mark].symbol = CST_IS_NOT;
            plain_advance(reader);
        }
        return true;
    }
    case CST_NOT_OPERATOR:
        plain_leaf(reader, CST_NOT_IN);
        plain_expect(reader, CST_IN);
        return true;
    default: return false;
    }
}

static bool is_comparison(uint32_t kind)
{
    return (kind >= CST_LESS && kind <= CST_GREATER) || kind == CST_IN || kind == CST_IS || kind == CST_NOT_OPERATOR;
}

static void read_comparison(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    read_binary(reader, 1);
    if (!is_comparison(reader->token.kind))
        return;
    plain_wrap(reader, first, CST_COMPARISON_OPERATOR);
    while (read_comparison_mark(reader))
        read_binary(reader, 1);
    plain_close(reader, first);
}

static void read_not(struct plain_reader *reader)
{
    if (reader->token.kind != CST_NOT_OPERATOR) {
        read_comparison(reader);
        return;
    }
    uint32_t node = plain_open(reader, CST_NOT_OPERATOR);
    plain_advance(reader);
    if (plain_deeper(reader))
        read_not(reader);
    plain_shallower(reader);
    plain_close(reader, node);
}

static void read_and(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    read_not(reader);
    while (reader->token.kind == CST_AND) {
        plain_wrap(reader, first, CST_BOOLEAN_OPERATOR);
        plain_leaf(reader, CST_AND);
        read_not(reader);
        plain_close(reader, first);
    }
}

void plain_or(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    read_and(reader);
    while (reader->token.kind == CST_OR) {
        plain_wrap(reader, first, CST_BOOLEAN_OPERATOR);
        plain_leaf(reader, CST_OR);
        read_and(reader);
        plain_close(reader, first);
    }
}

/* ---- whole expressions ---- */

static void read_lambda(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_LAMBDA);
    if (reader->in_field)
        plain_fail(reader); /* its colon would start a format spec */
    plain_advance(reader);
    if (reader->token.kind != CST_COLON) {
        uint32_t parameters = plain_open(reader, CST_LAMBDA_PARAMETERS);
        plain_parameters(reader, CST_COLON, false);
        plain_close(reader, parameters);
    }
    plain_expect(reader, CST_COLON);
    plain_expression(reader);
    plain_close(reader, node);
}

void plain_expression(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    if (!plain_deeper(reader)) {
        plain_shallower(reader);
        return;
    }
    if (reader->token.kind == CST_LAMBDA) {
        read_lambda(reader);
    } else {
        plain_or(reader);
        if (reader->token.kind == CST_IF_STATEMENT) {
            plain_wrap(reader, first, CST_CONDITIONAL_EXPRESSION);
            plain_advance(reader);
            plain_or(reader);
            plain_expect(reader, CST_ELSE_CLAUSE);
            plain_expression(reader);
            plain_close(reader, first);
        }
    }
    plain_shallower(reader);
}

void plain_named(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    plain_expression(reader);
    if (reader->token.kind != PLAIN_WALRUS)
        return;
    if (plain_here(reader) != first + 1 || plain_symbol(reader, first) != CST_IDENTIFIER || reader->in_field) {
        plain_fail(reader);
        return;
    }
    plain_wrap(reader, first, CST_NAMED_EXPRESSION);
    plain_advance(reader);
    plain_expression(reader);
    plain_close(reader, first);
}

/* What cannot follow a comma that is not the last thing of its list. */
bool plain_ends_list(const struct plain_reader *reader)
{
    uint32_t kind = reader->token.kind;
    return kind == PLAIN_LINE || kind == PLAIN_END || kind == PLAIN_SEMICOLON || kind == CST_EQUALS ||
           kind == CST_COLON || kind == CST_IN;
}

static void read_list_item(struct plain_reader *reader)
{
    if (reader->token.kind != CST_STAR) {
        plain_expression(reader);
        return;
    }
    uint32_t star = plain_open(reader, CST_LIST_SPLAT);
    plain_advance(reader);
    read_binary(reader, 1);
    plain_close(reader, star);
}

void plain_expressions(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    bool is_starred = reader->token.kind == CST_STAR;
    read_list_item(reader);
    if (reader->token.kind != CST_COMMA) {
        if (is_starred)
            plain_fail(reader);
        return;
    }
    plain_wrap(reader, first, CST_EXPRESSION_LIST);
    while (reader->token.kind == CST_COMMA) {
        plain_leaf(reader, CST_COMMA);
        if (plain_ends_list(reader))
            break;
        read_list_item(reader);
    }
    plain_close(reader, first);
}

void plain_yield(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_YIELD);
    plain_advance(reader);
    if (reader->token.kind == CST_FROM) {
        plain_leaf(reader, CST_FROM);
        plain_expression(reader);
    } else if (!plain_ends_list(reader) && reader->token.kind != PLAIN_CLOSE_ROUND) {
        plain_expressions(reader);
    }
    plain_close(reader, node);
}

void plain_type(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_TYPE);
    plain_expression(reader);
    plain_close(reader, node);
}
