/*
 * What facts may ask of the evaluator about code: names of other modules, annotations, methods, generators as contexts.
 */
#include <string.h>

#include "eval/native_code.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"

static struct value native_from_source(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"module", "name", NULL};
    if (!arguments_bind(ev, "from_source", arguments, names, values))
        return value_raised();
    struct str *dotted = value_string(values[0]), *name = value_string(values[1]);
    if (!dotted || !name)
        return eval_unknown(ev, "a name that cannot be told");
    struct value module = import_module(ev, str_text(dotted));
    if (module.kind != VALUE_NAMESPACE)
        return module;
    struct value value = namespace_source(ev, module.namespace, name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    return eval_raise(ev, ev->types->import_error, "cannot import name '%s' from '%s'", name->bytes, dotted->bytes);
}

static bool is_identifier(const struct str *text)
{
    for (uint32_t i = 0; i < text->length; i++) {
        char c = text->bytes[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (i && c >= '0' && c <= '9')))
            return false;
    }
    return text->length > 0;
}

static struct value evaluate(struct eval *ev, struct namespace *namespace, struct str *text, int depth)
{
    struct value value;
    if (is_identifier(text)) {
        value = namespace_get(ev, namespace, text);
        if (value.kind == VALUE_UNBOUND)
            value = namespace_get(ev, ev->builtins, text);
        if (value.kind == VALUE_UNBOUND)
            return eval_raise(ev, ev->types->name_error, "name '%s' is not defined", text->bytes);
        return value;
    }
    value = namespace_evaluate(ev, namespace, str_text(text));
    return value.kind == VALUE_STR && depth ? evaluate(ev, namespace, value.str, depth - 1) : value;
}

static struct value native_evaluate_annotation(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"text", "module", NULL};
    if (!arguments_bind(ev, "evaluate_annotation", arguments, names, values))
        return value_raised();
    struct str *text = value_string(values[0]), *dotted = value_string(values[1]);
    if (!text || !dotted)
        return eval_unknown(ev, "an annotation that cannot be told");
    struct value module = import_module(ev, str_text(dotted));
    return module.kind == VALUE_NAMESPACE ? evaluate(ev, module.namespace, text, 2) : module;
}

static struct value native_builtin(struct eval *ev, const struct arguments *arguments)
{
    struct str *name = arguments->count == 1 ? value_string(arguments->items[0]) : NULL;
    struct value value = name ? namespace_get(ev, ev->builtins, name) : value_unbound();
    if (value.kind != VALUE_UNBOUND)
        return value;
    return eval_raise(ev, ev->types->attribute_error, "module 'builtins' has no attribute '%s'", name ? name->bytes : "");
}

static struct value native_bind_method(struct eval *ev, const struct arguments *arguments)
{
    if (arguments->count != 2)
        return eval_raise(ev, ev->types->type_error, "method expected 2 arguments, got %u", arguments->count);
    if (is_unknown(arguments->items[0]))
        return arguments->items[0];
    struct bound *bound = ARENA_NEW(eval_heap(ev), struct bound);
    bound->function = arguments->items[0];
    bound->self = arguments->items[1];
    return value_of(VALUE_BOUND, bound);
}

static struct value native_cached_property(struct eval *ev, const struct arguments *arguments)
{
    struct property *property = ARENA_NEW(eval_heap(ev), struct property);
    property->getter = arguments->count ? arguments->items[0] : value_none();
    property->setter = property->deleter = value_none();
    property->cached = true;
    return value_of(VALUE_PROPERTY, property);
}

static struct value native_function_kind(struct eval *ev, const struct arguments *arguments)
{
    if (arguments->count != 1)
        return value_none();
    switch (arguments->items[0].kind) {
    case VALUE_FUNCTION:
        return eval_text(ev, TEXT("function"));
    case VALUE_BOUND:
        return eval_text(ev, arguments->items[0].bound->function.kind == VALUE_NATIVE ? TEXT("builtin") : TEXT("method"));
    case VALUE_NATIVE:
        return eval_text(ev, TEXT("builtin"));
    case VALUE_NAMESPACE:
        return eval_text(ev, TEXT("module"));
    case VALUE_UNKNOWN:
        return arguments->items[0];
    }
    return value_none();
}

/*
 * A generator function as a context manager: what stands before its yield runs when the context is entered, what stands
 * behind it when it is left.  Followed where the yield is a statement of the function's own body, or of a `try` there.
 */

