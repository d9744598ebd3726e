/*
 * torch.nn.Module of torch 2.13.0 (torch/nn/modules/module.py): where attributes go, and the walks over the tree.
 *
 * Parameters, buffers and child modules live in three tables, in order of registration; assigning again keeps the place.
 */
#include <string.h>

#include "eval/evidence.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "torch/torch.h"

bool value_is_module(struct value value)
{
    return value.kind == VALUE_INSTANCE && value.instance->class_->is_module;
}

bool value_is_tensor_of(struct value value, const struct class *class_)
{
    return value.kind == VALUE_TENSOR && class_is_subclass(value.tensor->class_, class_);
}

struct text torch_typename(struct eval *ev, struct value value)
{
    const struct class *class_ = value_class(ev, value);
    if (!class_->module || !strcmp(class_->module->bytes, "builtins"))
        return str_text(class_->qualname);
    return text_format(eval_heap(ev), "%s.%s", class_->module->bytes, class_->qualname->bytes);
}

/* Setting and deleting. */

static bool table_remove(struct eval *ev, struct dict *table, struct str *name)
{
    return table && dict_delete(ev, table, value_str(name));
}

static bool table_set(struct eval *ev, const struct module_tables *tables, struct dict **table, struct str *name, struct value value)
{
    return dict_set_str(ev, module_table(ev, tables, table), name, value);
}

static bool in_table(const struct dict *table, const struct str *name)
{
    return table && dict_get_str(table, name).kind != VALUE_UNBOUND;
}

static bool raise_kind(struct eval *ev, struct value value, const char *as, const struct str *name, const char *expected)
{
    eval_raise(ev, ev->types->type_error, "cannot assign '%.*s' as %s '%s' (%s or None expected)", TEXT_ARGS(torch_typename(ev, value)), as,
               name->bytes, expected);
    return false;
}

static bool before_init(struct eval *ev, const char *what)
{
    eval_raise(ev, ev->types->attribute_error, "cannot assign %s before Module.__init__() call", what);
    return false;
}

static bool set_parameter(struct eval *ev, struct instance *self, struct str *name, struct value value)
{
    if (!self->tables)
        return before_init(ev, "parameters");
    dict_delete(ev, self->attributes, value_str(name));
    table_remove(ev, self->tables->buffers, name);
    table_remove(ev, self->tables->modules, name);
    return table_set(ev, self->tables, &self->tables->parameters, name, value);
}

static bool set_child(struct eval *ev, struct instance *self, struct str *name, struct value value)
{
    struct dict *modules = module_table(ev, self->tables, &self->tables->modules);
    if (ev->evidence)
        evidence_child(ev, modules, value);
    return dict_set_str(ev, modules, name, value);
}

/* What cannot be told may be a child, a parameter or a plain value: it is noted in both places. */
static bool set_unknown(struct eval *ev, struct instance *self, struct str *name, struct value value)
{
    if (self->tables && !value.plain && !set_child(ev, self, name, value))
        return false;
    return instance_set_plain(ev, self, name, value);
}

/* `self._modules = {...}`: the attribute is that dict from now on. */
static bool replace_table(struct eval *ev, struct instance *self, struct str *name, struct value value)
{
    struct dict *dict = value_dict(value);
    struct reason *reason = is_unknown(value) ? value.reason : NULL;
    struct dict_entry *entry;
    for (uint32_t i = 0; dict && !reason && (entry = dict_next(dict, &i));) {
        bool fits = is_unknown(entry->value) || entry->value.kind == VALUE_NONE ||
                    (name == ev->types->names.modules_ ? value_is_module(entry->value) : entry->value.kind == VALUE_TENSOR);
        if (!fits || !value_string(entry->key))
            dict = NULL;
    }
    cell_touch(ev, &self->cell);
    if (!dict) {
        self->open = reason ? reason : eval_reason(ev, TEXT("a table of a module that holds something else"));
        return true;
    }
    struct module_tables *tables = ARENA_NEW(eval_heap(ev), struct module_tables);
    *tables = *self->tables;
    *(name == ev->types->names.modules_ ? &tables->modules : name == ev->types->names.buffers_ ? &tables->buffers : &tables->parameters) = dict;
    self->tables = tables;
    return true;
}

