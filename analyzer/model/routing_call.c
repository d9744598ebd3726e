/* Calls: of children, of methods of self, of helper functions, of everything else. */
#include "model/routing_internal.h"

/* ---- arguments ---- */

static struct arguments evaluate_arguments(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    struct arguments arguments = {.count = ast_list_count(&file->ast, list)};
    arguments.items = ARENA_ARRAY(state->scratch, (size_t)arguments.count + 1, struct argument);
    for (uint32_t i = 0; i < arguments.count; i++) {
        uint32_t number = ast_list_item(&file->ast, list, i);
        struct ast_node node = routing_node(file, number);
        struct argument *argument = &arguments.items[i];
        switch (node.kind) {
        case AST_KEYWORD:
            argument->name = routing_string(file, node.a);
            argument->value = routing_evaluate(state, node.b);
            break;
        case AST_STARRED:
            argument->star = true;
            argument->value = routing_evaluate(state, node.a);
            break;
        case AST_DOUBLE_STAR:
            argument->double_star = true;
            argument->value = routing_evaluate(state, node.a);
            break;
        default: argument->value = routing_evaluate(state, number); break;
        }
    }
    return arguments;
}

static unsigned arguments_taint(const struct arguments *arguments)
{
    unsigned taint = 0;
    for (uint32_t i = 0; i < arguments->count; i++)
        taint |= traced_flat_taint(arguments->items[i].value);
    return taint;
}

static bool arguments_hold_module(const struct arguments *arguments)
{
    for (uint32_t i = 0; i < arguments->count; i++)
        if (traced_holds_module(arguments->items[i].value))
            return true;
    return false;
}

/* ---- binding arguments to parameters ---- */

struct binding {
    struct routing_state *state;
    struct frame *frame;
    struct python_file *file;
    struct ast_function function;
    uint32_t next;            /* the next parameter that a positional argument fills */
    const struct traced *rest; /* *args so far */
    unsigned rest_taint;
    const struct traced *keywords; /* **kwargs so far */
    const struct traced *spread;   /* items of *x: for any positional parameter that is left */
    const struct traced *named;    /* items of **x: for any parameter that is left */
};

static struct ast_parameter parameter_at(const struct binding *binding, uint32_t i)
{
    return binding->file->ast.parameters[binding->function.first_parameter + i];
}

static void bind_positional(struct binding *binding, const struct traced *value)
{
    while (binding->next < binding->function.parameter_count) {
        uint8_t kind = parameter_at(binding, binding->next).kind;
        if (kind == PARAMETER_POSITIONAL_ONLY || kind == PARAMETER_NORMAL) {
            binding->frame->slots[binding->next++] = value;
            return;
        }
        break;
    }
    binding->rest = traced_join(binding->state, binding->rest, value, STRENGTH_NONE);
}

static void bind_keyword(struct binding *binding, struct text name, const struct traced *value)
{
    for (uint32_t i = 0; i < binding->function.parameter_count; i++) {
        struct ast_parameter parameter = parameter_at(binding, i);
        if ((parameter.kind == PARAMETER_NORMAL || parameter.kind == PARAMETER_KEYWORD_ONLY) &&
            text_equal(routing_string(binding->file, parameter.name), name)) {
            binding->frame->slots[i] = value;
            return;
        }
    }
    binding->keywords = traced_join(binding->state, binding->keywords, value, STRENGTH_NONE);
}

static void bind_star(struct binding *binding, const struct traced *value)
{
    if (value->kind == TRACED_TUPLE) {
        for (uint32_t i = 0; i < value->count; i++)
            bind_positional(binding, value->items[i]);
        return;
    }
    binding->spread = traced_join(binding->state, binding->spread, traced_item(binding->state, value), STRENGTH_NONE);
    binding->rest_taint |= value->taint & EITHER(TAINT_LENGTH);
}

