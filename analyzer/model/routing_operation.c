/* What known functions, tensor methods and methods of lists and dicts do to taint. */
#include "model/routing_internal.h"

enum operation {
    OPERATION_SAME = 1, /* a tensor of the receiver's length, its numbers made of all arguments */
    OPERATION_REDUCE,   /* fewer dimensions: of no length of its own when no dimension is named */
    OPERATION_ITEM,     /* one number */
    OPERATION_TRUTH,    /* a tensor of truths */
    OPERATION_HITS,     /* positions or items picked by their value: a length that depends on data */
    OPERATION_WHERE,    /* HITS with one argument, SAME with three */
    OPERATION_NONZERO,  /* HITS, or a tuple of them */
    OPERATION_COUNT_TO, /* its length is a value: arange, zeros, repeat */
    OPERATION_LIKE,     /* of the shape of a tensor */
    OPERATION_SPLIT,    /* pieces whose lengths are given */
    OPERATION_PIECES,   /* a fixed number of pieces */
    OPERATION_GATHER,   /* of the length of an index */
    OPERATION_JOIN,     /* of the lengths of all items of a list */
    OPERATION_ONE_HOT,
    OPERATION_RANDOM,  /* its own numbers; only its length can depend on data */
    OPERATION_LENGTHS, /* size(), numel(), len(): the length as a number */
    OPERATION_METADATA /* says nothing about numbers */
};

struct operation_name {
    const char *name;
    uint8_t operation;
};

