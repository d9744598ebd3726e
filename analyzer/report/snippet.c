#include "report/snippet.h"

#include "base/unicode.h"
#include "report/report.h"

#define SNIPPET_COLUMNS 110 /* of a source line that are shown */
#define LEFT_COLUMNS 60     /* of them before the span, at most, when the line is longer */
#define TAB_COLUMNS 4

static void paint(FILE *out, const struct snippet *snippet, const char *colour)
{
    if (snippet->colour)
        fputs(colour, out);
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

void snippet_line(FILE *out, const struct snippet *snippet)
{
    struct window window = window_of(snippet->line, snippet->start, snippet->end);
    paint(out, snippet, COLOUR_FAINT);
    fprintf(out, "  %*u |", snippet->width, (unsigned)snippet->number);
    paint(out, snippet, COLOUR_PLAIN);
    fputc(' ', out);
    print_window(out, snippet->line, &window);
    fputc('\n', out);
}

void snippet_mark(FILE *out, const struct snippet *snippet)
{
    struct window window = window_of(snippet->line, snippet->start, snippet->end);
    paint(out, snippet, COLOUR_FAINT);
    fprintf(out, "  %*s |", snippet->width, "");
    paint(out, snippet, COLOUR_PLAIN);
    fprintf(out, " %*s", (int)(window.before + (window.cut_left ? 3 : 0)), "");
    paint(out, snippet, snippet->mark_colour);
    fputc('^', out);
    for (size_t i = 1; i < window.marked; i++)
        fputc('~', out);
    paint(out, snippet, COLOUR_PLAIN);
}
