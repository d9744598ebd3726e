/*
 * leaflint's dry run against what DeepSpeed itself answered: the leaves in their order, the warnings word by word, and
 * the verdict on every entry.
 *
 * fixtures/leaves holds DeepSpeed's answers for generated configs (tests/oracle/README.md says how they were recorded);
 * the models are built from the sources that SOURCES_4 and SOURCES_5 name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "model/load.h"
#include "rules/registry.h"
#include "rules/rules.h"
#include "syntax/json.h"

#define MAX_MODELS 64

/* One line of a file of JSON lines, read. */
struct line {
    struct arena arena;
    struct source source;
    struct json_document document;
};

static void line_read(struct line *line, struct text bytes)
{
    *line = (struct line){0};
    source_from_bytes(&line->source, bytes, TEXT("fixture"));
    json_read(&line->document, &line->source, JSON_STRICT, &line->arena);
    assert_int_equal(line->document.error_count, 0);
}

static void line_free(struct line *line)
{
    source_free(&line->source);
    arena_free(&line->arena);
}

static const struct json_value *get(const struct line *line, const char *key)
{
    return json_get(line->document.root, text_from(key));
}

struct models {
    size_t count;
    struct text names[MAX_MODELS];
    struct model models[MAX_MODELS];
    struct arena arena;
};

static void write_config(const char *folder, struct text bytes)
{
    char path[64];
    snprintf(path, sizeof path, "%s/config.json", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.bytes, 1, bytes.length, file), bytes.length);
    fclose(file);
}

/* Builds every model of models-VERSION.jsonl. */
static void models_build(struct models *models, const char *version, const char *sources)
{
    char path[64], folder[] = "/tmp/leaflint-leaves-XXXXXX", config[64];
    char *bytes = NULL;
    size_t capacity = 0;
    ssize_t length;
    struct text message = TEXT("");
    struct load_options options = {.sources = &sources, .source_count = 1, .attn = TEXT(""), .routing = true};
    struct loader *loader = loader_new(&options, &message);
    assert_non_null(loader);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "fixtures/leaves/models-%s.jsonl", version);
    snprintf(config, sizeof config, "%s/config.json", folder);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    while ((length = getline(&bytes, &capacity, file)) > 0) {
        struct line line;
        struct targets targets = {0};
        line_read(&line, (struct text){bytes, (size_t)length});
        assert_true(models->count < MAX_MODELS);
        write_config(folder, source_cut(&line.source, get(&line, "config")->span));
        assert_true(loader_resolve(loader, text_from(folder), &targets, &message));
        struct model *model = &models->models[models->count];
        loader_build(loader, &targets.items[targets.main], model);
        models->names[models->count++] = text_copy(&models->arena, get(&line, "model")->text);
        assert_int_equal(model->status, MODEL_EXACT);
        line_free(&line);
    }
    fclose(file);
    free(bytes);
    unlink(config);
    rmdir(folder);
    loader_free(loader);
}

static const struct model *find_model(const struct models *models, struct text name)
{
    for (size_t i = 0; i < models->count; i++)
        if (text_equal(models->names[i], name))
            return &models->models[i];
    return NULL;
}

/* Does the list of strings hold exactly these texts, in this order? */
static bool same_texts(const struct json_value *list, const struct text *texts, size_t count)
{
    const struct json_value *item = json_first(list);
    for (size_t i = 0; i < count; i++, item = item->next)
        if (!item || !text_equal(item->text, texts[i]))
            return false;
    return !item;
}

static bool same_leaves(const struct line *line, const struct leaf_set *set, struct arena *arena)
{
    struct text *names = ARENA_ARRAY(arena, set->flagged_count, struct text);
    for (size_t i = 0; i < set->flagged_count; i++)
        names[i] = set->model->modules[set->flagged[i]].name;
    return same_texts(get(line, "leaves"), names, set->flagged_count);
}

/* Every entry of the list, and how many modules it matches on its own. */
static bool same_matches(const struct line *line, const char *key, enum reference_kind kind, const struct leaf_set *set)
{
    const struct json_value *entry = json_first(json_get(get(line, "entries"), text_from(key)));
    const struct json_value *match = json_first(json_get(get(line, "matches"), text_from(key)));
    for (size_t i = 0; i < set->entry_count; i++) {
        const struct leaf_entry *leaf = &set->entries[i];
        if (leaf->kind != kind)
            continue;
        if (!entry || !match || !text_equal(entry->text, leaf->text) || match->number.whole != leaf->hit_count ||
            (leaf->hit_count > 0) != (leaf->matched == LEAF_YES))
            return false;
        entry = entry->next;
        match = match->next;
    }
    return !entry && !match;
}

