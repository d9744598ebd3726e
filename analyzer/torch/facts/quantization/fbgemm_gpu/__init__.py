# fbgemm_gpu: kernels.
__version__ = "1.4.0"
