"""What the evaluator in CPython cannot tell, and what its parts share (native_shim.py)."""

import types

guesses = []  # reasons of every decision that an Unknown was asked for
shared = types.SimpleNamespace(importer=None)  # importer: lazy_python.Loader


class Unknown:
    """Cannot tell.  Deciding on one is noted, and taken to be false or empty."""

    def __init__(self, words):
        object.__setattr__(self, "words", words)

    def _same(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        if name in ("__mro_entries__", "__wrapped__", "__dataclass_parameters__", "__set_name__", "__get__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name, value):
        pass

    def __mro_entries__(self, bases):
        guesses.append(self.words)
        return (object,)

    def _guess(self):
        guesses.append(self.words)

    def __bool__(self):
        self._guess()
        return False

    def __iter__(self):
        self._guess()
        return iter(())

    def __len__(self):
        self._guess()
        return 0

    def __int__(self):
        self._guess()
        return 0

    __index__ = __int__

    def __float__(self):
        self._guess()
        return 0.0

    def __contains__(self, item):
        self._guess()
        return False

    def __hash__(self):
        return id(self)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __deepcopy__(self, memo):
        return self

    def __str__(self):
        return f"<unknown: {self.words}>"

    __repr__ = __str__
    __call__ = __getitem__ = _same


for _name in (
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow and rand or ror xor rxor lshift "
    "rshift "
    "matmul rmatmul neg pos invert abs eq ne lt le gt ge setitem delitem"
).split():
    setattr(Unknown, f"__{_name}__", Unknown._same)


def unknown(words):
    return Unknown(words)


unknown_plain = unknown
