/*
 * match: cases, and the patterns of ast.h.  What CPython's compiler refuses in them is a syntax error here too.
 */
#include "syntax/python_internal.h"

#define PATTERN_NAMES 64 /* that one pattern captures: more than any real one does */

static uint32_t lower_pattern(struct lowering *lowering, uint32_t cst, bool negative);

/* A pattern that may stand in a sequence, an alternative, ...: the children of its parent, from `child` on, up to a mark that
 * ends it.  A minus sign and the wildcard are marks of the parent.  0: there is none. */
static uint32_t lower_pattern_at(struct lowering *lowering, uint32_t parent, uint32_t *child)
{
    bool negative = false;
    for (; *child; *child = cst_next(lowering, parent, *child)) {
        uint32_t part = *child;
        if (cst_symbol(lowering, part) == CST_MINUS) {
            negative = true;
        } else if (cst_symbol(lowering, part) == CST_UNDERSCORE) {
            *child = cst_next(lowering, parent, part);
            return lower_node(lowering, AST_MATCH_CAPTURE, 0, 0, 0, 0, cst_at(lowering, part)->start);
        } else if (!cst_is_mark(lowering, part)) {
            *child = cst_next(lowering, parent, part);
            return lower_pattern(lowering, part, negative);
        }
    }
    return 0;
}

static uint32_t only_pattern(struct lowering *lowering, uint32_t parent, uint32_t child)
{
    uint32_t pattern = lower_pattern_at(lowering, parent, &child);
    if (!pattern)
        lower_fail(lowering, TEXT("a syntax error: a pattern is missing"), cst_at(lowering, parent)->start);
    return pattern;
}

/* The name that a pattern binds, as a target; 0: `_`, which binds nothing. */
static uint32_t lower_capture(struct lowering *lowering, uint32_t identifier)
{
    bool is_wildcard = !identifier || text_equal(cst_text(lowering, identifier), TEXT("_"));
    return is_wildcard ? 0 : lower_name(lowering, identifier, true);
}

/* a.b.c */
static uint32_t lower_dotted(struct lowering *lowering, uint32_t cst)
{
    uint32_t first = cst_first_part(lowering, cst);
    uint32_t node = lower_name(lowering, first, false);
    for (uint32_t part = cst_next_part(lowering, cst, first); part; part = cst_next_part(lowering, cst, part))
        node = lower_node(lowering, AST_ATTRIBUTE, 0, node, lower_string_of(lowering, part), 0, cst_at(lowering, cst)->start);
    return node;
}

static uint32_t lower_dotted_pattern(struct lowering *lowering, uint32_t cst)
{
    uint32_t first = cst_first_part(lowering, cst), at = cst_at(lowering, cst)->start;
    if (first && cst_next_part(lowering, cst, first))
        return lower_node(lowering, AST_MATCH_VALUE, 0, lower_dotted(lowering, cst), 0, 0, at);
    return lower_node(lowering, AST_MATCH_CAPTURE, 0, 0, lower_capture(lowering, first), 0, at);
}

static uint32_t lower_star(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    return lower_node(lowering, AST_MATCH_STAR, 0, lower_capture(lowering, cst_first_part(lowering, cst)), 0, 0, at);
}

/* The star pattern that a case_pattern is; 0: it is another. */
static uint32_t star_of(struct lowering *lowering, uint32_t cst)
{
    uint32_t inner = cst_first_part(lowering, cst);
    bool is_star = inner && cst_symbol(lowering, inner) == CST_SPLAT_PATTERN && cst_child(lowering, inner, CST_STAR);
    return is_star ? inner : 0;
}

/* The patterns among the children, with at most one star. */
static uint32_t lower_items(struct lowering *lowering, uint32_t cst, uint32_t child, uint32_t at)
{
    size_t start = lower_list_start(lowering);
    uint32_t stars = 0;
    for (; child; child = cst_next(lowering, cst, child)) {
        if (cst_symbol(lowering, child) != CST_CASE_PATTERN) /* commas, the guard, the block */
            continue;
        uint32_t star = star_of(lowering, child);
        lower_push(lowering, star ? lower_star(lowering, star) : lower_pattern(lowering, child, false));
        stars += star != 0;
    }
    if (stars > 1)
        lower_fail(lowering, TEXT("a syntax error: several stars in a pattern"), at);
    return lower_node(lowering, AST_MATCH_SEQUENCE, 0, lower_list(lowering, start), 0, 0, at);
}

/* (a) is a; (a,) and (*a,) are sequences. */
static uint32_t lower_parentheses(struct lowering *lowering, uint32_t cst)
{
    uint32_t first = cst_first_part(lowering, cst);
    if (!first || cst_child(lowering, cst, CST_COMMA))
        return lower_items(lowering, cst, cst_first(lowering, cst), cst_at(lowering, cst)->start);
    return only_pattern(lowering, cst, cst_first(lowering, cst));
}

