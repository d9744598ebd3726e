/*
 * What torch contributes to the evaluator: torch.nn.Module's protocol and tensors, in C because everything uses them.  All
 * other facts about torch are Python text under facts/, interpreted by the evaluator itself (NATIVE.md says what they may
 * import from here).
 */
#ifndef TORCH_TORCH_H
#define TORCH_TORCH_H

#include "eval/eval.h"

/* Sets up the native classes and functions; once, right after eval_init(), while ev->importing. */
void torch_init(struct eval *ev);

/* Parts of it, by file. */
void module_init(struct eval *ev);
void tensor_init(struct eval *ev);

/* Is the value an instance of torch.nn.Module? */
bool value_is_module(struct value value);
/* Is the value a tensor of this class or below? */
bool value_is_tensor_of(struct value value, const struct class *class_);
/* "torch.nn.modules.linear.Linear", or "str": torch.typename(). */
struct text torch_typename(struct eval *ev, struct value value);

#endif
