#include "model/routing_internal.h"

#include <stdlib.h>

void routing_stop(struct routing_state *state, struct text why, uint32_t at)
{
    if (state->stopped.length)
        return;
    state->stopped = why;
    state->stopped_file = state->frame ? state->frame->file : NULL;
    state->stopped_at = at;
}

bool routing_step(struct routing_state *state, uint32_t at, size_t cost)
{
    if (state->stopped.length)
        return false;
    state->steps += cost;
    if (state->steps > LIMIT_ROUTING_STEPS)
        routing_stop(state, TEXT("forward takes too many steps to follow"), at);
    return state->stopped.length == 0;
}

/* ---- events ---- */

struct reason routing_reason(const struct routing_state *state, enum strength strength, enum reason_kind kind,
                             uint32_t node)
{
    return (struct reason){(uint8_t)strength, (uint8_t)kind, node, state->frame->file};
}

static void give_reason(struct event *event, const struct reason *reason)
{
    bool stronger = reason->strength > event->reason.strength;
    /* "for each item of expert_hit" says more than "picked by expert_idx". */
    bool clearer = reason->strength == event->reason.strength && reason->strength != STRENGTH_NONE &&
                   event->reason.kind == REASON_INDEX && reason->kind != REASON_INDEX;
    if (stronger || clearer)
        event->reason = *reason;
}

void routing_record(struct routing_state *state, const struct traced *module, uint32_t at, bool opaque)
{
    if (state->silent || state->stopped.length)
        return;
    if (state->event_count >= LIMIT_ROUTING_EVENTS) {
        routing_stop(state, TEXT("forward calls too many modules to follow"), at);
        return;
    }
    if (state->event_count == state->event_capacity)
        state->events = array_grow(state->events, state->event_count, &state->event_capacity, sizeof *state->events);
    struct event *event = &state->events[state->event_count++];
    *event = (struct event){
        .file = state->frame->file, .at = at, .opaque = opaque || module->opaque, .idle = state->idle != 0};
    event->child = module->kind == TRACED_SELF ? TEXT("") : module->text;
    event->shown = module->kind == TRACED_SELF ? TEXT("self") : module->shown;
    enum strength strength = taint_strength(module->taint, TAINT_CHOICE);
    if (strength != STRENGTH_NONE) {
        struct reason reason = routing_reason(state, strength, REASON_INDEX, 0);
        if (module->node) {
            reason.file = module->file;
            reason.node = module->node;
        }
        event->reason = reason;
    }
}

void routing_mark(struct routing_state *state, size_t from, size_t to, const struct reason *reason)
{
    if (reason->strength == STRENGTH_NONE)
        return;
    for (size_t i = from; i < to && i < state->event_count; i++)
        give_reason(&state->events[i], reason);
}

static bool called_in(const struct routing_state *state, const struct event *event, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (text_equal(state->events[i].shown, event->shown))
            return true;
    return false;
}

void routing_mark_alternatives(struct routing_state *state, size_t from, size_t to, size_t other, size_t other_to,
                               const struct reason *reason)
{
    uint32_t at = reason->node ? routing_node(reason->file, reason->node).at : 0;
    if (reason->strength == STRENGTH_NONE || !routing_step(state, at, 2 * (to - from) * (other_to - other)))
        return;
    for (size_t i = from; i < to; i++)
        if (!called_in(state, &state->events[i], other, other_to))
            give_reason(&state->events[i], reason);
    for (size_t i = other; i < other_to; i++)
        if (!called_in(state, &state->events[i], from, to))
            give_reason(&state->events[i], reason);
}

/* ---- the arguments of forward ---- */

/* What the annotation of an argument says. */
struct annotation {
    bool tensor;  /* it may be a tensor */
    bool tensors; /* or a list, tuple or dict of them */
    bool number;  /* or a number, a flag, a configuration, which all ranks agree on */
    bool cache;   /* or what generation keeps: not there in training, or empty */
    bool other;
};

static bool is_one_of(struct text name, const char *const *names)
{
    for (; *names; names++)
        if (text_equal(name, text_from(*names)))
            return true;
    return false;
}

