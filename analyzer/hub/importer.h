/*
 * Finds Python modules for the evaluator: leaflint's own facts, then files of the sources.  Keeps every file that was split.
 */
#ifndef HUB_IMPORTER_H
#define HUB_IMPORTER_H

#include "eval/eval.h"
#include "hub/sources.h"

struct import_cache;
struct known_symbol;

#define SYMBOL_BUCKETS 64

struct hub_importer {
    const struct sources *sources; /* not owned */
    bool quantizing;               /* the packages of facts/quantization/ are there */
    struct arena arena;
    struct import_cache *cache;
    struct known_symbol *symbols[SYMBOL_BUCKETS];
    struct python_file **facts; /* one per embedded fact file, split when first asked for */
};

void hub_importer_init(struct hub_importer *importer, const struct sources *sources, bool quantizing);
void hub_importer_free(struct hub_importer *importer);
/* What the evaluator asks; `context` is the hub_importer. */
struct importer hub_importer_interface(struct hub_importer *importer);
/* A module's own file ("transformers.models.mixtral.modeling_mixtral"), NULL without. */
struct python_file *hub_importer_file(struct hub_importer *importer, struct text dotted);

#endif
