/*
 * class and def statements.
 *
 * A class body is run when the class is made, except for its methods: those are kept as text (VALUE_LAZY) and parsed,
 * decorated and stored when they are first looked up, since most are never needed.
 */
#include <string.h>

#include "eval/eval.h"
#include "eval/transaction.h"
#include "eval/types.h"

/* def */

/* The implicit conversions of a class body: __new__ is static, two others are class methods. */
struct value as_class_member(struct eval *ev, struct str *name, struct value value)
{
    if (value.kind != VALUE_FUNCTION)
        return value;
    if (name == ev->types->names.new_)
        value.function->is_static = true;
    if (name != ev->types->names.init_subclass && name != ev->types->names.class_getitem)
        return value;
    struct wrapper *wrapper = ARENA_NEW(eval_heap(ev), struct wrapper);
    wrapper->function = value;
    return value_of(VALUE_CLASS_METHOD, wrapper);
}

static bool eval_defaults(struct eval *ev, struct frame *frame, struct function *function)
{
    struct ast_function def = frame->unit->file->ast.functions[function->function];
    for (uint32_t i = 0; i < def.parameter_count; i++) {
        uint32_t node = frame->unit->file->ast.parameters[def.first_parameter + i].default_;
        if (!node)
            continue;
        if (!function->defaults) {
            function->defaults = ARENA_ARRAY(eval_heap(ev), def.parameter_count, struct value);
            for (uint32_t k = 0; k < def.parameter_count; k++)
                function->defaults[k] = value_unbound();
        }
        function->defaults[i] = eval_expression(ev, frame, node);
        if (is_raised(function->defaults[i]))
            return false;
    }
    return true;
}

/* Evaluates an annotation, only to see whether its names are bound: what else could be wrong with it depends on more of
 * torch's and typing's classes than is known here.  Only at the top level and in classes there: names in annotations are
 * not scoped (ast.h). */
bool eval_annotation(struct eval *ev, struct frame *frame, uint32_t node)
{
    if (!frame->unit->annotates || frame->frame_kind == FRAME_FUNCTION || frame->parent)
        return true;
    if (!is_raised(eval_expression(ev, frame, node)))
        return true;
    struct value error = ev->raised;
    return !ev->stopped && error.kind == VALUE_INSTANCE && error.instance->class_ != ev->types->name_error;
}

static bool eval_annotations(struct eval *ev, struct frame *frame, uint32_t function_number)
{
    struct unit *unit = frame->unit;
    struct ast_function def = unit->file->ast.functions[function_number];
    for (uint32_t i = 0; i <= def.parameter_count; i++) {
        uint32_t node = i < def.parameter_count ? unit->file->ast.parameters[def.first_parameter + i].annotation : def.returns;
        if (node && !eval_annotation(ev, frame, node))
            return false;
    }
    return true;
}

/* The qualified name of what is defined in the function that runs. */
static struct str *local_name(struct eval *ev, struct str *name)
{
    struct value qualname = eval_format(ev, "%s.<locals>.%s", ev->running->function->qualname->bytes, name->bytes);
    return qualname.kind == VALUE_STR ? qualname.str : name;
}

/* Where functions that are made in a comprehension find its variables after its end. */
static struct frame *comprehension_frame(struct eval *ev, struct frame *frame, struct comprehension_scope *scope)
{
    if (!scope->frame) {
        scope->frame = frame_new(ev, FRAME_FUNCTION, frame->unit, frame->globals, frame->first_local, frame->slot_count, true);
        scope->frame->parent = scope->outer ? comprehension_frame(ev, frame, scope->outer) : frame;
    }
    return scope->frame;
}

