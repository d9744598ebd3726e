#include "syntax/python_plain.h"

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
        plain_or(reader);
        plain_close(reader, clause);
        while (reader->token.kind == CST_IF_STATEMENT) {
            clause = plain_open(reader, CST_IF_CLAUSE);
            plain_advance(reader);
            plain_or(reader);
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

void plain_round(struct plain_reader *reader)
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

void plain_square(struct plain_reader *reader)
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

void plain_brace(struct plain_reader *reader)
{
    uint32_t node = plain_open(reader, CST_DICTIONARY);
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
        reader->parser->nodes[node].symbol = symbol;
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
    if (is_starred || plain_here(reader) != first + 1 || plain_symbol(reader, first) != CST_IDENTIFIER) {
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
            if (argument != list + 1 || is_starred || plain_symbol(reader, argument) == CST_KEYWORD_ARGUMENT)
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
