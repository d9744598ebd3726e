/* Folds lists of module names for people: model.layers.{0..31}.mlp.experts.{0..7}. */
#include "model/fold.h"

#include <stdlib.h>

#include "base/limits.h"
#include "model/model.h"

#define MAX_PIECES 12 /* ranges inside one pair of braces; of more the first half is written, and the last */
#define MAX_NAMES 3   /* folded names written in a row */

/* A name in work: its components, some already folded. */
struct folded {
    struct text *components;
    uint32_t component_count;
    uint32_t modules; /* how many names became this one */
    bool gone;        /* folded into an earlier one */
};

struct fold_work {
    struct arena arena;
    struct folded *items;
    size_t count;
    uint32_t *buckets; /* of the pass: first item + 1 of a group, by hash */
    size_t bucket_mask;
    uint32_t *next; /* item -> next item of its group + 1 */
    uint32_t *last; /* first item of a group -> its last item + 1 */
};

bool fold_component(struct text component, uint32_t *number)
{
    if (component.length == 0 || component.length > 9 || (component.length > 1 && component.bytes[0] == '0'))
        return false;
    uint32_t value = 0;
    for (size_t i = 0; i < component.length; i++) {
        if (component.bytes[i] < '0' || component.bytes[i] > '9')
            return false;
        value = value * 10 + (uint32_t)(component.bytes[i] - '0');
    }
    *number = value;
    return true;
}

/* Where the range that begins at `start` ends: {0,1} reads better than {0..1}, so two numbers are no range. */
static size_t range_end(const uint32_t *numbers, size_t count, size_t start)
{
    size_t end = start + 1;
    while (end < count && numbers[end] == numbers[end - 1] + 1)
        end++;
    return end - start == 2 ? start + 1 : end;
}

void fold_numbers(struct text_builder *builder, const uint32_t *numbers, size_t count)
{
    if (count == 1) {
        text_builder_addf(builder, "%u", numbers[0]);
        return;
    }
    size_t pieces = 0, piece = 0;
    for (size_t i = 0; i < count; i = range_end(numbers, count, i))
        pieces++;
    text_builder_add(builder, TEXT("{"));
    for (size_t i = 0, end; i < count; i = end, piece++) {
        end = range_end(numbers, count, i);
        if (pieces > MAX_PIECES && piece == MAX_PIECES / 2)
            text_builder_add(builder, TEXT(",..."));
        if (pieces > MAX_PIECES && piece >= MAX_PIECES / 2 && piece + 1 < pieces)
            continue;
        text_builder_addf(builder, "%s%u", piece ? "," : "", numbers[i]);
        if (end - i > 1)
            text_builder_addf(builder, "..%u", numbers[end - 1]);
    }
    text_builder_add(builder, TEXT("}"));
}

static void split(struct fold_work *work, struct folded *item, struct text name)
{
    uint32_t count = 1;
    for (size_t i = 0; i < name.length; i++)
        count += name.bytes[i] == '.';
    item->components = ARENA_ARRAY(&work->arena, count, struct text);
    item->component_count = count;
    item->modules = 1;
    size_t start = 0;
    for (uint32_t which = 0; which < count; which++) {
        size_t end = start;
        while (end < name.length && name.bytes[end] != '.')
            end++;
        item->components[which] = (struct text){name.bytes + start, end - start};
        start = end + 1;
    }
}

static uint32_t hash_without(const struct folded *item, uint32_t position)
{
    uint32_t hash = item->component_count * 31u + position;
    for (uint32_t i = 0; i < item->component_count; i++)
        if (i != position)
            hash = text_hash(item->components[i], hash);
    return hash;
}

