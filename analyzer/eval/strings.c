/* str() and repr() of every kind of value. */
#include <stdio.h>

#include "eval/values.h"

/* Control characters and what is no UTF-8 are escaped; other characters beyond ASCII are taken to be printable. */
void add_repr_of_text(struct text_builder *builder, struct text text)
{
    bool single = text.length && memchr(text.bytes, '\'', text.length);
    bool both = single && memchr(text.bytes, '"', text.length);
    char quote = single && !both ? '"' : '\'';
    text_builder_add(builder, (struct text){&quote, 1});
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        int size = utf8_decode(text.bytes + at, text.length - at, &code);
        unsigned char byte = (unsigned char)text.bytes[at];
        if (size == 0)
            text_builder_addf(builder, "\\udc%02x", byte);
        else if (code == '\n')
            text_builder_add(builder, TEXT("\\n"));
        else if (code == '\r')
            text_builder_add(builder, TEXT("\\r"));
        else if (code == '\t')
            text_builder_add(builder, TEXT("\\t"));
        else if (code == '\\')
            text_builder_add(builder, TEXT("\\\\"));
        else if (code == (unsigned char)quote)
            text_builder_addf(builder, "\\%c", quote);
        else if (code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0xAD)
            text_builder_addf(builder, "\\x%02x", code);
        else if ((code >= 0x2000 && code <= 0x200F) || (code >= 0x2028 && code <= 0x202F) ||
                 (code >= 0x205F && code <= 0x206F) || code == 0xFEFF || code == 0x3000 || code == 0x1680 ||
                 (code >= 0xE000 && code <= 0xF8FF))
            text_builder_addf(builder, "\\u%04x", code);
        else
            text_builder_add(builder, (struct text){text.bytes + at, (size_t)size});
        at += size > 0 ? (size_t)size : 1;
    }
    text_builder_add(builder, (struct text){&quote, 1});
}

struct writer {
    struct eval *ev;
    struct text_builder builder;
    struct value outcome; /* NONE, or what hinders: Unknown, RAISED */
    const void *inside[32];
    uint32_t depth;
};

static void write_repr(struct writer *writer, struct value value);

static bool write_fine(struct writer *writer)
{
    if (is_raised(writer->outcome))
        return false;
    if (writer->builder.length > LIMIT_STRING_BYTES) {
        if (!is_unknown(writer->outcome))
            writer->outcome = eval_unknown(writer->ev, "a string over %u bytes", LIMIT_STRING_BYTES);
        return false;
    }
    return true;
}

static void write_outcome(struct writer *writer, struct value outcome)
{
    if (is_raised(outcome) || !is_unknown(writer->outcome))
        writer->outcome = outcome;
}

static void write_items(struct writer *writer, const struct list *list)
{
    if (list->open)
        write_outcome(writer, unknown_because(writer->ev, list->open));
    for (uint32_t i = 0; i < list->count && write_fine(writer); i++) {
        if (i)
            text_builder_add(&writer->builder, TEXT(", "));
        write_repr(writer, list->items[i]);
    }
}

static void write_entries(struct writer *writer, const struct dict *dict, bool values)
{
    if (dict->open)
        write_outcome(writer, unknown_because(writer->ev, dict->open));
    struct dict_entry *entry;
    bool first = true;
    for (uint32_t i = 0; write_fine(writer) && (entry = dict_next(dict, &i));) {
        if (!first)
            text_builder_add(&writer->builder, TEXT(", "));
        first = false;
        struct value value = entry->value;
        write_repr(writer, entry->key);
        if (values) {
            text_builder_add(&writer->builder, TEXT(": "));
            write_repr(writer, value);
        }
    }
}

