/* for and while.  A loop that cannot be decided is run until another run would not change what is known. */
#include <string.h>

#include "eval/eval.h"
#include "eval/evidence.h"
#include "eval/live_walk.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "eval/ways.h"

#define MAX_ROUNDS 64
#define ALIAS_ROUNDS 8 /* runs for which new things that a value may be count as a change: later ones are the loop's own */

struct rounds {
    uint32_t count;
    bool over;
};

/* May another run of what may be run again and again find something else? */
static bool another_round(struct eval *ev, struct rounds *rounds)
{
    if (++rounds->count > MAX_ROUNDS)
        eval_stop(ev, "a loop that goes on changing what cannot be told");
    return !ev->stopped && !rounds->over;
}

/* Joins what a run left with not having run.  Where that changed nothing that was known before it, another run would not. */
static void join_round(struct eval *ev, struct rounds *rounds, const struct outcome *outcome, struct reason *reason)
{
    uint32_t weakened = ev->weakened, aliases = ev->aliases_added;
    outcomes_join(ev, outcome, 1, true, reason);
    rounds->over = ev->weakened == weakened && (ev->aliases_added == aliases || rounds->count >= ALIAS_ROUNDS);
}

bool run_repeatedly(struct eval *ev, bool (*once)(struct eval *ev, void *context), void *context, struct reason *reason)
{
    struct rounds rounds = {0};
    ev->guesses++;
    while (another_round(ev, &rounds)) {
        struct transaction transaction;
        transaction_begin(ev, &transaction);
        ev->ways++;
        bool fine = once(ev, context);
        ev->ways--;
        struct outcome outcome = transaction_take(ev, &transaction);
        if (!fine)
            break; /* then it cannot have run */
        join_round(ev, &rounds, &outcome, reason);
    }
    return !ev->stopped;
}

/* A loop whose items cannot be told: it may run never, once or many times.  Its body is run until another run would not
 * change what is known, each joined with not having run. */
static enum flow run_unknown_loop(struct eval *ev, struct frame *frame, uint32_t target, struct ast_node node, struct reason *reason)
{
    /* Of a while loop, the condition belongs to each run. */
    uint32_t condition = node.kind == AST_WHILE ? node.a : 0;
    ev->guesses++;
    struct pending pending = {0};
    struct rounds rounds = {0};
    bool may_break = false;
    while (another_round(ev, &rounds)) {
        struct way way;
        way_begin(ev, frame, &way);
        ev->ways++;
        bool fine = condition ? !is_raised(eval_expression(ev, frame, condition)) : assign_target(ev, frame, target, unknown_from(reason));
        way_settle(ev, frame, &way, fine ? run_block(ev, frame, node.b) : FLOW_RAISE);
        ev->ways--;
        struct outcome outcome = transaction_take(ev, &way.transaction);
        if (ev->stopped)
            return FLOW_RAISE;
        if (way.flow == FLOW_RAISE)
            break; /* then it cannot have run */
        may_break |= way.flow == FLOW_BREAK || way.pending.reason[MAYBE_LOOP];
        join_round(ev, &rounds, &outcome, reason);
        struct value early = way.flow == FLOW_RETURN ? way.result : way.pending.early;
        if (way.flow == FLOW_RETURN || way.pending.reason[MAYBE_CALL]) {
            pending.early = pending.reason[MAYBE_CALL] ? value_join(ev, pending.early, early, reason) : early;
            pending.reason[MAYBE_CALL] = reason;
        }
    }
    if (ev->stopped)
        return FLOW_RAISE;
    pending_open(ev, frame, &pending);
    if (!may_break || !node.c)
        return run_block(ev, frame, node.c);
    struct way ways[2];
    run_way(ev, frame, node.c, &ways[0]);
    if (ev->stopped)
        return FLOW_RAISE;
    run_way(ev, frame, 0, &ways[1]);
    return join_ways(ev, frame, ways, 2, reason);
}

/* One iteration; what leaves it early does not leave the loop. */
static enum flow run_iteration(struct eval *ev, struct frame *frame, uint32_t body)
{
    struct maybe *mark = frame->maybe;
    enum flow flow = run_block(ev, frame, body);
    if (frame->maybe != mark)
        flow = maybe_leave(ev, frame, mark, MAYBE_ITERATION, flow);
    if (++ev->steps > ev->step_limit) {
        eval_stop(ev, "more steps than any real constructor takes");
        return FLOW_RAISE;
    }
    return flow;
}

/* What a for statement walks over.  A list is walked as it changes, and what iter() gave as it is used up elsewhere; of a
 * dict or a set Python notices when its size changes. */
struct cursor {
    struct value over;   /* LIST, TUPLE, ITERATOR; else UNBOUND: `items` are what it gave */
    struct list *items;
    uint32_t next;
    const struct dict *dict; /* whose keys, values or items they are, or NULL */
    uint32_t size;
    bool is_set;
    struct live_walk *walk; /* over modules, or NULL */
};

