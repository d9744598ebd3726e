#include "rules/support/entries.h"

#include <stdlib.h>

#include "rules/support/fixes.h"

#define MAX_SHOWN 200 /* bytes of an entry in a message */

void report_faults(struct rule_context *context, enum config_fault_kind kind)
{
    const struct config *config = context->config;
    for (size_t i = 0; i < config->fault_count; i++) {
        const struct config_fault *fault = &config->faults[i];
        if (fault->kind != kind)
            continue;
        struct finding *finding =
            findings_add(context->findings, context->rule->name, context->rule->severity, fault->span);
        finding->message = fault->message;
        finding->key = fault->key;
        finding->value = fault->value;
        for (size_t suggestion = 0; suggestion < fault->suggestion_count; suggestion++)
            finding_suggest(finding, fault->suggestions[suggestion]);
        if (kind == FAULT_UNKNOWN_KEY)
            fix_with_suggestion(context, finding);
        else if (kind == FAULT_MISPLACED)
            fix_moved(context, finding, fault);
        if (fault->related.start < fault->related.end)
            finding_relate(finding, config->source->path, source_place(config->source, fault->related.start),
                           fault->related_message);
    }
}

struct text config_key(const struct rule_context *context, const char *key)
{
    struct text prefix = context->config->prefix;
    if (prefix.length == 0)
        return text_from(key);
    return text_format(context->arena, "%.*s.%s", TEXT_ARGS(prefix), key);
}

size_t entry_count(const struct rule_context *context)
{
    return context->model_count ? context->models[0].leaves.entry_count : 0;
}

const struct leaf_entry *entry_at(const struct rule_context *context, size_t entry)
{
    return &context->models[0].leaves.entries[entry];
}

bool entry_is_written(const struct rule_context *context, size_t entry)
{
    return entry_at(context, entry)->reference != LEAF_DEFAULT;
}

bool entry_sets_leaves(const struct rule_context *context, size_t entry)
{
    return entry_is_written(context, entry) && !context->models[0].leaves.some_removed;
}

enum leaf_truth entry_matched(const struct rule_context *context, size_t entry)
{
    enum leaf_truth matched = LEAF_NO;
    for (size_t i = 0; i < context->model_count; i++)
        if (context->models[i].leaves.entries[entry].matched > matched)
            matched = context->models[i].leaves.entries[entry].matched;
    return matched;
}

struct text miss_in_words(const struct rule_context *context, const struct reference *reference)
{
    const struct reference_call *call = reference->call;
    if (!call)
        return TEXT("");
    if (call->span.end == 0)
        return text_format(context->arena, "; %.*s raises then", TEXT_ARGS(call->name));
    bool raises = call->each_raises;
    if (!raises && call->none_raises && call->complete) {
        raises = true;
        for (size_t i = 0; i < entry_count(context); i++)
            raises = raises && (entry_at(context, i)->call != call || entry_matched(context, i) == LEAF_NO);
    }
    if (!raises && call->none_raises && !call->complete)
        return TEXT("");
    return text_format(context->arena, raises ? "; `%.*s` raises ValueError" : "; `%.*s` passes over it",
                       TEXT_ARGS(call->name));
}

struct finding *entry_finding(struct rule_context *context, enum severity severity, const struct reference *reference)
{
    struct finding *finding = findings_add(context->findings, context->rule->name, severity, reference->span);
    finding->key = reference->key;
    finding->value = reference->text;
    if (context->model_count)
        finding->model = context->models[0].model->architecture;
    return finding;
}

struct text models_in_words(const struct rule_context *context)
{
    struct text first = context->models[0].model->architecture;
    if (context->model_count == 1)
        return first;
    size_t others = context->model_count - 1;
    return text_format(context->arena, "%.*s (or of %zu other architecture%s of its type)", TEXT_ARGS(first), others,
                       others == 1 ? "" : "s");
}

struct text modules_in_words(struct rule_context *context, const struct model *model, const uint32_t *modules,
                             size_t count)
{
    struct text names = model_fold_names(model, modules, count, context->arena);
    if (count == 1)
        return names;
    return text_format(context->arena, "%.*s, %zu modules", TEXT_ARGS(names), count);
}

void relate_class(struct rule_context *context, struct finding *finding, const struct model *model, uint32_t class)
{
    const struct origin *origin = &model->classes[class].origin;
    if (origin->path.length == 0)
        return;
    uint32_t *modules = memory_alloc(model->module_count * sizeof *modules);
    size_t count = 0;
    for (uint32_t module = 0; module < model->module_count; module++)
        if (model->modules[module].class_index == class)
            modules[count++] = module;
    struct text words = modules_in_words(context, model, modules, count);
    struct text name = model->classes[class].name;
    finding_relate(finding, origin->path, origin->place,
                   text_format(context->arena, "%.*s is %.*s", TEXT_ARGS(name), TEXT_ARGS(words)));
    free(modules);
}

struct text shown(struct rule_context *context, struct text entry)
{
    bool cut = entry.length > MAX_SHOWN;
    if (!cut && (entry.length == 0 || !memchr(entry.bytes, 0, entry.length)))
        return entry;
    struct text_builder builder = {0};
    size_t end = cut ? MAX_SHOWN : entry.length;
    while (cut && end && ((unsigned char)entry.bytes[end] & 0xC0) == 0x80)
        end--;
    for (size_t i = 0; i < end; i++)
        text_builder_add(&builder, entry.bytes[i] ? (struct text){entry.bytes + i, 1} : TEXT("\xE2\x90\x80"));
    if (cut)
        text_builder_add(&builder, TEXT("..."));
    struct text copy = text_copy(context->arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return copy;
}

struct text json_quoted(struct arena *arena, struct text text)
{
    struct text_builder builder = {0};
    text_builder_add(&builder, TEXT("\""));
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte == '"' || byte == '\\')
            text_builder_addf(&builder, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F)
            text_builder_addf(&builder, "\\u%04x", byte);
        else
            text_builder_add(&builder, (struct text){text.bytes + i, 1});
    }
    text_builder_add(&builder, TEXT("\""));
    struct text quoted = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return quoted;
}

struct text last_component(struct text dotted)
{
    size_t start = dotted.length;
    while (start && dotted.bytes[start - 1] != '.')
        start--;
    return (struct text){dotted.bytes + start, dotted.length - start};
}
