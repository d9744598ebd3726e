/* The questions of model.h, on models put together by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_model.h"
#include "model/fold.h"

static void assert_text(struct text text, const char *expected)
{
    char copy[4096];
    assert_true(text.length < sizeof copy);
    memcpy(copy, text.bytes, text.length);
    copy[text.length] = 0;
    assert_string_equal(copy, expected);
}

static void finds_modules_by_exact_name(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 3);
    assert_int_equal(model_find_module(&model, TEXT("")), 0);
    assert_int_equal(model_find_module(&model, TEXT("model.layers")), 3);
    assert_int_equal(model_find_module(&model, TEXT("model.layers.2.mlp.experts.3")), model.module_count - 2);
    assert_int_equal(model_find_module(&model, TEXT("lm_head")), model.module_count - 1);
    assert_int_equal(model_find_module(&model, TEXT("lm_head ")), MODULE_NONE);
    assert_int_equal(model_find_module(&model, TEXT("model.layers.3")), MODULE_NONE);
    assert_int_equal(model_find_module(&model, TEXT("layers")), MODULE_NONE);
    model_free(&model);
    struct model empty = {0};
    assert_int_equal(model_find_module(&empty, TEXT("")), MODULE_NONE);
    model_free(&empty);
}

static void an_exact_model_leaves_nothing_open(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 2);
    assert_false(model_may_have_module(&model, TEXT("model.layers.7")));
    assert_false(model_may_have_module(&model, TEXT("nothing")));
    assert_true(model_may_have_module(&model, TEXT("lm_head")));
    assert_false(model_may_have_suffix(&model, TEXT("nothing")));
    assert_false(model_may_have_class(&model, TEXT("Nothing")));
    model_free(&model);
}

static void below_something_open_nothing_is_proven(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 2);
    fake_open(&model, "model.layers.1.mlp", "an unknown function");
    assert_true(model_may_have_module(&model, TEXT("model.layers.1.mlp.shared_experts")));
    assert_true(model_may_have_module(&model, TEXT("model.layers.1.mlp.shared_experts.gate")));
    assert_true(model_may_have_module(&model, TEXT("model.layers.1.mlp.experts.9")));
    assert_false(model_may_have_module(&model, TEXT("model.layers.0.mlp.shared_experts")));
    assert_false(model_may_have_module(&model, TEXT("model.layers.9.mlp")));
    assert_false(model_may_have_module(&model, TEXT("model.layers.1.mlpx")));
    assert_true(model_may_have_suffix(&model, TEXT("shared_experts")));
    assert_false(model_may_have_suffix(&model, TEXT("experts.")));
    assert_false(model_may_have_suffix(&model, TEXT("a..b")));
    assert_true(model_may_have_class(&model, TEXT("Anything")));
    assert_int_equal(model_gathered_parameters(&model, model_find_module(&model, TEXT("model.layers.1.mlp"))), -1);
    model_free(&model);
}

static void a_module_of_unknown_class_is_open(void **state)
{
    (void)state;
    struct model model;
    fake_model_start(&model, "Toy");
    uint32_t toy = fake_class(&model, "pkg.Toy", "");
    fake_module(&model, "", toy);
    fake_module(&model, "act", MODULE_NONE);
    fake_model_finish(&model);
    model.status = MODEL_PARTIAL;
    assert_true(model_may_have_module(&model, TEXT("act.inner")));
    assert_false(model_may_have_module(&model, TEXT("other")));
    assert_true(model_may_have_class(&model, TEXT("GELU")));
    model_free(&model);
}

static void a_model_that_raises_has_nothing(void **state)
{
    (void)state;
    struct model model = {.status = MODEL_RAISES};
    assert_false(model_may_have_module(&model, TEXT("x")));
    assert_false(model_may_have_suffix(&model, TEXT("x")));
    assert_false(model_may_have_class(&model, TEXT("x")));
    model_free(&model);
    /* Nothing known at all is another thing. */
    model = (struct model){.status = MODEL_PARTIAL};
    assert_true(model_may_have_module(&model, TEXT("x")));
    assert_true(model_may_have_class(&model, TEXT("x")));
    model_free(&model);
}

static void apply_visits_children_before_parents(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 1);
    static const char *const expected[] = {"model.embed_tokens",
                                           "model.layers.0.self_attn",
                                           "model.layers.0.mlp.gate",
                                           "model.layers.0.mlp.experts.0",
                                           "model.layers.0.mlp.experts.1",
                                           "model.layers.0.mlp.experts.2",
                                           "model.layers.0.mlp.experts.3",
                                           "model.layers.0.mlp.experts",
                                           "model.layers.0.mlp",
                                           "model.layers.0",
                                           "model.layers",
                                           "model",
                                           "lm_head",
                                           ""};
    uint32_t order[14];
    assert_int_equal(model.module_count, 14);
    model_apply_order(&model, order);
    for (size_t i = 0; i < 14; i++)
        assert_text(model.modules[order[i]].name, expected[i]);
    model_free(&model);
}

