/* Memory: alignment, zeroing, marks, arrays that grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        if (size)
            memset(memory, 0xAA, size);
    }
    arena_free(&arena);
    assert_null(arena.last);
}

static void large_pieces_get_blocks_of_their_own(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *small = arena_copy(&arena, "small", 5);
    unsigned char *large = arena_alloc(&arena, (size_t)5 << 20);
    char *after = arena_copy(&arena, "after", 5);
    large[((size_t)5 << 20) - 1] = 1;
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    assert_true(arena_used(&arena) >= ((size_t)5 << 20) + 32);
    arena_free(&arena);
}

static void a_copy_ends_with_a_nul(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *copy = arena_copy(&arena, "a\0b", 3);
    assert_memory_equal(copy, "a\0b\0", 4);
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    arena_free(&arena);
}

static void a_reset_gives_memory_back_zeroed(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *kept = arena_copy(&arena, "kept", 4);
    struct arena_mark mark = arena_mark(&arena);
    size_t used = arena_used(&arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++)
            memset(arena_alloc(&arena, 1000), 0xFF, 1000);
        arena_reset(&arena, mark);
        assert_int_equal(arena_used(&arena), used);
        unsigned char *again = arena_alloc(&arena, 1000);
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(again[i], 0);
        arena_reset(&arena, mark);
    }
    assert_string_equal(kept, "kept");
    arena_reset(&arena, (struct arena_mark){0});
    assert_int_equal(arena_used(&arena), 0);
}

static void an_array_keeps_its_items_when_it_grows(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (size_t count = 0; count < 10000; count++) {
        items = array_grow(items, count, &capacity, sizeof *items);
        assert_true(capacity > count);
        items[count] = (int)count;
    }
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(items[i], i);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(large_pieces_get_blocks_of_their_own),
        cmocka_unit_test(a_copy_ends_with_a_nul),
        cmocka_unit_test(a_reset_gives_memory_back_zeroed),
        cmocka_unit_test(an_array_keeps_its_items_when_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
