/*
 * Many numbered names as one: {0, 1, 2, 5} -> "{0..2,5}".
 */
#ifndef MODEL_FOLD_H
#define MODEL_FOLD_H

#include "base/text.h"

/* Writes ascending `numbers` in braces; a single one without.  Of long enumerations the middle is left out. */
void fold_numbers(struct text_builder *builder, const uint32_t *numbers, size_t count);
/* Is this component a plain number ("0", "31"; not "007")?  Then *number is it. */
bool fold_component(struct text component, uint32_t *number);

#endif
