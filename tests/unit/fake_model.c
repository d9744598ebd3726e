#include "fake_model.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_CLASSES 64

static _Noreturn void stop(const char *words, const char *name)
{
    fprintf(stderr, "fake model: %s: %s\n", words, name);
    abort();
}

static struct text own(struct model *model, const char *string)
{
    return text_copy(&model->arena, text_from(string));
}

/* Arrays double inside the arena: only tests waste memory like that. */
static void *grow(struct model *model, void *items, size_t count, size_t size)
{
    if (count && (count & (count - 1)) != 0)
        return items;
    void *larger = arena_alloc_array(&model->arena, count ? count * 2 : 1, size);
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

void fake_model_start(struct model *model, const char *architecture)
{
    *model = (struct model){0};
    model->architecture = own(model, architecture);
    model->python_module = TEXT("pkg.toy");
    model->sources = TEXT("toy-sources");
    model->sources_version = TEXT("5.0.0");
    model->classes = ARENA_ARRAY(&model->arena, MAX_CLASSES, struct model_class);
    model->routings = ARENA_ARRAY(&model->arena, MAX_CLASSES, struct routing);
    model->other_classes = ARENA_ARRAY(&model->arena, MAX_CLASSES, struct text);
    model->unresolved = ARENA_ARRAY(&model->arena, MAX_CLASSES, struct unresolved);
}

static struct origin origin_in_toy(uint32_t line)
{
    return (struct origin){TEXT("toy.py"), {line, 1, 0}};
}

uint32_t fake_class(struct model *model, const char *qualified, const char *bases)
{
    if (model->class_count == MAX_CLASSES)
        stop("too many classes", qualified);
    uint32_t number = (uint32_t)model->class_count++;
    struct model_class *class = &model->classes[number];
    const char *dot = strrchr(qualified, '.');
    class->qualified = own(model, qualified);
    class->name = own(model, dot ? dot + 1 : qualified);
    class->routing = MODULE_NONE;
    if (strncmp(qualified, "torch.", 6) != 0)
        class->origin = origin_in_toy((number + 1) * 10);
    class->bases = ARENA_ARRAY(&model->arena, 16, struct text);
    for (const char *base = bases; *base; base += strspn(base, " ")) {
        size_t length = strcspn(base, " ");
        class->bases[class->base_count++] = text_copy(&model->arena, (struct text){base, length});
        base += length;
    }
    return number;
}

void fake_class_never_called(struct model *model, uint32_t class)
{
    model->classes[class].forward_never_called = true;
}

void fake_class_routes(struct model *model, uint32_t class, enum routing_verdict verdict)
{
    uint32_t number = (uint32_t)model->routing_count++;
    model->classes[class].routing = number;
    model->routings[number] = (struct routing){.verdict = verdict,
                                               .child = TEXT("experts"),
                                               .call = origin_in_toy(101),
                                               .reason = origin_in_toy(100),
                                               .words = TEXT("calls `self.experts[i]` for each `i` of `hit`")};
}

static uint32_t append(struct model *model, struct text name, uint32_t class)
{
    model->modules = grow(model, model->modules, model->module_count, sizeof *model->modules);
    uint32_t number = (uint32_t)model->module_count++;
    struct module *module = &model->modules[number];
    *module = (struct module){.name = name, .class_index = class, .first_parameter = (uint32_t)model->parameter_count};
    module->leaf = name;
    for (size_t i = name.length; i-- > 0;)
        if (name.bytes[i] == '.') {
            module->leaf = (struct text){name.bytes + i + 1, name.length - i - 1};
            break;
        }
    struct origin *made = ARENA_NEW(&model->arena, struct origin);
    *made = origin_in_toy(200);
    module->made = made;
    return number;
}

uint32_t fake_module(struct model *model, const char *name, uint32_t class)
{
    const char *open = strchr(name, '{');
    if (!open)
        return append(model, own(model, name), class);
    unsigned first, last, used = 0;
    if (sscanf(open, "{%u..%u}%n", &first, &last, (int *)&used) != 2 || !used)
        stop("braces hold FIRST..LAST", name);
    uint32_t number = MODULE_NONE;
    for (unsigned i = first; i <= last; i++)
        number = append(model, text_format(&model->arena, "%.*s%u%s", (int)(open - name), name, i, open + used), class);
    return number;
}

uint32_t fake_parameter(struct model *model, const char *name, int64_t rows, int64_t columns)
{
    model->parameters = grow(model, model->parameters, model->parameter_count, sizeof *model->parameters);
    uint32_t number = (uint32_t)model->parameter_count++;
    int64_t *shape = ARENA_ARRAY(&model->arena, 2, int64_t);
    shape[0] = rows;
    shape[1] = columns;
    model->parameters[number] = (struct parameter){.name = own(model, name),
                                                   .shape_known = rows > 0,
                                                   .dims = columns ? 2 : 1,
                                                   .shape = shape,
                                                   .same_as = number};
    model->modules[model->module_count - 1].parameter_count++;
    return number;
}

void fake_tie(struct model *model, uint32_t parameter, uint32_t first)
{
    model->parameters[parameter].shared = true;
    model->parameters[parameter].same_as = first;
}

static uint32_t find(const struct model *model, struct text name)
{
    for (uint32_t i = 0; i < model->module_count; i++)
        if (text_equal(model->modules[i].name, name))
            return i;
    return MODULE_NONE;
}

void fake_open(struct model *model, const char *name, const char *reason)
{
    uint32_t module = find(model, text_from(name));
    if (module == MODULE_NONE)
        stop("no such module", name);
    model->modules[module].open = true;
    model->status = MODEL_PARTIAL;
    model->unresolved[model->unresolved_count++] =
        (struct unresolved){own(model, name), own(model, reason), origin_in_toy(300)};
}

void fake_other_class(struct model *model, const char *qualified)
{
    model->other_classes[model->other_class_count++] = own(model, qualified);
}

void fake_model_finish(struct model *model)
{
    for (uint32_t i = 0; i < model->module_count; i++) {
        struct module *module = &model->modules[i];
        module->parent = MODULE_NONE;
        module->end = i + 1;
        if (i == 0)
            continue;
        struct text above = {module->name.bytes,
                             module->name.length - module->leaf.length - (module->leaf.length < module->name.length)};
        module->parent = find(model, above);
        if (module->parent == MODULE_NONE || module->parent >= i)
            stop("the parent does not come before", module->name.bytes);
        for (uint32_t up = module->parent; up != MODULE_NONE; up = model->modules[up].parent) {
            if (model->modules[up].end != i)
                stop("not in named_modules() order", module->name.bytes);
            model->modules[up].end = i + 1;
        }
    }
    model->total_parameters = model->module_count ? model_gathered_parameters(model, 0) : 0;
}

#define MIXTRAL "transformers.models.mixtral.modeling_mixtral."

void fake_mixtral(struct model *model, uint32_t layers)
{
    fake_model_start(model, "MixtralForCausalLM");
    model->python_module = TEXT("transformers.models.mixtral.modeling_mixtral");
    uint32_t causal = fake_class(model, MIXTRAL "MixtralForCausalLM",
                                 MIXTRAL "MixtralPreTrainedModel torch.nn.modules.module.Module builtins.object");
    uint32_t base = fake_class(model, MIXTRAL "MixtralModel",
                               MIXTRAL "MixtralPreTrainedModel torch.nn.modules.module.Module builtins.object");
    uint32_t embedding =
        fake_class(model, "torch.nn.modules.sparse.Embedding", "torch.nn.modules.module.Module builtins.object");
    uint32_t list =
        fake_class(model, "torch.nn.modules.container.ModuleList", "torch.nn.modules.module.Module builtins.object");
    uint32_t layer = fake_class(model, MIXTRAL "MixtralDecoderLayer", "torch.nn.modules.module.Module builtins.object");
    uint32_t attention =
        fake_class(model, MIXTRAL "MixtralAttention", "torch.nn.modules.module.Module builtins.object");
    uint32_t block =
        fake_class(model, MIXTRAL "MixtralSparseMoeBlock", "torch.nn.modules.module.Module builtins.object");
    uint32_t linear =
        fake_class(model, "torch.nn.modules.linear.Linear", "torch.nn.modules.module.Module builtins.object");
    uint32_t expert =
        fake_class(model, MIXTRAL "MixtralBlockSparseTop2MLP", "torch.nn.modules.module.Module builtins.object");
    fake_class_never_called(model, list);
    fake_class_routes(model, block, ROUTING_YES);
    fake_other_class(model, MIXTRAL "MixtralForSequenceClassification");
    fake_other_class(model, MIXTRAL "MixtralPreTrainedModel");
    fake_other_class(model, MIXTRAL "MixtralRotaryEmbedding");

    fake_module(model, "", causal);
    fake_module(model, "model", base);
    fake_module(model, "model.embed_tokens", embedding);
    uint32_t tied = fake_parameter(model, "weight", 100, 10);
    fake_module(model, "model.layers", list);
    for (uint32_t i = 0; i < layers; i++) {
        char name[80];
        snprintf(name, sizeof name, "model.layers.%u", i);
        fake_module(model, name, layer);
        snprintf(name, sizeof name, "model.layers.%u.self_attn", i);
        fake_module(model, name, attention);
        fake_parameter(model, "weight", 10, 10);
        snprintf(name, sizeof name, "model.layers.%u.mlp", i);
        fake_module(model, name, block);
        snprintf(name, sizeof name, "model.layers.%u.mlp.gate", i);
        fake_module(model, name, linear);
        fake_parameter(model, "weight", 4, 10);
        snprintf(name, sizeof name, "model.layers.%u.mlp.experts", i);
        fake_module(model, name, list);
        for (uint32_t number = 0; number < 4; number++) {
            snprintf(name, sizeof name, "model.layers.%u.mlp.experts.%u", i, number);
            fake_module(model, name, expert);
            fake_parameter(model, "weight", 20, 10);
        }
    }
    fake_module(model, "lm_head", linear);
    fake_tie(model, fake_parameter(model, "weight", 100, 10), tied);
    fake_model_finish(model);
}
