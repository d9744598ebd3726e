"""Runs Python files the way leaflint's evaluator does: a module-level name is bound when it is first looked up.

A developer's tool, with CPython as the evaluator: fact files first, then the files of a transformers release.
Names that a function does not find are looked for through the module's builtins, which are asked last.
"""

import __future__

import ast
import builtins
import os
import pathlib
import sys
import types

FACTS = pathlib.Path(__file__).resolve().parents[2] / "analyzer" / "torch" / "facts"
# What CPython has to give itself: its own object model.
HOST = {
    "abc",
    "builtins",
    "collections.abc",
    "enum",
    "numbers",
    "sys",
    "types",
    "typing",
    "typing_extensions",
    "__future__",
}
FLAGS = __future__.annotations.compiler_flag


def bound_names(statement):
    """Names that a statement binds, and names whose value it changes in place."""
    names = []

    def target(node):
        if isinstance(node, ast.Name):
            names.append(node.id)
        elif isinstance(node, (ast.Tuple, ast.List)):
            for one in node.elts:
                target(one)
        elif isinstance(node, ast.Starred):
            target(node.value)
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            root(node)

    def root(node):
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Name):
            names.append(node.id)

    def visit(node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            for one in node.targets:
                target(one)
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            target(node.target)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                names.append(alias.asname or alias.name.split(".")[0])
        elif isinstance(node, ast.Expr):
            if isinstance(node.value, ast.Call):
                root(node.value)
        elif isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
            if isinstance(node, ast.For):
                target(node.target)
            for field in ("body", "orelse", "finalbody"):
                for one in getattr(node, field, ()):
                    visit(one)
            for handler in getattr(node, "handlers", ()):
                for one in handler.body:
                    visit(one)

    visit(statement)
    return names


class Unit:
    """The statements of one file, by the names that they bind."""

    def __init__(self, module, path, is_package, is_fact):
        self.module = module
        self.path = path
        self.done = set()
        self.stars = []
        self.events = {}
        self.statements = []
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        lazy_package = is_package and not is_fact and "_LazyModule" in path.read_text(encoding="utf-8")
        for statement in tree.body:
            if lazy_package and isinstance(statement, ast.If) and getattr(statement.test, "id", "") == "TYPE_CHECKING":
                for one in ast.walk(statement):
                    if isinstance(one, (ast.ImportFrom, ast.Import)):
                        self.add(one)
            else:
                self.add(statement)

    def add(self, statement):
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if alias.name == "*":
                    self.stars.append(statement)
                    continue
                one = ast.copy_location(ast.ImportFrom(statement.module, [alias], statement.level), statement)
                self.append(one, [alias.asname or alias.name])
        else:
            self.append(statement, bound_names(statement))

    def append(self, statement, names):
        number = len(self.statements)
        self.statements.append(statement)
        for name in dict.fromkeys(names):
            self.events.setdefault(name, []).append(number)

    def run(self, number):
        if number in self.done:
            return
        self.done.add(number)
        statement = self.statements[number]
        for name in dict.fromkeys(bound_names(statement)):
            for before in self.events.get(name, ()):
                if before >= number:
                    break
                self.run(before)
        code = compile(ast.Module([statement], []), str(self.path), "exec", FLAGS, True)
        try:
            exec(code, self.module.__dict__)
        except Exception:
            if isinstance(statement, ast.Expr):
                return  # patched documentation and the like
            self.done.discard(number)
            raise

    def bind(self, name):
        for number in self.events.get(name, ()):
            self.run(number)
        return name in self.events and name in self.module.__dict__


class Builtins(dict):
    """What a name of a module falls back to: the module's statements that were not run yet, then real builtins."""

    def __init__(self, module):
        super().__init__()
        self.module = module
        self["__import__"] = module.__lazy_loader__.import_hook

    def __missing__(self, name):
        if self.module.bind(name):
            return self.module.__dict__[name]
        return getattr_or_key_error(name)


def getattr_or_key_error(name):
    try:
        return builtins.__dict__[name]
    except KeyError:
        raise KeyError(name) from None


class LazyModule(types.ModuleType):
    def __init__(self, loader, name, fact, source, is_package):
        super().__init__(name)
        own = self.__dict__
        own["__lazy_loader__"] = loader
        own["__lazy_units__"] = []
        own["__lazy_absent__"] = set()
        own["__lazy_package__"] = is_package
        own["__package__"] = name if is_package else name.rpartition(".")[0]
        own["__file__"] = str(source or fact)
        own["TYPE_CHECKING"] = False
        if is_package:
            own["__path__"] = []
        own["__builtins__"] = Builtins(self)
        for path, is_fact in ((fact, True), (source, False)):
            if path is not None:
                own["__lazy_units__"].append(Unit(self, path, is_package, is_fact))

    def bind(self, name):
        own = self.__dict__
        if name in own["__lazy_absent__"]:
            return False
        for unit in own["__lazy_units__"]:
            if unit.bind(name):
                return True
        if own["__lazy_package__"] and self.__lazy_loader__.find(f"{own['__name__']}.{name}"):
            return False  # a submodule, not something that a star import brings
        for unit in own["__lazy_units__"]:
            for star in unit.stars:
                base = self.__lazy_loader__.absolute(self, star.module, star.level)
                if not self.__lazy_loader__.find(base):
                    continue  # some releases list modules that they do not have
                module = self.__lazy_loader__.import_module(base)
                public = getattr(module, "__all__", None) if name != "__all__" else None
                if name != "__all__" and (name in public if public is not None else not name.startswith("_")):
                    try:
                        own[name] = getattr(module, name)
                        return True
                    except AttributeError:
                        pass
        own["__lazy_absent__"].add(name)
        return False

    def __getattr__(self, name):
        own = self.__dict__
        if name != "__path__" and self.bind(name):
            return own[name]
        if own["__lazy_package__"]:
            dotted = f"{own['__name__']}.{name}"
            if self.__lazy_loader__.find(dotted):
                module = self.__lazy_loader__.import_module(dotted)
                own[name] = module
                return module
            home = self.__lazy_loader__.find_symbol(own["__name__"], name)
            if home:
                return getattr(self.__lazy_loader__.import_module(home), name)
        if not name.startswith("__"):
            if "__lazy_getattr__" not in own:  # not left under its own name: module objects would ask it first
                own["__lazy_getattr__"] = own.pop("__getattr__") if self.bind("__getattr__") else None
            if own["__lazy_getattr__"] is not None:
                return own["__lazy_getattr__"](name)
        raise AttributeError(f"module '{own['__name__']}' has no attribute '{name}'")


class Loader:
    def __init__(self, release, native, host=HOST):
        self.host = host
        self.release = pathlib.Path(release)  # the folder of the package transformers
        self.native = native
        native.shared.importer = self
        self.modules = {"__native__": native}
        self.symbols = None

    def find(self, dotted):
        """(fact file, source file, is package) or None."""
        if dotted in self.modules:
            return True
        slashed = dotted.replace(".", "/")
        fact = source = None
        is_package = False
        for root in ("", "python/", "packages/"):
            for tail, package in (("/__init__.py", True), (".py", False)):
                path = FACTS / (root + slashed + tail)
                if fact is None and path.is_file():
                    fact, is_package = path, package
        if dotted == "transformers" or dotted.startswith("transformers."):
            base = self.release / slashed[len("transformers/") :] if "." in dotted else self.release
            if (base / "__init__.py").is_file():
                source, is_package = base / "__init__.py", True
            elif base.with_suffix(".py").is_file() and dotted != "transformers":
                source = base.with_suffix(".py")
            elif base.is_dir():
                is_package = True
                source = pathlib.Path(os.devnull)
            if source is None:
                return None
        return (fact, source, is_package) if fact or source else None

    def import_module(self, dotted):
        if dotted in self.modules:
            return self.modules[dotted]
        if dotted in self.host or dotted.split(".")[0] in self.host:
            return __import__(dotted, fromlist=["x"])
        found = self.find(dotted)
        if not found:
            top = dotted.split(".")[0]
            if top in sys.stdlib_module_names or (top != dotted and self.find(top) and top != "transformers"):
                stub = types.ModuleType(dotted)
                stub.__getattr__ = lambda name: self.native.Unknown(f"{dotted}.{name}")
                stub.__path__ = []
                self.modules[dotted] = stub
                return stub
            raise ModuleNotFoundError(f"No module named '{dotted}'", name=dotted)
        parent = dotted.rpartition(".")[0]
        if parent:
            self.import_module(parent)
        module = LazyModule(self, dotted, *found)
        self.modules[dotted] = module
        return module

    def absolute(self, module, name, level):
        if not level:
            return name
        parts = module.__dict__["__package__"].split(".")
        base = ".".join(parts[: len(parts) - level + 1])
        return f"{base}.{name}" if name else base

    def import_hook(self, name, globals=None, locals=None, fromlist=(), level=0):
        if level:
            package = globals["__package__"].split(".")
            base = ".".join(package[: len(package) - level + 1])
            name = f"{base}.{name}" if name else base
        module = self.import_module(name)
        if fromlist:
            for one in fromlist:
                if one != "*" and not hasattr(module, one):
                    raise ImportError(f"cannot import name '{one}' from '{name}'")
            return module
        return self.import_module(name.split(".")[0])

    def from_source(self, dotted, name):
        module = self.import_module(dotted)
        for unit in module.__dict__["__lazy_units__"]:
            if FACTS not in unit.path.parents and unit.bind(name):
                return module.__dict__[name]
        raise ImportError(f"cannot import name '{name}' from '{dotted}'")

    def evaluate(self, text, dotted):
        return eval(compile(text.strip(), "<annotation>", "eval"), self.import_module(dotted).__dict__)

    def find_symbol(self, package, name):
        """Where a lazy package's name is defined."""
        if package.split(".")[0] != "transformers":
            return None
        if self.symbols is None:
            self.symbols = {}
            for path in sorted(self.release.rglob("*.py")):
                dotted = ".".join(("transformers", *path.relative_to(self.release).with_suffix("").parts))
                for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                    if line.startswith(("class ", "def ")):
                        word = line.split("(")[0].split(":")[0].split()[1]
                        self.symbols.setdefault(word, []).append(dotted)
        homes = [one for one in self.symbols.get(name, ()) if one.startswith(package + ".") and "dummy_" not in one]
        return homes[0] if homes else None