/* Defaults stand in the scope around the function: only what is constant, or global, is taken from there. */
static const struct traced *default_value(struct binding *binding, const struct ast_parameter *parameter)
{
    struct ast_node node = routing_node(binding->file, parameter->default_);
    switch (node.kind) {
    case AST_TRUE: return &value_true;
    case AST_FALSE: return &value_false;
    case AST_NONE: return &value_none;
    case AST_INT: return traced_int(binding->state, (int64_t)((uint64_t)node.b << 32 | node.a));
    case AST_STRING: return traced_string(binding->state, routing_string(binding->file, node.a));
    default: return &value_clean;
    }
}

static void bind_left(struct binding *binding)
{
    struct routing_state *state = binding->state;
    for (uint32_t i = 0; i < binding->function.parameter_count && i < binding->frame->slot_count; i++) {
        struct ast_parameter parameter = parameter_at(binding, i);
        const struct traced **slot = &binding->frame->slots[i];
        if (parameter.kind == PARAMETER_STAR) {
            const struct traced *items = traced_join(state, binding->rest, binding->spread, STRENGTH_NONE);
            *slot = traced_sequence(state, items, binding->rest_taint);
        } else if (parameter.kind == PARAMETER_DOUBLE_STAR) {
            const struct traced *items = traced_join(state, binding->keywords, binding->named, STRENGTH_NONE);
            *slot = traced_sequence(state, items, 0);
        } else if (!*slot) {
            const struct traced *value = parameter.default_ ? default_value(binding, &parameter) : NULL;
            if (parameter.kind != PARAMETER_KEYWORD_ONLY && i >= binding->next)
                value = traced_join(state, value, binding->spread, STRENGTH_NONE);
            value = traced_join(state, value, binding->named, STRENGTH_NONE);
            *slot = value ? value : &value_clean;
        }
    }
}

static bool is_running(const struct routing_state *state, const struct routing_method *method)
{
    for (const struct frame *frame = state->frame; frame; frame = frame->caller)
        if (frame->file == method->file && frame->function == method->function)
            return true;
    return false;
}

const struct traced *routing_inline(struct routing_state *state, const struct routing_method *method,
                                   struct frame *parent, const struct traced *self, const struct arguments *arguments,
                                   uint32_t at)
{
    struct ast_function function = {.flags = FUNCTION_BROKEN};
    if (method->function != ROUTING_UNREADABLE)
        function = method->file->ast.functions[method->function];
    size_t binding_cost = (size_t)arguments->count * function.parameter_count / 16;
    if (!routing_step(state, at, 4 + function.local_count / 8 + binding_cost))
        return &value_clean;
    if (is_running(state, method)) /* its first turn shows what it calls, not what it gives */
        return traced_plain(state, arguments_taint(arguments) ? DOUBT(TAINT_DATA) : 0);
    if (state->calls >= LIMIT_ROUTING_CALLS) {
        routing_stop(state, TEXT("forward calls helpers too deeply to follow"), at);
        return &value_clean;
    }
    if (function.flags & FUNCTION_BROKEN) {
        routing_stop(state, TEXT("a function that forward calls cannot be parsed"), at);
        return &value_clean;
    }
    struct frame frame = {.file = method->file,
                          .function = method->function,
                          .depth = method->depth,
                          .parent = parent,
                          .caller = state->frame,
                          .slot_count = function.local_count};
    if (frame.slot_count < function.parameter_count)
        frame.slot_count = function.parameter_count;
    /* A frame outlives its call: nested functions keep it. */
    struct frame *kept = ARENA_NEW(state->scratch, struct frame);
    *kept = frame;
    kept->slots = ARENA_ARRAY(state->scratch, (size_t)kept->slot_count + 1, const struct traced *);
    struct binding binding = {.state = state, .frame = kept, .file = method->file, .function = function};
    if (self)
        bind_positional(&binding, self);
    for (uint32_t i = 0; i < arguments->count; i++) {
        const struct argument *argument = &arguments->items[i];
        if (argument->star)
            bind_star(&binding, argument->value);
        else if (argument->double_star)
            binding.named = traced_join(state, binding.named, traced_item(state, argument->value), STRENGTH_NONE);
        else if (argument->name.length)
            bind_keyword(&binding, argument->name, argument->value);
        else
            bind_positional(&binding, argument->value);
    }
    bind_left(&binding);
    state->frame = kept;
    state->calls++;
    routing_walk(state, function.body);
    state->calls--;
    state->frame = kept->caller;
    if (function.flags & FUNCTION_GENERATOR)
        return traced_sequence(state, kept->yielded, 0);
    return kept->result ? kept->result : &value_none;
}