static bool module_set(struct eval *ev, struct instance *self, struct str *name, struct value value)
{
    struct module_tables *tables = self->tables;
    if (tables && name->bytes[0] == '_' &&
        (name == ev->types->names.modules_ || name == ev->types->names.parameters_ || name == ev->types->names.buffers_))
        return replace_table(ev, self, name, value);
    if (value_is_tensor_of(value, ev->types->parameter))
        return set_parameter(ev, self, name, value);
    if (tables && in_table(tables->parameters, name)) {
        if (value.kind != VALUE_NONE && !is_unknown(value))
            return raise_kind(ev, value, "parameter", name, "torch.nn.Parameter");
        return table_set(ev, tables, &tables->parameters, name, value);
    }
    if (value_is_module(value)) {
        if (!tables)
            return before_init(ev, "module");
        dict_delete(ev, self->attributes, value_str(name));
        table_remove(ev, tables->parameters, name);
        table_remove(ev, tables->buffers, name);
        return set_child(ev, self, name, value);
    }
    if (tables && in_table(tables->modules, name)) {
        if (value.kind != VALUE_NONE && !is_unknown(value))
            return raise_kind(ev, value, "child module", name, "torch.nn.Module");
        return set_child(ev, self, name, value);
    }
    bool is_buffer = value_is_tensor_of(value, ev->types->buffer);
    if (is_buffer || (tables && in_table(tables->buffers, name))) {
        if (!tables)
            return before_init(ev, "buffer");
        if (value.kind != VALUE_NONE && value.kind != VALUE_TENSOR && !is_unknown(value))
            return raise_kind(ev, value, "buffer", name, "torch.Tensor");
        if (is_buffer)
            dict_delete(ev, self->attributes, value_str(name));
        return table_set(ev, tables, &tables->buffers, name, value);
    }
    if (is_unknown(value))
        return set_unknown(ev, self, name, value);
    return instance_set_plain(ev, self, name, value);
}

static struct value module_get(struct eval *ev, struct instance *self, struct str *name)
{
    struct module_tables *tables = self->tables;
    struct value value = dict_get_str(dict_or_empty(tables->parameters), name);
    if (value.kind == VALUE_UNBOUND)
        value = dict_get_str(dict_or_empty(tables->buffers), name);
    if (value.kind == VALUE_UNBOUND)
        value = dict_get_str(dict_or_empty(tables->modules), name);
    if (value.kind != VALUE_UNBOUND)
        return value;
    if (name == ev->types->names.parameters_)
        return value_of(VALUE_DICT, module_table(ev, tables, &tables->parameters));
    if (name == ev->types->names.buffers_)
        return value_of(VALUE_DICT, module_table(ev, tables, &tables->buffers));
    if (name == ev->types->names.modules_)
        return value_of(VALUE_DICT, module_table(ev, tables, &tables->modules));
    static const char *const hooks[] = {"_backward_hooks", "_backward_pre_hooks", "_forward_hooks", "_forward_hooks_always_called",
                                        "_forward_hooks_with_kwargs", "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs",
                                        "_is_full_backward_hook", "_load_state_dict_post_hooks", "_load_state_dict_pre_hooks",
                                        "_non_persistent_buffers_set", "_state_dict_hooks", "_state_dict_pre_hooks"};
    /* Asked of every module whether it has a `_tie_weights`: names that are no hook's are told by their length. */
    bool may_be = name->bytes[0] == '_' && name->length >= sizeof "_forward_hooks" - 1;
    for (size_t i = 0; may_be && i < sizeof hooks / sizeof *hooks; i++)
        if (!strcmp(name->bytes, hooks[i]))
            return eval_unknown_plain(ev, "the hooks of a module");
    return value;
}

