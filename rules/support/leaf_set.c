/* apply_zero_leaf_module_config of DeepSpeed 0.18.0 to 0.19.8 on a module tree. */
#include "rules/support/leaf_set.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/unicode.h"

#define FEW_SUFFIXES 16 /* for more, names are sorted from their ends first */
#define MAX_DOUBTS 20

struct applying {
    struct leaf_set *set;
    const struct config *config;
    const struct model *model;
    struct arena *arena;
    struct arena scratch;
    size_t entry_capacity, hit_capacity, doubt_capacity;
    size_t doubts_more;
    uint32_t *by_end; /* modules, sorted by their names read from the end; NULL until needed */
    uint32_t *spare;  /* room for as many */
};

bool leaf_class_matches(const struct model_class *class, struct text entry)
{
    return model_class_has_name(class, entry);
}

struct text leaf_entry_label(const struct leaf_entry *entry, struct arena *arena)
{
    static const char *const lists[] = {[REFERENCE_CLASS] = "classes",
                                        [REFERENCE_NAME] = "names",
                                        [REFERENCE_SUFFIX] = "name_suffixes",
                                        [REFERENCE_LAYER] = "classes",
                                        [REFERENCE_INSTANCE] = "classes"};
    if (entry->call && entry->call->span.end)
        return text_format(arena, "%.*s[%u]", TEXT_ARGS(entry->call->name), entry->index);
    if (entry->call)
        return text_format(arena, "%.*s %s[%u]", TEXT_ARGS(entry->call->name), lists[entry->kind], entry->index);
    return text_format(arena, "%s%s[%u]", entry->reference == LEAF_DEFAULT ? "default " : "", lists[entry->kind],
                       entry->index);
}

const uint32_t *leaf_set_entries_of(const struct leaf_set *set, uint32_t module, size_t *count)
{
    *count = set->by_start[module + 1] - set->by_start[module];
    return set->by + set->by_start[module];
}

static void add_entry(struct applying *work, enum reference_kind kind, struct text text, uint32_t reference,
                      uint32_t index)
{
    struct leaf_set *set = work->set;
    set->entries = array_grow(set->entries, set->entry_count, &work->entry_capacity, sizeof *set->entries);
    set->entries[set->entry_count++] =
        (struct leaf_entry){.kind = kind, .text = text, .reference = reference, .index = index};
}

/* The entries in force, lists in the order in which DeepSpeed goes through them. */
static void collect_entries(struct applying *work)
{
    const struct config *config = work->config;
    if (!config || config->leaf.classes == LIST_ABSENT)
        for (uint32_t i = 0; i < 3; i++)
            add_entry(work, REFERENCE_CLASS, deepspeed_default_classes[i], LEAF_DEFAULT, i);
    static const enum reference_kind kinds[] = {REFERENCE_CLASS, REFERENCE_NAME, REFERENCE_SUFFIX, REFERENCE_LAYER,
                                                REFERENCE_INSTANCE};
    for (size_t kind = 0; config && kind < 5; kind++)
        for (uint32_t i = 0; i < config->reference_count; i++) {
            const struct reference *reference = &config->references[i];
            if (reference->kind == kinds[kind] && reference->duplicate_of < 0) {
                add_entry(work, reference->kind, reference->text, i, reference->index);
                work->set->entries[work->set->entry_count - 1].call = reference->call;
            }
        }
}

/* A call that takes flags away: whether it comes before or after the engine sets its own, cannot be told. */
static void unflag(struct applying *work)
{
    struct leaf_set *set = work->set;
    for (size_t i = 0; i < set->entry_count; i++) {
        const struct leaf_entry *entry = &set->entries[i];
        if (!entry->call || !entry->call->removes)
            continue;
        set->some_removed = true;
        for (uint32_t hit = 0; hit < entry->hit_count; hit++)
            if (set->states[set->hits[entry->first_hit + hit]] == LEAF_YES)
                set->states[set->hits[entry->first_hit + hit]] = LEAF_MAYBE;
    }
}

static void flag(struct applying *work, const struct leaf_entry *entry, uint32_t module)
{
    struct leaf_set *set = work->set;
    if (entry && entry->call && entry->call->removes)
        return;
    if (set->states[module] == LEAF_YES)
        return;
    set->states[module] = LEAF_YES;
    set->flagged[set->flagged_count++] = module;
}

