#include "hub/definitions.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "source/source.h"

static void list_add(struct text_list *list, struct text text)
{
    list->items = array_grow(list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = text;
}

static int by_text(const void *a, const void *b)
{
    const struct text *left = a, *right = b;
    size_t length = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->bytes, right->bytes, length);
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

/* Names in a folder, sorted; hidden ones left out. */
static void list_folder(struct arena *arena, struct text path, struct text_list *names)
{
    DIR *directory = opendir(path.bytes);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (entry->d_name[0] != '.' && entry->d_name[0] != '_')
            list_add(names, text_copy(arena, text_from(entry->d_name)));
    if (directory)
        closedir(directory);
    if (names->count)
        qsort(names->items, names->count, sizeof *names->items, by_text);
}

static bool word_byte(unsigned char c)
{
    return isalnum(c) || c == '_' || c >= 0x80;
}

/* Does a line of the file start with `class NAME` (or, when wanted, `def NAME` or `NAME =`)? */
static bool defines(struct text bytes, struct text name, bool classes_only)
{
    static const struct text starts[] = {{"class ", 6}, {"def ", 4}, {"", 0}};
    const char *at = bytes.bytes;
    const char *end = bytes.bytes + bytes.length;
    while (at < end && (at = memmem(at, (size_t)(end - at), name.bytes, name.length))) {
        const char *after = at + name.length;
        const char *line = at;
        while (line > bytes.bytes && line[-1] != '\n')
            line--;
        struct text before = {line, (size_t)(at - line)};
        for (size_t i = 0; i < (classes_only ? 1 : 3); i++) {
            if (!text_equal(before, starts[i]) || (after < end && word_byte((unsigned char)*after)))
                continue;
            struct text rest = {after, (size_t)(end - after)};
            if (i < 2 || text_starts(rest, TEXT(" =")) || text_starts(rest, TEXT(": ")))
                return true;
        }
        at = after;
    }
    return false;
}

static bool file_defines(struct arena *arena, struct text path, struct text name, bool classes_only)
{
    struct source source;
    struct arena_mark mark = arena_mark(arena);
    bool found = false;
    if (source_read(&source, text_format(arena, "%.*s", TEXT_ARGS(path)).bytes, path, LIMIT_SOURCE_BYTES) == SOURCE_OK) {
        found = defines(source.bytes, name, classes_only);
        source_free(&source);
    }
    arena_reset(arena, mark);
    return found;
}

static bool is_modeling(struct text file)
{
    return text_starts(file, TEXT("modeling_")) && text_ends(file, TEXT(".py")) && !text_starts(file, TEXT("modeling_tf_")) &&
           !text_starts(file, TEXT("modeling_flax_"));
}

/* Files of models/FOLDER that may define the name; `prefix` is "" or "deprecated/". */
static bool search_folder(const struct sources *sources, struct text folder, struct text name, bool models_only, struct arena *arena,
                          struct text *dotted)
{
    struct text_list files = {0};
    struct text path = text_format(arena, "%.*s/models/%.*s", TEXT_ARGS(sources->package), TEXT_ARGS(folder));
    list_folder(arena, path, &files);
    bool found = false;
    for (size_t i = 0; i < files.count && !found; i++) {
        struct text file = files.items[i];
        bool wanted = models_only ? is_modeling(file) : text_ends(file, TEXT(".py")) && !text_starts(file, TEXT("modular_"));
        if (!wanted || !file_defines(arena, text_format(arena, "%s/%.*s", path.bytes, TEXT_ARGS(file)), name, models_only))
            continue;
        found = true;
        struct text module = text_format(arena, "transformers.models.%.*s.%.*s", TEXT_ARGS(folder), (int)file.length - 3, file.bytes);
        for (size_t k = 0; k < module.length; k++)
            if (module.bytes[k] == '/')
                ((char *)(uintptr_t)module.bytes)[k] = '.';
        *dotted = module;
    }
    free(files.items);
    return found;
}

/* Folders below models, "deprecated/x" included, sorted. */
static void model_folders(const struct sources *sources, struct arena *arena, struct text_list *folders)
{
    struct text models = text_format(arena, "%.*s/models", TEXT_ARGS(sources->package));
    struct text_list names = {0};
    list_folder(arena, models, &names);
    for (size_t i = 0; i < names.count; i++) {
        if (!text_equal(names.items[i], TEXT("deprecated"))) {
            if (!text_ends(names.items[i], TEXT(".py")))
                list_add(folders, names.items[i]);
            continue;
        }
        struct text_list old = {0};
        list_folder(arena, text_format(arena, "%s/deprecated", models.bytes), &old);
        for (size_t k = 0; k < old.count; k++)
            list_add(folders, text_format(arena, "deprecated/%.*s", TEXT_ARGS(old.items[k])));
        free(old.items);
    }
    free(names.items);
}

/* How many letters of the folder's name, without underscores, the definition's name starts with in lower case. */
static size_t fitting(struct text folder, struct text name)
{
    const char *slash = memchr(folder.bytes, '/', folder.length);
    size_t at = 0;
    for (size_t i = slash ? (size_t)(slash - folder.bytes) + 1 : 0; i < folder.length; i++) {
        if (folder.bytes[i] == '_')
            continue;
        if (at >= name.length || tolower((unsigned char)name.bytes[at]) != folder.bytes[i])
            return 0;
        at++;
    }
    return at;
}

/* Folders whose name fits best come first; then all others. */
static bool search_models(const struct sources *sources, struct text name, bool models_only, struct arena *arena, struct text *dotted)
{
    struct text_list folders = {0};
    model_folders(sources, arena, &folders);
    bool found = false;
    for (size_t length = name.length; length > 0 && !found; length--)
        for (size_t i = 0; i < folders.count && !found; i++)
            if (fitting(folders.items[i], name) == length)
                found = search_folder(sources, folders.items[i], name, models_only, arena, dotted);
    for (size_t i = 0; i < folders.count && !found; i++)
        if (fitting(folders.items[i], name) == 0)
            found = search_folder(sources, folders.items[i], name, models_only, arena, dotted);
    free(folders.items);
    return found;
}

/* The model type before the architecture in a line `("mixtral", "MixtralForCausalLM"),` of the auto tables. */
static bool search_auto(const struct sources *sources, struct text name, struct arena *arena, struct text *dotted)
{
    struct source source;
    struct text path = text_format(arena, "%.*s/models/auto/modeling_auto.py", TEXT_ARGS(sources->package));
    if (source_read(&source, path.bytes, path, LIMIT_SOURCE_BYTES) != SOURCE_OK)
        return false;
    struct text quoted = text_format(arena, "\"%.*s\"", TEXT_ARGS(name));
    const char *at = memmem(source.bytes.bytes, source.bytes.length, quoted.bytes, quoted.length);
    bool found = false;
    if (at) {
        const char *line = at;
        while (line > source.bytes.bytes && line[-1] != '\n')
            line--;
        const char *start = memchr(line, '"', (size_t)(at - line));
        const char *end = start ? memchr(start + 1, '"', (size_t)(at - start - 1)) : NULL;
        if (end) {
            struct text folder = text_copy(arena, (struct text){start + 1, (size_t)(end - start - 1)});
            for (size_t i = 0; i < folder.length; i++)
                if (folder.bytes[i] == '-' || folder.bytes[i] == '/')
                    ((char *)(uintptr_t)folder.bytes)[i] = '_';
            found = search_folder(sources, folder, name, true, arena, dotted);
        }
    }
    source_free(&source);
    return found;
}

bool definition_find_model(const struct sources *sources, struct text name, struct arena *arena, struct text *dotted)
{
    if (!name.length || name.length > 200)
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (!word_byte((unsigned char)name.bytes[i]))
            return false;
    return search_auto(sources, name, arena, dotted) || search_models(sources, name, true, arena, dotted);
}

bool definition_find_custom(const struct sources *sources, struct text name, struct arena *arena, struct text *dotted)
{
    bool found = false;
    for (size_t i = 0; i < sources->custom_count && !found; i++) {
        struct text_list files = {0};
        list_folder(arena, sources->custom[i], &files);
        for (size_t k = 0; k < files.count && !found; k++) {
            struct text file = files.items[k];
            found = text_ends(file, TEXT(".py")) &&
                    file_defines(arena, text_format(arena, "%.*s/%.*s", TEXT_ARGS(sources->custom[i]), TEXT_ARGS(file)), name, true);
            if (found)
                *dotted = (struct text){file.bytes, file.length - 3};
        }
        free(files.items);
    }
    return found;
}

bool definition_find_any(const struct sources *sources, struct text name, struct arena *arena, struct text *dotted)
{
    struct text_list files = {0};
    if (text_starts(name, TEXT("Auto")) && search_folder(sources, TEXT("auto"), name, false, arena, dotted))
        return true;
    list_folder(arena, sources->package, &files);
    bool found = false;
    for (size_t i = 0; i < files.count && !found; i++) {
        struct text file = files.items[i];
        if (!text_ends(file, TEXT(".py")) || !file_defines(arena, text_format(arena, "%.*s/%.*s", TEXT_ARGS(sources->package), TEXT_ARGS(file)), name, false))
            continue;
        found = true;
        *dotted = text_format(arena, "transformers.%.*s", (int)file.length - 3, file.bytes);
    }
    free(files.items);
    return found || search_models(sources, name, false, arena, dotted);
}

void modeling_modules(const struct sources *sources, struct text folder, struct arena *arena, struct text_list *modules)
{
    struct text_list folders = {0};
    if (folder.length)
        list_add(&folders, folder);
    else
        model_folders(sources, arena, &folders);
    for (size_t i = 0; i < folders.count; i++) {
        struct text_list files = {0};
        list_folder(arena, text_format(arena, "%.*s/models/%.*s", TEXT_ARGS(sources->package), TEXT_ARGS(folders.items[i])), &files);
        for (size_t k = 0; k < files.count; k++) {
            if (!is_modeling(files.items[k]))
                continue;
            struct text module = text_format(arena, "transformers.models.%.*s.%.*s", TEXT_ARGS(folders.items[i]),
                                             (int)files.items[k].length - 3, files.items[k].bytes);
            for (size_t c = 0; c < module.length; c++)
                if (module.bytes[c] == '/')
                    ((char *)(uintptr_t)module.bytes)[c] = '.';
            list_add(modules, module);
        }
        free(files.items);
    }
    free(folders.items);
}

void auto_words(const struct sources *sources, struct arena *arena, struct text_list *words)
{
    struct source source;
    struct text path = text_format(arena, "%.*s/models/auto/modeling_auto.py", TEXT_ARGS(sources->package));
    if (source_read(&source, path.bytes, path, LIMIT_SOURCE_BYTES) != SOURCE_OK)
        return;
    for (size_t at = 0; at < source.bytes.length; at++) {
        if (source.bytes.bytes[at] != '"')
            continue;
        size_t end = at + 1;
        while (end < source.bytes.length && (word_byte((unsigned char)source.bytes.bytes[end]) || source.bytes.bytes[end] == '-'))
            end++;
        if (end > at + 1 && end < source.bytes.length && source.bytes.bytes[end] == '"')
            list_add(words, text_copy(arena, (struct text){source.bytes.bytes + at + 1, end - at - 1}));
        at = end;
    }
    source_free(&source);
}
