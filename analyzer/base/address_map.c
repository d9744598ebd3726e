#include "base/address_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define FIRST_SIZE 16
#define FIRST_SHIFT 60 /* 64 less its number of bits */

/* The address's slot, or the free one where it belongs. */
static struct address_slot *slot_of(const struct address_map *map, const void *address)
{
    /* Objects made one after the other are equally far apart: times the golden ratio, the top bits spread them evenly. */
    size_t at = (size_t)(((uintptr_t)address >> 4) * 0x9e3779b97f4a7c15u >> map->shift);
    while (map->slots[at].address && map->slots[at].address != address)
        at = (at + 1) & (map->size - 1);
    return &map->slots[at];
}

static void grow(struct address_map *map)
{
    struct address_map larger = {
        .count = map->count,
        .size = map->size ? map->size * 2 : FIRST_SIZE,
        .shift = (uint8_t)(map->size ? map->shift - 1 : FIRST_SHIFT),
    };
    larger.slots = memory_alloc(larger.size * sizeof *larger.slots);
    memset(larger.slots, 0, larger.size * sizeof *larger.slots);
    for (size_t i = 0; i < map->size; i++)
        if (map->slots[i].address)
            *slot_of(&larger, map->slots[i].address) = map->slots[i];
    free(map->slots);
    *map = larger;
}

bool address_map_add(struct address_map *map, const void *address, uint32_t number)
{
    if ((map->count + 1) * 4 > map->size * 3)
        grow(map);
    struct address_slot *slot = slot_of(map, address);
    if (slot->address)
        return false;
    *slot = (struct address_slot){address, number};
    map->count++;
    return true;
}

bool address_map_find(const struct address_map *map, const void *address, uint32_t *number)
{
    const struct address_slot *slot = map->count ? slot_of(map, address) : NULL;
    if (!slot || !slot->address)
        return false;
    *number = slot->number;
    return true;
}

void address_map_free(struct address_map *map)
{
    free(map->slots);
    *map = (struct address_map){0};
}
