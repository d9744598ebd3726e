# Facts of torch 2.13.0, torch/nn/parallel/distributed.py.
from __native__ import Module


class DistributedDataParallel(Module):
    def __init__(self, module, *args, **kwargs):
        raise ValueError("Default process group has not been initialized, please make sure to call init_process_group.")
