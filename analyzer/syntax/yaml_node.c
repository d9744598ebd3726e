/*
 * What nodes of YAML mean: tags, aliases, merge keys, keys that are given twice.
 */
#include <stdlib.h>

#include "syntax/yaml_internal.h"

#define STANDARD TEXT("tag:yaml.org,2002:")
#define MERGE_WORDS "the merge key `<<`"

/* ---- tags ---- */

static bool is_standard(struct text tag, const char *name)
{
    struct text prefix = STANDARD;
    return text_starts(tag, prefix) &&
           text_equal((struct text){tag.bytes + prefix.length, tag.length - prefix.length}, text_from(name));
}

bool yaml_is_own_tag(struct text tag, bool mapping)
{
    return text_equal(tag, TEXT("!")) || is_standard(tag, mapping ? "map" : "seq");
}

void yaml_set_other(struct json_value *value, struct text tag, struct arena *arena)
{
    static const char *const known[][2] = {{"binary", "bytes"}, {"timestamp", "a date"}, {"omap", "a list of pairs"},
                                           {"pairs", "a list of pairs"}, {"set", "a set"}};
    value->kind = JSON_OTHER;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (is_standard(tag, known[i][0])) {
            value->text = text_from(known[i][1]);
            return;
        }
    struct text prefix = STANDARD, shown = tag;
    const char *mark = "";
    if (text_starts(tag, prefix)) {
        shown = (struct text){tag.bytes + prefix.length, tag.length - prefix.length};
        mark = "!!";
    }
    if (shown.length > 60)
        shown.length = 60;
    value->unknown_tag = value->damaged = true;
    value->text = text_format(arena, "something with the tag `%s%.*s`", mark, TEXT_ARGS(shown));
}

bool yaml_is_merge_key(const struct json_value *value)
{
    return value->kind == JSON_OTHER && value->unknown_tag && text_equal(value->text, TEXT(MERGE_WORDS));
}

void yaml_set_scalar(struct json_value *value, struct text text, struct text tag, bool plain, struct arena *arena)
{
    static const struct {
        const char *tag;
        enum json_kind kind;
    } kinds[] = {{"int", JSON_NUMBER}, {"float", JSON_NUMBER}, {"bool", JSON_BOOL}, {"null", JSON_NULL}};
    value->kind = JSON_STRING;
    value->text = text;
    if (tag.length == 0 || text_equal(tag, TEXT("!"))) {
        plain = plain || tag.length; /* `!` and nothing behind it */
        if (plain && text_equal(text, TEXT("<<"))) {
            value->kind = JSON_OTHER;
            value->unknown_tag = value->damaged = true;
            value->text = TEXT(MERGE_WORDS);
        } else if (plain && text_equal(text, TEXT("="))) {
            value->kind = JSON_OTHER;
            value->unknown_tag = value->damaged = true;
            value->text = TEXT("the default key `=`");
        } else if (plain) {
            yaml_resolve(value, text);
        }
        return;
    }
    if (is_standard(tag, "str"))
        return;
    if (is_standard(tag, "null")) {
        value->kind = JSON_NULL;
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!is_standard(tag, kinds[i].tag))
            continue;
        yaml_resolve(value, text);
        if (value->kind == kinds[i].kind) {
            if (kinds[i].kind == JSON_NUMBER && i == 1)
                value->integer = false;
            if (i != 0 || value->integer)
                return;
        }
        *value = (struct json_value){.span = value->span};
        char *end = NULL; /* float("1e3") */
        double real = text.length && text.length < 100 ? strtod(text.bytes, &end) : 0;
        if (i == 1 && end && end == text.bytes + text.length) {
            value->kind = JSON_NUMBER;
            value->number.real = real;
            return;
        }
    }
    yaml_set_other(value, tag, arena);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_standard(tag, kinds[i].tag)) { /* int("x") and the like: what it is cannot be told */
            value->unknown_tag = false;
        }
}

/* ---- aliases ---- */

