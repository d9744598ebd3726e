#include "rules/support/suggestion.h"

#include <stdlib.h>
#include <string.h>

#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"

/* A config that leaflint itself writes, read and judged as one of people's is. */
struct draft {
    struct source source;
    struct config config;
    struct judged judged;
    struct rule_context context;
    struct findings findings;
};

static void draft_read(struct draft *draft, struct text json, const struct model *model, struct arena *arena)
{
    *draft = (struct draft){.findings.arena = arena};
    source_from_bytes(&draft->source, json, TEXT("suggestion"));
    config_read_deepspeed(&draft->config, &draft->source, arena);
    draft->judged.model = model;
    leaf_set_apply(&draft->judged.leaves, &draft->config, model, arena);
    draft->context = (struct rule_context){.config = &draft->config, .models = &draft->judged, .model_count = 1,
                                           .findings = &draft->findings, .arena = arena};
}

static void draft_free(struct draft *draft)
{
    findings_free(&draft->findings);
    source_free(&draft->source);
}

/* The plain name of a class, or with its module where the model has two of that name. */
static struct text entry_of(const struct model *model, uint32_t class)
{
    for (uint32_t other = 0; other < model->class_count; other++)
        if (other != class && text_equal(model->classes[other].name, model->classes[class].name))
            return model->classes[class].qualified;
    return model->classes[class].name;
}

static void set_leaf(struct suggested_leaf *leaf, const struct model *model, uint32_t class)
{
    leaf->class = class;
    leaf->entry = entry_of(model, class);
    leaf->parameters = -1;
    for (uint32_t i = 0; i < model->module_count; i++) {
        if (model->modules[i].class_index != class)
            continue;
        int64_t parameters = model_gathered_parameters(model, i);
        if (parameters > leaf->parameters)
            leaf->parameters = parameters;
    }
}

/* The blocks that have no leaf with this config, certain ones in leaves and others in doubts. */
static void find_blocks(struct suggestion *suggestion, struct text json, const struct model *model, struct arena *arena)
{
    struct draft draft;
    struct bare_blocks *blocks;
    draft_read(&draft, json, model, arena);
    size_t count = bare_blocks_find(&draft.context, &blocks);
    suggestion->leaf_count = suggestion->doubt_count = 0;
    suggestion->leaves = ARENA_ARRAY(arena, count, struct suggested_leaf);
    suggestion->doubts = ARENA_ARRAY(arena, count, struct suggested_leaf);
    for (size_t i = 0; i < count; i++) {
        struct suggested_leaf leaf = {.block = blocks[i].class, .modules = blocks[i].modules, .count = blocks[i].count,
                                      .routing = blocks[i].routing};
        set_leaf(&leaf, model, leaf.block);
        if (blocks[i].routing->verdict == ROUTING_YES)
            suggestion->leaves[suggestion->leaf_count++] = leaf;
        else
            suggestion->doubts[suggestion->doubt_count++] = leaf;
    }
    draft_free(&draft);
}

/* Fills in entries and json. */
static void write_block(struct suggestion *suggestion, struct arena *arena)
{
    struct text_builder builder = {0};
    suggestion->entries = ARENA_ARRAY(arena, suggestion->leaf_count, struct text);
    suggestion->entry_count = 0;
    text_builder_add(&builder, TEXT("\"leaf_module\": {\n  \"classes\": ["));
    for (size_t i = 0; i < suggestion->leaf_count; i++) {
        struct text entry = suggestion->leaves[i].entry, quoted = json_quoted(arena, entry);
        bool repeated = false;
        for (size_t before = 0; before < suggestion->entry_count && !repeated; before++)
            repeated = text_equal(suggestion->entries[before], entry);
        if (repeated)
            continue;
        text_builder_addf(&builder, "%s\n    %.*s", suggestion->entry_count ? "," : "", TEXT_ARGS(quoted));
        suggestion->entries[suggestion->entry_count++] = entry;
    }
    text_builder_add(&builder, TEXT("\n  ]\n}"));
    suggestion->json = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
}

