/* Whether all of a file parses (syntax/python.h): CPython was asked the same of every text here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "syntax/python.h"

/* "" or "LINE: trouble". */
static void check_text(struct text code, const char *expected)
{
    struct source source;
    source_from_bytes(&source, code, TEXT("test.py"));
    struct python_file *file = python_file_split(&source);
    char said[200] = "";
    for (int again = 0; again < 2; again++) {
        bool parses = python_file_parses(file);
        assert_int_equal(parses, *expected == 0);
        if (!parses)
            snprintf(said, sizeof said, "%u: %.*s", source_place(&file->source, file->whole_trouble_at).line,
                     TEXT_ARGS(file->whole_trouble));
        assert_string_equal(said, expected);
    }
    python_file_free(file);
}

static void check(const char *code, const char *expected)
{
    check_text(text_from(code), expected);
}

#define STAR "a syntax error: a star too many"
#define COLON "a syntax error: a colon too many"
#define ODD "a syntax error: an indentation that does not fit"
#define NO_BLOCK "a syntax error: an indented block is missing"

static void test_what_parses(void **state)
{
    (void)state;
    check("", "");
    check("\"\"\"words\"\"\"\nimport a\n\n\nclass A(b):\n    \"\"\"words\"\"\"\n\n    c = 1\n\n    def d(self): return 1\n", "");
    check("class A: pass\n", "");
    check("class A:\n\n    # words\n  # less\n    b: int\n", "");
    check("if a:\n    b\nelif c:\n  d\nelse: e\n", "");
    check("def f(\na,\n  b):\n        return a\n\n# words\n        return b\n", "");
    check("if a := b:\n    c\nwhile lambda: d:\n    e: int = 3\nfor f in g[1:2]:\n    if h: i: j = 1; k: l\n    else: m: n[o:p]\n", "");
    check("a(*b.c(), *d + e, *f[0])\n*g, h = *i.j(k), l\nm = [*n or o, *-p]\n", "");
    check("def f(*a: *b, c: D[*e]):\n    pass\n", "");
    check("match a:\n    case 1:\n        b\n    case _:\n        c\n", "");
    check("x = 1; y = 2\nprint(x)\n", "");
    check("try:\n\ta\nexcept b:\n\tc\n", "");
    check("a = lambda: 0\nb = {1:\n2}\nc = a[1:\n]\n", "");
}

static void test_what_does_not(void **state)
{
    (void)state;
    check("a = 1\n    b = 2\n", "2: " ODD);
    check("    a = 1\n", "1: " ODD);
    check("def f():\nreturn 1\n", "1: " NO_BLOCK);
    check("def f():\n        a\n    b\n", "3: " ODD);
    check("def f():\n    a\n      b\n", "3: " ODD);
    check("class A:\n    a = 1\n      b = 2\n", "3: " ODD);
    check("class A:\n    def f(self):\n        if a:\n        b\n", "4: " NO_BLOCK);
    check("class A:\n    'a'\n\n        b = 2\n    def c(self): pass\n", "4: " ODD);
    check("'a'\n  b\nc = 2\n", "2: " ODD);
    check("class A:\n    def f(self):\n    \n    def g(self):\n        pass\n", "2: " NO_BLOCK);
    check("class A:\n\nb = 1\n", "1: a syntax error: a class without a body");
    check("class A\n    b = 1\n", "1: a syntax error: a colon is missing");
    check("a: b: c = 3\n", "1: " COLON);
    check("def f(a: b: c = 3): pass\n", "1: " COLON);
    check("class A:\n    a: b | c: d = 3\n", "2: " COLON);
    check("class A:\n    def f(self):\n        if a is b:c:\n            self.d = e(\"f\", 3)\n", "3: " COLON);
    check("if a:\n    b:\n        c\n", "2: " COLON);
    check("a = b / *c()\n", "1: " STAR);
    check("def f(a: **b):\n    pass\n", "1: " STAR);
    check("def f(a: *b):\n    pass\n", "1: " STAR);
    check("a: *b = 3\n", "1: " STAR);
    check("def f(self):\n    self.a/*b()\n", "2: " STAR);
    check("a(-*b, not *c)\n", "1: " STAR);
    check("a = (1\n", "1: a bracket that is not closed");
    check("a = 'b\n", "1: a string that is not closed");
    check("def unused():\n    return = 1\n", "2: a syntax error");
    check("class A:\n    def unused(self):\n        x y\n", "3: a syntax error");
    check("else:\n    a\n", "1: a syntax error");
    check_text(TEXT("a = 1\n\0"), "2: a NUL byte");
}

static void nested_blocks(struct text_builder *code, int depth)
{
    for (int i = 0; i < depth; i++) {
        for (int k = 0; k < i; k++)
            text_builder_add(code, TEXT(" "));
        text_builder_add(code, i + 1 < depth ? TEXT("if a:\n") : TEXT("match = a\n"));
    }
}

static void test_blocks_in_blocks(void **state)
{
    (void)state;
    struct text_builder code = {0};
    nested_blocks(&code, LIMIT_BLOCKS);
    check_text(text_builder_text(&code), "");
    text_builder_free(&code);
    code = (struct text_builder){0};
    nested_blocks(&code, LIMIT_BLOCKS + 1);
    check_text(text_builder_text(&code), "101: blocks nested too deeply");
    text_builder_free(&code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_parses),
        cmocka_unit_test(test_what_does_not),
        cmocka_unit_test(test_blocks_in_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
