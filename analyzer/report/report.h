/*
 * Prints findings.
 *
 * One format, one file, the same four hooks: before the first finding, for each finding, for findings that were too
 * many to keep, and after the last.  A report goes to one stream and knows nothing of rules or models but their words.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdio.h>

#include "diag/diag.h"

/* A model that the files were judged against. */
struct report_model {
    struct text architecture;
    const char *status; /* "exact", "partial", "raises" */
    struct text sources;
};

struct report {
    FILE *out;
    bool colour;
    const struct report_model *models;
    size_t model_count;
    size_t written; /* findings so far */
    void *state;    /* the format's own, between begin and end */
};

struct report_format {
    const char *name; /* as in --output-format */
    void (*begin)(struct report *report);
    void (*finding)(struct report *report, struct source *source, const struct finding *finding);
    void (*dropped)(struct report *report, struct source *source, size_t count);
    void (*end)(struct report *report);
};

extern const struct report_format report_text, report_json, report_sarif, report_github;

/* All findings of one file, in their order. */
void report_findings(struct report *report, const struct report_format *format, struct source *source,
                     const struct findings *findings);
const char *severity_name(enum severity severity);

/* Text made safe for a terminal: control, bidi and other characters that cannot be seen as <U+202E>, malformed bytes as
 * <0xFF>. */
void print_visibly(FILE *out, struct text text);

#endif
