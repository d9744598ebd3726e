/*
 * Numbers by address: which objects were met, and as the how-manieth.
 *
 * The map owns its memory, on the heap of C: a walk over a hundred thousand modules needs it only as long as it lasts.
 * A zeroed struct is an empty map.  It holds at most one entry per object of the caller's, so it needs no bound of its own.
 * Objects lie at multiples of 16 (arena.h).
 */
#ifndef BASE_ADDRESS_MAP_H
#define BASE_ADDRESS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_slot {
    const void *address; /* NULL: free */
    uint32_t number;
};

struct address_map {
    struct address_slot *slots;
    size_t count, size; /* size: a power of two, at least a third more than count */
    uint8_t shift;
};

/* Adds an address that is not there yet; false, and the map as it was, when it is.  `address` is not NULL. */
bool address_map_add(struct address_map *map, const void *address, uint32_t number);
/* The number that the address was added with; false when it is not there. */
bool address_map_find(const struct address_map *map, const void *address, uint32_t *number);
void address_map_free(struct address_map *map); /* it is empty again */

#endif