static void read_name(struct annotation *found, struct text name, bool inside)
{
    static const char *const numbers[] = {
        "bool", "int", "float", "str", "Callable", "dtype", "device", "Size", "PreTrainedConfig", "PretrainedConfig",
        NULL};
    static const char *const wrappers[] = {"Optional", "Union", "Annotated", "torch", "typing", "None", NULL};
    static const char *const lists[] = {"tuple", "list", "dict", "Tuple", "List", "Dict", "Sequence", "Iterable", NULL};
    if (text_ends(name, TEXT("Tensor")))
        *(inside ? &found->tensors : &found->tensor) = true;
    else if (is_one_of(name, numbers))
        found->number = true;
    else if (text_ends(name, TEXT("Cache")))
        found->cache = true;
    else if (!is_one_of(name, wrappers) && !is_one_of(name, lists))
        found->other = true;
}

static bool is_list_name(struct text name)
{
    static const char *const lists[] = {"tuple", "list", "dict", "Tuple", "List", "Dict", "Sequence", "Iterable", NULL};
    return is_one_of(name, lists);
}

/* A forward reference: what stands last in "torch.Tensor". */
static struct text after_dot(struct text text)
{
    size_t dot = text.length;
    while (dot && text.bytes[dot - 1] != '.')
        dot--;
    return (struct text){text.bytes + dot, text.length - dot};
}

#define MAX_ANNOTATION_DEPTH 8

static void read_annotation(struct annotation *found, const struct python_file *file, uint32_t number, bool inside,
                            unsigned depth)
{
    if (number == 0)
        return;
    if (depth > MAX_ANNOTATION_DEPTH) {
        found->other = true;
        return;
    }
    const struct ast *ast = &file->ast;
    struct ast_node node = routing_node(file, number);
    switch (node.kind) {
    case AST_NAME:
    case AST_LOCAL: read_name(found, routing_string(file, node.a), inside); break;
    case AST_ATTRIBUTE: read_name(found, routing_string(file, node.b), inside); break;
    case AST_STRING: read_name(found, after_dot(routing_string(file, node.a)), inside); break;
    case AST_NONE:
    case AST_ELLIPSIS: break;
    case AST_BINARY:
        read_annotation(found, file, node.a, inside, depth + 1);
        read_annotation(found, file, node.b, inside, depth + 1);
        break;
    case AST_SUBSCRIPT: {
        struct ast_node base = routing_node(file, node.a);
        bool named = base.kind == AST_NAME || base.kind == AST_LOCAL || base.kind == AST_ATTRIBUTE;
        struct text name = named ? routing_string(file, base.kind == AST_ATTRIBUTE ? base.b : base.a) : TEXT("");
        if (text_equal(name, TEXT("Literal")) || text_equal(name, TEXT("Callable"))) {
            found->number = true;
            break;
        }
        read_annotation(found, file, node.a, inside, depth + 1);
        read_annotation(found, file, node.b, inside || is_list_name(name), depth + 1);
        break;
    }
    case AST_TUPLE:
    case AST_LIST:
        for (uint32_t i = 0; i < ast_list_count(ast, node.a); i++)
            read_annotation(found, file, ast_list_item(ast, node.a, i), inside, depth + 1);
        break;
    default: found->other = true; break;
    }
}

/* `use_cache=False` without annotation is a flag. */
static bool is_flag(const struct python_file *file, const struct ast_parameter *parameter)
{
    switch (routing_node(file, parameter->default_).kind) {
    case AST_TRUE:
    case AST_FALSE:
    case AST_INT:
    case AST_FLOAT:
    case AST_STRING: return true;
    default: return false;
    }
}

/* Positions count tokens and layers are counted: their numbers follow from shapes and the model, not from the data. */
static bool is_count(struct text name)
{
    static const char *const names[] = {"position_ids", "cache_position", "position_idx", "positions", "layer_idx",
                                        "layer_index",  "layer_id",       "layer_number", NULL};
    return is_one_of(name, names);
}

