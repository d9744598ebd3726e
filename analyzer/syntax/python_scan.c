#include "syntax/python_scan.h"

#include "base/limits.h"
#include "syntax/python_marks.h"

/* CPython stops at 150 f-strings inside f-strings. */
#define FORMAT_LEVELS 100

enum byte_class { BORING, QUOTE, OPEN, CLOSE, HASH, LINE_FEED, CARRIAGE_RETURN, BACKSLASH, SEMICOLON };

static const uint8_t byte_classes[256] = {
    ['"'] = QUOTE, ['\''] = QUOTE, ['('] = OPEN, ['['] = OPEN,       ['{'] = OPEN,             [')'] = CLOSE,
    [']'] = CLOSE, ['}'] = CLOSE,  ['#'] = HASH, ['\n'] = LINE_FEED, ['\r'] = CARRIAGE_RETURN, ['\\'] = BACKSLASH,
    [';'] = SEMICOLON,
};

struct scanner scanner_on(const char *text, uint32_t end)
{
    /* A block that no byte is in. */
    return (struct scanner){
        .text = text, .end = end, .semicolon = SCAN_NOWHERE, .trouble = TEXT(""), .block = UINT32_MAX - MARK_BLOCK + 1};
}

static void load_marks(struct scanner *scanner, uint32_t at)
{
    scanner->block = at;
    if (scanner->end - at >= MARK_BLOCK) {
        scanner->marks = marks_of_block(scanner->text + at);
        return;
    }
    char rest[MARK_BLOCK] = {0};
    memcpy(rest, scanner->text + at, scanner->end - at);
    scanner->marks = marks_of_block(rest);
}

/* The first byte at or after `at` that has a class, or a few others; `end` when there is none. */
static inline uint32_t next_mark(struct scanner *scanner, uint32_t at)
{
    while (at < scanner->end) {
        if (at - scanner->block >= MARK_BLOCK)
            load_marks(scanner, at);
        uint64_t left = scanner->marks >> (at - scanner->block);
        if (left) {
            at += lowest_mark(left);
            return at < scanner->end ? at : scanner->end;
        }
        at = scanner->block + MARK_BLOCK;
    }
    return scanner->end;
}

static void trouble(struct scanner *scanner, struct text words, uint32_t at)
{
    if (scanner->trouble.length)
        return;
    scanner->trouble = words;
    scanner->trouble_at = at;
}

static bool is_word(char byte)
{
    unsigned char c = (unsigned char)byte;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
}

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

/* Past one line end ("\n", "\r\n", "\r"). */
static uint32_t over_line_end(const struct scanner *scanner, uint32_t at)
{
    if (scanner->text[at] == '\r' && at + 1 < scanner->end && scanner->text[at + 1] == '\n')
        return at + 2;
    return at + 1;
}

/* Past the spaces at `at`. */
static uint32_t over_spaces(const struct scanner *scanner, uint32_t at)
{
    uint64_t word;
    while (scanner->end - at >= sizeof word) {
        memcpy(&word, scanner->text + at, sizeof word);
        if (word != 0x2020202020202020u)
            break;
        at += sizeof word;
    }
    while (at < scanner->end && scanner->text[at] == ' ')
        at++;
    return at;
}

/* Past a backslash and what it hides. */
static uint32_t over_escape(const struct scanner *scanner, uint32_t at)
{
    at++;
    return at < scanner->end ? over_line_end(scanner, at) : at;
}

static uint32_t over_comment(const struct scanner *scanner, uint32_t at)
{
    const char *from = scanner->text + at;
    const char *end = memchr(from, '\n', scanner->end - at);
    size_t length = end ? (size_t)(end - from) : scanner->end - at;
    const char *lone = memchr(from, '\r', length);
    return at + (uint32_t)(lone ? (size_t)(lone - from) : length);
}

/* ---- strings ---- */

/* What stands before the quote at `at`: the prefix of a string literal is a whole word of one or two of these letters. */
static void string_prefix(const struct scanner *scanner, uint32_t at, bool *is_format, bool *is_raw)
{
    uint32_t length = 0;
    *is_format = *is_raw = false;
    while (length < 3 && length < at && is_word(scanner->text[at - length - 1]))
        length++;
    if (length > 2)
        return;
    bool format = false, raw = false;
    for (uint32_t i = 1; i <= length; i++) {
        switch (scanner->text[at - i]) {
        case 'f':
        case 'F':
        case 't':
        case 'T': format = true; break;
        case 'r':
        case 'R': raw = true; break;
        case 'b':
        case 'B':
        case 'u':
        case 'U': break;
        default: return;
        }
    }
    *is_format = format;
    *is_raw = raw;
}

static bool is_triple(const struct scanner *scanner, uint32_t at)
{
    const char *text = scanner->text + at;
    return scanner->end - at >= 3 && text[1] == text[0] && text[2] == text[0];
}

