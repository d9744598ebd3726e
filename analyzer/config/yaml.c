/*
 * YAML files: where DeepSpeed's settings are in them.  What they mean does not depend on the file.
 */
#include "syntax/yaml.h"

#include <stdlib.h>

#include "base/suggest.h"
#include "config/deepspeed_internal.h"

struct yaml_file {
    struct configs *configs;
    struct source *source;
    struct arena *arena;
    struct json_document document;
    struct span next_document;
    struct deepspeed_reader *reader; /* of the place that is read */
    struct {
        struct text key; /* in a mapping */
        size_t index;    /* in a list */
        bool in_list;
    } parts[LIMIT_CONFIG_DEPTH + 1]; /* the way to where the search is */
    size_t depth;
};

/* ---- what PyYAML refuses ---- */

static bool add_syntax(struct yaml_file *file)
{
    const struct json_document *document = &file->document;
    struct deepspeed_reader *reader = file->reader;
    if (document->error_count && add_not_text(reader))
        return false;
    add_syntax_errors(reader, document);
    if (document->features[JSON_FEATURE_EMPTY].count)
        fault_add(reader, FAULT_SYNTAX, (struct span){0, 0}, TEXT(""), "the file %s",
                  reader->source->bytes.length ? "holds nothing but comments" : "is empty");
    else if (document->root->kind != JSON_OBJECT && document->error_count == 0)
        fault_add(reader, FAULT_SYNTAX, document->root->span, TEXT(""), "a config is a mapping, this is %.*s",
                  TEXT_ARGS(json_words(document->root)));
    return document->root->kind == JSON_OBJECT && !document->features[JSON_FEATURE_EMPTY].count;
}

/* Tags without a constructor, inside of DeepSpeed's settings: elsewhere a framework may have its own.  Recursion ends at
 * LIMIT_CONFIG_DEPTH, as the reader did. */
static void add_unknown_tags(struct deepspeed_reader *reader, const struct json_value *value)
{
    if (value->kind == JSON_OTHER && value->unknown_tag)
        fault_add(reader, FAULT_SYNTAX, value->span, TEXT(""), "PyYAML's safe_load does not read %.*s",
                  TEXT_ARGS(value->text));
    for (const struct json_value *member = json_first(value); member; member = member->next)
        add_unknown_tags(reader, member);
}

/* ---- places ---- */

/* Keys of frameworks whose value, when it is a mapping, is what DeepSpeed gets. */
static bool is_section_key(struct text key)
{
    return text_equal(key, TEXT("deepspeed")) || text_equal(key, TEXT("ds_config"));
}

static bool has_zero(const struct json_value *mapping, bool misspelt)
{
    struct text zero = TEXT("zero_optimization"), nearest;
    for (const struct json_value *member = json_first(mapping); member && mapping->kind == JSON_OBJECT;
         member = member->next)
        if (text_equal(member->key, zero) ||
            (misspelt && member->kind == JSON_OBJECT && suggest_nearest(member->key, &zero, 1, &nearest, 1) == 1))
            return true;
    return false;
}

static struct deepspeed_reader *begin(struct yaml_file *file, struct text prefix)
{
    struct configs *configs = file->configs;
    struct config *config = &configs->items[configs->count++];
    *config = (struct config){.source = file->source, .prefix = prefix};
    *file->reader = (struct deepspeed_reader){.config = config, .source = file->source, .arena = file->arena};
    file->reader->last_key_counts = true;
    return file->reader;
}

/* The duplicates inside of a mapping, in the file's order. */
static void take_duplicates(struct deepspeed_reader *reader, const struct json_document *document)
{
    struct span span = reader->document.root->span;
    reader->document.duplicates = ARENA_ARRAY(reader->arena, document->duplicate_count, struct json_duplicate);
    for (size_t i = 0; i < document->duplicate_count; i++) {
        struct span key = document->duplicates[i].again->key_span;
        if (key.start >= span.start && key.end <= span.end)
            reader->document.duplicates[reader->document.duplicate_count++] = document->duplicates[i];
    }
}

static void put_prefix(struct deepspeed_reader *reader)
{
    struct config *config = reader->config;
    if (config->prefix.length == 0)
        return;
    for (size_t i = 0; i < config->fault_count; i++)
        if (config->faults[i].key.length)
            config->faults[i].key = key_join(reader, config->prefix, config->faults[i].key);
    for (size_t i = 0; i < config->reference_count; i++)
        config->references[i].key = text_format(reader->arena, "%.*s.%.*s", TEXT_ARGS(config->prefix),
                                                TEXT_ARGS(config->references[i].key));
}