/* ---- what is called ---- */

static const struct traced *call_method(struct routing_state *state, const struct traced *method,
                                       const struct arguments *arguments, uint32_t at)
{
    const struct traced *self = method->number == METHOD_BOUND   ? &value_self
                               : method->number == METHOD_CLASS ? &value_clean
                                                                : NULL;
    return routing_inline(state, &method->method, NULL, self, arguments, at);
}

/* Marks what a method or function calls that data has chosen. */
static void mark_chosen(struct routing_state *state, const struct traced *callable, size_t from)
{
    struct reason reason =
        routing_reason(state, taint_strength(callable->taint, TAINT_CHOICE), REASON_INDEX, callable->node);
    if (callable->node)
        reason.file = callable->file;
    routing_mark(state, from, state->event_count, &reason);
}

/* A callable that was handed to something unknown may be called there, with arguments nobody knows. */
static void perhaps_call(struct routing_state *state, const struct traced *value, uint32_t at, unsigned depth)
{
    switch ((enum traced_kind)value->kind) {
    case TRACED_MODULE:
    case TRACED_CONTAINER:
    case TRACED_SELF: routing_record(state, value, at, true); break;
    case TRACED_METHOD:
    case TRACED_FUNCTION: {
        struct argument any = {.star = true, .value = traced_sequence(state, &value_tensor, 0)};
        struct arguments arguments = {&any, 1};
        if (value->kind == TRACED_METHOD)
            call_method(state, value, &arguments, at);
        else
            routing_inline(state, &value->method, value->frame, NULL, &arguments, at);
        break;
    }
    case TRACED_TUPLE:
        for (uint32_t i = 0; i < value->count && depth < 3; i++)
            if (traced_holds_module(value->items[i]))
                perhaps_call(state, value->items[i], at, depth + 1);
        break;
    case TRACED_SEQUENCE:
        if (value->element && depth < 3 && traced_holds_module(value->element))
            perhaps_call(state, value->element, at, depth + 1);
        break;
    default: break;
    }
}

static void perhaps_call_arguments(struct routing_state *state, const struct arguments *arguments, uint32_t at)
{
    for (uint32_t i = 0; i < arguments->count; i++)
        if (traced_holds_module(arguments->items[i].value))
            perhaps_call(state, arguments->items[i].value, at, 0);
}

/* A tensor operation calls no module: what may be one is a parameter then (`self.mlp.w1`).  torch.utils.checkpoint and
 * the like do call what they are given. */
static void operation_arguments(struct routing_state *state, const struct arguments *arguments, uint32_t at)
{
    for (uint32_t i = 0; i < arguments->count; i++) {
        const struct traced *value = arguments->items[i].value;
        if (traced_holds_module(value) && !(value->kind == TRACED_MODULE && value->opaque))
            perhaps_call(state, value, at, 0);
    }
}

/* What a call of something unknown gives: anything made of its arguments. */
static const struct traced *unknown_result(struct routing_state *state, const struct arguments *arguments, uint32_t at)
{
    perhaps_call_arguments(state, arguments, at);
    unsigned taint = arguments_taint(arguments);
    return traced_plain(state, taint || arguments_hold_module(arguments) ? DOUBT(TAINT_VALUE) : 0);
}