static bool is_yield(const struct ast *ast, uint32_t number)
{
    struct ast_node node = ast->nodes[number];
    return node.kind == AST_EXPRESSION && ast->nodes[node.a].kind == AST_YIELD && ast->nodes[node.a].op == 0;
}

/* Position of the yield in a list of statements, or the list's count. */
static uint32_t find_yield(const struct ast *ast, uint32_t list, bool inside_try)
{
    uint32_t count = ast_list_count(ast, list);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = ast_list_item(ast, list, i);
        struct ast_node node = ast->nodes[number];
        if (is_yield(ast, number))
            return i;
        if (inside_try && node.kind == AST_TRY && find_yield(ast, node.a, false) < ast_list_count(ast, node.a))
            return i;
    }
    return count;
}

static enum flow run_part(struct eval *ev, struct frame *frame, uint32_t list, uint32_t from, uint32_t to)
{
    enum flow flow = FLOW_NEXT;
    for (uint32_t i = from; i < to && flow == FLOW_NEXT; i++)
        flow = run_statement(ev, frame, ast_list_item(&frame->unit->file->ast, list, i));
    return flow;
}

struct generator {
    struct frame *frame; /* NULL: not followed */
    uint32_t body, at;   /* the function's statements; the one that yields */
};

static struct value enter_generator(struct eval *ev, struct generator *generator)
{
    const struct ast *ast = &generator->frame->unit->file->ast;
    struct ast_node node = ast->nodes[ast_list_item(ast, generator->body, generator->at)];
    if (run_part(ev, generator->frame, generator->body, 0, generator->at) == FLOW_RAISE)
        return value_raised();
    if (node.kind == AST_TRY) {
        uint32_t inner = find_yield(&generator->frame->unit->file->ast, node.a, false);
        if (run_part(ev, generator->frame, node.a, 0, inner) == FLOW_RAISE)
            return value_raised();
        ast = &generator->frame->unit->file->ast;
        node = ast->nodes[ast_list_item(ast, node.a, inner)];
    }
    uint32_t yielded = generator->frame->unit->file->ast.nodes[node.a].a;
    return yielded ? eval_expression(ev, generator->frame, yielded) : value_none();
}

static struct value leave_generator(struct eval *ev, struct generator *generator, bool raised)
{
    const struct ast *ast = &generator->frame->unit->file->ast;
    struct ast_node node = ast->nodes[ast_list_item(ast, generator->body, generator->at)];
    if (node.kind == AST_TRY) {
        uint32_t inner = find_yield(ast, node.a, false), count = ast_list_count(ast, node.a);
        if (!raised && run_part(ev, generator->frame, node.a, inner + 1, count) == FLOW_RAISE)
            return value_raised();
        struct ast_node tail = {0};
        if (node.c)
            tail = generator->frame->unit->file->ast.nodes[node.c];
        if (tail.b && run_block(ev, generator->frame, tail.b) == FLOW_RAISE)
            return value_raised();
    }
    if (raised && node.kind == AST_TRY && ast_list_count(&generator->frame->unit->file->ast, node.b)) {
        /* Its handlers are not followed. */
        struct value unknown = eval_unknown(ev, "a handler around a yield is not followed");
        for (uint32_t i = 0; i < generator->frame->slot_count; i++)
            expose(ev, generator->frame->slots[i], unknown.reason);
        return unknown;
    }
    if (raised)
        return value_bool(false);
    uint32_t count = ast_list_count(&generator->frame->unit->file->ast, generator->body);
    return run_part(ev, generator->frame, generator->body, generator->at + 1, count) == FLOW_RAISE ? value_raised() : value_bool(false);
}

static struct generator *generator_of(const struct arguments *arguments)
{
    return arguments->count && arguments->items[0].kind == VALUE_INSTANCE ? arguments->items[0].instance->payload.pointer : NULL;
}

bool generator_swallows(struct value context)
{
    if (strcmp(context.instance->class_->name->bytes, "GeneratorContext") || context.instance->payload.kind != VALUE_ELLIPSIS)
        return false;
    const struct generator *generator = context.instance->payload.pointer;
    if (!generator->frame)
        return true;
    const struct ast *ast = &generator->frame->unit->file->ast;
    struct ast_node node = ast->nodes[ast_list_item(ast, generator->body, generator->at)];
    return node.kind == AST_TRY && ast_list_count(ast, node.b);
}

static struct value context_enter(struct eval *ev, const struct arguments *arguments)
{
    struct generator *generator = generator_of(arguments);
    return generator && generator->frame ? enter_generator(ev, generator) : eval_unknown(ev, "a generator that is not followed");
}

