/* Expressions: what they evaluate to, as far as calls of children and the data are concerned. */
#include "model/routing_internal.h"

static const struct value *evaluate(struct routing_state *state, uint32_t number);

/* ---- items ---- */

static bool is_whole(const struct value *index, uint8_t kind)
{
    return kind == AST_SLICE || kind == AST_NONE || kind == AST_ELLIPSIS || index->kind == VALUE_NONE;
}

/* How an index into a tensor changes its length: by the length of an index tensor, by the count of a mask, by a slice. */
static unsigned index_length(const struct value *index, uint8_t kind)
{
    unsigned taint = value_flat_taint(index);
    if (kind == AST_SLICE)
        return taint_move(taint, TAINT_VALUE, TAINT_LENGTH);
    return taint_move(taint, TAINT_LENGTH | TAINT_ITEMS | TAINT_BOOL, TAINT_LENGTH);
}

static const struct value *plain_item(struct routing_state *state, const struct value *object,
                                      const struct value *index, uint32_t index_node)
{
    const struct python_file *file = state->frame->file;
    struct ast_node node = index_node ? routing_node(file, index_node) : (struct ast_node){0};
    unsigned length = 0;
    bool first_whole;
    if (node.kind == AST_TUPLE && index->kind == VALUE_TUPLE && index->count == ast_list_count(&file->ast, node.a)) {
        first_whole = true;
        for (uint32_t i = 0; i < index->count; i++) {
            uint8_t kind = routing_node(file, ast_list_item(&file->ast, node.a, i)).kind;
            length |= index_length(index->items[i], kind);
            if (i == 0)
                first_whole = is_whole(index->items[i], kind);
        }
    } else {
        length = index_length(index, node.kind);
        first_whole = is_whole(index, node.kind);
    }
    unsigned taint = value_flat_taint(object);
    unsigned kept = EITHER(TAINT_VALUE | TAINT_BOOL | TAINT_CHOICE) | TAINT_LOOSE;
    if (first_whole || index->kind == VALUE_STRING)
        kept |= EITHER(TAINT_LENGTH | TAINT_ITEMS);
    unsigned result = (taint & kept) | length | (value_flat_taint(index) & EITHER(TAINT_VALUE));
    return value_plain(state, result | taint_move(taint, TAINT_ITEMS, TAINT_LENGTH));
}

static const struct value *sequence_item(struct routing_state *state, const struct value *object,
                                         const struct value *index, uint32_t index_node)
{
    bool slice = index_node && routing_node(state->frame->file, index_node).kind == AST_SLICE;
    unsigned value = value_flat_taint(index);
    if (slice) {
        unsigned length = taint_move(value, TAINT_VALUE, TAINT_LENGTH);
        return value_sequence(state, object->kind == VALUE_TUPLE && !object->count ? NULL : value_item(state, object),
                              (object->taint & EITHER(TAINT_DATA)) | length);
    }
    if (object->kind == VALUE_TUPLE && index->kind == VALUE_INT) {
        int64_t at = index->number < 0 ? index->number + object->count : index->number;
        if (at >= 0 && at < object->count)
            return object->items[at];
    }
    const struct value *item = value_item(state, object);
    unsigned choice = taint_move(value, TAINT_VALUE | TAINT_CHOICE, TAINT_CHOICE);
    if (!choice)
        return item;
    if (item->kind == VALUE_MODULE || item->kind == VALUE_CONTAINER)
        return value_picked(state, item, index, index_node);
    if (value_holds_module(item))
        return value_with_taint(state, item, item->taint | choice);
    return value_plain(state, value_flat_taint(item) | (value & EITHER(TAINT_VALUE)));
}

static struct text item_shown(struct routing_state *state, const struct value *object, uint32_t index_node)
{
    struct text shown = object->kind == VALUE_SELF ? TEXT("self") : object->shown;
    struct text code = index_node ? routing_code(state->scratch, state->frame->file, index_node) : TEXT("...");
    return text_format(state->scratch, "%.*s[%.*s]", TEXT_ARGS(shown), TEXT_ARGS(code));
}

