#include "syntax/python_around.h"

#include "syntax/python_scan.h"

struct search {
    const struct python_file *file;
    const struct ast *ast;
    uint32_t at;
    struct python_around *around;
    struct text_builder inside;
};

/* The logical line that starts at `start`, without blanks and comments behind it. */
static struct span logical_line(const struct search *search, uint32_t start)
{
    const char *bytes = search->file->source.bytes.bytes;
    struct scanner scanner = scanner_on(bytes, (uint32_t)search->file->source.bytes.length);
    uint32_t end = scan_line(&scanner, start);
    while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == ' ' || bytes[end - 1] == '\t'))
        end--;
    return (struct span){start, end};
}

/* Where there is no room for all, those further in are kept. */
static void add_span(struct span *spans, size_t *count, struct span span)
{
    if (*count == LIMIT_AROUND)
        memmove(spans, spans + 1, --*count * sizeof *spans);
    spans[(*count)++] = span;
}

static void add_header(struct search *search, uint32_t start)
{
    add_span(search->around->headers, &search->around->header_count, logical_line(search, start));
}

static uint32_t start_of(const struct search *search, uint32_t node)
{
    return search->ast->nodes[node].at;
}

/* Where a list of nodes starts: after everything when it is empty. */
static uint32_t list_start(const struct search *search, uint32_t list)
{
    return ast_list_count(search->ast, list) ? start_of(search, ast_list_item(search->ast, list, 0)) : UINT32_MAX;
}

/* The last node of the list that starts at or before the place; 0 when there is none. */
static uint32_t item_at(const struct search *search, uint32_t list)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < ast_list_count(search->ast, list); i++)
        if (start_of(search, ast_list_item(search->ast, list, i)) <= search->at)
            found = ast_list_item(search->ast, list, i);
    return found;
}

/* Does this word stand at these bytes? */
static bool word_at(const struct search *search, uint32_t at, struct text word)
{
    struct text bytes = search->file->source.bytes;
    return at + word.length <= bytes.length && memcmp(bytes.bytes + at, word.bytes, word.length) == 0;
}

/* The `else` in front of a list: the nearest line before it that starts with one. */
static void add_else(struct search *search, uint32_t body)
{
    const char *bytes = search->file->source.bytes.bytes;
    uint32_t line = body;
    while (line > 0) {
        while (line > 0 && bytes[line - 1] != '\n' && bytes[line - 1] != '\r')
            line--;
        uint32_t word = line;
        while (bytes[word] == ' ' || bytes[word] == '\t')
            word++;
        if (word_at(search, word, TEXT("else"))) {
            add_header(search, word);
            return;
        }
        if (line > 0)
            line--;
    }
}

static void enter(struct search *search, uint32_t name)
{
    struct text words = search->ast->strings[name];
    text_builder_add(&search->inside, search->inside.length ? TEXT(".") : TEXT(""));
    text_builder_add(&search->inside, words);
    search->around->header_count = 0;
}

static uint32_t into_if(struct search *search, struct ast_node node)
{
    if (list_start(search, node.b) > search->at)
        return 0; /* in the condition */
    add_header(search, node.at);
    uint32_t otherwise = list_start(search, node.c);
    if (otherwise > search->at)
        return item_at(search, node.b);
    if (!word_at(search, otherwise, TEXT("elif")))
        add_else(search, otherwise);
    return item_at(search, node.c);
}

static uint32_t into_loop(struct search *search, struct ast_node node)
{
    if (list_start(search, node.b) > search->at)
        return 0;
    if (list_start(search, node.c) <= search->at)
        return item_at(search, node.c);
    add_header(search, node.at);
    return item_at(search, node.b);
}

static uint32_t into_try(struct search *search, struct ast_node node)
{
    uint32_t found = item_at(search, node.a);
    uint32_t handler = item_at(search, node.b);
    if (handler)
        found = item_at(search, search->ast->nodes[handler].c);
    struct ast_node tail = search->ast->nodes[node.c];
    if (node.c && item_at(search, tail.a))
        found = item_at(search, tail.a);
    if (node.c && item_at(search, tail.b))
        found = item_at(search, tail.b);
    return found;
}

