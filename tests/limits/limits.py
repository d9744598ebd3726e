#!/usr/bin/env python3
"""The evaluator's bounds (analyzer/base/limits.h), each from both sides, through the program.

usage: limits.py PROGRAM TRANSFORMERS_SOURCES

A small custom model is written whose constructor stays just under a bound, and one that goes over it.  Under it the tree is
exact; over it the tree is partial and the reason names the bound.  Bounds of evidence change what is said of an exception: see `traced`.  Numbers are read from limits.h, so a changed bound is
tested where it is now.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HEAD = """
import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class ToyConfig(PretrainedConfig):
    model_type = "toy"

"""


def limits():
    here = os.path.dirname(os.path.abspath(__file__))
    text = open(os.path.join(here, "../../analyzer/base/limits.h")).read()
    return {name: eval(value.replace("u", "")) for name, value in re.findall(r"#define (LIMIT_\w+) ([^/\n]+)", text)}


def model(before, init):
    body = "\n".join("        " + line for line in init.strip("\n").split("\n"))
    return (
        HEAD + before + "\n\nclass ToyModel(PreTrainedModel):\n    config_class = ToyConfig\n\n"
        "    def __init__(self, config):\n        super().__init__(config)\n" + body + "\n        self.last = nn.Linear(2, 2)\n"
    )


def nested_calls(depth):
    return model("def down(n):\n    return n if n == 0 else down(n - 1)\n", f"down({depth})")


def nested_expression(depth):
    return model("", "x = " + "(1 + " * depth + "0" + ")" * depth)


def nested_modules(depth):
    return model("", f"inner = nn.Identity()\nfor _ in range({depth}):\n    inner = nn.Sequential(inner)\nself.inner = inner")


def many_modules(count):
    return model("", f"self.blocks = nn.ModuleList([nn.Identity() for _ in range({count})])")


def bases(count):
    classes = "class B0:\n    pass\n" + "".join(f"class B{i}(B{i - 1}):\n    pass\n" for i in range(1, count))
    return model(classes, f"B{count - 1}()")


def cases(bound):
    depth = bound["LIMIT_CALL_DEPTH"]
    brackets = bound["LIMIT_NESTING"]
    yield "call depth", nested_calls(depth - 20), nested_calls(depth + 5), "nested more deeply"
    yield "brackets", nested_expression(brackets - 2), nested_expression(brackets + 2), "nested too deeply"
    yield ("steps", model("", "n = 0\nwhile n < 20000:\n    n += 1"), model("", "n = 0\nwhile n >= 0:\n    n += 1"), "more steps")
    items = bound["LIMIT_LIST_ITEMS"]
    yield ("list items", model("", f"x = [0] * {items // 8}"), model("", f"x = [0] * {items + 1}"), "too many items|more memory|more steps")
    size = bound["LIMIT_STRING_BYTES"]
    yield ("string bytes", model("", f"x = 'a' * {size}\nself.n = nn.Linear(len(x), 1)"),
           model("", f"x = 'a' * {size + 1}\nself.n = nn.Linear(len(x), 1)"), "string over")
    deep = bound["LIMIT_MODULE_DEPTH"]
    yield "module depth", nested_modules(deep - 20), nested_modules(deep + 5), "nested more deeply"
    yield "integers", model("", "x = 2 ** 62\nself.n = nn.Linear(x // 2 ** 60, 1)"), model("", "self.n = nn.Linear(2 ** 70 // 2 ** 68, 1)"), "64 bits"
    dims = bound["LIMIT_TENSOR_DIMS"]
    yield ("tensor dimensions", model("", f"self.w = nn.Parameter(torch.empty(({'1, ' * dims})))"),
           model("", f"self.w = nn.Parameter(torch.empty(({'1, ' * (dims + 1)})))"), "more dimensions")
    numbers = bound["LIMIT_TABLE_NUMBERS"]
    table = "x = [[i + j for j in range(64)] for i in range({})]\nself.n = nn.Linear(1, 1) if x[-1][-1] > 1 else nn.Identity()"
    yield "numbers of a table", model("", table.format(numbers // 64)), model("", table.format(numbers // 64 + 1)), "long table"
    side = int(bound["LIMIT_MATRIX_NUMBERS"] ** 0.5)
    matrix = "x = torch.ones(1, {}).expand({}, -1) * 2\nself.n = nn.Linear(1, 1) if (x == 2).all() else nn.Identity()"
    yield ("numbers of a matrix", model("", matrix.format(side, side)), model("", matrix.format(side, side + 1)), "contents of a tensor|cannot be told")
    mro = bound["LIMIT_MRO"]
    yield "bases", bases(mro // 2), bases(mro * 8 + 8), "too many bases"
    yield ("one statement", model("x = '" + "a" * 1000 + "'", "len(x)"),
           model("x = ('" + "a" * (bound["LIMIT_PIECE_BYTES"] + 1) + "')", "self.n = nn.Linear(len(x), 1)"), "too long")
    yield ("memory", model("", "x = [[i] for i in range(20000)]"), model("", "x = []\nwhile True:\n    x.append([1, 2, 3, 4] * 64)"), "more memory|more steps|too many items")
    wide = "class Wide(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.sizes = [[i] for i in range(1000)]\n"
    yield ("copies of what is made again and again", model(wide, "x = [Wide() for _ in range(100)]"),
           model(wide, "x = [Wide() for _ in range(100000)]"), "more memory|more steps")
    yield ("regular expressions", model("import re", "re.match('(a+)+$', 'aaa')"),
           model("import re", "self.n = nn.Identity() if re.match('(a+)+$', 'a' * 40 + 'b') else nn.Linear(1, 1)"), "takes too long")


def quantized_cases():
    """The same for the release's own quantizer: its work grows with the layers and with the names that it is to skip."""
    code = model("", "self.blocks = nn.ModuleList([nn.Linear(128, 128) for _ in range(4000)])")
    for kept in (["blocks.1"], [f"name{i}" for i in range(5000)]):
        yield code, {"quantization_config": {
            "quant_method": "fp8", "weight_block_size": [128, 128], "modules_to_not_convert": kept}}


