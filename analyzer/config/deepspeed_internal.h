/*
 * What the files of the DeepSpeed reader share.  Nobody else includes this.
 */
#ifndef CONFIG_DEEPSPEED_INTERNAL_H
#define CONFIG_DEEPSPEED_INTERNAL_H

#include "config/config.h"
#include "config/deepspeed_keys.h"
#include "syntax/json.h"

struct deepspeed_reader {
    struct config *config;
    struct source *source;
    struct arena *arena;
    struct json_document document;
    const struct json_value *zero, *leaf; /* the mappings, NULL when they are not there or no mappings */
    bool refused;                         /* something that stops DeepSpeed was found */
    bool last_key_counts;                 /* of two equal keys the loader takes the last, and says nothing */
};

/* ---- deepspeed.c ---- */

/* Reads document.root, a mapping, as DeepSpeed's settings. */
void read_settings(struct deepspeed_reader *reader);
/* A file that is no text at all says one thing, not twenty: was it said? */
bool add_not_text(struct deepspeed_reader *reader);

/* ---- faults.c ---- */

/* Adds a fault; NULL when there are too many already. */
struct config_fault *fault_add(struct deepspeed_reader *reader, enum config_fault_kind kind, struct span span,
                               struct text key, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Is there no room for one more?  Then it is counted, and the caller need not word it. */
bool fault_dropped(struct deepspeed_reader *reader, enum config_fault_kind kind);
/* A fault for each error of the document's reader, which may be another than this one's (YAML). */
void add_syntax_errors(struct deepspeed_reader *reader, const struct json_document *document);
void fault_relate(struct config_fault *fault, struct span span, struct text message);
/* Text from the file for a message: cut when it is long. */
struct text fault_text(struct deepspeed_reader *reader, struct text text);
/* What a value is, for "..., not WORDS": its source in backquotes, or "a list". */
struct text fault_value_words(struct deepspeed_reader *reader, const struct json_value *value);
/* "outer.key", or "key" when outer is ""; a long key is cut. */
struct text key_join(struct deepspeed_reader *reader, struct text outer, struct text key);

/* ---- deepspeed_values.c ---- */

/* Would validation accept this value for this key?  *expected then completes "... must be". */
bool setting_accepts(const struct key_facts *facts, const struct json_value *value);
struct text setting_expected(struct deepspeed_reader *reader, const struct key_facts *facts);
/* The ZeRO stage that a value means: 0 to 3, or -1. */
int setting_stage(const struct json_value *value);
/* An accepted value as a bool, as a number. */
bool setting_truth(const struct json_value *value);
double setting_number(const struct json_value *value);

/* ---- deepspeed_zero.c ---- */

/* Is this member dropped before validation, because its value is "auto"? */
bool member_is_dropped(const struct json_value *mapping, const struct json_value *member);
/* The member of this name that validation sees: the last one, unless it is dropped. */
const struct json_value *member_seen(const struct json_value *mapping, const char *name);
/* Checks zero_optimization and what is in it; sets zero and leaf. */
void read_zero(struct deepspeed_reader *reader, const struct json_value *zero);

/* ---- accelerate.c ---- */

/* Reads the mapping `deepspeed_config` of accelerate's own configuration. */
void read_accelerate(struct deepspeed_reader *reader, const struct json_value *mapping);

/* ---- deepspeed_leaf.c ---- */

/* Turns the lists of leaf_module into references. */
void read_leaf(struct deepspeed_reader *reader, const struct json_value *leaf);
/* Anything that looks like a leaf_module outside its place, and keys that are given twice. */
void check_places(struct deepspeed_reader *reader);

#endif
