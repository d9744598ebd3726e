/* The builtin functions that look at objects, and the names that every module sees. */
#include "eval/values.h"

void builtins_add(struct eval *ev, const struct native *natives)
{
    dict_add_natives(ev, ev->builtins->names, natives);
}

/* Attributes by name. */

/* The str that names an attribute; NULL: *outcome. */
static struct str *attribute_name(struct eval *ev, struct value name, struct value *outcome)
{
    struct str *text = value_string(name);
    if (text)
        return text;
    *outcome = is_unknown(name) ? unknown_operand(ev, name)
                                : eval_raise(ev, ev->types->type_error, "attribute name must be string, not '%s'",
                                             type_name(ev, name));
    return NULL;
}

static struct value builtin_getattr(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "getattr", arguments, 2, 3))
        return value_raised();
    struct str *name = attribute_name(ev, arguments->items[1], &outcome);
    if (!name && is_unknown(outcome))
        return unknown_one_of(ev, outcome.reason, arguments->items, 1);
    if (!name)
        return outcome;
    if (arguments->count == 2)
        return get_attribute(ev, arguments->items[0], name);
    struct value value = find_attribute(ev, arguments->items[0], name);
    if (is_unknown(value)) /* it may be the default, too */
        return value_join(ev, value, arguments->items[2], value.reason);
    return value.kind == VALUE_UNBOUND ? arguments->items[2] : value;
}

static struct value builtin_hasattr(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "hasattr", arguments, 2, 2))
        return value_raised();
    struct str *name = attribute_name(ev, arguments->items[1], &outcome);
    if (!name)
        return outcome;
    struct value value = find_attribute(ev, arguments->items[0], name);
    if (is_raised(value) || is_unknown(value)) /* an attribute that may be bound or not is Unknown too */
        return unknown_operand(ev, value);
    return value_bool(value.kind != VALUE_UNBOUND);
}

static struct value builtin_setattr(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "setattr", arguments, 3, 3))
        return value_raised();
    struct str *name = attribute_name(ev, arguments->items[1], &outcome);
    if (!name && is_unknown(outcome)) {
        blur(ev, arguments->items[0], NULL, outcome.reason);
        expose(ev, arguments->items[2], outcome.reason);
        return value_none();
    }
    return name && set_attribute(ev, arguments->items[0], name, arguments->items[2]) ? value_none() : value_raised();
}

static struct value builtin_delattr(struct eval *ev, const struct arguments *arguments)
{
    struct value outcome;
    if (!argument_count(ev, "delattr", arguments, 2, 2))
        return value_raised();
    struct str *name = attribute_name(ev, arguments->items[1], &outcome);
    if (!name && is_unknown(outcome)) {
        blur(ev, arguments->items[0], NULL, outcome.reason);
        return value_none();
    }
    return name && delete_attribute(ev, arguments->items[0], name) ? value_none() : value_raised();
}

static struct value builtin_vars(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "vars", arguments, 0, 1))
        return value_raised();
    if (!arguments->count)
        return eval_unknown(ev, "vars() without an object is not followed");
    struct value value = arguments->items[0];
    bool bare = value.kind == VALUE_INSTANCE && value.instance->class_->is_builtin &&
                !value.instance->class_->is_exception && !value.instance->class_->is_module;
    struct value dict = bare ? value_unbound() : find_attribute(ev, value, ev->types->names.dict);
    if (dict.kind == VALUE_UNBOUND)
        return eval_raise(ev, ev->types->type_error, "vars() argument must have __dict__ attribute");
    return dict;
}

/* Types. */

static struct value builtin_isinstance(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "isinstance", arguments, 2, 2))
        return value_raised();
    int result = value_is_instance(ev, arguments->items[0], arguments->items[1]);
    if (result == -1 && arguments->items[0].kind == VALUE_INSTANCE && arguments->items[0].instance->class_->open)
        return unknown_because(ev, arguments->items[0].instance->class_->open);
    return truth_about(ev, result, is_unknown(arguments->items[0]) ? arguments->items[0] : value_none(),
                       arguments->items[1]);
}

static struct value is_subclass(struct eval *ev, struct class *class_, struct value type)
{
    if (is_unknown(type))
        return unknown_operand(ev, type);
    if (type.kind == VALUE_TUPLE) {
        struct value doubt = value_bool(false);
        for (uint32_t i = 0; i < type.list->count; i++) {
            struct value one = value_raised();
            if (enter(ev))
                one = is_subclass(ev, class_, type.list->items[i]);
            leave(ev);
            if (is_raised(one) || (one.kind == VALUE_BOOL && one.truth))
                return one;
            if (is_unknown(one))
                doubt = one;
        }
        return doubt;
    }
    if (type.kind == VALUE_NONE)
        type = value_of(VALUE_CLASS, ev->types->none);
    if (type.kind != VALUE_CLASS)
        return eval_raise(ev, ev->types->type_error,
                          "issubclass() arg 2 must be a class, a tuple of classes, or a union");
    if (class_is_subclass(class_, type.class_))
        return value_bool(true);
    struct str *name = eval_intern(ev, TEXT("__subclasscheck__"));
    struct value method = meta_method(ev, type.class_, name), self = value_of(VALUE_CLASS, class_);
    if (method.kind == VALUE_UNBOUND) {
        method = class_find(ev, type.class_, name);
        method = method.kind == VALUE_CLASS_METHOD || method.kind == VALUE_STATIC_METHOD
                     ? value_bind(ev, method, value_unbound(), type.class_)
                     : value_unbound();
    }
    if (is_raised(method))
        return method;
    if (method.kind != VALUE_UNBOUND) {
        struct value result = call_values(ev, method, &self, 1);
        return is_unknown(result) ? result : truth_value(ev, value_truth(ev, result));
    }
    return class_->open ? unknown_because(ev, class_->open) : value_bool(false);
}