static bool module_delete(struct eval *ev, struct instance *self, struct str *name)
{
    struct module_tables *tables = self->tables;
    if (tables && (table_remove(ev, tables->parameters, name) || table_remove(ev, tables->buffers, name) ||
                   table_remove(ev, tables->modules, name)))
        return true;
    return instance_delete_plain(ev, self, name);
}

static const struct module_protocol protocol = {module_get, module_set, module_delete};

/* Natives.  The first argument is the module itself. */

struct instance *module_self(struct eval *ev, const struct arguments *arguments, const char *function)
{
    if (arguments->count && value_is_module(arguments->items[0]))
        return arguments->items[0].instance;
    eval_raise(ev, ev->types->type_error, "%s() needs a module", function);
    return NULL;
}

struct instance *module_initialised(struct eval *ev, const struct arguments *arguments, const char *function)
{
    struct instance *self = module_self(ev, arguments, function);
    if (!self || self->tables)
        return self;
    eval_raise(ev, ev->types->attribute_error, "'%s' object has no attribute '_modules'", self->class_->name->bytes);
    return NULL;
}

static struct value native_init(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_self(ev, arguments, "Module.__init__");
    if (!self)
        return value_raised();
    if (arguments->named_count)
        return eval_raise(ev, ev->types->type_error, "%s.__init__() got an unexpected keyword argument '%s'",
                          self->class_->name->bytes, arguments->names[0]->bytes);
    if (arguments->count > 1)
        return eval_raise(ev, ev->types->type_error, "%s.__init__() takes 1 positional argument but %u were given",
                          self->class_->name->bytes, arguments->count);
    cell_touch(ev, &self->cell);
    self->tables = module_tables_new(ev);
    bool fine = dict_set_str(ev, self->attributes, eval_intern(ev, TEXT("training")), value_bool(true));
    return fine ? value_none() : value_raised();
}

static struct value native_setattr(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_self(ev, arguments, "Module.__setattr__");
    struct value rest[2];
    static const char *const names[] = {"name", "value", NULL};
    struct arguments without = without_first(arguments);
    if (!self || !arguments_bind(ev, "__setattr__", &without, names, rest))
        return value_raised();
    struct str *name = value_string(rest[0]);
    if (!name) {
        blur(ev, arguments->items[0], NULL, is_unknown(rest[0]) ? rest[0].reason : eval_reason(ev, TEXT("an attribute whose name cannot be told")));
        return value_none();
    }
    return module_set(ev, self, name, rest[1]) ? value_none() : value_raised();
}

static struct value native_getattr(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_self(ev, arguments, "Module.__getattr__");
    struct str *name = arguments->count > 1 ? value_string(arguments->items[1]) : NULL;
    if (!self)
        return value_raised();
    if (!name)
        return eval_unknown(ev, "an attribute whose name cannot be told");
    struct value value = self->tables ? module_get(ev, self, name) : value_unbound();
    if (self->open)
        return unknown_because(ev, self->open);
    if (value.kind != VALUE_UNBOUND)
        return value;
    return eval_raise(ev, ev->types->attribute_error, "'%s' object has no attribute '%s'", self->class_->name->bytes, name->bytes);
}

static struct value native_delattr(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_self(ev, arguments, "Module.__delattr__");
    struct str *name = arguments->count > 1 ? value_string(arguments->items[1]) : NULL;
    if (!self)
        return value_raised();
    if (!name)
        return eval_unknown(ev, "an attribute whose name cannot be told");
    return module_delete(ev, self, name) ? value_none() : value_raised();
}

/* register_*: the names of the arguments, and the words when the name is no good. */

