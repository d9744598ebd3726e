#!/usr/bin/env python3
"""Custom modeling code that loops, recurses, grows or lies: leaflint ends, says so, and never calls the tree exact.

usage: hostile.py PROGRAM TRANSFORMERS_SOURCES [CASE ...]
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

CONFIG='''from transformers import PretrainedConfig


class HostileConfig(PretrainedConfig):
    model_type = "hostile"

    def __init__(self, hidden_size=4, **kwargs):
        self.hidden_size = hidden_size
        super().__init__(**kwargs)
'''
JSON='''{"architectures": ["HostileModel"], "model_type": "hostile", "hidden_size": 8,
 "auto_map": {"AutoConfig": "configuration_hostile.HostileConfig", "AutoModel": "modeling_hostile.HostileModel"}}
'''
def cases(path):
    out=[];cur=None;part=None
    for l in open(path,encoding='utf8'):
        if l.startswith('=== '):
            cur={'name':l[4:].strip(),'top':'','init':'','expected':''};out.append(cur);part=None
        elif l.startswith('--- '): part=l[4:].strip()
        elif cur and part: cur[part]+=l
    return out
def assemble(c):
    top=c['top'].rstrip('\n')
    base='Base, ' if re.search(r'^class Base\b',top,re.M) else ''
    init=''.join('        '+l if l.strip() else l for l in c['init'].rstrip('\n').splitlines(True))
    s='from torch import nn\nfrom transformers import PreTrainedModel\n\nfrom .configuration_hostile import HostileConfig\n\n'+top+'\n\n'
    s+=f'class HostileModel({base}PreTrainedModel):\n    config_class = HostileConfig\n\n    def __init__(self, config):\n        super().__init__(config)\n        self.first = nn.Linear(4, 4)\n{init}\n        self.last = nn.Linear(4, 4)\n'
    b=s.encode('utf8')
    b=b.replace(b'NULLBYTE',b'\0').replace(b'BADBYTES',b'\xff\xfe').replace(b'FORMFEED',b'\f\r').replace(b'DECORATORS\n',b'    @same\n'*5000)
    return b


def main():
    program, sources, only = sys.argv[1], sys.argv[2], sys.argv[3:]
    failed = count = 0
    for path in sorted(pathlib.Path(__file__).resolve().parent.glob("code/*.txt")):
        for case in cases(path):
            if only and case["name"] not in only:
                continue
            count += 1
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "configuration_hostile.py").write_text(CONFIG)
                pathlib.Path(folder, "config.json").write_text(JSON)
                pathlib.Path(folder, "modeling_hostile.py").write_bytes(assemble(case))
                command = [program, "tree", "--model", folder, "--sources", sources]
                run = subprocess.run(command, capture_output=True, timeout=300)
            said = run.stdout.decode(errors="replace")
            fine = run.returncode in (0, 1, 2) and "Sanitizer" not in run.stderr.decode(errors="replace")
            if not fine:
                failed += 1
                print(f"FAILED {case['name']}: exit {run.returncode}", run.stderr.decode(errors="replace")[-800:])
            elif os.environ.get("VERBOSE"):
                print(case["name"], said.splitlines()[:1])
    print(f"hostile code: {count} cases, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
