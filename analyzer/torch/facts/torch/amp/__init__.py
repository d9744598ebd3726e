# Facts of torch 2.13.0, torch.amp.
from torch._contexts import autocast
from __native__ import unknown


def custom_fwd(function=None, **kwargs):
    return custom_fwd if function is None else function


def custom_bwd(function=None, **kwargs):
    return custom_bwd if function is None else function


def __getattr__(name):
    return unknown(f"torch.amp.{name}")
