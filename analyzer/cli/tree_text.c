/* The people's tree: equal numbered children become one line, model.layers.{0..31}.mlp. */
#include <stdlib.h>

#include "base/quantity.h"
#include "cli/commands.h"
#include "model/fold.h"

/* Lines of the tree, before they are aligned. */
struct line {
    struct text name, class;
    int64_t parameters; /* of one, with everything below */
    size_t times;       /* modules that this line stands for, through all folded levels */
    bool open;
};

struct tree {
    const struct model *model;
    struct arena arena;
    uint32_t *shapes; /* module -> number of its shape; equal shapes are equal all the way down */
    uint32_t *next;   /* module -> next sibling of the same shape whose name is a number, or 0 */
    bool *folded;     /* it is part of an earlier sibling's line */
    struct line *lines;
    size_t line_count, line_capacity;
};

struct shape_table {
    struct text *keys;
    size_t count, capacity;
    uint32_t *slots; /* key + 1 */
    size_t mask;
    uint32_t seed;
};

static uint32_t shape_number(struct shape_table *table, struct arena *arena, struct text key)
{
    size_t slot = text_hash(key, table->seed) & table->mask;
    for (; table->slots[slot]; slot = (slot + 1) & table->mask)
        if (text_equal(table->keys[table->slots[slot] - 1], key))
            return table->slots[slot] - 1;
    table->keys = array_grow(table->keys, table->count, &table->capacity, sizeof *table->keys);
    table->keys[table->count++] = text_copy(arena, key);
    table->slots[slot] = (uint32_t)table->count;
    return (uint32_t)(table->count - 1);
}

static void add_number(struct text_builder *key, uint64_t number)
{
    text_builder_add(key, (struct text){(const char *)&number, sizeof number});
}

/* What makes two modules equal for people: class, own parameters, and the same children by name. */
static void write_key(const struct tree *tree, uint32_t number, struct text_builder *key)
{
    const struct model *model = tree->model;
    const struct module *module = &model->modules[number];
    key->length = 0;
    add_number(key, module->class_index);
    add_number(key, module->choice);
    add_number(key, module->open);
    add_number(key, module->parameter_count);
    for (uint32_t i = 0; i < module->parameter_count; i++) {
        const struct parameter *parameter = &model->parameters[module->first_parameter + i];
        add_number(key, parameter->name.length);
        text_builder_add(key, parameter->name);
        add_number(key, parameter->shape_known ? parameter->dims : UINT64_MAX);
        for (uint8_t dim = 0; parameter->shape_known && dim < parameter->dims; dim++)
            add_number(key, (uint64_t)parameter->shape[dim]);
    }
    for (uint32_t child = number + 1; child < module->end; child = model->modules[child].end) {
        add_number(key, model->modules[child].leaf.length);
        text_builder_add(key, model->modules[child].leaf);
        add_number(key, tree->shapes[child]);
    }
}

static void number_shapes(struct tree *tree)
{
    struct shape_table table = {0};
    struct text_builder key = {0};
    struct arena keys = {0};
    size_t size = 64;
    while (size < tree->model->module_count * 2)
        size *= 2;
    table.mask = size - 1;
    table.slots = memory_alloc(size * sizeof *table.slots);
    memset(table.slots, 0, size * sizeof *table.slots);
    table.seed = (uint32_t)((uintptr_t)table.slots >> 4);
    /* Children come after their parent, so backwards they are all there. */
    for (uint32_t module = (uint32_t)tree->model->module_count; module-- > 0;) {
        write_key(tree, module, &key);
        tree->shapes[module] = shape_number(&table, &keys, text_builder_text(&key));
    }
    free(table.keys);
    free(table.slots);
    text_builder_free(&key);
    arena_free(&keys);
}

/* Links the numbered children of one module that have the same shape.  `latest` is by shape. */
static void link_children(struct tree *tree, uint32_t parent, uint32_t *latest)
{
    const struct model *model = tree->model;
    uint32_t number, end = model->modules[parent].end;
    for (uint32_t child = parent + 1; child < end; child = model->modules[child].end) {
        if (!fold_component(model->modules[child].leaf, &number))
            continue;
        uint32_t before = latest[tree->shapes[child]];
        if (before) {
            tree->next[before] = child;
            tree->folded[child] = true;
        }
        latest[tree->shapes[child]] = child;
    }
    for (uint32_t child = parent + 1; child < end; child = model->modules[child].end)
        latest[tree->shapes[child]] = 0;
}

/* "{0..31}" for a module and its equals, which are linked through `next`. */
static struct text leaf_of(struct tree *tree, uint32_t module, size_t *times)
{
    uint32_t *numbers = NULL;
    size_t count = 0, capacity = 0;
    for (uint32_t equal = module; equal; equal = tree->next[equal]) {
        numbers = array_grow(numbers, count, &capacity, sizeof *numbers);
        if (!fold_component(tree->model->modules[equal].leaf, &numbers[count++]))
            break; /* not a number: it stands for itself */
    }
    struct text leaf = tree->model->modules[module].leaf;
    *times = count > 1 ? count : 1;
    if (count > 1) {
        struct text_builder builder = {0};
        fold_numbers(&builder, numbers, count);
        leaf = text_copy(&tree->arena, text_builder_text(&builder));
        text_builder_free(&builder);
    }
    free(numbers);
    return leaf;
}

