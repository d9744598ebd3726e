/*
 * What a rule is, and what it is given.
 *
 * A rule looks at one config, and at the models that the config may be meant for, through their questions; it reads no
 * files and prints nothing.  With several models (all architectures of a model type) an entry is a fault only when none
 * of them has it.  Only what is proven is an error; what cannot be told is no finding, or a note.
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include "config/config.h"
#include "diag/diag.h"
#include "model/model.h"
#include "rules/support/leaf_set.h"

/* One model that the config is judged against. */
struct judged {
    const struct model *model;
    struct leaf_set leaves; /* of this config on this model */
};

/* What a rule may ask beyond what a model holds.  It costs building models again, so it is asked for a finding only. */
struct rule_questions {
    void *context;
    /* The model with another attention implementation, in which some module has a class of this name (as `classes` names it);
     * *attn is the implementation.  NULL: with none of those that transformers knows, or it cannot be told. */
    const struct model *(*with_attention)(void *context, const struct model *model, struct text class_name, struct text *attn);
};

struct rule;

struct rule_context {
    const struct rule *rule; /* the one that runs: its findings carry its name */
    const struct config *config; /* NULL in check_model */
    const struct judged *models; /* those that can be built; [0] is the one named in messages */
    size_t model_count;          /* 0: no model is known, only the config's shape can be judged */
    const struct model *raises;  /* when no model can be built: the one that messages name; else NULL */
    const struct rule_questions *questions; /* NULL: nobody answers any */
    struct findings *findings;
    struct arena *arena; /* of the findings */
};

struct rule {
    const char *name;       /* "unknown-class" */
    enum severity severity; /* the gravest that it says */
    const char *since;      /* version of leaflint */
    const char *summary;    /* what it finds, in one line */
    void (*check)(struct rule_context *context);
    void (*check_model)(struct rule_context *context); /* judges the model's own config.json (raises->config); or NULL */
};

/* Runs one rule after the other over `config`.  `enabled` (parallel to all_rules) may be NULL: all of them; `questions`
 * may be NULL.  Returns how many entries could not be judged, since the models are known in part only. */
size_t rules_check(const struct config *config, const struct model *const *models, size_t model_count,
                   const bool *enabled, const struct rule_questions *questions, struct findings *findings);
/* The model whose constructor raises, when none of these can be built; else NULL. */
const struct model *rules_raising_model(const struct model *const *models, size_t model_count);
/* Judges the config.json of a model that cannot be built: spans are in raises->config. */
void rules_check_model(const struct model *raises, const bool *enabled, struct findings *findings);

#endif
