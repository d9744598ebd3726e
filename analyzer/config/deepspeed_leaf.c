/*
 * `leaf_module`: its lists as references; and `leaf_module`s where DeepSpeed does not look.
 */
#include "config/deepspeed_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

const struct text deepspeed_default_classes[3] = {
    {"transformers.models.mixtral.modeling_mixtral.MixtralSparseMoeBlock", 66},
    {"transformers.models.qwen2_moe.modeling_qwen2_moe.Qwen2MoeSparseMoeBlock", 71},
    {"transformers.models.qwen3_moe.modeling_qwen3_moe.Qwen3MoeSparseMoeBlock", 71},
};

/* ---- references ---- */

static int compare_texts(const void *left, const void *right)
{
    const struct reference *a = *(struct reference *const *)left, *b = *(struct reference *const *)right;
    if (a->text.length != b->text.length)
        return a->text.length < b->text.length ? -1 : 1;
    int order = a->text.length ? memcmp(a->text.bytes, b->text.bytes, a->text.length) : 0;
    return order ? order : a->index < b->index ? -1 : 1;
}

/* Sorting, not a table: the same cost whatever the file holds. */
static void find_duplicates(struct config *config, size_t first)
{
    size_t count = config->reference_count - first;
    if (count < 2)
        return;
    struct reference **sorted = memory_alloc(count * sizeof(struct reference *));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &config->references[first + i];
    qsort(sorted, count, sizeof *sorted, compare_texts);
    for (size_t i = 1, original = 0; i < count; i++) {
        if (text_equal(sorted[original]->text, sorted[i]->text))
            sorted[i]->duplicate_of = (int32_t)(sorted[original] - config->references);
        else
            original = i;
    }
    free(sorted);
}

static void add_reference(struct deepspeed_reader *reader, enum reference_kind kind, const struct json_value *item,
                          struct text key, size_t index)
{
    struct config *config = reader->config;
    config->references[config->reference_count++] = (struct reference){
        .kind = kind, .text = item->text, .span = item->span, .key = key, .index = (uint32_t)index, .duplicate_of = -1};
}

/* One list.  Its strings are references also when the list as a whole is refused: they are what the user meant. */
static void read_list(struct deepspeed_reader *reader, const struct json_value *list, enum reference_kind kind,
                      enum leaf_list_state *state, struct span *span)
{
    *state = LIST_ABSENT;
    if (!list)
        return;
    struct text key = key_join(reader, TEXT("zero_optimization.leaf_module"), list->key);
    size_t first = reader->config->reference_count, index = 0;
    *span = list->key_span;
    *state = list->damaged || (list->kind != JSON_ARRAY && list->kind != JSON_STRING) ? LIST_INVALID : LIST_GIVEN;
    if (list->kind == JSON_STRING && !list->damaged)
        add_reference(reader, kind, list, key, 0); /* DeepSpeed makes it a list of one */
    if (list->kind != JSON_ARRAY)
        return;
    for (const struct json_value *item = list->first; item; item = item->next, index++) {
        if (item->kind == JSON_STRING && !item->damaged)
            add_reference(reader, kind, item, text_format(reader->arena, "%.*s[%zu]", TEXT_ARGS(key), index), index);
        else
            *state = LIST_INVALID;
    }
    find_duplicates(reader->config, first);
}

static size_t string_count(const struct json_value *list)
{
    return !list ? 0 : list->kind == JSON_ARRAY ? list->count : 1;
}

void read_leaf(struct deepspeed_reader *reader, const struct json_value *leaf)
{
    struct leaf_config *config = &reader->config->leaf;
    const struct json_value *classes = member_seen(leaf, "classes"), *names = member_seen(leaf, "names"),
                            *suffixes = member_seen(leaf, "name_suffixes");
    size_t room = string_count(classes) + string_count(names) + string_count(suffixes);
    reader->config->references = ARENA_ARRAY(reader->arena, room, struct reference);
    read_list(reader, classes, REFERENCE_CLASS, &config->classes, &config->classes_span);
    read_list(reader, names, REFERENCE_NAME, &config->names, &config->names_span);
    read_list(reader, suffixes, REFERENCE_SUFFIX, &config->suffixes, &config->suffixes_span);
    if (leaf->damaged) { /* a list may be in what could not be read */
        if (config->classes == LIST_ABSENT)
            config->classes = LIST_INVALID;
        if (config->names == LIST_ABSENT)
            config->names = LIST_INVALID;
        if (config->suffixes == LIST_ABSENT)
            config->suffixes = LIST_INVALID;
    }
}

