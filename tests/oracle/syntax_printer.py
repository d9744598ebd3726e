"""CPython's ast in the form in which syntax_dump prints leaflint's: what syntax_compare.py compares."""

import ast

OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<",
    ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}
TYPE_ALIAS = getattr(ast, "TypeAlias", ())
TRY_STAR = getattr(ast, "TryStar", ())
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match) + (
    (TRY_STAR,) if TRY_STAR else ())


def quoted(data):
    return '"' + "".join(chr(c) if 0x20 <= c < 0x7F and c not in b'"\\' else f"\\x{c:02x}" for c in data) + '"'


def encoded(text):
    return text.encode("utf-8", "surrogatepass")


def children(node):
    """Child nodes that belong to the same scope as the node."""
    if isinstance(node, ast.Lambda):
        yield from node.args.defaults
        yield from (default for default in node.args.kw_defaults if default)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield from node.decorator_list
        yield from node.args.defaults
        yield from (default for default in node.args.kw_defaults if default)
    elif isinstance(node, ast.ClassDef):
        yield from node.decorator_list
        yield from node.bases
        yield from node.keywords
    elif isinstance(node, ast.AnnAssign):
        yield node.target
        if node.value:
            yield node.value
    elif TYPE_ALIAS and isinstance(node, TYPE_ALIAS):
        yield node.name
    else:
        yield from ast.iter_child_nodes(node)


def walk(nodes, inside=False):
    """(node, whether it stands in a comprehension target) for all nodes of one scope."""
    todo = [(node, inside) for node in reversed(nodes)]
    while todo:
        node, inside = todo.pop()
        yield node, inside
        for child in children(node):
            todo.append((child, inside or isinstance(node, ast.comprehension) and child is node.target))


def imported(alias):
    return alias.asname or alias.name.split(".")[0]