struct value make_function(struct eval *ev, struct frame *frame, uint32_t function_number, struct class *owner)
{
    struct unit *unit = frame->unit;
    struct ast_function def = unit->file->ast.functions[function_number];
    struct function *function = ARENA_NEW(eval_heap(ev), struct function);
    function->unit = unit;
    function->function = function_number;
    function->name = unit_symbol(ev, unit, def.name);
    function->qualname = function->name;
    if (owner) {
        struct value qualname = eval_format(ev, "%s.%s", owner->qualname->bytes, function->name->bytes);
        if (qualname.kind == VALUE_STR)
            function->qualname = qualname.str;
    }
    if (!owner && frame->frame_kind == FRAME_FUNCTION && ev->running)
        function->qualname = local_name(ev, function->name);
    function->closure = frame->frame_kind == FRAME_MODULE && !frame->slot_count ? NULL : frame;
    if (frame->comprehension)
        function->closure = comprehension_frame(ev, frame, frame->comprehension);
    function->globals = frame->globals;
    function->owner = owner;
    bool fine = eval_defaults(ev, frame, function) && eval_annotations(ev, frame, function_number);
    return fine ? value_of(VALUE_FUNCTION, function) : value_raised();
}

struct value make_lazy_function(struct eval *ev, struct unit *unit, uint32_t piece)
{
    struct function *function = ARENA_NEW(eval_heap(ev), struct function);
    function->unit = unit;
    function->piece = piece + 1;
    function->name = function->qualname = unit_symbol(ev, unit, unit->file->names[unit->file->pieces[piece].first_name]);
    function->globals = unit->namespace;
    return value_of(VALUE_FUNCTION, function);
}

static void parse_lazily(struct eval *ev, struct function *function, uint32_t piece)
{
    struct unit *unit = function->unit;
    ev->unit = unit;
    ev->at = unit->file->pieces[piece].keyword;
    if (python_piece_parse(unit->file, piece) != PIECE_PARSED) {
        ev->at = unit->file->pieces[piece].trouble_at;
        function->broken = eval_reason(ev, unit->file->pieces[piece].trouble);
        return;
    }
    struct python_piece parsed = unit->file->pieces[piece];
    function->function = unit->file->ast.nodes[parsed.node].a;
    struct frame *frame = frame_new(ev, FRAME_MODULE, unit, unit->namespace, parsed.scope_first_local, parsed.scope_local_count, true);
    if (!eval_defaults(ev, frame, function))
        function->broken = ev->stopped ? ev->stopped : eval_reason(ev, TEXT("a default of its parameters raises"));
}

bool function_prepare(struct eval *ev, struct function *function)
{
    if (!function->piece)
        return !function->broken;
    uint32_t piece = function->piece - 1, at = ev->at;
    struct unit *unit = ev->unit;
    struct import_state state;
    import_begin(ev, &state);
    function->piece = 0;
    parse_lazily(ev, function, piece);
    import_end(ev, &state);
    ev->unit = unit;
    ev->at = at;
    return !function->broken;
}

struct value apply_decorators(struct eval *ev, struct frame *frame, uint32_t list, struct value value)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, list);
    if (!count)
        return value;
    struct value *decorators = ARENA_ARRAY(eval_heap(ev), count, struct value);
    for (uint32_t i = 0; i < count; i++) {
        decorators[i] = eval_expression(ev, frame, ast_list_item(&frame->unit->file->ast, list, i));
        if (is_raised(decorators[i]))
            return decorators[i];
    }
    for (uint32_t i = count; i-- > 0 && !is_raised(value);)
        value = call_values(ev, decorators[i], &value, 1);
    return value;
}

/* Members that are parsed later. */

static struct frame *body_frame(struct eval *ev, struct unit *unit, struct class *class_, struct frame *outer, const struct python_piece *piece)
{
    struct frame *frame = frame_new(ev, FRAME_CLASS, unit, unit->namespace, piece ? piece->scope_first_local : 0,
                                    piece ? piece->scope_local_count : 0, true);
    frame->names = class_->attributes;
    frame->owner = class_;
    frame->parent = outer;
    return frame;
}

