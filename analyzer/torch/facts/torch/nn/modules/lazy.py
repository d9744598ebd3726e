# Facts of torch 2.13.0, torch/nn/modules/lazy.py.
from __native__ import UninitializedParameter


class LazyModuleMixin:
    cls_to_become = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def has_uninitialized_params(self):
        return any(isinstance(p, UninitializedParameter) for p in self._parameters.values())