def bound_names(nodes):
    """Names that the statements bind in their scope, and those made global or nonlocal."""
    bound, excluded = [], set()
    for node, inside in walk(nodes):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)) and not inside:
            bound.append(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.append(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound.extend(imported(alias) for alias in node.names)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            excluded.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.append(node.name)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            bound.append(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.append(node.rest)
    return bound, excluded


class Variable:
    pass


class Scope:
    """Names that are slots here, and the numbers in which they are first printed."""

    def __init__(self, locals_=()):
        self.locals = {name: Variable() for name in locals_}
        self.hidden = []
        self.order = {}

    def find(self, name):
        for variables in reversed(self.hidden):
            if name in variables:
                return variables[name]
        return self.locals.get(name)

    def name(self, name):
        variable = self.find(name)
        if variable is None:
            return f"N:{name}"
        number = self.order.setdefault(variable, len(self.order) + 1)
        return f"L:{name}#{number}"


class Printer:
    def __init__(self):
        self.scope = Scope()
        self.annotations = 0

    # ---- helpers

    def one(self, node):
        return " " + (self.node(node) if node is not None else "-")

    def many(self, nodes):
        return " [" + "".join(self.one(node) for node in nodes) + " ]"

    def name(self, name):
        return f"N:{name}" if self.annotations else self.scope.name(name)

    def annotation(self, node):
        self.annotations += 1
        text = self.one(node)
        self.annotations -= 1
        return text

    def node(self, node):
        return getattr(self, "print_" + type(node).__name__)(node)

    def statement(self, node, kind, rest):
        return f"({kind} @{node.lineno}{rest})"

    # ---- expressions

    def print_Name(self, node):
        return self.name(node.id)

    def print_Constant(self, node):
        value = node.value
        if value is None or value is True or value is False:
            return f"({str(value).upper()})"
        if value is ...:
            return "(ELLIPSIS)"
        if isinstance(value, int):
            return f"I:{value}"
        if isinstance(value, float):
            return f"F:{value:.17g}"
        if isinstance(value, complex):
            return "(UNSUPPORTED a complex number)"
        if isinstance(value, bytes):
            return "b" + quoted(value)
        return quoted(encoded(value))

    def print_JoinedStr(self, node):
        parts, text = [], ""
        for value in node.values:
            if isinstance(value, ast.Constant):
                text += value.value
                continue
            if text:
                parts.append(quoted(encoded(text)))
            text = ""
            parts.append(self.node(value))
        if text:
            parts.append(quoted(encoded(text)))
        return "(FSTRING [" + "".join(" " + part for part in parts) + " ])"

    def print_FormattedValue(self, node):
        conversion = "-" if node.conversion == -1 else chr(node.conversion)
        return f"(FORMAT {conversion}{self.one(node.value)}{self.one(node.format_spec)})"

    def print_Tuple(self, node):
        return f"(TUPLE{self.many(node.elts)})"

    def print_List(self, node):
        return f"(LIST{self.many(node.elts)})"

    def print_Set(self, node):
        return f"(SET{self.many(node.elts)})"

    def print_Dict(self, node):
        return f"(DICT{self.many([part for pair in zip(node.keys, node.values) for part in pair])})"

    def print_Attribute(self, node):
        return f"(ATTRIBUTE{self.one(node.value)} {node.attr})"

    def print_Subscript(self, node):
        return f"(SUBSCRIPT{self.one(node.value)}{self.one(node.slice)})"

    def print_Slice(self, node):
        return f"(SLICE{self.one(node.lower)}{self.one(node.upper)}{self.one(node.step)})"

    def print_Call(self, node):
        arguments = sorted(node.args + node.keywords, key=lambda part: (part.lineno, part.col_offset))
        return f"(CALL{self.one(node.func)}{self.many(arguments)})"

    def print_keyword(self, node):
        if node.arg is None:
            return f"(DOUBLE_STAR{self.one(node.value)})"
        return f"(KEYWORD {node.arg}{self.one(node.value)})"

    def print_Starred(self, node):
        return f"(STARRED{self.one(node.value)})"

    def print_UnaryOp(self, node):
        return f"(UNARY {OPERATORS[type(node.op)]}{self.one(node.operand)})"

    def print_BinOp(self, node):
        return f"(BINARY {OPERATORS[type(node.op)]}{self.one(node.left)}{self.one(node.right)})"

    def print_BoolOp(self, node):
        kind = "AND" if isinstance(node.op, ast.And) else "OR"
        text = self.node(node.values[0])
        for value in node.values[1:]:
            text = f"({kind} {text}{self.one(value)})"
        return text

    def print_Compare(self, node):
        text = self.one(node.left)
        for op, right in zip(node.ops, node.comparators):
            text += f" {OPERATORS[type(op)]}{self.one(right)}"
        return f"(COMPARE{text})"

    def print_IfExp(self, node):
        return f"(CONDITIONAL{self.one(node.test)}{self.one(node.body)}{self.one(node.orelse)})"

    def print_NamedExpr(self, node):
        return f"(NAMED{self.one(node.target)}{self.one(node.value)})"

    def print_Await(self, node):
        return f"(AWAIT{self.one(node.value)})"

    def print_Yield(self, node):
        return f"(YIELD 0{self.one(node.value)})"

    def print_YieldFrom(self, node):
        return f"(YIELD 1{self.one(node.value)})"

    def comprehension(self, node, kind, elements):
        """Prints in the order of the dump (element, clauses, value), but the first iterable sees no variables."""
        names = [
            name.id for clause in node.generators for name, _ in walk([clause.target])
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        ]
        variables = {} if self.annotations else {name: Variable() for name in names}
        self.scope.hidden.append(variables)
        text = self.one(elements[0]) + " ["
        for clause in node.generators:
            text += f" (CLAUSE {clause.is_async}{self.one(clause.target)}"
            if clause is node.generators[0]:
                self.scope.hidden.pop()
            text += self.one(clause.iter)
            if clause is node.generators[0]:
                self.scope.hidden.append(variables)
            text += self.many(clause.ifs) + ")"
        text += " ]" + self.one(elements[1] if len(elements) > 1 else None)
        self.scope.hidden.pop()
        return f"({kind}{text})"

    def print_ListComp(self, node):
        return self.comprehension(node, "LIST_COMP", [node.elt])

    def print_SetComp(self, node):
        return self.comprehension(node, "SET_COMP", [node.elt])

    def print_GeneratorExp(self, node):
        return self.comprehension(node, "GENERATOR", [node.elt])

    def print_DictComp(self, node):
        return self.comprehension(node, "DICT_COMP", [node.key, node.value])

    # ---- functions and classes

    def flags(self, node, body):
        text = "a" if isinstance(node, ast.AsyncFunctionDef) else ""
        nodes = [part for part, _ in walk(body)]
        text += "g" if any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in nodes) else ""
        text += "i" if any(isinstance(part, FUNCTIONS + (ast.ClassDef,)) for part in nodes) else ""
        everything = [part for statement in body for part in ast.walk(statement)]
        text += "s" if any(isinstance(part, ast.Name) and part.id in ("super", "__class__") for part in everything) else ""
        text += "b" if getattr(node, "type_params", None) else ""
        return text

    def function(self, node, name, body):
        arguments = node.args
        plain = arguments.posonlyargs + arguments.args
        defaults = [None] * (len(plain) - len(arguments.defaults)) + arguments.defaults
        parameters = [
            ("only" if i < len(arguments.posonlyargs) else "normal", parameter, default)
            for i, (parameter, default) in enumerate(zip(plain, defaults))
        ]
        if arguments.vararg:
            parameters.append(("star", arguments.vararg, None))
        parameters += [("keyword", *pair) for pair in zip(arguments.kwonlyargs, arguments.kw_defaults)]
        if arguments.kwarg:
            parameters.append(("doublestar", arguments.kwarg, None))
        bound, excluded = bound_names(body)
        names = [parameter.arg for _, parameter, _ in parameters]
        outer, inner = self.scope, Scope(names + [name for name in bound if name not in excluded and name not in names])
        annotations, self.annotations = self.annotations, 0
        text = f" {name} {self.flags(node, body)}"
        for kind, parameter, default in parameters:
            text += f" ({kind} {inner.name(parameter.arg)}{self.annotation(parameter.annotation)}"
            self.annotations = annotations
            text += f"{self.one(default)})"
            self.annotations = 0
        text += self.annotation(getattr(node, "returns", None))
        self.scope = inner
        text += f" [ (RETURN @{body[0].lineno}{self.one(body[0].value)}) ]" if isinstance(node, ast.Lambda) else self.many(body)
        self.scope, self.annotations = outer, annotations
        return text

    def print_Lambda(self, node):
        body = [ast.copy_location(ast.Return(value=node.body), node.body)]
        return f"(LAMBDA{self.function(node, '<lambda>', body)})"

    def print_FunctionDef(self, node):
        rest = f"{self.many(node.decorator_list)} {self.name(node.name)}{self.function(node, node.name, node.body)}"
        return self.statement(node, "FUNCTION", rest)

    print_AsyncFunctionDef = print_FunctionDef

    def class_header(self, node):
        arguments = sorted(node.bases + node.keywords, key=lambda part: (part.lineno, part.col_offset))
        rest = f"{self.many(node.decorator_list)} {self.name(node.name)} {node.name}"
        if getattr(node, "type_params", None):
            return rest + " [ (UNSUPPORTED type parameters of a class)" + self.many(arguments)[2:]
        return rest + self.many(arguments)

    def print_ClassDef(self, node):
        rest = self.class_header(node)
        outer, self.scope = self.scope, Scope()
        rest += self.many(node.body)
        self.scope = outer
        return self.statement(node, "CLASS", rest)

    # ---- statements

    def print_Expr(self, node):
        return self.statement(node, "EXPRESSION", self.one(node.value))

    def print_Assign(self, node):
        return self.statement(node, "ASSIGN", self.many(node.targets) + self.one(node.value))

    def print_AugAssign(self, node):
        return self.statement(node, "AUGMENT", f" {OPERATORS[type(node.op)]}{self.one(node.target)}{self.one(node.value)}")

    def print_AnnAssign(self, node):
        rest = self.one(node.target) + self.annotation(node.annotation) + self.one(node.value)
        return self.statement(node, "ANNOTATE", rest)

    def print_Return(self, node):
        return self.statement(node, "RETURN", self.one(node.value))

    def print_Raise(self, node):
        return self.statement(node, "RAISE", self.one(node.exc) + self.one(node.cause))

    def print_Assert(self, node):
        return self.statement(node, "ASSERT", self.one(node.test) + self.one(node.msg))

    def print_Delete(self, node):
        return self.statement(node, "DELETE", self.many(node.targets))

    def print_Pass(self, node):
        return self.statement(node, "PASS", "")

    def print_Break(self, node):
        return self.statement(node, "BREAK", "")

    def print_Continue(self, node):
        return self.statement(node, "CONTINUE", "")

    def print_Global(self, node):
        return self.statement(node, "GLOBAL", "".join(" " + name for name in node.names))

    def print_Nonlocal(self, node):
        return self.statement(node, "NONLOCAL", "".join(" " + name for name in node.names))

    def alias(self, alias, is_from):
        text = f"(ALIAS {alias.name}" + (f" {alias.asname}" if alias.asname else "")
        name = alias.name if is_from and not alias.asname else imported(alias)
        variable = self.name(name)
        return text + (f" {variable}" if variable.startswith("L:") else "") + ")"

    def print_Import(self, node):
        aliases = "".join(" " + self.alias(alias, False) for alias in node.names)
        return self.statement(node, "IMPORT", f" [{aliases} ]")

    def print_ImportFrom(self, node):
        aliases = "".join(" " + self.alias(alias, True) for alias in node.names)
        return self.statement(node, "FROM_IMPORT", f" {node.level} {node.module or ''} [{aliases} ]")

    def print_If(self, node):
        return self.statement(node, "IF", self.one(node.test) + self.many(node.body) + self.many(node.orelse))

    def print_For(self, node):
        head = f" (FOR_HEAD{self.one(node.target)}{self.one(node.iter)})"
        is_async = int(isinstance(node, ast.AsyncFor))
        # The target's line is that of the statement in all but odd files.
        head = head.replace("(FOR_HEAD", f"(FOR_HEAD @{node.target.lineno}", 1)
        return self.statement(node, "FOR", f" {is_async}{head}{self.many(node.body)}{self.many(node.orelse)}")

    print_AsyncFor = print_For

    def print_While(self, node):
        return self.statement(node, "WHILE", self.one(node.test) + self.many(node.body) + self.many(node.orelse))

    def handler(self, handler, is_group):
        name = self.name(handler.name) if handler.name else "-"
        return f"(HANDLER @{handler.lineno} {is_group}{self.one(handler.type)} {name}{self.many(handler.body)})"

    def print_Try(self, node, is_group=0):
        text = self.many(node.body)
        text += " [" + "".join(" " + self.handler(handler, is_group) for handler in node.handlers) + " ]"
        if node.orelse or node.finalbody:
            text += f" (TRY_TAIL @{node.lineno}{self.many(node.orelse)}{self.many(node.finalbody)})"
        else:
            text += " -"
        return self.statement(node, "TRY", text)

    def print_TryStar(self, node):
        return self.print_Try(node, 1)

    def print_With(self, node):
        items = "".join(
            f" (WITH_ITEM @{item.context_expr.lineno}{self.one(item.context_expr)}{self.one(item.optional_vars)})"
            for item in node.items
        )
        is_async = int(isinstance(node, ast.AsyncWith))
        return self.statement(node, "WITH", f" {is_async} [{items} ]{self.many(node.body)}")

    print_AsyncWith = print_With

    def print_Match(self, node):
        text = self.one(node.subject)
        text += self.many([statement for case in node.cases for statement in case.body])
        captures = []
        for case in node.cases:
            found = [
                (part.end_lineno, part.end_col_offset, part.name) for part in ast.walk(case.pattern)
                if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name
            ]
            found += [
                (part.end_lineno, part.end_col_offset, part.rest) for part in ast.walk(case.pattern)
                if isinstance(part, ast.MatchMapping) and part.rest
            ]
            captures += [name for _, _, name in sorted(found)]
        return self.statement(node, "MATCH", text + " [" + "".join(" " + self.name(name) for name in captures) + " ]")

    def print_TypeAlias(self, node):
        return self.statement(node, "TYPE_ALIAS", self.one(node.name) + self.annotation(node.value))
