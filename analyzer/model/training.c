/* Which modules are looked at, and what is stated of them. */
#include "model/training.h"

#include <stdlib.h>
#include <string.h>

#include "eval/transaction.h"
#include "model/training_internal.h"

#define MAX_CODE 72 /* bytes of a statement in a message; more hides the point */

struct training {
    struct eval *ev;
    struct model *model;
    struct instance *root;
    size_t capacity; /* of model->conducts while they are gathered, on the heap of C */
    struct conduct *conducts;
    size_t count;
    size_t steps;
    struct arena scratch; /* of one module at a time */
    bool *twice;          /* by module: it is called twice */
};

static struct instance *instance_of(struct training *training, uint32_t module)
{
    const struct module *row = &training->model->modules[module];
    if (row->parent == MODULE_NONE)
        return training->root;
    struct instance *parent = instance_of(training, row->parent);
    if (!parent || !parent->tables)
        return NULL;
    struct value child = dict_get_str(dict_or_empty(parent->tables->modules), eval_intern(training->ev, row->leaf));
    return child.kind == VALUE_INSTANCE ? child.instance : NULL;
}

/* The module in whose forward this one is called: the one above that has a forward of its own. */
static uint32_t caller_of(const struct model *model, uint32_t module)
{
    uint32_t above = model->modules[module].parent;
    while (above != MODULE_NONE && (model->modules[above].class_index == MODULE_NONE ||
                                    model->classes[model->modules[above].class_index].forward_never_called))
        above = model->modules[above].parent;
    return above;
}

/* The line that starts here, shortened. */
static struct text code_at(struct arena *arena, const struct python_file *file, uint32_t at)
{
    struct text bytes = file->source.bytes;
    uint32_t end = at;
    while (end < bytes.length && bytes.bytes[end] != '\n' && bytes.bytes[end] != '#' && end - at <= MAX_CODE)
        end++;
    bool cut = end - at > MAX_CODE;
    while (end > at && (bytes.bytes[end - 1] == ' ' || bytes.bytes[end - 1] == '\r'))
        end--;
    while (cut && end > at && ((unsigned char)bytes.bytes[end] & 0xC0) == 0x80) /* never inside a character */
        end--;
    return text_format(arena, "%.*s%s", (int)(end - at), bytes.bytes + at, cut ? "..." : "");
}

static void state(struct training *training, uint32_t module, enum conduct_kind kind, const struct subject_call *call,
                  const struct python_file *file, uint32_t at)
{
    struct model *model = training->model;
    if (training->count >= LIMIT_CONDUCTS)
        return;
    training->conducts = array_grow(training->conducts, training->count, &training->capacity, sizeof *training->conducts);
    struct conduct *conduct = &training->conducts[training->count++];
    *conduct = (struct conduct){.module = module, .kind = kind};
    training->twice[module] |= kind == CONDUCT_CALLED_TWICE;
    conduct->at = block_origin(training->ev, model, file, at);
    if (call) {
        conduct->call = block_origin(training->ev, model, call->file, call->at);
        conduct->by_keyword = call->positional == 0;
        conduct->perhaps_dict = call->result->kind != SEEN_TENSOR && call->result->kind != SEEN_TUPLE;
    }
    if (file)
        conduct->code = code_at(&model->arena, file, at);
}

static void state_calls(struct training *training, uint32_t module, const struct walk *walk)
{
    const struct subject_call *changes = NULL, *may_change = NULL, *without = NULL, *dict = NULL;
    for (uint32_t i = walk->call_count; i-- > 0;) {
        const struct subject_call *call = walk->calls[i];
        changes = call->changed.file ? call : changes;
        may_change = call->changed_if_cast_copies_nothing.file ? call : may_change;
        without = call->without_grad ? call : without;
        dict = call->result->kind == SEEN_DICT ? call : dict;
    }
    if (changes)
        state(training, module, CONDUCT_CHANGES_INPUT, changes, changes->changed.file, changes->changed.at);
    else if (may_change)
        state(training, module, CONDUCT_MAY_CHANGE_INPUT, may_change, may_change->changed_if_cast_copies_nothing.file,
              may_change->changed_if_cast_copies_nothing.at);
    if (dict)
        state(training, module, CONDUCT_RETURNS_DICT, dict, dict->result->file, dict->result->at);
    else if (without) /* of what returns a dict the hooks see nothing at all */
        state(training, module, CONDUCT_NO_GRAD_INPUT, without, without->file, without->at);
    if (walk->call_count > 1)
        state(training, module, CONDUCT_CALLED_TWICE, walk->calls[1], walk->calls[0]->file, walk->calls[0]->at);
}

/* torch's Embedding, with torch's forward: it takes whole numbers, which have no gradient. */
static bool is_embedding(struct training *training, const struct instance *instance)
{
    const struct class *class_ = instance->class_;
    struct routing_method method;
    bool derived = false;
    for (uint32_t i = 0; i < class_->mro_count; i++)
        derived |= class_->mro[i]->module && text_equal(str_text(class_->mro[i]->name), TEXT("Embedding")) &&
                   text_equal(str_text(class_->mro[i]->module), TEXT("torch.nn.modules.sparse"));
    return derived && !class_->open && !block_method(training->ev, instance, TEXT("forward"), 0, &method);
}