static struct value realise_piece(struct eval *ev, struct lazy *lazy)
{
    struct unit *unit = lazy->unit;
    if (python_piece_parse(unit->file, lazy->piece) != PIECE_PARSED) {
        ev->unit = unit;
        ev->at = unit->file->pieces[lazy->piece].trouble_at;
        return eval_unknown(ev, "%.*s", TEXT_ARGS(unit->file->pieces[lazy->piece].trouble));
    }
    struct python_piece piece = unit->file->pieces[lazy->piece];
    struct ast_node node = unit->file->ast.nodes[piece.node];
    struct frame *frame = body_frame(ev, unit, lazy->owner, NULL, &piece);
    ev->unit = unit;
    ev->at = node.at;
    struct value value = make_function(ev, frame, node.a, lazy->owner);
    if (is_raised(value))
        return value;
    struct str *name = value.function->name;
    return as_class_member(ev, name, apply_decorators(ev, frame, node.b, value));
}

struct value realise(struct eval *ev, struct str *name, struct lazy *lazy)
{
    if (lazy->made.kind != VALUE_UNBOUND)
        return lazy->made;
    struct dict *attributes = lazy->owner->attributes;
    struct unit *unit = ev->unit;
    uint32_t at = ev->at;
    struct import_state state;
    if (attributes->cell.imported)
        import_begin(ev, &state);
    /* While it is being made, its name means what it meant before: `@x.setter` needs the property x. */
    struct value previous = lazy->previous;
    if (previous.kind == VALUE_LAZY)
        previous = realise(ev, name, previous.lazy);
    bool fine = true;
    if (previous.kind == VALUE_UNBOUND)
        dict_set_str(ev, attributes, name, unknown_from(eval_reason(ev, TEXT("a method that decorates itself"))));
    else
        fine = !is_raised(previous) && dict_set_str(ev, attributes, name, previous);
    struct value value = fine ? realise_piece(ev, lazy) : value_raised();
    if (is_raised(value) && !ev->stopped) {
        struct value error = value_to_str(ev, ev->raised);
        value = eval_unknown(ev, "a decorator of `%s` raises %s: %s", name->bytes,
                             ev->raised.kind == VALUE_INSTANCE ? ev->raised.instance->class_->name->bytes : "",
                             error.kind == VALUE_STR ? error.str->bytes : "");
    }
    if (!is_raised(value)) {
        lazy->made = value;
        dict_set_str(ev, attributes, name, value);
    } else {
        dict_set_str(ev, attributes, name, value_of(VALUE_LAZY, lazy));
    }
    if (attributes->cell.imported)
        import_end(ev, &state);
    ev->unit = unit;
    ev->at = at;
    return value;
}

/* class */

static bool add_lazy(struct eval *ev, struct class *class_, struct unit *unit, uint32_t piece)
{
    struct str *name = unit_symbol(ev, unit, unit->file->names[unit->file->pieces[piece].first_name]);
    struct lazy *lazy = ARENA_NEW(eval_heap(ev), struct lazy);
    lazy->unit = unit;
    lazy->piece = piece;
    lazy->owner = class_;
    lazy->previous = dict_get_str(class_->attributes, name);
    lazy->made = value_unbound();
    return dict_set_str(ev, class_->attributes, name, value_of(VALUE_LAZY, lazy));
}

