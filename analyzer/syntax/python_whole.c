/* Does all of a file parse?  Nothing is lowered: plain pieces cost little, and most are plain. */
#include "syntax/python_plain.h"

/* A statement that is no class of the top level: those are read member by member. */
static bool piece_parses(struct python_file *file, uint32_t number)
{
    const struct python_piece piece = file->pieces[number];
    if (piece.state != PIECE_UNPARSED || piece.docstring)
        return piece.state != PIECE_BROKEN;
    char first = file->source.bytes.bytes[piece.start];
    bool is_indented = first == ' ' || first == '\t';
    if (is_indented && !piece.is_member)
        python_trouble(file, number, TEXT("a syntax error: an indentation that does not fit"), piece.start);
    else if (!plain_read(file, piece.start, piece.end, false))
        python_parse_text(file, number, piece.start, piece.end,
                          is_indented || first == '\f' ? TEXT("if 1:\n") : TEXT(""), TEXT(""));
    return file->pieces[number].state != PIECE_BROKEN;
}

static bool class_parses(struct python_file *file, uint32_t number, uint32_t *broken)
{
    const struct python_piece piece = file->pieces[number];
    *broken = number;
    if (piece.state != PIECE_BROKEN && plain_read(file, piece.start, piece.end, false))
        return true;
    if (python_piece_parse(file, number) == PIECE_BROKEN)
        return false;
    python_class_split(file, number);
    for (uint32_t i = 0; i < file->pieces[number].member_count; i++)
        if (!piece_parses(file, *broken = file->pieces[number].first_member + i))
            return false;
    *broken = number;
    return file->pieces[number].state != PIECE_BROKEN && file->pieces[number].member_count > 0;
}

static void find_trouble(struct python_file *file)
{
    file->whole_trouble = file->trouble;
    file->whole_trouble_at = file->trouble_at;
    for (uint32_t i = 0; i < file->piece_count && !file->whole_trouble.length; i++) {
        uint32_t broken = i;
        if (file->pieces[i].kind == PIECE_CLASS ? class_parses(file, i, &broken) : piece_parses(file, i))
            continue;
        bool is_told = file->pieces[broken].state == PIECE_BROKEN;
        file->whole_trouble = is_told ? file->pieces[broken].trouble : TEXT("a syntax error: a class without a body");
        file->whole_trouble_at = is_told ? file->pieces[broken].trouble_at : file->pieces[broken].start;
    }
}

bool python_file_parses(struct python_file *file)
{
    if (!file->is_whole) {
        python_parser_of(file);
        find_trouble(file);
    }
    file->is_whole = true;
    return !file->whole_trouble.length;
}
