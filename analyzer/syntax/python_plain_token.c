#include "syntax/python_plain.h"

/* Nested calls of plain_deeper(), of which each is up to a dozen C frames.  What is deeper goes to tree-sitter. */
#define PLAIN_DEPTH 100
/* Nodes that one plain_wrap() may move.  Operands are short; without a bound a long chain of them would be quadratic. */
#define PLAIN_MOVED 256

/* ---- giving up, depth ---- */

void plain_fail(struct plain_reader *reader)
{
    reader->failed = true;
    reader->token = (struct plain_token){PLAIN_END, reader->end, reader->end, reader->end};
}

bool plain_deeper(struct plain_reader *reader)
{
    if (++reader->depth > PLAIN_DEPTH)
        plain_fail(reader);
    return !reader->failed;
}

void plain_shallower(struct plain_reader *reader)
{
    reader->depth--;
}

/* ---- nodes ---- */

static struct cst_node *push(struct plain_reader *reader, struct cst_node node)
{
    struct python_parser *parser = reader->parser;
    if (parser->node_count == parser->node_capacity)
        parser->nodes = array_grow(parser->nodes, parser->node_count, &parser->node_capacity, sizeof *parser->nodes);
    parser->nodes[parser->node_count] = node;
    return &parser->nodes[parser->node_count++];
}

uint32_t plain_open(struct plain_reader *reader, enum cst_symbol symbol)
{
    uint32_t number = plain_here(reader);
    push(reader, (struct cst_node){symbol, reader->token.start, reader->token.end, number + 1});
    return number;
}

void plain_wrap(struct plain_reader *reader, uint32_t first, enum cst_symbol symbol)
{
    uint32_t count = plain_here(reader) - first;
    if (count == 0 || count > PLAIN_MOVED) {
        plain_fail(reader);
        return;
    }
    push(reader, (struct cst_node){0});
    struct cst_node *nodes = reader->parser->nodes + first;
    memmove(nodes + 1, nodes, count * sizeof *nodes);
    for (uint32_t i = 1; i <= count; i++)
        nodes[i].skip++;
    nodes[0] = (struct cst_node){symbol, nodes[1].start, nodes[1].end, first + 1};
}

void plain_close(struct plain_reader *reader, uint32_t node)
{
    reader->parser->nodes[node].end = reader->last_end;
    reader->parser->nodes[node].skip = plain_here(reader);
}

void plain_leaf(struct plain_reader *reader, enum cst_symbol symbol)
{
    plain_open(reader, symbol);
    plain_advance(reader);
}

/* ---- words ---- */

enum { LETTER = 1, DIGIT = 2 };

#define LETTERS_AT(c) [c] = LETTER, [(c) + 1] = LETTER, [(c) + 2] = LETTER, [(c) + 3] = LETTER, [(c) + 4] = LETTER
static const uint8_t byte_kinds[256] = {
    ['_'] = LETTER, LETTERS_AT('a'), LETTERS_AT('f'), LETTERS_AT('k'), LETTERS_AT('p'), LETTERS_AT('u'),
    ['z'] = LETTER, LETTERS_AT('A'), LETTERS_AT('F'), LETTERS_AT('K'), LETTERS_AT('P'), LETTERS_AT('U'),
    ['Z'] = LETTER, ['0'] = DIGIT,   ['1'] = DIGIT,   ['2'] = DIGIT,   ['3'] = DIGIT,   ['4'] = DIGIT,
    ['5'] = DIGIT,  ['6'] = DIGIT,   ['7'] = DIGIT,   ['8'] = DIGIT,   ['9'] = DIGIT,
};

static uint8_t byte_kind(char byte)
{
    return byte_kinds[(unsigned char)byte];
}

struct word {
    char text[9];
    uint8_t kind;
};
_Static_assert((int)PLAIN_CLOSE_BRACE <= UINT8_MAX, "kinds are kept in a byte");

/* Keywords by length.  print and exec are statements of Python 2 to the grammar. */
static const struct word words2[] = {{"if", CST_IF_STATEMENT}, {"in", CST_IN}, {"is", CST_IS},
                                     {"or", CST_OR},           {"as", CST_AS}, {"", 0}};
