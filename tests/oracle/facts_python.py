#!/usr/bin/env python3
"""Compare leaflint's facts about the standard library, packaging and numpy (run by CPython) with the real ones.

usage: facts_python.py [--show N]

Each case is a few lines that leave `result`; they are run once with the real modules and once with the fact files,
and must give the same value, or raise the same exception with the same message.  numpy's cases need numpy, packaging's
packaging.
"""

import argparse
import importlib
import itertools
import sys

import lazy_python
import native_shim

MODULES = (
    "math functools collections itertools dataclasses enum inspect re operator string copy numbers os.path "
    "collections.abc "
    "contextlib contextvars"
).split()
HOST = {"abc", "builtins", "sys", "types", "typing", "typing_extensions", "__future__"}

NUMBERS = [0, 1, 2, 7, -3, 2.5, -0.5, 1e9, 12, 18, float("inf"), True]
PATHS = ["", "/", "a", "a/b", "/a/b", "a/b/", "a.txt", "a/b.tar.gz", ".hidden", "a//b", "..", "/a/.b", "a.", "...x"]
VERSIONS = (
    "1.0 1.0.0 2.13.0 2.13.0+cpu 2.0a1 2.0b2 2.0rc1 2.0.dev3 2.0.post1 1.10 1.9 v1.2 4.57.6 5.23.0 5.0.0.dev0 1 0.1 "
    "2.6.0a0 "
    "2.6.0+cu124 1.2.3.4 10.0 9.99 x.y 2.0-rc.1"
).split()
PATTERNS = [
    (r"a+b", "xaab ab"),
    (r"^[A-Za-z0-9_\.]+(weight)|(bias)$", "lm_head.weight"),
    (r"(\d+)\.(\d+)", "a 12.5 b 3.4"),
    (r"(?P<year>\d{4})-(?P<month>\d\d)", "on 2024-05-06"),
    (r"layers\.(\d+)\.", "model.layers.10.mlp"),
    (r"x*", "axb"),
    (r"bbox_embed.(?![0])\d+", "bbox_embed.1 bbox_embed.0"),
    (r"[,;]\s*", "a, b;c"),
    (r"(a)|(b)", "ab"),
    (r"nothing", "text"),
]
ITERABLES = ["[]", "[3, 1, 2]", "'abca'", "(1, 1, 2, 2)", "range(5)"]


def simple_cases():
    names = "ceil floor sqrt exp sin cos log log2 log10 fabs isnan isinf isfinite trunc degrees radians isqrt factorial"
    for name in names.split():
        for number in NUMBERS:
            yield (
                f"result = math.{name}({number!r})".replace("inf", "math.inf")
                if number != number
                else (f"result = math.{name}({'math.inf' if number == float('inf') else repr(number)})")
            )
    for a, b in itertools.product([0, 1, 6, 8, -4, 15], repeat=2):
        for name in "gcd lcm".split():
            yield f"result = math.{name}({a}, {b})"
        if a >= 0 and b >= 0:
            yield f"result = math.comb({a}, {b})"
        yield f"result = math.pow({a}, {b})"
        yield f"result = math.copysign({a}, {b})"
        if b:
            yield f"result = math.fmod({a}, {b})"
            yield f"result = math.isclose({a} / {b}, {a} / {b} + 1e-12)"
    for text in ("[1, 2, 3]", "[]", "(2.0, 4)", "range(1, 5)"):
        yield f"result = math.prod({text})"
        yield f"result = math.prod({text}, start=3)"
        yield f"result = math.fsum({text})"
    yield "result = (math.pi, math.e, math.tau, math.inf, math.nan != math.nan)"
    yield "result = math.log(8, 2)"
    for path in PATHS:
        for name in "basename dirname split splitext isabs".split():
            yield f"result = os_path.{name}({path!r})"
        for other in PATHS:
            yield f"result = os_path.join({path!r}, {other!r})"
    for pattern, text in PATTERNS:
        for name in "search match fullmatch".split():
            found = f"m = re.{name}({pattern!r}, {text!r})"
            yield f"{found}\nresult = m and (m.group(), m.groups(), m.span(), m.groupdict())"
        yield f"result = re.findall({pattern!r}, {text!r})"
        yield f"result = [m.start() for m in re.finditer({pattern!r}, {text!r})]"
        yield f"result = re.split({pattern!r}, {text!r})"
        yield f"result = re.sub({pattern!r}, '<>', {text!r})"
        yield f"result = re.sub({pattern!r}, lambda m: m.group().upper(), {text!r}, count=1)"
        yield f"result = re.compile({pattern!r}).search({text!r}) is not None"
    yield r"result = re.sub(r'(\d+)-(\d+)', r'\2_\g<1>', 'a 1-2')"
    yield "result = re.escape('a.b*c d')"
    yield "result = re.search('(?P<a>x)', 'x')['a']"
    yield "result = re.search('A', 'a', re.IGNORECASE) is None"
    for a, b in itertools.product(VERSIONS, repeat=2):
        pair = f"a, b = version.parse({a!r}), version.parse({b!r})"
        yield f"{pair}\nresult = (a < b, a <= b, a == b, a > b, a >= b, a != b)"
    for a in VERSIONS:
        yield (
            f"v = version.Version({a!r}); result = (v.release, v.major, v.minor, v.micro, v.is_prerelease, "
            f"v.is_devrelease, "
            "v.is_postrelease, v.local, v.base_version)"
        )


