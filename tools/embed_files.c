/*
 * embed_files FOLDER/ LIST OUTPUT: the Python files that LIST names, one a line and all below FOLDER/, parsed and as the C
 * source of analyzer/torch/fact_files.h.
 */
#include <stdlib.h>
#include <string.h>

#include "fact_tables.h"
#include "files.h"

struct embedding {
    const char *folder;
    FILE *output;
    char *last; /* path before, to see that they come sorted */
    size_t count;
};

static void embed_tables(const char *path, void *data)
{
    struct embedding *embedding = data;
    size_t prefix = strlen(embedding->folder);
    if (strncmp(path, embedding->folder, prefix) != 0)
        stop("%s is not below %s", path, embedding->folder);
    if (embedding->last && strcmp(embedding->last, path) >= 0)
        stop("%s comes after %s in the list of facts", path, embedding->last);
    size_t length;
    char *bytes = file_read(path, &length);
    fact_tables_write(embedding->output, embedding->count, path, bytes, length);
    free(bytes);
    free(embedding->last);
    embedding->last = strdup(path);
    if (!embedding->last)
        stop("no memory");
    embedding->count++;
}

static void embed_name(const char *path, void *data)
{
    struct embedding *embedding = data;
    const char *name = path + strlen(embedding->folder);
    fputs("    {", embedding->output);
    literal_write(embedding->output, name, strlen(name), "");
    fprintf(embedding->output, ", &tables_%zu},\n", embedding->count++);
}

int main(int count, char **arguments)
{
    if (count != 4)
        stop("usage: embed_files FOLDER/ LIST OUTPUT");
    struct embedding embedding = {.folder = arguments[1], .output = output_open(arguments[3])};
    fputs("/* Made by tools/embed_files.c. */\n#include <math.h>\n\n#include \"torch/fact_files.h\"\n\n", embedding.output);
    list_visit(arguments[2], embed_tables, &embedding);
    embedding.count = 0;
    fputs("const struct fact_file fact_files[] = {\n", embedding.output);
    list_visit(arguments[2], embed_name, &embedding);
    fputs("    {0},\n};\n\n", embedding.output);
    fprintf(embedding.output, "const size_t fact_file_count = %zu;\n", embedding.count);
    output_close(embedding.output, arguments[3]);
    free(embedding.last);
    return 0;
}
