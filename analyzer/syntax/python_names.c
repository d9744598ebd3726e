/*
 * What a simple statement is, and which names it binds or changes, told from its tokens.
 *
 * Not seen here: a walrus inside an f-string's replacement field (parsing sees it).
 */
#include "syntax/python_internal.h"
#include "syntax/python_scan.h"

struct statement {
    struct python_file *file;
    struct scanner scanner; /* ends where the statement ends */
    uint32_t piece;
    bool has_effect; /* a target with `.`, `[` or `(` */
};

static struct token next_token(struct statement *statement, const struct token *token)
{
    return scan_token(&statement->scanner, token->end);
}

static bool is_word(const struct statement *statement, const struct token *token, struct text word)
{
    return scan_token_is(&statement->scanner, token, word);
}

static bool is_mark(const struct token *token, char mark)
{
    return token->kind == TOKEN_MARK && token->mark == mark;
}

static bool is_open(const struct token *token)
{
    return is_mark(token, '(') || is_mark(token, '[') || is_mark(token, '{');
}

static bool is_close(const struct token *token)
{
    return is_mark(token, ')') || is_mark(token, ']') || is_mark(token, '}');
}

/* `after` follows `token` without a blank: the two are one operator. */
static bool is_joined(const struct token *token, const struct token *after, char mark)
{
    return is_mark(after, mark) && after->start == token->end;
}

static void add_name(struct statement *statement, const struct token *name)
{
    struct text text = {statement->scanner.text + name->start, name->end - name->start};
    python_piece_name(statement->file, statement->piece, python_string(statement->file, text, false));
}

static void skip_brackets(struct statement *statement, struct token *token)
{
    uint32_t depth = 0;
    for (; token->kind != TOKEN_END; *token = next_token(statement, token)) {
        if (is_open(token))
            depth++;
        else if (is_close(token) && --depth == 0)
            return;
    }
}

/* Roots of the targets between `at` and `end`: brackets that group are looked into, those of trailers skipped. */
static void add_targets(struct statement *statement, uint32_t at, uint32_t end)
{
    struct scanner whole = statement->scanner;
    statement->scanner.end = end;
    struct token token = scan_token(&statement->scanner, at);
    while (token.kind != TOKEN_END) {
        if (token.kind == TOKEN_STRING || token.kind == TOKEN_NUMBER)
            statement->has_effect = true;
        if (token.kind == TOKEN_WORD)
            add_name(statement, &token);
        bool is_value = token.kind != TOKEN_MARK || is_close(&token);
        token = next_token(statement, &token);
        while (is_value && (is_mark(&token, '.') || is_open(&token))) {
            statement->has_effect = true;
            if (is_open(&token))
                skip_brackets(statement, &token);
            else
                token = next_token(statement, &token);
            token = next_token(statement, &token);
        }
    }
    statement->scanner = whole;
}

static void classify_import(struct statement *statement, struct token token, struct python_piece *piece)
{
    piece->kind = PIECE_IMPORT;
    while (token.kind == TOKEN_WORD) {
        struct token name = token;
        token = next_token(statement, &token);
        while (is_mark(&token, '.')) {
            token = next_token(statement, &token);
            token = next_token(statement, &token);
        }
        if (is_word(statement, &token, TEXT("as"))) {
            name = next_token(statement, &token);
            token = next_token(statement, &name);
        }
        if (name.kind == TOKEN_WORD)
            add_name(statement, &name);
        if (!is_mark(&token, ','))
            break;
        token = next_token(statement, &token);
    }
}

static void classify_from(struct statement *statement, struct token token, struct python_piece *piece)
{
    piece->kind = PIECE_FROM;
    while (token.kind != TOKEN_END && !is_word(statement, &token, TEXT("import")))
        token = next_token(statement, &token);
    token = next_token(statement, &token);
    if (is_mark(&token, '*')) {
        python_piece_name(statement->file, statement->piece, STRING_STAR);
        return;
    }
    if (is_mark(&token, '('))
        token = next_token(statement, &token);
    while (token.kind == TOKEN_WORD) {
        struct token name = token;
        token = next_token(statement, &token);
        if (is_word(statement, &token, TEXT("as"))) {
            name = next_token(statement, &token);
            token = next_token(statement, &name);
        }
        if (name.kind == TOKEN_WORD)
            add_name(statement, &name);
        if (!is_mark(&token, ','))
            break;
        token = next_token(statement, &token);
    }
}

/* A bare expression: the names outside brackets that are not attributes are those it may change. */
static void add_roots(struct statement *statement, struct token token)
{
    static const char *const keywords[] = {"and",   "or",     "not",    "if",    "else",   "in",
                                           "is",    "lambda", "True",   "None",  "False",  "await",
                                           "yield", "from",   "assert", "raise", "return", NULL};
    uint32_t depth = 0;
    bool is_attribute = false;
    for (; token.kind != TOKEN_END; token = next_token(statement, &token)) {
        bool is_keyword = false;
        for (const char *const *keyword = keywords; *keyword && token.kind == TOKEN_WORD; keyword++)
            is_keyword = is_keyword || is_word(statement, &token, text_from(*keyword));
        if (token.kind == TOKEN_WORD && depth == 0 && !is_attribute && !is_keyword)
            add_name(statement, &token);
        if (is_open(&token))
            depth++;
        else if (is_close(&token) && depth > 0)
            depth--;
        is_attribute = is_mark(&token, '.');
    }
}

