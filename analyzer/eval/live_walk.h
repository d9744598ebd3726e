/*
 * A for statement's walk over modules, as torch's generators do it: the tables are looked at when the walk gets there, so
 * what the loop adds below where it is will be met, and what it adds beside raises.
 */
#ifndef EVAL_LIVE_WALK_H
#define EVAL_LIVE_WALK_H

#include "eval/eval.h"

struct live_walk;

/* NULL when the iterator is no such walk, has begun already, or meets modules that cannot be told.  Lives in the scratch
 * heap. */
struct live_walk *live_walk_start(struct eval *ev, struct value iterable);
/* The next module, or (name, module): UNBOUND at the end, Unknown when from here on they cannot be told, RAISED. */
struct value live_walk_next(struct eval *ev, struct live_walk *walk);

#endif
