/*
 * Counts for people: three digits and a unit.
 */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdint.h>

#include "base/text.h"

/* 46702792704 -> "46.7 B"; -1 -> "?".  The text lies in the buffer. */
struct text count_in_words(int64_t count, char buffer[32]);
/* 93405585408 -> "93.4 GB"; -1 -> "?".  Powers of ten. */
struct text bytes_in_words(int64_t bytes, char buffer[32]);

#endif
