/* What self, children and other objects hold: attributes and names. */
#include "model/routing_internal.h"

/* ---- attributes of self ---- */

#define MAX_DECORATORS 16

/* Decorators stand on the lines above a def; those of properties and static methods take one line each. */
static bool has_decorator(const struct routing_method *method, struct text name)
{
    struct text bytes = method->file->source.bytes;
    size_t end = method->file->ast.functions[method->function].at;
    for (unsigned lines = 0; lines < MAX_DECORATORS && end && end <= bytes.length; lines++) {
        while (end && (bytes.bytes[end - 1] == ' ' || bytes.bytes[end - 1] == '\t'))
            end--;
        if (!end || bytes.bytes[end - 1] != '\n')
            return false;
        end--;
        if (end && bytes.bytes[end - 1] == '\r')
            end--;
        size_t start = end;
        while (start && bytes.bytes[start - 1] != '\n')
            start--;
        struct text line = {bytes.bytes + start, end - start};
        while (line.length && (line.bytes[0] == ' ' || line.bytes[0] == '\t')) {
            line.bytes++;
            line.length--;
        }
        if (!line.length || line.bytes[0] != '@')
            return false;
        if (text_ends(line, name))
            return true;
        end = start + (size_t)(line.bytes - (bytes.bytes + start));
    }
    return false;
}

static const struct traced *method_value(struct routing_state *state, const struct routing_method *method, uint32_t at)
{
    if (method->function == ROUTING_UNREADABLE) {
        routing_stop(state, TEXT("forward uses a method that cannot be parsed"), at);
        return &value_clean;
    }
    if (has_decorator(method, TEXT("property"))) {
        struct arguments none = {0};
        return routing_inline(state, method, NULL, &value_self, &none, at);
    }
    struct traced *value = ARENA_NEW(state->scratch, struct traced);
    value->kind = TRACED_METHOD;
    value->file = method->file;
    value->method = *method;
    value->number = has_decorator(method, TEXT("staticmethod"))  ? METHOD_STATIC
                    : has_decorator(method, TEXT("classmethod")) ? METHOD_CLASS
                                                                 : METHOD_BOUND;
    return value;
}

static struct self_attribute *assigned_attribute(struct routing_state *state, struct text name)
{
    state->steps += state->attribute_count / 8;
    for (size_t i = 0; i < state->attribute_count; i++)
        if (text_equal(state->attributes[i].name, name))
            return &state->attributes[i];
    return NULL;
}

/* Asking the host may be slow, and loops ask again. */
static struct host_answer *ask_host(struct routing_state *state, struct text name)
{
    state->steps += state->answer_count / 8;
    for (size_t i = 0; i < state->answer_count; i++)
        if (text_equal(state->answers[i].name, name))
            return &state->answers[i];
    if (state->answer_count == state->answer_capacity)
        state->answers =
            array_grow(state->answers, state->answer_count, &state->answer_capacity, sizeof *state->answers);
    struct host_answer *answer = &state->answers[state->answer_count++];
    *answer = (struct host_answer){.name = name};
    answer->has_method = state->host->method(state->host->context, name, 0, &answer->method);
    return answer;
}

static enum routing_attribute ask_attribute(struct routing_state *state, struct text name)
{
    struct host_answer *answer = ask_host(state, name);
    if (!answer->asked_attribute) {
        answer->asked_attribute = true;
        answer->attribute = (uint8_t)state->host->attribute(state->host->context, name);
    }
    return (enum routing_attribute)answer->attribute;
}

static const struct traced *constructed_attribute(struct routing_state *state, struct text name)
{
    struct text shown;
    switch (ask_attribute(state, name)) {
    case ATTRIBUTE_CHILD:
        shown = text_format(state->scratch, "self.%.*s", TEXT_ARGS(name));
        return traced_module(state, TRACED_MODULE, name, shown);
    case ATTRIBUTE_CONTAINER:
        shown = text_format(state->scratch, "self.%.*s", TEXT_ARGS(name));
        return traced_module(state, TRACED_CONTAINER, name, shown);
    case ATTRIBUTE_PLAIN: break;
    case ATTRIBUTE_CANNOT_TELL: {
        struct traced *value = ARENA_NEW(state->scratch, struct traced);
        value->kind = TRACED_MODULE;
        value->opaque = true;
        value->text = name;
        value->shown = text_format(state->scratch, "self.%.*s", TEXT_ARGS(name));
        return value;
    }
    }
    return &value_clean;
}

