/* What may not run, and ways that are joined: see ways.h. */
#include <string.h>

#include "eval/eval.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "eval/ways.h"

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

static void pending_add(struct eval *ev, struct pending *pending, const struct maybe *maybe)
{
    if (maybe->scope == MAYBE_CALL)
        pending->early = pending->reason[MAYBE_CALL] ? value_join(ev, pending->early, maybe->early, maybe->reason) : maybe->early;
    pending->reason[maybe->scope] = maybe->reason;
}

void pending_open(struct eval *ev, struct frame *frame, const struct pending *pending)
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

enum flow maybe_leave(struct eval *ev, struct frame *frame, const struct maybe *mark, enum maybe_scope scope, enum flow flow)
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

void way_begin(struct eval *ev, struct frame *frame, struct way *way)
{
    *way = (struct way){.mark = frame->maybe};
    transaction_begin(ev, &way->transaction);
}

void way_settle(struct eval *ev, struct frame *frame, struct way *way, enum flow flow)
{
    way->flow = maybe_close(ev, frame, way->mark, flow, &way->pending);
    way->raised = raised_now(ev);
    way->result = frame->result;
}

void run_way(struct eval *ev, struct frame *frame, uint32_t list, struct way *way)
{
    way_begin(ev, frame, way);
    ev->ways++;
    way_settle(ev, frame, way, run_block(ev, frame, list));
    ev->ways--;
    way->outcome = transaction_take(ev, &way->transaction);
}

void raise_either(struct eval *ev, struct value other, struct reason *reason)
{
    struct value one = ev->raised;
    if (one.kind != VALUE_INSTANCE || other.kind != VALUE_INSTANCE || one.instance == other.instance)
        return;
    if (one.instance->class_ != other.instance->class_) {
        raise_unknown(ev, reason);
        return;
    }
    struct list *a = value_items(one.instance->payload), *b = value_items(other.instance->payload);
    bool same = a && b && a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++)
        same = value_same(a->items[i], b->items[i]);
    if (same)
        return;
    struct instance *either = instance_new(ev, one.instance->class_);
    struct value words = unknown_from(reason);
    either->payload = tuple_of(ev, &words, 1);
    either->open = reason;
    ev->raised = value_of(VALUE_INSTANCE, either);
}

/* A way that raises ImportError is left out like any other, but whether a package is there is a question about the
 * environment, not about the model: then it may well be that the model cannot be built.  (Importing serves all models of
 * a run: what it leaves out must not depend on which of them came first.) */
static void note_missing(struct eval *ev, struct value raised, struct reason *reason, struct reason **missing)
{
    if (!ev->importing && raised.kind == VALUE_INSTANCE && class_is_subclass(raised.instance->class_, ev->types->import_error))
        *missing = reason;
}

enum flow join_ways(struct eval *ev, struct frame *frame, const struct way *ways, uint32_t count, struct reason *reason)
{
    struct outcome kept[MAX_WAYS];
    uint32_t kept_count = 0;
    struct pending pending = {0};
    struct reason *missing = NULL;
    bool ends[FLOW_RAISE + 1] = {false};
    if (ev->stopped)
        return FLOW_RAISE;
    for (uint32_t i = 0; i < count; i++) {
        const struct way *way = &ways[i];
        if (way->flow == FLOW_RAISE) {
            note_missing(ev, way->raised.value, reason, &missing);
            continue;
        }
        if (way->flow == FLOW_RETURN)
            pending.early = ends[FLOW_RETURN] ? value_join(ev, pending.early, way->result, reason) : way->result;
        ends[way->flow] = true;
        kept[kept_count++] = way->outcome;
    }
    if (kept_count == 0) { /* whichever way, it raises */
        raise_again(ev, ways[0].raised);
        for (uint32_t i = 1; i < count; i++)
            raise_either(ev, ways[i].raised.value, reason);
        return FLOW_RAISE;
    }
    if (!ev->missing)
        ev->missing = missing;
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

struct reason *truth_reason(struct eval *ev, struct value condition)
{
    if (is_unknown(condition))
        return condition.reason;
    struct list *items = value_items(condition);
    if (items && items->open) /* empty or not */
        return items->open;
    return eval_reason(ev, TEXT("a condition that cannot be told"));
}