static uint32_t scan_triple(struct scanner *scanner, uint32_t start)
{
    char quote = scanner->text[start];
    uint32_t at = start + 3;
    while (at < scanner->end) {
        const char *found = memchr(scanner->text + at, quote, scanner->end - at);
        if (!found)
            break;
        uint32_t place = (uint32_t)(found - scanner->text);
        uint32_t back = place;
        while (back > at && scanner->text[back - 1] == '\\')
            back--;
        if ((place - back) % 2 == 0 && is_triple(scanner, place))
            return place + 3;
        at = place + 1;
    }
    trouble(scanner, TEXT("a string that is not closed"), start);
    return scanner->end;
}

static uint32_t scan_single(struct scanner *scanner, uint32_t start)
{
    char quote = scanner->text[start];
    uint32_t at = next_mark(scanner, start + 1);
    while (at < scanner->end) {
        char byte = scanner->text[at];
        if (byte == quote)
            return at + 1;
        if (is_line_end(byte))
            break;
        at = next_mark(scanner, byte == '\\' ? over_escape(scanner, at) : at + 1);
    }
    trouble(scanner, TEXT("a string that is not closed"), start);
    return at < scanner->end ? at : scanner->end;
}

struct format_string {
    char quote;
    bool triple, raw;
    unsigned level;
};

static uint32_t scan_literal(struct scanner *scanner, uint32_t at, unsigned level);
static uint32_t scan_field(struct scanner *scanner, uint32_t at, struct format_string string);

static bool format_ends(const struct scanner *scanner, uint32_t at, const struct format_string *string)
{
    char byte = scanner->text[at];
    if (string->triple)
        return byte == string->quote && is_triple(scanner, at);
    return byte == string->quote || is_line_end(byte);
}

/* The format spec of a replacement field, from after its colon to after the field's `}`. */
static uint32_t scan_spec(struct scanner *scanner, uint32_t at, struct format_string string)
{
    while (at < scanner->end && !format_ends(scanner, at, &string)) {
        char byte = scanner->text[at];
        if (byte == '}')
            return at + 1;
        at = byte == '{' ? scan_field(scanner, at + 1, string) : byte == '\\' ? over_escape(scanner, at) : at + 1;
    }
    return at;
}

/* A replacement field, from after its `{` to after its `}`.  Its expression is ordinary code, quotes of the string
 * around included (Python 3.12). */
static uint32_t scan_field(struct scanner *scanner, uint32_t at, struct format_string string)
{
    uint32_t depth = 0;
    uint32_t start = at;
    if (++string.level > FORMAT_LEVELS) {
        trouble(scanner, TEXT("f-strings nested too deeply"), at);
        return scanner->end;
    }
    while (at < scanner->end) {
        char byte = scanner->text[at];
        switch (byte_classes[(unsigned char)byte]) {
        case QUOTE: at = scan_literal(scanner, at, string.level); continue;
        case HASH: at = over_comment(scanner, at); continue;
        case OPEN:
            if (++depth > scanner->deepest) {
                scanner->deepest = depth;
                scanner->deepest_at = at;
            }
            break;
        case CLOSE:
            if (depth == 0)
                return at + 1;
            depth--;
            break;
        default:
            if (byte == ':' && depth == 0)
                return scan_spec(scanner, at + 1, string);
            break;
        }
        at++;
    }
    trouble(scanner, TEXT("an f-string that is not closed"), start);
    return scanner->end;
}

static uint32_t scan_format(struct scanner *scanner, uint32_t start, struct format_string string)
{
    uint32_t at = start + (string.triple ? 3 : 1);
    while (at < scanner->end) {
        const char *text = scanner->text + at;
        if (format_ends(scanner, at, &string)) {
            if (text[0] == string.quote)
                return at + (string.triple ? 3 : 1);
            break;
        }
        if (text[0] == '\\' && (text[1] == '{' || text[1] == '}')) {
            at++; /* a backslash does not hide a brace */
        } else if (text[0] == '\\' && !string.raw && text[1] == 'N' && at + 2 < scanner->end && text[2] == '{') {
            at += 3; /* \N{DASH}: the `}` that follows is taken as text */
        } else if (text[0] == '\\') {
            at = over_escape(scanner, at);
        } else if (text[0] == '{' && at + 1 < scanner->end && text[1] == '{') {
            at += 2;
        } else if (text[0] == '{') {
            at = scan_field(scanner, at + 1, string);
        } else {
            at++;
        }
    }
    trouble(scanner, TEXT("an f-string that is not closed"), start);
    return at < scanner->end ? at : scanner->end;
}

static uint32_t scan_literal(struct scanner *scanner, uint32_t at, unsigned level)
{
    struct format_string string = {.quote = scanner->text[at], .triple = is_triple(scanner, at), .level = level};
    bool is_format;
    string_prefix(scanner, at, &is_format, &string.raw);
    if (is_format)
        return scan_format(scanner, at, string);
    return string.triple ? scan_triple(scanner, at) : scan_single(scanner, at);
}

