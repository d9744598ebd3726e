/* Statements.  Those that choose what runs are in control.c. */
#include <string.h>

#include "eval/eval.h"
#include "eval/evidence.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* Of a class that cannot be told: no handler is known to take it, or not to. */
void raise_unknown(struct eval *ev, struct reason *reason)
{
    struct class *class_ = class_new(ev, ev->types->exception->name, ev->types->exception->module, &ev->types->base_exception, 1);
    class_->open = reason;
    class_->open_here = true;
    if (class_set_mro(ev, class_))
        eval_raise_value(ev, value_of(VALUE_INSTANCE, instance_new(ev, class_)));
}

/* What decided that this is raised: the condition it stands under, else what it is made of. */
static struct value with_evidence(struct eval *ev, struct value exception, uint32_t given)
{
    if (!ev->evidence)
        return exception;
    given = given ? given : ev->evidence->guard;
    const struct list *parts = value_items(exception.instance->payload);
    if (given)
        exception.given = given;
    for (uint32_t i = 0; !exception.given && parts && i < parts->count; i++)
        exception.given = parts->items[i].given;
    return exception;
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
        if (is_unknown(exception)) {
            raise_unknown(ev, exception.reason);
            return FLOW_RAISE;
        }
        if (exception.kind == VALUE_UNBOUND) {
            eval_raise(ev, ev->types->runtime_error, "No active exception to reraise");
            return FLOW_RAISE;
        }
        eval_raise(ev, ev->types->type_error, "exceptions must derive from BaseException");
        return FLOW_RAISE;
    }
    if (node.b) {
        struct value cause = eval_expression(ev, frame, node.b);
        if (cause.kind == VALUE_CLASS)
            cause = call_values(ev, cause, NULL, 0);
        if (is_raised(cause) || !dict_set_str(ev, exception.instance->attributes, eval_intern(ev, TEXT("__cause__")), cause))
            return FLOW_RAISE;
        ev->unit = frame->unit;
        ev->at = node.at;
    }
    bool again = ev->handling.kind == VALUE_INSTANCE && ev->handling.instance == exception.instance;
    eval_raise_value(ev, with_evidence(ev, exception, 0));
    if (ev->evidence && !again) {
        ev->evidence->cause_unit = ev->evidence->handled_unit;
        ev->evidence->cause_at = ev->evidence->handled_at;
    }
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
    eval_raise_value(ev, with_evidence(ev, value_of(VALUE_INSTANCE, exception), condition.given));
    return FLOW_RAISE;
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
    } else if (is_unknown(old) && old.reason->aliases) { /* in place, on whichever it is */
        blur(ev, old, NULL, old.reason);
        expose(ev, more, old.reason);
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
            result = evidence_of(ev, binary(ev, (enum ast_operator)node.op, old, more), old, more);
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
    if (node.c) {
        struct value value = eval_expression(ev, frame, node.c);
        if (is_raised(value) || !assign_target(ev, frame, node.a, value))
            return FLOW_RAISE;
    }
    return flow_of(eval_annotation(ev, frame, node.b));
}

enum flow run_statement(struct eval *ev, struct frame *frame, uint32_t number)
{
    struct ast_node node = frame->unit->file->ast.nodes[number];
    ev->unit = frame->unit;
    ev->at = node.at;
    if (++ev->steps > ev->step_limit) {
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
    case AST_GLOBAL: {
        struct declared *declared = ARENA_NEW(eval_heap(ev), struct declared);
        *declared = (struct declared){frame->declared, node.a};
        cell_touch(ev, &frame->cell);
        frame->declared = declared;
        return FLOW_NEXT;
    }
    case AST_PASS:
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
        if (!is_raised(function)) {
            struct str *name = function.function->name;
            function = apply_decorators(ev, frame, node.b, function);
            if (frame->frame_kind == FRAME_CLASS)
                function = as_class_member(ev, name, function);
        }
        return flow_of(!is_raised(function) && assign_target(ev, frame, node.c, function));
    }
    case AST_CLASS: {
        struct value class_ = make_class(ev, frame, node.a, number);
        if (!is_raised(class_))
            class_ = apply_decorators(ev, frame, node.b, class_);
        return flow_of(!is_raised(class_) && (!node.c || assign_target(ev, frame, node.c, class_)));
    }
    case AST_MATCH:
        return run_match(ev, frame, node);
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
    case AST_HANDLER: case AST_TRY_TAIL: case AST_WITH_ITEM: case AST_CASE: case AST_MATCH_VALUE:
    case AST_MATCH_CAPTURE: case AST_MATCH_SEQUENCE: case AST_MATCH_STAR: case AST_MATCH_MAPPING: case AST_MATCH_CLASS:
    case AST_MATCH_OR: case AST_KIND_COUNT:
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
