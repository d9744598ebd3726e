/* Where Python's statements start and end, and what they bind (syntax/python.h), without parsing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "syntax/python.h"
#include "syntax/python_marks.h"

static struct python_file *split_bytes(struct text bytes)
{
    struct source source;
    source_from_bytes(&source, bytes, TEXT("test.py"));
    return python_file_split(&source);
}

/* ---- pieces as text: "assign(x,y) from 1 to 2" joined by "; " ---- */

static void show_piece(struct python_file *file, uint32_t number, struct text_builder *out)
{
    static const char *const kinds[] = {"function", "class", "import", "from", "assign", "effect", "block", "other"};
    const struct python_piece *piece = &file->pieces[number];
    struct python_piece copy = *piece;
    if (out->length)
        text_builder_addf(out, "; ");
    text_builder_addf(out, "%s%s%s%s", kinds[copy.kind], copy.annotated ? ":" : "", copy.valued ? "=" : "",
                      copy.docstring ? "\"" : "");
    for (uint32_t i = 0; i < copy.name_count; i++) {
        struct text name = file->ast.strings[file->names[copy.first_name + i]];
        text_builder_addf(out, "%c%.*s", i ? ',' : '(', TEXT_ARGS(name));
    }
    text_builder_addf(out, "%s %u-%u", copy.name_count ? ")" : "", source_place(&file->source, copy.start).line,
                      source_place(&file->source, copy.end - 1).line);
}

static void check_pieces(const char *code, const char *expected)
{
    struct python_file *file = split_bytes(text_from(code));
    struct text_builder out = {0};
    for (uint32_t i = 0; i < file->piece_count; i++)
        show_piece(file, i, &out);
    if (file->trouble.length)
        text_builder_addf(&out, " !%.*s", TEXT_ARGS(file->trouble));
    text_builder_addf(&out, "%s", "");
    assert_string_equal(out.bytes, expected);
    text_builder_free(&out);
    python_file_free(file);
}

/* The members of the file's first piece. */
static void check_members(const char *code, const char *expected)
{
    struct python_file *file = split_bytes(text_from(code));
    struct text_builder out = {0};
    python_class_split(file, 0);
    for (uint32_t i = 0; i < file->pieces[0].member_count; i++)
        show_piece(file, file->pieces[0].first_member + i, &out);
    if (file->pieces[0].state == PIECE_BROKEN)
        text_builder_addf(&out, " !%.*s", TEXT_ARGS(file->pieces[0].trouble));
    text_builder_addf(&out, "%s", "");
    assert_string_equal(out.bytes, expected);
    text_builder_free(&out);
    python_file_free(file);
}

/* ---- where statements start and end ---- */

static void test_lines(void **state)
{
    (void)state;
    check_pieces("", "");
    check_pieces("# only a comment\n\n", "");
    check_pieces("x = 1", "assign=(x) 1-1");
    check_pieces("x = 1\n\n# c\ny = 2\n", "assign=(x) 1-1; assign=(y) 4-4");
    check_pieces("x = (1,\n2,\n)\ny = 3\n", "assign=(x) 1-3; assign=(y) 4-4");
    check_pieces("x = 1 + \\\n2\ny = 3\n", "assign=(x) 1-2; assign=(y) 3-3");
    check_pieces("x = [ # ] ) '\n]\ny = 3\n", "assign=(x) 1-2; assign=(y) 3-3");
    check_pieces("\xef\xbb\xbfx = 1\n", "assign=(x) 1-1");
    check_pieces("x = 1\r\ny = (2,\r\n3)\r\nz = 4\r\n", "assign=(x) 1-1; assign=(y) 2-3; assign=(z) 4-4");
    check_pieces("x = 1\ry = 2\r", "assign=(x) 1-1; assign=(y) 2-2");
    check_pieces("\f\nx = 1\n\fy = 2\n", "assign=(x) 2-2; assign=(y) 3-3");
    check_pieces("def f():\n\treturn 1\n\n        # c\n\treturn 2\nx = 1\n", "function(f) 1-5; assign=(x) 6-6");
    check_pieces("def f():\n    x = 1\n# left comment\n    y = 2\n# after\nz = 3\n", "function(f) 1-4; assign=(z) 6-6");
}

