/*
 * Python modules: what namespace.c, whole_module.c, import_module.c and needed_imports.c share.
 */
#ifndef EVAL_NAMESPACE_H
#define EVAL_NAMESPACE_H

#include "eval/eval.h"

/* A module whose files were found; nothing of it has run. */
struct namespace *namespace_new(struct eval *ev, struct str *name, const struct found_module *found);
/* Reads the source file that the facts left unread; false: stopped. */
bool read_unread(struct eval *ev, struct namespace *namespace);
/* Runs one top-level statement, once; false: raised, also the next time. */
bool run_piece(struct eval *ev, struct unit *unit, uint32_t number);
/* Runs a module's statements in order; false: raised. */
bool run_whole(struct eval *ev, struct namespace *namespace);
/* Imports what the file of a model imports at its top level (needed_imports.c); false: raised. */
bool run_needed_imports(struct eval *ev, struct namespace *namespace);
/* Why it cannot be told what importing a module comes to. */
struct reason *reason_needs(struct eval *ev, struct text dotted);
/* ModuleNotFoundError of what surely is not there (IMPORT_FAILS), or is taken not to be: then whoever is not told by it
 * (an `except`) cannot tell whether it is raised. */
struct value raise_not_found(struct eval *ev, struct text dotted, enum import_outcome outcome);

#endif
