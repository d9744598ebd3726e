/* Statements.  What cannot be decided is run both ways and joined (transaction.h). */
#include <string.h>

#include "eval/eval.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* Assignment targets. */

static bool assign_name(struct eval *ev, struct frame *frame, uint32_t string, struct value value)
{
    struct str *name = unit_symbol(ev, frame->unit, string);
    if (frame->frame_kind == FRAME_CLASS)
        return dict_set_str(ev, frame->names, name, value);
    /* In a function only global and nonlocal names come here. */
    for (struct frame *scope = frame->parent; scope; scope = scope->parent) {
        const uint32_t *locals = scope->unit->file->ast.locals + scope->first_local;
        for (uint32_t i = scope->slot_count; scope->frame_kind == FRAME_FUNCTION && i-- > 0;) {
            if (locals[i] == string && scope->slots[i].kind != VALUE_UNBOUND) {
                cell_touch(ev, &scope->cell);
                scope->slots[i] = value;
                return true;
            }
        }
    }
    return dict_set_str(ev, frame->globals->names, name, value);
}

static bool assign_unpacked(struct eval *ev, struct frame *frame, uint32_t targets, struct value value)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, targets);
    struct value outcome = value;
    struct list *items = is_unknown(value) ? NULL : iterate(ev, value, &outcome);
    if (!items && is_raised(outcome))
        return false;
    uint32_t star = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++)
        if (frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, targets, i)].kind == AST_STARRED)
            star = i;
    if (items && star == UINT32_MAX && items->count != count) {
        eval_raise(ev, ev->types->value_error,
                   items->count > count ? "too many values to unpack (expected %u)" : "not enough values to unpack (expected %u, got %u)",
                   count, items->count);
        return false;
    }
    if (items && star != UINT32_MAX && items->count + 1 < count) {
        eval_raise(ev, ev->types->value_error, "not enough values to unpack (expected at least %u, got %u)", count - 1, items->count);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t target = ast_list_item(&frame->unit->file->ast, targets, i);
        struct value item = outcome;
        if (items && i == star) {
            struct list *rest = list_new(ev, 0);
            for (uint32_t k = i; k < items->count - (count - 1 - i); k++)
                list_append(ev, rest, items->items[k]);
            item = value_of(VALUE_LIST, rest);
            target = frame->unit->file->ast.nodes[target].a;
        } else if (items) {
            item = items->items[i < star || star == UINT32_MAX ? i : items->count - (count - i)];
        } else if (i == star) {
            target = frame->unit->file->ast.nodes[target].a;
        }
        if (!assign_target(ev, frame, target, item))
            return false;
    }
    return true;
}

bool assign_target(struct eval *ev, struct frame *frame, uint32_t target, struct value value)
{
    struct ast_node node = frame->unit->file->ast.nodes[target];
    switch (node.kind) {
    case AST_LOCAL:
        cell_touch(ev, &frame->cell);
        if (node.b < frame->slot_count)
            frame->slots[node.b] = value;
        return true;
    case AST_NAME:
        return assign_name(ev, frame, node.a, value);
    case AST_ATTRIBUTE: {
        struct value object = eval_expression(ev, frame, node.a);
        if (is_raised(object))
            return false;
        ev->unit = frame->unit;
        ev->at = node.at;
        return set_attribute(ev, object, unit_symbol(ev, frame->unit, node.b), value);
    }
    case AST_SUBSCRIPT: {
        struct value object = eval_expression(ev, frame, node.a);
        if (is_raised(object))
            return false;
        struct value index = eval_expression(ev, frame, node.b);
        if (is_raised(index))
            return false;
        return set_item(ev, object, index, value);
    }
    case AST_TUPLE:
    case AST_LIST:
        return assign_unpacked(ev, frame, node.a, value);
    case AST_STARRED:
        return assign_target(ev, frame, node.a, value);
    }
    eval_stop(ev, "an assignment that is not followed");
    return false;
}