def iterable_cases():
    for a in ITERABLES:
        for call in (
            "accumulate({})",
            "chain({}, [9])",
            "chain.from_iterable([{}, [9]])",
            "product({}, repeat=2)",
            "product({}, [1, 2])",
            "islice({}, 2)",
            "islice({}, 1, None, 2)",
            "zip_longest({}, [1], fillvalue=0)",
            "combinations({}, 2)",
            "permutations({}, 2)",
            "permutations({})",
            "pairwise({})",
            "takewhile(lambda x: x != 2, {})",
            "dropwhile(lambda x: x == 3, {})",
            "filterfalse(None, {})",
            "compress({}, [1, 0, 1])",
            "repeat({}, 2)",
            "starmap(lambda x, y: (x, y), [({0}, 1)])",
        ):
            yield "result = list(itertools." + call.format(a) + ")"
        yield f"result = [(k, list(g)) for k, g in itertools.groupby({a})]"
        yield f"result = list(zip(range(4), itertools.cycle({a})))"
        yield f"result = list(zip({a}, itertools.count(3, 2)))"
        yield f"result = [list(one) for one in itertools.tee({a})]"
        yield f"result = functools.reduce(lambda x, y: (x, y), {a}, 0)"
        yield f"result = functools.reduce(lambda x, y: (x, y), {a})"
        yield f"result = sorted(collections.Counter({a}).items(), key=str)"
        yield f"result = list(collections.deque({a}, maxlen=None))"
        yield f"d = collections.deque({a}); d.appendleft(8); d.append(9); result = (d.popleft(), d.pop(), list(d))"
        d = f"d = collections.OrderedDict((x, 1) for x in {a})"
        yield f"{d}; d.move_to_end(next(iter(d))); result = list(d.items())"
        yield f"{d}; result = (d.popitem(last=False), d.popitem(), list(d))"
        yield f"d = collections.defaultdict(list)\nfor x in {a}: d[x].append(x)\nresult = dict(d)"
        d = f"d = collections.UserDict(); d.update((x, 1) for x in {a})"
        yield f"{d}; result = (len(d), list(d), 3 in d, d.get(7, 5))"


