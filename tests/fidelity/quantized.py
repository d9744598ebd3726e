#!/usr/bin/env python3
"""`leaflint tree --model FOLDER` for models whose config.json has a quantization_config, against both of their trees.

They are in fixtures/quantized: as from_config builds them, and as from_pretrained leaves them before weights are
loaded. What leaflint states must be true of both. Where both agree on a module and its class, it must be stated.
"""

import json
import pathlib
import sys
import tempfile

import harness


def false_statement(got, case):
    """The first thing that is stated and is not so in one of the trees; None when all is true."""
    for kind in ("plain", "quantized"):
        modules = case[kind]["modules"]
        place = {name: number for number, (name, _, _) in enumerate(modules)}
        last = -1
        for name, class_name, own in got["modules"]:
            if name not in place:
                return f"{name} is not there when {kind}"
            if place[name] < last:
                return f"{name} stands earlier when {kind}"
            last = place[name]
            _, true_class, true_own = modules[last]
            if class_name not in (None, true_class):
                return f"{name} is {true_class} when {kind}, not {class_name}"
            for parameter, shape in own.items():
                if shape is not None and true_own.get(parameter) != shape:
                    return f"{name}.{parameter} is {true_own.get(parameter)} when {kind}, not {shape}"
        if got["params"] not in (None, case[kind]["params"]):
            return f"{case[kind]['params']} parameters when {kind}, not {got['params']}"
    return None


# Their modules are replaced by other versions of the package, or when weights are loaded; gptq also moves them.
REPLACED_LATER = ("compressed-tensors", "gptq", "hqq")
LINEAR = ("torch.nn.modules.linear.Linear", "transformers.models.llama4.modeling_llama4.Llama4Router")


def left_out(got, case):
    """The first module that both trees have with one class and in one order, and that is not stated so."""
    later = case["config"]["quantization_config"]["quant_method"] in REPLACED_LATER
    stated = {name: class_name for name, class_name, _ in got["modules"]}
    quantized = {name: class_name for name, class_name, _ in case["quantized"]["modules"]}
    for name, class_name, _ in case["plain"]["modules"]:
        if later and class_name in LINEAR:
            continue
        if quantized.get(name) == class_name and name in stated and stated[name] != class_name:
            return f"{name} is {class_name}"
    if not later and len(stated) < len(case["plain"]["modules"]) / 2:
        return f"{len(stated)} of {len(case['plain']['modules'])} modules stated"
    return None


def judge(case, got, differences, where):
    if got["status"] != "partial":
        differences.add("not partial", f"{where}: {got['status']}")
    elif told := false_statement(got, case):
        differences.add("a false statement", f"{where}: {told}")
    elif "cannot be told" in harness.unresolved(got):
        differences.add("everything open", f"{where}: {harness.unresolved(got)}")
    elif told := left_out(got, case):
        differences.add("needlessly open", f"{where}: {told}")
    else:
        differences.count("true of both trees, and open where they differ")


def test(leaflint, versions, choose, differences, jobs):
    for version in versions:

        def compare(numbered, version=version):
            number, case = numbered
            where = f"{version} line {number} {case['architecture']}, {case['method']}"
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "config.json").write_text(json.dumps(case["config"]), encoding="utf-8")
                outcome = leaflint.run(version, "tree", "--model", folder, "--output-format", "jsonl")
            try:
                judge(case, harness.parsed(outcome, {0}), differences, where)
            except harness.Failure as failure:
                differences.add("no tree", f"{where}: {failure}")

        cases = enumerate(harness.lines(harness.FIXTURES / "quantized" / f"{version}.jsonl.xz"), 1)
        harness.each(compare, choose(list(cases)), jobs)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.split("\n")[0], test, every=20))
