#include "rules/support/bare_blocks.h"

#include <stdlib.h>

#include "rules/support/entries.h"
#include "rules/support/fixes.h"

static const struct routing *routing_of(const struct model *model, uint32_t module)
{
    uint32_t class = model->modules[module].class_index;
    uint32_t routing = class == MODULE_NONE ? MODULE_NONE : model->classes[class].routing;
    return routing == MODULE_NONE ? NULL : &model->routings[routing];
}

bool bare_blocks_certain(const struct rule_context *context)
{
    const struct leaf_config *leaf = &context->config->leaf;
    return leaf->stage == 3 && !leaf->size_leaves && !leaf->may_change;
}

bool leaves_matter(const struct rule_context *context)
{
    const struct config *config = context->config;
    if (!config->readable || !config->leaf.valid || config->leaf.other_leaves || (config->leaf.stage >= 0 && config->leaf.stage != 3))
        return false;
    for (size_t i = 0; i < config->fault_count; i++)
        if (config->faults[i].kind == FAULT_SYNTAX)
            return false;
    return true;
}

/* Entries that match, or may. */
static size_t fit(const struct judged *judged)
{
    size_t matching = 0;
    for (size_t i = 0; i < judged->leaves.entry_count; i++)
        matching += judged->leaves.entries[i].reference != LEAF_DEFAULT && judged->leaves.entries[i].matched != LEAF_NO;
    return matching;
}

uint8_t *leaf_cover(const struct judged *judged)
{
    const struct model *model = judged->model;
    uint8_t *cover = memory_alloc(model->module_count);
    for (size_t i = 0; i < model->module_count; i++) {
        const struct module *module = &model->modules[i];
        uint8_t own = judged->leaves.states[i];
        if (own == LEAF_YES && module->class_index == MODULE_NONE)
            own = LEAF_MAYBE; /* is it called? */
        else if (own == LEAF_YES && model->classes[module->class_index].forward_never_called)
            own = LEAF_NO;
        uint8_t above = module->parent == MODULE_NONE ? LEAF_NO : cover[module->parent];
        cover[i] = own > above ? own : above;
    }
    return cover;
}

static bool inside_another(const struct model *model, const uint8_t *cover, uint32_t module)
{
    for (uint32_t above = model->modules[module].parent; above != MODULE_NONE; above = model->modules[above].parent) {
        const struct routing *routing = routing_of(model, above);
        if (routing && routing->verdict == ROUTING_YES && cover[above] == LEAF_NO)
            return true;
    }
    return false;
}

/* Do the children that are chosen by data hold parameters?  Where they hold none (activations), ZeRO-3 gathers nothing
 * for them, and it does not matter which of them a rank calls. */
static bool chooses_parameters(const struct model *model, const struct routing *routing, uint32_t block)
{
    bool named = false, any = model->modules[block].open;
    for (uint32_t child = block + 1; child < model->modules[block].end; child = model->modules[child].end) {
        bool holds = model_gathered_parameters(model, child) != 0;
        any = any || holds;
        named = named || text_equal(model->modules[child].leaf, routing->child);
        if (holds && text_equal(model->modules[child].leaf, routing->child))
            return true;
    }
    return !named && any; /* through another name, or through self[...]: it may be any of them */
}

/* The leaves that were meant to help and do not: inside the block, or on a container above it. */
static void find_useless_leaves(struct bare_blocks *blocks)
{
    const struct model *model = blocks->judged->model;
    const uint8_t *states = blocks->judged->leaves.states;
    for (size_t i = 0; i < blocks->count; i++) {
        uint32_t block = blocks->modules[i];
        for (uint32_t below = block + 1; below < model->modules[block].end && blocks->inner == MODULE_NONE; below++)
            if (states[below] == LEAF_YES)
                blocks->inner = below;
        for (uint32_t above = model->modules[block].parent; above != MODULE_NONE && blocks->above == MODULE_NONE;
             above = model->modules[above].parent)
            if (states[above] == LEAF_YES)
                blocks->above = above;
    }
}

