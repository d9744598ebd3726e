/* str.format: fields, their conversions and nested specs. */
#include "eval/values.h"

/* A number of digits only; false when it is not one. */
static bool all_digits(struct text text, int64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
        if (*number < (int64_t)1 << 40)
            *number = *number * 10 + (text.bytes[i] - '0');
    }
    return text.length > 0;
}

struct formatter {
    struct eval *ev;
    const struct arguments *arguments;
    struct text_builder builder;
    struct value outcome; /* NONE, Unknown, RAISED */
    uint32_t next;
    bool automatic, manual;
};

static struct value value_error(struct formatter *formatter, const char *words)
{
    return eval_raise(formatter->ev, formatter->ev->types->value_error, "%s", words);
}

/* The argument that the first part of a field names. */
static struct value field_argument(struct formatter *formatter, struct text name)
{
    struct eval *ev = formatter->ev;
    int64_t number;
    bool numbered = all_digits(name, &number);
    if (name.length == 0) {
        if (formatter->manual)
            return value_error(formatter, "cannot switch from manual field specification to automatic field numbering");
        formatter->automatic = numbered = true;
        number = formatter->next++;
    } else if (numbered) {
        if (formatter->automatic)
            return value_error(formatter, "cannot switch from automatic field numbering to manual field specification");
        formatter->manual = true;
    }
    if (numbered) {
        if (number >= formatter->arguments->count)
            return eval_raise(ev, ev->types->index_error,
                              "Replacement index %lld out of range for positional args tuple", (long long)number);
        return formatter->arguments->items[number];
    }
    for (uint32_t i = 0; i < formatter->arguments->named_count; i++)
        if (text_equal(str_text(formatter->arguments->names[i]), name))
            return formatter->arguments->named[i];
    return raise_value_of(ev, ev->types->key_error, eval_text(ev, name));
}

/* `name.attribute[item]` */
static struct value field_value(struct formatter *formatter, struct text field)
{
    struct eval *ev = formatter->ev;
    size_t at = 0;
    while (at < field.length && field.bytes[at] != '.' && field.bytes[at] != '[')
        at++;
    struct value value = field_argument(formatter, (struct text){field.bytes, at});
    while (at < field.length && !is_raised(value) && !is_unknown(value)) {
        size_t first = at + 1;
        if (field.bytes[at] == '.') {
            for (at = first; at < field.length && field.bytes[at] != '.' && field.bytes[at] != '[';)
                at++;
            if (at == first)
                return value_error(formatter, "Empty attribute in format string");
            value = get_attribute(ev, value, eval_intern(ev, (struct text){field.bytes + first, at - first}));
            continue;
        }
        if (field.bytes[at] != '[')
            return value_error(formatter, "Only '.' or '[' may follow ']' in format field specifier");
        for (at = first; at < field.length && field.bytes[at] != ']';)
            at++;
        if (at == field.length)
            return value_error(formatter, "Missing ']' in format string");
        struct text item = {field.bytes + first, at - first};
        int64_t number;
        bool numbered = all_digits(item, &number);
        if (item.length == 0)
            return value_error(formatter, "Empty attribute in format string");
        value = get_item(ev, value, numbered ? value_int(number) : eval_text(ev, item));
        at++;
    }
    return value;
}

static bool format_parts(struct formatter *formatter, struct text format, int depth);

static bool keep_outcome(struct formatter *formatter, struct value outcome)
{
    if (is_raised(outcome) || !is_unknown(formatter->outcome))
        formatter->outcome = outcome;
    return !is_raised(outcome);
}

/* One field as it stands between its braces. */
struct field {
    struct text name, spec;
    char conversion; /* r, s, a or 0 */
    bool nested;     /* the spec holds fields itself */
};

/* Reads a field from behind its `{`; moves *at behind its `}`. */
static bool parse_field(struct formatter *formatter, struct text format, size_t *at, struct field *field)
{
    size_t first = *at;
    char c = 0;
    *field = (struct field){0};
    while (*at < format.length) {
        c = format.bytes[(*at)++];
        if (c == '{')
            return keep_outcome(formatter, value_error(formatter, "unexpected '{' in field name")) && false;
        if (c == '[')
            while (*at < format.length && format.bytes[*at] != ']')
                (*at)++;
        if (c == '}' || c == ':' || c == '!')
            break;
    }
    if (c != '}' && c != ':' && c != '!')
        return keep_outcome(formatter, value_error(formatter, "expected '}' before end of string")) && false;
    field->name = (struct text){format.bytes + first, *at - 1 - first};
    if (c == '}')
        return true;
    if (c == '!') {
        if (*at >= format.length)
            return keep_outcome(formatter,
                                value_error(formatter, "end of string while looking for conversion specifier")) &&
                   false;
        field->conversion = format.bytes[(*at)++];
        if (*at < format.length) {
            c = format.bytes[(*at)++];
            if (c == '}')
                return true;
            if (c != ':')
                return keep_outcome(formatter, value_error(formatter, "expected ':' after conversion specifier")) &&
                       false;
        }
    }
    first = *at;
    for (int open = 1; *at < format.length;) {
        c = format.bytes[(*at)++];
        field->nested |= c == '{';
        open += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (open == 0) {
            field->spec = (struct text){format.bytes + first, *at - 1 - first};
            return true;
        }
    }
    return keep_outcome(formatter, value_error(formatter, "unmatched '{' in format spec")) && false;
}

