/*
 * YAML with a span for every key and value, as PyYAML's safe_load reads it: what accelerate, axolotl, LLaMA-Factory,
 * ms-swift and Hugging Face's Trainer use.  YAML 1.1: `yes` is true, `1e-4` a string, `2024-01-01` a date.
 *
 * The result has the form of a JSON document, so that whoever reads configs need not know where they stood.  libyaml
 * finds the pieces; their meaning is here.  What differs from JSON:
 *
 * - A value behind an alias is a copy of what the anchor marks, with its spans: it points at where the text stands.
 * - Merge keys (`<<`) are resolved: what a mapping takes from another one stands before its own members, unless it has
 *   the key itself.  Where releases of PyYAML differ in which of several counts, it is `damaged`.
 * - Keys that are no strings have their text as written.  Of two equal string keys safe_load takes the last one.
 * - A value that is no JSON (a date, what has a tag) is JSON_OTHER; `unknown_tag` when safe_load stops at it.
 * - The span of an empty value is that of its key.
 *
 * error_count is zero exactly when safe_load would return a value, apart from unknown tags, several documents, and
 * leaflint's own bounds, which are errors too.  libyaml stops at the first syntax error: what was open then is marked
 * `damaged`.  Everything lives in the arena; texts are copies.
 */
#ifndef SYNTAX_YAML_H
#define SYNTAX_YAML_H

#include "syntax/json.h"

/* *next_document: where a second document begins, which safe_load refuses; start == end when there is none. */
void yaml_read(struct json_document *document, struct span *next_document, const struct source *source,
               struct arena *arena);

/* What a plain scalar means by PyYAML's resolver: sets kind and value. */
void yaml_resolve(struct json_value *value, struct text text);

#endif
