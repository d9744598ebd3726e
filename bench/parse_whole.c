/*
 * Parses the Python files given, whole, with tree-sitter, and does nothing with the trees: what reading all of them
 * would cost at least.  bench/side_by_side.py compiles and runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

static char *read_whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    long size = ftell(file);
    char *bytes = size < 0 ? NULL : malloc((size_t)size + 1);
    rewind(file);
    *length = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    return bytes;
}

int main(int count, char **paths)
{
    TSParser *parser = ts_parser_new();
    size_t total = 0;
    if (!parser || !ts_parser_set_language(parser, tree_sitter_python()))
        return 2;
    for (int i = 1; i < count; i++) {
        size_t length;
        char *bytes = read_whole(paths[i], &length);
        if (!bytes) {
            fprintf(stderr, "%s: cannot be read\n", paths[i]);
            return 2;
        }
        TSTree *tree = ts_parser_parse_string(parser, NULL, bytes, (uint32_t)length);
        if (!tree)
            return 2;
        ts_tree_delete(tree);
        free(bytes);
        total += length;
    }
    ts_parser_delete(parser);
    printf("%zu bytes in %d files\n", total, count - 1);
    return 0;
}
