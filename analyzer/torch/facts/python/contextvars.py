# The standard library's contextvars.
_nothing = object()


class ContextVar:
    def __init__(self, name, *, default=_nothing):
        self.name = name
        self._value = default

    def get(self, *default):
        if self._value is _nothing:
            if default:
                return default[0]
            raise LookupError(self.name)
        return self._value

    def set(self, value):
        before = self._value
        self._value = value
        return before

    def reset(self, token):
        self._value = token
