/* The command line: what is accepted, what is refused and how, exit codes.  (Models are the golden cases' part.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "cli/options.h"

#define MAX_WORDS 16

struct outcome {
    int code;
    char *out, *err;
};

/* Runs leaflint with the words of `line`, which are parted by blanks ("''" is an empty word). */
static struct outcome run(const char *line)
{
    char copy[512], *words[MAX_WORDS] = {"leaflint"};
    int count = 1;
    size_t out_length, err_length;
    struct outcome outcome = {0};
    assert_true(strlen(line) < sizeof copy);
    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        assert_true(count + 1 < MAX_WORDS);
        words[count++] = strcmp(word, "''") == 0 ? word + 2 : word;
    }
    FILE *out = open_memstream(&outcome.out, &out_length), *err = open_memstream(&outcome.err, &err_length);
    outcome.code = cli_main(count, words, out, err);
    fclose(out);
    fclose(err);
    return outcome;
}

static void outcome_free(struct outcome *outcome)
{
    free(outcome->out);
    free(outcome->err);
}

/* Exit code, and parts of what goes to the two streams ("" for a stream that must be empty, NULL for any). */
static void assert_run(const char *line, int code, const char *out, const char *err)
{
    struct outcome outcome = run(line);
    if (outcome.code != code)
        fail_msg("`leaflint %s` gives %d: %s", line, outcome.code, outcome.err);
    if (out && (*out ? !strstr(outcome.out, out) : *outcome.out))
        fail_msg("`leaflint %s` prints: %s", line, outcome.out);
    if (err && (*err ? !strstr(outcome.err, err) : *outcome.err))
        fail_msg("`leaflint %s` says: %s", line, outcome.err);
    outcome_free(&outcome);
}

static void write_file(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(bytes, file);
    fclose(file);
}

static int enter_folder(void **state)
{
    static char folder[] = "/tmp/leaflint-test-XXXXXX";
    (void)state;
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    write_file("clean.json", "{\"zero_optimization\": {\"stage\": 3}}");
    write_file("warning.json", "{\"zero_optimization\": {\"stage\": 2, \"leaf_module\": {}}}");
    write_file("note.json", "{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"names\": [\"a\", \"a\"]}}}");
    write_file("error.json", "{\"zero_optimization\": {\"stage\": 3, \"leaf_module\": {\"name_suffixes\": [\"\"]}}}");
    write_file("tree", "{}");
    write_file("-x.json", "{}");
    *state = folder;
    return 0;
}

static int leave_folder(void **state)
{
    static const char *const files[] = {"clean.json", "warning.json", "note.json", "error.json", "tree", "-x.json"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i]);
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

static void pages(void **state)
{
    (void)state;
    assert_run("--version", 0, "leaflint " LEAFLINT_VERSION "\n", "");
    assert_run("--help", 0, "usage: leaflint [check]", "");
    assert_run("-h", 0, "usage: leaflint [check]", "");
    assert_run("help", 0, "usage: leaflint [check]", "");
    assert_run("help tree", 0, "usage: leaflint tree", "");
    assert_run("tree --help", 0, "usage: leaflint tree", "");
    assert_run("check --help", 0, "--fail-level", "");
    assert_run("leaves --help", 0, "usage: leaflint leaves", "");
    assert_run("suggest --help", 0, "leaf_module", "");
    assert_run("explain --help", 0, "usage: leaflint explain", "");
    assert_run("rules --help", 0, "usage: leaflint rules", "");
    /* A wrong line does not stand in the way of help. */
    assert_run("tree --nonsense --help", 0, "usage: leaflint tree", "");
    assert_run("--output-format --help", 2, "", NULL); /* there it is a value */
    assert_run("help tre", 2, "", "no such command: `tre` (did you mean `tree`?)");
}

static void wrong_usage(void **state)
{
    (void)state;
    assert_run("", 2, "", "no file to check");
    assert_run("check", 2, "", "no file to check");
    assert_run("check --modle x clean.json", 2, "", "unknown option `--modle` (did you mean `--model`?)");
    assert_run("--zork clean.json", 2, "", "unknown option `--zork`");
    assert_run("-v clean.json", 2, "", "unknown option `-v`");
    assert_run("check --model", 2, "", "--model needs a value");
    assert_run("check --model= clean.json", 2, "", "--model needs a value");
    assert_run("check --model '' clean.json", 2, "", "--model needs a value");
    assert_run("check --all clean.json", 2, "", "`check` takes no --all");
    assert_run("tree --all=yes", 2, "", "--all takes no value");
    assert_run("tree --select x", 2, "", "`tree` takes no --select");
    assert_run("tree", 2, "", "`tree` needs --model or --all");
    assert_run("tree --all --model x", 2, "", "not both");
    assert_run("tree --all file", 2, "", "`tree` takes no file");
    assert_run("tree --all --jobs 0", 2, "", "--jobs takes a number");
    assert_run("tree --all --jobs 2x", 2, "", "--jobs takes a number");
    assert_run("tree --all --jobs -1", 2, "", "--jobs takes a number");
    assert_run("tree --all --jobs 99999999999999999999", 2, "", "--jobs takes a number");
    assert_run("leaves clean.json", 2, "", "`leaves` needs --model");
    assert_run("leaves --model x a b", 2, "", "`leaves` takes one file");
    assert_run("suggest", 2, "", "`suggest` needs --model");
    assert_run("suggest --model x ds.json", 2, "", "`suggest` takes no file");
    assert_run("explain", 2, "", "`explain` takes the name of one rule");
    assert_run("explain a b", 2, "", "`explain` takes the name of one rule");
    assert_run("explain unknown-clas", 2, "", "there is no rule `unknown-clas` (did you mean `unknown-class`?)");
    assert_run("rules x", 2, "", "`rules` takes no file");
    assert_run("check --select zork clean.json", 2, "", "there is no rule `zork`");
    assert_run("check --ignore dead-sufix clean.json", 2, "", "(did you mean `dead-suffix`?)");
    assert_run("check --fail-level eror clean.json", 2, "", "not `eror` (did you mean `error`?)");
    assert_run("check --output-format jsonl clean.json", 2, "", "`check` has no output format `jsonl`");
    assert_run("tree --all --output-format json", 2, "", "`tree` has no output format `json`");
    assert_run("rules --output-format sarif", 2, "", "`rules` has no output format `sarif`");
}

