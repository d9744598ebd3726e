# Facts of torch 2.13.0, torch/nn/parallel/__init__.py.
from .data_parallel import DataParallel
from .distributed import DistributedDataParallel
