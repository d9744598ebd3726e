# gptqmodel.quantization.awq.modules.