static bool run_member(struct eval *ev, struct class *class_, struct unit *unit, struct frame *outer, uint32_t number)
{
    struct python_piece piece = unit->file->pieces[number];
    /* In code that is run as a whole the header of a def may raise, and its decorators do something else besides. */
    bool now = unit->namespace->is_whole;
    if (piece.kind == PIECE_FUNCTION && piece.name_count == 1 && !now)
        return add_lazy(ev, class_, unit, number);
    if (piece.docstring)
        return true;
    if (python_piece_parse(unit->file, number) != PIECE_PARSED) {
        piece = unit->file->pieces[number];
        ev->unit = unit;
        ev->at = piece.trouble_at;
        struct value unknown = eval_unknown(ev, "%.*s", TEXT_ARGS(piece.trouble));
        for (uint32_t i = 0; i < piece.name_count; i++)
            if (!dict_set_str(ev, class_->attributes, unit_symbol(ev, unit, unit->file->names[piece.first_name + i]), unknown))
                return false;
        if (!piece.name_count) {
            class_->open = unknown.reason;
            class_->open_here = true;
        }
        return true;
    }
    piece = unit->file->pieces[number];
    struct frame *frame = body_frame(ev, unit, class_, outer, &piece);
    return run_statement(ev, frame, piece.node) != FLOW_RAISE;
}

static bool run_body(struct eval *ev, struct frame *frame, struct class *class_, struct ast_class statement)
{
    if (!statement.piece) {
        struct frame *body = frame_new(ev, FRAME_CLASS, frame->unit, frame->globals, statement.first_local, statement.local_count, true);
        body->names = class_->attributes;
        body->owner = class_;
        body->parent = frame;
        return run_block(ev, body, statement.body) != FLOW_RAISE;
    }
    struct unit *unit = frame->unit;
    uint32_t piece = statement.piece - 1;
    python_class_split(unit->file, piece);
    uint32_t first = unit->file->pieces[piece].first_member, count = unit->file->pieces[piece].member_count;
    for (uint32_t i = 0; i < count; i++)
        if (!run_member(ev, class_, unit, NULL, first + i))
            return false;
    return true;
}

#define MAX_CLASS_ARGUMENTS 64

struct class_arguments {
    struct class *bases[MAX_CLASS_ARGUMENTS];
    uint32_t base_count;
    struct str *names[MAX_CLASS_ARGUMENTS];
    struct value named[MAX_CLASS_ARGUMENTS];
    uint32_t named_count;
    struct class *meta;
    struct reason *open;
};

static void add_base(struct eval *ev, struct class_arguments *arguments, struct value value)
{
    if (value.kind == VALUE_CLASS)
        arguments->bases[arguments->base_count++] = value.class_;
    else if (is_unknown(value))
        arguments->open = value.reason;
    else
        arguments->open = eval_reason(ev, TEXT("a base that is not a class"));
}

static bool eval_class_arguments(struct eval *ev, struct frame *frame, uint32_t list, struct class_arguments *arguments)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, list);
    if (count > MAX_CLASS_ARGUMENTS - 1) {
        eval_stop(ev, "a class with too many bases");
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = ast_list_item(&frame->unit->file->ast, list, i);
        struct ast_node node = frame->unit->file->ast.nodes[number];
        if (node.kind == AST_KEYWORD) {
            struct value value = eval_expression(ev, frame, node.b);
            if (is_raised(value))
                return false;
            struct str *name = unit_symbol(ev, frame->unit, node.a);
            if (!strcmp(name->bytes, "metaclass")) {
                if (value.kind == VALUE_CLASS)
                    arguments->meta = value.class_;
                else
                    arguments->open = is_unknown(value) ? value.reason : eval_reason(ev, TEXT("a metaclass that is not a class"));
                continue;
            }
            arguments->names[arguments->named_count] = name;
            arguments->named[arguments->named_count++] = value;
            continue;
        }
        struct value value = eval_expression(ev, frame, node.kind == AST_STARRED ? node.a : number);
        if (is_raised(value))
            return false;
        if (node.kind != AST_STARRED) {
            add_base(ev, arguments, value);
            continue;
        }
        struct list *items = is_unknown(value) ? NULL : iterate(ev, value, &value);
        if (!items && is_raised(value))
            return false;
        if (!items || arguments->base_count + items->count + count > MAX_CLASS_ARGUMENTS) {
            arguments->open = items ? eval_reason(ev, TEXT("a class with too many bases")) : value.reason;
            continue;
        }
        for (uint32_t k = 0; k < items->count; k++)
            add_base(ev, arguments, items->items[k]);
    }
    if (!arguments->base_count)
        arguments->bases[arguments->base_count++] = ev->types->object;
    return true;
}

