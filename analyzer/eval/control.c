/*
 * if, for, while, try.  What cannot be decided is run every way and joined (transaction.h), so that whatever is stated
 * afterwards is true whichever way Python would take.  A way that raises is left out: the model is taken to be one that can
 * be built; inside a `try`, run_try() sees to it that the handlers are joined in.
 */
#include <string.h>

#include "eval/eval.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* What may not run. */

static void maybe_open(struct eval *ev, struct frame *frame, enum maybe_scope scope, struct reason *reason, struct value early)
{
    struct maybe *maybe = ARENA_NEW(eval_heap(ev), struct maybe);
    ev->guesses++;
    maybe->outer = frame->maybe;
    maybe->scope = scope;
    maybe->reason = reason;
    maybe->early = early;
    transaction_begin(ev, &maybe->transaction);
    frame->maybe = maybe;
}

/* Scopes that were left open when one inside them closed: they are opened again behind it. */
struct pending {
    struct reason *reason[MAYBE_CALL + 1];
    struct value early;
};

static void pending_add(struct eval *ev, struct pending *pending, const struct maybe *maybe)
{
    if (maybe->scope == MAYBE_CALL)
        pending->early = pending->reason[MAYBE_CALL] ? value_join(ev, pending->early, maybe->early, maybe->reason) : maybe->early;
    pending->reason[maybe->scope] = maybe->reason;
}

static void pending_open(struct eval *ev, struct frame *frame, const struct pending *pending)
{
    for (int scope = MAYBE_CALL; scope >= MAYBE_ITERATION; scope--)
        if (pending->reason[scope])
            maybe_open(ev, frame, (enum maybe_scope)scope, pending->reason[scope], pending->early);
}

/* Closes what was opened since `mark`; gives the flow.  What raised cannot have run, so there the early way was taken. */
static enum flow maybe_close(struct eval *ev, struct frame *frame, const struct maybe *mark, enum flow flow, struct pending *pending)
{
    while (frame->maybe != mark) {
        struct maybe *maybe = frame->maybe;
        frame->maybe = maybe->outer;
        if (flow == FLOW_RAISE && !ev->stopped) {
            transaction_undo(ev, &maybe->transaction);
            flow = maybe->scope == MAYBE_ITERATION ? FLOW_CONTINUE : maybe->scope == MAYBE_LOOP ? FLOW_BREAK : FLOW_RETURN;
            if (maybe->scope == MAYBE_CALL)
                frame->result = maybe->early;
            continue;
        }
        struct outcome outcome = transaction_take(ev, &maybe->transaction);
        outcomes_join(ev, &outcome, 1, true, maybe->reason);
        pending_add(ev, pending, maybe);
    }
    return flow;
}

/* The end of an iteration or a loop: its own scope is over, those around it go on. */
static enum flow maybe_leave(struct eval *ev, struct frame *frame, const struct maybe *mark, enum maybe_scope scope, enum flow flow)
{
    struct pending pending = {0};
    flow = maybe_close(ev, frame, mark, flow, &pending);
    for (int inner = 0; inner <= (int)scope; inner++)
        pending.reason[inner] = NULL;
    pending_open(ev, frame, &pending);
    return flow;
}

struct value end_call(struct eval *ev, struct frame *frame, enum flow flow)
{
    struct pending pending = {0};
    if (frame->maybe)
        flow = maybe_close(ev, frame, NULL, flow, &pending);
    if (flow == FLOW_RAISE)
        return value_raised();
    struct value result = flow == FLOW_RETURN ? frame->result : value_none();
    if (pending.reason[MAYBE_CALL])
        result = value_join(ev, result, pending.early, pending.reason[MAYBE_CALL]);
    return result;
}

/* Ways: each runs inside a transaction of its own. */

struct way {
    struct outcome outcome;
    enum flow flow;
    struct value result;
    struct pending pending;
    struct transaction transaction;
    struct maybe *mark;
};