static const struct word words3[] = {
    {"not", CST_NOT_OPERATOR}, {"for", CST_FOR_STATEMENT},    {"and", CST_AND}, {"def", CST_FUNCTION_DEFINITION},
    {"try", PLAIN_TRY},        {"del", CST_DELETE_STATEMENT}, {"", 0}};
static const struct word words4[] = {{"None", CST_NONE},           {"True", CST_TRUE},  {"else", CST_ELSE_CLAUSE},
                                     {"elif", CST_ELIF_CLAUSE},    {"from", CST_FROM},  {"with", CST_WITH_STATEMENT},
                                     {"pass", CST_PASS_STATEMENT}, {"exec", PLAIN_ODD}, {"", 0}};
static const struct word words5[] = {{"False", CST_FALSE},
                                     {"raise", CST_RAISE_STATEMENT},
                                     {"class", CST_CLASS_DEFINITION},
                                     {"while", CST_WHILE_STATEMENT},
                                     {"yield", CST_YIELD},
                                     {"break", CST_BREAK_STATEMENT},
                                     {"async", PLAIN_ODD},
                                     {"await", PLAIN_ODD},
                                     {"print", PLAIN_ODD},
                                     {"", 0}};
static const struct word words6[] = {{"return", CST_RETURN_STATEMENT},
                                     {"lambda", CST_LAMBDA},
                                     {"import", CST_IMPORT_STATEMENT},
                                     {"except", CST_EXCEPT_CLAUSE},
                                     {"assert", CST_ASSERT_STATEMENT},
                                     {"global", CST_GLOBAL_STATEMENT},
                                     {"", 0}};
static const struct word words7[] = {{"finally", CST_FINALLY_CLAUSE}, {"", 0}};
static const struct word words8[] = {
    {"continue", CST_CONTINUE_STATEMENT}, {"nonlocal", CST_NONLOCAL_STATEMENT}, {"", 0}};

static uint32_t word_kind(const char *text, uint32_t length)
{
    static const struct word *const by_length[] = {NULL, NULL, words2, words3, words4, words5, words6, words7, words8};
    if (length < 2 || length > 8)
        return CST_IDENTIFIER;
    for (const struct word *word = by_length[length]; word->kind; word++)
        if (word->text[0] == text[0] && memcmp(word->text, text, length) == 0)
            return word->kind;
    return CST_IDENTIFIER;
}

/* ---- strings and numbers ---- */

/* The string whose first quote is at `at`. */
static void read_string(struct plain_reader *reader, uint32_t at)
{
    struct plain_token *token = &reader->token;
    const char *text = reader->text;
    char quote = text[at];
    bool triple = text[at + 1] == quote && text[at + 2] == quote, format = false;
    for (uint32_t i = token->start; i < at; i++) {
        char letter = (char)(text[i] | 0x20);
        format |= letter == 'f';
        if (letter != 'f' && letter != 'r' && letter != 'b' && letter != 'u')
            token->kind = PLAIN_ODD;
    }
    if (token->kind == PLAIN_ODD)
        return;
    token->kind = CST_STRING;
    token->content = token->end = at + (triple ? 3 : 1);
    if (format)
        return;
    for (at = token->content; at < reader->end; at++) {
        if (text[at] == '\\')
            at++;
        else if (text[at] == quote && (!triple || (text[at + 1] == quote && text[at + 2] == quote)))
            break;
        else if (text[at] == '\r' || (text[at] == '\n' && !triple))
            at = reader->end;
    }
    token->end = at + (triple ? 3 : 1);
    if (at >= reader->end)
        token->kind = PLAIN_ODD;
}

/* Past decimal digits; an underscore may stand between two. */
static uint32_t over_digits(const char *text, uint32_t at)
{
    while (byte_kind(text[at]) == DIGIT || (text[at] == '_' && byte_kind(text[at + 1]) == DIGIT))
        at++;
    return at;
}