static struct str *registered_name(struct eval *ev, struct instance *self, struct value name, const struct dict *table, const char *what)
{
    struct str *text = value_string(name);
    if (is_unknown(name)) {
        if (!strcmp(what, "buffer")) /* it refuses the names of everything else */
            expose(ev, value_of(VALUE_INSTANCE, self), name.reason);
        else
            blur(ev, value_of(VALUE_INSTANCE, self), NULL, name.reason);
        return NULL;
    }
    if (!text) {
        eval_raise(ev, ev->types->type_error, "%s name should be a string. Got %.*s", what, TEXT_ARGS(torch_typename(ev, name)));
        return NULL;
    }
    const char *problem = NULL;
    if (memchr(text->bytes, '.', text->length))
        problem = "name can't contain \".\"";
    else if (!text->length)
        problem = "name can't be empty string \"\"";
    if (problem) {
        if (!strcmp(what, "module") && text->length)
            eval_raise(ev, ev->types->key_error, "module name can't contain \".\", got: %s", text->bytes);
        else
            eval_raise(ev, ev->types->key_error, "%s %s", what, problem);
        return NULL;
    }
    if (in_table(table, text))
        return text;
    struct value there = find_attribute(ev, value_of(VALUE_INSTANCE, self), text);
    if (is_raised(there))
        return NULL;
    if (there.kind != VALUE_UNBOUND && !is_unknown(there)) {
        eval_raise(ev, ev->types->key_error, "attribute '%s' already exists", text->bytes);
        return NULL;
    }
    return text;
}

/* No name: either raised, or Unknown and the module is open now. */
static struct value no_name(struct eval *ev, const struct value *name)
{
    (void)ev;
    return is_unknown(*name) ? value_none() : value_raised();
}

static struct value native_register_parameter(struct eval *ev, const struct arguments *arguments)
{
    struct value values[3];
    static const char *const names[] = {"self", "name", "param", NULL};
    struct instance *self = module_self(ev, arguments, "register_parameter");
    if (!self || !arguments_bind(ev, "register_parameter", arguments, names, values))
        return value_raised();
    if (!self->tables)
        return before_init(ev, "parameter"), value_raised();
    struct str *name = registered_name(ev, self, values[1], self->tables->parameters, "parameter");
    if (!name)
        return no_name(ev, &values[1]);
    if (values[2].kind != VALUE_NONE && !is_unknown(values[2]) && !value_is_tensor_of(values[2], ev->types->parameter))
        return eval_raise(ev, ev->types->type_error,
                          "cannot assign '%.*s' object to parameter '%s' (torch.nn.Parameter or None required)",
                          TEXT_ARGS(torch_typename(ev, values[2])), name->bytes);
    return table_set(ev, self->tables, &self->tables->parameters, name, values[2]) ? value_none() : value_raised();
}

static struct value native_register_buffer(struct eval *ev, const struct arguments *arguments)
{
    struct value values[4];
    static const char *const names[] = {"self", "name", "tensor", "persistent=", NULL};
    struct instance *self = module_self(ev, arguments, "register_buffer");
    if (!self || !arguments_bind(ev, "register_buffer", arguments, names, values))
        return value_raised();
    if (!self->tables)
        return before_init(ev, "buffer"), value_raised();
    struct str *name = registered_name(ev, self, values[1], self->tables->buffers, "buffer");
    if (!name)
        return no_name(ev, &values[1]);
    if (values[2].kind != VALUE_NONE && !is_unknown(values[2]) && values[2].kind != VALUE_TENSOR)
        return eval_raise(ev, ev->types->type_error, "cannot assign '%.*s' object to buffer '%s' (torch Tensor or None required)",
                          TEXT_ARGS(torch_typename(ev, values[2])), name->bytes);
    return table_set(ev, self->tables, &self->tables->buffers, name, values[2]) ? value_none() : value_raised();
}

