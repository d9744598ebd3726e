#include "syntax/python_internal.h"

#include <stdlib.h>
#include <time.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

/* tree-sitter reports every 100 steps of a parse.  Real code takes up to 0.03 reports per byte, dense nonsense that parses
 * 0.07.  What takes more is not worth waiting for: on garbage tree-sitter is superlinear.  Counting steps gives the same
 * answer on every machine; LIMIT_PARSE_MICROSECONDS is there for what happens between two reports. */
#define PARSE_REPORTS_LEAST 100
#define PARSE_REPORTS_MOST 12000
#define PARSE_BYTES_PER_REPORT 8

struct parse {
    const struct python_segment *segments;
    size_t count;
    uint32_t reports, most_reports;
    struct timespec deadline;
    bool hit_error, hit_bound;
    uint32_t stopped_at;
};

/* The segment that holds a byte of what tree-sitter sees; the last one when it is behind all. */
static const struct python_segment *segment_at(const struct parse *parse, uint32_t byte)
{
    size_t low = 0, high = parse->count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (parse->segments[middle].at <= byte)
            low = middle;
        else
            high = middle;
    }
    return &parse->segments[low];
}

static const char *read_text(void *payload, uint32_t byte_index, TSPoint position, uint32_t *bytes_read)
{
    const struct parse *parse = payload;
    const struct python_segment *segment = segment_at(parse, byte_index);
    uint32_t into = byte_index - segment->at;
    (void)position;
    if (into >= segment->text.length) {
        *bytes_read = 0;
        return "";
    }
    *bytes_read = (uint32_t)segment->text.length - into;
    return segment->text.bytes + into;
}

static bool is_late(const struct parse *parse)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec > parse->deadline.tv_sec ||
           (now.tv_sec == parse->deadline.tv_sec && now.tv_nsec > parse->deadline.tv_nsec);
}

/* True stops the parse.  When every version of the parse is in an error, the tree can only become a broken one, so there
 * is no point in recovering (which is where tree-sitter is superlinear). */
static bool progress(TSParseState *state)
{
    struct parse *parse = state->payload;
    parse->reports++;
    parse->stopped_at = state->current_byte_offset;
    parse->hit_error = state->has_error;
    parse->hit_bound = parse->reports > parse->most_reports || (parse->reports % 64 == 0 && is_late(parse));
    return parse->hit_error || parse->hit_bound;
}

/* Where a byte of what tree-sitter saw is in the file. */
static uint32_t file_offset(const struct parse *parse, uint32_t byte)
{
    const struct python_segment *segment = segment_at(parse, byte);
    return segment->file + (segment->is_ours ? 0 : byte - segment->at);
}

/* ---- the parser of a file ---- */

static uint32_t symbol_slot(const struct text *names, const uint8_t *named, size_t size, struct text name,
                            bool is_named)
{
    uint32_t at = text_hash(name, is_named) & (uint32_t)(size - 1);
    while (names[at].bytes && !(text_equal(names[at], name) && named[at] == is_named))
        at = (at + 1) & (uint32_t)(size - 1);
    return at;
}

/* Maps the grammar's symbols to ours by name, so that another version of the grammar may number them differently. */
static void map_symbols(struct python_parser *parser, const TSLanguage *language)
{
    enum { SIZE = 512 };
    static const struct {
        struct text name;
        uint8_t named;
    } known[] = {
#define CST_NAME(name, text, named) {{text, sizeof text - 1}, named},
        CST_SYMBOLS(CST_NAME)
#undef CST_NAME
    };
    struct text names[SIZE] = {{0}};
    uint8_t named[SIZE] = {0}, symbols[SIZE] = {0};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t slot = symbol_slot(names, named, SIZE, known[i].name, known[i].named);
        names[slot] = known[i].name;
        named[slot] = known[i].named;
        symbols[slot] = (uint8_t)(CST_STRING_CONTENT + 1 + i);
    }
    parser->symbol_count = ts_language_symbol_count(language);
    parser->symbols = memory_alloc(parser->symbol_count);
    for (size_t i = 0; i < parser->symbol_count; i++) {
        const char *name = ts_language_symbol_name(language, (TSSymbol)i);
        bool is_named = ts_language_symbol_type(language, (TSSymbol)i) == TSSymbolTypeRegular;
        struct text text = text_from(name ? name : "");
        uint32_t slot = symbol_slot(names, named, SIZE, text, is_named);
        if (names[slot].bytes)
            parser->symbols[i] = symbols[slot];
        else if (!is_named || text_equal(text, TEXT("comment")) || text_equal(text, TEXT("line_continuation")))
            parser->symbols[i] = CST_DROPPED;
        else
            parser->symbols[i] = text_equal(text, TEXT("string_content")) ? CST_STRING_CONTENT : CST_UNKNOWN;
    }
}

