/*
 * Cutting text into statements.
 *
 * A statement starts at a line with the indentation of its block; deeper lines, and clauses such as `else:`, belong to
 * the statement above.  Simple statements joined by `;` are pieces of their own: all but the first start at their first
 * byte instead of at a line start.
 */
#include "syntax/python_internal.h"
#include "syntax/python_scan.h"

struct cut {
    struct python_file *file;
    struct scanner scanner;
    bool is_member;
    uint32_t first;   /* number of the first piece */
    uint32_t current; /* the piece that may still grow, or SCAN_NOWHERE */
    bool decorated;   /* `current` has decorators and waits for its def or class */
};

static void file_trouble(struct python_file *file, struct text trouble, uint32_t at)
{
    if (file->trouble.length)
        return;
    file->trouble = trouble;
    file->trouble_at = at;
}

/* Is there room for one more piece of this cut? */
static bool may_add(struct cut *cut, uint32_t at)
{
    if (cut->file->all_pieces - cut->first < LIMIT_PIECES)
        return true;
    file_trouble(cut->file, TEXT("too many statements"), at);
    return false;
}

static uint32_t add_piece(struct cut *cut, enum piece_kind kind, uint32_t start, uint32_t keyword)
{
    uint32_t number = python_piece_add(cut->file);
    struct python_piece *piece = &cut->file->pieces[number];
    piece->kind = (uint8_t)kind;
    piece->start = start;
    piece->keyword = keyword;
    piece->end = keyword;
    piece->is_member = cut->is_member;
    return number;
}

static bool word_in(const struct scanner *scanner, const struct token *token, const char *const *words)
{
    for (; *words; words++)
        if (scan_token_is(scanner, token, text_from(*words)))
            return true;
    return false;
}

/* The last byte of the logical line [at, end) that is neither blank nor comment. */
static char last_byte(struct scanner *scanner, uint32_t at, uint32_t end)
{
    struct scanner line = scanner_on(scanner->text, end);
    char last = 0;
    for (struct token token = scan_token(&line, at); token.kind != TOKEN_END; token = scan_token(&line, token.end))
        last = token.kind == TOKEN_MARK ? token.mark : 0;
    return last;
}

/* The kind of the statement whose first byte is at `at`, and for a FUNCTION the bytes of its name; a simple statement
 * that has to be looked at more closely is PIECE_OTHER. */
static enum piece_kind statement_kind(struct cut *cut, uint32_t at, uint32_t line_end, struct token *name)
{
    static const char *const blocks[] = {"if", "for", "while", "try", "with", NULL};
    struct scanner *scanner = &cut->scanner;
    struct token first = scan_token(scanner, at);
    *name = (struct token){0};
    if (first.kind != TOKEN_WORD)
        return PIECE_OTHER;
    if (scan_token_is(scanner, &first, TEXT("async"))) {
        struct token second = scan_token(scanner, first.end);
        if (word_in(scanner, &second, (const char *const[]){"for", "with", NULL}))
            return PIECE_BLOCK;
        if (!scan_token_is(scanner, &second, TEXT("def")))
            return PIECE_OTHER;
        first = second;
    }
    if (scan_token_is(scanner, &first, TEXT("def")) || scan_token_is(scanner, &first, TEXT("class"))) {
        *name = scan_token(scanner, first.end);
        return scan_token_is(scanner, &first, TEXT("def")) ? PIECE_FUNCTION : PIECE_CLASS;
    }
    if (word_in(scanner, &first, blocks))
        return PIECE_BLOCK;
    /* `match` is a name unless its line ends with a colon (no simple statement does). */
    if (scan_token_is(scanner, &first, TEXT("match")) && last_byte(scanner, at, line_end) == ':')
        return PIECE_BLOCK;
    return PIECE_OTHER;
}

static void name_piece(struct cut *cut, uint32_t piece, const struct token *name)
{
    if (name->kind != TOKEN_WORD)
        return;
    struct text text = {cut->scanner.text + name->start, name->end - name->start};
    python_piece_name(cut->file, piece, python_string(cut->file, text, false));
}

/* Simple statements in [at, line_end), the first with its start at `start`: one piece each. */
static void cut_simple(struct cut *cut, uint32_t start, uint32_t at, uint32_t line_end, uint32_t semicolon)
{
    while (may_add(cut, at)) {
        uint32_t end = semicolon == SCAN_NOWHERE ? line_end : semicolon;
        cut->current = add_piece(cut, PIECE_OTHER, start, at);
        cut->file->pieces[cut->current].end = end;
        python_classify(cut->file, cut->current);
        if (semicolon == SCAN_NOWHERE)
            return;
        struct scanner rest = scanner_on(cut->scanner.text, line_end);
        struct token next = scan_token(&rest, semicolon + 1);
        if (next.kind == TOKEN_END)
            return;
        start = at = next.start;
        /* A string prefix belongs to its token, so the first byte is where scanning can go on. */
        rest.stops_at_semicolon = true;
        scan_line(&rest, at);
        semicolon = rest.semicolon;
    }
}

/* Is the line a clause of the statement above? */
static bool is_clause(struct cut *cut, uint32_t at)
{
    static const char *const clauses[] = {"else", "elif", "except", "finally", NULL};
    if (cut->current == SCAN_NOWHERE || cut->file->pieces[cut->current].kind != PIECE_BLOCK)
        return false;
    struct token first = scan_token(&cut->scanner, at);
    return word_in(&cut->scanner, &first, clauses);
}

