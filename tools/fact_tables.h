/*
 * Writes a Python file as constant tables (syntax/python_tables.h): split, parsed and lowered as leaflint would do it.
 */
#ifndef TOOLS_FACT_TABLES_H
#define TOOLS_FACT_TABLES_H

#include <stddef.h>
#include <stdio.h>

/* Writes `static const struct python_tables tables_NUMBER` and what it needs.  A file with an error in it stops the build:
 * `path` is the one that is said. */
void fact_tables_write(FILE *output, size_t number, const char *path, const char *bytes, size_t length);

#endif