static uint32_t dropped_default(const struct config *config, const struct model_class *class,
                                const struct routing *routing)
{
    if (config->leaf.classes != LIST_GIVEN || routing->verdict != ROUTING_YES)
        return MODULE_NONE;
    for (uint32_t i = 0; i < 3; i++)
        if (text_equal(class->qualified, deepspeed_default_classes[i]))
            return i;
    return MODULE_NONE;
}

static bool is_listed(const struct bare_blocks *blocks, size_t count, struct text qualified)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(blocks[i].judged->model->classes[blocks[i].class].qualified, qualified))
            return true;
    return false;
}

static size_t find_in_model(const struct rule_context *context, const struct judged *judged,
                            struct bare_blocks **blocks, size_t count, size_t *capacity)
{
    const struct model *model = judged->model;
    uint8_t *cover = leaf_cover(judged);
    for (uint32_t class = 0; class < model->class_count; class ++) {
        uint32_t routing = model->classes[class].routing;
        if (routing == MODULE_NONE || model->routings[routing].verdict == ROUTING_NO ||
            is_listed(*blocks, count, model->classes[class].qualified))
            continue;
        struct bare_blocks found = {.judged = judged,
                                    .class = class,
                                    .routing = &model->routings[routing],
                                    .inner = MODULE_NONE,
                                    .above = MODULE_NONE};
        uint32_t *bare = memory_alloc(model->module_count * sizeof *bare);
        for (uint32_t module = 0; module < model->module_count; module++) {
            if (model->modules[module].class_index != class)
                continue;
            found.covered += cover[module] == LEAF_YES;
            if (cover[module] == LEAF_NO && !inside_another(model, cover, module) &&
                chooses_parameters(model, found.routing, module))
                bare[found.count++] = module;
        }
        if (found.count) {
            found.modules = ARENA_ARRAY(context->arena, found.count, uint32_t);
            memcpy(found.modules, bare, found.count * sizeof *bare);
            find_useless_leaves(&found);
            found.dropped_default = dropped_default(context->config, &model->classes[class], found.routing);
            *blocks = array_grow(*blocks, count, capacity, sizeof **blocks);
            (*blocks)[count++] = found;
        }
        free(bare);
    }
    free(cover);
    return count;
}

size_t bare_blocks_find(const struct rule_context *context, struct bare_blocks **blocks)
{
    struct bare_blocks *found = NULL;
    size_t count = 0, capacity = 0, best = 0;
    *blocks = NULL;
    if (context->model_count == 0 || !leaves_matter(context))
        return 0;
    for (size_t i = 0; i < context->model_count; i++)
        if (fit(&context->models[i]) > best)
            best = fit(&context->models[i]);
    for (size_t i = 0; i < context->model_count; i++)
        if (fit(&context->models[i]) == best)
            count = find_in_model(context, &context->models[i], &found, count, &capacity);
    *blocks = ARENA_ARRAY(context->arena, count, struct bare_blocks);
    if (count)
        memcpy(*blocks, found, count * sizeof *found);
    free(found);
    return count;
}

/* The classes that a complete list would hold: the bare one, and those that only DeepSpeed's defaults make leaves now,
 * since a list that is written replaces the defaults. */
