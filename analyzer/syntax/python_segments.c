#include "syntax/python_internal.h"
#include "syntax/python_scan.h"

/* Shorter comments are not worth a segment of their own. */
#define SEGMENT_LEAST 12

static void add(struct python_segments *segments, struct text text, uint32_t file, bool is_ours)
{
    if (!text.length)
        return;
    const struct python_segment *last = segments->count ? &segments->items[segments->count - 1] : NULL;
    uint32_t at = last ? last->at + (uint32_t)last->text.length : 0;
    segments->items[segments->count++] = (struct python_segment){text, at, file, is_ours};
}

void python_segments_find(struct python_segments *segments, const struct python_file *file, uint32_t start, uint32_t end,
                          struct text prefix, struct text suffix)
{
    const char *text = file->source.bytes.bytes;
    struct scanner scanner = scanner_on(text, end);
    uint32_t kept = start, at = start, line, column; /* everything before `kept` is in a segment or left out */
    segments->count = 0;
    add(segments, prefix, start, true);
    bool at_line_start = start == 0 || text[start - 1] == '\n' || text[start - 1] == '\r';
    uint32_t before = at;
    while (at_line_start && segments->count + 6 < PYTHON_SEGMENTS && scan_indentation(&scanner, &at, &line, &column)) {
        if (line - before >= SEGMENT_LEAST) { /* blank and comment lines */
            add(segments, (struct text){text + kept, before - kept}, kept, false);
            kept = line;
        }
        at = before = scan_line(&scanner, at);
    }
    if (scanner.trouble.length) { /* the parser says better what is wrong with it */
        segments->count = 0;
        add(segments, prefix, start, true);
        kept = start;
    }
    add(segments, (struct text){text + kept, end - kept}, kept, false);
    add(segments, suffix, end, true);
    add(segments, TEXT("\n"), end, true);
}
