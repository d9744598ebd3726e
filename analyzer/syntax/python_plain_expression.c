#include "syntax/python_plain.h"

static void read_comparison(struct plain_reader *reader);
static void read_or(struct plain_reader *reader);

static enum cst_symbol symbol_of(const struct plain_reader *reader, uint32_t node)
{
    return (enum cst_symbol)reader->parser->nodes[node].symbol;
}

/* ---- strings ---- */

/* The format spec of a field, from its colon: only text. */
static void read_spec(struct plain_reader *reader)
{
    uint32_t spec = plain_open(reader, CST_FORMAT_SPECIFIER);
    uint32_t at = reader->token.end;
    while (at < reader->end && reader->text[at] != '}' && !strchr("{\"'\\\n\r", reader->text[at]))
        at++;
    if (at >= reader->end || reader->text[at] != '}') {
        plain_fail(reader);
        return;
    }
    reader->last_end = at;
    plain_close(reader, spec);
    reader->token = (struct plain_token){PLAIN_CLOSE_BRACE, at, at + 1, 0};
}

/* The replacement field whose `{` is at `at`; returns after it. */
static uint32_t read_field(struct plain_reader *reader, uint32_t at)
{
    bool outer = reader->in_field;
    reader->token = (struct plain_token){PLAIN_OPEN_BRACE, at, at + 1, 0};
    reader->in_field = true;
    uint32_t field = plain_open(reader, CST_INTERPOLATION);
    plain_advance(reader);
    plain_expression(reader);
    if (reader->token.kind == PLAIN_BANG) {
        uint32_t conversion = plain_open(reader, CST_TYPE_CONVERSION);
        uint32_t bang = reader->token.end;
        plain_advance(reader);
        if (reader->token.kind != CST_IDENTIFIER || reader->token.start != bang || reader->token.end != bang + 1)
            plain_fail(reader);
        plain_advance(reader);
        plain_close(reader, conversion);
    }
    if (reader->token.kind == CST_COLON)
        read_spec(reader);
    if (reader->token.kind != PLAIN_CLOSE_BRACE) {
        plain_fail(reader);
        return reader->end;
    }
    reader->in_field = outer;
    reader->brackets--;
    reader->last_end = reader->token.end;
    plain_close(reader, field);
    return reader->token.end;
}

/* The fields of an f-string, up to its last quote. */
static void read_format(struct plain_reader *reader, struct plain_token open)
{
    const char *text = reader->text;
    char quote = text[open.content - 1];
    bool triple = open.content - open.start >= 4 && text[open.content - 2] == quote;
    uint32_t at = open.content;
    for (;;) {
        if (reader->failed || at >= reader->end || text[at] == '\r' || (text[at] == '\n' && !triple)) {
            plain_fail(reader);
            return;
        }
        if (text[at] == quote && (!triple || (text[at + 1] == quote && text[at + 2] == quote)))
            break;
        if (text[at] == '\\') {
            if (text[at + 1] == 'N' || text[at + 1] == '{' || text[at + 1] == '}')
                plain_fail(reader);
            at += 2;
        } else if ((text[at] == '{' || text[at] == '}') && text[at + 1] == text[at]) {
            at += 2;
        } else if (text[at] == '}') {
            plain_fail(reader);
        } else if (text[at] == '{') {
            at = read_field(reader, at);
        } else {
            at++;
        }
    }
    reader->token = open;
    reader->token.end = at + (triple ? 3 : 1);
}

static void read_string(struct plain_reader *reader)
{
    struct plain_token open = reader->token;
    uint32_t quotes = open.content - open.start, string = plain_open(reader, CST_STRING);
    reader->token.end = open.content;
    plain_open(reader, CST_STRING_START);
    reader->token.end = open.end;
    bool is_format = false;
    for (uint32_t i = open.start; i < open.content; i++)
        is_format |= reader->text[i] == 'f' || reader->text[i] == 'F';
    if (is_format) {
        bool outer = reader->in_field;
        if (outer || reader->depth > LIMIT_NESTING / 4)
            plain_fail(reader); /* f-strings inside f-strings: quotes may be reused */
        read_format(reader, open);
        reader->in_field = outer;
        open.end = reader->token.end;
    } else if (reader->in_field && quotes != 1) {
        plain_fail(reader);
    }
    if (reader->failed)
        return;
    reader->token.start = open.end;
    plain_open(reader, CST_STRING_END);
    plain_advance(reader);
    plain_close(reader, string);
    reader->parser->nodes[string].end = open.end;
}

