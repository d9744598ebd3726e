/* `format % arguments` of a str. */
#include <stdio.h>

#include "eval/values.h"

struct percent {
    struct eval *ev;
    struct text format;
    size_t at;
    struct value arguments;
    uint32_t next;
    bool used_mapping;
    struct text_builder builder;
    struct value outcome; /* NONE, Unknown, RAISED */
};

struct conversion {
    bool left, sign, space, alternate, zero;
    int64_t width, precision; /* precision -1: none */
    char type;
};

/* strchr() would find the end of the set for a NUL in the text. */
static bool one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static bool fail(struct percent *percent, struct value outcome)
{
    percent->outcome = outcome;
    return false;
}

static bool type_error(struct percent *percent, const char *words)
{
    return fail(percent, eval_raise(percent->ev, percent->ev->types->type_error, "%s", words));
}

static struct value next_argument(struct percent *percent)
{
    struct eval *ev = percent->ev;
    struct list *items = percent->arguments.kind == VALUE_TUPLE ? percent->arguments.list : NULL;
    if (items && items->open)
        return unknown_because(ev, items->open);
    if (items ? percent->next >= items->count : percent->next >= 1)
        return eval_raise(ev, ev->types->type_error, "not enough arguments for format string");
    percent->next++;
    return items ? items->items[percent->next - 1] : percent->arguments;
}

/* A number, or `*`: the next argument.  -1: outcome is set. */
static int64_t percent_number(struct percent *percent)
{
    if (percent->at < percent->format.length && percent->format.bytes[percent->at] == '*') {
        percent->at++;
        struct value value = next_argument(percent);
        int64_t number;
        if (is_raised(value) || is_unknown(value))
            return fail(percent, value) ? 0 : -1;
        if (!value_integer(value, &number))
            return type_error(percent, "* wants int") ? 0 : -1;
        if (number < 0 || number > (int64_t)LIMIT_STRING_BYTES)
            return fail(percent, eval_unknown(percent->ev, "a width that is not followed")) ? 0 : -1;
        return number;
    }
    int64_t number = 0;
    while (percent->at < percent->format.length && percent->format.bytes[percent->at] >= '0' &&
           percent->format.bytes[percent->at] <= '9') {
        number = number * 10 + (percent->format.bytes[percent->at++] - '0');
        if (number > (int64_t)LIMIT_STRING_BYTES)
            return fail(percent, eval_unknown(percent->ev, "a string over %u bytes", LIMIT_STRING_BYTES)) ? 0 : -1;
    }
    return number;
}