static const struct value *module_item(struct routing_state *state, const struct value *object,
                                       const struct value *index, uint32_t index_node)
{
    bool slice = index_node && routing_node(state->frame->file, index_node).kind == AST_SLICE;
    struct value *item = ARENA_NEW(state->scratch, struct value);
    *item = *object;
    if (slice) {
        item->taint |= (uint16_t)taint_move(value_flat_taint(index), TAINT_VALUE, TAINT_LENGTH);
        return item;
    }
    item->kind = VALUE_MODULE;
    item->taint &= (uint16_t)~EITHER(TAINT_LENGTH | TAINT_ITEMS);
    item->shown = item_shown(state, object, index_node);
    if (object->kind == VALUE_SELF)
        item->opaque = !state->host->is_container(state->host->context);
    return value_picked(state, item, index, index_node);
}

const struct value *routing_index(struct routing_state *state, const struct value *object, const struct value *index,
                                  uint32_t index_node)
{
    switch ((enum value_kind)object->kind) {
    case VALUE_SELF:
    case VALUE_MODULE:
    case VALUE_CONTAINER:
        return module_item(state, object, index, index_node);
    case VALUE_TUPLE:
    case VALUE_SEQUENCE:
        return sequence_item(state, object, index, index_node);
    case VALUE_PLAIN:
        return plain_item(state, object, index, index_node);
    default:
        return value_plain(state, value_flat_taint(index) & EITHER(TAINT_VALUE));
    }
}

/* `x.shape[-1]`: when the length of x depends on data, it is hardly this one, the features. */
static bool is_last_length(const struct python_file *file, const struct ast_node *node)
{
    struct ast_node object = routing_node(file, node->a);
    struct ast_node index = routing_node(file, node->b);
    return object.kind == AST_ATTRIBUTE && text_equal(routing_string(file, object.b), TEXT("shape")) &&
           index.kind == AST_UNARY && index.op == OP_NEGATE;
}

static const struct value *evaluate_subscript(struct routing_state *state, const struct ast_node *node)
{
    const struct value *object = evaluate(state, node->a);
    const struct value *index = evaluate(state, node->b);
    const struct value *item = routing_index(state, object, index, node->b);
    if (item->kind == VALUE_PLAIN && (item->taint & TAINT_VALUE) && is_last_length(state->frame->file, node))
        return value_plain(state, DOUBT(TAINT_VALUE));
    return item;
}

/* ---- operators ---- */

static const struct value *evaluate_binary(struct routing_state *state, const struct ast_node *node)
{
    const struct value *left = evaluate(state, node->a);
    const struct value *right = evaluate(state, node->b);
    if (node->op == OP_ADD && value_is_sequence(left) && value_is_sequence(right)) {
        const struct value *element = left->kind == VALUE_TUPLE && !left->count ? NULL : value_item(state, left);
        if (!(right->kind == VALUE_TUPLE && !right->count))
            element = value_join(state, element, value_item(state, right), STRENGTH_NONE);
        return value_sequence(state, element, left->taint | right->taint);
    }
    if (node->op == OP_MULTIPLY && (value_is_sequence(left) || value_is_sequence(right))) {
        const struct value *list = value_is_sequence(left) ? left : right;
        const struct value *times = list == left ? right : left;
        unsigned length = taint_move(value_flat_taint(times), TAINT_VALUE, TAINT_LENGTH);
        return value_sequence(state, value_item(state, list), list->taint | length);
    }
    if (left->kind == VALUE_STRING) /* "..." % x */
        return value_plain(state, value_flat_taint(right) & EITHER(TAINT_VALUE));
    unsigned taint = value_flat_taint(left) | value_flat_taint(right);
    bool bits = node->op == OP_BIT_AND || node->op == OP_BIT_OR || node->op == OP_BIT_XOR;
    if (!bits)
        taint &= ~EITHER(TAINT_BOOL);
    taint |= taint_move(taint, TAINT_CHOICE, TAINT_VALUE);
    return value_plain(state, taint & ~EITHER(TAINT_CHOICE));
}

static const struct value *truth_value(struct routing_state *state, struct condition condition)
{
    if (condition.truth != TRUTH_CANNOT_TELL)
        return condition.truth == TRUTH_TRUE ? &value_true : &value_false;
    return value_plain(state, strength_taint((enum strength)condition.strength, TAINT_VALUE));
}

