/*
 * What the files python*.c share and nobody else includes.
 *
 * python.c             the file, its strings, its table of pieces;  python_tables.c: files that were read at build time
 * python_scan.c        the byte scanner (python_scan.h): strings, logical lines, tokens
 * python_split.c       cuts text into statements;  python_names.c: what simple statements are and bind
 * python_indentation.c whether lines are indented as they must be
 * python_parse.c       tree-sitter: parses one piece, copies the tree into a flat array without comments and punctuation
 * python_whole.c       whether all of a file parses
 * python_plain*.c      the same array for plain pieces, without tree-sitter
 * python_statement.c   statements -> struct ast;  python_definition.c: functions and classes
 * python_expression.c  expressions;  python_literal.c, python_string.c: literals
 * python_scope.c       which names are slots
 * python_bound.c       the names that a lowered statement binds
 *
 * A piece is lowered in one pass.  Names are made as NAME nodes and noted as "pending" of the scope they stand in; when
 * the scope ends, all that it binds is known and the pending nodes of those names become LOCAL.
 */
#ifndef SYNTAX_PYTHON_INTERNAL_H
#define SYNTAX_PYTHON_INTERNAL_H

#include "base/limits.h"
#include "syntax/python.h"

/* ---- splitting (python_split.c, python_names.c) ---- */

/* Cuts [start, end) into statements and appends them as pieces.  For a class body the column of its statements is that of
 * the first.  False when a statement stands left of that column. */
bool python_cut(struct python_file *file, uint32_t start, uint32_t end, bool is_member);
/* Finds kind, flags and names of a simple statement. */
void python_classify(struct python_file *file, uint32_t piece);
/* After the colon that ends the header of a class piece; 0 when there is none. */
uint32_t python_class_header_end(const struct python_file *file, uint32_t piece);
/* "" when every line of the statement [start, end) is indented as Python wants it, else what is wrong and *at, where
 * (python_indentation.c).  A header ends where its block would begin. */
struct text python_indentation_trouble(const struct python_file *file, uint32_t start, uint32_t end, bool is_header, uint32_t *at);
/* How deep the brackets of [start, end) are nested at most, and where. */
uint32_t python_nesting(const struct python_file *file, uint32_t start, uint32_t end, uint32_t *deepest_at);

/* ---- pieces (python.c) ---- */

uint32_t python_piece_add(struct python_file *file);
void python_piece_name(struct python_file *file, uint32_t piece, uint32_t string);
void python_trouble(struct python_file *file, uint32_t piece, struct text trouble, uint32_t at);

/* python_file_free() of a file that was made from tables. */
void python_tables_free(struct python_file *file);

/* Strings that every file has, by number. */
enum { STRING_EMPTY, STRING_SUPER, STRING_DUNDER_CLASS, STRING_LAMBDA, STRING_STAR };

/* ---- flat concrete tree (python_parse.c) ---- */

/* Symbols of the grammar that lowering knows: enumerator, text in the grammar, 1 when it is a named node.  Named ones come
 * first: cst_is_mark(). */
