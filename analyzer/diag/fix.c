#include "diag/fix.h"

#include <stdlib.h>

struct chosen {
    struct edit *edits; /* sorted by place, apart from one another */
    size_t count, capacity;
};

static bool meets(const struct chosen *chosen, const struct edit *edit)
{
    for (size_t i = 0; i < chosen->count; i++) {
        struct span other = chosen->edits[i].span;
        if (edit->span.start <= other.end && other.start <= edit->span.end)
            return true;
    }
    return false;
}

static void choose(struct chosen *chosen, struct edit edit)
{
    chosen->edits = array_grow(chosen->edits, chosen->count, &chosen->capacity, sizeof *chosen->edits);
    size_t at = chosen->count++;
    for (; at > 0 && chosen->edits[at - 1].span.start > edit.span.start; at--)
        chosen->edits[at] = chosen->edits[at - 1];
    chosen->edits[at] = edit;
}

/* Does it replace something, rather than only add? */
static bool replaces(const struct finding *finding)
{
    for (size_t k = 0; k < finding->edit_count; k++)
        if (finding->edits[k].span.start < finding->edits[k].span.end)
            return true;
    return false;
}

static size_t choose_all(struct chosen *chosen, size_t length, const struct findings *findings, bool replacing)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        bool fits = finding->edit_count > 0 && replaces(finding) == replacing;
        for (size_t k = 0; fits && k < finding->edit_count; k++)
            fits = finding->edits[k].span.end <= length && !meets(chosen, &finding->edits[k]);
        for (size_t k = 0; fits && k < finding->edit_count; k++)
            choose(chosen, finding->edits[k]);
        count += fits;
    }
    return count;
}

struct text fix_apply(struct text bytes, const struct findings *findings, struct arena *arena, size_t *count)
{
    struct chosen chosen = {0};
    *count = choose_all(&chosen, bytes.length, findings, true);
    if (!*count) /* once what is misspelt is right, less may be missing */
        *count = choose_all(&chosen, bytes.length, findings, false);
    struct text_builder builder = {0};
    uint32_t at = 0;
    for (size_t i = 0; i < chosen.count; i++) {
        struct span span = chosen.edits[i].span;
        text_builder_add(&builder, (struct text){bytes.bytes + at, span.start - at});
        text_builder_add(&builder, chosen.edits[i].text);
        at = span.end;
    }
    text_builder_add(&builder, (struct text){bytes.bytes + at, bytes.length - at});
    struct text result = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
    free(chosen.edits);
    return result;
}
