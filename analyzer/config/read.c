/*
 * Which reader a file is for.
 */
#include "config/config.h"

static bool ends_with_any(struct text path, const char *const *endings)
{
    for (; *endings; endings++) {
        struct text ending = text_from(*endings);
        if (path.length > ending.length &&
            text_equal_ignoring_case(
                (struct text){path.bytes + path.length - ending.length, ending.length}, ending))
            return true;
    }
    return false;
}

void config_read(struct configs *configs, struct source *source, struct arena *arena)
{
    static const char *const yaml[] = {".yaml", ".yml", NULL}, *const python[] = {".py", NULL};
    if (ends_with_any(source->path, yaml)) {
        config_read_yaml(configs, source, arena);
        return;
    }
    if (ends_with_any(source->path, python)) {
        config_read_python(configs, source, arena);
        return;
    }
    *configs = (struct configs){.items = ARENA_NEW(arena, struct config), .count = 1};
    config_read_deepspeed(configs->items, source, arena);
}