static bool delete_target(struct eval *ev, struct frame *frame, uint32_t target)
{
    struct ast_node node = frame->unit->file->ast.nodes[target];
    switch (node.kind) {
    case AST_LOCAL:
        cell_touch(ev, &frame->cell);
        if (node.b < frame->slot_count)
            frame->slots[node.b] = value_unbound();
        return true;
    case AST_NAME: {
        struct value key = value_str(unit_symbol(ev, frame->unit, node.a));
        dict_delete(ev, frame->frame_kind == FRAME_CLASS ? frame->names : frame->globals->names, key);
        return true;
    }
    case AST_ATTRIBUTE: {
        struct value object = eval_expression(ev, frame, node.a);
        return !is_raised(object) && delete_attribute(ev, object, unit_symbol(ev, frame->unit, node.b));
    }
    case AST_SUBSCRIPT: {
        struct value object = eval_expression(ev, frame, node.a);
        struct value index = is_raised(object) ? object : eval_expression(ev, frame, node.b);
        return !is_raised(index) && delete_item(ev, object, index);
    }
    case AST_TUPLE:
    case AST_LIST: {
        uint32_t count = ast_list_count(&frame->unit->file->ast, node.a);
        for (uint32_t i = 0; i < count; i++)
            if (!delete_target(ev, frame, ast_list_item(&frame->unit->file->ast, node.a, i)))
                return false;
        return true;
    }
    }
    return true;
}

/* After ways that end differently (one returns, one goes on) the rest of this call may run or not.  It is run inside a
 * transaction that call_function() closes by joining it with not having run. */
static void go_on_maybe(struct eval *ev, struct frame *frame, struct reason *reason)
{
    ev->guesses++;
    if (frame->maybe_reason)
        return;
    frame->maybe_reason = reason;
    frame->maybe = ARENA_NEW(&ev->model, struct transaction);
}

/* Ways: runs a block inside a transaction of its own. */

static enum flow run_way(struct eval *ev, struct frame *frame, uint32_t list, struct outcome *outcome, struct value *result)
{
    struct transaction transaction;
    transaction_begin(ev, &transaction);
    enum flow flow = list ? run_block(ev, frame, list) : FLOW_NEXT;
    *result = frame->result;
    *outcome = transaction_take(ev, &transaction);
    return flow;
}

/* Joins the ways of a statement; gives the flow after it. */
static enum flow join_ways(struct eval *ev, struct frame *frame, struct outcome *outcomes, const enum flow *flows,
                           const struct value *results, uint32_t count, struct reason *reason)
{
    struct outcome kept[4];
    uint32_t kept_count = 0;
    enum flow flow = FLOW_RAISE;
    struct value result = value_none();
    bool differ = false;
    for (uint32_t i = 0; i < count; i++) {
        if (flows[i] == FLOW_RAISE) {
            if (ev->stopped)
                return FLOW_RAISE;
            continue; /* the model is taken to be one that can be built */
        }
        if (kept_count == 0) {
            flow = flows[i];
            result = results[i];
        } else if (flows[i] != flow) {
            differ = true;
            if (flows[i] == FLOW_NEXT)
                flow = FLOW_NEXT;
        } else if (flow == FLOW_RETURN) {
            result = value_join(result, results[i], reason);
        }
        kept[kept_count++] = outcomes[i];
    }
    if (kept_count == 0)
        return FLOW_RAISE; /* whichever way, it raises: the last exception stands */
    outcomes_join(ev, kept, kept_count, false, reason);
    if (differ) {
        go_on_maybe(ev, frame, reason);
        return flow == FLOW_RETURN ? FLOW_NEXT : flow;
    }
    if (flow == FLOW_RETURN)
        frame->result = result;
    return flow;
}

static struct reason *truth_reason(struct eval *ev, struct value condition)
{
    return is_unknown(condition) ? condition.reason : eval_reason(ev, TEXT("a condition that cannot be told"));
}

static enum flow run_if(struct eval *ev, struct frame *frame, struct ast_node node)
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
    struct outcome outcomes[2];
    struct value results[2];
    enum flow flows[2];
    ev->guesses++;
    flows[0] = run_way(ev, frame, node.b, &outcomes[0], &results[0]);
    if (flows[0] == FLOW_RAISE && ev->stopped)
        return FLOW_RAISE;
    flows[1] = run_way(ev, frame, node.c, &outcomes[1], &results[1]);
    return join_ways(ev, frame, outcomes, flows, results, 2, reason);
}

/* A loop whose items cannot be told: it may run never, once or many times.  Its body is run twice in a row, the second time
 * on what the first left, and joined with not having run. */
