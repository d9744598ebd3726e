#include "model/load.h"

#include <stdlib.h>
#include <string.h>

#include "eval/evidence.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "hub/config_json.h"
#include "hub/definitions.h"
#include "hub/importer.h"
#include "diag/diag.h"
#include "model/block_routing.h"
#include "model/load_instance.h"
#include "model/load_quantized.h"
#include "model/made.h"
#include "model/training.h"
#include "model/tree.h"
#include "model/whole_sources.h"
#include "torch/torch.h"

struct loader {
    struct arena arena;
    struct sources sources;
    struct hub_importer importer;
    struct eval eval;
    bool routing, evidence;
    struct asked_modules leaves;
    struct text made; /* bytes NULL: nobody asks */
};

struct loader *loader_new(const struct load_options *options, struct text *message)
{
    struct loader *loader = memory_alloc(sizeof *loader);
    memset(loader, 0, sizeof *loader);
    if (!sources_find(&loader->sources, options->sources, options->source_count, &loader->arena, message)) {
        struct text_builder kept = {0}; /* the message outlives the loader */
        text_builder_add(&kept, *message);
        *message = text_builder_text(&kept);
        arena_free(&loader->arena);
        free(loader);
        return NULL;
    }
    loader->routing = options->routing;
    loader->evidence = options->evidence;
    loader->leaves = options->leaves;
    hub_importer_init(&loader->importer, &loader->sources, false);
    loader->made = text_copy(&loader->arena, options->made);
    if (!options->made.bytes)
        loader->made.bytes = NULL;
    struct importer importer = hub_importer_interface(&loader->importer);
    struct environment environment = {
        .attn = text_copy(&loader->arena, options->attn),
        .torch_version = TEXT("2.13.0"),
        .transformers_version = loader->sources.version,
    };
    eval_init(&loader->eval, &importer, &environment);
    loader->eval.importing = true;
    torch_init(&loader->eval);
    loader->eval.importing = false;
    return loader;
}

void loader_free(struct loader *loader)
{
    if (!loader)
        return;
    eval_free(&loader->eval);
    hub_importer_free(&loader->importer);
    arena_free(&loader->arena);
    free(loader);
}

/* Building. */

struct building {
    struct loader *loader;
    const struct target *target;
    struct model *model;
};

static void cannot_tell(struct building *building, const struct reason *reason)
{
    tree_unresolved(building->model, TEXT(""), reason);
    building->model->status = MODEL_PARTIAL;
    building->model->total_parameters = -1;
}

/* The root is there whatever happens below it. */
static void only_root(struct building *building)
{
    struct model *model = building->model;
    model->modules = ARENA_NEW(&model->arena, struct module);
    model->modules[0] = (struct module){.parent = MODULE_NONE, .class_index = 0, .end = 1, .open = true, .name = TEXT("")};
    model->module_count = 1;
    model->classes = ARENA_NEW(&model->arena, struct model_class);
    model->class_count = 1;
    model->classes[0].name = model->architecture;
    model->classes[0].qualified = text_format(&model->arena, "%.*s.%.*s", TEXT_ARGS(model->python_module), TEXT_ARGS(model->architecture));
    model->classes[0].routing = MODULE_NONE;
    model->parameter_count = 0;
    model->total_parameters = -1;
}

