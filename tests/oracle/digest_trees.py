#!/usr/bin/env python3
"""Make the compact facts of one release (fixtures/releases) from what trees.py recorded of all its architectures.

usage: digest_trees.py TREES.jsonl.xz RAISES.jsonl OUT.jsonl.xz

A line per architecture: how many modules and parameters torch gave it, and a digest of the whole tree; or the type of
what its constructor raised.
"""

import json
import lzma
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fidelity"))
import harness  # noqa: E402


def facts(trees, raises):
    for tree in harness.lines(trees):
        yield {"architecture": tree["architecture"], "module": tree["module"], "modules": len(tree["modules"]),
               "params": tree["params"], "digest": harness.tree_digest(tree)}
    for line in harness.lines(raises):
        yield {"architecture": line["architecture"], "module": line["module"], "raises": line["type"]}


def main():
    trees, raises, out = map(pathlib.Path, sys.argv[1:])
    rows = sorted(facts(trees, raises), key=lambda fact: (fact["module"], fact["architecture"]))
    with lzma.open(out, "wt", encoding="utf-8", preset=9) as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
    print(f"{len(rows)} architectures")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main()