/* A container: writes `...` for one that it stands in itself. */
static void write_container(struct writer *writer, struct value value)
{
    struct text_builder *builder = &writer->builder;
    bool list = value.kind == VALUE_LIST, tuple = value.kind == VALUE_TUPLE, dict = value.kind == VALUE_DICT;
    for (uint32_t i = 0; i < writer->depth && i < 32; i++) {
        if (writer->inside[i] == value.pointer) {
            text_builder_add(builder, list    ? TEXT("[...]")
                                      : tuple ? TEXT("(...)")
                                      : dict  ? TEXT("{...}")
                                              : TEXT("set(...)"));
            return;
        }
    }
    if (writer->depth == 32) {
        write_outcome(writer, eval_unknown(writer->ev, "a value nested too deeply to be written out"));
        return;
    }
    writer->inside[writer->depth++] = value.pointer;
    if (list || tuple) {
        text_builder_add(builder, list ? TEXT("[") : TEXT("("));
        write_items(writer, value.list);
        text_builder_add(builder, list ? TEXT("]") : value.list->count == 1 ? TEXT(",)") : TEXT(")"));
    } else if (dict) {
        text_builder_add(builder, TEXT("{"));
        write_entries(writer, value.dict, true);
        text_builder_add(builder, TEXT("}"));
    } else {
        bool frozen = value.dict->frozen, empty = value.dict->count == 0;
        text_builder_add(builder, frozen ? TEXT("frozenset(") : empty ? TEXT("set(") : TEXT(""));
        if (!empty) {
            text_builder_add(builder, TEXT("{"));
            write_entries(writer, value.dict, false);
            text_builder_add(builder, TEXT("}"));
        } else if (value.dict->open) {
            write_outcome(writer, unknown_because(writer->ev, value.dict->open));
        }
        text_builder_add(builder, frozen || empty ? TEXT(")") : TEXT(""));
    }
    writer->depth--;
}

static void write_class(struct text_builder *builder, const struct class *class_)
{
    bool shown = class_->module && strcmp(class_->module->bytes, "builtins") != 0;
    text_builder_addf(builder, "<class '%s%s%s'>", shown ? class_->module->bytes : "", shown ? "." : "",
                      class_->qualname->bytes);
}

static bool is_of_object(struct eval *ev, struct value method, struct str *name)
{
    struct value of_object = dict_get_str(ev->types->object->attributes, name);
    return method.kind == VALUE_NATIVE && of_object.kind == VALUE_NATIVE && method.native == of_object.native;
}

/* The text that a method of the value gives; false: there is none but object's. */
static bool write_by_method(struct writer *writer, struct value value, struct str *name)
{
    struct eval *ev = writer->ev;
    struct class *class_ = value_class(ev, value);
    struct value method = class_find(ev, class_, name);
    if (method.kind == VALUE_UNBOUND || is_of_object(ev, method, name))
        return false;
    struct value result =
        is_raised(method) || is_unknown(method) ? method : call_special(ev, value, name->bytes, NULL, 0);
    struct str *text = value_string(result);
    if (text)
        text_builder_add(&writer->builder, str_text(text));
    else if (is_raised(result) || is_unknown(result))
        write_outcome(writer, unknown_operand(ev, result));
    else
        write_outcome(writer, eval_raise(ev, ev->types->type_error, "%s returned non-string (type %s)", name->bytes,
                                         type_name(ev, result)));
    return true;
}

static void write_exception(struct writer *writer, const struct instance *exception)
{
    text_builder_addf(&writer->builder, "%s(", exception->class_->name->bytes);
    if (exception->payload.kind == VALUE_TUPLE)
        write_items(writer, exception->payload.list);
    text_builder_add(&writer->builder, TEXT(")"));
}

