/*
 * The routing analysis over evaluated instances: what an instance's attributes are, where its methods are.
 */
#ifndef MODEL_BLOCK_ROUTING_H
#define MODEL_BLOCK_ROUTING_H

#include "eval/eval.h"
#include "model/model.h"
#include "model/routing.h"

/* Fills model->routings for every class whose forward is Python code of the sources; instances[i] is one of class i. */
void block_routing_fill(struct eval *ev, struct model *model, struct instance *const *instances);

/* What reads forward asks of instances. */

/* The code of a function, method or property, without what decorators put around it; false: not Python code of the sources. */
bool block_function(struct eval *ev, struct value value, struct routing_method *method);
/* The method NAME in the MRO of the instance's class at or after position `from`. */
bool block_method(struct eval *ev, const struct instance *instance, struct text name, uint32_t from,
                  struct routing_method *method);
/* Is it a ModuleList, a ModuleDict or the like? */
bool block_is_container(struct eval *ev, const struct instance *instance);
/* Is there a parameter in it, or may there be? */
bool block_holds_parameter(const struct instance *instance);
/* The unit that was made of a file; NULL: none. */
struct unit *block_unit(struct eval *ev, const struct python_file *file);
/* A place in it, for people; path "" when there is none. */
struct origin block_origin(struct eval *ev, struct model *model, const struct python_file *file, uint32_t at);

#endif