/* ---- places ---- */

/* Is this a spelling of leaf_module: "leaf_modules", "moe-leaf-module", "zero_optimization.leaf_module"? */
static bool looks_like_leaf_module(struct text key)
{
    char letters[32];
    size_t count = 0;
    if (text_equal(key, TEXT("leaf_module")))
        return true;
    for (size_t i = 0; i < key.length; i++) {
        char byte = key.bytes[i];
        if (byte == '_' || byte == '-' || byte == ' ' || byte == '.')
            continue;
        if (count == sizeof letters)
            return false;
        letters[count++] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    static const char wanted[] = "leafmodule";
    for (size_t at = 0; at + sizeof wanted - 1 <= count; at++)
        if (memcmp(letters + at, wanted, sizeof wanted - 1) == 0)
            return true;
    struct text nearest, candidate = TEXT("leaf_module");
    return suggest_nearest(key, &candidate, 1, &nearest, 1) == 1;
}

/* Does the value look like leaf_module's: a mapping with one of its lists?  (Asked of a misspelt key further down.) */
static bool holds_lists(const struct json_value *value)
{
    return json_get(value, TEXT("classes")) || json_get(value, TEXT("names")) || json_get(value, TEXT("name_suffixes"));
}

/* One walk over everything, in the file's order, so that each duplicate is met in turn.  The path to a place is worded
 * only when a fault is there. */
struct walk {
    struct deepspeed_reader *reader;
    size_t duplicate; /* the next one of document.duplicates */
    size_t depth;
    struct {
        const struct json_value *value;
        size_t index; /* in the array or object around it */
    } parts[LIMIT_CONFIG_DEPTH + 1];
};

/* "zero_optimization.leaf_module.classes[0]": where the walk is. */
static struct text path_of(struct walk *walk)
{
    struct text_builder builder = {0};
    for (size_t i = 0; i < walk->depth; i++) {
        const struct json_value *value = walk->parts[i].value;
        if (value->key_span.end)
            text_builder_addf(&builder, "%s%.*s", i ? "." : "", TEXT_ARGS(fault_text(walk->reader, value->key)));
        else
            text_builder_addf(&builder, "[%zu]", walk->parts[i].index);
    }
    struct text path = text_copy(walk->reader->arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return path;
}

/* Are there only blanks and a comma between two members?  A comment would be lost with them. */
static bool only_comma(const struct deepspeed_reader *reader, uint32_t start, uint32_t end)
{
    for (; start < end; start++)
        if (!strchr(", \t\r\n", reader->source->bytes.bytes[start]))
            return false;
    return true;
}

/* What is to go when a member of the outermost mapping moves elsewhere: with the comma before it, else the one behind. */
static void fault_moves(const struct deepspeed_reader *reader, struct config_fault *fault, const struct json_value *object,
                        const struct json_value *member)
{
    const struct json_value *before = NULL;
    for (const struct json_value *other = json_first(object); other && other != member; other = other->next)
        before = other;
    struct span part = {member->key_span.start, member->span.end}, removal = part;
    if (before)
        removal.start = before->span.end;
    else if (member->next)
        removal.end = member->next->key_span.start;
    if (!fault || member->damaged || !only_comma(reader, removal.start, part.start) || !only_comma(reader, part.end, removal.end))
        return;
    fault->part = part;
    fault->removal = removal;
}

static void add_misplaced(struct walk *walk, const struct json_value *member)
{
    struct deepspeed_reader *reader = walk->reader;
    if (fault_dropped(reader, FAULT_MISPLACED))
        return;
    struct text path = path_of(walk), key = key_join(reader, path, member->key),
                shown = fault_text(reader, member->key);
    struct text zero = TEXT("zero_optimization"), nearest;
    if (walk->depth == 0 && text_equal(member->key, TEXT("leaf_module")))
        fault_moves(reader,
                    fault_add(reader, FAULT_MISPLACED, member->key_span, key,
                              "`leaf_module` is ignored here; DeepSpeed reads it only inside `zero_optimization`"),
                    reader->document.root, member);
    else if (walk->depth == 0)
        fault_add(reader, FAULT_MISPLACED, member->key_span, key,
                  "`%.*s` is ignored; DeepSpeed reads `leaf_module` inside `zero_optimization`", TEXT_ARGS(shown));
    else if (walk->depth == 1 && suggest_nearest(walk->parts[0].value->key, &zero, 1, &nearest, 1) == 1)
        fault_add(reader, FAULT_MISPLACED, member->key_span, key,
                  "`%.*s` is ignored: its section is spelt `%.*s`, not `zero_optimization`", TEXT_ARGS(shown),
                  TEXT_ARGS(path));
    else
        fault_add(reader, FAULT_MISPLACED, member->key_span, key,
                  "`%.*s` in `%.*s`: DeepSpeed reads `leaf_module` only inside `zero_optimization`", TEXT_ARGS(shown),
                  TEXT_ARGS(fault_text(reader, path)));
}

static void add_duplicates(struct walk *walk, const struct json_value *member)
{
    struct deepspeed_reader *reader = walk->reader;
    const struct json_document *document = &reader->document;
    bool refused = reader->refused;
    while (walk->duplicate < document->duplicate_count && document->duplicates[walk->duplicate].again == member) {
        const struct json_duplicate *duplicate = &document->duplicates[walk->duplicate++];
        if (fault_dropped(reader, FAULT_DUPLICATE_KEY))
            continue;
        struct text path = path_of(walk), shown = fault_text(reader, member->key);
        struct config_fault *fault = fault_add(
            reader, FAULT_DUPLICATE_KEY, member->key_span, key_join(reader, path, member->key),
            "`%.*s` is given twice%s%.*s%s; %s",
            TEXT_ARGS(shown), path.length ? " in `" : "", TEXT_ARGS(fault_text(reader, path)), path.length ? "`" : "",
            reader->last_key_counts ? "only the last one counts"
                                    : "DeepSpeed stops, Hugging Face's Trainer and accelerate take the last one");
        fault_relate(fault, duplicate->first->key_span, TEXT("the first one"));
    }
    if (reader->last_key_counts)
        reader->refused = refused;
}

/* What is inside zero_optimization is validated, and reported there. */
static bool outside_zero(const struct walk *walk)
{
    return walk->depth == 0 || !text_equal(walk->parts[0].value->key, TEXT("zero_optimization"));
}

/* Recursion ends at LIMIT_CONFIG_DEPTH, as the reader did. */
static void walk_value(struct walk *walk, const struct json_value *value)
{
    size_t index = 0;
    for (const struct json_value *member = json_first(value); member; member = member->next, index++) {
        if (value->kind == JSON_OBJECT) {
            bool named = walk->depth == 0 ? looks_like_leaf_module(member->key)
                                          : text_equal(member->key, TEXT("leaf_module")) ||
                                                (looks_like_leaf_module(member->key) && holds_lists(member));
            add_duplicates(walk, member);
            if (named && outside_zero(walk) && !value->uncertain && !member->anchored)
                add_misplaced(walk, member);
        }
        bool template = member->anchored && value->kind == JSON_OBJECT && outside_zero(walk) &&
                        !text_equal(member->key, TEXT("zero_optimization"));
        if (json_first(member) && walk->depth <= LIMIT_CONFIG_DEPTH && !template) {
            walk->parts[walk->depth].value = member;
            walk->parts[walk->depth++].index = index;
            walk_value(walk, member);
            walk->depth--;
        }
    }
}

void check_places(struct deepspeed_reader *reader)
{
    struct walk *walk = memory_alloc(sizeof *walk);
    *walk = (struct walk){.reader = reader};
    walk_value(walk, reader->document.root);
    free(walk);
}
