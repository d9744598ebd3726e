/*
 * A finding is data: what is wrong, where, and what to write instead.  Reporters print it; rules make it.
 *
 * Findings and everything they point to live in the arena of the list.
 */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/suggest.h" /* suggest_nearest, for those who fill in suggestions */
#include "base/text.h"
#include "source/source.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* A second place that explains the finding: usually a line of the model's source. */
struct related {
    struct text path; /* relative to its sources folder, or the config's path */
    struct place start;
    struct text message;
};

/* A part of the linted file and what to write in its place; an empty span: what to write before it. */
struct edit {
    struct span span;
    struct text text;
};

struct finding {
    struct text rule; /* "unknown-class" */
    enum severity severity;
    struct text message; /* one sentence, no full stop, entries in `backquotes`, control bytes as they are */
    struct span span;    /* in the linted file */
    struct text key;     /* dotted path, "" when none */
    struct text value;   /* the decoded entry, "" when none */
    struct text model;   /* architecture judged against, "" when none */
    struct text suggestions[LIMIT_SUGGESTIONS];
    size_t suggestion_count;
    struct text help; /* what to write instead, more than a replacement (JSON to add); "" when none; may have lines */
    struct related related[LIMIT_RELATED];
    size_t related_count;
    struct edit edits[2]; /* they mend what the finding says, and change nothing else; none when that takes a person */
    size_t edit_count;
};

struct findings {
    struct arena *arena; /* not owned */
    struct finding *items;
    size_t count, capacity;
    size_t dropped;                         /* over LIMIT_FINDINGS: the least severe go first */
    size_t by_severity[SEVERITY_ERROR + 1]; /* of those in items */
};

/* Adds a zeroed finding with these; the caller fills in the rest.  Never NULL (over the limit: a scratch finding). */
struct finding *findings_add(struct findings *findings, const char *rule, enum severity severity, struct span span);
void finding_suggest(struct finding *finding, struct text text); /* beyond LIMIT_SUGGESTIONS and repeats: ignored */
void finding_relate(struct finding *finding, struct text path, struct place start, struct text message);
/* Stable order for people: by start byte, then end, then rule name. */
void findings_sort(struct findings *findings);
void findings_free(struct findings *findings); /* the item array only; texts belong to the arena */

#endif
