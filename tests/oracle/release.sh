#!/bin/sh
# Compare leaflint with torch on a release of transformers: every architecture's defaults, and changed configurations.
#
# usage: release.sh VERSION [WORK_DIR]      (default: build/oracle/VERSION)
#
# What is in WORK_DIR already is not made again: the environment (venv), and what it answered (trees.jsonl.xz,
# raises.jsonl, configs.jsonl.xz; their parts in trees/ and configs/, so that a run that was interrupted goes on).
# LEAFLINT names the program, else it is build/release/leaflint. SHOW: how many of those that fall short are printed.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: $0 VERSION [WORK_DIR]" >&2
    exit 2
fi
version=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${2:-$root/build/oracle/$version}
mkdir -p "$work"
export PYTHONDONTWRITEBYTECODE=1

if [ ! -e "$work/venv" ]; then
    rm -rf "$work/making"
    sh "$here/setup.sh" "$work/making" "$version"
    mv "$work/making" "$work/venv"
fi
python=$work/venv/bin/python

# A few architectures cannot be recorded on a small machine; the scripts name them, and the rest counts.
if [ ! -e "$work/trees.jsonl.xz" ]; then
    "$python" "$here/trees.py" --parts "$work/trees" --out "$work/making.jsonl.xz" --raises "$work/raises.jsonl" || true
    mv "$work/making.jsonl.xz" "$work/trees.jsonl.xz"
fi
if [ ! -e "$work/configs.jsonl.xz" ]; then
    "$python" "$here/broad_configs.py" --parts "$work/configs" --out "$work/making.jsonl.xz" || true
    mv "$work/making.jsonl.xz" "$work/configs.jsonl.xz"
fi
packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
exec "$python" "$here/score.py" --sources "$packages" --program "${LEAFLINT:-$root/build/release/leaflint}" \
    --trees "$work/trees.jsonl.xz" --raises "$work/raises.jsonl" --configs "$work/configs.jsonl.xz" --show "${SHOW:-20}"
