/* What Python is lowered to (syntax/python.h).  tests/oracle/syntax_compare.py compares with CPython at length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "syntax/python.h"

static struct python_file *split_bytes(struct text bytes)
{
    struct source source;
    source_from_bytes(&source, bytes, TEXT("test.py"));
    return python_file_split(&source);
}

/* ---- nodes as text ---- */

static void show(const struct ast *ast, uint32_t number, struct text_builder *out);

static void show_list(const struct ast *ast, uint32_t list, struct text_builder *out)
{
    text_builder_addf(out, "[");
    for (uint32_t i = 0; i < ast_list_count(ast, list); i++) {
        text_builder_addf(out, "%s", i ? " " : "");
        show(ast, ast_list_item(ast, list, i), out);
    }
    text_builder_addf(out, "]");
}

static void show_three(const struct ast *ast, struct ast_node node, struct text_builder *out)
{
    const uint32_t parts[] = {node.a, node.b, node.c};
    for (int i = 0; i < 3; i++) {
        if (i < 2 || parts[i]) {
            text_builder_addf(out, " ");
            show(ast, parts[i], out);
        }
    }
}

/* The kinds that the tests below look at. */
static void show(const struct ast *ast, uint32_t number, struct text_builder *out)
{
    struct ast_node node = ast->nodes[number];
    switch ((enum ast_kind)node.kind) {
    case AST_NOTHING: text_builder_addf(out, "-"); return;
    case AST_NAME: text_builder_addf(out, "%.*s", TEXT_ARGS(ast->strings[node.a])); return;
    case AST_LOCAL: text_builder_addf(out, "%.*s#%u", TEXT_ARGS(ast->strings[node.a]), node.b); return;
    case AST_INT: text_builder_addf(out, "%lld", (long long)((uint64_t)node.b << 32 | node.a)); return;
    case AST_BIG_INT: text_builder_addf(out, "big %.*s", TEXT_ARGS(ast->strings[node.a])); return;
    case AST_FLOAT: text_builder_addf(out, "%g", ast->floats[node.a]); return;
    case AST_STRING: text_builder_addf(out, "'%.*s'", TEXT_ARGS(ast->strings[node.a])); return;
    case AST_BYTES: text_builder_addf(out, "b'%.*s'", TEXT_ARGS(ast->strings[node.a])); return;
    case AST_UNSUPPORTED: text_builder_addf(out, "unsupported %.*s", TEXT_ARGS(ast->strings[node.a])); return;
    default: break;
    }
    text_builder_addf(out, "(%s", ast_kind_name((enum ast_kind)node.kind));
    switch ((enum ast_kind)node.kind) {
    case AST_UNARY:
    case AST_BINARY:
    case AST_AUGMENT:
        text_builder_addf(out, " %s", ast_operator_text((enum ast_operator)node.op));
        show_three(ast, node, out);
        break;
    case AST_FORMAT:
        text_builder_addf(out, " %c", node.op ? node.op : '-');
        show_three(ast, node, out);
        break;
    case AST_COMPARE:
        text_builder_addf(out, " ");
        show(ast, node.a, out);
        for (uint32_t i = 0; i < ast_list_count(ast, node.b); i += 2) {
            text_builder_addf(out, " %s ", ast_operator_text((enum ast_operator)ast_list_item(ast, node.b, i)));
            show(ast, ast_list_item(ast, node.b, i + 1), out);
        }
        break;
    case AST_ATTRIBUTE:
        text_builder_addf(out, " ");
        show(ast, node.a, out);
        text_builder_addf(out, " %.*s", TEXT_ARGS(ast->strings[node.b]));
        break;
    case AST_KEYWORD:
        text_builder_addf(out, " %.*s ", TEXT_ARGS(ast->strings[node.a]));
        show(ast, node.b, out);
        break;
    case AST_CALL:
        text_builder_addf(out, " ");
        show(ast, node.a, out);
        text_builder_addf(out, " ");
        show_list(ast, node.b, out);
        break;
    case AST_TUPLE:
    case AST_LIST:
    case AST_SET:
    case AST_DICT:
    case AST_FSTRING:
    case AST_DELETE:
        text_builder_addf(out, " ");
        show_list(ast, node.a, out);
        break;
    case AST_ASSIGN:
        text_builder_addf(out, " ");
        show_list(ast, node.a, out);
        text_builder_addf(out, " ");
        show(ast, node.b, out);
        break;
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR:
    case AST_DICT_COMP:
        text_builder_addf(out, " ");
        show(ast, node.a, out);
        text_builder_addf(out, " ");
        show_list(ast, node.b, out);
        break;
    case AST_CLAUSE:
        text_builder_addf(out, " ");
        show(ast, node.a, out);
        text_builder_addf(out, " ");
        show(ast, node.b, out);
        text_builder_addf(out, " ");
        show_list(ast, node.c, out);
        break;
    case AST_LAMBDA:
        text_builder_addf(out, " ");
        show_list(ast, ast->functions[node.a].body, out);
        break;
    case AST_GLOBAL:
        for (uint32_t i = 0; i < ast_list_count(ast, node.a); i++)
            text_builder_addf(out, " %.*s", TEXT_ARGS(ast->strings[ast_list_item(ast, node.a, i)]));
        break;
    case AST_IF:
        text_builder_addf(out, " ");
        show(ast, node.a, out);
        text_builder_addf(out, " ");
        show_list(ast, node.b, out);
        text_builder_addf(out, " ");
        show_list(ast, node.c, out);
        break;
    default: show_three(ast, node, out); break;
    }
    text_builder_addf(out, ")");
}

