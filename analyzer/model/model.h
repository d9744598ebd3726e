/*
 * The module tree of one model, and the questions that rules ask of it.
 *
 * A model is what torch's named_modules() would give for one architecture and one configuration, as far as it could be
 * proven.  Status exact: everything is there and true.  Status partial: everything stated is true, and `unresolved`
 * says what is missing and why.  Status raises: the constructor itself raises.
 * A model owns its memory (one arena); it keeps no pointer into the evaluator.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "source/source.h"

enum model_status { MODEL_EXACT, MODEL_PARTIAL, MODEL_RAISES };

#define MODULE_NONE UINT32_MAX

/* A place in the model's sources. */
struct origin {
    struct text path; /* relative to its sources folder; "" when unknown */
    struct place place;
};

struct parameter {
    struct text name;
    const int64_t *shape; /* `dims` sizes, once for all parameters of the same shape */
    bool shape_known;
    uint8_t dims;
    bool shared;      /* this parameter was stated before under another module (tied): counts once */
    uint32_t same_as; /* when shared: index in model.parameters of the one that was stated first */
};

/* A class that modules of this model have. */
struct model_class {
    struct text name;           /* type(m).__name__ */
    struct text qualified;      /* module.qualname */
    struct text *bases;         /* qualified names of every class in its MRO after itself, in order */
    size_t base_count;
    struct origin origin;       /* the class statement; path "" for torch's own */
    bool forward_never_called;  /* ModuleList, ModuleDict, ParameterList, ...: its forward is never called */
    uint32_t routing;           /* index in model.routings when instances may route by data, else MODULE_NONE */
    bool stands_in;             /* for a class that is not known; its name ends with one of these (none: any name) */
    struct text *endings;
    size_t ending_count;
};

/* How a class's forward chooses children by data. */
enum routing_verdict {
    ROUTING_NO,         /* calls the same children every time */
    ROUTING_YES,        /* which children are called depends on the data: ZeRO-3 needs a leaf here or above */
    ROUTING_CANNOT_TELL /* something in forward was not understood where a child is called */
};
struct routing {
    enum routing_verdict verdict;
    struct text child;    /* attribute through which children are called ("experts"), "" when it is self[...] */
    struct origin call;   /* the data-dependent call */
    struct origin reason; /* where the choice comes from (the loop or the branch) */
    struct text words;    /* one phrase: "calls `self.experts[expert_idx]` for each index of `expert_hit`" */
};

/* What one step of training does with a module for certain, where that decides whether it can be a ZeRO-3 leaf. */
enum conduct_kind {
    CONDUCT_CHANGES_INPUT,     /* its forward changes a positional input in place that has a gradient */
    CONDUCT_MAY_CHANGE_INPUT,  /* the same, if a cast before it copies nothing since the input has that type already */
    CONDUCT_RETURNS_DICT,      /* its forward gives a dict or a ModelOutput */
    CONDUCT_NO_GRAD_INPUT,     /* it is called without any positional tensor that could have a gradient */
    CONDUCT_CALLED_TWICE,      /* the forward of the module above calls it more than once */
};
struct conduct {
    uint32_t module;
    enum conduct_kind kind;
    bool by_keyword;     /* NO_GRAD_INPUT: it is called with keyword arguments only (or none) */
    bool perhaps_dict;   /* NO_GRAD_INPUT: it cannot be told that it gives a tensor or a tuple */
    struct origin at;    /* the statement that changes, the dict, the (first) call; path "" for an embedding */
    struct origin call;  /* CHANGES, DICT: where the module above calls it; TWICE: the second call */
    struct text code;    /* of `at`, one line, shortened */
};

struct module {
    uint32_t parent;     /* index, MODULE_NONE for the root */
    struct text name;    /* the full name, "" for the root */
    struct text leaf;    /* last component of the name */
    uint32_t class_index; /* MODULE_NONE: the class cannot be told */
    uint32_t choice;     /* then: number of model.choices that the class is one of, from 1; 0: it may be any class */
    uint32_t first_parameter, parameter_count; /* own parameters, in order */
    uint32_t end;        /* modules [index, end) are this module and everything below, in named_modules() order */
    bool open;           /* something below could not be told: more modules may be there */
    bool unordered;      /* it is there, but perhaps at another place in the order */
    bool other_parameters; /* it may own other parameters than these */
    const struct origin *made; /* the statement that made it; NULL when unknown */
};

/* Which of two classes a module has, cannot be told; both are known, and whatever is below it is as stated. */
struct class_choice {
    uint32_t classes[2]; /* indices in model.possible_classes */
};

/* A further place of a module that named_modules() lists once, under its first name. */
struct second_place {
    uint32_t module;
    uint32_t parent;  /* what it is registered in there */
    struct text name; /* "decoder.embed_tokens" */
};

struct unresolved {
    struct text name;   /* the module (or place in the tree) that is missing or open */
    struct text reason; /* one phrase */
    struct origin origin;
};

