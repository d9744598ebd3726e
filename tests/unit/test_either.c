/* model/either.c: two trees, and what is true of both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fake_model.h"
#include "model/either.h"

static const struct unresolved reason = {.name = {"", 0}, .reason = {"two trees", 9}};

/* A model with a linear layer `up` of a class, a norm, and what `add` puts there besides. */
static void fake(struct model *model, const char *linear, int64_t rows,
                 void (*add)(struct model *model, uint32_t linear))
{
    fake_model_start(model, "Toy");
    uint32_t toy = fake_class(model, "pkg.toy.Toy", ""), layer = fake_class(model, linear, "torch.nn.Module");
    uint32_t norm = fake_class(model, "pkg.toy.Norm", "torch.nn.Module");
    fake_module(model, "", toy);
    fake_module(model, "norm", norm);
    fake_parameter(model, "weight", 4, 0);
    fake_module(model, "up", layer);
    fake_parameter(model, "weight", rows, 4);
    if (add)
        add(model, layer);
    fake_model_finish(model);
}

static void add_down(struct model *model, uint32_t linear)
{
    fake_module(model, "down", linear);
}

static void add_inner(struct model *model, uint32_t linear)
{
    (void)linear;
    uint32_t act = fake_class(model, "pkg.toy.Act", "torch.nn.Module");
    fake_module(model, "up.act", act);
}

static struct model merged(const char *first, void (*add_first)(struct model *, uint32_t), const char *second,
                           void (*add_second)(struct model *, uint32_t))
{
    struct model model, *other = malloc(sizeof *other);
    assert_non_null(other);
    fake(&model, first, 8, add_first);
    fake(other, second, 8, add_second);
    model_either(&model, other, &reason);
    assert_int_equal(model.status, MODEL_PARTIAL);
    assert_int_equal(model.total_parameters, -1);
    assert_int_equal(model.unresolved_count, 1);
    return model;
}

static void another_class_is_one_of_two(void **state)
{
    (void)state;
    struct model model = merged("pkg.Linear", NULL, "fp8.FP8Linear", NULL);
    uint32_t up = model_find_module(&model, TEXT("up")), norm = model_find_module(&model, TEXT("norm"));
    assert_int_equal(model.module_count, 3);
    assert_int_equal(model.modules[up].class_index, MODULE_NONE);
    assert_int_equal(model.modules[up].choice, 1);
    assert_false(model.modules[up].open);
    assert_false(model.parameters[model.modules[up].first_parameter].shape_known);
    assert_int_not_equal(model.modules[norm].class_index, MODULE_NONE);
    assert_true(model.parameters[model.modules[norm].first_parameter].shape_known);
    assert_int_equal(model_gathered_parameters(&model, norm), 4);
    assert_int_equal(model_gathered_parameters(&model, up), -1);
    assert_true(model_may_have_class(&model, TEXT("Linear")));
    assert_true(model_may_have_class(&model, TEXT("fp8.FP8Linear")));
    assert_false(model_may_have_class(&model, TEXT("Linea")));
    assert_false(model_may_have_module(&model, TEXT("up.act")));
    assert_false(model_may_have_suffix(&model, TEXT("act")));
    model_free(&model);
}

static void equal_trees_lose_nothing(void **state)
{
    (void)state;
    struct model model = merged("pkg.Linear", add_inner, "pkg.Linear", add_inner);
    assert_int_equal(model.module_count, 4);
    assert_int_equal(model.choice_count, 0);
    for (size_t i = 0; i < model.module_count; i++)
        assert_int_not_equal(model.modules[i].class_index, MODULE_NONE);
    assert_int_equal(model_gathered_parameters(&model, model_find_module(&model, TEXT("up"))), 32);
    model_free(&model);
}

static void what_one_tree_lacks_may_be_there(void **state)
{
    (void)state;
    struct model model = merged("pkg.Linear", add_down, "pkg.Linear", NULL);
    assert_int_equal(model_find_module(&model, TEXT("down")), MODULE_NONE);
    assert_true(model_may_have_module(&model, TEXT("down")));
    model_free(&model);
    model = merged("pkg.Linear", NULL, "pkg.Linear", add_inner);
    assert_int_equal(model_find_module(&model, TEXT("up.act")), MODULE_NONE);
    assert_true(model_may_have_module(&model, TEXT("up.act")));
    assert_false(model_may_have_module(&model, TEXT("up.acts")));
    assert_true(model_may_have_suffix(&model, TEXT(".act")));
    assert_true(model_may_have_class(&model, TEXT("Act")));
    assert_false(model_may_have_class(&model, TEXT("Acts")));
    assert_int_equal(model_gathered_parameters(&model, model_find_module(&model, TEXT("up"))), -1);
    model_free(&model);
}

static void a_stand_in_may_be_any_class_of_its_ending(void **state)
{
    (void)state;
    struct model model, *other = malloc(sizeof *other);
    assert_non_null(other);
    struct text endings[] = {TEXT("QuantLinear")};
    fake(&model, "pkg.Linear", 8, NULL);
    fake(other, "gptqmodel.QuantLinear", 8, NULL);
    struct model_class *row = &other->classes[other->modules[model_find_module(other, TEXT("up"))].class_index];
    row->stands_in = true;
    row->endings = endings;
    row->ending_count = 1;
    model_either(&model, other, &reason);
    assert_true(model_may_have_class(&model, TEXT("MarlinQuantLinear")));
    assert_true(model_may_have_class(&model, TEXT("Linear")));
    assert_false(model_may_have_class(&model, TEXT("QuantLinearX")));
    model_free(&model);
}

static void opening_weights_leaves_what_holds_none(void **state)
{
    (void)state;
    struct model model;
    fake(&model, "pkg.Linear", 8, add_inner);
    model_open_weights(&model, &reason);
    assert_int_equal(model.module_count, 3); /* what is below `up` may not be there */
    assert_int_equal(model.modules[0].end, 3);
    assert_int_not_equal(model.modules[0].class_index, MODULE_NONE);
    assert_int_equal(model.modules[2].class_index, MODULE_NONE);
    assert_true(model.modules[2].unordered);
    assert_true(model_may_have_module(&model, TEXT("up.act")));
    assert_false(model_may_have_module(&model, TEXT("down")));
    assert_true(model_may_have_class(&model, TEXT("Anything")));
    model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_class_is_one_of_two),
        cmocka_unit_test(equal_trees_lose_nothing),
        cmocka_unit_test(what_one_tree_lacks_may_be_there),
        cmocka_unit_test(a_stand_in_may_be_any_class_of_its_ending),
        cmocka_unit_test(opening_weights_leaves_what_holds_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
