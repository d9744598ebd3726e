# fbgemm_gpu.experimental.gen_ai.
