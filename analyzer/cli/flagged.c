/* Which modules of a model the files of a check make leaves: what training does with others need not be known. */
#include "cli/commands.h"
#include "config/config.h"
#include "rules/support/leaf_set.h"

static void flag_by_file(const char *path, const struct model *model, bool *wanted)
{
    struct source source;
    if (source_read(&source, path, text_from(path), LIMIT_CONFIG_BYTES) != SOURCE_OK)
        return;
    struct arena arena = {0};
    struct configs configs;
    config_read(&configs, &source, &arena);
    for (size_t i = 0; i < configs.count; i++) {
        struct leaf_set leaves = {0};
        leaf_set_apply(&leaves, &configs.items[i], model, &arena);
        /* And of those above them, where calls come from, and where a leaf might go instead. */
        for (size_t module = model->module_count; module-- > 0;)
            if (wanted[module] || leaves.states[module] != LEAF_NO) {
                wanted[module] = true;
                if (model->modules[module].parent != MODULE_NONE)
                    wanted[model->modules[module].parent] = true;
            }
    }
    source_free(&source);
    arena_free(&arena);
}

static void ask(void *context, const struct model *model, bool *wanted)
{
    const struct options *options = context;
    for (size_t i = 0; i < options->files.count; i++)
        flag_by_file(options->files.items[i], model, wanted);
}

struct asked_modules flagged_modules(const struct options *options)
{
    /* A file that is mended may make other leaves than it does now. */
    if (options->command != COMMAND_CHECK || options->fix || options->diff)
        return (struct asked_modules){0};
    return (struct asked_modules){ask, (void *)(uintptr_t)options};
}