static void add_hit(struct applying *work, struct leaf_entry *entry, uint32_t module)
{
    struct leaf_set *set = work->set;
    entry->matched = LEAF_YES;
    if (set->hit_count == LIMIT_LEAF_HITS)
        return;
    set->hits = array_grow(set->hits, set->hit_count, &work->hit_capacity, sizeof *set->hits);
    set->hits[set->hit_count++] = module;
    entry->hit_count++;
}

/* set_z3_leaf_modules: one walk of Module.apply for all class entries together. */
static void apply_classes(struct applying *work)
{
    struct leaf_set *set = work->set;
    const struct model *model = work->model;
    bool *leaf_class = ARENA_ARRAY(&work->scratch, model->class_count, bool);
    bool *possible = ARENA_ARRAY(&work->scratch, model->possible_count, bool);
    bool any = false;
    /* Modules of one class, linked: class -> first module + 1, module -> next + 1, both ascending. */
    uint32_t *first = ARENA_ARRAY(&work->scratch, model->class_count, uint32_t);
    uint32_t *next = ARENA_ARRAY(&work->scratch, model->module_count, uint32_t);
    for (uint32_t module = (uint32_t)model->module_count; module-- > 0;) {
        uint32_t class = model->modules[module].class_index;
        if (class == MODULE_NONE)
            continue;
        next[module] = first[class];
        first[class] = module + 1;
    }
    for (size_t i = 0; i < set->entry_count && set->entries[i].kind == REFERENCE_CLASS; i++) {
        struct leaf_entry *entry = &set->entries[i];
        entry->first_hit = (uint32_t)set->hit_count;
        any = true;
        for (size_t class = 0; class < model->class_count; class ++) {
            if (!leaf_class_matches(&model->classes[class], entry->text))
                continue;
            leaf_class[class] = leaf_class[class] || (first[class] && !(entry->call && entry->call->removes));
            for (uint32_t module = first[class]; module; module = next[module - 1])
                add_hit(work, entry, module - 1);
        }
        for (size_t class = 0; class < model->possible_count; class ++)
            possible[class] = possible[class] || leaf_class_matches(&model->possible_classes[class], entry->text);
        if (entry->matched == LEAF_NO && model_may_have_class(model, entry->text))
            entry->matched = LEAF_MAYBE;
    }
    if (!any)
        return;
    uint32_t *order = ARENA_ARRAY(&work->scratch, model->module_count, uint32_t);
    model_apply_order(model, order);
    for (size_t i = 0; i < model->module_count; i++) {
        uint32_t class = model->modules[order[i]].class_index, choice = model->modules[order[i]].choice;
        const uint32_t *either = choice ? model->choices[choice - 1].classes : NULL;
        if (class == MODULE_NONE && either && !possible[either[0]] && !possible[either[1]])
            continue;
        if (class == MODULE_NONE)
            set->states[order[i]] = LEAF_MAYBE;
        else if (leaf_class[class])
            flag(work, NULL, order[i]);
    }
}

static void apply_name(struct applying *work, struct leaf_entry *entry)
{
    entry->first_hit = (uint32_t)work->set->hit_count;
    uint32_t module = model_find_module(work->model, entry->text);
    if (module != MODULE_NONE) {
        add_hit(work, entry, module);
        flag(work, entry, module);
    } else if (model_may_have_module(work->model, entry->text) || (entry->call && entry->call->unproven)) {
        entry->matched = LEAF_MAYBE;
    }
}

/* get_module_class_from_name of accelerate: the class of the first module that is called so; then isinstance. */
static void apply_layer(struct applying *work, struct leaf_entry *entry)
{
    struct leaf_set *set = work->set;
    const struct model *model = work->model;
    const struct model_class *found = NULL;
    entry->first_hit = (uint32_t)set->hit_count;
    for (uint32_t module = 0; module < model->module_count && !found; module++) {
        uint32_t class = model->modules[module].class_index;
        if (class != MODULE_NONE && !model->classes[class].stands_in &&
            text_equal(model->classes[class].name, entry->text))
            found = &model->classes[class];
    }
    if (!found) {
        entry->matched = model_may_have_class(model, entry->text) ? LEAF_MAYBE : LEAF_NO;
        return;
    }
    for (uint32_t module = 0; module < model->module_count; module++) {
        uint32_t index = model->modules[module].class_index;
        if (index == MODULE_NONE) {
            if (set->states[module] == LEAF_NO)
                set->states[module] = LEAF_MAYBE;
            continue;
        }
        const struct model_class *class = &model->classes[index];
        bool derived = class == found;
        for (size_t base = 0; base < class->base_count && !derived; base++)
            derived = text_equal(class->bases[base], found->qualified);
        if (derived) {
            add_hit(work, entry, module);
            flag(work, entry, module);
        }
    }
}

