/* Findings for people. */
#include "report/report.h"
#include "report/snippet.h"

enum style { STYLE_PLAIN, STYLE_PATH, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_FAINT };

static const char *const colour_codes[] = {
    [STYLE_PLAIN] = COLOUR_PLAIN,   [STYLE_PATH] = COLOUR_PATH, [STYLE_ERROR] = COLOUR_ERROR,
    [STYLE_WARNING] = COLOUR_WARNING, [STYLE_NOTE] = COLOUR_NOTE, [STYLE_FAINT] = COLOUR_FAINT};

static void paint(const struct report *report, enum style style)
{
    if (report->colour)
        fputs(colour_codes[style], report->out);
}

static enum style style_of(enum severity severity)
{
    static const enum style styles[] = {
        [SEVERITY_NOTE] = STYLE_NOTE, [SEVERITY_WARNING] = STYLE_WARNING, [SEVERITY_ERROR] = STYLE_ERROR};
    return styles[severity];
}

static void print_suggestions(const struct report *report, const struct finding *finding)
{
    for (size_t i = 0; i < finding->suggestion_count; i++) {
        fputs(i == 0 ? " did you mean `" : i + 1 < finding->suggestion_count ? "`, `" : "` or `", report->out);
        print_visibly(report->out, finding->suggestions[i]);
    }
    if (finding->suggestion_count)
        fputs("`?", report->out);
}

static void print_snippet(const struct report *report, struct source *source, const struct finding *finding)
{
    FILE *out = report->out;
    struct place place = source_place(source, finding->span.start);
    struct text line = source_line(source, place.line);
    size_t line_start = (size_t)(line.bytes - source->bytes.bytes);
    size_t start = finding->span.start > line_start ? finding->span.start - line_start : 0;
    size_t end = finding->span.end > line_start ? finding->span.end - line_start : 0;
    if (start > line.length)
        start = line.length;
    if (end > line.length)
        end = line.length;
    /* A byte order mark in front is not part of what people see. */
    if (place.line == 1 && text_starts(line, TEXT("\xEF\xBB\xBF")) && start >= 3) {
        line = (struct text){line.bytes + 3, line.length - 3};
        start -= 3;
        end -= end >= 3 ? 3 : end;
    }
    char number[16];
    struct snippet snippet = {.line = line,
                              .number = place.line,
                              .width = snprintf(number, sizeof number, "%u", (unsigned)place.line),
                              .start = start,
                              .end = end,
                              .colour = report->colour,
                              .mark_colour = colour_codes[style_of(finding->severity)]};
    snippet_line(out, &snippet);
    snippet_mark(out, &snippet);
    print_suggestions(report, finding);
    fputc('\n', out);
}

static void print_lines(FILE *out, const char *first, const char *next, struct text text)
{
    for (size_t at = 0; at < text.length;) {
        size_t end = at;
        while (end < text.length && text.bytes[end] != '\n')
            end++;
        fputs(at ? next : first, out);
        print_visibly(out, (struct text){text.bytes + at, end - at});
        fputc('\n', out);
        at = end + 1;
    }
}

static void begin(struct report *report)
{
    (void)report;
}

static void finding(struct report *report, struct source *source, const struct finding *finding)
{
    FILE *out = report->out;
    struct place place = source_place(source, finding->span.start);
    paint(report, STYLE_PATH);
    print_visibly(out, source->path);
    fprintf(out, ":%u:%u:", (unsigned)place.line, (unsigned)place.column);
    paint(report, STYLE_PLAIN);
    fputc(' ', out);
    paint(report, style_of(finding->severity));
    fprintf(out, "%s:", severity_name(finding->severity));
    paint(report, STYLE_PLAIN);
    fputc(' ', out);
    print_visibly(out, finding->message);
    paint(report, STYLE_FAINT);
    fprintf(out, " [%.*s]\n", TEXT_ARGS(finding->rule));
    paint(report, STYLE_PLAIN);
    print_snippet(report, source, finding);
    for (size_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        fputs("  ", out);
        print_visibly(out, related->path);
        fprintf(out, ":%u: ", (unsigned)related->start.line);
        print_visibly(out, related->message);
        fputc('\n', out);
    }
    print_lines(out, "  help: ", "        ", finding->help);
    fprintf(out, "  help: leaflint explain %.*s\n", TEXT_ARGS(finding->rule));
}

static void dropped(struct report *report, struct source *source, size_t count)
{
    print_visibly(report->out, source->path);
    fprintf(report->out, ": %zu more findings are not shown\n", count);
}

static void end(struct report *report)
{
    (void)report;
}

const struct report_format report_text = {"text", begin, finding, dropped, end};