/* A mask says what is padding.  What depends on that differs between ranks only when one has none, or nothing else. */
static bool is_mask(struct text name)
{
    return text_equal(name, TEXT("mask")) || text_ends(name, TEXT("_mask"));
}

static const struct traced *argument_of_forward(struct routing_state *state, const struct python_file *file,
                                               const struct ast_parameter *parameter)
{
    struct annotation found = {0};
    read_annotation(&found, file, parameter->annotation, false, 0);
    struct text name = routing_string(file, parameter->name);
    bool unknown = !found.tensor && !found.tensors && !found.number && !found.cache && !is_flag(file, parameter);
    if (is_count(name))
        return &value_clean;
    if (is_mask(name) && (found.tensor || unknown))
        return traced_plain(state, DOUBT(TAINT_VALUE | TAINT_BOOL));
    if (found.cache && !found.other)
        return traced_plain(state, TAINT_LOOSE);
    if (found.other || unknown || ((found.tensor || found.tensors) && found.number))
        return traced_plain(state, UNKNOWN_TYPE);
    if (found.tensors && !found.tensor)
        return traced_sequence(state, &value_tensor, 0);
    return found.tensor ? &value_tensor : &value_clean;
}

static struct arguments arguments_of_forward(struct routing_state *state, const struct routing_method *method)
{
    const struct python_file *file = method->file;
    struct ast_function function = file->ast.functions[method->function];
    struct arguments arguments = {0};
    arguments.items = ARENA_ARRAY(state->scratch, (size_t)function.parameter_count + 1, struct argument);
    for (uint32_t i = 1; i < function.parameter_count; i++) {
        struct ast_parameter parameter = file->ast.parameters[function.first_parameter + i];
        struct argument *argument = &arguments.items[arguments.count++];
        argument->value = argument_of_forward(state, file, &parameter);
        switch ((enum parameter_kind)parameter.kind) {
        case PARAMETER_STAR:
            argument->star = true;
            argument->value = traced_sequence(state, argument->value, 0);
            break;
        case PARAMETER_DOUBLE_STAR:
            argument->double_star = true;
            argument->value = traced_sequence(state, argument->value, 0);
            break;
        case PARAMETER_KEYWORD_ONLY: argument->name = routing_string(file, parameter.name); break;
        case PARAMETER_POSITIONAL_ONLY:
        case PARAMETER_NORMAL: break;
        }
    }
    return arguments;
}

/* ---- class decorators ---- */

static struct text decorator_name(const struct python_file *file, uint32_t number)
{
    struct ast_node node = routing_node(file, number);
    if (node.kind == AST_CALL)
        node = routing_node(file, node.a);
    return node.kind == AST_NAME || node.kind == AST_LOCAL ? routing_string(file, node.a) : TEXT("");
}

/* Does the body of the function hold an assignment to an attribute `forward`? */
static bool assigns_forward(const struct routing_method *method)
{
    if (method->function == ROUTING_UNREADABLE)
        return true;
    const struct ast *ast = &method->file->ast;
    struct ast_function function = ast->functions[method->function];
    for (size_t i = 1; i < ast->node_count; i++) {
        struct ast_node node = ast->nodes[i];
        if (node.kind != AST_ASSIGN || node.at < function.at || node.at >= function.end)
            continue;
        for (uint32_t target = 0; target < ast_list_count(ast, node.a); target++) {
            struct ast_node assigned = ast->nodes[ast_list_item(ast, node.a, target)];
            if (assigned.kind == AST_ATTRIBUTE && text_equal(ast->strings[assigned.b], TEXT("forward")))
                return true;
        }
    }
    return false;
}

/* A decorator of the class that defines this forward may put another in its place, as those do that choose among
 * implementations.  Which one then runs is not decided here. */
