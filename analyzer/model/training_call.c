/* Calls: of modules, of methods, of helper functions. */
#include "eval/types.h"
#include "model/training_internal.h"

static struct passed evaluate_passed(struct walk *walk, uint32_t list)
{
    const struct python_file *file = walk->frame->file;
    uint32_t count = ast_list_count(&file->ast, list);
    struct passed passed = {0};
    passed.positional = ARENA_ARRAY(walk->scratch, (size_t)count + 1, const struct seen *);
    passed.named = ARENA_ARRAY(walk->scratch, (size_t)count + 1, const struct seen *);
    passed.names = ARENA_ARRAY(walk->scratch, (size_t)count + 1, struct text);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = ast_list_item(&file->ast, list, i);
        struct ast_node node = walk_node(file, number);
        switch (node.kind) {
        case AST_KEYWORD:
            passed.names[passed.named_count] = walk_string(file, node.a);
            passed.named[passed.named_count++] = walk_evaluate(walk, node.b);
            break;
        case AST_STARRED:
            walk_evaluate(walk, node.a);
            passed.star = true;
            break;
        case AST_DOUBLE_STAR:
            walk_evaluate(walk, node.a);
            passed.double_star = true;
            break;
        default: {
            const struct seen *value = walk_evaluate(walk, number);
            if (passed.star)
                break; /* which position it has is not known */
            passed.positional[passed.count++] = value;
            break;
        }
        }
    }
    return passed;
}

const struct seen *passed_keyword(const struct passed *passed, struct text name)
{
    for (uint32_t i = 0; i < passed->named_count; i++)
        if (text_equal(passed->names[i], name))
            return passed->named[i];
    return NULL;
}

bool seen_is_true(const struct seen *value)
{
    return value && value->kind == SEEN_CONSTANT && value->constant.kind == VALUE_BOOL && value->constant.truth;
}

void walk_changed(struct walk *walk, const struct seen *tensor, uint32_t at)
{
    if (tensor->kind != SEEN_TENSOR || !tensor->input || tensor->or_none || walk->no_grad || !walk_certain(walk))
        return;
    if (tensor->input->grad != GRAD_YES) {
        walk->grad_unknown |= tensor->input->grad == GRAD_UNKNOWN;
        return;
    }
    struct subject_call *call = tensor->input->call;
    if (tensor->cast && !call->changed_if_cast_copies_nothing.file) {
        call->changed_if_cast_copies_nothing.file = walk->frame->file;
        call->changed_if_cast_copies_nothing.at = at;
    } else if (!tensor->cast && !call->changed.file) {
        call->changed.file = walk->frame->file;
        call->changed.at = at;
    }
}

/* ---- Python functions ---- */

static const struct seen *default_value(struct walk *walk, const struct python_file *file, uint32_t number)
{
    struct ast_node node = walk_node(file, number);
    switch (node.kind) {
    case AST_TRUE:
    case AST_FALSE: return seen_bool(walk, node.kind == AST_TRUE);
    case AST_NONE: return seen_constant(walk, value_none());
    case AST_INT: return seen_constant(walk, value_int((int64_t)((uint64_t)node.b << 32 | node.a)));
    case AST_FLOAT: return seen_constant(walk, value_float(file->ast.floats[node.a]));
    default: return &seen_unknown;
    }
}

static void bind_parameters(struct walk *walk, struct walk_frame *frame, const struct ast_function *function,
                            const struct seen *self, const struct passed *passed)
{
    struct python_file *file = frame->file;
    uint32_t next = 0, shift = self ? 1 : 0;
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        struct ast_parameter parameter = file->ast.parameters[function->first_parameter + i];
        const struct seen *value = NULL;
        bool by_position = parameter.kind == PARAMETER_POSITIONAL_ONLY || parameter.kind == PARAMETER_NORMAL;
        if (by_position) {
            if (next < shift)
                value = self;
            else if (next - shift < passed->count)
                value = passed->positional[next - shift];
            next++;
        }
        bool variadic = parameter.kind == PARAMETER_STAR || parameter.kind == PARAMETER_DOUBLE_STAR;
        if (!value && !variadic && parameter.kind != PARAMETER_POSITIONAL_ONLY)
            value = passed_keyword(passed, walk_string(file, parameter.name));
        bool may_follow = passed->double_star || (by_position && passed->star);
        if (!value && !variadic && !may_follow && parameter.default_)
            value = default_value(walk, file, parameter.default_);
        frame->slots[i] = value ? value : &seen_unknown;
    }
}

