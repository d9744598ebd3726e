/*
 * A Python file that was split, parsed and lowered when leaflint was built: the tables of a struct python_file as constant
 * data without pointers, so that starting costs nothing for what is not used.  leaflint's own facts are kept so
 * (tools/fact_tables.c writes them).
 */
#ifndef SYNTAX_PYTHON_TABLES_H
#define SYNTAX_PYTHON_TABLES_H

#include "syntax/python.h"

struct python_tables {
    const char *bytes;     /* the file's, and a NUL; then the strings that do not stand in it */
    uint32_t length;       /* of the file */
    const uint32_t *texts; /* two numbers a string: where in `bytes` it starts, its length */
    uint32_t string_count;
    const struct python_piece *pieces; /* all of them are parsed */
    uint32_t piece_count, all_pieces;  /* as in struct python_file */
    const uint32_t *names;
    uint32_t name_count;
    const struct ast_node *nodes;
    uint32_t node_count;
    const uint32_t *extra;
    uint32_t extra_count;
    const double *floats;
    uint32_t float_count;
    const struct ast_function *functions;
    uint32_t function_count;
    const struct ast_class *classes;
    uint32_t class_count;
    const struct ast_parameter *parameters;
    uint32_t parameter_count;
    const uint32_t *locals;
    uint32_t local_count;
};

/* The file of these tables, which stay in use; `path` too.  The caller frees it. */
struct python_file *python_file_from_tables(const struct python_tables *tables, struct text path);

#endif