static void check_show(const struct ast *ast, uint32_t node, const char *expected)
{
    struct text_builder out = {0};
    show(ast, node, &out);
    assert_string_equal(out.bytes, expected);
    text_builder_free(&out);
}

/* The first piece of `code`, parsed. */
static void check_statement(const char *code, const char *expected)
{
    struct python_file *file = split_bytes(text_from(code));
    assert_int_equal(python_piece_parse(file, 0), PIECE_PARSED);
    check_show(&file->ast, file->pieces[0].node, expected);
    python_file_free(file);
}

static void check_expression(const char *code, const char *expected)
{
    struct python_file *file = split_bytes(text_from(code));
    assert_int_equal(python_piece_parse(file, 0), PIECE_PARSED);
    assert_int_equal(file->ast.nodes[file->pieces[0].node].kind, AST_EXPRESSION);
    check_show(&file->ast, file->ast.nodes[file->pieces[0].node].a, expected);
    python_file_free(file);
}

static void check_broken(const char *code, const char *trouble)
{
    struct python_file *file = split_bytes(text_from(code));
    assert_int_equal(python_piece_parse(file, 0), PIECE_BROKEN);
    struct text said = file->pieces[0].trouble;
    assert_int_equal(said.length, strlen(trouble));
    assert_memory_equal(said.bytes, trouble, said.length);
    python_file_free(file);
}

/* ---- lowering ---- */

static void test_literals(void **state)
{
    (void)state;
    check_expression("0xFF_FF", "65535");
    check_expression("0o17 + 0b1_01 + 1_000", "(BINARY + (BINARY + 15 5) 1000)");
    check_expression("9223372036854775807", "9223372036854775807");
    check_expression("9223372036854775808", "big 9223372036854775808");
    check_expression("0x1_0000_0000_0000_0000", "big 18446744073709551616");
    check_expression("1e3", "1000");
    check_expression(".5", "0.5");
    check_expression("2j", "unsupported a complex number");
    check_expression("-1", "(UNARY - 1 -)");
    check_expression("1 if 0 else 2j", "(CONDITIONAL 0 1 unsupported a complex number)");
    check_broken("x = 0777\n", "a syntax error: a number of Python 2");
    check_expression("... , None", "(TUPLE [(ELLIPSIS - -) (NONE - -)])");
}

