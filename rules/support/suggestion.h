/*
 * The smallest `leaf_module` block that protects a model, linted like any other config before it is shown.
 */
#ifndef RULES_SUPPORT_SUGGESTION_H
#define RULES_SUPPORT_SUGGESTION_H

#include "rules/rules.h"

enum suggestion_kind {
    SUGGESTION_NOTHING,    /* no block of the model chooses by data which of its modules it calls */
    SUGGESTION_DEFAULTS,   /* DeepSpeed's own defaults are leaves enough */
    SUGGESTION_BLOCK,      /* `json` is to be added */
    SUGGESTION_IMPOSSIBLE, /* leaves are needed, and `trouble` says why none that protects it is known */
};

/* One entry of the suggested list, and what it is for. */
struct suggested_leaf {
    uint32_t class;                /* its modules become leaves */
    uint32_t block;                /* class of the blocks that choose by data: the same, or of modules below */
    const uint32_t *modules;       /* the blocks, ascending */
    size_t count;
    const struct routing *routing; /* of the blocks */
    int64_t parameters;            /* that one leaf gathers at once; -1 when it cannot be told */
    struct text entry;             /* as it stands in `classes` */
};

struct suggestion {
    enum suggestion_kind kind;
    struct suggested_leaf *leaves; /* SUGGESTION_BLOCK and SUGGESTION_DEFAULTS: what they are for */
    size_t leaf_count;
    struct suggested_leaf *doubts; /* blocks of which it cannot be told whether they choose by data */
    size_t doubt_count;
    struct text *entries;          /* of `classes`, each once */
    size_t entry_count;
    struct text json;              /* the lines of `"leaf_module": {...}`, without indentation */
    struct text trouble;           /* what leaflint finds about the block, gravely (SUGGESTION_IMPOSSIBLE) or not; or "" */
};

/* For a model that can be built.  Everything lives in `arena`. */
void suggestion_make(struct suggestion *suggestion, const struct model *model, struct arena *arena);

#endif
