/*
 * rule_registry LIST OUTPUT         rules/registry.h's data as C source
 * rule_registry --docs LIST OUTPUT  the page about all rules, in Markdown
 *
 * LIST names the files of rules/, one a line.  A file that holds a rule begins with its explanation,
 *
 *     / * RULE unknown-class
 *      *
 *      * Finds ...                    (lines of Markdown, told to people by `leaflint explain`)
 *      * /
 *
 * (without the spaces inside the comment marks), is named after it (unknown_class.c), and defines it once, with the
 * fields below written out as literals:
 *
 *     const struct rule rule_unknown_class = {
 *         .name = "unknown-class",
 *         .severity = SEVERITY_ERROR,
 *         .since = "0.1.0",
 *         .summary = "...",
 *         ...
 *     };
 *
 * A file with neither is a helper of rules and is passed over; with one of the two, the build stops.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

struct rule_text {
    char *name;
    char *identifier;
    char *explanation; /* ends with one newline */
    char *severity;    /* "error" */
    char *since;
    char *summary;
};

struct registry {
    struct rule_text *rules;
    size_t count, capacity;
};

static const char doc_start[] = "/* RULE ";
static const char descriptor_start[] = "\nconst struct rule ";

static char *copy(const char *bytes, size_t length)
{
    char *string = malloc(length + 1);
    if (!string)
        stop("no memory");
    memcpy(string, bytes, length);
    string[length] = '\0';
    return string;
}

/* The comment's text after its first line: without the comment's own marks, blank lines at its ends and trailing
 * spaces. */
static char *explanation_of(const char *path, const char *comment)
{
    const char *end = strstr(comment, "*/");
    if (!end)
        stop("%s: the comment that begins with RULE has no end", path);
    const char *line = comment + strcspn(comment, "\n");
    char *text = malloc((size_t)(end - comment) + 2);
    if (!text)
        stop("no memory");
    size_t length = 0;
    while (line < end) {
        line++;
        const char *stop_at = line + strcspn(line, "\n");
        if (stop_at > end)
            stop_at = end;
        const char *from = line + strspn(line, " ");
        if (from < stop_at && *from == '*')
            from++;
        if (from < stop_at && *from == ' ')
            from++;
        line = stop_at;
        while (stop_at > from && stop_at[-1] == ' ')
            stop_at--;
        if (from < stop_at) {
            memcpy(text + length, from, (size_t)(stop_at - from));
            length += (size_t)(stop_at - from);
        }
        if (length)
            text[length++] = '\n';
    }
    while (length && text[length - 1] == '\n')
        length--;
    if (!length)
        stop("%s: the rule has no explanation", path);
    text[length] = '\n';
    text[length + 1] = '\0';
    return text;
}

/* The value of `field = "..."` (literals in a row are one) in the descriptor, as it reads when compiled. */
static char *literal_of(const char *path, const char *descriptor, const char *field)
{
    const char *at = strstr(descriptor, field);
    if (!at)
        stop("%s: the rule's descriptor has no %s\"...\"", path, field);
    at += strlen(field);
    char *value = malloc(strlen(at) + 1);
    if (!value)
        stop("no memory");
    size_t length = 0;
    while (*(at += strspn(at, " \n")) == '"') {
        for (at++; *at && *at != '"'; at++) {
            if (*at == '\\')
                at++;
            if (*at)
                value[length++] = *at;
        }
        if (*at)
            at++;
    }
    value[length] = '\0';
    if (!length)
        stop("%s: the rule's %sis not a literal", path, field);
    return value;
}

static char *severity_of(const char *path, const char *descriptor)
{
    static const char *const severities[][2] = {
        {".severity = SEVERITY_NOTE", "note"},
        {".severity = SEVERITY_WARNING", "warning"},
        {".severity = SEVERITY_ERROR", "error"},
    };
    for (size_t index = 0; index < sizeof severities / sizeof *severities; index++)
        if (strstr(descriptor, severities[index][0]))
            return copy(severities[index][1], strlen(severities[index][1]));
    stop("%s: the rule's descriptor has no .severity = SEVERITY_...", path);
}

/* unknown_class.c must hold unknown-class. */
static bool file_is_named_after(const char *path, const char *name)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    size_t length = strlen(name);
    if (strlen(base) != length + 2 || strcmp(base + length, ".c") != 0)
        return false;
    for (size_t index = 0; index < length; index++)
        if (base[index] != (name[index] == '-' ? '_' : name[index]))
            return false;
    return true;
}

