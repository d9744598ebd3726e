/* The JSON document of `check`. */
#include <stdlib.h>

#include "report/json_writer.h"
#include "report/report.h"

static void begin(struct report *report)
{
    struct json_writer *writer = memory_alloc(sizeof *writer);
    *writer = (struct json_writer){.out = report->out};
    report->state = writer;
    json_open(writer, '{', JSON_LINES);
    json_member_integer(writer, "version", 1);
    json_key(writer, TEXT("diagnostics"));
    json_open(writer, '[', JSON_LINES);
}

static void place_member(struct json_writer *writer, const char *key, struct place place)
{
    json_key(writer, text_from(key));
    json_open(writer, '{', JSON_INLINE);
    json_member_integer(writer, "line", place.line);
    json_member_integer(writer, "column", place.column);
    json_member_integer(writer, "byte", place.byte);
    json_close(writer, '}');
}

static void finding(struct report *report, struct source *source, const struct finding *finding)
{
    struct json_writer *writer = report->state;
    json_open(writer, '{', JSON_LINES);
    json_member(writer, "rule", finding->rule);
    json_member(writer, "severity", text_from(severity_name(finding->severity)));
    json_member(writer, "message", finding->message);
    json_member(writer, "path", source->path);
    place_member(writer, "start", source_place(source, finding->span.start));
    place_member(writer, "end", source_place(source, finding->span.end));
    json_member(writer, "key", finding->key);
    json_member(writer, "value", finding->value);
    json_member(writer, "model", finding->model);
    json_key(writer, TEXT("suggestions"));
    json_open(writer, '[', JSON_INLINE);
    for (size_t i = 0; i < finding->suggestion_count; i++)
        json_string(writer, finding->suggestions[i]);
    json_close(writer, ']');
    json_member(writer, "help", finding->help);
    json_key(writer, TEXT("related"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < finding->related_count; i++) {
        json_open(writer, '{', JSON_INLINE);
        json_member(writer, "path", finding->related[i].path);
        place_member(writer, "start", finding->related[i].start);
        json_member(writer, "message", finding->related[i].message);
        json_close(writer, '}');
    }
    json_close(writer, ']');
    json_close(writer, '}');
}

/* A finding that stands for those that were too many to keep, so that nobody takes the list for complete. */
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
    json_key(writer, TEXT("models"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < report->model_count; i++) {
        json_open(writer, '{', JSON_INLINE);
        json_member(writer, "architecture", report->models[i].architecture);
        json_member(writer, "status", text_from(report->models[i].status));
        json_member(writer, "sources", report->models[i].sources);
        json_close(writer, '}');
    }
    json_close(writer, ']');
    json_close(writer, '}');
    fputc('\n', report->out);
    free(writer);
    report->state = NULL;
}

const struct report_format report_json = {"json", begin, finding, dropped, end};