/* The class's name, or the two that it is one of. */
static struct text class_words(struct tree *tree, const struct module *module)
{
    const struct model *model = tree->model;
    if (module->class_index != MODULE_NONE)
        return model->classes[module->class_index].name;
    if (!module->choice)
        return TEXT("?");
    const uint32_t *either = model->choices[module->choice - 1].classes;
    const struct model_class *second = &model->possible_classes[either[1]];
    struct text other = second->name;
    if (second->stands_in)
        other = second->ending_count ? text_format(&tree->arena, "...%.*s", TEXT_ARGS(second->endings[0])) : TEXT("?");
    return text_format(&tree->arena, "%.*s or %.*s", TEXT_ARGS(model->possible_classes[either[0]].name), TEXT_ARGS(other));
}

/* Preorder, without what is folded away.  `line_of` remembers each ancestor's line for its name and count. */
static void make_lines(struct tree *tree)
{
    const struct model *model = tree->model;
    size_t *line_of = ARENA_ARRAY(&tree->arena, model->module_count, size_t);
    for (uint32_t module = 0; module < model->module_count;) {
        if (tree->folded[module]) {
            module = model->modules[module].end;
            continue;
        }
        struct line line = {.parameters = model_gathered_parameters(model, module),
                            .open = model->modules[module].open};
        uint32_t parent = model->modules[module].parent;
        line.class = class_words(tree, &model->modules[module]);
        struct text leaf = leaf_of(tree, module, &line.times);
        if (parent == MODULE_NONE) {
            line.name = TEXT("(root)");
        } else {
            const struct line *above = &tree->lines[line_of[parent]];
            line.times *= above->times;
            line.name =
                parent == 0 ? leaf : text_format(&tree->arena, "%.*s.%.*s", TEXT_ARGS(above->name), TEXT_ARGS(leaf));
        }
        tree->lines = array_grow(tree->lines, tree->line_count, &tree->line_capacity, sizeof *tree->lines);
        line_of[module] = tree->line_count;
        tree->lines[tree->line_count++] = line;
        module++;
    }
}

static void print_padded(FILE *out, struct text text, size_t width)
{
    print_visibly(out, text);
    if (text.length < width)
        fprintf(out, "%*s", (int)(width - text.length), "");
}

static void print_lines(const struct tree *tree, FILE *out)
{
    size_t name_width = 0, class_width = 0;
    for (size_t i = 0; i < tree->line_count; i++) {
        if (tree->lines[i].name.length > name_width)
            name_width = tree->lines[i].name.length;
        if (tree->lines[i].class.length > class_width)
            class_width = tree->lines[i].class.length;
    }
    for (size_t i = 0; i < tree->line_count; i++) {
        const struct line *line = &tree->lines[i];
        char buffer[32];
        struct text count = count_in_words(line->parameters, buffer);
        fputs("  ", out);
        print_padded(out, line->name, name_width);
        fputs("  ", out);
        print_padded(out, line->class, class_width);
        if (line->times > 1 && line->parameters)
            fprintf(out, "  %zu x", line->times);
        fprintf(out, "%s%.*s%s\n", line->times > 1 && line->parameters ? " " : "  ", TEXT_ARGS(count),
                line->open ? "  (more may be below)" : "");
    }
}

static void print_unresolved(const struct model *model, FILE *out)
{
    if (model->unresolved_count)
        fputs("not known:\n", out);
    for (size_t i = 0; i < model->unresolved_count; i++) {
        const struct unresolved *unresolved = &model->unresolved[i];
        fputs("  ", out);
        print_visibly(out, unresolved->name.length ? unresolved->name : TEXT("(root)"));
        fputs(": ", out);
        print_visibly(out, unresolved->reason);
        if (unresolved->origin.path.length) {
            fputs(" (", out);
            print_visibly(out, unresolved->origin.path);
            fprintf(out, ":%u)", (unsigned)unresolved->origin.place.line);
        }
        fputc('\n', out);
    }
}

void tree_print(const struct model *model, FILE *out)
{
    char buffer[32];
    struct text count = count_in_words(model->total_parameters, buffer);
    print_visibly(out, model->architecture);
    fprintf(out, ": %s", model_status_name(model));
    if (model->sources_version.length) {
        fputs(", transformers ", out);
        print_visibly(out, model->sources_version);
    }
    if (model->status == MODEL_RAISES) {
        fputs("\n  ", out);
        print_visibly(out, model->raises.type);
        fputs(": ", out);
        print_visibly(out, model->raises.message);
        if (model->raises.origin.path.length) {
            fputs(" (", out);
            print_visibly(out, model->raises.origin.path);
            fprintf(out, ":%u)", (unsigned)model->raises.origin.place.line);
        }
        fputc('\n', out);
        return;
    }
    fprintf(out, ", %zu modules, %.*s parameters\n", model->module_count, TEXT_ARGS(count));
    struct tree tree = {.model = model};
    tree.shapes = ARENA_ARRAY(&tree.arena, model->module_count, uint32_t);
    tree.next = ARENA_ARRAY(&tree.arena, model->module_count, uint32_t);
    tree.folded = ARENA_ARRAY(&tree.arena, model->module_count, bool);
    number_shapes(&tree);
    uint32_t *latest = ARENA_ARRAY(&tree.arena, model->module_count, uint32_t);
    for (uint32_t module = 0; module < model->module_count; module++)
        link_children(&tree, module, latest);
    make_lines(&tree);
    print_lines(&tree, out);
    print_unresolved(model, out);
    free(tree.lines);
    arena_free(&tree.arena);
}
