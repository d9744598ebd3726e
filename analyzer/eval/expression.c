/* Expressions: one function per group of nodes. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "eval/evidence.h"
#include "eval/statement.h"
#include "eval/expression.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"

static struct value eval_name(struct eval *ev, struct frame *frame, uint32_t string)
{
    bool global = frame->declared && is_declared_global(frame, string);
    for (struct frame *scope = global ? NULL : frame; scope; scope = scope->parent) {
        if (scope->frame_kind == FRAME_CLASS && scope == frame && !frame->comprehension) {
            struct value value = dict_get_str(scope->names, unit_symbol(ev, scope->unit, string));
            if (value.kind == VALUE_LAZY)
                value = realise(ev, unit_symbol(ev, scope->unit, string), value.lazy);
            if (value.kind != VALUE_UNBOUND)
                return value;
            continue;
        }
        const uint32_t *locals = scope->unit->file->ast.locals + scope->first_local;
        for (uint32_t i = scope->slot_count; scope != frame && i-- > 0;)
            if (locals[i] == string && scope->slots[i].kind != VALUE_UNBOUND)
                return scope->slots[i];
    }
    struct str *name = unit_symbol(ev, frame->unit, string);
    struct value value = global_get(ev, frame->globals, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    if (name == ev->types->names.name)
        return value_str(frame->globals->name);
    if (name == ev->types->names.file || name == ev->types->names.doc || name == ev->types->names.package ||
        name == ev->types->names.path)
        return eval_unknown_plain(ev, "what a module says about itself");
    return eval_raise(ev, ev->types->name_error, "name '%s' is not defined", name->bytes);
}

static struct value eval_local(struct eval *ev, struct frame *frame, uint32_t string, uint32_t slot)
{
    struct value value = slot < frame->slot_count ? frame->slots[slot] : value_unbound();
    if (value.kind != VALUE_UNBOUND) {
        ev->guesses += is_unknown(value); /* it might not be bound */
        return value;
    }
    if (frame->frame_kind != FRAME_FUNCTION)
        return eval_name(ev, frame, string);
    return eval_raise(ev, ev->types->unbound_local_error,
                      "cannot access local variable '%s' where it is not associated with a value",
                      unit_symbol(ev, frame->unit, string)->bytes);
}

/* Items of a display, with `*iterable` spliced in. */
static struct list *eval_items(struct eval *ev, struct frame *frame, uint32_t node_list, struct value *outcome)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, node_list);
    struct list *list = list_new(ev, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct ast *ast = &frame->unit->file->ast;
        struct ast_node item = ast->nodes[ast_list_item(ast, node_list, i)];
        if (item.kind == AST_STARRED) {
            struct value value = eval_expression(ev, frame, item.a);
            if (is_raised(value)) {
                *outcome = value;
                return NULL;
            }
            struct list *more = is_unknown(value) ? NULL : iterate(ev, value, outcome);
            if (!more) {
                if (is_unknown(value))
                    *outcome = value;
                return NULL;
            }
            if (!list_extend(ev, list, more))
                goto raised;
            continue;
        }
        struct value value = eval_expression(ev, frame, ast_list_item(&frame->unit->file->ast, node_list, i));
        if (is_raised(value) || !list_append(ev, list, value))
            goto raised;
    }
    return list;
raised:
    *outcome = value_raised();
    return NULL;
}

static struct value eval_dict(struct eval *ev, struct frame *frame, uint32_t node_list)
{
    struct dict *dict = dict_new(ev);
    uint32_t count = ast_list_count(&frame->unit->file->ast, node_list);
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        uint32_t key_node = ast_list_item(&frame->unit->file->ast, node_list, i);
        uint32_t value_node = ast_list_item(&frame->unit->file->ast, node_list, i + 1);
        struct value key = key_node ? eval_expression(ev, frame, key_node) : value_none();
        if (is_raised(key))
            return key;
        struct value value = eval_expression(ev, frame, value_node);
        if (is_raised(value))
            return value;
        if (!key_node) {
            struct dict *more = value_dict(value);
            if (is_unknown(value))
                return value;
            if (!more)
                return eval_unknown(ev, "`**` of something that is not a dict");
            if (more->open)
                dict->open = more->open;
            struct dict_entry *entry;
            for (uint32_t k = 0; (entry = dict_next(more, &k));)
                if (!dict_set(ev, dict, entry->key, entry->value))
                    return value_raised();
            continue;
        }
        if (!dict_store(ev, dict, key, value))
            return value_raised();
    }
    return value_of(VALUE_DICT, dict);
}

