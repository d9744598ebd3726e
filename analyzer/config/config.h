/*
 * What a config file says about a model's modules, whatever the framework.
 *
 * A reader (one per kind of file) turns a file into references: a text, its span, how it is matched, what a miss does.
 * Readers know nothing of rules; rules know nothing of files.  Everything here lives in the arena given to the reader.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/text.h"
#include "source/source.h"

enum reference_kind {
    REFERENCE_CLASS,  /* type(m).__name__ or module.qualname, exactly */
    REFERENCE_NAME,   /* a key of dict(model.named_modules()), exactly */
    REFERENCE_SUFFIX, /* name.endswith(suffix), no dot boundary */
    REFERENCE_LAYER,  /* a class by __name__; then isinstance of it, so that classes derived from it match too */
    REFERENCE_INSTANCE, /* isinstance of an imported class, by its dotted path as imported */
};

/* What sets leaves beside `leaf_module`: a call or a setting that comes to one.  It takes no list of the config away. */
struct reference_call {
    struct text name; /* what raises, for messages: "accelerate" */
    struct span span; /* of the call; start == end when it is none */
    bool each_raises; /* any entry that matches nothing raises */
    bool none_raises; /* it raises when no entry matches */
    bool complete;    /* all its entries are known */
    bool removes;     /* takes flags away */
    bool unproven;    /* an entry that matches nothing may be right all the same (a property, a list's index) */
};

/* One entry of a leaf config, in the order in which DeepSpeed reads it. */
struct reference {
    enum reference_kind kind;
    struct text text;     /* decoded value */
    struct span span;     /* the entry in the file, quotes included */
    struct text key;      /* "zero_optimization.leaf_module.classes[0]" */
    uint32_t index;       /* in its list */
    int32_t duplicate_of; /* position in config.references of the first equal entry of the same list, or -1 */
    const struct reference_call *call; /* NULL for an entry of `leaf_module` */
};

/* Faults of the file itself, found while reading, before any model is known: each is a finding of the rule of the same
 * name.  `message` is the whole sentence; `suggestions` may be empty. */
enum config_fault_kind {
    FAULT_SYNTAX,             /* syntax-error: what DeepSpeed's loader cannot read either */
    FAULT_NEEDS_HJSON,        /* needs-hjson: DeepSpeed reads it, strict JSON readers do not */
    FAULT_UNKNOWN_KEY,        /* unknown-key: DeepSpeed's validation refuses it ("Extra inputs are not permitted") */
    FAULT_WRONG_TYPE,         /* wrong-type */
    FAULT_DUPLICATE_KEY,      /* duplicate-key */
    FAULT_MISPLACED,          /* misplaced-leaf-module: leaf_module where DeepSpeed does not look */
    FAULT_LEAF_WITHOUT_STAGE3 /* leaf-without-stage-3 */
};

struct config_fault {
    enum config_fault_kind kind;
    struct span span;
    struct text message;
    struct text key;   /* dotted path of the key, "" at the top */
    struct text value; /* source text at the span when it is short, else "" */
    struct text suggestions[3];
    size_t suggestion_count;
    struct span related; /* the first of two duplicate keys; start == end when there is none */
    struct text related_message;
    /* FAULT_MISPLACED at the top level: the key with its value, and what is to go, a comma with it, when it moves. */
    struct span part, removal;
};

/* A list of leaf_module as DeepSpeed sees it after validation. */
enum leaf_list_state {
    LIST_ABSENT,  /* default value: the three classes for `classes`, empty for the others */
    LIST_GIVEN,   /* its references are in the config */
    LIST_INVALID, /* refused by validation (a FAULT_WRONG_TYPE was reported) */
};

struct leaf_config {
    bool present; /* zero_optimization.leaf_module is there and is a mapping (not null, not "auto") */
    bool valid;   /* DeepSpeed's validation would accept the whole; when false the run stops at start-up */
    struct span
        span; /* of the key "leaf_module" when present, else of "zero_optimization", else the file's first byte */
    struct span zero_span;  /* of zero_optimization's value when it is a mapping, else start == end */
    struct span value_span; /* of leaf_module's value when present */
    enum leaf_list_state classes, names, suffixes;
    struct span classes_span, names_span, suffixes_span; /* of the keys, when given */
    int stage;                                           /* 0..3; -1: "auto" or cannot tell */
    struct span stage_span; /* of the stage's value, start == end when absent (then stage is 0) */
    bool other_leaves;      /* something that is not in this file decides about stage and leaves */
    bool may_change;        /* code may set stage or leaves after this text */
    bool size_leaves;       /* stage3_module_granularity_threshold is there and not 0: DeepSpeed adds leaves by size */
    int64_t size_threshold; /* its value when that can be told, else 0 */
    struct span size_threshold_span;
    struct text size_threshold_key; /* "zero_optimization.stage3_module_granularity_threshold" */
};

struct config {
    struct source *source;
    struct leaf_config leaf;
    struct reference *references;
    size_t reference_count;
    struct config_fault *faults;
    size_t fault_count;
    size_t faults_dropped; /* over LIMIT_FINDINGS */
    bool readable;         /* at least the outer mapping could be read */
    bool nothing;          /* a file of a kind that may hold leaf settings, which holds none */
    struct text flat;      /* the setting that names blocks, in a file without `leaf_module`; else "" */
    struct text prefix;    /* where in the file DeepSpeed's settings stand: "deepspeed"; "" when they are all of it */
};

/* A file may hold several: one for each place with DeepSpeed's settings. */
struct configs {
    struct config *items;
    size_t count;    /* at least 1 */
    bool broken;     /* not all of a script can be read */
    bool untold;     /* a script sets leaves in ways that cannot be told */
    size_t left_out; /* places beyond LIMIT_CONFIG_SECTIONS */
};

/* DeepSpeed 0.18.0 to 0.19.8: the classes that are leaves when `classes` is not given. */
extern const struct text deepspeed_default_classes[3];

/* Reads a file by its kind, which its name says: .yaml and .yml are YAML, everything else is DeepSpeed's JSON.  Never
 * fails: what cannot be read is a fault. */
void config_read(struct configs *configs, struct source *source, struct arena *arena);

/* Reads a DeepSpeed JSON (or hjson) config as DeepSpeed 0.19.8 reads it. */
void config_read_deepspeed(struct config *config, struct source *source, struct arena *arena);
/* DeepSpeed's settings inside YAML: the whole document, or any mapping in it that has `zero_optimization`, as under
 * `deepspeed` in the files of axolotl, LLaMA-Factory, ms-swift and Hugging Face's Trainer. */
void config_read_yaml(struct configs *configs, struct source *source, struct arena *arena);
/* A training script: dict literals with `zero_optimization`, and the calls of deepspeed.utils that set leaves, as far as
 * it is certain that they run and what they are given.  Nothing is executed. */
void config_read_python(struct configs *configs, struct source *source, struct arena *arena);

#endif