static const struct value *evaluate_unary(struct routing_state *state, const struct ast_node *node, uint32_t number)
{
    if (node->op == OP_NOT)
        return truth_value(state, routing_condition(state, number, NULL));
    const struct value *operand = evaluate(state, node->a);
    if (node->op == OP_NEGATE && operand->kind == VALUE_INT && operand->number > INT64_MIN)
        return value_int(state, -operand->number);
    return value_plain(state, value_flat_taint(operand));
}

static struct condition known(bool truth)
{
    return (struct condition){truth ? TRUTH_TRUE : TRUTH_FALSE, STRENGTH_NONE};
}

static bool is_never_none(const struct value *value)
{
    switch ((enum value_kind)value->kind) {
    case VALUE_PLAIN:
    case VALUE_NONE:
    case VALUE_GLOBAL:
        return false;
    case VALUE_MODULE: /* a child may have been left None on some side */
        return !value->opaque && !(value->taint & EITHER(TAINT_CHOICE));
    default:
        return !(value->taint & EITHER(TAINT_CHOICE));
    }
}

/* `a is None`: which object it is. */
static struct condition compare_identity(const struct value *left, const struct value *right, bool negated)
{
    const struct value *other = left->kind == VALUE_NONE ? right : left;
    if (left->kind == VALUE_NONE || right->kind == VALUE_NONE) {
        if (other->kind == VALUE_NONE)
            return known(!negated);
        if (is_never_none(other))
            return known(negated);
    }
    return (struct condition){TRUTH_CANNOT_TELL,
                              (uint8_t)taint_strength((unsigned)(left->taint | right->taint), TAINT_CHOICE)};
}

static bool compare_numbers(enum ast_operator op, int64_t left, int64_t right, bool *result)
{
    switch (op) {
    case OP_EQUAL:
        *result = left == right;
        return true;
    case OP_NOT_EQUAL:
        *result = left != right;
        return true;
    case OP_LESS:
        *result = left < right;
        return true;
    case OP_LESS_EQUAL:
        *result = left <= right;
        return true;
    case OP_GREATER:
        *result = left > right;
        return true;
    case OP_GREATER_EQUAL:
        *result = left >= right;
        return true;
    default:
        return false;
    }
}

static struct condition compare_two(enum ast_operator op, const struct value *left, const struct value *right,
                                    unsigned *taint)
{
    bool truth;
    *taint = 0;
    if (op == OP_IS || op == OP_IS_NOT)
        return compare_identity(left, right, op == OP_IS_NOT);
    if (left->kind == VALUE_INT && right->kind == VALUE_INT && compare_numbers(op, left->number, right->number, &truth))
        return known(truth);
    if (left->kind == VALUE_STRING && right->kind == VALUE_STRING && (op == OP_EQUAL || op == OP_NOT_EQUAL))
        return known(text_equal(left->text, right->text) == (op == OP_EQUAL));
    struct condition condition = {TRUTH_CANNOT_TELL, STRENGTH_NONE};
    /* A tensor is not compared with a string or None, nor is a string looked for in one. */
    if (left->kind == VALUE_STRING || right->kind == VALUE_STRING || left->kind == VALUE_NONE ||
        right->kind == VALUE_NONE) {
        unsigned choice = (unsigned)(left->taint | right->taint);
        condition.strength = (uint8_t)taint_strength(choice, TAINT_CHOICE);
        return condition;
    }
    unsigned flat = value_flat_taint(left) | value_flat_taint(right);
    *taint = taint_move(flat, TAINT_VALUE | TAINT_CHOICE, TAINT_VALUE) | (flat & EITHER(TAINT_LENGTH));
    condition.strength = (uint8_t)taint_strength(*taint, TAINT_VALUE);
    return condition;
}

