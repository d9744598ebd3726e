import deepspeed
from deepspeed.utils import set_z3_leaf_modules, unset_z3_leaf_modules as unset
from transformers.models.mixtral import modeling_mixtral
from transformers.models.mixtral.modeling_mixtral import MixtralSparseMoeBlock
from transformers.models.jamba.modeling_jamba import JambaSparseMoeBlock

NAMES = ["model.layers.0.block_sparse_moe", "model.layers.0.mlp"]


def main():
    model = load()
    set_z3_leaf_modules(model, [MixtralSparseMoeBlock, "MixtralSparseMoeBlok"])
    set_z3_leaf_modules(model, [JambaSparseMoeBlock])
    deepspeed.utils.set_z3_leaf_modules_by_name(model, NAMES)
    deepspeed.utils.z3_leaf_module.set_z3_leaf_modules_by_suffix(
        model, ("experts", "expert_"), raise_if_not_found=False
    )
    unset(model, [modeling_mixtral.MixtralDecoderLayer, "Nothing"])
    deepspeed.utils.set_z3_leaf_module(model, True)


if __name__ == "__main__":
    main()
