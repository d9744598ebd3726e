#include "cli/cli.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(int count, char **arguments)
{
#ifdef __GLIBC__
    /* One heap for all threads, grown in large steps: the evaluator's thread would else grow one of its own page by page. */
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, 4 << 20);
#endif
    setvbuf(stderr, NULL, _IOLBF, 0); /* a line is one write, not one for each of its letters */
    return cli_main(count, arguments, stdout, stderr);
}
