/*
 * A routing host that reads classes from source text alone, for tests: nothing is constructed, so what self holds is
 * guessed from the assignments in __init__, and no condition on the configuration is decided.
 *
 * The sources are a package folder (imports are followed inside it) or one file.
 */
#ifndef STATIC_HOST_H
#define STATIC_HOST_H

#include "model/routing.h"

struct sources;

struct class_place {
    struct python_file *file; /* NULL: not in the sources */
    uint32_t piece;
    struct text name; /* "ModuleList", without the package */
};

struct static_class {
    struct sources *sources;
    struct class_place mro[LIMIT_MRO];
    uint32_t mro_count;
};

struct sources *sources_open(const char *folder);
void sources_close(struct sources *sources);
/* A file by its path in the folder; NULL when it cannot be read.  Owned by the sources. */
struct python_file *sources_file(struct sources *sources, struct text path);
/* A file from text. */
struct python_file *sources_text(struct sources *sources, struct text path, struct text code);

/* The piece of the top-level class `name`, or UINT32_MAX. */
uint32_t static_find_class(const struct python_file *file, struct text name);
/* False when the class cannot be read. */
bool static_class_open(struct static_class *class, struct sources *sources, struct python_file *file, uint32_t piece);
bool static_class_is_module(const struct static_class *class);
/* The host's context is the class. */
struct routing_host static_host(struct static_class *class);

#endif
