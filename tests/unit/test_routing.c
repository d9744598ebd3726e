#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "static_host.h"

/* ---- the files in routing/: each class says its verdict in a comment ---- */

/* "yes: words", "no", "cannot tell: words" */
static struct text verdict_text(struct arena *arena, const struct routing_result *result)
{
    switch (result->verdict) {
    case ROUTING_NO: return TEXT("no");
    case ROUTING_YES: return text_format(arena, "yes: %.*s", TEXT_ARGS(result->words));
    case ROUTING_CANNOT_TELL: return text_format(arena, "cannot tell: %.*s", TEXT_ARGS(result->words));
    }
    return TEXT("");
}

static struct text expected_verdict(const struct python_file *file, const struct python_piece *piece)
{
    static const struct text mark = {"# verdict: ", 11};
    struct text bytes = file->source.bytes;
    for (size_t at = piece->start; at + mark.length < piece->end; at++)
        if (memcmp(bytes.bytes + at, mark.bytes, mark.length) == 0) {
            size_t start = at + mark.length, end = start;
            while (end < piece->end && bytes.bytes[end] != '\n')
                end++;
            return (struct text){bytes.bytes + start, end - start};
        }
    return TEXT("");
}

static unsigned check_class(struct sources *sources, struct python_file *file, uint32_t piece)
{
    static struct static_class class;
    struct arena arena = {0};
    struct routing_result result;
    assert_true(static_class_open(&class, sources, file, piece));
    struct routing_host host = static_host(&class);
    routing_analyse(&host, &arena, &result);
    struct text expected = expected_verdict(file, &file->pieces[piece]);
    struct text found = verdict_text(&arena, &result);
    bool same = text_equal(expected, found);
    if (!same)
        print_message("%.*s\n  expected %.*s\n  found    %.*s\n", TEXT_ARGS(class.mro[0].name), TEXT_ARGS(expected),
                      TEXT_ARGS(found));
    arena_free(&arena);
    return same ? 0 : 1;
}

static void check_file(const char *name)
{
    struct sources *sources = sources_open("tests/unit/routing");
    struct python_file *file = sources_file(sources, text_from(name));
    assert_non_null(file);
    unsigned classes = 0, wrong = 0;
    for (uint32_t i = 0; i < file->piece_count; i++)
        if (file->pieces[i].kind == PIECE_CLASS) {
            classes++;
            wrong += check_class(sources, file, i);
        }
    sources_close(sources);
    assert_true(classes > 5);
    assert_int_equal(wrong, 0);
}

static void test_loops(void **state)
{
    (void)state;
    check_file("loops.py");
}

static void test_branches(void **state)
{
    (void)state;
    check_file("branches.py");
}

static void test_choices(void **state)
{
    (void)state;
    check_file("choices.py");
}

static void test_methods(void **state)
{
    (void)state;
    check_file("methods.py");
}

static void test_containers(void **state)
{
    (void)state;
    check_file("containers.py");
}

/* ---- one class from text ---- */

struct analysis {
    struct sources *sources;
    struct static_class class;
    struct routing_host host;
    struct arena arena;
    struct routing_result result;
};

static struct analysis *analysis_open(struct text code)
{
    struct analysis *analysis = memory_alloc(sizeof *analysis);
    memset(analysis, 0, sizeof *analysis);
    analysis->sources = sources_open(".");
    struct python_file *file = sources_text(analysis->sources, TEXT("block.py"), code);
    uint32_t piece = static_find_class(file, TEXT("Block"));
    assert_int_not_equal(piece, UINT32_MAX);
    assert_true(static_class_open(&analysis->class, analysis->sources, file, piece));
    analysis->host = static_host(&analysis->class);
    return analysis;
}

static void analysis_close(struct analysis *analysis)
{
    arena_free(&analysis->arena);
    sources_close(analysis->sources);
    free(analysis);
}

static enum routing_verdict verdict_of(struct text code)
{
    struct analysis *analysis = analysis_open(code);
    routing_analyse(&analysis->host, &analysis->arena, &analysis->result);
    enum routing_verdict verdict = analysis->result.verdict;
    if (verdict == ROUTING_CANNOT_TELL)
        assert_true(analysis->result.words.length > 0);
    analysis_close(analysis);
    return verdict;
}

#define HEAD                                                                                                           \
    "class Block(nn.Module):\n"                                                                                        \
    "    def __init__(self, config):\n"                                                                                \
    "        self.experts = nn.ModuleList([])\n"                                                                       \
    "        self.mlp = nn.Linear(8, 8)\n"

