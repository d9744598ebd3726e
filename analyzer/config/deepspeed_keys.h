/*
 * The keys of `zero_optimization` and what DeepSpeed's validation (pydantic) accepts for each: facts about DeepSpeed
 * 0.19.8, read from its deepspeed/runtime/zero/{config,offload_config,leaf_module_config}.py,
 * deepspeed/runtime/zenflow/zenflow_config.py and deepspeed/runtime/config.py.
 */
#ifndef CONFIG_DEEPSPEED_KEYS_H
#define CONFIG_DEEPSPEED_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum key_type {
    KEY_BOOL,
    KEY_WHOLE,         /* int */
    KEY_NUMBER,        /* float */
    KEY_STRING,        /* str; `choices` when only some will do */
    KEY_PATH,          /* a string */
    KEY_STAGE,         /* ZeroStageEnum: a whole number from 0 to 3 */
    KEY_WHOLE_OR_AUTO, /* Union[str, int], of strings only "auto" (which is dropped before) */
    KEY_MAPPING,       /* another model: `mapping` */
    KEY_LEAF_MODULE,   /* the one that references come from */
    KEY_STRINGS,       /* a list of strings, or one string */
};

struct mapping_facts;

struct range {
    double lowest, highest;
    bool above_lowest, below_highest; /* the bound itself is excluded */
};

struct key_facts {
    const char *name;
    enum key_type type;
    bool or_null;
    const struct range *range;  /* of numbers; NULL: any */
    const char *const *choices; /* of strings, up to a NULL; NULL: any */
    const struct mapping_facts *mapping;
    const char *also;             /* the other name of the same setting; of both, DeepSpeed refuses this one */
    const char *replaced_by;      /* deprecated: DeepSpeed refuses it together with this one */
    const char *replaced_by_also; /* ... and with its other name */
};

struct mapping_facts {
    const struct key_facts *keys;
    size_t key_count;
};

/* A key that DeepSpeed had once and now refuses by name, whatever its value. */
struct removed_key {
    const char *name, *words; /* "... has been removed": what to do instead */
};

extern const struct mapping_facts deepspeed_zero_keys, deepspeed_leaf_keys;
extern const struct removed_key deepspeed_removed_keys[], deepspeed_removed_zero_keys[]; /* end with a NULL name */

/* NULL when there is none. */
const struct key_facts *mapping_find(const struct mapping_facts *facts, struct text name);
/* What may have been meant by an unknown key, best first; returns how many of at most three. */
size_t mapping_suggest(const struct mapping_facts *facts, struct text name, struct text nearest[3]);

#endif
