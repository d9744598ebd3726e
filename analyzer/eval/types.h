/*
 * The builtin classes, and a few interned names that the evaluator itself asks for.
 */
#ifndef EVAL_TYPES_H
#define EVAL_TYPES_H

#include "eval/eval.h"

#define EXCEPTION_TYPES(X)                                                                                             \
    X(exception, "Exception", base_exception)                                                                          \
    X(arithmetic_error, "ArithmeticError", exception)                                                                  \
    X(zero_division_error, "ZeroDivisionError", arithmetic_error)                                                      \
    X(overflow_error, "OverflowError", arithmetic_error)                                                               \
    X(assertion_error, "AssertionError", exception)                                                                    \
    X(attribute_error, "AttributeError", exception)                                                                    \
    X(import_error, "ImportError", exception)                                                                          \
    X(module_not_found_error, "ModuleNotFoundError", import_error)                                                     \
    X(lookup_error, "LookupError", exception)                                                                          \
    X(index_error, "IndexError", lookup_error)                                                                         \
    X(key_error, "KeyError", lookup_error)                                                                             \
    X(name_error, "NameError", exception)                                                                              \
    X(unbound_local_error, "UnboundLocalError", name_error)                                                            \
    X(os_error, "OSError", exception)                                                                                  \
    X(file_not_found_error, "FileNotFoundError", os_error)                                                             \
    X(permission_error, "PermissionError", os_error)                                                                   \
    X(runtime_error, "RuntimeError", exception)                                                                        \
    X(not_implemented_error, "NotImplementedError", runtime_error)                                                     \
    X(recursion_error, "RecursionError", runtime_error)                                                                \
    X(stop_iteration, "StopIteration", exception)                                                                      \
    X(type_error, "TypeError", exception)                                                                              \
    X(value_error, "ValueError", exception)                                                                            \
    X(unicode_error, "UnicodeError", value_error)                                                                      \
    X(memory_error, "MemoryError", exception)                                                                          \
    X(syntax_error, "SyntaxError", exception)                                                                          \
    X(warning, "Warning", exception)                                                                                   \
    X(user_warning, "UserWarning", warning)                                                                            \
    X(deprecation_warning, "DeprecationWarning", warning)                                                              \
    X(future_warning, "FutureWarning", warning)                                                                        \
    X(runtime_warning, "RuntimeWarning", warning)                                                                      \
    X(import_warning, "ImportWarning", warning)

#define WELL_KNOWN_NAMES(X)                                                                                            \
    X(init, "__init__") X(new_, "__new__") X(call, "__call__") X(getattr, "__getattr__") X(setattr, "__setattr__")     \
    X(delattr, "__delattr__") X(getattribute, "__getattribute__") X(get, "__get__") X(set, "__set__")                  \
    X(set_name, "__set_name__") X(init_subclass, "__init_subclass__") X(class_getitem, "__class_getitem__")            \
    X(dict, "__dict__") X(class_, "__class__") X(name, "__name__") X(qualname, "__qualname__")                         \
    X(module, "__module__") X(doc, "__doc__") X(mro, "__mro__") X(bases, "__bases__") X(all, "__all__")                \
    X(annotations, "__annotations__") X(defaults, "__defaults__") X(wrapped, "__wrapped__") X(len, "__len__")          \
    X(bool_, "__bool__") X(getitem, "__getitem__") X(setitem, "__setitem__") X(delitem, "__delitem__")                 \
    X(contains, "__contains__") X(iter, "__iter__") X(next, "__next__") X(enter, "__enter__") X(exit, "__exit__")      \
    X(eq, "__eq__") X(ne, "__ne__") X(hash, "__hash__") X(str_, "__str__") X(repr, "__repr__") X(missing, "__missing__")                \
    X(parameters_, "_parameters") X(buffers_, "_buffers") X(modules_, "_modules") X(self_, "self") X(func, "__func__")  \
    X(file, "__file__") X(path, "__path__") X(package, "__package__") X(builtins, "__builtins__") X(super_, "super")    \
    X(code, "__code__") X(args, "args") X(forward_never_called, "forward_never_called") X(version, "__version__")       \
    X(getitem_, "__getitem__") X(index, "__index__") X(type_checking, "TYPE_CHECKING") X(instancecheck, "__instancecheck__") X(key, "key") X(self_attr, "__self__")

struct types {
    struct class *object, *type, *none, *bool_, *int_, *float_, *str_, *list, *tuple, *dict, *set, *frozenset, *range, *slice,
        *iterator, *property, *static_method, *class_method, *function, *method, *native, *super, *module, *ellipsis,
        *not_implemented, *base_exception, *bytes;
#define TYPE_FIELD(field, name, base) struct class *field;
    EXCEPTION_TYPES(TYPE_FIELD)
#undef TYPE_FIELD
    struct class *dict_views[3]; /* dict_keys, dict_values, dict_items */
    struct class *tensor, *parameter, *buffer, *nn_module; /* torch/ fills these in; NULL before */
    struct {
#define NAME_FIELD(field, text) struct str *field;
        WELL_KNOWN_NAMES(NAME_FIELD)
#undef NAME_FIELD
    } names;
};

void types_init(struct eval *ev);

struct class *builtin_class(struct eval *ev, const char *name, struct class *base, enum class_layout layout, native_call construct);
/* Adds native functions: a table ended by a row without a name. */
struct value object_getattribute(struct eval *ev, const struct arguments *arguments);
void class_add_natives(struct eval *ev, struct class *class_, const struct native *natives);
void dict_add_natives(struct eval *ev, struct dict *dict, const struct native *natives);

/* What `from __native__ import NAME` and builtins find; torch/ adds its own. */
void builtins_init(struct eval *ev);          /* builtins.c: print, len, getattr, ... */
void native_module_add(struct eval *ev, const char *name, struct value value);
void str_methods_init(struct eval *ev);
void container_methods_init(struct eval *ev); /* list, tuple, dict, set, range, iterator */
void object_methods_init(struct eval *ev);    /* object, type, exceptions, property */
void native_support_init(struct eval *ev);    /* __native__: math, deepcopy, ... */

#endif
