#include "report/report.h"

#include "base/unicode.h"

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    return names[severity];
}

void report_findings(struct report *report, const struct report_format *format, struct source *source,
                     const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        format->finding(report, source, &findings->items[i]);
        report->written++;
    }
    if (findings->dropped)
        format->dropped(report, source, findings->dropped);
}

void print_visibly(FILE *out, struct text text)
{
    for (size_t at = 0; at < text.length;) {
        uint32_t code;
        int size = utf8_decode(text.bytes + at, text.length - at, &code);
        if (size == 0)
            fprintf(out, "<0x%02X>", (unsigned char)text.bytes[at]);
        else if (unicode_is_printable(code))
            fwrite(text.bytes + at, 1, (size_t)size, out);
        else
            fprintf(out, "<U+%04X>", (unsigned)code);
        at += size ? (size_t)size : 1;
    }
}