/* As object.__repr__ and its like write it, whatever Python code says. */
static void write_plain(struct writer *writer, struct value value)
{
    struct eval *ev = writer->ev;
    const struct instance *instance = value.kind == VALUE_INSTANCE ? value.instance : NULL;
    struct value payload = payload_of(value);
    if (instance && instance->class_->open) {
        write_outcome(writer, unknown_because(ev, instance->class_->open));
    } else if (instance && instance->class_->is_exception) {
        write_exception(writer, instance);
    } else if (payload.kind ==
               VALUE_SET) { /* subclasses of set are written with their name; those of list and dict are not */
        text_builder_addf(&writer->builder, "%s(", type_name(ev, value));
        if (payload.dict->count) {
            text_builder_add(&writer->builder, TEXT("{"));
            write_entries(writer, payload.dict, false);
            text_builder_add(&writer->builder, TEXT("}"));
        }
        text_builder_add(&writer->builder, TEXT(")"));
    } else if (payload.kind != VALUE_INSTANCE && payload.kind != VALUE_TENSOR) {
        write_repr(writer, payload);
    } else {
        write_outcome(writer, eval_unknown(ev, "the repr of an object holds its address"));
    }
}

static void write_instance(struct writer *writer, struct value value)
{
    if (!write_by_method(writer, value, writer->ev->types->names.repr))
        write_plain(writer, value);
}

static void write_kind(struct writer *writer, struct value value)
{
    struct text_builder *builder = &writer->builder;
    char number[32];
    switch ((enum value_kind)value.kind) {
    case VALUE_NONE: text_builder_add(builder, TEXT("None")); return;
    case VALUE_BOOL: text_builder_add(builder, value.truth ? TEXT("True") : TEXT("False")); return;
    case VALUE_INT: text_builder_addf(builder, "%lld", (long long)value.integer); return;
    case VALUE_FLOAT:
        float_repr(value.real, number);
        text_builder_add(builder, text_from(number));
        return;
    case VALUE_STR: add_repr_of_text(builder, str_text(value.str)); return;
    case VALUE_ELLIPSIS: text_builder_add(builder, TEXT("Ellipsis")); return;
    case VALUE_NOT_IMPLEMENTED: text_builder_add(builder, TEXT("NotImplemented")); return;
    case VALUE_TUPLE:
    case VALUE_LIST:
    case VALUE_DICT:
    case VALUE_SET: write_container(writer, value); return;
    case VALUE_RANGE:
        text_builder_addf(builder, "range(%lld, %lld", (long long)value.range->start, (long long)value.range->stop);
        if (value.range->step != 1)
            text_builder_addf(builder, ", %lld", (long long)value.range->step);
        text_builder_add(builder, TEXT(")"));
        return;
    case VALUE_SLICE:
        text_builder_add(builder, TEXT("slice("));
        write_repr(writer, value.slice->start);
        text_builder_add(builder, TEXT(", "));
        write_repr(writer, value.slice->stop);
        text_builder_add(builder, TEXT(", "));
        write_repr(writer, value.slice->step);
        text_builder_add(builder, TEXT(")"));
        return;
    case VALUE_CLASS: {
        struct value method =
            value.class_->meta ? meta_method(writer->ev, value.class_, writer->ev->types->names.repr) : value_unbound();
        if (method.kind == VALUE_UNBOUND ||
            (method.kind == VALUE_BOUND && method.bound->function.kind == VALUE_NATIVE)) {
            write_class(builder, value.class_);
            return;
        }
        struct value text = is_raised(method) || is_unknown(method) ? method : call_values(writer->ev, method, NULL, 0);
        if (text.kind == VALUE_STR)
            text_builder_add(builder, str_text(text.str));
        else
            write_outcome(writer, unknown_operand(writer->ev, text));
        return;
    }
    case VALUE_NATIVE: text_builder_addf(builder, "<built-in function %s>", value.native->name); return;
    case VALUE_INSTANCE:
    case VALUE_TENSOR: write_instance(writer, value); return;
    case VALUE_RAISED: write_outcome(writer, value); return;
    case VALUE_UNKNOWN: write_outcome(writer, unknown_operand(writer->ev, value)); return;
    case VALUE_UNBOUND:
    case VALUE_ITERATOR:
    case VALUE_FUNCTION:
    case VALUE_BOUND:
    case VALUE_PROPERTY:
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
    case VALUE_SUPER:
    case VALUE_NAMESPACE:
    case VALUE_LAZY: break;
    }
    write_outcome(writer, eval_unknown(writer->ev, "the repr of a %s holds its address", type_name(writer->ev, value)));
}

