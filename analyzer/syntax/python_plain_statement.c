#include "syntax/python_plain.h"

static void read_statement(struct plain_reader *reader);

static bool is_word(const struct plain_reader *reader, const char *word)
{
    struct text text = {reader->text + reader->token.start, reader->token.end - reader->token.start};
    return reader->token.kind == CST_IDENTIFIER && text_equal(text, text_from(word));
}

/* ---- imports ---- */

static void read_dotted(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_DOTTED_NAME);
    for (;;) {
        if (reader->token.kind != CST_IDENTIFIER)
            plain_fail(reader);
        plain_leaf(reader, CST_IDENTIFIER);
        if (reader->token.kind != PLAIN_DOT)
            break;
        plain_advance(reader);
    }
    plain_close(reader, node);
}

/* name, name as other, ... */
static void read_import_names(struct plain_reader *reader, bool in_brackets)
{
    for (;;) {
        uint32_t first = plain_here(reader);
        read_dotted(reader);
        if (reader->token.kind == CST_AS) {
            plain_wrap(reader, first, CST_ALIASED_IMPORT);
            plain_advance(reader);
            if (reader->token.kind != CST_IDENTIFIER)
                plain_fail(reader);
            plain_leaf(reader, CST_IDENTIFIER);
            plain_close(reader, first);
        }
        if (reader->token.kind != CST_COMMA)
            return;
        plain_advance(reader);
        if (in_brackets && reader->token.kind == PLAIN_CLOSE_ROUND)
            return;
    }
}

static void read_module_name(struct plain_reader *reader)
{
    if (reader->token.kind != PLAIN_DOT && reader->token.kind != CST_ELLIPSIS) {
        read_dotted(reader);
        return;
    }
    uint32_t relative = plain_open(reader, CST_RELATIVE_IMPORT);
    uint32_t prefix = plain_open(reader, CST_IMPORT_PREFIX);
    while (reader->token.kind == PLAIN_DOT || reader->token.kind == CST_ELLIPSIS)
        plain_advance(reader);
    plain_close(reader, prefix);
    if (reader->token.kind != CST_IMPORT_STATEMENT)
        read_dotted(reader);
    plain_close(reader, relative);
}

static void read_from_import(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_IMPORT_FROM_STATEMENT);
    plain_advance(reader);
    bool is_future = is_word(reader, "__future__");
    if (is_future) {
        reader->parser->nodes[node].symbol = CST_FUTURE_IMPORT_STATEMENT;
        plain_advance(reader);
    } else {
        read_module_name(reader);
    }
    plain_expect(reader, CST_IMPORT_STATEMENT);
    if (reader->token.kind == CST_STAR && !is_future) {
        plain_leaf(reader, CST_WILDCARD_IMPORT);
    } else if (reader->token.kind == PLAIN_OPEN_ROUND) {
        plain_advance(reader);
        read_import_names(reader, true);
        plain_expect(reader, PLAIN_CLOSE_ROUND);
    } else {
        read_import_names(reader, false);
    }
    plain_close(reader, node);
}

/* ---- simple statements ---- */

static bool ends_statement(const struct plain_reader *reader)
{
    uint32_t kind = reader->token.kind;
    return kind == PLAIN_LINE || kind == PLAIN_END || kind == PLAIN_SEMICOLON;
}

static void read_keyword(struct plain_reader *reader)
{
    uint32_t kind = reader->token.kind;
    uint32_t node = plain_open(reader, (enum cst_symbol)kind);
    plain_advance(reader);
    switch (kind) {
    case CST_RETURN_STATEMENT:
        if (!ends_statement(reader))
            plain_expressions(reader);
        break;
    case CST_DELETE_STATEMENT: {
        uint32_t first = plain_here(reader);
        plain_expressions(reader);
        plain_check_target(reader, first);
        break;
    }
    case CST_RAISE_STATEMENT:
        if (!ends_statement(reader))
            plain_expression(reader);
        if (reader->token.kind == CST_FROM) {
            plain_leaf(reader, CST_FROM);
            plain_expression(reader);
        }
        break;
    case CST_ASSERT_STATEMENT:
        plain_expression(reader);
        if (reader->token.kind == CST_COMMA) {
            plain_advance(reader);
            plain_expression(reader);
        }
        break;
    case CST_IMPORT_STATEMENT: read_import_names(reader, false); break;
    case CST_GLOBAL_STATEMENT:
    case CST_NONLOCAL_STATEMENT:
        for (;;) {
            if (reader->token.kind != CST_IDENTIFIER)
                plain_fail(reader);
            plain_leaf(reader, CST_IDENTIFIER);
            if (reader->token.kind != CST_COMMA)
                break;
            plain_advance(reader);
        }
        break;
    default: break; /* pass, break, continue */
    }
    plain_close(reader, node);
}