/* False: *outcome is Unknown or raised. */
static bool cursor_start(struct eval *ev, struct cursor *cursor, struct value iterable, struct value *outcome)
{
    *cursor = (struct cursor){.over = value_unbound()};
    *outcome = iterable;
    if (iterable.kind == VALUE_LIST && !iterable.list->open)
        cursor->over = iterable;
    else if (iterable.kind == VALUE_ITERATOR && !iterable.iterator->list->open)
        cursor->over = iterable;
    cursor->walk = live_walk_start(ev, iterable);
    if (cursor->over.kind != VALUE_UNBOUND)
        return true;
    enum view_kind kind;
    cursor->dict = iterable.kind == VALUE_DICT || iterable.kind == VALUE_SET ? iterable.dict : view_dict(ev, iterable, &kind);
    cursor->is_set = iterable.kind == VALUE_SET;
    cursor->size = cursor->dict ? cursor->dict->count : 0;
    cursor->items = iterate(ev, iterable, outcome);
    return cursor->items != NULL;
}

/* The next item: UNBOUND at the end, Unknown when from here on they cannot be told, RAISED. */
static struct value cursor_next(struct eval *ev, struct cursor *cursor)
{
    if (cursor->walk)
        return live_walk_next(ev, cursor->walk);
    if (cursor->over.kind == VALUE_ITERATOR)
        return iterator_next(ev, cursor->over);
    if (cursor->over.kind == VALUE_LIST) {
        const struct list *list = cursor->over.list;
        if (list->open)
            return unknown_item(ev, list->open, list);
        return cursor->next < list->count ? list->items[cursor->next++] : value_unbound();
    }
    if (cursor->dict && cursor->dict->open)
        return unknown_item(ev, cursor->dict->open, cursor->items);
    if (cursor->dict && cursor->dict->count != cursor->size)
        return eval_raise(ev, ev->types->runtime_error, cursor->is_set ? "Set changed size during iteration" : "dictionary changed size during iteration");
    return cursor->next < cursor->items->count ? cursor->items->items[cursor->next++] : value_unbound();
}

/* Unknown items of a list that is not open are items; an Unknown from cursor_next that is none ends what is known. */
static bool cursor_lost(const struct cursor *cursor)
{
    if (cursor->walk)
        return false; /* run_items() sees it at the item: modules are never Unknown */
    if (cursor->over.kind == VALUE_ITERATOR)
        return cursor->over.iterator->list->open != NULL;
    if (cursor->over.kind == VALUE_LIST)
        return cursor->over.list->open != NULL;
    return cursor->dict && cursor->dict->open;
}

static enum flow run_items(struct eval *ev, struct frame *frame, uint32_t target, struct cursor *cursor, struct ast_node node)
{
    for (;;) {
        bool lost = cursor_lost(cursor);
        struct value item = cursor_next(ev, cursor);
        if (is_raised(item))
            return FLOW_RAISE;
        if (lost || (cursor->walk && is_unknown(item)))
            return run_unknown_loop(ev, frame, target, node, item.reason);
        if (item.kind == VALUE_UNBOUND)
            return run_block(ev, frame, node.c);
        if (!assign_target(ev, frame, target, item))
            return FLOW_RAISE;
        enum flow flow = run_iteration(ev, frame, node.b);
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (flow == FLOW_RETURN || flow == FLOW_RAISE)
            return flow;
    }
}

enum flow run_for(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct ast_node head = frame->unit->file->ast.nodes[node.a];
    struct value iterable = eval_expression(ev, frame, head.b);
    if (is_raised(iterable))
        return FLOW_RAISE;
    struct cursor cursor;
    struct arena_mark scratch = arena_mark(&ev->scratch);
    struct value outcome = iterable;
    if (is_unknown(iterable) || !cursor_start(ev, &cursor, iterable, &outcome)) {
        evidence_of(ev, outcome, iterable, value_none());
        if (is_raised(outcome))
            return FLOW_RAISE;
        return run_unknown_loop(ev, frame, head.a, node, outcome.reason);
    }
    struct maybe *mark = frame->maybe;
    enum flow flow = run_items(ev, frame, head.a, &cursor, node);
    if (cursor.walk)
        arena_reset(&ev->scratch, scratch);
    return frame->maybe == mark ? flow : maybe_leave(ev, frame, mark, MAYBE_LOOP, flow == FLOW_BREAK ? FLOW_NEXT : flow);
}

static enum flow run_while_true(struct eval *ev, struct frame *frame, struct ast_node node)
{
    for (;;) {
        struct value condition = eval_expression(ev, frame, node.a);
        if (is_raised(condition))
            return FLOW_RAISE;
        int truth = value_truth(ev, condition);
        if (truth == -2)
            return FLOW_RAISE;
        if (truth == -1)
            return run_unknown_loop(ev, frame, 0, node, truth_reason(ev, condition));
        if (truth == 0)
            return run_block(ev, frame, node.c);
        enum flow flow = run_iteration(ev, frame, node.b);
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (flow == FLOW_RETURN || flow == FLOW_RAISE)
            return flow;
    }
}

enum flow run_while(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct maybe *mark = frame->maybe;
    enum flow flow = run_while_true(ev, frame, node);
    return frame->maybe == mark ? flow : maybe_leave(ev, frame, mark, MAYBE_LOOP, flow == FLOW_BREAK ? FLOW_NEXT : flow);
}
