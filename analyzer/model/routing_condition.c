/* Conditions: comparisons, and, or, not, and what the constructor has decided. */
#include "model/routing_internal.h"

const struct traced *routing_truth_value(struct routing_state *state, struct condition condition)
{
    if (condition.truth != TRUTH_CANNOT_TELL)
        return condition.truth == TRUTH_TRUE ? &value_true : &value_false;
    return traced_plain(state, strength_taint((enum strength)condition.strength, TAINT_VALUE));
}

static struct condition known(bool truth)
{
    return (struct condition){.truth = truth ? TRUTH_TRUE : TRUTH_FALSE};
}

static bool is_never_none(const struct traced *value)
{
    switch ((enum traced_kind)value->kind) {
    case TRACED_PLAIN:
    case TRACED_NONE:
    case TRACED_GLOBAL: return false;
    case TRACED_MODULE: /* a child may have been left None on some side */
        return !value->opaque && !(value->taint & EITHER(TAINT_CHOICE));
    default: return !(value->taint & EITHER(TAINT_CHOICE));
    }
}

/* `a is None`: which object it is. */
static struct condition compare_identity(const struct traced *left, const struct traced *right, bool negated)
{
    const struct traced *other = left->kind == TRACED_NONE ? right : left;
    if (left->kind == TRACED_NONE || right->kind == TRACED_NONE) {
        if (other->kind == TRACED_NONE)
            return known(!negated);
        if (is_never_none(other))
            return known(negated);
    }
    enum strength strength = taint_strength((unsigned)(left->taint | right->taint), TAINT_CHOICE);
    return (struct condition){.truth = TRUTH_CANNOT_TELL, .strength = (uint8_t)strength};
}

static bool compare_numbers(enum ast_operator op, int64_t left, int64_t right, bool *result)
{
    switch (op) {
    case OP_EQUAL: *result = left == right; return true;
    case OP_NOT_EQUAL: *result = left != right; return true;
    case OP_LESS: *result = left < right; return true;
    case OP_LESS_EQUAL: *result = left <= right; return true;
    case OP_GREATER: *result = left > right; return true;
    case OP_GREATER_EQUAL: *result = left >= right; return true;
    default: return false;
    }
}

static bool holds_only_strings(const struct traced *value)
{
    if (value->kind != TRACED_TUPLE || value->count == 0)
        return false;
    for (uint32_t i = 0; i < value->count; i++)
        if (value->items[i]->kind != TRACED_STRING)
            return false;
    return true;
}

static struct condition compare_two(enum ast_operator op, const struct traced *left, const struct traced *right,
                                    unsigned *taint)
{
    bool truth;
    *taint = 0;
    if (op == OP_IS || op == OP_IS_NOT)
        return compare_identity(left, right, op == OP_IS_NOT);
    if (left->kind == TRACED_INT && right->kind == TRACED_INT && compare_numbers(op, left->number, right->number, &truth))
        return known(truth);
    if (left->kind == TRACED_STRING && right->kind == TRACED_STRING && (op == OP_EQUAL || op == OP_NOT_EQUAL))
        return known(text_equal(left->text, right->text) == (op == OP_EQUAL));
    struct condition condition = {.truth = TRUTH_CANNOT_TELL};
    if ((op == OP_IN || op == OP_NOT_IN) && holds_only_strings(right))
        return condition;
    /* A tensor is not compared with a string or None, nor is a string looked for in one. */
    if (left->kind == TRACED_STRING || right->kind == TRACED_STRING || left->kind == TRACED_NONE ||
        right->kind == TRACED_NONE) {
        unsigned choice = (unsigned)(left->taint | right->taint);
        condition.strength = (uint8_t)taint_strength(choice, TAINT_CHOICE);
        return condition;
    }
    unsigned flat = traced_flat_taint(left) | traced_flat_taint(right);
    *taint =
        taint_move(flat, TAINT_VALUE | TAINT_CHOICE, TAINT_VALUE) | (flat & (EITHER(TAINT_LENGTH) | TAINT_UNTYPED));
    condition.strength = (uint8_t)taint_strength(*taint, TAINT_VALUE);
    return condition;
}

static struct condition compare(struct routing_state *state, const struct ast_node *node, unsigned *taint)
{
    const struct traced *left = routing_evaluate(state, node->a);
    struct condition whole = known(true);
    *taint = 0;
    uint32_t count = ast_list_count(&state->frame->file->ast, node->b);
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        enum ast_operator op = (enum ast_operator)ast_list_item(&state->frame->file->ast, node->b, i);
        const struct traced *right = routing_evaluate(state, ast_list_item(&state->frame->file->ast, node->b, i + 1));
        unsigned one_taint;
        struct condition one = compare_two(op, left, right, &one_taint);
        *taint |= one_taint;
        if (one.truth == TRUTH_FALSE)
            return one;
        if (one.truth == TRUTH_CANNOT_TELL) {
            whole.truth = TRUTH_CANNOT_TELL;
            whole.strength = one.strength > whole.strength ? one.strength : whole.strength;
        }
        left = right;
    }
    return whole;
}

/* ---- conditions ---- */

/* `self.A.B`: the constructor's value decides. */
static enum routing_truth path_truth(struct routing_state *state, uint32_t number)
{
    struct text path[8];
    size_t length = 0;
    const struct python_file *file = state->frame->file;
    struct ast_node node = routing_node(file, number);
    while (node.kind == AST_ATTRIBUTE && length < sizeof path / sizeof *path) {
        path[length++] = routing_string(file, node.b);
        node = routing_node(file, node.a);
    }
    if (node.kind != AST_LOCAL || node.b >= state->frame->slot_count || length == 0 || !state->frame->slots[node.b] ||
        state->frame->slots[node.b]->kind != TRACED_SELF)
        return TRUTH_CANNOT_TELL;
    struct text first = path[length - 1];
    if (text_equal(first, TEXT("training"))) /* a model is trained and evaluated */
        return TRUTH_CANNOT_TELL;
    for (size_t i = 0; i < state->attribute_count; i++)
        if (text_equal(state->attributes[i].name, first))
            return TRUTH_CANNOT_TELL;
    for (size_t i = 0; i < length / 2; i++) {
        struct text swapped = path[i];
        path[i] = path[length - 1 - i];
        path[length - 1 - i] = swapped;
    }
    return state->host->truth(state->host->context, path, length);
}

