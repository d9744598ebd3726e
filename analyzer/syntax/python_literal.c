#include "syntax/python_internal.h"

#include <stdlib.h>

/* Longer numbers are not supported.  CPython itself refuses to print more than 4300 digits; making decimal digits from
 * another base takes quadratic time. */
#define MOST_DECIMAL_DIGITS 4300
#define MOST_OTHER_DIGITS 128

/* The literal without underscores, NUL-terminated, in parser->text. */
static struct text plain_digits(struct lowering *lowering, uint32_t cst)
{
    struct python_parser *parser = lowering->parser;
    struct text text = cst_text(lowering, cst);
    while (parser->text_capacity < text.length + 1)
        parser->text = array_grow(parser->text, parser->text_capacity, &parser->text_capacity, 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] != '_')
            parser->text[length++] = text.bytes[i];
    parser->text[length] = 0;
    return (struct text){parser->text, length};
}

static unsigned digit_value(char digit)
{
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)((digit | 0x20) - 'a' + 10);
}

/* Decimal digits of a number in another base. */
static uint32_t big_integer(struct lowering *lowering, struct text digits, unsigned base, uint32_t at)
{
    if (digits.length > (base == 10 ? MOST_DECIMAL_DIGITS : MOST_OTHER_DIGITS))
        return lower_unsupported(lowering, TEXT("a number with too many digits"), at);
    uint32_t string;
    if (base == 10) {
        string = python_string(lowering->file, digits, true);
    } else {
        unsigned char decimal[MOST_OTHER_DIGITS * 2] = {0}; /* the lowest first; a hexadecimal digit needs 1.21 */
        size_t count = 1;
        for (size_t i = 0; i < digits.length; i++) {
            unsigned carry = digit_value(digits.bytes[i]);
            for (size_t j = 0; j < count || carry; j++) {
                unsigned value = decimal[j] * base + carry;
                decimal[j] = (unsigned char)(value % 10);
                carry = value / 10;
                count = j >= count ? j + 1 : count;
            }
        }
        char text[MOST_OTHER_DIGITS * 2];
        for (size_t i = 0; i < count; i++)
            text[i] = (char)('0' + decimal[count - 1 - i]);
        string = python_string(lowering->file, (struct text){text, count}, true);
    }
    return lower_node(lowering, AST_BIG_INT, 0, string, 0, 0, at);
}

uint32_t lower_integer(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    struct text text = plain_digits(lowering, cst);
    char last = text.bytes[text.length - 1];
    unsigned base = 10;
    if (text.length > 2 && text.bytes[0] == '0') {
        char letter = (char)(text.bytes[1] | 0x20);
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
        if (base != 10)
            text = (struct text){text.bytes + 2, text.length - 2};
    }
    if (base == 10 && (last == 'j' || last == 'J'))
        return lower_unsupported(lowering, TEXT("a complex number"), at);
    if (last == 'l' || last == 'L') {
        lower_fail(lowering, TEXT("a syntax error: a number of Python 2"), at);
        return 0;
    }
    while (text.length > 1 && text.bytes[0] == '0') {
        if (base == 10 && last != '0') {
            lower_fail(lowering, TEXT("a syntax error: a number of Python 2"), at); /* 0777 */
            return 0;
        }
        text = (struct text){text.bytes + 1, text.length - 1};
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned digit = digit_value(text.bytes[i]);
        if (digit >= base || value > ((uint64_t)INT64_MAX - digit) / base)
            return big_integer(lowering, text, base, at);
        value = value * base + digit;
    }
    return lower_node(lowering, AST_INT, 0, (uint32_t)value, (uint32_t)(value >> 32), 0, at);
}

uint32_t lower_float(struct lowering *lowering, uint32_t cst)
{
    uint32_t at = cst_at(lowering, cst)->start;
    struct text text = plain_digits(lowering, cst);
    struct ast *ast = &lowering->file->ast;
    char last = text.bytes[text.length - 1];
    if (last == 'j' || last == 'J')
        return lower_unsupported(lowering, TEXT("a complex number"), at);
    if (ast->float_count == ast->float_capacity)
        ast->floats = array_grow(ast->floats, ast->float_count, &ast->float_capacity, sizeof *ast->floats);
    ast->floats[ast->float_count] = strtod(text.bytes, NULL);
    return lower_node(lowering, AST_FLOAT, 0, (uint32_t)ast->float_count++, 0, 0, at);
}