static void say_raised(struct building *building)
{
    struct eval *ev = &building->loader->eval;
    struct model *model = building->model;
    struct value exception = ev->raised;
    struct unit *unit = ev->raised_unit;
    uint32_t at = ev->raised_at;
    if (ev->missing && !ev->stopped) {
        only_root(building);
        cannot_tell(building, ev->missing);
        return;
    }
    bool is_lazy = !ev->stopped && exception.kind == VALUE_INSTANCE && raised_by_lazy_import(ev);
    if (ev->stopped || exception.kind != VALUE_INSTANCE || exception.instance->class_->open || is_lazy) {
        struct reason unknown = {.unit = unit, .at = at};
        unknown.words = is_lazy ? TEXT("importing this raises") : TEXT("an exception whose type cannot be told");
        only_root(building);
        cannot_tell(building, ev->stopped ? ev->stopped : &unknown);
        return;
    }
    if (exception.instance->open && class_is_subclass(exception.instance->class_, ev->types->import_error)) {
        only_root(building);
        cannot_tell(building, exception.instance->open);
        return;
    }
    struct unit broken_unit;
    struct reason broken;
    /* The file that raises may have been imported by a function, so both are looked at. */
    if (whole_sources_broken(&ev->importer, model->python_module, WHOLE_ALL, &broken_unit, &broken) ||
        (unit && !unit->is_fact && whole_sources_broken(&ev->importer, str_text(unit->namespace->name), WHOLE_ALL, &broken_unit, &broken))) {
        only_root(building);
        cannot_tell(building, &broken);
        return;
    }
    struct value message = value_to_str(ev, exception);
    model->status = MODEL_RAISES;
    model->total_parameters = -1;
    model->raises.type = text_copy(&model->arena, str_text(exception.instance->class_->name));
    model->raises.message = message.kind == VALUE_STR ? text_copy(&model->arena, str_text(message.str)) : (struct text){0};
    model->raises.origin = tree_origin(model, unit, at);
}

/* Which values of config.json the exception comes from: the model is built once more, this time with evidence. */
static void trace_raised(struct building *building, const struct config_json *config)
{
    struct eval *ev = &building->loader->eval;
    struct model *model = building->model;
    const void *items[LIMIT_GIVEN];
    eval_begin_model(ev);
    evidence_begin(ev);
    struct value instance = load_instance(ev, building->target, config);
    size_t count = is_raised(instance) && !ev->stopped ? evidence_list(ev, ev->raised.given, items, LIMIT_GIVEN) : 0;
    if (is_raised(instance) && !ev->stopped)
        model->raises.cause = tree_origin(model, ev->evidence->cause_unit, ev->evidence->cause_at);
    evidence_end(ev);
    eval_end_model(ev);
    model->raises.given = ARENA_ARRAY(&model->arena, count, struct given_value);
    for (size_t i = 0; i < count; i++) {
        const struct json_value *value = items[i];
        model->raises.given[model->raises.given_count++] = (struct given_value){
            .key = config_json_path(config, value, &model->arena),
            .span = value->span,
            .place = source_place(&model->config, value->span.start),
        };
    }
}

/* Classes of the model's own file that it does not use. */
static void note_other_classes(struct building *building)
{
    struct model *model = building->model;
    struct python_file *file = hub_importer_file(&building->loader->importer, model->python_module);
    if (!file)
        return;
    model->other_classes = ARENA_ARRAY(&model->arena, file->piece_count + 1, struct text);
    for (size_t i = 0; i < file->piece_count; i++) {
        const struct python_piece *piece = &file->pieces[i];
        if (piece->kind != PIECE_CLASS || piece->name_count != 1)
            continue;
        struct text name = file->ast.strings[file->names[piece->first_name]];
        bool used = false;
        for (size_t k = 0; k < model->class_count && !used; k++)
            used = text_equal(model->classes[k].name, name);
        for (size_t k = 0; k < model->possible_count && !used; k++)
            used = text_equal(model->possible_classes[k].name, name);
        if (!used)
            model->other_classes[model->other_class_count++] =
                text_format(&model->arena, "%.*s.%.*s", TEXT_ARGS(model->python_module), TEXT_ARGS(name));
    }
}

/* Python imports whole files; what is said of a model whose file does not parse is true of its definitions at most. */
static void note_broken_file(struct building *building)
{
    struct unit unit;
    struct reason reason;
    struct model *model = building->model;
    if (model->status == MODEL_EXACT &&
        whole_sources_broken(&building->loader->eval.importer, model->python_module, WHOLE_OWN, &unit, &reason))
        cannot_tell(building, &reason);
}