/* Walks the forward of `root` with everything below it; false: nothing is certain. */
static bool walk_from(struct training *training, struct walk *walk, const struct instance *root)
{
    struct routing_method forward;
    if (!root || !block_method(training->ev, root, TEXT("forward"), 0, &forward) || forward.function == ROUTING_UNREADABLE)
        return false;
    walk->root = root;
    walk_root(walk, &forward);
    training->steps += walk->steps;
    free(walk->assigned);
    walk->assigned = NULL;
    return !walk->stopped && !training->ev->stopped;
}

static void look_at(struct training *training, uint32_t module)
{
    struct model *model = training->model;
    struct instance *subject = instance_of(training, module);
    uint32_t above = caller_of(model, module);
    if (!subject || above == MODULE_NONE || !block_holds_parameter(subject))
        return;
    struct arena_mark mark = arena_mark(&training->scratch);
    const struct instance *caller = instance_of(training, above);
    struct walk walk = {.ev = training->ev, .scratch = &training->scratch, .caller = caller, .subject = subject};
    bool certain = walk_from(training, &walk, caller);
    if (certain && is_embedding(training, subject)) {
        if (walk.met) /* whether or not it is for certain: when it is called, it is called with numbers */
            state(training, module, CONDUCT_NO_GRAD_INPUT, NULL, NULL, 0);
        if (walk.call_count > 1)
            state(training, module, CONDUCT_CALLED_TWICE, walk.calls[1], walk.calls[0]->file, walk.calls[0]->at);
        arena_reset(&training->scratch, mark);
        return;
    }
    /* What the caller passes on comes from its own caller, which may call it twice. */
    uint32_t further = caller_of(model, above);
    bool look_further = walk.grad_unknown || (walk.call_count == 1 && training->twice[above]);
    if (certain && walk.call_count && look_further && further != MODULE_NONE) {
        struct walk wider = {.ev = training->ev, .scratch = &training->scratch, .caller = caller, .subject = subject};
        if (walk_from(training, &wider, instance_of(training, further)) && wider.call_count) {
            walk.calls[0]->changed = wider.calls[0]->changed;
            walk.calls[0]->changed_if_cast_copies_nothing = wider.calls[0]->changed_if_cast_copies_nothing;
            if (wider.call_count > 1 && walk.call_count == 1)
                walk.calls[walk.call_count++] = wider.calls[1];
        }
    }
    if (certain)
        state_calls(training, module, &walk);
    arena_reset(&training->scratch, mark);
}

static int compare_conducts(const void *a, const void *b)
{
    const struct conduct *left = a, *right = b;
    if (left->module != right->module)
        return left->module < right->module ? -1 : 1;
    return (int)left->kind - (int)right->kind;
}

/* What is looked at first: one module of each class and place, as `encoder` and `decoder` are, and items of lists are not. */
struct kind_seen {
    uint32_t class_;
    struct text leaf;
};
#define MAX_KINDS 4096

struct kinds_seen {
    struct kind_seen *items;
    size_t count, capacity;
};

static bool is_new_kind(struct kinds_seen *kinds, const struct module *module)
{
    struct text leaf = module->leaf;
    if (leaf.length && leaf.bytes[0] >= '0' && leaf.bytes[0] <= '9')
        leaf.length = 0;
    for (size_t i = kinds->count; i-- > 0;)
        if (kinds->items[i].class_ == module->class_index && text_equal(kinds->items[i].leaf, leaf))
            return false;
    if (kinds->count == MAX_KINDS)
        return false;
    kinds->items = array_grow(kinds->items, kinds->count, &kinds->capacity, sizeof *kinds->items);
    kinds->items[kinds->count++] = (struct kind_seen){module->class_index, leaf};
    return true;
}

void training_fill(struct eval *ev, struct model *model, struct instance *const *instances, const bool *wanted)
{
    if (model->module_count == 0 || ev->stopped)
        return;
    struct training training = {.ev = ev, .model = model, .root = instances[model->modules[0].class_index]};
    training.twice = ARENA_ARRAY(&ev->scratch, model->module_count, bool);
    struct kinds_seen kinds = {0};
    bool *seen = ARENA_ARRAY(&ev->scratch, model->module_count, bool);
    bool *stated = ARENA_ARRAY(&ev->scratch, model->class_count + 1, bool);
    struct transaction transaction;
    transaction_begin(ev, &transaction);
    /* Where there is something to say of one, the others of its class are looked at too. */
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 1; i < model->module_count && training.steps < LIMIT_TRAINING_ALL; i++) {
            uint32_t class_ = model->modules[i].class_index;
            if ((wanted && !wanted[i]) || class_ == MODULE_NONE || model->classes[class_].forward_never_called || seen[i])
                continue;
            seen[i] = pass == 0 ? is_new_kind(&kinds, &model->modules[i]) : stated[class_];
            if (!seen[i])
                continue;
            size_t before = training.count;
            look_at(&training, i);
            stated[class_] |= training.count > before;
        }
    transaction_undo(ev, &transaction);
    model->conducts = ARENA_ARRAY(&model->arena, training.count + 1, struct conduct);
    if (training.count) {
        qsort(training.conducts, training.count, sizeof *training.conducts, compare_conducts);
        memcpy(model->conducts, training.conducts, training.count * sizeof *training.conducts);
    }
    model->conduct_count = ev->stopped ? 0 : training.count;
    ev->stopped = NULL; /* the tree itself is complete */
    free(training.conducts);
    free(kinds.items);
    arena_free(&training.scratch);
}
