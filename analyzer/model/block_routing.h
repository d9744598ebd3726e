/*
 * The routing analysis over evaluated instances: what an instance's attributes are, where its methods are.
 */
#ifndef MODEL_BLOCK_ROUTING_H
#define MODEL_BLOCK_ROUTING_H

#include "eval/eval.h"
#include "model/model.h"

/* Fills model->routings for every class whose forward is Python code of the sources; instances[i] is one of class i. */
void block_routing_fill(struct eval *ev, struct model *model, struct instance *const *instances);

#endif