/* The package that importing the file of a class of the model needs and may not have; NULL: none. */
static const struct reason *needed_package(struct building *building)
{
    struct eval *ev = &building->loader->eval;
    const struct model *model = building->model;
    for (size_t i = 0; i < model->class_count; i++) {
        struct text dotted = model->classes[i].qualified;
        if (!text_starts(dotted, TEXT("transformers.models.")))
            continue;
        while (dotted.length && dotted.bytes[dotted.length - 1] != '.')
            dotted.length--;
        dotted.length -= dotted.length > 0;
        struct value module = dict_get_str(ev->modules, eval_intern(ev, dotted));
        if (module.kind == VALUE_NAMESPACE && module.namespace->needs)
            return module.namespace->needs;
    }
    return NULL;
}

static void look_at_training(struct building *building, struct instance **instances)
{
    struct eval *ev = &building->loader->eval;
    const struct asked_modules *leaves = &building->loader->leaves;
    bool *wanted = NULL;
    if (leaves->ask) {
        wanted = ARENA_ARRAY(&ev->scratch, building->model->module_count, bool);
        memset(wanted, 0, building->model->module_count * sizeof *wanted);
        leaves->ask(leaves->context, building->model, wanted);
        model_forget_index(building->model); /* the model is not finished */
    }
    training_fill(ev, building->model, instances, wanted);
}

static void build(struct building *building)
{
    struct loader *loader = building->loader;
    struct eval *ev = &loader->eval;
    struct model *model = building->model;
    struct config_json config = {0};
    struct text message;
    bool with_config = building->target->config_path.length > 0, built = false;
    eval_begin_model(ev);
    if (loader->made.bytes)
        evidence_begin(ev);
    if (with_config && !config_json_read(&config, building->target->config_path, &model->arena, &message)) {
        struct reason reason = {.words = message};
        only_root(building);
        cannot_tell(building, &reason);
    } else {
        struct value instance = load_instance(ev, building->target, with_config ? &config : NULL);
        if (is_raised(instance) || ev->stopped) {
            say_raised(building);
        } else if (!load_is_module(instance)) {
            struct reason reason = {.words = TEXT("building it does not give a torch module")};
            only_root(building);
            cannot_tell(building, is_unknown(instance) ? instance.reason : &reason);
        } else {
            struct instance **instances = tree_fill(ev, model, instance.instance);
            built = true;
            if (loader->routing) {
                block_routing_fill(ev, model, instances);
                look_at_training(building, instances);
            }
            const struct reason *needed = ev->missing ? ev->missing : needed_package(building);
            if (needed)
                cannot_tell(building, needed);
            note_broken_file(building);
        }
        if (loader->made.bytes)
            made_fill(ev, model, built ? instance.instance : NULL, loader->made);
    }
    if (ev->evidence)
        evidence_end(ev);
    eval_end_model(ev);
    if (with_config && built)
        load_quantized(&loader->sources, &ev->environment, building->target, &config, model);
    note_other_classes(building);
    if (model->status == MODEL_RAISES && with_config) {
        model->config = config.source;
        if (loader->evidence)
            trace_raised(building, &config);
    } else if (with_config) {
        source_free(&config.source);
    }
}

void loader_build(struct loader *loader, const struct target *target, struct model *model)
{
    memset(model, 0, sizeof *model);
    model->architecture = text_copy(&model->arena, target->architecture);
    model->python_module = text_copy(&model->arena, target->python_module);
    model->sources = text_copy(&model->arena, loader->sources.given);
    model->sources_version = text_copy(&model->arena, loader->sources.version);
    struct building building = {loader, target, model};
    build(&building);
}

void loader_build_with_attention(struct loader *loader, const struct target *target, struct text attn, struct model *model)
{
    struct loader asked = *loader;
    loader->eval.environment.attn = attn;
    loader->routing = loader->evidence = false;
    loader->made.bytes = NULL;
    loader_build(loader, target, model);
    loader->eval.environment.attn = asked.eval.environment.attn;
    loader->routing = asked.routing;
    loader->evidence = asked.evidence;
    loader->made = asked.made;
}

