#include "syntax/python_internal.h"

/* ---- the pools ---- */

void lower_fail(struct lowering *lowering, struct text trouble, uint32_t at)
{
    if (lowering->trouble.length)
        return;
    lowering->trouble = trouble;
    lowering->trouble_at = at;
}

uint32_t lower_node(struct lowering *lowering, enum ast_kind kind, uint32_t op, uint32_t a, uint32_t b, uint32_t c,
                    uint32_t at)
{
    struct ast *ast = &lowering->file->ast;
    if (ast->node_count == ast->node_capacity)
        ast->nodes = array_grow(ast->nodes, ast->node_count, &ast->node_capacity, sizeof *ast->nodes);
    ast->nodes[ast->node_count] = (struct ast_node){(uint8_t)kind, (uint8_t)op, 0, a, b, c, at};
    return (uint32_t)ast->node_count++;
}

size_t lower_list_start(const struct lowering *lowering)
{
    return lowering->parser->scratch_count;
}

void lower_push(struct lowering *lowering, uint32_t item)
{
    struct python_parser *parser = lowering->parser;
    if (parser->scratch_count == parser->scratch_capacity)
        parser->scratch =
            array_grow(parser->scratch, parser->scratch_count, &parser->scratch_capacity, sizeof *parser->scratch);
    parser->scratch[parser->scratch_count++] = item;
}

uint32_t lower_list(struct lowering *lowering, size_t start)
{
    struct python_parser *parser = lowering->parser;
    struct ast *ast = &lowering->file->ast;
    size_t count = parser->scratch_count - start;
    parser->scratch_count = start;
    if (count == 0)
        return 0;
    while (ast->extra_capacity - ast->extra_count < count + 1) {
        size_t full = ast->extra_capacity;
        ast->extra = array_grow(ast->extra, full, &ast->extra_capacity, sizeof *ast->extra);
    }
    uint32_t list = (uint32_t)ast->extra_count;
    ast->extra[list] = (uint32_t)count;
    memcpy(ast->extra + list + 1, parser->scratch + start, count * sizeof *ast->extra);
    ast->extra_count += count + 1;
    return list;
}

uint32_t lower_unsupported(struct lowering *lowering, struct text what, uint32_t at)
{
    return lower_node(lowering, AST_UNSUPPORTED, 0, python_string(lowering->file, what, false), 0, 0, at);
}

bool lower_deeper(struct lowering *lowering, uint32_t at)
{
    if (lowering->trouble.length)
        return false; /* what is lowered is lost anyway */
    if (lowering->depth >= LIMIT_LOWER_DEPTH) {
        lower_fail(lowering, TEXT("code nested too deeply"), at);
        return false;
    }
    lowering->depth++;
    return true;
}

void lower_shallower(struct lowering *lowering)
{
    lowering->depth--;
}

/* The text of an identifier or dotted name; blanks and comments may stand around its dots. */
uint32_t lower_string_of(struct lowering *lowering, uint32_t cst)
{
    if (!cst) {
        lower_fail(lowering, TEXT("a syntax error: a name is missing"), lowering->file->pieces[lowering->piece].start);
        return STRING_EMPTY;
    }
    struct text text = cst_text(lowering, cst);
    if (cst_symbol(lowering, cst) != CST_DOTTED_NAME)
        return python_string(lowering->file, text, false);
    size_t length = 0;
    uint32_t count = 0;
    for (uint32_t child = cst_first_part(lowering, cst); child; child = cst_next_part(lowering, cst, child), count++)
        length += cst_text(lowering, child).length;
    if (count == 0 || length + count - 1 == text.length)
        return python_string(lowering->file, text, false);
    struct text_builder builder = {0};
    for (uint32_t child = cst_first_part(lowering, cst); child; child = cst_next_part(lowering, cst, child)) {
        if (builder.length)
            text_builder_add(&builder, TEXT("."));
        text_builder_add(&builder, cst_text(lowering, child));
    }
    uint32_t string = python_string(lowering->file, text_builder_text(&builder), true);
    text_builder_free(&builder);
    return string;
}

/* ---- simple statements ---- */

