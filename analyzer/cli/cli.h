/*
 * The command line: leaflint's contract with its users.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

/* Exit codes.  The worst of several wins. */
enum exit_code {
    EXIT_CLEAN = 0,    /* nothing at or above --fail-level */
    EXIT_FINDINGS = 1, /* findings */
    EXIT_USAGE = 2,    /* wrong usage; a file or a model that was asked for and is not there */
    EXIT_INTERNAL = 3  /* a fault of leaflint itself, or output that could not be written */
};

/* Runs leaflint: findings and what was asked for go to `out`, everything else to `err`.  Returns the exit code. */
int cli_main(int count, char **arguments, FILE *out, FILE *err);

#endif
