# Facts of torch 2.13.0: contexts and decorators that say how to compute; none of them changes what is built.


class _Context:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __call__(self, function):
        return function


class _BareOrCalled(_Context):
    # `@no_grad` and `@no_grad()` both.
    def __new__(cls, function=None, *args, **kwargs):
        if callable(function):
            return function
        return object.__new__(cls)


class no_grad(_BareOrCalled):
    pass


class enable_grad(_BareOrCalled):
    pass


class inference_mode(_BareOrCalled):
    pass


class set_grad_enabled(_Context):
    pass


class autocast(_Context):
    pass


def is_grad_enabled():
    return True


def is_autocast_enabled(device_type=None):
    return False
