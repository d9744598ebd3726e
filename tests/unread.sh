#!/usr/bin/env bash
# A file of the release under a fact is read only when something is asked of it that the fact does not say.
[ -d "${SOURCES_5:-}" ] || { echo "needs the sources of transformers 5.23.0 (scripts/sources)"; exit 77; }
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "FAILED: $1"; shift; printf '%s\n' "$@"; exit 1; }

# The release, with a FIFO in place of one file: whoever reads it is told so.
real=$(cd "$SOURCES_5/transformers" && pwd)
mkdir -p "$scratch/transformers/utils" "$scratch/custom"
ln -s "$real"/* "$scratch/transformers/" 2>/dev/null || true
rm -rf "$scratch/transformers/utils"
mkdir "$scratch/transformers/utils"
ln -s "$real"/utils/*.py "$scratch/transformers/utils/"
rm "$scratch/transformers/utils/import_utils.py"
mkfifo "$scratch/transformers/utils/import_utils.py"

tree=$("$LEAFLINT" tree --model MixtralForCausalLM --sources "$scratch" --output-format jsonl)
expected=$("$LEAFLINT" tree --model MixtralForCausalLM --sources "$SOURCES_5" --output-format jsonl)
[ "$tree" = "$expected" ] || fail "the facts say all that Mixtral asks of this file"

# ask NAME: the tree of custom code that asks for a name of that file.
ask() {
  cat > "$scratch/custom/config.json" <<'JSON'
{"architectures": ["AskingModel"], "model_type": "asking",
 "auto_map": {"AutoConfig": "configuration_asking.AskingConfig", "AutoModel": "modeling_asking.AskingModel"}}
JSON
  cat > "$scratch/custom/configuration_asking.py" <<'PYTHON'
from transformers import PretrainedConfig


class AskingConfig(PretrainedConfig):
    model_type = "asking"
PYTHON
  cat > "$scratch/custom/modeling_asking.py" <<PYTHON
from torch import nn
from transformers import PreTrainedModel
from transformers.utils.import_utils import $1

from .configuration_asking import AskingConfig


class AskingModel(PreTrainedModel):
    config_class = AskingConfig

    def __init__(self, config):
        super().__init__(config)
        self.known = nn.Linear(2, 2)
        if $1():
            self.asked = nn.Linear(2, 2)
PYTHON
  "$LEAFLINT" tree --model "$scratch/custom" --sources "$2" --output-format jsonl
}
said=$(ask is_torch_available "$scratch")
[[ $said == *'"status": "exact"'*'"asked"'* ]] || fail "a name that the fact has" "$said"
said=$(ask is_ninja_available "$scratch")
[[ $said == *'"status": "partial"'*'utils/import_utils.py: is not a regular file'* ]] ||
  fail "a name that only the file has, which cannot be read" "$said"
said=$(ask is_torch_fx_available "$SOURCES_5") # the fact has it for older releases
[[ $said == *'"status": "raises"'*"cannot import name 'is_torch_fx_available'"* ]] ||
  fail "a name that only the fact has" "$said"
said=$(ask no_such_name "$SOURCES_5")
[[ $said == *'"status": "raises"'*"cannot import name 'no_such_name'"* ]] || fail "a name that neither has" "$said"
echo "fine"