/* a = b = value */
static uint32_t lower_assignment(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t left = cst_first_part(lowering, cst);
    uint32_t type = cst_child(lowering, cst, CST_TYPE);
    if (type) {
        uint32_t target = lower_target(lowering, left);
        uint32_t annotation = lower_annotation(lowering, type);
        uint32_t right = cst_next_part(lowering, cst, type);
        uint32_t value = right ? lower_expression(lowering, right) : 0;
        return lower_node(lowering, AST_ANNOTATE, 0, target, annotation, value, at);
    }
    size_t start = lower_list_start(lowering);
    uint32_t right = 0;
    for (;;) {
        left = cst_first_part(lowering, cst);
        right = cst_next_part(lowering, cst, left);
        lower_push(lowering, lower_target(lowering, left));
        if (!right || cst_symbol(lowering, right) != CST_ASSIGNMENT)
            break;
        cst = right;
        if (cst_child(lowering, cst, CST_TYPE))
            lower_fail(lowering, TEXT("a syntax error: an annotation inside an assignment"),
                       cst_at(lowering, cst)->start);
    }
    uint32_t targets = lower_list(lowering, start);
    return lower_node(lowering, AST_ASSIGN, 0, targets, lower_expression(lowering, right), 0, at);
}

static uint32_t lower_augmented(struct lowering *lowering, uint32_t cst)
{
    uint32_t left = cst_first(lowering, cst);
    uint32_t mark = cst_next(lowering, cst, left);
    uint32_t target = lower_target(lowering, left);
    uint32_t op = lower_operator(lowering, mark);
    uint32_t value = lower_expression(lowering, cst_next(lowering, cst, mark));
    return lower_node(lowering, AST_AUGMENT, op, target, value, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_expression_statement(struct lowering *lowering, uint32_t cst)
{
    uint32_t first = cst_first_part(lowering, cst);
    if (first && cst_symbol(lowering, first) == CST_ASSIGNMENT)
        return lower_assignment(lowering, first);
    if (first && cst_symbol(lowering, first) == CST_AUGMENTED_ASSIGNMENT)
        return lower_augmented(lowering, first);
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t value = first ? lower_expressions(lowering, cst, first) : lower_expression(lowering, 0);
    return lower_node(lowering, AST_EXPRESSION, 0, value, 0, 0, at);
}

static uint32_t lower_return(struct lowering *lowering, uint32_t cst)
{
    uint32_t first = cst_first_part(lowering, cst);
    uint32_t value = first ? lower_expressions(lowering, cst, first) : 0;
    return lower_node(lowering, AST_RETURN, 0, value, 0, 0, cst_at(lowering, cst)->start);
}

/* assert condition, message;  raise exception from cause */
static uint32_t lower_pair(struct lowering *lowering, uint32_t cst, enum ast_kind kind)
{
    uint32_t from = cst_child(lowering, cst, CST_FROM);
    uint32_t first = cst_first_part(lowering, cst);
    uint32_t second = first ? cst_next_part(lowering, cst, first) : 0;
    uint32_t at = cst_at(lowering, cst)->start;
    if (kind == AST_RAISE && ((second && !from) || (from && !second)))
        lower_fail(lowering, TEXT("a syntax error in a raise statement"), at);
    uint32_t a = first ? lower_expression(lowering, first) : 0;
    uint32_t b = second ? lower_expression(lowering, second) : 0;
    return lower_node(lowering, kind, 0, a, b, 0, at);
}

static uint32_t lower_delete(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t parent = cst, child = cst_first_part(lowering, cst);
    if (child && cst_symbol(lowering, child) == CST_EXPRESSION_LIST) {
        parent = child;
        child = cst_first_part(lowering, parent);
    }
    size_t start = lower_list_start(lowering);
    for (; child; child = cst_next_part(lowering, parent, child))
        lower_push(lowering, lower_target(lowering, child));
    return lower_node(lowering, AST_DELETE, 0, lower_list(lowering, start), 0, 0, at);
}

static uint32_t lower_global(struct lowering *lowering, uint32_t cst, enum ast_kind kind)
{
    size_t start = lower_list_start(lowering);
    for (uint32_t child = cst_first_part(lowering, cst); child; child = cst_next_part(lowering, cst, child)) {
        uint32_t string = lower_string_of(lowering, child);
        scope_exclude(lowering, string);
        lower_push(lowering, string);
    }
    return lower_node(lowering, kind, 0, lower_list(lowering, start), 0, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_alias(struct lowering *lowering, uint32_t cst, bool is_from)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t name = cst, as = 0;
    if (cst_symbol(lowering, cst) == CST_ALIASED_IMPORT) {
        name = cst_first_part(lowering, cst);
        as = lower_string_of(lowering, cst_next_part(lowering, cst, name));
    }
    uint32_t string = lower_string_of(lowering, name);
    uint32_t bound = as ? as : string;
    if (!as && !is_from) { /* import a.b binds a */
        struct text text = lowering->file->ast.strings[string];
        const char *dot = memchr(text.bytes, '.', text.length);
        if (dot)
            bound = python_string(lowering->file, (struct text){text.bytes, (size_t)(dot - text.bytes)}, false);
    }
    uint32_t node = lower_node(lowering, AST_ALIAS, 0, string, as, 0, at);
    scope_bind(lowering, bound);
    scope_use(lowering, node, bound);
    return node;
}

static uint32_t lower_import(struct lowering *lowering, uint32_t cst)
{
    size_t start = lower_list_start(lowering);
    for (uint32_t child = cst_first_part(lowering, cst); child; child = cst_next_part(lowering, cst, child))
        lower_push(lowering, lower_alias(lowering, child, false));
    return lower_node(lowering, AST_IMPORT, 0, lower_list(lowering, start), 0, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_from_import(struct lowering *lowering, uint32_t cst)
{
    uint32_t level = 0, module = STRING_EMPTY;
    uint32_t child = cst_first_part(lowering, cst);
    if (cst_symbol(lowering, cst) == CST_FUTURE_IMPORT_STATEMENT) {
        module = python_string(lowering->file, TEXT("__future__"), false);
    } else {
        uint32_t name = child;
        if (child && cst_symbol(lowering, child) == CST_RELATIVE_IMPORT) {
            uint32_t prefix = cst_first_part(lowering, child);
            struct text dots = cst_text(lowering, prefix);
            for (size_t i = 0; i < dots.length; i++)
                level += dots.bytes[i] == '.';
            name = cst_next_part(lowering, child, prefix);
        }
        if (level > 255)
            lower_fail(lowering, TEXT("an import with too many dots"), cst_at(lowering, cst)->start);
        module = name ? lower_string_of(lowering, name) : STRING_EMPTY;
        child = cst_next_part(lowering, cst, child);
    }
    size_t start = lower_list_start(lowering);
    for (; child; child = cst_next_part(lowering, cst, child)) {
        if (cst_symbol(lowering, child) == CST_WILDCARD_IMPORT)
            lower_push(lowering, lower_node(lowering, AST_ALIAS, 0, STRING_STAR, 0, 0, cst_at(lowering, child)->start));
        else
            lower_push(lowering, lower_alias(lowering, child, true));
    }
    return lower_node(lowering, AST_FROM_IMPORT, level, module, lower_list(lowering, start), 0,
                      cst_at(lowering, cst)->start);
}

/* What the grammar takes for a type alias when it is `type(x).y = value`: the call of `type` is put together again. */
static uint32_t lower_type_call(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t first = cst_first_part(lowering, cst);
    uint32_t node = 0;
    if (!lower_deeper(lowering, at))
        return 0;
    switch ((int)cst_symbol(lowering, cst)) {
    case CST_TYPE: node = lower_type_call(lowering, first); break;
    case CST_PARENTHESIZED_EXPRESSION:
    case CST_TUPLE: {
        size_t start = lower_list_start(lowering);
        uint32_t string = python_string(lowering->file, TEXT("type"), false);
        node = lower_node(lowering, AST_NAME, 0, string, 0, 0, at);
        scope_use(lowering, node, string);
        for (; first; first = cst_next_part(lowering, cst, first))
            lower_push(lowering, lower_expression(lowering, first));
        node = lower_node(lowering, AST_CALL, 0, node, lower_list(lowering, start), 0, at);
        break;
    }
    case CST_ATTRIBUTE:
    case CST_MEMBER_TYPE:
        node = lower_type_call(lowering, first);
        node = lower_node(lowering, AST_ATTRIBUTE, 0, node,
                          lower_string_of(lowering, cst_next_part(lowering, cst, first)), 0, at);
        break;
    case CST_SUBSCRIPT: {
        node = lower_type_call(lowering, first);
        uint32_t index = lower_expressions(lowering, cst, cst_next_part(lowering, cst, first));
        node = lower_node(lowering, AST_SUBSCRIPT, 0, node, index, 0, at);
        break;
    }
    case CST_CALL:
        node = lower_type_call(lowering, first);
        node = lower_node(lowering, AST_CALL, 0, node, lower_arguments(lowering, cst_next_part(lowering, cst, first)),
                          0, at);
        break;
    default: lower_fail(lowering, TEXT("a type alias of this form"), at); break;
    }
    lower_shallower(lowering);
    return node;
}

static uint32_t lower_type_alias(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t left = cst_first_part(lowering, cst);
    uint32_t right = left ? cst_next_part(lowering, cst, left) : 0;
    uint32_t name = left ? cst_first_part(lowering, left) : 0;
    if (name && (cst_symbol(lowering, name) == CST_GENERIC_TYPE || cst_symbol(lowering, name) == CST_SUBSCRIPT))
        name = cst_first_part(lowering, name); /* type X[T] = ... */
    if (name && cst_symbol(lowering, name) == CST_IDENTIFIER) {
        uint32_t target = lower_name(lowering, name, true);
        return lower_node(lowering, AST_TYPE_ALIAS, 0, target, lower_annotation(lowering, right), 0, at);
    }
    size_t start = lower_list_start(lowering);
    lower_push(lowering, left ? lower_type_call(lowering, left) : 0);
    uint32_t targets = lower_list(lowering, start);
    return lower_node(lowering, AST_ASSIGN, 0, targets, lower_expression(lowering, right), 0, at);
}

/* ---- compound statements ---- */

uint32_t lower_block(struct lowering *lowering, uint32_t cst)
{
    uint32_t child = cst ? cst_first_part(lowering, cst) : 0;
    if (!child) {
        uint32_t at = cst ? cst_at(lowering, cst)->start : lowering->file->pieces[lowering->piece].start;
        lower_fail(lowering, TEXT("a syntax error: an indented block is missing"), at);
        return 0;
    }
    size_t start = lower_list_start(lowering);
    for (; child; child = cst_next_part(lowering, cst, child))
        lower_push(lowering, lower_statement(lowering, child));
    return lower_list(lowering, start);
}

static uint32_t block_of(struct lowering *lowering, uint32_t cst)
{
    return lower_block(lowering, cst_child(lowering, cst, CST_BLOCK));
}

/* The block of the else clause among the children, or the empty list. */
static uint32_t else_of(struct lowering *lowering, uint32_t cst)
{
    uint32_t clause = cst_child(lowering, cst, CST_ELSE_CLAUSE);
    return clause ? block_of(lowering, clause) : 0;
}

/* A chain of elif is built from its end.  Each is nested in the else of the one before, and counts as such. */
static uint32_t lower_if(struct lowering *lowering, uint32_t cst)
{
    size_t start = lower_list_start(lowering);
    uint32_t clause = cst, depth = lowering->depth;
    while (clause && cst_symbol(lowering, clause) != CST_ELSE_CLAUSE &&
           lower_deeper(lowering, cst_at(lowering, clause)->start)) {
        lower_push(lowering, cst_at(lowering, clause)->start);
        lower_push(lowering, lower_expression(lowering, cst_first_part(lowering, clause)));
        lower_push(lowering, block_of(lowering, clause));
        clause = clause == cst ? cst_child(lowering, cst, CST_BLOCK) : clause;
        clause = clause ? cst_next_part(lowering, cst, clause) : 0;
    }
    uint32_t otherwise = else_of(lowering, cst);
    lowering->depth = depth;
    while (lowering->parser->scratch_count > start) {
        const uint32_t *last = lowering->parser->scratch + lowering->parser->scratch_count - 3;
        uint32_t node = lower_node(lowering, AST_IF, 0, last[1], last[2], otherwise, last[0]);
        lowering->parser->scratch_count -= 3;
        if (lowering->parser->scratch_count == start)
            return node;
        size_t list = lower_list_start(lowering);
        lower_push(lowering, node);
        otherwise = lower_list(lowering, list);
    }
    return 0;
}

static bool is_async(const struct lowering *lowering, uint32_t cst)
{
    uint32_t first = cst_first(lowering, cst);
    return first && cst_symbol(lowering, first) == CST_ASYNC;
}

static uint32_t lower_for(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t left = cst_first_part(lowering, cst);
    uint32_t iterable = lower_expression(lowering, cst_next_part(lowering, cst, left));
    uint32_t target = lower_target(lowering, left);
    uint32_t head = lower_node(lowering, AST_FOR_HEAD, 0, target, iterable, 0, cst_at(lowering, left)->start);
    uint32_t body = block_of(lowering, cst);
    uint32_t otherwise = else_of(lowering, cst);
    return lower_node(lowering, AST_FOR, is_async(lowering, cst), head, body, otherwise, at);
}

static uint32_t lower_while(struct lowering *lowering, uint32_t cst)
{
    uint32_t condition = lower_expression(lowering, cst_first_part(lowering, cst));
    uint32_t body = block_of(lowering, cst);
    uint32_t otherwise = else_of(lowering, cst);
    return lower_node(lowering, AST_WHILE, 0, condition, body, otherwise, cst_at(lowering, cst)->start);
}

static uint32_t lower_handler(struct lowering *lowering, uint32_t cst)
{
    bool is_group = cst_child(lowering, cst, CST_STAR) != 0;
    uint32_t as = cst_child(lowering, cst, CST_AS);
    uint32_t part = cst_first_part(lowering, cst);
    uint32_t type = 0, target = 0;
    size_t start = lower_list_start(lowering);
    for (; part && part != as && cst_symbol(lowering, part) != CST_BLOCK; part = cst_next_part(lowering, cst, part)) {
        if (as && part > as) {
            target = lower_target(lowering, part);
        } else if (cst_symbol(lowering, part) == CST_AS_PATTERN) {
            uint32_t value = cst_first_part(lowering, part);
            lower_push(lowering, lower_expression(lowering, value));
            target = lower_target(lowering, cst_next_part(lowering, part, value));
        } else {
            lower_push(lowering, lower_expression(lowering, part));
        }
    }
    size_t count = lower_list_start(lowering) - start;
    uint32_t list = lower_list(lowering, start);
    if (count == 1)
        type = ast_list_item(&lowering->file->ast, list, 0);
    else if (count > 1)
        type = lower_node(lowering, AST_TUPLE, 0, list, 0, 0, cst_at(lowering, cst)->start);
    uint32_t body = block_of(lowering, cst);
    return lower_node(lowering, AST_HANDLER, is_group, type, target, body, cst_at(lowering, cst)->start);
}

static uint32_t lower_try(struct lowering *lowering, uint32_t cst)
{
    uint32_t body = block_of(lowering, cst);
    size_t start = lower_list_start(lowering);
    for (uint32_t child = cst_first_part(lowering, cst); child; child = cst_next_part(lowering, cst, child))
        if (cst_symbol(lowering, child) == CST_EXCEPT_CLAUSE)
            lower_push(lowering, lower_handler(lowering, child));
    uint32_t handlers = lower_list(lowering, start);
    uint32_t otherwise = else_of(lowering, cst);
    uint32_t clause = cst_child(lowering, cst, CST_FINALLY_CLAUSE);
    uint32_t at = cst_at(lowering, cst)->start, tail = 0;
    if (!handlers && !clause)
        lower_fail(lowering, TEXT("a syntax error: a try without except and finally"), at);
    if (otherwise || clause) {
        uint32_t finally = clause ? block_of(lowering, clause) : 0;
        tail = lower_node(lowering, AST_TRY_TAIL, 0, otherwise, finally, 0, at);
    }
    return lower_node(lowering, AST_TRY, 0, body, handlers, tail, at);
}

static uint32_t lower_with_item(struct lowering *lowering, uint32_t cst)
{
    bool has_target = cst_symbol(lowering, cst) == CST_AS_PATTERN;
    uint32_t value = has_target ? cst_first_part(lowering, cst) : cst;
    uint32_t context = lower_expression(lowering, value);
    uint32_t target = has_target ? lower_target(lowering, cst_next_part(lowering, cst, value)) : 0;
    return lower_node(lowering, AST_WITH_ITEM, 0, context, target, 0, lowering->file->ast.nodes[context].at);
}

static uint32_t lower_with(struct lowering *lowering, uint32_t cst)
{
    uint32_t clause = cst_child(lowering, cst, CST_WITH_CLAUSE);
    size_t start = lower_list_start(lowering);
    for (uint32_t item = clause ? cst_first_part(lowering, clause) : 0; item;
         item = cst_next_part(lowering, clause, item)) {
        uint32_t value = cst_first_part(lowering, item);
        if (cst_symbol(lowering, value) == CST_PARENTHESIZED_EXPRESSION &&
            cst_symbol(lowering, cst_first_part(lowering, value)) == CST_AS_PATTERN)
            value = cst_first_part(lowering, value);
        if (cst_symbol(lowering, value) != CST_TUPLE) {
            lower_push(lowering, lower_with_item(lowering, value));
            continue;
        }
        /* with (a, b): two items, not a tuple */
        for (uint32_t part = cst_first_part(lowering, value); part; part = cst_next_part(lowering, value, part))
            lower_push(lowering, lower_with_item(lowering, part));
    }
    uint32_t items = lower_list(lowering, start);
    uint32_t body = block_of(lowering, cst);
    return lower_node(lowering, AST_WITH, is_async(lowering, cst), items, body, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_by_symbol(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    switch ((int)cst_symbol(lowering, cst)) {
    case CST_EXPRESSION_STATEMENT: return lower_expression_statement(lowering, cst);
    case CST_RETURN_STATEMENT: return lower_return(lowering, cst);
    case CST_RAISE_STATEMENT: return lower_pair(lowering, cst, AST_RAISE);
    case CST_ASSERT_STATEMENT: return lower_pair(lowering, cst, AST_ASSERT);
    case CST_DELETE_STATEMENT: return lower_delete(lowering, cst);
    case CST_PASS_STATEMENT: return lower_node(lowering, AST_PASS, 0, 0, 0, 0, at);
    case CST_BREAK_STATEMENT: return lower_node(lowering, AST_BREAK, 0, 0, 0, 0, at);
    case CST_CONTINUE_STATEMENT: return lower_node(lowering, AST_CONTINUE, 0, 0, 0, 0, at);
    case CST_GLOBAL_STATEMENT: return lower_global(lowering, cst, AST_GLOBAL);
    case CST_NONLOCAL_STATEMENT: return lower_global(lowering, cst, AST_NONLOCAL);
    case CST_IMPORT_STATEMENT: return lower_import(lowering, cst);
    case CST_IMPORT_FROM_STATEMENT:
    case CST_FUTURE_IMPORT_STATEMENT: return lower_from_import(lowering, cst);
    case CST_TYPE_ALIAS_STATEMENT: return lower_type_alias(lowering, cst);
    case CST_IF_STATEMENT: return lower_if(lowering, cst);
    case CST_FOR_STATEMENT: return lower_for(lowering, cst);
    case CST_WHILE_STATEMENT: return lower_while(lowering, cst);
    case CST_TRY_STATEMENT: return lower_try(lowering, cst);
    case CST_WITH_STATEMENT: return lower_with(lowering, cst);
    case CST_MATCH_STATEMENT: return lower_match(lowering, cst);
    case CST_FUNCTION_DEFINITION:
    case CST_CLASS_DEFINITION:
    case CST_DECORATED_DEFINITION: return lower_definition(lowering, cst);
    default: return lower_unsupported(lowering, TEXT("a statement of this form"), at);
    }
}

uint32_t lower_statement(struct lowering *lowering, uint32_t cst)
{
    if (!lower_deeper(lowering, cst_at(lowering, cst)->start))
        return 0;
    uint32_t node = lower_by_symbol(lowering, cst);
    lower_shallower(lowering);
    return node;
}