SNIPPETS = [
    "d = collections.defaultdict(None); result = d['x']",
    "d = collections.defaultdict(int, a=1); d['b'] += 2; result = (dict(d), 'c' in d)",
    "P = collections.namedtuple('P', 'x y'); p = P(1, y=2); result = (p.x, p.y, tuple(p), p._asdict(), "
    "p._replace(x=5)[0], P._fields)",
    "P = collections.namedtuple('P', ['x', 'y'], defaults=[7]); result = tuple(P(1))",
    "P = collections.namedtuple('P', 'x, y'); result = P(1)",
    "P = collections.namedtuple('P', 'x, y'); result = P(1, 2, 3)",
    "P = collections.namedtuple('P', 'x, y'); result = P(1, 2, z=3)",
    "P = collections.namedtuple('P', 'x, y'); result = P(1, x=3)",
    "P = collections.namedtuple('P', 'x y'); x, y = P(1, 2); result = (x, y, P.__name__, isinstance(P(1, 2), tuple))",
    "f = functools.partial(lambda *a, **k: (a, k), 1, x=2); g = functools.partial(f, 3, y=4); result = (g(5, x=6), "
    "g.args, g.keywords)",
    "result = functools.partial(3)",
    "@functools.wraps(len)\ndef f(): pass\nresult = (f.__name__, f.__wrapped__ is len)",
    "@functools.lru_cache\ndef f(x): return x + 1\nresult = f(2)",
    "@functools.lru_cache(maxsize=None)\ndef f(x): return x + 1\nresult = f(2)",
    "class A:\n    @functools.cached_property\n    def x(self): return [1]\n"
    "a = A(); result = (a.x is a.x, 'x' in a.__dict__)",
    "result = operator.attrgetter('a.b')(type('T', (), {'a': type('U', (), {'b': 3})}))",
    "result = operator.itemgetter(1, 0)([4, 5])",
    "result = operator.mul(3, 4) + operator.index(5)",
    "result = operator.index(2.0)",
    "result = (string.ascii_lowercase, string.digits, string.punctuation)",
    "with contextlib.nullcontext(4) as x: result = x",
    "with contextlib.suppress(KeyError): raise KeyError(1)\nresult = 1",
    "with contextlib.suppress(KeyError): raise ValueError(1)\nresult = 1",
    "@contextlib.contextmanager\ndef c(log):\n    log.append('in')\n    yield 5\n    log.append('out')\nlog = []\n"
    "with c(log) as x: log.append(x)\nresult = log",
    "v = contextvars.ContextVar('v', default=1); t = v.set(2); a = v.get(); v.reset(t); result = (a, v.get())",
    "v = contextvars.ContextVar('v'); result = v.get(7)",
    "def f(a, b=2, *c, d, e=5, **g): pass\ns = inspect.signature(f); "
    "result = [(k, int(p.kind), p.default is p.empty) for k, p in s.parameters.items()]",
    "class A:\n    def __init__(self, x, y=1): pass\n    def m(self, z): pass\n"
    "result = (list(inspect.signature(A).parameters), list(inspect.signature(A().m).parameters), "
    "list(inspect.signature(A.m).parameters))",
    "@functools.wraps(lambda p, q: 0)\ndef f(*a): pass\nresult = list(inspect.signature(f).parameters)",
    "result = (inspect.isclass(int), inspect.isfunction(lambda: 0), inspect.ismethod([].append), inspect.isclass(3))",
    "class A: pass\nclass B(A): pass\nresult = [c.__name__ for c in inspect.getmro(B)]",
    "def f(a, b=1, *c, **d): pass\ns = inspect.getfullargspec(f); result = (s.args, s.varargs, s.varkw, s.defaults)",
    # dataclasses
    "@dataclasses.dataclass\nclass A:\n    x: int\n    y: int = 2\n"
    "a = A(1); result = (a.x, a.y, A(1) == A(1), A(1) == A(2), [f.name for f in dataclasses.fields(A)])",
    "@dataclasses.dataclass\nclass A:\n    x: int\n    y: int = 2\nresult = A()",
    "@dataclasses.dataclass\nclass A:\n    x: int\n    y: int\n    z: int\nresult = A()",
    "@dataclasses.dataclass\nclass A:\n    x: int\nresult = A(1, 2)",
    "@dataclasses.dataclass\nclass A:\n    x: int\nresult = A(y=2)",
    "@dataclasses.dataclass\nclass A:\n    x: int\nresult = A(1, x=2)",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n@dataclasses.dataclass\nclass B(A):\n    y: int\nresult = 1",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n@dataclasses.dataclass(kw_only=True)\nclass B(A):\n    y: int\n"
    "b = B(5, y=3); result = (b.x, b.y)",
    "@dataclasses.dataclass\nclass A:\n    x: list = []\nresult = 1",
    "@dataclasses.dataclass\nclass A:\n    x: list = dataclasses.field(default_factory=list)\n"
    "a, b = A(), A(); a.x.append(1); result = (a.x, b.x)",
    "@dataclasses.dataclass\nclass A:\n    x: int = dataclasses.field(default=3, metadata={'k': 1})\n"
    "result = (A.x, A().x, dataclasses.fields(A)[0].metadata['k'])",
    "@dataclasses.dataclass\nclass A:\n    x: int = dataclasses.field(default=3, init=False)\nresult = A(x=1)",
    "from typing import ClassVar\n@dataclasses.dataclass\nclass A:\n    k: ClassVar[int] = 3\n    x: int = 1\n"
    "result = ([f.name for f in dataclasses.fields(A)], A(2).x)",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n    def __post_init__(self): self.y = self.x + 1\n"
    "result = A(4).y",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n    i: dataclasses.InitVar[int] = 5\n"
    "    def __post_init__(self, i): self.y = self.x + i\nresult = (A(4).y, A(1, 1).y)",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n@dataclasses.dataclass\nclass B(A):\n    y: int = 2\n"
    "    x: int = 9\nresult = (B(), [f.name for f in dataclasses.fields(B)])[1], B().x",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\nclass B(A):\n    x = 7\nresult = (B().x, B.x)",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n@dataclasses.dataclass\nclass B(A):\n    x = 7\n"
    "result = (B().x, B.x)",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n"
    "result = (dataclasses.asdict(A(2)), dataclasses.astuple(A(2)), dataclasses.replace(A(2), x=3).x)",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\n"
    "result = (dataclasses.is_dataclass(A), dataclasses.is_dataclass(A()), dataclasses.is_dataclass(3))",
    "result = dataclasses.fields(3)",
    "result = dataclasses.field(default=1, default_factory=list)",
    "@dataclasses.dataclass\nclass A:\n    _: dataclasses.KW_ONLY\n    x: int = 1\nresult = A(1)",
    "@dataclasses.dataclass\nclass A:\n    x: int = 1\nresult = list(inspect.signature(A).parameters)",
    # enum
    "class E(enum.Enum):\n    A = 1\n    B = 2\n"
    "result = (E.A.value, E.A.name, E(2) is E.B, E.A is E.A, E.A == E.B, E.A == 1)",
    "class E(enum.Enum):\n    A = 1\nresult = E(5)",
    "class E(str, enum.Enum):\n    A = 'x'\n    B = 'y'\n"
    "result = (E.A == 'x', E('y') is E.B, isinstance(E.A, str), {'x': 1}[E.A])",
    "class E(enum.IntEnum):\n    A = 1\n    B = 5\nresult = (E.B + 1, E.A < E.B, int(E.B))",
    "class E(enum.Enum):\n    A = enum.auto()\n    B = enum.auto()\n    C = 7\n    D = enum.auto()\n"
    "result = [e.value for e in (E.A, E.B, E.C, E.D)]",
    "class E(enum.Enum):\n    A = 1\n    ALIAS = 1\n    def f(self): return self.value\n"
    "result = (E.ALIAS is E.A, E.ALIAS.name, E.A.f())",
    "class E(enum.Enum):\n    A = 1\n    @classmethod\n"
    "    def _missing_(cls, value): raise ValueError(f'no {value}')\nresult = E(3)",
    "class E(enum.Enum):\n    A = (1, 2)\n    def __init__(self, x, y): self.s = x + y\nresult = E.A.s",
    "class E(enum.Enum):\n    A = 1\nresult = str(E.A), repr(E.A), f'{E.A.value}'",
]
PROTOCOLS = (
    "Iterable Iterator Sized Container Collection Sequence MutableSequence Set MutableSet Mapping "
    "MutableMapping Callable"
).split()
THINGS = [
    "[]",
    "()",
    "{}",
    "set()",
    "frozenset()",
    "'a'",
    "range(3)",
    "3",
    "None",
    "len",
    "(lambda: 0)",
    "iter([])",
    "int",
    "2.5",
]


