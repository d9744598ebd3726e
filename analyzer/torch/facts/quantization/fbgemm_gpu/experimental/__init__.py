# fbgemm_gpu.experimental.
