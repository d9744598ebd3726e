/* Builtin functions on numbers, and int, float and bool. */
#include <math.h>
#include <stdio.h>

#include "eval/values.h"

static struct value int_construct(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"x=", "base=", NULL};
    struct value given[2];
    if (!arguments_bind(ev, "int", arguments, names, given))
        return value_raised();
    if (given[0].kind == VALUE_UNBOUND)
        return given[1].kind == VALUE_UNBOUND ? value_int(0)
                                              : eval_raise(ev, ev->types->type_error, "int() missing string argument");
    if (given[1].kind == VALUE_UNBOUND)
        return integer_from(ev, given[0]);
    struct str *text = value_string(given[0]);
    int64_t base;
    struct value outcome;
    if (is_unknown(given[0]))
        return unknown_operand(ev, given[0]);
    int found = value_index(ev, given[1], &base, &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, given[1]));
    if (!text)
        return eval_raise(ev, ev->types->type_error, "int() can't convert non-string with explicit base");
    return parse_integer(ev, str_text(text), base);
}

static struct value float_construct(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "float", arguments, 0, 1))
        return value_raised();
    return arguments->count ? float_from(ev, arguments->items[0]) : value_float(0.0);
}

static struct value bool_construct(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "bool", arguments, 0, 1))
        return value_raised();
    if (!arguments->count)
        return value_bool(false);
    if (is_unknown(arguments->items[0]))
        return unknown_operand(ev, arguments->items[0]);
    return truth_about(ev, value_truth(ev, arguments->items[0]), arguments->items[0], value_none());
}

static struct value builtin_abs(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "abs", arguments, 1, 1))
        return value_raised();
    struct value value = arguments->items[0];
    if (is_unknown(value))
        return unknown_operand(ev, value);
    struct value result = call_special(ev, value, "__abs__", NULL, 0);
    if (result.kind != VALUE_UNBOUND)
        return result;
    struct value plain = payload_of(value);
    if (plain.kind == VALUE_TENSOR)
        return eval_unknown(ev, "the value of a tensor");
    if (!is_number(plain))
        return eval_raise(ev, ev->types->type_error, "bad operand type for abs(): '%s'", type_name(ev, value));
    if (plain.kind == VALUE_FLOAT)
        return value_float(fabs(plain.real));
    int64_t integer = plain.kind == VALUE_BOOL ? plain.truth : plain.integer;
    return integer < 0 ? number_unary(ev, OP_NEGATE, value_int(integer)) : value_int(integer);
}

static struct value builtin_round(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"number", "ndigits=", NULL};
    struct value given[2];
    if (!arguments_bind(ev, "round", arguments, names, given))
        return value_raised();
    return round_value(ev, given[0], given[1]);
}

static struct value builtin_pow(struct eval *ev, const struct arguments *arguments)
{
    static const char *const names[] = {"base", "exp", "mod=", NULL};
    struct value given[3];
    int64_t base, exponent, modulus;
    if (!arguments_bind(ev, "pow", arguments, names, given))
        return value_raised();
    if (given[2].kind == VALUE_UNBOUND || given[2].kind == VALUE_NONE)
        return binary(ev, OP_POWER, given[0], given[1]);
    for (int i = 0; i < 3; i++)
        if (is_unknown(given[i]))
            return unknown_operand(ev, given[i]);
    if (!value_integer(given[0], &base) || !value_integer(given[1], &exponent) || !value_integer(given[2], &modulus))
        return eval_raise(ev, ev->types->type_error,
                          "pow() 3rd argument not allowed unless all arguments are integers");
    return integer_power_modulo(ev, base, exponent, modulus);
}