/* Is the statement one string, or several side by side, and not an f-string? */
static bool is_docstring(struct statement *statement, struct token token)
{
    for (; token.kind == TOKEN_STRING; token = next_token(statement, &token))
        if (token.is_format)
            return false;
    return token.kind == TOKEN_END;
}

static void classify_expression(struct statement *statement, const struct token *first, struct python_piece *piece)
{
    uint32_t depth = 0, lambdas = 0, segment = first->start;
    bool has_targets = false, in_value = false;
    struct token previous = {0}, token = *first;
    for (; token.kind != TOKEN_END; previous = token, token = next_token(statement, &token)) {
        if (is_open(&token))
            depth++;
        if (is_close(&token) && depth > 0)
            depth--;
        if (token.kind == TOKEN_WORD && depth == 0 && is_word(statement, &token, TEXT("lambda")))
            lambdas++;
        if (token.kind != TOKEN_MARK)
            continue;
        struct token after = next_token(statement, &token);
        if (token.mark == ':' && depth > 0 && is_joined(&token, &after, '=') && previous.kind == TOKEN_WORD)
            add_name(statement, &previous); /* a walrus */
        if (depth > 0 || (token.mark != '=' && token.mark != ':'))
            continue;
        if (lambdas > 0) {
            lambdas -= token.mark == ':';
            continue;
        }
        if (token.mark == ':') {
            if (!has_targets && !in_value) {
                add_targets(statement, segment, token.start);
                has_targets = in_value = true;
                piece->annotated = 1;
            }
            continue;
        }
        if (is_joined(&token, &after, '=')) { /* `==` */
            token = after;
            continue;
        }
        bool is_operator = previous.kind == TOKEN_MARK && previous.end == token.start;
        if (is_operator && (previous.mark == '!' || previous.mark == '<' || previous.mark == '>')) {
            /* `!=`, `<=`, `>=`; `<<=` and `>>=` are assignments */
            const char *text = statement->scanner.text;
            if (previous.mark == '!' || previous.start == segment || text[previous.start - 1] != previous.mark)
                continue;
        }
        if (!in_value || !piece->annotated) {
            uint32_t end = token.start;
            while (is_operator && end > segment && strchr("+-*/%@&|^<>", statement->scanner.text[end - 1]))
                end--;
            add_targets(statement, segment, end);
        }
        has_targets = true;
        piece->valued = 1;
        segment = token.end;
    }
    if (has_targets) {
        piece->kind = statement->has_effect ? PIECE_EFFECT : PIECE_ASSIGN;
        return;
    }
    add_roots(statement, *first);
    piece->kind = PIECE_EFFECT;
}

/* type X = ..., type X[T] = ... */
static bool is_type_alias(struct statement *statement, const struct token *first, const struct token *second)
{
    if (!is_word(statement, first, TEXT("type")) || second->kind != TOKEN_WORD)
        return false;
    struct token third = next_token(statement, second);
    return is_mark(&third, '=') || is_mark(&third, '[');
}

void python_classify(struct python_file *file, uint32_t number)
{
    struct python_piece piece = file->pieces[number];
    struct statement statement = {file, scanner_on(file->source.bytes.bytes, piece.end), number, false};
    struct token first = scan_token(&statement.scanner, piece.keyword);
    struct token second = next_token(&statement, &first);
    static const char *const plain[] = {"pass", "break", "continue", "global", "nonlocal", NULL};

    for (const char *const *word = plain; *word; word++)
        if (is_word(&statement, &first, text_from(*word)))
            return;
    struct python_piece result = piece; /* kind and flags; names go straight to the file */
    if (is_word(&statement, &first, TEXT("import"))) {
        classify_import(&statement, second, &result);
    } else if (is_word(&statement, &first, TEXT("from"))) {
        classify_from(&statement, second, &result);
    } else if (is_word(&statement, &first, TEXT("del"))) {
        result.kind = PIECE_EFFECT;
        add_targets(&statement, second.start, piece.end);
    } else if (is_type_alias(&statement, &first, &second)) {
        result.kind = PIECE_ASSIGN;
        result.valued = 1;
        add_name(&statement, &second);
    } else if (first.kind == TOKEN_STRING && is_docstring(&statement, first)) {
        result.docstring = 1;
    } else {
        classify_expression(&statement, &first, &result);
        result.kind = file->pieces[number].name_count == 0 ? (uint8_t)PIECE_OTHER : result.kind;
    }
    file->pieces[number].kind = result.kind;
    file->pieces[number].annotated = result.annotated;
    file->pieces[number].valued = result.valued;
    file->pieces[number].docstring = result.docstring;
}
