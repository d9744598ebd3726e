/* The pages of --help. */
#include "cli/options.h"

static const char general[] =
    "leaflint checks configs that name the modules of a Hugging Face model, without running anything.\n"
    "\n"
    "usage: leaflint [check] --model M [--sources DIR]... FILE...\n"
    "       leaflint tree    (--model M | --all) [--sources DIR]...\n"
    "       leaflint leaves  --model M [--sources DIR]... [FILE]\n"
    "       leaflint suggest --model M [--sources DIR]...\n"
    "       leaflint explain RULE\n"
    "       leaflint rules\n"
    "       leaflint COMMAND --help | --help | --version\n"
    "\n"
    "  check    finds mistakes in DeepSpeed configs (the default)\n"
    "  tree     prints the modules of a model, as named_modules() would\n"
    "  leaves   prints the modules that DeepSpeed would make ZeRO-3 leaves with a config\n"
    "  suggest  prints the leaf_module block that a model needs\n"
    "  explain  says what a rule finds, why it matters, and what to write instead\n"
    "  rules    lists all rules\n"
    "\n"
    "exit codes: 0 nothing found, 1 findings, 2 wrong usage or something that is not there, 3 a fault of leaflint\n";

static const char model_options[] =
    "  --model M         a folder with config.json, a config.json, an architecture (MixtralForCausalLM), or a model\n"
    "                    type (mixtral)\n"
    "  --sources DIR     where its Python sources are: a transformers package, the folder that holds one, or a folder\n"
    "                    of custom modeling files; may be repeated; default: the installed transformers\n"
    "  --attn NAME       the attention implementation, when the config does not say it; default: sdpa\n";

static const char check_page[] =
    "usage: leaflint [check] [--model M] [--sources DIR]... [--attn NAME] [--select RULE]... [--ignore RULE]...\n"
    "                        [--fail-level error|warning|note] [--fix | --diff] [--output-format text|json|sarif|github]\n"
    "                        FILE...\n"
    "\n"
    "Finds mistakes in DeepSpeed configs: keys and values that DeepSpeed refuses or ignores, entries that match no\n"
    "module of the model, blocks that need a leaf and have none.  Without --model only the shape of the config is\n"
    "checked.  For a model type, an entry is a mistake when none of the type's architectures has it.\n"
    "\n"
    "FILE: a DeepSpeed config (JSON, hjson); YAML (.yaml, .yml) with DeepSpeed's settings inline, as a whole or under\n"
    "`deepspeed`; or a training script (.py), whose calls of set_z3_leaf_modules and dict literals are read, not run.\n"
    "\n";

static const char check_options[] =
    "  --select RULE     only this rule; may be repeated\n"
    "  --ignore RULE     not this rule; may be repeated\n"
    "  --fail-level LEVEL  the least severity that makes the exit code 1: error, warning (default) or note\n"
    "  --fix             mend in place what leaves no choice (one did-you-mean, a misplaced key, a missing leaf), and\n"
    "                    report what is left\n"
    "  --diff            print what --fix would change instead, and change nothing; exit code 1 when there is something\n"
    "  --output-format FORMAT  text (default), json, sarif or github\n";

static const char tree_page[] = "usage: leaflint tree (--model M | --all) [--sources DIR]... [--attn NAME] [--jobs N] "
                                "[--output-format text|jsonl]\n"
                                "       leaflint tree --model M --why NAME [--sources DIR]... [--attn NAME] "
                                "[--output-format text|json]\n"
                                "\n"
                                "Prints the modules of a model with their classes and parameters, as torch's "
                                "named_modules() would give them.  For a\n"
                                "model type it takes the causal language model, else the base model.\n"
                                "\n";

static const char tree_options[] =
    "  --all             every public model class of the sources, with its configuration's defaults\n"
    "  --why NAME        the statements that made the module of this name and those above it, or the line at which\n"
    "                    leaflint stopped; (root) is the model itself\n"
    "  --jobs N          threads of --all; without it one per processor\n"
    "  --output-format FORMAT  text (default) or jsonl, a line per architecture; with --why text or json\n";

static const char leaves_page[] =
    "usage: leaflint leaves --model M [--sources DIR]... [--attn NAME] [--output-format text|json] [FILE]\n"
    "\n"
    "A dry run: prints the modules that DeepSpeed would make ZeRO-3 leaves with this config, which entry makes each "
    "one,\n"
    "how many parameters it gathers, and the warnings that DeepSpeed would log.  Without FILE: DeepSpeed's defaults.\n"
    "\n";

static const char leaves_options[] = "  --output-format FORMAT  text (default) or json\n";

static const char suggest_page[] =
    "usage: leaflint suggest --model M [--sources DIR]... [--attn NAME] [--output-format text|json]\n"
    "\n"
    "Prints the smallest `leaf_module` block that protects this model under ZeRO stage 3, and why each entry is there; or\n"
    "says that none is needed.  The block was linted with the model like any other config.\n"
    "\n";

static const char explain_page[] =
    "usage: leaflint explain RULE\n"
    "\n"
    "Says what a rule finds, why it matters, what to write instead, and when the rule is wrong.\n";

static const char rules_page[] = "usage: leaflint rules [--output-format text|json]\n"
                                 "\n"
                                 "Lists all rules.\n";

static void print(FILE *out, const char *page, const char *options, const char *more)
{
    fputs(page, out);
    if (options)
        fputs(options, out);
    if (more)
        fputs(more, out);
}

void help_print(enum command command, FILE *out)
{
    switch (command) {
    case COMMAND_CHECK: print(out, check_page, model_options, check_options); return;
    case COMMAND_TREE: print(out, tree_page, model_options, tree_options); return;
    case COMMAND_LEAVES: print(out, leaves_page, model_options, leaves_options); return;
    case COMMAND_SUGGEST: print(out, suggest_page, model_options, leaves_options); return;
    case COMMAND_EXPLAIN: print(out, explain_page, NULL, NULL); return;
    case COMMAND_RULES: print(out, rules_page, NULL, NULL); return;
    case COMMAND_HELP:
    case COMMAND_VERSION: print(out, general, NULL, NULL); return;
    }
}
