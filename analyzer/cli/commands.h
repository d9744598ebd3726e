/*
 * The commands, and what they share.  Each returns an exit code.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"
#include "cli/options.h"
#include "model/load.h"
#include "report/json_writer.h"

int check_run(const struct options *options, FILE *out, FILE *err);
int tree_run(const struct options *options, FILE *out, FILE *err);
int leaves_run(const struct options *options, FILE *out, FILE *err);
int suggest_run(const struct options *options, FILE *out, FILE *err);
int explain_run(const struct options *options, FILE *out, FILE *err);
int rules_run(const struct options *options, FILE *out, FILE *err);

/* What --model and --sources gave. */
struct loaded {
    struct loader *loader;
    struct targets targets;
    struct model *models; /* those that were built */
    size_t model_count;
    size_t main; /* the one that stands for all */
};

/* The loader of these options' sources; NULL with a message on `err` when there are none. */
struct loader *models_loader(const struct options *options, FILE *err);
/* A part of models_loader's: what `check` knows of the leaves that its files make. */
struct asked_modules flagged_modules(const struct options *options);
/* Finds what --model means; false with a message on `err` when there is nothing. */
bool models_find(struct loaded *loaded, const struct options *options, FILE *err);
/* Builds all targets, the main one first; says on `err` what is only known in part. */
void models_build(struct loaded *loaded, FILE *err);
void models_free(struct loaded *loaded);
/* The target that a model of loaded->models was built of. */
const struct target *models_target(const struct loaded *loaded, const struct model *model);

/* Models with other attention implementations, built when a rule asks for one (struct rule_questions).  Zeroed but for
 * `loaded` at the start; the models live until it is freed. */
#define OTHER_ATTENTIONS 5
struct other_attentions {
    const struct loaded *loaded;
    const struct model *of; /* the model that `models` are other forms of; NULL before the first question */
    struct model models[OTHER_ATTENTIONS];
};
const struct model *other_attentions_ask(void *context, const struct model *model, struct text class_name, struct text *attn);
void other_attentions_free(struct other_attentions *others);
/* One line about how much of a model could be told, with reasons; nothing when it is exact. */
void model_remark(const struct model *model, FILE *err);
const char *model_status_name(const struct model *model);

/* The number of the rule with this name; all_rule_count and a message when there is none. */
size_t rule_find(const char *name, FILE *err);

/* Is it a terminal, and nobody said NO_COLOR? */
bool wants_colour(FILE *out);
/* `leaflint: ` and the message, a line. */
void say(FILE *err, struct text message);

/* `tree --all`: every model of the sources, on options->jobs threads. */
int tree_all_run(const struct options *options, FILE *out, FILE *err);
/* `tree --why`: what made one module. */
int tree_why_run(const struct options *options, FILE *out, FILE *err);
struct text why_name(const struct options *options); /* the module it asks for: "" is the root */
/* Parts of a model's JSON: `path` and `line` of a place, one of its `unresolved`, `raises` where its constructor does. */
void place_members(struct json_writer *writer, const struct origin *origin);
void unresolved_object(struct json_writer *writer, const struct unresolved *unresolved);
void raises_member(struct json_writer *writer, const struct model *model);
/* The people's tree of one model. */
void tree_print(const struct model *model, FILE *out);
/* The same as JSON, and in short: one line each. */
void tree_print_json(const struct model *model, FILE *out);
void tree_print_summary(const struct model *model, FILE *out);

#endif
