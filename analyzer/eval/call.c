/* Calling: functions with their parameters, classes, bound methods, and what cannot be followed. */
#include <string.h>

#include "eval/eval.h"
#include "eval/evidence.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"

/* Binding of arguments to parameters, with CPython's words. */

static struct value argument_error(struct eval *ev, const struct function *function, const char *words, const char *name)
{
    return eval_raise(ev, ev->types->type_error, "%s() %s '%s'", function->qualname->bytes, words, name);
}

static struct value missing_arguments(struct eval *ev, const struct function *function, const struct frame *frame, uint32_t first,
                                      uint32_t count, bool keyword_only)
{
    const struct ast *ast = &function->unit->file->ast;
    struct text_builder names = {0};
    uint32_t missing = 0, shown = 0;
    for (uint32_t i = first; i < count; i++) {
        const struct ast_parameter *parameter = &ast->parameters[ast->functions[function->function].first_parameter + i];
        bool wanted = keyword_only ? parameter->kind == PARAMETER_KEYWORD_ONLY : parameter->kind <= PARAMETER_NORMAL;
        missing += wanted && frame->slots[i].kind == VALUE_UNBOUND;
    }
    for (uint32_t i = first; i < count; i++) {
        const struct ast_parameter *parameter = &ast->parameters[ast->functions[function->function].first_parameter + i];
        bool wanted = keyword_only ? parameter->kind == PARAMETER_KEYWORD_ONLY : parameter->kind <= PARAMETER_NORMAL;
        if (!wanted || frame->slots[i].kind != VALUE_UNBOUND)
            continue;
        shown++;
        text_builder_addf(&names, "%s'%.*s'", shown == 1 ? "" : shown < missing ? ", " : missing == 2 ? " and " : ", and ",
                          TEXT_ARGS(ast->strings[parameter->name]));
    }
    struct value raised = eval_raise(ev, ev->types->type_error, "%s() missing %u required %s argument%s: %.*s",
                                     function->qualname->bytes, missing, keyword_only ? "keyword-only" : "positional",
                                     missing == 1 ? "" : "s", TEXT_ARGS(text_builder_text(&names)));
    text_builder_free(&names);
    return raised;
}

static struct value too_many_arguments(struct eval *ev, const struct function *function, uint32_t positional, uint32_t least, uint32_t given)
{
    bool plural = positional != 1;
    if (least != positional)
        return eval_raise(ev, ev->types->type_error, "%s() takes from %u to %u positional arguments but %u %s given",
                          function->qualname->bytes, least, positional, given, given == 1 ? "was" : "were");
    return eval_raise(ev, ev->types->type_error, "%s() takes %u positional argument%s but %u %s given", function->qualname->bytes,
                      positional, plural ? "s" : "", given, given == 1 ? "was" : "were");
}

/* Fills the frame's first slots; false: TypeError raised. */
static bool bind_arguments(struct eval *ev, struct function *function, const struct arguments *arguments, struct frame *frame)
{
    const struct ast *ast = &function->unit->file->ast;
    struct ast_function def = ast->functions[function->function];
    const struct ast_parameter *parameters = ast->parameters + def.first_parameter;
    uint32_t positional = 0, next = 0, least = 0;
    struct dict *extra = NULL;
    for (uint32_t i = 0; i < def.parameter_count; i++) {
        uint8_t kind = parameters[i].kind;
        if (kind <= PARAMETER_NORMAL) {
            positional++;
            least += !function->defaults || function->defaults[i].kind == VALUE_UNBOUND;
            if (next < arguments->count)
                frame->slots[i] = arguments->items[next++];
        } else if (kind == PARAMETER_STAR) {
            frame->slots[i] = tuple_of(ev, arguments->items + next, arguments->count - next);
            next = arguments->count;
        } else if (kind == PARAMETER_DOUBLE_STAR) {
            extra = dict_new(ev);
            frame->slots[i] = value_of(VALUE_DICT, extra);
        }
    }
    if (next < arguments->count) {
        too_many_arguments(ev, function, positional, least, arguments->count);
        return false;
    }
    for (uint32_t k = 0; k < arguments->named_count; k++) {
        struct str *name = arguments->names[k];
        uint32_t i = 0;
        while (i < def.parameter_count &&
               (parameters[i].kind == PARAMETER_STAR || parameters[i].kind == PARAMETER_DOUBLE_STAR ||
                parameters[i].kind == PARAMETER_POSITIONAL_ONLY || unit_symbol(ev, function->unit, parameters[i].name) != name))
            i++;
        if (i == def.parameter_count) {
            if (!extra) {
                argument_error(ev, function, "got an unexpected keyword argument", name->bytes);
                return false;
            }
            if (!dict_set_str(ev, extra, name, arguments->named[k]))
                return false;
            continue;
        }
        if (frame->slots[i].kind != VALUE_UNBOUND) {
            argument_error(ev, function, "got multiple values for argument", name->bytes);
            return false;
        }
        frame->slots[i] = arguments->named[k];
    }
    bool missing = false, missing_keyword = false;
    for (uint32_t i = 0; i < def.parameter_count; i++) {
        if (frame->slots[i].kind == VALUE_UNBOUND && function->defaults)
            frame->slots[i] = function->defaults[i];
        if (frame->slots[i].kind != VALUE_UNBOUND)
            continue;
        missing |= parameters[i].kind <= PARAMETER_NORMAL;
        missing_keyword |= parameters[i].kind == PARAMETER_KEYWORD_ONLY;
    }
    if (missing || missing_keyword) {
        missing_arguments(ev, function, frame, 0, def.parameter_count, !missing);
        return false;
    }
    return true;
}

