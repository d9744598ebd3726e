/* Text and UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void texts_are_compared_by_bytes(void **state)
{
    (void)state;
    assert_true(text_equal(TEXT("abc"), TEXT("abc")));
    assert_false(text_equal(TEXT("abc"), TEXT("abd")));
    assert_false(text_equal(TEXT("abc"), TEXT("ab")));
    assert_true(text_equal(TEXT(""), (struct text){NULL, 0}));
    assert_true(text_equal(TEXT("a\0b"), (struct text){"a\0b", 3}));
    assert_false(text_equal(TEXT("a\0b"), TEXT("a\0c")));
    assert_true(text_starts(TEXT("abc"), TEXT("ab")) && text_starts(TEXT("abc"), TEXT("")));
    assert_false(text_starts(TEXT("ab"), TEXT("abc")));
    assert_true(text_ends(TEXT("abc"), TEXT("bc")) && text_ends(TEXT("abc"), TEXT("")));
    assert_false(text_ends(TEXT("bc"), TEXT("abc")));
    assert_true(text_equal_ignoring_case(TEXT("MoEBlock"), TEXT("moebLOCK")));
    assert_false(text_equal_ignoring_case(TEXT("MoEBlock"), TEXT("MoEBlocks")));
    assert_false(text_equal_ignoring_case(TEXT("[a"), TEXT("{A"))); /* only letters have a case */
    assert_int_equal(text_from(NULL).length, 0);
}

static void formatted_text_is_as_long_as_it_must_be(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text text = text_format(&arena, "%s-%d-%.*s", "name", 42, TEXT_ARGS(TEXT("tail")));
    assert_string_equal(text.bytes, "name-42-tail");
    assert_int_equal(text.length, 12);
    struct text_builder builder = {0};
    for (int i = 0; i < 1000; i++)
        text_builder_addf(&builder, "%d,", i);
    text_builder_add(&builder, TEXT("end"));
    assert_int_equal(builder.length, 10 * 2 + 90 * 3 + 900 * 4 + 3);
    assert_int_equal(strlen(builder.bytes), builder.length);
    assert_true(text_ends(text_builder_text(&builder), TEXT("998,999,end")));
    text_builder_free(&builder);
    assert_null(builder.bytes);
    arena_free(&arena);
}

static void hashes_depend_on_text_and_seed(void **state)
{
    (void)state;
    assert_int_equal(text_hash(TEXT("model.layers.0"), 7), text_hash(TEXT("model.layers.0"), 7));
    assert_int_not_equal(text_hash(TEXT("model.layers.0"), 7), text_hash(TEXT("model.layers.1"), 7));
    assert_int_not_equal(text_hash(TEXT("model.layers.0"), 7), text_hash(TEXT("model.layers.0"), 8));
}

static void utf8_is_decoded_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int size;
        uint32_t code;
    } cases[] = {
        {"a", 1, 'a'},
        {"\x7F", 1, 0x7F},
        {"\xC2\x80", 2, 0x80},
        {"\xDF\xBF", 2, 0x7FF},
        {"\xE0\xA0\x80", 3, 0x800},
        {"\xED\x9F\xBF", 3, 0xD7FF},
        {"\xEE\x80\x80", 3, 0xE000},
        {"\xEF\xBF\xBF", 3, 0xFFFF},
        {"\xF0\x90\x80\x80", 4, 0x10000},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
        {"\x80", 0, 0},             /* a continuation without a start */
        {"\xC0\xAF", 0, 0},         /* overlong */
        {"\xC1\xBF", 0, 0},         /* overlong */
        {"\xE0\x9F\xBF", 0, 0},     /* overlong */
        {"\xF0\x8F\xBF\xBF", 0, 0}, /* overlong */
        {"\xED\xA0\x80", 0, 0},     /* a surrogate */
        {"\xED\xBF\xBF", 0, 0},     /* a surrogate */
        {"\xF4\x90\x80\x80", 0, 0}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 0, 0},
        {"\xFF", 0, 0},
        {"\xC3", 0, 0}, /* cut off */
        {"\xE2\x82", 0, 0},
        {"\xF0\x9F\x98", 0, 0},
        {"\xC3(", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t code = 0;
        assert_int_equal(utf8_decode(cases[i].bytes, strlen(cases[i].bytes), &code), cases[i].size);
        assert_int_equal(code, cases[i].code);
        assert_int_equal(text_is_utf8(text_from(cases[i].bytes)), cases[i].size > 0);
    }
    uint32_t nul = 1;
    assert_int_equal(utf8_decode("", 0, NULL), 0);
    assert_int_equal(utf8_decode("\0", 1, &nul), 1);
    assert_int_equal(nul, 0);
    assert_true(text_is_utf8(TEXT("")));
    assert_false(text_is_utf8(TEXT("abc\xFF")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_compared_by_bytes),
        cmocka_unit_test(formatted_text_is_as_long_as_it_must_be),
        cmocka_unit_test(hashes_depend_on_text_and_seed),
        cmocka_unit_test(utf8_is_decoded_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