static void cut_statement(struct cut *cut, uint32_t line, uint32_t *at)
{
    struct python_file *file = cut->file;
    uint32_t start = *at;
    *at = scan_line(&cut->scanner, start);
    if (is_clause(cut, start)) {
        file->pieces[cut->current].end = *at;
        return;
    }
    if (cut->scanner.text[start] == '@') {
        if (!cut->decorated)
            cut->current = add_piece(cut, PIECE_OTHER, line, start);
        cut->decorated = true;
        file->pieces[cut->current].decorators++;
        file->pieces[cut->current].end = *at;
        return;
    }
    uint32_t semicolon = cut->scanner.semicolon;
    struct token name;
    enum piece_kind kind = statement_kind(cut, start, *at, &name);
    if (cut->decorated) {
        /* Anything but a def or class after decorators stays with them: it will not parse. */
        cut->decorated = false;
        struct python_piece *piece = &file->pieces[cut->current];
        piece->end = *at;
        if (kind == PIECE_FUNCTION || kind == PIECE_CLASS) {
            piece->kind = (uint8_t)kind;
            piece->keyword = start;
            name_piece(cut, cut->current, &name);
        }
        return;
    }
    if (kind == PIECE_OTHER) {
        cut_simple(cut, line, start, *at, semicolon);
        return;
    }
    cut->current = add_piece(cut, kind, line, start);
    file->pieces[cut->current].end = *at;
    name_piece(cut, cut->current, &name);
}

bool python_cut(struct python_file *file, uint32_t start, uint32_t end, bool is_member)
{
    struct cut cut = {.file = file, .scanner = scanner_on(file->source.bytes.bytes, end), .is_member = is_member};
    uint32_t at = start, line, column, block_column = is_member ? SCAN_NOWHERE : 0;
    bool level = true;
    cut.first = (uint32_t)file->all_pieces;
    cut.current = SCAN_NOWHERE;
    while (level && scan_indentation(&cut.scanner, &at, &line, &column)) {
        if (block_column == SCAN_NOWHERE)
            block_column = column;
        if (!may_add(&cut, at))
            break;
        if (column > block_column && cut.current != SCAN_NOWHERE) {
            at = scan_line(&cut.scanner, at);
            file->pieces[cut.current].end = at;
            file->pieces[cut.current].docstring = false; /* a string alone has no block: this does not parse */
        } else if (column < block_column) {
            level = false;
        } else {
            cut_statement(&cut, line, &at);
        }
    }
    if (cut.scanner.trouble.length)
        file_trouble(file, cut.scanner.trouble, cut.scanner.trouble_at);
    return level;
}

/* The colon that ends the header of the class whose `class` keyword is at `keyword`; 0 when there is none. */
static uint32_t header_colon(const struct python_file *file, uint32_t keyword, uint32_t end)
{
    struct scanner scanner = scanner_on(file->source.bytes.bytes, end);
    uint32_t depth = 0;
    for (struct token token = scan_token(&scanner, keyword); token.kind != TOKEN_END;
         token = scan_token(&scanner, token.end)) {
        if (token.kind != TOKEN_MARK)
            continue;
        if (token.mark == '(' || token.mark == '[' || token.mark == '{')
            depth++;
        else if ((token.mark == ')' || token.mark == ']' || token.mark == '}') && depth > 0)
            depth--;
        else if (token.mark == ':' && depth == 0)
            return token.start;
    }
    return 0;
}

uint32_t python_class_header_end(const struct python_file *file, uint32_t number)
{
    const struct python_piece *piece = &file->pieces[number];
    uint32_t colon = header_colon(file, piece->keyword, piece->end);
    return colon ? colon + 1 : 0;
}

void python_class_split(struct python_file *file, uint32_t number)
{
    struct python_piece *class = &file->pieces[number];
    if (class->split || class->kind != PIECE_CLASS || file->tables)
        return;
    class->split = true;
    uint32_t first = (uint32_t)file->all_pieces, end = class->end;
    uint32_t body = python_class_header_end(file, number);
    class->first_member = first;
    if (!body)
        return;
    /* Is there a statement on the header's own line? */
    struct scanner scanner = scanner_on(file->source.bytes.bytes, end);
    uint32_t at = body, line_end = scan_line(&scanner, body);
    struct scanner line = scanner_on(scanner.text, line_end);
    struct token token = scan_token(&line, at);
    bool level = true;
    if (token.kind == TOKEN_END) {
        level = python_cut(file, line_end, end, true);
    } else {
        struct cut cut = {.file = file, .scanner = line, .is_member = true, .first = first, .current = SCAN_NOWHERE};
        cut_simple(&cut, token.start, token.start, line_end, scanner.semicolon);
        uint32_t indentation_line, column;
        at = line_end;
        level = !scan_indentation(&scanner, &at, &indentation_line, &column);
    }
    class = &file->pieces[number];
    class->member_count = (uint32_t)file->all_pieces - first;
    if (!level)
        python_trouble(file, number, TEXT("a statement that is not indented like its block"), body);
}

uint32_t python_nesting(const struct python_file *file, uint32_t start, uint32_t end, uint32_t *deepest_at)
{
    struct scanner scanner = scanner_on(file->source.bytes.bytes, end);
    for (uint32_t at = start; at < end;)
        at = scan_line(&scanner, at);
    *deepest_at = scanner.deepest_at;
    return scanner.deepest;
}
