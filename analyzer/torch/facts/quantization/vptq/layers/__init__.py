# vptq.layers.
