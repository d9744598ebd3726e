/* `check`: lints configs. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "diag/fix.h"
#include "report/line_diff.h"
#include "rules/registry.h"
#include "rules/rules.h"
#include "source/replace_file.h"

struct checking {
    const struct options *options;
    FILE *err;
    bool *enabled; /* rule by rule */
    const struct model **models;
    size_t model_count;
    struct other_attentions attentions;
    struct report report;
    const struct report_format *format;
    size_t counts[3]; /* findings by severity */
    size_t dropped;
    size_t files, missing; /* that were read, and that could not be */
    int code;
};

static void worsen(struct checking *checking, int code)
{
    if (code > checking->code)
        checking->code = code;
}

/* --select and --ignore: false when one names no rule. */
static bool choose_rules(struct checking *checking)
{
    const struct options *options = checking->options;
    checking->enabled = memory_alloc(all_rule_count * sizeof *checking->enabled);
    for (size_t i = 0; i < all_rule_count; i++)
        checking->enabled[i] = options->select.count == 0;
    const struct word_list *lists[] = {&options->select, &options->ignore};
    for (size_t list = 0; list < 2; list++)
        for (size_t i = 0; i < lists[list]->count; i++) {
            size_t rule = rule_find(lists[list]->items[i], checking->err);
            if (rule == all_rule_count)
                return false;
            checking->enabled[rule] = list == 0;
        }
    return true;
}

static bool is_enabled(const struct checking *checking, const char *name)
{
    for (size_t i = 0; i < all_rule_count; i++)
        if (strcmp(all_rules[i]->name, name) == 0)
            return checking->enabled[i];
    return false;
}

bool wants_colour(FILE *out)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    int descriptor = fileno(out);
    return descriptor >= 0 && isatty(descriptor) && !(no_colour && *no_colour) && !(term && strcmp(term, "dumb") == 0);
}

static const struct report_format *format_of(const struct options *options)
{
    switch (options->format) {
    case FORMAT_JSON: return &report_json;
    case FORMAT_SARIF: return &report_sarif;
    case FORMAT_GITHUB: return &report_github;
    case FORMAT_TEXT:
    case FORMAT_JSONL: /* not accepted for check */ return &report_text;
    }
    return &report_text;
}

static void print_findings(struct checking *checking, struct source *source, struct findings *findings)
{
    checking->files++;
    findings_sort(findings);
    report_findings(&checking->report, checking->format, source, findings);
    for (size_t i = 0; i < findings->count; i++) {
        checking->counts[findings->items[i].severity]++;
        if (findings->items[i].severity >= checking->options->fail_level)
            worsen(checking, EXIT_FINDINGS);
    }
    checking->dropped += findings->dropped;
}

/* A missing file that is called like a command is a mistyped command. */
static void complain_about_file(struct checking *checking, const char *path, enum source_status status)
{
    fputs("leaflint: ", checking->err);
    print_visibly(checking->err, text_from(path));
    fprintf(checking->err, ": %s", source_status_words(status));
    struct text names[COMMAND_HELP], nearest;
    for (int command = 0; command < COMMAND_HELP; command++)
        names[command] = text_from(command_name((enum command)command));
    if (status == SOURCE_MISSING && !strpbrk(path, "./") &&
        suggest_nearest(text_from(path), names, COMMAND_HELP, &nearest, 1))
        fprintf(checking->err, " (did you mean the command `%.*s`?)", TEXT_ARGS(nearest));
    fputc('\n', checking->err);
    checking->missing++;
    worsen(checking, EXIT_USAGE);
}

/* A file that opens and is too large to be a config: a finding like any other file that cannot be understood. */
static void report_too_large(struct checking *checking, const char *path)
{
    struct arena arena = {0};
    struct source source;
    struct findings findings = {.arena = &arena};
    source_from_bytes(&source, TEXT(""), text_from(path));
    if (is_enabled(checking, "syntax-error")) {
        struct finding *finding = findings_add(&findings, "syntax-error", SEVERITY_ERROR, (struct span){0, 0});
        finding->message = text_format(&arena, "the file is larger than %u MB, which no config is; it was not read",
                                       LIMIT_CONFIG_BYTES >> 20);
    }
    print_findings(checking, &source, &findings);
    findings_free(&findings);
    source_free(&source);
    arena_free(&arena);
}

/* "leaflint: PATH: ...", on standard error. */
__attribute__((format(printf, 3, 4))) static void remark(struct checking *checking, const struct source *source,
                                                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("leaflint: ", checking->err);
    print_visibly(checking->err, source->path);
    fputs(": ", checking->err);
    vfprintf(checking->err, format, arguments);
    fputc('\n', checking->err);
    va_end(arguments);
}

