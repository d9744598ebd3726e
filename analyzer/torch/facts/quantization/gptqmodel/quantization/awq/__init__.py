# gptqmodel.quantization.awq.
