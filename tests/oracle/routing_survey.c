#define _DEFAULT_SOURCE /* DT_DIR */

/*
 * Prints the routing verdict of every module class with a forward of a transformers package folder, with a host that
 * only reads sources (tests/unit/static_host.h): a line per class, "VERDICT file Class place: words".
 *
 * Build it with the test preset's libraries and tests/unit/static_host.c; run it on <sources>/transformers.
 */
#include "static_host.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static const char *verdict_name(enum routing_verdict verdict)
{
    switch (verdict) {
    case ROUTING_NO: return "NO";
    case ROUTING_YES: return "YES";
    case ROUTING_CANNOT_TELL: return "CANNOT-TELL";
    }
    return "?";
}

static void survey_class(struct sources *sources, struct python_file *file, uint32_t piece)
{
    static struct static_class class;
    struct routing_method forward;
    if (!static_class_open(&class, sources, file, piece) || !static_class_is_module(&class))
        return;
    struct routing_host host = static_host(&class);
    if (!host.method(host.context, TEXT("forward"), 0, &forward))
        return;
    struct arena arena = {0};
    struct routing_result result;
    routing_analyse(&host, &arena, &result);
    struct text name = class.mro[0].name;
    printf("%s %.*s %.*s", verdict_name(result.verdict), TEXT_ARGS(file->source.path), TEXT_ARGS(name));
    if (result.verdict != ROUTING_NO) {
        if (result.call_file) {
            struct place place = source_place(&result.call_file->source, result.call_at);
            printf(" %.*s:%u", TEXT_ARGS(result.call_file->source.path), (unsigned)place.line);
        }
        if (result.reason_file)
            printf(" because of line %u", (unsigned)source_place(&result.reason_file->source, result.reason_at).line);
        printf(": %.*s", TEXT_ARGS(result.words));
    }
    putchar('\n');
    arena_free(&arena);
}

static void survey_file(struct sources *sources, const char *path)
{
    struct python_file *file = sources_file(sources, text_from(path));
    for (uint32_t i = 0; file && i < file->piece_count; i++)
        if (file->pieces[i].kind == PIECE_CLASS)
            survey_class(sources, file, i);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void survey_folder(struct sources *sources, const char *root, const char *folder)
{
    char path[2048];
    struct dirent **entries;
    snprintf(path, sizeof path, "%s/%s", root, folder);
    int count = scandir(path, &entries, NULL, by_name);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t length = strlen(name);
        snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", name);
        if (length > 3 && !strcmp(name + length - 3, ".py"))
            survey_file(sources, path);
        else if (name[0] != '.' && entries[i]->d_type == DT_DIR && strcmp(name, "__pycache__") != 0)
            survey_folder(sources, root, path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: routing_survey TRANSFORMERS_FOLDER [FILE [CLASS]]\n", stderr);
        return 2;
    }
    struct sources *sources = sources_open(argv[1]);
    if (argc == 2)
        survey_folder(sources, argv[1], "models");
    else
        survey_file(sources, argv[2]);
    sources_close(sources);
    return 0;
}
