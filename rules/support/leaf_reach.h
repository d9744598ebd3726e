/*
 * What a leaf reaches: which leaves have an effect, and where modules hang that are listed once.
 *
 * DeepSpeed walks through `children()` and stops at a leaf (_register_deepspeed_module in
 * runtime/zero/parameter_offload.py): what is below one gets no hooks, and whether it is flagged itself changes nothing.
 */
#ifndef RULES_SUPPORT_LEAF_REACH_H
#define RULES_SUPPORT_LEAF_REACH_H

#include "rules/rules.h"

/* Is there a leaf above each module (enum leaf_truth), called or not?  On the heap. */
uint8_t *leaf_above(const struct judged *judged);

/* Is a parameter stated at the module or below it? */
bool module_holds_parameters(const struct model *model, uint32_t module);

/* For each module, 1 + the index in model.second_places of a further place of its own, or of the nearest module above that
 * has one; 0: it hangs in one place only, as far as is known.  On the heap. */
uint32_t *second_places_of(const struct model *model);

#endif