static struct value eval_fstring(struct eval *ev, struct frame *frame, uint32_t node_list)
{
    struct text_builder builder = {0};
    struct value result = value_none();
    uint32_t given = 0;
    uint32_t count = ast_list_count(&frame->unit->file->ast, node_list);
    for (uint32_t i = 0; i < count; i++) {
        const struct ast *ast = &frame->unit->file->ast;
        struct ast_node part = ast->nodes[ast_list_item(ast, node_list, i)];
        if (part.kind == AST_STRING) {
            text_builder_add(&builder, ast->strings[part.a]);
            continue;
        }
        struct value value = eval_expression(ev, frame, part.a);
        if (is_raised(value)) {
            result = value;
            break;
        }
        given = evidence_join(ev, given, value.given);
        if (part.op == 'r' || part.op == 'a')
            value = value_to_repr(ev, value);
        else if (part.op == 's')
            value = value_to_str(ev, value);
        if (part.b && !is_raised(value)) {
            struct value spec = eval_expression(ev, frame, part.b);
            struct value both[] = {value, spec};
            value = is_raised(spec) ? spec : call_values(ev, namespace_get(ev, ev->builtins, eval_intern(ev, TEXT("format"))), both, 2);
        } else if (!is_raised(value)) {
            value = format_value(ev, value, TEXT(""));
        }
        struct str *text = value_string(value);
        if (text && part.op == 'a' && !text_is_ascii(str_text(text)))
            value = eval_unknown(ev, "ascii() of letters beyond ASCII");
        else if (!text && !is_raised(value) && !is_unknown(value))
            value = eval_raise(ev, ev->types->type_error, "__format__ must return a str, not %s", type_name(ev, value));
        if (is_raised(value) || is_unknown(value)) {
            if (!is_raised(result) && result.kind != VALUE_UNKNOWN)
                result = value;
            if (is_raised(value))
                break;
            continue;
        }
        text_builder_add(&builder, str_text(text));
        if (builder.length > LIMIT_STRING_BYTES)
            break;
    }
    if (result.kind == VALUE_NONE)
        result = eval_text(ev, text_builder_text(&builder));
    text_builder_free(&builder);
    if (!is_raised(result))
        result.given = given;
    return result;
}

/* Evaluates one way of an expression that cannot be decided, inside a transaction of its own. */
static struct value eval_way(struct eval *ev, struct frame *frame, uint32_t node, struct outcome *outcome)
{
    struct transaction transaction;
    transaction_begin(ev, &transaction);
    ev->ways++;
    struct value value = eval_expression(ev, frame, node);
    ev->ways--;
    *outcome = transaction_take(ev, &transaction);
    return value;
}

/* `then` or `else`, whichever it is: both are run, and joined.  A way that raises is left out. */
static struct value eval_either(struct eval *ev, struct frame *frame, uint32_t then, uint32_t else_, struct value skipped,
                                struct reason *reason)
{
    struct outcome outcomes[2];
    uint32_t count = 0;
    ev->guesses++;
    struct value a = eval_way(ev, frame, then, &outcomes[0]);
    struct value raised = ev->raised;
    if (!is_raised(a))
        count++;
    else if (ev->stopped)
        return a;
    struct value b = skipped;
    if (else_) {
        b = eval_way(ev, frame, else_, &outcomes[count]);
        if (!is_raised(b))
            count++;
        else if (ev->stopped)
            return b;
    }
    if (is_raised(a) && is_raised(b)) {
        raise_either(ev, raised, reason);
        return a;
    }
    outcomes_join(ev, outcomes, count, !else_, reason);
    if (is_raised(a))
        return b;
    if (is_raised(b))
        return a;
    return value_join(ev, a, b, reason);
}