#define CST_SYMBOLS(X)                                                                                                 \
    X(MODULE, "module", 1)                                                                                             \
    X(EXPRESSION_STATEMENT, "expression_statement", 1)                                                                 \
    X(IMPORT_STATEMENT, "import_statement", 1)                                                                         \
    X(IMPORT_FROM_STATEMENT, "import_from_statement", 1)                                                               \
    X(FUTURE_IMPORT_STATEMENT, "future_import_statement", 1)                                                           \
    X(RELATIVE_IMPORT, "relative_import", 1)                                                                           \
    X(IMPORT_PREFIX, "import_prefix", 1)                                                                               \
    X(DOTTED_NAME, "dotted_name", 1)                                                                                   \
    X(ALIASED_IMPORT, "aliased_import", 1)                                                                             \
    X(WILDCARD_IMPORT, "wildcard_import", 1)                                                                           \
    X(ASSERT_STATEMENT, "assert_statement", 1)                                                                         \
    X(RETURN_STATEMENT, "return_statement", 1)                                                                         \
    X(DELETE_STATEMENT, "delete_statement", 1)                                                                         \
    X(RAISE_STATEMENT, "raise_statement", 1)                                                                           \
    X(PASS_STATEMENT, "pass_statement", 1)                                                                             \
    X(BREAK_STATEMENT, "break_statement", 1)                                                                           \
    X(CONTINUE_STATEMENT, "continue_statement", 1)                                                                     \
    X(GLOBAL_STATEMENT, "global_statement", 1)                                                                         \
    X(NONLOCAL_STATEMENT, "nonlocal_statement", 1)                                                                     \
    X(TYPE_ALIAS_STATEMENT, "type_alias_statement", 1)                                                                 \
    X(IF_STATEMENT, "if_statement", 1)                                                                                 \
    X(ELIF_CLAUSE, "elif_clause", 1)                                                                                   \
    X(ELSE_CLAUSE, "else_clause", 1)                                                                                   \
    X(MATCH_STATEMENT, "match_statement", 1)                                                                           \
    X(CASE_CLAUSE, "case_clause", 1)                                                                                   \
    X(CASE_PATTERN, "case_pattern", 1)                                                                                 \
    X(CLASS_PATTERN, "class_pattern", 1)                                                                               \
    X(KEYWORD_PATTERN, "keyword_pattern", 1)                                                                           \
    X(DICT_PATTERN, "dict_pattern", 1)                                                                                 \
    X(SPLAT_PATTERN, "splat_pattern", 1)                                                                               \
    X(UNION_PATTERN, "union_pattern", 1)                                                                               \
    X(COMPLEX_PATTERN, "complex_pattern", 1)                                                                           \
    X(FOR_STATEMENT, "for_statement", 1)                                                                               \
    X(WHILE_STATEMENT, "while_statement", 1)                                                                           \
    X(TRY_STATEMENT, "try_statement", 1)                                                                               \
    X(EXCEPT_CLAUSE, "except_clause", 1)                                                                               \
    X(FINALLY_CLAUSE, "finally_clause", 1)                                                                             \
    X(WITH_STATEMENT, "with_statement", 1)                                                                             \
    X(WITH_CLAUSE, "with_clause", 1)                                                                                   \
    X(WITH_ITEM, "with_item", 1)                                                                                       \
    X(FUNCTION_DEFINITION, "function_definition", 1)                                                                   \
    X(CLASS_DEFINITION, "class_definition", 1)                                                                         \
    X(DECORATED_DEFINITION, "decorated_definition", 1)                                                                 \
    X(DECORATOR, "decorator", 1)                                                                                       \
    X(PARAMETERS, "parameters", 1)                                                                                     \
    X(LAMBDA_PARAMETERS, "lambda_parameters", 1)                                                                       \
    X(DEFAULT_PARAMETER, "default_parameter", 1)                                                                       \
    X(TYPED_PARAMETER, "typed_parameter", 1)                                                                           \
    X(TYPED_DEFAULT_PARAMETER, "typed_default_parameter", 1)                                                           \
    X(LIST_SPLAT_PATTERN, "list_splat_pattern", 1)                                                                     \
    X(DICTIONARY_SPLAT_PATTERN, "dictionary_splat_pattern", 1)                                                         \
    X(KEYWORD_SEPARATOR, "keyword_separator", 1)                                                                       \
    X(POSITIONAL_SEPARATOR, "positional_separator", 1)                                                                 \
    X(TYPE_PARAMETER, "type_parameter", 1)                                                                             \
    X(ARGUMENT_LIST, "argument_list", 1)                                                                               \
    X(KEYWORD_ARGUMENT, "keyword_argument", 1)                                                                         \
    X(BLOCK, "block", 1)                                                                                               \
    X(EXPRESSION_LIST, "expression_list", 1)                                                                           \
    X(PATTERN_LIST, "pattern_list", 1)                                                                                 \
    X(TUPLE_PATTERN, "tuple_pattern", 1)                                                                               \
    X(LIST_PATTERN, "list_pattern", 1)                                                                                 \
    X(NAMED_EXPRESSION, "named_expression", 1)                                                                         \
    X(AS_PATTERN, "as_pattern", 1)                                                                                     \
    X(AS_PATTERN_TARGET, "as_pattern_target", 1)                                                                       \
    X(NOT_OPERATOR, "not_operator", 1)                                                                                 \
    X(BOOLEAN_OPERATOR, "boolean_operator", 1)                                                                         \
    X(BINARY_OPERATOR, "binary_operator", 1)                                                                           \
    X(UNARY_OPERATOR, "unary_operator", 1)                                                                             \
    X(COMPARISON_OPERATOR, "comparison_operator", 1)                                                                   \
    X(LAMBDA, "lambda", 1)                                                                                             \
    X(ASSIGNMENT, "assignment", 1)                                                                                     \
    X(AUGMENTED_ASSIGNMENT, "augmented_assignment", 1)                                                                 \
    X(YIELD, "yield", 1)                                                                                               \
    X(ATTRIBUTE, "attribute", 1)                                                                                       \
    X(SUBSCRIPT, "subscript", 1)                                                                                       \
    X(SLICE, "slice", 1)                                                                                               \
    X(CALL, "call", 1)                                                                                                 \
    X(TYPE, "type", 1)                                                                                                 \
    X(SPLAT_TYPE, "splat_type", 1)                                                                                     \
    X(GENERIC_TYPE, "generic_type", 1)                                                                                 \
    X(UNION_TYPE, "union_type", 1)                                                                                     \
    X(CONSTRAINED_TYPE, "constrained_type", 1)                                                                         \
    X(MEMBER_TYPE, "member_type", 1)                                                                                   \
    X(LIST, "list", 1)                                                                                                 \
    X(SET, "set", 1)                                                                                                   \
    X(TUPLE, "tuple", 1)                                                                                               \
    X(DICTIONARY, "dictionary", 1)                                                                                     \
    X(PAIR, "pair", 1)                                                                                                 \
    X(LIST_SPLAT, "list_splat", 1)                                                                                     \
    X(DICTIONARY_SPLAT, "dictionary_splat", 1)                                                                         \
    X(LIST_COMPREHENSION, "list_comprehension", 1)                                                                     \
    X(DICTIONARY_COMPREHENSION, "dictionary_comprehension", 1)                                                         \
    X(SET_COMPREHENSION, "set_comprehension", 1)                                                                       \
    X(GENERATOR_EXPRESSION, "generator_expression", 1)                                                                 \
    X(PARENTHESIZED_EXPRESSION, "parenthesized_expression", 1)                                                         \
    X(FOR_IN_CLAUSE, "for_in_clause", 1)                                                                               \
    X(IF_CLAUSE, "if_clause", 1)                                                                                       \
    X(CONDITIONAL_EXPRESSION, "conditional_expression", 1)                                                             \
    X(CONCATENATED_STRING, "concatenated_string", 1)                                                                   \
    X(STRING, "string", 1)                                                                                             \
    X(STRING_START, "string_start", 1)                                                                                 \
    X(STRING_END, "string_end", 1)                                                                                     \
    X(INTERPOLATION, "interpolation", 1)                                                                               \
    X(FORMAT_SPECIFIER, "format_specifier", 1)                                                                         \
    X(FORMAT_EXPRESSION, "format_expression", 1)                                                                       \
    X(TYPE_CONVERSION, "type_conversion", 1)                                                                           \
    X(INTEGER, "integer", 1)                                                                                           \
    X(FLOAT, "float", 1)                                                                                               \
    X(IDENTIFIER, "identifier", 1)                                                                                     \
    X(TRUE, "true", 1)                                                                                                 \
    X(FALSE, "false", 1)                                                                                               \
    X(NONE, "none", 1)                                                                                                 \
    X(ELLIPSIS, "ellipsis", 1)                                                                                         \
    X(AWAIT, "await", 1)                                                                                               \
    X(UNDERSCORE, "_", 0)                                                                                              \
    X(COMMA, ",", 0)                                                                                                   \
    X(COLON, ":", 0)                                                                                                   \
    X(EQUALS, "=", 0)                                                                                                  \
    X(ASYNC, "async", 0)                                                                                               \
    X(FROM, "from", 0)                                                                                                 \
    X(AS, "as", 0)                                                                                                     \
    X(STAR, "*", 0)                                                                                                    \
    X(AND, "and", 0)                                                                                                   \
    X(OR, "or", 0)                                                                                                     \
    X(PLUS, "+", 0)                                                                                                    \
    X(MINUS, "-", 0)                                                                                                   \
    X(AT, "@", 0)                                                                                                      \
    X(SLASH, "/", 0)                                                                                                   \
    X(PERCENT, "%", 0)                                                                                                 \
    X(SLASH_SLASH, "//", 0)                                                                                            \
    X(STAR_STAR, "**", 0)                                                                                              \
    X(BAR, "|", 0)                                                                                                     \
    X(AMPERSAND, "&", 0)                                                                                               \
    X(CARET, "^", 0)                                                                                                   \
    X(LEFT_SHIFT, "<<", 0)                                                                                             \
    X(RIGHT_SHIFT, ">>", 0)                                                                                            \
    X(TILDE, "~", 0)                                                                                                   \
    X(LESS, "<", 0)                                                                                                    \
    X(LESS_EQUAL, "<=", 0)                                                                                             \
    X(EQUAL, "==", 0)                                                                                                  \
    X(NOT_EQUAL, "!=", 0)                                                                                              \
    X(GREATER_EQUAL, ">=", 0)                                                                                          \
    X(GREATER, ">", 0)                                                                                                 \
    X(IN, "in", 0)                                                                                                     \
    X(NOT_IN, "not in", 0)                                                                                             \
    X(IS, "is", 0)                                                                                                     \
    X(IS_NOT, "is not", 0)                                                                                             \
    X(PLUS_EQUALS, "+=", 0)                                                                                            \
    X(MINUS_EQUALS, "-=", 0)                                                                                           \
    X(STAR_EQUALS, "*=", 0)                                                                                            \
    X(SLASH_EQUALS, "/=", 0)                                                                                           \
    X(AT_EQUALS, "@=", 0)                                                                                              \
    X(SLASH_SLASH_EQUALS, "//=", 0)                                                                                    \
    X(PERCENT_EQUALS, "%=", 0)                                                                                         \
    X(STAR_STAR_EQUALS, "**=", 0)                                                                                      \
    X(RIGHT_SHIFT_EQUALS, ">>=", 0)                                                                                    \
    X(LEFT_SHIFT_EQUALS, "<<=", 0)                                                                                     \
    X(AMPERSAND_EQUALS, "&=", 0)                                                                                       \
    X(CARET_EQUALS, "^=", 0)                                                                                           \
    X(BAR_EQUALS, "|=", 0)