/* One reading of a file: what it says and what is wrong with it. */
struct lint {
    struct source source;
    struct configs configs; /* one for each place with settings */
    struct findings findings;
    struct arena arena;
    size_t undecided;
};

/* Takes over `source`. */
static void lint_source(struct checking *checking, struct lint *lint, struct source source)
{
    *lint = (struct lint){.source = source};
    lint->findings.arena = &lint->arena;
    config_read(&lint->configs, &lint->source, &lint->arena);
    struct rule_questions questions = {&checking->attentions, other_attentions_ask};
    for (size_t i = 0; i < lint->configs.count; i++) {
        lint->findings.dropped += lint->configs.items[i].faults_dropped;
        lint->undecided += rules_check(&lint->configs.items[i], checking->models, checking->model_count, checking->enabled,
                                       &questions, &lint->findings);
    }
}

static void lint_free(struct lint *lint)
{
    findings_free(&lint->findings);
    source_free(&lint->source);
    arena_free(&lint->arena);
}

/* Fewer errors, or as many and less to say otherwise. */
static bool is_better(const struct findings *now, const struct findings *before)
{
    size_t errors = now->by_severity[SEVERITY_ERROR], errors_before = before->by_severity[SEVERITY_ERROR];
    return errors < errors_before || (errors == errors_before && now->count < before->count);
}

/* Mends the file in memory, as long as each round leaves less to say; returns how many findings were mended. */
static size_t mend(struct checking *checking, struct lint *lint)
{
    size_t mended = 0;
    for (int round = 0; round < LIMIT_FIX_ROUNDS; round++) {
        size_t count;
        struct text bytes = fix_apply(lint->source.bytes, &lint->findings, &lint->arena, &count);
        if (!count)
            break;
        struct lint next;
        struct source source;
        source_from_bytes(&source, bytes, lint->source.path);
        lint_source(checking, &next, source);
        if (!is_better(&next.findings, &lint->findings)) {
            lint_free(&next);
            break;
        }
        lint_free(lint);
        *lint = next; /* the arena and the source with it */
        lint->findings.arena = &lint->arena;
        for (size_t i = 0; i < lint->configs.count; i++)
            lint->configs.items[i].source = &lint->source;
        mended += count;
    }
    return mended;
}

/* --diff: what --fix would write. */
static void show_diff(struct checking *checking, const struct lint *lint, struct text before)
{
    checking->files++;
    line_diff_print(checking->report.out, lint->source.path, before, lint->source.bytes);
    if (!text_equal(before, lint->source.bytes))
        worsen(checking, EXIT_FINDINGS);
}

/* --fix: writes what was mended; false: it could not, and the file is as it was. */
static bool write_fixed(struct checking *checking, const char *path, const struct lint *lint, size_t mended)
{
    const char *problem = replace_file(path, lint->source.bytes);
    if (problem) {
        remark(checking, &lint->source, "cannot be written: %s", problem);
        worsen(checking, EXIT_USAGE);
        return false;
    }
    remark(checking, &lint->source, "%zu finding%s fixed", mended, mended == 1 ? "" : "s");
    return true;
}

/* What is no finding, and yet to be known about a file. */
static void remark_on(struct checking *checking, const struct lint *lint)
{
    const struct configs *configs = &lint->configs;
    const struct source *source = &lint->source;
    if (configs->items[0].nothing && !configs->items[0].fault_count)
        remark(checking, source, "no DeepSpeed settings in it");
    if (configs->untold)
        remark(checking, source, "it sets leaves in ways that cannot be told without running it");
    if (configs->broken)
        remark(checking, source, "not all of it can be parsed, so what it sets is not known");
    if (configs->left_out)
        remark(checking, source, "only the first %d places with DeepSpeed settings were checked, not %zu more",
               LIMIT_CONFIG_SECTIONS, configs->left_out);
    if (lint->undecided)
        remark(checking, source, "cannot tell whether %zu %s, since the model is known in part only", lint->undecided,
               lint->undecided == 1 ? "entry matches" : "entries match");
}

static void check_file(struct checking *checking, const char *path)
{
    struct source source;
    enum source_status status = source_read(&source, path, text_from(path), LIMIT_CONFIG_BYTES);
    if (status == SOURCE_TOO_LARGE) {
        report_too_large(checking, path);
        return;
    }
    if (status != SOURCE_OK) {
        complain_about_file(checking, path, status);
        return;
    }
    const struct options *options = checking->options;
    struct lint lint;
    struct arena kept = {0};
    struct text before = options->fix || options->diff ? text_copy(&kept, source.bytes) : TEXT("");
    lint_source(checking, &lint, source);
    size_t mended = options->fix || options->diff ? mend(checking, &lint) : 0;
    if (options->diff) {
        show_diff(checking, &lint, before);
    } else {
        if (mended && !write_fixed(checking, path, &lint, mended)) {
            lint_free(&lint);
            source_from_bytes(&source, before, text_from(path));
            lint_source(checking, &lint, source);
        }
        print_findings(checking, &lint.source, &lint.findings);
        remark_on(checking, &lint);
    }
    lint_free(&lint);
    arena_free(&kept);
}

