#include "cli/cli.h"

#ifdef __GLIBC__
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE ((uintptr_t)2 << 20)
#define FIRST_CHUNK ((size_t)160 << 10) /* more than the heap has before main() */
#define HEAP_STEP ((size_t)16 << 20)    /* what most models need, so that it grows once */

/* One heap for all threads, grown in large steps: the evaluator's thread would else grow one of its own page by page.
 * Where the system has huge pages to spare it is backed by them: a cold check touches a thousand small pages, and the
 * faults are a tenth of its time.  What is touched here stays below the first huge page, which would else be lost. */
static void prepare_heap(void)
{
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, HEAP_STEP);
    mallopt(M_MMAP_THRESHOLD, 2 * HEAP_STEP); /* files and arena blocks are in it too */
    mallopt(M_TRIM_THRESHOLD, 4 * HEAP_STEP);
    uintptr_t end = (uintptr_t)sbrk(0);
    uintptr_t first = (end + FIRST_CHUNK + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    if (end == UINTPTR_MAX || sbrk((intptr_t)(first - FIRST_CHUNK - end)) == (void *)-1)
        return;
    void *volatile chunk = malloc(FIRST_CHUNK - 4096); /* the heap goes on below `first`, by a step */
    uintptr_t last = (uintptr_t)sbrk(0) & ~(HUGE_PAGE - 1);
    if (last > first)
        madvise((void *)first, last - first, MADV_HUGEPAGE);
    free(chunk);
}
#endif

int main(int count, char **arguments)
{
#ifdef __GLIBC__
    prepare_heap();
#endif
    setvbuf(stderr, NULL, _IOLBF, 0); /* a line is one write, not one for each of its letters */
    return cli_main(count, arguments, stdout, stderr);
}
