/*
 * Python as leaflint keeps it: flat pools addressed by 32-bit numbers, no pointers.
 *
 * One struct ast belongs to one source file.  Definitions are lowered into it one piece at a time, when they are first
 * used (syntax/python.h), so the pools grow but numbers never change; pointers into a pool are only good until the next
 * call that may lower something.  Strings are numbers local to the file.  Node 0 is "nothing" (AST_NONE).
 *
 * A node has a kind, a small operator or flag byte, three numbers a, b, c whose meaning depends on the kind (the table
 * below), and the byte offset in the file where it starts.  A "list" is a number into `extra`: extra[list] is the count,
 * the items follow; list 0 is the empty list.
 *
 * Scopes: a function, a lambda, and every other unit that is lowered on its own (a top-level statement, a class-body
 * statement, a class header) has a scope: the names of its slots.  NAME nodes whose name is local to the scope they stand
 * in are LOCAL nodes with a slot.  Comprehension variables are fresh slots of the scope around (named as in the source),
 * hidden from the rest of it, as PEP 709 does.  In module and class bodies only comprehension variables have slots; all
 * other names there are NAME nodes.
 */
#ifndef SYNTAX_AST_H
#define SYNTAX_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/*  kind             op               a                b                c      */
#define AST_KINDS(X)                                                                                                   \
    X(NOTHING)        /* number 0 only */                                                                              \
    /* expressions */                                                                                                  \
    X(NAME)           /* -             string                                  not local here: closure, module, builtin */ \
    X(LOCAL)          /* -             string           slot                   */                                      \
    X(INT)            /* -             low 32 bits      high 32 bits           a signed 64-bit number */               \
    X(BIG_INT)        /* -             string (digits)                         does not fit 64 bits */                 \
    X(FLOAT)          /* -             number in floats                        */                                      \
    X(STRING)         /* -             string                                  adjacent literals are joined, escapes decoded */ \
    X(BYTES)          /* -             string                                  */                                      \
    X(FSTRING)        /* -             list of STRING and FORMAT nodes         */                                      \
    X(FORMAT)         /* conversion    expression       format spec (FSTRING or 0)   op: 0, 'r', 's', 'a'; `{x=}` is a STRING "x=" before it */ \
    X(TRUE)                                                                                                            \
    X(FALSE)                                                                                                           \
    X(NONE)                                                                                                            \
    X(ELLIPSIS)                                                                                                        \
    X(TUPLE)          /* -             list                                    items may be STARRED */                 \
    X(LIST)           /* -             list                                    items may be STARRED */                 \
    X(SET)            /* -             list                                    items may be STARRED */                 \
    X(DICT)           /* -             list: key, value, key, value            key 0: `**value` */                     \
    X(ATTRIBUTE)      /* -             object           string                 */                                      \
    X(SUBSCRIPT)      /* -             object           index                  several indices: a TUPLE */             \
    X(SLICE)          /* -             lower or 0       upper or 0       step or 0 */                                  \
    X(CALL)           /* -             function         list of arguments      expression, STARRED, KEYWORD, DOUBLE_STAR */ \
    X(KEYWORD)        /* -             string           value                  only in CALL and CLASS */               \
    X(STARRED)        /* -             value                                   `*value`, also as an assignment target */ \
    X(DOUBLE_STAR)    /* -             value                                   `**value` in a CALL */                  \
    X(UNARY)          /* ast_operator  operand                                 */                                      \
    X(BINARY)         /* ast_operator  left             right                  */                                      \
    X(AND)            /* -             left             right                  */                                      \
    X(OR)             /* -             left             right                  */                                      \
    X(COMPARE)        /* -             first operand    list: op, operand, ... op is an ast_operator number */         \
    X(CONDITIONAL)    /* -             condition        then             else */                                       \
    X(LAMBDA)         /* -             function number                         number in functions */                  \
    X(LIST_COMP)      /* -             element          list of CLAUSEs        */                                      \
    X(SET_COMP)       /* -             element          list of CLAUSEs        */                                      \
    X(GENERATOR)      /* -             element          list of CLAUSEs        */                                      \
    X(DICT_COMP)      /* -             key              list of CLAUSEs  value */                                      \
    X(CLAUSE)         /* is async      target           iterable         list of conditions */                         \
    X(NAMED)          /* -             target (NAME or LOCAL)  value           `:=` */                                 \
    X(AWAIT)          /* -             value                                   */                                      \
    X(YIELD)          /* 1: from       value or 0                              */                                      \
    /* statements */                                                                                                   \
    X(EXPRESSION)     /* -             value                                   */                                      \
    X(ASSIGN)         /* -             list of targets  value                  `a = b = value`: targets a, b */        \
    X(AUGMENT)        /* ast_operator  target           value                  */                                      \
    X(ANNOTATE)       /* -             target           annotation       value or 0 */                                 \
    X(RETURN)         /* -             value or 0                              */                                      \
    X(RAISE)          /* -             exception or 0   cause or 0             */                                      \
    X(ASSERT)         /* -             condition        message or 0           */                                      \
    X(DELETE)         /* -             list of targets                         */                                      \
    X(PASS)                                                                                                            \
    X(BREAK)                                                                                                           \
    X(CONTINUE)                                                                                                        \
    X(GLOBAL)         /* -             list of strings                         */                                      \
    X(NONLOCAL)       /* -             list of strings                         */                                      \
    X(IMPORT)         /* -             list of ALIAS                           */                                      \
    X(FROM_IMPORT)    /* level         string (dotted module, "" for only dots)  list of ALIAS; the one ALIAS "*" is a star import */ \
    X(ALIAS)          /* -             string (dotted)  string or 0 (as)       target slot + 1 in c when local, else 0 */ \
    X(IF)             /* -             condition        list (body)      list (else; an elif is one IF in it) */       \
    X(FOR)            /* is async      FOR_HEAD         list (body)      list (else) */                                \
    X(FOR_HEAD)       /* -             target           iterable               */                                      \
    X(WHILE)          /* -             condition        list (body)      list (else) */                                \
    X(TRY)            /* -             list (body)      list of HANDLER  TRY_TAIL or 0 */                              \
    X(HANDLER)        /* 1: except*    type or 0        target (NAME/LOCAL) or 0   list (body) */                      \
    X(TRY_TAIL)       /* -             list (else)      list (finally)         */                                      \
    X(WITH)           /* is async      list of WITH_ITEM  list (body)          */                                      \
    X(WITH_ITEM)      /* -             context          target or 0            */                                      \
    X(FUNCTION)       /* -             function number  list of decorators  target LOCAL/NAME node it binds */         \
    X(CLASS)          /* -             class number     list of decorators  target LOCAL/NAME node it binds */         \
    X(MATCH)          /* -             subject          list of CASE */                                                \
    X(CASE)           /* -             pattern          guard or 0       list (body) */                                \
    /* patterns of cases */                                                                                            \
    X(MATCH_VALUE)    /* 1: by `is`    value                             what it has to equal */                       \
    X(MATCH_CAPTURE)  /* -             pattern or 0     target or 0      neither: `_` */                               \
    X(MATCH_SEQUENCE) /* -             list                              one may be a STAR */                          \
    X(MATCH_STAR)     /* -             target or 0                       only in a SEQUENCE */                         \
    X(MATCH_MAPPING)  /* 1: `**rest`   list: key, pattern, ...target of the rest */                                    \
    X(MATCH_CLASS)    /* -             class            list             list: string, pattern, ...: positional, by name */\
    X(MATCH_OR)       /* -             list */                                                                         \
    X(TYPE_ALIAS)     /* -             target           value                  `type X = ...` */                       \
    X(UNSUPPORTED)    /* -             string                                  what it is, for the reason */

