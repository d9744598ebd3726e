# The standard library's logging: nothing is written.
from __native__ import ignored, unknown

NOTSET = 0
DEBUG = 10
INFO = 20
WARNING = WARN = 30
ERROR = 40
CRITICAL = FATAL = 50


class Logger:
    def __init__(self, name="", level=0):
        self.name = name
        self.handlers = []
        self.propagate = True
        self.level = level

    debug = info = warning = warn = error = exception = critical = log = ignored
    warning_once = info_once = warning_advice = ignored

    def setLevel(self, level):
        pass

    def addHandler(self, handler):
        pass

    def removeHandler(self, handler):
        pass

    def addFilter(self, filter):
        pass

    def isEnabledFor(self, level):
        return unknown("the level of a logger")

    def getEffectiveLevel(self):
        return unknown("the level of a logger")

    def getChild(self, suffix):
        return self


class LoggerAdapter(Logger):
    pass


class Handler:
    def __init__(self, *args, **kwargs):
        pass

    def setLevel(self, level):
        pass

    def setFormatter(self, formatter):
        pass


class StreamHandler(Handler):
    pass


class NullHandler(Handler):
    pass


class FileHandler(Handler):
    pass


class Formatter:
    def __init__(self, *args, **kwargs):
        pass


class Filter:
    def __init__(self, *args, **kwargs):
        pass


def getLogger(name=None):
    return Logger(name)


def basicConfig(**kwargs):
    pass


def captureWarnings(capture):
    pass


def debug(msg, *args, **kwargs):
    pass


info = warning = error = exception = critical = log = debug


def __getattr__(name):
    return unknown(f"logging.{name}")