static enum flow run_unknown_loop(struct eval *ev, struct frame *frame, uint32_t target, uint32_t body, struct reason *reason)
{
    ev->guesses++;
    for (int round = 0; round < 2; round++) {
        struct transaction transaction;
        transaction_begin(ev, &transaction);
        enum flow flow = FLOW_NEXT;
        if (target && !assign_target(ev, frame, target, unknown_from(reason)))
            flow = FLOW_RAISE;
        if (flow == FLOW_NEXT)
            flow = run_block(ev, frame, body);
        struct outcome outcome = transaction_take(ev, &transaction);
        if (flow == FLOW_RAISE) {
            if (ev->stopped)
                return FLOW_RAISE;
            return FLOW_NEXT; /* then it cannot have run */
        }
        outcomes_join(ev, &outcome, 1, true, reason);
        if (flow == FLOW_RETURN) {
            go_on_maybe(ev, frame, reason);
        }
    }
    return FLOW_NEXT;
}

static enum flow run_for(struct eval *ev, struct frame *frame, struct ast_node node)
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
    for (uint32_t i = 0; i < items->count; i++) {
        if (!assign_target(ev, frame, head.a, items->items[i]))
            return FLOW_RAISE;
        enum flow flow = run_block(ev, frame, node.b);
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (flow == FLOW_RETURN || flow == FLOW_RAISE)
            return flow;
        if (++ev->steps > LIMIT_STEPS) {
            eval_stop(ev, "more steps than any real constructor takes");
            return FLOW_RAISE;
        }
    }
    return run_block(ev, frame, node.c);
}

static enum flow run_while(struct eval *ev, struct frame *frame, struct ast_node node)
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
        enum flow flow = run_block(ev, frame, node.b);
        if (flow == FLOW_BREAK)
            return FLOW_NEXT;
        if (flow == FLOW_RETURN || flow == FLOW_RAISE)
            return flow;
        if (++ev->steps > LIMIT_STEPS) {
            eval_stop(ev, "more steps than any real constructor takes");
            return FLOW_RAISE;
        }
    }
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

static enum flow run_handlers(struct eval *ev, struct frame *frame, uint32_t handlers, struct value raised, bool *handled)
{
    struct unit *raised_unit = ev->raised_unit;
    uint32_t raised_at = ev->raised_at;
    uint32_t count = ast_list_count(&frame->unit->file->ast, handlers);
    *handled = false;
    for (uint32_t i = 0; i < count; i++) {
        struct ast_node handler = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, handlers, i)];
        int matches = handler_matches(ev, frame, handler, raised);
        if (matches == -2) {
            *handled = true;
            return FLOW_RAISE;
        }
        if (matches == 0)
            continue;
        *handled = true;
        if (matches == -1) {
            eval_stop(ev, "an exception handler whose type cannot be told");
            return FLOW_RAISE;
        }
        struct value handling = ev->handling;
        ev->handling = raised;
        if (handler.b && !assign_target(ev, frame, handler.b, raised))
            return FLOW_RAISE;
        enum flow flow = run_block(ev, frame, handler.c);
        ev->handling = handling;
        return flow;
    }
    ev->raised = raised;
    ev->raised_unit = raised_unit;
    ev->raised_at = raised_at;
    return FLOW_RAISE;
}

/* Something in the body could not be told and might have raised: the handlers may have run instead. */
static enum flow join_handlers(struct eval *ev, struct frame *frame, struct ast_node node, struct outcome body, enum flow flow,
                               struct value result, struct reason *reason)
{
    struct outcome outcomes[4];
    enum flow flows[4];
    struct value results[4];
    outcomes[0] = body;
    flows[0] = flow;
    results[0] = result;
    uint32_t count = 1;
    uint32_t handlers = ast_list_count(&frame->unit->file->ast, node.b);
    for (uint32_t i = 0; i < handlers && count < 4; i++) {
        struct ast_node handler = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.b, i)];
        struct transaction transaction;
        transaction_begin(ev, &transaction);
        /* The body may have got any way before it raised: what it wrote is joined in first. */
        outcomes_join(ev, &body, 1, true, reason);
        if (handler.b)
            assign_target(ev, frame, handler.b, unknown_from(reason));
        flows[count] = run_block(ev, frame, handler.c);
        results[count] = frame->result;
        outcomes[count] = transaction_take(ev, &transaction);
        if (flows[count] == FLOW_RAISE && ev->stopped)
            return FLOW_RAISE;
        count++;
    }
    return join_ways(ev, frame, outcomes, flows, results, count, reason);
}