static struct value eval_conditional(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value condition = eval_expression(ev, frame, node.a);
    if (is_raised(condition))
        return condition;
    switch (value_truth(ev, condition)) {
    case 1:
        return evidence_of(ev, eval_expression(ev, frame, node.b), condition, value_none());
    case 0:
        return evidence_of(ev, eval_expression(ev, frame, node.c), condition, value_none());
    case -2:
        return value_raised();
    }
    struct reason *reason = is_unknown(condition) ? condition.reason : eval_reason(ev, TEXT("a condition that cannot be told"));
    return eval_either(ev, frame, node.b, node.c, value_unbound(), reason);
}

static struct value eval_and_or(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value left = eval_expression(ev, frame, node.a);
    if (is_raised(left))
        return left;
    int truth = value_truth(ev, left);
    if (truth == -2)
        return value_raised();
    if (truth >= 0) {
        bool decided = node.kind == AST_AND ? truth == 0 : truth == 1;
        if (decided)
            return left;
        struct value right = eval_expression(ev, frame, node.b);
        right.given = evidence_join(ev, left.given, right.given);
        return right;
    }
    struct reason *reason = is_unknown(left) ? left.reason : eval_reason(ev, TEXT("a condition that cannot be told"));
    struct value right = eval_either(ev, frame, node.b, 0, is_unknown(left) ? left : unknown_from(reason), reason);
    if (is_raised(right) && ev->stopped)
        return right;
    /* `unknown and False` is false whichever way, as far as its truth goes; the value itself cannot be told. */
    struct transaction transaction;
    transaction_begin(ev, &transaction);
    struct value again = eval_expression(ev, frame, node.b);
    int right_truth = is_raised(again) ? -1 : value_truth(ev, again);
    transaction_undo(ev, &transaction);
    if (ev->stopped)
        return value_raised();
    if (node.kind == AST_AND && right_truth == 0 && again.kind == VALUE_BOOL)
        return value_bool(false);
    if (node.kind == AST_OR && right_truth == 1 && again.kind == VALUE_BOOL)
        return value_bool(true);
    return is_raised(right) ? left : value_join(ev, left, right, reason);
}

static struct value eval_compare(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value left = eval_expression(ev, frame, node.a);
    if (is_raised(left))
        return left;
    uint32_t count = ast_list_count(&frame->unit->file->ast, node.b);
    struct value result = value_bool(true);
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        enum ast_operator op = (enum ast_operator)ast_list_item(&frame->unit->file->ast, node.b, i);
        struct value right = eval_expression(ev, frame, ast_list_item(&frame->unit->file->ast, node.b, i + 1));
        if (is_raised(right))
            return right;
        struct value before = result;
        result = evidence_of(ev, compare(ev, op, left, right), left, right);
        result.given = evidence_join(ev, before.given, result.given);
        if (is_raised(result) || i + 2 >= count)
            return result;
        int truth = value_truth(ev, result);
        if (truth != 1)
            return truth == -2 ? value_raised() : result;
        left = right;
    }
    return result;
}

static struct value eval_slice(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct slice *slice = ARENA_NEW(eval_heap(ev), struct slice);
    slice->start = node.a ? eval_expression(ev, frame, node.a) : value_none();
    slice->stop = node.b && !is_raised(slice->start) ? eval_expression(ev, frame, node.b) : value_none();
    slice->step = node.c && !is_raised(slice->stop) ? eval_expression(ev, frame, node.c) : value_none();
    if (is_raised(slice->start) || is_raised(slice->stop) || is_raised(slice->step))
        return value_raised();
    return value_of(VALUE_SLICE, slice);
}

