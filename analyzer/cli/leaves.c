/* `leaves`: what apply_zero_leaf_module_config would do with a config and a model. */
#include <stdlib.h>

#include "base/quantity.h"
#include "cli/commands.h"
#include "report/json_writer.h"
#include "rules/support/leaf_set.h"

#define MAX_LINES 200 /* for people; JSON has them all */

/* What one run has to say; `set.model` NULL when there is no model. */
struct leaves {
    struct leaf_set set;
    struct arena arena;
    struct text refusal; /* why DeepSpeed would not get as far, "" when it would */
};

static void print_json(struct leaves *leaves, FILE *out)
{
    struct json_writer document = {.out = out}, *writer = &document;
    struct leaf_set *set = &leaves->set;
    const struct model *model = set->model;
    json_open(writer, '{', JSON_LINES);
    json_member_integer(writer, "version", 1);
    json_member(writer, "architecture", model ? model->architecture : TEXT(""));
    json_member(writer, "status", text_from(model ? model_status_name(model) : "missing"));
    json_key(writer, TEXT("leaves"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < set->flagged_count; i++) {
        const struct module *module = &model->modules[set->flagged[i]];
        json_open(writer, '{', JSON_INLINE);
        json_member(writer, "name", module->name);
        json_key(writer, TEXT("class"));
        if (module->class_index == MODULE_NONE)
            json_null(writer);
        else
            json_string(writer, model->classes[module->class_index].qualified);
        json_key(writer, TEXT("by"));
        json_open(writer, '[', JSON_INLINE);
        size_t count;
        const uint32_t *by = leaf_set_entries_of(set, set->flagged[i], &count);
        for (size_t entry = 0; entry < count; entry++)
            json_string(writer, leaf_entry_label(&set->entries[by[entry]], &leaves->arena));
        json_close(writer, ']');
        json_key(writer, TEXT("parameters"));
        int64_t parameters = model_gathered_parameters(model, set->flagged[i]);
        if (parameters < 0)
            json_null(writer);
        else
            json_integer(writer, parameters);
        json_close(writer, '}');
    }
    json_close(writer, ']');
    json_key(writer, TEXT("warnings"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < set->warning_count; i++)
        json_string(writer, set->warnings[i]);
    json_close(writer, ']');
    if (set->doubt_count) {
        json_key(writer, TEXT("doubts"));
        json_open(writer, '[', JSON_LINES);
        for (size_t i = 0; i < set->doubt_count; i++)
            json_string(writer, set->doubts[i]);
        json_close(writer, ']');
    }
    if (leaves->refusal.length)
        json_member(writer, "error", leaves->refusal);
    json_close(writer, '}');
    fputc('\n', out);
}

/* Do two leaves read as one line: same class, same size, flagged by the same entries? */
static bool alike(const struct leaf_set *set, uint32_t a, uint32_t b)
{
    const struct model *model = set->model;
    size_t count_a, count_b;
    const uint32_t *by_a = leaf_set_entries_of(set, a, &count_a), *by_b = leaf_set_entries_of(set, b, &count_b);
    return model->modules[a].class_index == model->modules[b].class_index && count_a == count_b &&
           (count_a == 0 || memcmp(by_a, by_b, count_a * sizeof *by_a) == 0) &&
           model_gathered_parameters(model, a) == model_gathered_parameters(model, b);
}

static int compare_modules(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Leaves that follow each other and are alike, on one line. */
static void print_group(struct leaves *leaves, size_t start, size_t end, FILE *out)
{
    const struct leaf_set *set = &leaves->set;
    const struct model *model = set->model;
    size_t count = end - start, by_count;
    uint32_t *modules = ARENA_ARRAY(&leaves->arena, count, uint32_t);
    memcpy(modules, set->flagged + start, count * sizeof *modules);
    qsort(modules, count, sizeof *modules, compare_modules);
    uint32_t class = model->modules[modules[0]].class_index;
    char buffer[32];
    struct text parameters = count_in_words(model_gathered_parameters(model, modules[0]), buffer);
    fputs("  ", out);
    print_visibly(out, model_fold_names(model, modules, count, &leaves->arena));
    fputs("  ", out);
    print_visibly(out, class == MODULE_NONE ? TEXT("?") : model->classes[class].name);
    fputs("  ", out);
    if (count > 1)
        fprintf(out, "%zu x ", count);
    fprintf(out, "%.*s parameters  by ", TEXT_ARGS(parameters));
    const uint32_t *by = leaf_set_entries_of(set, set->flagged[start], &by_count);
    for (size_t i = 0; i < by_count; i++) {
        struct text label = leaf_entry_label(&set->entries[by[i]], &leaves->arena);
        fprintf(out, "%s%.*s", i ? ", " : "", TEXT_ARGS(label));
    }
    fputc('\n', out);
}

static void print_text(struct leaves *leaves, FILE *out)
{
    const struct leaf_set *set = &leaves->set;
    if (!set->model || set->model->status == MODEL_RAISES)
        return;
    print_visibly(out, set->model->architecture);
    fprintf(out, ": %s, %zu module%s would be made leaves\n", model_status_name(set->model), set->flagged_count,
            set->flagged_count == 1 ? "" : "s");
    size_t lines = 0;
    for (size_t start = 0, end; start < set->flagged_count; start = end) {
        if (lines++ == MAX_LINES) {
            fprintf(out, "  ... and %zu more\n", set->flagged_count - start);
            break;
        }
        end = start + 1;
        while (end < set->flagged_count && alike(set, set->flagged[start], set->flagged[end]))
            end++;
        print_group(leaves, start, end, out);
    }
    if (set->warning_count)
        fputs("DeepSpeed would warn:\n", out);
    for (size_t i = 0; i < set->warning_count; i++) {
        fputs("  ", out);
        print_visibly(out, set->warnings[i]);
        fputc('\n', out);
    }
    if (set->doubt_count)
        fputs("not known:\n", out);
    for (size_t i = 0; i < set->doubt_count; i++) {
        fputs("  ", out);
        print_visibly(out, set->doubts[i]);
        fputc('\n', out);
    }
}

/* Why DeepSpeed stops before it looks at leaves; "" when it does not. */
static struct text refusal_of(const struct config *config, struct arena *arena)
{
    if (config->leaf.valid)
        return TEXT("");
    for (size_t i = 0; i < config->fault_count; i++) {
        const struct config_fault *fault = &config->faults[i];
        switch (fault->kind) {
        case FAULT_SYNTAX:
        case FAULT_UNKNOWN_KEY:
        case FAULT_WRONG_TYPE:
        case FAULT_DUPLICATE_KEY:
            return text_format(arena, "DeepSpeed refuses this config: %.*s", TEXT_ARGS(fault->message));
        case FAULT_NEEDS_HJSON:
        case FAULT_MISPLACED:
        case FAULT_LEAF_WITHOUT_STAGE3: break;
        }
    }
    return TEXT("DeepSpeed refuses this config");
}

/* Reads the config when one was given.  Returns an exit code. */
static int read_config(struct leaves *leaves, const char *path, struct source *source, struct config *config, FILE *err)
{
    enum source_status status = source_read(source, path, text_from(path), LIMIT_CONFIG_BYTES);
    if (status != SOURCE_OK) {
        fputs("leaflint: ", err);
        print_visibly(err, text_from(path));
        fprintf(err, ": %s\n", source_status_words(status));
        return status == SOURCE_TOO_LARGE ? EXIT_FINDINGS : EXIT_USAGE;
    }
    struct configs configs;
    config_read(&configs, source, &leaves->arena);
    *config = configs.items[0];
    leaves->refusal = refusal_of(config, &leaves->arena);
    if (!leaves->refusal.length)
        return EXIT_CLEAN;
    fputs("leaflint: ", err);
    print_visibly(err, text_from(path));
    fputs(": ", err);
    print_visibly(err, leaves->refusal);
    fputs(" (leaflint check says where)\n", err);
    return EXIT_FINDINGS;
}

int leaves_run(const struct options *options, FILE *out, FILE *err)
{
    struct leaves leaves = {0};
    struct source source = {0};
    struct config config = {0};
    struct model model = {0};
    struct loaded loaded;
    const char *path = options->files.count ? options->files.items[0] : NULL;
    int code = path ? read_config(&leaves, path, &source, &config, err) : EXIT_CLEAN;
    if (models_find(&loaded, options, err)) {
        loader_build(loaded.loader, &loaded.targets.items[loaded.targets.main], &model);
        model_remark(&model, err);
        leaves.set.model = &model;
        if (code == EXIT_CLEAN && model.status != MODEL_RAISES)
            leaf_set_apply(&leaves.set, path ? &config : NULL, &model, &leaves.arena);
        models_free(&loaded);
    } else {
        code = EXIT_USAGE;
    }
    if (options->format == FORMAT_JSON)
        print_json(&leaves, out);
    else if (code == EXIT_CLEAN)
        print_text(&leaves, out);
    model_free(&model);
    source_free(&source);
    arena_free(&leaves.arena);
    return code;
}