static void set_override_flags(struct eval *ev, struct class *class_)
{
    const struct types *types = ev->types;
    for (uint32_t i = 0; i < class_->bases->count; i++) {
        const struct class *base = class_->bases->items[i].class_;
        class_->has_getattr |= base->has_getattr;
        class_->has_setattr |= base->has_setattr;
        class_->has_delattr |= base->has_delattr;
        class_->has_getattribute |= base->has_getattribute;
    }
    class_->has_getattr |= dict_get_str(class_->attributes, types->names.getattr).kind != VALUE_UNBOUND;
    class_->has_setattr |= dict_get_str(class_->attributes, types->names.setattr).kind != VALUE_UNBOUND;
    class_->has_delattr |= dict_get_str(class_->attributes, types->names.delattr).kind != VALUE_UNBOUND;
    class_->has_getattribute |= dict_get_str(class_->attributes, types->names.getattribute).kind != VALUE_UNBOUND;
}

/* __set_name__ of members, then __init_subclass__ of the bases and the metaclass's __init__. */
static bool announce(struct eval *ev, struct class *class_, const struct class_arguments *arguments)
{
    for (uint32_t i = 0; i < class_->attributes->used; i++) {
        struct dict_entry entry = class_->attributes->entries[i];
        if (entry.key.kind != VALUE_STR || entry.value.kind != VALUE_INSTANCE)
            continue;
        struct value set_name = class_find(ev, entry.value.instance->class_, ev->types->names.set_name);
        struct value items[] = {entry.value, value_of(VALUE_CLASS, class_), entry.key};
        if (is_raised(set_name) || (set_name.kind != VALUE_UNBOUND && is_raised(call_values(ev, set_name, items, 3))))
            return false;
    }
    struct value init = class_find_after(ev, class_, class_, ev->types->names.init_subclass, NULL);
    if (is_raised(init))
        return false;
    if (is_unknown(init)) {
        class_->open = class_->open ? class_->open : init.reason;
        class_->open_here = true;
    } else if (init.kind == VALUE_CLASS_METHOD) {
        struct value bound = value_bind(ev, init, value_unbound(), class_);
        struct arguments named = {.names = arguments->names, .named = arguments->named, .named_count = arguments->named_count};
        if (is_raised(bound) || is_raised(call(ev, bound, &named)))
            return false;
    }
    if (!class_->meta)
        return true;
    struct value meta_init = class_find(ev, class_->meta, ev->types->names.init);
    if (meta_init.kind != VALUE_FUNCTION)
        return !is_raised(meta_init);
    struct dict *attributes = class_attributes(ev, class_);
    if (!attributes)
        return false;
    struct value items[] = {value_of(VALUE_CLASS, class_), value_str(class_->name),
                            tuple_of(ev, class_->bases->items, class_->bases->count), value_of(VALUE_DICT, attributes)};
    return !is_raised(call_values(ev, meta_init, items, 4));
}

/* A method of a metaclass that is not leaflint's own. */
static struct value own_meta_method(struct eval *ev, struct class *meta, const char *name)
{
    struct value method = class_find(ev, meta, eval_intern(ev, text_from(name)));
    if (method.kind == VALUE_STATIC_METHOD || method.kind == VALUE_CLASS_METHOD)
        method = method.wrapper->function;
    bool own = is_unknown(method) || is_raised(method) || (method.kind == VALUE_FUNCTION && !method.function->unit->is_fact);
    return own ? method : value_unbound();
}