static void expose_arguments(struct eval *ev, const struct arguments *arguments, struct reason *reason)
{
    for (uint32_t i = 0; i < arguments->count; i++)
        expose(ev, arguments->items[i], reason);
    for (uint32_t i = 0; i < arguments->named_count; i++)
        expose(ev, arguments->named[i], reason);
}

/* What is written through it may be written to what it was made of. */
static struct value unknown_holding(struct eval *ev, struct value result, const struct arguments *arguments)
{
    struct value held = tuple_of(ev, arguments->items, arguments->count);
    bool writable = false;
    for (uint32_t i = 0; i < arguments->count && !writable; i++)
        writable = arguments->items[i].kind >= VALUE_TUPLE || (is_unknown(arguments->items[i]) && arguments->items[i].reason->aliases);
    if (!writable)
        return result;
    struct bound *bound = ARENA_NEW(eval_heap(ev), struct bound);
    bound->self = held;
    bound->function = result;
    return value_join(ev, result, value_of(VALUE_BOUND, bound), result.reason);
}

static struct value unknown_call(struct eval *ev, struct value callee, const struct arguments *arguments)
{
    ev->guesses++;
    expose(ev, callee, callee.reason);
    expose_arguments(ev, arguments, callee.reason);
    struct value result = unknown_from(callee.reason);
    result.plain = callee.plain;
    return result;
}

/* Calls with `self` before the other arguments, on the C stack when they are few. */
#define INLINE_ITEMS 10
static struct value call_with(struct eval *ev, struct value callee, struct value self, const struct arguments *arguments)
{
    struct value inline_items[INLINE_ITEMS], *items = inline_items;
    struct arena_mark mark = arena_mark(&ev->scratch);
    if (arguments->count >= INLINE_ITEMS)
        items = ARENA_ARRAY(&ev->scratch, (size_t)arguments->count + 1, struct value);
    items[0] = self;
    for (uint32_t i = 0; i < arguments->count; i++)
        items[i + 1] = arguments->items[i];
    struct arguments all = *arguments;
    all.items = items;
    all.count = arguments->count + 1;
    struct value result = call(ev, callee, &all);
    arena_reset(&ev->scratch, mark);
    return result;
}

/* Running the body. */

struct frame *function_frame(struct eval *ev, struct function *function, const struct arguments *arguments)
{
    struct ast_function def = function->unit->file->ast.functions[function->function];
    struct frame *frame = frame_new(ev, FRAME_FUNCTION, function->unit, function->globals, def.first_local, def.local_count, true);
    frame->parent = function->closure;
    frame->owner = function->owner;
    return bind_arguments(ev, function, arguments, frame) ? frame : NULL;
}

static struct value run_function(struct eval *ev, struct function *function, const struct arguments *arguments)
{
    struct ast_function def = function->unit->file->ast.functions[function->function];
    struct arena_mark mark = arena_mark(&ev->scratch);
    bool lasting = (def.flags & FUNCTION_HAS_INNER) != 0;
    struct frame *frame = frame_new(ev, FRAME_FUNCTION, function->unit, function->globals, def.first_local, def.local_count, lasting);
    frame->parent = function->closure;
    frame->owner = function->owner;
    if (def.flags & FUNCTION_GENERATOR)
        frame->yielded = list_new(ev, 0);
    struct value result = value_raised();
    if (bind_arguments(ev, function, arguments, frame)) {
        result = end_call(ev, frame, run_block(ev, frame, def.body));
        if (frame->yielded && !is_raised(result)) {
            struct iterator *iterator = ARENA_NEW(eval_heap(ev), struct iterator);
            cell_init(ev, &iterator->cell, CELL_ITERATOR);
            iterator->list = frame->yielded;
            iterator->returned = result;
            result = value_of(VALUE_ITERATOR, iterator);
        }
    }
    arena_reset(&ev->scratch, mark);
    return result;
}