static bool is_running(const struct walk *walk, const struct routing_method *method, const struct instance *self)
{
    for (const struct walk_frame *frame = walk->frame; frame; frame = frame->caller)
        if (frame->file == method->file && frame->function == method->function && frame->self == self)
            return true;
    return false;
}

static const struct seen *follow(struct walk *walk, const struct routing_method *method, struct instance *owner,
                                 const struct seen *self, const struct passed *passed)
{
    if (method->function == ROUTING_UNREADABLE || walk->frames >= LIMIT_ROUTING_CALLS ||
        is_running(walk, method, owner))
        return &seen_unknown;
    struct ast_function function = method->file->ast.functions[method->function];
    if (function.flags & (FUNCTION_BROKEN | FUNCTION_GENERATOR | FUNCTION_ASYNC))
        return &seen_unknown;
    struct walk_frame *frame = ARENA_NEW(walk->scratch, struct walk_frame);
    *frame = (struct walk_frame){.file = method->file,
                                 .function = method->function,
                                 .depth = method->depth,
                                 .self = owner,
                                 .caller = walk->frame};
    frame->slot_count =
        function.local_count > function.parameter_count ? function.local_count : function.parameter_count;
    frame->slots = ARENA_ARRAY(walk->scratch, (size_t)frame->slot_count + 1, const struct seen *);
    bind_parameters(walk, frame, &function, self, passed);
    walk->frame = frame;
    walk->frames++;
    struct left left = walk_list(walk, function.body);
    walk->frames--;
    walk->frame = frame->caller;
    if (!left.ends)
        return seen_join(walk, frame->result, seen_constant(walk, value_none()));
    return frame->result ? frame->result : &seen_unknown;
}

static const struct seen *follow_method(struct walk *walk, const struct seen *method, const struct passed *passed)
{
    const struct seen *self = method->takes == TAKES_SELF    ? seen_module(walk, method->instance)
                              : method->takes == TAKES_CLASS ? &seen_unknown
                                                             : NULL;
    return follow(walk, &method->method, method->instance, self, passed);
}

/* ---- forward and what decorators put around it ---- */

enum around { AROUND_NOTHING, AROUND_MAKES_TUPLES, AROUND_UNKNOWN };

/* The name of the outermost function around this one: the decorator that made it. */
static struct text made_by(const struct python_file *file, uint32_t function)
{
    const struct ast *ast = &file->ast;
    struct ast_function inner = ast->functions[function], outer = inner;
    for (size_t i = 0; i < ast->function_count; i++) {
        struct ast_function other = ast->functions[i];
        if (other.at < outer.at && other.end >= outer.end)
            outer = other;
    }
    return ast->strings[outer.name];
}

/* What the decorators of transformers that wrap a forward do to its result. */
static enum around wrapper_kind(struct text decorator)
{
    static const char *const transparent[] = {"merge_with_config_defaults", "deprecate_kwarg", "__init_subclass__",
                                              "forward_with_checkpointing", "auto_docstring"};
    static const char *const tuples[] = {"can_return_tuple", "check_model_inputs", "capture_outputs"};
    for (size_t i = 0; i < sizeof transparent / sizeof *transparent; i++)
        if (text_equal(decorator, text_from(transparent[i])))
            return AROUND_NOTHING;
    for (size_t i = 0; i < sizeof tuples / sizeof *tuples; i++)
        if (text_equal(decorator, text_from(tuples[i])))
            return AROUND_MAKES_TUPLES;
    return AROUND_UNKNOWN;
}

static enum around around_forward(struct walk *walk, const struct instance *instance)
{
    struct eval *ev = walk->ev;
    struct value value = class_find(ev, instance->class_, eval_intern(ev, TEXT("forward")));
    enum around around = AROUND_NOTHING;
    for (int i = 0; i < 8 && value.kind == VALUE_FUNCTION && value.function->attributes; i++) {
        struct value inner = dict_get_str(value.function->attributes, ev->types->names.wrapped);
        if (inner.kind != VALUE_FUNCTION)
            break;
        if (!function_prepare(ev, value.function))
            return AROUND_UNKNOWN;
        walk->steps += value.function->unit->file->ast.function_count / 16;
        enum around one = wrapper_kind(made_by(value.function->unit->file, value.function->function));
        around = one > around ? one : around;
        value = inner;
    }
    return value.kind == VALUE_FUNCTION ? around : AROUND_UNKNOWN;
}

