#include "files.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void stop(const char *format, ...)
{
    va_list arguments;
    fputs("leaflint build: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

char *file_read(const char *path, size_t *length)
{
    FILE *input = fopen(path, "rb");
    if (!input)
        stop("%s: %s", path, strerror(errno));
    size_t capacity = 1 << 16, used = 0;
    char *bytes = malloc(capacity);
    while (bytes) {
        used += fread(bytes + used, 1, capacity - used - 1, input);
        if (used < capacity - 1)
            break;
        char *larger = realloc(bytes, capacity *= 2);
        if (!larger)
            free(bytes);
        bytes = larger;
    }
    if (!bytes)
        stop("%s: no memory", path);
    if (ferror(input))
        stop("%s: %s", path, strerror(errno));
    fclose(input);
    bytes[used] = '\0';
    *length = used;
    return bytes;
}

void list_visit(const char *path, void (*visit)(const char *line, void *data), void *data)
{
    size_t length;
    char *list = file_read(path, &length);
    for (char *line = list, *next; *line; line = next) {
        size_t width = strcspn(line, "\n");
        next = line + width + (line[width] == '\n');
        line[width] = '\0';
        if (width)
            visit(line, data);
    }
    free(list);
}

void literal_write(FILE *output, const char *bytes, size_t length, const char *indent)
{
    if (!length)
        fprintf(output, "%s\"\"", indent);
    for (size_t at = 0; at < length; at++) {
        unsigned char byte = (unsigned char)bytes[at];
        if (at == 0 || bytes[at - 1] == '\n')
            fprintf(output, "%s%s\"", at ? "\n" : "", indent);
        if (byte == '\n')
            fputs("\\n", output);
        else if (byte == '"' || byte == '\\' || byte == '?')
            fprintf(output, "\\%c", byte);
        else if (byte < 0x20 || byte >= 0x7f)
            fprintf(output, "\\%03o", byte);
        else
            fputc(byte, output);
        if (byte == '\n' || at + 1 == length)
            fputc('"', output);
    }
}

FILE *output_open(const char *path)
{
    FILE *output = fopen(path, "wb");
    if (!output)
        stop("%s: %s", path, strerror(errno));
    return output;
}

void output_close(FILE *output, const char *path)
{
    int failed = ferror(output);
    if (fclose(output) || failed)
        stop("%s: could not write all of it", path);
}
