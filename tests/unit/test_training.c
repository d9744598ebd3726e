/* What is certain of modules in training: the classes in training/modeling_blocks.py say it in a comment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/large_stack.h"
#include "model/load.h"

static const char folder[] = "tests/unit/training";

/* What the comment behind `class NAME(...):` says; false when there is no such class. */
static bool expected_conduct(const char *source, struct text name, char *expected, size_t room)
{
    char mark[200];
    snprintf(mark, sizeof mark, "\nclass %.*s(", TEXT_ARGS(name));
    const char *found = strstr(source, mark);
    const char *comment = found ? strstr(found, "# conduct: ") : NULL;
    if (!comment)
        return false;
    comment += strlen("# conduct: ");
    snprintf(expected, room, "%.*s", (int)strcspn(comment, "\n"), comment);
    return true;
}

static void add_word(char *words, size_t room, const char *word)
{
    size_t length = strlen(words);
    snprintf(words + length, room - length, "%s%s", length ? ", " : "", word);
}

static void found_conduct(const struct model *model, uint32_t module, char *words, size_t room)
{
    const struct conduct *conduct;
    words[0] = 0;
    if (model_conduct(model, module, CONDUCT_CHANGES_INPUT))
        add_word(words, room, "changes");
    if (model_conduct(model, module, CONDUCT_MAY_CHANGE_INPUT))
        add_word(words, room, "may change");
    if (model_conduct(model, module, CONDUCT_RETURNS_DICT))
        add_word(words, room, "dict");
    if ((conduct = model_conduct(model, module, CONDUCT_NO_GRAD_INPUT)))
        add_word(words, room, conduct->by_keyword ? "no grad by keyword" : "no grad");
    if (model_conduct(model, module, CONDUCT_CALLED_TWICE))
        add_word(words, room, "twice");
    if (!words[0])
        add_word(words, room, "nothing");
}

static void build(void *context)
{
    struct text message;
    const char *sources[] = {getenv("SOURCES_5"), folder};
    struct load_options options = {.sources = sources, .source_count = 2, .routing = true};
    struct loader *loader = loader_new(&options, &message);
    assert_non_null(loader);
    struct targets targets;
    assert_true(loader_resolve(loader, text_from(folder), &targets, &message));
    loader_build(loader, &targets.items[0], context);
    loader_free(loader);
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = calloc(1, 1 << 20);
    assert_non_null(bytes);
    assert_true(fread(bytes, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return bytes;
}

static void each_class_does_what_it_says(void **state)
{
    (void)state;
    struct model model;
    char expected[100], found[100];
    unsigned checked = 0, wrong = 0;
    large_stack_run(build, &model);
    assert_int_equal(model.status, MODEL_EXACT);
    char *source = read_all("tests/unit/training/modeling_blocks.py");
    for (uint32_t i = 1; i < model.module_count; i++) {
        struct text name = model.classes[model.modules[i].class_index].name;
        if (!expected_conduct(source, name, expected, sizeof expected) || expected[0] == '-')
            continue;
        checked++;
        found_conduct(&model, i, found, sizeof found);
        if (strcmp(expected, found) != 0) {
            wrong++;
            print_message("%.*s: expected %s, found %s\n", TEXT_ARGS(name), expected, found);
        }
    }
    assert_true(checked > 40);
    assert_int_equal(wrong, 0);
    free(source);
    model_free(&model);
}

static void places_are_told(void **state)
{
    (void)state;
    struct model model;
    large_stack_run(build, &model);
    uint32_t module = model_find_module(&model, TEXT("child_changes"));
    const struct conduct *conduct = model_conduct(&model, module, CONDUCT_CHANGES_INPUT);
    assert_non_null(conduct);
    assert_true(text_equal(conduct->code, TEXT("states *= 2")));
    assert_true(text_ends(conduct->at.path, TEXT("modeling_blocks.py")));
    assert_true(text_ends(conduct->call.path, TEXT("modeling_blocks.py")));
    assert_true(conduct->call.place.line > conduct->at.place.line);
    conduct = model_conduct(&model, model_find_module(&model, TEXT("embed")), CONDUCT_NO_GRAD_INPUT);
    assert_non_null(conduct);
    assert_int_equal(conduct->at.path.length, 0);
    model_free(&model);
}

/* A model of two classes: Block, whose forward holds this many statements, and then changes its input. */
static void write_long(const char *path, size_t statements)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("from torch import nn\nfrom transformers import PreTrainedModel, PretrainedConfig\n\n\n"
          "class BlocksConfig(PretrainedConfig):\n    model_type = \"blocks\"\n\n\n"
          "class Block(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
          "        self.linear = nn.Linear(4, 4)\n\n    def forward(self, x):\n",
          file);
    for (size_t i = 0; i < statements; i++)
        fputs("        y = 1\n", file);
    fputs("        x *= 2\n        return self.linear(x)\n\n\n"
          "class BlocksModel(PreTrainedModel):\n    config_class = BlocksConfig\n\n    def __init__(self, config):\n"
          "        super().__init__(config)\n        self.norm = nn.LayerNorm(4)\n        self.block = Block()\n\n"
          "    def forward(self, x):\n        return self.block(self.norm(x))\n",
          file);
    fclose(file);
}

struct long_model {
    const char *folder;
    struct model model;
};

static void build_long(void *context)
{
    struct long_model *work = context;
    struct text message;
    const char *sources[] = {getenv("SOURCES_5"), work->folder};
    struct load_options options = {.sources = sources, .source_count = 2, .routing = true};
    struct loader *loader = loader_new(&options, &message);
    assert_non_null(loader);
    struct targets targets;
    assert_true(loader_resolve(loader, text_from(work->folder), &targets, &message));
    loader_build(loader, &targets.items[0], &work->model);
    loader_free(loader);
}

static bool is_stated(size_t statements)
{
    char folder_of_it[] = "/tmp/leaflint-training-XXXXXX", path[100];
    assert_non_null(mkdtemp(folder_of_it));
    snprintf(path, sizeof path, "%s/config.json", folder_of_it);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"architectures\": [\"BlocksModel\"], \"model_type\": \"blocks\", \"auto_map\": {\"AutoConfig\": "
          "\"modeling_blocks.BlocksConfig\", \"AutoModel\": \"modeling_blocks.BlocksModel\"}}",
          file);
    fclose(file);
    char module[100];
    snprintf(module, sizeof module, "%s/modeling_blocks.py", folder_of_it);
    write_long(module, statements);
    struct long_model work = {.folder = folder_of_it};
    large_stack_run(build_long, &work);
    assert_int_equal(work.model.status, MODEL_EXACT);
    uint32_t block = model_find_module(&work.model, TEXT("block"));
    assert_int_not_equal(block, MODULE_NONE);
    bool stated = model_conduct(&work.model, block, CONDUCT_CHANGES_INPUT) != NULL;
    model_free(&work.model);
    remove(module);
    remove(path);
    rmdir(folder_of_it);
    return stated;
}

static void a_forward_that_is_too_long_says_nothing(void **state)
{
    (void)state;
    assert_true(is_stated(LIMIT_TRAINING_STEPS / 4)); /* a statement takes two steps */
    assert_false(is_stated(LIMIT_TRAINING_STEPS / 2 + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_does_what_it_says),
        cmocka_unit_test(places_are_told),
        cmocka_unit_test(a_forward_that_is_too_long_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