static uint32_t lower_or(struct lowering *lowering, uint32_t cst)
{
    size_t start = lower_list_start(lowering);
    uint32_t child = cst_first(lowering, cst), pattern;
    while ((pattern = lower_pattern_at(lowering, cst, &child)))
        lower_push(lowering, pattern);
    return lower_node(lowering, AST_MATCH_OR, 0, lower_list(lowering, start), 0, 0, cst_at(lowering, cst)->start);
}

static uint32_t lower_as(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t first = cst_first(lowering, cst), last = first;
    for (uint32_t part = cst_first_part(lowering, cst); part; part = cst_next_part(lowering, cst, part))
        last = part;
    uint32_t pattern = only_pattern(lowering, cst, first), target = lower_capture(lowering, last);
    if (!target)
        lower_fail(lowering, TEXT("a syntax error: `_` as a target"), at);
    return lower_node(lowering, AST_MATCH_CAPTURE, 0, pattern, target, 0, at);
}

static uint32_t lower_mapping(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start, rest = 0;
    size_t start = lower_list_start(lowering);
    bool has_rest = false;
    for (uint32_t child = cst_first(lowering, cst); child;) {
        if (cst_symbol(lowering, child) == CST_SPLAT_PATTERN) {
            rest = lower_capture(lowering, cst_first_part(lowering, child));
            if (has_rest || !rest || !cst_child(lowering, child, CST_STAR_STAR))
                lower_fail(lowering, TEXT("a syntax error: what is left of a mapping needs one name"), at);
            has_rest = true;
            child = cst_next(lowering, cst, child);
            continue;
        }
        if (cst_symbol(lowering, child) == CST_COMMA) {
            child = cst_next(lowering, cst, child);
            continue;
        }
        uint32_t key = lower_pattern_at(lowering, cst, &child);
        if (!key)
            break;
        uint32_t value = lower_pattern_at(lowering, cst, &child);
        if (has_rest || !value || lowering->file->ast.nodes[key].kind != AST_MATCH_VALUE)
            lower_fail(lowering, TEXT("a syntax error: a key of a mapping pattern"), at);
        lower_push(lowering, lowering->file->ast.nodes[key].a);
        lower_push(lowering, value);
    }
    return lower_node(lowering, AST_MATCH_MAPPING, has_rest, lower_list(lowering, start), rest, 0, at);
}

/* The keyword pattern that an argument is, also under `as`; 0: it is none. */
static uint32_t keyword_of(struct lowering *lowering, uint32_t cst)
{
    uint32_t inner = cst_first_part(lowering, cst);
    if (inner && cst_symbol(lowering, inner) == CST_AS_PATTERN) {
        inner = cst_first_part(lowering, inner);
        inner = inner ? cst_first_part(lowering, inner) : 0;
    }
    return inner && cst_symbol(lowering, inner) == CST_KEYWORD_PATTERN ? inner : 0;
}

static void push_keyword(struct lowering *lowering, uint32_t cst, uint32_t argument)
{
    uint32_t name = cst_first_part(lowering, cst), outer = cst_first_part(lowering, argument);
    lower_push(lowering, lower_string_of(lowering, name));
    uint32_t pattern = only_pattern(lowering, cst, cst_next(lowering, cst, name));
    if (outer != cst) { /* Class(name=pattern as target) */
        uint32_t target = 0;
        for (uint32_t part = cst_first_part(lowering, outer); part; part = cst_next_part(lowering, outer, part))
            target = part;
        pattern = lower_node(lowering, AST_MATCH_CAPTURE, 0, pattern, lower_capture(lowering, target), 0, cst_at(lowering, outer)->start);
    }
    lower_push(lowering, pattern);
}

static uint32_t lower_class_pattern(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start, name = cst_first_part(lowering, cst);
    uint32_t class_ = lower_dotted(lowering, name);
    size_t start = lower_list_start(lowering);
    uint32_t child = cst_next_part(lowering, cst, name);
    for (; child && !keyword_of(lowering, child); child = cst_next_part(lowering, cst, child))
        lower_push(lowering, lower_pattern(lowering, child, false));
    uint32_t positional = lower_list(lowering, start);
    start = lower_list_start(lowering);
    for (; child; child = cst_next_part(lowering, cst, child)) {
        uint32_t keyword = keyword_of(lowering, child);
        if (keyword)
            push_keyword(lowering, keyword, child);
        else
            lower_fail(lowering, TEXT("a syntax error: a positional pattern behind a keyword"), at);
    }
    return lower_node(lowering, AST_MATCH_CLASS, 0, class_, positional, lower_list(lowering, start), at);
}

