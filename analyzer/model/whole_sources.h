/*
 * Whether Python would take the files that a model is imported from.
 *
 * The evaluator parses only the definitions that a model uses; Python parses whole files, and a syntax error anywhere in
 * one is an exception of the import, and so is a name that an import statement does not find.  So nothing is certain about
 * a model when one of its files is such.
 */
#ifndef MODEL_WHOLE_SOURCES_H
#define MODEL_WHOLE_SOURCES_H

#include "eval/eval.h"

enum whole_reach {
    WHOLE_OWN, /* the model's module, and what it imports that belongs to models or is custom code: cheap */
    WHOLE_ALL, /* and all that these import in turn, as far as import statements at the top level tell */
};

/* The first file that cannot be imported among those that importing `dotted` reads.  *unit (file and shown) and *reason are
 * filled, and point into what the importer owns; false when there is none. */
bool whole_sources_broken(const struct importer *importer, struct text dotted, enum whole_reach reach, struct unit *unit,
                          struct reason *reason);

#endif