static enum flow run_try_body(struct eval *ev, struct frame *frame, struct ast_node node, struct ast_node tail)
{
    uint32_t guesses = ev->guesses;
    struct transaction transaction;
    transaction_begin(ev, &transaction);
    enum flow flow = run_block(ev, frame, node.a);
    if (flow == FLOW_NEXT && tail.a)
        flow = run_block(ev, frame, tail.a);
    struct value result = frame->result;
    struct value raised = ev->raised;
    struct unit *raised_unit = ev->raised_unit;
    uint32_t raised_at = ev->raised_at;
    struct outcome body = transaction_take(ev, &transaction);
    if (flow == FLOW_RAISE && ev->stopped)
        return FLOW_RAISE;
    if (flow != FLOW_RAISE && ev->guesses != guesses && ast_list_count(&frame->unit->file->ast, node.b)) {
        struct reason *reason = eval_reason(ev, TEXT("something in this `try` cannot be told, so it may have raised"));
        return join_handlers(ev, frame, node, body, flow, result, reason);
    }
    outcomes_join(ev, &body, 1, false, NULL);
    frame->result = result;
    if (flow != FLOW_RAISE)
        return flow;
    ev->raised = raised;
    ev->raised_unit = raised_unit;
    ev->raised_at = raised_at;
    bool handled;
    return run_handlers(ev, frame, node.b, raised, &handled);
}

static enum flow run_try(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct ast_node tail = {0};
    if (node.c)
        tail = frame->unit->file->ast.nodes[node.c];
    enum flow flow = run_try_body(ev, frame, node, tail);
    if (!tail.b || ev->stopped)
        return flow;
    struct value raised = ev->raised, result = frame->result;
    struct unit *raised_unit = ev->raised_unit;
    uint32_t raised_at = ev->raised_at;
    enum flow last = run_block(ev, frame, tail.b);
    if (last != FLOW_NEXT)
        return last;
    ev->raised = raised;
    ev->raised_unit = raised_unit;
    ev->raised_at = raised_at;
    frame->result = result;
    return flow;
}

static enum flow run_with(struct eval *ev, struct frame *frame, struct ast_node node)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, node.a);
    for (uint32_t i = 0; i < count; i++) {
        struct ast_node item = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.a, i)];
        struct value context = eval_expression(ev, frame, item.a);
        if (is_raised(context))
            return FLOW_RAISE;
        struct value entered = context;
        if (context.kind == VALUE_INSTANCE) {
            struct value enter = find_attribute(ev, context, ev->types->names.enter);
            if (is_raised(enter))
                return FLOW_RAISE;
            if (enter.kind != VALUE_UNBOUND)
                entered = call_values(ev, enter, NULL, 0);
            if (is_raised(entered))
                return FLOW_RAISE;
        }
        if (item.b && !assign_target(ev, frame, item.b, entered))
            return FLOW_RAISE;
    }
    return run_block(ev, frame, node.b);
}

static enum flow run_raise(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value exception = node.a ? eval_expression(ev, frame, node.a) : ev->handling;
    if (is_raised(exception))
        return FLOW_RAISE;
    if (exception.kind == VALUE_CLASS) {
        exception = call_values(ev, exception, NULL, 0);
        if (is_raised(exception))
            return FLOW_RAISE;
    }
    ev->unit = frame->unit;
    ev->at = node.at;
    if (exception.kind != VALUE_INSTANCE || !exception.instance->class_->is_exception) {
        if (is_unknown(exception) || exception.kind == VALUE_UNBOUND) {
            eval_stop(ev, "an exception whose type cannot be told is raised");
            return FLOW_RAISE;
        }
        eval_raise(ev, ev->types->type_error, "exceptions must derive from BaseException");
        return FLOW_RAISE;
    }
    eval_raise_value(ev, exception);
    return FLOW_RAISE;
}

