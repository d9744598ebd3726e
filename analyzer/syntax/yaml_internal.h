/*
 * What the files of the YAML reader share.  Nobody else includes this.
 */
#ifndef SYNTAX_YAML_INTERNAL_H
#define SYNTAX_YAML_INTERNAL_H

#include <yaml.h>

#include "syntax/yaml.h"

struct yaml_key {
    struct text text;
    struct span span;
    bool given, is_string;
    bool merges;  /* `<<` */
    bool skipped; /* it can be no key */
};

/* A mapping or list that is open. */
struct yaml_frame {
    struct json_value *container, *last;
    struct yaml_key key;        /* of the value that comes next */
    struct json_value **merges; /* what `<<` takes in, as the file has it: mappings, and lists of mappings */
    size_t merge_count, merge_capacity;
    bool flow;     /* in brackets */
    bool odd_keys; /* some keys are no strings */
};

struct yaml_anchor {
    struct text name;
    const struct json_value *value;
};

struct yaml_reader {
    const struct source *source;
    struct arena *arena;
    struct json_document *document;
    struct span *next_document;
    yaml_parser_t parser;
    struct text input;   /* what libyaml reads: the file behind its byte order mark, mended where PyYAML reads more */
    struct text_builder mended_input;
    size_t mended;
    size_t inserted[LIMIT_YAML_MENDED]; /* characters of `input` that are not in the file, ascending */
    size_t inserted_count;
    uint32_t first_byte; /* behind a byte order mark */
    uint32_t cursor_byte;
    size_t cursor_character; /* the same place, as libyaml counts */
    struct yaml_frame frames[LIMIT_CONFIG_DEPTH];
    size_t depth;
    struct yaml_anchor anchors[LIMIT_CONFIG_ANCHORS];
    uint32_t anchor_hashes[LIMIT_CONFIG_ANCHORS];
    size_t anchor_count;
    size_t values, documents;
    bool tabs;          /* the file has some: then `texts` are the quoted strings and block scalars, in its order */
    struct span *texts;
    size_t text_count, text_capacity;
    bool stopped;
};

/* ---- yaml.c ---- */

uint32_t yaml_byte(struct yaml_reader *reader, const yaml_mark_t *mark);
/* Notes an error and marks what is open as damaged. */
void yaml_fail(struct yaml_reader *reader, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Counts; past the bound it is noted, and reading stops. */
struct json_value *yaml_new_value(struct yaml_reader *reader, enum json_kind kind, struct span span);

/* ---- yaml_node.c ---- */

/* Is it the tag that a mapping or list has anyway? */
bool yaml_is_own_tag(struct text tag, bool mapping);
/* Makes it a value that JSON does not have. */
void yaml_set_other(struct json_value *value, struct text tag, struct arena *arena);
/* Kind and value of a scalar. */
void yaml_set_scalar(struct json_value *value, struct text text, struct text tag, bool plain, struct arena *arena);
/* Is it a plain `<<`, which merges as a key, and which safe_load refuses elsewhere? */
bool yaml_is_merge_key(const struct json_value *value);
/* NULL when there is none. */
const struct json_value *yaml_find_anchor(const struct yaml_reader *reader, struct text name, uint32_t hash);
/* Is it open: would an alias to it be inside itself? */
bool yaml_is_open(const struct yaml_reader *reader, const struct json_value *value);
/* With all that is in it; each value counts. */
struct json_value *yaml_copy(struct yaml_reader *reader, const struct json_value *value);
/* Notes the value of a `<<`. */
void yaml_take_merge(struct yaml_reader *reader, struct yaml_frame *frame, struct json_value *value);
/* Puts in what `<<` takes, and finds keys that are given twice. */
void yaml_finish_mapping(struct yaml_reader *reader, struct yaml_frame *frame);
void yaml_sort_duplicates(struct json_document *document);

#endif