static struct value builtin_divmod(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "divmod", arguments, 2, 2))
        return value_raised();
    struct value left = payload_of(arguments->items[0]), right = payload_of(arguments->items[1]);
    if (is_number(left) && is_number(right)) {
        bool zero = number_real(right) == 0.0;
        if (zero && (left.kind == VALUE_FLOAT || right.kind == VALUE_FLOAT))
            return eval_raise(ev, ev->types->zero_division_error, "float divmod()");
        if (zero)
            return eval_raise(ev, ev->types->zero_division_error, "integer division or modulo by zero");
    } else if (!is_unknown(left) && !is_unknown(right) && left.kind != VALUE_INSTANCE && right.kind != VALUE_INSTANCE &&
               left.kind != VALUE_TENSOR && right.kind != VALUE_TENSOR) {
        return eval_raise(ev, ev->types->type_error, "unsupported operand type(s) for divmod(): '%s' and '%s'",
                          type_name(ev, arguments->items[0]), type_name(ev, arguments->items[1]));
    }
    struct value both[2] = {binary(ev, OP_FLOOR_DIVIDE, left, right), value_none()};
    if (is_raised(both[0]))
        return both[0];
    both[1] = binary(ev, OP_MODULO, left, right);
    return is_raised(both[1]) ? both[1] : tuple_of(ev, both, 2);
}

static struct value in_base(struct eval *ev, const char *function, const struct arguments *arguments,
                            const char *prefix, int bits)
{
    int64_t integer;
    struct value outcome;
    if (!argument_count(ev, function, arguments, 1, 1))
        return value_raised();
    int found = value_index(ev, arguments->items[0], &integer, &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, arguments->items[0]));
    char digits[72];
    size_t at = sizeof digits;
    uint64_t size = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    digits[--at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[size & (((uint64_t)1 << bits) - 1)];
        size >>= bits;
    } while (size);
    return eval_format(ev, "%s%s%s", integer < 0 ? "-" : "", prefix, digits + at);
}

static struct value builtin_bin(struct eval *ev, const struct arguments *arguments)
{
    return in_base(ev, "bin", arguments, "0b", 1);
}
static struct value builtin_oct(struct eval *ev, const struct arguments *arguments)
{
    return in_base(ev, "oct", arguments, "0o", 3);
}
static struct value builtin_hex(struct eval *ev, const struct arguments *arguments)
{
    return in_base(ev, "hex", arguments, "0x", 4);
}

static struct value builtin_ord(struct eval *ev, const struct arguments *arguments)
{
    if (!argument_count(ev, "ord", arguments, 1, 1))
        return value_raised();
    struct str *text = value_string(arguments->items[0]);
    if (is_unknown(arguments->items[0]))
        return unknown_operand(ev, arguments->items[0]);
    if (!text)
        return eval_raise(ev, ev->types->type_error, "ord() expected string of length 1, but %s found",
                          type_name(ev, arguments->items[0]));
    size_t length = text_characters(str_text(text));
    uint32_t code;
    if (length != 1)
        return eval_raise(ev, ev->types->type_error, "ord() expected a character, but string of length %zu found",
                          length);
    return utf8_decode(text->bytes, text->length, &code) ? value_int(code) : eval_unknown(ev, "a lone surrogate");
}

static struct value builtin_chr(struct eval *ev, const struct arguments *arguments)
{
    int64_t code;
    struct value outcome;
    if (!argument_count(ev, "chr", arguments, 1, 1))
        return value_raised();
    int found = value_index(ev, arguments->items[0], &code, &outcome);
    if (found < 0)
        return outcome;
    if (found == 0)
        return eval_raise(ev, ev->types->type_error, "'%s' object cannot be interpreted as an integer",
                          type_name(ev, arguments->items[0]));
    if (code < 0 || code > 0x10FFFF)
        return eval_raise(ev, ev->types->value_error, "chr() arg not in range(0x110000)");
    if (code >= 0xD800 && code < 0xE000)
        return eval_unknown(ev, "a lone surrogate");
    char bytes[4];
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (length == 1) {
        bytes[0] = (char)code;
    } else {
        for (size_t i = length; i-- > 1; code >>= 6)
            bytes[i] = (char)(0x80 | (code & 0x3F));
        bytes[0] = (char)((length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0) | code);
    }
    return eval_text(ev, (struct text){bytes, length});
}

/* Methods of int and float. */

