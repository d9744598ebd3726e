/*
 * did-you-mean.
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/text.h"

/* The nearest of candidates (at most `room`, best first), by edit distance with transpositions, ignoring case first;
 * nothing when all are too far (distance over a third of the longer one's length).  The entry itself is no suggestion.
 * Writes at most 16; returns how many.  200,000 names take about 20 ms. */
size_t suggest_nearest(struct text entry, const struct text *candidates, size_t count, struct text *nearest,
                       size_t room);

#endif