def numpy_cases():
    for row in ("[1, 2, 3]", "[0.5, 0.25]", "(4, 2, 8)", "range(4)", "[]"):
        for call in (
            "prod({})",
            "cumsum({}).tolist()",
            "cumprod({}).tolist()",
            "argsort({}).tolist()",
            "array({}).tolist()",
            "asarray({}).sum()",
            "array({}).shape",
            "log2(np.array({}) + 1).tolist()",
            "sqrt({}).tolist()",
            "ceil({}).tolist()",
            "(np.array({}) * 2).tolist()",
            "(1 / (np.array({}) + 1)).tolist()",
            "(np.array({}) // 2).tolist()",
            "(2 ** np.array({})).tolist()",
            "sum({})",
            "len(np.array({}))",
        ):
            text = call.format(row)
            yield f"result = {'' if text.startswith(('(', 'len')) else 'np.'}{text}"
    for start, stop, number in ((0, 1, 5), (0.1, 0.5, 3), (2, 8, 1), (0, 10, 0), (1, 0, 4)):
        yield f"result = np.linspace({start}, {stop}, {number}).tolist()"
        yield f"result = [float(x) for x in np.linspace({start}, {stop}, {number})]"
        yield f"result = np.linspace({start}, {stop}, {number}, endpoint=False).tolist()"
        yield f"result = np.arange({start}, {stop}, 0.25).tolist()"
    for text in (
        "np.arange(5).tolist()",
        "np.lcm(4, 6)",
        "np.gcd(4, 6)",
        "np.ceil(2.1)",
        "np.floor(-2.1)",
        "np.round(2.567, 2)",
        "np.round(2.5)",
        "np.round(3.5)",
        "np.log2(8)",
        "np.sqrt(16)",
        "np.power(2, 3)",
        "int(np.prod((2, 3, 4)))",
        "np.prod(7)",
        "np.zeros(3).tolist()",
        "np.ones(2).tolist()",
        "np.array([3, 1, 2])[np.argsort([3, 1, 2])].tolist()",
        "np.array([1, 2, 3])[1:].tolist()",
        "np.array([1.7, 2.2]).astype(int).tolist()",
        "np.abs(-3)",
        "np.pi",
        "np.array([1, 2, 3]).max()",
        "np.array([5, 6]).mean()",
    ):
        yield f"result = {text}"


