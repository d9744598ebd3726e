/* Widths on a terminal, and Python's repr(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/unicode.h"

static void assert_repr(struct text text, const char *expected)
{
    struct text_builder builder = {0};
    python_repr(&builder, text);
    assert_string_equal(builder.bytes, expected);
    text_builder_free(&builder);
}

static void repr_as_python_writes_it(void **state)
{
    (void)state;
    assert_repr(TEXT(""), "''");
    assert_repr(TEXT("a.b"), "'a.b'");
    assert_repr(TEXT("it's"), "\"it's\"");
    assert_repr(TEXT("say \"x\""), "'say \"x\"'");
    assert_repr(TEXT("it's \"x\""), "'it\\'s \"x\"'");
    assert_repr(TEXT("\\ \n\r\t"), "'\\\\ \\n\\r\\t'");
    assert_repr((struct text){"\0\x1F\x7F", 3}, "'\\x00\\x1f\\x7f'");
    assert_repr(TEXT("\u00A0\u00AD\u00E9"), "'\\xa0\\xad\u00E9'");
    assert_repr(TEXT("\u202E\u2028\u3000\uFEFF"), "'\\u202e\\u2028\\u3000\\ufeff'");
    assert_repr(TEXT("\u65E5\U0001F600\U000E0001"), "'\u65E5\U0001F600\\U000e0001'");
    assert_repr(TEXT("\xED\xA0\xBDx\xED\xBF\xBF"), "'\\ud83dx\\udfff'"); /* lone surrogates */
    assert_repr(TEXT("\xFF\xED\xA0"), "'\\xff\\xed\\xa0'");
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(unicode_width('a'), 1);
    assert_int_equal(unicode_width(0xE9), 1);
    assert_int_equal(unicode_width(0x300), 0);  /* a combining accent */
    assert_int_equal(unicode_width(0x200D), 0); /* a joiner */
    assert_int_equal(unicode_width(0x65E5), 2);
    assert_int_equal(unicode_width(0xFF21), 2); /* a fullwidth letter */
    assert_int_equal(unicode_width(0xFF71), 1); /* a halfwidth one */
    assert_int_equal(unicode_width(0x1F600), 2);
    assert_int_equal(unicode_width(0x10FFFF), 1);
}

static void printable_characters(void **state)
{
    (void)state;
    static const uint32_t shown[] = {' ', '~', 0xA1, 0xE9, 0x65E5, 0x1F600},
                          hidden[] = {0,      0x1F,   0x7F,   0x9F,   0xA0,   0xAD,
                                      0x200B, 0x2028, 0x202E, 0xD800, 0xE000, 0x10FFFF};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        assert_true(unicode_is_printable(shown[i]));
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_false(unicode_is_printable(hidden[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repr_as_python_writes_it),
        cmocka_unit_test(widths),
        cmocka_unit_test(printable_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