static void test_string_literals(void **state)
{
    (void)state;
    check_expression("x('a' \"b\" r'\\n')", "(CALL x ['ab\\n'])");
    check_expression("x('\\x41\\101\\u00e9\\U0001F600\\q\\'')", "(CALL x ['AA\xc3\xa9\xf0\x9f\x98\x80\\q''])");
    check_expression("x('a\\\nb')", "(CALL x ['ab'])");
    check_expression("x('''a\r\nb''')", "(CALL x ['a\nb'])");
    check_expression("x(b'\\x41\\u0041')", "(CALL x [b'A\\u0041'])");
    check_expression("x(r\"\\\"\")", "(CALL x ['\\\"'])");
    check_expression("x('\\N{DASH}')", "(CALL x [unsupported a string with a character by name])");
    check_expression("f'a{b}c' 'd' f'{e!r:>{f}}{{}}'",
                     "(FSTRING ['a' (FORMAT - b -) 'cd' (FORMAT r e (FSTRING ['>' (FORMAT - f -)])) '{}'])");
    check_expression("f'{ a = }{b=:>4}{c=!s}'",
                     "(FSTRING [' a = ' (FORMAT r a -) 'b=' (FORMAT - b (FSTRING ['>4'])) 'c=' (FORMAT s c -)])");
    check_expression("f'{a[\"b\"]}' f\"{a[\"b\"]}\"",
                     "(FSTRING [(FORMAT - (SUBSCRIPT a 'b') -) (FORMAT - (SUBSCRIPT a 'b') -)])");
    check_expression("f'{a:=10}'", "(FSTRING [(FORMAT - a (FSTRING ['=10']))])");
    check_expression("f''", "(FSTRING [])");
    check_broken("x = 'a' b'b'\n", "a syntax error: bytes and text side by side");
}

static void test_expressions(void **state)
{
    (void)state;
    check_expression("a < b <= c is not d not in e", "(COMPARE a < b <= c is not d not in e)");
    check_expression("a or b and not c", "(OR a (AND b (UNARY not c -)))");
    check_expression("a if b else c if d else e", "(CONDITIONAL b a (CONDITIONAL d c e))");
    check_expression("a ^ b & c", "(BINARY ^ a (BINARY & b c))");
    check_expression("a & b ^ c & d ^ e | f", "(BINARY | (BINARY ^ (BINARY ^ (BINARY & a b) (BINARY & c d)) e) f)");
    check_expression("-a ** -b", "(UNARY - (BINARY ** a (UNARY - b -)) -)");
    check_expression("f(*a(b), *c.d, e=1, **g)",
                     "(CALL f [(STARRED (CALL a [b]) -) (STARRED (ATTRIBUTE c d) -) (KEYWORD e 1) (DOUBLE_STAR g -)])");
    check_expression("f(x for x in y)", "(CALL f [(GENERATOR x#0 [(CLAUSE x#0 y [])])])");
    check_expression("a[1:2, ::3, ...]", "(SUBSCRIPT a (TUPLE [(SLICE 1 2) (SLICE - - 3) (ELLIPSIS - -)]))");
    check_expression("a[b,]", "(SUBSCRIPT a (TUPLE [b]))");
    check_expression("a[*b]", "(SUBSCRIPT a (TUPLE [(STARRED b -)]))");
    check_expression("{**a, 'b': 1}", "(DICT [- a 'b' 1])");
    check_expression("{a, *b}", "(SET [a (STARRED b -)])");
    check_expression("(), (a,), (a), []", "(TUPLE [(TUPLE []) (TUPLE [a]) a (LIST [])])");
    check_expression("a @ b // c << d", "(BINARY << (BINARY // (BINARY @ a b) c) d)");
    check_statement("a: x | y | None = 1\n", "(ANNOTATE a (BINARY | (BINARY | x y) (NONE - -)) 1)");
    check_statement("a: dict[str, tuple[int, ...]]\n",
                    "(ANNOTATE a (SUBSCRIPT dict (TUPLE [str (SUBSCRIPT tuple (TUPLE [int (ELLIPSIS - -)]))])))");
}