static void test_places(void **state)
{
    (void)state;
    struct text code = TEXT(HEAD "    def forward(self, x: torch.Tensor):\n"
                                 "        hit = x.nonzero()\n"
                                 "        for i in hit:\n"
                                 "            layer = self.experts[i]\n"
                                 "            x = layer(x)\n"
                                 "        return x\n");
    struct analysis *analysis = analysis_open(code);
    routing_analyse(&analysis->host, &analysis->arena, &analysis->result);
    struct routing_result *result = &analysis->result;
    assert_int_equal(result->verdict, ROUTING_YES);
    assert_true(text_equal(result->child, TEXT("experts")));
    struct text bytes = result->call_file->source.bytes;
    assert_memory_equal(bytes.bytes + result->call_at, "layer(x)", 8);
    assert_memory_equal(bytes.bytes + result->reason_at, "hit:", 4);
    assert_int_equal(source_place(&result->reason_file->source, result->reason_at).line, 7);
    analysis_close(analysis);
}

static void test_child_is_empty_for_self(void **state)
{
    (void)state;
    struct analysis *analysis = analysis_open(TEXT("class Block(nn.ModuleList):\n"
                                                   "    def forward(self, x: torch.Tensor):\n"
                                                   "        for i in x.nonzero():\n"
                                                   "            x = self[i](x)\n"
                                                   "        return x\n"));
    routing_analyse(&analysis->host, &analysis->arena, &analysis->result);
    assert_int_equal(analysis->result.verdict, ROUTING_YES);
    assert_int_equal(analysis->result.child.length, 0);
    analysis_close(analysis);
}

static void test_no_forward(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(TEXT("class Block(nn.ModuleList):\n    pass\n")), ROUTING_NO);
}

static void test_broken_forward(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(TEXT(HEAD "    def forward(self, x):\n        return self.mlp(x +* 2)\n")),
                     ROUTING_CANNOT_TELL);
}

/* ---- what the host says ---- */

struct told {
    struct static_class *class;
    enum routing_truth truth;       /* of self.config.is_sparse */
    enum routing_attribute experts; /* of self.experts */
};

static bool told_method(void *context, struct text name, uint32_t from, struct routing_method *method)
{
    struct told *told = context;
    return static_host(told->class).method(told->class, name, from, method);
}

static bool told_function(void *context, struct python_file *file, struct text name, struct routing_method *function)
{
    struct told *told = context;
    return static_host(told->class).function(told->class, file, name, function);
}

static enum routing_attribute told_attribute(void *context, struct text name)
{
    struct told *told = context;
    if (text_equal(name, TEXT("experts")))
        return told->experts;
    return static_host(told->class).attribute(told->class, name);
}

static bool told_is_container(void *context)
{
    (void)context;
    return false;
}

static enum routing_truth told_truth(void *context, const struct text *path, size_t length)
{
    struct told *told = context;
    bool asked = length == 2 && text_equal(path[0], TEXT("config")) && text_equal(path[1], TEXT("is_sparse"));
    return asked ? told->truth : TRUTH_CANNOT_TELL;
}

static enum routing_verdict told_verdict(enum routing_truth truth, enum routing_attribute experts)
{
    struct analysis *analysis = analysis_open(TEXT(HEAD "    def forward(self, x: torch.Tensor):\n"
                                                        "        if self.config.is_sparse:\n"
                                                        "            for i in x.nonzero():\n"
                                                        "                x = self.experts[i](x)\n"
                                                        "        return x\n"));
    struct told told = {&analysis->class, truth, experts};
    struct routing_host host = {&told, told_method, told_function, told_attribute, told_is_container, told_truth};
    routing_analyse(&host, &analysis->arena, &analysis->result);
    enum routing_verdict verdict = analysis->result.verdict;
    analysis_close(analysis);
    return verdict;
}

static void test_configuration_decides(void **state)
{
    (void)state;
    assert_int_equal(told_verdict(TRUTH_TRUE, ATTRIBUTE_CONTAINER), ROUTING_YES);
    assert_int_equal(told_verdict(TRUTH_CANNOT_TELL, ATTRIBUTE_CONTAINER), ROUTING_YES);
    assert_int_equal(told_verdict(TRUTH_FALSE, ATTRIBUTE_CONTAINER), ROUTING_NO);
}