static struct text complete_list(struct rule_context *context, const struct bare_blocks *blocks)
{
    const struct model *model = blocks->judged->model;
    struct text_builder builder = {0};
    struct text quoted = json_quoted(context->arena, model->classes[blocks->class].name);
    text_builder_addf(&builder, "[%.*s", TEXT_ARGS(quoted));
    for (uint32_t class = 0; class < model->class_count; class ++) {
        uint32_t routing = model->classes[class].routing;
        if (class == blocks->class || routing == MODULE_NONE || model->routings[routing].verdict != ROUTING_YES)
            continue;
        quoted = json_quoted(context->arena, model->classes[class].name);
        text_builder_addf(&builder, ", %.*s", TEXT_ARGS(quoted));
    }
    text_builder_add(&builder, TEXT("]"));
    struct text list = text_copy(context->arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return list;
}

uint32_t class_called_above(const struct model *model, uint32_t module)
{
    for (uint32_t above = model->modules[module].parent; above != MODULE_NONE; above = model->modules[above].parent) {
        uint32_t class = model->modules[above].class_index;
        if (class == MODULE_NONE || model->modules[above].parent == MODULE_NONE)
            return MODULE_NONE;
        if (!model->classes[class].forward_never_called)
            return class;
    }
    return MODULE_NONE;
}

/* The class of the blocks, as JSON; a default that was dropped comes back as DeepSpeed names it. */
static struct text entry_to_add(struct rule_context *context, const struct bare_blocks *blocks)
{
    if (blocks->dropped_default != MODULE_NONE)
        return json_quoted(context->arena, deepspeed_default_classes[blocks->dropped_default]);
    return json_quoted(context->arena, blocks->judged->model->classes[blocks->class].name);
}

static struct text help_of(struct rule_context *context, const struct bare_blocks *blocks)
{
    const struct leaf_config *leaf = &context->config->leaf;
    const struct model *model = blocks->judged->model;
    if (model->modules[blocks->modules[0]].parent == MODULE_NONE)
        return TEXT(""); /* a leaf on the whole model fails, so there is nothing to advise */
    struct text class = entry_to_add(context, blocks), what;
    if (context->config->flat.length)
        return text_format(context->arena, "add to `%.*s`: %.*s", TEXT_ARGS(context->config->flat),
                           TEXT_ARGS(model->classes[blocks->class].name));
    if (leaf->classes == LIST_GIVEN) {
        what = text_format(context->arena, "add to \"classes\": %.*s", TEXT_ARGS(class));
    } else {
        struct text list = complete_list(context, blocks);
        what = leaf->present
                   ? text_format(context->arena, "add to \"leaf_module\": \"classes\": %.*s", TEXT_ARGS(list))
                   : text_format(context->arena, "add to \"zero_optimization\": \"leaf_module\": {\"classes\": %.*s}",
                                 TEXT_ARGS(list));
    }
    uint32_t above = class_called_above(model, blocks->modules[0]);
    if (above == MODULE_NONE || blocks->routing->verdict != ROUTING_YES)
        return what;
    return text_format(context->arena,
                       "%.*s\n(if the block changes its input in place, as router jitter may, the leaf goes on the "
                       "module above, %.*s)",
                       TEXT_ARGS(what), TEXT_ARGS(model->classes[above].name));
}

void bare_blocks_explain(struct rule_context *context, const struct bare_blocks *blocks, struct finding *finding)
{
    const struct routing *routing = blocks->routing;
    finding->model = blocks->judged->model->architecture;
    finding->help = help_of(context, blocks);
    const struct model *model = blocks->judged->model;
    if (routing->verdict == ROUTING_YES && bare_blocks_certain(context) && model->modules[blocks->modules[0]].parent != MODULE_NONE)
        fix_add_class(context, finding, entry_to_add(context, blocks), complete_list(context, blocks));
    if (routing->call.path.length)
        finding_relate(finding, routing->call.path, routing->call.place, routing->words);
    if (routing->reason.path.length && (routing->reason.place.line != routing->call.place.line ||
                                        !text_equal(routing->reason.path, routing->call.path)))
        finding_relate(finding, routing->reason.path, routing->reason.place, TEXT("the choice is made here"));
}

uint32_t first_routing_module(const struct model *model, uint32_t module)
{
    for (uint32_t below = module; below < model->modules[module].end; below++) {
        const struct routing *routing = routing_of(model, below);
        if (routing && routing->verdict == ROUTING_YES)
            return below;
    }
    return MODULE_NONE;
}

struct text routing_classes_in_words(const struct model *model, struct arena *arena)
{
    struct text_builder builder = {0};
    size_t count = 0;
    for (size_t i = 0; i < model->class_count && count < LIMIT_SUGGESTIONS; i++) {
        uint32_t routing = model->classes[i].routing;
        if (routing != MODULE_NONE && model->routings[routing].verdict == ROUTING_YES)
            text_builder_addf(&builder, "%s`%.*s`", count++ ? ", " : "", TEXT_ARGS(model->classes[i].name));
    }
    struct text words = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return words;
}
