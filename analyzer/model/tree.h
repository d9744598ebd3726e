/*
 * From an evaluated model instance to the module tree that rules see.
 */
#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include "eval/eval.h"
#include "model/model.h"

/* Fills modules, classes, parameters, unresolved and the totals from the root instance.  Nothing of the evaluator is kept.
 * Returns the instances by class (first of each), in the evaluator's scratch heap, for routing: instances[class_index]. */
struct instance **tree_fill(struct eval *ev, struct model *model, struct instance *root);
void tree_unresolved(struct model *model, struct text name, const struct reason *reason);
/* Where a place of the evaluator is, for people; path "" inside leaflint's own facts. */
struct origin tree_origin(struct model *model, struct unit *unit, uint32_t at);

#endif
