/*
 * The numbers of a tensor, where they are known: of any shape, in row-major order, each with a bound on how far torch's own
 * may be from it.  What cannot be said to be torch's number within its bound is not kept, so a tensor whose numbers are read
 * is right or says nothing.
 *
 * A number without an error is the very one that torch computes.  torch rounds + - * / and sqrt correctly, so those stay
 * without; logarithms and the like depend on the vector unit of the machine, so they get an error of some units in the last
 * place, which everything made of them inherits.  A comparison, a rounding or an argmin that such an error could change is
 * not told.
 *
 * Tensors share memory (views, .data, parameters): a write through one is a write to all.  Each knows the tensor it was
 * first made from (`base`) and how often that had been written to; after another write its numbers are not known.
 */
#ifndef TORCH_TENSOR_NUMBERS_H
#define TORCH_TENSOR_NUMBERS_H

#include "torch/torch.h"

enum number_kind {
    NUMBERS_OTHER, /* a dtype whose rounding is not followed, or that cannot be told */
    NUMBERS_BOOL,
    NUMBERS_UINT8,
    NUMBERS_INT8,
    NUMBERS_INT16,
    NUMBERS_INT32,
    NUMBERS_INT64,
    NUMBERS_SINGLE,
    NUMBERS_DOUBLE,
};
static inline bool kind_is_whole(enum number_kind kind) { return kind >= NUMBERS_BOOL && kind <= NUMBERS_INT64; }

/* What the tensor's numbers are, by its dtype; without one, torch's default for what it was made of. */
enum number_kind tensor_kind(struct eval *ev, const struct tensor *tensor);
enum number_kind dtype_kind(struct eval *ev, struct value dtype);
/* The dtype by name, "int64"; as torch has it. */
struct value torch_dtype(struct eval *ev, const char *name);
/* Of an operation on both; Unknown when that cannot be told. */
struct value tensor_common_dtype(struct eval *ev, const struct tensor *a, const struct tensor *b);

/* The numbers, or NULL when they are not known (any more). */
const double *tensor_numbers(const struct tensor *tensor);
/* How far torch's number may be from that. */
static inline double tensor_error(const struct tensor *tensor, int64_t at) { return tensor->errors ? tensor->errors[at] : 0; }
/* Room for the numbers when there are few enough; false when not. */
bool tensor_give_numbers(struct eval *ev, struct tensor *tensor);
bool tensor_give_errors(struct eval *ev, struct tensor *tensor); /* after tensor_give_numbers() */
void tensor_drop_numbers(struct tensor *tensor);                 /* of one that is being made */
/* Rounds what was put there as the kind does.  False: it cannot be (dropped). */
bool tensor_round_numbers(struct tensor *tensor, enum number_kind kind);
double number_rounded(double number, enum number_kind kind);
/* A unit in the last place of a number of this kind. */
double number_ulp(double number, enum number_kind kind);
/* A number as Python sees it: int, bool, float; Unknown when its error is too great to be overlooked. */
struct value tensor_number(struct eval *ev, const struct tensor *tensor, int64_t at);

/* `view` has as many items as `of`, in the same order, and shares them. */
void tensor_share(struct tensor *view, const struct tensor *of);
/* `view` shares memory with `of`; its numbers are those that lie `strides` apart in it, from `offset`. */
void tensor_share_strided(struct eval *ev, struct tensor *view, const struct tensor *of, const int64_t *strides, int64_t offset);
/* Strides of a row-major tensor of this shape. */
void tensor_strides(const struct tensor *tensor, int64_t *strides);
/* Numbers of `result` from a place each in `from`. */
void tensor_gather(struct eval *ev, struct tensor *result, const struct tensor *from, const int64_t *places);
/* Before a write: what shares this memory does not know its numbers any more. */
void tensor_write(struct eval *ev, struct tensor *tensor);

/* Walks over all places of a shape, last axis fastest, adding up strides.  false: at the end. */
struct places {
    const int64_t *shape;
    uint32_t dims;
    int64_t index[LIMIT_TENSOR_DIMS];
};
static inline bool places_next(struct places *places)
{
    for (uint32_t axis = places->dims; axis-- > 0;) {
        if (++places->index[axis] < places->shape[axis])
            return true;
        places->index[axis] = 0;
    }
    return false;
}
static inline int64_t place_at(const struct places *places, const int64_t *strides)
{
    int64_t at = 0;
    for (uint32_t axis = 0; axis < places->dims; axis++)
        at += places->index[axis] * strides[axis];
    return at;
}

#endif
