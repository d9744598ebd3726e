/* Expressions: what they certainly are. */
#include "eval/values.h"
#include "model/training_internal.h"

/* ---- conditions ---- */

static bool is_none(const struct seen *value)
{
    return value->kind == SEEN_CONSTANT && value->constant.kind == VALUE_NONE;
}

static enum routing_truth opposite(enum routing_truth truth)
{
    return truth == TRUTH_TRUE ? TRUTH_FALSE : truth == TRUTH_FALSE ? TRUTH_TRUE : TRUTH_CANNOT_TELL;
}

static enum routing_truth compare_identity(const struct seen *left, const struct seen *right)
{
    const struct seen *other = is_none(left) ? right : left;
    if (!is_none(left) && !is_none(right))
        return TRUTH_CANNOT_TELL;
    switch ((enum seen_kind)other->kind) {
    case SEEN_CONSTANT: return is_none(other) ? TRUTH_TRUE : TRUTH_FALSE;
    case SEEN_TENSOR: return other->or_none ? TRUTH_CANNOT_TELL : TRUTH_FALSE;
    case SEEN_MODULE:
    case SEEN_METHOD:
    case SEEN_TUPLE:
    case SEEN_DICT: return TRUTH_FALSE;
    case SEEN_UNKNOWN:
    case SEEN_SUPER: break;
    }
    return TRUTH_CANNOT_TELL;
}

static enum routing_truth compare_two(struct walk *walk, enum ast_operator op, const struct seen *left,
                                      const struct seen *right)
{
    if (op == OP_IS)
        return compare_identity(left, right);
    if (op == OP_IS_NOT)
        return opposite(compare_identity(left, right));
    if (left->kind != SEEN_CONSTANT || right->kind != SEEN_CONSTANT)
        return TRUTH_CANNOT_TELL;
    struct value result;
    if (op == OP_IN || op == OP_NOT_IN)
        result = value_contains(walk->ev, right->constant, left->constant);
    else
        result = compare(walk->ev, op, left->constant, right->constant);
    if (result.kind != VALUE_BOOL)
        return TRUTH_CANNOT_TELL;
    return result.truth == (op != OP_NOT_IN) ? TRUTH_TRUE : TRUTH_FALSE;
}

static const struct seen *of_truth(struct walk *walk, enum routing_truth truth)
{
    return truth == TRUTH_CANNOT_TELL ? &seen_unknown : seen_bool(walk, truth == TRUTH_TRUE);
}

static const struct seen *evaluate_compare(struct walk *walk, const struct ast_node *node)
{
    struct python_file *file = walk->frame->file;
    const struct seen *left = walk_evaluate(walk, node->a);
    enum routing_truth whole = TRUTH_TRUE;
    bool tensor = left->kind == SEEN_TENSOR;
    for (uint32_t i = 0; i + 1 < ast_list_count(&file->ast, node->b); i += 2) {
        enum ast_operator op = (enum ast_operator)ast_list_item(&file->ast, node->b, i);
        const struct seen *right = walk_evaluate(walk, ast_list_item(&file->ast, node->b, i + 1));
        enum routing_truth truth = compare_two(walk, op, left, right);
        if (truth == TRUTH_FALSE)
            return seen_bool(walk, false);
        if (truth == TRUTH_CANNOT_TELL)
            whole = TRUTH_CANNOT_TELL;
        if (op == OP_IS || op == OP_IS_NOT || op == OP_IN || op == OP_NOT_IN)
            tensor = false;
        left = right;
    }
    return whole == TRUTH_CANNOT_TELL && tensor ? &seen_without_grad : of_truth(walk, whole);
}

/* `and`, `or`. */
static const struct seen *evaluate_both(struct walk *walk, const struct ast_node *node)
{
    enum routing_truth decides = node->kind == AST_AND ? TRUTH_FALSE : TRUTH_TRUE;
    const struct seen *left = walk_evaluate(walk, node->a);
    enum routing_truth truth = seen_truth(walk, left);
    if (truth == decides)
        return left;
    if (truth != TRUTH_CANNOT_TELL)
        return walk_evaluate(walk, node->b);
    walk->unsure++;
    const struct seen *right = walk_evaluate(walk, node->b);
    walk->unsure--;
    if (seen_truth(walk, right) == decides)
        return seen_bool(walk, decides == TRUTH_TRUE);
    return &seen_unknown;
}

enum routing_truth walk_condition(struct walk *walk, uint32_t node)
{
    return seen_truth(walk, walk_evaluate(walk, node));
}