static void write_repr(struct writer *writer, struct value value)
{
    if (!enter(writer->ev))
        writer->outcome = value_raised();
    else
        write_kind(writer, value);
    leave(writer->ev);
}

static struct value writer_end(struct writer *writer)
{
    write_fine(writer);
    struct value value = writer->outcome;
    if (value.kind == VALUE_NONE)
        value = work_bytes(writer->ev, writer->builder.length)
                    ? eval_text(writer->ev, text_builder_text(&writer->builder))
                    : value_raised();
    text_builder_free(&writer->builder);
    return value;
}

struct value value_to_repr(struct eval *ev, struct value value)
{
    if (is_raised(value) || is_unknown(value))
        return unknown_operand(ev, value);
    struct writer writer = {.ev = ev, .outcome = value_none()};
    write_repr(&writer, value);
    return writer_end(&writer);
}

static void write_exception_text(struct writer *writer, const struct instance *exception)
{
    const struct list *args = exception->payload.list;
    if (args->count > 1)
        write_repr(writer, exception->payload);
    if (args->count != 1)
        return;
    bool quoted = class_is_subclass(exception->class_, writer->ev->types->key_error);
    struct value text = quoted ? value_to_repr(writer->ev, args->items[0]) : value_to_str(writer->ev, args->items[0]);
    struct str *bytes = value_string(text);
    if (bytes)
        text_builder_add(&writer->builder, str_text(bytes));
    else
        write_outcome(writer, text);
}

/* str() without what a __str__ of Python code says. */
static void write_plain_text(struct writer *writer, struct value value)
{
    struct value payload = payload_of(value);
    if (value.kind == VALUE_INSTANCE && value.instance->class_->is_exception &&
        value.instance->payload.kind == VALUE_TUPLE)
        write_exception_text(writer, value.instance);
    else if (payload.kind == VALUE_STR)
        text_builder_add(&writer->builder, str_text(payload.str));
    else
        write_repr(writer, value);
}

struct value value_to_str(struct eval *ev, struct value value)
{
    if (value.kind == VALUE_STR)
        return value;
    if (is_raised(value) || is_unknown(value))
        return unknown_operand(ev, value);
    if (value.kind != VALUE_INSTANCE && value.kind != VALUE_TENSOR)
        return value_to_repr(ev, value);
    struct writer writer = {.ev = ev, .outcome = value_none()};
    if (!enter(ev))
        writer.outcome = value_raised();
    else if (!write_by_method(&writer, value, ev->types->names.str_))
        write_plain_text(&writer, value);
    leave(ev);
    return writer_end(&writer);
}

struct value plain_repr(struct eval *ev, struct value value)
{
    if (value.kind != VALUE_INSTANCE && value.kind != VALUE_TENSOR)
        return value_to_repr(ev, value);
    struct writer writer = {.ev = ev, .outcome = value_none()};
    if (!enter(ev))
        writer.outcome = value_raised();
    else
        write_plain(&writer, value);
    leave(ev);
    return writer_end(&writer);
}

struct value plain_str(struct eval *ev, struct value value)
{
    if (is_raised(value) || is_unknown(value))
        return unknown_operand(ev, value);
    if (value.kind != VALUE_INSTANCE && value.kind != VALUE_TENSOR)
        return value_to_str(ev, value);
    struct writer writer = {.ev = ev, .outcome = value_none()};
    if (!enter(ev))
        writer.outcome = value_raised();
    else
        write_plain_text(&writer, value);
    leave(ev);
    return writer_end(&writer);
}
