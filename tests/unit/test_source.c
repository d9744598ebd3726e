/* Files: what is refused and how; lines, columns and spans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/source.h"

/* ---- reading ---- */

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/leaflint-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *bytes, size_t length)
{
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static enum source_status status_of(const char *path, size_t limit)
{
    struct source source;
    memset(&source, 0xAA, sizeof source);
    enum source_status status = source_read(&source, path, TEXT("shown"), limit);
    if (status != SOURCE_OK) {
        assert_null(source.bytes.bytes);
        assert_int_equal(source.bytes.length, 0);
    }
    source_free(&source);
    return status;
}

static void a_file_is_read_whole(void **state)
{
    (void)state;
    struct source source;
    write_file("a", "one\0two\n", 8);
    assert_int_equal(source_read(&source, path_of("a"), TEXT("shown/a"), 100), SOURCE_OK);
    assert_int_equal(source.bytes.length, 8);
    assert_memory_equal(source.bytes.bytes, "one\0two\n\0", 9); /* a NUL follows */
    assert_string_equal(source.path.bytes, "shown/a");
    source_free(&source);
    write_file("a", "", 0);
    assert_int_equal(source_read(&source, path_of("a"), TEXT(""), 0), SOURCE_OK);
    assert_int_equal(source.bytes.length, 0);
    assert_int_equal(source.bytes.bytes[0], 0);
    source_free(&source);
    unlink(path_of("a"));
}

static void a_file_without_a_size_is_read_whole(void **state)
{
    (void)state;
    struct source source;
    if (access("/proc/self/status", R_OK) != 0)
        skip();
    assert_int_equal(source_read(&source, "/proc/self/status", TEXT("status"), 1 << 20), SOURCE_OK);
    assert_true(source.bytes.length > 100);
    source_free(&source);
    assert_int_equal(status_of("/proc/self/status", 10), SOURCE_TOO_LARGE);
}

static void the_limit_is_exact(void **state)
{
    (void)state;
    char bytes[1000];
    memset(bytes, '[', sizeof bytes);
    write_file("a", bytes, sizeof bytes);
    assert_int_equal(status_of(path_of("a"), 1000), SOURCE_OK);
    assert_int_equal(status_of(path_of("a"), 999), SOURCE_TOO_LARGE);
    assert_int_equal(truncate(path_of("a"), (off_t)1 << 33), 0); /* a hole: nothing is read of it */
    assert_int_equal(status_of(path_of("a"), (size_t)1 << 20), SOURCE_TOO_LARGE);
    assert_int_equal(status_of(path_of("a"), SIZE_MAX), SOURCE_TOO_LARGE);
    unlink(path_of("a"));
}

static void what_is_no_file_is_refused_at_once(void **state)
{
    (void)state;
    assert_int_equal(status_of(path_of("nothing"), 100), SOURCE_MISSING);
    assert_int_equal(status_of("", 100), SOURCE_MISSING);
    assert_int_equal(status_of(folder, 100), SOURCE_FOLDER);
    assert_int_equal(status_of("/dev/null", 100), SOURCE_NOT_REGULAR);
    assert_int_equal(status_of("/dev/zero", 100), SOURCE_NOT_REGULAR);
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    assert_int_equal(status_of(path_of("fifo"), 100), SOURCE_NOT_REGULAR); /* and it does not wait for a writer */
    unlink(path_of("fifo"));

    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path_of("socket"));
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(status_of(path_of("socket"), 100), SOURCE_NOT_REGULAR);
    close(descriptor);
    unlink(path_of("socket"));

    write_file("a", "x", 1);
    assert_int_equal(status_of(path_of("a/b"), 100), SOURCE_MISSING);
    assert_int_equal(symlink("loop", path_of("loop")), 0);
    assert_int_equal(status_of(path_of("loop"), 100), SOURCE_UNREADABLE);
    unlink(path_of("loop"));
    assert_int_equal(symlink("a", path_of("link")), 0);
    assert_int_equal(status_of(path_of("link"), 100), SOURCE_OK);
    unlink(path_of("link"));
    assert_int_equal(chmod(path_of("a"), 0), 0);
    if (geteuid() != 0) /* root reads everything */
        assert_int_equal(status_of(path_of("a"), 100), SOURCE_UNREADABLE);
    unlink(path_of("a"));
}

static void every_status_has_words(void **state)
{
    (void)state;
    for (int status = SOURCE_OK; status <= SOURCE_TOO_LARGE; status++)
        assert_true(strlen(source_status_words((enum source_status)status)) > 5);
}

/* ---- places ---- */

static void assert_place(struct source *source, uint32_t byte, uint32_t line, uint32_t column)
{
    struct place place = source_place(source, byte);
    if (place.line != line || place.column != column)
        fail_msg("byte %u is at %u:%u, not %u:%u", byte, place.line, place.column, line, column);
    assert_int_equal(place.byte, byte);
}