static void test_attribute_decides(void **state)
{
    (void)state;
    assert_int_equal(told_verdict(TRUTH_TRUE, ATTRIBUTE_CHILD), ROUTING_YES);
    assert_int_equal(told_verdict(TRUTH_TRUE, ATTRIBUTE_PLAIN), ROUTING_NO);
    assert_int_equal(told_verdict(TRUTH_TRUE, ATTRIBUTE_CANNOT_TELL), ROUTING_CANNOT_TELL);
}

/* ---- bounds, on both sides ---- */

static enum routing_verdict verdict_of_built(struct text_builder *code)
{
    enum routing_verdict verdict = verdict_of(text_builder_text(code));
    text_builder_free(code);
    return verdict;
}

static enum routing_verdict with_statements(unsigned count)
{
    struct text_builder code = {0};
    text_builder_add(&code, TEXT(HEAD "    def forward(self, x: torch.Tensor):\n"));
    for (unsigned i = 0; i < count; i++)
        text_builder_add(&code, TEXT("        x = x + 1\n"));
    text_builder_add(&code, TEXT("        return self.mlp(x)\n"));
    return verdict_of_built(&code);
}

static void test_bound_of_steps(void **state)
{
    (void)state;
    assert_int_equal(with_statements(LIMIT_ROUTING_STEPS / 10), ROUTING_NO);
    assert_int_equal(with_statements(LIMIT_ROUTING_STEPS / 4), ROUTING_CANNOT_TELL);
}

/* Each method calls the next one twice: 2 to the power of `count` calls. */
static enum routing_verdict with_doubling(unsigned count)
{
    struct text_builder code = {0};
    text_builder_add(&code, TEXT(HEAD "    def forward(self, x):\n        return self.f0(x)\n"));
    for (unsigned i = 0; i < count; i++)
        text_builder_addf(&code, "    def f%u(self, x):\n        return self.f%u(x) + self.f%u(x)\n", i, i + 1, i + 1);
    text_builder_addf(&code, "    def f%u(self, x):\n        return x\n", count);
    return verdict_of_built(&code);
}

static void test_bound_of_doubling(void **state)
{
    (void)state;
    assert_int_equal(with_doubling(8), ROUTING_NO);
    assert_int_equal(with_doubling(30), ROUTING_CANNOT_TELL);
}

static enum routing_verdict with_calls(unsigned count)
{
    struct text_builder code = {0};
    text_builder_add(&code, TEXT(HEAD "    def forward(self, x):\n        return self.f0(x)\n"));
    for (unsigned i = 0; i < count; i++)
        text_builder_addf(&code, "    def f%u(self, x):\n        return self.f%u(x)\n", i, i + 1);
    text_builder_addf(&code, "    def f%u(self, x):\n        return x\n", count);
    return verdict_of_built(&code);
}

static void test_bound_of_calls(void **state)
{
    (void)state;
    assert_int_equal(with_calls(LIMIT_ROUTING_CALLS - 2), ROUTING_NO);
    assert_int_equal(with_calls(LIMIT_ROUTING_CALLS - 1), ROUTING_CANNOT_TELL);
}

/* Methods of `levels` nested brackets, one inside the other. */
static enum routing_verdict with_nesting(unsigned methods, unsigned levels)
{
    struct text_builder code = {0};
    text_builder_add(&code, TEXT(HEAD "    def forward(self, x):\n        return self.f0(x)\n"));
    for (unsigned i = 0; i < methods; i++) {
        text_builder_addf(&code, "    def f%u(self, x):\n        return ", i);
        for (unsigned level = 0; level < levels; level++)
            text_builder_add(&code, TEXT("-("));
        text_builder_addf(&code, "self.f%u(x)", i + 1);
        for (unsigned level = 0; level < levels; level++)
            text_builder_add(&code, TEXT(")"));
        text_builder_add(&code, TEXT("\n"));
    }
    text_builder_addf(&code, "    def f%u(self, x):\n        return x\n", methods);
    return verdict_of_built(&code);
}

static void test_bound_of_depth(void **state)
{
    (void)state;
    assert_int_equal(with_nesting(8, 100), ROUTING_NO);
    assert_int_equal(with_nesting(12, 100), ROUTING_CANNOT_TELL);
}

static enum routing_verdict with_events(unsigned count)
{
    struct text_builder code = {0};
    text_builder_add(&code, TEXT(HEAD "    def forward(self, x):\n        y = self.mlp\n"));
    for (unsigned i = 0; i < count / 10; i++)
        text_builder_add(&code, TEXT("        y(),y(),y(),y(),y(),y(),y(),y(),y(),y()\n"));
    return verdict_of_built(&code);
}