enum cst_symbol {
    CST_UNKNOWN,        /* a named node that lowering does not know */
    CST_DROPPED,        /* punctuation and keywords that the tree's shape implies; comments */
    CST_STRING_CONTENT, /* dropped too: literals are decoded from the file's bytes */
#define CST_ENUM(name, text, named) CST_##name,
    CST_SYMBOLS(CST_ENUM)
#undef CST_ENUM
        CST_COUNT
};

/* In preorder: the first child of node i is i + 1 when i + 1 < nodes[i].skip, the next sibling of i is nodes[i].skip. */
struct cst_node {
    uint32_t symbol;     /* enum cst_symbol */
    uint32_t start, end; /* bytes in the file */
    uint32_t skip;       /* the node after this one's subtree */
};

/* Kept per file from the first parse to the end: the parser and the buffers of lowering. */
struct python_parser {
    void *parser;     /* TSParser; NULL until the first piece that is not plain */
    uint8_t *symbols; /* enum cst_symbol of each of the grammar's symbols; likewise */
    size_t symbol_count;
    struct cst_node *nodes;
    size_t node_count, node_capacity;
    uint32_t *scratch; /* a stack: items of the lists being built */
    size_t scratch_count, scratch_capacity;
    struct pending_name *pending;
    size_t pending_count, pending_capacity;
    uint32_t *bound; /* a stack: strings bound in the scopes that are open, globals and nonlocals with a mark */
    size_t bound_count, bound_capacity;
    uint32_t *locals; /* a stack: strings of the parameters and comprehension variables of the scopes that are open */
    size_t local_count, local_capacity;
    uint32_t *hidden; /* a stack: string and place in `locals` of the variables of the comprehensions that are open */
    size_t hidden_count, hidden_capacity;
    struct ast_parameter *parameters; /* a stack */
    size_t parameter_count, parameter_capacity;
    uint32_t *cells; /* by string number: slot + 1 while a scope is being closed, else 0 */
    size_t cell_count;
    char *text; /* a literal being decoded */
    size_t text_length, text_capacity;
};

