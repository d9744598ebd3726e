#include "rules/support/size_leaves.h"

#include <stdlib.h>

#define MAX_LEAF_SIZE 1000000000 /* Z3_MAX_LEAF_SIZE */
#define MAX_DEPTH 1000           /* modules inside modules, by way of second places too */

enum progress { NOT_YET, UNDER_WAY, DONE };

/* What _get_granularity_recursively returns: a module that hangs in two places counts in both. */
struct size {
    int64_t layers, parameters;
    uint8_t progress;
    bool holds; /* list(module.parameters()) is not empty */
};

struct work {
    const struct model *model;
    struct size_leaves *leaves;
    struct size *sizes;
    uint32_t *more;      /* parent -> first of its second places + 1 */
    uint32_t *more_next; /* second place -> next of the same parent + 1 */
    bool *seen;          /* in the walk that flags */
    bool known;
};

/* children(): each module once, also when it has two names in the same parent. */
struct children {
    uint32_t next, place;
};

static struct children children_of(const struct work *work, uint32_t module)
{
    return (struct children){module + 1, work->more[module]};
}

static bool next_child(const struct work *work, uint32_t module, struct children *children, uint32_t *child)
{
    const struct model *model = work->model;
    if (children->next < model->modules[module].end) {
        *child = children->next;
        children->next = model->modules[*child].end;
        return true;
    }
    while (children->place) {
        uint32_t place = children->place - 1;
        *child = model->second_places[place].module;
        children->place = work->more_next[place];
        bool again = model->modules[*child].parent == module;
        for (uint32_t other = work->more[module]; other && !again && other - 1 != place; other = work->more_next[other - 1])
            again = model->second_places[other - 1].module == *child;
        if (!again)
            return true;
    }
    return false;
}

static bool is_container(const struct model_class *class)
{
    /* torch.nn.modules.container.__all__, compared by the bare name of the module's own class. */
    static const char *const names[] = {"Container",  "Sequential",    "ModuleList",
                                        "ModuleDict", "ParameterList", "ParameterDict"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(class->name, text_from(names[i])))
            return true;
    return false;
}

/* bool(child), which `any(module.children())` asks: containers without items are false. */
static bool is_true(const struct work *work, uint32_t module)
{
    const struct module *row = &work->model->modules[module];
    const struct model_class *class = &work->model->classes[row->class_index];
    bool container = text_starts(class->qualified, TEXT("torch.nn.modules.container."));
    for (size_t i = 0; i < class->base_count; i++)
        container = container || text_starts(class->bases[i], TEXT("torch.nn.modules.container."));
    return !container || row->end > module + 1 || row->parameter_count || work->more[module];
}

/* Parameters of the module itself, parameters(recurse=False): each once. */
static bool own_parameters(const struct model *model, const struct module *row, int64_t *total)
{
    *total = 0;
    for (uint32_t i = 0; i < row->parameter_count; i++) {
        const struct parameter *parameter = &model->parameters[row->first_parameter + i];
        int64_t count = 1;
        if (!parameter->shape_known)
            return false;
        if (parameter->shared && parameter->same_as >= row->first_parameter)
            continue;
        for (uint8_t dim = 0; dim < parameter->dims; dim++)
            if (__builtin_mul_overflow(count, parameter->shape[dim], &count))
                return false;
        if (__builtin_add_overflow(*total, count, total))
            return false;
    }
    return true;
}

/* _get_granularity_recursively */
static void measure(struct work *work, uint32_t module, uint32_t depth)
{
    const struct module *row = &work->model->modules[module];
    struct size *size = &work->sizes[module];
    if (size->progress == DONE || !work->known)
        return;
    if (size->progress == UNDER_WAY || depth > MAX_DEPTH || row->class_index == MODULE_NONE ||
        !own_parameters(work->model, row, &size->parameters)) {
        work->known = false;
        return;
    }
    size->progress = UNDER_WAY;
    size->holds = row->parameter_count > 0;
    bool parent = false;
    struct children children = children_of(work, module);
    for (uint32_t child; next_child(work, module, &children, &child);) {
        measure(work, child, depth + 1);
        const struct size *below = &work->sizes[child];
        size->holds = size->holds || below->holds;
        parent = parent || is_true(work, child);
        if (!work->known || __builtin_add_overflow(size->layers, below->layers, &size->layers) ||
            __builtin_add_overflow(size->parameters, below->parameters, &size->parameters)) {
            work->known = false;
            return;
        }
    }
    size->progress = DONE;
    work->leaves->granularity[module] = GRANULARITY_NONE;
    if (!size->holds) {
        size->layers = size->parameters = 0;
    } else if (!parent) {
        size->layers = 1;
    } else if (!is_container(&work->model->classes[row->class_index])) {
        size->layers++;
        if (size->parameters <= MAX_LEAF_SIZE)
            work->leaves->granularity[module] = size->parameters / size->layers;
    }
}

/* _set_leaf_by_threshold_preorder */
static void flag(struct work *work, uint32_t module, int64_t threshold)
{
    if (work->seen[module] || work->sizes[module].parameters == 0)
        return;
    work->seen[module] = true;
    if (work->leaves->granularity[module] <= threshold) {
        work->leaves->flagged[work->leaves->count++] = module;
        return;
    }
    struct children children = children_of(work, module);
    for (uint32_t child; next_child(work, module, &children, &child);)
        flag(work, child, threshold);
}

static int compare_modules(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

static void *zeroed(size_t count, size_t size)
{
    void *memory = memory_alloc((count + 1) * size);
    memset(memory, 0, (count + 1) * size);
    return memory;
}

bool size_leaves_find(struct size_leaves *leaves, const struct model *model, int64_t threshold)
{
    size_t count = model->module_count;
    *leaves = (struct size_leaves){zeroed(count, sizeof *leaves->granularity), zeroed(count, sizeof *leaves->flagged), 0};
    if (model->status != MODEL_EXACT || count == 0)
        return false;
    struct work work = {.model = model, .leaves = leaves, .known = true};
    work.sizes = zeroed(count, sizeof *work.sizes);
    work.more = zeroed(count, sizeof *work.more);
    work.more_next = zeroed(model->second_place_count, sizeof *work.more_next);
    work.seen = zeroed(count, sizeof *work.seen);
    for (uint32_t i = (uint32_t)model->second_place_count; i-- > 0;) {
        uint32_t parent = model->second_places[i].parent;
        if (parent == MODULE_NONE)
            continue;
        work.more_next[i] = work.more[parent];
        work.more[parent] = i + 1;
    }
    measure(&work, 0, 0);
    if (work.known && threshold > 0) {
        flag(&work, 0, threshold);
        qsort(leaves->flagged, leaves->count, sizeof *leaves->flagged, compare_modules);
    }
    free(work.sizes);
    free(work.more);
    free(work.more_next);
    free(work.seen);
    return work.known;
}

void size_leaves_free(struct size_leaves *leaves)
{
    free(leaves->granularity);
    free(leaves->flagged);
    *leaves = (struct size_leaves){0};
}