static void test_statements(void **state)
{
    (void)state;
    check_statement("a = b = c, d\n", "(ASSIGN [a b] (TUPLE [c d]))");
    check_statement("(a), [b, *c] = d\n", "(ASSIGN [(TUPLE [a (LIST [b (STARRED c -)])])] d)");
    check_statement("a.b[c] //= d\n", "(AUGMENT // (SUBSCRIPT (ATTRIBUTE a b) c) d)");
    check_statement("del a, b[c]\n", "(DELETE [a (SUBSCRIPT b c)])");
    check_statement("type(a).b = c\n", "(ASSIGN [(ATTRIBUTE (CALL type [a]) b)] c)");
    check_statement("if a: b\nelif c: d\nelse: e\n",
                    "(IF a [(EXPRESSION b -)] [(IF c [(EXPRESSION d -)] [(EXPRESSION e -)])])");
    check_statement("print\n", "(EXPRESSION print -)");
    check_broken("if a:\n# no body\n", "a syntax error: an indented block is missing");
    check_broken("x = = 1\n", "a syntax error");
    check_broken("f(x) = 1\n", "a syntax error");
    check_broken("def f(a, b, a): pass\n", "a syntax error: two parameters of one name");
    check_broken("f = lambda a, *a: a\n", "a syntax error: two parameters of one name");
    check_broken("def f(a=1, b): pass\n", "a syntax error: a parameter without a default behind one with a default");
    check_broken("f(a=1, b=2, a=3)\n", "a syntax error: a keyword argument that is given twice");
    check_broken("for f(x) in y: pass\n", "a syntax error");
    check_broken("match a:\n  case b: pass\n  case 1: pass\n", "a syntax error: a pattern that nothing passes");
    check_broken("match a:\n  case _ | 1: pass\n", "a syntax error: a pattern that nothing passes");
    check_broken("match a:\n  case [b, b]: pass\n", "a syntax error: the names of a pattern");
    check_broken("match a:\n  case [b] | [c]: pass\n", "a syntax error: the names of a pattern");
    check_broken("match a:\n  case [*b, *c]: pass\n", "a syntax error: several stars in a pattern");
    check_broken("match a:\n  case A(b=1, c): pass\n", "a syntax error: a positional pattern behind a keyword");
    check_broken("match a:\n  case {b: 1}: pass\n", "a syntax error: a key of a mapping pattern");
    check_broken("match a:\n  case {**b, 'c': 1}: pass\n", "a syntax error: a key of a mapping pattern");
    check_broken("match a:\n  case 1 as _: pass\n", "a syntax error: `_` as a target");
    check_broken("match a:\n  case f'b': pass\n", "a syntax error: a pattern of this form");
    check_broken("with a as f(x): pass\n", "a syntax error: this cannot be assigned to");
    check_broken("  x = 1\n", "a syntax error: an indentation that does not fit");
    check_broken("x = 1\n  y = 2\n", "a syntax error: an indentation that does not fit");
    check_broken("class A\n  x = 1\n", "a syntax error: a colon is missing");
}

/* The slots of the function that the first piece defines, as text. */
static void check_function(const char *code, const char *slots, uint32_t flags, const char *body)
{
    struct python_file *file = split_bytes(text_from(code));
    assert_int_equal(python_piece_parse(file, 0), PIECE_PARSED);
    const struct ast *ast = &file->ast;
    struct ast_node node = ast->nodes[file->pieces[0].node];
    assert_int_equal(node.kind, AST_FUNCTION);
    struct ast_function function = ast->functions[node.a];
    struct text_builder out = {0};
    for (uint32_t i = 0; i < function.local_count; i++) {
        struct text name = ast->strings[ast->locals[function.first_local + i]];
        text_builder_addf(&out, "%s%.*s", i ? " " : "", TEXT_ARGS(name));
    }
    text_builder_addf(&out, "|");
    for (uint32_t i = 0; i < ast_list_count(ast, function.body); i++)
        show(ast, ast_list_item(ast, function.body, i), &out);
    char expected[1000];
    snprintf(expected, sizeof expected, "%s|%s", slots, body);
    assert_string_equal(out.bytes, expected);
    assert_int_equal(function.flags, flags);
    text_builder_free(&out);
    python_file_free(file);
}