struct python_parser *python_parser_of(struct python_file *file);
void python_parser_free(struct python_parser *parser);

/*
 * What tree-sitter is given of a piece (python_segments.c): the text without its comment lines, since tree-sitter reads
 * character by character.  Each segment knows where it stands in the file, so offsets come out as if everything had been
 * read.
 */
struct python_segment {
    struct text text;
    uint32_t at;   /* in what tree-sitter sees */
    uint32_t file; /* in the file */
    bool is_ours;  /* not text of the file: all of it stands for the place `file` */
};
#define PYTHON_SEGMENTS 96
struct python_segments {
    struct python_segment items[PYTHON_SEGMENTS];
    size_t count;
};
void python_segments_find(struct python_segments *segments, const struct python_file *file, uint32_t start, uint32_t end,
                          struct text prefix, struct text suffix);

/* Parses bytes [start, end) of the file between a prefix and a suffix, and fills file->parser->nodes.  On failure the
 * piece is broken with its trouble. */
bool python_parse_text(struct python_file *file, uint32_t piece, uint32_t start, uint32_t end, struct text prefix,
                       struct text suffix);

/* ---- lowering ---- */

#define NO_OPERATOR 255u /* beside enum ast_operator */

enum scope_kind { SCOPE_UNIT, SCOPE_FUNCTION, SCOPE_CLASS };

