#include "report/line_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "report/report.h"

#define CONTEXT 3 /* unchanged lines around a change */

struct lines {
    struct text *items; /* line ends included */
    size_t count, capacity;
};

static struct lines split(struct text text)
{
    struct lines lines = {0};
    for (size_t at = 0; at < text.length;) {
        const char *end = memchr(text.bytes + at, '\n', text.length - at);
        size_t next = end ? (size_t)(end - text.bytes) + 1 : text.length;
        lines.items = array_grow(lines.items, lines.count, &lines.capacity, sizeof *lines.items);
        lines.items[lines.count++] = (struct text){text.bytes + at, next - at};
        at = next;
    }
    return lines;
}

/* One line of the result: ' ', '-' or '+'. */
struct step {
    char kind;
    struct text line;
};

struct diff {
    struct step *steps;
    size_t count, capacity;
};

static void add(struct diff *diff, char kind, struct text line)
{
    diff->steps = array_grow(diff->steps, diff->count, &diff->capacity, sizeof *diff->steps);
    diff->steps[diff->count++] = (struct step){kind, line};
}

static void add_all(struct diff *diff, char kind, const struct text *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(diff, kind, lines[i]);
}

/* The middle of two texts that begin and end alike: with as many lines kept as can be, where the table of all pairs is not
 * too large. */
static void compare(struct diff *diff, const struct text *a, size_t a_count, const struct text *b, size_t b_count)
{
    if (a_count * b_count > LIMIT_DIFF_PAIRS) {
        add_all(diff, '-', a, a_count);
        add_all(diff, '+', b, b_count);
        return;
    }
    size_t width = b_count + 1;
    uint32_t *kept = memory_alloc((a_count + 1) * width * sizeof *kept); /* lines kept from (i, j) on */
    memset(kept, 0, (a_count + 1) * width * sizeof *kept);
    for (size_t i = a_count; i-- > 0;)
        for (size_t j = b_count; j-- > 0;) {
            uint32_t down = kept[(i + 1) * width + j], right = kept[i * width + j + 1];
            kept[i * width + j] = text_equal(a[i], b[j]) ? kept[(i + 1) * width + j + 1] + 1 : down > right ? down : right;
        }
    size_t i = 0, j = 0;
    while (i < a_count || j < b_count) {
        if (i < a_count && j < b_count && text_equal(a[i], b[j])) {
            add(diff, ' ', a[i++]);
            j++;
        } else if (i < a_count && (j == b_count || kept[(i + 1) * width + j] >= kept[i * width + j + 1])) {
            add(diff, '-', a[i++]);
        } else {
            add(diff, '+', b[j++]);
        }
    }
    free(kept);
}

static void print_step(FILE *out, const struct step *step)
{
    struct text line = step->line;
    bool ended = line.length && line.bytes[line.length - 1] == '\n';
    line.length -= ended;
    fputc(step->kind, out);
    print_visibly(out, line);
    fputs(ended ? "\n" : "\n\\ No newline at end of file\n", out);
}

/* The changes from `start` on that lie near one another, with what is around them; returns where the next may begin. */
static size_t print_hunk(FILE *out, const struct diff *diff, size_t start, size_t *before_line, size_t *after_line)
{
    size_t first = start > CONTEXT ? start - CONTEXT : 0, end = start, quiet = 0;
    for (size_t i = start; i < diff->count && quiet <= 2 * CONTEXT; i++) {
        quiet = diff->steps[i].kind == ' ' ? quiet + 1 : 0;
        end = quiet ? end : i + 1;
    }
    size_t last = end + CONTEXT < diff->count ? end + CONTEXT : diff->count, counts[2] = {0, 0};
    for (size_t i = first; i < last; i++) {
        counts[0] += diff->steps[i].kind != '+';
        counts[1] += diff->steps[i].kind != '-';
    }
    size_t from = *before_line - (start - first), to = *after_line - (start - first);
    fprintf(out, "@@ -%zu,%zu +%zu,%zu @@\n", from - (counts[0] == 0), counts[0], to - (counts[1] == 0), counts[1]);
    for (size_t i = first; i < last; i++)
        print_step(out, &diff->steps[i]);
    for (size_t i = start; i < end; i++) {
        *before_line += diff->steps[i].kind != '+';
        *after_line += diff->steps[i].kind != '-';
    }
    return end;
}

void line_diff_print(FILE *out, struct text path, struct text before, struct text after)
{
    if (text_equal(before, after))
        return;
    struct lines a = split(before), b = split(after);
    size_t head = 0, tail = 0;
    while (head < a.count && head < b.count && text_equal(a.items[head], b.items[head]))
        head++;
    while (tail < a.count - head && tail < b.count - head && text_equal(a.items[a.count - 1 - tail], b.items[b.count - 1 - tail]))
        tail++;
    struct diff diff = {0};
    add_all(&diff, ' ', a.items, head);
    compare(&diff, a.items + head, a.count - head - tail, b.items + head, b.count - head - tail);
    add_all(&diff, ' ', a.items + a.count - tail, tail);
    fputs("--- ", out);
    print_visibly(out, path);
    fputs("\n+++ ", out);
    print_visibly(out, path);
    fputc('\n', out);
    size_t before_line = 1, after_line = 1;
    for (size_t i = 0; i < diff.count;) {
        if (diff.steps[i].kind != ' ') {
            i = print_hunk(out, &diff, i, &before_line, &after_line);
            continue;
        }
        before_line++;
        after_line++;
        i++;
    }
    free(diff.steps);
    free(a.items);
    free(b.items);
}
