# gptqmodel.utils.
