/* RULE model-cannot-be-built
 *
 * Finds a model whose constructor raises an exception for the values of its config.json.
 *
 * leaflint evaluates the constructor as Python would. When every way through it ends in an exception, no model comes
 * out of these values, and the finding says Python's exception, where in the model's sources it is raised, and which
 * value of config.json it comes from, as far as that can be traced.
 *
 * **Why it matters.** The job ends with the same exception, after it has queued, started on all ranks and loaded
 * libraries. And without a model nothing else in the config can be judged.
 *
 *     "hidden_size": 4096, "num_attention_heads": 30
 *
 * instead
 *
 *     "hidden_size": 4096, "num_attention_heads": 32
 *
 * An import that fails in the model's own code (`auto_map`) is such an exception too: code that was written for another
 * version of transformers imports what is not there any more.
 *
 * For a model type, the finding is there when none of its architectures can be built. Where the model was given by the
 * name of a class, without a config.json, it stands at the start of the config that is checked.
 *
 * **When it is wrong.** When the job runs with another version of transformers, or with packages that are missing here:
 * leaflint says which sources it has read.
 */
#include "rules/support/entries.h"
#include "rules/support/names.h"

/* The message of an exception may have lines; a finding's has one. */
static struct text in_one_line(struct rule_context *context, struct text message)
{
    char *line = ARENA_ARRAY(context->arena, message.length + 1, char);
    size_t length = 0;
    for (size_t i = 0; i < message.length; i++) {
        char c = message.bytes[i];
        bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!blank)
            line[length++] = c;
        else if (length && line[length - 1] != ' ')
            line[length++] = ' ';
    }
    return shown(context, trimmed((struct text){line, length}));
}

static void fill_in(struct rule_context *context, struct finding *finding)
{
    const struct model *model = context->raises;
    struct text type = shown(context, model->raises.type), message = in_one_line(context, model->raises.message);
    finding->model = model->architecture;
    finding->message = text_format(context->arena, "%.*s cannot be built: %.*s%s%.*s", TEXT_ARGS(model->architecture),
                                   TEXT_ARGS(type), message.length ? ": " : "", TEXT_ARGS(message));
    if (model->raises.origin.path.length)
        finding_relate(finding, model->raises.origin.path, model->raises.origin.place, TEXT("it is raised here"));
    if (model->raises.cause.path.length)
        finding_relate(finding, model->raises.cause.path, model->raises.cause.place,
                       TEXT("the exception behind it is raised here"));
}

/* The last value that decides stands for all of them: in `hidden_size % num_heads`, the number of heads. */
static void check_model(struct rule_context *context)
{
    const struct model *model = context->raises;
    if (!model->config.path.length)
        return;
    const struct given_value *given = model->raises.given;
    size_t count = model->raises.given_count;
    struct span span = count ? given[count - 1].span : (struct span){0, 0};
    struct finding *finding = findings_add(context->findings, context->rule->name, SEVERITY_ERROR, span);
    fill_in(context, finding);
    if (!count)
        return;
    finding->key = given[count - 1].key;
    finding->value = source_cut(&model->config, span);
    for (size_t i = 0; i + 1 < count; i++) {
        struct text value = shown(context, source_cut(&model->config, given[i].span));
        finding_relate(finding, model->config.path, given[i].place,
                       text_format(context->arena, "`%.*s` is %.*s", TEXT_ARGS(given[i].key), TEXT_ARGS(value)));
    }
}

/* Without a config.json there is no better place. */
static void check(struct rule_context *context)
{
    if (context->raises && !context->raises->config.path.length)
        fill_in(context, findings_add(context->findings, context->rule->name, SEVERITY_ERROR, (struct span){0, 0}));
}

const struct rule rule_model_cannot_be_built = {
    .name = "model-cannot-be-built",
    .severity = SEVERITY_ERROR,
    .since = "0.1.0",
    .summary = "a model whose constructor raises an exception for the values of its config.json",
    .check = check,
    .check_model = check_model,
};
