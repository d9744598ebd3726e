/*
 * A DeepSpeed config file as DeepSpeed 0.19.8 reads it: hjson.load of the file, a fault for two equal keys, then the
 * validation of `zero_optimization`.  Other sections are not looked at, except for keys that DeepSpeed refuses by name
 * and for a `leaf_module` gone astray.
 */
#include "config/deepspeed_internal.h"

#include <stdlib.h>

/* ---- what cannot be read ---- */

bool add_not_text(struct deepspeed_reader *reader)
{
    struct text bytes = reader->source->bytes;
    bool wide = text_starts(bytes, TEXT("\xFF\xFE")) || text_starts(bytes, TEXT("\xFE\xFF"));
    if (wide) {
        fault_add(reader, FAULT_SYNTAX, (struct span){0, 2}, TEXT(""), "the file is UTF-16; DeepSpeed reads UTF-8");
        return true;
    }
    const char *nul = bytes.length ? memchr(bytes.bytes, 0, bytes.length) : NULL;
    if (!nul)
        return false;
    uint32_t at = (uint32_t)(nul - bytes.bytes);
    fault_add(reader, FAULT_SYNTAX, (struct span){at, at + 1}, TEXT(""), "the file is not text: it holds a NUL byte");
    return true;
}

/* A YAML file given for a JSON one: "- " or "---" at the start of a line, and no bracket at the start of the file. */
static bool add_yaml(struct deepspeed_reader *reader)
{
    struct text bytes = reader->source->bytes;
    const struct json_value *root = reader->document.root;
    if (root->span.start < bytes.length &&
        (bytes.bytes[root->span.start] == '{' || bytes.bytes[root->span.start] == '['))
        return false;
    for (uint32_t at = 0; at < bytes.length;) {
        uint32_t start = at;
        while (at < bytes.length && (bytes.bytes[at] == ' ' || bytes.bytes[at] == '\t'))
            at++;
        struct text rest = {bytes.bytes + at, bytes.length - at};
        if (text_starts(rest, TEXT("- ")) || (at == start && text_starts(rest, TEXT("---")))) {
            fault_add(reader, FAULT_SYNTAX, (struct span){at, at + 1}, TEXT(""),
                      "this looks like YAML; DeepSpeed reads JSON (or hjson)");
            return true;
        }
        const char *end = memchr(rest.bytes, '\n', rest.length);
        at = end ? (uint32_t)(end - bytes.bytes) + 1 : (uint32_t)bytes.length;
    }
    return false;
}

/* False when the file is something else, so that nothing in it is worth reading. */
static bool add_syntax(struct deepspeed_reader *reader)
{
    const struct json_document *document = &reader->document;
    if (document->error_count && (add_not_text(reader) || add_yaml(reader)))
        return false;
    add_syntax_errors(reader, document);
    if (document->features[JSON_FEATURE_EMPTY].count) {
        fault_add(reader, FAULT_SYNTAX, (struct span){0, 0}, TEXT(""), "the file %s",
                  document->features[JSON_FEATURE_COMMENT].count ? "holds nothing but comments" : "is empty");
        return false;
    }
    if (document->root->kind != JSON_OBJECT && document->error_count == 0)
        fault_add(reader, FAULT_SYNTAX, document->root->span, TEXT(""), "a config is a mapping, this is %.*s",
                  TEXT_ARGS(json_words(document->root)));
    return document->root->kind == JSON_OBJECT;
}

/* ---- what only hjson reads ---- */

static const char *const feature_words[JSON_FEATURE_KINDS] = {
    [JSON_FEATURE_COMMENT] = "a comment",
    [JSON_FEATURE_TRAILING_COMMA] = "a comma after the last item",
    [JSON_FEATURE_MISSING_COMMA] = "no comma after this",
    [JSON_FEATURE_SINGLE_QUOTES] = "a string in single quotes",
    [JSON_FEATURE_MULTILINE_STRING] = "a string in three single quotes",
    [JSON_FEATURE_UNQUOTED_KEY] = "a key without quotes",
    [JSON_FEATURE_UNQUOTED_STRING] = "a string without quotes",
    [JSON_FEATURE_NO_ROOT_BRACES] = "no `{` `}` around the config",
    [JSON_FEATURE_BYTE_ORDER_MARK] = "a byte order mark at the start of the file",
    [JSON_FEATURE_ESCAPE] = "an escape that is not JSON's",
    [JSON_FEATURE_BLANK] = "a blank that is not JSON's",
};