static struct condition compare(struct routing_state *state, const struct ast_node *node, unsigned *taint)
{
    const struct value *left = evaluate(state, node->a);
    struct condition whole = known(true);
    *taint = 0;
    uint32_t count = ast_list_count(&state->frame->file->ast, node->b);
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        enum ast_operator op = (enum ast_operator)ast_list_item(&state->frame->file->ast, node->b, i);
        const struct value *right = evaluate(state, ast_list_item(&state->frame->file->ast, node->b, i + 1));
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

static const struct value *evaluate_compare(struct routing_state *state, const struct ast_node *node)
{
    unsigned taint;
    struct condition condition = compare(state, node, &taint);
    if (condition.truth != TRUTH_CANNOT_TELL || !taint)
        return truth_value(state, condition);
    return value_plain(state, taint | taint_move(taint, TAINT_VALUE, TAINT_BOOL));
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
        state->frame->slots[node.b]->kind != VALUE_SELF)
        return TRUTH_CANNOT_TELL;
    struct text first = path[length - 1];
    /* A model is trained and evaluated. */
    if (text_equal(first, TEXT("training")))
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

static struct condition condition_not(struct condition condition)
{
    if (condition.truth != TRUTH_CANNOT_TELL)
        condition.truth = condition.truth == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
    return condition;
}

/* `and`, `or`: the right side is only evaluated depending on the left. */
static struct condition condition_both(struct routing_state *state, const struct ast_node *node,
                                       const struct value **value)
{
    uint8_t decides = node->kind == AST_AND ? TRUTH_FALSE : TRUTH_TRUE;
    const struct value *left_value, *right_value;
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
    *value = value_join(state, left_value, right_value, (enum strength)left.strength);
    /* `cache.is_started and x.all()`: whether the flag is ever set is not known. */
    if ((left_value->taint & TAINT_LOOSE) && left.strength == STRENGTH_NONE && right.strength == STRENGTH_DATA)
        right.strength = STRENGTH_DOUBT;
    if (right.truth == decides && left.strength == STRENGTH_NONE)
        return right;
    struct condition both = {TRUTH_CANNOT_TELL, left.strength > right.strength ? left.strength : right.strength};
    return both;
}

struct condition routing_condition(struct routing_state *state, uint32_t number, const struct value **value)
{
    const struct value *ignored;
    if (!value)
        value = &ignored;
    *value = &value_clean;
    struct ast_node node = routing_node(state->frame->file, number);
    struct condition condition = {TRUTH_CANNOT_TELL, STRENGTH_NONE};
    if (!routing_step(state, node.at, 1) || ++state->depth > LIMIT_ROUTING_DEPTH) {
        routing_stop(state, TEXT("forward is nested too deeply to follow"), node.at);
        return condition;
    }
    unsigned taint;
    switch (node.kind) {
    case AST_AND:
    case AST_OR:
        condition = condition_both(state, &node, value);
        break;
    case AST_UNARY:
        if (node.op == OP_NOT) {
            condition = condition_not(routing_condition(state, node.a, NULL));
            *value = truth_value(state, condition);
            break;
        }
        *value = evaluate(state, number);
        condition = value_truth(*value);
        break;
    case AST_COMPARE:
        condition = compare(state, &node, &taint);
        *value = condition.truth != TRUTH_CANNOT_TELL || !taint
                     ? truth_value(state, condition)
                     : value_plain(state, taint | taint_move(taint, TAINT_VALUE, TAINT_BOOL));
        break;
    case AST_ATTRIBUTE:
        condition.truth = (uint8_t)path_truth(state, number);
        *value = evaluate(state, number);
        if (condition.truth == TRUTH_CANNOT_TELL)
            condition = value_truth(*value);
        break;
    default:
        *value = evaluate(state, number);
        condition = value_truth(*value);
        break;
    }
    state->depth--;
    return condition;
}

static const struct value *evaluate_conditional(struct routing_state *state, const struct ast_node *node)
{
    struct condition condition = routing_condition(state, node->a, NULL);
    if (condition.truth != TRUTH_CANNOT_TELL)
        return evaluate(state, condition.truth == TRUTH_TRUE ? node->b : node->c);
    enum strength strength = (enum strength)condition.strength;
    routing_enter(state, strength);
    size_t from = state->event_count;
    const struct value *then = evaluate(state, node->b);
    size_t middle = state->event_count;
    const struct value *otherwise = evaluate(state, node->c);
    routing_leave(state, strength);
    struct reason reason = routing_reason(state, strength, REASON_BRANCH, node->a);
    routing_mark_alternatives(state, from, middle, middle, state->event_count, &reason);
    return value_join(state, then, otherwise, strength);
}

/* ---- comprehensions ---- */

/* The element, with the taint of its count in *length. */
static const struct value *evaluate_clauses(struct routing_state *state, const struct ast_node *node, uint32_t clause,
                                            unsigned *length)
{
    struct python_file *file = state->frame->file;
    if (clause == ast_list_count(&file->ast, node->b)) {
        const struct value *element = evaluate(state, node->a);
        if (node->kind == AST_DICT_COMP)
            return value_join(state, element, evaluate(state, node->c), STRENGTH_NONE);
        return element;
    }
    struct ast_node here = routing_node(file, ast_list_item(&file->ast, node->b, clause));
    const struct value *iterable = evaluate(state, here.b);
    if (iterable->kind == VALUE_TUPLE && iterable->count == 0)
        return NULL;
    size_t from = state->event_count;
    enum strength strength = value_length_strength(iterable);
    struct reason reason = routing_reason(state, strength, REASON_LOOP, here.b);
    *length |= iterable->taint & EITHER(TAINT_LENGTH);
    routing_enter(state, strength);
    routing_bind(state, here.a, value_item(state, iterable));
    bool never = false;
    enum strength filter = STRENGTH_NONE;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, here.c) && !never; i++) {
        struct condition condition = routing_condition(state, ast_list_item(&file->ast, here.c, i), NULL);
        never = condition.truth == TRUTH_FALSE;
        if (condition.strength > filter) {
            filter = (enum strength)condition.strength;
            *length |= strength_taint(filter, TAINT_LENGTH);
        }
    }
    size_t filtered = state->event_count;
    const struct value *element = never ? NULL : evaluate_clauses(state, node, clause + 1, length);
    if (filter != STRENGTH_NONE) {
        struct reason choice = routing_reason(state, filter, REASON_BRANCH, ast_list_item(&file->ast, here.c, 0));
        routing_mark(state, filtered, state->event_count, &choice);
    }
    routing_leave(state, strength);
    routing_mark(state, from, state->event_count, &reason);
    return element;
}