static struct text last_of(struct text dotted)
{
    size_t start = dotted.length;
    while (start && dotted.bytes[start - 1] != '.')
        start--;
    return (struct text){dotted.bytes + start, dotted.length - start};
}

/* Is the class of this full name the one that was imported from this path?  A package may hand on what its modules define
 * (`transformers.MixtralModel`, `torch.nn.Linear`), so that only the front has to agree; *maybe: only the name does. */
static bool is_imported(struct text qualified, struct text path, bool *maybe)
{
    struct text name = last_of(path), package = {path.bytes, path.length - name.length};
    if (!text_equal(last_of(qualified), name))
        return false;
    if (text_starts(qualified, package))
        return true;
    *maybe = true;
    return false;
}

static void apply_instance(struct applying *work, struct leaf_entry *entry)
{
    struct leaf_set *set = work->set;
    const struct model *model = work->model;
    bool maybe = false;
    entry->first_hit = (uint32_t)set->hit_count;
    bool *derived = ARENA_ARRAY(&work->scratch, model->class_count, bool);
    for (size_t class = 0; class < model->class_count; class ++) {
        const struct model_class *own = &model->classes[class];
        derived[class] = is_imported(own->qualified, entry->text, &maybe);
        for (size_t base = 0; base < own->base_count && !derived[class]; base++)
            derived[class] = is_imported(own->bases[base], entry->text, &maybe);
        maybe = maybe || own->stands_in;
    }
    for (uint32_t module = 0; module < model->module_count; module++) {
        uint32_t class = model->modules[module].class_index;
        if (class == MODULE_NONE) {
            maybe = true;
            if (set->states[module] == LEAF_NO)
                set->states[module] = LEAF_MAYBE;
        } else if (derived[class]) {
            add_hit(work, entry, module);
            flag(work, entry, module);
        }
    }
    /* What is not in transformers.models may be replaced by facts, which need not have every base class. */
    if (entry->matched == LEAF_NO && !text_starts(entry->text, TEXT("transformers.models."))) {
        entry->matched = LEAF_MAYBE;
        for (uint32_t module = 0; module < model->module_count; module++)
            if (set->states[module] == LEAF_NO)
                set->states[module] = LEAF_MAYBE;
    }
    if (entry->matched == LEAF_NO && (maybe || model_may_have_class(model, last_of(entry->text))))
        entry->matched = LEAF_MAYBE;
}

static int compare_from_end(struct text a, struct text b)
{
    size_t length = a.length < b.length ? a.length : b.length;
    for (size_t i = 1; i <= length; i++) {
        unsigned char left = (unsigned char)a.bytes[a.length - i], right = (unsigned char)b.bytes[b.length - i];
        if (left != right)
            return left < right ? -1 : 1;
    }
    return a.length < b.length ? -1 : a.length > b.length;
}

/* Merge sort: bounded whatever the names are, and it can be handed the model. */
static void sort_by_end(const struct model *model, uint32_t *items, uint32_t *spare, size_t count)
{
    if (count < 2)
        return;
    size_t half = count / 2, left = 0, right = half;
    sort_by_end(model, items, spare, half);
    sort_by_end(model, items + half, spare, count - half);
    for (size_t at = 0; at < count; at++) {
        bool take_left = right == count || (left < half && compare_from_end(model->modules[items[left]].name,
                                                                            model->modules[items[right]].name) <= 0);
        spare[at] = items[take_left ? left++ : right++];
    }
    memcpy(items, spare, count * sizeof *items);
}

