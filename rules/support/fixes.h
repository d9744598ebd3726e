/*
 * What `--fix` writes: the edits of findings that leave no choice.
 */
#ifndef RULES_SUPPORT_FIXES_H
#define RULES_SUPPORT_FIXES_H

#include "rules/rules.h"

/* The entry or key in quotes that the finding is about becomes its one suggestion; nothing when there are several, none, or one that
 * counts otherwise (another layer). */
void fix_with_suggestion(struct rule_context *context, struct finding *finding);

/* What stands at the wrong place moves into `zero_optimization`, when that is there and has no leaf_module. */
void fix_moved(struct rule_context *context, struct finding *finding, const struct config_fault *fault);

/* `"key": value` becomes the first member of the mapping in braces whose value this is; nothing when it is none. */
void fix_insert_member(struct rule_context *context, struct finding *finding, struct span object, struct text member);

/* One more entry of `classes`, `leaf_module` with it when that is not there.  `list` holds all entries that a new list
 * needs, `entry` the one that an existing list lacks, both as JSON. */
void fix_add_class(struct rule_context *context, struct finding *finding, struct text entry, struct text list);

#endif
