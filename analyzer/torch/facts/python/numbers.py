# The standard library's numbers.


class _Tower:
    _types = ()

    @classmethod
    def __instancecheck__(cls, value):
        return isinstance(value, cls._types) or cls in type(value).__mro__


class Number(_Tower):
    _types = (int, float)


class Complex(Number):
    _types = (int, float)


class Real(Complex):
    _types = (int, float)


class Rational(Real):
    _types = (int,)


class Integral(Rational):
    _types = (int,)
