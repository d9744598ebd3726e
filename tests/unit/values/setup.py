"""What the expressions of cases.txt use."""


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


NUMBERS = [0, 1, -1, 2, 7, -7, 10, 3.5, -2.5, 0.0, 1e300, True, False]
INTEGERS = [0, 1, -1, 2, 3, 7, -7, 10, -10, 12, True, False]
MIXED = [None, True, 0, 3, -2, 1.5, "", "ab", "b", (), (1,), (1, 2), [], [1], [1, 2], {}, {"a": 1}, ..., range(3), range(0)]
FLOATS = [
    0.0, -0.0, 1.0, -1.0, 0.1, 0.2, 0.3, 1 / 3, 2 / 3, 1e15, 1e16, 1e17, 123456789012345.0, 1234567890123456.0,
    12345678901234567.0, 1e-4, 1e-5, 1.5e-5, 0.0001234, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
    2.0**-44, 2.0**70, 9007199254740993.0, 0.1 + 0.2, 1e22, 1e23, 3.141592653589793, 100.0, 1e100, float("inf"),
    float("-inf"), float("nan"), 4.35, 2.675, 1.005, 0.5, 1.5, 2.5, 123.456, 9.5367431640625e-07, 2.0**-1074, 2.0**-1022,
    5e-320, 1.1e-310, 8.41e21, 9.5e-322,
]
STRINGS = [
    "", " ", "a", "abc", "ABC", "aBc", "hello world", "  padded  ", "a,b,,c", ",", "tab\tnew\nline", "it's", 'say "x"',
    "both ' and \"", "back\\slash", "123", "1.5", "-3", "x1", "éà", "日本", "a\u0301", "\x00\x7f", "layers.0.mlp",
    "model.layers.10.self_attn.q_proj", "aaaa", "Title Case", "camelCase", "snake_case_name", "_x", "1abc", "\r\n", "\u2028",
]


class Plain:
    pass


class Point:
    made = 0

    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)

    def __add__(self, other):
        if isinstance(other, Point):
            return Point(self.x + other.x, self.y + other.y)
        return NotImplemented

    def __radd__(self, other):
        return Point(self.x + other, self.y + other) if isinstance(other, int) else NotImplemented

    def __mul__(self, factor):
        return Point(self.x * factor, self.y * factor)

    def __neg__(self):
        return Point(-self.x, -self.y)

    def __lt__(self, other):
        return (self.x, self.y) < (other.x, other.y)

    def __getitem__(self, place):
        if place == "x":
            return self.x
        return (self.x, self.y)[place]

    def __len__(self):
        return 2

    def __bool__(self):
        return bool(self.x or self.y)

    def __contains__(self, item):
        return item == self.x or item == self.y

    def __iter__(self):
        return iter((self.x, self.y))

    def __call__(self, *args, **kwargs):
        return (self.x, args, kwargs)

    def __index__(self):
        return self.x

    def __format__(self, spec):
        return f"<{spec}>"


class Sub(Point):
    def __radd__(self, other):
        return "Sub first"

    def __str__(self):
        return "a sub"


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Sequence:
    def __init__(self, *items):
        self.items = items

    def __getitem__(self, place):
        return self.items[place]


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Table(dict):
    def __missing__(self, key):
        return "missing " + str(key)


class Loud(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)

    def __getitem__(self, key):
        return ("got", super().__getitem__(key))


class Items(list):
    def second(self):
        return self[1]


class Name(str):
    def shout(self):
        return self.upper() + "!"


class Number(int):
    pass


class Pair(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    @property
    def first(self):
        return self[0]


class Failure(ValueError):
    pass


class Noted(Exception):
    def __init__(self, code):
        self.code = code

    def __str__(self):
        return f"code {self.code}"


class Meta(type):
    def __len__(cls):
        return 3

    def __iter__(cls):
        return iter(["x", "y"])

    def __contains__(cls, item):
        return item == "x"

    def __getitem__(cls, item):
        return item * 2

    def __instancecheck__(cls, value):
        return value == 5


class Made(metaclass=Meta):
    pass


class Base:
    def __init_subclass__(cls, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag


class Tagged(Base, tag="t"):
    pass


class Unequal:
    def __eq__(self, other):
        return False


class Odd:
    def __len__(self):
        return "three"


class BadBool:
    def __bool__(self):
        return 1


class WithGetattr:
    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(name)


class Temperature:
    def __init__(self):
        self._value = 1

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new):
        self._value = new * 2

    @value.deleter
    def value(self):
        self._value = None

    @staticmethod
    def scale(x):
        return x * 10

    @classmethod
    def make(cls):
        return cls.__name__


class Lower(property):
    pass


class WithLower:
    def _get(self):
        return "lowered"

    name = Lower(_get)


class NamedDescriptor:
    def __set_name__(self, owner, name):
        self.owner = owner.__name__
        self.name = name

    def __get__(self, instance, owner=None):
        return (self.owner, self.name)


class Described:
    field = NamedDescriptor()


def gen(n):
    for i in range(n):
        yield i * i


def mutate(value, *calls):
    """Applies (method, args...) in turn; the value and what the calls gave."""
    results = []
    for call in calls:
        name, args = call[0], call[1:]
        results.append(attempt(getattr(value, name), *args))
    return value, results


def assign(value, place, item):
    value[place] = item
    return value


def delete(value, place):
    del value[place]
    return value


def augment(value, more):
    value += more
    return value


def attribute_cycle():
    t = Temperature()
    seen = [t.value]
    t.value = 5
    seen.append(t.value)
    del t.value
    seen.append(t.value)
    return seen


def live_view():
    d = {"a": 1}
    keys, values, items = d.keys(), d.values(), d.items()
    d["b"] = 2
    return list(keys), list(values), list(items), len(keys), "b" in keys, 2 in values, ("b", 2) in items


def live_iterator():
    items = [1, 2]
    it = iter(items)
    first = next(it)
    items.append(3)
    return first, list(it)


def groups(iterable, n):
    return list(zip(*[iter(iterable)] * n))


def recursive():
    items = [1]
    items.append(items)
    d = {}
    d["self"] = d
    return repr(items), repr(d)


def order_of(words):
    return [key for key, _ in sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))]