const struct json_value *yaml_find_anchor(const struct yaml_reader *reader, struct text name, uint32_t hash)
{
    for (size_t i = 0; i < reader->anchor_count; i++)
        if (reader->anchor_hashes[i] == hash && text_equal(reader->anchors[i].name, name))
            return reader->anchors[i].value;
    return NULL;
}

bool yaml_is_open(const struct yaml_reader *reader, const struct json_value *value)
{
    for (size_t i = 0; i < reader->depth; i++)
        if (reader->frames[i].container == value)
            return true;
    return false;
}

static struct json_value *copy(struct yaml_reader *reader, const struct json_value *value, size_t depth)
{
    struct json_value *own = yaml_new_value(reader, value->kind, value->span);
    *own = *value;
    own->next = NULL;
    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT)
        return own;
    own->first = NULL;
    own->count = 0;
    if (depth >= LIMIT_CONFIG_DEPTH) {
        yaml_fail(reader, value->span, "aliases inside aliases, more than %d deep", LIMIT_CONFIG_DEPTH);
        reader->stopped = true;
    }
    struct json_value **place = &own->first;
    for (const struct json_value *item = value->first; item && !reader->stopped; item = item->next) {
        *place = copy(reader, item, depth + 1);
        place = &(*place)->next;
        own->count++;
        reader->values += value->kind == JSON_OBJECT;
    }
    own->damaged = own->damaged || reader->stopped;
    return own;
}

struct json_value *yaml_copy(struct yaml_reader *reader, const struct json_value *value)
{
    struct json_value *own = copy(reader, value, reader->depth);
    own->key = TEXT("");
    own->key_span = (struct span){0, 0};
    return own;
}

/* ---- merge keys ---- */

void yaml_take_merge(struct yaml_reader *reader, struct yaml_frame *frame, struct json_value *value)
{
    frame->merges = array_grow(frame->merges, frame->merge_count, &frame->merge_capacity, sizeof *frame->merges);
    frame->merges[frame->merge_count++] = value;
    if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY || value->damaged)
        return; /* the items of a list are looked at when it is complete */
    yaml_fail(reader, value->span, "`<<` takes a mapping or a list of mappings, not %.*s", TEXT_ARGS(json_words(value)));
}

struct pair {
    const struct json_value *member;
    size_t position;
    size_t merge;                     /* number of the `<<` that it came with */
    const struct json_value *mapping; /* and from which mapping */
    bool kept;
    bool doubtful; /* releases of PyYAML differ in which of several counts */
};

struct pairs {
    struct pair *items;
    size_t count, capacity;
};

static void add_members(struct pairs *pairs, const struct json_value *mapping, size_t merge)
{
    for (const struct json_value *member = json_first(mapping); member; member = member->next) {
        pairs->items = array_grow(pairs->items, pairs->count, &pairs->capacity, sizeof *pairs->items);
        pairs->items[pairs->count] = (struct pair){member, pairs->count, merge, mapping, true, false};
        pairs->count++;
    }
}

/* The items of a list of mappings, the last one first: the first one wins. */
static void add_list(struct yaml_reader *reader, struct pairs *pairs, const struct json_value *list, size_t merge)
{
    const struct json_value **items = ARENA_ARRAY(reader->arena, list->count, const struct json_value *);
    size_t count = 0;
    for (const struct json_value *item = list->first; item; item = item->next)
        items[count++] = item;
    while (count-- > 0) {
        if (items[count]->kind == JSON_OBJECT)
            add_members(pairs, items[count], merge);
        else if (!items[count]->damaged)
            yaml_fail(reader, items[count]->span, "`<<` takes a mapping or a list of mappings, not %.*s",
                      TEXT_ARGS(json_words(items[count])));
    }
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = *(struct pair *const *)left, *b = *(struct pair *const *)right;
    struct text first = a->member->key, second = b->member->key;
    if (first.length != second.length)
        return first.length < second.length ? -1 : 1;
    int order = first.length ? memcmp(first.bytes, second.bytes, first.length) : 0;
    return order ? order : a->position < b->position ? -1 : 1;
}