static void test_scopes(void **state)
{
    (void)state;
    check_function("def f(a, /, b, *c, d, **e):\n  g = a\n  h\n", "a b c d e g", 0,
                   "(ASSIGN [g#5] a#0)(EXPRESSION h -)");
    check_function("def f():\n  global a\n  a = b\n  b = 1\n", "b", 0, "(GLOBAL a)(ASSIGN [a] b#0)(ASSIGN [b#0] 1)");
    check_function("def f(x):\n  return [x for x in x if y]\n", "x x", 0,
                   "(RETURN (LIST_COMP x#1 [(CLAUSE x#1 x#0 [y])]) -)");
    check_function("def f():\n  return [a for a in b for b in a], a\n", "a b", 0,
                   "(RETURN (TUPLE [(LIST_COMP a#0 [(CLAUSE a#0 b []) (CLAUSE b#1 a#0 [])]) a]) -)");
    check_function("def f():\n  a = [[a for a in b] for b in c]\n", "a b a", 0,
                   "(ASSIGN [a#0] (LIST_COMP (LIST_COMP a#2 [(CLAUSE a#2 b#1 [])]) [(CLAUSE b#1 c [])]))");
    check_function("def f():\n  return [w := a for a in b], w\n", "w a", 0,
                   "(RETURN (TUPLE [(LIST_COMP (NAMED w#0 a#1) [(CLAUSE a#1 b [])]) w#0]) -)");
    check_function("def f(a):\n  return lambda b: a + b\n", "a", FUNCTION_HAS_INNER,
                   "(RETURN (LAMBDA [(RETURN (BINARY + a b#0) -)]) -)");
    check_function("def f(self):\n  return super().g\n", "self", FUNCTION_USES_SUPER,
                   "(RETURN (ATTRIBUTE (CALL super []) g) -)");
    check_function("def f():\n  x = yield\n", "x", FUNCTION_GENERATOR, "(ASSIGN [x#0] (YIELD - -))");
    check_function("async def f():\n  return lambda: (yield)\n", "", FUNCTION_ASYNC | FUNCTION_HAS_INNER,
                   "(RETURN (LAMBDA [(RETURN (YIELD - -) -)]) -)");
    check_function("def f(a: a, b=a) -> b: ...\n", "a b", 0, "(EXPRESSION (ELLIPSIS - -) -)");
}

/* Slots of nested definitions, imports, handlers and patterns. */
static void test_bindings(void **state)
{
    (void)state;
    struct python_file *file =
        split_bytes(TEXT("def f():\n  import a.b, c as d\n  from e import g as h, i\n  try: pass\n  except j as k: "
                         "pass\n  with l as (m, n): pass\n"
                         "  for o in p: pass\n  def q(): nonlocal h\n  class r: s = [t for t in u]\n  del v\n"
                         "  match w:\n    case {'x': x, **y}: pass\n    case [z, *aa] if ab: ac = 1\n"));
    assert_int_equal(python_piece_parse(file, 0), PIECE_PARSED);
    const struct ast *ast = &file->ast;
    struct ast_function function = ast->functions[ast->nodes[file->pieces[0].node].a];
    struct text_builder out = {0};
    for (uint32_t i = 0; i < function.local_count; i++) {
        struct text name = ast->strings[ast->locals[function.first_local + i]];
        text_builder_addf(&out, " %.*s", TEXT_ARGS(name));
    }
    assert_string_equal(out.bytes, " a d h i k m n o q r v x y z aa ac");
    text_builder_free(&out);
    assert_int_equal(ast->class_count, 1);
    assert_int_equal(ast->classes[0].local_count, 1); /* t */
    struct ast_node import = ast->nodes[ast_list_item(ast, function.body, 0)];
    assert_int_equal(ast->nodes[ast_list_item(ast, import.a, 0)].c, 1);
    assert_int_equal(ast->nodes[ast_list_item(ast, import.a, 1)].c, 2);
    python_file_free(file);
}

