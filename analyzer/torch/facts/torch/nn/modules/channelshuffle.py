# Facts of torch 2.13.0, torch/nn/modules/channelshuffle.py.
from __native__ import Module


class ChannelShuffle(Module):
    def __init__(self, groups):
        super().__init__()
        self.groups = groups
