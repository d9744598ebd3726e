#!/usr/bin/env python3
"""Record the trees of the custom modeling code in tests/custom, built by real torch and the installed transformers.

usage: custom_trees.py [GROUP.txt ...]

GROUP.txt holds cases; a line per case goes to GROUP.jsonl beside it:
    {"case", "ways": {name: {"params", "modules"} or {"raises": {"type", "message"}}}}
The way "" is the only one of code that leaves nothing undecided.  tests/unit/test_eval_custom.c says what a case holds.
"""

import importlib
import json
import pathlib
import sys
import tempfile
import types

import modules

ROOT = pathlib.Path(__file__).resolve().parents[1] / "custom"
FOLDER = "custom_code"

CONFIGURATION = """\
from transformers import PretrainedConfig


class CustomConfig(PretrainedConfig):
    model_type = "custom"

    def __init__(self, hidden_size=4, num_layers=2, **kwargs):
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        super().__init__(**kwargs)
"""

CONFIG = """\
{"architectures": ["Custom"], "model_type": "custom", "hidden_size": 8,
 "auto_map": {"AutoConfig": "configuration_custom.CustomConfig", "AutoModel": "modeling_custom.Custom"}}
"""


def read_cases(path):
    """The cases of a file: name -> [(section, text)], in order."""
    cases = {}
    parts = None
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("=== "):
            parts = cases.setdefault(line[4:].strip(), [])
        elif line.startswith("--- ") and parts is not None:
            parts.append([line[4:].strip(), ""])
        elif parts:
            parts[-1][1] += line
    return cases


def files(parts):
    """The files of a case: name -> text."""
    given = {"top": "", "init": ""}
    made = {"config.json": CONFIG, "configuration_custom.py": CONFIGURATION}
    undecided = False
    for section, text in parts:
        text = text.rstrip("\n")
        kind, _, name = section.partition(" ")
        if kind == "file":
            made[name] = text + "\n"
        undecided = undecided or kind == "way"
        given[section] = text
    if "modeling_custom.py" in made:
        return made
    bases = "Base, PreTrainedModel" if given["top"].startswith("class Base") or "\nclass Base" in given["top"] else "PreTrainedModel"
    lines = ["import torch", "from torch import nn", "from transformers import PreTrainedModel"]
    if undecided:
        lines.append("import unheard as u")
    lines += ["", "from .configuration_custom import CustomConfig", ""]
    lines += given["top"].split("\n")
    lines += [f"class Custom({bases}):", "    config_class = CustomConfig", "", "    def __init__(self, config):"]
    lines += ["        super().__init__(config)", "        self.first = nn.Linear(4, 4)"]
    lines += ["        " + line if line else "" for line in given["init"].split("\n")]
    made["modeling_custom.py"] = "\n".join(lines) + "\n"
    return made


def build(folder, way):
    """The tree of the case that was written to the folder, this way."""
    stub = types.ModuleType("unheard")
    sys.modules["unheard"] = stub
    sys.path.insert(0, str(folder))
    try:
        exec(compile(way, "unheard.py", "exec"), stub.__dict__)
        config = json.loads((folder / FOLDER / "config.json").read_text(encoding="utf-8"))
        configuration, _, config_class = config["auto_map"]["AutoConfig"].partition(".")
        modeling, _, model_class = config["auto_map"]["AutoModel"].partition(".")
        modeling = importlib.import_module(f"{FOLDER}.{modeling}")
        configuration = importlib.import_module(f"{FOLDER}.{configuration}")
        values = getattr(configuration, config_class).from_dict(config)
        made = modules.tree(getattr(modeling, model_class)(values))
    except (Exception, SystemExit) as error:  # what it raises is the answer
        return {"raises": modules.raised(error)}
    for row in made["modules"]:
        row[1] = row[1].removeprefix(FOLDER + ".")
    return {"params": made["params"], "modules": made["modules"]}


def record(parts):
    ways = {section.partition(" ")[2]: text for section, text in parts if section.startswith("way ")} or {"": ""}
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        package = pathlib.Path(folder, FOLDER)
        for name, text in {"__init__.py": "", **files(parts)}.items():
            path = package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name, way in ways.items():
            answers[name] = modules.in_child(lambda: build(pathlib.Path(folder), way), 60)
    return answers


def main():
    for path in map(pathlib.Path, sys.argv[1:] or sorted(ROOT.glob("*.txt"))):
        lines = [{"case": name, "ways": record(parts)} for name, parts in read_cases(path).items()]
        modules.write_lines(path.with_suffix(".jsonl"), lines)
        print(f"{path.name}: {len(lines)} cases, {sum(len(line['ways']) for line in lines)} trees")


if __name__ == "__main__":
    main()