static const struct value *evaluate_comprehension(struct routing_state *state, const struct ast_node *node)
{
    unsigned length = 0;
    const struct value *element = evaluate_clauses(state, node, 0, &length);
    if (element && node->kind == AST_SET_COMP) /* equal items fall together */
        length |= taint_move(value_flat_taint(element), TAINT_VALUE, TAINT_LENGTH);
    return value_sequence(state, element, length);
}

/* ---- displays ---- */

static const struct value *evaluate_items(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    uint32_t count = ast_list_count(&file->ast, list);
    const struct value **items = ARENA_ARRAY(state->scratch, (size_t)count + 1, const struct value *);
    bool starred = false;
    unsigned length = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct ast_node node = routing_node(file, ast_list_item(&file->ast, list, i));
        if (node.kind == AST_STARRED) {
            const struct value *inner = evaluate(state, node.a);
            items[i] = value_item(state, inner);
            length |= inner->taint & EITHER(TAINT_LENGTH);
            starred = true;
        } else {
            items[i] = evaluate(state, ast_list_item(&file->ast, list, i));
        }
    }
    const struct value *tuple = value_tuple(state, items, count);
    return starred ? value_sequence(state, value_item(state, tuple), length) : tuple;
}

/* Keys matter little: what is looked up by a known key may be any of the values. */
static const struct value *evaluate_dict(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    const struct value *element = NULL;
    for (uint32_t i = 0; i + 1 < ast_list_count(&file->ast, list); i += 2) {
        uint32_t key = ast_list_item(&file->ast, list, i);
        const struct value *value = evaluate(state, ast_list_item(&file->ast, list, i + 1));
        if (key)
            evaluate(state, key);
        else
            value = value_item(state, value);
        element = value_join(state, element, value, STRENGTH_NONE);
    }
    return value_sequence(state, element, 0);
}

static const struct value *evaluate_fstring(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    unsigned taint = 0;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, list); i++) {
        struct ast_node part = routing_node(file, ast_list_item(&file->ast, list, i));
        if (part.kind == AST_FORMAT)
            taint |= value_flat_taint(evaluate(state, part.a)) & EITHER(TAINT_VALUE | TAINT_CHOICE);
    }
    return value_plain(state, taint);
}

