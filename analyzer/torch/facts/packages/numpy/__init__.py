# numpy: rows of numbers, as far as constructors compute with them.  Arrays of more dimensions cannot be told.
from __native__ import builtin, math_ceil, math_floor, math_gcd, math_log, math_log2, math_log10, math_sqrt, unknown

pi = 3.141592653589793
e = 2.718281828459045
inf = 1e999
nan = 1e999 - 1e999
newaxis = None


class generic:
    pass


class ndarray:
    def __init__(self, items):
        self._items = items
        self.shape = (len(items),)
        self.ndim = 1
        self.size = len(items)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return ndarray(self._items[index])
        if isinstance(index, int):
            return self._items[index]
        if isinstance(index, (list, ndarray)):
            return ndarray([self._items[one] for one in index])
        return unknown("an element of an array")

    def __setitem__(self, index, value):
        self._items[index] = value

    def tolist(self):
        return list(self._items)

    def astype(self, dtype, **kwargs):
        if dtype in (int, int32, int64, "int", "int64", "int32"):
            return ndarray([int(item) for item in self._items])
        return ndarray(list(self._items))

    def item(self, *args):
        return self._items[args[0] if args else 0]

    def copy(self):
        return ndarray(list(self._items))

    def sum(self):
        return sum(self._items)

    def prod(self):
        return prod(self)

    def max(self):
        return max(self._items)

    def min(self):
        return min(self._items)

    def mean(self):
        return sum(self._items) / len(self._items)

    def cumsum(self):
        return cumsum(self)

    def argsort(self):
        return argsort(self)

    def __add__(self, other):
        return _each(self, other, lambda a, b: a + b)

    def __radd__(self, other):
        return _each(self, other, lambda a, b: b + a)

    def __sub__(self, other):
        return _each(self, other, lambda a, b: a - b)

    def __rsub__(self, other):
        return _each(self, other, lambda a, b: b - a)

    def __mul__(self, other):
        return _each(self, other, lambda a, b: a * b)

    def __rmul__(self, other):
        return _each(self, other, lambda a, b: b * a)

    def __truediv__(self, other):
        return _each(self, other, lambda a, b: a / b)

    def __rtruediv__(self, other):
        return _each(self, other, lambda a, b: b / a)

    def __floordiv__(self, other):
        return _each(self, other, lambda a, b: a // b)

    def __pow__(self, other):
        return _each(self, other, lambda a, b: a**b)

    def __rpow__(self, other):
        return _each(self, other, lambda a, b: b**a)

    def __mod__(self, other):
        return _each(self, other, lambda a, b: a % b)

    def __neg__(self):
        return ndarray([-item for item in self._items])


def _row(value):
    if isinstance(value, ndarray):
        return value._items
    if isinstance(value, (list, tuple, range)) and all(isinstance(item, (int, float)) for item in value):
        return list(value)
    return None


def _each(left, right, operation):
    if isinstance(right, (int, float)):
        return ndarray([operation(item, right) for item in left._items])
    items = _row(right)
    if items is None or len(items) != len(left._items):
        return unknown("an array")
    return ndarray([operation(a, b) for a, b in zip(left._items, items)])


def _of_each(value, operation):
    if isinstance(value, (int, float)):
        return operation(value)
    items = _row(value)
    return unknown("an array") if items is None else ndarray([operation(item) for item in items])


def array(object, dtype=None, **kwargs):
    items = _row(object)
    if items is None:
        return object if isinstance(object, (int, float)) else unknown("an array")
    row = ndarray(list(items))
    return row if dtype is None else row.astype(dtype)


asarray = array


def prod(a, axis=None, dtype=None, **kwargs):
    if isinstance(a, (int, float)):
        return a
    items = _row(a)
    if items is None:
        return unknown("a product of an array")
    result = 1 if all(isinstance(item, int) for item in items) and items else 1.0
    for item in items:
        result = result * item
    return result


def sum_(a, axis=None, **kwargs):
    items = _row(a)
    return unknown("a sum of an array") if items is None else sum(items)


def cumsum(a, axis=None, **kwargs):
    items = _row(a)
    if items is None:
        return unknown("an array")
    total = 0
    totals = []
    for item in items:
        total = total + item
        totals.append(total)
    return ndarray(totals)


def cumprod(a, axis=None, **kwargs):
    items = _row(a)
    if items is None:
        return unknown("an array")
    total = 1
    totals = []
    for item in items:
        total = total * item
        totals.append(total)
    return ndarray(totals)


def argsort(a, axis=-1, kind=None, **kwargs):
    items = _row(a)
    if items is None:
        return unknown("an array")
    return ndarray(sorted(range(len(items)), key=lambda place: items[place]))


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, **kwargs):
    parts = num - 1 if endpoint else num
    items = [start + (stop - start) * place / parts if parts else float(start) for place in range(num)]
    if endpoint and num > 1:
        items[-1] = float(stop)
    row = ndarray([float(item) for item in items])
    return row if dtype is None else row.astype(dtype)


def arange(start, stop=None, step=1, dtype=None, **kwargs):
    if stop is None:
        start, stop = 0, start
    count = max(0, math_ceil((stop - start) / step))
    return ndarray([start + place * step for place in range(count)])


def zeros(shape, dtype=None, **kwargs):
    return ndarray([0.0] * shape) if isinstance(shape, int) else unknown("an array")


def ones(shape, dtype=None, **kwargs):
    return ndarray([1.0] * shape) if isinstance(shape, int) else unknown("an array")


def log2(x):
    return _of_each(x, math_log2)


def log(x):
    return _of_each(x, math_log)


def log10(x):
    return _of_each(x, math_log10)


def sqrt(x):
    return _of_each(x, math_sqrt)


def ceil(x):
    return _of_each(x, lambda value: float(math_ceil(value)))


def floor(x):
    return _of_each(x, lambda value: float(math_floor(value)))


def round(a, decimals=0, **kwargs):
    return _of_each(a, lambda value: _rounded(value, decimals))


def _rounded(value, decimals):
    scale = 10**decimals
    whole = math_floor(value * scale)
    rest = value * scale - whole
    if rest > 0.5 or (rest == 0.5 and whole % 2 == 1):
        whole += 1
    return whole / scale if isinstance(value, float) else value


def abs(x):
    return _of_each(x, lambda value: value if value >= 0 else -value)


power = builtin("pow")


def gcd(a, b):
    return math_gcd(a, b)


def lcm(a, b):
    return a * b // math_gcd(a, b) if a and b else 0


def int64(value=0):
    return int(value)


int32 = int16 = int8 = uint8 = int_ = intp = int64


def float64(value=0.0):
    return float(value)


float32 = float16 = float_ = float64
bool_ = bool


def isscalar(value):
    return isinstance(value, (int, float, str))


def __getattr__(name):
    if name == "sum":
        return sum_
    if name == "max" or name == "min":
        return max if name == "max" else min
    return unknown(f"numpy.{name}")
