/* Comprehensions and generator expressions: clause by clause, from the outside in. */
#include <string.h>

#include "eval/eval.h"
#include "eval/expression.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"

enum comprehension_kind { COMPREHENSION_LIST, COMPREHENSION_SET, COMPREHENSION_DICT };

struct comprehension {
    enum comprehension_kind kind;
    uint32_t element, value, clauses;
    struct list *list;
    struct dict *dict;
    struct reason *open;
    uint64_t start; /* ev->steps when it began */
};

static bool run_clauses(struct eval *ev, struct frame *frame, struct comprehension *comprehension, uint32_t clause_number);

static bool add_element(struct eval *ev, struct frame *frame, struct comprehension *comprehension)
{
    struct value element = eval_expression(ev, frame, comprehension->element);
    if (is_raised(element))
        return false;
    if (comprehension->kind == COMPREHENSION_LIST)
        return list_append(ev, comprehension->list, element);
    struct value value = value_none();
    if (comprehension->kind == COMPREHENSION_DICT) {
        value = eval_expression(ev, frame, comprehension->value);
        if (is_raised(value))
            return false;
    }
    return comprehension->kind == COMPREHENSION_SET ? set_store(ev, comprehension->dict, element)
                                                    : dict_store(ev, comprehension->dict, element, value);
}

static bool run_conditions(struct eval *ev, struct frame *frame, struct comprehension *comprehension, uint32_t clause_number,
                           uint32_t conditions, uint32_t first);

/* The rest of a clause that may run or not, or may run again and again. */
struct rest {
    struct frame *frame;
    struct comprehension *comprehension;
    uint32_t clause_number, target, conditions, first;
    struct value item;
};

static bool run_rest(struct eval *ev, void *context)
{
    const struct rest *rest = context;
    if (rest->target && !assign_target(ev, rest->frame, rest->target, rest->item))
        return false;
    return run_conditions(ev, rest->frame, rest->comprehension, rest->clause_number, rest->conditions, rest->first);
}

static bool run_conditions(struct eval *ev, struct frame *frame, struct comprehension *comprehension, uint32_t clause_number,
                           uint32_t conditions, uint32_t first)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, conditions);
    for (uint32_t i = first; i < count; i++) {
        struct value condition = eval_expression(ev, frame, ast_list_item(&frame->unit->file->ast, conditions, i));
        if (is_raised(condition))
            return false;
        int truth = value_truth(ev, condition);
        if (truth == -2)
            return false;
        if (truth == 0)
            return true;
        if (truth == -1) {
            struct reason *reason = is_unknown(condition) ? condition.reason : eval_reason(ev, TEXT("a condition that cannot be told"));
            struct rest rest = {frame, comprehension, clause_number, 0, conditions, i + 1, value_unbound()};
            comprehension->open = reason;
            return run_repeatedly(ev, run_rest, &rest, reason);
        }
    }
    return run_clauses(ev, frame, comprehension, clause_number + 1);
}

/* A number, or rows of them, however deep. */
static bool only_numbers(struct value value)
{
    for (int depth = 0; depth < LIMIT_TENSOR_DIMS; depth++) {
        if (value.kind == VALUE_INT || value.kind == VALUE_FLOAT || value.kind == VALUE_BOOL || (is_unknown(value) && value.plain))
            return true;
        if ((value.kind != VALUE_LIST && value.kind != VALUE_TUPLE) || !value.list->count)
            return false;
        value = value.list->items[value.list->count - 1];
    }
    return false;
}

/*
 * Tables of sines and the like have a million numbers that decide nothing.  When one has taken that long, the rest of its
 * items is run as items that cannot be told.
 */
static bool is_long_table(const struct eval *ev, const struct comprehension *comprehension)
{
    const struct list *list = comprehension->list;
    return ev->steps - comprehension->start > LIMIT_TABLE_STEPS && list && list->count && only_numbers(list->items[list->count - 1]);
}

/* The items from `first` on, any number of them in any order. */
static bool run_rest_of_table(struct eval *ev, struct rest *rest, const struct list *items, uint32_t first)
{
    struct reason *reason = eval_reason(ev, TEXT("a table of more numbers than are worked out"));
    rest->comprehension->open = reason;
    rest->item = unknown_one_of(ev, reason, items->items + first, items->count - first);
    rest->item.plain = is_unknown(rest->item);
    for (uint32_t i = first; i < items->count; i++)
        rest->item.plain &= only_numbers(items->items[i]);
    return !is_raised(rest->item) && run_repeatedly(ev, run_rest, rest, reason);
}

