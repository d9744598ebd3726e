# transformers.utils.logging: nothing is written.
from logging import CRITICAL, DEBUG, ERROR, FATAL, INFO, NOTSET, WARN, WARNING, Logger


def get_logger(name=None):
    return Logger(name)


def get_verbosity():
    return WARNING


def set_verbosity(verbosity):
    pass


def set_verbosity_info():
    pass


set_verbosity_warning = set_verbosity_debug = set_verbosity_error = set_verbosity_info


def captureWarnings(capture):
    pass


def warning_once(self, *args, **kwargs):
    pass


def disable_progress_bar():
    pass


def enable_progress_bar():
    pass
