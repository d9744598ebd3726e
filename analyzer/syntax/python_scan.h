/*
 * The byte scanner under the splitter: strings, logical lines, indentation, tokens.  It never parses; it knows only what
 * decides where a statement ends.
 */
#ifndef SYNTAX_PYTHON_SCAN_H
#define SYNTAX_PYTHON_SCAN_H

#include "base/text.h"

#define SCAN_NOWHERE UINT32_MAX

struct scanner {
    const char *text; /* the whole file, NUL after it */
    uint32_t end;     /* scanning stops here */
    uint32_t deepest; /* most brackets open at once so far */
    uint32_t deepest_at;
    uint32_t semicolon; /* the first `;` outside brackets in the line that scan_line() read last, or SCAN_NOWHERE */
    bool stops_at_semicolon; /* scan_line() ends there */
    struct text trouble;     /* the first: "unclosed bracket", ...; "" when there was none */
    uint32_t trouble_at;
    uint32_t block; /* which bytes of [block, block + 64) matter is known: */
    uint64_t marks; /* python_marks.h */
};

struct scanner scanner_on(const char *text, uint32_t end);

/* The end of the string literal whose first quote is at `at` (after its last quote, or where it had to be given up). */
uint32_t scan_string(struct scanner *scanner, uint32_t at);

/* From inside a logical line to after its line end: over strings, brackets, comments and joined lines. */
uint32_t scan_line(struct scanner *scanner, uint32_t at);

/* From a line start to the first byte of the next logical line; false at the end.  *column is its indentation. */
bool scan_indentation(struct scanner *scanner, uint32_t *at, uint32_t *line, uint32_t *column);

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_MARK };

struct token {
    enum token_kind kind;
    uint32_t start, end;
    char mark;      /* TOKEN_MARK: its byte */
    bool is_format; /* TOKEN_STRING: an f-string or t-string */
};

/* The next token at or after `at`, over blanks, comments and line ends. */
struct token scan_token(struct scanner *scanner, uint32_t at);
bool scan_token_is(const struct scanner *scanner, const struct token *token, struct text word);

#endif
