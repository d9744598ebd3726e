/*
 * All rules, collected from the files of this folder when leaflint is built (tools/rule_registry.c): nobody keeps a
 * list.
 */
#ifndef RULES_REGISTRY_H
#define RULES_REGISTRY_H

#include <stddef.h>

struct rule;

/* Sorted by name, so that a binary search finds one. */
extern const struct rule *const all_rules[];
/* The text of each rule's doc comment, in the same order: lines of Markdown without the rule's name. */
extern const char *const rule_explanations[];
extern const size_t all_rule_count;

#endif
