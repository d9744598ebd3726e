/* Values of the walk: how they are made, joined, and asked. */
#include "eval/types.h"
#include "eval/values.h"
#include "model/training_internal.h"

const struct seen seen_unknown = {.kind = SEEN_UNKNOWN};
const struct seen seen_tensor = {.kind = SEEN_TENSOR};
const struct seen seen_without_grad = {.kind = SEEN_TENSOR, .grad = GRAD_NO};
const struct seen seen_with_grad = {.kind = SEEN_TENSOR, .grad = GRAD_YES};

const struct seen *seen_constant(struct walk *walk, struct value value)
{
    struct seen *seen = ARENA_NEW(walk->scratch, struct seen);
    *seen = (struct seen){.kind = SEEN_CONSTANT, .constant = value};
    return seen;
}

const struct seen *seen_bool(struct walk *walk, bool truth)
{
    return seen_constant(walk, value_bool(truth));
}

const struct seen *seen_module(struct walk *walk, struct instance *instance)
{
    struct seen *seen = ARENA_NEW(walk->scratch, struct seen);
    *seen = (struct seen){.kind = SEEN_MODULE, .instance = instance};
    return seen;
}

const struct seen *seen_tuple(struct walk *walk, const struct seen *const *items, uint32_t count)
{
    struct seen *seen = ARENA_NEW(walk->scratch, struct seen);
    *seen = (struct seen){.kind = SEEN_TUPLE, .items = items, .count = count};
    return seen;
}

const struct seen *seen_of_value(struct walk *walk, struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_INSTANCE:
        if (value.instance->class_->is_module)
            return seen_module(walk, value.instance);
        return seen_constant(walk, value);
    case VALUE_TENSOR:
        if (walk->ev->types->parameter && class_is_subclass(value.tensor->class_, walk->ev->types->parameter))
            return &seen_with_grad;
        return &seen_tensor;
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STR:
    case VALUE_CLASS:
    case VALUE_FUNCTION:
    case VALUE_NAMESPACE: return seen_constant(walk, value);
    case VALUE_TUPLE:
    case VALUE_LIST:
        return value.list->open ? &seen_unknown : seen_constant(walk, value);
    case VALUE_RAISED:
    case VALUE_UNBOUND:
    case VALUE_UNKNOWN:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_DICT:
    case VALUE_SET:
    case VALUE_RANGE:
    case VALUE_SLICE:
    case VALUE_ITERATOR:
    case VALUE_BOUND:
    case VALUE_NATIVE:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
    case VALUE_SUPER:
    case VALUE_LAZY: break;
    }
    return &seen_unknown;
}

static bool is_none(const struct seen *value)
{
    return value->kind == SEEN_CONSTANT && value->constant.kind == VALUE_NONE;
}

static const struct seen *join_tensors(struct walk *walk, const struct seen *a, const struct seen *b)
{
    struct seen *joined = ARENA_NEW(walk->scratch, struct seen);
    *joined = *a;
    if (a->grad != b->grad)
        joined->grad = GRAD_UNKNOWN;
    joined->or_none = a->or_none || b->or_none;
    joined->cast = a->cast || b->cast;
    if (a->input != b->input)
        joined->input = NULL;
    return joined;
}

/* A tensor or None. */
static const struct seen *join_none(struct walk *walk, const struct seen *tensor)
{
    struct seen *joined = ARENA_NEW(walk->scratch, struct seen);
    *joined = *tensor;
    joined->input = NULL;
    joined->or_none = true;
    if (joined->grad == GRAD_YES)
        joined->grad = GRAD_UNKNOWN;
    return joined;
}

const struct seen *seen_join(struct walk *walk, const struct seen *a, const struct seen *b)
{
    if (!a || !b)
        return a ? a : b;
    if (a == b)
        return a;
    if (a->kind == SEEN_TENSOR && b->kind == SEEN_TENSOR)
        return join_tensors(walk, a, b);
    if (a->kind == SEEN_TENSOR && is_none(b))
        return join_none(walk, a);
    if (b->kind == SEEN_TENSOR && is_none(a))
        return join_none(walk, b);
    if (a->kind != b->kind)
        return &seen_unknown;
    switch ((enum seen_kind)a->kind) {
    case SEEN_CONSTANT:
        return a->constant.kind == b->constant.kind && value_same(a->constant, b->constant) ? a : &seen_unknown;
    case SEEN_MODULE: return a->instance == b->instance ? a : &seen_unknown;
    case SEEN_DICT: return a;
    case SEEN_UNKNOWN:
    case SEEN_TENSOR:
    case SEEN_METHOD:
    case SEEN_SUPER:
    case SEEN_TUPLE: break;
    }
    return &seen_unknown;
}

enum routing_truth seen_truth(struct walk *walk, const struct seen *value)
{
    switch ((enum seen_kind)value->kind) {
    case SEEN_CONSTANT: {
        int truth = value_truth(walk->ev, value->constant);
        return truth == 1 ? TRUTH_TRUE : truth == 0 ? TRUTH_FALSE : TRUTH_CANNOT_TELL;
    }
    case SEEN_MODULE: return block_is_container(walk->ev, value->instance) ? TRUTH_CANNOT_TELL : TRUTH_TRUE;
    case SEEN_METHOD: return TRUTH_TRUE;
    case SEEN_TUPLE: return value->count ? TRUTH_TRUE : TRUTH_FALSE;
    case SEEN_UNKNOWN:
    case SEEN_TENSOR:
    case SEEN_SUPER:
    case SEEN_DICT: break;
    }
    return TRUTH_CANNOT_TELL;
}