enum ast_kind {
#define AST_ENUM(name) AST_##name,
    AST_KINDS(AST_ENUM)
#undef AST_ENUM
    AST_KIND_COUNT
};

enum ast_operator {
    OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_FLOOR_DIVIDE, OP_MODULO, OP_POWER, OP_MATRIX_MULTIPLY,
    OP_SHIFT_LEFT, OP_SHIFT_RIGHT, OP_BIT_AND, OP_BIT_OR, OP_BIT_XOR,
    OP_NEGATE, OP_PLUS, OP_INVERT, OP_NOT,
    OP_EQUAL, OP_NOT_EQUAL, OP_LESS, OP_LESS_EQUAL, OP_GREATER, OP_GREATER_EQUAL,
    OP_IS, OP_IS_NOT, OP_IN, OP_NOT_IN,
};

struct ast_node {
    uint8_t kind; /* enum ast_kind */
    uint8_t op;
    uint16_t flags; /* unused: 0 */
    uint32_t a, b, c;
    uint32_t at; /* byte offset in the file of the node's first byte */
};

enum parameter_kind { PARAMETER_POSITIONAL_ONLY, PARAMETER_NORMAL, PARAMETER_STAR, PARAMETER_KEYWORD_ONLY, PARAMETER_DOUBLE_STAR };

