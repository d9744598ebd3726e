#include "base/large_stack.h"

#include <stddef.h>

#define STACK_BYTES ((size_t)256 << 20)

static void *run_thread(void *context)
{
    struct large_thread *thread = context;
    thread->run(thread->context);
    return NULL;
}

bool large_thread_start(struct large_thread *thread, void (*run)(void *context), void *context)
{
    *thread = (struct large_thread){.run = run, .context = context};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    bool started = pthread_create(&thread->thread, &attributes, run_thread, thread) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

void large_thread_join(struct large_thread *thread)
{
    pthread_join(thread->thread, NULL);
}

void large_stack_run(void (*run)(void *context), void *context)
{
    struct large_thread thread;
    if (large_thread_start(&thread, run, context))
        large_thread_join(&thread);
    else
        run(context);
}