/* What stands right of `=`; `a = b = c` is an assignment in an assignment. */
static void read_right(struct plain_reader *reader, bool may_chain)
{
    uint32_t first = plain_here(reader);
    if (!plain_deeper(reader)) {
        plain_shallower(reader);
        return;
    }
    if (reader->token.kind == CST_YIELD)
        plain_yield(reader);
    else
        plain_expressions(reader);
    if (reader->token.kind == CST_EQUALS && may_chain) {
        plain_check_target(reader, first);
        plain_wrap(reader, first, CST_ASSIGNMENT);
        plain_advance(reader);
        read_right(reader, true);
        plain_close(reader, first);
    }
    plain_shallower(reader);
}

static bool is_place(const struct plain_reader *reader, uint32_t node)
{
    uint32_t symbol = reader->failed ? CST_UNKNOWN : reader->parser->nodes[node].symbol;
    return symbol == CST_IDENTIFIER || symbol == CST_ATTRIBUTE || symbol == CST_SUBSCRIPT;
}

static void read_expression_statement(struct plain_reader *reader)
{
    uint32_t statement = plain_open(reader, CST_EXPRESSION_STATEMENT), first = statement + 1;
    if (reader->token.kind == CST_YIELD) {
        plain_yield(reader);
        plain_close(reader, statement);
        return;
    }
    plain_expressions(reader);
    uint32_t kind = reader->token.kind;
    if (kind == CST_EQUALS) {
        plain_check_target(reader, first);
        plain_wrap(reader, first, CST_ASSIGNMENT);
        plain_advance(reader);
        read_right(reader, true);
        plain_close(reader, first);
    } else if (kind == CST_COLON && is_place(reader, first)) {
        plain_wrap(reader, first, CST_ASSIGNMENT);
        plain_advance(reader);
        plain_type(reader);
        if (reader->token.kind == CST_EQUALS) {
            plain_advance(reader);
            read_right(reader, false);
        }
        plain_close(reader, first);
    } else if (kind >= CST_PLUS_EQUALS && kind <= CST_BAR_EQUALS && is_place(reader, first)) {
        plain_wrap(reader, first, CST_AUGMENTED_ASSIGNMENT);
        plain_leaf(reader, (enum cst_symbol)kind);
        read_right(reader, false);
        plain_close(reader, first);
    }
    plain_close(reader, statement);
}

static void read_simple(struct plain_reader *reader)
{
    switch (reader->token.kind) {
    case CST_RETURN_STATEMENT:
    case CST_DELETE_STATEMENT:
    case CST_RAISE_STATEMENT:
    case CST_ASSERT_STATEMENT:
    case CST_IMPORT_STATEMENT:
    case CST_GLOBAL_STATEMENT:
    case CST_NONLOCAL_STATEMENT:
    case CST_PASS_STATEMENT:
    case CST_BREAK_STATEMENT:
    case CST_CONTINUE_STATEMENT: read_keyword(reader); break;
    case CST_FROM: read_from_import(reader); break;
    default:
        if (is_word(reader, "match") || is_word(reader, "case") || is_word(reader, "type"))
            plain_fail(reader); /* they may start statements of their own */
        read_expression_statement(reader);
        break;
    }
}

/* The simple statements up to the line's end. */
static void read_simple_line(struct plain_reader *reader)
{
    for (;;) {
        read_simple(reader);
        if (reader->token.kind != PLAIN_SEMICOLON)
            break;
        plain_advance(reader);
        if (ends_statement(reader))
            break;
    }
    if (reader->token.kind != PLAIN_END)
        plain_expect(reader, PLAIN_LINE);
}

