#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_JOBS 1024

static const char *const command_names[] = {
    [COMMAND_CHECK] = "check",     [COMMAND_TREE] = "tree",       [COMMAND_LEAVES] = "leaves",
    [COMMAND_SUGGEST] = "suggest", [COMMAND_EXPLAIN] = "explain", [COMMAND_RULES] = "rules",
    [COMMAND_HELP] = "help"};

#define COMMAND_COUNT (sizeof command_names / sizeof *command_names)

#define ON(command) (1u << (command))
#define ON_MODEL_COMMANDS (ON(COMMAND_CHECK) | ON(COMMAND_TREE) | ON(COMMAND_LEAVES) | ON(COMMAND_SUGGEST))

enum option {
    OPTION_MODEL,
    OPTION_SOURCES,
    OPTION_ATTN,
    OPTION_SELECT,
    OPTION_IGNORE,
    OPTION_FAIL_LEVEL,
    OPTION_FIX,
    OPTION_DIFF,
    OPTION_FORMAT,
    OPTION_ALL,
    OPTION_JOBS,
    OPTION_WHY,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct {
    const char *name;
    bool takes_value;
    unsigned commands; /* bits: where it is accepted */
} option_table[] = {
    [OPTION_MODEL] = {"--model", true, ON_MODEL_COMMANDS},
    [OPTION_SOURCES] = {"--sources", true, ON_MODEL_COMMANDS},
    [OPTION_ATTN] = {"--attn", true, ON_MODEL_COMMANDS},
    [OPTION_SELECT] = {"--select", true, ON(COMMAND_CHECK)},
    [OPTION_IGNORE] = {"--ignore", true, ON(COMMAND_CHECK)},
    [OPTION_FAIL_LEVEL] = {"--fail-level", true, ON(COMMAND_CHECK)},
    [OPTION_FIX] = {"--fix", false, ON(COMMAND_CHECK)},
    [OPTION_DIFF] = {"--diff", false, ON(COMMAND_CHECK)},
    [OPTION_FORMAT] = {"--output-format", true, ON_MODEL_COMMANDS | ON(COMMAND_RULES)},
    [OPTION_ALL] = {"--all", false, ON(COMMAND_TREE)},
    [OPTION_JOBS] = {"--jobs", true, ON(COMMAND_TREE)},
    [OPTION_WHY] = {"--why", true, ON(COMMAND_TREE)},
    [OPTION_HELP] = {"--help", false, ~0u},
    [OPTION_VERSION] = {"--version", false, ~0u},
};

#define OPTION_COUNT (sizeof option_table / sizeof *option_table)

static const struct {
    const char *name;
    enum output_format format;
    unsigned commands;
} format_table[] = {
    {"text", FORMAT_TEXT, ~0u},
    {"json", FORMAT_JSON, ON_MODEL_COMMANDS | ON(COMMAND_RULES)},
    {"jsonl", FORMAT_JSONL, ON(COMMAND_TREE)},
    {"sarif", FORMAT_SARIF, ON(COMMAND_CHECK)},
    {"github", FORMAT_GITHUB, ON(COMMAND_CHECK)},
};

#define FORMAT_COUNT (sizeof format_table / sizeof *format_table)

const char *command_name(enum command command)
{
    return command < COMMAND_COUNT ? command_names[command] : "leaflint";
}

/* "leaflint: WORDS `GIVEN` (did you mean `NEAREST`?)" */
static void complain(FILE *err, const char *words, struct text given, const struct text *candidates, size_t count)
{
    struct text nearest;
    fprintf(err, "leaflint: %s `", words);
    print_visibly(err, given);
    fputc('`', err);
    if (suggest_nearest(given, candidates, count, &nearest, 1))
        fprintf(err, " (did you mean `%.*s`?)", TEXT_ARGS(nearest));
    fputc('\n', err);
}

static void add_word(struct word_list *list, const char *word)
{
    list->items = array_grow(list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = word;
}

static bool parse_severity(const char *value, enum severity *severity, FILE *err)
{
    struct text names[3];
    for (int i = SEVERITY_NOTE; i <= SEVERITY_ERROR; i++) {
        names[i] = text_from(severity_name((enum severity)i));
        if (strcmp(value, severity_name((enum severity)i)) == 0) {
            *severity = (enum severity)i;
            return true;
        }
    }
    complain(err, "--fail-level takes error, warning or note, not", text_from(value), names, 3);
    return false;
}

static bool parse_format(struct options *options, const char *value, FILE *err)
{
    struct text names[FORMAT_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (!(format_table[i].commands & ON(options->command)))
            continue;
        names[count++] = text_from(format_table[i].name);
        if (strcmp(format_table[i].name, value) == 0) {
            options->format = format_table[i].format;
            return true;
        }
    }
    char words[96];
    snprintf(words, sizeof words, "`%s` has no output format", command_name(options->command));
    complain(err, words, text_from(value), names, count);
    return false;
}

static bool parse_jobs(struct options *options, const char *value, FILE *err)
{
    char *end;
    errno = 0;
    unsigned long jobs = strtoul(value, &end, 10);
    if (errno || *end || value[0] < '0' || value[0] > '9' || jobs == 0 || jobs > MAX_JOBS) {
        complain(err, "--jobs takes a number from 1 to 1024, not", text_from(value), NULL, 0);
        return false;
    }
    options->jobs = (unsigned)jobs;
    return true;
}

/* Options may stand before the command is known; they are looked at again once it is. */
static bool apply_option(struct options *options, enum option option, const char *value, FILE *err)
{
    switch (option) {
    case OPTION_MODEL: options->model = value; return true;
    case OPTION_SOURCES: add_word(&options->sources, value); return true;
    case OPTION_ATTN: options->attn = value; return true;
    case OPTION_SELECT: add_word(&options->select, value); return true;
    case OPTION_IGNORE: add_word(&options->ignore, value); return true;
    case OPTION_FAIL_LEVEL: return parse_severity(value, &options->fail_level, err);
    case OPTION_FIX: options->fix = true; return true;
    case OPTION_DIFF: options->diff = true; return true;
    case OPTION_FORMAT: return parse_format(options, value, err);
    case OPTION_ALL: options->all = true; return true;
    case OPTION_JOBS: return parse_jobs(options, value, err);
    case OPTION_WHY: options->why = value; return true;
    case OPTION_HELP:
    case OPTION_VERSION: return true;
    }
    return true;
}

/* "-h" is the only short option. */
static bool find_option(struct text word, enum option *option)
{
    if (text_equal(word, TEXT("-h")))
        word = TEXT("--help");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (text_equal(word, text_from(option_table[i].name))) {
            *option = (enum option)i;
            return true;
        }
    return false;
}

static bool unknown_option(const struct options *options, struct text word, FILE *err)
{
    struct text names[OPTION_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_table[i].commands & ON(options->command))
            names[count++] = text_from(option_table[i].name);
    complain(err, "unknown option", word, names, count);
    fprintf(err, "see: leaflint %s --help\n", command_name(options->command));
    return false;
}

static struct text option_word(const char *argument)
{
    const char *equals = strchr(argument, '=');
    return (struct text){argument, equals ? (size_t)(equals - argument) : strlen(argument)};
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1];
}

/* The first word that is no option and no option's value: a command's name, or already a file. */
static int find_command(struct options *options, int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        enum option option;
        if (strcmp(arguments[i], "--") == 0)
            return 0;
        if (is_option(arguments[i])) {
            if (find_option(option_word(arguments[i]), &option) && option_table[option].takes_value &&
                !strchr(arguments[i], '='))
                i++;
            continue;
        }
        for (size_t command = 0; command < COMMAND_COUNT; command++)
            if (strcmp(arguments[i], command_names[command]) == 0) {
                options->command = (enum command)command;
                return i;
            }
        return 0;
    }
    return 0;
}

