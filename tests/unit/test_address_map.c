/* Numbers by address: adding, finding, growing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/address_map.h"

static void an_empty_map_has_nothing(void **state)
{
    (void)state;
    struct address_map map = {0};
    uint32_t number = 7;
    assert_false(address_map_find(&map, &map, &number));
    assert_int_equal(number, 7);
    address_map_free(&map);
}

static void the_first_number_stays(void **state)
{
    (void)state;
    struct address_map map = {0};
    uint32_t number = 0;
    assert_true(address_map_add(&map, &map, 3));
    assert_false(address_map_add(&map, &map, 4));
    assert_true(address_map_find(&map, &map, &number));
    assert_int_equal(number, 3);
    address_map_free(&map);
    assert_false(address_map_find(&map, &map, &number));
    assert_true(address_map_add(&map, &map, 5));
    address_map_free(&map);
}

/* Neighbours, as an arena gives them, and far apart by a power of two. */
static void all_are_found_as_it_grows(void **state)
{
    enum { COUNT = 5000 };
    (void)state;
    static const size_t distances[] = {16, 4096, (size_t)1 << 20};
    for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
        struct address_map map = {0};
        for (uint32_t k = 1; k <= COUNT; k++) {
            const void *address = (const void *)(uintptr_t)(k * distances[i]);
            uint32_t number = 0;
            assert_true(address_map_add(&map, address, k));
            assert_true(address_map_find(&map, (const void *)(uintptr_t)(k / 2 * distances[i] + distances[i]), &number));
            assert_int_equal(number, k / 2 + 1);
            assert_false(address_map_find(&map, (const void *)(uintptr_t)((k + 1) * distances[i]), &number));
        }
        assert_int_equal(map.count, COUNT);
        assert_true(map.size <= COUNT * 4);
        address_map_free(&map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(the_first_number_stays),
        cmocka_unit_test(all_are_found_as_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