/* Runs __new__ of the metaclass: type.__new__ in it gives the class that is there already (type_methods.c). */
static struct value made_by_metaclass(struct eval *ev, struct class *class_, const struct class_arguments *arguments)
{
    if (!class_->meta)
        return value_of(VALUE_CLASS, class_);
    if (own_meta_method(ev, class_->meta, "mro").kind != VALUE_UNBOUND || own_meta_method(ev, class_->meta, "__prepare__").kind != VALUE_UNBOUND) {
        class_->open = eval_reason(ev, TEXT("a metaclass that decides what is in its classes"));
        class_->open_here = true;
    }
    struct value new_ = own_meta_method(ev, class_->meta, "__new__");
    if (new_.kind == VALUE_UNBOUND || is_raised(new_))
        return is_raised(new_) ? new_ : value_of(VALUE_CLASS, class_);
    struct dict *members = class_attributes(ev, class_);
    if (!members)
        return value_raised();
    struct value items[] = {value_of(VALUE_CLASS, class_->meta), value_str(class_->name),
                            tuple_of(ev, class_->bases->items, class_->bases->count), value_of(VALUE_DICT, members)};
    struct arguments given = {.items = items, .count = 4, .names = arguments->names, .named = arguments->named,
                              .named_count = arguments->named_count};
    struct class *outer = ev->making;
    ev->making = class_;
    struct value made = call(ev, new_, &given);
    ev->making = outer;
    return made;
}

struct value make_class(struct eval *ev, struct frame *frame, uint32_t class_number, uint32_t node)
{
    struct ast_class statement = frame->unit->file->ast.classes[class_number];
    struct class_arguments arguments = {0};
    if (!eval_class_arguments(ev, frame, statement.arguments, &arguments))
        return value_raised();
    struct str *name = unit_symbol(ev, frame->unit, statement.name);
    struct class *class_ = class_new(ev, name, frame->globals->name, arguments.bases, arguments.base_count);
    class_->unit = frame->unit;
    class_->at = statement.at;
    class_->attributes->of_class = true;
    class_->meta = arguments.meta == ev->types->type ? NULL : arguments.meta;
    for (uint32_t i = 0; i < arguments.base_count && !class_->meta; i++)
        class_->meta = arguments.bases[i]->meta;
    if (frame->owner && frame->frame_kind == FRAME_CLASS) {
        struct value qualname = eval_format(ev, "%s.%s", frame->owner->qualname->bytes, name->bytes);
        if (qualname.kind == VALUE_STR)
            class_->qualname = qualname.str;
    } else if (frame->frame_kind == FRAME_FUNCTION && ev->running) {
        class_->qualname = local_name(ev, name);
    }
    if (arguments.open) {
        class_->open = arguments.open;
        class_->open_here = true;
    }
    if (!class_set_mro(ev, class_) || !run_body(ev, frame, class_, statement))
        return value_raised();
    ev->unit = frame->unit;
    ev->at = frame->unit->file->ast.nodes[node].at;
    struct value made = made_by_metaclass(ev, class_, &arguments);
    if (made.kind != VALUE_CLASS || made.class_ != class_)
        return made;
    set_override_flags(ev, class_);
    if (!announce(ev, class_, &arguments))
        return value_raised();
    return value_of(VALUE_CLASS, class_);
}

/* The source text of an annotation: up to the `=` or the end of the statement. */
struct value annotation_text(struct eval *ev, struct unit *unit, uint32_t node)
{
    struct text bytes = unit->file->source.bytes;
    size_t start = unit->file->ast.nodes[node].at, end = start;
    int depth = 0;
    char quote = 0;
    for (; end < bytes.length; end++) {
        char c = bytes.bytes[end];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '[' || c == '(' || c == '{') {
            depth++;
        } else if (c == ']' || c == ')' || c == '}') {
            depth--;
        } else if (depth <= 0 && (c == '=' || c == '\n' || c == '\r' || c == '#' || c == ';')) {
            break;
        }
    }
    while (end > start && (bytes.bytes[end - 1] == ' ' || bytes.bytes[end - 1] == '\t'))
        end--;
    return eval_text(ev, (struct text){bytes.bytes + start, end - start});
}