static void read_strings(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    read_string(reader);
    if (reader->token.kind != CST_STRING)
        return;
    plain_wrap(reader, first, CST_CONCATENATED_STRING);
    while (reader->token.kind == CST_STRING)
        read_string(reader);
    plain_close(reader, first);
}

/* ---- comprehensions ---- */

/* The clauses from `for` on. */
static void read_clauses(struct plain_reader *reader)
{
    while (reader->token.kind == CST_FOR_STATEMENT) {
        uint32_t clause = plain_open(reader, CST_FOR_IN_CLAUSE);
        plain_advance(reader);
        plain_targets(reader);
        if (reader->token.kind != CST_IN)
            plain_fail(reader);
        plain_leaf(reader, CST_IN);
        read_or(reader);
        plain_close(reader, clause);
        while (reader->token.kind == CST_IF_STATEMENT) {
            clause = plain_open(reader, CST_IF_CLAUSE);
            plain_advance(reader);
            read_or(reader);
            plain_close(reader, clause);
        }
    }
}

/* ---- displays ---- */

static void read_item(struct plain_reader *reader)
{
    if (reader->token.kind != CST_STAR) {
        plain_named(reader);
        return;
    }
    uint32_t star = plain_open(reader, CST_LIST_SPLAT);
    plain_advance(reader);
    plain_expression(reader);
    plain_close(reader, star);
}

/* The items after the first, up to the bracket. */
static void read_more_items(struct plain_reader *reader, uint32_t close)
{
    while (reader->token.kind == CST_COMMA) {
        plain_leaf(reader, CST_COMMA);
        if (reader->token.kind == close)
            return;
        read_item(reader);
    }
}

static void read_round(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_TUPLE);
    plain_advance(reader);
    if (reader->token.kind == CST_YIELD) {
        reader->parser->nodes[node].symbol = CST_PARENTHESIZED_EXPRESSION;
        plain_yield(reader);
    } else if (reader->token.kind != PLAIN_CLOSE_ROUND) {
        bool is_starred = reader->token.kind == CST_STAR;
        read_item(reader);
        if (reader->token.kind == CST_FOR_STATEMENT && !is_starred) {
            reader->parser->nodes[node].symbol = CST_GENERATOR_EXPRESSION;
            read_clauses(reader);
        } else if (reader->token.kind == CST_COMMA) {
            read_more_items(reader, PLAIN_CLOSE_ROUND);
        } else if (!is_starred) {
            reader->parser->nodes[node].symbol = CST_PARENTHESIZED_EXPRESSION;
        } else {
            plain_fail(reader);
        }
    }
    plain_expect(reader, PLAIN_CLOSE_ROUND);
    plain_close(reader, node);
}

static void read_square(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_LIST);
    plain_advance(reader);
    if (reader->token.kind != PLAIN_CLOSE_SQUARE) {
        bool is_starred = reader->token.kind == CST_STAR;
        read_item(reader);
        if (reader->token.kind == CST_FOR_STATEMENT && !is_starred) {
            reader->parser->nodes[node].symbol = CST_LIST_COMPREHENSION;
            read_clauses(reader);
        } else {
            read_more_items(reader, PLAIN_CLOSE_SQUARE);
        }
    }
    plain_expect(reader, PLAIN_CLOSE_SQUARE);
    plain_close(reader, node);
}

/* `key: value` or `**value` */
static void read_pair(struct plain_reader *reader)
{
    if (reader->token.kind == CST_STAR_STAR) {
        uint32_t splat = plain_open(reader, CST_DICTIONARY_SPLAT);
        plain_advance(reader);
        plain_expression(reader);
        plain_close(reader, splat);
        return;
    }
    uint32_t pair = plain_open(reader, CST_PAIR);
    plain_expression(reader);
    plain_expect(reader, CST_COLON);
    plain_expression(reader);
    plain_close(reader, pair);
}

