/*
 * What the generators share: whole files, lists of files, and C string literals.
 *
 * A generator that cannot go on says why on stderr and ends with status 1, which stops the build.
 */
#ifndef TOOLS_FILES_H
#define TOOLS_FILES_H

#include <stddef.h>
#include <stdio.h>

/* Prints "leaflint build: " and the message, and ends the program. */
_Noreturn void stop(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The bytes of the file with a NUL after them; the caller frees them. */
char *file_read(const char *path, size_t *length);

/* Calls visit for every non-empty line of the file at `path`, which is cut into strings for that. */
void list_visit(const char *path, void (*visit)(const char *line, void *data), void *data);

/* Writes "..." with everything escaped that C or a reader could mistake, one literal a line of text. */
void literal_write(FILE *output, const char *bytes, size_t length, const char *indent);

/* Opens for writing, and closes with every write checked. */
FILE *output_open(const char *path);
void output_close(FILE *output, const char *path);

#endif