/* A value of config.json that an exception came from. */
struct given_value {
    struct text key;  /* where it stands: "text_config.num_attention_heads", "layer_types[3]" */
    struct span span; /* in model.config */
    struct place place; /* where the span starts */
};

/* A place in the sources with the lines that people need to see of it: its statement and the conditions and loops around
 * it, ascending and perhaps with gaps. */
struct shown_line {
    uint32_t number;
    struct text text;    /* as in the file; cut when very long */
    uint32_t start, end; /* bytes of it that are meant; equal on all lines but that of the place */
};
struct shown_place {
    struct origin origin;
    struct text inside; /* "MixtralModel.__init__"; "" outside of functions */
    uint32_t statement; /* byte where its statement starts */
    struct shown_line *lines;
    size_t line_count;
};

/* What made a module (load_options.made). */
struct made_step {
    struct shown_place place;
    bool registered; /* it put the module into its parent, and did not make it */
};
struct made_module {
    struct text name;        /* as it was asked for */
    struct text listed_as;   /* another one where it hangs at several places: named_modules() has only the first */
    struct made_step *steps; /* from the outside in: a call in the parent's constructor, ..., what made the module itself */
    size_t step_count;
};
struct made {
    struct made_module *modules; /* from the root to the module that was asked for, as far as they are there */
    size_t count;
    struct shown_place *places; /* of reasons why the tree is partial, or of what is raised */
    size_t place_count;
};

struct model_index;

struct model {
    struct arena arena;
    struct text architecture;   /* "MixtralForCausalLM" */
    struct text python_module;  /* "transformers.models.mixtral.modeling_mixtral" */
    struct text sources;        /* the folder it was read from, as given or found */
    struct text sources_version; /* transformers' __version__, "" when it cannot be told */
    enum model_status status;
    struct module *modules;     /* named_modules() order; modules[0] is the root */
    size_t module_count;
    struct model_class *classes; /* classes in use, in order of first appearance */
    size_t class_count;
    struct second_place *second_places; /* in the order of registration, none of what is below a shared module; empty where */
    size_t second_place_count;          /* two trees were joined, or weights may be replaced at load */
    struct class_choice *choices;
    size_t choice_count;
    struct model_class *possible_classes; /* those of choices */
    size_t possible_count;
    struct parameter *parameters;
    size_t parameter_count;
    struct routing *routings;
    size_t routing_count;
    struct conduct *conducts; /* by module, then kind */
    size_t conduct_count;
    int64_t total_parameters; /* tied parameters once; -1 when it cannot be told */
    struct unresolved *unresolved;
    size_t unresolved_count;
    struct {
        struct text type, message;
        struct origin origin;
        struct origin cause;       /* of the exception while which it was raised; path "" without */
        struct given_value *given; /* what decided that it raises, as far as that was traced; in order of use */
        size_t given_count;
    } raises;
    struct made made;
    struct source config; /* the config.json whose values make the constructor raise; path "" without */
    /* Classes of the model's own source files that this model does not use (for "why is it unknown"), qualified. */
    struct text *other_classes;
    size_t other_class_count;
    struct model *other;       /* it may also be this tree, which holds what is not certain here; owned; NULL: it is this one */
    struct model_index *index; /* of model_find_module, made when first asked; NULL in a new model */
};

void model_free(struct model *model);

/* For who changes a model that questions were asked of: the answers are worked out anew. */
void model_forget_index(struct model *model);

/* Index of the module with exactly this name, or MODULE_NONE.  Constant time after the first call. */
uint32_t model_find_module(const struct model *model, struct text name);
/* Could a module of this exact name exist below something open?  (Then "no such name" is not proven.) */
bool model_may_have_module(const struct model *model, struct text name);
/* Could a module whose name ends with this text exist below something open? */
bool model_may_have_suffix(const struct model *model, struct text suffix);
/* Could a module of a class with this name exist somewhere open, or have a class that cannot be told? */
bool model_may_have_class(const struct model *model, struct text class_name);
/* Is this the class's name, plain or qualified?  Of a class that stands in for others: may it be? */
bool model_class_has_name(const struct model_class *class_, struct text name);
/* What is known of a module in this respect, or NULL. */
const struct conduct *model_conduct(const struct model *model, uint32_t module, enum conduct_kind kind);
/* Parameters of a module with everything below it (tied once), or -1 when a shape cannot be told. */
int64_t model_gathered_parameters(const struct model *model, uint32_t module);
/* Fills order[0..module_count) with the modules in the order in which torch's Module.apply first visits them: children
 * before parents.  (apply visits a shared module again at each place where it hangs; its first visit is the one here.) */
void model_apply_order(const struct model *model, uint32_t *order);
/* {"model.layers.0.mlp", "model.layers.1.mlp"} -> "model.layers.{0,1}.mlp"; consecutive numbers become {0..31}.
 * `modules` ascending indices.  At most three folded names, then ", ... N more". */
struct text model_fold_names(const struct model *model, const uint32_t *modules, size_t count, struct arena *arena);

#endif
