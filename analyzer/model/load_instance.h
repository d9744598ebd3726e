/*
 * From a target to the evaluated instance of its model class.
 */
#ifndef MODEL_LOAD_INSTANCE_H
#define MODEL_LOAD_INSTANCE_H

#include "eval/eval.h"
#include "hub/config_json.h"
#include "hub/sources.h"
#include "model/load.h"

/* What NAME is in the Python module `dotted`. */
struct value load_attribute(struct eval *ev, struct text dotted, struct text name);
/* The target's class on its configuration: the values of `config`, or the defaults when it is NULL. */
struct value load_instance(struct eval *ev, const struct target *target, const struct config_json *config);
/* Is it an instance of a torch module? */
bool load_is_module(struct value value);

#endif
