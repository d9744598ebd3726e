#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK_BYTES 1024u
#define READ_BYTES ((size_t)64 << 10)

/* The first character that starts at or after a multiple of MARK_BYTES. */
struct source_mark {
    uint32_t byte;
    uint32_t characters; /* before it, from the start of the file */
};

static const unsigned char byte_order_mark[] = {0xEF, 0xBB, 0xBF};

/* ---- reading ---- */

static enum source_status status_of_errno(int error)
{
    return error == ENOENT || error == ENOTDIR ? SOURCE_MISSING : SOURCE_UNREADABLE;
}

static enum source_status status_of_kind(const struct stat *info)
{
    return S_ISDIR(info->st_mode) ? SOURCE_FOLDER : S_ISREG(info->st_mode) ? SOURCE_OK : SOURCE_NOT_REGULAR;
}

/* Takes ownership of `bytes`, which has room for a NUL at [length]. */
static void source_take(struct source *source, char *bytes, size_t length, struct text shown)
{
    char *path = memory_alloc(shown.length + 1);
    if (shown.length)
        memcpy(path, shown.bytes, shown.length);
    path[shown.length] = 0;
    bytes[length] = 0;
    *source = (struct source){.path = {path, shown.length}, .bytes = {bytes, length}};
}

static enum source_status read_descriptor(struct source *source, int descriptor, struct text shown, size_t limit)
{
    struct stat info;
    if (fstat(descriptor, &info) != 0)
        return SOURCE_UNREADABLE;
    enum source_status status = status_of_kind(&info);
    if (status != SOURCE_OK)
        return status;
    if (info.st_size > 0 && (uintmax_t)info.st_size > limit)
        return SOURCE_TOO_LARGE;
    /* The size is a hint: files of /proc say 0, and a file may grow or shrink while it is read.  One byte over the
     * limit is enough to know that it is too large. */
    size_t capacity = (size_t)info.st_size + 1;
    if (capacity < 256)
        capacity = 256;
    char *bytes = memory_alloc(capacity + 1);
    size_t length = 0;
    for (;;) {
        if (length > limit) {
            free(bytes);
            return SOURCE_TOO_LARGE;
        }
        if (length == capacity) {
            capacity = capacity + READ_BYTES + capacity / 2;
            bytes = memory_realloc(bytes, capacity + 1);
        }
        ssize_t got = read(descriptor, bytes + length, capacity - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(bytes);
            return SOURCE_UNREADABLE;
        }
        if (got == 0)
            break;
        length += (size_t)got;
    }
    source_take(source, bytes, length, shown);
    return SOURCE_OK;
}

enum source_status source_read(struct source *source, const char *path, struct text shown, size_t limit)
{
    *source = (struct source){0};
    if (limit > UINT32_MAX - 1)
        limit = UINT32_MAX - 1; /* spans are 32 bits */
    /* Asked first, because opening a device can do something; asked again when open, because paths can change. */
    struct stat info;
    if (stat(path, &info) != 0)
        return status_of_errno(errno);
    enum source_status status = status_of_kind(&info);
    if (status != SOURCE_OK)
        return status;
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return errno == ENXIO ? SOURCE_NOT_REGULAR : status_of_errno(errno);
    status = read_descriptor(source, descriptor, shown, limit);
    close(descriptor);
    return status;
}

void source_from_bytes(struct source *source, struct text bytes, struct text shown)
{
    size_t length = bytes.length > UINT32_MAX - 1 ? UINT32_MAX - 1 : bytes.length;
    char *copy = memory_alloc(length + 1);
    if (length)
        memcpy(copy, bytes.bytes, length);
    source_take(source, copy, length, shown);
}

void source_free(struct source *source)
{
    free((char *)source->path.bytes);
    free((char *)source->bytes.bytes);
    free(source->line_starts);
    free(source->marks);
    *source = (struct source){0};
}

const char *source_status_words(enum source_status status)
{
    switch (status) {
    case SOURCE_OK: return "is readable";
    case SOURCE_MISSING: return "no such file";
    case SOURCE_UNREADABLE: return "cannot be read";
    case SOURCE_FOLDER: return "is a folder, a file is due";
    case SOURCE_NOT_REGULAR: return "is not a regular file (a FIFO, a device or a socket)";
    case SOURCE_TOO_LARGE: return "is too large";
    }
    return "cannot be read";
}