def quantized(program, sources):
    """Under the bound only what is replaced is open, over it everything that holds weights."""
    reasons = []
    for code, config in quantized_cases():
        with tempfile.TemporaryDirectory() as folder:
            found = tree(program, sources, folder, code, config)
        reasons.append(" | ".join(one["reason"] for one in found.get("unresolved", [])))
    fine = "cannot be told" not in reasons[0] and re.search("cannot be told: more (steps|memory)", reasons[1])
    print("ok" if fine else f"FAILED {reasons}", "quantizing")
    return not fine


def imports(program, sources, depth):
    """Models whose files import one another, each the next, in a folder of links to the release: status and reasons."""
    with tempfile.TemporaryDirectory() as folder:
        package = os.path.join(folder, "transformers")
        os.makedirs(os.path.join(package, "models"))
        for inner in ("", "models"):
            real = os.path.join(sources, "transformers", inner)
            for name in os.listdir(real):
                if name != "models":
                    os.symlink(os.path.join(os.path.abspath(real), name), os.path.join(package, inner, name))
        for number in range(depth):
            toy = os.path.join(package, "models", f"toy{number}")
            os.mkdir(toy)
            with open(os.path.join(toy, f"modeling_toy{number}.py"), "w") as file:
                if number + 1 < depth:
                    file.write(f"from ..toy{number + 1}.modeling_toy{number + 1} import ToyConfig\n")
                file.write(model("", "").replace("Toy", "Toy" if number + 1 == depth else f"Toy{number}x"))
        run = subprocess.run([program, "tree", "--model", "Toy0xModel", "--sources", folder, "--output-format", "jsonl"],
                             capture_output=True, text=True, timeout=300)
        found = json.loads(run.stdout)
    return found["status"], " | ".join(one["reason"] for one in found.get("unresolved", []))


def nested_imports(program, sources, bound):
    under, over = (imports(program, sources, bound["LIMIT_CALL_DEPTH"] + more) for more in (-10, 5))
    fine = under[0] == "exact" and over[0] == "partial" and "imports nested" in over[1]
    print("ok" if fine else f"FAILED {under} {over}", "nested imports")
    return not fine


def write(folder, code, **values):
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump({"architectures": ["ToyModel"], "model_type": "toy", "auto_map": {
            "AutoConfig": "modeling_toy.ToyConfig", "AutoModel": "modeling_toy.ToyModel"}, **values}, file)
    with open(os.path.join(folder, "modeling_toy.py"), "w") as file:
        file.write(code)


def traced(program, sources, code, **values):
    """The keys of config.json that `check` traces the constructor's exception to."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, code, **values)
        with open(os.path.join(folder, "ds.json"), "w") as file:
            file.write("{}")
        run = subprocess.run([program, "check", "--select", "model-cannot-be-built", "--model", folder, "--sources", sources,
                              "--output-format", "json", os.path.join(folder, "ds.json")],
                             capture_output=True, text=True, timeout=300)
    found = json.loads(run.stdout)["diagnostics"]
    return {found[0]["key"]} | {one["message"].split("`")[1] for one in found[0]["related"] if "`" in one["message"]} if found else None


def evidence_cases(program, sources, bound):
    steps = bound["LIMIT_GIVEN_SETS"]
    code = "x = 0\nfor _ in range({}):\n    x = x + config.a + config.b\nif x + config.c:\n    raise ValueError('no')"
    for name, count, expected in (("given sets", steps // 2 - 50, {"a", "b", "c"}), ("given sets, over", steps // 2 + 50, {"a", "b"})):
        yield name, traced(program, sources, model("", code.format(count)), a=1, b=2, c=3) == expected
    keys = {f"k{i}": i for i in range(bound["LIMIT_GIVEN"] + 3)}
    for name, count in (("given values", bound["LIMIT_GIVEN"]), ("given values, over", bound["LIMIT_GIVEN"] + 3)):
        words = " + ".join(f"config.{key}" for key in list(keys)[:count])
        found = traced(program, sources, model("", f"if {words}:\n    raise ValueError('no')"), **keys)
        yield name, found == set(list(keys)[:bound["LIMIT_GIVEN"]])


def why(program, sources, code, name):
    """The statements that `tree --why` shows for the last module on the way to this one."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, code)
        run = subprocess.run([program, "tree", "--why", name, "--model", folder, "--sources", sources, "--output-format", "json"],
                             capture_output=True, text=True, timeout=300)
    return json.loads(run.stdout)["chain"][-1]["made"]


