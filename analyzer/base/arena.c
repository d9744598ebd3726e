#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64 << 10)
#define BLOCK_BYTES_MAX ((size_t)1 << 20)

struct arena_block {
    struct arena_block *previous;
    size_t size; /* bytes of data */
    size_t pad[2];
};

/* The one exit outside cli: without memory there is no way to report through the layers above. */
static _Noreturn void out_of_memory(void)
{
    fputs("leaflint: out of memory\n", stderr);
    _Exit(3);
}

void *memory_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *memory_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *arena_alloc_slow(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ARENA_ALIGNMENT)
        out_of_memory();
    size = (size + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    arena->used += size;
    size_t block_size = BLOCK_BYTES;
    if (arena->last && arena->last->size * 2 > block_size)
        block_size = arena->last->size * 2;
    if (block_size > BLOCK_BYTES_MAX)
        block_size = BLOCK_BYTES_MAX;
    if (block_size < size)
        block_size = size;
    if (block_size > SIZE_MAX - sizeof(struct arena_block))
        out_of_memory();
    struct arena_block *block = memory_alloc(sizeof *block + block_size);
    block->previous = arena->last;
    block->size = block_size;
    arena->last = block;
    arena->next = (unsigned char *)(block + 1);
    arena->end = arena->next + block_size;
    unsigned char *memory = arena->next;
    arena->next += size;
    memset(memory, 0, size);
    return memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory();
    return arena_alloc(arena, count * size);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

void arena_reset_slow(struct arena *arena, struct arena_mark mark)
{
    while (arena->last != mark.last) {
        struct arena_block *previous = arena->last->previous;
        free(arena->last);
        arena->last = previous;
    }
    arena->next = mark.next;
    arena->end = mark.last ? (unsigned char *)(mark.last + 1) + mark.last->size : NULL;
    arena->used = mark.used;
}

void arena_free(struct arena *arena)
{
    arena_reset(arena, (struct arena_mark){0});
}

void *array_grow(void *items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? *capacity * 2 : 16;
    if (wanted <= count)
        wanted = count + 1;
    if (wanted > SIZE_MAX / item_size)
        out_of_memory();
    *capacity = wanted;
    return memory_realloc(items, wanted * item_size);
}
