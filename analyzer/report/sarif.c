/* SARIF 2.1.0: one run, a result for each finding.  Columns count Unicode code points, and the run says so. */
#include <stdlib.h>

#include "report/json_writer.h"
#include "report/report.h"

static void begin(struct report *report)
{
    struct json_writer *writer = memory_alloc(sizeof *writer);
    *writer = (struct json_writer){.out = report->out};
    report->state = writer;
    json_open(writer, '{', JSON_LINES);
    json_member(writer, "$schema", TEXT("https://json.schemastore.org/sarif-2.1.0.json"));
    json_member(writer, "version", TEXT("2.1.0"));
    json_key(writer, TEXT("runs"));
    json_open(writer, '[', JSON_LINES);
    json_open(writer, '{', JSON_LINES);
    json_key(writer, TEXT("tool"));
    json_open(writer, '{', JSON_LINES);
    json_key(writer, TEXT("driver"));
    json_open(writer, '{', JSON_INLINE);
    json_member(writer, "name", TEXT("leaflint"));
    json_member(writer, "version", text_from(LEAFLINT_VERSION));
    json_close(writer, '}');
    json_close(writer, '}');
    json_member(writer, "columnKind", TEXT("unicodeCodePoints"));
    json_key(writer, TEXT("results"));
    json_open(writer, '[', JSON_LINES);
}

/* A path as a relative reference: every byte that is not plain is written in percents. */
static void uri_member(struct json_writer *writer, struct text path)
{
    struct text_builder uri = {0};
    for (size_t i = 0; i < path.length; i++) {
        unsigned char byte = (unsigned char)path.bytes[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                     byte == '/' || byte == '.' || byte == '-' || byte == '_' || byte == '~';
        text_builder_addf(&uri, plain ? "%c" : "%%%02X", byte);
    }
    json_member(writer, "uri", text_builder_text(&uri));
    text_builder_free(&uri);
}

static void open_location(struct json_writer *writer, struct text path)
{
    json_open(writer, '{', JSON_LINES);
    json_key(writer, TEXT("physicalLocation"));
    json_open(writer, '{', JSON_LINES);
    json_key(writer, TEXT("artifactLocation"));
    json_open(writer, '{', JSON_INLINE);
    uri_member(writer, path);
    json_close(writer, '}');
    json_key(writer, TEXT("region"));
    json_open(writer, '{', JSON_INLINE);
}

static void close_region(struct json_writer *writer)
{
    json_close(writer, '}');
    json_close(writer, '}');
}

static void message_member(struct json_writer *writer, struct text message)
{
    json_key(writer, TEXT("message"));
    json_open(writer, '{', JSON_INLINE);
    json_member(writer, "text", message);
    json_close(writer, '}');
}

static void related_members(struct json_writer *writer, const struct finding *finding)
{
    json_key(writer, TEXT("relatedLocations"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < finding->related_count; i++) {
        open_location(writer, finding->related[i].path);
        json_member_integer(writer, "startLine", finding->related[i].start.line);
        json_member_integer(writer, "startColumn", finding->related[i].start.column);
        close_region(writer);
        message_member(writer, finding->related[i].message);
        json_close(writer, '}');
    }
    json_close(writer, ']');
}

static void finding(struct report *report, struct source *source, const struct finding *finding)
{
    struct json_writer *writer = report->state;
    struct place start = source_place(source, finding->span.start), end = source_place(source, finding->span.end);
    json_open(writer, '{', JSON_LINES);
    json_member(writer, "ruleId", finding->rule);
    json_member(writer, "level", text_from(severity_name(finding->severity)));
    struct text_builder message = {0};
    text_builder_add(&message, finding->message);
    for (size_t i = 0; i < finding->suggestion_count; i++) {
        text_builder_add(&message, i ? TEXT(", `") : TEXT("; did you mean `"));
        text_builder_add(&message, finding->suggestions[i]);
        text_builder_add(&message, TEXT("`"));
    }
    message_member(writer, text_builder_text(&message));
    text_builder_free(&message);
    json_key(writer, TEXT("locations"));
    json_open(writer, '[', JSON_LINES);
    open_location(writer, source->path);
    json_member_integer(writer, "startLine", start.line);
    json_member_integer(writer, "startColumn", start.column);
    json_member_integer(writer, "endLine", end.line);
    json_member_integer(writer, "endColumn", end.column);
    json_member_integer(writer, "byteOffset", start.byte);
    json_member_integer(writer, "byteLength", (int64_t)end.byte - start.byte);
    close_region(writer);
    json_close(writer, '}');
    json_close(writer, ']');
    if (finding->related_count)
        related_members(writer, finding);
    json_close(writer, '}');
}

static void dropped(struct report *report, struct source *source, size_t count)
{
    char message[80];
    int length = snprintf(message, sizeof message, "%zu more findings of this file are not shown", count);
    finding(report, source,
            &(struct finding){
                .rule = TEXT("too-many-findings"), .severity = SEVERITY_NOTE, .message = {message, (size_t)length}});
}

static void end(struct report *report)
{
    struct json_writer *writer = report->state;
    json_close(writer, ']');
    json_close(writer, '}');
    json_close(writer, ']');
    json_close(writer, '}');
    fputc('\n', report->out);
    free(writer);
    report->state = NULL;
}

const struct report_format report_sarif = {"sarif", begin, finding, dropped, end};
