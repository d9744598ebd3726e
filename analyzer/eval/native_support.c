/* `__native__`: what leaflint's facts, written in Python, ask of C. */
#include "eval/values.h"

void native_module_add(struct eval *ev, const char *name, struct value value)
{
    struct str *key = eval_intern(ev, TEXT("__native__"));
    struct value module = dict_get_str(ev->modules, key);
    if (module.kind != VALUE_NAMESPACE) {
        struct namespace *namespace = ARENA_NEW(eval_heap(ev), struct namespace);
        namespace->name = key;
        namespace->names = names_new(ev);
        module = value_of(VALUE_NAMESPACE, namespace);
        dict_set_str(ev, ev->modules, key, module);
    }
    dict_set_str(ev, module.namespace->names, eval_intern(ev, text_from(name)), value);
}

/* The one argument as text; NULL: *outcome. */
static struct str *one_text(struct eval *ev, const char *function, const struct arguments *arguments,
                            struct value *outcome)
{
    *outcome = value_raised();
    if (!argument_count(ev, function, arguments, 1, 1))
        return NULL;
    struct str *text = value_string(arguments->items[0]);
    if (!text)
        *outcome = is_unknown(arguments->items[0])
                       ? unknown_operand(ev, arguments->items[0])
                       : eval_raise(ev, ev->types->type_error, "%s() wants a str", function);
    return text;
}

static struct value native_unknown(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    struct str *words = one_text(ev, "unknown", arguments, &outcome);
    return words ? eval_unknown(ev, "%s", words->bytes) : outcome;
}

static struct value native_deepcopy(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "deepcopy", arguments, 1, 2) ? deep_copy(ev, arguments->items[0]) : value_raised();
}

static struct value native_shallow_copy(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "copy", arguments, 1, 1) ? shallow_copy(ev, arguments->items[0]) : value_raised();
}

static struct value native_package_available(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    struct str *name = one_text(ev, "package_available", arguments, &outcome);
    if (!name)
        return outcome;
    int there = ev->importer.package_available(ev->importer.context, str_text(name));
    return there >= 0 ? value_bool(there) : eval_unknown(ev, "needs the package `%s`, and whether it is installed cannot be told", name->bytes);
}

static struct value native_environment(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    struct str *key = one_text(ev, "environment", arguments, &outcome);
    if (!key)
        return outcome;
    if (strcmp(key->bytes, "attn") == 0)
        return ev->environment.attn.length ? eval_text(ev, ev->environment.attn) : value_none();
    if (strcmp(key->bytes, "quantizing") == 0)
        return value_bool(ev->environment.quantizing);
    struct text version = strcmp(key->bytes, "torch_version") == 0          ? ev->environment.torch_version
                          : strcmp(key->bytes, "transformers_version") == 0 ? ev->environment.transformers_version
                                                                            : TEXT("");
    return version.length ? eval_text(ev, version) : eval_unknown(ev, "`%s` is not given", key->bytes);
}

static struct value native_import_module(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    struct str *name = one_text(ev, "import_module", arguments, &outcome);
    return name ? import_module(ev, str_text(name)) : outcome;
}

/* Parameters of a Python function: (name, kind, has a default, default), kinds numbered as inspect does. */
static struct value signature_rows(struct eval *ev, struct function *function)
{
    if (!function_prepare(ev, function))
        return unknown_because(ev, function->broken);
    const struct ast *ast = &function->unit->file->ast;
    struct ast_function def = ast->functions[function->function];
    if (def.flags & FUNCTION_BROKEN)
        return eval_unknown(ev, "`%s` could not be parsed", function->name->bytes);
    struct list *rows = list_new(ev, def.parameter_count);
    for (uint32_t i = 0; i < def.parameter_count; i++) {
        struct ast_parameter parameter = ast->parameters[def.first_parameter + i];
        struct value default_ = function->defaults ? function->defaults[i] : value_unbound();
        bool has = default_.kind != VALUE_UNBOUND;
        struct value row[] = {value_str(unit_symbol(ev, function->unit, parameter.name)), value_int(parameter.kind),
                              value_bool(has), has ? default_ : value_none()};
        if (!list_append(ev, rows, tuple_of(ev, row, 4)))
            return value_raised();
    }
    return value_of(VALUE_LIST, rows);
}

static struct value native_resolve_signature(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "resolve_signature", arguments, 1, 1))
        return value_raised();
    struct value callable = arguments->items[0];
    for (int i = 0; i < 8; i++) {
        if (callable.kind == VALUE_BOUND)
            callable = callable.bound->function;
        else if (callable.kind == VALUE_STATIC_METHOD || callable.kind == VALUE_CLASS_METHOD)
            callable = callable.wrapper->function;
        else if (callable.kind == VALUE_CLASS)
            callable = class_find(ev, callable.class_, ev->types->names.init);
        else if (callable.kind == VALUE_INSTANCE)
            callable = find_special(ev, callable, ev->types->names.call);
        else
            break;
    }
    if (callable.kind == VALUE_FUNCTION)
        return signature_rows(ev, callable.function);
    if (is_raised(callable) || is_unknown(callable))
        return unknown_operand(ev, callable);
    return eval_unknown(ev, "the signature of something that is not a Python function");
}

void native_support_init(struct eval *ev)
{
    static const struct native natives[] = {{"unknown", native_unknown, NULL},
                                            {"deepcopy", native_deepcopy, NULL},
                                            {"shallow_copy", native_shallow_copy, NULL},
                                            {"package_available", native_package_available, NULL},
                                            {"environment", native_environment, NULL},
                                            {"import_module", native_import_module, NULL},
                                            {"resolve_signature", native_resolve_signature, NULL},
                                            {NULL, NULL, NULL}};
    for (const struct native *native = natives; native->name; native++)
        native_module_add(ev, native->name, native_value(native));
    native_math_init(ev);
}
