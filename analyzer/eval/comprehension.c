/* Comprehensions and generator expressions: clause by clause, from the outside in. */
#include <string.h>

#include "eval/eval.h"
#include "eval/expression.h"
#include "eval/repeat.h"
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

/*
 * Tables: a constructor may compute a number for each of a million (position, channel) pairs, only to fill a buffer.  From
 * LIMIT_TABLE_NUMBERS such numbers on, the rest of a long list is told at once, by evaluating its element over a number that
 * cannot be told.
 */
#define TABLE_ROW 64 /* shorter lists are worked out one by one */

/* May what is left be a row of a table: the innermost clause of a list, without conditions, over many numbers? */
static bool may_be_table(struct eval *ev, const struct frame *frame, const struct comprehension *comprehension, uint32_t clause_number,
                         const struct list *items)
{
    const struct ast *ast = &frame->unit->file->ast;
    struct ast_node clause = ast->nodes[ast_list_item(ast, comprehension->clauses, clause_number)];
    if (comprehension->kind != COMPREHENSION_LIST || items->count < TABLE_ROW || ev->importing || ast_list_count(ast, clause.c) ||
        clause_number + 1 < ast_list_count(ast, comprehension->clauses))
        return false;
    for (uint32_t i = 0; i < items->count; i++)
        if (!is_number(items->items[i]))
            return false;
    return true;
}

/* The last `count` elements at once.  1 done, 0 they have to be worked out one by one, -1 stopped. */
static int rest_of_table(struct eval *ev, struct frame *frame, struct comprehension *comprehension, uint32_t target, uint32_t count)
{
    if (!assign_target(ev, frame, target, eval_unknown_plain(ev, "a number out of a long table")))
        return -1;
    uint32_t guesses = ev->guesses;
    struct transaction transaction;
    transaction_begin(ev, &transaction);
    ev->ways++;
    struct value element = eval_expression(ev, frame, comprehension->element);
    ev->ways--;
    /* The same object for all would be wrong, and so would be one write in the place of many, or a branch not followed
     * because it raises (whatever is tried both ways begins a transaction). */
    bool same_for_all = is_number(element) || element.kind == VALUE_NONE || element.kind == VALUE_STR ||
                        (is_unknown(element) && element.plain);
    if (ev->stopped || !same_for_all || transaction.saved_count || ev->epoch != transaction.epoch) {
        transaction_undo(ev, &transaction);
        ev->guesses = guesses;
        return ev->stopped ? -1 : 0;
    }
    transaction_keep(ev, &transaction);
    for (uint32_t i = 0; i < count; i++)
        if (!list_append(ev, comprehension->list, element))
            return -1;
    return 1;
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
    bool is_table = may_be_table(ev, frame, comprehension, clause_number, items);
    bool is_innermost = clause_number + 1 == ast_list_count(&frame->unit->file->ast, comprehension->clauses);
    bool may_repeat = is_innermost && comprehension->kind == COMPREHENSION_LIST &&
                      !ast_list_count(&frame->unit->file->ast, clause.c) && repeat_may_be(ev, frame, comprehension->element, clause.a);
    for (uint32_t i = 0; i < items->count; i++) {
        if (is_table && ev->table_items >= LIMIT_TABLE_NUMBERS) {
            int done = rest_of_table(ev, frame, comprehension, clause.a, items->count - i);
            if (done)
                return done > 0;
            is_table = false;
        }
        if (!assign_target(ev, frame, clause.a, items->items[i]))
            return false;
        if (may_repeat && i == 1) { /* the first may also have imported what they need */
            uint32_t done = repeat_element(ev, frame, comprehension->element, comprehension->list, items->count - i);
            if (!done)
                return false;
            i += done - 1;
            continue;
        }
        if (!run_conditions(ev, frame, comprehension, clause_number, clause.c, 0))
            return false;
        ev->table_items += is_table && is_number(comprehension->list->items[comprehension->list->count - 1]);
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
    struct comprehension comprehension = {.element = node.a, .clauses = node.b, .value = node.c};
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
