/*
 * match is not evaluated.  What is kept of it is what it may do to names: the statements of all its cases, and the names
 * that its patterns capture.
 */
#include "syntax/python_internal.h"

static void push_captures(struct lowering *lowering, uint32_t cst);

static void capture(struct lowering *lowering, uint32_t cst)
{
    struct text text = cst_text(lowering, cst);
    if (!text_equal(text, TEXT("_")))
        lower_push(lowering, lower_name(lowering, cst, true));
}

static void capture_parts(struct lowering *lowering, uint32_t cst, uint32_t first)
{
    for (uint32_t child = first; child; child = cst_next_part(lowering, cst, child))
        push_captures(lowering, child);
}

/* A dotted name captures when it has no dot; the names of classes and keywords do not. */
static void push_captures(struct lowering *lowering, uint32_t cst)
{
    uint32_t first = cst_first_part(lowering, cst);
    if (!lower_deeper(lowering, cst_at(lowering, cst)->start))
        return;
    switch ((int)cst_symbol(lowering, cst)) {
    case CST_DOTTED_NAME:
        if (first && !cst_next_part(lowering, cst, first))
            capture(lowering, first);
        break;
    case CST_IDENTIFIER: capture(lowering, cst); break;
    case CST_CLASS_PATTERN:
    case CST_KEYWORD_PATTERN: capture_parts(lowering, cst, first ? cst_next_part(lowering, cst, first) : 0); break;
    default: capture_parts(lowering, cst, first); break;
    }
    lower_shallower(lowering);
}

uint32_t lower_match(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t block = cst_child(lowering, cst, CST_BLOCK);
    size_t subjects = lower_list_start(lowering);
    bool commas = false;
    for (uint32_t part = cst_first(lowering, cst); part && part != block; part = cst_next(lowering, cst, part)) {
        commas = commas || cst_symbol(lowering, part) == CST_COMMA;
        if (!cst_is_mark(lowering, part))
            lower_push(lowering, lower_expression(lowering, part));
    }
    uint32_t list = lower_list(lowering, subjects);
    uint32_t subject = list && !commas ? ast_list_item(&lowering->file->ast, list, 0)
                                       : lower_node(lowering, AST_TUPLE, 0, list, 0, 0, at);
    size_t bodies = lower_list_start(lowering);
    for (uint32_t part = block ? cst_first_part(lowering, block) : 0; part;
         part = cst_next_part(lowering, block, part)) {
        uint32_t body = lower_block(lowering, cst_child(lowering, part, CST_BLOCK));
        for (uint32_t i = 0; i < ast_list_count(&lowering->file->ast, body); i++)
            lower_push(lowering, ast_list_item(&lowering->file->ast, body, i));
    }
    uint32_t statements = lower_list(lowering, bodies);
    size_t captures = lower_list_start(lowering);
    for (uint32_t part = block ? cst_first_part(lowering, block) : 0; part;
         part = cst_next_part(lowering, block, part)) {
        for (uint32_t child = cst_first_part(lowering, part); child; child = cst_next_part(lowering, part, child)) {
            if (cst_symbol(lowering, child) == CST_CASE_PATTERN)
                push_captures(lowering, child);
            else if (cst_symbol(lowering, child) == CST_IF_CLAUSE)
                lower_expression(lowering, cst_first_part(lowering, child));
        }
    }
    if (!statements)
        lower_fail(lowering, TEXT("a syntax error: a match without cases"), at);
    return lower_node(lowering, AST_MATCH, 0, subject, statements, lower_list(lowering, captures), at);
}