struct ast_parameter {
    uint32_t name;       /* string; its slot is its position among the parameters */
    uint8_t kind;        /* enum parameter_kind */
    uint32_t default_;   /* expression node or 0; its names belong to the scope around the function */
    uint32_t annotation; /* expression node or 0 (not scoped: all names in it are NAME nodes) */
};

enum function_flags {
    FUNCTION_ASYNC = 1,
    FUNCTION_GENERATOR = 2,       /* holds a yield of its own */
    FUNCTION_HAS_INNER = 4,       /* holds a nested def, lambda or class: its locals may outlive the call */
    FUNCTION_BROKEN = 8,          /* its syntax tree holds an ERROR or MISSING node, or a bound was reached: unknown as a whole */
    FUNCTION_USES_SUPER = 16,     /* holds the name `super` or `__class__` */
};

/* A def or a lambda. */
struct ast_function {
    uint32_t name;                              /* string; "<lambda>" */
    uint32_t first_parameter, parameter_count;  /* in ast.parameters */
    uint32_t body;                              /* list of statements; for a lambda: one RETURN */
    uint32_t first_local, local_count;          /* in ast.locals: strings of all slots, parameters first */
    uint32_t returns;                           /* annotation or 0 */
    uint32_t flags;                             /* enum function_flags */
    uint32_t at, end;                           /* bytes of the def in the file (without decorators) */
};

/* A class statement.  Members of a top-level class come from the splitter (struct py_piece) and are lowered one by one;
 * a class inside a function or a block is lowered whole, and `body` is its statements (members == 0). */
struct ast_class {
    uint32_t name;      /* string */
    uint32_t arguments; /* list of bases (expressions, STARRED) and KEYWORD nodes */
    uint32_t body;      /* list of statements, when lowered whole */
    uint32_t piece;     /* py_piece number + 1 of the class when its members are lowered one by one, else 0 */
    uint32_t first_local, local_count; /* slots of the body's comprehension variables, when lowered whole */
    uint32_t at;
};

/* The slots of a unit that is not a function (comprehension variables only). */
struct ast_scope {
    uint32_t first_local, local_count;
};

struct ast {
    struct ast_node *nodes;
    size_t node_count, node_capacity;
    uint32_t *extra;
    size_t extra_count, extra_capacity;
    struct text *strings; /* bytes owned by the file's arena or pointing into its source */
    size_t string_count, string_capacity;
    double *floats;
    size_t float_count, float_capacity;
    struct ast_function *functions;
    size_t function_count, function_capacity;
    struct ast_class *classes;
    size_t class_count, class_capacity;
    struct ast_parameter *parameters;
    size_t parameter_count, parameter_capacity;
    uint32_t *locals;
    size_t local_count, local_capacity;
};

const char *ast_kind_name(enum ast_kind kind);         /* "NAME", ... */
const char *ast_operator_text(enum ast_operator op);   /* "+", "not in", ... */
static inline uint32_t ast_list_count(const struct ast *ast, uint32_t list)
{
    return ast->extra[list]; /* extra[0] is 0 */
}
static inline uint32_t ast_list_item(const struct ast *ast, uint32_t list, uint32_t i)
{
    return ast->extra[list + 1 + i];
}

#endif
