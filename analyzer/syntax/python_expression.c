#include "syntax/python_internal.h"

uint32_t lower_name(struct lowering *lowering, uint32_t cst, bool binds)
{
    uint32_t string = lower_string_of(lowering, cst);
    uint32_t node = lower_node(lowering, AST_NAME, 0, string, 0, 0, cst_at(lowering, cst)->start);
    if (binds)
        scope_bind(lowering, string);
    scope_use(lowering, node, string);
    return node;
}

/* ---- operators ---- */

static enum ast_operator operator_of(enum cst_symbol symbol)
{
    switch ((int)symbol) {
    case CST_PLUS:
    case CST_PLUS_EQUALS: return OP_ADD;
    case CST_MINUS:
    case CST_MINUS_EQUALS: return OP_SUBTRACT;
    case CST_STAR:
    case CST_STAR_EQUALS: return OP_MULTIPLY;
    case CST_SLASH:
    case CST_SLASH_EQUALS: return OP_DIVIDE;
    case CST_SLASH_SLASH:
    case CST_SLASH_SLASH_EQUALS: return OP_FLOOR_DIVIDE;
    case CST_PERCENT:
    case CST_PERCENT_EQUALS: return OP_MODULO;
    case CST_STAR_STAR:
    case CST_STAR_STAR_EQUALS: return OP_POWER;
    case CST_AT:
    case CST_AT_EQUALS: return OP_MATRIX_MULTIPLY;
    case CST_LEFT_SHIFT:
    case CST_LEFT_SHIFT_EQUALS: return OP_SHIFT_LEFT;
    case CST_RIGHT_SHIFT:
    case CST_RIGHT_SHIFT_EQUALS: return OP_SHIFT_RIGHT;
    case CST_AMPERSAND:
    case CST_AMPERSAND_EQUALS: return OP_BIT_AND;
    case CST_BAR:
    case CST_BAR_EQUALS: return OP_BIT_OR;
    case CST_CARET:
    case CST_CARET_EQUALS: return OP_BIT_XOR;
    case CST_EQUAL: return OP_EQUAL;
    case CST_NOT_EQUAL: return OP_NOT_EQUAL;
    case CST_LESS: return OP_LESS;
    case CST_LESS_EQUAL: return OP_LESS_EQUAL;
    case CST_GREATER: return OP_GREATER;
    case CST_GREATER_EQUAL: return OP_GREATER_EQUAL;
    case CST_IS: return OP_IS;
    case CST_IS_NOT: return OP_IS_NOT;
    case CST_IN: return OP_IN;
    case CST_NOT_IN: return OP_NOT_IN;
    default: return NO_OPERATOR;
    }
}

uint32_t lower_operator(struct lowering *lowering, uint32_t cst)
{
    uint32_t op = cst ? operator_of(cst_symbol(lowering, cst)) : NO_OPERATOR;
    if (op == NO_OPERATOR)
        lower_fail(lowering, TEXT("an operator that is not known"), cst_at(lowering, cst)->start);
    return op;
}

static enum cst_symbol binary_mark(const struct lowering *lowering, uint32_t cst)
{
    if (cst_symbol(lowering, cst) != CST_BINARY_OPERATOR)
        return CST_UNKNOWN;
    return cst_symbol(lowering, cst_next(lowering, cst, cst_first(lowering, cst)));
}

/* Pushes operand, at, operator, operand, at, ... of a tree of `&` and `^`, in the order of the source. */
static void push_bits(struct lowering *lowering, uint32_t cst)
{
    enum cst_symbol mark = binary_mark(lowering, cst);
    uint32_t at = cst_at(lowering, cst)->start;
    if (!lower_deeper(lowering, at))
        return;
    if (mark == CST_AMPERSAND || mark == CST_CARET) {
        uint32_t left = cst_first(lowering, cst);
        uint32_t operator_ = cst_next(lowering, cst, left);
        push_bits(lowering, left);
        lower_push(lowering, mark);
        push_bits(lowering, cst_next(lowering, cst, operator_));
    } else {
        lower_push(lowering, lower_expression(lowering, cst));
        lower_push(lowering, at);
    }
    lower_shallower(lowering);
}