static bool is_training(const struct routing_state *state, const struct ast_node *attribute)
{
    struct ast_node object = routing_node(state->frame->file, attribute->a);
    if (object.kind != AST_LOCAL || object.b >= state->frame->slot_count || !state->frame->slots[object.b])
        return false;
    return state->frame->slots[object.b]->kind == TRACED_SELF &&
           text_equal(routing_string(state->frame->file, attribute->b), TEXT("training"));
}

static struct condition condition_not(struct condition condition)
{
    if (condition.truth != TRUTH_CANNOT_TELL)
        condition.truth = condition.truth == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
    bool idle = condition.idle_then;
    condition.idle_then = condition.idle_else;
    condition.idle_else = idle;
    return condition;
}

/* `and`, `or`: the right side is only evaluated depending on the left. */
static struct condition condition_both(struct routing_state *state, const struct ast_node *node,
                                       const struct traced **value)
{
    uint8_t decides = node->kind == AST_AND ? TRUTH_FALSE : TRUTH_TRUE;
    const struct traced *left_value, *right_value;
    struct condition left = routing_condition(state, node->a, &left_value);
    if (left.truth == decides) {
        *value = left_value;
        return left;
    }
    if (left.truth != TRUTH_CANNOT_TELL)
        return routing_condition(state, node->b, value);
    size_t from = state->event_count;
    struct condition right = routing_condition(state, node->b, &right_value);
    struct reason reason = routing_reason(state, (enum strength)left.strength, REASON_BRANCH, node->a);
    routing_mark(state, from, state->event_count, &reason);
    *value = traced_join(state, left_value, right_value, (enum strength)left.strength);
    /* `cache.is_started and x.all()`: whether the flag is ever set is not known. */
    if ((left_value->taint & TAINT_LOOSE) && left.strength == STRENGTH_NONE && right.strength == STRENGTH_DATA)
        right.strength = STRENGTH_DOUBT;
    if (right.truth == decides && left.strength == STRENGTH_NONE)
        return right;
    struct condition both = {.truth = TRUTH_CANNOT_TELL};
    both.strength = left.strength > right.strength ? left.strength : right.strength;
    bool and = node->kind == AST_AND;
    both.idle_then = and? left.idle_then || right.idle_then : left.idle_then && right.idle_then;
    both.idle_else = and? left.idle_else && right.idle_else : left.idle_else || right.idle_else;
    return both;
}

struct condition routing_condition(struct routing_state *state, uint32_t number, const struct traced **value)
{
    const struct traced *ignored;
    if (!value)
        value = &ignored;
    *value = &value_clean;
    struct ast_node node = routing_node(state->frame->file, number);
    struct condition condition = {.truth = TRUTH_CANNOT_TELL};
    if (!routing_step(state, node.at, 1) || ++state->depth > LIMIT_ROUTING_DEPTH) {
        routing_stop(state, TEXT("forward is nested too deeply to follow"), node.at);
        return condition;
    }
    unsigned taint;
    switch (node.kind) {
    case AST_AND:
    case AST_OR: condition = condition_both(state, &node, value); break;
    case AST_UNARY:
        if (node.op == OP_NOT) {
            condition = condition_not(routing_condition(state, node.a, NULL));
            *value = routing_truth_value(state, condition);
            break;
        }
        *value = routing_evaluate(state, number);
        condition = traced_truth(*value);
        break;
    case AST_COMPARE:
        condition = compare(state, &node, &taint);
        *value = condition.truth != TRUTH_CANNOT_TELL || !taint
                     ? routing_truth_value(state, condition)
                     : traced_plain(state, taint | taint_move(taint, TAINT_VALUE, TAINT_BOOL));
        break;
    case AST_ATTRIBUTE:
        condition.truth = (uint8_t)path_truth(state, number);
        *value = routing_evaluate(state, number);
        if (condition.truth == TRUTH_CANNOT_TELL)
            condition = traced_truth(*value);
        condition.idle_else = is_training(state, &node);
        break;
    default:
        *value = routing_evaluate(state, number);
        condition = traced_truth(*value);
        break;
    }
    state->depth--;
    return condition;
}

const struct traced *routing_conditional(struct routing_state *state, const struct ast_node *node)
{
    struct condition condition = routing_condition(state, node->a, NULL);
    if (condition.truth != TRUTH_CANNOT_TELL)
        return routing_evaluate(state, condition.truth == TRUTH_TRUE ? node->b : node->c);
    enum strength strength = (enum strength)condition.strength;
    routing_enter(state, strength);
    size_t from = state->event_count;
    state->idle += condition.idle_then;
    const struct traced *then = routing_evaluate(state, node->b);
    state->idle -= condition.idle_then;
    size_t middle = state->event_count;
    state->idle += condition.idle_else;
    const struct traced *otherwise = routing_evaluate(state, node->c);
    state->idle -= condition.idle_else;
    routing_leave(state, strength);
    struct reason reason = routing_reason(state, strength, REASON_BRANCH, node->a);
    routing_mark_alternatives(state, from, middle, middle, state->event_count, &reason);
    return traced_join(state, then, otherwise, strength);
}
