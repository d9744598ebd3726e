/*
 * The bytes of one file, and where in it something stands.
 *
 * A source owns its bytes (read or mapped once; a file that shrinks meanwhile cannot hurt, since it is read, not mapped)
 * and an index of its lines, made on first use.  Spans are half-open byte ranges; lines and columns are computed when
 * somebody asks.  Reading never blocks: a FIFO, a device or a folder is refused by name.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct span {
    uint32_t start, end; /* bytes, half-open */
};

struct place {
    uint32_t line; /* 1-based; "\n", "\r\n" and a lone "\r" end a line */
    uint32_t
        column;    /* 1-based, in characters: a tab is one, a malformed UTF-8 byte is one, a BOM at the start is none */
    uint32_t byte; /* 0-based offset in the file */
};

struct source_mark;

struct source {
    struct text path;  /* as the user gave it, or relative to its sources folder: what is printed */
    struct text bytes; /* owned, followed by one NUL byte */
    uint32_t *line_starts;
    size_t line_count;
    struct source_mark *marks; /* how many characters stand before every so many bytes: long lines cost no more */
};

enum source_status {
    SOURCE_OK,
    SOURCE_MISSING,     /* no such file */
    SOURCE_UNREADABLE,  /* permission, I/O */
    SOURCE_FOLDER,      /* a folder where a file is due */
    SOURCE_NOT_REGULAR, /* FIFO, device, socket */
    SOURCE_TOO_LARGE,   /* over the given limit */
};

/* Reads the whole file at `path` (a NUL-terminated path of the system) of at most `limit` bytes; `shown` is the path
 * printed later (copied).  On anything but SOURCE_OK, *source is zeroed. */
enum source_status source_read(struct source *source, const char *path, struct text shown, size_t limit);
/* Takes a copy of bytes that did not come from a file. */
void source_from_bytes(struct source *source, struct text bytes, struct text shown);
void source_free(struct source *source);
/* "no such file", "is a folder", ...: completes the sentence "PATH: ...". */
const char *source_status_words(enum source_status status);

struct place source_place(struct source *source, uint32_t byte);
/* The bytes of 1-based `line`, without its line end. */
struct text source_line(struct source *source, uint32_t line);
static inline struct text source_cut(const struct source *source, struct span span)
{
    return (struct text){source->bytes.bytes + span.start, span.end - span.start};
}

#endif
