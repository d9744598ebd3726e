/*
 * What the files of the JSON reader share: the reader's state, noting, scanning.  Nobody else includes this.
 */
#ifndef SYNTAX_JSON_INTERNAL_H
#define SYNTAX_JSON_INTERNAL_H

#include "syntax/json.h"

#define JSON_END (-1) /* instead of a byte, at the end of the file */
#define JSON_NOT_COUNTED (-2)
#define JSON_FAILURES (LIMIT_SYNTAX_ERRORS * 10) /* mistakes of one reading, said or not: a repair may look far back */

/* An array or object that is open. */
struct json_frame {
    struct json_value *container, *last;
    struct span comma;   /* of the comma since the last item; start == end when there is none */
    bool after_item;     /* something was read since the bracket or the last comma */
    bool lenient_gap;    /* the last item is one whose comma strict JSON sees and hjson takes into a string */
    bool without_braces; /* the root's members */
};

struct json_reader {
    const char *bytes;
    uint32_t length, at;
    enum json_mode mode;
    struct arena *arena;
    struct json_document *document;
    struct text_builder scratch;
    struct json_frame frames[LIMIT_CONFIG_DEPTH];
    size_t depth;
    struct json_value *root_last; /* the last item of a root that was closed */
    size_t failures;              /* mistakes so far, said or not */
    uint32_t values;              /* keys and values so far */
    bool without_braces;          /* the root is read as members without braces */
    bool refused;                 /* hjson has raised its own error, whether it was noted yet or not */
    bool raised;       /* the first error is no HjsonDecodeError: hjson does not try the file as a single value */
    bool stopped;      /* a bound was reached: nothing more is read */
    bool structural;   /* a bracket error was noted: what it causes later is not said again */
    bool cut_unquoted; /* unquoted strings stop before a bracket that closes what they are in */
    bool swallowed;    /* an unquoted string took such a bracket with it */
    uint32_t quiet_start, quiet_end; /* the line of the last error: one error a line */
    uint32_t column_byte, column;    /* characters before column_byte on its line, for ''' */
    bool column_first_line;
    int64_t last_line_characters; /* of the file's last line; JSON_NOT_COUNTED, or -1: there is no line end */
};

/* ---- json.c ---- */

/* Notes an error, unless one was noted on the same line, and marks what is open as damaged. */
void json_fail(struct json_reader *reader, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline void json_count_failure(struct json_reader *reader)
{
    if (++reader->failures >= JSON_FAILURES)
        reader->stopped = true;
}
/* Said before json_fail where hjson raises something else than its own HjsonDecodeError. */
static inline void json_raise(struct json_reader *reader)
{
    reader->raised = reader->raised || (reader->failures == 0 && !reader->refused);
}
/* Notes what strict JSON refuses: an error in JSON_STRICT. */
void json_note(struct json_reader *reader, enum json_feature_kind kind, struct span span);
/* The next byte that is neither blank nor in a comment, or JSON_END; `at` is on it. */
int json_next(struct json_reader *reader);

static inline struct span json_span(uint32_t start, uint32_t end)
{
    return (struct span){start, end};
}
static inline int json_peek(const struct json_reader *reader, uint32_t at)
{
    return at < reader->length ? (unsigned char)reader->bytes[at] : JSON_END;
}
static inline bool json_is_blank(int byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}
static inline bool json_is_line_end(int byte)
{
    return byte == '\n' || byte == '\r' || byte == JSON_END;
}
/* Text for a message: cut when it is long. */
struct text json_short(struct json_reader *reader, struct text text);
/* The end of the line that `at` is in. */
uint32_t json_line_end(const struct json_reader *reader, uint32_t at);

/* Adds a second place to the error that was noted since `errors_before` were there, if one was. */
void json_relate(struct json_reader *reader, size_t errors_before, struct span span, const char *message);

/* ---- json_tree.c ---- */

/* Reads from `at` to the end of the file into document->root. */
void json_read_root(struct json_reader *reader);
void json_check_encoding(struct json_reader *reader);

/* ---- json_string.c ---- */

struct json_scanned {
    struct text text;
    struct span span;
    bool damaged;
};

/* A quoted string; `at` is on its quote, and behind it afterwards. */
struct json_scanned json_scan_string(struct json_reader *reader);
/* A string in three single quotes. */
struct json_scanned json_scan_multiline(struct json_reader *reader);

/* ---- json_word.c ---- */

/* null, true, false, a number or an unquoted string; `at` is on its first byte, and behind it afterwards. */
void json_scan_word(struct json_reader *reader, struct json_value *value);
/* Is this the string that hjson makes of `NaN,`?  Then strict JSON sees the comma. */
bool json_is_lenient_gap(const struct json_reader *reader, const struct json_value *value);
/* A key without quotes: its first word.  Damaged when no colon follows; `at` is then behind the word. */
struct json_scanned json_scan_key_word(struct json_reader *reader);
/* Without the blanks at both ends that Python's str.strip() takes away. */
struct span json_strip(const struct json_reader *reader, struct span span);

#endif
