# Facts of torch 2.13.0, torch/nn/utils/weight_norm.py: the older weight_norm replaces NAME by NAME_g and NAME_v.
from __native__ import Parameter, tensor_empty
from .parametrizations import norm_shape


class WeightNorm:
    def __init__(self, name, dim):
        self.name = name
        self.dim = -1 if dim is None else dim

    @staticmethod
    def apply(module, name, dim):
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, WeightNorm) and hook.name == name:
                raise RuntimeError(f"Cannot register two weight_norm hooks on the same parameter {name}")
        hook = WeightNorm(name, dim)
        weight = getattr(module, name)
        del module._parameters[name]
        module.register_parameter(name + "_g", Parameter(tensor_empty(norm_shape(weight, hook.dim))))
        module.register_parameter(name + "_v", Parameter(weight))
        setattr(module, name, tensor_empty(tuple(weight.shape)))
        module.register_forward_pre_hook(hook)
        return hook

    def remove(self, module):
        weight = tensor_empty(tuple(getattr(module, self.name + "_v").shape))
        delattr(module, self.name)
        del module._parameters[self.name + "_g"]
        del module._parameters[self.name + "_v"]
        setattr(module, self.name, Parameter(weight))


def weight_norm(module, name="weight", dim=0):
    WeightNorm.apply(module, name, dim)
    return module


def remove_weight_norm(module, name="weight"):
    for key, hook in list(module._forward_pre_hooks.items()):
        if isinstance(hook, WeightNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")
