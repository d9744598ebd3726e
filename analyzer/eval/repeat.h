/*
 * Objects that one expression makes again and again, as in `[Expert(config) for _ in range(256)]`.
 *
 * Nothing happens between two of them.  So when making one wrote to nothing that was there before, decided nothing by what
 * cannot be told, and read no variable of the comprehension, making another one would do the same: it is copied instead.
 * A copy is new where the object is new, and shares what was there before.  What cannot be copied with certainty (functions
 * made inside, numbers of tensors, open and Unknown things) is made one by one, as ever.
 */
#ifndef EVAL_REPEAT_H
#define EVAL_REPEAT_H

#include "eval/eval.h"

/* May an element of a comprehension be such an expression: a call that reads no variable assigned to at `target`? */
bool repeat_may_be(const struct eval *ev, const struct frame *frame, uint32_t element, uint32_t target);
/* Evaluates the element and appends it, and when it can be copied, copies until `count` are appended.  Returns how many
 * were; 0: raised. */
uint32_t repeat_element(struct eval *ev, struct frame *frame, uint32_t element, struct list *list, uint32_t count);

#endif
