#!/usr/bin/env python3
"""Record the trees of the custom modeling code in tests/custom, built by real torch and the installed transformers.

usage: custom_trees.py [GROUP.txt ...]

GROUP.txt holds cases; a line per case goes to GROUP.jsonl beside it:
    {"case", "ways": {name: {"params", "modules"} or {"raises": {"type", "message"}}}}
The way "" is the only one of code that leaves nothing undecided.  tests/custom/cases.py says what a case holds.
"""

import importlib
import json
import pathlib
import sys
import tempfile
import types

import modules
import transformers

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "custom"))
from cases import files, read_cases  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1] / "custom"
FOLDER = "custom_code"

def build(folder, way):
    """The tree of the case that was written to the folder, this way."""
    stub = types.ModuleType("unheard")
    sys.modules["unheard"] = stub
    sys.path.insert(0, str(folder))
    try:
        exec(compile(way, "unheard.py", "exec"), stub.__dict__)
        config = json.loads((folder / FOLDER / "config.json").read_text(encoding="utf-8"))
        configuration, _, config_class = config["auto_map"]["AutoConfig"].partition(".")
        # As leaflint: the first architecture, which one of the auto classes names.
        named = [code for kind, code in config["auto_map"].items() if kind.startswith("AutoModel")]
        modeling, _, model_class = next(code for code in named if code.endswith("." + config["architectures"][0])).partition(".")
        modeling = importlib.import_module(f"{FOLDER}.{modeling}")
        configuration = importlib.import_module(f"{FOLDER}.{configuration}")
        values = getattr(configuration, config_class).from_dict(config)
        made = modules.tree(getattr(modeling, model_class)(values))
    except (Exception, SystemExit) as error:  # what it raises is the answer
        told = modules.raised(error, hide=f"{pathlib.Path(transformers.__file__).parent.parent}/")
        return {"raises": told}
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