static enum flow run_assert(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value condition = eval_expression(ev, frame, node.a);
    if (is_raised(condition))
        return FLOW_RAISE;
    int truth = value_truth(ev, condition);
    if (truth == -2)
        return FLOW_RAISE;
    if (truth != 0) {
        if (truth < 0)
            ev->guesses++;
        return FLOW_NEXT;
    }
    struct value message = node.b ? eval_expression(ev, frame, node.b) : value_unbound();
    if (is_raised(message))
        return FLOW_RAISE;
    ev->unit = frame->unit;
    ev->at = node.at;
    struct instance *exception = instance_new(ev, ev->types->assertion_error);
    if (message.kind != VALUE_UNBOUND)
        exception->payload = tuple_of(ev, &message, 1);
    eval_raise_value(ev, value_of(VALUE_INSTANCE, exception));
    return FLOW_RAISE;
}

static bool run_import(struct eval *ev, struct frame *frame, struct ast_node alias)
{
    const struct ast *ast = &frame->unit->file->ast;
    struct text dotted = ast->strings[alias.a];
    struct value module = import_module(ev, dotted);
    if (is_raised(module))
        return false;
    uint32_t bound = alias.b;
    if (!bound) {
        const char *dot = memchr(dotted.bytes, '.', dotted.length);
        if (dot) {
            struct text top = {dotted.bytes, (size_t)(dot - dotted.bytes)};
            module = import_module(ev, top);
            if (is_raised(module))
                return false;
            bound = python_string(frame->unit->file, top, false);
        } else {
            bound = alias.a;
        }
    }
    if (alias.c && frame->frame_kind == FRAME_FUNCTION) {
        cell_touch(ev, &frame->cell);
        frame->slots[alias.c - 1] = module;
        return true;
    }
    return assign_name(ev, frame, bound, module);
}

/* "transformers.models.x" with level 2 from module "transformers.models.mixtral.modeling_mixtral". */
static struct text absolute_name(struct eval *ev, const struct namespace *from, uint32_t level, struct text dotted)
{
    if (level == 0)
        return dotted;
    struct text package = str_text(from->name);
    for (uint32_t i = from->is_package ? 1 : 0; i < level; i++) {
        while (package.length && package.bytes[package.length - 1] != '.')
            package.length--;
        if (package.length)
            package.length--;
    }
    if (!dotted.length)
        return package;
    return text_format(&ev->scratch, "%.*s.%.*s", TEXT_ARGS(package), TEXT_ARGS(dotted));
}

static bool import_star(struct eval *ev, struct frame *frame, struct namespace *namespace)
{
    struct value all = namespace_get(ev, namespace, ev->types->names.all);
    if (is_raised(all))
        return false;
    struct list *names = all.kind == VALUE_UNBOUND ? NULL : value_items(all);
    for (uint32_t i = 0; names && i < names->count; i++) {
        struct str *name = value_string(names->items[i]);
        struct value value = name ? namespace_get(ev, namespace, name) : value_unbound();
        if (is_raised(value))
            return false;
        if (value.kind != VALUE_UNBOUND && !dict_set_str(ev, frame->globals->names, name, value))
            return false;
    }
    return true;
}

static bool run_from_import(struct eval *ev, struct frame *frame, struct ast_node node)
{
    const struct ast *ast = &frame->unit->file->ast;
    struct text dotted = absolute_name(ev, frame->globals, node.op, ast->strings[node.a]);
    ev->unit = frame->unit;
    ev->at = node.at;
    struct value module = import_module(ev, dotted);
    if (is_raised(module))
        return false;
    uint32_t count = ast_list_count(&frame->unit->file->ast, node.b);
    for (uint32_t i = 0; i < count; i++) {
        struct ast_node alias = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.b, i)];
        if (text_equal(frame->unit->file->ast.strings[alias.a], TEXT("*"))) {
            if (module.kind == VALUE_NAMESPACE && !import_star(ev, frame, module.namespace))
                return false;
            continue;
        }
        struct str *name = unit_symbol(ev, frame->unit, alias.a);
        struct value value = module;
        if (module.kind == VALUE_NAMESPACE)
            value = import_from(ev, module.namespace, name);
        if (is_raised(value))
            return false;
        if (alias.c && frame->frame_kind == FRAME_FUNCTION) {
            cell_touch(ev, &frame->cell);
            frame->slots[alias.c - 1] = value;
        } else if (!assign_name(ev, frame, alias.b ? alias.b : alias.a, value)) {
            return false;
        }
    }
    return true;
}