static const struct traced *self_attribute(struct routing_state *state, struct text name, uint32_t at)
{
    struct self_attribute *assigned = assigned_attribute(state, name);
    if (assigned)
        return assigned->value;
    struct host_answer answer = *ask_host(state, name);
    if (answer.has_method)
        return method_value(state, &answer.method, at);
    return constructed_attribute(state, name);
}

void routing_set_attribute(struct routing_state *state, struct text name, const struct traced *value)
{
    struct self_attribute *attribute = assigned_attribute(state, name);
    enum strength control = routing_control(state);
    if (attribute) {
        attribute->value = traced_join(state, attribute->value, value, control);
        return;
    }
    const struct traced *before = constructed_attribute(state, name);
    /* What the constructor left may still be there where the assignment was not reached. */
    if (control != STRENGTH_NONE || traced_holds_module(before))
        value = traced_join(state, before, value, control);
    if (state->attribute_count == state->attribute_capacity)
        state->attributes = array_grow(state->attributes, state->attribute_count, &state->attribute_capacity,
                                       sizeof *state->attributes);
    state->attributes[state->attribute_count++] = (struct self_attribute){name, value};
}

/* ---- attributes of other objects ---- */

/* What modules have besides children. */
static bool is_module_data(struct text name)
{
    return text_equal(name, TEXT("weight")) || text_equal(name, TEXT("bias")) || text_equal(name, TEXT("training")) ||
           text_equal(name, TEXT("config")) || routing_is_metadata(name);
}

static const struct traced *module_attribute(struct routing_state *state, const struct traced *module, struct text name)
{
    if (text_equal(name, TEXT("forward")) || text_equal(name, TEXT("__call__")))
        return module;
    if (is_module_data(name))
        return &value_clean;
    struct traced *inner = ARENA_NEW(state->scratch, struct traced);
    *inner = *module;
    inner->kind = TRACED_MODULE;
    inner->opaque = true;
    if (module->shown.length < MAX_SHOWN)
        inner->shown = text_format(state->scratch, "%.*s.%.*s", TEXT_ARGS(module->shown), TEXT_ARGS(name));
    return inner;
}

static const struct traced *plain_attribute(struct routing_state *state, const struct traced *object, struct text name)
{
    unsigned taint = traced_flat_taint(object);
    if (text_equal(name, TEXT("shape"))) /* (n, d): the lengths become values */
        return traced_plain(state, taint_move(taint, TAINT_LENGTH, TAINT_VALUE));
    if (routing_is_metadata(name) || taint == 0)
        return &value_clean;
    if (text_equal(name, TEXT("T")) || text_equal(name, TEXT("mT")) || text_equal(name, TEXT("data")) ||
        text_equal(name, TEXT("values")) || text_equal(name, TEXT("indices")))
        return traced_plain(state, taint);
    /* A field of some object: a tensor, a flag, a cache. */
    unsigned kept = taint & (EITHER(TAINT_VALUE | TAINT_CHOICE) | TAINT_ORIGIN);
    return traced_plain(state, kept & EITHER(TAINT_VALUE) ? kept | TAINT_LOOSE : kept);
}

const struct traced *routing_attribute(struct routing_state *state, const struct traced *object, struct text name,
                                      uint32_t at)
{
    switch ((enum traced_kind)object->kind) {
    case TRACED_SELF: return self_attribute(state, name, at);
    case TRACED_SUPER: {
        struct routing_method method;
        if (state->host->method(state->host->context, name, (uint32_t)object->number, &method))
            return method_value(state, &method, at);
        return &value_clean; /* torch's own */
    }
    case TRACED_MODULE:
    case TRACED_CONTAINER: return module_attribute(state, object, name);
    case TRACED_GLOBAL: return traced_global(state, object->file, name, object->shown, true);
    case TRACED_PLAIN:
    case TRACED_TUPLE:
    case TRACED_SEQUENCE: return plain_attribute(state, object, name);
    case TRACED_NONE:
    case TRACED_TRUE:
    case TRACED_FALSE:
    case TRACED_INT:
    case TRACED_STRING: break;
    case TRACED_METHOD:
    case TRACED_FUNCTION: return object; /* f.__func__, f.__wrapped__ */
    }
    return &value_clean;
}