static const struct seen *evaluate_conditional(struct walk *walk, const struct ast_node *node)
{
    enum routing_truth truth = walk_condition(walk, node->a);
    if (truth != TRUTH_CANNOT_TELL)
        return walk_evaluate(walk, truth == TRUTH_TRUE ? node->b : node->c);
    walk->unsure++;
    const struct seen *then = walk_evaluate(walk, node->b);
    const struct seen *otherwise = walk_evaluate(walk, node->c);
    walk->unsure--;
    return seen_join(walk, then, otherwise);
}

/* ---- items ---- */

/* A slice, a number, None or `...`: what it takes of a tensor is a view. */
static bool is_plain_index(const struct python_file *file, uint32_t number)
{
    struct ast_node node = walk_node(file, number);
    switch (node.kind) {
    case AST_SLICE:
    case AST_INT:
    case AST_NONE:
    case AST_ELLIPSIS: return true;
    case AST_UNARY: return node.op == OP_NEGATE && walk_node(file, node.a).kind == AST_INT;
    default: return false;
    }
}

static bool gives_view(const struct python_file *file, uint32_t index)
{
    struct ast_node node = walk_node(file, index);
    if (node.kind != AST_TUPLE)
        return is_plain_index(file, index);
    for (uint32_t i = 0; i < ast_list_count(&file->ast, node.a); i++)
        if (!is_plain_index(file, ast_list_item(&file->ast, node.a, i)))
            return false;
    return true;
}

static const struct seen *module_item(struct walk *walk, const struct seen *container, uint32_t index)
{
    struct instance **items;
    uint32_t count = container_items(walk, container->instance, &items);
    struct ast_node node = walk_node(walk->frame->file, index);
    if (node.kind == AST_SLICE) { /* self.layers[: config.num_hidden_layers] */
        const struct seen *end = node.b ? walk_evaluate(walk, node.b) : NULL;
        int64_t number;
        bool all = !end || (end->kind == SEEN_CONSTANT && value_integer(end->constant, &number) && number >= (int64_t)count);
        return count && !node.a && !node.c && all ? container : &seen_unknown;
    }
    const struct seen *by = walk_evaluate(walk, index);
    int64_t number;
    if (count && by->kind == SEEN_CONSTANT && value_integer(by->constant, &number)) {
        number += number < 0 ? (int64_t)count : 0;
        bool is_list = value_list(value_of(VALUE_INSTANCE, container->instance)) == NULL && number >= 0 && number < (int64_t)count;
        return is_list ? seen_module(walk, items[number]) : &seen_unknown;
    }
    if (count && by->kind == SEEN_CONSTANT && by->constant.kind == VALUE_STR) {
        struct value found = dict_get_str(dict_or_empty(container->instance->tables->modules), by->constant.str);
        return seen_of_value(walk, found);
    }
    return count == 1 ? seen_module(walk, items[0]) : &seen_unknown;
}

static const struct seen *evaluate_item(struct walk *walk, const struct ast_node *node)
{
    const struct python_file *file = walk->frame->file;
    const struct seen *object = walk_evaluate(walk, node->a);
    if (object->kind == SEEN_MODULE)
        return module_item(walk, object, node->b);
    const struct seen *index = walk_evaluate(walk, node->b);
    int64_t number;
    if (object->kind == SEEN_TUPLE && index->kind == SEEN_CONSTANT && value_integer(index->constant, &number)) {
        number += number < 0 ? object->count : 0;
        return number >= 0 && number < object->count ? object->items[number] : &seen_unknown;
    }
    if (object->kind == SEEN_CONSTANT && index->kind == SEEN_CONSTANT)
        return seen_of_value(walk, get_item(walk->ev, object->constant, index->constant));
    if (object->kind == SEEN_TENSOR && !object->or_none) {
        if (gives_view(file, node->b))
            return object;
        return object->grad == GRAD_YES ? &seen_with_grad : object->grad == GRAD_NO ? &seen_without_grad : &seen_tensor;
    }
    return &seen_unknown;
}

/* ---- the rest ---- */

/* A new tensor when one side is a tensor; a number when both are numbers. */
static const struct seen *evaluate_binary(struct walk *walk, const struct ast_node *node)
{
    const struct seen *left = walk_evaluate(walk, node->a);
    const struct seen *right = walk_evaluate(walk, node->b);
    if (left->kind == SEEN_CONSTANT && right->kind == SEEN_CONSTANT)
        return seen_of_value(walk, binary(walk->ev, (enum ast_operator)node->op, left->constant, right->constant));
    bool left_tensor = left->kind == SEEN_TENSOR, right_tensor = right->kind == SEEN_TENSOR;
    if ((left_tensor && left->grad == GRAD_YES) || (right_tensor && right->grad == GRAD_YES))
        return walk->no_grad ? &seen_tensor : &seen_with_grad;
    bool left_none = (left_tensor && left->grad == GRAD_NO) || left->kind == SEEN_CONSTANT;
    bool right_none = (right_tensor && right->grad == GRAD_NO) || right->kind == SEEN_CONSTANT;
    if ((left_tensor || right_tensor) && left_none && right_none)
        return &seen_without_grad;
    return left_tensor || right_tensor ? &seen_tensor : &seen_unknown;
}