static enum flow flow_of(bool fine)
{
    return fine ? FLOW_NEXT : FLOW_RAISE;
}

static enum flow run_augment(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value old = eval_expression(ev, frame, node.a);
    if (is_raised(old))
        return FLOW_RAISE;
    struct value more = eval_expression(ev, frame, node.b);
    if (is_raised(more))
        return FLOW_RAISE;
    struct value result;
    struct list *list = old.kind == VALUE_LIST ? old.list : NULL;
    if (list && node.op == OP_ADD && !is_unknown(more)) {
        struct value outcome;
        struct list *items = iterate(ev, more, &outcome);
        if (!items && is_raised(outcome))
            return FLOW_RAISE;
        if (items && !list_extend(ev, list, items))
            return FLOW_RAISE;
        if (!items) {
            cell_touch(ev, &list->cell);
            list->open = outcome.reason;
        }
        result = old;
    } else {
        static const char *const in_place[] = {"__iadd__", "__isub__", "__imul__", "__itruediv__", "__ifloordiv__", "__imod__", "__ipow__"};
        struct value method = value_unbound();
        if (old.kind == VALUE_INSTANCE && node.op < sizeof in_place / sizeof *in_place)
            method = find_attribute(ev, old, eval_intern(ev, text_from(in_place[node.op])));
        if (is_raised(method))
            return FLOW_RAISE;
        ev->unit = frame->unit;
        ev->at = node.at;
        if (method.kind != VALUE_UNBOUND)
            result = call_values(ev, method, &more, 1);
        else
            result = binary(ev, (enum ast_operator)node.op, old, more);
    }
    return flow_of(!is_raised(result) && assign_target(ev, frame, node.a, result));
}

static enum flow run_annotate(struct eval *ev, struct frame *frame, struct ast_node node)
{
    const struct ast *ast = &frame->unit->file->ast;
    if (frame->frame_kind == FRAME_CLASS && (ast->nodes[node.a].kind == AST_NAME)) {
        /* __annotations__ keeps the order of dataclass fields, and the source text: nothing evaluates it here. */
        struct str *name = unit_symbol(ev, frame->unit, ast->nodes[node.a].a);
        struct value annotations = dict_get_str(frame->names, ev->types->names.annotations);
        if (annotations.kind != VALUE_DICT) {
            annotations = value_of(VALUE_DICT, dict_new(ev));
            if (!dict_set_str(ev, frame->names, ev->types->names.annotations, annotations))
                return FLOW_RAISE;
        }
        if (!dict_set_str(ev, annotations.dict, name, annotation_text(ev, frame->unit, node.b)))
            return FLOW_RAISE;
    }
    if (!node.c)
        return FLOW_NEXT;
    struct value value = eval_expression(ev, frame, node.c);
    return flow_of(!is_raised(value) && assign_target(ev, frame, node.a, value));
}

