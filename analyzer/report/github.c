/* Workflow commands of GitHub Actions: annotations at the lines of a pull request.
 *
 * A command ends at its line, and its parts are told apart by `,`, `:` and `%`: whatever a config says of its own is
 * escaped, so that it cannot become a command. */
#include "report/report.h"

#include "base/unicode.h"

static void escape(FILE *out, struct text text, bool property)
{
    for (size_t at = 0; at < text.length;) {
        uint32_t code;
        int size = utf8_decode(text.bytes + at, text.length - at, &code);
        struct text character = {text.bytes + at, size ? (size_t)size : 1};
        if (code == '%' && size)
            fputs("%25", out);
        else if (property && size && (code == ':' || code == ','))
            fprintf(out, "%%%02X", (unsigned)code);
        else if (code == '\n' && size && !property)
            fputs("%0A", out);
        else
            print_visibly(out, character); /* control characters, line ends among them, become visible */
        at += character.length;
    }
}

static void nothing(struct report *report)
{
    (void)report;
}

static void finding(struct report *report, struct source *source, const struct finding *finding)
{
    static const char *const commands[] = {
        [SEVERITY_NOTE] = "notice", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    FILE *out = report->out;
    struct place start = source_place(source, finding->span.start), end = source_place(source, finding->span.end);
    fprintf(out, "::%s file=", commands[finding->severity]);
    escape(out, source->path, true);
    fprintf(out, ",line=%u,endLine=%u", (unsigned)start.line, (unsigned)end.line);
    if (start.line == end.line) /* columns are refused over several lines */
        fprintf(out, ",col=%u,endColumn=%u", (unsigned)start.column, (unsigned)end.column);
    fprintf(out, ",title=leaflint %.*s::", TEXT_ARGS(finding->rule));
    escape(out, finding->message, false);
    for (size_t i = 0; i < finding->suggestion_count; i++) {
        fputs(i ? ", `" : "; did you mean `", out);
        escape(out, finding->suggestions[i], false);
        fputc('`', out);
    }
    if (finding->help.length) {
        fputs("%0A", out);
        escape(out, finding->help, false);
    }
    fputc('\n', out);
}

static void dropped(struct report *report, struct source *source, size_t count)
{
    fputs("::notice file=", report->out);
    escape(report->out, source->path, true);
    fprintf(report->out, ",title=leaflint::%zu more findings are not shown\n", count);
}

const struct report_format report_github = {"github", nothing, finding, dropped, nothing};