static void way_begin(struct eval *ev, struct frame *frame, struct way *way)
{
    *way = (struct way){.mark = frame->maybe};
    transaction_begin(ev, &way->transaction);
}

/* The transaction is still to be taken, kept or undone. */
static void way_settle(struct eval *ev, struct frame *frame, struct way *way, enum flow flow)
{
    way->flow = maybe_close(ev, frame, way->mark, flow, &way->pending);
    way->result = frame->result;
}

static void run_way(struct eval *ev, struct frame *frame, uint32_t list, struct way *way)
{
    way_begin(ev, frame, way);
    ev->ways++;
    way_settle(ev, frame, way, run_block(ev, frame, list));
    ev->ways--;
    way->outcome = transaction_take(ev, &way->transaction);
}

/* Joins the ways of a statement; gives the flow after it. */
static enum flow join_ways(struct eval *ev, struct frame *frame, const struct way *ways, uint32_t count, struct reason *reason)
{
    struct outcome kept[MAX_WAYS];
    uint32_t kept_count = 0;
    struct pending pending = {0};
    bool ends[FLOW_RAISE + 1] = {false};
    if (ev->stopped)
        return FLOW_RAISE;
    for (uint32_t i = 0; i < count; i++) {
        const struct way *way = &ways[i];
        if (way->flow == FLOW_RAISE)
            continue;
        if (way->flow == FLOW_RETURN)
            pending.early = ends[FLOW_RETURN] ? value_join(ev, pending.early, way->result, reason) : way->result;
        ends[way->flow] = true;
        kept[kept_count++] = way->outcome;
    }
    if (kept_count == 0)
        return FLOW_RAISE; /* whichever way, it raises: the last exception stands */
    outcomes_join(ev, kept, kept_count, false, reason);
    /* The way that goes on furthest is followed, what the others leave may not run. */
    static const enum flow order[] = {FLOW_NEXT, FLOW_CONTINUE, FLOW_BREAK, FLOW_RETURN};
    uint32_t first = 0;
    while (!ends[order[first]])
        first++;
    if (order[first] == FLOW_RETURN)
        frame->result = pending.early;
    for (uint32_t i = first + 1; i < 4; i++)
        if (ends[order[i]])
            pending.reason[i - 1] = reason;
    for (uint32_t i = 0; i < count; i++) {
        for (int scope = MAYBE_ITERATION; ways[i].flow != FLOW_RAISE && scope <= MAYBE_CALL; scope++) {
            if (!ways[i].pending.reason[scope])
                continue;
            if (scope == MAYBE_CALL)
                pending.early = pending.reason[scope] ? value_join(ev, pending.early, ways[i].pending.early, reason) : ways[i].pending.early;
            pending.reason[scope] = ways[i].pending.reason[scope];
        }
    }
    if (order[first] == FLOW_RETURN && pending.reason[MAYBE_CALL])
        frame->result = value_join(ev, frame->result, pending.early, reason);
    pending_open(ev, frame, &pending);
    return order[first];
}

static struct reason *truth_reason(struct eval *ev, struct value condition)
{
    return is_unknown(condition) ? condition.reason : eval_reason(ev, TEXT("a condition that cannot be told"));
}

enum flow run_if(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value condition = eval_expression(ev, frame, node.a);
    if (is_raised(condition))
        return FLOW_RAISE;
    switch (value_truth(ev, condition)) {
    case 1:
        return run_block(ev, frame, node.b);
    case 0:
        return run_block(ev, frame, node.c);
    case -2:
        return FLOW_RAISE;
    }
    struct reason *reason = truth_reason(ev, condition);
    struct way ways[2];
    ev->guesses++;
    run_way(ev, frame, node.b, &ways[0]);
    if (ev->stopped)
        return FLOW_RAISE;
    run_way(ev, frame, node.c, &ways[1]);
    return join_ways(ev, frame, ways, 2, reason);
}

/* Loops. */

/* A loop whose items cannot be told: it may run never, once or many times.  Its body is run until another run would not
 * change what is known (twice: what the first run changed is Unknown in the second), each joined with not having run. */
