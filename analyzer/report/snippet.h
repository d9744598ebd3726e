/*
 * A line of a source as people see it: `  12 | text`, and below it a mark under a part of it.
 *
 * What cannot be seen is made visible, tabs are expanded, a long line is shortened around the part.
 */
#ifndef REPORT_SNIPPET_H
#define REPORT_SNIPPET_H

#include <stdio.h>

#include "base/text.h"

#define COLOUR_PLAIN "\x1b[0m"
#define COLOUR_PATH "\x1b[1m"
#define COLOUR_ERROR "\x1b[1;31m"
#define COLOUR_WARNING "\x1b[1;33m"
#define COLOUR_NOTE "\x1b[1;36m"
#define COLOUR_FAINT "\x1b[2m"

struct snippet {
    struct text line;
    uint32_t number;
    int width;         /* columns of the numbers of all lines that stand below one another */
    size_t start, end; /* the part: bytes of the line */
    bool colour;
    const char *mark_colour; /* of the mark, a COLOUR_ */
};

void snippet_line(FILE *out, const struct snippet *snippet);
/* Below it, without a line end: something may be said behind the mark. */
void snippet_mark(FILE *out, const struct snippet *snippet);

#endif
