#!/usr/bin/env python3
"""Mangles the sources of a transformers release at random and looks what leaflint says of its models.

usage: fuzz.py [--program P] [--sanitized P] [--sources DIR] [--seed S] [--start N] [--count N] [--jobs N] ...

Each case changes one file (a line deleted, a byte changed, the end cut off, lines repeated, ...; mangle.py) and runs
`leaflint tree --model M` on the result.  A case fails when leaflint
  - crashes, is ended by a signal, ends with a status that no run has, or a sanitizer reports;
  - takes more than --seconds of CPU time (the release build);
  - prints no answer, or one that is not of the documented shape;
  - calls a tree `exact` that is not the tree of the intact sources, though the mangled file does not compile
    (CPython's `compile` is the judge), or says that the constructor raises though the file does not compile.
Where the file compiles, a tree that differs from the intact one may be what the code now says: torch is the judge of
those (tests/oracle/fuzz_compare.py), for which --write notes them down.

A case depends on the seed and its number only: --start N --count 1 --show makes one again.
"""

import argparse
import collections
import concurrent.futures
import difflib
import hashlib
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading
import time
import warnings

from mangle import Case, Overlay, models

ROOT = pathlib.Path(__file__).resolve().parents[2]
WALL_SECONDS = 300  # after which a run counts as hung, on however busy a machine
CPU_SECONDS = 60    # after which the system ends it


