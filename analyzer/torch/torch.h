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
void tensor_methods_init(struct eval *ev);
extern const struct tensor_hooks tensor_operators;

/* Tensors. */
struct tensor *tensor_new(struct eval *ev, const int64_t *shape, uint32_t dims); /* of known shape; NULL: stopped */
struct value tensor_of_unknown_shape(struct eval *ev);
int64_t tensor_count(const struct tensor *tensor); /* elements; -1 when unknown or over 63 bits */
/* Room for the numbers when there are few enough; false when not. */
bool tensor_give_numbers(struct eval *ev, struct tensor *tensor);
/* A tensor like this one, without its numbers. */
struct tensor *tensor_like(struct eval *ev, const struct tensor *tensor);
struct value tensor_number(const struct tensor *tensor, int64_t at); /* an int or a float */
struct value tensor_shape(struct eval *ev, const struct tensor *tensor); /* a tuple, or Unknown */
/* Sizes from an int, several ints or one sequence.  1 fine, 0 cannot tell, -1 raised. */
int sizes_from(struct eval *ev, const struct value *items, uint32_t count, int64_t *shape, uint32_t *dims, const char *function);

/* Is the value an instance of torch.nn.Module? */
bool value_is_module(struct value value);
/* Is the value a tensor of this class or below? */
bool value_is_tensor_of(struct value value, const struct class *class_);
/* "torch.nn.modules.linear.Linear", or "str": torch.typename(). */
struct text torch_typename(struct eval *ev, struct value value);

#endif