def plain(value):
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return round(value, 12) if value == value else "nan"
    if isinstance(value, dict):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__ if type(value) in (list, tuple) else "tuple", *[plain(one) for one in value]]
    return value


def outcome(text, names, flags):
    space = dict(names)
    try:
        exec(compile(text, "<case>", "exec", flags, True), space)
    except Exception as error:
        return type(error).__name__, str(error).replace("<case>", "")
    return "gives", plain(space["result"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--show", type=int, default=20)
    args = parser.parse_args()

    loader = lazy_python.Loader("/nonexistent", native_shim, HOST)
    real = {name.replace(".", "_"): importlib.import_module(name) for name in MODULES}
    facts = {name.replace(".", "_"): loader.import_module(name) for name in MODULES}
    facts["__builtins__"] = dict(vars(importlib.import_module("builtins")))
    cases = [*simple_cases(), *iterable_cases(), *SNIPPETS]
    for module, name, more in (("packaging.version", "version", ()), ("numpy", "np", numpy_cases())):
        try:
            real[name] = importlib.import_module(module)
        except ImportError:
            print(f"{module} is not installed: not compared")
            cases = [one for one in cases if f"{name}." not in one]
            continue
        facts[name] = loader.import_module(module)
        cases += more
    wrong = 0
    for text in cases:
        expected, given = outcome(text, real, 0), outcome(text, facts, lazy_python.FLAGS)
        if expected != given:
            wrong += 1
            if wrong <= args.show:
                print(f"{text}\n  real:  {expected}\n  facts: {given}")
    protocols = importlib.import_module("collections.abc")
    for name, thing in itertools.product(PROTOCOLS, THINGS):
        value = eval(thing)
        expected = isinstance(value, getattr(protocols, name))
        if expected != bool(getattr(facts["collections_abc"], name).__instancecheck__(value)):
            wrong += 1
            print(f"isinstance({thing}, {name}) is {expected}")
    print(f"{len(cases) + len(PROTOCOLS) * len(THINGS)} cases, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