uint32_t scan_string(struct scanner *scanner, uint32_t at)
{
    return scan_literal(scanner, at, 0);
}

/* ---- lines ---- */

uint32_t scan_line(struct scanner *scanner, uint32_t at)
{
    const char *text = scanner->text;
    uint32_t depth = 0, opened_at = at;
    scanner->semicolon = SCAN_NOWHERE;
    for (;;) {
        at = next_mark(scanner, at);
        if (at >= scanner->end)
            break;
        switch (byte_classes[(unsigned char)text[at]]) {
        case QUOTE: at = scan_string(scanner, at); break;
        case OPEN:
            if (depth++ == 0)
                opened_at = at;
            if (depth > scanner->deepest) {
                scanner->deepest = depth;
                scanner->deepest_at = at;
            }
            at++;
            break;
        case CLOSE:
            if (depth)
                depth--;
            else
                trouble(scanner, TEXT("a closing bracket that nothing opened"), at);
            at++;
            break;
        case HASH: at = over_comment(scanner, at); break;
        case LINE_FEED:
        case CARRIAGE_RETURN:
            at = over_line_end(scanner, at);
            if (depth == 0)
                return at;
            break;
        case BACKSLASH:
            at = at + 1 < scanner->end && is_line_end(text[at + 1]) ? over_escape(scanner, at) : at + 1;
            break;
        case SEMICOLON:
            if (depth == 0 && scanner->semicolon == SCAN_NOWHERE)
                scanner->semicolon = at;
            at++;
            if (depth == 0 && scanner->stops_at_semicolon)
                return at;
            break;
        default: at++; break;
        }
    }
    if (depth)
        trouble(scanner, TEXT("a bracket that is not closed"), opened_at);
    return scanner->end;
}

bool scan_indentation(struct scanner *scanner, uint32_t *start, uint32_t *line, uint32_t *column)
{
    const char *text = scanner->text;
    uint32_t at = *start;
    while (at < scanner->end) {
        uint32_t line_start = at, joined_width = SCAN_NOWHERE;
        at = over_spaces(scanner, at);
        uint32_t width = at - line_start;
        for (; at < scanner->end; at++) {
            if (text[at] == ' ') {
                width++;
            } else if (text[at] == '\t') {
                width = (width / 8 + 1) * 8;
            } else if (text[at] == '\f') {
                width = 0;
            } else if (text[at] == '\\' && at + 1 < scanner->end && is_line_end(text[at + 1])) {
                if (joined_width == SCAN_NOWHERE)
                    joined_width = width; /* the indentation of joined lines is that of the first */
                at = over_escape(scanner, at) - 1;
            } else {
                break;
            }
        }
        if (at >= scanner->end)
            break;
        if (text[at] == '#')
            at = over_comment(scanner, at);
        if (at < scanner->end && is_line_end(text[at])) {
            at = over_line_end(scanner, at);
            continue;
        }
        if (at >= scanner->end)
            break;
        *start = at;
        *line = line_start;
        *column = joined_width == SCAN_NOWHERE ? width : joined_width;
        return true;
    }
    *start = scanner->end;
    return false;
}

/* ---- tokens ---- */

struct token scan_token(struct scanner *scanner, uint32_t at)
{
    const char *text = scanner->text;
    for (; at < scanner->end; at++) {
        if (text[at] == '#') {
            at = over_comment(scanner, at);
            if (at >= scanner->end)
                break;
        }
        if (text[at] != ' ' && text[at] != '\t' && text[at] != '\f' && !is_line_end(text[at]) && text[at] != '\\')
            break;
    }
    if (at >= scanner->end)
        return (struct token){TOKEN_END, scanner->end, scanner->end, 0, false};
    struct token token = {TOKEN_MARK, at, at + 1, text[at], false};
    if (is_word(text[at])) {
        while (token.end < scanner->end && is_word(text[token.end]))
            token.end++;
        bool quoted = token.end < scanner->end && byte_classes[(unsigned char)text[token.end]] == QUOTE;
        if (!quoted || token.end - at > 2 || (text[at] >= '0' && text[at] <= '9')) {
            token.kind = text[at] >= '0' && text[at] <= '9' ? TOKEN_NUMBER : TOKEN_WORD;
            return token;
        }
        at = token.end;
    }
    if (byte_classes[(unsigned char)text[at]] == QUOTE) {
        bool raw;
        token.kind = TOKEN_STRING;
        string_prefix(scanner, at, &token.is_format, &raw);
        token.end = scan_string(scanner, at);
    }
    return token;
}

bool scan_token_is(const struct scanner *scanner, const struct token *token, struct text word)
{
    return token->kind == TOKEN_WORD &&
           text_equal((struct text){scanner->text + token->start, token->end - token->start}, word);
}
