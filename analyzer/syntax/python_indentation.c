/*
 * The indentation of a statement's lines, by the rules of Python's tokenizer.
 *
 * tree-sitter takes an indentation that it does not expect for a blank, and a block without a body for an empty one, so
 * what it is given is looked at here first.  The plain reader (python_plain.h) keeps these rules itself.
 */
#include "syntax/python_internal.h"
#include "syntax/python_scan.h"

static const char *const headers[] = {"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class", "async",
                                      "match", "case", NULL};

enum line_end { LINE_PLAIN, LINE_OPENS, LINE_ODD };

/* Does the logical line [at, end) end in a colon, and so open a block?  Odd: nothing may stand before that colon which ends a
 * header itself. */
static enum line_end line_end_of(const struct scanner *scanner, uint32_t at, uint32_t end)
{
    struct scanner line = scanner_on(scanner->text, end);
    struct token token = scan_token(&line, at);
    bool is_header = false;
    for (const char *const *word = headers; *word; word++)
        is_header = is_header || scan_token_is(&line, &token, text_from(*word));
    uint32_t depth = 0, colons = 0, lambdas = 0;
    char last = 0;
    for (; token.kind != TOKEN_END; token = scan_token(&line, token.end)) {
        last = token.kind == TOKEN_MARK ? token.mark : 0;
        depth += last == '(' || last == '[' || last == '{';
        depth -= depth && (last == ')' || last == ']' || last == '}');
        colons += last == ':' && !depth && line.text[token.end] != '=';
        lambdas += !depth && token.kind == TOKEN_WORD && scan_token_is(&line, &token, TEXT("lambda"));
    }
    if (last != ':')
        return LINE_PLAIN;
    return is_header && colons <= 1 + lambdas ? LINE_OPENS : LINE_ODD;
}

struct text python_indentation_trouble(const struct python_file *file, uint32_t start, uint32_t end, bool is_header, uint32_t *at)
{
    static const struct text fits = {"", 0};
    const struct text no_block = TEXT("a syntax error: an indented block is missing");
    const struct text odd = TEXT("a syntax error: an indentation that does not fit");
    struct scanner scanner = scanner_on(file->source.bytes.bytes, end);
    uint32_t columns[LIMIT_BLOCKS], next = start, line, column;
    size_t depth = 0;
    bool opens = false;
    while (scan_indentation(&scanner, &next, &line, &column)) {
        *at = next;
        if (opens && column <= columns[depth - 1])
            return no_block;
        if (depth == 0 || opens) {
            if (depth == LIMIT_BLOCKS)
                return TEXT("blocks nested too deeply");
            columns[depth++] = column;
        }
        while (depth > 1 && columns[depth - 1] > column)
            depth--;
        if (columns[depth - 1] != column)
            return odd;
        next = scan_line(&scanner, next);
        enum line_end ending = line_end_of(&scanner, *at, next);
        if (ending == LINE_ODD)
            return TEXT("a syntax error: a colon too many");
        opens = ending != LINE_PLAIN;
    }
    return opens && !is_header ? no_block : fits;
}