static struct value float_is_integer(struct eval *ev, const struct arguments *arguments)
{
    struct value self = arguments->count ? payload_of(arguments->items[0]) : value_none();
    if (self.kind != VALUE_FLOAT)
        return eval_raise(ev, ev->types->type_error, "descriptor 'is_integer' requires a 'float' object");
    return value_bool(isfinite(self.real) && floor(self.real) == self.real);
}

static struct value int_bit_length(struct eval *ev, const struct arguments *arguments)
{
    int64_t integer, bits = 0;
    if (!arguments->count || !value_integer(arguments->items[0], &integer))
        return eval_raise(ev, ev->types->type_error, "descriptor 'bit_length' requires a 'int' object");
    for (uint64_t size = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer; size; size >>= 1)
        bits++;
    return value_int(bits);
}

static struct value number_itself(struct eval *ev, const struct arguments *arguments)
{
    struct value self = arguments->count ? payload_of(arguments->items[0]) : value_none();
    if (!is_number(self))
        return eval_raise(ev, ev->types->type_error, "descriptor requires a number");
    return self.kind == VALUE_BOOL ? value_int(self.truth) : self;
}

static struct value number_imaginary(struct eval *ev, const struct arguments *arguments)
{
    struct value self = number_itself(ev, arguments);
    return self.kind == VALUE_FLOAT ? value_float(0.0) : self.kind == VALUE_INT ? value_int(0) : self;
}

static struct value number_one(struct eval *ev, const struct arguments *arguments)
{
    (void)ev, (void)arguments;
    return value_int(1);
}

static struct value number_unfollowed(struct eval *ev, const struct arguments *arguments)
{
    return not_followed(ev, arguments, "a method of a number that is not followed");
}

void builtins_numbers_init(struct eval *ev)
{
    static const struct native natives[] = {{"abs", builtin_abs, NULL}, {"round", builtin_round, NULL},
                                            {"pow", builtin_pow, NULL}, {"divmod", builtin_divmod, NULL},
                                            {"bin", builtin_bin, NULL}, {"oct", builtin_oct, NULL},
                                            {"hex", builtin_hex, NULL}, {"ord", builtin_ord, NULL},
                                            {"chr", builtin_chr, NULL}, {NULL, NULL, NULL}};
    static const struct native float_natives[] = {{"is_integer", float_is_integer, NULL},
                                                  {"conjugate", number_itself, NULL},
                                                  {"hex", number_unfollowed, NULL},
                                                  {"as_integer_ratio", number_unfollowed, NULL},
                                                  {NULL, NULL, NULL}};
    static const struct native int_natives[] = {{"bit_length", int_bit_length, NULL},
                                                {"conjugate", number_itself, NULL},
                                                {"to_bytes", number_unfollowed, NULL},
                                                {"as_integer_ratio", number_unfollowed, NULL},
                                                {NULL, NULL, NULL}};
    static const struct native real = {"real", number_itself, NULL}, imaginary = {"imag", number_imaginary, NULL},
                               one = {"denominator", number_one, NULL};
    builtins_add(ev, natives);
    struct class *const classes[] = {ev->types->int_, ev->types->float_};
    for (size_t i = 0; i < 2; i++) {
        dict_set_str(ev, classes[i]->attributes, eval_intern(ev, TEXT("real")), native_property(ev, &real, NULL));
        dict_set_str(ev, classes[i]->attributes, eval_intern(ev, TEXT("imag")), native_property(ev, &imaginary, NULL));
    }
    dict_set_str(ev, ev->types->int_->attributes, eval_intern(ev, TEXT("numerator")), native_property(ev, &real, NULL));
    dict_set_str(ev, ev->types->int_->attributes, eval_intern(ev, TEXT("denominator")),
                 native_property(ev, &one, NULL));
    class_add_natives(ev, ev->types->float_, float_natives);
    class_add_natives(ev, ev->types->int_, int_natives);
    ev->types->int_->construct = int_construct;
    ev->types->bool_->construct = bool_construct;
    ev->types->float_->construct = float_construct;
}