static void read_more_pairs(struct plain_reader *reader)
{
    while (reader->token.kind == CST_COMMA) {
        plain_advance(reader);
        if (reader->token.kind != PLAIN_CLOSE_BRACE)
            read_pair(reader);
    }
}

static void read_brace(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_DICTIONARY);
    struct cst_node *nodes = reader->parser->nodes;
    plain_advance(reader);
    if (reader->token.kind == CST_STAR_STAR) {
        read_pair(reader);
        read_more_pairs(reader);
    } else if (reader->token.kind != PLAIN_CLOSE_BRACE) {
        bool is_starred = reader->token.kind == CST_STAR;
        uint32_t first = plain_here(reader), symbol = CST_SET;
        read_item(reader);
        if (reader->token.kind == CST_COLON && !is_starred) {
            symbol = CST_DICTIONARY;
            plain_wrap(reader, first, CST_PAIR);
            plain_advance(reader);
            plain_expression(reader);
            plain_close(reader, first);
        }
        if (reader->token.kind == CST_FOR_STATEMENT && !is_starred) {
            symbol = symbol == CST_SET ? CST_SET_COMPREHENSION : CST_DICTIONARY_COMPREHENSION;
            read_clauses(reader);
        } else if (symbol == CST_SET) {
            read_more_items(reader, PLAIN_CLOSE_BRACE);
        } else {
            read_more_pairs(reader);
        }
        nodes = reader->parser->nodes;
        nodes[node].symbol = symbol;
    }
    plain_expect(reader, PLAIN_CLOSE_BRACE);
    plain_close(reader, node);
}

/* ---- trailers ---- */

static void read_argument(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    if (reader->token.kind == CST_STAR_STAR) {
        read_pair(reader);
        return;
    }
    bool is_starred = reader->token.kind == CST_STAR;
    read_item(reader);
    if (reader->token.kind != CST_EQUALS)
        return;
    if (is_starred || plain_here(reader) != first + 1 || symbol_of(reader, first) != CST_IDENTIFIER) {
        plain_fail(reader);
        return;
    }
    plain_wrap(reader, first, CST_KEYWORD_ARGUMENT);
    plain_advance(reader);
    plain_expression(reader);
    plain_close(reader, first);
}

void plain_arguments(struct plain_reader *reader)
{
    uint32_t list = plain_open(reader, CST_ARGUMENT_LIST);
    plain_advance(reader);
    while (reader->token.kind != PLAIN_CLOSE_ROUND && !reader->failed) {
        uint32_t argument = plain_here(reader);
        bool is_starred = reader->token.kind == CST_STAR || reader->token.kind == CST_STAR_STAR;
        read_argument(reader);
        if (reader->token.kind == CST_FOR_STATEMENT) {
            if (argument != list + 1 || is_starred || symbol_of(reader, argument) == CST_KEYWORD_ARGUMENT)
                plain_fail(reader);
            reader->parser->nodes[list].symbol = CST_GENERATOR_EXPRESSION;
            read_clauses(reader);
            break;
        }
        if (reader->token.kind != CST_COMMA)
            break;
        plain_leaf(reader, CST_COMMA);
    }
    plain_expect(reader, PLAIN_CLOSE_ROUND);
    plain_close(reader, list);
}

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
    if (plain_here(reader) > first + 1 || symbol_of(reader, first) != CST_SLICE)
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
    case CST_STRING: read_strings(reader); break;
    case PLAIN_OPEN_ROUND: read_round(reader); break;
    case PLAIN_OPEN_SQUARE: read_square(reader); break;
    case PLAIN_OPEN_BRACE: read_brace(reader); break;
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

static void read_or(struct plain_reader *reader)
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
        read_or(reader);
        if (reader->token.kind == CST_IF_STATEMENT) {
            plain_wrap(reader, first, CST_CONDITIONAL_EXPRESSION);
            plain_advance(reader);
            read_or(reader);
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
    if (plain_here(reader) != first + 1 || symbol_of(reader, first) != CST_IDENTIFIER || reader->in_field) {
        plain_fail(reader);
        return;
    }
    plain_wrap(reader, first, CST_NAMED_EXPRESSION);
    plain_advance(reader);
    plain_expression(reader);
    plain_close(reader, first);
}