def why_cases(program, sources, bound):
    """What is left out of an answer to --why, at its bound and over it."""
    def lines(step):
        return len(step["lines"])

    helper = "def make():\n    return nn.Linear(2, 2)\n"
    chains = bound["LIMIT_CALL_CHAINS"].bit_length()
    busy = helper + "def d0():\n    pass\n" + "".join(f"def d{i}():\n    d{i - 1}()\n    d{i - 1}()\n" for i in range(1, chains + 1))
    for name, depth, count in (("chains", chains - 3, 2), ("chains, over", chains, 1)):
        yield name, len(why(program, sources, model(busy, f"d{depth}()\nself.it = make()"), "it")) == count
    steps = bound["LIMIT_MADE_STEPS"]
    for name, more in (("steps", 0), ("steps, over", 1)):
        helpers = helper + "".join(f"def h{i}():\n    return {f'h{i - 1}' if i else 'make'}()\n" for i in range(steps - 2 + more))
        made = why(program, sources, model(helpers, f"self.it = h{steps - 3 + more}()"), "it")
        inside = [step["in"] for step in made if not step["registered"]]
        yield name, len(inside) == steps and (inside[0] == "ToyModel.__init__") == (more == 0)
    long = bound["LIMIT_STATEMENT_LINES"]
    for name, more, count in (("statement lines", 0, long), ("statement lines, over", 1, 1)):
        code = model("", "self.it = nn.Linear(\n" + "    2,\n" * 2 + "\n" * (long - 4 + more) + ")")
        yield name, lines(why(program, sources, code, "it")[0]) == count
    around = bound["LIMIT_AROUND"]
    for name, more in (("headers", 0), ("headers, over", 1)):
        blocks = "".join("    " * i + f"if config.vocab != {i}:\n" for i in range(around + more))
        code = model("", "config.vocab = -1\n" + blocks + "    " * (around + more) + "self.it = nn.Linear(2, 2)")
        yield name, lines(why(program, sources, code, "it")[0]) == around + 1
    room = bound["LIMIT_MADE_LINES"]
    each = room // around + 1
    header = "if config.vocab and (\n" + "    1 and\n" * (each - 2) + "    1):"
    code = model("", "config.vocab = 1\n" + "".join(
        "".join("    " * i + line + "\n" for line in header.split("\n")) for i in range(around)) + "    " * around + "self.it = nn.Linear(2, 2)")
    yield "lines, over", lines(why(program, sources, code, "it")[0]) == room
    size = bound["LIMIT_LINE_BYTES"]
    for name, more in (("line bytes", 0), ("line bytes, over", 1)):
        statement = "self.it = nn.Linear(2, 2)  #"
        code = model("", statement + "x" * (size - len("        " + statement) + more))
        made = why(program, sources, code, "it")[0]
        yield name, len(made["lines"][0]["text"]) == size


def tree(program, sources, folder, code, config=None):
    write(folder, code, **(config or {}))
    run = subprocess.run([program, "tree", "--model", folder, "--sources", sources, "--output-format", "jsonl"],
                         capture_output=True, text=True, timeout=300)
    if run.returncode not in (0, 1):
        return {"status": f"exit {run.returncode}", "unresolved": [{"reason": run.stderr}]}
    return json.loads(run.stdout)


def main():
    program, sources = sys.argv[1:3]
    failed = 0
    for name, under, over, words in cases(limits()):
        with tempfile.TemporaryDirectory() as folder:
            below = tree(program, sources, folder, under)
            above = tree(program, sources, folder, over)
        reasons = " | ".join(one["reason"] for one in above.get("unresolved", []))
        fine = below["status"] == "exact" and above["status"] == "partial" and re.search(words, reasons)
        failed += not fine
        print("ok" if fine else "FAILED", name)
        if not fine:
            print("   under:", below["status"], below.get("unresolved"), below.get("raises"))
            print("   over:", above["status"], reasons, above.get("raises"))
    for name, fine in evidence_cases(program, sources, limits()):
        failed += not fine
        print("ok" if fine else "FAILED", name)
    for name, fine in why_cases(program, sources, limits()):
        failed += not fine
        print("ok" if fine else "FAILED", name)
    failed += quantized(program, sources)
    failed += nested_imports(program, sources, limits())
    print(f"limits: {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
