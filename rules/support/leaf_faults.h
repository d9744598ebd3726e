/*
 * Leaves that training would not survive for what their forward does (model_conduct).
 */
#ifndef RULES_SUPPORT_LEAF_FAULTS_H
#define RULES_SUPPORT_LEAF_FAULTS_H

#include "rules/rules.h"

/* Modules of one class that one entry makes leaves, all of them at fault in this way. */
struct leaf_fault {
    const struct judged *judged;
    const struct leaf_entry *entry;
    uint32_t class;
    const struct conduct *conduct; /* of the first of them */
    uint32_t *modules;             /* ascending */
    size_t count;
};

/* Those whose conduct is of this kind, in every model that the entry has modules in.  A leaf inside another one is none:
 * DeepSpeed watches the outer one only. */
size_t leaf_faults_find(const struct rule_context *context, enum conduct_kind kind, struct leaf_fault **faults);

/* A finding at the entry, or at the config's `leaf_module` for one of DeepSpeed's defaults, with its model.  Where it is
 * not certain that the run uses stage 3, an error or a warning is a note. */
struct finding *leaf_fault_finding(struct rule_context *context, const struct leaf_fault *fault, enum severity severity);
/* "leaf `MixtralModel`" or "DeepSpeed's default leaf `MixtralSparseMoeBlock`": what a message begins with. */
struct text leaf_fault_subject(struct rule_context *context, const struct leaf_fault *fault);
/* ", so under ZeRO stage 3", with "if that is the stage" where it is not certain. */
const char *leaf_fault_when(const struct rule_context *context);
/* Points at the code of the conduct, as "WORDS`code`"; nothing when it has no place. */
void leaf_fault_relate(struct rule_context *context, const struct leaf_fault *fault, struct finding *finding, const char *words);
/* "model.layers.{0..31}.mlp, 32 modules" */
struct text leaf_fault_modules(struct rule_context *context, const struct leaf_fault *fault);
/* The module above that has a forward of its own and is no leaf at fault itself, for "put the leaf there"; MODULE_NONE. */
uint32_t leaf_fault_above(const struct leaf_fault *fault);

#endif
