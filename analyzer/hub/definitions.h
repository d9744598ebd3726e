/*
 * Which file of transformers defines a name, by looking at the text: the auto tables first, then folders whose name fits,
 * then every file.  A hint for the evaluator, which then reads the definition itself.
 */
#ifndef HUB_DEFINITIONS_H
#define HUB_DEFINITIONS_H

#include "hub/sources.h"

/* Dotted name of the module with `class NAME` among the modeling files; false when there is none. */
bool definition_find_model(const struct sources *sources, struct text name, struct arena *arena, struct text *dotted);
/* The same among the folders of custom modeling files: "modeling_x". */
bool definition_find_custom(const struct sources *sources, struct text name, struct arena *arena, struct text *dotted);
/* The same for anything that `from transformers import NAME` may mean. */
bool definition_find_any(const struct sources *sources, struct text name, struct arena *arena, struct text *dotted);

struct text_list {
    struct text *items;
    size_t count, capacity; /* items: with array_grow; free with free() */
};
/* Modeling modules of one folder below models ("mixtral", "deprecated/x"), or of all folders when it is "": dotted names, sorted. */
void modeling_modules(const struct sources *sources, struct text folder, struct arena *arena, struct text_list *modules);
/* Every quoted word of models/auto/modeling_auto.py and its neighbours: model types and architectures, for did-you-mean. */
void auto_words(const struct sources *sources, struct arena *arena, struct text_list *words);

#endif
