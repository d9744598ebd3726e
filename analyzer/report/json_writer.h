/*
 * Writes JSON piece by piece: valid UTF-8 always, whatever the texts hold.
 *
 * The caller keeps keys and values in order; commas, quotes and line breaks are the writer's.  An inline object or list
 * stays on one line with everything in it.  What is written may wait in the writer until the outermost bracket is closed.
 */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

#define JSON_DEPTH_MAX 60
#define JSON_WAITING_BYTES 4096

struct json_writer {
    FILE *out;
    unsigned depth;        /* open objects and lists, at most JSON_DEPTH_MAX */
    unsigned inline_depth; /* depth of the outermost inline one, 0 when there is none */
    uint64_t has_items;    /* bit per depth: something stands there already */
    bool after_key;
    size_t waiting_count; /* bytes that were not handed to `out` yet */
    char waiting[JSON_WAITING_BYTES];
};

enum json_layout { JSON_LINES, JSON_INLINE };

void json_open(struct json_writer *writer, char bracket, enum json_layout layout); /* '{' or '[' */
void json_close(struct json_writer *writer, char bracket);                         /* '}' or ']' */
void json_key(struct json_writer *writer, struct text key);
/* A malformed byte becomes U+FFFD; control characters, and what a line-based reader may take for a line end, are
 * escaped. */
void json_string(struct json_writer *writer, struct text text);
void json_integer(struct json_writer *writer, int64_t number);
void json_bool(struct json_writer *writer, bool truth);
void json_null(struct json_writer *writer);

/* A key with its value. */
void json_member(struct json_writer *writer, const char *key, struct text text);
void json_member_integer(struct json_writer *writer, const char *key, int64_t number);

#endif