/* Names in torch, torch.nn.functional, numpy and math, and methods of tensors. */
static const struct operation_name operation_names[] = {
    {"nonzero", OPERATION_NONZERO},
    {"argwhere", OPERATION_HITS},
    {"flatnonzero", OPERATION_HITS},
    {"unique", OPERATION_NONZERO},
    {"unique_consecutive", OPERATION_NONZERO},
    {"masked_select", OPERATION_HITS},
    {"where", OPERATION_WHERE},
    {"bincount", OPERATION_HITS},
    {"item", OPERATION_ITEM},
    {"any", OPERATION_REDUCE},
    {"all", OPERATION_REDUCE},
    {"sum", OPERATION_REDUCE},
    {"max", OPERATION_REDUCE},
    {"min", OPERATION_REDUCE},
    {"mean", OPERATION_REDUCE},
    {"prod", OPERATION_REDUCE},
    {"amax", OPERATION_REDUCE},
    {"amin", OPERATION_REDUCE},
    {"argmax", OPERATION_REDUCE},
    {"argmin", OPERATION_REDUCE},
    {"norm", OPERATION_REDUCE},
    {"std", OPERATION_REDUCE},
    {"var", OPERATION_REDUCE},
    {"median", OPERATION_REDUCE},
    {"count_nonzero", OPERATION_REDUCE},
    {"allclose", OPERATION_ITEM},
    {"equal", OPERATION_ITEM},
    {"array_equal", OPERATION_ITEM},
    {"histc", OPERATION_REDUCE},
    {"eq", OPERATION_TRUTH},
    {"ne", OPERATION_TRUTH},
    {"gt", OPERATION_TRUTH},
    {"lt", OPERATION_TRUTH},
    {"ge", OPERATION_TRUTH},
    {"le", OPERATION_TRUTH},
    {"greater", OPERATION_TRUTH},
    {"less", OPERATION_TRUTH},
    {"greater_equal", OPERATION_TRUTH},
    {"less_equal", OPERATION_TRUTH},
    {"not_equal", OPERATION_TRUTH},
    {"logical_and", OPERATION_TRUTH},
    {"logical_or", OPERATION_TRUTH},
    {"logical_not", OPERATION_TRUTH},
    {"logical_xor", OPERATION_TRUTH},
    {"isin", OPERATION_TRUTH},
    {"isnan", OPERATION_TRUTH},
    {"isinf", OPERATION_TRUTH},
    {"isfinite", OPERATION_TRUTH},
    {"bool", OPERATION_TRUTH},
    {"isclose", OPERATION_TRUTH},
    {"arange", OPERATION_COUNT_TO},
    {"linspace", OPERATION_COUNT_TO},
    {"zeros", OPERATION_COUNT_TO},
    {"ones", OPERATION_COUNT_TO},
    {"full", OPERATION_COUNT_TO},
    {"empty", OPERATION_COUNT_TO},
    {"eye", OPERATION_COUNT_TO},
    {"new_zeros", OPERATION_COUNT_TO},
    {"new_ones", OPERATION_COUNT_TO},
    {"new_empty", OPERATION_COUNT_TO},
    {"new_full", OPERATION_COUNT_TO},
    {"tril_indices", OPERATION_COUNT_TO},
    {"triu_indices", OPERATION_COUNT_TO},
    {"zeros_like", OPERATION_LIKE},
    {"ones_like", OPERATION_LIKE},
    {"empty_like", OPERATION_LIKE},
    {"full_like", OPERATION_LIKE},
    {"rand_like", OPERATION_LIKE},
    {"randn_like", OPERATION_LIKE},
    {"uniform_", OPERATION_LIKE},
    {"normal_", OPERATION_LIKE},
    {"exponential_", OPERATION_LIKE},
    {"bernoulli_", OPERATION_LIKE},
    {"random_", OPERATION_LIKE},
    {"zero_", OPERATION_LIKE},
    {"rand", OPERATION_RANDOM},
    {"randn", OPERATION_RANDOM},
    {"randint", OPERATION_RANDOM},
    {"randperm", OPERATION_RANDOM},
    {"uniform", OPERATION_RANDOM},
    {"random", OPERATION_RANDOM},
    {"normal", OPERATION_RANDOM},
    {"choice", OPERATION_RANDOM},
    {"random_sample", OPERATION_RANDOM},
    {"split", OPERATION_SPLIT},
    {"split_with_sizes", OPERATION_SPLIT},
    {"tensor_split", OPERATION_SPLIT},
    {"chunk", OPERATION_PIECES},
    {"unbind", OPERATION_SAME},
    {"index_select", OPERATION_GATHER},
    {"gather", OPERATION_GATHER},
    {"take", OPERATION_GATHER},
    {"take_along_dim", OPERATION_GATHER},
    {"repeat_interleave", OPERATION_GATHER},
    {"embedding", OPERATION_GATHER},
    {"cat", OPERATION_JOIN},
    {"concat", OPERATION_JOIN},
    {"concatenate", OPERATION_JOIN},
    {"stack", OPERATION_JOIN},
    {"hstack", OPERATION_JOIN},
    {"vstack", OPERATION_JOIN},
    {"pad_sequence", OPERATION_JOIN},
    {"repeat", OPERATION_GATHER},
    {"tile", OPERATION_GATHER},
    {"expand", OPERATION_GATHER},
    {"pad", OPERATION_GATHER},
    {"narrow", OPERATION_GATHER},
    {"one_hot", OPERATION_ONE_HOT},
    {"size", OPERATION_LENGTHS},
    {"numel", OPERATION_LENGTHS},
    {"nelement", OPERATION_LENGTHS},
    {"dim", OPERATION_METADATA},
    {"ndimension", OPERATION_METADATA},
    {"is_floating_point", OPERATION_METADATA},
    {"get_device", OPERATION_METADATA},
    {"element_size", OPERATION_METADATA},
    {"is_contiguous", OPERATION_METADATA},
    {"stride", OPERATION_METADATA},
    {"finfo", OPERATION_METADATA},
    {"iinfo", OPERATION_METADATA},
    {"is_tensor", OPERATION_METADATA},
    {"is_autocast_enabled", OPERATION_METADATA},
    {"get_seq_length", OPERATION_METADATA},
    {"get_max_cache_shape", OPERATION_METADATA}, /* of a cache, as of a shape */
};

/* Methods that only tensors (and numpy arrays) have, or that always give one of the same length. */
static const char *const tensor_methods[] = {
    "view",
    "reshape",
    "to",
    "float",
    "half",
    "long",
    "int",
    "double",
    "bfloat16",
    "type",
    "type_as",
    "cpu",
    "cuda",
    "numpy",
    "tolist",
    "detach",
    "clone",
    "contiguous",
    "permute",
    "transpose",
    "t",
    "squeeze",
    "unsqueeze",
    "flatten",
    "unflatten",
    "softmax",
    "log_softmax",
    "sigmoid",
    "tanh",
    "relu",
    "exp",
    "log",
    "sqrt",
    "rsqrt",
    "pow",
    "abs",
    "sign",
    "clamp",
    "clip",
    "clamp_",
    "masked_fill",
    "masked_fill_",
    "fill_",
    "copy_",
    "index_add",
    "index_add_",
    "index_copy",
    "index_copy_",
    "index_put",
    "index_put_",
    "index_fill",
    "index_fill_",
    "scatter",
    "scatter_",
    "scatter_add",
    "scatter_add_",
    "topk",
    "sort",
    "argsort",
    "cumsum",
    "cumprod",
    "matmul",
    "bmm",
    "mm",
    "dot",
    "mul",
    "mul_",
    "add",
    "add_",
    "sub",
    "sub_",
    "div",
    "div_",
    "neg",
    "sin",
    "cos",
    "round",
    "floor",
    "ceil",
    "roll",
    "flip",
    "tril",
    "triu",
    "diff",
    "expand_as",
    "view_as",
    "reshape_as",
    "movedim",
    "swapaxes",
    "requires_grad_",
    "numpy",
    "astype",
    "unfold",
    "logsumexp",
    "masked_scatter",
    "masked_scatter_",
    "select",
    "diagonal",
    "outer",
    "data_ptr",
    "broadcast_to",
    "nan_to_num",
    "erf",
    "square",
    "baddbmm",
    "addmm",
    "ravel",
    "swapdims",
    "index_reduce_",
};

