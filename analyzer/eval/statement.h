/*
 * Statements: what the files of this stage share.
 */
#ifndef EVAL_STATEMENT_H
#define EVAL_STATEMENT_H

#include "eval/eval.h"

/* assign.c: a name that is not a slot; targets of `del`. */
bool assign_name(struct eval *ev, struct frame *frame, uint32_t string, struct value value);
bool delete_target(struct eval *ev, struct frame *frame, uint32_t target);

/* control.c, loop.c */
enum flow run_if(struct eval *ev, struct frame *frame, struct ast_node node);
enum flow run_for(struct eval *ev, struct frame *frame, struct ast_node node);
enum flow run_while(struct eval *ev, struct frame *frame, struct ast_node node);
enum flow run_try(struct eval *ev, struct frame *frame, struct ast_node node);
enum flow run_with(struct eval *ev, struct frame *frame, struct ast_node node);
enum flow run_match(struct eval *ev, struct frame *frame, struct ast_node node); /* match.c */
/* Runs what may run never, once or many times, until another run would not change what is known; each run is joined with
 * not having run.  False: stopped. */
bool run_repeatedly(struct eval *ev, bool (*once)(struct eval *ev, void *context), void *context, struct reason *reason);
/* An exception is on its way, or else this other one: what is known of both goes on. */
void raise_either(struct eval *ev, struct value other, struct reason *reason);
/* Raises something of which nothing is known. */
void raise_unknown(struct eval *ev, struct reason *reason);
/* ways.c.  The end of a call: what may not have run is joined with not having run.  Gives what the call returns. */
struct value end_call(struct eval *ev, struct frame *frame, enum flow flow);

/* import_statement.c */
bool run_import(struct eval *ev, struct frame *frame, struct ast_node alias);
bool run_from_import(struct eval *ev, struct frame *frame, struct ast_node node);
/* `from module import *`: the module is noted, its names are looked up when somebody asks for them (namespace.c). */
bool import_star(struct eval *ev, struct namespace *namespace, struct value module);
/* "transformers.models.x" for `..x` seen from "transformers.models.mixtral.modeling_mixtral" (in scratch). */
struct text absolute_name(struct eval *ev, const struct namespace *from, uint32_t level, struct text dotted);
/* What `from dotted import name` binds, of the module that `dotted` is. */
struct value import_member(struct eval *ev, const struct namespace *from, uint32_t level, struct text dotted, struct value module, struct str *name);

#endif