static void test_bound_of_events(void **state)
{
    (void)state;
    assert_int_equal(with_events(LIMIT_ROUTING_EVENTS), ROUTING_NO);
    assert_int_equal(with_events(LIMIT_ROUTING_EVENTS + 10), ROUTING_CANNOT_TELL);
}

/* Loops and tuples that would grow for ever. */
static void test_growth_ends(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(TEXT(HEAD "    def forward(self, x: torch.Tensor):\n"
                                          "        y = (x, x)\n"
                                          "        while True:\n"
                                          "            for a in x:\n"
                                          "                for b in x:\n"
                                          "                    for c in x:\n"
                                          "                        for d in x:\n"
                                          "                            y = (y, y, y, y, y, y, y, y, (y, y))\n"
                                          "                            y = [y, y, y, y, y, y, y, y, [y, [y]]]\n"
                                          "                            y += [y]\n"
                                          "        return self.mlp(y)\n")),
                     ROUTING_NO);
    assert_int_equal(verdict_of(TEXT(HEAD "    def forward(self, x: torch.Tensor):\n"
                                          "        return self.forward(self.mlp(x))\n")),
                     ROUTING_NO);
    assert_int_equal(verdict_of(TEXT(HEAD "    def forward(self, *x, **y):\n"
                                          "        f = lambda g: g(g)\n"
                                          "        return f(f)\n")),
                     ROUTING_NO);
}

/* Code that means nothing, but parses. */
static void test_odd_code(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "return",
        "a, *b, (c, d) = x; del a; b[0][1] = c; self.mlp.weight = d; x.y = 3; return self.mlp(b)",
        "global y; y = x; return self.mlp(y)",
        "return super().forward(x)",
        "return getattr(self, x)(x)",
        "return getattr(x, 'a', self)(x)",
        "return self(x)",
        "return super(Block, self)[0](x)",
        "return [self.mlp(*a, **b) for a in x for b in a if a if b]",
        "return {self.mlp(a): self.mlp(b) for a, b in zip(*x)}",
        "return {**x, 'a': self.mlp, 1: {self.mlp}}",
        "return zip(), enumerate(), range(), len(), sorted(), next(), sum(), dict(), set(), tuple(), max(), "
        "isinstance()",
        "return map(self.mlp), list(map(self.mlp, x, x))",
        "return torch.where(), torch.nonzero(), torch.split(), F.one_hot(), torch.cat(), x.split(), x.nonzero()",
        "return x[...][None, :, x][:, ::2][x[0]:x[1]], self.experts[...], self.experts[1:][0](x)",
        "return f'{x!r:>{x}}{self.mlp(x)}', b'', 1.5, 10**40, ..., not x, ~x, -x, +x, -5, x @ x, x if x else x",
        "yield self.mlp(x); yield from self.experts; return (yield)",
        "return (lambda *a, b=self.mlp, **c: b(a))(x, x, b=x)",
        "return x.append(x), [].append(x), {}.get(x), {}.update(x), [self.mlp].pop()(x), [].index(x), {}.setdefault(1, "
        "x)",
        "return self.experts.items(), self.experts.keys(), self.experts.get(x)(x), self.experts.pop()(x), self.items()",
        "return None.x, None[0], None(), 'a'.b(c), 'a' % x, True[1], (1).real, self.forward.__func__(x), "
        "torch.x.y.Z(x)",
        "return 1 < 2 < x, 1 == 2, 'a' == 'b', 'a' in x, x is None, self is None, None is None, 1 is not None",
        "return [*x, *self.experts], (*x,), {*x}, print(*x, **x), self.mlp(*x, **x)",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct text_builder code = {0};
        text_builder_addf(&code, HEAD "    def forward(self, x: torch.Tensor, *args, **kwargs):\n        %s\n",
                          bodies[i]);
        struct analysis *analysis = analysis_open(text_builder_text(&code));
        routing_analyse(&analysis->host, &analysis->arena, &analysis->result);
        analysis_close(analysis);
        text_builder_free(&code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loops),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_containers),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_child_is_empty_for_self),
        cmocka_unit_test(test_no_forward),
        cmocka_unit_test(test_broken_forward),
        cmocka_unit_test(test_configuration_decides),
        cmocka_unit_test(test_attribute_decides),
        cmocka_unit_test(test_bound_of_steps),
        cmocka_unit_test(test_bound_of_doubling),
        cmocka_unit_test(test_bound_of_calls),
        cmocka_unit_test(test_bound_of_depth),
        cmocka_unit_test(test_bound_of_events),
        cmocka_unit_test(test_growth_ends),
        cmocka_unit_test(test_odd_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