static bool file_defines_class(const struct python_file *file, struct text name)
{
    for (size_t i = 0; i < file->piece_count; i++)
        if (file->pieces[i].kind == PIECE_CLASS && file->pieces[i].name_count == 1 &&
            text_equal(file->ast.strings[file->names[file->pieces[i].first_name]], name))
            return true;
    return false;
}

bool loader_defines_class(const struct loader *loader, struct text name)
{
    for (size_t i = name.length; i-- > 0;)
        if (name.bytes[i] == '.') {
            name = (struct text){name.bytes + i + 1, name.length - i - 1};
            break;
        }
    for (const struct unit *unit = loader->eval.units; unit; unit = unit->next)
        if (!unit->is_fact && unit->file && file_defines_class(unit->file, name))
            return true;
    return false;
}

/* Resolving. */

static void add_target(struct targets *targets, struct loader *loader, struct text architecture, struct text module, struct text config_path)
{
    size_t capacity = 1;
    while (capacity <= targets->count)
        capacity *= 2;
    struct target *items = ARENA_ARRAY(&loader->arena, capacity, struct target);
    if (targets->count)
        memcpy(items, targets->items, targets->count * sizeof *items);
    targets->items = items;
    items[targets->count++] = (struct target){text_copy(&loader->arena, architecture), text_copy(&loader->arena, module), config_path};
}

/* Is it a PreTrainedModel that `__all__` of its file makes public (or every class, where there is no `__all__`)? */
static bool is_model_class(struct value value)
{
    if (value.kind != VALUE_CLASS || !value.class_->is_module)
        return false;
    for (uint32_t i = 0; i < value.class_->mro_count; i++)
        if (!strcmp(value.class_->mro[i]->name->bytes, "PreTrainedModel"))
            return true;
    return false;
}

static bool is_abstract(struct text name)
{
    return text_ends(name, TEXT("PreTrainedModel"));
}

static bool wanted_type(struct eval *ev, struct value class_, struct text type)
{
    if (!type.length)
        return true;
    struct value config_class = find_attribute(ev, class_, eval_intern(ev, TEXT("config_class")));
    struct value model_type = config_class.kind == VALUE_CLASS
                                  ? find_attribute(ev, config_class, eval_intern(ev, TEXT("model_type")))
                                  : value_unbound();
    return model_type.kind == VALUE_STR && text_equal(str_text(model_type.str), type);
}

/* Public models of one modeling module, of the given type when it is not "". */
static void add_public(struct loader *loader, struct text dotted, struct text type, struct text config_path, struct targets *targets)
{
    struct eval *ev = &loader->eval;
    struct value module = import_module(ev, dotted);
    if (module.kind != VALUE_NAMESPACE)
        return;
    struct list *names = list_new(ev, 0);
    struct value all = namespace_get(ev, module.namespace, ev->types->names.all);
    struct python_file *file = hub_importer_file(&loader->importer, dotted);
    if (value_items(all))
        list_extend(ev, names, value_items(all));
    for (size_t i = 0; !value_items(all) && file && i < file->piece_count; i++)
        if (file->pieces[i].kind == PIECE_CLASS && file->pieces[i].name_count == 1)
            list_append(ev, names, eval_text(ev, file->ast.strings[file->names[file->pieces[i].first_name]]));
    for (uint32_t i = 0; i < names->count; i++) {
        struct str *name = value_string(names->items[i]);
        if (!name || is_abstract(str_text(name)))
            continue;
        struct value value = namespace_get(ev, module.namespace, name);
        if (is_model_class(value) && wanted_type(ev, value, type))
            add_target(targets, loader, str_text(name), dotted, config_path);
    }
}

