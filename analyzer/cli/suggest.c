/* `suggest`: the leaf_module block that a model needs, and why. */
#include <stdlib.h>

#include "cli/commands.h"
#include "base/quantity.h"
#include "report/json_writer.h"
#include "rules/support/suggestion.h"

struct suggesting {
    const struct model *model;
    struct suggestion suggestion;
    struct arena arena;
};

static const char *needed_word(enum suggestion_kind kind)
{
    static const char *const words[] = {[SUGGESTION_NOTHING] = "none", [SUGGESTION_DEFAULTS] = "defaults",
                                        [SUGGESTION_BLOCK] = "block", [SUGGESTION_IMPOSSIBLE] = "unknown"};
    return words[kind];
}

static void json_leaf(struct json_writer *writer, const struct model *model, const struct suggested_leaf *leaf)
{
    json_open(writer, '{', JSON_INLINE);
    json_member(writer, "entry", leaf->entry);
    json_member(writer, "class", model->classes[leaf->class].qualified);
    json_member(writer, "block", model->classes[leaf->block].qualified);
    json_key(writer, TEXT("modules"));
    json_open(writer, '[', JSON_INLINE);
    for (size_t i = 0; i < leaf->count; i++)
        json_string(writer, model->modules[leaf->modules[i]].name);
    json_close(writer, ']');
    json_key(writer, TEXT("parameters"));
    if (leaf->parameters < 0)
        json_null(writer);
    else
        json_integer(writer, leaf->parameters);
    place_members(writer, &leaf->routing->call);
    json_member(writer, "reason", leaf->routing->words);
    json_close(writer, '}');
}

static void json_leaves(struct json_writer *writer, const char *key, const struct model *model,
                        const struct suggested_leaf *leaves, size_t count)
{
    json_key(writer, text_from(key));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < count; i++)
        json_leaf(writer, model, &leaves[i]);
    json_close(writer, ']');
}

static void print_json(const struct suggesting *suggesting, FILE *out)
{
    struct json_writer document = {.out = out}, *writer = &document;
    const struct model *model = suggesting->model;
    const struct suggestion *suggestion = &suggesting->suggestion;
    json_open(writer, '{', JSON_LINES);
    json_member_integer(writer, "version", 1);
    json_member(writer, "architecture", model->architecture);
    json_member(writer, "status", text_from(model_status_name(model)));
    json_member(writer, "needed", text_from(needed_word(suggestion->kind)));
    json_key(writer, TEXT("leaf_module"));
    if (suggestion->kind == SUGGESTION_BLOCK) {
        json_open(writer, '{', JSON_INLINE);
        json_key(writer, TEXT("classes"));
        json_open(writer, '[', JSON_INLINE);
        for (size_t i = 0; i < suggestion->entry_count; i++)
            json_string(writer, suggestion->entries[i]);
        json_close(writer, ']');
        json_close(writer, '}');
    } else {
        json_null(writer);
    }
    json_leaves(writer, "leaves", model, suggestion->leaves, suggestion->leaf_count);
    json_leaves(writer, "doubts", model, suggestion->doubts, suggestion->doubt_count);
    if (suggestion->trouble.length)
        json_member(writer, "trouble", suggestion->trouble);
    json_close(writer, '}');
    fputc('\n', out);
}

/* What a block does, and where. */
static void print_leaf(struct suggesting *suggesting, const struct suggested_leaf *leaf, FILE *out)
{
    const struct model *model = suggesting->model;
    const struct routing *routing = leaf->routing;
    struct text names = model_fold_names(model, leaf->modules, leaf->count, &suggesting->arena);
    char buffer[32];
    struct text parameters = count_in_words(leaf->parameters, buffer);
    fputs("  ", out);
    print_visibly(out, model->classes[leaf->block].name);
    fputs(": ", out);
    print_visibly(out, names);
    fputc('\n', out);
    if (routing->call.path.length) {
        fputs("    ", out);
        print_visibly(out, routing->call.path);
        fprintf(out, ":%u: ", routing->call.place.line);
        print_visibly(out, routing->words);
        fputc('\n', out);
    }
    fputs("    the leaf", out);
    if (leaf->class != leaf->block) {
        fputs(" goes on the module above, ", out);
        print_visibly(out, model->classes[leaf->class].name);
        fputs(", since on the block itself it would, or may, fail; it", out);
    }
    fprintf(out, " gathers %.*s parameters at once\n", TEXT_ARGS(parameters));
}

static void print_block(struct text json, FILE *out)
{
    fputs("  \"zero_optimization\": {\n", out);
    for (size_t at = 0; at < json.length;) {
        size_t end = at;
        while (end < json.length && json.bytes[end] != '\n')
            end++;
        fprintf(out, "    ");
        print_visibly(out, (struct text){json.bytes + at, end - at});
        fputc('\n', out);
        at = end + 1;
    }
    fputs("  }\n", out);
}

static void print_text(struct suggesting *suggesting, FILE *out)
{
    const struct suggestion *suggestion = &suggesting->suggestion;
    print_visibly(out, suggesting->model->architecture);
    switch (suggestion->kind) {
    case SUGGESTION_NOTHING:
        fprintf(out, ": %s\n", suggestion->doubt_count || suggesting->model->status != MODEL_EXACT
                                   ? "no leaf is known to be needed"
                                   : "no leaf is needed: no module of it chooses by data which of its modules it calls");
        break;
    case SUGGESTION_DEFAULTS:
        fputs(": nothing to add: DeepSpeed (since 0.18.0) makes these leaves by itself, as long as the config has no "
              "`classes` of its own\n", out);
        break;
    case SUGGESTION_BLOCK:
        fputs(": these choose by data which of their modules they call, so that under ZeRO stage 3 they need a leaf\n", out);
        break;
    case SUGGESTION_IMPOSSIBLE:
        fputs(": these need a leaf, and leaflint knows none that works: ", out);
        print_visibly(out, suggestion->trouble);
        fputc('\n', out);
    }
    for (size_t i = 0; i < suggestion->leaf_count; i++)
        print_leaf(suggesting, &suggestion->leaves[i], out);
    if (suggestion->kind == SUGGESTION_BLOCK) {
        fputs("add to the DeepSpeed config:\n", out);
        print_block(suggestion->json, out);
        if (suggestion->trouble.length) {
            fputs("leaflint would say of it: ", out);
            print_visibly(out, suggestion->trouble);
            fputc('\n', out);
        }
    }
    if (suggestion->doubt_count)
        fputs("not known, whether these choose by data; if they do, they need a leaf too:\n", out);
    for (size_t i = 0; i < suggestion->doubt_count; i++)
        print_leaf(suggesting, &suggestion->doubts[i], out);
}

int suggest_run(const struct options *options, FILE *out, FILE *err)
{
    struct suggesting suggesting = {0};
    struct model model = {0};
    struct loaded loaded;
    if (!models_find(&loaded, options, err))
        return EXIT_USAGE;
    loader_build(loaded.loader, &loaded.targets.items[loaded.targets.main], &model);
    model_remark(&model, err);
    bool raises = model.status == MODEL_RAISES;
    suggesting.model = &model;
    if (!raises) {
        suggestion_make(&suggesting.suggestion, &model, &suggesting.arena);
        if (options->format == FORMAT_JSON)
            print_json(&suggesting, out);
        else
            print_text(&suggesting, out);
    }
    models_free(&loaded);
    model_free(&model);
    arena_free(&suggesting.arena);
    return raises || suggesting.suggestion.kind == SUGGESTION_IMPOSSIBLE ? EXIT_FINDINGS : EXIT_CLEAN;
}