static void test_class_pieces(void **state)
{
    (void)state;
    struct python_file *file = split_bytes(
        TEXT("@d\nclass A(B, m=C):\n    def f(self): return 1\n    x = [i for i in y]\n    class I:\n        z = 1\n"));
    assert_int_equal(python_piece_parse(file, 0), PIECE_PARSED);
    const struct ast *ast = &file->ast;
    struct ast_node node = ast->nodes[file->pieces[0].node];
    assert_int_equal(node.kind, AST_CLASS);
    assert_int_equal(ast_list_count(ast, node.b), 1);
    assert_int_equal(ast->classes[node.a].piece, 1);
    assert_int_equal(ast->classes[node.a].body, 0);
    assert_int_equal(ast_list_count(ast, ast->classes[node.a].arguments), 2);

    python_class_split(file, 0);
    python_class_split(file, 0);
    assert_int_equal(file->pieces[0].member_count, 3);
    uint32_t member = file->pieces[0].first_member;
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(python_piece_parse(file, member + i), PIECE_PARSED);
    node = file->ast.nodes[file->pieces[member].node];
    assert_int_equal(node.kind, AST_FUNCTION);
    struct ast_function function = file->ast.functions[node.a];
    assert_memory_equal(file->source.bytes.bytes + function.at, "def f(self): return 1", function.end - function.at);
    assert_int_equal(file->pieces[member + 1].scope_local_count, 1);
    node = file->ast.nodes[file->pieces[member + 2].node];
    assert_int_equal(file->ast.classes[node.a].piece, 0);
    assert_int_equal(ast_list_count(&file->ast, file->ast.classes[node.a].body), 1);
    python_file_free(file);
}

static void test_questions(void **state)
{
    (void)state;
    struct python_file *file =
        split_bytes(TEXT("if a:\n  import b.c\n  d.e = [f := g]\n  h.i()\nelse:\n  def j(): k = 1\n"));
    assert_true(python_piece_mentions(file, 0, TEXT("b")));
    assert_true(python_piece_mentions(file, 0, TEXT("k")));
    assert_false(python_piece_mentions(file, 0, TEXT("els")));
    assert_false(python_piece_mentions(file, 0, TEXT("")));
    assert_int_equal(file->pieces[0].name_count, 0);
    assert_int_equal(python_piece_parse(file, 0), PIECE_PARSED);
    static const char *const names[] = {"b", "d", "f", "h", "j"};
    assert_int_equal(file->pieces[0].name_count, 5);
    for (uint32_t i = 0; i < 5; i++)
        assert_true(text_equal(file->ast.strings[file->names[file->pieces[0].first_name + i]], text_from(names[i])));
    assert_int_equal(python_string_find(file, TEXT("never")), UINT32_MAX);
    assert_true(python_string_find(file, TEXT("j")) != UINT32_MAX);
    python_file_free(file);
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

static enum piece_state parsed_state(char *code)
{
    struct python_file *file = split_bytes(text_from(code));
    enum piece_state state = python_piece_parse(file, 0);
    python_file_free(file);
    free(code);
    return state;
}

static void test_bounds(void **state)
{
    (void)state;
    char *close = repeated("", "]", LIMIT_NESTING, "\n");
    assert_int_equal(parsed_state(repeated("x = ", "[", LIMIT_NESTING, close)), PIECE_PARSED);
    assert_int_equal(parsed_state(repeated("x = [", "[", LIMIT_NESTING, "]\n")), PIECE_BROKEN);
    free(close);
    assert_int_equal(parsed_state(repeated("x = ", "a + ", LIMIT_LOWER_DEPTH - 4, "a\n")), PIECE_PARSED);
    assert_int_equal(parsed_state(repeated("x = ", "a + ", LIMIT_LOWER_DEPTH + 1, "a\n")), PIECE_BROKEN);
    assert_int_equal(parsed_state(repeated("if a: pass\n", "elif a: pass\n", LIMIT_LOWER_DEPTH - 10, "")),
                     PIECE_PARSED);
    assert_int_equal(parsed_state(repeated("if a: pass\n", "elif a: pass\n", LIMIT_LOWER_DEPTH, "")), PIECE_BROKEN);
    assert_int_equal(parsed_state(repeated("x = '", "a", LIMIT_PIECE_BYTES - 8, "'\n")), PIECE_PARSED);
    assert_int_equal(parsed_state(repeated("x = '", "a", LIMIT_PIECE_BYTES, "'\n")), PIECE_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals),     cmocka_unit_test(test_string_literals), cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_statements),   cmocka_unit_test(test_scopes),          cmocka_unit_test(test_bindings),
        cmocka_unit_test(test_class_pieces), cmocka_unit_test(test_questions),       cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
