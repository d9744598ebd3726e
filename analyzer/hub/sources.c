#include "hub/sources.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "source/source.h"

bool path_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool path_is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool path_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

static bool has(struct arena *arena, struct text folder, const char *relative, bool (*question)(const char *))
{
    return question(text_format(arena, "%.*s/%s", TEXT_ARGS(folder), relative).bytes);
}

static struct text without_slashes(struct text path)
{
    while (path.length > 1 && path.bytes[path.length - 1] == '/')
        path.length--;
    return path;
}

static bool is_package(struct arena *arena, struct text folder)
{
    return has(arena, folder, "__init__.py", path_is_file) && has(arena, folder, "models", path_is_folder) &&
           has(arena, folder, "configuration_utils.py", path_is_file);
}

static bool has_python_file(struct text folder)
{
    DIR *directory = opendir(folder.bytes);
    bool found = false;
    for (struct dirent *entry; directory && !found && (entry = readdir(directory));)
        found = text_ends(text_from(entry->d_name), TEXT(".py"));
    if (directory)
        closedir(directory);
    return found;
}

/* `__version__ = "5.23.0"` of the package's __init__.py. */
static struct text read_version(struct arena *arena, struct text package)
{
    struct source source;
    struct text version = {0};
    if (source_read(&source, text_format(arena, "%.*s/__init__.py", TEXT_ARGS(package)).bytes, TEXT("__init__.py"), LIMIT_SOURCE_BYTES) != SOURCE_OK)
        return version;
    static const struct text mark = {"\n__version__ = \"", 16};
    for (size_t at = 0; at + mark.length < source.bytes.length && !version.length; at++) {
        struct text rest = {source.bytes.bytes + at, source.bytes.length - at};
        if (source.bytes.bytes[at] != '\n' || !text_starts(rest, mark))
            continue;
        size_t end = at + mark.length;
        while (end < source.bytes.length && source.bytes.bytes[end] != '"' && source.bytes.bytes[end] != '\n')
            end++;
        version = text_copy(arena, (struct text){source.bytes.bytes + at + mark.length, end - at - mark.length});
    }
    source_free(&source);
    return version;
}

static struct text parent_of(struct arena *arena, struct text folder)
{
    char resolved[PATH_MAX];
    if (!realpath(folder.bytes, resolved))
        return (struct text){0};
    struct text path = text_from(resolved);
    while (path.length && path.bytes[path.length - 1] != '/')
        path.length--;
    return text_copy(arena, path.length > 1 ? (struct text){path.bytes, path.length - 1} : path);
}

static void use_package(struct sources *sources, struct arena *arena, struct text package, struct text given, bool is_parent)
{
    sources->package = package;
    sources->given = given;
    sources->shown_prefix = is_parent ? TEXT("transformers/") : TEXT("");
    sources->site = is_parent ? given : parent_of(arena, package);
    sources->real_site = sources->site.length && (has(arena, sources->site, "torch", path_is_folder));
    sources->version = read_version(arena, package);
}

void sources_add_custom(struct sources *sources, struct text folder, struct arena *arena)
{
    folder = without_slashes(folder);
    for (size_t i = 0; i < sources->custom_count; i++)
        if (text_equal(sources->custom[i], folder))
            return;
    if (sources->custom_count < SOURCES_CUSTOM_ROOM)
        sources->custom[sources->custom_count++] = text_copy(arena, folder);
}

/* The installed transformers. */

/* PREFIX/lib/python3.X/site-packages, or the same with dist-packages. */
static bool try_prefix(struct sources *sources, struct arena *arena, struct text prefix)
{
    struct text lib = text_format(arena, "%.*s/lib", TEXT_ARGS(prefix));
    DIR *directory = opendir(lib.bytes);
    bool found = false;
    for (struct dirent *entry; directory && !found && (entry = readdir(directory));) {
        static const char *const kinds[] = {"site-packages", "dist-packages"};
        if (!text_starts(text_from(entry->d_name), TEXT("python3")))
            continue;
        for (size_t i = 0; i < 2 && !found; i++) {
            struct text site = text_format(arena, "%s/%s/%s", lib.bytes, entry->d_name, kinds[i]);
            struct text package = text_format(arena, "%s/transformers", site.bytes);
            found = is_package(arena, package);
            if (found)
                use_package(sources, arena, package, site, true);
        }
    }
    if (directory)
        closedir(directory);
    return found;
}

/* The folder above bin/ of the python3 that PATH would run. */
static bool try_path(struct sources *sources, struct arena *arena)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        struct text rest = text_from(path), entry = rest;
        for (entry.length = 0; entry.length < rest.length && rest.bytes[entry.length] != ':';)
            entry.length++;
        path = entry.length < rest.length ? path + entry.length + 1 : NULL;
        struct text python = text_format(arena, "%.*s/python3", TEXT_ARGS(entry));
        if (!entry.length || access(python.bytes, X_OK) != 0)
            continue;
        /* A virtual environment's own folder comes before the folder that its python3 links to. */
        struct text bin = text_copy(arena, entry);
        if (try_prefix(sources, arena, text_format(arena, "%s/..", bin.bytes)))
            return true;
        char resolved[PATH_MAX];
        if (realpath(python.bytes, resolved)) {
            struct text above = parent_of(arena, parent_of(arena, text_from(resolved)));
            if (try_prefix(sources, arena, above))
                return true;
        }
        return false;
    }
    return false;
}

static bool find_installed(struct sources *sources, struct arena *arena)
{
    const char *environment = getenv("VIRTUAL_ENV");
    return (environment && *environment && try_prefix(sources, arena, text_from(environment))) || try_path(sources, arena);
}

bool sources_find(struct sources *sources, const char *const *folders, size_t count, struct arena *arena, struct text *message)
{
    *sources = (struct sources){0};
    for (size_t i = 0; i < count; i++) {
        struct text folder = text_copy(arena, without_slashes(text_from(folders[i])));
        struct text inner = text_format(arena, "%s/transformers", folder.bytes);
        if (!path_is_folder(folder.bytes)) {
            *message = text_format(arena, "--sources %s: %s", folders[i], path_is_file(folder.bytes) ? "is not a folder" : "no such folder");
            return false;
        }
        if (!sources->package.length && is_package(arena, folder))
            use_package(sources, arena, folder, folder, false);
        else if (!sources->package.length && is_package(arena, inner))
            use_package(sources, arena, inner, folder, true);
        else if (has_python_file(folder))
            sources_add_custom(sources, folder, arena);
        else {
            *message = text_format(arena, "--sources %s: holds neither a transformers package nor Python files", folders[i]);
            return false;
        }
    }
    if (sources->package.length || find_installed(sources, arena))
        return true;
    *message = count ? text_format(arena, "--sources %s: no transformers package there, and none is installed", folders[0])
                     : TEXT("no transformers found: give its folder with --sources, or activate the environment that has it");
    return false;
}