static void parameters_count_once(void **state)
{
    (void)state;
    struct model model;
    fake_mixtral(&model, 2);
    /* embed 1000; each layer 100 + 40 + 4 * 200; lm_head is tied to the embedding. */
    assert_int_equal(model_gathered_parameters(&model, 0), 1000 + 2 * 940);
    assert_int_equal(model_gathered_parameters(&model, model_find_module(&model, TEXT("model.layers.1.mlp"))), 840);
    assert_int_equal(model_gathered_parameters(&model, model_find_module(&model, TEXT("lm_head"))), 1000);
    model_free(&model);
}

static void parameters_tied_to_one_outside_count_once_too(void **state)
{
    (void)state;
    struct model model;
    fake_model_start(&model, "Toy");
    uint32_t toy = fake_class(&model, "pkg.Toy", "");
    fake_module(&model, "", toy);
    fake_module(&model, "first", toy);
    uint32_t first = fake_parameter(&model, "weight", 5, 3);
    fake_module(&model, "heads", toy);
    fake_module(&model, "heads.0", toy);
    fake_tie(&model, fake_parameter(&model, "weight", 5, 3), first);
    fake_module(&model, "heads.1", toy);
    fake_tie(&model, fake_parameter(&model, "weight", 5, 3), first);
    fake_parameter(&model, "bias", 7, 0);
    fake_module(&model, "unknown", toy);
    fake_parameter(&model, "weight", 0, 0);
    fake_model_finish(&model);
    assert_int_equal(model_gathered_parameters(&model, 2), 15 + 7);
    assert_int_equal(model_gathered_parameters(&model, 1), 15);
    assert_int_equal(model_gathered_parameters(&model, 5), -1);
    assert_int_equal(model_gathered_parameters(&model, 0), -1);
    model_free(&model);
}

static void huge_shapes_are_not_counted_wrongly(void **state)
{
    (void)state;
    struct model model;
    fake_model_start(&model, "Toy");
    uint32_t toy = fake_class(&model, "pkg.Toy", "");
    fake_module(&model, "", toy);
    fake_parameter(&model, "weight", INT64_MAX / 2, 3);
    fake_model_finish(&model);
    assert_int_equal(model_gathered_parameters(&model, 0), -1);
    model_free(&model);
}

static void fold_of(const char *const *names, const char *expected)
{
    struct model model = {0};
    uint32_t modules[64];
    size_t count = 0;
    model.modules = ARENA_ARRAY(&model.arena, 64, struct module);
    for (; names[count]; count++) {
        model.modules[count].name = text_from(names[count]);
        modules[count] = (uint32_t)count;
    }
    struct arena arena = {0};
    assert_text(model_fold_names(&model, modules, count, &arena), expected);
    arena_free(&arena);
    model_free(&model);
}

static void folds_names(void **state)
{
    (void)state;
    fold_of((const char *const[]){NULL}, "");
    fold_of((const char *const[]){"a.0.b", NULL}, "a.0.b");
    fold_of((const char *const[]){"", NULL}, "(root)");
    fold_of((const char *const[]){"l.0.mlp", "l.1.mlp", NULL}, "l.{0,1}.mlp");
    fold_of((const char *const[]){"l.0.mlp", "l.1.mlp", "l.2.mlp", NULL}, "l.{0..2}.mlp");
    fold_of((const char *const[]){"l.0", "l.1", "l.2", "l.5", "l.9", "l.10", "l.11", NULL}, "l.{0..2,5,9..11}");
    fold_of((const char *const[]){"l.0.e.0", "l.0.e.1", "l.1.e.0", "l.1.e.1", NULL}, "l.{0,1}.e.{0,1}");
    fold_of((const char *const[]){"l.0.e.0", "l.0.e.1", "l.1.e.0", NULL}, "l.0.e.{0,1}, l.1.e.0");
    fold_of((const char *const[]){"a", "b", "c", "d", "e.0", "e.1", NULL}, "a, b, c, ... 3 more");
    fold_of((const char *const[]){"l.00", "l.01", NULL}, "l.00, l.01"); /* 00 is a name, not the number 0 */
    fold_of((const char *const[]){"x.0", "y.0", NULL}, "x.0, y.0");
    fold_of((const char *const[]){"0", "1", "2", NULL}, "{0..2}");
}

static void folds_long_enumerations(void **state)
{
    (void)state;
    uint32_t numbers[40];
    for (uint32_t i = 0; i < 40; i++)
        numbers[i] = i * 2;
    struct text_builder builder = {0};
    fold_numbers(&builder, numbers, 40);
    assert_string_equal(builder.bytes, "{0,2,4,6,8,10,...,78}");
    text_builder_free(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_modules_by_exact_name),
        cmocka_unit_test(an_exact_model_leaves_nothing_open),
        cmocka_unit_test(below_something_open_nothing_is_proven),
        cmocka_unit_test(a_module_of_unknown_class_is_open),
        cmocka_unit_test(a_model_that_raises_has_nothing),
        cmocka_unit_test(apply_visits_children_before_parents),
        cmocka_unit_test(parameters_count_once),
        cmocka_unit_test(parameters_tied_to_one_outside_count_once_too),
        cmocka_unit_test(huge_shapes_are_not_counted_wrongly),
        cmocka_unit_test(folds_names),
        cmocka_unit_test(folds_long_enumerations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
