# The standard library's importlib.metadata.
from __native__ import environment, package_available, unknown


class PackageNotFoundError(ModuleNotFoundError):
    pass


def version(name):
    if name == "torch":
        return environment("torch_version")
    if name == "transformers":
        return environment("transformers_version")
    if package_available(name) is False:
        raise PackageNotFoundError(name)
    return unknown(f"the version of {name}")


def __getattr__(name):
    return unknown(f"importlib.metadata.{name}")