/* models/FOLDER of a model type: transformers' own model_type_to_module_name(). */
static struct text type_folder(struct loader *loader, struct text type)
{
    struct eval *ev = &loader->eval;
    struct value module = import_module(ev, TEXT("transformers.models.auto.configuration_auto"));
    struct value items[] = {eval_text(ev, type)};
    struct value name = value_none();
    if (module.kind == VALUE_NAMESPACE) {
        struct value function = namespace_get(ev, module.namespace, eval_intern(ev, TEXT("model_type_to_module_name")));
        if (function.kind == VALUE_FUNCTION)
            name = call_values(ev, function, items, 1);
    }
    struct text_builder folder = {0};
    struct text plain = name.kind == VALUE_STR ? str_text(name.str) : type;
    for (size_t i = 0; i < plain.length; i++) {
        char c = plain.bytes[i] == '.' ? '/' : plain.bytes[i] == '-' ? '_' : plain.bytes[i];
        text_builder_add(&folder, (struct text){&c, 1});
    }
    struct text kept = text_copy(&loader->arena, text_builder_text(&folder));
    text_builder_free(&folder);
    return text_holds(kept, TEXT("..")) ? (struct text){0} : kept;
}

/* The class that an auto table names for the type, "" when none. */
static struct text auto_class(struct loader *loader, const char *table, struct text type)
{
    struct eval *ev = &loader->eval;
    struct value module = import_module(ev, TEXT("transformers.models.auto.modeling_auto"));
    if (module.kind != VALUE_NAMESPACE)
        return (struct text){0};
    struct value mapping = namespace_get(ev, module.namespace, eval_intern(ev, text_from(table)));
    struct dict *dict = value_dict(mapping);
    struct value found = dict ? dict_get(dict, eval_text(ev, type)) : value_unbound();
    struct list *several = value_items(found);
    if (several && several->count)
        found = several->items[0];
    struct str *name = value_string(found);
    return name ? str_text(name) : (struct text){0};
}

static void choose_main(struct loader *loader, struct text type, struct targets *targets)
{
    static const char *const tables[] = {"MODEL_FOR_CAUSAL_LM_MAPPING_NAMES", "MODEL_MAPPING_NAMES"};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        struct text name = auto_class(loader, tables[t], type);
        for (size_t i = 0; name.length && i < targets->count; i++) {
            if (text_equal(targets->items[i].architecture, name)) {
                targets->main = i;
                return;
            }
        }
    }
}

/* All architectures of a model type. */
static bool resolve_type(struct loader *loader, struct text type, struct text config_path, struct targets *targets)
{
    eval_begin_model(&loader->eval);
    struct text folder = type_folder(loader, type);
    struct text_list modules = {0};
    if (folder.length)
        modeling_modules(&loader->sources, folder, &loader->arena, &modules);
    for (size_t i = 0; i < modules.count; i++)
        add_public(loader, modules.items[i], type, config_path, targets);
    free(modules.items);
    choose_main(loader, type, targets);
    eval_end_model(&loader->eval);
    return targets->count > 0;
}

size_t loader_modeling_modules(struct loader *loader, const struct text **modules)
{
    struct text_list found = {0};
    modeling_modules(&loader->sources, (struct text){0}, &loader->arena, &found);
    *modules = ARENA_ARRAY(&loader->arena, found.count + 1, struct text);
    if (found.count)
        memcpy((struct text *)*modules, found.items, found.count * sizeof **modules);
    free(found.items);
    return found.count;
}

void loader_module_targets(struct loader *loader, struct text module, struct targets *targets)
{
    *targets = (struct targets){0};
    eval_begin_model(&loader->eval);
    add_public(loader, module, (struct text){0}, (struct text){0}, targets);
    eval_end_model(&loader->eval);
}

/* The file that defines an architecture: beside config.json, in a custom folder, in transformers. */
static bool find_architecture(struct loader *loader, struct text name, struct text *dotted)
{
    return definition_find_custom(&loader->sources, name, &loader->arena, dotted) ||
           definition_find_model(&loader->sources, name, &loader->arena, dotted);
}

static void say_unknown_model(struct loader *loader, struct text model, struct text *message)
{
    struct text_list words = {0};
    struct text nearest[1];
    auto_words(&loader->sources, &loader->arena, &words);
    size_t count = suggest_nearest(model, words.items, words.count, nearest, 1);
    struct text version = loader->sources.version;
    *message = text_format(&loader->arena, "`%.*s` is no architecture or model type of transformers%s%.*s (%.*s)%s%.*s%s", TEXT_ARGS(model),
                           version.length ? " " : "", TEXT_ARGS(version), TEXT_ARGS(loader->sources.given),
                           count ? "; did you mean `" : "", count ? (int)nearest[0].length : 0, count ? nearest[0].bytes : "",
                           count ? "`?" : "");
    free(words.items);
}

