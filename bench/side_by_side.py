#!/usr/bin/env python3
"""CPU time of one cold `leaflint check` of one config against Mixtral, beside that of an empty Python.

Runs the two in turn, so that a machine that gets slower or faster meanwhile does the same to both, and prints the
ratio of each pair: a median over many pairs says more than two times measured apart.  bench/README.md says how to
read it.
"""

import argparse
import json
import lzma
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BENCH = ROOT / "bench"
ARCHITECTURE = "MixtralForCausalLM"
CONFIG = ROOT / "fixtures" / "examples" / "mixtral_zero3.json"
# What a check of Mixtral reads most of, when it is parsed as a whole.
WHOLE_FILES = [
    "models/mixtral/modeling_mixtral.py",
    "models/mixtral/configuration_mixtral.py",
    "modeling_utils.py",
    "configuration_utils.py",
]


class Run:
    """A finished process: its CPU seconds (user and system), its seconds by the clock, its status, its memory at most."""

    def __init__(self, command):
        null = os.open(os.devnull, os.O_RDWR)
        start = os.times().elapsed
        pid = os.posix_spawn(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, null, descriptor) for descriptor in (0, 1, 2)],
        )
        _, status, usage = os.wait4(pid, 0)
        self.elapsed = os.times().elapsed - start
        os.close(null)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.status = os.waitstatus_to_exitcode(status)
        self.peak = usage.ru_maxrss / 1024  # MB


def real_python(name):
    """The interpreter itself: on PATH there may be a script of a version manager, which costs more than Python does."""
    code = "import os, sys; print(os.path.realpath(sys.executable))"
    return subprocess.run([name, "-I", "-S", "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def spread(values):
    return f"{statistics.median(values):8.2f} {min(values):8.2f} {max(values):8.2f}"


def report(name, runs):
    print(f"{name:44} {spread([run.cpu * 1000 for run in runs])}")


def warm_up(command, expected):
    """Once uncounted, so that files are in the system's cache, as they are on a machine that is used."""
    run = Run(command)
    if run.status not in expected:
        sys.exit(f"{' '.join(command)} ended with status {run.status}")


def in_pairs(command, baseline, pairs):
    warm_up(command, {0, 1})
    warm_up(baseline, {0})
    return list(zip(*[(Run(command), Run(baseline)) for _ in range(pairs)]))


def compile_parser(build, folder):
    """bench/parse_whole.c against the tree-sitter that leaflint itself was built with."""
    libraries = [str(build / "grammars" / f"lib{name}.a") for name in ("tree_sitter_python", "tree_sitter")]
    headers = sorted((ROOT / "build" / "grammars").glob("*/tree-sitter/lib/include"))
    program = str(pathlib.Path(folder) / "parse_whole")
    if not headers or not all(map(os.path.exists, libraries)):
        sys.exit(f"no tree-sitter in {build / 'grammars'}: build leaflint there first")
    subprocess.run(
        ["cc", "-O2", f"-I{headers[-1]}", str(BENCH / "parse_whole.c"), *libraries, "-o", program], check=True
    )
    return program


def every_architecture(program, folder, empty):
    """One check of each architecture of a release that the tests know, each beside an empty Python."""
    facts = ROOT / "fixtures" / "releases" / f"transformers-{folder.name}.jsonl.xz"
    with lzma.open(facts, "rt") as file:
        names = sorted({json.loads(line)["architecture"] for line in file})
    pairs = []
    for name in names:
        ours = Run([program, "check", "--model", name, "--sources", str(folder), str(CONFIG)])
        if ours.status in (0, 1):
            pairs.append((ours, Run(empty)))
    ratios = [ours.cpu / theirs.cpu for ours, theirs in pairs]
    report(f"leaflint check, {len(pairs)} of {len(names)} architectures", [ours for ours, _ in pairs])
    print(f"{'ratio, pair by pair':44} {spread(ratios)}")
    print(f"{'memory at most, in MB':44} {spread([ours.peak for ours, _ in pairs])}")


def package_of(sources):
    inner = sources / "transformers"
    return inner if inner.is_dir() else sources


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default="build/release/leaflint", help="default: %(default)s")
    parser.add_argument("--python", default="python3", help="the Python to compare with; default: %(default)s")
    parser.add_argument(
        "--sources",
        action="append",
        type=pathlib.Path,
        help="a folder with a transformers package; may be repeated; default: those of scripts/sources",
    )
    parser.add_argument("--pairs", type=int, default=40, help="default: %(default)s")
    parser.add_argument("--whole-files", action="store_true", help="also: tree-sitter alone, over whole files")
    parser.add_argument("--all", action="store_true", help="also: `tree --all`, and tree-sitter over all model files")
    parser.add_argument("--every", action="store_true", help="also: one check of every architecture, and its memory")
    parser.add_argument(
        "--today",
        metavar="VENV",
        type=pathlib.Path,
        help="also: the same check with torch, transformers and DeepSpeed, in this environment",
    )
    args = parser.parse_args()
    os.chdir(ROOT)
    program = str(ROOT / args.program)
    if not os.access(program, os.X_OK):
        sys.exit(f"{program}: not there; build it with scripts/try")
    sources = args.sources or sorted((ROOT / "build" / "sources").glob("*.*.*"))
    if not sources:
        sys.exit("no sources: run scripts/sources, or give --sources")
    python = real_python(args.python)
    empty = [python, "-I", "-S", "-c", "pass"]
    print(f"{'CPU time in ms':44} {'median':>8} {'least':>8} {'most':>8}")
    for folder in sources:
        check = [program, "check", "--model", ARCHITECTURE, "--sources", str(folder), str(CONFIG)]
        ours, theirs = in_pairs(check, empty, args.pairs)
        report(f"leaflint check, {folder.name}", ours)
        report(f"{pathlib.Path(python).name} -I -S -c pass", theirs)
        print(f"{'ratio, pair by pair':44} {spread([a.cpu / b.cpu for a, b in zip(ours, theirs)])}")
        if args.every:
            every_architecture(program, folder, empty)
        with tempfile.TemporaryDirectory() as scratch:
            package = package_of(folder)
            if args.whole_files or args.all:
                parse = compile_parser(pathlib.Path(program).parent, scratch)
            if args.whole_files:
                files = [str(package / name) for name in WHOLE_FILES]
                whole = [Run([parse, *files]) for _ in range(args.pairs)]
                report(f"tree-sitter, {len(files)} of its files whole", whole)
            if args.all:
                models = package / "models"
                files = sorted(
                    str(path) for kind in ("modeling", "configuration") for path in models.rglob(f"{kind}_*.py")
                )
                trees = [program, "tree", "--all", "--sources", str(folder), "--output-format", "jsonl"]
                report("leaflint tree --all", [Run(trees) for _ in range(3)])
                report(f"tree-sitter, all {len(files)} model files whole", [Run([parse, *files]) for _ in range(3)])
    if args.today:
        interpreter = str(args.today.absolute() / "bin" / "python")
        command = [interpreter, str(BENCH / "today.py"), ARCHITECTURE, str(CONFIG)]
        warm_up(command, {0})
        runs = [Run(command) for _ in range(3)]
        report("torch, transformers and DeepSpeed", runs)
        print(f"{'  by the clock, in s':44} {spread([run.elapsed for run in runs])}")


if __name__ == "__main__":
    main()
