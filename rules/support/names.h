/*
 * Names of modules that almost exist: what rules try before they say that nothing is there.
 */
#ifndef RULES_SUPPORT_NAMES_H
#define RULES_SUPPORT_NAMES_H

#include "base/arena.h"
#include "model/model.h"

/* Without blanks at its ends. */
struct text trimmed(struct text text);
/* Would a person take it for a pattern (a glob or a regular expression)? */
bool looks_like_pattern(struct text text);

/* The name without what wrappers add to it (`module.`, `_orig_mod.`, `base_model.model.`, ...).  *wrapper is the first
 * one that was found, "" when there is none; *only_peft: nothing but PEFT's was. */
struct text without_wrappers(struct arena *arena, struct text name, struct text *wrapper, bool *only_peft);

/* The deepest module on the way to `name`: the root when not even the first component exists.  *rest is what
 * follows. */
uint32_t deepest_module(const struct model *model, struct text name, struct text *rest);
/* Are all children of the module numbered 0 to *highest? */
bool numbered_children(const struct model *model, uint32_t module, uint32_t *highest);
/* First component of a dotted text. */
struct text first_component(struct text dotted);

/* Distinct last components of the model's names that are not numbers, in order of first appearance. */
size_t leaf_names(const struct model *model, struct arena *arena, struct text **names);
/* The name with the one component that does not fit replaced by a name nearby, so that `exists` says yes to the whole:
 * writes at most `room` of them and returns how many. */
size_t nearby_names(const struct model *model, struct text name, struct arena *arena,
                    bool (*exists)(const struct model *model, struct text name), struct text *nearby, size_t room);

#endif
