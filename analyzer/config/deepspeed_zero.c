/*
 * `zero_optimization` as DeepSpeed validates it: unknown keys, wrong values, settings given twice under two names.
 */
#include "config/deepspeed_internal.h"

#define ZERO TEXT("zero_optimization")

/* ---- "auto" ---- */

/* Python's bool(value). */
static bool is_true(const struct json_value *value)
{
    switch (value->kind) {
    case JSON_NULL: return false;
    case JSON_BOOL: return value->truth;
    case JSON_NUMBER: return value->number.real != 0;
    case JSON_STRING: return value->text.length > 0;
    case JSON_ARRAY:
    case JSON_OBJECT: return value->count > 0;
    case JSON_OTHER: return true;
    }
    return false;
}

/* DeepSpeedConfigModel.__init__(self, strict=False, **data): a key "strict" is taken away, and when it is true, "auto"
 * stays. */
static bool keeps_auto(const struct json_value *mapping)
{
    const struct json_value *strict = json_get(mapping, TEXT("strict"));
    return strict && is_true(strict);
}

static bool is_dropped(const struct json_value *member, bool auto_stays)
{
    return !auto_stays && json_is_text(member, TEXT("auto")) && !text_equal(member->key, TEXT("replace_method")) &&
           !text_equal(member->key, TEXT("self"));
}

bool member_is_dropped(const struct json_value *mapping, const struct json_value *member)
{
    return is_dropped(member, keeps_auto(mapping));
}

const struct json_value *member_seen(const struct json_value *mapping, const char *name)
{
    const struct json_value *member = json_get(mapping, text_from(name));
    return member && !member_is_dropped(mapping, member) ? member : NULL;
}

/* ---- one mapping ---- */

static const struct removed_key *find_removed(const struct removed_key *removed, struct text name)
{
    for (; removed->name; removed++)
        if (text_equal(text_from(removed->name), name))
            return removed;
    return NULL;
}

static void add_removed(struct deepspeed_reader *reader, const struct json_value *member, struct text path,
                        const struct removed_key *removed)
{
    fault_add(reader, FAULT_UNKNOWN_KEY, member->key_span, key_join(reader, path, member->key),
              "DeepSpeed 0.19.8 refuses `%s`, which was removed: %s", removed->name, removed->words);
}

static void add_unknown(struct deepspeed_reader *reader, const struct json_value *member, struct text path,
                        struct text mapping_name, const struct mapping_facts *facts)
{
    if (fault_dropped(reader, FAULT_UNKNOWN_KEY))
        return;
    bool in_zero = facts == &deepspeed_zero_keys;
    struct text key = key_join(reader, path, member->key), shown = fault_text(reader, member->key);
    const struct key_facts *of_leaf = mapping_find(&deepspeed_leaf_keys, member->key);
    const char *where = "";
    if (in_zero && of_leaf)
        where = "; it belongs in its `leaf_module`";
    else if (!in_zero && text_equal(member->key, TEXT("leaf_module")))
        where = "; it belongs in `zero_optimization`";
    struct config_fault *fault =
        fault_add(reader, FAULT_UNKNOWN_KEY, member->key_span, key, "`%.*s` has no key `%.*s`%s",
                  TEXT_ARGS(mapping_name), TEXT_ARGS(shown), where);
    if (fault && !*where)
        fault->suggestion_count = mapping_suggest(facts, member->key, fault->suggestions);
}

static void check_mapping(struct deepspeed_reader *reader, const struct json_value *mapping, struct text path,
                          struct text name, const struct mapping_facts *facts);

/* One list of leaf_module. */
static void check_strings(struct deepspeed_reader *reader, const struct json_value *list, struct text path)
{
    size_t index = 0;
    for (const struct json_value *item = json_first(list); item; item = item->next, index++) {
        if (item->kind == JSON_STRING || item->damaged || fault_dropped(reader, FAULT_WRONG_TYPE))
            continue;
        fault_add(reader, FAULT_WRONG_TYPE, item->span, text_format(reader->arena, "%.*s[%zu]", TEXT_ARGS(path), index),
                  "an entry of `%.*s` must be a string, not %.*s", TEXT_ARGS(list->key),
                  TEXT_ARGS(fault_value_words(reader, item)));
    }
}