struct python_parser *python_parser_of(struct python_file *file)
{
    if (!file->parser) {
        file->parser = memory_alloc(sizeof *file->parser);
        memset(file->parser, 0, sizeof *file->parser);
    }
    return file->parser;
}

/* With tree-sitter in it, unless that cannot be had. */
static struct python_parser *tree_sitter_of(struct python_file *file)
{
    struct python_parser *parser = python_parser_of(file);
    if (parser->parser)
        return parser;
    parser->parser = ts_parser_new();
    if (parser->parser && ts_parser_set_language(parser->parser, tree_sitter_python()))
        map_symbols(parser, tree_sitter_python());
    return parser;
}

void python_parser_free(struct python_parser *parser)
{
    if (!parser)
        return;
    if (parser->parser)
        ts_parser_delete(parser->parser);
    free(parser->symbols);
    free(parser->nodes);
    free(parser->scratch);
    free(parser->pending);
    free(parser->bound);
    free(parser->locals);
    free(parser->hidden);
    free(parser->parameters);
    free(parser->cells);
    free(parser->text);
    free(parser);
}

/* ---- the tree ---- */

/* The first ERROR or MISSING node below the cursor. */
static uint32_t first_error(TSTreeCursor *cursor)
{
    for (;;) {
        TSNode node = ts_tree_cursor_current_node(cursor);
        if (ts_node_is_error(node) || ts_node_is_missing(node) || !ts_tree_cursor_goto_first_child(cursor))
            return ts_node_start_byte(node);
        uint32_t at = ts_node_start_byte(node);
        while (!ts_node_has_error(ts_tree_cursor_current_node(cursor)) &&
               !ts_node_is_missing(ts_tree_cursor_current_node(cursor)))
            if (!ts_tree_cursor_goto_next_sibling(cursor))
                return at;
    }
}

static void push_node(struct python_parser *parser, const struct parse *parse, uint32_t symbol, TSNode node)
{
    if (parser->node_count == parser->node_capacity)
        parser->nodes = array_grow(parser->nodes, parser->node_count, &parser->node_capacity, sizeof *parser->nodes);
    parser->nodes[parser->node_count++] = (struct cst_node){
        .symbol = symbol,
        .start = file_offset(parse, ts_node_start_byte(node)),
        .end = file_offset(parse, ts_node_end_byte(node)),
    };
}

static void push_open(struct python_parser *parser, size_t number)
{
    if (parser->scratch_count == parser->scratch_capacity)
        parser->scratch =
            array_grow(parser->scratch, parser->scratch_count, &parser->scratch_capacity, sizeof *parser->scratch);
    parser->scratch[parser->scratch_count++] = (uint32_t)number;
}

/* `a: b: c`, which tree-sitter takes for a type with a bound: Python has such between brackets only. */
static bool is_odd_type(const struct python_parser *parser, size_t floor)
{
    size_t open = parser->scratch_count;
    return open < floor + 2 || parser->nodes[parser->scratch[open - 2]].symbol != CST_TYPE_PARAMETER;
}

/* `a: *b` and `a: **b`: Python has `*args: *b` and C[*b] only. */
static bool is_odd_splat(const struct python_parser *parser, size_t floor)
{
    size_t open = parser->scratch_count;
    if (open < floor + 2)
        return true;
    uint32_t holder = parser->scratch[open - 2];
    if (parser->nodes[holder].symbol == CST_TYPED_PARAMETER)
        return parser->nodes[holder + 1].symbol != CST_LIST_SPLAT_PATTERN;
    return parser->nodes[holder].symbol != CST_TYPE_PARAMETER;
}

/* `a / *b`: tree-sitter takes a star before any operand. */
static bool is_odd_star(const struct python_parser *parser, size_t floor, uint32_t start)
{
    size_t open = parser->scratch_count;
    while (open > floor && parser->nodes[parser->scratch[open - 1]].start == start)
        open--;
    switch (open > floor ? (int)parser->nodes[parser->scratch[open - 1]].symbol : CST_UNKNOWN) {
    case CST_BINARY_OPERATOR:
    case CST_UNARY_OPERATOR:
    case CST_NOT_OPERATOR:
    case CST_BOOLEAN_OPERATOR:
    case CST_COMPARISON_OPERATOR:
    case CST_CONDITIONAL_EXPRESSION:
    case CST_AWAIT: return true;
    }
    return false;
}