static void read_rule(const char *path, void *data)
{
    struct registry *registry = data;
    size_t length;
    char *bytes = file_read(path, &length);
    bool documented = strncmp(bytes, doc_start, sizeof doc_start - 1) == 0;
    char *descriptor = strstr(bytes, descriptor_start);
    if (!documented && !descriptor) {
        free(bytes);
        return;
    }
    if (!documented)
        stop("%s: a rule's file begins with \"%sNAME\" and the rule's explanation", path, doc_start);
    if (!descriptor)
        stop("%s: no \"const struct rule rule_... = {\" at the start of a line", path);
    char *descriptor_end = strstr(descriptor, "\n};");
    if (!descriptor_end)
        stop("%s: the rule's descriptor does not end with a line \"};\"", path);
    *descriptor_end = '\0';
    if (strstr(descriptor_end + 1, descriptor_start))
        stop("%s: a file holds one rule", path);

    if (registry->count == registry->capacity) {
        registry->capacity = registry->capacity ? registry->capacity * 2 : 32;
        registry->rules = realloc(registry->rules, registry->capacity * sizeof *registry->rules);
        if (!registry->rules)
            stop("no memory");
    }
    struct rule_text *rule = &registry->rules[registry->count++];
    const char *name = bytes + sizeof doc_start - 1;
    rule->name = copy(name, strcspn(name, " \n"));
    const char *identifier = descriptor + sizeof descriptor_start - 1;
    rule->identifier = copy(identifier, strcspn(identifier, " "));
    rule->explanation = explanation_of(path, bytes);
    rule->severity = severity_of(path, descriptor);
    rule->since = literal_of(path, descriptor, ".since = ");
    rule->summary = literal_of(path, descriptor, ".summary = ");
    char *descriptor_name = literal_of(path, descriptor, ".name = ");
    if (strcmp(rule->name, descriptor_name) != 0)
        stop("%s: explains `%s` but defines `%s`", path, rule->name, descriptor_name);
    if (!file_is_named_after(path, rule->name))
        stop("%s: holds `%s`, so it must be named after it", path, rule->name);
    free(descriptor_name);
    free(bytes);
}

static int compare_rules(const void *a, const void *b)
{
    return strcmp(((const struct rule_text *)a)->name, ((const struct rule_text *)b)->name);
}

static void write_registry(const struct registry *registry, FILE *output)
{
    fputs("/* Made by tools/rule_registry.c. */\n#include \"rules/registry.h\"\n\n", output);
    for (size_t index = 0; index < registry->count; index++)
        fprintf(output, "extern const struct rule %s;\n", registry->rules[index].identifier);
    fputs("\nconst struct rule *const all_rules[] = {\n", output);
    for (size_t index = 0; index < registry->count; index++)
        fprintf(output, "    &%s,\n", registry->rules[index].identifier);
    fputs("    NULL,\n};\n\nconst char *const rule_explanations[] = {\n", output);
    for (size_t index = 0; index < registry->count; index++) {
        const char *explanation = registry->rules[index].explanation;
        literal_write(output, explanation, strlen(explanation), "    ");
        fputs(",\n", output);
    }
    fprintf(output, "    NULL,\n};\n\nconst size_t all_rule_count = %zu;\n", registry->count);
}

static void write_docs(const struct registry *registry, FILE *output)
{
    fputs("<!-- Made from the files of rules/ by tools/rule_registry.c: `cmake --build build/dev --target docs`. -->\n"
          "# Rules\n\n"
          "An error will fail or train wrongly, a warning is very likely not meant, a note is worth knowing.\n"
          "`leaflint explain RULE` says offline what stands here.\n\n"
          "| rule | severity | finds |\n|---|---|---|\n",
          output);
    for (size_t index = 0; index < registry->count; index++) {
        const struct rule_text *rule = &registry->rules[index];
        fprintf(output, "| [%s](#%s) | %s | %s |\n", rule->name, rule->name, rule->severity, rule->summary);
    }
    for (size_t index = 0; index < registry->count; index++) {
        const struct rule_text *rule = &registry->rules[index];
        fprintf(output, "\n## %s\n\n*%s, since %s*\n\n%s", rule->name, rule->severity, rule->since, rule->explanation);
    }
}

int main(int count, char **arguments)
{
    bool docs = count == 4 && strcmp(arguments[1], "--docs") == 0;
    if (!docs && count != 3)
        stop("usage: rule_registry [--docs] LIST OUTPUT");
    struct registry registry = {0};
    list_visit(arguments[count - 2], read_rule, &registry);
    if (registry.count)
        qsort(registry.rules, registry.count, sizeof *registry.rules, compare_rules);
    FILE *output = output_open(arguments[count - 1]);
    if (docs)
        write_docs(&registry, output);
    else
        write_registry(&registry, output);
    output_close(output, arguments[count - 1]);
    for (size_t index = 0; index < registry.count; index++) {
        struct rule_text *rule = &registry.rules[index];
        char *owned[] = {rule->name, rule->identifier, rule->explanation, rule->severity, rule->since, rule->summary};
        for (size_t which = 0; which < sizeof owned / sizeof *owned; which++)
            free(owned[which]);
    }
    free(registry.rules);
    return 0;
}
