#!/usr/bin/env python3
"""What leaflint says of custom modeling code, against the trees that torch built of it.

usage: custom.py PROGRAM TRANSFORMERS_SOURCES [CASE ...]

Every statement has to be true for every way a case may go: modules, classes, order, parameters, what is not stated lies below
something open, and an exception is one that Python raises.  tests/oracle/custom_trees.py records the trees.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from cases import files, read_cases


def parent(n):
    return n.rpartition(".")[0] if n else None
def check_tree(mine,tree,opens):
    bad=[]
    real=tree['modules']; names=[m[0] for m in real]; by={m[0]:(i,m) for i,m in enumerate(real)}
    last=-1
    for n,c,ps in mine['modules']:
        if n not in by: bad.append(f'states {n!r}, not there'); continue
        i,m=by[n]
        if i<last: bad.append(f'{n!r} out of order')
        last=i
        if c is not None and c!=m[1]: bad.append(f'{n!r} class {c} is {m[1]}')
        pl=list(ps.items()); rl=list(m[2].items())
        if n not in opens:
            if [k for k,_ in pl]!=[k for k,_ in rl]: bad.append(f'{n!r} closed params {[k for k,_ in pl]} are {[k for k,_ in rl]}')
        for k,s in pl:
            if k not in m[2]: bad.append(f'{n!r} param {k} not there')
            elif s is not None and s!=m[2][k]: bad.append(f'{n!r}.{k} {s} is {m[2][k]}')
    stated={m[0] for m in mine['modules']}
    for n in names:
        if n not in stated:
            # some ancestor (nearest stated) must be open
            p=parent(n)
            while p not in stated: p=parent(p)
            if p not in opens: bad.append(f'lacks {n!r} below closed {p!r}')
    if mine['params'] is not None and mine['params']!=tree['params']: bad.append(f"params {mine['params']} is {tree['params']}")
    return bad
def check(mine,ways):
    out=[]
    st=mine['status']
    trees={w:t for w,t in ways.items() if 'raises' not in t}
    if st=='raises':
        for w,t in trees.items(): out.append(f'way {w}: says raises {mine["raises"]["type"]}: {mine["raises"]["message"]}, but builds')
        for w,t in ways.items():
            if 'raises' in t and (t['raises']['type']!=mine['raises']['type']): out.append(f'way {w}: raises {mine["raises"]["type"]} but {t["raises"]}')
            elif 'raises' in t and t['raises']['message']!=mine['raises']['message'][:160].strip().replace('\n',' '): out.append(f'MESSAGE {mine["raises"]["message"]!r} is {t["raises"]["message"]!r}')
        return out
    if not trees: out.append(f'{st}, but every way raises: {list(ways.values())[0]["raises"]}') if st=='exact' else None
    opens=set()
    for u in mine['unresolved']:
        n=u['name']; opens.add(n)
        if n: opens.add(parent(n))
    for w,t in trees.items():
        o=opens
        for b in check_tree(mine,t,o): out.append(f'way {w}: {b}')
    return out


def tree(program, sources, parts):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files(parts).items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        command = [program, "tree", "--model", folder, "--sources", sources, "--output-format", "jsonl"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return json.loads(run.stdout) if run.stdout else {"status": "none", "error": run.stderr}


def main():
    program, sources, only = sys.argv[1], sys.argv[2], sys.argv[3:]
    here = pathlib.Path(__file__).resolve().parent
    failed, counts = 0, {}
    known = {tuple(line.split()) for line in (here / "known.txt").read_text().splitlines() if line[:1] not in ("#", "")}
    late = []
    for path in sorted(here.glob("*.jsonl")):
        recorded = {one["case"]: one["ways"] for one in map(json.loads, path.read_text().splitlines())}
        for name, parts in read_cases(path.with_suffix(".txt")).items():
            if (only and name not in only) or name not in recorded:
                continue
            mine = tree(program, sources, parts)
            wrong = [mine["error"]] if mine["status"] == "none" else check(mine, recorded[name])
            if mine["status"] == "partial" and "" in recorded[name] and (path.stem, name, "partial") not in known:
                wrong.append(f"partial, but it can be told: {mine['unresolved'][0]}")
            wrong = [one for one in wrong if not one.startswith("MESSAGE")]
            counts[mine["status"]] = counts.get(mine["status"], 0) + 1
            is_known = (path.stem, name) in known
            failed += bool(wrong) and not is_known
            late += [name] if is_known and wrong else []
            if is_known and not wrong:
                print(f"right now, take it from known.txt: {path.stem} {name}")
            for one in wrong if not is_known or only else []:
                print(f"FAILED {path.stem} {name}: {one}")
    print(f"custom code: {counts}, {failed} wrong, {len(late)} known to be: {' '.join(late)}")
    return 1 if failed or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
