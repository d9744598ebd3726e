/* From --model to built models. */
#include <stdlib.h>

#include "cli/commands.h"

#define MAX_REMARKS 3 /* reasons printed for one model */

void say(FILE *err, struct text message)
{
    fputs("leaflint: ", err);
    print_visibly(err, message);
    fputc('\n', err);
}

struct loader *models_loader(const struct options *options, FILE *err)
{
    struct load_options load = {.sources = options->sources.items,
                                .source_count = options->sources.count,
                                .attn = text_from(options->attn),
                                .routing = options->command == COMMAND_CHECK || options->command == COMMAND_SUGGEST,
                                .evidence = options->command == COMMAND_CHECK,
                                .leaves = flagged_modules(options),
                                .made = options->why ? why_name(options) : (struct text){0}};
    struct text message = {0};
    struct loader *loader = loader_new(&load, &message);
    if (!loader) {
        say(err, message);
        free((char *)message.bytes);
    }
    return loader;
}

bool models_find(struct loaded *loaded, const struct options *options, FILE *err)
{
    *loaded = (struct loaded){.loader = models_loader(options, err)};
    if (!loaded->loader)
        return false;
    struct text message = TEXT("the model could not be found");
    if (!loader_resolve(loaded->loader, text_from(options->model), &loaded->targets, &message) || loaded->targets.count == 0) {
        say(err, message);
        models_free(loaded);
        return false;
    }
    return true;
}

/* The main target first, the others in their order. */
const struct target *models_target(const struct loaded *loaded, const struct model *model)
{
    const struct targets *targets = &loaded->targets;
    size_t i = (size_t)(model - loaded->models);
    return &targets->items[i == 0 ? targets->main : i <= targets->main ? i - 1 : i];
}

void models_build(struct loaded *loaded, FILE *err)
{
    const struct targets *targets = &loaded->targets;
    loaded->models = memory_alloc(targets->count * sizeof *loaded->models);
    for (size_t i = 0; i < targets->count; i++) {
        loaded->models[i] = (struct model){0};
        loader_build(loaded->loader, models_target(loaded, &loaded->models[i]), &loaded->models[i]);
        loaded->model_count++;
        model_remark(&loaded->models[i], err);
    }
}

void models_free(struct loaded *loaded)
{
    for (size_t i = 0; i < loaded->model_count; i++)
        model_free(&loaded->models[i]);
    free(loaded->models);
    if (loaded->loader)
        loader_free(loaded->loader);
    *loaded = (struct loaded){0};
}

const char *model_status_name(const struct model *model)
{
    static const char *const names[] = {
        [MODEL_EXACT] = "exact", [MODEL_PARTIAL] = "partial", [MODEL_RAISES] = "raises"};
    return names[model->status];
}

static void print_origin(const struct origin *origin, FILE *err)
{
    if (origin->path.length == 0)
        return;
    fputs(" (", err);
    print_visibly(err, origin->path);
    fprintf(err, ":%u)", (unsigned)origin->place.line);
}

void model_remark(const struct model *model, FILE *err)
{
    if (model->status == MODEL_EXACT)
        return;
    fputs("leaflint: ", err);
    print_visibly(err, model->architecture);
    if (model->status == MODEL_RAISES) {
        fputs(" cannot be built with these values: ", err);
        print_visibly(err, model->raises.type);
        fputs(": ", err);
        print_visibly(err, model->raises.message);
        print_origin(&model->raises.origin, err);
        fputc('\n', err);
        return;
    }
    fputs(" is known in part only\n", err);
    for (size_t i = 0; i < model->unresolved_count && i < MAX_REMARKS; i++) {
        const struct unresolved *unresolved = &model->unresolved[i];
        fputs("  ", err);
        print_visibly(err, unresolved->name.length ? unresolved->name : TEXT("(root)"));
        fputs(": ", err);
        print_visibly(err, unresolved->reason);
        print_origin(&unresolved->origin, err);
        fputc('\n', err);
    }
    if (model->unresolved_count > MAX_REMARKS)
        fprintf(err, "  ... and %zu more\n", model->unresolved_count - MAX_REMARKS);
}
