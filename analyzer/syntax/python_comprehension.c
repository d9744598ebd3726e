#include "syntax/python_internal.h"

/* The iterable of a clause: what follows `in`. */
static uint32_t lower_iterable(struct lowering *lowering, uint32_t clause)
{
    uint32_t in = cst_child(lowering, clause, CST_IN);
    uint32_t first = in ? cst_next_part(lowering, clause, in) : 0;
    return first ? lower_expressions(lowering, clause, first) : lower_expression(lowering, 0);
}

static uint32_t lower_clause(struct lowering *lowering, uint32_t clause, uint32_t iterable)
{
    bool outer = lowering->binds_hidden;
    lowering->binds_hidden = true;
    uint32_t target = lower_target(lowering, cst_first_part(lowering, clause));
    lowering->binds_hidden = outer;
    bool is_async = cst_symbol(lowering, cst_first(lowering, clause)) == CST_ASYNC;
    return lower_node(lowering, AST_CLAUSE, is_async, target, iterable, 0, cst_at(lowering, clause)->start);
}

/* The clauses after the element, as a list. */
static uint32_t lower_clauses(struct lowering *lowering, uint32_t cst, uint32_t first, uint32_t first_iterable)
{
    size_t start = lower_list_start(lowering);
    uint32_t clause = first;
    while (clause) {
        uint32_t iterable = clause == first ? first_iterable : lower_iterable(lowering, clause);
        uint32_t node = lower_clause(lowering, clause, iterable);
        size_t conditions = lower_list_start(lowering);
        clause = cst_next_part(lowering, cst, clause);
        while (clause && cst_symbol(lowering, clause) == CST_IF_CLAUSE) {
            lower_push(lowering, lower_expression(lowering, cst_first_part(lowering, clause)));
            clause = cst_next_part(lowering, cst, clause);
        }
        uint32_t list = lower_list(lowering, conditions);
        lowering->file->ast.nodes[node].c = list;
        lower_push(lowering, node);
    }
    return lower_list(lowering, start);
}

uint32_t lower_comprehension(struct lowering *lowering, uint32_t cst, enum ast_kind kind)
{
    uint32_t element = cst_first_part(lowering, cst);
    uint32_t clause = cst_next_part(lowering, cst, element);
    if (!clause || cst_symbol(lowering, clause) != CST_FOR_IN_CLAUSE)
        return lower_unsupported(lowering, TEXT("a comprehension of this form"), cst_at(lowering, cst)->start);
    /* The first iterable belongs to the scope around: it does not see the variables. */
    uint32_t iterable = lower_iterable(lowering, clause);
    struct hidden_scope outer = hidden_open(lowering);
    uint32_t clauses = lower_clauses(lowering, cst, clause, iterable);
    uint32_t a, c = 0;
    if (kind == AST_DICT_COMP) {
        uint32_t key = cst_first_part(lowering, element);
        a = lower_expression(lowering, key);
        c = lower_expression(lowering, cst_next_part(lowering, element, key));
    } else {
        a = lower_expression(lowering, element);
    }
    hidden_close(lowering, outer);
    return lower_node(lowering, kind, 0, a, clauses, c, cst_at(lowering, cst)->start);
}