/* What cannot follow a comma that is not the last thing of its list. */
static bool is_list_end(const struct plain_reader *reader)
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
        if (is_list_end(reader))
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
    } else if (!is_list_end(reader) && reader->token.kind != PLAIN_CLOSE_ROUND) {
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

/* ---- targets ---- */

void plain_check_target(struct plain_reader *reader, uint32_t node)
{
    if (reader->failed)
        return;
    const struct cst_node *nodes = reader->parser->nodes;
    switch ((int)nodes[node].symbol) {
    case CST_IDENTIFIER:
    case CST_ATTRIBUTE:
    case CST_SUBSCRIPT: return;
    case CST_LIST_SPLAT:
    case CST_TUPLE:
    case CST_LIST:
    case CST_EXPRESSION_LIST:
    case CST_PATTERN_LIST:
        for (uint32_t child = node + 1; child < nodes[node].skip; child = nodes[child].skip)
            if (nodes[child].symbol != CST_COMMA)
                plain_check_target(reader, child); /* no deeper than the reading was */
        return;
    default: plain_fail(reader); return;
    }
}

static void read_target(struct plain_reader *reader)
{
    if (reader->token.kind != CST_STAR) {
        plain_primary(reader);
        return;
    }
    uint32_t star = plain_open(reader, CST_LIST_SPLAT);
    plain_advance(reader);
    plain_primary(reader);
    plain_close(reader, star);
}

void plain_targets(struct plain_reader *reader)
{
    uint32_t first = plain_here(reader);
    read_target(reader);
    if (reader->token.kind == CST_COMMA) {
        plain_wrap(reader, first, CST_PATTERN_LIST);
        while (reader->token.kind == CST_COMMA) {
            plain_leaf(reader, CST_COMMA);
            if (!is_list_end(reader))
                read_target(reader);
        }
        plain_close(reader, first);
    }
    plain_check_target(reader, first);
}

/* ---- parameters ---- */

static void read_name(struct plain_reader *reader)
{
    if (reader->token.kind != CST_IDENTIFIER)
        plain_fail(reader);
    plain_leaf(reader, CST_IDENTIFIER);
}

/* name, name: type, name = default, name: type = default; *name and **name without default */
static void read_parameter(struct plain_reader *reader, bool typed)
{
    uint32_t first = plain_here(reader), kind = reader->token.kind;
    bool is_splat = kind == CST_STAR || kind == CST_STAR_STAR;
    if (is_splat) {
        plain_open(reader, kind == CST_STAR ? CST_LIST_SPLAT_PATTERN : CST_DICTIONARY_SPLAT_PATTERN);
        plain_advance(reader);
    }
    read_name(reader);
    if (is_splat)
        plain_close(reader, first);
    bool has_type = typed && reader->token.kind == CST_COLON;
    if (has_type) {
        plain_wrap(reader, first, CST_TYPED_PARAMETER);
        plain_advance(reader);
        plain_type(reader);
        plain_close(reader, first);
    }
    if (reader->token.kind != CST_EQUALS)
        return;
    if (is_splat)
        plain_fail(reader);
    if (!has_type)
        plain_wrap(reader, first, CST_DEFAULT_PARAMETER);
    if (reader->failed)
        return;
    plain_advance(reader);
    plain_expression(reader);
    if (has_type)
        reader->parser->nodes[first].symbol = CST_TYPED_DEFAULT_PARAMETER;
    plain_close(reader, first);
}

void plain_parameters(struct plain_reader *reader, uint32_t close, bool typed)
{
    while (reader->token.kind != close && !reader->failed) {
        uint32_t first = plain_here(reader);
        if (reader->token.kind == CST_SLASH) {
            plain_leaf(reader, CST_POSITIONAL_SEPARATOR);
        } else if (reader->token.kind == CST_STAR) {
            struct plain_token star = reader->token;
            uint32_t last_end = reader->last_end;
            plain_advance(reader);
            if (reader->token.kind == CST_COMMA) {
                reader->parser->node_count = first;
                plain_open(reader, CST_KEYWORD_SEPARATOR);
            } else if (!reader->failed) {
                reader->token = star;
                reader->last_end = last_end;
                read_parameter(reader, typed);
            }
        } else {
            read_parameter(reader, typed);
        }
        if (reader->token.kind != CST_COMMA)
            return;
        plain_advance(reader);
    }
}
