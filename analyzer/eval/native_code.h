/*
 * The natives about code (native_code.c), for `from __native__ import`.
 */
#ifndef EVAL_NATIVE_CODE_H
#define EVAL_NATIVE_CODE_H

#include "eval/eval.h"

/* Is it the context of a generator function that may handle what the body of its `with` raises? */
bool generator_swallows(struct value context);
void native_code_init(struct eval *ev); /* after types_init() */
void native_regex_init(struct eval *ev); /* native_regex.c */

#endif