static const struct seen *evaluate_unary(struct walk *walk, const struct ast_node *node)
{
    const struct seen *operand = walk_evaluate(walk, node->a);
    if (node->op == OP_NOT)
        return of_truth(walk, opposite(seen_truth(walk, operand)));
    if (operand->kind == SEEN_CONSTANT)
        return seen_of_value(walk, unary(walk->ev, (enum ast_operator)node->op, operand->constant));
    if (operand->kind == SEEN_TENSOR)
        return operand->grad == GRAD_YES ? &seen_with_grad : operand->grad == GRAD_NO ? &seen_without_grad : &seen_tensor;
    return &seen_unknown;
}

static const struct seen *evaluate_tuple(struct walk *walk, uint32_t list)
{
    const struct python_file *file = walk->frame->file;
    uint32_t count = ast_list_count(&file->ast, list);
    const struct seen **items = ARENA_ARRAY(walk->scratch, (size_t)count + 1, const struct seen *);
    bool known = true;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t item = ast_list_item(&file->ast, list, i);
        known &= walk_node(file, item).kind != AST_STARRED;
        items[i] = walk_evaluate(walk, item);
    }
    return known ? seen_tuple(walk, items, count) : &seen_unknown;
}

static const struct seen *evaluate_dict(struct walk *walk, const struct ast_node *node)
{
    const struct python_file *file = walk->frame->file;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, node->a); i++)
        walk_evaluate(walk, ast_list_item(&file->ast, node->a, i));
    struct seen *dict = ARENA_NEW(walk->scratch, struct seen);
    *dict = (struct seen){.kind = SEEN_DICT, .file = walk->frame->file, .at = node->at};
    return dict;
}

static const struct seen *evaluate_plain(struct walk *walk, uint32_t number)
{
    struct python_file *file = walk->frame->file;
    struct ast_node node = walk_node(file, number);
    switch ((enum ast_kind)node.kind) {
    case AST_LOCAL: {
        const struct seen *value = node.b < walk->frame->slot_count ? walk->frame->slots[node.b] : NULL;
        return value ? value : &seen_unknown;
    }
    case AST_NAME: return seen_global(walk, walk_string(file, node.a));
    case AST_INT: return seen_constant(walk, value_int((int64_t)((uint64_t)node.b << 32 | node.a)));
    case AST_FLOAT: return seen_constant(walk, value_float(file->ast.floats[node.a]));
    case AST_STRING: return seen_constant(walk, eval_text(walk->ev, walk_string(file, node.a)));
    case AST_TRUE: return seen_bool(walk, true);
    case AST_FALSE: return seen_bool(walk, false);
    case AST_NONE: return seen_constant(walk, value_none());
    case AST_TUPLE:
    case AST_LIST: return evaluate_tuple(walk, node.a);
    case AST_DICT: return evaluate_dict(walk, &node);
    case AST_ATTRIBUTE: return seen_attribute(walk, walk_evaluate(walk, node.a), walk_string(file, node.b));
    case AST_SUBSCRIPT: return evaluate_item(walk, &node);
    case AST_CALL: return walk_call(walk, number);
    case AST_UNARY: return evaluate_unary(walk, &node);
    case AST_BINARY: return evaluate_binary(walk, &node);
    case AST_AND:
    case AST_OR: return evaluate_both(walk, &node);
    case AST_COMPARE: return evaluate_compare(walk, &node);
    case AST_CONDITIONAL: return evaluate_conditional(walk, &node);
    case AST_NAMED: {
        const struct seen *value = walk_evaluate(walk, node.b);
        walk_bind(walk, node.a, value);
        return value;
    }
    case AST_STARRED:
    case AST_AWAIT: walk_evaluate(walk, node.a); return &seen_unknown;
    case AST_SLICE:
        for (int i = 0; i < 3; i++) {
            uint32_t part = i == 0 ? node.a : i == 1 ? node.b : node.c;
            if (part)
                walk_evaluate(walk, part);
        }
        return &seen_unknown;
    default: return &seen_unknown; /* comprehensions, lambdas, formatted strings: nothing in them is certain */
    }
}

const struct seen *walk_evaluate(struct walk *walk, uint32_t number)
{
    if (number == 0 || !walk_step(walk))
        return &seen_unknown;
    walk->depth++;
    const struct seen *value = evaluate_plain(walk, number);
    walk->depth--;
    return value;
}