/* Recursion over something that cannot be told has no end of its own. */
static bool recurs_undecided(const struct eval *ev, const struct function *function)
{
    if (!ev->ways)
        return false;
    for (const struct running_call *call_ = ev->running; call_; call_ = call_->outer)
        if (call_->function == function)
            return call_->ways < ev->ways;
    return false;
}

struct value call_function(struct eval *ev, struct function *function, const struct arguments *arguments)
{
    struct unit *unit = ev->unit, *outside_unit = ev->outside_unit;
    uint32_t at = ev->at, outside_at = ev->outside_at;
    if (function->unit->is_fact && unit && !unit->is_fact) {
        ev->outside_unit = unit;
        ev->outside_at = at;
    }
    if (!function_prepare(ev, function)) {
        expose_arguments(ev, arguments, function->broken);
        ev->guesses++;
        ev->outside_unit = outside_unit;
        ev->outside_at = outside_at;
        return ev->stopped ? value_raised() : unknown_from(function->broken);
    }
    uint32_t flags = function->unit->file->ast.functions[function->function].flags;
    if (flags & (FUNCTION_BROKEN | FUNCTION_ASYNC)) {
        ev->unit = function->unit;
        ev->at = function->unit->file->ast.functions[function->function].at;
        struct value unknown = flags & FUNCTION_BROKEN ? eval_unknown(ev, "`%s` could not be parsed", function->name->bytes)
                                                       : eval_unknown(ev, "`%s` is asynchronous", function->name->bytes);
        expose_arguments(ev, arguments, unknown.reason);
        expose(ev, value_of(VALUE_FUNCTION, function), unknown.reason);
        return unknown;
    }
    if (recurs_undecided(ev, function)) {
        struct value unknown = eval_unknown(ev, "`%s` calls itself where it cannot be told whether it does", function->name->bytes);
        expose_arguments(ev, arguments, unknown.reason);
        expose(ev, value_of(VALUE_FUNCTION, function), unknown.reason);
        return unknown;
    }
    if (++ev->call_depth > LIMIT_CALL_DEPTH) {
        ev->call_depth--;
        return eval_stop(ev, "calls nested more deeply than any real constructor's");
    }
    struct running_call running = {function, ev->ways, ev->evidence ? evidence_calls(ev, unit, at) : 0, ev->running};
    ev->running = &running;
    uint32_t guard = evidence_enter(ev);
    struct value result = run_function(ev, function, arguments);
    evidence_unguard(ev, guard);
    ev->running = running.outer;
    ev->call_depth--;
    ev->unit = unit;
    ev->at = at;
    ev->outside_unit = outside_unit;
    ev->outside_at = outside_at;
    return result;
}

/* Classes. */

static struct value call_init(struct eval *ev, struct class *class_, struct value self, const struct arguments *arguments)
{
    struct value init = class_find(ev, class_, ev->types->names.init);
    if (is_raised(init))
        return init;
    if (is_unknown(init)) {
        expose(ev, self, init.reason);
        expose_arguments(ev, arguments, init.reason);
        return value_none();
    }
    if (init.kind == VALUE_UNBOUND)
        return value_none();
    return call_with(ev, init, self, arguments);
}

static bool holds_payload_from_new(const struct class *class_)
{
    return class_->layout == LAYOUT_TUPLE || class_->layout >= LAYOUT_STR;
}

/* The first class of the MRO that C made with a `construct`: whose values the payload is. */
static struct class *payload_class(struct class *class_)
{
    for (uint32_t i = 0; i < class_->mro_count; i++)
        if (class_->mro[i]->is_builtin && class_->mro[i]->construct && class_->mro[i]->layout != LAYOUT_OBJECT)
            return class_->mro[i];
    return NULL;
}

static struct value make_plain(struct eval *ev, struct class *class_, const struct arguments *arguments)
{
    if (class_->meta && !class_is_concrete(ev, class_))
        return value_raised();
    struct instance *instance = instance_new(ev, class_);
    if (class_->is_exception)
        instance->payload = tuple_of(ev, arguments->items, arguments->count);
    struct class *builtin = holds_payload_from_new(class_) ? payload_class(class_) : NULL;
    if (builtin) {
        struct value payload = builtin->construct(ev, arguments);
        if (is_raised(payload) || is_unknown(payload))
            return payload;
        instance->payload = payload;
    }
    return value_of(VALUE_INSTANCE, instance);
}

