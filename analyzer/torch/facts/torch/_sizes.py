# Facts of torch 2.13.0: what the functions that make tensors say to sizes that are none.  In a file of its own, since
# the module torch has names for int, float and bool that hide Python's.

_OPTIONS = (
    "torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, bool pin_memory = False, "
    "bool requires_grad = False)\n"
)
_RANDOM = (
    "but expected one of:\n * (tuple of ints size, *, torch.Generator generator, Tensor out = None, " + _OPTIONS
    + " * (tuple of ints size, *, Tensor out = None, " + _OPTIONS
)


# `zeros(2, 3)`, `zeros((2, 3))` and `zeros(size=(2, 3))`.
def size_of(sizes, keyword, name):
    if keyword is not None:
        return keyword
    if len(sizes) == 1:
        return sizes[0]
    if len(sizes) == 0:
        raise TypeError(f'{name}() missing 1 required positional arguments: "size"')
    first = sizes[0]
    if first is None or isinstance(first, (bool, float, str, tuple, list, dict)):
        if name in ("rand", "randn"):
            kinds = ", ".join(type(size).__name__ for size in sizes)
            raise TypeError(f"{name}() received an invalid combination of arguments - got ({kinds}), {_RANDOM}")
        raise TypeError(f"{name}() takes 1 positional argument but {len(sizes)} were given")
    return sizes


def whole_tuple(size, name):
    if isinstance(size, int):
        raise TypeError(f"{name}(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}")
    return size


def one_side(size, name):
    if size is None or isinstance(size, (float, str, tuple, list)):
        raise TypeError(f"{name}(): argument 'n' (position 1) must be int, not {type(size).__name__}")
    return size