static bool forward_may_be_replaced(const struct routing_host *host, const struct routing_method *forward)
{
    struct python_file *file = forward->file;
    uint32_t at = file->ast.functions[forward->function].at;
    for (uint32_t i = 0; i < file->piece_count; i++) {
        struct python_piece piece = file->pieces[i];
        if (piece.kind != PIECE_CLASS || at < piece.start || at >= piece.end)
            continue;
        if (piece.decorators == 0)
            return false;
        if (python_piece_parse(file, i) != PIECE_PARSED)
            return true;
        uint32_t decorators = routing_node(file, file->pieces[i].node).b;
        for (uint32_t j = 0; j < ast_list_count(&file->ast, decorators); j++) {
            struct text name = decorator_name(file, ast_list_item(&file->ast, decorators, j));
            struct routing_method decorator;
            if (!name.length || !host->function(host->context, file, name, &decorator) || assigns_forward(&decorator))
                return true;
        }
        return false;
    }
    return false;
}

/* ---- the verdict ---- */

static void put_event(struct routing_result *result, struct arena *arena, const struct event *event)
{
    result->child = text_copy(arena, event->child);
    result->words = routing_words(arena, event);
    result->call_file = event->file;
    result->call_at = event->at;
    result->reason_file = event->reason.file;
    result->reason_at = event->reason.node ? routing_node(event->reason.file, event->reason.node).at : event->at;
}

static void cannot_tell(struct routing_result *result, struct arena *arena, struct text words, struct python_file *file,
                        uint32_t at)
{
    result->verdict = ROUTING_CANNOT_TELL;
    result->words = text_copy(arena, words);
    result->call_file = result->reason_file = file;
    result->call_at = result->reason_at = at;
}

static void decide(const struct routing_state *state, const struct routing_method *forward, struct arena *arena,
                   struct routing_result *result)
{
    if (state->stopped.length) {
        cannot_tell(result, arena, state->stopped, state->stopped_file, state->stopped_at);
        return;
    }
    const struct event *proven = NULL, *doubtful = NULL;
    for (size_t i = 0; i < state->event_count; i++) {
        const struct event *event = &state->events[i];
        /* What only an evaluation does may be all right in training: no error then. */
        bool certain = event->reason.strength == STRENGTH_DATA && !event->opaque && !event->idle;
        if (certain && !proven)
            proven = event;
        else if (event->reason.strength != STRENGTH_NONE && (!doubtful || (doubtful->opaque && !event->opaque)))
            doubtful = event;
    }
    if (!proven && !doubtful)
        return;
    bool replaced = proven && forward_may_be_replaced(state->host, forward);
    result->verdict = proven && !replaced ? ROUTING_YES : ROUTING_CANNOT_TELL;
    put_event(result, arena, proven ? proven : doubtful);
    if (replaced)
        result->words = text_format(arena, "%.*s, unless a decorator of the class puts another forward in its place",
                                    TEXT_ARGS(result->words));
}

static bool analyse_once(const struct routing_host *host, bool thorough, const struct routing_method *forward,
                         struct arena *arena, struct routing_result *result)
{
    struct arena scratch = {0};
    struct routing_state state = {.host = host, .scratch = &scratch, .thorough = thorough};
    *result = (struct routing_result){.verdict = ROUTING_NO};
    struct arguments arguments = arguments_of_forward(&state, forward);
    uint32_t at = forward->file->ast.functions[forward->function].at;
    routing_inline(&state, forward, NULL, &value_self, &arguments, at);
    decide(&state, forward, arena, result);
    bool skipped = state.skipped;
    free(state.events);
    free(state.attributes);
    free(state.answers);
    arena_free(&scratch);
    return skipped;
}

void routing_analyse(const struct routing_host *host, struct arena *arena, struct routing_result *result)
{
    *result = (struct routing_result){.verdict = ROUTING_NO};
    struct routing_method forward;
    if (!host->method(host->context, TEXT("forward"), 0, &forward))
        return; /* torch's own */
    if (forward.function == ROUTING_UNREADABLE) {
        cannot_tell(result, arena, TEXT("forward cannot be parsed"), forward.file, 0);
        return;
    }
    /* Most verdicts need no look into helper functions, which would have to be parsed; their results are doubtful then. */
    bool skipped = analyse_once(host, false, &forward, arena, result);
    if (result->verdict == ROUTING_CANNOT_TELL && skipped)
        analyse_once(host, true, &forward, arena, result);
}
