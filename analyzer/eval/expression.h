/*
 * Expressions: what the files of this stage share.
 */
#ifndef EVAL_EXPRESSION_H
#define EVAL_EXPRESSION_H

#include "eval/eval.h"

/* The arguments of one call; the first few need no memory of their own, more lie in the scratch heap. */
#define INLINE_ARGUMENTS 12

struct argument_buffer {
    struct value inline_items[INLINE_ARGUMENTS];
    struct value *items;
    uint32_t count, capacity;
    struct str *inline_names[INLINE_ARGUMENTS];
    struct value inline_named[INLINE_ARGUMENTS];
    struct str **names;
    struct value *named;
    uint32_t named_count, named_capacity;
    struct reason *open; /* `*unknown` or `**unknown` */
};

/* call_arguments.c.  The buffer is set up by the caller; false: raised. */
bool eval_arguments(struct eval *ev, struct frame *frame, uint32_t node_list, struct argument_buffer *buffer);

/* call_expression.c */
struct value eval_attribute(struct eval *ev, struct frame *frame, struct ast_node node);
struct value eval_call(struct eval *ev, struct frame *frame, struct ast_node node);

/* comprehension.c */
struct value eval_comprehension(struct eval *ev, struct frame *frame, struct ast_node node);

#endif
