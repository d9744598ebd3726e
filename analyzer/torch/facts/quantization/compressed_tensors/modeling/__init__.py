# compressed_tensors.modeling.
