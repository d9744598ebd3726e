# fp_quant.module.
