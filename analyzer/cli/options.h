/*
 * From the words of a command line to what they ask for.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "diag/diag.h"
#include "report/report.h"

enum command {
    COMMAND_CHECK,
    COMMAND_TREE,
    COMMAND_LEAVES,
    COMMAND_SUGGEST,
    COMMAND_EXPLAIN,
    COMMAND_RULES,
    COMMAND_HELP,
    COMMAND_VERSION
};

enum output_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JSONL, FORMAT_SARIF, FORMAT_GITHUB };

/* Words that an option may be given more than once, in order; they point into the command line. */
struct word_list {
    const char **items;
    size_t count, capacity;
};

struct options {
    enum command command;
    const char *model; /* NULL when not given */
    const char *attn;  /* "" when not given */
    struct word_list sources;
    struct word_list files; /* positional: files to check, or the rule to explain */
    struct word_list select, ignore;
    enum severity fail_level;
    enum output_format format;
    bool fix, diff;  /* check --fix: mend files; --diff: show what that would change */
    bool all;        /* tree --all */
    const char *why; /* tree --why: the name of a module; NULL when not given */
    unsigned jobs; /* of tree --all; 0: one per processor */
    enum command help_command; /* of COMMAND_HELP: COMMAND_HELP for the general page */
};

/* False when the usage is wrong: a message went to `err`. */
bool options_parse(struct options *options, int count, char **arguments, FILE *err);
void options_free(struct options *options);

const char *command_name(enum command command);
/* The page that --help prints. */
void help_print(enum command command, FILE *out);

#endif
