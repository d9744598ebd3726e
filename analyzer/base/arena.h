/*
 * Memory that lives and dies together.
 *
 * An arena owns everything allocated from it; there is no free for one object.  Arenas have plain lifetimes: the run,
 * one file, one model, one scratch computation.  Memory comes zeroed and aligned for any type.
 *
 * Allocation never returns NULL.  Code that works for untrusted input asks arena_used() against its bound before it
 * allocates much; when the machine itself has no memory left the process ends with exit status 3 and a message
 * (nothing sensible can be printed then, and no finding may be lost silently).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena_block;

struct arena {
    struct arena_block *last; /* newest block; blocks are chained backwards */
    unsigned char *next;      /* next free byte of the newest block */
    unsigned char *end;       /* end of the newest block */
    size_t used;              /* bytes handed out since the start, with alignment */
};

/* A point to which an arena can be emptied again. */
struct arena_mark {
    struct arena_block *last;
    unsigned char *next;
    size_t used;
};

#define ARENA_ALIGNMENT ((size_t)16)

void *arena_alloc_slow(struct arena *arena, size_t size); /* for arena_alloc() only: from a new block */
void arena_reset_slow(struct arena *arena, struct arena_mark mark); /* for arena_reset() only */

/* A zeroed struct arena is an empty arena. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    size_t room = (size_t)(arena->end - arena->next);
    size_t rounded = (size + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    if (rounded > room || rounded < size || !arena->next)
        return arena_alloc_slow(arena, size);
    unsigned char *memory = arena->next;
    arena->next += rounded;
    arena->used += rounded;
    memset(memory, 0, rounded);
    return memory;
}
void *arena_alloc_array(struct arena *arena, size_t count, size_t size); /* checked multiplication */
char *arena_copy(struct arena *arena, const char *bytes, size_t length); /* a NUL is added after the bytes */
static inline size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
static inline struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->last, arena->next, arena->used};
}
/* What was allocated since is gone. */
static inline void arena_reset(struct arena *arena, struct arena_mark mark)
{
    if (arena->last != mark.last) {
        arena_reset_slow(arena, mark);
        return;
    }
    arena->next = mark.next;
    arena->used = mark.used;
}
void arena_free(struct arena *arena);                          /* everything is gone; the arena is empty again */

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Growable plain arrays on the heap of C: doubles the capacity when count reaches it.  Ends the process with status 3
 * when there is no memory.  `items` may be NULL with *capacity 0. */
void *array_grow(void *items, size_t count, size_t *capacity, size_t item_size);

/* malloc and realloc that never return NULL (status 3, as above). */
void *memory_alloc(size_t size);
void *memory_realloc(void *old, size_t size);

#endif
