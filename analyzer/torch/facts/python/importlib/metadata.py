# The standard library's importlib.metadata.
from __native__ import environment, import_module, is_known, package_available, unknown


# Packages that are named otherwise than the module.
_MODULES = {"autoawq": "awq", "flute-kernel": "flute", "optimum-quanto": "optimum.quanto", "optimum_quanto": "optimum.quanto"}


class PackageNotFoundError(ModuleNotFoundError):
    pass


def version(name):
    if name == "torch":
        return environment("torch_version")
    if name == "transformers":
        return environment("transformers_version")
    module = _MODULES.get(name, name)
    if package_available(module) is False:
        raise PackageNotFoundError(name)
    if environment("quantizing") and is_known(package_available(module)):
        read = getattr(import_module(module), "__version__", None)  # facts say which version they were read from
        if isinstance(read, str):
            return read
    return unknown(f"the version of {name}")


def __getattr__(name):
    return unknown(f"importlib.metadata.{name}")