static struct value call_new(struct eval *ev, struct class *class_, struct value new_, const struct arguments *arguments)
{
    if (new_.kind == VALUE_STATIC_METHOD)
        new_ = new_.wrapper->function;
    return call_with(ev, new_, value_of(VALUE_CLASS, class_), arguments);
}

struct value call_class(struct eval *ev, struct class *class_, const struct arguments *arguments)
{
    if (class_->meta) {
        struct value meta_call = meta_method(ev, class_, ev->types->names.call);
        if (meta_call.kind == VALUE_BOUND && meta_call.bound->function.kind == VALUE_FUNCTION)
            return call(ev, meta_call, arguments);
    }
    return class_instantiate(ev, class_, arguments);
}

struct value class_instantiate(struct eval *ev, struct class *class_, const struct arguments *arguments)
{
    if (class_->is_builtin && class_->construct)
        return class_->construct(ev, arguments);
    if (class_->open) {
        struct value unknown = unknown_from(class_->open);
        return unknown_call(ev, unknown, arguments);
    }
    struct value new_ = class_find(ev, class_, ev->types->names.new_);
    if (is_raised(new_) || is_unknown(new_))
        return is_raised(new_) ? new_ : unknown_call(ev, new_, arguments);
    bool python_new = new_.kind == VALUE_FUNCTION || new_.kind == VALUE_STATIC_METHOD;
    struct value self = python_new ? call_new(ev, class_, new_, arguments) : make_plain(ev, class_, arguments);
    if (self.kind != VALUE_INSTANCE || !class_is_subclass(self.instance->class_, class_))
        return self;
    struct value done = call_init(ev, self.instance->class_, self, arguments);
    return is_raised(done) ? done : self;
}

/* Calling an instance; a module runs its forward. */
static struct value call_instance(struct eval *ev, struct value callee, const struct arguments *arguments)
{
    struct class *class_ = callee.instance->class_;
    struct value method = class_find(ev, class_, ev->types->names.call);
    if (is_raised(method))
        return method;
    if (method.kind == VALUE_UNBOUND) {
        if (callee.instance->open)
            method = unknown_from(callee.instance->open);
        else
            return eval_raise(ev, ev->types->type_error, "'%s' object is not callable", class_->name->bytes);
    }
    if (is_unknown(method)) {
        expose(ev, callee, method.reason);
        return unknown_call(ev, method, arguments);
    }
    struct value bound = value_bind(ev, method, callee, class_);
    return is_raised(bound) ? bound : call(ev, bound, arguments);
}

static struct value call_kind(struct eval *ev, struct value callee, const struct arguments *arguments)
{
    if (++ev->steps > ev->step_limit)
        return eval_stop(ev, "more steps than any real constructor takes");
    switch (callee.kind) {
    case VALUE_RAISED:
        return callee;
    case VALUE_UNKNOWN:
        return unknown_call(ev, callee, arguments);
    case VALUE_FUNCTION:
        return call_function(ev, callee.function, arguments);
    case VALUE_NATIVE: {
        struct value result = callee.native->call(ev, arguments);
        /* What cannot be told of it may be, or hold, what it was given. */
        if (is_unknown(result) && !result.plain && !result.reason->aliases)
            return unknown_holding(ev, result, arguments);
        return result;
    }
    case VALUE_CLASS:
        return call_class(ev, callee.class_, arguments);
    case VALUE_STATIC_METHOD:
        return call(ev, callee.wrapper->function, arguments);
    case VALUE_INSTANCE:
        return call_instance(ev, callee, arguments);
    case VALUE_BOUND:
        return call_with(ev, callee.bound->function, callee.bound->self, arguments);
    }
    return eval_raise(ev, ev->types->type_error, "'%s' object is not callable", value_class(ev, callee)->name->bytes);
}

/* What is called may call something else in C, and that again: an object whose __call__ is itself. */
struct value call(struct eval *ev, struct value callee, const struct arguments *arguments)
{
    if (++ev->expression_depth > LIMIT_EXPRESSION_DEPTH) {
        ev->expression_depth--;
        return eval_stop(ev, "calls nested more deeply than any real constructor's");
    }
    struct value result = call_kind(ev, callee, arguments);
    if (ev->evidence)
        evidence_of_call(ev, callee, arguments, &result);
    ev->expression_depth--;
    return result;
}

struct value call_values(struct eval *ev, struct value callee, const struct value *items, uint32_t count)
{
    struct arguments arguments = {.items = items, .count = count};
    return call(ev, callee, &arguments);
}

struct value call_method(struct eval *ev, struct value object, const char *name, const struct value *items, uint32_t count)
{
    struct value method = get_attribute(ev, object, eval_intern(ev, text_from(name)));
    return is_raised(method) ? method : call_values(ev, method, items, count);
}