/* ---- places ---- */

static bool is_line_end(const char *bytes, size_t at)
{
    return bytes[at] == '\n' || (bytes[at] == '\r' && bytes[at + 1] != '\n'); /* a NUL stands after the bytes */
}

/* The first byte of the line after the one that `at` is in; 0 when it is the last. */
static size_t next_line(const char *bytes, size_t length, size_t at, bool has_returns)
{
    if (!has_returns) { /* nearly always, and much faster */
        const char *end = memchr(bytes + at, '\n', length - at);
        return end ? (size_t)(end - bytes) + 1 : 0;
    }
    for (; at < length; at++)
        if (is_line_end(bytes, at))
            return at + 1;
    return 0;
}

static void index_lines(struct source *source)
{
    if (source->line_starts)
        return;
    const char *bytes = source->bytes.bytes;
    size_t length = source->bytes.length, capacity = length / 32 + 16, at = 0;
    bool has_returns = memchr(bytes, '\r', length) != NULL;
    uint32_t *starts = memory_alloc(capacity * sizeof *starts);
    do {
        if (source->line_count == capacity)
            starts = array_grow(starts, source->line_count, &capacity, sizeof *starts);
        starts[source->line_count++] = (uint32_t)at;
        at = next_line(bytes, length, at, has_returns);
    } while (at);
    source->line_starts = starts;
}

static uint32_t character_bytes(const struct source *source, uint32_t byte)
{
    int size = utf8_decode(source->bytes.bytes + byte, source->bytes.length - byte, NULL);
    return size > 0 ? (uint32_t)size : 1; /* a malformed byte counts as one character */
}

static void index_characters(struct source *source)
{
    if (source->marks)
        return;
    uint32_t length = (uint32_t)source->bytes.length, count = length / MARK_BYTES + 1, mark = 0, characters = 0;
    source->marks = memory_alloc(count * sizeof *source->marks);
    for (uint32_t byte = 0; byte <= length; byte += character_bytes(source, byte), characters++) {
        for (; mark < count && mark * MARK_BYTES <= byte; mark++)
            source->marks[mark] = (struct source_mark){byte, characters};
        if (byte == length)
            break;
    }
}

/* Characters between `from`, where one starts, and the one that `byte` is in. */
static uint32_t characters_between(const struct source *source, uint32_t from, uint32_t byte)
{
    uint32_t characters = 0;
    for (uint32_t at = from; at < byte; characters++) {
        at += character_bytes(source, at);
        if (at > byte)
            break;
    }
    return characters;
}

/* Characters before the one that `byte` is in. */
static uint32_t characters_before(const struct source *source, uint32_t byte)
{
    struct source_mark mark = source->marks[byte / MARK_BYTES];
    if (mark.byte > byte) { /* `byte` is inside the character that spans the boundary */
        if (byte < MARK_BYTES)
            return 0;
        mark = source->marks[byte / MARK_BYTES - 1];
    }
    return mark.characters + characters_between(source, mark.byte, byte);
}

/* A line end is never inside a character, so a short line can be counted from its start. */
static uint32_t characters_in_line(struct source *source, uint32_t line_start, uint32_t byte)
{
    if (byte - line_start <= MARK_BYTES)
        return characters_between(source, line_start, byte);
    index_characters(source);
    return characters_before(source, byte) - characters_before(source, line_start);
}

struct place source_place(struct source *source, uint32_t byte)
{
    if (byte > source->bytes.length)
        byte = (uint32_t)source->bytes.length;
    index_lines(source);
    size_t low = 0, high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    uint32_t column = characters_in_line(source, source->line_starts[low], byte) + 1;
    bool marked = source->bytes.length >= sizeof byte_order_mark &&
                  memcmp(source->bytes.bytes, byte_order_mark, sizeof byte_order_mark) == 0;
    if (low == 0 && marked && column > 1)
        column--;
    return (struct place){(uint32_t)(low + 1), column, byte};
}

struct text source_line(struct source *source, uint32_t line)
{
    index_lines(source);
    if (line == 0 || line > source->line_count)
        return TEXT("");
    const char *bytes = source->bytes.bytes;
    size_t start = source->line_starts[line - 1];
    size_t end = line < source->line_count ? source->line_starts[line] : source->bytes.length;
    while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r'))
        end--;
    return (struct text){bytes + start, end - start};
}
