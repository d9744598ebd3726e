/*
 * What leaves cost and whether they are needed.
 *
 * A leaf gathers its parameters and all below it at once, on every rank.  It is needed where a module chooses by data
 * which of its children it calls; elsewhere DeepSpeed gathers module by module.
 */
#ifndef RULES_SUPPORT_LEAF_COST_H
#define RULES_SUPPORT_LEAF_COST_H

#include "rules/rules.h"

/* A leaf over this many parameters is huge.  DeepSpeed draws the line there for leaves of its own choice: Z3_MAX_LEAF_SIZE
 * in _get_granularity_recursively of runtime/zero/parameter_offload.py, "an oversized leaf module increases the number
 * of live parameters".  It is also its default for stage3_max_live_parameters. */
#define HUGE_LEAF_PARAMETERS 1000000000

/* The leaves of one config in one model.  On the heap: leaf_costs_free. */
struct leaf_costs {
    const struct judged *judged;
    uint8_t *above;   /* leaf_above */
    uint8_t *chooses; /* does the module itself choose by data (enum leaf_truth)? */
    uint8_t *below;   /* does it, or a module below it? */
    uint8_t *around;  /* does a module above it? */
};

void leaf_costs_fill(struct leaf_costs *costs, const struct judged *judged);
void leaf_costs_free(struct leaf_costs *costs);

/* Is this leaf gathered as a whole for certain, and is the data no reason for whether it is called?  Not so: below
 * another leaf, never called, inside a block that chooses by data, the whole model. */
bool leaf_is_gathered(const struct leaf_costs *costs, uint32_t module);
/* Is it huge, while a leaf lower down, or none, would gather less and protect as much? */
bool leaf_is_huge(const struct leaf_costs *costs, uint32_t module);
/* "1.41 B parameters at once (2.82 GB at 2 bytes each, 5.64 GB at 4)"; `parameters` is not negative. */
struct text gathered_in_words(struct arena *arena, int64_t parameters);

/* What a rule about costs looks for: the module of an entry that shows the fault, and what it gathers; MODULE_NONE: the entry
 * is fine in this model. */
typedef uint32_t find_costly(const struct leaf_costs *costs, size_t entry, int64_t *parameters);
typedef void report_costly(struct rule_context *context, const struct leaf_costs *costs, size_t entry, uint32_t module,
                           int64_t parameters);
/* Reports the entries that are at fault in every model that they may be for, as the first of these shows it. */
void leaf_costs_check(struct rule_context *context, find_costly *find, report_costly *report);

#endif
