#!/usr/bin/env python3
"""Compares how leaflint reads Python files with CPython's own ast.

    syntax_compare.py SYNTAX_DUMP FILE_OR_FOLDER...

SYNTAX_DUMP is the program made from syntax_dump.c.  Each statement of a file must be one piece with the same lines and
names, and be lowered to what CPython's ast says, scopes included.  Prints the differences; status 1 when there are any.
Where leaflint says itself that it does not understand something is printed too, but is no difference.
Needs Python 3.12 or later when the files use its syntax (f-strings with the same quotes inside).
"""

import ast
import io
import keyword
import os
import subprocess
import sys
import tokenize

from syntax_printer import BLOCKS, TYPE_ALIAS, Printer, bound_names, imported, walk


# ---- pieces


def roots(node):
    """Names of the targets in `node`, with the name that x.y, x[i] and x(...) start from; and whether all are plain."""
    if isinstance(node, (ast.Tuple, ast.List)):
        found = [roots(part) for part in node.elts]
        return [name for names, _ in found for name in names], all(plain for _, plain in found)
    if isinstance(node, ast.Starred):
        return roots(node.value)
    plain = True
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Await)):
        node, plain = node.func if isinstance(node, ast.Call) else node.value, False
    return ([node.id] if isinstance(node, ast.Name) else []), plain


def walruses(node):
    return [
        part.target.id for part, _ in walk([node])
        if isinstance(part, ast.NamedExpr)
    ]


def outer_names(node, source):
    """Names of a bare expression outside its brackets that are not attributes."""
    text = ast.get_source_segment(source, node)
    depth, dot, found = 0, False, []
    for token in tokenize.generate_tokens(io.StringIO("(" + text + ")").readline):
        if token.type == tokenize.NAME and depth == 1 and not dot and not keyword.iskeyword(token.string):
            found.append(token.string)
        if token.string in ("(", "[", "{") and token.type == tokenize.OP:
            depth += 1
        if token.string in (")", "]", "}") and token.type == tokenize.OP:
            depth -= 1
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            dot = token.string == "."
    return found


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, (str, bytes))


def piece(node, source):
    """(kind, flags, names) as the splitter should see them."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return "function", "", [node.name]
    if isinstance(node, ast.ClassDef):
        return "class", "", [node.name]
    if isinstance(node, ast.Import):
        return "import", "", list(imported(alias) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return "from", "", list(alias.asname or alias.name for alias in node.names)
    if isinstance(node, BLOCKS):
        return "block", "", None
    if TYPE_ALIAS and isinstance(node, TYPE_ALIAS):
        return "assign", "v", [node.name.id]
    targets = None
    flags = ""
    if isinstance(node, ast.Assign):
        targets, flags = node.targets, "v"
    elif isinstance(node, ast.AugAssign):
        targets, flags = [node.target], "v"
    elif isinstance(node, ast.AnnAssign):
        targets, flags = [node.target], "av" if node.value else "a"
    elif isinstance(node, ast.Delete):
        names = [name for target in node.targets for name in roots(target)[0]]
        return "effect" if names else "other", "", list(names)
    if targets is not None:
        found = [roots(target) for target in targets]
        names = list([name for names, _ in found for name in names] + walruses(node))
        if not names:
            return "other", flags, names
        return "assign" if all(plain for _, plain in found) else "effect", flags, names
    if is_docstring(node):
        return "other", "d", []
    if isinstance(node, (ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal)):
        return "other", "", []
    names = list(outer_names(node, source) + walruses(node))
    return "effect" if names else "other", "", names


def first_line(node):
    lines = [node.lineno] + [decorator.lineno for decorator in getattr(node, "decorator_list", [])]
    return min(lines)


def block_names(statements):
    found = set()
    for node, inside in walk(statements):
        if isinstance(node, ast.Expr):
            found.update(roots(node.value)[0])
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.update(roots(node)[0])
    return found | set(bound_names(statements)[0])


def expected(node, source, is_member, lines):
    kind, flags, names = piece(node, source)
    label = "member" if is_member else "piece"
    names = block_names([node]) if kind == "block" else set(names)
    lines.append((label, kind, first_line(node), node.end_lineno, flags, names))
    if flags != "d":
        printer = Printer()
        if isinstance(node, ast.ClassDef) and not is_member:
            lines.append(printer.statement(node, "CLASS", printer.class_header(node)))
            for member in node.body:
                expected(member, source, True, lines)
        else:
            lines.append(printer.node(node))


def parse_head(line):
    label, kind, first, last, *rest = line.split(" ")
    names = [name for name in rest[1:] if name]
    return label, kind, int(first), int(last), rest[0], set(names)


def shorten(left, right):
    """The places where two long lines part."""
    at = 0
    while at < min(len(left), len(right)) and left[at] == right[at]:
        at += 1
    start = max(0, at - 60)
    return f"    leaflint ...{left[start:at + 80]}\n    cpython  ...{right[start:at + 80]}"


def compare(path, dump, report):
    with open(path, "rb") as file:
        data = file.read()
    try:
        source = data.decode("utf-8-sig")
        tree = ast.parse(data)
    except (SyntaxError, ValueError) as error:
        broken = [line for line in dump if line.startswith(("broken", "trouble"))]
        if not broken:
            report(f"{path}: CPython refuses it ({error}), leaflint does not")
        return
    lines = []
    for node in tree.body:
        expected(node, source, False, lines)
    got = [parse_head(line) if line.startswith(("piece ", "member ")) else line for line in dump]
    for i in range(max(len(lines), len(got))):
        left = got[i] if i < len(got) else "nothing"
        right = lines[i] if i < len(lines) else "nothing"
        if left == right:
            continue
        if isinstance(left, str) and isinstance(right, str) and "nothing" not in (left, right):
            said = left.startswith("broken ") or left.count("(UNSUPPORTED ") > right.count("(UNSUPPORTED ")
            report(f"{path}: lowered differently\n{shorten(left, right)}", said)
            continue
        report(f"{path}: cut differently\n    leaflint {str(left)[:200]}\n    cpython  {str(right)[:200]}")
        if isinstance(left, tuple) != isinstance(right, tuple):
            return


def dumps(program, paths):
    for start in range(0, len(paths), 100):
        output = subprocess.run([program, *paths[start:start + 100]], stdout=subprocess.PIPE, check=True).stdout
        lines = []
        path = None
        for line in output.decode("utf-8", "surrogateescape").split("\n"):
            if line.startswith("file "):
                if path:
                    yield path, lines
                path, lines = line[5:], []
            elif line:
                lines.append(line)
        if path:
            yield path, lines


def files(arguments):
    for argument in arguments:
        if not os.path.isdir(argument):
            yield argument
            continue
        for folder, _, names in sorted(os.walk(argument)):
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.setrecursionlimit(20000)
    paths = list(files(sys.argv[2:]))
    differences, not_understood = [], []

    def report(text, said=False):
        (not_understood if said else differences).append(text)
        if len(differences) + len(not_understood) <= 100:
            print("not understood: " * said + text)

    for path, lines in dumps(sys.argv[1], paths):
        compare(path, lines, report)
    print(f"{len(paths)} files, {len(differences)} differences, {len(not_understood)} times not understood")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
