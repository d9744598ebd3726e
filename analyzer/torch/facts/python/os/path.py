# The standard library's os.path: what is only text.
from __native__ import unknown

sep = "/"


def join(path, *paths):
    for part in paths:
        if part.startswith("/"):
            path = part
        elif not path or path.endswith("/"):
            path = path + part
        else:
            path = path + "/" + part
    return path


def split(path):
    at = path.rfind("/") + 1
    head = path[:at]
    return (head.rstrip("/") if head.strip("/") else head), path[at:]


def basename(path):
    return split(path)[1]


def dirname(path):
    return split(path)[0]


def splitext(path):
    name = basename(path)
    at = name.rfind(".")
    if at <= 0 or not name[:at].strip("."):
        return path, ""
    cut = len(path) - len(name) + at
    return path[:cut], path[cut:]


def isabs(path):
    return path.startswith("/")


def __getattr__(name):
    return unknown(f"os.path.{name}")