/* Sorted by key; of equal keys in the order of the file. */
static struct pair **sort_pairs(const struct pairs *pairs)
{
    struct pair **sorted = memory_alloc((pairs->count + 1) * sizeof *sorted);
    for (size_t i = 0; i < pairs->count; i++)
        sorted[i] = &pairs->items[i];
    qsort(sorted, pairs->count, sizeof *sorted, compare_pairs);
    return sorted;
}

static void merge(struct yaml_reader *reader, struct yaml_frame *frame)
{
    struct pairs pairs = {0};
    struct json_value *container = frame->container, *own = container->first;
    for (size_t i = 0; i < frame->merge_count; i++) {
        if (frame->merges[i]->kind == JSON_ARRAY)
            add_list(reader, &pairs, frame->merges[i], i);
        else
            add_members(&pairs, frame->merges[i], i);
        container->damaged = container->damaged || frame->merges[i]->damaged;
    }
    size_t merged = pairs.count;
    add_members(&pairs, container, frame->merge_count);
    struct pair **sorted = sort_pairs(&pairs);
    for (size_t i = 0; i + 1 < pairs.count; i++) {
        struct pair *one = sorted[i], *next = sorted[i + 1];
        if (!text_equal(one->member->key, next->member->key))
            continue;
        one->kept = false;
        /* Of two `<<`, and of equal keys in what one of them takes, PyYAML 6.0.3 takes the last, 6.0.4 the first. */
        next->doubtful = one->doubtful || one->merge != next->merge || one->mapping == next->mapping;
    }
    struct json_value **place = &container->first;
    for (size_t i = 0; i < merged && !reader->stopped; i++) {
        if (!pairs.items[i].kept)
            continue;
        *place = copy(reader, pairs.items[i].member, reader->depth);
        if (pairs.items[i].doubtful) {
            (*place)->kind = JSON_OTHER;
            (*place)->damaged = true;
            (*place)->text = TEXT("one of several merged values");
        }
        container->damaged = container->damaged || pairs.items[i].doubtful;
        place = &(*place)->next;
        container->count++;
    }
    *place = own;
    free(sorted);
    free(pairs.items);
}

/* ---- mappings ---- */

static void find_duplicates(struct yaml_reader *reader, const struct json_value *mapping)
{
    struct json_document *document = reader->document;
    struct pairs pairs = {0};
    add_members(&pairs, mapping, 0);
    struct pair **sorted = sort_pairs(&pairs);
    for (size_t i = 1, first = 0; i < pairs.count && document->duplicate_count <= LIMIT_FINDINGS; i++) {
        if (!text_equal(sorted[first]->member->key, sorted[i]->member->key)) {
            first = i;
            continue;
        }
        if (!document->duplicates)
            document->duplicates = ARENA_ARRAY(reader->arena, LIMIT_FINDINGS + 1, struct json_duplicate);
        document->duplicates[document->duplicate_count++] =
            (struct json_duplicate){sorted[first]->member, sorted[i]->member, mapping};
    }
    free(sorted);
    free(pairs.items);
}

void yaml_finish_mapping(struct yaml_reader *reader, struct yaml_frame *frame)
{
    if (frame->container->kind == JSON_OBJECT && frame->container->count > 1 && !frame->odd_keys)
        find_duplicates(reader, frame->container);
    if (frame->merge_count && !reader->stopped)
        merge(reader, frame);
    free(frame->merges);
    frame->merges = NULL;
}

static int compare_duplicates(const void *left, const void *right)
{
    const struct json_duplicate *a = left, *b = right;
    return a->again->key_span.start < b->again->key_span.start ? -1 : a->again->key_span.start > b->again->key_span.start;
}

void yaml_sort_duplicates(struct json_document *document)
{
    if (document->duplicate_count > 1)
        qsort(document->duplicates, document->duplicate_count, sizeof *document->duplicates, compare_duplicates);
}