/* Does the configuration say that dicts are returned, and does the call not say otherwise? */
static bool returns_dicts(struct walk *walk, struct instance *instance, const struct passed *passed)
{
    const struct seen *given = passed_keyword(passed, TEXT("return_dict"));
    if (given && !(given->kind == SEEN_CONSTANT && (given->constant.kind == VALUE_NONE || seen_is_true(given))))
        return false;
    const struct seen *config = seen_attribute(walk, seen_module(walk, instance), TEXT("config"));
    return config->kind == SEEN_CONSTANT && seen_is_true(seen_attribute(walk, config, TEXT("return_dict")));
}

/* Does it have a __call__ of its own?  GradientCheckpointingLayer's only wraps forward. */
static bool replaces_call(struct eval *ev, const struct instance *instance)
{
    struct routing_method method;
    if (!block_method(ev, instance, TEXT("__call__"), 0, &method))
        return false;
    return !text_equal(str_text(instance->class_->mro[method.depth]->name), TEXT("GradientCheckpointingLayer"));
}

static const struct seen *follow_forward(struct walk *walk, struct instance *instance, const struct passed *passed)
{
    struct routing_method forward;
    if (replaces_call(walk->ev, instance) || !block_method(walk->ev, instance, TEXT("forward"), 0, &forward))
        return NULL;
    enum around around = around_forward(walk, instance);
    if (around == AROUND_UNKNOWN)
        return NULL;
    const struct seen *result = follow(walk, &forward, instance, seen_module(walk, instance), passed);
    if (around == AROUND_MAKES_TUPLES && result->kind == SEEN_DICT && !returns_dicts(walk, instance, passed))
        return &seen_unknown;
    return result;
}

/* ---- modules ---- */

static bool is_torch_class(const struct instance *instance)
{
    return instance->class_->module && text_starts(str_text(instance->class_->module), TEXT("torch."));
}

static struct text class_name(const struct instance *instance)
{
    return str_text(instance->class_->name);
}

/* torch's own: a new tensor, which has a gradient when there are parameters in it. */
static const struct seen *call_torch_module(struct walk *walk, struct instance *instance, const struct passed *passed,
                                            uint32_t at)
{
    if (!is_torch_class(instance) || text_starts(class_name(instance), TEXT("Multihead")) ||
        text_starts(class_name(instance), TEXT("LSTM")) || text_starts(class_name(instance), TEXT("GRU")) ||
        text_starts(class_name(instance), TEXT("RNN")))
        return &seen_unknown;
    const struct seen *first = passed->count && !passed->star ? passed->positional[0] : NULL;
    if (text_equal(class_name(instance), TEXT("Identity")))
        return first ? first : &seen_unknown;
    bool tensor = first && first->kind == SEEN_TENSOR;
    if (tensor && !text_starts(class_name(instance), TEXT("Dropout")) &&
        seen_is_true(seen_attribute(walk, seen_module(walk, instance), TEXT("inplace"))))
        walk_changed(walk, first, at);
    if (block_is_container(walk->ev, instance) || text_equal(class_name(instance), TEXT("Sequential")))
        return &seen_unknown;
    if (block_holds_parameter(instance))
        return walk->no_grad ? &seen_tensor : &seen_with_grad;
    if (!tensor)
        return &seen_unknown;
    return first->grad == GRAD_YES && !walk->no_grad ? &seen_with_grad : &seen_tensor;
}

static bool cannot_have_grad(const struct seen *value)
{
    switch ((enum seen_kind)value->kind) {
    case SEEN_TENSOR: return value->grad == GRAD_NO;
    case SEEN_CONSTANT:
    case SEEN_TUPLE: /* hooks look at tensors only, not into tuples and dicts */
    case SEEN_DICT: return true;
    case SEEN_UNKNOWN:
    case SEEN_MODULE:
    case SEEN_METHOD:
    case SEEN_SUPER: break;
    }
    return false;
}

/* The code of the caller's own forward and methods runs, not that of a module above or below. */
static bool in_caller(const struct walk *walk)
{
    const struct walk_frame *frame = walk->frame;
    while (frame && !frame->self)
        frame = frame->caller;
    return frame && frame->self == walk->caller;
}

static struct subject_call *note_call(struct walk *walk, struct passed *passed, uint32_t at)
{
    if (!walk_certain(walk) || walk->no_grad || walk->call_count == MAX_SUBJECT_CALLS)
        return NULL;
    struct subject_call *call = ARENA_NEW(walk->scratch, struct subject_call);
    *call = (struct subject_call){.file = walk->frame->file, .at = at, .positional = passed->count};
    call->without_grad = !passed->star;
    for (uint32_t i = 0; i < passed->count; i++) {
        const struct seen *value = passed->positional[i];
        call->without_grad = call->without_grad && cannot_have_grad(value);
        if (value->kind != SEEN_UNKNOWN && (value->kind != SEEN_TENSOR || value->or_none))
            continue; /* an unknown value that is changed in place later was a tensor */
        struct input *input = ARENA_NEW(walk->scratch, struct input);
        *input = (struct input){call, (enum grad)value->grad};
        struct seen *own = ARENA_NEW(walk->scratch, struct seen);
        *own = (struct seen){.kind = SEEN_TENSOR, .grad = value->grad, .input = input};
        passed->positional[i] = own;
    }
    walk->calls[walk->call_count++] = call;
    return call;
}

