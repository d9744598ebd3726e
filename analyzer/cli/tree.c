/* `tree --model`: the modules of a model; and the lines that `tree --all` prints of each. */
#include "base/quantity.h"
#include "cli/commands.h"
#include "report/json_writer.h"

static void parameters_member(struct json_writer *writer, const struct model *model, const struct module *module)
{
    json_open(writer, '{', JSON_INLINE);
    for (uint32_t i = 0; i < module->parameter_count; i++) {
        const struct parameter *parameter = &model->parameters[module->first_parameter + i];
        json_key(writer, parameter->name);
        if (!parameter->shape_known) {
            json_null(writer);
            continue;
        }
        json_open(writer, '[', JSON_INLINE);
        for (uint8_t dim = 0; dim < parameter->dims; dim++)
            json_integer(writer, parameter->shape[dim]);
        json_close(writer, ']');
    }
    json_close(writer, '}');
}

void place_members(struct json_writer *writer, const struct origin *origin)
{
    json_member(writer, "path", origin->path);
    json_member_integer(writer, "line", origin->path.length ? origin->place.line : 0);
}

void unresolved_object(struct json_writer *writer, const struct unresolved *unresolved)
{
    json_open(writer, '{', JSON_INLINE);
    json_member(writer, "name", unresolved->name);
    json_member(writer, "reason", unresolved->reason);
    place_members(writer, &unresolved->origin);
    json_close(writer, '}');
}

void raises_member(struct json_writer *writer, const struct model *model)
{
    if (model->status != MODEL_RAISES)
        return;
    json_key(writer, TEXT("raises"));
    json_open(writer, '{', JSON_INLINE);
    json_member(writer, "type", model->raises.type);
    json_member(writer, "message", model->raises.message);
    place_members(writer, &model->raises.origin);
    json_close(writer, '}');
}

void tree_print_json(const struct model *model, FILE *out)
{
    struct json_writer line = {.out = out}, *writer = &line;
    json_open(writer, '{', JSON_INLINE);
    json_member(writer, "architecture", model->architecture);
    json_member(writer, "module", model->python_module);
    json_member(writer, "status", text_from(model_status_name(model)));
    json_key(writer, TEXT("params"));
    if (model->total_parameters >= 0 && model->status != MODEL_RAISES)
        json_integer(writer, model->total_parameters);
    else
        json_null(writer);
    json_key(writer, TEXT("modules"));
    json_open(writer, '[', JSON_INLINE);
    for (size_t i = 0; i < model->module_count && model->status != MODEL_RAISES; i++) {
        const struct module *module = &model->modules[i];
        if (module->unordered)
            continue; /* the list says the order */
        json_open(writer, '[', JSON_INLINE);
        json_string(writer, module->name);
        if (module->class_index == MODULE_NONE)
            json_null(writer);
        else
            json_string(writer, model->classes[module->class_index].qualified);
        parameters_member(writer, model, module);
        json_close(writer, ']');
    }
    json_close(writer, ']');
    json_key(writer, TEXT("unresolved"));
    json_open(writer, '[', JSON_INLINE);
    for (size_t i = 0; i < model->unresolved_count; i++) {
        unresolved_object(writer, &model->unresolved[i]);
    }
    json_close(writer, ']');
    raises_member(writer, model);
    json_close(writer, '}');
    fputc('\n', out);
}

void tree_print_summary(const struct model *model, FILE *out)
{
    char buffer[32];
    struct text count = count_in_words(model->total_parameters, buffer);
    print_visibly(out, model->architecture);
    fprintf(out, ": %s", model_status_name(model));
    if (model->status == MODEL_RAISES) {
        fputs(", ", out);
        print_visibly(out, model->raises.type);
        fputs(": ", out);
        print_visibly(out, model->raises.message);
    } else {
        fprintf(out, ", %zu modules, %.*s parameters", model->module_count, TEXT_ARGS(count));
    }
    if (model->status == MODEL_PARTIAL && model->unresolved_count) {
        fputs(", ", out);
        print_visibly(out, model->unresolved[0].name);
        fputs(": ", out);
        print_visibly(out, model->unresolved[0].reason);
    }
    fputc('\n', out);
}

int tree_run(const struct options *options, FILE *out, FILE *err)
{
    if (options->all)
        return tree_all_run(options, out, err);
    if (options->why)
        return tree_why_run(options, out, err);
    struct loaded loaded;
    struct model model = {0};
    if (!models_find(&loaded, options, err))
        return EXIT_USAGE;
    loader_build(loaded.loader, &loaded.targets.items[loaded.targets.main], &model);
    if (options->format == FORMAT_JSONL) {
        tree_print_json(&model, out);
        model_remark(&model, err);
    } else {
        tree_print(&model, out);
    }
    model_free(&model);
    models_free(&loaded);
    return EXIT_CLEAN;
}