static int compare_modules(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Sorts the names from their ends: those that end with one text are neighbours then. */
static void prepare_suffixes(struct applying *work)
{
    size_t count = work->model->module_count;
    work->by_end = ARENA_ARRAY(&work->scratch, count, uint32_t);
    work->spare = ARENA_ARRAY(&work->scratch, count, uint32_t);
    for (uint32_t module = 0; module < count; module++)
        work->by_end[module] = module;
    sort_by_end(work->model, work->by_end, work->spare, count);
}

/* Fills work->spare with the modules whose name ends with `suffix`, ascending. */
static size_t find_suffix(struct applying *work, struct text suffix)
{
    const struct module *modules = work->model->modules;
    size_t low = 0, high = work->model->module_count, found = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_from_end(modules[work->by_end[middle]].name, suffix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < work->model->module_count && text_ends(modules[work->by_end[low]].name, suffix))
        work->spare[found++] = work->by_end[low++];
    if (found)
        qsort(work->spare, found, sizeof *work->spare, compare_modules);
    return found;
}

static void apply_suffix(struct applying *work, struct leaf_entry *entry, bool few)
{
    const struct model *model = work->model;
    entry->first_hit = (uint32_t)work->set->hit_count;
    if (!few && !work->by_end)
        prepare_suffixes(work);
    size_t candidates = few ? model->module_count : find_suffix(work, entry->text);
    for (uint32_t i = 0; i < candidates; i++) {
        uint32_t module = few ? i : work->spare[i];
        if (!few || text_ends(model->modules[module].name, entry->text)) {
            add_hit(work, entry, module);
            flag(work, entry, module);
        }
    }
    if (entry->matched == LEAF_NO && model_may_have_suffix(model, entry->text))
        entry->matched = LEAF_MAYBE;
}

static void add_doubt(struct applying *work, struct text doubt)
{
    struct leaf_set *set = work->set;
    if (set->doubt_count == MAX_DOUBTS) {
        work->doubts_more++;
        return;
    }
    set->doubts = array_grow(set->doubts, set->doubt_count, &work->doubt_capacity, sizeof *set->doubts);
    set->doubts[set->doubt_count++] = doubt;
}

/* DeepSpeed warns of the entries of one list that matched nothing; it writes the list as Python does. */
static void warn_of_missing(struct applying *work, enum reference_kind kind, const char *words)
{
    struct leaf_set *set = work->set;
    struct text_builder builder = {0};
    size_t missing = 0, doubtful = 0;
    text_builder_addf(&builder, "ZeRO leaf module configuration contains %s: [", words);
    for (size_t i = 0; i < set->entry_count; i++) {
        const struct leaf_entry *entry = &set->entries[i];
        if (entry->call)
            continue;
        doubtful += entry->kind == kind && entry->matched == LEAF_MAYBE;
        if (entry->kind != kind || entry->matched != LEAF_NO)
            continue;
        if (missing++)
            text_builder_add(&builder, TEXT(", "));
        python_repr(&builder, entry->text);
    }
    text_builder_add(&builder, TEXT("]"));
    if (missing && !doubtful)
        set->warnings[set->warning_count++] = text_copy(work->arena, text_builder_text(&builder));
    else if (missing)
        add_doubt(work, text_format(work->arena,
                                    "DeepSpeed will warn of %s, but which of them it names cannot all be told", words));
    text_builder_free(&builder);
}

static bool is_customized(const struct leaf_set *set)
{
    size_t classes = 0;
    bool as_default = true;
    for (size_t i = 0; i < set->entry_count; i++) {
        if (set->entries[i].call)
            continue;
        if (set->entries[i].kind != REFERENCE_CLASS)
            return true;
        as_default = as_default && classes < 3 && text_equal(set->entries[i].text, deepspeed_default_classes[classes]);
        classes++;
    }
    return !as_default || classes != 3;
}

static void warn(struct applying *work)
{
    struct leaf_set *set = work->set;
    warn_of_missing(work, REFERENCE_NAME, "unknown module names");
    warn_of_missing(work, REFERENCE_SUFFIX, "unmatched module suffixes");
    bool doubtful = false;
    for (size_t i = 0; i < set->entry_count; i++) {
        const struct leaf_entry *entry = &set->entries[i];
        if (entry->matched != LEAF_MAYBE)
            continue;
        doubtful = true;
        struct text label = leaf_entry_label(entry, work->arena);
        add_doubt(work, text_format(work->arena, "cannot tell whether a module matches `%.*s` (%.*s)",
                                    TEXT_ARGS(entry->text), TEXT_ARGS(label)));
    }
    if (!set->flagged_count && !doubtful && is_customized(set))
        set->warnings[set->warning_count++] =
            TEXT("ZeRO leaf module configuration did not match any modules; hooks will be applied as usual");
    if (work->config && work->config->leaf.other_leaves)
        add_doubt(work, TEXT("leaves are also set in ways that cannot be told"));
    if (set->entry_count && model_may_have_class(work->model, TEXT("")))
        add_doubt(work, TEXT("parts of the model could not be told, so more modules may be leaves"));
    if (work->doubts_more)
        set->doubts[MAX_DOUBTS - 1] = text_format(work->arena, "%zu more could not be told", work->doubts_more + 1);
}

/* Which entries flag a module: the hits, module by module.  Of several classes the first flags it (the others are not
 * looked at any more). */
static void list_by_module(struct applying *work)
{
    struct leaf_set *set = work->set;
    size_t modules = work->model->module_count;
    bool *has_class = ARENA_ARRAY(&work->scratch, modules, bool);
    bool *counts = ARENA_ARRAY(&work->scratch, set->hit_count, bool);
    set->by_start = ARENA_ARRAY(work->arena, modules + 1, uint32_t);
    set->by = ARENA_ARRAY(work->arena, set->hit_count, uint32_t);
    for (size_t i = 0; i < set->entry_count; i++) {
        const struct leaf_entry *entry = &set->entries[i];
        for (uint32_t hit = entry->first_hit; hit < entry->first_hit + entry->hit_count; hit++) {
            uint32_t module = set->hits[hit];
            if (entry->kind == REFERENCE_CLASS && has_class[module])
                continue;
            has_class[module] = has_class[module] || entry->kind == REFERENCE_CLASS;
            counts[hit] = true;
            set->by_start[module + 1]++;
        }
    }
    for (size_t module = 0; module < modules; module++)
        set->by_start[module + 1] += set->by_start[module];
    uint32_t *filled = ARENA_ARRAY(&work->scratch, modules, uint32_t);
    for (uint32_t i = 0; i < set->entry_count; i++) {
        const struct leaf_entry *entry = &set->entries[i];
        for (uint32_t hit = entry->first_hit; hit < entry->first_hit + entry->hit_count; hit++)
            if (counts[hit])
                set->by[set->by_start[set->hits[hit]] + filled[set->hits[hit]]++] = i;
    }
}

/* Arrays that grew on the heap move into the arena, whose life is the set's. */
static void *settle(struct arena *arena, void *items, size_t count, size_t size)
{
    void *copy = arena_alloc_array(arena, count, size);
    if (count)
        memcpy(copy, items, count * size);
    free(items);
    return copy;
}

void leaf_set_apply(struct leaf_set *set, const struct config *config, const struct model *model, struct arena *arena)
{
    *set = (struct leaf_set){.model = model};
    struct applying work = {.set = set, .config = config, .model = model, .arena = arena};
    set->states = ARENA_ARRAY(arena, model->module_count, uint8_t);
    set->flagged = ARENA_ARRAY(arena, model->module_count, uint32_t);
    collect_entries(&work);
    apply_classes(&work);
    size_t suffixes = 0;
    for (size_t i = 0; i < set->entry_count; i++)
        suffixes += set->entries[i].kind == REFERENCE_SUFFIX;
    for (size_t i = 0; i < set->entry_count; i++) {
        struct leaf_entry *entry = &set->entries[i];
        if (entry->kind == REFERENCE_NAME)
            apply_name(&work, entry);
        else if (entry->kind == REFERENCE_LAYER)
            apply_layer(&work, entry);
        else if (entry->kind == REFERENCE_INSTANCE)
            apply_instance(&work, entry);
        else if (entry->kind == REFERENCE_SUFFIX)
            apply_suffix(&work, entry, suffixes <= FEW_SUFFIXES);
    }
    unflag(&work);
    warn(&work);
    set->entries = settle(arena, set->entries, set->entry_count, sizeof *set->entries);
    set->hits = settle(arena, set->hits, set->hit_count, sizeof *set->hits);
    set->doubts = settle(arena, set->doubts, set->doubt_count, sizeof *set->doubts);
    list_by_module(&work);
    arena_free(&work.scratch);
}
