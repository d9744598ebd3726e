/* leaflint's facts as constant tables (syntax/python_tables.h): what splitting and parsing their text gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torch/fact_files.h"

static bool same_text(struct text a, struct text b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

static void check_pieces(struct python_file *fact, struct python_file *parsed)
{
    assert_int_equal(fact->piece_count, parsed->piece_count);
    for (uint32_t i = 0; i < parsed->piece_count; i++) {
        python_class_split(parsed, i);
        const struct python_piece *piece = &fact->pieces[i], *other = &parsed->pieces[i];
        assert_int_equal(piece->kind, other->kind);
        assert_int_equal(piece->start, other->start);
        assert_int_equal(piece->end, other->end);
        assert_int_equal(piece->member_count, other->member_count);
        assert_int_equal(piece->state, PIECE_PARSED);
        if (piece->kind != PIECE_BLOCK) { /* whose names are known when it is parsed */
            assert_int_equal(piece->name_count, other->name_count);
            for (uint32_t k = 0; k < piece->name_count; k++)
                assert_true(same_text(fact->ast.strings[fact->names[piece->first_name + k]],
                                      parsed->ast.strings[parsed->names[other->first_name + k]]));
        }
        assert_int_equal(python_piece_parse(parsed, i), PIECE_PARSED);
        assert_int_equal(fact->ast.nodes[piece->node].kind, parsed->ast.nodes[parsed->pieces[i].node].kind);
        assert_int_equal(fact->ast.nodes[piece->node].at, parsed->ast.nodes[parsed->pieces[i].node].at);
        for (uint32_t k = 0; k < piece->member_count; k++) {
            assert_int_equal(fact->pieces[piece->first_member + k].state, PIECE_PARSED);
            assert_int_equal(fact->pieces[piece->first_member + k].start,
                             parsed->pieces[parsed->pieces[i].first_member + k].start);
            assert_int_equal(python_piece_parse(parsed, parsed->pieces[i].first_member + k), PIECE_PARSED);
        }
    }
}

static void every_fact_is_what_its_text_says(void **state)
{
    (void)state;
    assert_true(fact_file_count > 20);
    for (size_t i = 0; i < fact_file_count; i++) {
        const struct fact_file *row = &fact_files[i];
        struct python_file *fact = python_file_from_tables(row->tables, text_from(row->path));
        struct source source;
        source_from_bytes(&source, fact->source.bytes, text_from(row->path));
        struct python_file *parsed = python_file_split(&source);
        assert_int_equal(fact->trouble.length, 0);
        check_pieces(fact, parsed);
        assert_int_equal(fact->ast.node_count, parsed->ast.node_count);
        assert_int_equal(fact->ast.string_count, parsed->ast.string_count);
        assert_int_equal(fact->ast.function_count, parsed->ast.function_count);
        assert_int_equal(fact->ast.class_count, parsed->ast.class_count);
        for (size_t k = 0; k < parsed->ast.string_count; k++)
            assert_int_not_equal(python_string_find(fact, parsed->ast.strings[k]), UINT32_MAX);
        for (size_t k = 0; k < parsed->ast.float_count; k++)
            assert_true(fact->ast.floats[k] == parsed->ast.floats[k]);
        python_file_free(parsed);
        python_file_free(fact);
    }
}

static void nothing_is_added(void **state)
{
    (void)state;
    struct python_file *fact = python_file_from_tables(fact_files[0].tables, text_from(fact_files[0].path));
    size_t nodes = fact->ast.node_count, pieces = fact->all_pieces;
    assert_int_equal(python_string_find(fact, TEXT("no fact has this name")), UINT32_MAX);
    for (uint32_t i = 0; i < fact->all_pieces; i++) {
        python_class_split(fact, i);
        assert_int_equal(python_piece_parse(fact, i), PIECE_PARSED);
    }
    assert_int_equal(fact->ast.node_count, nodes);
    assert_int_equal(fact->all_pieces, pieces);
    assert_int_equal(source_place(&fact->source, 0).line, 1);
    python_file_free(fact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_is_what_its_text_says),
        cmocka_unit_test(nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