/* Is there an error (or, for DeepSpeed's own defaults, a note) on exactly the entries that match nothing? */
static bool same_findings(const struct config *config, const struct model *model, const struct leaf_set *set,
                          struct arena *arena)
{
    static const char *const rules[] = {
        [REFERENCE_CLASS] = "unknown-class", [REFERENCE_NAME] = "unknown-name", [REFERENCE_SUFFIX] = "dead-suffix"};
    struct findings findings = {.arena = arena};
    bool same = true;
    rules_check(config, &model, 1, NULL, NULL, &findings);
    for (size_t i = 0; i < set->entry_count; i++) {
        const struct leaf_entry *leaf = &set->entries[i];
        if (leaf->reference == LEAF_DEFAULT)
            continue;
        const struct reference *reference = &config->references[leaf->reference];
        bool found = false;
        for (size_t k = 0; k < findings.count; k++)
            found = found || (text_equal(findings.items[k].rule, text_from(rules[leaf->kind])) &&
                              findings.items[k].span.start == reference->span.start);
        same = same && found == (leaf->hit_count == 0);
    }
    findings_free(&findings);
    return same;
}

/* What differs, or NULL. */
static const char *compare(const struct line *line, const struct models *models)
{
    const char *difference = NULL;
    struct arena arena = {0};
    struct source source;
    struct config config;
    struct leaf_set set;
    const struct model *model = find_model(models, get(line, "model")->text);
    assert_non_null(model);
    source_from_bytes(&source, get(line, "config")->text, TEXT("ds.json"));
    config_read_deepspeed(&config, &source, &arena);
    leaf_set_apply(&set, &config, model, &arena);
    if (get(line, "error")->kind != JSON_NULL)
        difference = config.leaf.valid || !config.fault_count ? "DeepSpeed refuses it" : NULL;
    else if (!config.leaf.valid)
        difference = "DeepSpeed accepts it";
    else if (!same_matches(line, "classes", REFERENCE_CLASS, &set) ||
             !same_matches(line, "names", REFERENCE_NAME, &set) ||
             !same_matches(line, "name_suffixes", REFERENCE_SUFFIX, &set))
        difference = "the entries that match";
    else if (!same_leaves(line, &set, &arena))
        difference = "the leaves";
    else if (!same_texts(get(line, "warnings"), set.warnings, set.warning_count))
        difference = "the warnings";
    else if (!same_findings(&config, model, &set, &arena))
        difference = "the findings";
    source_free(&source);
    arena_free(&arena);
    return difference;
}

static void compare_all(const char *version, const char *variable)
{
    char command[96];
    char *bytes = NULL;
    size_t capacity = 0, cases = 0, different = 0;
    ssize_t length;
    static struct models models;
    const char *sources = getenv(variable);
    if (!sources || access(sources, R_OK) != 0) {
        print_message("%s names no folder of transformers %s\n", variable, version);
        skip();
    }
    models = (struct models){0};
    models_build(&models, version, sources);
    snprintf(command, sizeof command, "xz -dc fixtures/leaves/%s.jsonl.xz", version);
    FILE *file = popen(command, "r");
    assert_non_null(file);
    while ((length = getline(&bytes, &capacity, file)) > 0) {
        struct line line;
        line_read(&line, (struct text){bytes, (size_t)length});
        const char *difference = compare(&line, &models);
        cases++;
        if (difference && different++ < 10)
            print_message("case %zu: %s: %.400s\n", cases, difference, bytes);
        line_free(&line);
    }
    free(bytes);
    assert_int_equal(pclose(file), 0);
    for (size_t i = 0; i < models.count; i++)
        model_free(&models.models[i]);
    arena_free(&models.arena);
    print_message("%zu configs for transformers %s, %zu different\n", cases, version, different);
    assert_true(cases >= 500);
    assert_int_equal(different, 0);
}

static void as_deepspeed_with_transformers_4(void **state)
{
    (void)state;
    compare_all("4.57.6", "SOURCES_4");
}

static void as_deepspeed_with_transformers_5(void **state)
{
    (void)state;
    compare_all("5.23.0", "SOURCES_5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_deepspeed_with_transformers_4),
        cmocka_unit_test(as_deepspeed_with_transformers_5),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
