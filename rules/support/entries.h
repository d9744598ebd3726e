/*
 * What rules about entries share: one entry judged by several models, and the words for it.
 */
#ifndef RULES_SUPPORT_ENTRIES_H
#define RULES_SUPPORT_ENTRIES_H

#include "rules/rules.h"

/* Beyond this many findings of a rule in one file no explanations are worked out: they cost time, and nobody reads the
 * thousandth. */
#define MAX_EXPLAINED 100

/* Reports the reader's faults of one kind as findings of the rule. */
void report_faults(struct rule_context *context, enum config_fault_kind kind);

/* A key of DeepSpeed's settings as a path of the whole file. */
struct text config_key(const struct rule_context *context, const char *key);

/* Entries in force; the same ones, in the same order, for every model.  0 when there is no model. */
size_t entry_count(const struct rule_context *context);
const struct leaf_entry *entry_at(const struct rule_context *context, size_t entry);
/* Is it written in the config (not one of DeepSpeed's defaults filled in)? */
bool entry_is_written(const struct rule_context *context, size_t entry);
/* Is it written, and does what it matches certainly stay a leaf? */
bool entry_sets_leaves(const struct rule_context *context, size_t entry);
/* YES when it matches in some model, NO when that is disproved for all of them. */
enum leaf_truth entry_matched(const struct rule_context *context, size_t entry);

/* What happens when the entry matches nothing, for the end of a message: ", and accelerate raises then"; "" for `leaf_module`. */
struct text miss_in_words(const struct rule_context *context, const struct reference *reference);
/* A finding at an entry, with its key and value, and the first model's name when there is one. */
struct finding *entry_finding(struct rule_context *context, enum severity severity, const struct reference *reference);
/* "MixtralForCausalLM", or "MixtralForCausalLM (or of 4 other architectures of its type)". */
struct text models_in_words(const struct rule_context *context);

/* Modules that belong to a class: a related place at its class statement, "it is model.layers.{0..31}.mlp, 32
 * modules". */
void relate_class(struct rule_context *context, struct finding *finding, const struct model *model, uint32_t class);
/* "model.layers.{0..31}.mlp, 32 modules" */
struct text modules_in_words(struct rule_context *context, const struct model *model, const uint32_t *modules,
                             size_t count);
/* An entry for a message: shortened when long; a NUL, at which printf would stop, as its symbol. */
struct text shown(struct rule_context *context, struct text entry);
/* `text` as a JSON string, quotes included. */
struct text json_quoted(struct arena *arena, struct text text);
/* "model.layers.0.mlp" -> "mlp"; "module.Class" -> "Class". */
struct text last_component(struct text dotted);

#endif