static void check_member(struct deepspeed_reader *reader, const struct json_value *member, struct text path,
                         const struct key_facts *facts)
{
    struct text key = key_join(reader, path, member->key);
    bool container = member->kind == JSON_ARRAY || member->kind == JSON_OBJECT;
    if (member->damaged && (!container || !setting_accepts(facts, member)))
        return; /* its syntax error has been said */
    if (!setting_accepts(facts, member)) {
        fault_add(reader, FAULT_WRONG_TYPE, member->span, key, "`%.*s` must be %.*s, not %.*s", TEXT_ARGS(member->key),
                  TEXT_ARGS(setting_expected(reader, facts)), TEXT_ARGS(fault_value_words(reader, member)));
        return;
    }
    if (facts->mapping && member->kind == JSON_OBJECT)
        check_mapping(reader, member, key, member->key, facts->mapping);
    else if (facts->type == KEY_STRINGS)
        check_strings(reader, member, key);
}

/* The members of a mapping that validation sees, by their place in its table of keys. */
struct seen {
    const struct json_value *members[64];
};

static const struct json_value *seen_find(const struct seen *seen, const struct mapping_facts *facts, const char *name)
{
    const struct key_facts *known = name ? mapping_find(facts, text_from(name)) : NULL;
    return known ? seen->members[known - facts->keys] : NULL;
}

/* Settings that have two names, or a deprecated one, given under both. */
static void check_twice(struct deepspeed_reader *reader, const struct seen *seen, struct text path,
                        const struct mapping_facts *facts)
{
    for (size_t i = 0; i < facts->key_count; i++) {
        const struct key_facts *known = &facts->keys[i];
        const struct json_value *member = seen->members[i], *other = seen_find(seen, facts, known->also);
        const char *words = "`%s` and `%.*s` are one setting; DeepSpeed refuses both together";
        if (!other) {
            words = "`%s` is the old form of `%.*s`; DeepSpeed refuses both together";
            other = seen_find(seen, facts, known->replaced_by);
        }
        if (!other)
            other = seen_find(seen, facts, known->replaced_by_also);
        if (!member || !other)
            continue;
        struct text message = text_format(reader->arena, words, known->name, TEXT_ARGS(other->key));
        struct config_fault *fault = fault_add(reader, FAULT_DUPLICATE_KEY, member->key_span,
                                               key_join(reader, path, member->key), "%.*s", TEXT_ARGS(message));
        fault_relate(fault, other->key_span, TEXT("the other one"));
    }
}

static void check_mapping(struct deepspeed_reader *reader, const struct json_value *mapping, struct text path,
                          struct text name, const struct mapping_facts *facts)
{
    bool auto_stays = keeps_auto(mapping), is_zero = facts == &deepspeed_zero_keys;
    struct seen seen = {{NULL}};
    for (const struct json_value *member = mapping->first; member; member = member->next) {
        const struct removed_key *removed = is_zero ? find_removed(deepspeed_removed_zero_keys, member->key) : NULL;
        const struct key_facts *known = mapping_find(facts, member->key);
        bool dropped = is_dropped(member, auto_stays);
        bool container = member->kind == JSON_ARRAY || member->kind == JSON_OBJECT;
        if (!known && (mapping->uncertain || (member->damaged && !container)))
            continue; /* it may belong elsewhere, or be no key at all */
        if (known)
            seen.members[known - facts->keys] = dropped ? NULL : member;
        if (removed)
            add_removed(reader, member, path, removed);
        else if (dropped || text_equal(member->key, TEXT("strict")))
            continue;
        else if (!known)
            add_unknown(reader, member, path, name, facts);
        else
            check_member(reader, member, path, known);
    }
    check_twice(reader, &seen, path, facts);
}

/* ---- what hangs together ---- */