/* ---- all kinds ---- */

static const struct value *evaluate_local(const struct routing_state *state, uint32_t slot)
{
    const struct value *value = slot < state->frame->slot_count ? state->frame->slots[slot] : NULL;
    return value ? value : &value_clean;
}

static const struct value *evaluate_lambda(struct routing_state *state, uint32_t function)
{
    struct value *value = ARENA_NEW(state->scratch, struct value);
    value->kind = VALUE_FUNCTION;
    value->file = state->frame->file;
    value->method = (struct routing_method){state->frame->file, function, state->frame->depth};
    value->frame = state->frame;
    return value;
}

static const struct value *evaluate_kind(struct routing_state *state, const struct ast_node *node, uint32_t number)
{
    struct python_file *file = state->frame->file;
    const struct value *value;
    switch ((enum ast_kind)node->kind) {
    case AST_NAME:
        return routing_name(state, routing_string(file, node->a));
    case AST_LOCAL:
        return evaluate_local(state, node->b);
    case AST_INT:
        return value_int(state, (int64_t)((uint64_t)node->b << 32 | node->a));
    case AST_STRING:
        return value_string(state, routing_string(file, node->a));
    case AST_FSTRING:
        return evaluate_fstring(state, node->a);
    case AST_TRUE:
        return &value_true;
    case AST_FALSE:
        return &value_false;
    case AST_NONE:
        return &value_none;
    case AST_TUPLE:
    case AST_LIST:
        return evaluate_items(state, node->a);
    case AST_SET:
        value = evaluate_items(state, node->a);
        return value_sequence(state, value_item(state, value),
                              taint_move(value_flat_taint(value), TAINT_VALUE, TAINT_LENGTH));
    case AST_DICT:
        return evaluate_dict(state, node->a);
    case AST_ATTRIBUTE:
        value = evaluate(state, node->a);
        return routing_attribute(state, value, routing_string(file, node->b), node->at);
    case AST_SUBSCRIPT:
        return evaluate_subscript(state, node);
    case AST_SLICE: {
        unsigned taint = 0;
        uint32_t parts[3] = {node->a, node->b, node->c};
        for (int i = 0; i < 3; i++)
            if (parts[i])
                taint |= value_flat_taint(evaluate(state, parts[i]));
        return value_plain(state, taint & EITHER(TAINT_VALUE));
    }
    case AST_CALL:
        return routing_call(state, number);
    case AST_UNARY:
        return evaluate_unary(state, node, number);
    case AST_BINARY:
        return evaluate_binary(state, node);
    case AST_AND:
    case AST_OR:
        routing_condition(state, number, &value);
        return value;
    case AST_COMPARE:
        return evaluate_compare(state, node);
    case AST_CONDITIONAL:
        return evaluate_conditional(state, node);
    case AST_LAMBDA:
        return evaluate_lambda(state, node->a);
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR:
    case AST_DICT_COMP:
        return evaluate_comprehension(state, node);
    case AST_NAMED:
        value = evaluate(state, node->b);
        routing_bind(state, node->a, value);
        return value;
    case AST_STARRED:
    case AST_AWAIT:
        return evaluate(state, node->a);
    case AST_YIELD:
        if (node->a)
            state->frame->yielded =
                value_join(state, state->frame->yielded, evaluate(state, node->a), routing_control(state));
        return &value_clean;
    case AST_UNSUPPORTED:
        routing_stop(state, TEXT("forward holds an expression that is not followed"), node->at);
        return &value_clean;
    default:
        return &value_clean;
    }
}

static const struct value *evaluate(struct routing_state *state, uint32_t number)
{
    struct ast_node node = routing_node(state->frame->file, number);
    if (!routing_step(state, node.at, 1))
        return &value_clean;
    if (++state->depth > LIMIT_ROUTING_DEPTH) {
        routing_stop(state, TEXT("forward is nested too deeply to follow"), node.at);
        return &value_clean;
    }
    const struct value *value = evaluate_kind(state, &node, number);
    state->depth--;
    return value;
}

const struct value *routing_evaluate(struct routing_state *state, uint32_t node)
{
    return evaluate(state, node);
}
