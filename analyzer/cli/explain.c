/* `explain` and `rules`: what the rules say of themselves. */
#include <string.h>

#include "cli/commands.h"
#include "report/json_writer.h"
#include "rules/registry.h"
#include "rules/rules.h"

size_t rule_find(const char *name, FILE *err)
{
    for (size_t i = 0; i < all_rule_count; i++)
        if (strcmp(all_rules[i]->name, name) == 0)
            return i;
    struct arena arena = {0};
    struct text *names = ARENA_ARRAY(&arena, all_rule_count, struct text), nearest;
    for (size_t i = 0; i < all_rule_count; i++)
        names[i] = text_from(all_rules[i]->name);
    fputs("leaflint: there is no rule `", err);
    print_visibly(err, text_from(name));
    fputc('`', err);
    if (suggest_nearest(text_from(name), names, all_rule_count, &nearest, 1))
        fprintf(err, " (did you mean `%.*s`?)", TEXT_ARGS(nearest));
    fputs("\nsee: leaflint rules\n", err);
    arena_free(&arena);
    return all_rule_count;
}

int explain_run(const struct options *options, FILE *out, FILE *err)
{
    size_t number = rule_find(options->files.items[0], err);
    if (number == all_rule_count)
        return EXIT_USAGE;
    const struct rule *rule = all_rules[number];
    fprintf(out, "%s (%s, since %s): %s\n\n%s", rule->name, severity_name(rule->severity), rule->since, rule->summary,
            rule_explanations[number]);
    return EXIT_CLEAN;
}

static void print_json(FILE *out)
{
    struct json_writer writer = {.out = out};
    json_open(&writer, '{', JSON_LINES);
    json_member_integer(&writer, "version", 1);
    json_key(&writer, TEXT("rules"));
    json_open(&writer, '[', JSON_LINES);
    for (size_t i = 0; i < all_rule_count; i++) {
        json_open(&writer, '{', JSON_LINES);
        json_member(&writer, "name", text_from(all_rules[i]->name));
        json_member(&writer, "severity", text_from(severity_name(all_rules[i]->severity)));
        json_member(&writer, "since", text_from(all_rules[i]->since));
        json_member(&writer, "summary", text_from(all_rules[i]->summary));
        json_member(&writer, "explanation", text_from(rule_explanations[i]));
        json_close(&writer, '}');
    }
    json_close(&writer, ']');
    json_close(&writer, '}');
    fputc('\n', out);
}

int rules_run(const struct options *options, FILE *out, FILE *err)
{
    (void)err;
    if (options->format == FORMAT_JSON) {
        print_json(out);
        return EXIT_CLEAN;
    }
    for (size_t i = 0; i < all_rule_count; i++)
        fprintf(out, "%-22s %-8s %s\n", all_rules[i]->name, severity_name(all_rules[i]->severity),
                all_rules[i]->summary);
    return EXIT_CLEAN;
}
