/*
 * Threads with a large stack.
 *
 * The evaluator recurses as deeply as Python code nests; on such a stack its bounds (LIMIT_EXPRESSION_DEPTH) are reached
 * before the stack's end, whatever the caller's stack is.  Only what is touched of it costs memory.
 */
#ifndef BASE_LARGE_STACK_H
#define BASE_LARGE_STACK_H

#include <pthread.h>
#include <stdbool.h>

struct large_thread {
    pthread_t thread;
    void (*run)(void *context);
    void *context;
};

/* Starts run(context); false when the system has no room for another one.  *thread stays where it is until it is joined. */
bool large_thread_start(struct large_thread *thread, void (*run)(void *context), void *context);
void large_thread_join(struct large_thread *thread);

/* run(context), on such a stack when there is room for one; the plain stack serves everything but hostile code. */
void large_stack_run(void (*run)(void *context), void *context);

#endif