static bool run_clauses(struct eval *ev, struct frame *frame, struct comprehension *comprehension, uint32_t clause_number)
{
    const struct ast *ast = &frame->unit->file->ast;
    if (clause_number == ast_list_count(ast, comprehension->clauses))
        return add_element(ev, frame, comprehension);
    struct ast_node clause = ast->nodes[ast_list_item(ast, comprehension->clauses, clause_number)];
    /* The first iterable belongs to the scope around. */
    struct comprehension_scope *inside = frame->comprehension;
    frame->comprehension = clause_number ? inside : inside->outer;
    struct value iterable = eval_expression(ev, frame, clause.b);
    frame->comprehension = inside;
    if (is_raised(iterable))
        return false;
    struct list *items = is_unknown(iterable) ? NULL : iterate(ev, iterable, &iterable);
    if (!items) {
        if (is_raised(iterable))
            return false;
        struct rest rest = {frame, comprehension, clause_number, clause.a, clause.c, 0, iterable};
        comprehension->open = iterable.reason;
        return run_repeatedly(ev, run_rest, &rest, iterable.reason);
    }
    for (uint32_t i = 0; i < items->count; i++) {
        if (clause_number == 0 && is_long_table(ev, comprehension)) {
            struct rest rest = {frame, comprehension, clause_number, clause.a, clause.c, 0, value_unbound()};
            return run_rest_of_table(ev, &rest, items, i);
        }
        if (!assign_target(ev, frame, clause.a, items->items[i]))
            return false;
        if (!run_conditions(ev, frame, comprehension, clause_number, clause.c, 0))
            return false;
    }
    return true;
}

/* The variables of a comprehension end with it, but for functions that were made in it. */
static void end_target(struct eval *ev, struct frame *frame, uint32_t target, struct frame *kept)
{
    struct ast_node node = frame->unit->file->ast.nodes[target];
    if (node.kind == AST_LOCAL && node.b < frame->slot_count) {
        cell_touch(ev, &frame->cell);
        if (kept) {
            cell_touch(ev, &kept->cell);
            kept->slots[node.b] = frame->slots[node.b];
        }
        frame->slots[node.b] = value_unbound();
    } else if (node.kind == AST_TUPLE || node.kind == AST_LIST) {
        for (uint32_t i = 0; i < ast_list_count(&frame->unit->file->ast, node.a); i++)
            end_target(ev, frame, ast_list_item(&frame->unit->file->ast, node.a, i), kept);
    } else if (node.kind == AST_STARRED) {
        end_target(ev, frame, node.a, kept);
    }
}

struct value eval_comprehension(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct comprehension comprehension = {.element = node.a, .clauses = node.b, .value = node.c, .start = ev->steps};
    enum value_kind kind = VALUE_LIST;
    if (node.kind == AST_SET_COMP || node.kind == AST_DICT_COMP) {
        comprehension.kind = node.kind == AST_SET_COMP ? COMPREHENSION_SET : COMPREHENSION_DICT;
        comprehension.dict = dict_new(ev);
        kind = node.kind == AST_SET_COMP ? VALUE_SET : VALUE_DICT;
    } else {
        comprehension.list = list_new(ev, 0);
    }
    struct comprehension_scope scope = {.outer = frame->comprehension};
    frame->comprehension = &scope;
    bool fine = run_clauses(ev, frame, &comprehension, 0);
    frame->comprehension = scope.outer;
    for (uint32_t i = 0; i < ast_list_count(&frame->unit->file->ast, node.b); i++)
        end_target(ev, frame, frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.b, i)].a, scope.frame);
    if (!fine)
        return value_raised();
    if (comprehension.dict) {
        if (comprehension.open)
            comprehension.dict->open = comprehension.open;
        return value_of(kind, comprehension.dict);
    }
    comprehension.list->open = comprehension.open;
    if (node.kind == AST_GENERATOR) {
        struct iterator *iterator = ARENA_NEW(eval_heap(ev), struct iterator);
        cell_init(ev, &iterator->cell, CELL_ITERATOR);
        iterator->list = comprehension.list;
        iterator->returned = value_none();
        return value_of(VALUE_ITERATOR, iterator);
    }
    return value_of(VALUE_LIST, comprehension.list);
}