static const struct operation_name *find_operation(struct text name)
{
    for (size_t i = 0; i < sizeof operation_names / sizeof *operation_names; i++)
        if (text_equal(name, text_from(operation_names[i].name)))
            return &operation_names[i];
    return NULL;
}

bool routing_is_tensor_method(struct text name)
{
    for (size_t i = 0; i < sizeof tensor_methods / sizeof *tensor_methods; i++)
        if (text_equal(name, text_from(tensor_methods[i])))
            return true;
    return find_operation(name) != NULL;
}

bool routing_is_metadata(struct text name)
{
    static const char *const names[] = {"shape",  "dtype",         "device",    "ndim",        "is_cuda",
                                        "layout", "requires_grad", "is_nested", "is_meta",     "is_sparse",
                                        "grad",   "__class__",     "__name__",  "is_quantized"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, text_from(names[i])))
            return true;
    return false;
}

bool routing_is_tensor_library(struct text root)
{
    static const char *const names[] = {"torch", "F", "nn", "np", "numpy", "math", "functional", "torch_functional"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(root, text_from(names[i])))
            return true;
    return false;
}

/* ---- arguments ---- */

static const struct traced *argument(const struct arguments *arguments, uint32_t position, struct text name)
{
    for (uint32_t i = 0; i < arguments->count; i++) {
        const struct argument *item = &arguments->items[i];
        if (item->name.length ? name.length && text_equal(item->name, name) : i == position && !item->double_star)
            return item->value;
    }
    return NULL;
}

static bool has_keyword(const struct arguments *arguments, struct text prefix)
{
    for (uint32_t i = 0; i < arguments->count; i++)
        if (arguments->items[i].name.length && text_starts(arguments->items[i].name, prefix))
            return true;
    return false;
}

static unsigned taint_from(const struct arguments *arguments, uint32_t from)
{
    unsigned taint = 0;
    for (uint32_t i = from; i < arguments->count; i++)
        if (!arguments->items[i].name.length || !text_equal(arguments->items[i].name, TEXT("device")))
            taint |= traced_flat_taint(arguments->items[i].value);
    return taint;
}

#define ANY_VALUE (TAINT_VALUE | TAINT_CHOICE)
#define ANY_LENGTH (TAINT_LENGTH | TAINT_ITEMS)

static unsigned values_of(unsigned taint)
{
    return taint_move(taint, ANY_VALUE, TAINT_VALUE);
}

/* ---- operations ---- */

static const struct traced *hits(struct routing_state *state, unsigned taint, bool tuple)
{
    unsigned value = taint_move(taint, ANY_VALUE | ANY_LENGTH, TAINT_VALUE);
    unsigned length = taint_move(value, TAINT_VALUE, tuple ? TAINT_ITEMS : TAINT_LENGTH);
    return traced_plain(state, value | length);
}

static const struct traced *pieces(struct routing_state *state, unsigned tensor, const struct traced *sizes)
{
    unsigned given = sizes ? traced_flat_taint(sizes) : 0;
    unsigned taint = tensor & EITHER(TAINT_VALUE | TAINT_BOOL);
    if (sizes && sizes->kind == TRACED_INT)
        taint |= tensor & EITHER(TAINT_LENGTH);
    else
        taint |= (sizes ? sizes->taint & EITHER(TAINT_LENGTH) : 0) | taint_move(given, TAINT_VALUE, TAINT_ITEMS);
    return traced_plain(state, taint);
}