/* Text made by format(value, spec) with a spec of the same meaning. */
static bool add_number(struct percent *percent, struct value value, const struct conversion *conversion)
{
    struct eval *ev = percent->ev;
    bool real = one_of(conversion->type, "eEfFgG");
    struct value plain = payload_of(value);
    if (is_unknown(plain) || plain.kind == VALUE_TENSOR)
        return fail(percent,
                    is_unknown(plain) ? unknown_operand(ev, plain) : eval_unknown(ev, "the value of a tensor"));
    if (!is_number(plain)) {
        if (real)
            return fail(percent,
                        eval_raise(ev, ev->types->type_error, "must be real number, not %s", type_name(ev, value)));
        return fail(percent,
                    eval_raise(ev, ev->types->type_error, "%%%c format: %s is required, not %s", conversion->type,
                               one_of(conversion->type, "diu") ? "a real number" : "an integer", type_name(ev, value)));
    }
    if (!real && plain.kind == VALUE_FLOAT) {
        if (!one_of(conversion->type, "diu"))
            return fail(percent, eval_raise(ev, ev->types->type_error, "%%%c format: an integer is required, not float",
                                            conversion->type));
        plain = integer_from_real(ev, plain.real);
        if (plain.kind != VALUE_INT)
            return fail(percent, plain);
    }
    char spec[96];
    char type = real ? conversion->type : one_of(conversion->type, "diu") ? 'd' : conversion->type;
    if (!real && conversion->precision >= 0 && conversion->precision > 20)
        return fail(percent, eval_unknown(ev, "a precision that is not followed"));
    char precision[32] = "";
    if (real)
        snprintf(precision, sizeof precision, ".%lld",
                 (long long)(conversion->precision < 0 ? 6 : conversion->precision));
    struct value text;
    if (!real && conversion->precision > 0) {
        /* the precision of an integer is its least number of digits */
        int64_t integer = plain.kind == VALUE_BOOL ? plain.truth : plain.integer;
        const char *prefix = type != 'd' && conversion->alternate ? (type == 'o'   ? "0o"
                                                                     : type == 'X' ? "0X"
                                                                                   : "0x")
                                                                  : "";
        uint64_t size = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
        char number[80];
        const char *sign = integer < 0 ? "-" : conversion->sign ? "+" : conversion->space ? " " : "";
        int places = (int)conversion->precision;
        if (type == 'd')
            snprintf(number, sizeof number, "%s%0*llu", sign, places, (unsigned long long)size);
        else if (type == 'o')
            snprintf(number, sizeof number, "%s%s%0*llo", sign, prefix, places, (unsigned long long)size);
        else if (type == 'X')
            snprintf(number, sizeof number, "%s%s%0*llX", sign, prefix, places, (unsigned long long)size);
        else
            snprintf(number, sizeof number, "%s%s%0*llx", sign, prefix, places, (unsigned long long)size);
        snprintf(spec, sizeof spec, "%c%lld", conversion->left ? '<' : '>', (long long)conversion->width);
        text = format_value(ev, eval_text(ev, text_from(number)), text_from(spec));
    } else {
        bool zero = conversion->zero && !conversion->left;
        snprintf(spec, sizeof spec, "%s%s%s%s%lld%s%c",
                 conversion->left ? "<"
                 : zero           ? ""
                                  : ">",
                 conversion->sign    ? "+"
                 : conversion->space ? " "
                                     : "",
                 conversion->alternate ? "#" : "", zero ? "0" : "", (long long)conversion->width, precision, type);
        if (conversion->width == 0) /* "0" alone would be read as the flag */
            snprintf(spec, sizeof spec, "%s%s%s%c",
                     conversion->sign    ? "+"
                     : conversion->space ? " "
                                         : "",
                     conversion->alternate ? "#" : "", precision, type);
        text = format_value(ev, plain, text_from(spec));
    }
    if (text.kind != VALUE_STR)
        return fail(percent, text);
    text_builder_add(&percent->builder, str_text(text.str));
    return true;
}

static bool add_text(struct percent *percent, struct value value, const struct conversion *conversion)
{
    struct eval *ev = percent->ev;
    struct value text = value;
    if (conversion->type == 'c') {
        struct str *str = value_string(value);
        int64_t code;
        if (str && text_characters(str_text(str)) != 1)
            return type_error(percent, "%c requires int or char");
        if (!str && !value_integer(value, &code))
            return is_unknown(value) ? fail(percent, value) : type_error(percent, "%c requires int or char");
        if (!str)
            text = code > 0 && code < 128 ? eval_format(ev, "%c", (char)code)
                                          : eval_unknown(ev, "a character from a number");
    } else {
        text = conversion->type == 's' ? value_to_str(ev, value) : value_to_repr(ev, value);
    }
    struct str *str = value_string(text);
    if (!str)
        return fail(percent, text);
    struct text bytes = str_text(str);
    if (conversion->precision >= 0 && (uint64_t)conversion->precision < text_characters(bytes))
        bytes.length = text_offset(bytes, (size_t)conversion->precision);
    int64_t missing = conversion->width - (int64_t)text_characters(bytes);
    for (int64_t i = 0; !conversion->left && i < missing; i++)
        text_builder_add(&percent->builder, TEXT(" "));
    text_builder_add(&percent->builder, bytes);
    for (int64_t i = 0; conversion->left && i < missing; i++)
        text_builder_add(&percent->builder, TEXT(" "));
    return true;
}

/* `(name)` */
static bool mapping_key(struct percent *percent, struct value *value)
{
    struct eval *ev = percent->ev;
    size_t first = ++percent->at;
    int nested = 1;
    for (; percent->at < percent->format.length && nested; percent->at++)
        nested += percent->format.bytes[percent->at] == '(' ? 1 : percent->format.bytes[percent->at] == ')' ? -1 : 0;
    if (nested)
        return fail(percent, eval_raise(ev, ev->types->value_error, "incomplete format key"));
    if (percent->arguments.kind == VALUE_TUPLE || percent->arguments.kind == VALUE_STR ||
        is_number(percent->arguments) || percent->arguments.kind == VALUE_NONE)
        return type_error(percent, "format requires a mapping");
    percent->used_mapping = true;
    *value = get_item(ev, percent->arguments,
                      eval_text(ev, (struct text){percent->format.bytes + first, percent->at - 1 - first}));
    return is_raised(*value) ? fail(percent, *value) : true;
}