static void the_first_word_may_be_a_file(void **state)
{
    (void)state;
    assert_run("clean.json", 0, "", "no findings in 1 file");
    assert_run("check clean.json", 0, "", NULL);
    assert_run("--fail-level error warning.json", 0, "[leaf-without-stage-3]", NULL);
    assert_run("check ./tree", 0, "", NULL);
    assert_run("check tree", 0, "", NULL);
    assert_run("-- tree", 0, "", NULL);
    assert_run("-- -x.json", 0, "", NULL);
    assert_run("-- --help", 2, "", "--help: no such file");
    assert_run("chekc clean.json", 2, NULL, "chekc: no such file (did you mean the command `check`?)");
    assert_run("clean.json check", 2, NULL, "check: no such file");
}

static void exit_codes(void **state)
{
    (void)state;
    assert_run("note.json", 0, "[duplicate-entry]", "1 note in 1 file");
    assert_run("warning.json", 1, "[leaf-without-stage-3]", "1 warning in 1 file");
    assert_run("error.json", 1, "[every-module-leaf]", "1 error in 1 file");
    assert_run("--fail-level=note note.json", 1, "[duplicate-entry]", NULL);
    assert_run("--fail-level=error warning.json", 0, "[leaf-without-stage-3]", NULL);
    assert_run("--fail-level=error error.json", 1, "[every-module-leaf]", NULL);
    /* The worst file wins, and the others are still checked. */
    assert_run("clean.json missing.json error.json", 2, "[every-module-leaf]", "missing.json: no such file");
    assert_run("error.json clean.json", 1, NULL, NULL);
    assert_run(".", 2, "", ".: is a folder");
    assert_run("/dev/null", 2, "", "/dev/null: is not a regular file");
}

static void rules_are_chosen(void **state)
{
    (void)state;
    assert_run("--ignore every-module-leaf error.json", 0, "", NULL);
    assert_run("--select every-module-leaf error.json", 1, "[every-module-leaf]", NULL);
    assert_run("--select unknown-name error.json warning.json", 0, "", NULL);
    assert_run("--select unknown-name --select every-module-leaf error.json", 1, "[every-module-leaf]", NULL);
    assert_run("--select every-module-leaf --ignore every-module-leaf error.json", 0, "", NULL);
}

static void documents_are_printed_in_every_case(void **state)
{
    (void)state;
    assert_run("--output-format json clean.json", 0, "\"diagnostics\": []", NULL);
    assert_run("--output-format json missing.json", 2, "\"diagnostics\": []", NULL);
    assert_run("--output-format json error.json", 1, "\"rule\": \"every-module-leaf\"", NULL);
    assert_run("--output-format sarif error.json", 1, "\"ruleId\": \"every-module-leaf\"", NULL);
    assert_run("--output-format github error.json", 1, "::error file=error.json,line=1,", NULL);
    assert_run("--output-format json --zork clean.json", 2, "", NULL);
    assert_run("--output-format json --model x --sources /nowhere/at/all clean.json", 2, "\"diagnostics\": []", NULL);
    assert_run("leaves --output-format json --model x --sources /nowhere/at/all clean.json", 2, "\"leaves\": []", NULL);
}

static void rules_explain_themselves(void **state)
{
    (void)state;
    assert_run("explain unknown-class", 0, "unknown-class (error, since 0.1.0): an entry of `classes`", "");
    assert_run("rules", 0, "dead-suffix            error    an entry of `name_suffixes`", "");
    assert_run("rules --output-format json", 0, "\"name\": \"dead-suffix\"", "");
}

static void options_take_their_values_in_both_ways(void **state)
{
    (void)state;
    struct options options;
    char *words[] = {"leaflint", "--sources=a", "leaves", "--sources", "b", "--model=c=d", "f.json", "--attn", "eager"};
    assert_true(options_parse(&options, 9, words, stderr));
    assert_int_equal(options.command, COMMAND_LEAVES);
    assert_int_equal(options.sources.count, 2);
    assert_string_equal(options.sources.items[0], "a");
    assert_string_equal(options.sources.items[1], "b");
    assert_string_equal(options.model, "c=d");
    assert_string_equal(options.attn, "eager");
    assert_int_equal(options.files.count, 1);
    options_free(&options);
    /* A value that looks like a command is a value. */
    char *values[] = {"leaflint", "--model", "tree", "f.json"};
    assert_true(options_parse(&options, 4, values, stderr));
    assert_int_equal(options.command, COMMAND_CHECK);
    assert_string_equal(options.model, "tree");
    options_free(&options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages),
        cmocka_unit_test(wrong_usage),
        cmocka_unit_test(the_first_word_may_be_a_file),
        cmocka_unit_test(exit_codes),
        cmocka_unit_test(rules_are_chosen),
        cmocka_unit_test(documents_are_printed_in_every_case),
        cmocka_unit_test(rules_explain_themselves),
        cmocka_unit_test(options_take_their_values_in_both_ways),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