/* Kept apart from eval_expression(), which would else save its registers for each leaf. */
__attribute__((noinline)) static struct value eval_node(struct eval *ev, struct frame *frame, uint32_t number)
{
    const struct ast *ast = &frame->unit->file->ast;
    struct ast_node node = ast->nodes[number];
    switch ((enum ast_kind)node.kind) {
    case AST_NAME:
        ev->unit = frame->unit;
        ev->at = node.at;
        return eval_name(ev, frame, node.a);
    case AST_LOCAL:
        return eval_local(ev, frame, node.a, node.b);
    case AST_INT:
        return value_int((int64_t)((uint64_t)node.b << 32 | node.a));
    case AST_BIG_INT:
        return eval_unknown(ev, "an integer over 64 bits");
    case AST_FLOAT:
        return value_float(ast->floats[node.a]);
    case AST_STRING:
        if (ast->strings[node.a].length > LIMIT_STRING_BYTES)
            return eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
        return value_str(unit_symbol(ev, frame->unit, node.a));
    case AST_BYTES:
        return eval_unknown(ev, "a bytes object");
    case AST_FSTRING:
        return eval_fstring(ev, frame, node.a);
    case AST_TRUE:
        return value_bool(true);
    case AST_FALSE:
        return value_bool(false);
    case AST_NONE:
        return value_none();
    case AST_ELLIPSIS:
        return (struct value){.kind = VALUE_ELLIPSIS};
    case AST_TUPLE:
    case AST_LIST: {
        struct value outcome;
        struct list *list = eval_items(ev, frame, node.a, &outcome);
        return list ? value_of(node.kind == AST_TUPLE ? VALUE_TUPLE : VALUE_LIST, list) : outcome;
    }
    case AST_SET: {
        struct value outcome;
        struct list *list = eval_items(ev, frame, node.a, &outcome);
        if (!list)
            return outcome;
        struct dict *set = dict_new(ev);
        for (uint32_t i = 0; i < list->count; i++)
            if (!set_store(ev, set, list->items[i]))
                return value_raised();
        return value_of(VALUE_SET, set);
    }
    case AST_DICT:
        return eval_dict(ev, frame, node.a);
    case AST_ATTRIBUTE:
        return eval_attribute(ev, frame, node);
    case AST_SUBSCRIPT: {
        struct value object = eval_expression(ev, frame, node.a);
        if (is_raised(object))
            return object;
        struct value index = eval_expression(ev, frame, node.b);
        if (is_raised(index))
            return index;
        ev->unit = frame->unit;
        ev->at = node.at;
        return evidence_of(ev, get_item(ev, object, index), object, index);
    }
    case AST_SLICE:
        return eval_slice(ev, frame, node);
    case AST_CALL:
        return eval_call(ev, frame, node);
    case AST_UNARY: {
        struct value operand = eval_expression(ev, frame, node.a);
        if (is_raised(operand))
            return operand;
        return evidence_of(ev, unary(ev, (enum ast_operator)node.op, operand), operand, value_none());
    }
    case AST_BINARY: {
        struct value left = eval_expression(ev, frame, node.a);
        if (is_raised(left))
            return left;
        struct value right = eval_expression(ev, frame, node.b);
        if (is_raised(right))
            return right;
        ev->unit = frame->unit;
        ev->at = node.at;
        return evidence_of(ev, binary(ev, (enum ast_operator)node.op, left, right), left, right);
    }
    case AST_AND:
    case AST_OR:
        return eval_and_or(ev, frame, node);
    case AST_COMPARE:
        ev->unit = frame->unit;
        ev->at = node.at;
        return eval_compare(ev, frame, node);
    case AST_CONDITIONAL:
        return eval_conditional(ev, frame, node);
    case AST_LAMBDA:
        return make_function(ev, frame, node.a, NULL);
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR:
    case AST_DICT_COMP:
        return eval_comprehension(ev, frame, node);
    case AST_NAMED: {
        struct value value = eval_expression(ev, frame, node.b);
        if (!is_raised(value) && !assign_target(ev, frame, node.a, value))
            return value_raised();
        return value;
    }
    case AST_YIELD: {
        struct value value = node.a ? eval_expression(ev, frame, node.a) : value_none();
        if (is_raised(value))
            return value;
        if (!frame->yielded)
            return eval_unknown(ev, "a yield outside a generator");
        if (node.op == 1) {
            struct value returned = value.kind == VALUE_ITERATOR ? value.iterator->returned : value_none();
            struct list *items = is_unknown(value) ? NULL : iterate(ev, value, &value);
            if (!items) {
                if (is_unknown(value))
                    frame->yielded->open = value.reason;
                return value;
            }
            return list_extend(ev, frame->yielded, items) ? returned : value_raised();
        }
        return list_append(ev, frame->yielded, value) ? value_none() : value_raised();
    }
    case AST_AWAIT:
        return eval_unknown(ev, "an await");
    case AST_UNSUPPORTED:
        return eval_unknown(ev, "%.*s is not followed", TEXT_ARGS(ast->strings[node.a]));
    case AST_STARRED:
    case AST_FORMAT:
    case AST_KEYWORD:
    case AST_DOUBLE_STAR:
    case AST_CLAUSE:
    case AST_NOTHING:
    case AST_EXPRESSION:
    case AST_ASSIGN:
    case AST_AUGMENT:
    case AST_ANNOTATE:
    case AST_RETURN:
    case AST_RAISE:
    case AST_ASSERT:
    case AST_DELETE:
    case AST_PASS:
    case AST_BREAK:
    case AST_CONTINUE:
    case AST_GLOBAL:
    case AST_NONLOCAL:
    case AST_IMPORT:
    case AST_FROM_IMPORT:
    case AST_ALIAS:
    case AST_IF:
    case AST_FOR:
    case AST_FOR_HEAD:
    case AST_WHILE:
    case AST_TRY:
    case AST_HANDLER:
    case AST_TRY_TAIL:
    case AST_WITH:
    case AST_WITH_ITEM:
    case AST_FUNCTION:
    case AST_CLASS:
    case AST_MATCH:
    case AST_CASE:
    case AST_MATCH_VALUE:
    case AST_MATCH_CAPTURE:
    case AST_MATCH_SEQUENCE:
    case AST_MATCH_STAR:
    case AST_MATCH_MAPPING:
    case AST_MATCH_CLASS:
    case AST_MATCH_OR:
    case AST_TYPE_ALIAS:
    case AST_KIND_COUNT:
        break;
    }
    return eval_unknown(ev, "a %s where an expression is due", ast_kind_name((enum ast_kind)node.kind));
}