/* A model that no values allow is a fault of its config.json, whatever file is checked. */
static void check_model(struct checking *checking)
{
    const struct model *raises = rules_raising_model(checking->models, checking->model_count);
    if (!raises || !raises->config.path.length)
        return;
    struct arena arena = {0};
    struct source source;
    struct findings findings = {.arena = &arena};
    source_from_bytes(&source, raises->config.bytes, raises->config.path);
    rules_check_model(raises, checking->enabled, &findings);
    print_findings(checking, &source, &findings);
    findings_free(&findings);
    source_free(&source);
    arena_free(&arena);
}

static void summarise(const struct checking *checking)
{
    static const enum severity order[] = {SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE};
    FILE *err = checking->err;
    const char *before = "leaflint: ";
    for (size_t i = 0; i < 3; i++) {
        size_t count = checking->counts[order[i]];
        if (!count)
            continue;
        fprintf(err, "%s%zu %s%s", before, count, severity_name(order[i]), count == 1 ? "" : "s");
        before = ", ";
    }
    if (checking->dropped) {
        fprintf(err, "%s%zu not shown", before, checking->dropped);
        before = ", ";
    }
    if (before[0] == 'l')
        fprintf(err, "%sno findings", before);
    fprintf(err, " in %zu file%s", checking->files, checking->files == 1 ? "" : "s");
    if (checking->missing)
        fprintf(err, ", %zu not read", checking->missing);
    fputc('\n', err);
}

static void say_models(struct checking *checking, const struct loaded *loaded)
{
    const struct model *first = NULL;
    size_t others = 0;
    for (size_t i = 0; i < loaded->model_count; i++) {
        if (loaded->models[i].status == MODEL_RAISES)
            continue;
        others += first != NULL;
        first = first ? first : &loaded->models[i];
    }
    if (!first) {
        fputs("leaflint: no model can be built, so only the shape of the config is checked\n", checking->err);
        return;
    }
    fputs("leaflint: judged against ", checking->err);
    print_visibly(checking->err, first->architecture);
    if (others)
        fprintf(checking->err, " and %zu more of its type", others);
    if (first->sources_version.length) {
        fputs(", transformers ", checking->err);
        print_visibly(checking->err, first->sources_version);
    }
    fputc('\n', checking->err);
}

/* What the files are judged against; --model that cannot be had leaves the rules about the shape. */
static void load_models(struct checking *checking, struct loaded *loaded)
{
    if (!checking->options->model) {
        fputs("leaflint: no --model was given, so only the shape of the config is checked\n", checking->err);
        return;
    }
    if (!models_find(loaded, checking->options, checking->err)) {
        worsen(checking, EXIT_USAGE);
        return;
    }
    models_build(loaded, checking->err);
    struct report_model *models = memory_alloc(loaded->model_count * sizeof *models);
    checking->models = memory_alloc(loaded->model_count * sizeof *checking->models);
    checking->model_count = loaded->model_count;
    for (size_t i = 0; i < loaded->model_count; i++) {
        const struct model *model = &loaded->models[i];
        checking->models[i] = model;
        models[i] = (struct report_model){model->architecture, model_status_name(model), model->sources};
    }
    checking->report.models = models;
    checking->report.model_count = loaded->model_count;
    say_models(checking, loaded);
}

int check_run(const struct options *options, FILE *out, FILE *err)
{
    struct checking checking = {.options = options, .err = err, .format = format_of(options)};
    if (!choose_rules(&checking)) {
        free(checking.enabled);
        return EXIT_USAGE;
    }
    struct loaded loaded = {0};
    load_models(&checking, &loaded);
    checking.attentions.loaded = &loaded;
    checking.report.out = out;
    checking.report.colour = wants_colour(out);
    if (!options->diff) {
        checking.format->begin(&checking.report);
        check_model(&checking);
    }
    for (size_t i = 0; i < options->files.count; i++)
        check_file(&checking, options->files.items[i]);
    if (!options->diff) {
        checking.format->end(&checking.report);
        summarise(&checking);
    }
    free((void *)checking.report.models);
    free(checking.models);
    free(checking.enabled);
    other_attentions_free(&checking.attentions);
    models_free(&loaded);
    return checking.code;
}