static const struct seen *call_module(struct walk *walk, struct instance *instance, struct passed *passed, uint32_t at)
{
    struct subject_call *call = NULL;
    if (instance == walk->subject && in_caller(walk)) {
        walk->met = true;
        call = note_call(walk, passed, at);
    }
    const struct seen *result = follow_forward(walk, instance, passed);
    if (!result)
        result = call_torch_module(walk, instance, passed, at);
    if (call)
        call->result = result;
    return result;
}

/* ---- everything else ---- */

static bool is_dict_class(const struct class *class_)
{
    if (class_->open)
        return false;
    if (class_->layout == LAYOUT_DICT)
        return true;
    for (uint32_t i = 0; i < class_->mro_count; i++)
        if (text_equal(str_text(class_->mro[i]->name), TEXT("ModelOutput")))
            return true;
    return false;
}

static const struct seen *call_constant(struct walk *walk, const struct seen *callee, const struct passed *passed,
                                        uint32_t at)
{
    struct value value = callee->constant;
    if (value.kind == VALUE_CLASS && is_dict_class(value.class_)) {
        struct seen *dict = ARENA_NEW(walk->scratch, struct seen);
        *dict = (struct seen){.kind = SEEN_DICT, .file = walk->frame->file, .at = at};
        return dict;
    }
    if (value.kind != VALUE_FUNCTION || value.function->attributes)
        return &seen_unknown;
    /* A helper matters by what it does to the input, and by what it makes of it. */
    bool given = false;
    for (uint32_t i = 0; i < passed->count; i++)
        given |= passed->positional[i]->kind == SEEN_TENSOR && passed->positional[i]->input;
    for (uint32_t i = 0; i < passed->named_count; i++)
        given |= passed->named[i]->kind == SEEN_TENSOR && passed->named[i]->input;
    struct routing_method function = {.depth = 0};
    if (!given || !block_function(walk->ev, value, &function))
        return &seen_unknown;
    return follow(walk, &function, NULL, NULL, passed);
}

static const struct seen *call_value(struct walk *walk, const struct seen *callee, struct passed *passed, uint32_t at)
{
    switch ((enum seen_kind)callee->kind) {
    case SEEN_MODULE: return call_module(walk, callee->instance, passed, at);
    case SEEN_METHOD: return follow_method(walk, callee, passed);
    case SEEN_CONSTANT: return call_constant(walk, callee, passed, at);
    case SEEN_UNKNOWN:
    case SEEN_TENSOR:
    case SEEN_SUPER:
    case SEEN_TUPLE:
    case SEEN_DICT: break;
    }
    return &seen_unknown;
}

/* The name at the root of `torch.nn.functional.relu`; "" when it is something else. */
static struct text root_name(const struct python_file *file, uint32_t number)
{
    struct ast_node node = walk_node(file, number);
    while (node.kind == AST_ATTRIBUTE)
        node = walk_node(file, node.a);
    return node.kind == AST_NAME ? walk_string(file, node.a) : TEXT("");
}

static const struct seen *call_attribute(struct walk *walk, const struct ast_node *function, uint32_t list, uint32_t at)
{
    struct python_file *file = walk->frame->file;
    struct text name = walk_string(file, function->b);
    struct text root = root_name(file, function->a);
    if (root.length && routing_is_tensor_library(root)) {
        struct passed passed = evaluate_passed(walk, list);
        return walk_call_library(walk, name, &passed, at);
    }
    const struct seen *object = walk_evaluate(walk, function->a);
    struct passed passed = evaluate_passed(walk, list);
    if (object->kind == SEEN_TENSOR)
        return walk_call_on_tensor(walk, object, name, &passed, at);
    if (object->kind == SEEN_MODULE || object->kind == SEEN_SUPER)
        return call_value(walk, seen_attribute(walk, object, name), &passed, at);
    return &seen_unknown;
}

