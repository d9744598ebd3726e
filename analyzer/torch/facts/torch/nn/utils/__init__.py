# Facts of torch 2.13.0, torch/nn/utils/__init__.py.
from __native__ import unknown
from . import parametrizations, parametrize, rnn
from .init import skip_init
from .spectral_norm import remove_spectral_norm, spectral_norm
from .weight_norm import remove_weight_norm, weight_norm

_OTHER = (
    "clip_grad clip_grad_norm clip_grad_norm_ clip_grad_value_ clip_grads_with_norm_ "
    "convert_conv2d_weight_memory_format convert_conv3d_weight_memory_format convert_parameters fuse_conv_bn_eval "
    "fuse_conv_bn_weights fuse_linear_bn_eval fuse_linear_bn_weights fusion get_total_norm memory_format "
    "parameters_to_vector prune stateless vector_to_parameters"
).split()


def __getattr__(name):
    if name in _OTHER:
        return unknown(f"torch.nn.utils.{name}")
    raise AttributeError(f"module 'torch.nn.utils' has no attribute '{name}'")
