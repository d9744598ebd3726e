/*
 * Which modules of a model DeepSpeed would flag as ZeRO-3 leaves: apply_zero_leaf_module_config of DeepSpeed 0.18.0 to
 * 0.19.8, without the model.
 *
 * Three answers for every module and entry.  On an exact tree nothing is in doubt; on a partial one, what is stated is
 * true and `doubts` says what could not be told.
 */
#ifndef RULES_SUPPORT_LEAF_SET_H
#define RULES_SUPPORT_LEAF_SET_H

#include "config/config.h"
#include "model/model.h"

enum leaf_truth { LEAF_NO, LEAF_MAYBE, LEAF_YES };

#define LEAF_DEFAULT UINT32_MAX

/* One entry in force: after the defaults were filled in and repeated entries dropped. */
struct leaf_entry {
    enum reference_kind kind;
    struct text text;
    uint32_t reference;      /* position in config.references, LEAF_DEFAULT for one of DeepSpeed's defaults */
    uint32_t index;          /* position in its list as written */
    const struct reference_call *call; /* as of its reference; NULL for DeepSpeed's defaults */
    enum leaf_truth matched; /* does any module match? */
    uint32_t first_hit;      /* its modules are hits[first_hit .. first_hit + hit_count), ascending */
    uint32_t hit_count;
};

/* DeepSpeed's list of one field may hold entries that match nothing; it names them in a warning. */
struct leaf_set {
    const struct model *model;
    struct leaf_entry *entries; /* classes, then names, then suffixes */
    size_t entry_count;
    uint32_t *hits;
    size_t hit_count;   /* at most LIMIT_LEAF_HITS; further hits still flag, but are not listed */
    uint32_t *by;       /* positions in `entries`, module after module: see leaf_set_entries_of */
    uint32_t *by_start; /* module -> its first place in `by`; module_count + 1 of them */
    bool some_removed;  /* an entry takes flags away, so that no other one is sure to keep them */
    uint8_t *states;    /* enum leaf_truth of each module: is it flagged? */
    uint32_t *flagged;  /* modules in the order in which apply_zero_leaf_module_config returns them */
    size_t flagged_count;
    struct text warnings[3]; /* as DeepSpeed logs them */
    size_t warning_count;
    struct text *doubts; /* sentences about what could not be told */
    size_t doubt_count;
};

/* `config` NULL: DeepSpeed's defaults.  Lists that validation refuses count as empty.  Everything lives in `arena`. */
void leaf_set_apply(struct leaf_set *set, const struct config *config, const struct model *model, struct arena *arena);

/* Does a class entry mean modules of this class? */
bool leaf_class_matches(const struct model_class *class, struct text entry);
/* "classes[0]", "name_suffixes[2]", "default classes[1]". */
struct text leaf_entry_label(const struct leaf_entry *entry, struct arena *arena);
/* The entries that flag `module`, in DeepSpeed's order; of the classes only the first that matches flags it.  Points
 * into the set; *count is how many. */
const uint32_t *leaf_set_entries_of(const struct leaf_set *set, uint32_t module, size_t *count);

#endif
