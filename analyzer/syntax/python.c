#include "syntax/python_plain.h"

#include <stdlib.h>

/* ---- strings ---- */

static uint32_t string_seed(const struct python_file *file)
{
    /* The address differs from run to run, so nobody can prepare names that collide; numbers do not depend on it. */
    return (uint32_t)((uintptr_t)file >> 4) * 2654435761u;
}

static void string_table_grow(struct python_file *file)
{
    size_t size = file->string_table_size ? file->string_table_size * 2 : 1024;
    free(file->string_table);
    file->string_table = memory_alloc(size * sizeof *file->string_table);
    memset(file->string_table, 0, size * sizeof *file->string_table);
    file->string_table_size = size;
    for (size_t number = 0; number < file->ast.string_count; number++) {
        size_t at = text_hash(file->ast.strings[number], string_seed(file)) & (size - 1);
        while (file->string_table[at])
            at = (at + 1) & (size - 1);
        file->string_table[at] = (uint32_t)number + 1;
    }
}

/* The slot of the table where `text` is, or where it would be. */
static size_t string_slot(const struct python_file *file, struct text text)
{
    size_t mask = file->string_table_size - 1;
    size_t at = text_hash(text, string_seed(file)) & mask;
    while (file->string_table[at] && !text_equal(file->ast.strings[file->string_table[at] - 1], text))
        at = (at + 1) & mask;
    return at;
}

uint32_t python_string(struct python_file *file, struct text text, bool copy)
{
    if ((file->ast.string_count + 1) * 2 > file->string_table_size)
        string_table_grow(file);
    size_t at = string_slot(file, text);
    if (file->string_table[at])
        return file->string_table[at] - 1;
    struct ast *ast = &file->ast;
    if (ast->string_count == ast->string_capacity)
        ast->strings = array_grow(ast->strings, ast->string_count, &ast->string_capacity, sizeof *ast->strings);
    ast->strings[ast->string_count] = copy ? text_copy(&file->arena, text) : text;
    file->string_table[at] = (uint32_t)ast->string_count + 1;
    return (uint32_t)ast->string_count++;
}

uint32_t python_string_find(const struct python_file *file, struct text text)
{
    if (!file->string_table_size) { /* a file of constant tables: asked for so seldom that it needs none */
        for (size_t i = 0; i < file->ast.string_count; i++)
            if (text_equal(file->ast.strings[i], text))
                return (uint32_t)i;
        return UINT32_MAX;
    }
    size_t at = string_slot(file, text);
    return file->string_table[at] ? file->string_table[at] - 1 : UINT32_MAX;
}

/* ---- pieces ---- */

uint32_t python_piece_add(struct python_file *file)
{
    if (file->all_pieces == file->piece_capacity)
        file->pieces = array_grow(file->pieces, file->all_pieces, &file->piece_capacity, sizeof *file->pieces);
    struct python_piece *piece = &file->pieces[file->all_pieces];
    *piece = (struct python_piece){.kind = PIECE_OTHER, .first_name = (uint32_t)file->name_count};
    return (uint32_t)file->all_pieces++;
}

void python_piece_name(struct python_file *file, uint32_t number, uint32_t string)
{
    struct python_piece *piece = &file->pieces[number];
    if (piece->name_count == 0)
        piece->first_name = (uint32_t)file->name_count;
    for (uint32_t i = 0; i < piece->name_count && piece->name_count < 64; i++)
        if (file->names[piece->first_name + i] == string)
            return;
    if (file->name_count == file->name_capacity)
        file->names = array_grow(file->names, file->name_count, &file->name_capacity, sizeof *file->names);
    file->names[file->name_count++] = string;
    piece->name_count++;
}

void python_trouble(struct python_file *file, uint32_t number, struct text trouble, uint32_t at)
{
    struct python_piece *piece = &file->pieces[number];
    if (piece->state == PIECE_BROKEN)
        return;
    piece->state = PIECE_BROKEN;
    piece->trouble = trouble;
    piece->trouble_at = at;
}

/* ---- the file ---- */

