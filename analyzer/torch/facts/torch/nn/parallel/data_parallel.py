# Facts of torch 2.13.0, torch/nn/parallel/data_parallel.py.
from __native__ import Module


class DataParallel(Module):
    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module
        self.device_ids = []
        self.dim = dim
