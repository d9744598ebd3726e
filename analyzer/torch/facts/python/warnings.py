# The standard library's warnings: nothing is shown.


def warn(message, category=None, stacklevel=1, source=None, **kwargs):
    pass


def warn_explicit(*args, **kwargs):
    pass


def filterwarnings(*args, **kwargs):
    pass


def simplefilter(*args, **kwargs):
    pass


def resetwarnings():
    pass


class catch_warnings:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return []

    def __exit__(self, *args):
        return False


def deprecated(message, /, **kwargs):
    return _keep


def _keep(value):
    return value