static void lines_end_in_three_ways(void **state)
{
    (void)state;
    struct source source;
    source_from_bytes(&source, TEXT("ab\ncd\r\nef\rgh"), TEXT("x"));
    assert_place(&source, 0, 1, 1);
    assert_place(&source, 2, 1, 3); /* the line end belongs to its line */
    assert_place(&source, 3, 2, 1);
    assert_place(&source, 5, 2, 3);
    assert_place(&source, 6, 2, 4);
    assert_place(&source, 7, 3, 1);
    assert_place(&source, 9, 3, 3);
    assert_place(&source, 10, 4, 1);
    assert_place(&source, 12, 4, 3); /* the end of the file */
    assert_int_equal(source_place(&source, 100).byte, 12);
    assert_int_equal(source.line_count, 4);
    const char *lines[] = {"", "ab", "cd", "ef", "gh", ""};
    for (uint32_t line = 0; line < 6; line++)
        assert_true(text_equal(source_line(&source, line), text_from(lines[line])));
    source_free(&source);
}

/* Without a carriage return, as most files are. */
static void lines_end_in_line_feeds(void **state)
{
    (void)state;
    struct source source;
    source_from_bytes(&source, TEXT("a\n\n\xC3\xA9 b\n"), TEXT("x"));
    assert_place(&source, 0, 1, 1);
    assert_place(&source, 1, 1, 2);
    assert_place(&source, 2, 2, 1);
    assert_place(&source, 3, 3, 1);
    assert_place(&source, 6, 3, 3);
    assert_place(&source, 8, 4, 1);
    assert_int_equal(source.line_count, 4);
    source_free(&source);
}

static void an_empty_file_has_one_line(void **state)
{
    (void)state;
    struct source source;
    source_from_bytes(&source, TEXT(""), TEXT("x"));
    assert_place(&source, 0, 1, 1);
    assert_int_equal(source_line(&source, 1).length, 0);
    source_free(&source);
    source_from_bytes(&source, TEXT("\r"), TEXT("x"));
    assert_place(&source, 1, 2, 1);
    source_free(&source);
}

static void columns_count_characters(void **state)
{
    (void)state;
    struct source source;
    source_from_bytes(&source, TEXT("\t\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80x\xFF\xC3y"), TEXT("x"));
    static const struct {
        uint32_t byte, column;
    } cases[] = {{0, 1}, {1, 2},  {2, 2},  {3, 3},  {4, 3},  {5, 3}, {6, 4},
                 {9, 4}, {10, 5}, {11, 6}, {12, 7}, {13, 8}, {14, 9}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_place(&source, cases[i].byte, 1, cases[i].column);
    source_free(&source);
}

static void a_byte_order_mark_is_no_column(void **state)
{
    (void)state;
    struct source source;
    source_from_bytes(&source, TEXT("\xEF\xBB\xBF{\n\xEF\xBB\xBF}"), TEXT("x"));
    assert_place(&source, 0, 1, 1);
    assert_place(&source, 3, 1, 1);
    assert_place(&source, 4, 1, 2);
    assert_place(&source, 8, 2, 2); /* only at the start of the file */
    source_free(&source);
}

/* Long lines are indexed in steps; characters of several bytes lie across every one of them. */
static void places_on_a_long_line_are_exact(void **state)
{
    (void)state;
    static const char *const units[] = {"\xC3\xA9", "\xE6\x97\xA5", "\xF0\x9F\x98\x80", "\xFF", "a\xE6\x97\xA5\xC3"};
    for (size_t unit = 0; unit < sizeof units / sizeof *units; unit++) {
        for (uint32_t shift = 0; shift < 4; shift++) {
            struct text_builder builder = {0};
            struct source source;
            for (uint32_t i = 0; i < shift; i++)
                text_builder_add(&builder, TEXT("-"));
            while (builder.length < 5000)
                text_builder_add(&builder, text_from(units[unit]));
            source_from_bytes(&source, text_builder_text(&builder), TEXT("x"));
            uint32_t column = 1;
            for (uint32_t byte = 0; byte < source.bytes.length; column++) {
                int size = utf8_decode(source.bytes.bytes + byte, source.bytes.length - byte, NULL);
                uint32_t end = byte + (uint32_t)(size > 0 ? size : 1);
                for (; byte < end; byte++)
                    assert_place(&source, byte, 1, column);
            }
            source_free(&source);
            text_builder_free(&builder);
        }
    }
}

static void a_span_cuts_its_bytes(void **state)
{
    (void)state;
    struct source source;
    source_from_bytes(&source, TEXT("{\"a\": 1}"), TEXT("x"));
    assert_true(text_equal(source_cut(&source, (struct span){1, 4}), TEXT("\"a\"")));
    source_free(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole),
        cmocka_unit_test(a_file_without_a_size_is_read_whole),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(what_is_no_file_is_refused_at_once),
        cmocka_unit_test(every_status_has_words),
        cmocka_unit_test(lines_end_in_three_ways),
        cmocka_unit_test(lines_end_in_line_feeds),
        cmocka_unit_test(an_empty_file_has_one_line),
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(a_byte_order_mark_is_no_column),
        cmocka_unit_test(places_on_a_long_line_are_exact),
        cmocka_unit_test(a_span_cuts_its_bytes),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