/* Decimal integers and floats, and hexadecimal integers; the others are rare. */
static void read_number(struct plain_reader *reader, uint32_t at)
{
    const char *text = reader->text;
    struct plain_token *token = &reader->token;
    token->kind = CST_INTEGER;
    if (text[at] == '0' && text[at + 1] == 'x') {
        for (at += 2; byte_kind(text[at]) == DIGIT || (text[at] >= 'a' && text[at] <= 'f') ||
                      (text[at] >= 'A' && text[at] <= 'F');)
            at++;
        if (at - token->start == 2)
            token->kind = PLAIN_ODD;
    } else {
        at = over_digits(text, at);
        if (text[at] == '.') {
            token->kind = CST_FLOAT;
            at++;
            if (byte_kind(text[at]) == DIGIT)
                at = over_digits(text, at);
        }
        if (text[at] == 'e' || text[at] == 'E') {
            token->kind = CST_FLOAT;
            at += text[at + 1] == '+' || text[at + 1] == '-' ? 2 : 1;
            if (byte_kind(text[at]) != DIGIT)
                token->kind = PLAIN_ODD;
            else
                at = over_digits(text, at);
        }
    }
    if (byte_kind(text[at]) || text[at] == '.' || (unsigned char)text[at] >= 0x80)
        token->kind = PLAIN_ODD;
    token->end = at;
}

/* ---- marks ---- */

static void read_mark(struct plain_reader *reader, uint32_t at)
{
    static const struct {
        char byte;
        uint8_t alone, doubled, assigned, doubled_assigned; /* x, xx, x=, xx= */
    } marks[] = {
        {'+', CST_PLUS, 0, CST_PLUS_EQUALS, 0},
        {'-', CST_MINUS, 0, CST_MINUS_EQUALS, 0},
        {'*', CST_STAR, CST_STAR_STAR, CST_STAR_EQUALS, CST_STAR_STAR_EQUALS},
        {'/', CST_SLASH, CST_SLASH_SLASH, CST_SLASH_EQUALS, CST_SLASH_SLASH_EQUALS},
        {'<', CST_LESS, CST_LEFT_SHIFT, CST_LESS_EQUAL, CST_LEFT_SHIFT_EQUALS},
        {'>', CST_GREATER, CST_RIGHT_SHIFT, CST_GREATER_EQUAL, CST_RIGHT_SHIFT_EQUALS},
        {'%', CST_PERCENT, 0, CST_PERCENT_EQUALS, 0},
        {'@', CST_AT, 0, CST_AT_EQUALS, 0},
        {'|', CST_BAR, 0, CST_BAR_EQUALS, 0},
        {'&', CST_AMPERSAND, 0, CST_AMPERSAND_EQUALS, 0},
        {'^', CST_CARET, 0, CST_CARET_EQUALS, 0},
        {'=', CST_EQUALS, 0, CST_EQUAL, 0},
        {'!', PLAIN_BANG, 0, CST_NOT_EQUAL, 0},
        {':', CST_COLON, 0, PLAIN_WALRUS, 0},
        {'~', CST_TILDE, 0, 0, 0},
    };
    struct plain_token *token = &reader->token;
    const char *text = reader->text + at;
    if (text[0] == '-' && text[1] == '>') {
        token->kind = PLAIN_ARROW;
        token->end = at + 2;
        return;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i].byte != text[0])
            continue;
        bool is_doubled = marks[i].doubled && text[1] == text[0];
        uint8_t assigned = is_doubled ? marks[i].doubled_assigned : marks[i].assigned;
        /* `{x:=5}` is a format spec */
        bool is_assigned = assigned && text[1 + is_doubled] == '=' && !(reader->in_field && text[0] == ':');
        token->kind = is_assigned ? assigned : is_doubled ? marks[i].doubled : marks[i].alone;
        token->end = at + 1 + is_doubled + is_assigned;
        return;
    }
}

/* ---- tokens ---- */

/* From a line start to the first byte of the next logical line, whose indentation becomes `column`. */
static uint32_t over_blank_lines(struct plain_reader *reader, uint32_t at)
{
    const char *text = reader->text;
    for (;;) {
        uint32_t line = at;
        while (at < reader->end && text[at] == ' ')
            at++;
        reader->column = at - line;
        if (at < reader->end && text[at] == '#') {
            const char *line_end = memchr(text + at, '\n', reader->end - at);
            at = line_end ? (uint32_t)(line_end - text) : reader->end;
        }
        if (at >= reader->end || text[at] != '\n')
            return at;
        at++;
    }
}