/* ---- blocks ---- */

/* `:` and what belongs to it. */
static void read_block(struct plain_reader *reader)
{
    uint32_t outer = reader->column;
    plain_expect(reader, CST_COLON);
    uint32_t block = plain_open(reader, CST_BLOCK);
    if (reader->token.kind != PLAIN_LINE) {
        read_simple_line(reader);
        plain_close(reader, block);
        return;
    }
    plain_advance(reader);
    uint32_t column = reader->column;
    if (column <= outer || reader->token.kind == PLAIN_END || !plain_deeper(reader)) {
        plain_fail(reader);
        return;
    }
    while (reader->token.kind != PLAIN_END && reader->column == column)
        read_statement(reader);
    if (reader->column > column)
        plain_fail(reader);
    plain_shallower(reader);
    plain_close(reader, block);
}

/* Is the token the clause `kind` of the statement that started at this column? */
static bool is_clause(const struct plain_reader *reader, uint32_t kind, uint32_t column)
{
    return reader->token.kind == kind && reader->column == column;
}

static void read_else(struct plain_reader *reader, uint32_t kind, uint32_t column)
{
    if (!is_clause(reader, kind, column))
        return;
    uint32_t clause = plain_open(reader, (enum cst_symbol)kind);
    plain_advance(reader);
    read_block(reader);
    plain_close(reader, clause);
}

static void read_if(struct plain_reader *reader)
{
    uint32_t column = reader->column, node = plain_open(reader, CST_IF_STATEMENT);
    plain_advance(reader);
    plain_named(reader);
    read_block(reader);
    while (is_clause(reader, CST_ELIF_CLAUSE, column)) {
        uint32_t clause = plain_open(reader, CST_ELIF_CLAUSE);
        plain_advance(reader);
        plain_named(reader);
        read_block(reader);
        plain_close(reader, clause);
    }
    read_else(reader, CST_ELSE_CLAUSE, column);
    plain_close(reader, node);
}

static void read_while(struct plain_reader *reader)
{
    uint32_t column = reader->column, node = plain_open(reader, CST_WHILE_STATEMENT);
    plain_advance(reader);
    plain_named(reader);
    read_block(reader);
    read_else(reader, CST_ELSE_CLAUSE, column);
    plain_close(reader, node);
}

static void read_for(struct plain_reader *reader)
{
    uint32_t column = reader->column, node = plain_open(reader, CST_FOR_STATEMENT);
    plain_advance(reader);
    plain_targets(reader);
    plain_expect(reader, CST_IN);
    plain_expressions(reader);
    read_block(reader);
    read_else(reader, CST_ELSE_CLAUSE, column);
    plain_close(reader, node);
}

/* `as target` around what was read from `first` on */
static void read_as(struct plain_reader *reader, uint32_t first)
{
    if (reader->token.kind != CST_AS)
        return;
    plain_wrap(reader, first, CST_AS_PATTERN);
    plain_advance(reader);
    uint32_t target = plain_open(reader, CST_AS_PATTERN_TARGET);
    plain_primary(reader);
    plain_check_target(reader, target + 1);
    plain_close(reader, target);
    plain_close(reader, first);
}

static void read_try(struct plain_reader *reader)
{
    uint32_t column = reader->column, node = plain_open(reader, CST_TRY_STATEMENT);
    plain_advance(reader);
    read_block(reader);
    while (is_clause(reader, CST_EXCEPT_CLAUSE, column)) {
        uint32_t clause = plain_open(reader, CST_EXCEPT_CLAUSE), first = clause + 1;
        plain_advance(reader);
        if (reader->token.kind != CST_COLON) {
            plain_expression(reader);
            read_as(reader, first);
        }
        read_block(reader);
        plain_close(reader, clause);
    }
    read_else(reader, CST_ELSE_CLAUSE, column);
    read_else(reader, CST_FINALLY_CLAUSE, column);
    plain_close(reader, node);
}