def compiles(data):
    """Does CPython take the file?"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "mangled", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


class Run:
    """One run of leaflint: its exit status, what it printed, and its CPU time."""

    def __init__(self, program, sources, model):
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith("HF_") and k not in ("VIRTUAL_ENV", "TRANSFORMERS_CACHE")}
        environment.setdefault("ASAN_OPTIONS", "detect_stack_use_after_return=1")
        environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
        command = [str(program), "tree", "--model", model, "--sources", str(sources), "--output-format", "jsonl"]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment)
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            watch = threading.Timer(WALL_SECONDS, process.kill)
            watch.start()
            _, status, usage = os.wait4(process.pid, 0)
            watch.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            self.out, self.err = out.read(), err.read().decode("utf-8", "replace")
        self.status = process.returncode
        self.seconds = usage.ru_utime + usage.ru_stime
        self.kilobytes = usage.ru_maxrss

    def trouble(self):
        """What is wrong whatever was asked; None when nothing is."""
        if self.status not in (0, 1, 2):
            return f"exit status {self.status}: {self.err.strip()[-1500:]}"
        if "Sanitizer" in self.err or "runtime error" in self.err:
            return f"a sanitizer reports: {self.err.strip()[-1500:]}"
        if self.status == 2 and self.out:
            return "exit status 2 and an answer"
        if self.status != 2:
            try:
                answer = json.loads(self.out)
            except ValueError as error:
                return f"no JSON: {error}: {self.out[:200]!r}"
            if answer["status"] not in ("exact", "partial", "raises"):
                return f"status {answer['status']}"
            if answer["status"] == "partial" and not answer["unresolved"]:
                return "partial, and no reason"
        return None

    def answer(self):
        return json.loads(self.out) if self.status in (0, 1) else {"status": "not found"}


class Fuzz:
    def __init__(self, options, folder):
        self.options = options
        self.package = options.sources / "transformers"
        self.models = models(self.package)
        self.folder = pathlib.Path(folder)
        self.local = threading.local()
        self.lock = threading.Lock()
        self.intact = {}
        self.counts = collections.Counter()
        self.slowest = (0, "none")
        self.largest = (0, "none")
        self.failures = []

    def overlay(self):
        if not hasattr(self.local, "overlay"):
            self.local.overlay = Overlay(tempfile.mkdtemp(dir=self.folder), self.package)
        return self.local.overlay

    def intact_answer(self, model):
        """(status, digest) of the model with the sources as they are."""
        if model not in self.intact:
            run = Run(self.options.program, self.options.sources, model)
            self.intact[model] = (run.answer()["status"], hashlib.sha256(run.out).digest())
        return self.intact[model]

    def fail(self, case, text):
        with self.lock:
            self.failures.append(case.number)
            print(f"FAILED {case}\n    {text}", flush=True)

    def one(self, number):
        case = Case(self.package, self.models, self.options.seed, number)
        overlay = self.overlay()
        overlay.put(case.path, case.data)
        run = Run(self.options.program, overlay.root, case.model)
        with self.lock:
            self.slowest = max(self.slowest, (run.seconds, str(case)))
            self.largest = max(self.largest, (run.kilobytes, str(case)))
        trouble = run.trouble()
        if not trouble and run.seconds > self.options.seconds:
            trouble = f"took {run.seconds:.2f} s"
        if not trouble and self.options.sanitized and number % self.options.sanitized_every == 0:
            sanitized = Run(self.options.sanitized, overlay.root, case.model)
            self.count("runs with sanitizers")
            trouble = sanitized.trouble()
            if not trouble and sanitized.out != run.out:
                trouble = "the two builds do not say the same"
        if trouble:
            self.fail(case, trouble)
            return
        self.judge(case, run)

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def judge(self, case, run):
        status = run.answer()["status"]
        before, digest = self.intact_answer(case.model)
        same = hashlib.sha256(run.out).digest() == digest
        valid = compiles(case.data)
        kind = f"{status}, {'as intact' if same else f'was {before}'}, {'compiles' if valid else 'does not compile'}"
        self.count(kind)
        wrong = not valid and not same and status in ("exact", "raises")
        if wrong and status == "raises" and run.answer()["raises"]["type"] in ("SyntaxError", "IndentationError", "TabError"):
            wrong = False
        if wrong:
            self.fail(case, f"{kind}: {json.dumps(run.answer().get('raises'))}")
        if self.options.write and case.changed and status in ("exact", "raises", "partial"):
            line = json.dumps({"case": case.number, "status": status, "same": same, "compiles": valid, "model": case.model,
                               "path": str(case.path), "how": case.how})
            with self.lock, open(self.options.write, "a", encoding="utf-8") as file:
                file.write(line + "\n")

    def show(self, number):
        """Prints the case: what was changed, and what leaflint says."""
        case = Case(self.package, self.models, self.options.seed, number)
        before = (self.package / case.path).read_bytes().decode("utf-8", "backslashreplace").splitlines(keepends=True)
        after = case.data.decode("utf-8", "backslashreplace").splitlines(keepends=True)
        print(case)
        sys.stdout.writelines(difflib.unified_diff(before, after, "intact", "mangled", n=6))
        overlay = self.overlay()
        overlay.put(case.path, case.data)
        run = Run(self.options.program, overlay.root, case.model)
        intact = Run(self.options.program, self.options.sources, case.model)
        print(f"exit {run.status}, {run.seconds:.2f} s; compiles: {compiles(case.data)}; {run.err}")
        answer, was = run.answer(), intact.answer()
        print({k: v for k, v in answer.items() if k != "modules"})
        for line in difflib.unified_diff([str(m) for m in was.get("modules", [])], [str(m) for m in answer.get("modules", [])],
                                         "intact", "mangled", n=0, lineterm=""):
            print(line[:300])
        if self.options.keep:
            self.options.keep.mkdir(parents=True, exist_ok=True)
            (self.options.keep / f"{number}_{case.path.name}").write_bytes(case.data)


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/leaflint")
    parser.add_argument("--sanitized", type=pathlib.Path, help="a build with sanitizers, for a share of the cases")
    parser.add_argument("--sanitized-every", type=int, default=10, metavar="N", help="every Nth case (10)")
    parser.add_argument("--sources", type=pathlib.Path, default=ROOT / "build/sources/5.23.0")
    parser.add_argument("--seed", default="leaflint")
    parser.add_argument("--start", type=int, default=0, metavar="N", help="the first case (0)")
    parser.add_argument("--count", type=int, default=10000, metavar="N", help="how many (10000)")
    parser.add_argument("--spread", action="store_true", help="with few cases: not the models that come first, but of all")
    parser.add_argument("--seconds", type=float, default=2.0, help="CPU time a run may take (2)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE", help="also write what each case changed, a JSON line each")
    parser.add_argument("--show", action="store_true", help="print the cases and the answers instead of judging them")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="with --show: write the mangled files there")
    given = parser.parse_args()
    given.sources = given.sources.resolve()
    return given


def main():
    given = options()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="leaflint-fuzz-") as folder:
        fuzz = Fuzz(given, folder)
        step = max(len(fuzz.models) // given.count, 1) if given.spread else 1
        numbers = range(given.start, given.start + given.count * step, step)
        if given.show:
            for number in numbers:
                fuzz.show(number)
            return 0
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            for done, _ in enumerate(pool.map(fuzz.one, numbers), 1):
                if done % 500 == 0:
                    print(f"{given.start + done}: {len(fuzz.failures)} failed, {time.monotonic() - start:.0f} s", flush=True)
    for kind, number in sorted(fuzz.counts.items()):
        print(f"{number:7} {kind}")
    print(f"slowest {fuzz.slowest[0]:.2f} s: {fuzz.slowest[1]}")
    print(f"largest {fuzz.largest[0] / 1024:.0f} MB: {fuzz.largest[1]}")
    print(f"{given.count} cases of {len(fuzz.models)} models, {len(fuzz.failures)} failed, {time.monotonic() - start:.0f} s")
    return 1 if fuzz.failures else 0


if __name__ == "__main__":
    sys.exit(main())
