from deepspeed.utils import set_z3_leaf_modules
set_z3_leaf_modules(model, ["Nothing"]
config = {"zero_optimization": {"stage": 3}
