#include "rules/support/names.h"

#include <stdlib.h>

#include "diag/diag.h"
#include "model/fold.h"

struct text trimmed(struct text text)
{
    while (text.length && strchr(" \t\r\n", text.bytes[0]) && text.bytes[0])
        text = (struct text){text.bytes + 1, text.length - 1};
    while (text.length && strchr(" \t\r\n", text.bytes[text.length - 1]) && text.bytes[text.length - 1])
        text.length--;
    return text;
}

bool looks_like_pattern(struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] && strchr("*?^$|\\", text.bytes[i]))
            return true;
    return false;
}

struct text first_component(struct text dotted)
{
    size_t end = 0;
    while (end < dotted.length && dotted.bytes[end] != '.')
        end++;
    return (struct text){dotted.bytes, end};
}

static struct text after(struct text dotted, size_t length)
{
    if (length >= dotted.length)
        return (struct text){dotted.bytes + dotted.length, 0};
    return (struct text){dotted.bytes + length + 1, dotted.length - length - 1};
}

struct text without_wrappers(struct arena *arena, struct text name, struct text *wrapper, bool *only_peft)
{
    /* Wrapping models put their names in front; wrappers of single modules may stand anywhere. */
    static const struct text in_front[] = {
        {"base_model.model.", 17}, {"module.", 7}, {"_forward_module.", 16}, {"_orig_mod.", 10}};
    static const struct text anywhere[] = {
        {"_orig_mod", 9}, {"_fsdp_wrapped_module", 20}, {"_checkpoint_wrapped_module", 26}, {"_forward_module", 15}};
    *wrapper = TEXT("");
    *only_peft = true;
    for (bool found = true; found;) {
        found = false;
        for (size_t i = 0; i < sizeof in_front / sizeof *in_front; i++) {
            if (!text_starts(name, in_front[i]))
                continue;
            name = after(name, in_front[i].length - 1);
            *wrapper = wrapper->length ? *wrapper : in_front[i];
            *only_peft = *only_peft && i == 0;
            found = true;
        }
    }
    struct text_builder builder = {0};
    for (struct text rest = name; rest.length;) {
        struct text component = first_component(rest);
        bool wraps = false;
        for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++)
            wraps = wraps || text_equal(component, anywhere[i]);
        if (wraps) {
            *wrapper = wrapper->length ? *wrapper : component;
            *only_peft = false;
        } else {
            if (builder.length)
                text_builder_add(&builder, TEXT("."));
            text_builder_add(&builder, component);
        }
        rest = after(rest, component.length);
    }
    struct text bare = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
    *only_peft = *only_peft && wrapper->length;
    return wrapper->length ? bare : name;
}

uint32_t deepest_module(const struct model *model, struct text name, struct text *rest)
{
    uint32_t deepest = 0;
    *rest = name;
    for (size_t at = 0; at <= name.length; at++) {
        if (at < name.length && name.bytes[at] != '.')
            continue;
        uint32_t module = at ? model_find_module(model, (struct text){name.bytes, at}) : MODULE_NONE;
        if (module == MODULE_NONE)
            break;
        deepest = module;
        *rest = after(name, at);
    }
    return deepest;
}

bool numbered_children(const struct model *model, uint32_t module, uint32_t *highest)
{
    uint32_t expected = 0;
    for (uint32_t child = module + 1; child < model->modules[module].end; child = model->modules[child].end) {
        uint32_t number;
        if (!fold_component(model->modules[child].leaf, &number) || number != expected)
            return false;
        expected++;
    }
    *highest = expected - 1;
    return expected > 0;
}

size_t leaf_names(const struct model *model, struct arena *arena, struct text **names)
{
    size_t size = 64, count = 0, capacity = 0;
    while (size < model->module_count * 2)
        size *= 2;
    uint32_t *slots = memory_alloc(size * sizeof *slots);
    memset(slots, 0, size * sizeof *slots);
    uint32_t seed = (uint32_t)((uintptr_t)slots >> 4);
    struct text *found = NULL;
    for (size_t module = 1; module < model->module_count; module++) {
        struct text leaf = model->modules[module].leaf;
        uint32_t number;
        if (fold_component(leaf, &number))
            continue;
        size_t slot = text_hash(leaf, seed) & (size - 1);
        while (slots[slot] && !text_equal(found[slots[slot] - 1], leaf))
            slot = (slot + 1) & (size - 1);
        if (slots[slot])
            continue;
        found = array_grow(found, count, &capacity, sizeof *found);
        found[count++] = leaf;
        slots[slot] = (uint32_t)count;
    }
    *names = ARENA_ARRAY(arena, count, struct text);
    if (count)
        memcpy(*names, found, count * sizeof *found);
    free(found);
    free(slots);
    return count;
}

size_t nearby_names(const struct model *model, struct text name, struct arena *arena,
                    bool (*exists)(const struct model *model, struct text name), struct text *nearby, size_t room)
{
    struct text *leaves;
    size_t leaf_count = leaf_names(model, arena, &leaves), found = 0;
    if (name.length > LIMIT_SUGGESTION_LENGTH)
        return 0;
    for (struct text rest = name; rest.length && found < room;) {
        struct text component = first_component(rest);
        struct text tail = {rest.bytes + component.length, rest.length - component.length}; /* with its dot */
        struct text candidates[2 * LIMIT_SUGGESTIONS];
        size_t count = suggest_nearest(component, leaves, leaf_count, candidates, 2 * LIMIT_SUGGESTIONS);
        for (size_t i = 0; i < count && found < room; i++) {
            struct text whole = text_format(arena, "%.*s%.*s%.*s", (int)(rest.bytes - name.bytes), name.bytes,
                                            TEXT_ARGS(candidates[i]), TEXT_ARGS(tail));
            if (!text_equal(whole, name) && exists(model, whole))
                nearby[found++] = whole;
        }
        rest = after(rest, component.length);
    }
    return found;
}
