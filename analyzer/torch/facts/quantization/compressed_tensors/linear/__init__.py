# compressed_tensors.linear.
