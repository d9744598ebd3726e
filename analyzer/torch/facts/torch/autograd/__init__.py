# Facts of torch 2.13.0, torch.autograd.
from torch._contexts import enable_grad, inference_mode, no_grad, set_grad_enabled
from __native__ import unknown
from .function import Function


def __getattr__(name):
    return unknown(f"torch.autograd.{name}")
