# Facts of torch 2.13.0, torch/nn/modules/utils.py.


def _repeated(value, count):
    if hasattr(value, "__iter__"):
        return tuple(value)
    return (value,) * count


def _single(value):
    return _repeated(value, 1)


def _pair(value):
    return _repeated(value, 2)


def _triple(value):
    return _repeated(value, 3)


def _quadruple(value):
    return _repeated(value, 4)


def _ntuple(count, name="parse"):
    def parse(value):
        return _repeated(value, count)

    return parse


def _reverse_repeat_tuple(values, count):
    return tuple(value for value in reversed(values) for _ in range(count))