static uint32_t lower_literal(struct lowering *lowering, uint32_t cst, bool negative)
{
    uint32_t at = cst_at(lowering, cst)->start, value = lower_expression(lowering, cst);
    uint32_t kind = lowering->file->ast.nodes[value].kind;
    bool is_number = kind == AST_INT || kind == AST_BIG_INT || kind == AST_FLOAT;
    if (kind == AST_FSTRING || (negative && !is_number && kind != AST_UNSUPPORTED))
        lower_fail(lowering, TEXT("a syntax error: a pattern of this form"), at);
    if (negative)
        value = lower_node(lowering, AST_UNARY, OP_NEGATE, value, 0, 0, at);
    bool by_identity = kind == AST_TRUE || kind == AST_FALSE || kind == AST_NONE;
    return lower_node(lowering, AST_MATCH_VALUE, by_identity, value, 0, 0, at);
}

static uint32_t lower_by_symbol(struct lowering *lowering, uint32_t cst, bool negative)
{
    uint32_t at = cst_at(lowering, cst)->start;
    switch ((int)cst_symbol(lowering, cst)) {
    case CST_CASE_PATTERN: return only_pattern(lowering, cst, cst_first(lowering, cst));
    case CST_DOTTED_NAME: return lower_dotted_pattern(lowering, cst);
    case CST_IDENTIFIER: return lower_node(lowering, AST_MATCH_CAPTURE, 0, 0, lower_capture(lowering, cst), 0, at);
    case CST_AS_PATTERN: return lower_as(lowering, cst);
    case CST_UNION_PATTERN: return lower_or(lowering, cst);
    case CST_LIST_PATTERN: return lower_items(lowering, cst, cst_first(lowering, cst), at);
    case CST_TUPLE_PATTERN: return lower_parentheses(lowering, cst);
    case CST_DICT_PATTERN: return lower_mapping(lowering, cst);
    case CST_CLASS_PATTERN: return lower_class_pattern(lowering, cst);
    case CST_COMPLEX_PATTERN: {
        uint32_t number = lower_unsupported(lowering, TEXT("a complex number"), at);
        return lower_node(lowering, AST_MATCH_VALUE, 0, number, 0, 0, at);
    }
    case CST_STRING:
    case CST_CONCATENATED_STRING:
    case CST_INTEGER:
    case CST_FLOAT:
    case CST_TRUE:
    case CST_FALSE:
    case CST_NONE: return lower_literal(lowering, cst, negative);
    default: lower_fail(lowering, TEXT("a syntax error: a pattern of this form"), at); return 0;
    }
}

static uint32_t lower_pattern(struct lowering *lowering, uint32_t cst, bool negative)
{
    if (!lower_deeper(lowering, cst_at(lowering, cst)->start))
        return 0;
    uint32_t pattern = lower_by_symbol(lowering, cst, negative);
    lower_shallower(lowering);
    return pattern;
}

/* What CPython's compiler looks at: which names a pattern binds. */

struct pattern_names {
    const struct ast *ast;
    uint32_t names[PATTERN_NAMES];
    uint32_t count;
    bool clash; /* one bound twice, alternatives that bind different ones, or too many */
};

static bool has_name(const struct pattern_names *names, uint32_t name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (names->names[i] == name)
            return true;
    return false;
}

static void note_name(struct pattern_names *names, uint32_t target)
{
    if (!target)
        return;
    uint32_t name = names->ast->nodes[target].a;
    if (has_name(names, name) || names->count == PATTERN_NAMES)
        names->clash = true;
    else
        names->names[names->count++] = name;
}

static void find_names(struct pattern_names *names, uint32_t pattern);

static void find_alternative_names(struct pattern_names *names, uint32_t list)
{
    struct pattern_names first = {.ast = names->ast};
    for (uint32_t i = 0; i < ast_list_count(names->ast, list); i++) {
        struct pattern_names other = {.ast = names->ast};
        find_names(i ? &other : &first, ast_list_item(names->ast, list, i));
        names->clash |= other.clash || (i && other.count != first.count);
        for (uint32_t k = 0; i && k < other.count; k++)
            names->clash |= !has_name(&first, other.names[k]);
    }
    names->clash |= first.clash;
    for (uint32_t k = 0; k < first.count; k++) {
        names->clash |= has_name(names, first.names[k]) || names->count == PATTERN_NAMES;
        if (names->count < PATTERN_NAMES)
            names->names[names->count++] = first.names[k];
    }
}