/* torch.nn.Module methods that give the module itself. */
static bool gives_itself(struct text name)
{
    static const char *const names[] = {"to",  "float", "half", "bfloat16", "cuda",
                                        "cpu", "train", "eval", "type",     "requires_grad_"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, text_from(names[i])))
            return true;
    return false;
}

static const struct traced *call_module(struct routing_state *state, const struct traced *module, uint32_t at)
{
    routing_record(state, module, at, false);
    return &value_tensor;
}

static bool is_class_name(struct text name)
{
    size_t i = 0;
    while (i < name.length && name.bytes[i] == '_')
        i++;
    return i < name.length && name.bytes[i] >= 'A' && name.bytes[i] <= 'Z';
}

/* A helper function of the sources.  Unless a module is handed to it, it can only matter by its result. */
static const struct traced *call_helper(struct routing_state *state, const struct routing_method *function,
                                       const struct arguments *arguments, uint32_t at)
{
    if (state->thorough || arguments_hold_module(arguments))
        return routing_inline(state, function, NULL, NULL, arguments, at);
    if (!arguments_taint(arguments))
        return &value_clean;
    state->skipped = true;
    return traced_plain(state, DOUBT(TAINT_DATA));
}

static const struct traced *call_global(struct routing_state *state, const struct traced *global,
                                       const struct arguments *arguments, uint32_t at)
{
    struct text name = global->text;
    if (text_equal(name, TEXT("partial")) && arguments->count && arguments_hold_module(arguments))
        return arguments->items[0].value; /* its other arguments are plain ones of the call to come */
    if (global->dotted) {
        if ((routing_is_tensor_library(global->shown) || routing_is_tensor_method(name)) && !is_class_name(name)) {
            operation_arguments(state, arguments, at);
            return routing_operation(state, name, NULL, arguments);
        }
    } else {
        const struct traced *result = routing_builtin(state, name, arguments);
        if (result)
            return result;
        struct routing_method function;
        if (state->host->function(state->host->context, global->file, name, &function))
            return call_helper(state, &function, arguments, at);
        if (routing_is_tensor_method(name)) { /* from torch import topk */
            operation_arguments(state, arguments, at);
            return routing_operation(state, name, NULL, arguments);
        }
    }
    if (is_class_name(name)) { /* an output object: its fields are the arguments */
        perhaps_call_arguments(state, arguments, at);
        unsigned value = taint_move(arguments_taint(arguments), TAINT_VALUE | TAINT_CHOICE, TAINT_VALUE);
        return traced_plain(state, value ? value | TAINT_LOOSE : 0);
    }
    if (text_equal(global->shown, TEXT("random"))) /* not data; that ranks may draw differently is another hazard */
        return &value_clean;
    return unknown_result(state, arguments, at);
}

static const struct traced *call_value(struct routing_state *state, const struct traced *callee,
                                      const struct arguments *arguments, uint32_t at)
{
    size_t from = state->event_count;
    const struct traced *result;
    switch ((enum traced_kind)callee->kind) {
    case TRACED_MODULE:
    case TRACED_CONTAINER: perhaps_call_arguments(state, arguments, at); return call_module(state, callee, at);
    case TRACED_SELF: {
        struct routing_method forward;
        if (state->host->method(state->host->context, TEXT("forward"), 0, &forward))
            return routing_inline(state, &forward, NULL, &value_self, arguments, at);
        return &value_tensor;
    }
    case TRACED_METHOD:
        result = call_method(state, callee, arguments, at);
        mark_chosen(state, callee, from);
        return result;
    case TRACED_FUNCTION:
        result = routing_inline(state, &callee->method, callee->frame, NULL, arguments, at);
        mark_chosen(state, callee, from);
        return result;
    case TRACED_GLOBAL: return call_global(state, callee, arguments, at);
    default: break;
    }
    /* A function without parameters of its own: an activation, an attention implementation. */
    perhaps_call_arguments(state, arguments, at);
    unsigned taint = arguments_taint(arguments) | traced_flat_taint(callee);
    unsigned value = taint_move(taint, TAINT_VALUE | TAINT_CHOICE, TAINT_VALUE);
    if (!value && arguments_hold_module(arguments))
        value = DOUBT(TAINT_VALUE);
    return traced_plain(state, value | (taint & EITHER(TAINT_LENGTH)));
}

