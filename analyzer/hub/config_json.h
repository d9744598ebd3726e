/*
 * A model's config.json: which architectures it names, and its values for the evaluator.
 */
#ifndef HUB_CONFIG_JSON_H
#define HUB_CONFIG_JSON_H

#include "eval/eval.h"
#include "source/source.h"
#include "syntax/json.h"

struct config_json {
    struct source source;
    struct json_document document;
    struct text path, folder; /* "." for a path without a folder */
    struct text model_type;   /* "" when not given */
};

/* Reads `path` as json.load would.  False: *message says what is wrong with it, with its place.  Texts live in the arena;
 * free the source with source_free(). */
bool config_json_read(struct config_json *config, struct text path, struct arena *arena, struct text *message);
/* architectures[number], "" when there is none. */
struct text config_json_architecture(const struct config_json *config, size_t number);
/* auto_map: the module file and class named for `kind` ("AutoConfig") or, with kind "", for the class `name`.  False when
 * there is none.  *problem is set when there is one that does not name a file beside config.json. */
bool config_json_custom(const struct config_json *config, struct text kind, struct text name, struct text *module, struct text *class_name,
                        struct text *problem);
/* The value that names this architecture: in auto_map, else in architectures; NULL without. */
const struct json_value *config_json_naming(const struct config_json *config, struct text architecture);
/* As a dict; RAISED when a bound was reached.  Where evidence is kept, each value is given: its struct json_value. */
struct value config_json_values(struct eval *ev, const struct config_json *config);
/* Where a value of the document stands: "text_config.layer_types[3]". */
struct text config_json_path(const struct config_json *config, const struct json_value *value, struct arena *arena);

#endif
