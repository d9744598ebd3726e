/*
 * Blocks that choose by data which of their modules they call, and have no leaf at or above them.
 */
#ifndef RULES_SUPPORT_BARE_BLOCKS_H
#define RULES_SUPPORT_BARE_BLOCKS_H

#include "rules/rules.h"

/* The bare blocks of one class in one model. */
struct bare_blocks {
    const struct judged *judged;
    uint32_t class;
    const struct routing *routing; /* verdict YES or CANNOT_TELL */
    uint32_t *modules;             /* ascending */
    size_t count;
    size_t covered;           /* blocks of the class that have a leaf */
    uint32_t inner;           /* a leaf inside one of them, which does not help; MODULE_NONE when there is none */
    uint32_t above;           /* a leaf above that is never called, so that it does not help; or MODULE_NONE */
    uint32_t dropped_default; /* 0..2: DeepSpeed's default for the class, which the config replaced; else
                                      MODULE_NONE */
};

/* Do leaves matter in this run?  No: another stage than 3, or a config that DeepSpeed refuses anyway. */
bool leaves_matter(const struct rule_context *context);

/* All of them, in the models that the config may be for (where most of its entries match), each class once.  0 when
 * leaves do not matter: another stage than 3, or a config that DeepSpeed refuses anyway. */
size_t bare_blocks_find(const struct rule_context *context, struct bare_blocks **blocks);
/* May the run use ZeRO stage 3, with a config that DeepSpeed accepts? */
bool leaves_matter(const struct rule_context *context);
/* Is it certain that the run uses ZeRO stage 3, with no leaves but those of `leaf_module`? */
bool bare_blocks_certain(const struct rule_context *context);

/* Fills in message parts that both rules share: the model, the routing's place, key and help. */
void bare_blocks_explain(struct rule_context *context, const struct bare_blocks *blocks, struct finding *finding);

/* Is a leaf that is called at or above each module (enum leaf_truth)?  Only such a leaf gathers what is below it.  On the
 * heap. */
uint8_t *leaf_cover(const struct judged *judged);

/* The class of the nearest module above that is called, where a leaf goes that cannot be on the module itself.
 * MODULE_NONE: that is the root, or it cannot be told. */
uint32_t class_called_above(const struct model *model, uint32_t module);

/* The first module at or below `module` whose class chooses by data; MODULE_NONE when there is none. */
uint32_t first_routing_module(const struct model *model, uint32_t module);
/* "`A`, `B`": classes of the model whose blocks need a leaf, at most LIMIT_SUGGESTIONS; "" when there are none. */
struct text routing_classes_in_words(const struct model *model, struct arena *arena);

#endif
