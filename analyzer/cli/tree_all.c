/*
 * `tree --all`: every public model of the sources.
 *
 * Workers take one modeling file after the other, each with a loader of its own, and write what they print into memory;
 * it is printed in the order of the files.  So the output does not depend on how many there are.  A worker waits when it
 * is far ahead of what is printed: that bounds the memory.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/large_stack.h"
#include "cli/commands.h"

#define FILES_AHEAD 64 /* files that may wait for being printed: some megabytes */
#define MAX_WORKERS 64 /* more threads than this gain nothing over a thousand files */

struct printed {
    char *bytes; /* of open_memstream */
    size_t length;
    bool done;
};

struct survey {
    const struct options *options;
    const struct text *modules;
    size_t count;
    struct printed *printed; /* per module */
    FILE *err;
    pthread_mutex_t lock; /* over all that follows, and over `printed` */
    pthread_cond_t changed;
    size_t taken, shown; /* modules that a worker took; that were printed */
    size_t models;
    bool stopped; /* nobody reads the output any more */
};

struct worker {
    struct survey *survey;
    struct loader *loader;
    struct large_thread thread;
};

static size_t print_module(const struct survey *survey, struct loader *loader, struct text module, FILE *out)
{
    struct targets targets;
    loader_module_targets(loader, module, &targets);
    for (size_t i = 0; i < targets.count && !ferror(out); i++) {
        struct model model = {0};
        loader_build(loader, &targets.items[i], &model);
        if (survey->options->format == FORMAT_JSONL)
            tree_print_json(&model, out);
        else
            tree_print_summary(&model, out);
        model_free(&model);
    }
    return targets.count;
}

/* The next module that nobody has taken; false when there is none. */
static bool take(struct survey *survey, size_t *module)
{
    pthread_mutex_lock(&survey->lock);
    while (!survey->stopped && survey->taken < survey->count && survey->taken >= survey->shown + FILES_AHEAD)
        pthread_cond_wait(&survey->changed, &survey->lock);
    bool more = !survey->stopped && survey->taken < survey->count;
    if (more)
        *module = survey->taken++;
    pthread_mutex_unlock(&survey->lock);
    return more;
}

static void work(void *context)
{
    struct worker *worker = context;
    struct survey *survey = worker->survey;
    size_t module;
    while (take(survey, &module)) {
        struct printed printed = {.done = true};
        FILE *memory = open_memstream(&printed.bytes, &printed.length);
        size_t models = memory ? print_module(survey, worker->loader, survey->modules[module], memory) : 0;
        bool failed = !memory || ferror(memory);
        if (memory)
            failed |= fclose(memory) != 0;
        if (failed) { /* no memory, as anywhere else */
            fputs("leaflint: out of memory\n", survey->err);
            _Exit(EXIT_INTERNAL);
        }
        pthread_mutex_lock(&survey->lock);
        survey->models += models;
        survey->printed[module] = printed;
        pthread_cond_broadcast(&survey->changed);
        pthread_mutex_unlock(&survey->lock);
    }
}

/* Prints what the workers make, in order. */
static void show_all(struct survey *survey, FILE *out)
{
    for (size_t i = 0; i < survey->count; i++) {
        pthread_mutex_lock(&survey->lock);
        while (!survey->printed[i].done)
            pthread_cond_wait(&survey->changed, &survey->lock);
        struct printed printed = survey->printed[i];
        survey->printed[i].bytes = NULL;
        pthread_mutex_unlock(&survey->lock);
        if (printed.length)
            fwrite(printed.bytes, 1, printed.length, out);
        free(printed.bytes);
        pthread_mutex_lock(&survey->lock);
        survey->shown = i + 1;
        survey->stopped = ferror(out) != 0;
        pthread_cond_broadcast(&survey->changed);
        pthread_mutex_unlock(&survey->lock);
        if (survey->stopped)
            return;
    }
}

static void run_here(struct survey *survey, struct loader *loader, FILE *out)
{
    for (size_t i = 0; i < survey->count && !ferror(out); i++)
        survey->models += print_module(survey, loader, survey->modules[i], out);
}

static void run_workers(struct survey *survey, struct loader *loader, size_t jobs, FILE *out)
{
    struct worker workers[MAX_WORKERS] = {{0}};
    size_t started = 0;
    survey->printed = memory_alloc(survey->count * sizeof *survey->printed);
    for (size_t i = 0; i < survey->count; i++)
        survey->printed[i] = (struct printed){0};
    pthread_mutex_init(&survey->lock, NULL);
    pthread_cond_init(&survey->changed, NULL);
    while (started < jobs) {
        struct worker *worker = &workers[started];
        *worker = (struct worker){.survey = survey, .loader = started ? models_loader(survey->options, survey->err) : loader};
        if (!worker->loader || !large_thread_start(&worker->thread, work, worker))
            break;
        started++;
    }
    if (started) {
        show_all(survey, out);
    } else {
        run_here(survey, loader, out);
    }
    for (size_t i = 0; i < started; i++)
        large_thread_join(&workers[i].thread);
    for (size_t i = 1; i <= started && i < jobs; i++)
        loader_free(workers[i].loader);
    for (size_t i = 0; i < survey->count; i++)
        free(survey->printed[i].bytes);
    free(survey->printed);
    pthread_cond_destroy(&survey->changed);
    pthread_mutex_destroy(&survey->lock);
}

static size_t job_count(const struct options *options, size_t modules)
{
    long processors = options->jobs ? (long)options->jobs : sysconf(_SC_NPROCESSORS_ONLN);
    size_t jobs = processors > 0 ? (size_t)processors : 1;
    jobs = jobs < MAX_WORKERS ? jobs : MAX_WORKERS;
    return jobs < modules ? jobs : modules;
}

int tree_all_run(const struct options *options, FILE *out, FILE *err)
{
    struct loader *loader = models_loader(options, err);
    if (!loader)
        return EXIT_USAGE;
    struct survey survey = {.options = options, .err = err};
    survey.count = loader_modeling_modules(loader, &survey.modules);
    size_t jobs = job_count(options, survey.count);
    if (jobs > 1)
        run_workers(&survey, loader, jobs, out);
    else
        run_here(&survey, loader, out);
    loader_free(loader);
    if (survey.models || ferror(out))
        return EXIT_CLEAN;
    say(err, TEXT("no model classes in these sources"));
    return EXIT_USAGE;
}
