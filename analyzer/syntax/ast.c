#include "syntax/ast.h"

const char *ast_kind_name(enum ast_kind kind)
{
    static const char *const names[] = {
#define AST_NAME(name) #name,
        AST_KINDS(AST_NAME)
#undef AST_NAME
    };
    return (unsigned)kind < AST_KIND_COUNT ? names[kind] : "?";
}

const char *ast_operator_text(enum ast_operator op)
{
    switch (op) {
    case OP_ADD: return "+";
    case OP_SUBTRACT: return "-";
    case OP_MULTIPLY: return "*";
    case OP_DIVIDE: return "/";
    case OP_FLOOR_DIVIDE: return "//";
    case OP_MODULO: return "%";
    case OP_POWER: return "**";
    case OP_MATRIX_MULTIPLY: return "@";
    case OP_SHIFT_LEFT: return "<<";
    case OP_SHIFT_RIGHT: return ">>";
    case OP_BIT_AND: return "&";
    case OP_BIT_OR: return "|";
    case OP_BIT_XOR: return "^";
    case OP_NEGATE: return "-";
    case OP_PLUS: return "+";
    case OP_INVERT: return "~";
    case OP_NOT: return "not";
    case OP_EQUAL: return "==";
    case OP_NOT_EQUAL: return "!=";
    case OP_LESS: return "<";
    case OP_LESS_EQUAL: return "<=";
    case OP_GREATER: return ">";
    case OP_GREATER_EQUAL: return ">=";
    case OP_IS: return "is";
    case OP_IS_NOT: return "is not";
    case OP_IN: return "in";
    case OP_NOT_IN: return "not in";
    }
    return "?";
}