static void test_strings_hide_code(void **state)
{
    (void)state;
    check_pieces("x = '''\ndef f(): pass\n'''\ny = 1\n", "assign=(x) 1-3; assign=(y) 4-4");
    check_pieces("x = \"\"\"\n\\\"\"\" y = (\n\"\"\"\nz = 1\n", "assign=(x) 1-3; assign=(z) 4-4");
    check_pieces("x = r'\\'\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2 !a string that is not closed");
    check_pieces("x = R'\\\\' '\\'(' # '\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
    check_pieces("x = bR'''\n(''' Rb\"(\" u'(' U\"(\"\nz = 1\n", "assign=(x) 1-2; assign=(z) 3-3");
    check_pieces("x = '\\\n(' \nz = 1\n", "assign=(x) 1-2; assign=(z) 3-3");
    check_pieces("x = '\\\r\n('\r\nz = 1\r\n", "assign=(x) 1-2; assign=(z) 3-3");
    check_pieces("x = ''\ny = \"\"\"\"a\"\"\"\nz = 1\n", "assign=(x) 1-1; assign=(y) 2-2; assign=(z) 3-3");
}

static void test_format_strings(void **state)
{
    (void)state;
    check_pieces("x = f'{a['(']}('\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
    check_pieces("x = F\"{a[\"}\"]}(\" rF'{b:{c!r}(}' \nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
    check_pieces("x = f'{{(' f'}}' f'\\N{LEFT BRACE}{a}'\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
    check_pieces("x = f'''{\na # '''\n}('''\nz = 1\n", "assign=(x) 1-3; assign=(z) 4-4");
    check_pieces("x = f'\\{a}' rf'\\{a}\\''\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
    check_pieces("x = f'{f\"{f'{a}'}\"}('\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
    check_pieces("x = 1 if'(' else 2\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
    check_pieces("x = a_f'('\nz = 1\n", "assign=(x) 1-1; assign=(z) 2-2");
}

static void test_clauses(void **state)
{
    (void)state;
    check_pieces("if x:\n  y\nelif z:\n  y\nelse:\n  y\nw = 1\n", "block 1-6; assign=(w) 7-7");
    check_pieces("try: pass\nexcept A: pass\nelse: pass\nfinally: pass\nw = 1\n", "block 1-4; assign=(w) 5-5");
    check_pieces("try: pass\n# c\n\nexcept* A:\n  pass\nw = 1\n", "block 1-5; assign=(w) 6-6");
    check_pieces("for x in y: pass\nelse: pass\nwhile x: pass\nelse:\n pass\n", "block 1-2; block 3-5");
    check_pieces("if x: y = 1; z = 2\nelse: w = 3\n", "block 1-2");
    check_pieces("with a as b, c:\n pass\nasync with a: pass\nasync for x in y: pass\n",
                 "block 1-2; block 3-3; block 4-4");
    check_pieces("elsewhere = 1\nexcept_ = 2\n", "assign=(elsewhere) 1-1; assign=(except_) 2-2");
}

static void test_definitions(void **state)
{
    (void)state;
    check_pieces("@a(\n1,\n)\n# c\n\n@b\nasync def f(x,\n  y): pass\nz = 1\n", "function(f) 1-8; assign=(z) 9-9");
    check_pieces("@a\nclass A(B): pass\nclass C: x = 1; y = 2\ndef g(): return 1; x\n",
                 "class(A) 1-2; class(C) 3-3; function(g) 4-4");
    check_pieces("@a\nx = 1\n", "other 1-2");
    check_pieces("class A:\n  def f(self):\n    pass\n  x = 1\ndefine = 1\nclassy = 2\n",
                 "class(A) 1-4; assign=(define) 5-5; assign=(classy) 6-6");
}

static void test_soft_keywords(void **state)
{
    (void)state;
    check_pieces("match x:\n  case 1: pass\nmatch = 1\n", "block 1-2; assign=(match) 3-3");
    check_pieces("match (x): # c\n  case 1: pass\n", "block 1-2");
    check_pieces("match(x)\nmatch.y = 1\nmatch[x:1]\n", "effect(match) 1-1; effect=(match) 2-2; effect(match) 3-3");
    check_pieces("type X = int\ntype Y[T] = T\ntype = 1\ntype(x).y = 1\n",
                 "assign=(X) 1-1; assign=(Y) 2-2; assign=(type) 3-3; effect=(type) 4-4");
    check_pieces("print(x)\nprint = 1\n", "effect(print) 1-1; assign=(print) 2-2");
}

static void test_semicolons(void **state)
{
    (void)state;
    check_pieces("x = 1; y = ';' ;z(';');\nw = 1\n", "assign=(x) 1-1; assign=(y) 1-1; effect(z) 1-1; assign=(w) 2-2");
    check_pieces("import a; from b import c; pass # ; d = 1\n", "import(a) 1-1; from(c) 1-1; other 1-1");
    check_pieces("x = (1;2)\n", "assign=(x) 1-1");
    struct python_file *file = split_bytes(TEXT("x = 1; y = 2\n"));
    assert_int_equal(file->pieces[1].start, 7);
    assert_int_equal(file->pieces[1].keyword, 7);
    assert_int_equal(file->pieces[0].end, 5);
    assert_int_equal(python_piece_parse(file, 0), PIECE_PARSED);
    assert_int_equal(python_piece_parse(file, 1), PIECE_PARSED);
    python_file_free(file);
}

/* ---- names ---- */

static void test_names(void **state)
{
    (void)state;
    check_pieces("import a, b.c as d, e.f\n", "import(a,d,e) 1-1");
    check_pieces("import a . b\n", "import(a) 1-1");
    check_pieces("from . import a\nfrom ..x.y import (b, # c\n c as d,\n)\nfrom z import *\n",
                 "from(a) 1-1; from(b,d) 2-4; from(*) 5-5");
    check_pieces("a = b = c\n(d), [e, *f] = g\nh: int\ni: int = 1\n(j): int = 1\nk += 1\nl <<= 1\nm **= 2\n",
                 "assign=(a,b) 1-1; assign=(d,e,f) 2-2; assign:(h) 3-3; assign:=(i) 4-4; assign:=(j) 5-5; "
                 "assign=(k) 6-6; assign=(l) 7-7; assign=(m) 8-8");
    check_pieces("a.b = 1\na[b] = c.d = 1\na(b).c = 1\na, b.c = 1\na.b: int = 1\na.b += 1\n",
                 "effect=(a) 1-1; effect=(a,c) 2-2; effect=(a) 3-3; effect=(a,b) 4-4; effect:=(a) 5-5; effect=(a) 6-6");
    check_pieces("a = b == c\na = b <= c >= d != e\na = f(b=1)\na = lambda b=1: c\na = {b: c}\n",
                 "assign=(a) 1-1; assign=(a) 2-2; assign=(a) 3-3; assign=(a) 4-4; assign=(a) 5-5");
    check_pieces(
        "a.b(c)\na(b).c()\ndel a, b.c\ndel (a)\n1\nnot a\n-a.b()\n",
        "effect(a) 1-1; effect(a) 2-2; effect(a,b) 3-3; effect(a) 4-4; other 5-5; effect(a) 6-6; effect(a) 7-7");
    check_pieces("a(b := 1)\n(c := 1)\nd = [e := f for f in g]\nx[a:b]\n",
                 "effect(b,a) 1-1; effect(c) 2-2; assign=(d,e) 3-3; effect(x) 4-4");
    check_pieces("'doc'\n'''a''' r'b'\nf'{x}'\n'a'.join(b)\npass\nglobal a\n",
                 "other\" 1-1; other\" 2-2; other 3-3; other 4-4; other 5-5; other 6-6");
}

static void test_members(void **state)
{
    (void)state;
    check_members("class A(b[\n1], c={2: 3}): # c\n\n  '''doc\nx = 1\n'''\n  a: int = 1; b = 2\n\n  # c\n  @p\n  def "
                  "f(self): pass\n"
                  "  if x:\n    c = 1\n  else:\n    c = 2\n# c\n  class I: pass\n",
                  "other\" 4-6; assign:=(a) 7-7; assign=(b) 7-7; function(f) 10-11; block 12-15; class(I) 17-17");
    check_members("class A: a = 1; b = 2\n", "assign=(a) 1-1; assign=(b) 1-1");
    check_members("class A: pass\n", "other 1-1");
    check_members("@d\nclass A[T: (int, str)](lambda: x):\n\tx = 1\n\ty = 2\n", "assign=(x) 3-3; assign=(y) 4-4");
    check_members("class A:\n    x = 1\n  # c\n    y = 2\n", "assign=(x) 2-2; assign=(y) 4-4");
    check_members("class A:\n    x = 1\n  y = 2\n", "assign=(x) 2-2 !a statement that is not indented like its block");
    check_members("class A\n    x = 1\n", "");
}

static void test_trouble(void **state)
{
    (void)state;
    check_pieces("x = (\ny = 1\n", "assign=(x) 1-2 !a bracket that is not closed");
    check_pieces("x = '''\ny = 1\n", "assign=(x) 1-2 !a string that is not closed");
    check_pieces("x = 'a\ny = 1\n", "assign=(x) 1-1; assign=(y) 2-2 !a string that is not closed");
    check_pieces("x = 1)\ny = 1\n", "assign=(x) 1-1; assign=(y) 2-2 !a closing bracket that nothing opened");
    check_pieces("x = '\xff'\n", "assign=(x) 1-1 !bytes that are not UTF-8");
    struct python_file *file = split_bytes((struct text){"x = 1\0\ny = 2\n", 13});
    assert_true(text_equal(file->trouble, TEXT("a NUL byte")));
    assert_int_equal(file->trouble_at, 5);
    python_file_free(file);
}

/* ---- the scanner's blocks ---- */

static void test_marks(void **state)
{
    (void)state;
    static const char needed[] = "\"'()[]{}#\\;\n\r";
    for (const char *byte = needed; *byte; byte++)
        assert_true(is_mark_byte((unsigned char)*byte));
    for (unsigned byte = 0; byte < 256; byte++) {
        for (unsigned at = 0; at < MARK_BLOCK; at++) {
            char block[MARK_BLOCK];
            memset(block, 'x', sizeof block);
            block[at] = (char)byte;
            assert_int_equal(marks_of_block(block), is_mark_byte((unsigned char)byte) ? UINT64_C(1) << at : 0);
        }
    }
    assert_int_equal(lowest_mark(UINT64_C(1) << 63), 63);
}

/* What a statement holds is told alike wherever it lies in a block. */
static void test_block_edges(void **state)
{
    (void)state;
    for (int shift = 1; shift < 140; shift++) {
        char code[400];
        snprintf(code, sizeof code, "x = ('a\\'[', # ]\n '''\n;'''); y = 1\nclass A:\n%*spass\ndef f(): pass", shift, "");
        check_pieces(code, "assign=(x) 1-3; assign=(y) 3-3; class(A) 4-5; function(f) 6-6");
        snprintf(code, sizeof code, "%0*d\nx = ('a\\'[', # ]\n '''\n;'''); y = 1\ndef f():\n return", shift, 1);
        check_pieces(code, "other 1-1; assign=(x) 2-4; assign=(y) 4-4; function(f) 5-6");
    }
}

/* ---- bounds, on both sides ---- */

static char *repeated(const char *before, const char *unit, size_t count, const char *after)
{
    size_t unit_length = strlen(unit), length = strlen(before) + unit_length * count + strlen(after) + 1;
    char *text = memory_alloc(length);
    char *at = stpcpy(text, before);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, unit);
    stpcpy(at, after);
    return text;
}

static void test_bounds(void **state)
{
    (void)state;
    char *code = repeated("", "a;", LIMIT_PIECES + 10, "\n");
    struct python_file *file = split_bytes(text_from(code));
    assert_int_equal(file->piece_count, LIMIT_PIECES);
    assert_true(text_equal(file->trouble, TEXT("too many statements")));
    python_file_free(file);
    free(code);
    code = repeated("", "a\n", LIMIT_PIECES, "");
    file = split_bytes(text_from(code));
    assert_int_equal(file->piece_count, LIMIT_PIECES);
    assert_int_equal(file->trouble.length, 0);
    python_file_free(file);
    free(code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),          cmocka_unit_test(test_strings_hide_code),
        cmocka_unit_test(test_format_strings), cmocka_unit_test(test_clauses),
        cmocka_unit_test(test_definitions),    cmocka_unit_test(test_soft_keywords),
        cmocka_unit_test(test_semicolons),     cmocka_unit_test(test_names),
        cmocka_unit_test(test_members),        cmocka_unit_test(test_trouble),
        cmocka_unit_test(test_marks),          cmocka_unit_test(test_block_edges),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