static bool add_conversion(struct percent *percent)
{
    struct eval *ev = percent->ev;
    struct conversion conversion = {.precision = -1};
    struct value value = value_unbound();
    struct text format = percent->format;
    if (percent->at < format.length && format.bytes[percent->at] == '(' && !mapping_key(percent, &value))
        return false;
    for (; percent->at < format.length && one_of(format.bytes[percent->at], "-+ #0"); percent->at++) {
        char flag = format.bytes[percent->at];
        conversion.left |= flag == '-';
        conversion.sign |= flag == '+';
        conversion.space |= flag == ' ';
        conversion.alternate |= flag == '#';
        conversion.zero |= flag == '0';
    }
    if ((conversion.width = percent_number(percent)) < 0)
        return false;
    if (percent->at < format.length && format.bytes[percent->at] == '.') {
        percent->at++;
        if ((conversion.precision = percent_number(percent)) < 0)
            return false;
    }
    while (percent->at < format.length && one_of(format.bytes[percent->at], "lhL"))
        percent->at++;
    if (percent->at >= format.length)
        return fail(percent, eval_raise(ev, ev->types->value_error, "incomplete format"));
    conversion.type = format.bytes[percent->at++];
    if (conversion.type == '%') {
        text_builder_add(&percent->builder, TEXT("%"));
        return true;
    }
    if (!one_of(conversion.type, "diouxXeEfFgGcrsa"))
        return fail(percent,
                    eval_raise(ev, ev->types->value_error, "unsupported format character '%c' (0x%x) at index %zu",
                               conversion.type, (unsigned)conversion.type, percent->at - 1));
    if (value.kind == VALUE_UNBOUND)
        value = next_argument(percent);
    if (is_raised(value))
        return fail(percent, value);
    if (is_unknown(value))
        return fail(percent, unknown_operand(ev, value));
    return one_of(conversion.type, "crsa") ? add_text(percent, value, &conversion)
                                           : add_number(percent, value, &conversion);
}

/* What has [] by any key may be left unused; a str, a number and the like may not. */
static bool is_mapping(struct eval *ev, struct value value)
{
    if (value.kind == VALUE_INSTANCE) {
        struct value method = find_special(ev, value, ev->types->names.getitem);
        return method.kind != VALUE_UNBOUND ||
               (payload_of(value).kind != VALUE_INSTANCE && is_mapping(ev, payload_of(value)));
    }
    return value.kind == VALUE_DICT || value.kind == VALUE_LIST || value.kind == VALUE_RANGE ||
           value.kind == VALUE_TENSOR;
}

struct value percent_format(struct eval *ev, struct str *format, struct value arguments)
{
    struct percent percent = {.ev = ev, .format = str_text(format), .arguments = arguments, .outcome = value_none()};
    bool fine = work_bytes(ev, format->length);
    if (!fine)
        percent.outcome = value_raised();
    while (fine && percent.at < percent.format.length) {
        size_t first = percent.at;
        while (percent.at < percent.format.length && percent.format.bytes[percent.at] != '%')
            percent.at++;
        text_builder_add(&percent.builder, (struct text){percent.format.bytes + first, percent.at - first});
        if (percent.at == percent.format.length)
            break;
        percent.at++;
        fine = work(ev, 1) && add_conversion(&percent);
        if (!fine && percent.outcome.kind == VALUE_NONE)
            percent.outcome = value_raised();
        if (percent.builder.length > LIMIT_STRING_BYTES) {
            percent.outcome = eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
            fine = false;
        }
    }
    uint32_t given = arguments.kind == VALUE_TUPLE ? arguments.list->count : is_mapping(ev, arguments) ? 0 : 1;
    if (fine && !percent.used_mapping && percent.next < given)
        percent.outcome = eval_raise(ev, ev->types->type_error, "not all arguments converted during string formatting");
    struct value value = percent.outcome;
    if (value.kind == VALUE_NONE)
        value = eval_text(ev, text_builder_text(&percent.builder));
    text_builder_free(&percent.builder);
    return value;
}
