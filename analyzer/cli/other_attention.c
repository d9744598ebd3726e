/* Models with other attention implementations: up to transformers 4.47, and in some models later, it chooses classes. */
#include "cli/commands.h"
#include "rules/support/leaf_set.h"

/* Those that a release of transformers has ever had a name for; a model that does not know one raises. */
static const char *const implementations[OTHER_ATTENTIONS] = {"eager", "sdpa", "flash_attention_2", "flash_attention_3",
                                                              "flex_attention"};

static bool has_class(const struct model *model, struct text name)
{
    for (size_t i = 0; i < model->class_count; i++)
        if (leaf_class_matches(&model->classes[i], name) && !model->classes[i].stands_in)
            return true;
    return false;
}

const struct model *other_attentions_ask(void *context, const struct model *model, struct text class_name, struct text *attn)
{
    struct other_attentions *others = context;
    const struct loaded *loaded = others->loaded;
    /* What no file defines is no class of any form of the model; most entries are such. */
    if ((others->of && others->of != model) || !loader_defines_class(loaded->loader, class_name))
        return NULL;
    others->of = model;
    for (size_t i = 0; i < OTHER_ATTENTIONS; i++) {
        struct model *other = &others->models[i];
        if (!other->architecture.bytes)
            loader_build_with_attention(loaded->loader, models_target(loaded, model), text_from(implementations[i]), other);
        if (other->status == MODEL_RAISES || !has_class(other, class_name))
            continue;
        *attn = text_from(implementations[i]);
        return other;
    }
    return NULL;
}

void other_attentions_free(struct other_attentions *others)
{
    for (size_t i = 0; i < OTHER_ATTENTIONS; i++)
        model_free(&others->models[i]);
}
