# make.sh FOLDER PACKAGE: transformers with links to the sources, in which Mixtral's file imports a package that it does
# not use, and Qwen2-MoE's imports Mixtral's.
mkdir -p "$1/transformers/models"
link() { # link FROM TO NAME: everything in FROM but NAME
    for path in "$1"/*; do
        [ "${path##*/}" = "$3" ] || [ -e "$2/${path##*/}" ] || ln -s "$path" "$2/"
    done
}
models=$SOURCES_5/transformers/models
mkdir "$1/transformers/models/mixtral" "$1/transformers/models/qwen2_moe"
link "$models/mixtral" "$1/transformers/models/mixtral" modeling_mixtral.py
link "$models/qwen2_moe" "$1/transformers/models/qwen2_moe" modeling_qwen2_moe.py
link "$models" "$1/transformers/models" ""
link "$SOURCES_5/transformers" "$1/transformers" models
sed "0,/^import torch/s//import $2\nimport torch/" "$models/mixtral/modeling_mixtral.py" >"$1/transformers/models/mixtral/modeling_mixtral.py"
sed '0,/^import torch/s//from ..mixtral.modeling_mixtral import MixtralModel\nimport torch/' "$models/qwen2_moe/modeling_qwen2_moe.py" >"$1/transformers/models/qwen2_moe/modeling_qwen2_moe.py"
