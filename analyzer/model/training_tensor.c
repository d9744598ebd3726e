/* Tensors: what their methods, and the functions of torch, certainly give. */
#include "model/training_internal.h"

static const char *const views[] = {"view",     "view_as",  "transpose", "permute",   "unsqueeze", "squeeze",
                                    "narrow",   "select",   "expand",    "expand_as", "swapaxes",  "swapdims",
                                    "movedim",  "moveaxis", "t",         "unflatten", "adjoint",   NULL};
/* Perhaps a view, perhaps a copy. */
static const char *const perhaps_views[] = {"reshape", "contiguous", "flatten", "reshape_as", "ravel", NULL};
static const char *const casts[] = {"to",     "type",    "float", "half", "bfloat16",
                                    "double", "type_as", "cuda",  "cpu",  NULL};
/* What has no gradient. */
static const char *const without_grad[] = {"long", "int", "bool", "argmax", "argmin", "argsort", "nonzero", "size",
                                           "eq",   "ne",  "gt",   "lt",     "ge",     "le",      "detach",  NULL};
/* New tensors made of all of the receiver's numbers. */
static const char *const elementwise[] = {
    "clone",  "add",         "sub",     "mul",  "div",  "neg", "pow",    "exp",    "tanh", "sigmoid", "softmax",
    "relu",   "mean",        "sum",     "sqrt", "rsqrt", "abs", "square", "repeat", "roll", "matmul",  "bmm",
    "gelu",   "masked_fill", "dropout", "silu", NULL};
static const char *const makers[] = {"arange",     "zeros",     "ones",       "empty",   "full",     "zeros_like",
                                     "ones_like",  "empty_like", "full_like", "rand",    "randn",    "rand_like",
                                     "randn_like", "randint",   "randperm",   "linspace", "eye",     NULL};

static const struct seen *like(const struct seen *tensor, bool no_grad)
{
    if (tensor->grad == GRAD_YES && !no_grad)
        return &seen_with_grad;
    return tensor->grad == GRAD_NO ? &seen_without_grad : &seen_tensor;
}

static const struct seen *after_cast(struct walk *walk, const struct seen *tensor)
{
    struct seen *cast = ARENA_NEW(walk->scratch, struct seen);
    *cast = *tensor;
    cast->cast = true;
    return cast;
}

static bool is_in_place(struct text name)
{
    return name.length > 1 && name.bytes[name.length - 1] == '_' && name.bytes[name.length - 2] != '_' &&
           !text_equal(name, TEXT("requires_grad_")) && !text_equal(name, TEXT("share_memory_"));
}

const struct seen *walk_call_on_tensor(struct walk *walk, const struct seen *tensor, struct text name,
                                       const struct passed *passed, uint32_t at)
{
    if (tensor->or_none)
        return &seen_unknown;
    if (is_in_place(name)) {
        walk_changed(walk, tensor, at);
        return tensor;
    }
    if (name_is_one_of(name, views)) /* view(dtype) makes one of another kind */
        return text_equal(name, TEXT("view")) && passed->count == 0 ? like(tensor, walk->no_grad) : tensor;
    if (name_is_one_of(name, casts)) {
        if (passed_keyword(passed, TEXT("copy")))
            return like(tensor, walk->no_grad);
        return tensor->input ? after_cast(walk, tensor) : tensor;
    }
    if (name_is_one_of(name, without_grad))
        return &seen_without_grad;
    if (name_is_one_of(name, perhaps_views) || name_is_one_of(name, elementwise))
        return like(tensor, walk->no_grad);
    return &seen_unknown;
}

/* torch.f(...), nn.functional.f(...), math.f(...) */
const struct seen *walk_call_library(struct walk *walk, struct text name, const struct passed *passed, uint32_t at)
{
    const struct seen *first = passed->count ? passed->positional[0] : passed_keyword(passed, TEXT("input"));
    bool tensor = first && first->kind == SEEN_TENSOR && !first->or_none;
    if (name_is_one_of(name, makers))
        return passed_keyword(passed, TEXT("requires_grad")) ? &seen_tensor : &seen_without_grad;
    if (!tensor)
        return &seen_unknown;
    bool drops = text_equal(name, TEXT("dropout"));
    if ((seen_is_true(passed_keyword(passed, TEXT("inplace"))) && !drops) || is_in_place(name)) {
        walk_changed(walk, first, at);
        return first;
    }
    if (name_is_one_of(name, elementwise))
        return like(first, walk->no_grad);
    return &seen_unknown;
}