/* ---- method calls ---- */

/* x.add_(y), x.index_add_(...): x itself changes. */
static bool is_in_place(struct text name)
{
    return name.length > 1 && name.bytes[name.length - 1] == '_' && name.bytes[name.length - 2] != '_';
}

/* A method of some object (a cache, a processor): its answer may be data. */
static const struct traced *unknown_method(struct routing_state *state, const struct traced *object, struct text name,
                                          const struct arguments *arguments, uint32_t at)
{
    perhaps_call_arguments(state, arguments, at);
    bool clean = !traced_flat_taint(object) && !arguments_taint(arguments);
    return clean || text_equal(name, TEXT("get_seq_length")) ? &value_clean : traced_plain(state, UNKNOWN_TYPE);
}

static const struct traced *call_on_plain(struct routing_state *state, const struct traced *object, uint32_t object_node,
                                         struct text name, const struct arguments *arguments, uint32_t at)
{
    const struct traced *result = NULL;
    if (routing_is_tensor_method(name)) {
        operation_arguments(state, arguments, at);
        result = routing_operation(state, name, object, arguments);
    }
    if (result) {
        if (is_in_place(name) && traced_flat_taint(result) != traced_flat_taint(object))
            routing_assign_back(state, object_node, result);
        return result;
    }
    const struct traced *changed = NULL;
    if (!text_equal(name, TEXT("update"))) /* dicts have it, but caches do too */
        result = routing_list_method(state, object, name, arguments, &changed);
    if (changed)
        routing_assign_back(state, object_node, changed);
    if (result) /* then it was no tensor, and what it holds may be flags */
        return result->kind == TRACED_PLAIN && traced_flat_taint(result) ? traced_plain(state, UNKNOWN_TYPE) : result;
    return unknown_method(state, object, name, arguments, at);
}

static const struct traced *call_on_list(struct routing_state *state, const struct traced *object, uint32_t object_node,
                                        struct text name, const struct arguments *arguments, uint32_t at)
{
    const struct traced *changed;
    const struct traced *result = routing_list_method(state, object, name, arguments, &changed);
    if (result) {
        if (changed)
            routing_assign_back(state, object_node, changed);
        return result;
    }
    return unknown_method(state, object, name, arguments, at);
}

static const struct traced *call_on_module(struct routing_state *state, const struct traced *object, struct text name,
                                          const struct arguments *arguments, uint32_t at)
{
    const struct traced *result = routing_container_method(state, object, name, arguments);
    if (result)
        return result;
    if (gives_itself(name))
        return object;
    if (object->opaque && routing_is_tensor_method(name)) /* self.mlp.w1.view(...): a parameter */
        return &value_clean;
    if (text_equal(name, TEXT("parameters")) || text_equal(name, TEXT("named_parameters")) ||
        text_equal(name, TEXT("buffers")) || text_equal(name, TEXT("state_dict")))
        return &value_clean;
    return call_value(state, routing_attribute(state, object, name, at), arguments, at);
}

