"""What the fidelity tests share: their options, running leaflint, comparing trees, and the count of what differs."""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import lzma
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
VERSIONS = {"4.57.6": "SOURCES_4", "5.23.0": "SOURCES_5"}
SKIPPED = 77  # as in tests/CMakeLists.txt
SHOWN = 5  # differences printed of one kind
TIMEOUT = 120  # seconds that one run may take, with sanitizers on a busy machine
TIMEOUT_ALL = 1200  # the same for a whole release


def lines(path):
    """The values of a .jsonl or .jsonl.xz file, one by one."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


class Differences:
    """What is not as it was recorded, by kind; and how often everything was as expected, by kind."""

    def __init__(self):
        self.found = collections.defaultdict(list)
        self.counts = collections.Counter()

    def add(self, kind, text):
        self.found[kind].append(text)

    def count(self, kind, number=1):
        self.counts[kind] += number

    def report(self, seconds):
        """Prints everything; returns the exit status."""
        for kind, texts in sorted(self.found.items()):
            print(f"{len(texts)} x {kind}")
            for text in texts[:SHOWN]:
                print(f"    {text}")
            if len(texts) > SHOWN:
                print(f"    ... and {len(texts) - SHOWN} more")
        for kind, number in sorted(self.counts.items()):
            print(f"{number:7} {kind}")
        total = sum(map(len, self.found.values()))
        print(f"{total} differences, {seconds:.0f} s")
        return 1 if total else 0


class Leaflint:
    """The program under test."""

    def __init__(self, program, sources):
        self.program = str(program)
        self.sources = sources  # version -> folder
        # Nothing that is installed or set on this machine may show.
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith("HF_") and k not in ("VIRTUAL_ENV", "TRANSFORMERS_CACHE")}

    def run(self, version, *arguments):
        """(exit status, stdout, stderr) of one run against the sources of `version`."""
        timeout = TIMEOUT_ALL if "--all" in arguments else TIMEOUT
        command = [self.program, arguments[0], "--sources", str(self.sources[version]), *map(str, arguments[1:])]
        try:
            done = subprocess.run(command, capture_output=True, env=self.environment, timeout=timeout, check=False,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return None, "", f"took more than {timeout} s"
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


class Failure(Exception):
    """A run that gave no answer to look at."""


def parsed(outcome, statuses):
    """The JSON that a run printed; Failure when its exit status is none of `statuses`."""
    status, out, err = outcome
    if status not in statuses:
        raise Failure(f"exit {status}: {err.strip()[-600:]}")
    try:
        return json.loads(out)
    except ValueError as error:
        raise Failure(f"no JSON ({error}): {out[:200]!r} {err.strip()[-200:]}") from error


def tree_difference(got, expected):
    """What is different between the tree that leaflint printed and the one that torch made; None when nothing is."""
    if got["architecture"] != expected["architecture"] or got["module"] != expected["module"]:
        return f"is {got['module']}.{got['architecture']}, not {expected['module']}.{expected['architecture']}"
    for mine, torch in zip(got["modules"], expected["modules"]):
        # Pairs: the order of a module's own parameters counts too.
        if mine[:2] != torch[:2] or list(mine[2].items()) != list(torch[2].items()):
            return f"module {mine}, not {torch}"
    if len(got["modules"]) != len(expected["modules"]):
        return f"{len(got['modules'])} modules, not {len(expected['modules'])}"
    if got["params"] != expected["params"]:
        return f"{got['params']} parameters, not {expected['params']}"
    return None


def tree_digest(tree):
    """A digest of all that a tree states: names, classes, own parameters and their shapes, in order."""
    text = json.dumps(tree["modules"], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def unresolved(tree):
    """Why a tree is partial, in a line."""
    first = tree["unresolved"][0] if tree["unresolved"] else {"name": "?", "reason": "?", "path": "?", "line": 0}
    return f"{first['name'] or '(root)'}: {first['reason']} ({first['path']}:{first['line']})"


def each(function, items, jobs):
    """Calls function(item) for all, in threads: what takes time is the program that each of them runs."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for _ in pool.map(function, items):
            pass


def stale(program):
    """Was the program built before the sources that lie here?"""
    sources = (path for folder in ("analyzer", "rules") for path in (ROOT / folder).rglob("*.[chp]*"))
    return any(path.stat().st_mtime > program.stat().st_mtime for path in sources)


def main(description, test, every=1, release_every=1):
    """Runs `test(leaflint, versions, choose, differences, jobs)`; `choose` thins a list as the options say."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--program", help="default: $LEAFLINT, else build/release/leaflint")
    parser.add_argument("--release", action="store_true", help="with $LEAFLINT_RELEASE, and more cases, for it is fast")
    parser.add_argument("--version", action="append", choices=VERSIONS, help="only this release of transformers")
    thin = parser.add_mutually_exclusive_group()
    thin.add_argument("--every", type=int, metavar="N", help=f"every Nth case (else {every}, or {release_every})")
    thin.add_argument("--all", action="store_const", const=1, dest="every", help="every case")
    parser.add_argument("--match", default="", help="all cases whose JSON holds this text, and no others")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()

    program = os.environ.get("LEAFLINT_RELEASE" if args.release else "LEAFLINT")
    program = ROOT / (args.program or program or "build/release/leaflint")
    if args.release and (not program.exists() or stale(program)):
        print(f"{program} is not there, or older than the sources")
        return SKIPPED
    if not program.exists():
        print(f"{program} is not there: build it first")
        return 1
    sources = {v: ROOT / (os.environ.get(name) or f"build/sources/{v}") for v, name in VERSIONS.items()}
    versions = args.version or list(VERSIONS)
    for version in versions:
        if not (sources[version] / "transformers").is_dir():
            print(f"{sources[version]}/transformers is not there: run scripts/sources")
            return 1
    step = args.every or (release_every if args.release else every)

    def choose(cases):
        if args.match:
            return [case for case in cases if args.match in json.dumps(case)]
        return cases[::step]

    differences = Differences()
    start = time.monotonic()
    test(Leaflint(program, sources), versions, choose, differences, args.jobs)
    return differences.report(time.monotonic() - start)
