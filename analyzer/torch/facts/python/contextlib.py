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
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __exit__(self, kind=None, value=None, traceback=None):
        return kind is not None and issubclass(kind, self._exceptions)


class closing(AbstractContextManager):
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing


class ExitStack(AbstractContextManager):
    def enter_context(self, context):
        return context.__enter__()

    def callback(self, function, /, *args, **kwargs):
        return function

    def push(self, exit):
        return exit

    def close(self):
        pass


class redirect_stdout(nullcontext):
    pass


class redirect_stderr(nullcontext):
    pass


def __getattr__(name):
    return unknown(f"contextlib.{name}")