static void check_stage_needs(struct deepspeed_reader *reader, const struct json_value *zero)
{
    const struct json_value *stage_value = member_seen(zero, "stage");
    int stage = stage_value ? setting_stage(stage_value) : 0;
    const struct json_value *norm = member_seen(zero, "compute_grad_norm");
    const struct json_value *offload = member_seen(zero, "offload_optimizer");
    const struct json_value *ratio = offload && offload->kind == JSON_OBJECT ? member_seen(offload, "ratio") : NULL;
    if (stage < 0 || zero->damaged || zero->uncertain)
        return;
    if (norm && setting_accepts(mapping_find(&deepspeed_zero_keys, TEXT("compute_grad_norm")), norm) &&
        !setting_truth(norm) && stage != 1 && stage != 2)
        fault_add(reader, FAULT_WRONG_TYPE, norm->span, TEXT("zero_optimization.compute_grad_norm"),
                  "`compute_grad_norm` can be false only at stage 1 or 2; this is stage %d", stage);
    if (ratio && stage != 3 && setting_number(ratio) >= 0 && setting_number(ratio) < 1)
        fault_add(reader, FAULT_WRONG_TYPE, ratio->span, TEXT("zero_optimization.offload_optimizer.ratio"),
                  "a `ratio` under 1 needs stage 3; this is stage %d", stage);
}

static void read_stage(struct deepspeed_reader *reader, const struct json_value *zero)
{
    struct leaf_config *leaf = &reader->config->leaf;
    const struct json_value *stage = json_get(zero, TEXT("stage"));
    leaf->stage = 0;
    if (zero->damaged && !stage)
        leaf->stage = -1; /* it may be in what could not be read */
    if (!stage)
        return;
    leaf->stage_span = stage->span;
    leaf->stage = stage->damaged ? -1 : setting_stage(stage); /* -1 also for "auto" */
}

static void check_effect(struct deepspeed_reader *reader, const struct json_value *zero, const struct json_value *leaf)
{
    struct leaf_config *config = &reader->config->leaf;
    if (config->stage < 0 || config->stage == 3 || zero->uncertain)
        return;
    bool given = config->stage_span.start < config->stage_span.end;
    struct config_fault *fault;
    if (given)
        fault = fault_add(reader, FAULT_LEAF_WITHOUT_STAGE3, leaf->key_span, TEXT("zero_optimization.leaf_module"),
                          "`leaf_module` has no effect: `stage` is %d, not 3", config->stage);
    else
        fault = fault_add(reader, FAULT_LEAF_WITHOUT_STAGE3, leaf->key_span, TEXT("zero_optimization.leaf_module"),
                          "`leaf_module` has no effect: no `stage` is given, so it is 0, not 3");
    if (given)
        fault_relate(fault, config->stage_span, TEXT("the stage"));
}

/* ---- the section ---- */

static void check_removed(struct deepspeed_reader *reader, const struct json_value *root)
{
    for (const struct json_value *member = root->first; member && !root->uncertain; member = member->next) {
        const struct removed_key *removed = find_removed(deepspeed_removed_keys, member->key);
        if (removed)
            add_removed(reader, member, TEXT(""), removed);
    }
}

void read_zero(struct deepspeed_reader *reader, const struct json_value *root)
{
    struct leaf_config *config = &reader->config->leaf;
    const struct json_value *zero = json_get(root, ZERO);
    check_removed(reader, root);
    if (!zero)
        return;
    config->span = zero->key_span;
    if (zero->kind == JSON_BOOL) { /* the form of DeepSpeed's first versions: stage 1 */
        config->stage = zero->truth;
        config->stage_span = zero->span;
        return;
    }
    if (zero->kind != JSON_OBJECT) {
        config->stage = -1;
        if (!zero->damaged)
            fault_add(reader, FAULT_WRONG_TYPE, zero->span, ZERO, "`zero_optimization` must be a mapping, not %.*s",
                      TEXT_ARGS(fault_value_words(reader, zero)));
        return;
    }
    reader->zero = zero;
    config->zero_span = zero->span;
    check_mapping(reader, zero, ZERO, ZERO, &deepspeed_zero_keys);
    check_stage_needs(reader, zero);
    read_stage(reader, zero);
    const struct json_value *leaf = member_seen(zero, "leaf_module");
    if (leaf)
        config->span = leaf->key_span;
    if (leaf && leaf->kind == JSON_OBJECT) {
        reader->leaf = leaf;
        config->present = true;
        config->value_span = leaf->span;
        check_effect(reader, zero, leaf);
    }
}
