#include "model/load_instance.h"

#include "eval/evidence.h"

struct value load_attribute(struct eval *ev, struct text dotted, struct text name)
{
    struct value module = import_module(ev, dotted);
    if (module.kind != VALUE_NAMESPACE)
        return module;
    return import_from(ev, module.namespace, eval_intern(ev, name));
}

/* An exception while code is imported comes from what names that code. */
static void trace_import(struct eval *ev, const struct json_value *naming)
{
    if (ev->evidence && naming && !ev->raised.given)
        ev->raised.given = evidence_given(ev, naming);
}

/* JSON has no Infinity: releases since 5.0 write it as {"__float__": "Infinity"}.  Rare, and undoing it takes time. */
static bool has_tagged_floats(const struct config_json *config)
{
    return text_holds(config->source.bytes, TEXT("\"__float__\""));
}

struct value load_instance(struct eval *ev, const struct target *target, const struct config_json *config)
{
    struct found_module found = {0};
    if (config && !ev->importer.find(ev->importer.context, target->python_module, &found))
        return eval_unknown(ev, "`auto_map` names %.*s.py, which is not beside %.*s", TEXT_ARGS(target->python_module), TEXT_ARGS(config->path));
    struct value model_class = load_attribute(ev, target->python_module, target->architecture);
    if (is_raised(model_class) && config)
        trace_import(ev, config_json_naming(config, target->architecture));
    if (is_raised(model_class) || is_unknown(model_class))
        return model_class;
    struct value values = value_none(), config_class = value_none();
    struct text module, name, problem;
    if (config) {
        values = config_json_values(ev, config);
        bool own = text_starts(target->python_module, TEXT("transformers.")); /* goes with the release's configuration */
        bool custom = !own && config_json_custom(config, TEXT("AutoConfig"), (struct text){0}, &module, &name, &problem);
        if (custom && !problem.length)
            config_class = load_attribute(ev, module, name);
        if (is_raised(values) || is_raised(config_class) || is_unknown(config_class))
            return is_raised(values) ? values : config_class;
    }
    struct value build = load_attribute(ev, TEXT("leaflint.build"), TEXT("build"));
    struct value items[] = {model_class, values, config_class, value_bool(config && has_tagged_floats(config))};
    return build.kind == VALUE_FUNCTION ? call_values(ev, build, items, 4) : build;
}

bool load_is_module(struct value value)
{
    return value.kind == VALUE_INSTANCE && value.instance->class_->is_module;
}