static enum flow run_unknown_loop(struct eval *ev, struct frame *frame, uint32_t target, uint32_t body, struct reason *reason)
{
    ev->guesses++;
    struct pending pending = {0};
    for (int round = 0; round < 2; round++) {
        struct way way;
        way_begin(ev, frame, &way);
        ev->ways++;
        bool fine = !target || assign_target(ev, frame, target, unknown_from(reason));
        way_settle(ev, frame, &way, fine ? run_block(ev, frame, body) : FLOW_RAISE);
        ev->ways--;
        struct outcome outcome = transaction_take(ev, &way.transaction);
        if (ev->stopped)
            return FLOW_RAISE;
        if (way.flow == FLOW_RAISE)
            break; /* then it cannot have run */
        outcomes_join(ev, &outcome, 1, true, reason);
        struct value early = way.flow == FLOW_RETURN ? way.result : way.pending.early;
        if (way.flow == FLOW_RETURN || way.pending.reason[MAYBE_CALL]) {
            pending.early = pending.reason[MAYBE_CALL] ? value_join(ev, pending.early, early, reason) : early;
            pending.reason[MAYBE_CALL] = reason;
        }
    }
    pending_open(ev, frame, &pending);
    return FLOW_NEXT;
}

/* One iteration; what leaves it early does not leave the loop. */
static enum flow run_iteration(struct eval *ev, struct frame *frame, uint32_t body)
{
    struct maybe *mark = frame->maybe;
    enum flow flow = run_block(ev, frame, body);
    if (frame->maybe != mark)
        flow = maybe_leave(ev, frame, mark, MAYBE_ITERATION, flow);
    if (++ev->steps > LIMIT_STEPS) {
        eval_stop(ev, "more steps than any real constructor takes");
        return FLOW_RAISE;
    }
    return flow;
}

static enum flow run_items(struct eval *ev, struct frame *frame, uint32_t target, const struct list *items, struct ast_node node)
{
    for (uint32_t i = 0; i < items->count; i++) {
        if (!assign_target(ev, frame, target, items->items[i]))
            return FLOW_RAISE;
        enum flow flow = run_iteration(ev, frame, node.b);
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (flow == FLOW_RETURN || flow == FLOW_RAISE)
            return flow;
    }
    return run_block(ev, frame, node.c);
}

enum flow run_for(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct ast_node head = frame->unit->file->ast.nodes[node.a];
    struct value iterable = eval_expression(ev, frame, head.b);
    if (is_raised(iterable))
        return FLOW_RAISE;
    struct list *items = is_unknown(iterable) ? NULL : iterate(ev, iterable, &iterable);
    if (!items) {
        if (is_raised(iterable))
            return FLOW_RAISE;
        return run_unknown_loop(ev, frame, head.a, node.b, iterable.reason);
    }
    struct maybe *mark = frame->maybe;
    enum flow flow = run_items(ev, frame, head.a, items, node);
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
            return run_unknown_loop(ev, frame, 0, node.b, truth_reason(ev, condition));
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

/* try. */

struct raised_state {
    struct value value;
    struct unit *unit;
    uint32_t at;
};

static struct raised_state raised_now(const struct eval *ev)
{
    return (struct raised_state){ev->raised, ev->raised_unit, ev->raised_at};
}

static void raise_again(struct eval *ev, struct raised_state raised)
{
    ev->raised = raised.value;
    ev->raised_unit = raised.unit;
    ev->raised_at = raised.at;
}

/* 1 this handler takes the exception, 0 not, -1 cannot tell, -2 raised. */
static int handler_matches(struct eval *ev, struct frame *frame, struct ast_node handler, struct value raised)
{
    if (!handler.a)
        return 1;
    struct value type = eval_expression(ev, frame, handler.a);
    if (is_raised(type))
        return -2;
    return value_is_instance(ev, raised, type);
}

static enum flow run_handlers(struct eval *ev, struct frame *frame, uint32_t handlers, struct raised_state raised)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, handlers);
    for (uint32_t i = 0; i < count; i++) {
        struct ast_node handler = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, handlers, i)];
        int matches = handler_matches(ev, frame, handler, raised.value);
        if (matches == -2)
            return FLOW_RAISE;
        if (matches == 0)
            continue;
        if (matches == -1) {
            eval_stop(ev, "an exception handler whose type cannot be told");
            return FLOW_RAISE;
        }
        struct value handling = ev->handling;
        ev->handling = raised.value;
        enum flow flow = FLOW_RAISE;
        if (!handler.b || assign_target(ev, frame, handler.b, raised.value))
            flow = run_block(ev, frame, handler.c);
        ev->handling = handling;
        return flow;
    }
    raise_again(ev, raised);
    return FLOW_RAISE;
}

