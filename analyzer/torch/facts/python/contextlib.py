# The standard library's contextlib.
from __native__ import generator_context, unknown


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None


class AbstractAsyncContextManager:
    pass


class ContextDecorator:
    def __call__(self, function):
        return function


# A with statement over a generator's context runs its own body at the yield: see NATIVE.md.
def contextmanager(function):
    def make(*args, **kwargs):
        return generator_context(function, args, kwargs)

    make.__wrapped__ = function
    make.__name__ = function.__name__
    return make


def asynccontextmanager(function):
    return function


class nullcontext(AbstractContextManager):
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result


class suppress(AbstractContextManager):
    leaflint_swallows = True

    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __exit__(self, kind=None, value=None, traceback=None):
        return kind is not None and issubclass(kind, self._exceptions)


class closing(AbstractContextManager):
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *args):
        self.thing.close()


class ExitStack(AbstractContextManager):
    leaflint_swallows = True

    def __init__(self):
        self._exits = []

    def enter_context(self, context):
        value = context.__enter__()
        self._exits.append(context.__exit__)
        return value

    def callback(self, function, /, *args, **kwargs):
        def leave(*details):
            function(*args, **kwargs)

        self._exits.append(leave)
        return function

    def push(self, exit):
        self._exits.append(exit.__exit__ if hasattr(exit, "__exit__") else exit)
        return exit

    def pop_all(self):
        result = ExitStack()
        result._exits = self._exits
        self._exits = []
        return result

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, *details):
        swallowed = False
        while self._exits:
            if self._exits.pop()(*details) and details[0] is not None:
                swallowed = True
                details = (None, None, None)
        return swallowed


class redirect_stdout(nullcontext):
    pass


class redirect_stderr(nullcontext):
    pass


def __getattr__(name):
    return unknown(f"contextlib.{name}")
