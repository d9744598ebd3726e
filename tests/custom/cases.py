"""The cases of tests/custom: what a case holds, and the files that it stands for.

A section `init` is the constructor's body, `top` what stands before the class, `file NAME` a file of its own, and `way NAME`
one of what the package `unheard`, which nobody has, may be: leaflint has to be right whichever it is.
"""

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

