#include "syntax/python_internal.h"
#include "syntax/python_scan.h"

/* Shorter comments and strings are not worth a segment of their own. */
#define SEGMENT_LEAST 12

static void add(struct python_segments *segments, struct text text, uint32_t file, bool is_ours)
{
    if (!text.length)
        return;
    const struct python_segment *last = segments->count ? &segments->items[segments->count - 1] : NULL;
    uint32_t at = last ? last->at + (uint32_t)last->text.length : 0;
    segments->items[segments->count++] = (struct python_segment){text, at, file, is_ours};
}

static bool ends_line(const char *text, uint32_t at, uint32_t end)
{
    while (at < end && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at == end || text[at] == '\n' || text[at] == '\r' || text[at] == '#';
}

/* The end of a string that is a whole statement and starts at `at`; `at` when there is none. */
static uint32_t string_statement(struct scanner *scanner, uint32_t at)
{
    uint32_t quote = at;
    if (scanner->text[quote] == 'r' || scanner->text[quote] == 'R')
        quote++;
    if (quote >= scanner->end || (scanner->text[quote] != '"' && scanner->text[quote] != '\''))
        return at;
    uint32_t after = scan_string(scanner, quote);
    return ends_line(scanner->text, after, scanner->end) ? after : at;
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
        uint32_t after = string_statement(&scanner, at);
        if (after - at >= SEGMENT_LEAST) {
            add(segments, (struct text){text + kept, at - kept}, kept, false);
            add(segments, TEXT("\"\""), at, true);
            kept = after;
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