static struct value context_exit(struct eval *ev, const struct arguments *arguments)
{
    struct generator *generator = generator_of(arguments);
    bool raised = arguments->count > 1 && arguments->items[1].kind != VALUE_NONE;
    return generator && generator->frame ? leave_generator(ev, generator, raised) : eval_unknown(ev, "a generator that is not followed");
}

static struct value context_call(struct eval *ev, const struct arguments *arguments)
{
    return arguments->count > 1 ? arguments->items[1] : eval_unknown(ev, "a generator that is not followed");
}

static const struct native context_methods[] = {
    {"__enter__", context_enter, NULL}, {"__exit__", context_exit, NULL}, {"__call__", context_call, NULL}, {NULL, NULL, NULL}};

static struct value native_generator_context(struct eval *ev, const struct arguments *arguments)
{
    struct value values[3];
    static const char *const names[] = {"function", "args", "kwargs", NULL};
    if (!arguments_bind(ev, "generator_context", arguments, names, values))
        return value_raised();
    struct value class_ = namespace_get(ev, import_module(ev, TEXT("__native__")).namespace, eval_intern(ev, TEXT("GeneratorContext")));
    struct generator *generator = ARENA_NEW(eval_heap(ev), struct generator);
    struct list *items = value_items(values[1]);
    struct dict *named = value_dict(values[2]);
    if (values[0].kind == VALUE_FUNCTION && items && named && !items->open && !named->open && function_prepare(ev, values[0].function)) {
        struct function *function = values[0].function;
        const struct ast *ast = &function->unit->file->ast;
        generator->body = ast->functions[function->function].body;
        generator->at = find_yield(ast, generator->body, true);
        if (generator->at < ast_list_count(ast, generator->body)) {
            struct arguments passed = {.items = items->items, .count = items->count};
            struct str **keys = ARENA_ARRAY(eval_heap(ev), named->count + 1, struct str *);
            struct value *given = ARENA_ARRAY(eval_heap(ev), named->count + 1, struct value);
            struct dict_entry *entry;
            for (uint32_t i = 0; (entry = dict_next(named, &i));) {
                if (entry->key.kind != VALUE_STR)
                    continue;
                keys[passed.named_count] = entry->key.str;
                given[passed.named_count++] = entry->value;
            }
            passed.names = keys;
            passed.named = given;
            generator->frame = function_frame(ev, function, &passed);
            if (!generator->frame)
                return value_raised();
        }
    }
    if (!generator->frame) {
        struct reason *reason = eval_reason(ev, TEXT("a generator that is not followed"));
        for (int i = 0; i < 3; i++)
            expose(ev, values[i], reason);
    }
    struct instance *instance = instance_new(ev, class_.class_);
    instance->payload = (struct value){.kind = VALUE_ELLIPSIS, .pointer = generator};
    return value_of(VALUE_INSTANCE, instance);
}

struct value native_ignored(struct eval *ev, const struct arguments *arguments)
{
    (void)ev;
    (void)arguments;
    return value_none();
}

static struct value native_unknown_plain(struct eval *ev, const struct arguments *arguments)
{
    struct str *words = arguments->count == 1 ? value_string(arguments->items[0]) : NULL;
    ev->guesses++;
    return eval_unknown_plain(ev, words ? words->bytes : "a value that cannot be told");
}

static struct value native_is_known(struct eval *ev, const struct arguments *arguments)
{
    (void)ev;
    return value_bool(arguments->count == 1 && !is_unknown(arguments->items[0]));
}

static const struct native natives[] = {
    {"is_known", native_is_known, NULL},
    {"unknown_plain", native_unknown_plain, NULL},
    {"function_kind", native_function_kind, NULL},
    {"cached_property", native_cached_property, NULL},
    {"bind_method", native_bind_method, NULL},
    {"builtin", native_builtin, NULL},
    {"ignored", native_ignored, NULL},
    {"from_source", native_from_source, NULL},
    {"evaluate_annotation", native_evaluate_annotation, NULL},
    {"generator_context", native_generator_context, NULL},
    {NULL, NULL, NULL},
};

void native_code_init(struct eval *ev)
{
    for (const struct native *native = natives; native->name; native++)
        native_module_add(ev, native->name, native_value(native));
    native_regex_init(ev);
    struct class *context = builtin_class(ev, "GeneratorContext", ev->types->object, LAYOUT_OBJECT, NULL);
    class_add_natives(ev, context, context_methods);
    native_module_add(ev, "GeneratorContext", value_of(VALUE_CLASS, context));
}
