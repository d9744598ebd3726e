/* if, try and with.  What cannot be decided is run every way and joined: see ways.h. */
#include <string.h>

#include "eval/eval.h"
#include "eval/evidence.h"
#include "eval/native_code.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "eval/ways.h"

/* A block that runs since something is so. */
static enum flow run_under(struct eval *ev, struct frame *frame, uint32_t list, uint32_t given)
{
    uint32_t outer = evidence_guard(ev, given);
    enum flow flow = run_block(ev, frame, list);
    evidence_unguard(ev, outer);
    return flow;
}

enum flow run_if(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value condition = eval_expression(ev, frame, node.a);
    if (is_raised(condition))
        return FLOW_RAISE;
    switch (value_truth(ev, condition)) {
    case 1:
        return run_under(ev, frame, node.b, condition.given);
    case 0:
        return run_under(ev, frame, node.c, condition.given);
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

/* try. */

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

static enum flow run_handler(struct eval *ev, struct frame *frame, uint32_t list, const struct raised_state *raised)
{
    if (!ev->evidence)
        return run_block(ev, frame, list);
    struct unit *unit = ev->evidence->handled_unit;
    uint32_t at = ev->evidence->handled_at;
    ev->evidence->handled_unit = raised->unit;
    ev->evidence->handled_at = raised->at;
    enum flow flow = run_under(ev, frame, list, raised->value.given);
    ev->evidence->handled_unit = unit;
    ev->evidence->handled_at = at;
    return flow;
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
            flow = run_handler(ev, frame, handler.c, &raised);
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

/* with. */

enum leaving { LEAVING_PASSES_ON, LEAVING_SWALLOWS, LEAVING_CANNOT_TELL, LEAVING_RAISES };

/* Calls __exit__ with these: what becomes of the exception. */
static enum leaving leave_context(struct eval *ev, struct value context, struct value type, struct value exception)
{
    if (is_unknown(context))
        return LEAVING_CANNOT_TELL;
    if (context.kind != VALUE_INSTANCE)
        return LEAVING_PASSES_ON;
    struct value leave = find_attribute(ev, context, ev->types->names.exit);
    if (leave.kind == VALUE_UNBOUND)
        return LEAVING_PASSES_ON;
    struct value items[] = {type, exception, value_none()};
    struct raised_state raised = raised_now(ev);
    struct value result = is_raised(leave) ? leave : call_values(ev, leave, items, 3);
    int truth = is_raised(result) ? -2 : value_truth(ev, result);
    if (truth == -2)
        return LEAVING_RAISES;
    raise_again(ev, raised);
    return truth == 1 ? LEAVING_SWALLOWS : truth == 0 ? LEAVING_PASSES_ON : LEAVING_CANNOT_TELL;
}

/* The end of a with statement whose body ended so. */
static enum flow leave_with(struct eval *ev, struct value context, enum flow flow)
{
    struct value raised = ev->raised;
    bool raises = flow == FLOW_RAISE && raised.kind == VALUE_INSTANCE;
    struct value type = raises ? value_of(VALUE_CLASS, raised.instance->class_) : value_none();
    enum leaving leaving = leave_context(ev, context, type, raises ? raised : value_none());
    if (leaving == LEAVING_RAISES || flow != FLOW_RAISE)
        return leaving == LEAVING_RAISES ? FLOW_RAISE : flow;
    ev->guesses += leaving == LEAVING_CANNOT_TELL; /* else the model cannot be built */
    return leaving == LEAVING_PASSES_ON ? FLOW_RAISE : FLOW_NEXT;
}

/* Might leaving this context swallow an exception?  Of leaflint's own facts, those that say so. */
static bool may_swallow(struct eval *ev, struct value context)
{
    if (context.kind != VALUE_INSTANCE)
        return is_unknown(context);
    struct class *class_ = context.instance->class_;
    bool is_fact = class_->is_builtin || (class_->unit && class_->unit->is_fact);
    if (!is_fact)
        return true;
    return class_find(ev, class_, eval_intern(ev, TEXT("leaflint_swallows"))).kind != VALUE_UNBOUND || generator_swallows(context);
}

static enum flow run_with_item(struct eval *ev, struct frame *frame, struct ast_node node, uint32_t item_number);

/* The body, whose exceptions may be swallowed: where something in it cannot be told, it may have got any way. */
static enum flow run_guarded(struct eval *ev, struct frame *frame, struct ast_node node, uint32_t item_number, struct value context)
{
    uint32_t guesses = ev->guesses;
    struct way ways[2];
    way_begin(ev, frame, &ways[0]);
    enum flow flow = run_with_item(ev, frame, node, item_number);
    bool guessed = ev->guesses != guesses;
    if (!ev->stopped)
        flow = leave_with(ev, context, flow);
    way_settle(ev, frame, &ways[0], flow);
    if (ev->stopped || !guessed) {
        transaction_keep(ev, &ways[0].transaction);
        pending_open(ev, frame, &ways[0].pending);
        return ev->stopped ? FLOW_RAISE : ways[0].flow;
    }
    struct reason *reason = eval_reason(ev, TEXT("something in this `with` cannot be told, so it may have raised"));
    ways[0].outcome = transaction_take(ev, &ways[0].transaction);
    way_begin(ev, frame, &ways[1]);
    outcomes_join(ev, &ways[0].outcome, 1, true, reason);
    enum leaving leaving = leave_context(ev, context, unknown_from(reason), unknown_from(reason));
    bool swallows = leaving == LEAVING_SWALLOWS || leaving == LEAVING_CANNOT_TELL;
    if (!swallows)
        raise_unknown(ev, reason);
    way_settle(ev, frame, &ways[1], swallows ? FLOW_NEXT : FLOW_RAISE);
    ways[1].outcome = transaction_take(ev, &ways[1].transaction);
    return ev->stopped ? FLOW_RAISE : join_ways(ev, frame, ways, 2, reason);
}

static enum flow run_with_item(struct eval *ev, struct frame *frame, struct ast_node node, uint32_t item_number)
{
    if (item_number == ast_list_count(&frame->unit->file->ast, node.a))
        return run_block(ev, frame, node.b);
    struct ast_node item = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.a, item_number)];
    struct value context = eval_expression(ev, frame, item.a);
    if (is_raised(context))
        return FLOW_RAISE;
    struct value entered = context;
    if (context.kind == VALUE_INSTANCE) {
        struct value enter_method = find_attribute(ev, context, ev->types->names.enter);
        if (is_raised(enter_method))
            return FLOW_RAISE;
        if (enter_method.kind != VALUE_UNBOUND)
            entered = call_values(ev, enter_method, NULL, 0);
        if (is_raised(entered))
            return FLOW_RAISE;
    }
    if (item.b && !assign_target(ev, frame, item.b, entered))
        return FLOW_RAISE;
    if (may_swallow(ev, context))
        return run_guarded(ev, frame, node, item_number + 1, context);
    enum flow flow = run_with_item(ev, frame, node, item_number + 1);
    return ev->stopped ? FLOW_RAISE : leave_with(ev, context, flow);
}

enum flow run_with(struct eval *ev, struct frame *frame, struct ast_node node)
{
    return run_with_item(ev, frame, node, 0);
}
