# Facts of torch 2.13.0, torch/nn/utils/spectral_norm.py: the older spectral_norm.
from __native__ import Parameter, tensor_empty
from torch.nn.modules.conv import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d


def _sides(weight, dim):
    shape = tuple(weight.shape)
    width = 1
    for place, size in enumerate(shape):
        if place != dim:
            width = width * size
    return shape[dim], width


class SpectralNorm:
    def __init__(self, name="weight", n_power_iterations=1, dim=0, eps=1e-12):
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.name = name
        self.dim = dim
        self.n_power_iterations = n_power_iterations
        self.eps = eps

    @staticmethod
    def apply(module, name, n_power_iterations, dim, eps):
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, SpectralNorm) and hook.name == name:
                raise RuntimeError(f"Cannot register two spectral_norm hooks on the same parameter {name}")
        hook = SpectralNorm(name, n_power_iterations, dim, eps)
        weight = module._parameters[name]
        if weight is None:
            raise ValueError(f"`SpectralNorm` cannot be applied as parameter `{name}` is None")
        height, width = _sides(weight, dim)
        delattr(module, name)
        module.register_parameter(name + "_orig", weight)
        setattr(module, name, tensor_empty(tuple(weight.shape)))
        module.register_buffer(name + "_u", tensor_empty((height,)))
        module.register_buffer(name + "_v", tensor_empty((width,)))
        module.register_forward_pre_hook(hook)
        return hook

    def remove(self, module):
        weight = tensor_empty(tuple(getattr(module, self.name + "_orig").shape))
        delattr(module, self.name)
        delattr(module, self.name + "_u")
        delattr(module, self.name + "_v")
        delattr(module, self.name + "_orig")
        module.register_parameter(self.name, Parameter(weight))


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    if dim is None:
        dim = 1 if isinstance(module, (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)) else 0
    SpectralNorm.apply(module, name, n_power_iterations, dim, eps)
    return module


def remove_spectral_norm(module, name="weight"):
    for key, hook in list(module._forward_pre_hooks.items()):
        if isinstance(hook, SpectralNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(f"spectral_norm of '{name}' not found in {module}")