static const struct traced *call_attribute(struct routing_state *state, const struct ast_node *function,
                                          uint32_t argument_list, uint32_t at)
{
    struct text name = routing_string(state->frame->file, function->b);
    const struct traced *object = routing_evaluate(state, function->a);
    switch ((enum traced_kind)object->kind) {
    case TRACED_MODULE:
    case TRACED_CONTAINER: {
        struct arguments arguments = evaluate_arguments(state, argument_list);
        return call_on_module(state, object, name, &arguments, at);
    }
    case TRACED_SELF:
        if (state->host->is_container(state->host->context)) {
            struct arguments arguments = evaluate_arguments(state, argument_list);
            struct routing_method method;
            const struct traced *result = NULL;
            if (!state->host->method(state->host->context, name, 0, &method))
                result = routing_container_method(state, object, name, &arguments);
            return result ? result : call_value(state, routing_attribute(state, object, name, at), &arguments, at);
        }
        break;
    case TRACED_PLAIN: {
        struct arguments arguments = evaluate_arguments(state, argument_list);
        return call_on_plain(state, object, function->a, name, &arguments, at);
    }
    case TRACED_TUPLE:
    case TRACED_SEQUENCE: {
        struct arguments arguments = evaluate_arguments(state, argument_list);
        return call_on_list(state, object, function->a, name, &arguments, at);
    }
    case TRACED_STRING: {
        struct arguments arguments = evaluate_arguments(state, argument_list);
        return traced_plain(state, arguments_taint(&arguments) & EITHER(TAINT_VALUE));
    }
    default: break;
    }
    const struct traced *callee = routing_attribute(state, object, name, function->at);
    struct arguments arguments = evaluate_arguments(state, argument_list);
    return call_value(state, callee, &arguments, at);
}

static const struct traced *call_getattr(struct routing_state *state, uint32_t list, uint32_t at)
{
    const struct python_file *file = state->frame->file;
    struct arguments arguments = evaluate_arguments(state, list);
    const struct traced *found = routing_dynamic_attribute(state, arguments.items[0].value, arguments.items[1].value,
                                                          ast_list_item(&file->ast, list, 1), at);
    if (arguments.count > 2 && !traced_holds_module(found))
        found = traced_join(state, found, arguments.items[2].value, STRENGTH_NONE);
    return found;
}

static const struct traced *call_map(struct routing_state *state, const struct arguments *arguments, uint32_t at)
{
    struct argument items[8];
    struct arguments inner = {items, 0};
    unsigned length = 0;
    for (uint32_t i = 1; i < arguments->count && i < 8; i++) {
        items[inner.count++] = (struct argument){.value = traced_item(state, arguments->items[i].value)};
        length |= arguments->items[i].value->taint & EITHER(TAINT_LENGTH);
    }
    size_t from = state->event_count;
    const struct traced *result = call_value(state, arguments->items[0].value, &inner, at);
    struct reason reason = routing_reason(state, taint_strength(length, TAINT_LENGTH), REASON_LOOP, 0);
    routing_mark(state, from, state->event_count, &reason);
    return traced_sequence(state, result, length);
}

static const struct traced *call_name(struct routing_state *state, struct text name, uint32_t list, uint32_t at,
                                     bool *handled)
{
    const struct python_file *file = state->frame->file;
    uint32_t count = ast_list_count(&file->ast, list);
    *handled = true;
    if (text_equal(name, TEXT("super"))) {
        struct traced *super = ARENA_NEW(state->scratch, struct traced);
        super->kind = TRACED_SUPER;
        super->number = (int64_t)state->frame->depth + 1;
        return super;
    }
    if (text_equal(name, TEXT("getattr")) && count >= 2 && count <= 3)
        return call_getattr(state, list, at);
    if (text_equal(name, TEXT("map")) && count >= 2) {
        struct arguments arguments = evaluate_arguments(state, list);
        return call_map(state, &arguments, at);
    }
    *handled = false;
    return NULL;
}

const struct traced *routing_call(struct routing_state *state, uint32_t number)
{
    struct ast_node node = routing_node(state->frame->file, number);
    struct ast_node function = routing_node(state->frame->file, node.a);
    if (function.kind == AST_ATTRIBUTE)
        return call_attribute(state, &function, node.b, node.at);
    if (function.kind == AST_NAME) {
        bool handled;
        const struct traced *result =
            call_name(state, routing_string(state->frame->file, function.a), node.b, node.at, &handled);
        if (handled)
            return result;
    }
    const struct traced *callee = routing_evaluate(state, node.a);
    struct arguments arguments = evaluate_arguments(state, node.b);
    return call_value(state, callee, &arguments, node.at);
}