def setattrs():
    p = Plain()
    setattr(p, "a", 1)
    p.b = 2
    had = hasattr(p, "a"), hasattr(p, "c"), getattr(p, "c", "none"), getattr(p, "b")
    delattr(p, "a")
    return had, hasattr(p, "a"), vars(p)


def raised(exception, *args):
    try:
        raise exception(*args)
    except exception as error:
        return type(error).__name__, str(error), repr(error), error.args

# match: what each function makes of every subject.


def matched(subject):
    match subject:
        case None:
            return "none"
        case True | False as truth:
            return "truth", truth
        case -1 | 0:
            return "small"
        case 7 | 7.5 as number if number > 7:
            return "seven and a half", number
        case "a" "b":
            return "ab"
        case Row(left, 2):
            return "row", left
        case []:
            return "empty"
        case [x]:
            return "one", x
        case [1, *rest]:
            return "from one", rest
        case (first, (second, third)):
            return "nested", first, second, third
        case [first, *_, "end"]:
            return "to the end", first
        case {"kind": "point", "x": x, "y": y}:
            return "point", x, y
        case {"kind": str(kind), **others}:
            return "kind", kind, others
        case {}:
            return "mapping", len(subject)
        case Point(x=0, y=y):
            return "on the axis", y
        case Point(x=x) as point if point.y == x:
            return "diagonal", x
        case Matched(1, b):
            return "matched", b
        case Matched(a, b=(2 | 3) as b):
            return "named", a, b
        case Fields(a=1, b=b) | Fields(b, 1):
            return "fields", b
        case int(x) | float(x):
            return "number", x
        case str():
            return "text"
        case set() | frozenset():
            return "set"
        case range():
            return "range"
        case type(__name__=name):
            return "class", name
        case _:
            return "else"


class Matched:
    __match_args__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b


class Row(tuple):
    __match_args__ = ("left", "right")
    left = property(lambda self: self[0])
    right = property(lambda self: self[1])


class Fields:
    __match_args__ = ("b", "a")

    def __init__(self, a, b):
        self.a = a
        self.b = b


class Limits:
    low = 3
    high = 5


class Chain:
    limits = Limits


class Spread(list):
    pass


class Keyed(dict):
    pass


class Broken:
    __match_args__ = ["a"]


class Twice:
    __match_args__ = ("a",)
    a = 1


class Trapped:
    @property
    def value(self):
        raise ValueError("trap")


def bounds(x):
    match x:
        case Limits.low:
            return "low"
        case Chain.limits.high:
            return "high"
        case Limits.low | 4:
            return "between"


def two(a, b):
    match a, b:
        case 0, _:
            return "first"
        case _, 0:
            return "second"
        case x, y if x == y:
            return "same"
        case *_, last if last > 5:
            return "large", last
        case pair:
            return pair


def bound_before_the_guard(subject):
    x = y = None
    match subject:
        case [x, 1]:
            pass
        case [x, y] if y > 5:
            return "taken"
    return x, y


def kept(subject):
    x = "old"
    match subject:
        case {"a": x, "b": 1}:
            return "new", x
    return x


def inner(items):
    made = []
    for item in items:
        match item:
            case {"skip": True}:
                continue
            case {"stop": _}:
                break
            case {"size": int(size)} | [size]:
                made.append(size)
            case match:
                made.append(match)
    else:
        made.append("end")
    return made


def keys(subject):
    match subject:
        case {Limits.low: x, -1: y, None: z, "s": [w]}:
            return x, y, z, w
        case {True: x, **rest}:
            return x, rest
        case {**rest}:
            return rest


def asked(subject):
    match subject:
        case int(1, 2):
            return "two"


def asked_pair(subject):
    match subject:
        case Matched(1, 2, 3):
            return "three"


def asked_twice(subject):
    match subject:
        case Matched(1, a=x):
            return "twice", x


def asked_plain(subject):
    match subject:
        case Plain(1):
            return "one"


def asked_broken(subject):
    match subject:
        case Broken(1):
            return "one"


def asked_no_class(subject):
    match subject:
        case attempt():
            return "one"


def asked_trap(subject):
    match subject:
        case Trapped(missing=1):
            return "missing"
        case Trapped(value=1):
            return "one"


def asked_name(subject):
    match subject:
        case Unheard.name:
            return "one"


def nothing(subject):
    match subject:
        case 1:
            return "one"


def words(match, case=1, _=2):
    match = match + case
    match[0]
    _ = match
    return _


class InBody:
    match 3:
        case x if x > 5:
            size = "large"
        case x:
            size = "small"
