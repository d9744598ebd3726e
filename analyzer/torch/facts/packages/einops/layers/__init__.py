# einops 0.8, layers.