static uint32_t over_blanks(const struct plain_reader *reader, uint32_t at)
{
    const char *text = reader->text;
    for (; at < reader->end; at++) {
        if (text[at] == '#') {
            const char *line_end = memchr(text + at, '\n', reader->end - at);
            at = line_end ? (uint32_t)(line_end - text) : reader->end;
            if (!line_end)
                break;
        }
        if (text[at] == '\\' && text[at + 1] == '\n')
            at++;
        else if (text[at] != ' ' && text[at] != '\t' && !(text[at] == '\n' && reader->brackets))
            break;
    }
    return at;
}

static uint32_t single_kind(char byte)
{
    switch (byte) {
    case '(': return PLAIN_OPEN_ROUND;
    case ')': return PLAIN_CLOSE_ROUND;
    case '[': return PLAIN_OPEN_SQUARE;
    case ']': return PLAIN_CLOSE_SQUARE;
    case '{': return PLAIN_OPEN_BRACE;
    case '}': return PLAIN_CLOSE_BRACE;
    case ',': return CST_COMMA;
    case ';': return PLAIN_SEMICOLON;
    case '\n': return PLAIN_LINE;
    default: return PLAIN_ODD;
    }
}

static void read_token(struct plain_reader *reader, uint32_t at)
{
    const char *text = reader->text;
    struct plain_token *token = &reader->token;
    *token = (struct plain_token){PLAIN_ODD, at, at + 1, 0};
    if (byte_kind(text[at]) == LETTER) {
        uint32_t after = at + 1;
        while (byte_kind(text[after]))
            after++;
        bool is_quoted = text[after] == '"' || text[after] == '\'';
        token->end = after;
        if (is_quoted && after - at <= 2) {
            token->kind = CST_STRING;
            read_string(reader, after);
        } else if (!is_quoted && (unsigned char)text[after] < 0x80) {
            token->kind = word_kind(text + at, after - at);
        }
    } else if (byte_kind(text[at]) == DIGIT || (text[at] == '.' && byte_kind(text[at + 1]) == DIGIT)) {
        read_number(reader, at);
    } else if (text[at] == '"' || text[at] == '\'') {
        token->kind = CST_STRING;
        read_string(reader, at);
    } else if (text[at] == '.') {
        bool is_ellipsis = text[at + 1] == '.' && text[at + 2] == '.';
        token->kind = is_ellipsis ? CST_ELLIPSIS : PLAIN_DOT;
        token->end = at + (is_ellipsis ? 3 : 1);
    } else {
        token->kind = single_kind(text[at]);
        if (token->kind == PLAIN_ODD)
            read_mark(reader, at);
    }
}

void plain_advance(struct plain_reader *reader)
{
    if (reader->failed)
        return;
    uint32_t at = reader->token.end, kind = reader->token.kind;
    if (kind == PLAIN_LINE) {
        at = over_blank_lines(reader, at);
    } else {
        if (kind == PLAIN_OPEN_ROUND || kind == PLAIN_OPEN_SQUARE || kind == PLAIN_OPEN_BRACE)
            reader->brackets++;
        else if ((kind == PLAIN_CLOSE_ROUND || kind == PLAIN_CLOSE_SQUARE || kind == PLAIN_CLOSE_BRACE) &&
                 reader->brackets)
            reader->brackets--;
        reader->last_end = at;
        at = over_blanks(reader, at);
    }
    if (at >= reader->end)
        reader->token = (struct plain_token){PLAIN_END, reader->end, reader->end, 0};
    else
        read_token(reader, at);
    if (reader->token.kind == PLAIN_ODD || reader->token.end > reader->end)
        plain_fail(reader);
}

void plain_expect(struct plain_reader *reader, uint32_t kind)
{
    if (reader->token.kind == kind)
        plain_advance(reader);
    else
        plain_fail(reader);
}