bool name_is_one_of(struct text name, const char *const *names)
{
    for (; *names; names++)
        if (text_equal(name, text_from(*names)))
            return true;
    return false;
}

/* ---- attributes ---- */

static bool was_assigned(const struct walk *walk, const struct instance *instance, const struct str *name)
{
    for (size_t i = 0; i < walk->assigned_count; i++)
        if (walk->assigned[i].instance == instance && walk->assigned[i].name == name)
            return true;
    return false;
}

static const struct seen *method_attribute(struct walk *walk, struct instance *instance, struct text name,
                                           struct value found)
{
    struct seen method = {.kind = SEEN_METHOD, .instance = instance};
    method.takes = found.kind == VALUE_FUNCTION       ? TAKES_SELF
                   : found.kind == VALUE_CLASS_METHOD ? TAKES_CLASS
                                                      : TAKES_NOTHING;
    if (!block_method(walk->ev, instance, name, 0, &method.method))
        return &seen_unknown;
    struct seen *made = ARENA_NEW(walk->scratch, struct seen);
    *made = method;
    return made;
}

static const struct seen *module_attribute(struct walk *walk, struct instance *instance, struct text name)
{
    struct eval *ev = walk->ev;
    struct str *symbol = eval_intern(ev, name);
    if (text_equal(name, TEXT("training")))
        return seen_bool(walk, true);
    /* What is switched on after the model was built. */
    if (text_equal(name, TEXT("gradient_checkpointing")) || was_assigned(walk, instance, symbol))
        return &seen_unknown;
    if (instance->open || instance->class_->open || instance->class_->has_getattribute)
        return &seen_unknown;
    struct value own = dict_get_str(instance->attributes, symbol);
    if (own.kind != VALUE_UNBOUND)
        return seen_of_value(walk, own);
    struct value in_class = class_find(ev, instance->class_, symbol);
    if (in_class.kind == VALUE_FUNCTION || in_class.kind == VALUE_STATIC_METHOD || in_class.kind == VALUE_CLASS_METHOD)
        return method_attribute(walk, instance, name, in_class);
    if (instance->tables && in_class.kind == VALUE_UNBOUND) {
        struct value buffer = dict_get_str(dict_or_empty(instance->tables->buffers), symbol);
        if (buffer.kind == VALUE_TENSOR)
            return &seen_without_grad;
    }
    return seen_of_value(walk, find_attribute(ev, value_of(VALUE_INSTANCE, instance), symbol));
}

static const struct seen *tensor_attribute(struct walk *walk, const struct seen *tensor, struct text name)
{
    (void)walk;
    if (text_equal(name, TEXT("T")) || text_equal(name, TEXT("mT")))
        return tensor;
    if (text_equal(name, TEXT("data")))
        return &seen_without_grad;
    return &seen_unknown;
}

const struct seen *seen_attribute(struct walk *walk, const struct seen *object, struct text name)
{
    switch ((enum seen_kind)object->kind) {
    case SEEN_MODULE: return module_attribute(walk, object->instance, name);
    case SEEN_TENSOR: return tensor_attribute(walk, object, name);
    case SEEN_CONSTANT:
        return seen_of_value(walk, find_attribute(walk->ev, object->constant, eval_intern(walk->ev, name)));
    case SEEN_SUPER: {
        struct seen method = {.kind = SEEN_METHOD, .instance = object->instance};
        if (!block_method(walk->ev, object->instance, name, object->method.depth, &method.method))
            return &seen_unknown;
        struct seen *made = ARENA_NEW(walk->scratch, struct seen);
        *made = method;
        return made;
    }
    case SEEN_UNKNOWN:
    case SEEN_METHOD:
    case SEEN_TUPLE:
    case SEEN_DICT: break;
    }
    return &seen_unknown;
}

uint32_t container_items(struct walk *walk, const struct instance *container, struct instance ***items)
{
    if (!container->tables || container->open || !block_is_container(walk->ev, container))
        return 0;
    const struct dict *modules = dict_or_empty(container->tables->modules);
    if (modules->open)
        return 0;
    walk->steps += modules->count;
    *items = ARENA_ARRAY(walk->scratch, (size_t)modules->count + 1, struct instance *);
    uint32_t count = 0;
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(modules, &i));) {
        if (entry->value.kind != VALUE_INSTANCE || !entry->value.instance->class_->is_module)
            return 0;
        (*items)[count++] = entry->value.instance;
    }
    return count;
}

const struct seen *seen_global(struct walk *walk, struct text name)
{
    if (walk->unit_file != walk->frame->file) {
        walk->unit_file = walk->frame->file;
        walk->unit = block_unit(walk->ev, walk->unit_file);
    }
    struct unit *unit = walk->unit;
    if (!unit || !unit->namespace)
        return &seen_unknown;
    return seen_of_value(walk, global_get(walk->ev, unit->namespace, eval_intern(walk->ev, name)));
}
