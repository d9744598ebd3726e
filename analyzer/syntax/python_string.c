/*
 * String literals, decoded from the file's bytes.
 *
 * Adjacent literals are one string.  An f-string becomes a list of STRING and FORMAT nodes as in CPython: text between
 * two replacement fields is one STRING, and `{x=}` is the text "x=" before a FORMAT with the conversion 'r'.
 */
#include "syntax/python_internal.h"

struct literal {
    char odd; /* 't': a template string, '`': backquotes; else 0 */
    bool raw, bytes, format;
};

struct joining {
    struct lowering *lowering;
    bool is_spec; /* braces are not doubled in a format spec */
    bool bytes;
    struct text unsupported;  /* "" or what cannot be decoded */
    struct text_builder text; /* decoded, not yet a node */
    uint32_t text_at;
};

static uint32_t lower_format_spec(struct joining *around, uint32_t cst, const struct literal *literal);

/* ---- escapes ---- */

static void add_byte(struct joining *joining, char byte)
{
    text_builder_add(&joining->text, (struct text){&byte, 1});
}

/* UTF-8, also of surrogates: Python strings may hold them. */
static void add_code_point(struct joining *joining, uint32_t code)
{
    if (joining->bytes || code < 0x80) {
        add_byte(joining, (char)(unsigned char)code);
    } else if (code < 0x800) {
        add_byte(joining, (char)(0xC0 | code >> 6));
        add_byte(joining, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        add_byte(joining, (char)(0xE0 | code >> 12));
        add_byte(joining, (char)(0x80 | (code >> 6 & 0x3F)));
        add_byte(joining, (char)(0x80 | (code & 0x3F)));
    } else {
        add_byte(joining, (char)(0xF0 | code >> 18));
        add_byte(joining, (char)(0x80 | (code >> 12 & 0x3F)));
        add_byte(joining, (char)(0x80 | (code >> 6 & 0x3F)));
        add_byte(joining, (char)(0x80 | (code & 0x3F)));
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \xHH, \uHHHH, \UHHHHHHHH: `count` digits from `at`; returns after them. */
static const char *add_hex(struct joining *joining, const char *at, const char *end, int count)
{
    uint32_t code = 0;
    for (int i = 0; i < count; i++) {
        int digit = at < end ? hex_value(*at) : -1;
        if (digit < 0 || code > 0x10FFFF) {
            joining->unsupported = TEXT("a string with a malformed escape");
            return end;
        }
        code = code << 4 | (uint32_t)digit;
        at++;
    }
    if (code > 0x10FFFF)
        joining->unsupported = TEXT("a string with a malformed escape");
    else
        add_code_point(joining, code);
    return at;
}

/* From after a backslash to after the escape. */
static const char *add_escape(struct joining *joining, const char *at, const char *end)
{
    static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
    if (at == end) {
        add_byte(joining, '\\');
        return at;
    }
    char c = *at;
    const char *simple = c ? strchr(from, c) : NULL;
    if (simple) {
        add_byte(joining, to[simple - from]);
        return at + 1;
    }
    if (c == '\n')
        return at + 1;
    if (c == '\r')
        return at + 1 < end && at[1] == '\n' ? at + 2 : at + 1;
    if (c >= '0' && c <= '7') {
        uint32_t code = 0;
        for (int i = 0; i < 3 && at < end && *at >= '0' && *at <= '7'; i++)
            code = code * 8 + (uint32_t)(*at++ - '0');
        add_code_point(joining, joining->bytes ? code & 0xFF : code);
        return at;
    }
    if (c == 'x')
        return add_hex(joining, at + 1, end, 2);
    if (!joining->bytes && (c == 'u' || c == 'U'))
        return add_hex(joining, at + 1, end, c == 'u' ? 4 : 8);
    if (!joining->bytes && c == 'N')
        joining->unsupported = TEXT("a string with a character by name");
    add_byte(joining, '\\'); /* not an escape: both characters stay */
    return at;
}

/* Source text of a literal, decoded.  Line ends become "\n". */
static void add_text(struct joining *joining, struct text text, const struct literal *literal)
{
    const char *at = text.bytes, *end = text.bytes + text.length;
    while (at < end) {
        const char *run = at;
        while (at < end && *at != '\\' && *at != '\r' && *at != '{' && *at != '}')
            at++;
        text_builder_add(&joining->text, (struct text){run, (size_t)(at - run)});
        if (at == end)
            break;
        char c = *at++;
        if (c == '\\' && !literal->raw) {
            at = add_escape(joining, at, end);
        } else if (c == '\r') {
            add_byte(joining, '\n');
            at += at < end && *at == '\n';
        } else {
            add_byte(joining, c);
            if ((c == '{' || c == '}') && literal->format && !joining->is_spec && at < end && *at == c)
                at++;
        }
    }
}

/* ---- f-strings ---- */

static void flush_text(struct joining *joining)
{
    if (!joining->text.length)
        return;
    uint32_t string = python_string(joining->lowering->file, text_builder_text(&joining->text), true);
    lower_push(joining->lowering, lower_node(joining->lowering, AST_STRING, 0, string, 0, 0, joining->text_at));
    joining->text.length = 0;
}

/* `{x:=10}` is x with the format spec "=10"; the grammar takes it for a walrus. */
static void add_walrus_field(struct joining *joining, uint32_t cst, uint32_t named)
{
    struct lowering *lowering = joining->lowering;
    uint32_t at = cst_at(lowering, cst)->start, end = cst_at(lowering, cst)->end - 1;
    uint32_t name = cst_first_part(lowering, named);
    const char *bytes = lowering->file->source.bytes.bytes;
    flush_text(joining);
    uint32_t value = lower_expression(lowering, name);
    uint32_t colon = cst_at(lowering, name)->end;
    while (colon < end && bytes[colon] != ':')
        colon++;
    struct text spec = {bytes + colon + 1, colon < end ? end - colon - 1 : 0};
    if (memchr(spec.bytes, '{', spec.length) || memchr(spec.bytes, '\\', spec.length))
        joining->unsupported = TEXT("an f-string with such a format spec");
    uint32_t string = python_string(lowering->file, spec, false);
    size_t start = lower_list_start(lowering);
    lower_push(lowering, lower_node(lowering, AST_STRING, 0, string, 0, 0, colon + 1));
    uint32_t format = lower_node(lowering, AST_FSTRING, 0, lower_list(lowering, start), 0, 0, colon);
    lower_push(lowering, lower_node(lowering, AST_FORMAT, 0, value, format, 0, at));
}

/* {expression = ! conversion : spec} */
static void add_field(struct joining *joining, uint32_t cst, const struct literal *literal)
{
    struct lowering *lowering = joining->lowering;
    uint32_t debug = cst_child(lowering, cst, CST_EQUALS);
    uint32_t conversion = cst_child(lowering, cst, CST_TYPE_CONVERSION);
    uint32_t spec = cst_child(lowering, cst, CST_FORMAT_SPECIFIER);
    uint32_t first = cst_first_part(lowering, cst);
    uint32_t op = 0;
    if (first && cst_symbol(lowering, first) == CST_NAMED_EXPRESSION) {
        add_walrus_field(joining, cst, first);
        return;
    }
    if (debug) {
        uint32_t stop = conversion ? conversion : spec;
        uint32_t start = cst_at(lowering, cst)->start + 1;
        uint32_t end = stop ? cst_at(lowering, stop)->start : cst_at(lowering, cst)->end - 1;
        const char *bytes = lowering->file->source.bytes.bytes;
        text_builder_add(&joining->text, (struct text){bytes + start, end - start});
        op = spec ? 0 : 'r';
    }
    flush_text(joining);
    if (conversion) {
        struct text text = cst_text(lowering, conversion);
        op = (unsigned char)text.bytes[text.length - 1];
        if (op != 'r' && op != 's' && op != 'a')
            lower_fail(lowering, TEXT("a syntax error: a conversion that is not known"),
                       cst_at(lowering, conversion)->start);
    }
    uint32_t value = 0, format = 0;
    if (first && first != conversion && first != spec)
        value = lower_expression(lowering, first);
    else
        lower_fail(lowering, TEXT("a syntax error: an f-string without an expression"), cst_at(lowering, cst)->start);
    if (spec)
        format = lower_format_spec(joining, spec, literal);
    lower_push(lowering, lower_node(lowering, AST_FORMAT, op, value, format, 0, cst_at(lowering, cst)->start));
}

/* Text and replacement fields between two places, of which the fields are children of `cst`. */
static void add_parts(struct joining *joining, uint32_t cst, uint32_t start, uint32_t end,
                      const struct literal *literal)
{
    struct lowering *lowering = joining->lowering;
    const char *bytes = lowering->file->source.bytes.bytes;
    for (uint32_t child = cst_first_part(lowering, cst); child; child = cst_next_part(lowering, cst, child)) {
        enum cst_symbol symbol = cst_symbol(lowering, child);
        if (symbol != CST_INTERPOLATION && symbol != CST_FORMAT_EXPRESSION)
            continue;
        const struct cst_node *field = cst_at(lowering, child);
        add_text(joining, (struct text){bytes + start, field->start - start}, literal);
        start = field->end;
        add_field(joining, child, literal);
        joining->text_at = start;
    }
    add_text(joining, (struct text){bytes + start, end - start}, literal);
}

/* A format spec is an FSTRING of its own. */
static uint32_t lower_format_spec(struct joining *around, uint32_t cst, const struct literal *literal)
{
    struct lowering *lowering = around->lowering;
    uint32_t at = cst_at(lowering, cst)->start;
    if (!lower_deeper(lowering, at))
        return 0;
    struct joining joining = {.lowering = lowering, .is_spec = true, .unsupported = TEXT(""), .text_at = at + 1};
    size_t start = lower_list_start(lowering);
    add_parts(&joining, cst, at + 1, cst_at(lowering, cst)->end, literal);
    flush_text(&joining);
    text_builder_free(&joining.text);
    if (joining.unsupported.length)
        around->unsupported = joining.unsupported;
    lower_shallower(lowering);
    return lower_node(lowering, AST_FSTRING, 0, lower_list(lowering, start), 0, 0, at);
}

/* ---- literals ---- */

/* The prefix and quotes of a STRING; *start and *end are its content. */
static struct literal literal_of(const struct lowering *lowering, uint32_t cst, uint32_t *start, uint32_t *end)
{
    struct literal literal = {0};
    uint32_t open = cst_child(lowering, cst, CST_STRING_START);
    uint32_t close = cst_child(lowering, cst, CST_STRING_END);
    *start = *end = cst_at(lowering, cst)->end;
    if (!open || !close)
        return literal;
    *start = cst_at(lowering, open)->end;
    *end = cst_at(lowering, close)->end;
    struct text prefix = cst_text(lowering, open);
    for (size_t i = 0; i < prefix.length; i++) {
        char c = prefix.bytes[i];
        *end -= c == '"' || c == '\''; /* the token that closes r"\"" starts at the backslash */
        literal.raw |= c == 'r' || c == 'R';
        literal.bytes |= c == 'b' || c == 'B';
        literal.format |= c == 'f' || c == 'F';
        if (c == 't' || c == 'T')
            literal.odd = 't'; /* a template string */
        else if (c == '`')
            literal.odd = c;
    }
    return literal;
}

/* A literal without escapes is its own text. */
static bool is_plain(struct text text)
{
    return !memchr(text.bytes, '\\', text.length) && !memchr(text.bytes, '\r', text.length);
}

uint32_t lower_strings(struct lowering *lowering, uint32_t cst)
{
    bool is_joined = cst_symbol(lowering, cst) == CST_CONCATENATED_STRING;
    uint32_t at = cst_at(lowering, cst)->start;
    uint32_t start, end;
    struct joining joining = {.lowering = lowering, .unsupported = TEXT(""), .text_at = at};
    bool has_format = false, has_bytes = false, has_text = false;
    size_t list_start = lower_list_start(lowering);
    for (uint32_t child = is_joined ? cst_first_part(lowering, cst) : cst; child;
         child = is_joined ? cst_next_part(lowering, cst, child) : 0) {
        struct literal literal = literal_of(lowering, child, &start, &end);
        struct text text = {lowering->file->source.bytes.bytes + start, end - start};
        if (literal.odd)
            joining.unsupported = literal.odd == 't' ? TEXT("a template string") : TEXT("a string in backquotes");
        has_format |= literal.format;
        has_bytes |= literal.bytes;
        has_text |= !literal.bytes;
        if (!is_joined && !literal.format && (literal.raw ? !memchr(text.bytes, '\r', text.length) : is_plain(text)) &&
            !joining.unsupported.length)
            return lower_node(lowering, literal.bytes ? AST_BYTES : AST_STRING, 0,
                              python_string(lowering->file, text, false), 0, 0, at);
        joining.bytes = literal.bytes;
        add_parts(&joining, child, start, end, &literal);
    }
    if (has_bytes && has_text)
        lower_fail(lowering, TEXT("a syntax error: bytes and text side by side"), at);
    uint32_t node;
    if (has_format) {
        flush_text(&joining);
        node = lower_node(lowering, AST_FSTRING, 0, lower_list(lowering, list_start), 0, 0, at);
    } else {
        uint32_t string = python_string(lowering->file, text_builder_text(&joining.text), true);
        node = lower_node(lowering, has_bytes ? AST_BYTES : AST_STRING, 0, string, 0, 0, at);
    }
    lowering->parser->scratch_count = list_start;
    text_builder_free(&joining.text);
    return joining.unsupported.length ? lower_unsupported(lowering, joining.unsupported, at) : node;
}