static struct value converted(struct formatter *formatter, struct value value, char conversion)
{
    struct eval *ev = formatter->ev;
    if (!conversion || is_raised(value))
        return value;
    if (conversion == 's')
        return value_to_str(ev, value);
    if (conversion != 'r' && conversion != 'a')
        return eval_raise(ev, ev->types->value_error, "Unknown conversion specifier %c", conversion);
    value = value_to_repr(ev, value);
    if (conversion == 'a' && value.kind == VALUE_STR && !text_is_ascii(str_text(value.str)))
        return eval_unknown(ev, "ascii() of letters beyond ASCII");
    return value;
}

/* The spec with its own fields filled in; false: raised. */
static bool nested_spec(struct formatter *formatter, struct text *spec, int depth)
{
    if (depth == 0)
        return keep_outcome(formatter, value_error(formatter, "Max string recursion exceeded")) && false;
    struct text_builder outer = formatter->builder;
    formatter->builder = (struct text_builder){0};
    bool fine = format_parts(formatter, *spec, depth - 1);
    struct value made = eval_text(formatter->ev, text_builder_text(&formatter->builder));
    text_builder_free(&formatter->builder);
    formatter->builder = outer;
    if (made.kind == VALUE_STR)
        *spec = str_text(made.str);
    return fine;
}

static bool format_field(struct formatter *formatter, const struct field *field, int depth)
{
    struct eval *ev = formatter->ev;
    struct value value = converted(formatter, field_value(formatter, field->name), field->conversion);
    if (is_raised(value))
        return keep_outcome(formatter, value);
    struct text spec = field->spec;
    if (field->nested && !nested_spec(formatter, &spec, depth))
        return false;
    struct value text = format_value(ev, value, spec);
    if (is_raised(text) || is_unknown(text))
        return keep_outcome(formatter, text);
    struct str *bytes = value_string(text);
    if (!bytes)
        return keep_outcome(formatter, eval_raise(ev, ev->types->type_error, "__format__ must return a str, not %s",
                                                  type_name(ev, text)));
    text_builder_add(&formatter->builder, str_text(bytes));
    if (formatter->builder.length > LIMIT_STRING_BYTES) {
        keep_outcome(formatter, eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES));
        return false;
    }
    return true;
}

static bool format_parts(struct formatter *formatter, struct text format, int depth)
{
    for (size_t at = 0; at < format.length;) {
        char c = format.bytes[at];
        bool doubled = at + 1 < format.length && format.bytes[at + 1] == c;
        if (c != '{' && c != '}') {
            size_t first = at;
            while (at < format.length && format.bytes[at] != '{' && format.bytes[at] != '}')
                at++;
            text_builder_add(&formatter->builder, (struct text){format.bytes + first, at - first});
            continue;
        }
        if (doubled) {
            text_builder_add(&formatter->builder, (struct text){&c, 1});
            at += 2;
            continue;
        }
        if (c == '}')
            return keep_outcome(formatter, value_error(formatter, "Single '}' encountered in format string"));
        if (++at == format.length)
            return keep_outcome(formatter, value_error(formatter, "Single '{' encountered in format string"));
        struct field field;
        if (!work(formatter->ev, 1)) {
            formatter->outcome = value_raised();
            return false;
        }
        if (!parse_field(formatter, format, &at, &field) || !format_field(formatter, &field, depth))
            return false;
    }
    return true;
}

struct value str_format_call(struct eval *ev, struct text format, const struct arguments *arguments)
{
    struct formatter formatter = {.ev = ev, .arguments = arguments, .outcome = value_none()};
    if (!work_bytes(ev, format.length))
        return value_raised();
    format_parts(&formatter, format, 1);
    struct value value = formatter.outcome;
    if (value.kind == VALUE_NONE)
        value = eval_text(ev, text_builder_text(&formatter.builder));
    text_builder_free(&formatter.builder);
    return value;
}
