/*
 * Which modules DeepSpeed makes leaves by size: stage3_module_granularity_threshold, as
 * DeepSpeedZeRoOffload._set_z3_leaf_modules_by_threshold of runtime/zero/parameter_offload.py (DeepSpeed 0.19.8) does
 * it, without the model.
 *
 * A module's granularity is its parameters, children included, divided by 1 + the modules below it that hold parameters.
 * From the root down, the first module whose granularity is at or below the threshold becomes a leaf.
 */
#ifndef RULES_SUPPORT_SIZE_LEAVES_H
#define RULES_SUPPORT_SIZE_LEAVES_H

#include "model/model.h"

/* A module that is never made a leaf by size: Python's sys.maxsize. */
#define GRANULARITY_NONE INT64_MAX

struct size_leaves {
    int64_t *granularity; /* per module */
    uint32_t *flagged;    /* ascending */
    size_t count;
};

/* false: it cannot be told, since the tree or a size is not known.  All on the heap: size_leaves_free, also after false. */
bool size_leaves_find(struct size_leaves *leaves, const struct model *model, int64_t threshold);
void size_leaves_free(struct size_leaves *leaves);

#endif
