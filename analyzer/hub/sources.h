/*
 * Where the Python sources are: the folders given with --sources, or the installed transformers.
 *
 * A folder is one of three things: the transformers package itself, its parent (site-packages or the like), or a folder of
 * custom modeling files.  Finding the installed one never runs Python: it looks where VIRTUAL_ENV and the python3 on PATH
 * keep their packages.
 */
#ifndef HUB_SOURCES_H
#define HUB_SOURCES_H

#include "base/arena.h"
#include "base/text.h"

struct sources {
    struct text package;      /* the transformers package folder */
    struct text shown_prefix; /* before its relative paths: "" or "transformers/", as the folder was given */
    struct text given;        /* the folder as given or found, for people */
    struct text site;         /* folder beside which other packages may lie; "" when unknown */
    bool real_site;           /* `site` is a real site-packages: what is not there is not installed */
    struct text custom[8];    /* folders of custom modeling files */
    size_t custom_count;
    struct text version;      /* transformers' __version__, "" when it cannot be told */
};

#define SOURCES_CUSTOM_ROOM 8

/* False: *message says which folder is missing or not usable.  Everything lives in the arena. */
bool sources_find(struct sources *sources, const char *const *folders, size_t count, struct arena *arena, struct text *message);
/* Adds a folder of custom modeling files (beside a config.json); repeats are ignored. */
void sources_add_custom(struct sources *sources, struct text folder, struct arena *arena);

/* File system questions; a path of the system, NUL-terminated. */
bool path_is_folder(const char *path);
bool path_is_file(const char *path);
bool path_exists(const char *path); /* whatever it is */

#endif