enum flow run_statement(struct eval *ev, struct frame *frame, uint32_t number)
{
    struct ast_node node = frame->unit->file->ast.nodes[number];
    ev->unit = frame->unit;
    ev->at = node.at;
    if (++ev->steps > LIMIT_STEPS) {
        eval_stop(ev, "more steps than any real constructor takes");
        return FLOW_RAISE;
    }
    switch ((enum ast_kind)node.kind) {
    case AST_EXPRESSION:
        if (frame->unit->file->ast.nodes[node.a].kind == AST_STRING)
            return FLOW_NEXT;
        return flow_of(!is_raised(eval_expression(ev, frame, node.a)));
    case AST_ASSIGN: {
        struct value value = eval_expression(ev, frame, node.b);
        if (is_raised(value))
            return FLOW_RAISE;
        uint32_t count = ast_list_count(&frame->unit->file->ast, node.a);
        for (uint32_t i = 0; i < count; i++)
            if (!assign_target(ev, frame, ast_list_item(&frame->unit->file->ast, node.a, i), value))
                return FLOW_RAISE;
        return FLOW_NEXT;
    }
    case AST_AUGMENT:
        return run_augment(ev, frame, node);
    case AST_ANNOTATE:
        return run_annotate(ev, frame, node);
    case AST_RETURN: {
        struct value value = node.a ? eval_expression(ev, frame, node.a) : value_none();
        if (is_raised(value))
            return FLOW_RAISE;
        frame->result = value;
        return FLOW_RETURN;
    }
    case AST_RAISE:
        return run_raise(ev, frame, node);
    case AST_ASSERT:
        return run_assert(ev, frame, node);
    case AST_DELETE: {
        uint32_t count = ast_list_count(&frame->unit->file->ast, node.a);
        for (uint32_t i = 0; i < count; i++)
            if (!delete_target(ev, frame, ast_list_item(&frame->unit->file->ast, node.a, i)))
                return FLOW_RAISE;
        return FLOW_NEXT;
    }
    case AST_PASS:
    case AST_GLOBAL:
    case AST_NONLOCAL:
    case AST_TYPE_ALIAS:
        return FLOW_NEXT;
    case AST_BREAK:
        return FLOW_BREAK;
    case AST_CONTINUE:
        return FLOW_CONTINUE;
    case AST_IMPORT: {
        uint32_t count = ast_list_count(&frame->unit->file->ast, node.a);
        for (uint32_t i = 0; i < count; i++)
            if (!run_import(ev, frame, frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.a, i)]))
                return FLOW_RAISE;
        return FLOW_NEXT;
    }
    case AST_FROM_IMPORT:
        return flow_of(run_from_import(ev, frame, node));
    case AST_IF:
        return run_if(ev, frame, node);
    case AST_FOR:
        return run_for(ev, frame, node);
    case AST_WHILE:
        return run_while(ev, frame, node);
    case AST_TRY:
        return run_try(ev, frame, node);
    case AST_WITH:
        return run_with(ev, frame, node);
    case AST_FUNCTION: {
        struct value function = make_function(ev, frame, node.a, frame->frame_kind == FRAME_CLASS ? frame->owner : NULL);
        if (!is_raised(function))
            function = apply_decorators(ev, frame, node.b, function);
        return flow_of(!is_raised(function) && assign_target(ev, frame, node.c, function));
    }
    case AST_CLASS: {
        struct value class_ = make_class(ev, frame, node.a, number);
        if (!is_raised(class_))
            class_ = apply_decorators(ev, frame, node.b, class_);
        return flow_of(!is_raised(class_) && (!node.c || assign_target(ev, frame, node.c, class_)));
    }
    case AST_MATCH:
    case AST_UNSUPPORTED:
        eval_stop(ev, "a statement that is not followed");
        return FLOW_RAISE;
    case AST_NOTHING:
    case AST_NAME: case AST_LOCAL: case AST_INT: case AST_BIG_INT: case AST_FLOAT: case AST_STRING: case AST_BYTES:
    case AST_FSTRING: case AST_FORMAT: case AST_TRUE: case AST_FALSE: case AST_NONE: case AST_ELLIPSIS: case AST_TUPLE:
    case AST_LIST: case AST_SET: case AST_DICT: case AST_ATTRIBUTE: case AST_SUBSCRIPT: case AST_SLICE: case AST_CALL:
    case AST_KEYWORD: case AST_STARRED: case AST_DOUBLE_STAR: case AST_UNARY: case AST_BINARY: case AST_AND: case AST_OR:
    case AST_COMPARE: case AST_CONDITIONAL: case AST_LAMBDA: case AST_LIST_COMP: case AST_SET_COMP: case AST_GENERATOR:
    case AST_DICT_COMP: case AST_CLAUSE: case AST_NAMED: case AST_AWAIT: case AST_YIELD: case AST_ALIAS: case AST_FOR_HEAD:
    case AST_HANDLER: case AST_TRY_TAIL: case AST_WITH_ITEM: case AST_KIND_COUNT:
        break;
    }
    eval_stop(ev, "a statement that is not followed");
    return FLOW_RAISE;
}

enum flow run_block(struct eval *ev, struct frame *frame, uint32_t list)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, list);
    if (++ev->expression_depth > LIMIT_EXPRESSION_DEPTH) {
        ev->expression_depth--;
        eval_stop(ev, "statements nested too deeply");
        return FLOW_RAISE;
    }
    enum flow flow = FLOW_NEXT;
    for (uint32_t i = 0; i < count && flow == FLOW_NEXT; i++)
        flow = run_statement(ev, frame, ast_list_item(&frame->unit->file->ast, list, i));
    ev->expression_depth--;
    return flow;
}