static bool equal_without(const struct folded *a, const struct folded *b, uint32_t position)
{
    if (a->component_count != b->component_count)
        return false;
    for (uint32_t i = 0; i < a->component_count; i++)
        if (i != position && !text_equal(a->components[i], b->components[i]))
            return false;
    return true;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Makes one item of a group that differs only in the number at `position`. */
static void join(struct fold_work *work, uint32_t first, uint32_t position)
{
    size_t count = 0;
    for (uint32_t item = first + 1; item; item = work->next[item - 1])
        count++;
    if (count == 1)
        return;
    uint32_t *numbers = ARENA_ARRAY(&work->arena, count, uint32_t);
    size_t at = 0;
    for (uint32_t item = first + 1; item; item = work->next[item - 1]) {
        struct folded *folded = &work->items[item - 1];
        fold_component(folded->components[position], &numbers[at++]);
        if (item - 1 != first) {
            folded->gone = true;
            work->items[first].modules += folded->modules;
        }
    }
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    struct text_builder builder = {0};
    fold_numbers(&builder, numbers, count);
    work->items[first].components[position] = text_copy(&work->arena, text_builder_text(&builder));
    text_builder_free(&builder);
}

/* Items whose components are equal but for the number at `position` become one. */
static void fold_position(struct fold_work *work, uint32_t position)
{
    memset(work->buckets, 0, (work->bucket_mask + 1) * sizeof *work->buckets);
    memset(work->next, 0, work->count * sizeof *work->next);
    for (uint32_t i = 0; i < work->count; i++) {
        struct folded *item = &work->items[i];
        uint32_t number;
        work->last[i] = 0;
        if (item->gone || position >= item->component_count || !fold_component(item->components[position], &number))
            continue;
        size_t bucket = hash_without(item, position) & work->bucket_mask;
        while (work->buckets[bucket] && !equal_without(&work->items[work->buckets[bucket] - 1], item, position))
            bucket = (bucket + 1) & work->bucket_mask;
        if (!work->buckets[bucket]) {
            work->buckets[bucket] = i + 1;
            work->last[i] = i + 1;
        } else {
            uint32_t first = work->buckets[bucket] - 1;
            work->next[work->last[first] - 1] = i + 1;
            work->last[first] = i + 1;
        }
    }
    for (uint32_t i = 0; i < work->count; i++)
        if (work->last[i] && !work->items[i].gone)
            join(work, i, position);
}

static void write_items(const struct fold_work *work, struct text_builder *builder)
{
    size_t written = 0, left = 0;
    for (size_t i = 0; i < work->count; i++) {
        const struct folded *item = &work->items[i];
        if (item->gone)
            continue;
        if (written == MAX_NAMES) {
            left += item->modules;
            continue;
        }
        if (written++)
            text_builder_add(builder, TEXT(", "));
        if (item->component_count == 1 && item->components[0].length == 0)
            text_builder_add(builder, TEXT("(root)"));
        for (uint32_t component = 0; component < item->component_count; component++) {
            if (component)
                text_builder_add(builder, TEXT("."));
            text_builder_add(builder, item->components[component]);
        }
    }
    if (left)
        text_builder_addf(builder, ", ... %zu more", left);
}

struct text model_fold_names(const struct model *model, const uint32_t *modules, size_t count, struct arena *arena)
{
    if (count == 0)
        return TEXT("");
    struct fold_work work = {.count = count};
    work.items = ARENA_ARRAY(&work.arena, count, struct folded);
    uint32_t deepest = 0;
    for (size_t i = 0; i < count; i++) {
        split(&work, &work.items[i], model->modules[modules[i]].name);
        if (work.items[i].component_count > deepest)
            deepest = work.items[i].component_count;
    }
    size_t buckets = 16;
    while (buckets < count * 2)
        buckets *= 2;
    work.bucket_mask = buckets - 1;
    work.buckets = ARENA_ARRAY(&work.arena, buckets, uint32_t);
    work.next = ARENA_ARRAY(&work.arena, count, uint32_t);
    work.last = ARENA_ARRAY(&work.arena, count, uint32_t);
    if (deepest > LIMIT_MODULE_DEPTH)
        deepest = LIMIT_MODULE_DEPTH;
    if (count > 1)
        for (uint32_t position = deepest; position-- > 0;)
            fold_position(&work, position);

    struct text_builder builder = {0};
    write_items(&work, &builder);
    struct text folded = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
    arena_free(&work.arena);
    return folded;
}
