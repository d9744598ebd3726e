# Facts of torch 2.13.0, torch/nn/modules/linear_cross_entropy_options.py.


class LinearCrossEntropyOptions:
    def __init__(self, **options):
        for name, value in options.items():
            setattr(self, name, value)
