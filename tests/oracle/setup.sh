#!/bin/sh
# Make a virtual environment with the real torch, transformers and DeepSpeed, for the scripts beside this one.
#
# usage: setup.sh VENV_DIR TRANSFORMERS_VERSION
#
# PYTHON names the interpreter (python3). Optional packages that some models want (timm, natten, detectron2, scipy, PIL,
# torchaudio) stay out: the recorded trees say what happens without them.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: $0 VENV_DIR TRANSFORMERS_VERSION" >&2
    exit 2
fi
venv=$1
transformers=$2
torch=2.13.0
deepspeed=0.19.8

"${PYTHON:-python3}" -m venv "$venv"
pip="$venv/bin/python -m pip --disable-pip-version-check"

# torch first and pinned: an unpinned one may pull gigabytes of GPU libraries. The CPU build is enough; where the
# package index offers only the other, point PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS at a CPU wheel.
$pip install "torch==$torch" numpy
$pip install "transformers==$transformers" sentencepiece protobuf
# DeepSpeed comes as an sdist whose build imports torch, so it is built in this environment, without its C++ extensions.
$pip install setuptools wheel
$pip install hjson einops msgpack ninja packaging psutil py-cpuinfo "pydantic>=2" tqdm
DS_BUILD_OPS=0 $pip install --no-deps --no-build-isolation "deepspeed==$deepspeed"

"$venv/bin/python" - <<'PY'
import importlib.metadata as metadata
for name in ("torch", "transformers", "deepspeed", "hjson"):
    print(name, metadata.version(name))
PY
