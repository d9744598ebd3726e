#include "syntax/python_plain.h"

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
            if (!plain_ends_list(reader))
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