static struct value native_add_module(struct eval *ev, const struct arguments *arguments)
{
    struct value values[3];
    static const char *const names[] = {"self", "name", "module", NULL};
    struct instance *self = module_self(ev, arguments, "add_module");
    if (!self || !arguments_bind(ev, "add_module", arguments, names, values))
        return value_raised();
    if (!self->tables)
        return before_init(ev, "module"), value_raised();
    if (values[2].kind != VALUE_NONE && !is_unknown(values[2]) && !value_is_module(values[2]))
        return eval_raise(ev, ev->types->type_error, "%.*s is not a Module subclass", TEXT_ARGS(torch_typename(ev, values[2])));
    struct str *name = registered_name(ev, self, values[1], self->tables->modules, "module");
    if (!name)
        return no_name(ev, &values[1]);
    return set_child(ev, self, name, values[2]) ? value_none() : value_raised();
}

/* get_submodule("a.b"), get_parameter, get_buffer: a path of attributes. */
static struct value native_get_path(struct eval *ev, const struct arguments *arguments)
{
    struct value values[2];
    static const char *const names[] = {"self", "target", NULL};
    if (!module_self(ev, arguments, "get_submodule") || !arguments_bind(ev, "get_submodule", arguments, names, values))
        return value_raised();
    struct str *target = value_string(values[1]);
    if (!target) {
        struct value unknown = eval_unknown(ev, "a submodule whose name cannot be told");
        return unknown_one_of(ev, is_unknown(values[1]) ? values[1].reason : unknown.reason, values, 1);
    }
    struct value value = values[0];
    for (size_t start = 0; target->length && start <= target->length;) {
        const char *dot = memchr(target->bytes + start, '.', target->length - start);
        size_t end = dot ? (size_t)(dot - target->bytes) : target->length;
        value = get_attribute(ev, value, eval_intern(ev, (struct text){target->bytes + start, end - start}));
        if (is_raised(value) || is_unknown(value))
            return value;
        start = end + 1;
    }
    return value;
}

/* set_submodule("a.b", module): as an attribute of the module that holds it. */
static struct value native_set_submodule(struct eval *ev, const struct arguments *arguments)
{
    struct value values[4];
    static const char *const names[] = {"self", "target", "module", "strict=", NULL};
    if (!module_self(ev, arguments, "set_submodule") || !arguments_bind(ev, "set_submodule", arguments, names, values))
        return value_raised();
    struct str *target = value_string(values[1]);
    if (!target) {
        blur(ev, values[0], NULL, is_unknown(values[1]) ? values[1].reason : eval_reason(ev, TEXT("a submodule whose name cannot be told")));
        return value_none();
    }
    if (!target->length)
        return eval_raise(ev, ev->types->value_error, "Cannot set the submodule without a target name!");
    size_t dot = target->length;
    while (dot > 0 && target->bytes[dot - 1] != '.')
        dot--;
    struct value path[] = {values[0], eval_text(ev, (struct text){target->bytes, dot ? dot - 1 : 0})};
    struct arguments holder_path = {.items = path, .count = 2};
    struct value holder = native_get_path(ev, &holder_path);
    struct str *name = eval_intern(ev, (struct text){target->bytes + dot, target->length - dot});
    return !is_raised(holder) && set_attribute(ev, holder, name, values[2]) ? value_none() : value_raised();
}

static struct value native_self(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_self(ev, arguments, "Module.to");
    return self ? value_of(VALUE_INSTANCE, self) : value_raised();
}

static struct value native_none(struct eval *ev, const struct arguments *arguments)
{
    (void)ev;
    (void)arguments;
    return value_none();
}

/* Something that is no module and changes none: a hook's handle, a state dict. */
static struct value native_plain(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return eval_unknown_plain(ev, "tensor contents are not worked out");
}

static struct value native_module_call(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_self(ev, arguments, "Module.__call__");
    if (!self)
        return value_raised();
    struct value forward = class_find(ev, self->class_, eval_intern(ev, TEXT("forward")));
    if (forward.kind == VALUE_FUNCTION || is_unknown(forward))
        return call(ev, forward, arguments);
    return native_plain(ev, arguments);
}

