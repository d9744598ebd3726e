/*
 * What Unicode says about one character: how wide it is on a terminal, and whether Python would show it.
 *
 * Tables, not the C library's locale: the output is the same on every machine.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* Columns on a terminal: 0, 1 or 2. */
int unicode_width(uint32_t code);
/* str.isprintable() of Python: false for control, format, private, unassigned and all spaces but U+0020. */
bool unicode_is_printable(uint32_t code);

/* repr() of a Python str that holds `text`: the quotes that Python chooses, and its escapes.  A surrogate that was
 * encoded like a character gives its \udXXX; any other malformed byte gives \xNN. */
void python_repr(struct text_builder *builder, struct text text);

#endif
