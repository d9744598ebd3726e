/*
 * What changed between two texts, line by line, as `diff -u` shows it.
 */
#ifndef REPORT_LINE_DIFF_H
#define REPORT_LINE_DIFF_H

#include <stdio.h>

#include "base/text.h"

/* Nothing when they are the same.  Lines that cannot be seen are made visible. */
void line_diff_print(FILE *out, struct text path, struct text before, struct text after);

#endif
