#!/usr/bin/env python3
"""`leaflint check` says that a leaf is missing, for exactly the blocks that choose by data which modules they call.

Which classes those are was found by running the models under ZeRO-3. Which modules have them, and what lies above and
inside them, comes from real torch: the trees in fixtures/trees and those of changed configurations in fixtures/configs.
leaflint reads configs with the leaf at the right place, at several wrong ones, and with none.
"""

import json
import pathlib
import re
import sys
import tempfile

import harness
from leaves import DEFAULTS

# The blocks of these models that need a leaf; all others of theirs do not.
BLOCKS = {
    "4.57.6": {
        "transformers.models.mixtral.modeling_mixtral.MixtralSparseMoeBlock",
        "transformers.models.qwen2_moe.modeling_qwen2_moe.Qwen2MoeSparseMoeBlock",
        "transformers.models.qwen3_moe.modeling_qwen3_moe.Qwen3MoeSparseMoeBlock",
        "transformers.models.deepseek_v2.modeling_deepseek_v2.DeepseekV2MoE",
        "transformers.models.deepseek_v3.modeling_deepseek_v3.DeepseekV3MoE",
        "transformers.models.glm4_moe.modeling_glm4_moe.Glm4MoeMoE",
        "transformers.models.phimoe.modeling_phimoe.PhimoeSparseMoeBlock",
        "transformers.models.jamba.modeling_jamba.JambaSparseMoeBlock",
        "transformers.models.switch_transformers.modeling_switch_transformers.SwitchTransformersSparseMLP",
    },
    "5.23.0": {"transformers.models.switch_transformers.modeling_switch_transformers.SwitchTransformersExperts"},
}
RULES = ("missing-moe-leaf", "dropped-moe-default")


class Expected:
    """One config: the leaf_module (None: not there), how many blocks lack a leaf, and the severity of saying so."""

    def __init__(self, leaf, bare, severity="error", stage=3):
        self.bare, self.severity = bare, severity
        self.dropped = leaf is not None and "classes" in leaf
        zero = {"stage": stage} if leaf is None else {"stage": stage, "leaf_module": leaf}
        self.text = json.dumps({"zero_optimization": zero})


def needy_blocks(tree, needy):
    """Name -> class of the modules that need a leaf, in order. A block without experts has nothing to choose from."""
    names = [name for name, _, _ in tree["modules"]]
    parents = {name.rpartition(".")[0] for name in names}
    return {
        name: kind for name, kind, _ in tree["modules"]
        if kind in needy and (name if name.endswith("experts") else name + ".experts") in parents
    }


def configs(tree, needy):
    """Name -> Expected, for a model whose modules that need a leaf are `needy`."""
    classes = {name: kind for name, kind, _ in tree["modules"]}
    blocks, count = list(needy), len(needy)
    kind = needy[blocks[0]] if blocks else ""
    yield "no leaf_module", Expected(None, 0 if kind in DEFAULTS else count)
    yield "no classes", Expected({"classes": []}, count)
    yield "another class", Expected({"classes": [tree["architecture"]]}, 0)  # the root: every-module-leaf says that
    yield "stage 2", Expected({"classes": []}, 0, stage=2)
    yield "stage auto", Expected({"classes": []}, count, severity="note", stage="auto")
    if not blocks:
        return
    yield "the block's class", Expected({"classes": [kind.rsplit(".", 1)[1]]}, 0)
    yield "the block's class in full", Expected({"classes": [kind]}, 0)
    yield "every block by name", Expected({"classes": [], "names": blocks}, 0)
    suffixes = sorted({block.rsplit(".", 1)[1] for block in blocks})
    yield "every block by suffix", Expected({"classes": [], "name_suffixes": suffixes}, 0)
    yield "all blocks but one", Expected({"classes": [], "names": blocks[1:]}, 1)
    above = {classes[b.rsplit(".", 1)[0]] for b in blocks}
    yield "the class above", Expected({"classes": sorted(above)}, 0)
    # What is inside, experts and all, and with it containers that nobody calls: ModuleList, above the layers too.
    inside = {k for n, k in classes.items() for b in blocks if n.startswith(b + ".")}
    yield "every class inside", Expected({"classes": sorted(inside)}, count)
    # The container of the experts, where that is not the block itself.
    yield "experts by suffix", Expected(
        {"classes": [], "name_suffixes": ["experts"]}, sum(not b.endswith("experts") for b in blocks)
    )


def judge(expected, findings, kind, differences, where):
    said = [f for f in findings if f["rule"] in RULES]
    if not expected.bare:
        if said:
            differences.add("leaf asked for in vain", f"{where}: {said[0]['message']}")
        else:
            differences.count("no leaf missing, and none asked for")
        return
    if len(said) != 1:
        differences.add("not asked for once", f"{where}: {[f['message'] for f in said]}")
        return
    finding = said[0]
    rule = "dropped-moe-default" if expected.dropped and kind in DEFAULTS else "missing-moe-leaf"
    counted = re.search(r", (\d+) modules", finding["message"])
    count = int(counted.group(1)) if counted else 1
    if finding["rule"] != rule or finding["severity"] != expected.severity:
        differences.add("other finding", f"{where}: {finding['rule']} ({finding['severity']}), not {rule}")
    elif f"`{kind.rsplit('.', 1)[1]}`" not in finding["message"] or count != expected.bare:
        differences.add("other blocks", f"{where}: {finding['message']!r}, not {expected.bare} of {kind}")
    elif not finding["related"]:
        differences.add("without a place in the sources", f"{where}: {finding['message']}")
    else:
        differences.count("leaf missing, and asked for")


def test(leaflint, versions, choose, differences, jobs):
    for version in versions:

        def compare(model, version=version):
            line, config, tree = model
            blocks = needy_blocks(tree, BLOCKS[version])
            where = f"{version} {tree['architecture']}{line}"
            with tempfile.TemporaryDirectory() as folder:
                if config:
                    pathlib.Path(folder, "config.json").write_text(json.dumps(config), encoding="utf-8")
                files = {}
                for number, (name, expected) in enumerate(configs(tree, blocks)):
                    path = pathlib.Path(folder, f"{number}.json")
                    path.write_text(expected.text, encoding="utf-8")
                    files[str(path)] = (name, expected, [])
                target = folder if config else tree["architecture"]
                outcome = leaflint.run(version, "check", "--model", target, "--output-format", "json", *files)
            try:
                for finding in harness.parsed(outcome, {0, 1})["diagnostics"]:
                    files[finding["path"]][2].append(finding)
            except harness.Failure as failure:
                differences.add("no findings", f"{where}: {failure}")
                return
            differences.count(f"{version} models {'with blocks that need a leaf' if blocks else 'that need no leaf'}")
            for name, expected, findings in files.values():
                judge(expected, findings, next(iter(blocks.values()), ""), differences, f"{where} ({name})")

        trees = harness.lines(harness.FIXTURES / "trees" / f"transformers-{version}.jsonl.xz")
        changed = harness.lines(harness.FIXTURES / "configs" / f"{version}.jsonl.xz")
        models = [("", None, tree) for tree in trees]
        cases = [(f" of line {n}", case["config"], case["tree"]) for n, case in enumerate(changed, 1) if "tree" in case]
        models += choose(cases)
        harness.each(compare, models, jobs)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.split("\n")[0], test, every=50, release_every=10))
