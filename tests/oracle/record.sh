#!/bin/sh
# Record every fixture of one transformers release anew.
#
# usage: record.sh VENV_DIR    (an environment made by setup.sh)
#
# Nothing drawn is random: the same versions write the same bytes.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 VENV_DIR" >&2
    exit 2
fi
python=$(cd "$1" && pwd)/bin/python
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$(cd "$here/../../fixtures" && pwd)
version=$("$python" -c 'from importlib.metadata import version; print(version("transformers"))')
export PYTHONDONTWRITEBYTECODE=1

raises=$(mktemp)
trap 'rm -f "$raises"' EXIT
"$python" "$here/trees.py" --types --out "$fixtures/trees/transformers-$version.jsonl.xz" --raises "$raises"
if [ -s "$raises" ]; then
    cat "$raises" >&2
    exit 1 # all of these build from their defaults
fi
"$python" "$here/changed_configs.py" --out "$fixtures/configs/$version.jsonl.xz"
"$python" "$here/broad_configs.py" --out "$fixtures/configs/$version-drawn.jsonl.xz" \
    --types mixtral llama qwen3_moe gpt_oss falcon_h1 clvp bamba glm4_moe dots3_note gemma3 laguna t5 llava
"$python" "$here/deepspeed_leaves.py" --out "$fixtures/leaves/$version.jsonl.xz" \
    --models "$fixtures/leaves/models-$version.jsonl"
"$python" "$here/hjson_texts.py" --out "$fixtures/hjson/cases.jsonl"
DS_ACCELERATOR=cpu "$python" "$here/leaf_training.py" "$fixtures/training/$version.jsonl"
"$python" "$here/yaml_texts.py" --out "$fixtures/yaml/cases.jsonl"
