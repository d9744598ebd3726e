/*
 * The edits of findings, applied to the text that they are about.
 */
#ifndef DIAG_FIX_H
#define DIAG_FIX_H

#include "diag/diag.h"

/* The text with the edits of all findings, each finding's together or not at all: one whose edits meet those of an earlier
 * one is left out, and what only adds waits until nothing is to be replaced.  *count is how many findings were applied.  Lives in the arena. */
struct text fix_apply(struct text bytes, const struct findings *findings, struct arena *arena, size_t *count);

#endif
