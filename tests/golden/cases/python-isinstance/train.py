from deepspeed.utils import set_z3_leaf_modules
from transformers import GenerationMixin, PreTrainedModel
from transformers.models.mixtral.modeling_mixtral import MixtralPreTrainedModel
set_z3_leaf_modules(model, [MixtralPreTrainedModel])
