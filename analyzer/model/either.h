/*
 * A model that is one of two trees: what is true of both stays, the rest becomes "cannot tell".
 */
#ifndef MODEL_EITHER_H
#define MODEL_EITHER_H

#include "model/model.h"

/* Weakens `model` to what it has in common with `other`, which becomes its own (memory of memory_alloc).  `reason` (its
 * texts live in the model's arena) is why there are two. */
void model_either(struct model *model, struct model *other, const struct unresolved *reason);
/* Every module that owns parameters may have any class, and anything below it. */
void model_open_weights(struct model *model, const struct unresolved *reason);

#endif
