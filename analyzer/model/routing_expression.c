/* Expressions: what they evaluate to, as far as calls of children and the data are concerned. */
#include "model/routing_internal.h"

static const struct traced *evaluate(struct routing_state *state, uint32_t number);

/* ---- items ---- */

static bool is_whole(const struct traced *index, uint8_t kind)
{
    return kind == AST_SLICE || kind == AST_NONE || kind == AST_ELLIPSIS || index->kind == TRACED_NONE;
}

/* How an index into a tensor changes its length: by the length of an index tensor, by the count of a mask, by a slice. */
static unsigned index_length(const struct traced *index, uint8_t kind)
{
    unsigned taint = traced_flat_taint(index);
    if (taint & EITHER(TAINT_BOOL))
        taint = taint_as_tensor(taint);
    if (kind == AST_SLICE)
        return taint_move(taint, TAINT_VALUE, TAINT_LENGTH);
    return taint_move(taint, TAINT_LENGTH | TAINT_ITEMS | TAINT_BOOL, TAINT_LENGTH);
}

static const struct traced *plain_item(struct routing_state *state, const struct traced *object,
                                      const struct traced *index, uint32_t index_node)
{
    const struct python_file *file = state->frame->file;
    struct ast_node node = index_node ? routing_node(file, index_node) : (struct ast_node){0};
    unsigned length = 0;
    bool first_whole;
    if (node.kind == AST_TUPLE && index->kind == TRACED_TUPLE && index->count == ast_list_count(&file->ast, node.a)) {
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
    unsigned taint = traced_flat_taint(object);
    unsigned kept = EITHER(TAINT_VALUE | TAINT_BOOL | TAINT_CHOICE) | TAINT_ORIGIN;
    if (first_whole || index->kind == TRACED_STRING)
        kept |= EITHER(TAINT_LENGTH | TAINT_ITEMS);
    unsigned result = (taint & kept) | length | (traced_flat_taint(index) & (EITHER(TAINT_VALUE) | TAINT_UNTYPED));
    return traced_plain(state, result | taint_move(taint, TAINT_ITEMS, TAINT_LENGTH));
}

static const struct traced *sequence_item(struct routing_state *state, const struct traced *object,
                                         const struct traced *index, uint32_t index_node)
{
    bool slice = index_node && routing_node(state->frame->file, index_node).kind == AST_SLICE;
    unsigned value = traced_flat_taint(index);
    if (slice) {
        unsigned length = taint_move(value, TAINT_VALUE, TAINT_LENGTH);
        return traced_sequence(state, object->kind == TRACED_TUPLE && !object->count ? NULL : traced_item(state, object),
                              (object->taint & EITHER(TAINT_DATA)) | length);
    }
    if (object->kind == TRACED_TUPLE && index->kind == TRACED_INT) {
        int64_t at = index->number < 0 ? index->number + object->count : index->number;
        if (at >= 0 && at < object->count)
            return object->items[at];
    }
    const struct traced *item = traced_item(state, object);
    unsigned choice = taint_move(value, TAINT_VALUE | TAINT_CHOICE, TAINT_CHOICE);
    if (!choice)
        return item;
    if (item->kind == TRACED_MODULE || item->kind == TRACED_CONTAINER)
        return traced_picked(state, item, index, index_node);
    if (traced_holds_module(item))
        return traced_with_taint(state, item, item->taint | choice);
    return traced_plain(state, traced_flat_taint(item) | (value & EITHER(TAINT_VALUE)));
}

static struct text item_shown(struct routing_state *state, const struct traced *object, uint32_t index_node)
{
    struct text shown = object->kind == TRACED_SELF ? TEXT("self") : object->shown;
    if (shown.length >= MAX_SHOWN)
        return shown;
    struct text code = index_node ? routing_code(state->scratch, state->frame->file, index_node) : TEXT("...");
    return text_format(state->scratch, "%.*s[%.*s]", TEXT_ARGS(shown), TEXT_ARGS(code));
}

static const struct traced *module_item(struct routing_state *state, const struct traced *object,
                                       const struct traced *index, uint32_t index_node)
{
    bool slice = index_node && routing_node(state->frame->file, index_node).kind == AST_SLICE;
    struct traced *item = ARENA_NEW(state->scratch, struct traced);
    *item = *object;
    if (slice) {
        item->taint |= (uint16_t)taint_move(traced_flat_taint(index), TAINT_VALUE, TAINT_LENGTH);
        return item;
    }
    item->kind = TRACED_MODULE;
    item->taint &= (uint16_t)~EITHER(TAINT_LENGTH | TAINT_ITEMS);
    item->shown = item_shown(state, object, index_node);
    if (object->kind == TRACED_SELF)
        item->opaque = !state->host->is_container(state->host->context);
    return traced_picked(state, item, index, index_node);
}

const struct traced *routing_index(struct routing_state *state, const struct traced *object, const struct traced *index,
                                  uint32_t index_node)
{
    switch ((enum traced_kind)object->kind) {
    case TRACED_SELF:
    case TRACED_MODULE:
    case TRACED_CONTAINER: return module_item(state, object, index, index_node);
    case TRACED_TUPLE:
    case TRACED_SEQUENCE: return sequence_item(state, object, index, index_node);
    case TRACED_PLAIN: return plain_item(state, object, index, index_node);
    default: return traced_plain(state, traced_flat_taint(index) & EITHER(TAINT_VALUE));
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

static const struct traced *evaluate_subscript(struct routing_state *state, const struct ast_node *node)
{
    const struct traced *object = evaluate(state, node->a);
    const struct traced *index = evaluate(state, node->b);
    const struct traced *item = routing_index(state, object, index, node->b);
    if (item->kind == TRACED_PLAIN && (item->taint & TAINT_VALUE) && is_last_length(state->frame->file, node))
        return traced_plain(state, DOUBT(TAINT_VALUE));
    return item;
}

/* ---- operators ---- */

static const struct traced *evaluate_binary(struct routing_state *state, const struct ast_node *node)
{
    const struct traced *left = evaluate(state, node->a);
    const struct traced *right = evaluate(state, node->b);
    if (node->op == OP_ADD && traced_is_sequence(left) && traced_is_sequence(right)) {
        const struct traced *element = left->kind == TRACED_TUPLE && !left->count ? NULL : traced_item(state, left);
        if (!(right->kind == TRACED_TUPLE && !right->count))
            element = traced_join(state, element, traced_item(state, right), STRENGTH_NONE);
        return traced_sequence(state, element, left->taint | right->taint);
    }
    if (node->op == OP_MULTIPLY && (traced_is_sequence(left) || traced_is_sequence(right))) {
        const struct traced *list = traced_is_sequence(left) ? left : right;
        const struct traced *times = list == left ? right : left;
        unsigned length = taint_move(traced_flat_taint(times), TAINT_VALUE, TAINT_LENGTH);
        return traced_sequence(state, traced_item(state, list), list->taint | length);
    }
    if (left->kind == TRACED_STRING) /* "..." % x */
        return traced_plain(state, traced_flat_taint(right) & EITHER(TAINT_VALUE));
    unsigned taint = traced_flat_taint(left) | traced_flat_taint(right);
    bool bits = node->op == OP_BIT_AND || node->op == OP_BIT_OR || node->op == OP_BIT_XOR;
    if (!bits)
        taint &= ~EITHER(TAINT_BOOL);
    taint |= taint_move(taint, TAINT_CHOICE, TAINT_VALUE);
    return traced_plain(state, taint & ~EITHER(TAINT_CHOICE));
}

static const struct traced *evaluate_unary(struct routing_state *state, const struct ast_node *node, uint32_t number)
{
    if (node->op == OP_NOT)
        return routing_truth_value(state, routing_condition(state, number, NULL));
    const struct traced *operand = evaluate(state, node->a);
    if (node->op == OP_NEGATE && operand->kind == TRACED_INT && operand->number > INT64_MIN)
        return traced_int(state, -operand->number);
    return traced_plain(state, traced_flat_taint(operand));
}

/* ---- comprehensions ---- */

/* The element, with the taint of its count in *length. */
static const struct traced *evaluate_clauses(struct routing_state *state, const struct ast_node *node, uint32_t clause,
                                            unsigned *length)
{
    struct python_file *file = state->frame->file;
    if (clause == ast_list_count(&file->ast, node->b)) {
        const struct traced *element = evaluate(state, node->a);
        if (node->kind == AST_DICT_COMP)
            return traced_join(state, element, evaluate(state, node->c), STRENGTH_NONE);
        return element;
    }
    struct ast_node here = routing_node(file, ast_list_item(&file->ast, node->b, clause));
    const struct traced *iterable = evaluate(state, here.b);
    if (iterable->kind == TRACED_TUPLE && iterable->count == 0)
        return NULL;
    size_t from = state->event_count;
    enum strength strength = traced_length_strength(iterable);
    struct reason reason = routing_reason(state, strength, REASON_LOOP, here.b);
    *length |= iterable->taint & EITHER(TAINT_LENGTH);
    routing_enter(state, strength);
    routing_bind(state, here.a, traced_item(state, iterable));
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
    const struct traced *element = never ? NULL : evaluate_clauses(state, node, clause + 1, length);
    if (filter != STRENGTH_NONE) {
        struct reason choice = routing_reason(state, filter, REASON_BRANCH, ast_list_item(&file->ast, here.c, 0));
        routing_mark(state, filtered, state->event_count, &choice);
    }
    routing_leave(state, strength);
    routing_mark(state, from, state->event_count, &reason);
    return element;
}

static const struct traced *evaluate_comprehension(struct routing_state *state, const struct ast_node *node)
{
    unsigned length = 0;
    const struct traced *element = evaluate_clauses(state, node, 0, &length);
    if (element && node->kind == AST_SET_COMP) /* equal items fall together */
        length |= taint_move(traced_flat_taint(element), TAINT_VALUE, TAINT_LENGTH);
    return traced_sequence(state, element, length);
}

/* ---- displays ---- */

static const struct traced *evaluate_items(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    uint32_t count = ast_list_count(&file->ast, list);
    const struct traced **items = ARENA_ARRAY(state->scratch, (size_t)count + 1, const struct traced *);
    bool starred = false;
    unsigned length = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct ast_node node = routing_node(file, ast_list_item(&file->ast, list, i));
        if (node.kind == AST_STARRED) {
            const struct traced *inner = evaluate(state, node.a);
            items[i] = traced_item(state, inner);
            length |= inner->taint & EITHER(TAINT_LENGTH);
            starred = true;
        } else {
            items[i] = evaluate(state, ast_list_item(&file->ast, list, i));
        }
    }
    const struct traced *tuple = traced_tuple(state, items, count);
    return starred ? traced_sequence(state, traced_item(state, tuple), length) : tuple;
}

/* Keys matter little: what is looked up by a known key may be any of the values. */
static const struct traced *evaluate_dict(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    const struct traced *element = NULL;
    for (uint32_t i = 0; i + 1 < ast_list_count(&file->ast, list); i += 2) {
        uint32_t key = ast_list_item(&file->ast, list, i);
        const struct traced *value = evaluate(state, ast_list_item(&file->ast, list, i + 1));
        if (key)
            evaluate(state, key);
        else
            value = traced_item(state, value);
        element = traced_join(state, element, value, STRENGTH_NONE);
    }
    return traced_sequence(state, element, 0);
}

static const struct traced *evaluate_fstring(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    unsigned taint = 0;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, list); i++) {
        struct ast_node part = routing_node(file, ast_list_item(&file->ast, list, i));
        if (part.kind == AST_FORMAT)
            taint |= traced_flat_taint(evaluate(state, part.a)) & EITHER(TAINT_VALUE | TAINT_CHOICE);
    }
    return traced_plain(state, taint);
}

