import deepspeed
from transformers.models.phimoe.modeling_phimoe import PhimoeSparseMoeBlock
deepspeed.utils.set_z3_leaf_modules(model, [PhimoeSparseMoeBlock])
engine = deepspeed.initialize(model=model, config={"zero_optimization": {"stage": 3}})