static uint32_t into_function(struct search *search, struct ast_node node)
{
    const struct ast_function *function = &search->ast->functions[node.a];
    if (search->at < function->at || search->at >= function->end || list_start(search, function->body) > search->at)
        return 0; /* a decorator, a default */
    enter(search, function->name);
    return item_at(search, function->body);
}

static uint32_t into_class(struct search *search, struct ast_node node)
{
    const struct ast_class *class_ = &search->ast->classes[node.a];
    if (class_->piece || list_start(search, class_->body) > search->at)
        return 0;
    enter(search, class_->name);
    return item_at(search, class_->body);
}

/* The statement inside of this one that the place is in; 0 when it is in no other. */
static uint32_t into(struct search *search, struct ast_node node)
{
    enum ast_kind kind = (enum ast_kind)node.kind;
    if (kind == AST_IF)
        return into_if(search, node);
    if (kind == AST_FOR || kind == AST_WHILE)
        return into_loop(search, node);
    if (kind == AST_TRY)
        return into_try(search, node);
    if (kind == AST_WITH || kind == AST_MATCH)
        return item_at(search, node.b);
    if (kind == AST_FUNCTION)
        return into_function(search, node);
    return kind == AST_CLASS ? into_class(search, node) : 0;
}

static void walk(struct search *search, uint32_t node)
{
    for (unsigned depth = 0; node && depth < LIMIT_LOWER_DEPTH; depth++) {
        uint32_t inner = into(search, search->ast->nodes[node]);
        if (!inner)
            search->around->statement = logical_line(search, start_of(search, node));
        node = inner;
    }
}

/* The piece of a range that the place is in; its count when there is none. */
static size_t piece_at(const struct python_file *file, size_t first, size_t count, uint32_t at)
{
    for (size_t i = 0; i < count; i++)
        if (file->pieces[first + i].start <= at && at < file->pieces[first + i].end)
            return i;
    return count;
}

static void find_statement(struct search *search)
{
    const struct python_file *file = search->file;
    size_t found = piece_at(file, 0, file->piece_count, search->at);
    if (found == file->piece_count)
        return;
    const struct python_piece *piece = &file->pieces[found];
    if (piece->kind == PIECE_CLASS && piece->split && piece->name_count == 1) {
        size_t member = piece_at(file, piece->first_member, piece->member_count, search->at);
        if (member < piece->member_count) {
            enter(search, file->names[piece->first_name]);
            piece = &file->pieces[piece->first_member + member];
        }
    }
    if (piece->state == PIECE_PARSED)
        walk(search, piece->node);
}

static bool is_comprehension(enum ast_kind kind)
{
    return kind == AST_LIST_COMP || kind == AST_SET_COMP || kind == AST_GENERATOR || kind == AST_DICT_COMP;
}

/* From one clause to the next, or to the end of its line. */
static struct span clause_span(const struct search *search, uint32_t list, uint32_t i)
{
    struct text bytes = search->file->source.bytes;
    uint32_t start = start_of(search, ast_list_item(search->ast, list, i)), end = start;
    while (end < bytes.length && bytes.bytes[end] != '\n' && bytes.bytes[end] != '\r')
        end++;
    return (struct span){start, end};
}

/* An element stands between the start of its comprehension and the first clause. */
static void find_clauses(struct search *search)
{
    const struct ast *ast = search->ast;
    for (size_t i = 1; i < ast->node_count; i++) {
        struct ast_node node = ast->nodes[i];
        if (!is_comprehension((enum ast_kind)node.kind) || node.at > search->at || list_start(search, node.b) <= search->at)
            continue;
        for (uint32_t k = 0; k < ast_list_count(ast, node.b); k++)
            add_span(search->around->clauses, &search->around->clause_count, clause_span(search, node.b, k));
    }
}

void python_around(const struct python_file *file, uint32_t at, struct arena *arena, struct python_around *around)
{
    *around = (struct python_around){.statement = {at, at}};
    struct search search = {.file = file, .ast = &file->ast, .at = at, .around = around};
    find_statement(&search);
    find_clauses(&search);
    around->inside = text_copy(arena, text_builder_text(&search.inside));
    text_builder_free(&search.inside);
}