/* What needs nothing but a look: most nodes.  UNBOUND: anything else. */
static inline struct value eval_leaf(const struct frame *frame, uint32_t number)
{
    const struct unit *unit = frame->unit;
    const struct ast_node *node = &unit->file->ast.nodes[number];
    if (node->kind == AST_LOCAL && node->b < frame->slot_count && frame->slots[node->b].kind > VALUE_UNKNOWN)
        return frame->slots[node->b];
    if (node->kind == AST_NONE)
        return value_none();
    if (node->kind == AST_TRUE || node->kind == AST_FALSE)
        return value_bool(node->kind == AST_TRUE);
    if (node->kind == AST_STRING && node->a < unit->symbol_count && unit->symbols[node->a] &&
        unit->symbols[node->a]->length < LIMIT_STRING_BYTES) /* a longer one was cut off when it was interned */
        return value_str(unit->symbols[node->a]);
    return value_unbound();
}

struct value eval_expression(struct eval *ev, struct frame *frame, uint32_t node)
{
    if (++ev->steps > ev->step_limit)
        return eval_stop(ev, "more steps than any real constructor takes");
    struct value known = eval_leaf(frame, node);
    if (known.kind != VALUE_UNBOUND)
        return known;
    if (++ev->expression_depth > LIMIT_EXPRESSION_DEPTH) {
        ev->expression_depth--;
        return eval_stop(ev, "expressions nested too deeply");
    }
    if (arena_used(&ev->model) > ev->model_limit || arena_used(&ev->scratch) > ev->model_limit ||
        arena_used(&ev->run) > ev->run_limit) {
        ev->expression_depth--;
        return eval_stop(ev, "more memory than any real constructor takes");
    }
    struct value value = eval_node(ev, frame, node);
    ev->expression_depth--;
    return value;
}