#define MAX_NAME_PARTS 16

/* `self.expert_0` stands for `getattr(self, f"expert_{i}")`: children that are numbered are all there or none. */
static const struct traced *numbered_attribute(struct routing_state *state, const struct traced *name, uint32_t name_node,
                                              uint32_t at)
{
    const struct python_file *file = state->frame->file;
    struct ast_node node = routing_node(file, name_node);
    struct text shown = TEXT("getattr(self, ...)");
    if (name->kind == TRACED_PLAIN && node.kind == AST_FSTRING && ast_list_count(&file->ast, node.a) <= MAX_NAME_PARTS) {
        struct text first = TEXT("");
        for (uint32_t i = 0; i < ast_list_count(&file->ast, node.a); i++) {
            struct ast_node part = routing_node(file, ast_list_item(&file->ast, node.a, i));
            struct text piece = part.kind == AST_STRING ? routing_string(file, part.a) : TEXT("0");
            first = text_format(state->scratch, "%.*s%.*s", TEXT_ARGS(first), TEXT_ARGS(piece));
        }
        const struct traced *found = self_attribute(state, first, at);
        if (found->kind == TRACED_MODULE || found->kind == TRACED_CONTAINER) {
            struct traced *copy = ARENA_NEW(state->scratch, struct traced);
            *copy = *found;
            copy->shown = shown;
            return copy;
        }
    }
    struct traced *unknown = ARENA_NEW(state->scratch, struct traced);
    unknown->kind = TRACED_MODULE;
    unknown->opaque = true;
    unknown->shown = shown;
    return unknown;
}

const struct traced *routing_dynamic_attribute(struct routing_state *state, const struct traced *object,
                                              const struct traced *name, uint32_t name_node, uint32_t at)
{
    if (name->kind == TRACED_STRING)
        return routing_attribute(state, object, name->text, at);
    const struct traced *found;
    switch ((enum traced_kind)object->kind) {
    case TRACED_SELF: found = numbered_attribute(state, name, name_node, at); break;
    case TRACED_MODULE:
    case TRACED_CONTAINER: found = traced_item(state, object); break;
    default: return traced_plain(state, traced_flat_taint(object) | traced_flat_taint(name));
    }
    return traced_picked(state, found, name, name_node);
}

const struct traced *traced_picked(struct routing_state *state, const struct traced *module, const struct traced *by,
                                 uint32_t node)
{
    unsigned choice = taint_move(traced_flat_taint(by), TAINT_VALUE | TAINT_CHOICE, TAINT_CHOICE);
    if (!choice)
        return module;
    struct traced *picked = ARENA_NEW(state->scratch, struct traced);
    *picked = *module;
    picked->taint |= (uint16_t)choice;
    picked->file = state->frame->file;
    picked->node = node;
    return picked;
}

/* ---- names that are not local ---- */

static const struct traced **enclosing_slot(struct routing_state *state, struct text name)
{
    for (struct frame *frame = state->frame->parent; frame; frame = frame->parent) {
        const struct ast *ast = &frame->file->ast;
        struct ast_function function = ast->functions[frame->function];
        state->steps += function.local_count / 8;
        for (uint32_t i = 0; i < function.local_count && i < frame->slot_count; i++)
            if (text_equal(ast->strings[ast->locals[function.first_local + i]], name))
                return &frame->slots[i];
    }
    return NULL;
}

const struct traced *routing_name(struct routing_state *state, struct text name)
{
    const struct traced **slot = enclosing_slot(state, name);
    if (slot)
        return *slot ? *slot : &value_clean;
    return traced_global(state, state->frame->file, name, name, false);
}

bool routing_set_name(struct routing_state *state, struct text name, const struct traced *value)
{
    const struct traced **slot = enclosing_slot(state, name);
    if (!slot)
        return false;
    *slot = traced_join(state, *slot, value, routing_control(state));
    return true;
}