static void read_with(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_WITH_STATEMENT);
    plain_advance(reader);
    if (reader->token.kind == PLAIN_OPEN_ROUND)
        plain_fail(reader); /* a tuple, or items in brackets */
    uint32_t clause = plain_open(reader, CST_WITH_CLAUSE);
    for (;;) {
        uint32_t item = plain_open(reader, CST_WITH_ITEM);
        plain_expression(reader);
        read_as(reader, item + 1);
        plain_close(reader, item);
        if (reader->token.kind != CST_COMMA)
            break;
        plain_leaf(reader, CST_COMMA);
    }
    plain_close(reader, clause);
    read_block(reader);
    plain_close(reader, node);
}

/* ---- definitions ---- */

static void read_definition_name(struct plain_reader *reader)
{
    plain_advance(reader);
    if (reader->token.kind != CST_IDENTIFIER)
        plain_fail(reader);
    plain_leaf(reader, CST_IDENTIFIER);
}

static void read_function(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_FUNCTION_DEFINITION);
    read_definition_name(reader);
    uint32_t parameters = plain_open(reader, CST_PARAMETERS);
    plain_expect(reader, PLAIN_OPEN_ROUND);
    plain_parameters(reader, PLAIN_CLOSE_ROUND, true);
    plain_expect(reader, PLAIN_CLOSE_ROUND);
    plain_close(reader, parameters);
    if (reader->token.kind == PLAIN_ARROW) {
        plain_advance(reader);
        plain_type(reader);
    }
    read_block(reader);
    plain_close(reader, node);
}

static void read_class(struct plain_reader *reader, bool is_header)
{
    uint32_t node = plain_open(reader, CST_CLASS_DEFINITION);
    read_definition_name(reader);
    if (reader->token.kind == PLAIN_OPEN_ROUND)
        plain_arguments(reader);
    if (is_header)
        plain_expect(reader, CST_COLON);
    else
        read_block(reader);
    plain_close(reader, node);
}

static void read_definition(struct plain_reader *reader, bool is_header)
{
    uint32_t column = reader->column, node = 0;
    bool is_decorated = reader->token.kind == CST_AT;
    if (is_decorated)
        node = plain_open(reader, CST_DECORATED_DEFINITION);
    while (reader->token.kind == CST_AT && reader->column == column) {
        uint32_t decorator = plain_open(reader, CST_DECORATOR);
        plain_advance(reader);
        plain_named(reader);
        plain_close(reader, decorator);
        plain_expect(reader, PLAIN_LINE);
    }
    if (reader->column != column)
        plain_fail(reader);
    if (reader->token.kind == CST_FUNCTION_DEFINITION && !is_header)
        read_function(reader);
    else if (reader->token.kind == CST_CLASS_DEFINITION)
        read_class(reader, is_header);
    else
        plain_fail(reader);
    if (is_decorated)
        plain_close(reader, node);
}

/* ---- all of them ---- */

static void read_statement(struct plain_reader *reader)
{
    switch (reader->token.kind) {
    case CST_IF_STATEMENT: read_if(reader); break;
    case CST_FOR_STATEMENT: read_for(reader); break;
    case CST_WHILE_STATEMENT: read_while(reader); break;
    case CST_WITH_STATEMENT: read_with(reader); break;
    case PLAIN_TRY: read_try(reader); break;
    case CST_AT:
    case CST_FUNCTION_DEFINITION:
    case CST_CLASS_DEFINITION: read_definition(reader, false); break;
    default: read_simple_line(reader); break;
    }
}

bool plain_read(struct python_file *file, uint32_t start, uint32_t end, bool is_header)
{
    const char *text = file->source.bytes.bytes;
    bool at_line = start == 0 || text[start - 1] == '\n';
    struct plain_reader reader = {.parser = file->parser, .text = text, .end = end, .last_end = start};
    if (!at_line || end - start > LIMIT_PIECE_BYTES) /* after a `;`, or too long for tree-sitter as well */
        return false;
    reader.parser->node_count = 0;
    reader.token = (struct plain_token){PLAIN_LINE, start, start, 0};
    uint32_t module = plain_open(&reader, CST_MODULE);
    plain_advance(&reader);
    if (is_header)
        read_definition(&reader, true);
    else
        read_statement(&reader);
    plain_close(&reader, module);
    return !reader.failed && reader.token.kind == PLAIN_END && plain_here(&reader) > 1 &&
           reader.parser->nodes[1].skip == plain_here(&reader);
}
