/*
 * A Python source file, read as little as possible.
 *
 * python_file_split() cuts the file into its top-level statements with a byte scanner, without parsing; a class piece
 * can be cut into its members in the same way.  A piece is parsed and lowered into the file's struct ast when it is first
 * asked for, once: plain code by a reader of its own (python_plain.h), everything else by tree-sitter, which nothing
 * outside syntax/python*.c knows.
 *
 * A struct python_file owns its source, its ast and everything it hands out.
 */
#ifndef SYNTAX_PYTHON_H
#define SYNTAX_PYTHON_H

#include "source/source.h"
#include "syntax/ast.h"

enum piece_kind {
    PIECE_FUNCTION,   /* def, async def, with its decorators */
    PIECE_CLASS,      /* class, with its decorators */
    PIECE_IMPORT,     /* import a, b.c as d */
    PIECE_FROM,       /* from x import a, b as c */
    PIECE_ASSIGN,     /* NAME = ..., NAME: T = ..., NAME: T, a, b = ..., NAME += ... : binds names only */
    PIECE_EFFECT,     /* x.y = ..., x[y] = ..., x.f(...), f(x), del x: changes what the names hold that start it (x, f) */
    PIECE_BLOCK,      /* if, try, for, while, with (with all their clauses), match */
    PIECE_OTHER,      /* pass, docstring, a bare expression without a root name, ... */
};

enum piece_state { PIECE_UNPARSED, PIECE_PARSED, PIECE_BROKEN };

struct python_piece {
    uint8_t kind;     /* enum piece_kind */
    uint8_t state;    /* enum piece_state */
    uint8_t annotated;/* PIECE_ASSIGN only: it has an annotation (a dataclass field) */
    uint8_t valued;   /* PIECE_ASSIGN only: it has a value */
    uint8_t docstring;/* PIECE_OTHER: a bare string; never parsed */
    uint32_t start, end; /* bytes: from the start of the line of the first decorator or keyword, to after the last line;
                          * `a; b` are two pieces: the first ends before the `;`, the second starts at its first byte */
    uint32_t keyword;    /* byte offset of `def`, `class`, `import`, ... after decorators and indentation */
    uint32_t decorators; /* count of decorators (their text lies between start and keyword) */
    uint32_t first_name, name_count; /* bound names, strings in ast, in file.names; for BLOCK: none until parsed */
    uint32_t first_member, member_count; /* PIECE_CLASS after python_class_split(): in file.members */
    bool split;          /* python_class_split() was done */
    bool is_member;      /* it is in a class body */
    uint32_t node;       /* the lowered statement (for a block: the IF/TRY/... node), when PIECE_PARSED */
    uint32_t scope_first_local, scope_local_count; /* slots of comprehension variables, when PIECE_PARSED; not for FUNCTION */
    struct text trouble; /* when PIECE_BROKEN: "syntax error", "nested too deeply", ... */
    uint32_t trouble_at; /* and where */
};

struct python_file {
    struct source source;
    struct arena arena;
    struct ast ast;
    struct python_piece *pieces; /* top-level statements first, in order: [0, piece_count); members of classes after */
    size_t piece_count;          /* top level only */
    size_t all_pieces, piece_capacity;
    uint32_t *names;             /* strings bound by pieces */
    size_t name_count, name_capacity;
    uint32_t *string_table; /* hash table: string text -> number */
    size_t string_table_size;
    struct text trouble; /* "" or why the file as a whole cannot be trusted (unclosed bracket or quote, too many pieces) */
    uint32_t trouble_at;
    bool is_whole; /* python_file_parses() was asked; its answer: */
    struct text whole_trouble; /* "" or why not all of it can be parsed */
    uint32_t whole_trouble_at;
    struct python_parser *parser; /* private to syntax/: from the first parse on */
    const struct python_tables *tables; /* what it was made from, in python_tables.h: constant, nothing is added; else NULL */
};

/* Takes over *source (zeroed afterwards). */
struct python_file *python_file_split(struct source *source);
void python_file_free(struct python_file *file);

/* Number of a string of this file's ast; makes one when `text` is new (bytes are copied when `copy`). */
uint32_t python_string(struct python_file *file, struct text text, bool copy);
/* The same, but UINT32_MAX when the file has no such string yet. */
uint32_t python_string_find(const struct python_file *file, struct text text);

/* Cuts a class piece into members (once).  Members are pieces too: numbers [first_member, first_member + member_count). */
void python_class_split(struct python_file *file, uint32_t piece);

/* Parses and lowers the piece (once).  Afterwards its state is PIECE_PARSED or PIECE_BROKEN.
 * A top-level class: node is a CLASS node whose ast_class has `piece` set and an empty body (members stay unparsed).
 * A member or top-level def: node is a FUNCTION node with its decorators. */
enum piece_state python_piece_parse(struct python_file *file, uint32_t piece);

/* Does every statement of the file parse?  If not, file->whole_trouble says why Python would refuse to import it.  Costs
 * a reading of all that was not parsed yet, once. */
bool python_file_parses(struct python_file *file);

/* Does the bytes of the piece hold this identifier as a whole word (comments and strings included)?  For blocks: whether
 * parsing one may bind or change a name. */
bool python_piece_mentions(const struct python_file *file, uint32_t piece, struct text identifier);

/* Names bound (assigned, imported, defined) or changed in place by a parsed statement and its nested statements (not
 * inside functions and classes): appended to *names (array_grow), strings of the ast. */
void python_bound_names(const struct python_file *file, uint32_t node, uint32_t **names, size_t *count, size_t *capacity);

#endif
