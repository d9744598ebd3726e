/*
 * Plain Python, read directly.
 *
 * tree-sitter takes about 1000 instructions for a byte.  Most pieces use a small, regular part of the language, which
 * a recursive descent reads at a hundredth of that.  The result is the same flat concrete tree as python_parse.c makes,
 * as far as lowering looks at it (marks that lowering skips are left out).  The reader judges nothing: at the first thing
 * that is not in its part of the language, or not certain, it gives up and the piece goes to tree-sitter, which has the
 * last word on everything else and on every syntax error.
 *
 * python_plain_token.c       tokens, lines, and the array of nodes
 * python_plain_string.c      string literals
 * python_plain_display.c     what stands in brackets: displays, comprehensions, arguments
 * python_plain_expression.c  subscripts, operators, whole expressions
 * python_plain_target.c      targets and parameters
 * python_plain_statement.c   statements, blocks, definitions, the piece
 */
#ifndef SYNTAX_PYTHON_PLAIN_H
#define SYNTAX_PYTHON_PLAIN_H

#include "syntax/python_internal.h"

/* Kinds of token.  A token that has a symbol in the flat tree, or starts a node that has one, is of that kind (`if` is
 * CST_IF_STATEMENT); these are the others. */
enum plain_kind {
    PLAIN_END = CST_COUNT, /* of the piece; also after giving up */
    PLAIN_LINE,            /* the end of a logical line */
    PLAIN_ODD,             /* not in this part of the language */
    PLAIN_DOT,
    PLAIN_SEMICOLON,
    PLAIN_WALRUS, /* := */
    PLAIN_ARROW,
    PLAIN_BANG,
    PLAIN_TRY,
    PLAIN_OPEN_ROUND,
    PLAIN_CLOSE_ROUND,
    PLAIN_OPEN_SQUARE,
    PLAIN_CLOSE_SQUARE,
    PLAIN_OPEN_BRACE,
    PLAIN_CLOSE_BRACE,
};

struct plain_token {
    uint32_t kind; /* enum cst_symbol or enum plain_kind */
    uint32_t start, end;
    uint32_t content; /* CST_STRING: after the opening quotes; an f-string ends here too, until its parts are read */
};

struct plain_reader {
    struct python_parser *parser; /* where the nodes go */
    const char *text;             /* the whole file, NUL after it */
    uint32_t end;                 /* of the piece */
    struct plain_token token;     /* the one to be read next */
    uint32_t last_end;            /* after the last token that was read, line ends not counted */
    uint32_t brackets;            /* open ones: line ends are blanks there */
    uint32_t column;              /* indentation of the line */
    uint32_t depth;               /* nested calls of the reader */
    bool in_field;                /* of an f-string */
    bool failed;
};

/* ---- python_plain_token.c ---- */

/* Gives up: the token is PLAIN_END from now on. */
void plain_fail(struct plain_reader *reader);
/* To the next token. */
void plain_advance(struct plain_reader *reader);
/* Past a token of this kind, or gives up. */
void plain_expect(struct plain_reader *reader, uint32_t kind);
/* False, and gives up, when the reader is nested too deeply.  plain_shallower() after it in both cases. */
bool plain_deeper(struct plain_reader *reader);
void plain_shallower(struct plain_reader *reader);

/* Adds a node that starts at the token; its children are what is added until plain_close(). */
uint32_t plain_open(struct plain_reader *reader, enum cst_symbol symbol);
/* Puts a node around what was added from node `first` on. */
void plain_wrap(struct plain_reader *reader, uint32_t first, enum cst_symbol symbol);
void plain_close(struct plain_reader *reader, uint32_t node);
/* Adds the token as a node without children, and goes to the next one. */
void plain_leaf(struct plain_reader *reader, enum cst_symbol symbol);
/* The number of the node that will be added next. */
static inline uint32_t plain_here(const struct plain_reader *reader)
{
    return (uint32_t)reader->parser->node_count;
}

static inline enum cst_symbol plain_symbol(const struct plain_reader *reader, uint32_t node)
{
    return (enum cst_symbol)reader->parser->nodes[node].symbol;
}

/* ---- python_plain_string.c ---- */

/* The token, and the strings that follow it. */
void plain_strings(struct plain_reader *reader);

/* ---- python_plain_display.c ---- */

void plain_round(struct plain_reader *reader);
void plain_square(struct plain_reader *reader);
void plain_brace(struct plain_reader *reader);
/* ARGUMENT_LIST, or the GENERATOR_EXPRESSION that is the only argument. */
void plain_arguments(struct plain_reader *reader);

/* ---- python_plain_expression.c ---- */

/* A name, a literal or a display, with its attributes, subscripts and calls. */
void plain_primary(struct plain_reader *reader);
/* An expression that is neither a lambda nor a conditional. */
void plain_or(struct plain_reader *reader);
void plain_expression(struct plain_reader *reader);
/* The same, or `name := expression`. */
void plain_named(struct plain_reader *reader);
/* One expression, or with commas an EXPRESSION_LIST, where items may be starred. */
void plain_expressions(struct plain_reader *reader);
/* Is the token one that may follow the last comma of such a list? */
bool plain_ends_list(const struct plain_reader *reader);
void plain_yield(struct plain_reader *reader);
/* The TYPE of an annotation. */
void plain_type(struct plain_reader *reader);

/* ---- python_plain_target.c ---- */

/* Targets up to `in`. */
void plain_targets(struct plain_reader *reader);
/* Gives up when the node cannot be assigned to. */
void plain_check_target(struct plain_reader *reader, uint32_t node);
/* Parameters up to the token `close`, without the node around them. */
void plain_parameters(struct plain_reader *reader, uint32_t close, bool typed);

/* ---- python_plain_statement.c ---- */

/* Fills file->parser->nodes with the MODULE of the one statement in [start, end); of a class header only that, up to its
 * colon.  False when the piece is for tree-sitter. */
bool plain_read(struct python_file *file, uint32_t start, uint32_t end, bool is_header);

#endif
