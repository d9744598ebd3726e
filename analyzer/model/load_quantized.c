#include "model/load_quantized.h"

#include <stdlib.h>
#include <string.h>

#include "hub/importer.h"
#include "model/either.h"
#include "model/load_instance.h"
#include "model/tree.h"
#include "torch/torch.h"

/* The first `quantization_config` that is not null, at the top or in a part (`text_config`). */
static const struct json_value *find_quantization(const struct json_value *json)
{
    if (json->kind != JSON_OBJECT)
        return NULL;
    const struct json_value *found = json_get(json, TEXT("quantization_config"));
    if (found && found->kind != JSON_NULL)
        return found;
    found = NULL;
    for (const struct json_value *item = json_first(json); item && !found; item = item->next)
        found = find_quantization(item); /* the reader bounds how deep it nests */
    return found;
}

static struct text method_name(const struct json_value *quantization)
{
    if (quantization->kind != JSON_OBJECT)
        return (struct text){0};
    const struct json_value *method = json_get(quantization, TEXT("quant_method"));
    return method && method->kind == JSON_STRING ? method->text : (struct text){0};
}

static struct origin place_of(struct config_json *config, const struct json_value *json, struct model *model)
{
    return (struct origin){.path = text_copy(&model->arena, config->path),
                           .place = source_place(&config->source, json->key_span.start)};
}

enum outcome { NOT_QUANTIZED, QUANTIZED, CANNOT_TELL };

/* In an evaluator of its own: what is installed and which devices there are is another matter here. */
struct quantizing {
    struct hub_importer importer;
    struct eval eval;
};

static void quantizing_begin(struct quantizing *work, const struct sources *sources,
                             const struct environment *environment)
{
    hub_importer_init(&work->importer, sources, true);
    struct importer importer = hub_importer_interface(&work->importer);
    struct environment changed = *environment;
    changed.quantizing = true;
    eval_init(&work->eval, &importer, &changed);
    work->eval.importing = true;
    torch_init(&work->eval);
    work->eval.importing = false;
    work->eval.model_limit = (size_t)LIMIT_MODEL_BYTES + LIMIT_QUANTIZED_BYTES;
    eval_begin_model(&work->eval);
}

static void quantizing_end(struct quantizing *work)
{
    eval_end_model(&work->eval);
    eval_free(&work->eval);
    hub_importer_free(&work->importer);
}

/* Why it did not work, as one phrase. */
static struct text trouble_of(struct eval *ev, struct value value, struct arena *arena)
{
    if (ev->stopped)
        return text_copy(arena, ev->stopped->words);
    if (is_unknown(value))
        return text_copy(arena, value.reason->words);
    if (ev->raised.kind != VALUE_INSTANCE)
        return TEXT("something that cannot be followed");
    struct value message = value_to_str(ev, ev->raised);
    struct text words = message.kind == VALUE_STR ? str_text(message.str) : (struct text){0};
    return text_format(arena, "%s: %.*s", ev->raised.instance->class_->name->bytes, TEXT_ARGS(words));
}

/* The tree after quantizing, into `other`. */
static enum outcome quantize(struct quantizing *work, const struct target *target, const struct config_json *config,
                             struct model *other, struct text *trouble)
{
    struct eval *ev = &work->eval;
    struct value instance = load_instance(ev, target, config), done = instance;
    if (load_is_module(instance) && !ev->stopped) {
        struct value function = load_attribute(ev, TEXT("leaflint.quantize"), TEXT("quantize"));
        ev->step_limit += LIMIT_QUANTIZED_STEPS;
        done = function.kind == VALUE_FUNCTION ? call_values(ev, function, &instance, 1) : function;
    }
    if (done.kind == VALUE_NONE && !ev->stopped)
        return NOT_QUANTIZED;
    if (done.kind != VALUE_BOOL || ev->stopped) {
        *trouble = trouble_of(ev, done, &other->arena);
        return CANNOT_TELL;
    }
    tree_fill(ev, other, instance.instance);
    return QUANTIZED;
}

void load_quantized(const struct sources *sources, const struct environment *environment, const struct target *target,
                    struct config_json *config, struct model *model)
{
    const struct json_value *quantization = find_quantization(config->document.root);
    if (!quantization || model->status == MODEL_RAISES)
        return;
    struct quantizing work;
    struct model *other = memory_alloc(sizeof *other);
    *other = (struct model){0};
    struct text trouble = {0}, method = method_name(quantization);
    quantizing_begin(&work, sources, environment);
    enum outcome outcome = quantize(&work, target, config, other, &trouble);
    quantizing_end(&work);
    struct text words =
        text_format(&model->arena, "`quantization_config`%s%.*s%s replaces modules when weights are loaded",
                    method.length ? " (" : "", TEXT_ARGS(method), method.length ? ")" : "");
    if (trouble.length)
        words = text_format(&model->arena, "%.*s; which, cannot be told: %.*s", TEXT_ARGS(words), TEXT_ARGS(trouble));
    struct unresolved reason = {.reason = words, .origin = place_of(config, quantization, model)};
    if (outcome != NOT_QUANTIZED)
        model->conduct_count = 0; /* modules are numbered anew, and other forwards may run */
    if (outcome == CANNOT_TELL)
        model_open_weights(model, &reason);
    if (outcome == QUANTIZED) {
        model_either(model, other, &reason);
    } else {
        model_free(other);
        free(other);
    }
}