static struct value builtin_issubclass(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "issubclass", arguments, 2, 2))
        return value_raised();
    if (is_unknown(arguments->items[0]))
        return unknown_operand(ev, arguments->items[0]);
    if (arguments->items[0].kind != VALUE_CLASS)
        return eval_raise(ev, ev->types->type_error, "issubclass() arg 1 must be a class");
    return is_subclass(ev, arguments->items[0].class_, arguments->items[1]);
}

static struct value builtin_callable(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "callable", arguments, 1, 1))
        return value_raised();
    struct value value = arguments->items[0];
    switch (value.kind) {
    case VALUE_UNKNOWN: return unknown_operand(ev, value);
    case VALUE_FUNCTION:
    case VALUE_BOUND:
    case VALUE_NATIVE:
    case VALUE_CLASS:
    case VALUE_STATIC_METHOD: return value_bool(true);
    case VALUE_INSTANCE: {
        struct value method = find_special(ev, value, ev->types->names.call);
        return is_raised(method) || is_unknown(method) ? unknown_operand(ev, method)
                                                       : value_bool(method.kind != VALUE_UNBOUND);
    }
    }
    return value_bool(false);
}

/* Text. */

static struct value builtin_repr(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "repr", arguments, 1, 1) ? value_to_repr(ev, arguments->items[0]) : value_raised();
}

static struct value builtin_ascii(struct eval *ev, const struct arguments *arguments)
{
    struct value text = builtin_repr(ev, arguments);
    return text.kind == VALUE_STR && !text_is_ascii(str_text(text.str))
               ? eval_unknown(ev, "ascii() of letters beyond ASCII")
               : text;
}

static struct value builtin_format(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "format", arguments, 1, 2))
        return value_raised();
    struct str *spec = arguments->count == 2 ? value_string(arguments->items[1]) : eval_intern(ev, TEXT(""));
    if (!spec)
        return is_unknown(arguments->items[1])
                   ? unknown_operand(ev, arguments->items[1])
                   : eval_raise(ev, ev->types->type_error, "format() argument 2 must be str, not %s",
                                type_name(ev, arguments->items[1]));
    return format_value(ev, arguments->items[0], str_text(spec));
}

static struct value str_construct(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"object=", "encoding=", "errors=", NULL};
    struct value given[3];
    if (!arguments_bind(ev, "str", arguments, names, given))
        return value_raised();
    if (given[1].kind != VALUE_UNBOUND || given[2].kind != VALUE_UNBOUND)
        return eval_unknown(ev, "decoding bytes is not followed");
    return given[0].kind == VALUE_UNBOUND ? eval_text(ev, TEXT("")) : value_to_str(ev, given[0]);
}

/* What cannot be followed. */

static struct value builtin_print(struct eval *ev, const struct arguments *arguments)
{
    (void)ev, (void)arguments;
    return value_none();
}

static struct value builtin_id(struct eval *ev, const struct arguments *arguments)
{
    return argument_count(ev, "id", arguments, 1, 1) ? eval_unknown(ev, "id() differs from run to run")
                                                     : value_raised();
}

static struct value builtin_hash(struct eval *ev, const struct arguments *arguments)
{
    struct reason *reason;
    if (!argument_count(ev, "hash", arguments, 1, 1) || !key_check(ev, arguments->items[0], &reason))
        return value_raised();
    return eval_unknown(ev, "a hash differs from run to run");
}

static struct value builtin_dir(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return eval_unknown(ev, "dir() is not followed");
}

static struct value builtin_globals(struct eval *ev, const struct arguments *arguments)
{
    (void)arguments;
    return eval_unknown(ev, "globals() and locals() are not followed");
}

static struct value builtin_code(struct eval *ev, const struct arguments *arguments)
{
    return not_followed(ev, arguments, "code made from text is not followed");
}

static struct value builtin_input(struct eval *ev, const struct arguments *arguments)
{
    return not_followed(ev, arguments, "what is read while running cannot be told");
}

static struct value builtin_bytes(struct eval *ev, const struct arguments *arguments)
{
    return not_followed(ev, arguments, "bytes are not followed");
}

static struct value builtin_complex(struct eval *ev, const struct arguments *arguments)
{
    return not_followed(ev, arguments, "complex numbers are not followed");
}

