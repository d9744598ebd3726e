/*
 * From "--model M --sources DIR" to models.
 *
 * A loader is one run over one set of sources: it keeps the files it has split and parsed, so that several models share
 * them.  Resolving finds out which architectures M means; building works out the module tree of one of them.
 * The loader owns what targets point to; a built model owns itself and outlives the loader.
 * Evaluating recurses deeply: call these on a large stack (base/large_stack.h).  Loaders share nothing: each thread has one.
 */
#ifndef MODEL_LOAD_H
#define MODEL_LOAD_H

#include "model/model.h"

/* Which modules of a model are leaves, as far as somebody asks: what training does with others costs time and is not looked
 * at.  Fills wanted[0..module_count), which is zeroed. */
struct asked_modules {
    void (*ask)(void *context, const struct model *model, bool *wanted); /* NULL: all modules */
    void *context;
};

struct load_options {
    const char *const *sources; /* --sources, in order; may be empty: then the installed transformers is looked for */
    size_t source_count;
    struct text attn;           /* --attn, "" when not given */
    bool routing;               /* also work out which blocks choose their children by data (needs every forward) */
    struct asked_modules leaves; /* of routing: whose conduct in training is looked at */
    struct text made;           /* module of which to tell what made it and its ancestors; bytes NULL: of none */
    bool evidence;              /* also trace an exception to the values of config.json that it comes from */
};

struct target {
    struct text architecture;  /* "MixtralForCausalLM" */
    struct text python_module; /* "transformers.models.mixtral.modeling_mixtral" */
    struct text config_path;   /* config.json whose values apply, "" for the configuration's defaults */
};

struct targets {
    struct target *items;
    size_t count;
    size_t main; /* the one that `tree` and `leaves` take: config.json's first architecture, the causal LM, else the base */
};

struct loader;

/* NULL when no sources can be found or one is not usable; *message (for free()) then says so in a sentence for stderr. */
struct loader *loader_new(const struct load_options *options, struct text *message);
void loader_free(struct loader *loader);

/* What M means: a folder holding config.json, a config.json, an architecture, a model type.  False when there is no such
 * model or its config.json cannot be read; *message is a sentence that names M, with did-you-mean when there is one. */
bool loader_resolve(struct loader *loader, struct text model, struct targets *targets, struct text *message);
/* The modeling modules of the sources by dotted name, in order; the loader owns them. */
size_t loader_modeling_modules(struct loader *loader, const struct text **modules);
/* The public PreTrainedModel subclasses of one of them, in the order of __all__; none when it cannot be read. */
void loader_module_targets(struct loader *loader, struct text module, struct targets *targets);

/* Builds; never fails: what cannot be told makes the model partial.  Free with model_free. */
void loader_build(struct loader *loader, const struct target *target, struct model *model);
/* The same with another attention implementation than load_options.attn (where the config does not say it), and without
 * what else load_options asks for. */
void loader_build_with_attention(struct loader *loader, const struct target *target, struct text attn, struct model *model);
/* Does a file that was read so far define a class of this name (the last component counts) at its top level? */
bool loader_defines_class(const struct loader *loader, struct text name);

#endif