struct scope {
    struct scope *parent;
    enum scope_kind kind;
    uint32_t flags; /* enum function_flags */
    uint32_t parameter_count;
    uint32_t annotations; /* of the lowering around; so is binds_hidden */
    bool binds_hidden;
    size_t pending_start, bound_start, local_start;
};

struct pending_name {
    uint32_t node; /* NAME or ALIAS */
    uint32_t string;
    uint32_t hidden; /* 0, or 1 + which of the scope's comprehension variables it is */
};

struct lowering {
    struct python_file *file;
    struct python_parser *parser;
    struct scope *scope;
    uint32_t piece;       /* being lowered */
    uint32_t depth;       /* nested nodes */
    uint32_t annotations; /* > 0 inside an annotation: names are not scoped there */
    uint32_t star_at;     /* lower_expression(): the `*` here was taken care of */
    bool binds_hidden;    /* names that are bound now are comprehension variables */
    size_t hidden_start;  /* of the innermost comprehension, in parser->hidden */
    struct text trouble;  /* the first one */
    uint32_t trouble_at;
};

/* python_scope.c */
void scope_open(struct lowering *lowering, struct scope *scope, enum scope_kind kind);
void scope_parameter(struct lowering *lowering, uint32_t string);
/* Turns what the scope binds into slots, appends all slots to ast.locals (parameters, other names, comprehension
 * variables); the scope is gone. */
void scope_close(struct lowering *lowering, uint32_t *first_local, uint32_t *local_count);
void scope_bind(struct lowering *lowering, uint32_t string);
void scope_exclude(struct lowering *lowering, uint32_t string); /* global, nonlocal */
void scope_use(struct lowering *lowering, uint32_t node, uint32_t string);
void scope_flag(struct lowering *lowering, uint32_t flag); /* of the innermost function */

/* The variables of one comprehension: fresh slots for the names bound between open and close. */
struct hidden_scope {
    size_t pending_start, hidden_start;
};
struct hidden_scope hidden_open(struct lowering *lowering);
void hidden_close(struct lowering *lowering, struct hidden_scope outer);

/* python_statement.c */
void lower_fail(struct lowering *lowering, struct text trouble, uint32_t at);
uint32_t lower_node(struct lowering *lowering, enum ast_kind kind, uint32_t op, uint32_t a, uint32_t b, uint32_t c,
                    uint32_t at);