/* Something in the body could not be told and might have raised: any handler may have run instead of the rest of it. */
static enum flow join_handlers(struct eval *ev, struct frame *frame, struct ast_node node, const struct way *body, struct reason *reason)
{
    struct way ways[MAX_WAYS];
    ways[0] = *body;
    uint32_t count = 1;
    uint32_t handlers = ast_list_count(&frame->unit->file->ast, node.b);
    if (handlers >= MAX_WAYS) {
        eval_stop(ev, "a try statement with too many handlers");
        return FLOW_RAISE;
    }
    for (uint32_t i = 0; i < handlers; i++) {
        struct ast_node handler = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.b, i)];
        struct way *way = &ways[count++];
        way_begin(ev, frame, way);
        /* The body may have got any way before it raised: what it wrote is joined in first. */
        outcomes_join(ev, &body->outcome, 1, true, reason);
        bool fine = !handler.b || assign_target(ev, frame, handler.b, unknown_from(reason));
        struct value handling = ev->handling;
        ev->handling = unknown_from(reason);
        ev->ways++;
        way_settle(ev, frame, way, fine ? run_block(ev, frame, handler.c) : FLOW_RAISE);
        ev->ways--;
        ev->handling = handling;
        way->outcome = transaction_take(ev, &way->transaction);
        if (ev->stopped)
            return FLOW_RAISE;
    }
    return join_ways(ev, frame, ways, count, reason);
}

static enum flow run_try_body(struct eval *ev, struct frame *frame, struct ast_node node, struct ast_node tail)
{
    uint32_t guesses = ev->guesses;
    struct way body;
    way_begin(ev, frame, &body);
    enum flow flow = run_block(ev, frame, node.a);
    if (flow == FLOW_NEXT && tail.a)
        flow = run_block(ev, frame, tail.a);
    struct raised_state raised = raised_now(ev);
    way_settle(ev, frame, &body, flow);
    if (ev->stopped) {
        transaction_keep(ev, &body.transaction);
        return FLOW_RAISE;
    }
    if (ev->guesses != guesses && ast_list_count(&frame->unit->file->ast, node.b)) {
        struct reason *reason = eval_reason(ev, TEXT("something in this `try` cannot be told, so it may have raised"));
        body.outcome = transaction_take(ev, &body.transaction);
        return join_handlers(ev, frame, node, &body, reason);
    }
    transaction_keep(ev, &body.transaction);
    pending_open(ev, frame, &body.pending);
    if (body.flow != FLOW_RAISE)
        return body.flow;
    return run_handlers(ev, frame, node.b, raised);
}

enum flow run_try(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct ast_node tail = {0};
    if (node.c)
        tail = frame->unit->file->ast.nodes[node.c];
    enum flow flow = run_try_body(ev, frame, node, tail);
    if (!tail.b || ev->stopped)
        return flow;
    struct raised_state raised = raised_now(ev);
    struct value result = frame->result;
    enum flow last = run_block(ev, frame, tail.b);
    if (last != FLOW_NEXT)
        return last;
    raise_again(ev, raised);
    frame->result = result;
    return flow;
}
