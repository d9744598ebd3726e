from deepspeed.utils import set_z3_leaf_module, set_z3_leaf_modules, set_z3_leaf_modules_by_name
from torch import nn
from transformers.models.mixtral.modeling_mixtral import MixtralSparseMoeBlock
from transformers import MixtralPreTrainedModel, MixtralModel

model = load()
set_z3_leaf_modules(model, [MixtralSparseMoeBlock])
set_z3_leaf_modules(model, [nn.Linear, MixtralModel])
set_z3_leaf_modules_by_name(model, ["model.layers.3.block_sparse_moe"])
set_z3_leaf_module(model.model.layers[4].block_sparse_moe, True)
model.base_model.layers[4].block_sparse_moe._z3_leaf = True
