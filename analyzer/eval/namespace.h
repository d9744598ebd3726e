/*
 * Python modules: what namespace.c and whole_module.c share.
 */
#ifndef EVAL_NAMESPACE_H
#define EVAL_NAMESPACE_H

#include "eval/eval.h"

/* Runs one top-level statement, once; false: raised, also the next time. */
bool run_piece(struct eval *ev, struct unit *unit, uint32_t number);
/* Runs a module's statements in order; false: raised. */
bool run_whole(struct eval *ev, struct namespace *namespace);

#endif