/* The grammar lets `^` bind tighter than `&`; in Python it is the other way round. */
static uint32_t lower_bits(struct lowering *lowering, uint32_t cst)
{
    size_t start = lower_list_start(lowering);
    push_bits(lowering, cst);
    uint32_t list = lower_list(lowering, start);
    if (lowering->trouble.length)
        return 0;
    const struct ast *ast = &lowering->file->ast;
    uint32_t whole = 0, whole_at = 0; /* what `^` joined so far */
    uint32_t part = ast_list_item(ast, list, 0), part_at = ast_list_item(ast, list, 1);
    for (uint32_t i = 2; i < ast_list_count(ast, list); i += 3) {
        uint32_t next = ast_list_item(ast, list, i + 1);
        if (ast_list_item(ast, list, i) == CST_AMPERSAND) {
            part = lower_node(lowering, AST_BINARY, OP_BIT_AND, part, next, 0, part_at);
            continue;
        }
        whole_at = whole ? whole_at : part_at;
        whole = whole ? lower_node(lowering, AST_BINARY, OP_BIT_XOR, whole, part, 0, whole_at) : part;
        part = next;
        part_at = ast_list_item(ast, list, i + 2);
    }
    return whole ? lower_node(lowering, AST_BINARY, OP_BIT_XOR, whole, part, 0, whole_at) : part;
}