static void find_names(struct pattern_names *names, uint32_t pattern)
{
    const struct ast *ast = names->ast;
    struct ast_node node = ast->nodes[pattern];
    switch ((int)node.kind) {
    case AST_MATCH_CAPTURE:
        find_names(names, node.a);
        note_name(names, node.b);
        break;
    case AST_MATCH_STAR: note_name(names, node.a); break;
    case AST_MATCH_SEQUENCE:
        for (uint32_t i = 0; i < ast_list_count(ast, node.a); i++)
            find_names(names, ast_list_item(ast, node.a, i));
        break;
    case AST_MATCH_MAPPING:
        for (uint32_t i = 1; i < ast_list_count(ast, node.a); i += 2)
            find_names(names, ast_list_item(ast, node.a, i));
        note_name(names, node.b);
        break;
    case AST_MATCH_CLASS:
        for (uint32_t i = 0; i < ast_list_count(ast, node.b); i++)
            find_names(names, ast_list_item(ast, node.b, i));
        for (uint32_t i = 1; i < ast_list_count(ast, node.c); i += 2)
            find_names(names, ast_list_item(ast, node.c, i));
        break;
    case AST_MATCH_OR: find_alternative_names(names, node.a); break;
    }
}

/* Does it match whatever there is? */
static bool is_irrefutable(const struct ast *ast, uint32_t pattern)
{
    struct ast_node node = ast->nodes[pattern];
    if (node.kind == AST_MATCH_OR && ast_list_count(ast, node.a))
        return is_irrefutable(ast, ast_list_item(ast, node.a, ast_list_count(ast, node.a) - 1));
    return node.kind == AST_MATCH_CAPTURE && (!node.a || is_irrefutable(ast, node.a));
}

/* An alternative that leaves nothing to those behind it? */
static bool has_idle_alternative(const struct ast *ast, uint32_t pattern)
{
    struct ast_node node = ast->nodes[pattern];
    if (node.kind == AST_MATCH_CAPTURE)
        return node.a && has_idle_alternative(ast, node.a);
    for (uint32_t i = 0; node.kind == AST_MATCH_OR && i + 1 < ast_list_count(ast, node.a); i++)
        if (is_irrefutable(ast, ast_list_item(ast, node.a, i)))
            return true;
    return false;
}

static uint32_t lower_case(struct lowering *lowering, uint32_t cst, bool is_last)
{
    uint32_t at = cst_at(lowering, cst)->start, guard = 0;
    uint32_t clause = cst_child(lowering, cst, CST_IF_CLAUSE), block = cst_child(lowering, cst, CST_BLOCK);
    uint32_t first = cst_first_part(lowering, cst);
    bool is_open = cst_child(lowering, cst, CST_COMMA) || (first && star_of(lowering, first));
    uint32_t pattern = is_open ? lower_items(lowering, cst, cst_first(lowering, cst), at) : only_pattern(lowering, cst, cst_first(lowering, cst));
    struct pattern_names names = {.ast = &lowering->file->ast};
    find_names(&names, pattern);
    bool idle = has_idle_alternative(&lowering->file->ast, pattern) ||
                (!is_last && !clause && is_irrefutable(&lowering->file->ast, pattern));
    if (names.clash || idle)
        lower_fail(lowering, names.clash ? TEXT("a syntax error: the names of a pattern") : TEXT("a syntax error: a pattern that nothing passes"), at);
    if (clause)
        guard = lower_expression(lowering, cst_first_part(lowering, clause));
    return lower_node(lowering, AST_CASE, 0, pattern, guard, lower_block(lowering, block), at);
}

uint32_t lower_match(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t block = cst_child(lowering, cst, CST_BLOCK);
    size_t subjects = lower_list_start(lowering);
    bool commas = false;
    for (uint32_t part = cst_first(lowering, cst); part && part != block; part = cst_next(lowering, cst, part)) {
        commas = commas || cst_symbol(lowering, part) == CST_COMMA;
        if (!cst_is_mark(lowering, part))
            lower_push(lowering, lower_expression(lowering, part));
    }
    uint32_t list = lower_list(lowering, subjects);
    uint32_t subject = list && !commas ? ast_list_item(&lowering->file->ast, list, 0)
                                       : lower_node(lowering, AST_TUPLE, 0, list, 0, 0, at);
    size_t start = lower_list_start(lowering);
    for (uint32_t part = block ? cst_first_part(lowering, block) : 0; part;) {
        uint32_t next = cst_next_part(lowering, block, part);
        lower_push(lowering, lower_case(lowering, part, !next));
        part = next;
    }
    uint32_t cases = lower_list(lowering, start);
    if (!cases)
        lower_fail(lowering, TEXT("a syntax error: a match without cases"), at);
    return lower_node(lowering, AST_MATCH, 0, subject, cases, 0, at);
}
