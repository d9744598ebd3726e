/* Findings for people. */
#include "base/unicode.h"
#include "report/report.h"

#define SNIPPET_COLUMNS 110 /* of a source line that are shown */
#define LEFT_COLUMNS 60     /* of them before the span, at most, when the line is longer */
#define TAB_COLUMNS 4

enum style { STYLE_PLAIN, STYLE_PATH, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_FAINT };

static void paint(const struct report *report, enum style style)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "\x1b[0m",      [STYLE_PATH] = "\x1b[1m",    [STYLE_ERROR] = "\x1b[1;31m",
        [STYLE_WARNING] = "\x1b[1;33m", [STYLE_NOTE] = "\x1b[1;36m", [STYLE_FAINT] = "\x1b[2m"};
    if (report->colour)
        fputs(codes[style], report->out);
}

static enum style style_of(enum severity severity)
{
    static const enum style styles[] = {
        [SEVERITY_NOTE] = STYLE_NOTE, [SEVERITY_WARNING] = STYLE_WARNING, [SEVERITY_ERROR] = STYLE_ERROR};
    return styles[severity];
}

/* One character of a source line as it is shown. */
struct glyph {
    size_t bytes;   /* of the source */
    size_t columns; /* on the terminal */
    uint32_t code;  /* UINT32_MAX: a malformed byte */
};

static struct glyph glyph_at(const char *bytes, size_t length, size_t column)
{
    uint32_t code;
    int size = utf8_decode(bytes, length, &code);
    if (size == 0)
        return (struct glyph){1, 6, UINT32_MAX};
    if (code == '\t')
        return (struct glyph){1, TAB_COLUMNS - column % TAB_COLUMNS, code};
    if (unicode_is_printable(code))
        return (struct glyph){(size_t)size, (size_t)unicode_width(code), code};
    return (struct glyph){(size_t)size, code < 0x10000 ? 8 : code < 0x100000 ? 9 : 10, code};
}

/* The part of a line that is shown, in bytes of the line, and how wide its parts are. */
struct window {
    size_t start, end;
    size_t before, marked; /* columns before the span, and of the span */
    bool cut_left, cut_right;
};

static size_t step_back(struct text line, size_t at)
{
    size_t back = 1;
    while (back < 4 && back < at && ((unsigned char)line.bytes[at - back] & 0xC0) == 0x80)
        back++;
    return utf8_decode(line.bytes + at - back, back, NULL) == (int)back ? back : 1;
}

static size_t columns_of(struct text line, size_t start, size_t end, size_t limit, size_t column)
{
    size_t columns = 0;
    while (start < end && columns < limit) {
        struct glyph glyph = glyph_at(line.bytes + start, line.length - start, column + columns);
        columns += glyph.columns;
        start += glyph.bytes;
    }
    return columns;
}

/* `start` and `end` are bytes of the line: the span as far as it is on this line. */
static struct window window_of(struct text line, size_t start, size_t end)
{
    struct window window = {0};
    size_t right = columns_of(line, start, line.length, SNIPPET_COLUMNS, 0);
    size_t left = right < SNIPPET_COLUMNS - LEFT_COLUMNS ? SNIPPET_COLUMNS - right : LEFT_COLUMNS;
    window.start = start;
    for (size_t taken = 0; window.start > 0 && taken < left;) {
        size_t back = step_back(line, window.start);
        taken += glyph_at(line.bytes + window.start - back, back, 0).columns;
        window.start -= back;
    }
    window.cut_left = window.start > 0;
    window.before = columns_of(line, window.start, start, SIZE_MAX, 0);
    size_t columns = 0;
    for (window.end = window.start; window.end < line.length && columns < SNIPPET_COLUMNS;) {
        struct glyph glyph = glyph_at(line.bytes + window.end, line.length - window.end, columns);
        columns += glyph.columns;
        window.end += glyph.bytes;
    }
    window.cut_right = window.end < line.length;
    size_t marked_end = end < window.end ? end : window.end;
    window.marked = columns_of(line, start, marked_end, SIZE_MAX, window.before);
    if (window.marked == 0)
        window.marked = 1;
    return window;
}

static void print_window(FILE *out, struct text line, const struct window *window)
{
    size_t column = 0;
    if (window->cut_left)
        fputs("...", out);
    for (size_t at = window->start; at < window->end;) {
        struct glyph glyph = glyph_at(line.bytes + at, line.length - at, column);
        if (glyph.code == '\t')
            fprintf(out, "%*s", (int)glyph.columns, "");
        else
            print_visibly(out, (struct text){line.bytes + at, glyph.bytes});
        column += glyph.columns;
        at += glyph.bytes;
    }
    if (window->cut_right)
        fputs("...", out);
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
    struct window window = window_of(line, start, end);
    char number[16];
    int width = snprintf(number, sizeof number, "%u", (unsigned)place.line);
    paint(report, STYLE_FAINT);
    fprintf(out, "  %s |", number);
    paint(report, STYLE_PLAIN);
    fputc(' ', out);
    print_window(out, line, &window);
    paint(report, STYLE_FAINT);
    fprintf(out, "\n  %*s |", width, "");
    paint(report, STYLE_PLAIN);
    fprintf(out, " %*s", (int)(window.before + (window.cut_left ? 3 : 0)), "");
    paint(report, style_of(finding->severity));
    fputc('^', out);
    for (size_t i = 1; i < window.marked; i++)
        fputc('~', out);
    paint(report, STYLE_PLAIN);
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
