/*
 * What stands around a place in a Python file: in which definition, under which conditions and loops, in which statement.
 *
 * For those who show a place to people.  Of what was parsed already: a place in anything else is in no statement.
 */
#ifndef SYNTAX_PYTHON_AROUND_H
#define SYNTAX_PYTHON_AROUND_H

#include "base/limits.h"
#include "syntax/python.h"

struct python_around {
    struct text inside; /* "MixtralModel.__init__": definitions around it, joined by dots; "" at module level; in the arena */
    struct span headers[LIMIT_AROUND]; /* if, elif, else, for, while around it, from the outside in: the last of them */
    size_t header_count;
    struct span statement;             /* the one it is in, without line end; of a compound one its first logical line */
    struct span clauses[LIMIT_AROUND]; /* `for` of comprehensions whose element it is in: the last of them */
    size_t clause_count;
};

void python_around(const struct python_file *file, uint32_t at, struct arena *arena, struct python_around *around);

#endif