static const struct seen *call_builtin(struct walk *walk, struct text name, uint32_t list, uint32_t at, bool *handled)
{
    const struct python_file *file = walk->frame->file;
    uint32_t count = ast_list_count(&file->ast, list);
    *handled = true;
    if (text_equal(name, TEXT("super")) && count == 0 && walk->frame->self) {
        struct seen *super = ARENA_NEW(walk->scratch, struct seen);
        *super = (struct seen){.kind = SEEN_SUPER, .instance = walk->frame->self};
        super->method.depth = walk->frame->depth + 1;
        return super;
    }
    struct passed passed;
    if (text_equal(name, TEXT("getattr")) && count == 2) {
        passed = evaluate_passed(walk, list);
        bool known = passed.count == 2 && passed.positional[1]->kind == SEEN_CONSTANT &&
                     passed.positional[1]->constant.kind == VALUE_STR;
        if (!known)
            return &seen_unknown;
        return seen_attribute(walk, passed.positional[0], str_text(passed.positional[1]->constant.str));
    }
    if (text_equal(name, TEXT("len")) && count == 1) {
        passed = evaluate_passed(walk, list);
        struct instance **items;
        const struct seen *of = passed.count ? passed.positional[0] : &seen_unknown;
        uint32_t length = of->kind == SEEN_MODULE ? container_items(walk, of->instance, &items) : 0;
        return length ? seen_constant(walk, value_int(length)) : &seen_unknown;
    }
    if (text_equal(name, TEXT("dict"))) {
        evaluate_passed(walk, list);
        struct seen *dict = ARENA_NEW(walk->scratch, struct seen);
        *dict = (struct seen){.kind = SEEN_DICT, .file = walk->frame->file, .at = at};
        return dict;
    }
    *handled = false;
    return &seen_unknown;
}

const struct seen *walk_call(struct walk *walk, uint32_t number)
{
    struct ast_node node = walk_node(walk->frame->file, number);
    struct ast_node function = walk_node(walk->frame->file, node.a);
    if (function.kind == AST_ATTRIBUTE)
        return call_attribute(walk, &function, node.b, node.at);
    if (function.kind == AST_NAME) {
        bool handled;
        struct text name = walk_string(walk->frame->file, function.a);
        const struct seen *result = call_builtin(walk, name, node.b, node.at, &handled);
        if (handled)
            return result;
    }
    const struct seen *callee = walk_evaluate(walk, node.a);
    struct passed passed = evaluate_passed(walk, node.b);
    return call_value(walk, callee, &passed, node.at);
}

/* ---- the caller ---- */

/* What a tensor of whole numbers is called, and annotated as. */
static bool is_whole_numbers(const struct python_file *file, const struct ast_parameter *parameter)
{
    static const char *const names[] = {"input_ids", "position_ids", "token_type_ids", "decoder_input_ids", NULL};
    static const char *const types[] = {"LongTensor", "IntTensor", "BoolTensor", NULL};
    if (name_is_one_of(walk_string(file, parameter->name), names))
        return true;
    struct ast_node node = walk_node(file, parameter->annotation);
    if (node.kind == AST_SUBSCRIPT) /* Optional[torch.LongTensor] */
        node = walk_node(file, node.b);
    if (node.kind == AST_BINARY) /* torch.LongTensor | None */
        node = walk_node(file, node.a);
    return node.kind == AST_ATTRIBUTE && name_is_one_of(walk_string(file, node.b), types);
}

const struct seen *walk_root(struct walk *walk, const struct routing_method *forward)
{
    static const struct seen ids = {.kind = SEEN_TENSOR, .grad = GRAD_NO, .or_none = true};
    struct python_file *file = forward->file;
    struct ast_function function = file->ast.functions[forward->function];
    struct passed passed = {.double_star = true};
    passed.named = ARENA_ARRAY(walk->scratch, (size_t)function.parameter_count + 1, const struct seen *);
    passed.names = ARENA_ARRAY(walk->scratch, (size_t)function.parameter_count + 1, struct text);
    for (uint32_t i = 1; i < function.parameter_count; i++) {
        struct ast_parameter parameter = file->ast.parameters[function.first_parameter + i];
        struct text name = walk_string(file, parameter.name);
        const struct seen *value = NULL;
        if (is_whole_numbers(file, &parameter))
            value = &ids;
        else if (text_equal(name, TEXT("return_dict")) && parameter.default_ &&
                 walk_node(file, parameter.default_).kind == AST_NONE) /* training does not pass it */
            value = seen_constant(walk, value_none());
        if (!value)
            continue;
        passed.names[passed.named_count] = name;
        passed.named[passed.named_count++] = value;
    }
    struct instance *root = (struct instance *)walk->root;
    return follow(walk, forward, root, seen_module(walk, root), &passed);
}
