/*
 * What made a module: the statements between what made its parent and what made it.
 */
#ifndef MODEL_MADE_H
#define MODEL_MADE_H

#include "eval/eval.h"
#include "model/model.h"

/* Fills model->made for the modules from the root to the one of this name, as far as they are there.  The model was built
 * with evidence (eval/evidence.h), its tree is complete, and `root` is the instance that it was filled from; NULL: there is
 * none, and only the places of what stopped us are filled in. */
void made_fill(struct eval *ev, struct model *model, const struct instance *root, struct text name);

#endif