void builtins_objects_init(struct eval *ev)
{
    static const struct native natives[] = {{"getattr", builtin_getattr, NULL},
                                            {"hasattr", builtin_hasattr, NULL},
                                            {"setattr", builtin_setattr, NULL},
                                            {"delattr", builtin_delattr, NULL},
                                            {"vars", builtin_vars, NULL},
                                            {"isinstance", builtin_isinstance, NULL},
                                            {"issubclass", builtin_issubclass, NULL},
                                            {"callable", builtin_callable, NULL},
                                            {"repr", builtin_repr, NULL},
                                            {"ascii", builtin_ascii, NULL},
                                            {"format", builtin_format, NULL},
                                            {"print", builtin_print, NULL},
                                            {"id", builtin_id, NULL},
                                            {"hash", builtin_hash, NULL},
                                            {"dir", builtin_dir, NULL},
                                            {"globals", builtin_globals, NULL},
                                            {"locals", builtin_globals, NULL},
                                            {"eval", builtin_code, NULL},
                                            {"exec", builtin_code, NULL},
                                            {"compile", builtin_code, NULL},
                                            {"__import__", builtin_code, NULL},
                                            {"open", builtin_input, NULL},
                                            {"input", builtin_input, NULL},
                                            {"breakpoint", builtin_input, NULL},
                                            {"memoryview", builtin_bytes, NULL},
                                            {"bytearray", builtin_bytes, NULL},
                                            {"complex", builtin_complex, NULL},
                                            {NULL, NULL, NULL}};
    builtins_add(ev, natives);
    ev->types->str_->construct = str_construct;
    ev->types->bytes->construct = builtin_bytes;
}

/* Exceptions that only their names are known of. */
#define MORE_EXCEPTIONS(X)                                                                                             \
    X("KeyboardInterrupt", base_exception)                                                                             \
    X("SystemExit", base_exception) X("GeneratorExit", base_exception) X("StopAsyncIteration", exception)              \
        X("EOFError", exception) X("BufferError", exception) X("ReferenceError", exception)                            \
            X("SystemError", exception) X("FloatingPointError", arithmetic_error) X("ConnectionError", os_error)       \
                X("TimeoutError", os_error) X("BlockingIOError", os_error) X("FileExistsError", os_error)              \
                    X("IsADirectoryError", os_error) X("NotADirectoryError", os_error) X("InterruptedError", os_error) \
                        X("ChildProcessError", os_error) X("ProcessLookupError", os_error)                             \
                            X("UnicodeDecodeError", unicode_error) X("UnicodeEncodeError", unicode_error)              \
                                X("UnicodeTranslateError", unicode_error) X("IndentationError", syntax_error)          \
                                    X("PendingDeprecationWarning", warning) X("SyntaxWarning", warning)                \
                                        X("ResourceWarning", warning) X("UnicodeWarning", warning)                     \
                                            X("BytesWarning", warning) X("EncodingWarning", warning)

static void add_class(struct eval *ev, struct class *class_)
{
    dict_set_str(ev, ev->builtins->names, class_->name, value_of(VALUE_CLASS, class_));
}

static void add_name(struct eval *ev, const char *name, struct value value)
{
    dict_set_str(ev, ev->builtins->names, eval_intern(ev, text_from(name)), value);
}

void builtins_init(struct eval *ev)
{
    const struct types *types = ev->types;
    struct namespace *builtins = ARENA_NEW(eval_heap(ev), struct namespace);
    builtins->name = eval_intern(ev, TEXT("builtins"));
    builtins->names = names_new(ev);
    ev->builtins = builtins;
    struct class *const classes[] = {types->object, types->type,     types->int_,          types->bool_,
                                     types->float_, types->str_,     types->list,          types->tuple,
                                     types->dict,   types->set,      types->frozenset,     types->range,
                                     types->slice,  types->property, types->static_method, types->class_method,
                                     types->super,  types->bytes,    types->base_exception};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        add_class(ev, classes[i]);
#define EXCEPTION_ADD(field, name, base) add_class(ev, types->field);
    EXCEPTION_TYPES(EXCEPTION_ADD)
#undef EXCEPTION_ADD
#define EXCEPTION_MAKE(name, base) add_class(ev, builtin_class(ev, name, types->base, LAYOUT_OBJECT, NULL));
    MORE_EXCEPTIONS(EXCEPTION_MAKE)
#undef EXCEPTION_MAKE
    add_name(ev, "IOError", value_of(VALUE_CLASS, types->os_error));
    add_name(ev, "EnvironmentError", value_of(VALUE_CLASS, types->os_error));
    add_name(ev, "NotImplemented", (struct value){.kind = VALUE_NOT_IMPLEMENTED});
    add_name(ev, "Ellipsis", (struct value){.kind = VALUE_ELLIPSIS});
    add_name(ev, "__debug__", value_bool(true));
    builtins_objects_init(ev);
    builtins_numbers_init(ev);
    builtins_iteration_init(ev);
}