static const struct traced *apply(struct routing_state *state, enum operation operation, const struct traced *receiver,
                                 const struct arguments *arguments)
{
    const struct traced *tensor_value = receiver ? receiver : argument(arguments, 0, TEXT("input"));
    unsigned tensor = taint_as_tensor(tensor_value ? traced_flat_taint(tensor_value) : 0);
    uint32_t first = receiver ? 0 : 1;
    unsigned others = taint_from(arguments, first < arguments->count ? first : arguments->count);
    unsigned all = tensor | taint_as_tensor(others);
    unsigned length = tensor & EITHER(ANY_LENGTH);
    switch (operation) {
    case OPERATION_SAME: return traced_plain(state, values_of(all) | (all & EITHER(ANY_LENGTH | TAINT_BOOL)));
    case OPERATION_REDUCE:
        return traced_plain(state, taint_move(all, ANY_VALUE | ANY_LENGTH, TAINT_VALUE) |
                                      (arguments->count > first ? length : 0));
    case OPERATION_ITEM: return traced_plain(state, taint_move(all, ANY_VALUE | ANY_LENGTH, TAINT_VALUE));
    case OPERATION_TRUTH:
        return traced_plain(state, values_of(all) | length | taint_move(values_of(all), TAINT_VALUE, TAINT_BOOL));
    case OPERATION_HITS:
        if (has_keyword(arguments, TEXT("minlength"))) /* bincount: as many as there are classes */
            return traced_plain(state, values_of(tensor));
        return hits(state, all, false);
    case OPERATION_WHERE:
        if (arguments->count > 1)
            return apply(state, OPERATION_SAME, receiver, arguments);
        return hits(state, tensor, true);
    case OPERATION_NONZERO: /* nonzero(as_tuple=True), unique(return_counts=True) */
        return hits(state, tensor, has_keyword(arguments, TEXT("as_tuple")) || has_keyword(arguments, TEXT("return_")));
    case OPERATION_COUNT_TO: {
        unsigned sizes = receiver ? others : tensor | others;
        return traced_plain(state, taint_move(sizes, ANY_VALUE | ANY_LENGTH, TAINT_LENGTH));
    }
    case OPERATION_LIKE: return traced_plain(state, length);
    case OPERATION_RANDOM: return traced_plain(state, taint_move(tensor | others, ANY_VALUE, TAINT_LENGTH));
    case OPERATION_SPLIT: return pieces(state, tensor, argument(arguments, first, TEXT("split_size_or_sections")));
    case OPERATION_PIECES: return traced_plain(state, values_of(tensor) | taint_move(length, ANY_LENGTH, TAINT_ITEMS));
    case OPERATION_GATHER: {
        return traced_plain(state, values_of(all) | length | (others & EITHER(TAINT_LENGTH)));
    }
    case OPERATION_JOIN:
        return traced_plain(state,
                           values_of(all) | taint_move(all, ANY_LENGTH, TAINT_LENGTH) | (all & EITHER(TAINT_BOOL)));
    case OPERATION_ONE_HOT:
        /* Classes of a mask are 0 and 1, the same on all ranks, unless one has nothing but padding. */
        if (tensor & EITHER(TAINT_BOOL))
            return traced_plain(state, (values_of(tensor) ? DOUBT(TAINT_VALUE) : 0) | length);
        return traced_plain(state, values_of(tensor) | length);
    case OPERATION_LENGTHS: return traced_plain(state, taint_move(tensor, TAINT_LENGTH, TAINT_VALUE));
    case OPERATION_METADATA: break;
    }
    return &value_clean;
}

/* repeat_interleave(x, counts), repeat(n), expand(n): the numbers given are lengths. */
static bool counts_by_value(struct text name)
{
    static const char *const names[] = {"repeat", "tile", "expand", "repeat_interleave", "pad", "narrow"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, text_from(names[i])))
            return true;
    return false;
}

const struct traced *routing_operation(struct routing_state *state, struct text name, const struct traced *receiver,
                                      const struct arguments *arguments)
{
    const struct operation_name *found = find_operation(name);
    if (!found) {
        bool known = receiver ? routing_is_tensor_method(name) : true;
        return known ? apply(state, OPERATION_SAME, receiver, arguments) : NULL;
    }
    const struct traced *result = apply(state, (enum operation)found->operation, receiver, arguments);
    if (found->operation == OPERATION_GATHER && counts_by_value(name)) {
        uint32_t first = receiver ? 0 : 1;
        unsigned counts = taint_from(arguments, first < arguments->count ? first : arguments->count);
        return traced_plain(state, traced_flat_taint(result) | taint_move(counts, TAINT_VALUE, TAINT_LENGTH));
    }
    return result;
}