static void list_zero(struct python_file *file)
{
    struct ast *ast = &file->ast;
    ast->extra = array_grow(ast->extra, 0, &ast->extra_capacity, sizeof *ast->extra);
    ast->extra[0] = 0;
    ast->extra_count = 1;
    ast->nodes = array_grow(ast->nodes, 0, &ast->node_capacity, sizeof *ast->nodes);
    ast->nodes[0] = (struct ast_node){.kind = AST_NOTHING};
    ast->node_count = 1;
    python_string(file, TEXT(""), false);
    python_string(file, TEXT("super"), false);
    python_string(file, TEXT("__class__"), false);
    python_string(file, TEXT("<lambda>"), false);
    python_string(file, TEXT("*"), false);
}

/* CPython refuses what is not UTF-8 (a coding comment is not looked at) and NUL bytes. */
static void check_bytes(struct python_file *file)
{
    struct text bytes = file->source.bytes;
    const char *nul = memchr(bytes.bytes, 0, bytes.length);
    size_t at = 0;
    while (at < bytes.length) {
        uint64_t word, words[8];
        if (bytes.length - at >= sizeof words) {
            memcpy(words, bytes.bytes + at, sizeof words);
            word = words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7];
            if (!(word & 0x8080808080808080u)) {
                at += sizeof words;
                continue;
            }
        }
        if (bytes.length - at >= sizeof word) {
            memcpy(&word, bytes.bytes + at, sizeof word);
            if (!(word & 0x8080808080808080u)) {
                at += sizeof word;
                continue;
            }
        }
        int size = utf8_decode(bytes.bytes + at, bytes.length - at, NULL);
        if (size == 0)
            break;
        at += (size_t)size;
    }
    if (nul || at < bytes.length) {
        file->trouble = nul ? TEXT("a NUL byte") : TEXT("bytes that are not UTF-8");
        file->trouble_at = (uint32_t)(nul ? (size_t)(nul - bytes.bytes) : at);
    }
}

struct python_file *python_file_split(struct source *source)
{
    struct python_file *file = memory_alloc(sizeof *file);
    memset(file, 0, sizeof *file);
    file->source = *source;
    *source = (struct source){0};
    list_zero(file);

    struct text bytes = file->source.bytes;
    if (bytes.length > UINT32_MAX / 4) {
        file->trouble = TEXT("the file is too large");
        return file;
    }
    check_bytes(file);
    uint32_t start = text_starts(bytes, TEXT("\xef\xbb\xbf")) ? 3 : 0;
    python_cut(file, start, (uint32_t)bytes.length, false);
    file->piece_count = file->all_pieces;
    return file;
}

void python_file_free(struct python_file *file)
{
    if (!file)
        return;
    if (file->tables) {
        python_tables_free(file);
        return;
    }
    struct ast *ast = &file->ast;
    free(ast->nodes);
    free(ast->extra);
    free(ast->strings);
    free(ast->floats);
    free(ast->functions);
    free(ast->classes);
    free(ast->parameters);
    free(ast->locals);
    free(file->pieces);
    free(file->names);
    free(file->string_table);
    python_parser_free(file->parser);
    source_free(&file->source);
    arena_free(&file->arena);
    free(file);
}

/* ---- parsing a piece ---- */

/* The one statement of the piece in the flat tree; 0 when there is not exactly one. */
static uint32_t only_statement(const struct lowering *lowering, bool is_wrapped)
{
    uint32_t parent = 0; /* the module */
    if (is_wrapped) {
        uint32_t wrapper = cst_first_part(lowering, parent);
        if (!wrapper || cst_symbol(lowering, wrapper) != CST_IF_STATEMENT || cst_next_part(lowering, parent, wrapper))
            return 0;
        parent = cst_child(lowering, wrapper, CST_BLOCK);
    }
    uint32_t child = cst_part(lowering, parent, parent + 1 < cst_at(lowering, parent)->skip ? parent + 1 : 0);
    return child && !cst_next_part(lowering, parent, child) ? child : 0;
}