/* "train[0].deepspeed": where the search is. */
static struct text path_of(struct yaml_file *file)
{
    struct text_builder builder = {0};
    for (size_t i = 0; i < file->depth; i++) {
        if (file->parts[i].in_list)
            text_builder_addf(&builder, "[%zu]", file->parts[i].index);
        else
            text_builder_addf(&builder, "%s%.*s", i ? "." : "", TEXT_ARGS(fault_text(file->reader, file->parts[i].key)));
    }
    struct text path = text_copy(file->arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return path;
}

/* The reader for one more place; NULL when there are too many. */
static struct deepspeed_reader *take_place(struct yaml_file *file, struct json_value *mapping)
{
    struct configs *configs = file->configs;
    if (configs->count == LIMIT_CONFIG_SECTIONS) {
        configs->left_out++;
        return NULL;
    }
    struct text path = path_of(file);
    /* The first place takes over the config that holds the file's syntax errors. */
    bool first = configs->count == 1 && configs->items[0].nothing;
    struct deepspeed_reader *reader = file->reader;
    if (first) {
        configs->items[0].nothing = false;
        configs->items[0].prefix = path;
    } else {
        reader = begin(file, path);
        reader->refused = file->document.error_count > 0;
    }
    reader->document.root = mapping;
    take_duplicates(reader, &file->document);
    if (file->next_document.start < file->next_document.end && first)
        fault_add(reader, FAULT_SYNTAX, file->next_document, TEXT(""),
                  "a second document begins here; PyYAML's safe_load reads files of one");
    add_unknown_tags(reader, mapping);
    reader->config->readable = true;
    return reader;
}

static void read_section(struct yaml_file *file, struct json_value *mapping)
{
    struct deepspeed_reader *reader = take_place(file, mapping);
    if (!reader)
        return;
    read_settings(reader);
    const struct json_value *zero = json_get(mapping, TEXT("zero_optimization"));
    const struct json_value *leaf = json_get(zero, TEXT("leaf_module"));
    reader->config->leaf.other_leaves = (zero && zero->damaged) || (leaf && leaf->damaged);
    put_prefix(reader);
    reader->config->leaf.valid = !reader->refused;
}

/* accelerate's own settings, which only a DeepSpeed run uses. */
static bool is_accelerate(const struct yaml_file *file, const struct json_value *member)
{
    const struct json_value *kind = json_get(file->document.root, TEXT("distributed_type"));
    return file->depth == 1 && member->kind == JSON_OBJECT && text_equal(member->key, TEXT("deepspeed_config")) &&
           !has_zero(member, false) && (!kind || json_is_text(kind, TEXT("DEEPSPEED")));
}

static void read_flat(struct yaml_file *file, struct json_value *mapping)
{
    struct deepspeed_reader *reader = take_place(file, mapping);
    if (!reader)
        return;
    read_accelerate(reader, mapping);
    reader->config->leaf.valid = !reader->refused;
}

/* Recursion ends at LIMIT_CONFIG_DEPTH, as the reader did. */
static void find_sections(struct yaml_file *file, struct json_value *value, bool is_section)
{
    bool mapping = value->kind == JSON_OBJECT;
    if (mapping && (has_zero(value, is_section) || (is_section && file->depth))) {
        read_section(file, value);
        return;
    }
    size_t index = 0;
    for (struct json_value *member = value->first; member; member = member->next, index++) {
        if (!json_first(member) || file->depth > LIMIT_CONFIG_DEPTH)
            continue;
        file->parts[file->depth].key = member->key;
        file->parts[file->depth].index = index;
        file->parts[file->depth++].in_list = !mapping;
        if (mapping && is_accelerate(file, member))
            read_flat(file, member);
        else
            find_sections(file, member, mapping && is_section_key(member->key));
        file->depth--;
    }
}

void config_read_yaml(struct configs *configs, struct source *source, struct arena *arena)
{
    struct yaml_file *file = memory_alloc(sizeof *file);
    *file = (struct yaml_file){.configs = configs, .source = source, .arena = arena};
    file->reader = memory_alloc(sizeof *file->reader);
    *configs = (struct configs){.items = ARENA_ARRAY(arena, LIMIT_CONFIG_SECTIONS, struct config)};
    yaml_read(&file->document, &file->next_document, source, arena);
    struct deepspeed_reader *reader = begin(file, TEXT(""));
    configs->items[0].leaf.stage = -1;
    if (add_syntax(file)) {
        configs->items[0].nothing = true;
        find_sections(file, file->document.root, true);
        if (configs->items[0].nothing)
            configs->items[0].leaf.valid = !reader->refused;
    }
    free(file->reader);
    free(file);
}
