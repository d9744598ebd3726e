/* RULE leaf-called-twice
 *
 * Finds leaves that one step calls more than once: modules that the forward of the module above calls again, and modules
 * that hang in the model at two places, while `named_modules()` lists them once, under the first of their names.
 *
 * **Why it matters.** DeepSpeed hands the gradients of a leaf on, and frees them, after the first of its calls has gone
 * through the backward pass; at the next one, under ZeRO stage 3, it stops with an `AssertionError` that has no message.
 * Without the leaf, a module may be called as often as you like.
 *
 *     "classes": ["AlbertLayer"]      (ALBERT runs through the same layer again and again)
 *     "classes": ["Shared"]           (self.encoder.block = self.decoder.block = Shared())
 *
 * instead
 *
 *     a leaf on a module above that holds all of the calls and is called once itself, or no leaf at all, where none of
 *     these modules chooses by data which modules it calls
 *
 * **When it is wrong.** When the loss depends on one of the calls only, as the model is trained, or only one of the places is
 * called in each step: then the leaf trains as any other.
 */
#include <stdlib.h>

#include "rules/support/bare_blocks.h"
#include "rules/support/entries.h"
#include "rules/support/leaf_faults.h"
#include "rules/support/leaf_reach.h"

/* A model and what was worked out for it once. */
struct leaves_in {
    const struct judged *judged;
    uint8_t *above;   /* leaf_above */
    uint32_t *places; /* second_places_of */
};

/* How one forward comes to call a leaf more than once.  *words then completes "the leaf `NAME` ...", when wanted. */
typedef bool finds_repeat(struct rule_context *context, const struct leaves_in *in, uint32_t module, struct text *words);

static bool hangs_twice(struct rule_context *context, const struct leaves_in *in, uint32_t module, struct text *words)
{
    const struct model *model = in->judged->model;
    if (!in->places[module])
        return false;
    const struct second_place *place = &model->second_places[in->places[module] - 1];
    struct text name = model->modules[module].name, above = model->modules[place->module].name;
    struct text rest = {name.bytes + above.length, name.length - above.length};
    if (words)
        *words = text_format(context->arena, "hangs in the model a second time, as `%.*s%.*s`", TEXT_ARGS(place->name),
                             TEXT_ARGS(rest));
    return true;
}

/* What is known of the model's tree. */
static finds_repeat *const repeats[] = {hangs_twice};

/* Leaves of one entry that have hooks, hold parameters and may be called more than once. */
struct repeated {
    const struct leaves_in *in; /* NULL: none */
    uint32_t first;
    size_t others;
    struct text words;
};

static struct repeated find_repeated(struct rule_context *context, const struct leaves_in *in, size_t which)
{
    const struct model *model = in->judged->model;
    const struct leaf_entry *entry = &in->judged->leaves.entries[which];
    struct repeated found = {0};
    for (uint32_t i = 0; i < entry->hit_count; i++) {
        uint32_t module = in->judged->leaves.hits[entry->first_hit + i];
        uint32_t class = model->modules[module].class_index;
        if (in->above[module] != LEAF_NO || class == MODULE_NONE || model->classes[class].forward_never_called ||
            !module_holds_parameters(model, module))
            continue;
        bool repeated = false;
        for (size_t repeat = 0; repeat < sizeof repeats / sizeof *repeats && !repeated; repeat++)
            repeated = repeats[repeat](context, in, module, found.in ? NULL : &found.words);
        if (!repeated)
            continue;
        found.others += found.in != NULL;
        found.first = found.in ? found.first : module;
        found.in = in;
    }
    return found;
}

static void report(struct rule_context *context, const struct leaf_entry *entry, const struct repeated *repeated)
{
    const struct model *model = repeated->in->judged->model;
    const struct module *leaf = &model->modules[repeated->first];
    bool certain = context->config->leaf.stage == 3;
    struct finding *finding = entry_finding(context, certain ? SEVERITY_WARNING : SEVERITY_NOTE,
                                            &context->config->references[entry->reference]);
    struct text more = TEXT("");
    if (repeated->others)
        more = text_format(context->arena, " (%zu more leaves of this entry are like it)", repeated->others);
    finding->model = model->architecture;
    finding->message = text_format(context->arena,
                                   "the leaf `%.*s` %.*s%.*s: when one step calls it twice, %straining stops with an "
                                   "empty AssertionError",
                                   TEXT_ARGS(leaf->name), TEXT_ARGS(repeated->words), TEXT_ARGS(more),
                                   certain ? "" : "under ZeRO stage 3 ");
    if (leaf->made)
        finding_relate(finding, leaf->made->path, leaf->made->place,
                       text_format(context->arena, "`%.*s` is made here", TEXT_ARGS(leaf->name)));
}

/* It hangs at two places. */
static void check_places(struct rule_context *context)
{
    if (context->model_count == 0 || !leaves_matter(context))
        return;
    struct leaves_in *models = memory_alloc(context->model_count * sizeof *models);
    for (size_t which = 0; which < context->model_count; which++)
        models[which] = (struct leaves_in){&context->models[which], leaf_above(&context->models[which]),
                                           second_places_of(context->models[which].model)};
    for (size_t i = 0; i < entry_count(context); i++) {
        if (!entry_sets_leaves(context, i))
            continue;
        /* A fault only when it is one in every model that the entry may be for. */
        struct repeated first = {0};
        bool fine = false;
        for (size_t which = 0; which < context->model_count && !fine; which++) {
            if (models[which].judged->leaves.entries[i].matched == LEAF_NO)
                continue;
            struct repeated repeated = find_repeated(context, &models[which], i);
            fine = !repeated.in;
            first = first.in ? first : repeated;
        }
        if (first.in && !fine)
            report(context, entry_at(context, i), &first);
    }
    for (size_t which = 0; which < context->model_count; which++) {
        free(models[which].above);
        free(models[which].places);
    }
    free(models);
}

/* The forward of the module above calls it again. */
static void check_calls(struct rule_context *context)
{
    struct leaf_fault *faults;
    size_t count = leaf_faults_find(context, CONDUCT_CALLED_TWICE, &faults);
    for (size_t i = 0; i < count; i++) {
        const struct leaf_fault *fault = &faults[i];
        struct finding *finding = leaf_fault_finding(context, fault, SEVERITY_WARNING);
        struct text subject = leaf_fault_subject(context, fault), modules = leaf_fault_modules(context, fault);
        finding->message = text_format(context->arena,
                                       "%.*s is called more than once in a step, and %s DeepSpeed stops with an "
                                       "AssertionError when gradients reach it from more than one call: %.*s",
                                       TEXT_ARGS(subject), leaf_fault_when(context), TEXT_ARGS(modules));
        const struct conduct *conduct = fault->conduct;
        leaf_fault_relate(context, fault, finding, "called here: ");
        if (conduct->call.path.length && conduct->call.place.line != conduct->at.place.line)
            finding_relate(finding, conduct->call.path, conduct->call.place, TEXT("and called here again"));
    }
}

static void check(struct rule_context *context)
{
    check_places(context);
    check_calls(context);
}

const struct rule rule_leaf_called_twice = {
    .name = "leaf-called-twice",
    .severity = SEVERITY_WARNING,
    .since = "0.1.0",
    .summary = "a leaf that one step calls more than once",
    .check = check,
};