static void lower_piece(struct python_file *file, uint32_t number, bool is_header, bool is_wrapped)
{
    struct lowering lowering = {
        .file = file,
        .parser = file->parser,
        .piece = number,
        .star_at = UINT32_MAX,
        .trouble = TEXT(""),
    };
    struct scope scope;
    uint32_t statement = only_statement(&lowering, is_wrapped);
    if (!statement) {
        python_trouble(file, number, TEXT("a syntax error: an indentation that does not fit"),
                       file->pieces[number].start);
        return;
    }
    scope_open(&lowering, &scope, SCOPE_UNIT);
    uint32_t node = is_header ? lower_class_header(&lowering, statement) : lower_statement(&lowering, statement);
    uint32_t first_local, local_count;
    scope_close(&lowering, &first_local, &local_count);
    file->parser->scratch_count = 0;
    file->parser->parameter_count = 0;
    file->parser->hidden_count = 0;
    struct python_piece *piece = &file->pieces[number];
    if (lowering.trouble.length) {
        python_trouble(file, number, lowering.trouble, lowering.trouble_at);
        return;
    }
    piece->state = PIECE_PARSED;
    piece->node = node;
    piece->scope_first_local = first_local;
    piece->scope_local_count = local_count;
}

static void name_block(struct python_file *file, uint32_t number)
{
    uint32_t *names = NULL;
    size_t count = 0, capacity = 0;
    python_bound_names(file, file->pieces[number].node, &names, &count, &capacity);
    for (size_t i = 0; i < count; i++)
        python_piece_name(file, number, names[i]);
    free(names);
}

static bool is_plain(struct python_file *file, uint32_t start, uint32_t end, bool is_header)
{
    python_parser_of(file);
    return plain_read(file, start, end, is_header);
}

enum piece_state python_piece_parse(struct python_file *file, uint32_t number)
{
    const struct python_piece piece = file->pieces[number];
    if (piece.state != PIECE_UNPARSED)
        return (enum piece_state)piece.state;
    /* The members of a top-level class are pieces of their own; of the class itself only the header is parsed. */
    bool is_header = piece.kind == PIECE_CLASS && !piece.is_member;
    uint32_t end = is_header ? python_class_header_end(file, number) : piece.end;
    char first = file->source.bytes.bytes[piece.start];
    bool is_indented = first == ' ' || first == '\t' || first == '\f';
    bool is_wrapped = is_indented && piece.is_member;
    if (end <= piece.start)
        python_trouble(file, number, TEXT("a syntax error: a colon is missing"), piece.start);
    else if (is_indented && !piece.is_member && first != '\f')
        python_trouble(file, number, TEXT("a syntax error: an indentation that does not fit"), piece.start);
    else if (is_plain(file, piece.start, end, is_header))
        lower_piece(file, number, is_header, false);
    else if (python_parse_text(file, number, piece.start, end, is_wrapped ? TEXT("if 1:\n") : TEXT(""),
                               is_header ? TEXT(" pass\n") : TEXT("")))
        lower_piece(file, number, is_header, is_wrapped);
    if (piece.kind == PIECE_BLOCK && file->pieces[number].state == PIECE_PARSED)
        name_block(file, number);
    return (enum piece_state)file->pieces[number].state;
}

/* ---- questions ---- */

static bool is_word_byte(char byte)
{
    unsigned char c = (unsigned char)byte;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
}

bool python_piece_mentions(const struct python_file *file, uint32_t number, struct text identifier)
{
    const struct python_piece *piece = &file->pieces[number];
    const char *bytes = file->source.bytes.bytes;
    const char *at = bytes + piece->start;
    const char *end = bytes + piece->end;
    if (identifier.length == 0)
        return false;
    while ((size_t)(end - at) >= identifier.length) {
        at = memchr(at, identifier.bytes[0], (size_t)(end - at) - identifier.length + 1);
        if (!at)
            return false;
        const char *after = at + identifier.length;
        if (memcmp(at, identifier.bytes, identifier.length) == 0 && (at == bytes || !is_word_byte(at[-1])) &&
            (after == end || !is_word_byte(*after)))
            return true;
        at++;
    }
    return false;
}
