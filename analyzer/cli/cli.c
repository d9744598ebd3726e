#include "cli/cli.h"

#include "base/large_stack.h"
#include "cli/commands.h"

static int run(const struct options *options, FILE *out, FILE *err)
{
    switch (options->command) {
    case COMMAND_CHECK: return check_run(options, out, err);
    case COMMAND_TREE: return tree_run(options, out, err);
    case COMMAND_LEAVES: return leaves_run(options, out, err);
    case COMMAND_SUGGEST: return suggest_run(options, out, err);
    case COMMAND_EXPLAIN: return explain_run(options, out, err);
    case COMMAND_RULES: return rules_run(options, out, err);
    case COMMAND_HELP: help_print(options->help_command, out); return EXIT_CLEAN;
    case COMMAND_VERSION: fprintf(out, "leaflint %s\n", LEAFLINT_VERSION); return EXIT_CLEAN;
    }
    return EXIT_INTERNAL;
}

struct command_run {
    const struct options *options;
    FILE *out, *err;
    int code;
};

static void run_on_stack(void *context)
{
    struct command_run *command = context;
    command->code = run(command->options, command->out, command->err);
}

int cli_main(int count, char **arguments, FILE *out, FILE *err)
{
    struct options options;
    struct command_run command = {&options, out, err, EXIT_USAGE};
    if (options_parse(&options, count, arguments, err))
        large_stack_run(run_on_stack, &command);
    int code = command.code;
    options_free(&options);
    if (fflush(out) != 0 || ferror(out)) {
        fputs("leaflint: the output could not be written\n", err);
        return EXIT_INTERNAL;
    }
    return code;
}