/* One fault for each kind, at its first place: a file with a comment on every line is one mistake, not fifty. */
static void add_features(struct deepspeed_reader *reader)
{
    for (size_t kind = 0; kind < JSON_FEATURE_KINDS; kind++) {
        const struct json_feature *feature = &reader->document.features[kind];
        if (feature->count == 0 || !feature_words[kind])
            continue;
        struct text cut = source_cut(reader->source, feature->span), more = TEXT("");
        if (feature->count > 1)
            more = text_format(reader->arena, ", the first of %u", feature->count);
        if (kind == JSON_FEATURE_UNQUOTED_STRING && text_ends(cut, TEXT(",")))
            fault_add(reader, FAULT_NEEDS_HJSON, feature->span, TEXT(""),
                      "%s%.*s: DeepSpeed takes it up to the end of the line, comma included (`%.*s`); Hugging Face's "
                      "Trainer and accelerate cannot read it",
                      feature_words[kind], TEXT_ARGS(more), TEXT_ARGS(fault_text(reader, cut)));
        else
            fault_add(reader, FAULT_NEEDS_HJSON, feature->span, TEXT(""),
                      "%s%.*s: DeepSpeed reads it, Hugging Face's Trainer and accelerate (strict JSON) do not",
                      feature_words[kind], TEXT_ARGS(more));
    }
}

/* ---- the file ---- */

/* A threshold over 0 makes DeepSpeed add leaves of its own choice; what is no plain number may be one. */
static void read_size_leaves(struct deepspeed_reader *reader)
{
    static const char *const names[] = {"stage3_module_granularity_threshold", "module_granularity_threshold"};
    struct leaf_config *leaf = &reader->config->leaf;
    for (size_t i = 0; reader->zero && i < sizeof names / sizeof *names; i++) {
        const struct json_value *value = member_seen(reader->zero, names[i]);
        if (!value || (value->kind == JSON_NUMBER && value->number.real <= 0))
            continue;
        leaf->size_leaves = true;
        if (leaf->size_threshold_key.length)
            continue;
        leaf->size_threshold_span = value->span;
        leaf->size_threshold_key = key_join(reader, TEXT("zero_optimization"), text_from(names[i]));
        double number = setting_number(value);
        if (number >= 1) /* Python's int has no end; sys.maxsize is more than any module has */
            leaf->size_threshold = number < 9223372036854775808.0 ? (int64_t)number : INT64_MAX;
    }
}

static void point_at_start(struct config *config, const struct json_value *root)
{
    size_t length = config->source->bytes.length;
    uint32_t first = root->span.start < length ? root->span.start : 0;
    config->leaf.span = (struct span){first, first + (first < length)};
    config->leaf.stage = -1;
}

void read_settings(struct deepspeed_reader *reader)
{
    struct config *config = reader->config;
    const struct json_value *root = reader->document.root;
    point_at_start(config, root);
    config->leaf.stage = root->damaged ? -1 : 0; /* the section may be in what could not be read */
    read_zero(reader, root);
    if (reader->leaf)
        read_leaf(reader, reader->leaf);
    read_size_leaves(reader);
    check_places(reader);
}

void config_read_deepspeed(struct config *config, struct source *source, struct arena *arena)
{
    struct deepspeed_reader *reader = memory_alloc(sizeof *reader);
    *reader = (struct deepspeed_reader){.config = config, .source = source, .arena = arena};
    *config = (struct config){.source = source};
    json_read(&reader->document, source, JSON_HJSON, arena);
    point_at_start(config, reader->document.root);
    config->readable = add_syntax(reader);
    if (config->readable) {
        read_settings(reader);
        add_features(reader);
    }
    config->leaf.valid = !reader->refused;
    free(reader);
}