/* Copies the tree below the cursor into parser->nodes; gives the first node that Python would not take, 0 when there is none. */
static size_t flatten(struct python_parser *parser, const struct parse *parse, TSTreeCursor *cursor)
{
    size_t floor = parser->scratch_count, odd = 0;
    parser->node_count = 0;
    for (;;) {
        TSNode node = ts_tree_cursor_current_node(cursor);
        TSSymbol symbol = ts_node_symbol(node);
        uint8_t kind = symbol < parser->symbol_count ? parser->symbols[symbol] : CST_UNKNOWN;
        bool is_kept = kind != CST_DROPPED && kind != CST_STRING_CONTENT;
        if (is_kept)
            push_node(parser, parse, kind, node);
        if (!odd && kind == CST_CONSTRAINED_TYPE && is_odd_type(parser, floor))
            odd = parser->node_count - 1;
        if (!odd && kind == CST_SPLAT_TYPE && is_odd_splat(parser, floor))
            odd = parser->node_count - 1;
        bool is_star = kind == CST_LIST_SPLAT || kind == CST_LIST_SPLAT_PATTERN;
        if (!odd && is_star && is_odd_star(parser, floor, parser->nodes[parser->node_count - 1].start))
            odd = parser->node_count - 1;
        if (is_kept && kind != CST_UNKNOWN && ts_tree_cursor_goto_first_child(cursor)) {
            push_open(parser, parser->node_count - 1);
            continue;
        }
        if (is_kept)
            parser->nodes[parser->node_count - 1].skip = (uint32_t)parser->node_count;
        while (!ts_tree_cursor_goto_next_sibling(cursor)) {
            if (parser->scratch_count == floor)
                return odd;
            parser->nodes[parser->scratch[--parser->scratch_count]].skip = (uint32_t)parser->node_count;
            ts_tree_cursor_goto_parent(cursor);
        }
    }
}

/* What can be told without parsing. */
static bool may_parse(struct python_file *file, uint32_t piece, uint32_t start, uint32_t end, bool is_header)
{
    uint32_t deepest_at, indented_at;
    if (end - start > LIMIT_PIECE_BYTES) {
        python_trouble(file, piece, TEXT("a statement that is too long"), start);
        return false;
    }
    if (python_nesting(file, start, end, &deepest_at) > LIMIT_NESTING) {
        python_trouble(file, piece, TEXT("brackets nested too deeply"), deepest_at);
        return false;
    }
    struct text indentation = python_indentation_trouble(file, start, end, is_header, &indented_at);
    if (indentation.length) {
        python_trouble(file, piece, indentation, indented_at);
        return false;
    }
    return true;
}

bool python_parse_text(struct python_file *file, uint32_t piece, uint32_t start, uint32_t end, struct text prefix,
                       struct text suffix)
{
    if (!may_parse(file, piece, start, end, suffix.length > 0))
        return false;
    struct python_parser *parser = tree_sitter_of(file);
    struct python_segments segments;
    python_segments_find(&segments, file, start, end, prefix, suffix);
    struct parse parse = {
        .segments = segments.items,
        .count = segments.count,
        .most_reports = PARSE_REPORTS_LEAST + (end - start) / PARSE_BYTES_PER_REPORT,
    };
    if (parse.most_reports > PARSE_REPORTS_MOST)
        parse.most_reports = PARSE_REPORTS_MOST;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &parse.deadline);
    parse.deadline.tv_nsec += LIMIT_PARSE_MICROSECONDS % 1000000 * 1000;
    parse.deadline.tv_sec += LIMIT_PARSE_MICROSECONDS / 1000000 + parse.deadline.tv_nsec / 1000000000;
    parse.deadline.tv_nsec %= 1000000000;
    TSInput input = {.payload = &parse, .read = read_text, .encoding = TSInputEncodingUTF8};
    TSParseOptions options = {.payload = &parse, .progress_callback = progress};
    TSTree *tree = parser->symbols ? ts_parser_parse_with_options(parser->parser, NULL, input, options) : NULL;
    if (!tree) {
        if (parser->symbols)
            ts_parser_reset(parser->parser);
        bool is_bound = parse.hit_bound && !parse.hit_error;
        python_trouble(file, piece,
                       is_bound ? TEXT("a statement that takes too long to parse") : TEXT("a syntax error"),
                       file_offset(&parse, parse.stopped_at));
        return false;
    }
    TSNode root = ts_tree_root_node(tree);
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    bool is_whole = !ts_node_has_error(root);
    size_t odd = is_whole ? flatten(parser, &parse, &cursor) : 0;
    if (odd)
        python_trouble(file, piece, parser->nodes[odd].symbol == CST_CONSTRAINED_TYPE ? TEXT("a syntax error: a colon too many") : TEXT("a syntax error: a star too many"),
                       parser->nodes[odd].start);
    if (!is_whole)
        python_trouble(file, piece, TEXT("a syntax error"), file_offset(&parse, first_error(&cursor)));
    ts_tree_cursor_delete(&cursor);
    ts_tree_delete(tree);
    return is_whole && !odd;
}