static struct value native_get_name(struct eval *ev, const struct arguments *arguments)
{
    struct instance *self = module_self(ev, arguments, "_get_name");
    return self ? value_str(self->class_->name) : value_raised();
}

static const struct native natives[] = {
    {"__init__", native_init, NULL},
    {"__setattr__", native_setattr, NULL},
    {"__getattr__", native_getattr, NULL},
    {"__delattr__", native_delattr, NULL},
    {"__call__", native_module_call, NULL},
    {"_apply", native_self, NULL},
    {"_call_impl", native_plain, NULL},
    {"_get_name", native_get_name, NULL},
    {"_load_from_state_dict", native_plain, NULL},
    {"_named_members", native_plain, NULL},
    {"_save_to_state_dict", native_plain, NULL},
    {"_slow_forward", native_plain, NULL},
    {"_wrapped_call_impl", native_plain, NULL},
    {"add_module", native_add_module, NULL},
    {"bfloat16", native_self, NULL},
    {"compile", native_none, NULL},
    {"cpu", native_self, NULL},
    {"cuda", native_self, NULL},
    {"double", native_self, NULL},
    {"extra_repr", native_plain, NULL},
    {"forward", native_plain, NULL},
    {"get_extra_state", native_plain, NULL},
    {"float", native_self, NULL},
    {"get_buffer", native_get_path, NULL},
    {"get_parameter", native_get_path, NULL},
    {"get_submodule", native_get_path, NULL},
    {"half", native_self, NULL},
    {"load_state_dict", native_plain, NULL},
    {"register_backward_hook", native_plain, NULL},
    {"register_buffer", native_register_buffer, NULL},
    {"register_forward_hook", native_plain, NULL},
    {"register_forward_pre_hook", native_plain, NULL},
    {"register_full_backward_hook", native_plain, NULL},
    {"register_full_backward_pre_hook", native_plain, NULL},
    {"register_state_dict_post_hook", native_plain, NULL},
    {"set_extra_state", native_plain, NULL},
    {"set_submodule", native_set_submodule, NULL},
    {"ipu", native_self, NULL},
    {"mtia", native_self, NULL},
    {"xpu", native_self, NULL},
    {"register_load_state_dict_post_hook", native_plain, NULL},
    {"register_load_state_dict_pre_hook", native_plain, NULL},
    {"_register_load_state_dict_pre_hook", native_plain, NULL},
    {"_register_state_dict_hook", native_plain, NULL},
    {"register_module", native_add_module, NULL},
    {"register_parameter", native_register_parameter, NULL},
    {"register_state_dict_pre_hook", native_plain, NULL},
    {"requires_grad_", native_self, NULL},
    {"share_memory", native_self, NULL},
    {"state_dict", native_plain, NULL},
    {"to", native_self, NULL},
    {"to_empty", native_self, NULL},
    {"type", native_self, NULL},
    {"zero_grad", native_none, NULL},
    {NULL, NULL, NULL},
};

void module_init(struct eval *ev)
{
    struct class *module = class_new(ev, eval_intern(ev, TEXT("Module")), eval_intern(ev, TEXT("torch.nn.modules.module")),
                                     &ev->types->object, 1);
    module->is_module = true;
    module->is_builtin = true;
    module->attributes->of_class = true;
    class_set_mro(ev, module);
    class_add_natives(ev, module, natives);
    class_add_natives(ev, module, module_walks);
    dict_set_str(ev, module->attributes, eval_intern(ev, TEXT("training")), value_bool(true));
    dict_set_str(ev, module->attributes, eval_intern(ev, TEXT("dump_patches")), value_bool(false));
    ev->types->nn_module = module;
    ev->module_protocol = &protocol;
    native_module_add(ev, "Module", value_of(VALUE_CLASS, module));
}
