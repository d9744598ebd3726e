/*
 * The facts about torch, as the binary carries them: every file below analyzer/torch/facts, parsed and embedded when
 * leaflint is built (tools/embed_files.c).  Static data that nobody frees.
 */
#ifndef TORCH_FACT_FILES_H
#define TORCH_FACT_FILES_H

#include <stddef.h>

#include "syntax/python_tables.h"

struct fact_file {
    const char *path;  /* below analyzer/torch/facts, with forward slashes: "torch/nn/modules/linear.py" */
    const struct python_tables *tables;
};

extern const struct fact_file fact_files[]; /* sorted by the bytes of `path` */
extern const size_t fact_file_count;

#endif