static bool resolve_name(struct loader *loader, struct text model, struct text config_path, struct targets *targets)
{
    struct text dotted;
    if (find_architecture(loader, model, &dotted)) {
        add_target(targets, loader, model, dotted, config_path);
        return true;
    }
    return resolve_type(loader, model, config_path, targets);
}

/* Does the release have a configuration of that type?  Then it also has code of its own for what `auto_map` names, and
 * takes that unless it is told to trust the other. */
static bool has_model_type(struct loader *loader, struct text type)
{
    struct eval *ev = &loader->eval;
    eval_begin_model(ev);
    struct value names =
        load_attribute(ev, TEXT("transformers.models.auto.configuration_auto"), TEXT("CONFIG_MAPPING_NAMES"));
    struct dict *dict = value_dict(names);
    bool found = dict && dict_get(dict, eval_text(ev, type)).kind == VALUE_STR;
    eval_end_model(ev);
    return found;
}

static bool resolve_config(struct loader *loader, struct text path, struct targets *targets, struct text *message)
{
    struct config_json config;
    if (!config_json_read(&config, path, &loader->arena, message)) {
        source_free(&config.source);
        return false;
    }
    struct text kept_path = config.path, name;
    bool fine = true, local = false;
    for (size_t i = 0; fine && (name = config_json_architecture(&config, i)).length; i++) {
        struct text module, class_name, problem;
        bool custom = config_json_custom(&config, (struct text){0}, name, &module, &class_name, &problem);
        if (custom) {
            sources_add_custom(&loader->sources, config.folder, &loader->arena);
            local = (problem.length || !hub_importer_file(&loader->importer, module)) && has_model_type(loader, config.model_type);
        }
        if (custom && !local) {
            fine = !problem.length;
            if (fine)
                add_target(targets, loader, class_name, module, kept_path);
            else
                *message = text_format(&loader->arena, "%.*s: `auto_map` for %.*s: %.*s", TEXT_ARGS(path), TEXT_ARGS(name), TEXT_ARGS(problem));
        } else if (find_architecture(loader, name, &module)) {
            add_target(targets, loader, name, module, kept_path);
        } else if (!local) {
            say_unknown_model(loader, name, message);
            *message = text_format(&loader->arena, "%.*s: %.*s", TEXT_ARGS(path), TEXT_ARGS(*message));
            fine = false;
        }
    }
    if (fine && !targets->count) {
        fine = config.model_type.length && resolve_name(loader, text_copy(&loader->arena, config.model_type), kept_path, targets);
        if (!fine)
            *message = config.model_type.length
                           ? text_format(&loader->arena, "%.*s: `model_type` %.*s is not one of these sources, and there is no `architectures`",
                                         TEXT_ARGS(path), TEXT_ARGS(config.model_type))
                           : text_format(&loader->arena, "%.*s: names neither `architectures` nor `model_type`", TEXT_ARGS(path));
    }
    source_free(&config.source);
    return fine;
}

bool loader_resolve(struct loader *loader, struct text model, struct targets *targets, struct text *message)
{
    *targets = (struct targets){0};
    struct text path = text_copy(&loader->arena, model);
    if (path_is_folder(path.bytes)) {
        while (path.length > 1 && path.bytes[path.length - 1] == '/')
            path.length--;
        return resolve_config(loader, text_format(&loader->arena, "%.*s/config.json", TEXT_ARGS(path)), targets, message);
    }
    if (path_exists(path.bytes) || memchr(path.bytes, '/', path.length) || text_ends(path, TEXT(".json")))
        return resolve_config(loader, path, targets, message);
    if (resolve_name(loader, path, (struct text){0}, targets))
        return true;
    say_unknown_model(loader, model, message);
    return false;
}
