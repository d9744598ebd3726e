/*
 * Plain Python is read without tree-sitter, and comes out the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "syntax/python_plain.h"

static struct python_file *file_of(const char *before, const char *text)
{
    struct text_builder builder = {0};
    struct source source;
    text_builder_add(&builder, text_from(before));
    text_builder_add(&builder, text_from(text));
    source_from_bytes(&source, text_builder_text(&builder), TEXT("test.py"));
    text_builder_free(&builder);
    return python_file_split(&source);
}

static bool is_plain(struct python_file *file, uint32_t piece)
{
    bool is_header = file->pieces[piece].kind == PIECE_CLASS;
    uint32_t end = is_header ? python_class_header_end(file, piece) : file->pieces[piece].end;
    python_parser_of(file);
    return plain_read(file, file->pieces[piece].start, end, is_header);
}

/* tree-sitter reads what follows a form feed, which is not plain; everything is one byte later there. */
static void same_both_ways(const char *text)
{
    struct python_file *plain = file_of("", text), *other = file_of("\f", text);
    if (plain->piece_count != 1 || !is_plain(plain, 0) || is_plain(other, 0))
        fail_msg("not plain: %s", text);
    if (python_piece_parse(plain, 0) != PIECE_PARSED || python_piece_parse(other, 0) != PIECE_PARSED)
        fail_msg("not parsed: %s", text);
    if (plain->ast.node_count != other->ast.node_count || plain->ast.string_count != other->ast.string_count)
        fail_msg("another number of nodes or strings: %s", text);
    for (size_t i = 1; i < plain->ast.node_count; i++) {
        struct ast_node a = plain->ast.nodes[i], b = other->ast.nodes[i];
        if (a.kind != b.kind || a.op != b.op || a.a != b.a || a.b != b.b || a.c != b.c || a.at + 1 != b.at)
            fail_msg("node %zu is %s at %u or %s at %u: %s", i, ast_kind_name(a.kind), a.at, ast_kind_name(b.kind),
                     b.at, text);
    }
    for (size_t i = 0; i < plain->ast.string_count; i++)
        assert_true(text_equal(plain->ast.strings[i], other->ast.strings[i]));
    python_file_free(plain);
    python_file_free(other);
}

static void test_same(void **state)
{
    static const char *const texts[] = {
        "import a, b.c as d\n",
        "from .. import e\n",
        "from __future__ import annotations\n",
        "x = 10_000.5_0e1_0 + 1_0\n",
        "from ...a.b import (c as d, e,)\n",
        "from a import *  # all\n",
        "x = y = 1, *z\n",
        "x: dict[str, int | None] = {'a': 1, **b}\n",
        "x.y[1:2, ::-1, ...] += 0x1F - -1.5e-3 ** 2 // 3\n",
        "a, (b, *c), [d.e] = f\n",
        "x = a or b and not c is not d not in e < f | g ^ h << 1 @ j\n",
        "x = [a for b, c in d if e if not f for g in h] + [*i]\n",
        "x = {a: b for a, b in c}, {d for d in e}, {f, g}, {}, (), (h,), (i)\n",
        "x = f(*a, b=c, **d)(e for e in g).h[i if j else k]\n",
        "x = lambda: 0, lambda a, *b, c=1, **d: (yield a)\n",
        "x = f'{a!r}{{}}{b[\"c\"]:>10}' \"d\\n\" r'\\e' if (n := 1) else '''f\ng'''\n",
        "def f(a, /, b: int = 1, *, c=2, **d) -> list[int]:\n"
        "    '''A line'''\n"
        "    global e; nonlocal_ = 1\n"
        "\n"
        "    # a comment\n"
        "    for g, h in i:\n"
        "        if g: continue\n"
        "        elif h == \\\n"
        "            1:\n"
        "            break\n"
        "        else:\n"
        "            pass\n"
        "    else:\n"
        "        del a[0], b\n"
        "    while c:\n"
        "        assert d, 'no'\n"
        "    with open(e) as f, g:\n"
        "        raise ValueError(f'{h}') from None\n"
        "    try:\n"
        "        import i\n"
        "    except (A, B) as j:\n"
        "        return j, 1\n"
        "    except:\n"
        "        raise\n"
        "    else:\n"
        "        yield from k\n"
        "    finally:\n"
        "        yield\n",
        "@a.b(c)\n@d\nclass E(F, metaclass=G):\n",
        "if a:\n    class B:\n        c = 1\n        def d(self): return super().d()\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        same_both_ways(texts[i]);
}

/* What the reader leaves to tree-sitter: what is rare, and everything that is wrong. */
static void test_refused(void **state)
{
    static const char *const texts[] = {
        "async def f(): pass\n",
        "match a:\n    case 1: pass\n",
        "type A = int\n",
        "print(1)\n",
        "x = 1__0\n",
        "x = 1j\n",
        "x = 1_\n",
        "x = 1e_1\n",
        "x = 0o17\n",
        "x = \xc3\xa9\n",
        "if a:\n\tb\n",
        "x = f'{a=}'\n",
        "x = f'{a:{b}}'\n",
        "with (a, b): pass\n",
        "x = t'a'\n",
        "x = a b\n",
        "x = (a\n",
        "f(a) = 1\n",
        "x = [a, b\n",
        "x = 'a\n",
        "x = a +\n",
        "x = not\n",
        "def f(a b): pass\n",
        "def f():\n        a\n    b\n",
        "if a:\nb\n",
        "x = *a\n",
        "(a) = 1\n",
        "from a import\n",
        "from a import b,\n",
        "x = 1 if 2\n",
        "x = a.1\n",
        "x = {a: b, c}\n",
        "x = {**a for a in b}\n",
        "f(a for a in b, c)\n",
        "f(a.b=1)\n",
        "x = 1a\n",
        "x = a not b\n",
        "for a + b in c: pass\n",
        "try:\n    a\nexcept* B:\n    c\n",
        "x = 'a' if b else\n",
        "@a\nx = 1\n",
        "x = f'{a'\n",
        "x = f'}'\n",
        "a += b += c\n",
        "a: b = c = d\n",
        "a, b: int\n",
        "x = a if b else c := 1\n",
        "x = $\n",
        "lambda a: b: c\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct python_file *file = file_of("", texts[i]);
        if (is_plain(file, 0))
            fail_msg("taken for plain: %s", texts[i]);
        python_file_free(file);
    }
}

/* Depth and the length of chains are bounded; beyond, tree-sitter says what is to be said. */
static void test_bounds(void **state)
{
    static const struct {
        const char *before, *repeated, *after;
        unsigned few, many;
    } cases[] = {
        {"x = a", ".b", "\n", 100, 1000},      {"x = ", "not ", "a\n", 60, 1000},
        {"x = ", "- ", "a\n", 60, 1000},       {"x = ", "(", "a\n", 0, 1000},
        {"x = ", "lambda: ", "a\n", 60, 1000}, {"x = ", "a if b else ", "c\n", 60, 1000},
        {"", "x = ", "c\n", 60, 1000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int is_many = 0; is_many < 2; is_many++) {
            struct text_builder builder = {0};
            for (unsigned j = 0; j < (is_many ? cases[i].many : cases[i].few); j++)
                text_builder_add(&builder, text_from(cases[i].repeated));
            text_builder_add(&builder, text_from(cases[i].after));
            text_builder_add(&builder, (struct text){"", 1});
            struct python_file *file = file_of(cases[i].before, text_builder_text(&builder).bytes);
            text_builder_free(&builder);
            assert_int_equal(is_plain(file, 0), !is_many);
            python_file_free(file);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
