# awq.modules.linear.gemm_ipex, read from autoawq 0.2.9.
from awq.modules.linear.gemm import WQLinear_GEMM


class WQLinear_IPEX(WQLinear_GEMM):
    pass