/* ---- all kinds ---- */

static const struct traced *evaluate_local(const struct routing_state *state, uint32_t slot)
{
    const struct traced *value = slot < state->frame->slot_count ? state->frame->slots[slot] : NULL;
    return value ? value : &value_clean;
}

static const struct traced *evaluate_lambda(struct routing_state *state, uint32_t function)
{
    struct traced *value = ARENA_NEW(state->scratch, struct traced);
    value->kind = TRACED_FUNCTION;
    value->file = state->frame->file;
    value->method = (struct routing_method){state->frame->file, function, state->frame->depth};
    value->frame = state->frame;
    return value;
}

static const struct traced *evaluate_kind(struct routing_state *state, const struct ast_node *node, uint32_t number)
{
    struct python_file *file = state->frame->file;
    const struct traced *value;
    switch ((enum ast_kind)node->kind) {
    case AST_NAME: return routing_name(state, routing_string(file, node->a));
    case AST_LOCAL: return evaluate_local(state, node->b);
    case AST_INT: return traced_int(state, (int64_t)((uint64_t)node->b << 32 | node->a));
    case AST_STRING: return traced_string(state, routing_string(file, node->a));
    case AST_FSTRING: return evaluate_fstring(state, node->a);
    case AST_TRUE: return &value_true;
    case AST_FALSE: return &value_false;
    case AST_NONE: return &value_none;
    case AST_TUPLE:
    case AST_LIST: return evaluate_items(state, node->a);
    case AST_SET:
        value = evaluate_items(state, node->a);
        return traced_sequence(state, traced_item(state, value),
                              taint_move(traced_flat_taint(value), TAINT_VALUE, TAINT_LENGTH));
    case AST_DICT: return evaluate_dict(state, node->a);
    case AST_ATTRIBUTE:
        value = evaluate(state, node->a);
        return routing_attribute(state, value, routing_string(file, node->b), node->at);
    case AST_SUBSCRIPT: return evaluate_subscript(state, node);
    case AST_SLICE: {
        unsigned taint = 0;
        uint32_t parts[3] = {node->a, node->b, node->c};
        for (int i = 0; i < 3; i++)
            if (parts[i])
                taint |= traced_flat_taint(evaluate(state, parts[i]));
        return traced_plain(state, taint & EITHER(TAINT_VALUE));
    }
    case AST_CALL: return routing_call(state, number);
    case AST_UNARY: return evaluate_unary(state, node, number);
    case AST_BINARY: return evaluate_binary(state, node);
    case AST_AND:
    case AST_OR:
    case AST_COMPARE: routing_condition(state, number, &value); return value;
    case AST_CONDITIONAL: return routing_conditional(state, node);
    case AST_LAMBDA: return evaluate_lambda(state, node->a);
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR:
    case AST_DICT_COMP: return evaluate_comprehension(state, node);
    case AST_NAMED:
        value = evaluate(state, node->b);
        routing_bind(state, node->a, value);
        return value;
    case AST_STARRED:
    case AST_AWAIT: return evaluate(state, node->a);
    case AST_YIELD:
        if (node->a)
            state->frame->yielded =
                traced_join(state, state->frame->yielded, evaluate(state, node->a), routing_control(state));
        return &value_clean;
    case AST_UNSUPPORTED:
        routing_stop(state, TEXT("forward holds an expression that is not followed"), node->at);
        return &value_clean;
    default: return &value_clean;
    }
}

static const struct traced *evaluate(struct routing_state *state, uint32_t number)
{
    struct ast_node node = routing_node(state->frame->file, number);
    if (!routing_step(state, node.at, 1))
        return &value_clean;
    if (++state->depth > LIMIT_ROUTING_DEPTH) {
        routing_stop(state, TEXT("forward is nested too deeply to follow"), node.at);
        return &value_clean;
    }
    const struct traced *value = evaluate_kind(state, &node, number);
    state->depth--;
    return value;
}

const struct traced *routing_evaluate(struct routing_state *state, uint32_t node)
{
    return evaluate(state, node);
}
