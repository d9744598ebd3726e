/*
 * Does a block choose the children it calls by data?
 *
 * ZeRO-3 breaks where ranks may call different child modules.  Whether a class does that is decided from its own
 * `forward` (and the methods it calls), never from names of classes: a child called inside a loop over data-dependent
 * indices, under a branch on a tensor's value, or picked by a data-dependent index.
 *
 * The analysis works on lowered syntax and asks its host about the instance; it evaluates nothing.  Shapes, flags and the
 * configuration are taken to be the same on all ranks, what is drawn at random not to be data; what depends on a mask,
 * and what is only done outside of training, is ROUTING_CANNOT_TELL at most.
 */
#ifndef MODEL_ROUTING_H
#define MODEL_ROUTING_H

#include "model/model.h"
#include "syntax/python.h"

enum routing_attribute {
    ATTRIBUTE_CHILD,        /* self.NAME is one module that is called */
    ATTRIBUTE_CONTAINER,    /* self.NAME is a ModuleList, ModuleDict or a subclass: its items are called */
    ATTRIBUTE_PLAIN,        /* a number, a string, a config, a parameter, a buffer, None, a function, ...: not a module; or a
                               module without any parameter in it (an activation): ZeRO-3 has nothing to gather for it */
    ATTRIBUTE_CANNOT_TELL
};

/* A function that is there, but cannot be parsed. */
#define ROUTING_UNREADABLE UINT32_MAX

struct routing_method {
    struct python_file *file;
    uint32_t function; /* number in file->ast.functions, its piece has been parsed; or ROUTING_UNREADABLE */
    uint32_t depth;    /* position in the MRO of the class that defines it (for super()) */
};

enum routing_truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_CANNOT_TELL };

/* What the analysis may ask about the instance whose class is looked at. */
struct routing_host {
    void *context;
    /* The method or property NAME found in the MRO at or after position `from`; false when there is none in the sources. */
    bool (*method)(void *context, struct text name, uint32_t from, struct routing_method *method);
    /* A plain function that a NAME in `file` refers to at module level (a helper, perhaps imported); false when it is not
     * one.  Asked seldom: where a module is handed to it, or where the verdict hangs on its result. */
    bool (*function)(void *context, struct python_file *file, struct text name, struct routing_method *function);
    enum routing_attribute (*attribute)(void *context, struct text name);
    /* Is the instance itself a container (a ModuleList or ModuleDict subclass), so that self[i] is a child? */
    bool (*is_container)(void *context);
    /* Truth of the plain attribute path self.A.B (`self.config.x`, `self.is_sparse`) as the constructor left it. */
    enum routing_truth (*truth)(void *context, const struct text *path, size_t length);
};

struct routing_result {
    enum routing_verdict verdict;
    struct text child;             /* in the arena */
    struct text words;             /* in the arena */
    struct python_file *call_file; /* where the data-dependent call (or the thing not understood) stands */
    uint32_t call_at;              /* byte offset in it */
    struct python_file *reason_file; /* where the choice comes from: the loop, the branch or the index */
    uint32_t reason_at;
};

/* Looks at the instance's forward.  Bounded by limits.h; a bound reached is ROUTING_CANNOT_TELL with words. */
void routing_analyse(const struct routing_host *host, struct arena *arena, struct routing_result *result);

/* Is a name at the root of a dotted one a library of tensor operations: torch, F, np, ...? */
bool routing_is_tensor_library(struct text root);

#endif