size_t lower_list_start(const struct lowering *lowering);
void lower_push(struct lowering *lowering, uint32_t item);
uint32_t lower_list(struct lowering *lowering, size_t start); /* the items pushed since `start` become a list */
uint32_t lower_string_of(struct lowering *lowering, uint32_t cst);
uint32_t lower_unsupported(struct lowering *lowering, struct text what, uint32_t at);
bool lower_deeper(struct lowering *lowering, uint32_t at); /* false: too deep, and that is the trouble */
void lower_shallower(struct lowering *lowering);
uint32_t lower_block(struct lowering *lowering, uint32_t cst); /* a list of statements */
uint32_t lower_statement(struct lowering *lowering, uint32_t cst);

/* python_definition.c */
uint32_t lower_lambda(struct lowering *lowering, uint32_t cst);
uint32_t lower_definition(struct lowering *lowering, uint32_t cst); /* FUNCTION_, CLASS_ or DECORATED_DEFINITION */
/* The piece's class: its members are left to the splitter. */
uint32_t lower_class_header(struct lowering *lowering, uint32_t cst);

/* python_match.c */
uint32_t lower_match(struct lowering *lowering, uint32_t cst);

/* python_expression.c */
uint32_t lower_expression(struct lowering *lowering, uint32_t cst);
uint32_t lower_expressions(struct lowering *lowering, uint32_t parent,
                           uint32_t first); /* one, or a TUPLE when there are commas */
uint32_t lower_target(struct lowering *lowering, uint32_t cst);
uint32_t lower_name(struct lowering *lowering, uint32_t cst, bool binds);
uint32_t lower_annotation(struct lowering *lowering, uint32_t cst);
uint32_t lower_arguments(struct lowering *lowering, uint32_t cst); /* a list */

uint32_t lower_operator(struct lowering *lowering, uint32_t cst); /* of an operator mark; fails on others */

/* python_comprehension.c */
uint32_t lower_comprehension(struct lowering *lowering, uint32_t cst, enum ast_kind kind);

/* python_literal.c, python_string.c */
uint32_t lower_integer(struct lowering *lowering, uint32_t cst);
uint32_t lower_float(struct lowering *lowering, uint32_t cst);
uint32_t lower_strings(struct lowering *lowering, uint32_t cst); /* STRING or CONCATENATED_STRING */

/* ---- walking the flat tree ---- */

static inline const struct cst_node *cst_at(const struct lowering *lowering, uint32_t cst)
{
    return &lowering->parser->nodes[cst];
}
static inline uint32_t cst_first(const struct lowering *lowering, uint32_t cst)
{
    return cst + 1 < cst_at(lowering, cst)->skip ? cst + 1 : 0;
}
static inline uint32_t cst_next(const struct lowering *lowering, uint32_t parent, uint32_t child)
{
    uint32_t next = cst_at(lowering, child)->skip;
    return next < cst_at(lowering, parent)->skip ? next : 0;
}
static inline enum cst_symbol cst_symbol(const struct lowering *lowering, uint32_t cst)
{
    return (enum cst_symbol)cst_at(lowering, cst)->symbol;
}
static inline struct text cst_text(const struct lowering *lowering, uint32_t cst)
{
    const struct cst_node *node = cst_at(lowering, cst);
    return (struct text){lowering->file->source.bytes.bytes + node->start, node->end - node->start};
}

/* Operators and punctuation come last among the symbols. */
static inline bool cst_is_mark(const struct lowering *lowering, uint32_t cst)
{
    return cst_symbol(lowering, cst) >= CST_UNDERSCORE;
}
/* The first child at or after `child` that is not a mark; 0 when there is none. */
static inline uint32_t cst_part(const struct lowering *lowering, uint32_t parent, uint32_t child)
{
    while (child && cst_is_mark(lowering, child))
        child = cst_next(lowering, parent, child);
    return child;
}
static inline uint32_t cst_first_part(const struct lowering *lowering, uint32_t cst)
{
    return cst_part(lowering, cst, cst_first(lowering, cst));
}
static inline uint32_t cst_next_part(const struct lowering *lowering, uint32_t parent, uint32_t child)
{
    return cst_part(lowering, parent, cst_next(lowering, parent, child));
}
/* The first child with this symbol; 0 when there is none. */
static inline uint32_t cst_child(const struct lowering *lowering, uint32_t cst, enum cst_symbol symbol)
{
    uint32_t child = cst_first(lowering, cst);
    while (child && cst_symbol(lowering, child) != symbol)
        child = cst_next(lowering, cst, child);
    return child;
}

#endif
