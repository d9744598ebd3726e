# The standard library's math.
from __native__ import (
    math_ceil as ceil, math_cos as cos, math_exp as exp, math_floor as floor, math_gcd, math_isqrt as isqrt,
    math_log as _log, math_log2 as log2, math_log10 as log10, math_pow as pow, math_sin as sin, math_sqrt as sqrt,
    unknown,
)

pi = 3.141592653589793
e = 2.718281828459045
tau = 6.283185307179586
inf = 1e999
nan = 1e999 - 1e999


def log(x, base=None):
    return _log(x) if base is None else _log(x) / _log(base)


def prod(iterable, *, start=1):
    result = start
    for factor in iterable:
        result = result * factor
    return result


def gcd(*integers):
    result = 0
    for integer in integers:
        result = math_gcd(result, integer)
    return result


def lcm(*integers):
    result = 1
    for integer in integers:
        if integer == 0:
            return 0
        result = abs(result * integer) // math_gcd(result, integer)
    return result


def trunc(x):
    return int(x)


def fabs(x):
    return abs(float(x))


def fsum(values):
    return sum(values) + 0.0


def hypot(*coordinates):
    return sqrt(sum(value * value for value in coordinates))


def dist(p, q):
    return sqrt(sum((a - b) * (a - b) for a, b in zip(p, q)))


def degrees(x):
    return x * 180.0 / pi


def radians(x):
    return x * pi / 180.0


def tan(x):
    return sin(x) / cos(x)


def factorial(n):
    if isinstance(n, float):
        raise TypeError("'float' object cannot be interpreted as an integer")
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    result = 1
    for factor in range(2, n + 1):
        result = result * factor
    return result


def comb(n, k):
    return 0 if k > n else factorial(n) // (factorial(k) * factorial(n - k))


def perm(n, k=None):
    return factorial(n) if k is None else factorial(n) // factorial(n - k)


def isnan(x):
    return x != x


def isinf(x):
    return x == inf or x == -inf


def isfinite(x):
    return not isnan(x) and not isinf(x)


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if a == b:
        return True
    if isinf(a) or isinf(b):
        return False
    return abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol)


def copysign(x, y):
    return abs(float(x)) if y >= 0 else -abs(float(x))


def fmod(x, y):
    result = float(abs(x) % abs(y))
    return result if x >= 0 else -result


def modf(x):
    whole = int(x)
    return x - whole, float(whole)


def __getattr__(name):
    return unknown(f"math.{name}")
