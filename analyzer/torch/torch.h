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
void module_walk_init(struct eval *ev);
void tensor_init(struct eval *ev);
void tensor_methods_init(struct eval *ev);
extern const struct tensor_hooks tensor_operators;

/* The first argument of a native method of Module; NULL: raised.  The second one asks that Module.__init__ was called. */
struct instance *module_self(struct eval *ev, const struct arguments *arguments, const char *function);
struct instance *module_initialised(struct eval *ev, const struct arguments *arguments, const char *function);
extern const struct native module_walks[]; /* ended by a row without a name */

/* Tensors. */
struct tensor *tensor_new(struct eval *ev, const int64_t *shape, uint32_t dims); /* of known shape; NULL: stopped */
struct value tensor_of_unknown_shape(struct eval *ev);
struct value tensor_value(struct tensor *tensor);                      /* NULL: RAISED */
struct value tensor_contents(struct eval *ev);                         /* Unknown, plain: what it holds is not worked out */
/* The first argument of a method of tensors; NULL: raised. */
struct tensor *tensor_self(struct eval *ev, const struct arguments *arguments);
/* A tensor of this shape with the dtype of `from`. */
struct value tensor_with_shape(struct eval *ev, const struct tensor *from, const int64_t *shape, uint32_t dims);
/* An axis from Python, negative ones from the end.  False: cannot tell, or out of range (then what follows is Unknown). */
bool tensor_axis(struct value value, int64_t dims, int64_t *axis);
/* Tables of methods and functions, each ended by a row without a name. */
extern const struct native tensor_reductions[], tensor_indexing[], tensor_elementwise[], tensor_joins[];
/* `count` items of the first axis, from `start`. */
struct value tensor_rows(struct eval *ev, const struct tensor *self, int64_t start, int64_t step, int64_t count);
struct value tensor_method_dim(struct eval *ev, const struct arguments *arguments);
struct value tensor_method_t(struct eval *ev, const struct arguments *arguments);
struct value tensor_method_copy(struct eval *ev, const struct arguments *arguments);
struct value tensor_method_same_shape(struct eval *ev, const struct arguments *arguments);
struct value tensor_method_in_place(struct eval *ev, const struct arguments *arguments);
struct value tensor_method_unknown(struct eval *ev, const struct arguments *arguments);
int64_t tensor_count(const struct tensor *tensor); /* elements; -1 when unknown or over 63 bits */
/* A tensor like this one, without its numbers. */
struct tensor *tensor_like(struct eval *ev, const struct tensor *tensor);
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
