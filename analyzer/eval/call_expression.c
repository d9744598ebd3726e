/* Attributes, super() and calls: what stands before and behind a dot. */
#include "eval/eval.h"
#include "eval/evidence.h"
#include "eval/expression.h"
#include "eval/types.h"
#include "eval/values.h"

/* super() without arguments, into *super; UNBOUND, or Unknown or raised instead. */
static struct value find_super(struct eval *ev, struct frame *frame, struct super *super)
{
    /* A nested function or comprehension inside a method uses the method's class and self. */
    for (struct frame *scope = frame; scope; scope = scope->parent) {
        if (scope->frame_kind != FRAME_FUNCTION || !scope->owner)
            continue;
        if (!scope->slot_count || scope->slots[0].kind == VALUE_UNBOUND)
            break;
        super->after = scope->owner;
        super->self = scope->slots[0];
        return is_unknown(super->self) ? super->self : value_unbound();
    }
    return eval_raise(ev, ev->types->runtime_error, "super(): no arguments");
}

static bool is_super_call(struct eval *ev, struct unit *unit, const struct ast_node *node)
{
    const struct ast *ast = &unit->file->ast;
    return node->kind == AST_CALL && ast->nodes[node->a].kind == AST_NAME && ast_list_count(ast, node->b) == 0 &&
           unit_symbol(ev, unit, ast->nodes[node->a].a) == ev->types->names.super_;
}

static struct value eval_super(struct eval *ev, struct frame *frame)
{
    struct super *super = ARENA_NEW(eval_heap(ev), struct super);
    struct value instead = find_super(ev, frame, super);
    return instead.kind == VALUE_UNBOUND ? value_of(VALUE_SUPER, super) : instead;
}

/* What stands before the dot; unless it raised, evaluation is at the dot then.  super().name needs no object that outlives
 * the look-up. */
static struct value eval_before_dot(struct eval *ev, struct frame *frame, struct ast_node node, struct super *super)
{
    struct value object;
    if (is_super_call(ev, frame->unit, &frame->unit->file->ast.nodes[node.a])) {
        struct value instead = find_super(ev, frame, super);
        object = instead.kind == VALUE_UNBOUND ? value_of(VALUE_SUPER, super) : instead;
    } else {
        object = eval_expression(ev, frame, node.a);
    }
    if (!is_raised(object)) {
        ev->unit = frame->unit;
        ev->at = node.at;
    }
    return object;
}

struct value eval_attribute(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct super super;
    struct value object = eval_before_dot(ev, frame, node, &super);
    if (is_raised(object))
        return object;
    return evidence_of(ev, get_attribute(ev, object, unit_symbol(ev, frame->unit, node.b)), object, value_none());
}

/* What is called; of a method the function, with *self apart. */
static struct value eval_callee(struct eval *ev, struct frame *frame, uint32_t number, struct value *self)
{
    struct ast_node node = frame->unit->file->ast.nodes[number];
    *self = value_unbound();
    if (node.kind != AST_ATTRIBUTE)
        return eval_expression(ev, frame, number);
    struct super super;
    struct value object = eval_before_dot(ev, frame, node, &super);
    if (is_raised(object))
        return object;
    struct str *name = unit_symbol(ev, frame->unit, node.b);
    struct value method = get_method(ev, object, name, self);
    if (method.kind != VALUE_UNBOUND)
        return method;
    *self = value_unbound();
    return evidence_of(ev, get_attribute(ev, object, name), object, value_none());
}

struct value eval_call(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct ast_node callee_node = frame->unit->file->ast.nodes[node.a];
    if (is_super_call(ev, frame->unit, &node))
        return eval_super(ev, frame);
    struct value self;
    struct value callee = eval_callee(ev, frame, node.a, &self);
    if (is_raised(callee))
        return callee;
    const struct value function = callee.kind == VALUE_BOUND ? callee.bound->function : callee;
    if (function.kind == VALUE_NATIVE && function.native->call == native_ignored)
        return value_none(); /* a log message: formatting it would only take time */
    struct arena_mark mark = arena_mark(&ev->scratch);
    struct argument_buffer buffer;
    buffer.items = buffer.inline_items;
    buffer.capacity = buffer.named_capacity = INLINE_ARGUMENTS;
    buffer.names = buffer.inline_names;
    buffer.named = buffer.inline_named;
    buffer.count = buffer.named_count = 0;
    buffer.open = NULL;
    if (self.kind != VALUE_UNBOUND)
        buffer.items[buffer.count++] = self;
    struct value result;
    if (!eval_arguments(ev, frame, node.b, &buffer)) {
        result = value_raised();
    } else {
        struct arguments arguments = {buffer.items, buffer.count, buffer.names, buffer.named, buffer.named_count};
        ev->unit = frame->unit;
        ev->at = node.at;
        if (buffer.open) {
            expose(ev, callee, buffer.open);
            for (uint32_t i = 0; i < buffer.count; i++)
                expose(ev, buffer.items[i], buffer.open);
            for (uint32_t i = 0; i < buffer.named_count; i++)
                expose(ev, buffer.named[i], buffer.open);
            ev->guesses++;
            result = unknown_from(buffer.open);
        } else {
            if (is_unknown(callee) && callee.reason->aliases && callee_node.kind == AST_ATTRIBUTE &&
                method_removes(frame->unit->file->ast.strings[callee_node.b]))
                blur(ev, callee, NULL, callee.reason);
            result = call(ev, callee, &arguments);
        }
    }
    arena_reset(&ev->scratch, mark);
    return result;
}