static bool parse_option(struct options *options, int count, char **arguments, int *at, FILE *err)
{
    const char *argument = arguments[*at], *equals = strchr(argument, '=');
    struct text word = option_word(argument);
    enum option option;
    if (!find_option(word, &option))
        return unknown_option(options, word, err);
    if (!(option_table[option].commands & ON(options->command))) {
        fprintf(err, "leaflint: `%s` takes no %s\nsee: leaflint %s --help\n", command_name(options->command),
                option_table[option].name, command_name(options->command));
        return false;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (!option_table[option].takes_value && value) {
        fprintf(err, "leaflint: %s takes no value\n", option_table[option].name);
        return false;
    }
    if (option_table[option].takes_value && !value && *at + 1 < count)
        value = arguments[++*at];
    if (option_table[option].takes_value && (!value || !*value)) {
        fprintf(err, "leaflint: %s needs a value\n", option_table[option].name);
        return false;
    }
    return apply_option(options, option, value, err);
}

/* --help and --version win over everything else on the line, right or wrong. */
static bool wants_page(struct options *options, int count, char **arguments)
{
    for (int i = 1; i < count && strcmp(arguments[i], "--") != 0; i++) {
        enum option option;
        if (!is_option(arguments[i]) || !find_option(option_word(arguments[i]), &option))
            continue;
        if (option == OPTION_HELP || option == OPTION_VERSION) {
            options->help_command = options->command;
            options->command = option == OPTION_HELP ? COMMAND_HELP : COMMAND_VERSION;
            return true;
        }
        if (option_table[option].takes_value && !strchr(arguments[i], '='))
            i++;
    }
    return false;
}

static bool parse_help_topic(struct options *options, FILE *err)
{
    struct text names[COMMAND_COUNT];
    options->help_command = COMMAND_HELP;
    if (options->files.count == 0)
        return true;
    for (size_t command = 0; command < COMMAND_COUNT; command++) {
        names[command] = text_from(command_names[command]);
        if (strcmp(options->files.items[0], command_names[command]) == 0) {
            options->help_command = (enum command)command;
            return true;
        }
    }
    complain(err, "no such command:", text_from(options->files.items[0]), names, COMMAND_COUNT);
    return false;
}

static bool usage(FILE *err, enum command command, const char *words)
{
    fprintf(err, "leaflint: %s\nsee: leaflint %s --help\n", words, command_name(command));
    return false;
}

/* Many trees are a line each, one answer to --why is a document. */
static bool check_tree_format(const struct options *options, FILE *err)
{
    struct text json = TEXT("json"), jsonl = TEXT("jsonl");
    if (options->why && options->format == FORMAT_JSONL)
        complain(err, "`tree --why` has no output format", jsonl, &json, 1);
    else if (!options->why && options->format == FORMAT_JSON)
        complain(err, "`tree` has no output format", json, &jsonl, 1);
    else
        return true;
    return false;
}

/* What a command needs, and what it cannot take. */
static bool check_shape(struct options *options, FILE *err)
{
    size_t files = options->files.count;
    switch (options->command) {
    case COMMAND_CHECK:
        if (options->fix && options->diff)
            return usage(err, COMMAND_CHECK, "--diff only shows what --fix would write, so it takes one of them");
        if (options->diff && options->format != FORMAT_TEXT)
            return usage(err, COMMAND_CHECK, "--diff prints a diff, which has no output format");
        return files ? true : usage(err, COMMAND_CHECK, "no file to check");
    case COMMAND_TREE:
        if (files)
            return usage(err, COMMAND_TREE, "`tree` takes no file");
        if (options->all && options->model)
            return usage(err, COMMAND_TREE, "`tree` takes --model or --all, not both");
        if (options->all && options->why)
            return usage(err, COMMAND_TREE, "--why asks about a module of one model, so it takes --model");
        if (!check_tree_format(options, err))
            return false;
        return options->all || options->model ? true : usage(err, COMMAND_TREE, "`tree` needs --model or --all");
    case COMMAND_LEAVES:
        if (files > 1)
            return usage(err, COMMAND_LEAVES, "`leaves` takes one file");
        return options->model ? true : usage(err, COMMAND_LEAVES, "`leaves` needs --model");
    case COMMAND_SUGGEST:
        if (files)
            return usage(err, COMMAND_SUGGEST, "`suggest` takes no file");
        return options->model ? true : usage(err, COMMAND_SUGGEST, "`suggest` needs --model");
    case COMMAND_EXPLAIN:
        return files == 1 ? true : usage(err, COMMAND_EXPLAIN, "`explain` takes the name of one rule");
    case COMMAND_RULES: return files ? usage(err, COMMAND_RULES, "`rules` takes no file") : true;
    case COMMAND_HELP: return parse_help_topic(options, err);
    case COMMAND_VERSION: return true;
    }
    return true;
}

bool options_parse(struct options *options, int count, char **arguments, FILE *err)
{
    *options = (struct options){.attn = "", .fail_level = SEVERITY_WARNING};
    int command_at = find_command(options, count, arguments);
    if (!command_at)
        options->command = COMMAND_CHECK;
    if (wants_page(options, count, arguments)) {
        if (!command_at)
            options->help_command = COMMAND_HELP;
        return true;
    }
    bool only_files = false;
    for (int i = 1; i < count; i++) {
        if (i == command_at)
            continue;
        if (!only_files && strcmp(arguments[i], "--") == 0)
            only_files = true;
        else if (only_files || !is_option(arguments[i]))
            add_word(&options->files, arguments[i]);
        else if (!parse_option(options, count, arguments, &i, err))
            return false;
    }
    return check_shape(options, err);
}

void options_free(struct options *options)
{
    free(options->sources.items);
    free(options->files.items);
    free(options->select.items);
    free(options->ignore.items);
    *options = (struct options){0};
}
