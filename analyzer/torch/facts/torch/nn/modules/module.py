# Facts of torch 2.13.0, torch/nn/modules/module.py.
# The registration protocol (class Module) is native, see NATIVE.md.
from __native__ import Module
