/*
 * What one step of training does for certain with a module: whether its forward changes an input in place, gives a dict,
 * is called without any input that can have a gradient, or is called twice.
 *
 * These decide whether a module can be a ZeRO-3 leaf.  The forward of the module that calls it is walked, and its own from
 * there, with the evaluated instances at hand: conditions on the configuration and on what the constructor left are
 * decided, `self.training` is true, and what is under a condition that cannot be decided is not certain.  Only what is
 * certain is stated; everything else is silence.  No code of a model is run.
 */
#ifndef MODEL_TRAINING_H
#define MODEL_TRAINING_H

#include "eval/eval.h"
#include "model/model.h"

/* Fills model->conducts, of the modules that are wanted (NULL: of all); instances[i] is the first one of class i. */
void training_fill(struct eval *ev, struct model *model, struct instance *const *instances, const bool *wanted);

#endif
