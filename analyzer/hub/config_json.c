#include "hub/config_json.h"

#include <string.h>

#include "eval/evidence.h"

bool config_json_read(struct config_json *config, struct text path, struct arena *arena, struct text *message)
{
    *config = (struct config_json){.path = text_copy(arena, path)};
    size_t folder = path.length;
    while (folder && path.bytes[folder - 1] != '/')
        folder--;
    config->folder = folder ? text_copy(arena, (struct text){path.bytes, folder > 1 ? folder - 1 : 1}) : TEXT(".");
    enum source_status status = source_read(&config->source, config->path.bytes, path, LIMIT_CONFIG_BYTES);
    if (status != SOURCE_OK) {
        *message = text_format(arena, "%.*s: %s", TEXT_ARGS(path), source_status_words(status));
        return false;
    }
    json_read(&config->document, &config->source, JSON_STRICT, arena);
    if (config->document.error_count) {
        const struct json_error *error = &config->document.errors[0];
        struct place place = source_place(&config->source, error->span.start);
        *message = text_format(arena, "%.*s:%u:%u: %.*s", TEXT_ARGS(path), place.line, place.column, TEXT_ARGS(error->message));
        return false;
    }
    if (config->document.root->kind != JSON_OBJECT) {
        *message = text_format(arena, "%.*s: is %.*s, not a mapping", TEXT_ARGS(path), TEXT_ARGS(json_words(config->document.root)));
        return false;
    }
    const struct json_value *type = json_get(config->document.root, TEXT("model_type"));
    if (type && type->kind == JSON_STRING)
        config->model_type = type->text;
    return true;
}

struct text config_json_architecture(const struct config_json *config, size_t number)
{
    const struct json_value *item = json_first(json_get(config->document.root, TEXT("architectures")));
    while (item && number--)
        item = item->next;
    return item && item->kind == JSON_STRING ? item->text : (struct text){0};
}

/* "modeling_x.XForCausalLM" -> its two parts; `repo--module.Class` names code that is not here. */
static bool split_reference(struct text reference, struct text *module, struct text *class_name, struct text *problem)
{
    size_t dot = reference.length;
    while (dot && reference.bytes[dot - 1] != '.')
        dot--;
    if (text_holds(reference, TEXT("--"))) {
        *problem = TEXT("its code is in another repository");
        return true;
    }
    bool plain = dot > 1 && dot < reference.length;
    for (size_t i = 0; i < reference.length && plain; i++)
        plain = reference.bytes[i] != '/' && reference.bytes[i] != '\\' && reference.bytes[i] != 0;
    if (!plain || reference.bytes[0] == '.') {
        *problem = TEXT("does not name a class of a file beside config.json");
        return true;
    }
    *module = (struct text){reference.bytes, dot - 1};
    *class_name = (struct text){reference.bytes + dot, reference.length - dot};
    return true;
}

/* The string of auto_map that names code for `kind` or, with kind "", for the class `name`; NULL without. */
static const struct json_value *custom_reference(const struct config_json *config, struct text kind, struct text name)
{
    const struct json_value *item = json_first(json_get(config->document.root, TEXT("auto_map")));
    for (; item; item = item->next) {
        const struct json_value *value = item->kind == JSON_ARRAY ? json_first(item) : item;
        if (!value || value->kind != JSON_STRING)
            continue;
        struct text reference = value->text;
        if (kind.length ? text_equal(item->key, kind)
                        : text_starts(item->key, TEXT("AutoModel")) && text_ends(reference, name) && reference.length > name.length &&
                              reference.bytes[reference.length - name.length - 1] == '.')
            return value;
    }
    return NULL;
}

bool config_json_custom(const struct config_json *config, struct text kind, struct text name, struct text *module, struct text *class_name,
                        struct text *problem)
{
    *problem = (struct text){0};
    const struct json_value *reference = custom_reference(config, kind, name);
    return reference && split_reference(reference->text, module, class_name, problem);
}

const struct json_value *config_json_naming(const struct config_json *config, struct text architecture)
{
    const struct json_value *reference = custom_reference(config, (struct text){0}, architecture);
    const struct json_value *item = json_first(json_get(config->document.root, TEXT("architectures")));
    while (!reference && item && !json_is_text(item, architecture))
        item = item->next;
    return reference ? reference : item;
}

static struct value to_value(struct eval *ev, const struct json_value *json);

static struct value to_dict(struct eval *ev, const struct json_value *json)
{
    struct dict *dict = dict_new(ev);
    for (const struct json_value *item = json_first(json); item; item = item->next) {
        struct value key = eval_text(ev, item->key), value = to_value(ev, item);
        if (is_raised(value))
            return value;
        if (is_unknown(key))
            dict->open = key.reason;
        else if (!dict_set(ev, dict, key, value))
            return value_raised();
    }
    return value_of(VALUE_DICT, dict);
}

static struct value to_list(struct eval *ev, const struct json_value *json)
{
    struct list *list = list_new(ev, json->count);
    for (const struct json_value *item = json_first(json); item; item = item->next) {
        struct value value = to_value(ev, item);
        if (is_raised(value) || !list_append(ev, list, value))
            return value_raised();
    }
    return value_of(VALUE_LIST, list);
}

static struct value to_plain_value(struct eval *ev, const struct json_value *json)
{
    switch (json->kind) {
    case JSON_NULL:
        return value_none();
    case JSON_BOOL:
        return value_bool(json->truth);
    case JSON_NUMBER:
        if (json->integer && json->overflow)
            return eval_unknown(ev, "an integer over 64 bits");
        return json->integer ? value_int(json->number.whole) : value_float(json->number.real);
    case JSON_STRING:
        return eval_text(ev, json->text);
    case JSON_ARRAY:
        return to_list(ev, json);
    case JSON_OBJECT:
        return to_dict(ev, json);
    case JSON_OTHER: /* not in JSON */
        return value_none();
    }
    return value_none();
}

/* The reader bounds how deep it nests. */
static struct value to_value(struct eval *ev, const struct json_value *json)
{
    if (++ev->steps > ev->step_limit)
        return eval_stop(ev, "a config.json with too many values");
    struct value value = to_plain_value(ev, json);
    if (ev->evidence && !is_raised(value))
        value.given = evidence_given(ev, json);
    return value;
}

struct value config_json_values(struct eval *ev, const struct config_json *config)
{
    /* The file as a whole is no evidence: it flows into everything. */
    return to_plain_value(ev, config->document.root);
}

/* Finds the value below `container` and writes its path backwards, the part next to it first. */
static bool find_path(const struct json_value *container, const struct json_value *wanted, struct arena *arena, struct text *path)
{
    size_t index = 0;
    for (const struct json_value *item = json_first(container); item; item = item->next, index++) {
        struct text below = {0};
        if (item != wanted && !find_path(item, wanted, arena, &below))
            continue;
        const char *dot = below.length && below.bytes[0] != '[' ? "." : "";
        *path = container->kind == JSON_ARRAY
                    ? text_format(arena, "[%zu]%s%.*s", index, dot, TEXT_ARGS(below))
                    : text_format(arena, "%.*s%s%.*s", TEXT_ARGS(item->key), dot, TEXT_ARGS(below));
        return true;
    }
    return false;
}

struct text config_json_path(const struct config_json *config, const struct json_value *value, struct arena *arena)
{
    struct text path = {0};
    find_path(config->document.root, value, arena, &path);
    return path;
}
