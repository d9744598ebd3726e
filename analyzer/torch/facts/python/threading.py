# The standard library's threading.
from __native__ import unknown


class Lock:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return True

    def __exit__(self, *args):
        return None

    def acquire(self, *args, **kwargs):
        return True

    def release(self):
        pass

    def __getattr__(self, name):
        return unknown(f"a lock's {name}")


RLock = Semaphore = Condition = Lock


class local:
    pass


# What it runs, it may run at any time.
class Thread:
    def __init__(self, *args, **kwargs):
        self._given = (args, kwargs)

    def start(self):
        unknown("what a thread does")(self, self._given)

    def run(self):
        unknown("what a thread does")(self, self._given)

    def __getattr__(self, name):
        return unknown(f"a thread's {name}")


def __getattr__(name):
    return unknown(f"threading.{name}")