/* left, operator, right */
static uint32_t lower_binary(struct lowering *lowering, uint32_t cst)
{
    uint32_t left = cst_first(lowering, cst);
    uint32_t mark = cst_next(lowering, cst, left);
    uint32_t right = cst_next(lowering, cst, mark);
    if (cst_symbol(lowering, mark) == CST_AMPERSAND &&
        (binary_mark(lowering, left) == CST_CARET || binary_mark(lowering, right) == CST_CARET))
        return lower_bits(lowering, cst);
    uint32_t a = lower_expression(lowering, left);
    uint32_t b = lower_expression(lowering, right);
    if (cst_symbol(lowering, cst) == CST_BOOLEAN_OPERATOR) {
        enum ast_kind kind = cst_symbol(lowering, mark) == CST_AND ? AST_AND : AST_OR;
        return lower_node(lowering, kind, 0, a, b, 0, cst_at(lowering, cst)->start);
    }
    return lower_node(lowering, AST_BINARY, lower_operator(lowering, mark), a, b, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_unary(struct lowering *lowering, uint32_t cst)
{
    uint32_t op = OP_NOT;
    if (cst_symbol(lowering, cst) == CST_UNARY_OPERATOR) {
        enum cst_symbol mark = cst_symbol(lowering, cst_first(lowering, cst));
        op = mark == CST_MINUS ? OP_NEGATE : mark == CST_PLUS ? OP_PLUS : OP_INVERT;
    }
    uint32_t operand = lower_expression(lowering, cst_first_part(lowering, cst));
    return lower_node(lowering, AST_UNARY, op, operand, 0, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_comparison(struct lowering *lowering, uint32_t cst)
{
    uint32_t child = cst_first(lowering, cst);
    uint32_t first = lower_expression(lowering, child);
    size_t start = lower_list_start(lowering);
    while ((child = cst_next(lowering, cst, child))) {
        lower_push(lowering, lower_operator(lowering, child));
        child = cst_next(lowering, cst, child);
        lower_push(lowering, lower_expression(lowering, child));
    }
    return lower_node(lowering, AST_COMPARE, 0, first, lower_list(lowering, start), 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_conditional(struct lowering *lowering, uint32_t cst)
{
    uint32_t then = cst_first_part(lowering, cst);
    uint32_t condition = cst_next_part(lowering, cst, then);
    uint32_t otherwise = cst_next_part(lowering, cst, condition);
    uint32_t b = lower_expression(lowering, then);
    uint32_t a = lower_expression(lowering, condition);
    uint32_t c = lower_expression(lowering, otherwise);
    return lower_node(lowering, AST_CONDITIONAL, 0, a, b, c, cst_at(lowering, cst)->start);
}

/* ---- displays ---- */

/* The items of a display as one list; *commas tells whether there was one. */
static uint32_t lower_items(struct lowering *lowering, uint32_t parent, uint32_t first,
                            uint32_t (*lower)(struct lowering *, uint32_t), bool *commas)
{
    size_t start = lower_list_start(lowering);
    *commas = false;
    for (uint32_t child = first; child; child = cst_next(lowering, parent, child)) {
        if (cst_symbol(lowering, child) == CST_COMMA)
            *commas = true;
        if (!cst_is_mark(lowering, child))
            lower_push(lowering, lower(lowering, child));
    }
    return lower_list(lowering, start);
}

static uint32_t lower_display(struct lowering *lowering, uint32_t cst, enum ast_kind kind)
{
    bool commas;
    uint32_t items = lower_items(lowering, cst, cst_first(lowering, cst), lower_expression, &commas);
    return lower_node(lowering, kind, 0, items, 0, 0, cst_at(lowering, cst)->start);
}

uint32_t lower_expressions(struct lowering *lowering, uint32_t parent, uint32_t first)
{
    bool commas;
    uint32_t at = first ? cst_at(lowering, first)->start : 0;
    uint32_t items = lower_items(lowering, parent, first, lower_expression, &commas);
    const struct ast *ast = &lowering->file->ast;
    if (!commas && ast_list_count(ast, items) == 1)
        return ast_list_item(ast, items, 0);
    return lower_node(lowering, AST_TUPLE, 0, items, 0, 0, at);
}

static uint32_t lower_dictionary(struct lowering *lowering, uint32_t cst)
{
    size_t start = lower_list_start(lowering);
    for (uint32_t child = cst_first_part(lowering, cst); child; child = cst_next_part(lowering, cst, child)) {
        uint32_t key = cst_first_part(lowering, child);
        if (cst_symbol(lowering, child) == CST_DICTIONARY_SPLAT) {
            lower_push(lowering, 0);
            lower_push(lowering, lower_expression(lowering, key));
        } else {
            lower_push(lowering, lower_expression(lowering, key));
            lower_push(lowering, lower_expression(lowering, cst_next_part(lowering, child, key)));
        }
    }
    return lower_node(lowering, AST_DICT, 0, lower_list(lowering, start), 0, 0, cst_at(lowering, cst)->start);
}

/* ---- trailers ---- */

static uint32_t lower_attribute(struct lowering *lowering, uint32_t cst)
{
    uint32_t object = cst_first_part(lowering, cst);
    uint32_t a = lower_expression(lowering, object);
    uint32_t name = lower_string_of(lowering, cst_next_part(lowering, cst, object));
    return lower_node(lowering, AST_ATTRIBUTE, 0, a, name, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_slice(struct lowering *lowering, uint32_t cst)
{
    uint32_t parts[3] = {0, 0, 0};
    uint32_t place = 0;
    for (uint32_t child = cst_first(lowering, cst); child; child = cst_next(lowering, cst, child)) {
        if (cst_symbol(lowering, child) == CST_COLON)
            place += place < 2;
        else if (!cst_is_mark(lowering, child))
            parts[place] = lower_expression(lowering, child);
    }
    return lower_node(lowering, AST_SLICE, 0, parts[0], parts[1], parts[2], cst_at(lowering, cst)->start);
}

/* `x[*a]` is a tuple also without a comma. */
static uint32_t lower_index(struct lowering *lowering, uint32_t parent, uint32_t first)
{
    uint32_t index = lower_expressions(lowering, parent, first);
    if (lowering->file->ast.nodes[index].kind != AST_STARRED)
        return index;
    size_t start = lower_list_start(lowering);
    lower_push(lowering, index);
    return lower_node(lowering, AST_TUPLE, 0, lower_list(lowering, start), 0, 0, lowering->file->ast.nodes[index].at);
}

static uint32_t lower_subscript(struct lowering *lowering, uint32_t cst)
{
    uint32_t object = cst_first_part(lowering, cst);
    uint32_t a = lower_expression(lowering, object);
    uint32_t b = lower_index(lowering, cst, cst_next_part(lowering, cst, object));
    return lower_node(lowering, AST_SUBSCRIPT, 0, a, b, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_argument(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t first = cst_first_part(lowering, cst);
    if (cst_symbol(lowering, cst) == CST_KEYWORD_ARGUMENT) {
        uint32_t name = lower_string_of(lowering, first);
        uint32_t value = lower_expression(lowering, cst_next_part(lowering, cst, first));
        return lower_node(lowering, AST_KEYWORD, 0, name, value, 0, at);
    }
    if (cst_symbol(lowering, cst) == CST_DICTIONARY_SPLAT)
        return lower_node(lowering, AST_DOUBLE_STAR, 0, lower_expression(lowering, first), 0, 0, at);
    return lower_expression(lowering, cst);
}

#define KEYWORDS_COMPARED 100 /* with how many before it */

/* f(a=1, a=2) is a syntax error. */
static uint32_t no_keyword_twice(struct lowering *lowering, uint32_t list)
{
    const struct ast *ast = &lowering->file->ast;
    for (uint32_t i = 1; i < ast_list_count(ast, list); i++) {
        struct ast_node node = ast->nodes[ast_list_item(ast, list, i)];
        if (node.kind != AST_KEYWORD)
            continue;
        for (uint32_t k = i > KEYWORDS_COMPARED ? i - KEYWORDS_COMPARED : 0; k < i; k++) {
            struct ast_node other = ast->nodes[ast_list_item(ast, list, k)];
            if (other.kind == AST_KEYWORD && other.a == node.a)
                lower_fail(lowering, TEXT("a syntax error: a keyword argument that is given twice"), node.at);
        }
    }
    return list;
}

uint32_t lower_arguments(struct lowering *lowering, uint32_t cst)
{
    bool commas;
    if (cst_symbol(lowering, cst) == CST_ARGUMENT_LIST)
        return no_keyword_twice(lowering, lower_items(lowering, cst, cst_first(lowering, cst), lower_argument, &commas));
    size_t start = lower_list_start(lowering); /* f(x for x in y) */
    lower_push(lowering, lower_expression(lowering, cst));
    return lower_list(lowering, start);
}

static uint32_t lower_call(struct lowering *lowering, uint32_t cst)
{
    uint32_t callee = cst_first_part(lowering, cst);
    uint32_t a = lower_expression(lowering, callee);
    uint32_t b = lower_arguments(lowering, cst_next_part(lowering, cst, callee));
    return lower_node(lowering, AST_CALL, 0, a, b, 0, cst_at(lowering, cst)->start);
}

/* ---- annotations ---- */

/* `left | cst`: the grammar nests A | B | C to either side, Python to the left. */
static uint32_t lower_union(struct lowering *lowering, uint32_t cst, uint32_t left)
{
    enum cst_symbol symbol = cst_symbol(lowering, cst);
    uint32_t first = cst_first(lowering, cst), at = cst_at(lowering, cst)->start;
    uint32_t mark = symbol == CST_UNION_TYPE || symbol == CST_BINARY_OPERATOR ? cst_next(lowering, cst, first) : 0;
    if (!lower_deeper(lowering, at))
        return 0;
    uint32_t node;
    if (symbol == CST_TYPE) {
        node = lower_union(lowering, first, left);
    } else if (symbol == CST_UNION_TYPE || (mark && cst_symbol(lowering, mark) == CST_BAR)) {
        node = lower_union(lowering, first, left);
        node = lower_union(lowering, cst_next_part(lowering, cst, first), node);
    } else {
        node = lower_expression(lowering, cst);
        at = left ? lowering->file->ast.nodes[left].at : at;
        node = left ? lower_node(lowering, AST_BINARY, OP_BIT_OR, left, node, 0, at) : node;
    }
    lower_shallower(lowering);
    return node;
}

/* The grammar has its own nodes for types; they mean what the expressions of the same text mean. */
static uint32_t lower_type(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t first = cst_first_part(lowering, cst);
    uint32_t a, b;
    switch ((int)cst_symbol(lowering, cst)) {
    case CST_TYPE:
    case CST_SPLAT_TYPE: /* lower_expression() took care of the star */ return lower_expression(lowering, first);
    case CST_GENERIC_TYPE:
        a = lower_expression(lowering, first);
        first = cst_next_part(lowering, cst, first);
        b = lower_index(lowering, first, cst_first_part(lowering, first));
        return lower_node(lowering, AST_SUBSCRIPT, 0, a, b, 0, at);
    case CST_UNION_TYPE: return lower_union(lowering, cst, 0);
    case CST_CONSTRAINED_TYPE: /* dict[a: b] */
        a = lower_expression(lowering, first);
        b = lower_expression(lowering, cst_next_part(lowering, cst, first));
        return lower_node(lowering, AST_SLICE, 0, a, b, 0, at);
    default: /* CST_MEMBER_TYPE */ return lower_attribute(lowering, cst);
    }
}

uint32_t lower_annotation(struct lowering *lowering, uint32_t cst)
{
    lowering->annotations++;
    uint32_t node = lower_expression(lowering, cst);
    lowering->annotations--;
    return node;
}

/* ---- targets ---- */

uint32_t lower_target(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t node = 0;
    enum ast_kind kind = AST_TUPLE;
    bool commas;
    if (!lower_deeper(lowering, at))
        return 0;
    switch ((int)cst_symbol(lowering, cst)) {
    case CST_IDENTIFIER: node = lower_name(lowering, cst, true); break;
    case CST_ATTRIBUTE:
    case CST_SUBSCRIPT: node = lower_expression(lowering, cst); break;
    case CST_AS_PATTERN_TARGET:
    case CST_PARENTHESIZED_EXPRESSION: node = lower_target(lowering, cst_first_part(lowering, cst)); break;
    case CST_LIST_SPLAT:
    case CST_LIST_SPLAT_PATTERN:
        node = lower_target(lowering, cst_first_part(lowering, cst));
        node = lower_node(lowering, AST_STARRED, 0, node, 0, 0, at);
        break;
    case CST_LIST:
    case CST_LIST_PATTERN:
        kind = AST_LIST;
        /* fall through */
    case CST_TUPLE:
    case CST_TUPLE_PATTERN:
    case CST_EXPRESSION_LIST:
    case CST_PATTERN_LIST:
        node = lower_items(lowering, cst, cst_first(lowering, cst), lower_target, &commas);
        if (kind == AST_TUPLE && !commas && ast_list_count(&lowering->file->ast, node) == 1)
            node = ast_list_item(&lowering->file->ast, node, 0); /* (a) = ... */
        else
            node = lower_node(lowering, kind, 0, node, 0, 0, at);
        break;
    default: lower_fail(lowering, TEXT("a syntax error: this cannot be assigned to"), at); break;
    }
    lower_shallower(lowering);
    return node;
}

/* ---- the rest ---- */

static uint32_t lower_named(struct lowering *lowering, uint32_t cst)
{
    uint32_t name = cst_first_part(lowering, cst);
    uint32_t value = lower_expression(lowering, cst_next_part(lowering, cst, name));
    uint32_t target = lower_name(lowering, name, true);
    return lower_node(lowering, AST_NAMED, 0, target, value, 0, cst_at(lowering, cst)->start);
}

/* The grammar reads `await x ** y` as awaiting the power. */
static uint32_t lower_await(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t operand = cst_first_part(lowering, cst);
    uint32_t left = operand ? cst_first(lowering, operand) : 0;
    uint32_t mark = left ? cst_next(lowering, operand, left) : 0;
    bool is_power = mark && cst_symbol(lowering, operand) == CST_BINARY_OPERATOR;
    uint32_t node = lower_expression(lowering, is_power ? left : operand);
    node = lower_node(lowering, AST_AWAIT, 0, node, 0, 0, at);
    if (!is_power)
        return node;
    uint32_t right = lower_expression(lowering, cst_next(lowering, operand, mark));
    return lower_node(lowering, AST_BINARY, lower_operator(lowering, mark), node, right, 0, at);
}

static uint32_t lower_yield(struct lowering *lowering, uint32_t cst)
{
    bool is_from = cst_child(lowering, cst, CST_FROM) != 0;
    uint32_t first = cst_first_part(lowering, cst);
    uint32_t value = first ? lower_expressions(lowering, cst, first) : 0;
    scope_flag(lowering, FUNCTION_GENERATOR);
    return lower_node(lowering, AST_YIELD, is_from, value, 0, 0, cst_at(lowering, cst)->start);
}

/* `*f(x)` comes as the call of `*f`: the star belongs to the whole. */
static uint32_t lower_starred(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t outer = lowering->star_at;
    lowering->star_at = at;
    uint32_t value = lower_expression(lowering, cst);
    lowering->star_at = outer;
    return lower_node(lowering, AST_STARRED, 0, value, 0, 0, at);
}

static uint32_t lower_by_symbol(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    switch ((int)cst_symbol(lowering, cst)) {
    case CST_IDENTIFIER: return lower_name(lowering, cst, false);
    case CST_INTEGER: return lower_integer(lowering, cst);
    case CST_FLOAT: return lower_float(lowering, cst);
    case CST_STRING:
    case CST_CONCATENATED_STRING: return lower_strings(lowering, cst);
    case CST_TRUE: return lower_node(lowering, AST_TRUE, 0, 0, 0, 0, at);
    case CST_FALSE: return lower_node(lowering, AST_FALSE, 0, 0, 0, 0, at);
    case CST_NONE: return lower_node(lowering, AST_NONE, 0, 0, 0, 0, at);
    case CST_ELLIPSIS: return lower_node(lowering, AST_ELLIPSIS, 0, 0, 0, 0, at);
    case CST_ATTRIBUTE: return lower_attribute(lowering, cst);
    case CST_SUBSCRIPT: return lower_subscript(lowering, cst);
    case CST_SLICE: return lower_slice(lowering, cst);
    case CST_CALL: return lower_call(lowering, cst);
    case CST_BINARY_OPERATOR:
    case CST_BOOLEAN_OPERATOR: return lower_binary(lowering, cst);
    case CST_UNARY_OPERATOR:
    case CST_NOT_OPERATOR: return lower_unary(lowering, cst);
    case CST_COMPARISON_OPERATOR: return lower_comparison(lowering, cst);
    case CST_CONDITIONAL_EXPRESSION: return lower_conditional(lowering, cst);
    case CST_LAMBDA: return lower_lambda(lowering, cst);
    case CST_NAMED_EXPRESSION: return lower_named(lowering, cst);
    case CST_AWAIT: return lower_await(lowering, cst);
    case CST_YIELD: return lower_yield(lowering, cst);
    case CST_TUPLE:
    case CST_EXPRESSION_LIST:
    case CST_PATTERN_LIST: return lower_display(lowering, cst, AST_TUPLE);
    case CST_LIST: return lower_display(lowering, cst, AST_LIST);
    case CST_SET: return lower_display(lowering, cst, AST_SET);
    case CST_DICTIONARY: return lower_dictionary(lowering, cst);
    case CST_LIST_COMPREHENSION: return lower_comprehension(lowering, cst, AST_LIST_COMP);
    case CST_SET_COMPREHENSION: return lower_comprehension(lowering, cst, AST_SET_COMP);
    case CST_GENERATOR_EXPRESSION: return lower_comprehension(lowering, cst, AST_GENERATOR);
    case CST_DICTIONARY_COMPREHENSION: return lower_comprehension(lowering, cst, AST_DICT_COMP);
    case CST_PARENTHESIZED_EXPRESSION: return lower_expression(lowering, cst_first_part(lowering, cst));
    case CST_LIST_SPLAT:
    case CST_LIST_SPLAT_PATTERN: /* only where lower_expression() took care of the star */
        return lower_expression(lowering, cst_first_part(lowering, cst));
    case CST_TYPE:
    case CST_SPLAT_TYPE:
    case CST_GENERIC_TYPE:
    case CST_UNION_TYPE:
    case CST_CONSTRAINED_TYPE:
    case CST_MEMBER_TYPE: return lower_type(lowering, cst);
    case CST_AS_PATTERN: lower_fail(lowering, TEXT("a syntax error: `as` is not allowed here"), at); return 0;
    default: return lower_unsupported(lowering, TEXT("an expression of this form"), at);
    }
}

uint32_t lower_expression(struct lowering *lowering, uint32_t cst)
{
    if (!cst) {
        lower_fail(lowering, TEXT("a syntax error: something is missing"),
                   lowering->file->pieces[lowering->piece].start);
        return 0;
    }
    uint32_t at = cst_at(lowering, cst)->start;
    if (!lower_deeper(lowering, at))
        return 0;
    bool is_starred = lowering->file->source.bytes.bytes[at] == '*' && lowering->star_at != at &&
                      cst_symbol(lowering, cst) != CST_EXPRESSION_LIST && cst_symbol(lowering, cst) != CST_PATTERN_LIST;
    uint32_t node = is_starred ? lower_starred(lowering, cst) : lower_by_symbol(lowering, cst);
    lower_shallower(lowering);
    return node;
}