/* The leaf whose entry a finding is about; NULL when it is about none. */
static struct suggested_leaf *leaf_of(struct suggestion *suggestion, const struct finding *finding)
{
    for (size_t i = 0; finding->value.length && i < suggestion->leaf_count; i++)
        if (text_equal(suggestion->leaves[i].entry, finding->value))
            return &suggestion->leaves[i];
    return NULL;
}

/* Does it say that a leaf fails, or (a note of this rule) that it may? */
static bool is_fault(const struct finding *finding)
{
    return finding->severity >= SEVERITY_WARNING || text_equal(finding->rule, TEXT("inplace-leaf-input"));
}

/* The gravest that is wrong with the suggestion, linted as a config of its own; NULL: nothing that could fail or train
 * wrongly.  The findings live in the arena. */
static const struct finding *fault_of(const struct suggestion *suggestion, const struct model *model, struct arena *arena)
{
    struct draft draft;
    struct finding *fault = NULL;
    struct text json = text_format(arena, "{\"zero_optimization\": {\"stage\": 3, %.*s}}", TEXT_ARGS(suggestion->json));
    draft_read(&draft, json, model, arena);
    rules_check(&draft.config, &model, 1, NULL, NULL, &draft.findings);
    for (size_t i = 0; i < draft.findings.count; i++) {
        const struct finding *finding = &draft.findings.items[i];
        if (!is_fault(finding) || (fault && fault->severity >= finding->severity))
            continue;
        fault = fault ? fault : ARENA_NEW(arena, struct finding);
        *fault = *finding;
    }
    draft_free(&draft);
    return fault;
}

/* Where a leaf on the block itself would be wrong, the module above may do. */
static bool move_above(struct suggested_leaf *leaf, const struct model *model)
{
    uint32_t class = leaf->class, above = MODULE_NONE;
    for (uint32_t i = 0; i < model->module_count && above == MODULE_NONE; i++)
        if (model->modules[i].class_index == class)
            above = class_called_above(model, i);
    if (above == MODULE_NONE || above == class)
        return false;
    set_leaf(leaf, model, above);
    return true;
}

/* Moves leaves up until the suggestion lints clean, or as clean as one that was met on the way: what may fail is better than
 * what does. */
static void move_leaves(struct suggestion *suggestion, const struct model *model, struct arena *arena)
{
    struct suggested_leaf *leaves = suggestion->leaves, *best = NULL;
    const struct finding *least = NULL;
    for (size_t moves = 0; moves <= LIMIT_MODULE_DEPTH; moves++) {
        write_block(suggestion, arena);
        const struct finding *fault = fault_of(suggestion, model, arena);
        if (!fault || !best || fault->severity < least->severity) {
            best = ARENA_ARRAY(arena, suggestion->leaf_count, struct suggested_leaf);
            memcpy(best, leaves, suggestion->leaf_count * sizeof *best);
            least = fault;
        }
        struct suggested_leaf *leaf = fault ? leaf_of(suggestion, fault) : NULL;
        if (!leaf || !move_above(leaf, model))
            break;
    }
    suggestion->leaves = best;
    write_block(suggestion, arena);
    suggestion->kind = least && least->severity == SEVERITY_ERROR ? SUGGESTION_IMPOSSIBLE : SUGGESTION_BLOCK;
    suggestion->trouble = least ? least->message : TEXT("");
}

void suggestion_make(struct suggestion *suggestion, const struct model *model, struct arena *arena)
{
    *suggestion = (struct suggestion){.kind = SUGGESTION_NOTHING};
    find_blocks(suggestion, TEXT("{\"zero_optimization\": {\"stage\": 3}}"), model, arena);
    bool defaults = suggestion->leaf_count == 0;
    find_blocks(suggestion, TEXT("{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"classes\": []}}}"), model, arena);
    if (suggestion->leaf_count == 0)
        return;
    if (defaults) {
        suggestion->kind = SUGGESTION_DEFAULTS;
        return;
    }
    move_leaves(suggestion, model, arena);
}
