/*
 * The flat settings of accelerate's configuration, from which it makes DeepSpeed's (accelerate 1.15.0,
 * utils/dataclasses.py and utils/launch.py): the stage is `zero_stage`, 2 when it is not given; blocks are named in
 * `deepspeed_moe_layer_cls_names`, a string that is split at its commas and nothing else.  There is no `leaf_module`, so
 * DeepSpeed's defaults hold.
 */
#include "config/deepspeed_internal.h"

#define NAMES "deepspeed_moe_layer_cls_names"

static const struct reference_call accelerate = {.name = {"accelerate", 10}, .each_raises = true};

static void read_stage(struct deepspeed_reader *reader, const struct json_value *mapping)
{
    struct leaf_config *leaf = &reader->config->leaf;
    const struct json_value *stage = json_get(mapping, TEXT("zero_stage"));
    leaf->stage = mapping->damaged ? -1 : 2;
    if (!stage || stage->kind == JSON_NULL)
        return;
    leaf->stage_span = stage->span;
    leaf->stage = stage->damaged ? -1 : setting_stage(stage);
    if (leaf->stage < 0 && !stage->damaged)
        fault_add(reader, FAULT_WRONG_TYPE, stage->span, TEXT("deepspeed_config.zero_stage"),
                  "`zero_stage` must be 0, 1, 2 or 3, not %.*s", TEXT_ARGS(fault_value_words(reader, stage)));
}

static void read_names(struct deepspeed_reader *reader, const struct json_value *names)
{
    struct config *config = reader->config;
    if (names->kind == JSON_NULL || names->damaged)
        return;
    if (names->kind != JSON_STRING) {
        fault_add(reader, FAULT_WRONG_TYPE, names->span, TEXT("deepspeed_config." NAMES),
                  "`" NAMES "` must be one string with commas between the names, not %.*s",
                  TEXT_ARGS(fault_value_words(reader, names)));
        return;
    }
    /* Where the string is written as it is, each name has its place. */
    struct text written = source_cut(reader->source, names->span);
    bool quoted = written.length && (written.bytes[0] == '"' || written.bytes[0] == '\'');
    bool as_it_is = written.length == names->text.length + (quoted ? 2 : 0) &&
                    memcmp(written.bytes + quoted, names->text.bytes, names->text.length) == 0;
    size_t count = 1;
    for (size_t i = 0; i < names->text.length; i++)
        count += names->text.bytes[i] == ',';
    config->references = ARENA_ARRAY(reader->arena, count, struct reference);
    for (size_t start = 0, index = 0; index < count; index++) {
        size_t end = start;
        while (end < names->text.length && names->text.bytes[end] != ',')
            end++;
        struct reference *reference = &config->references[config->reference_count++];
        *reference = (struct reference){.kind = REFERENCE_LAYER, .index = (uint32_t)index, .duplicate_of = -1};
        reference->text = (struct text){names->text.bytes + start, end - start};
        reference->span = names->span;
        if (as_it_is && count > 1)
            reference->span = (struct span){names->span.start + quoted + (uint32_t)start,
                                            names->span.start + quoted + (uint32_t)end};
        reference->key = text_format(reader->arena, "%.*s." NAMES "[%zu]", TEXT_ARGS(config->prefix), index);
        reference->call = &accelerate;
        start = end + 1;
    }
}

void read_accelerate(struct deepspeed_reader *reader, const struct json_value *mapping)
{
    struct config *config = reader->config;
    const struct json_value *names = json_get(mapping, TEXT(NAMES)), *file = json_get(mapping, TEXT("deepspeed_config_file"));
    config->flat = TEXT(NAMES);
    config->leaf.span = mapping->key_span;
    read_stage(reader, mapping);
    config->leaf.other_leaves = file && file->kind != JSON_NULL; /* then stage and leaves are that file's */
    if (config->leaf.other_leaves)
        config->leaf.stage = -1;
    if (names)
        read_names(reader, names);
    if (names && names->damaged)
        config->leaf.other_leaves = true;
}
