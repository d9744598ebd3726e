# Modules that are lists and dicts themselves, children of children, and decorated classes.
import torch
import torch.nn as nn
import torch.nn.functional as F


class ExpertDict(nn.ModuleDict):
    # verdict: yes: calls `self[f"expert_{expert_idx[0]}"]` for each item of `expert_hit`
    def __init__(self, config):
        super().__init__()
        for i in range(8):
            self[f"expert_{i}"] = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor, selected: torch.Tensor):
        expert_hit = torch.greater(selected.permute(2, 1, 0).sum(dim=(-1, -2)), 0).nonzero()
        for expert_idx in expert_hit:
            x = self[f"expert_{expert_idx[0]}"](x)
        return x


class ExpertList(nn.ModuleList):
    # verdict: yes: calls `self[i]` depending on `rows.numel() == 0`
    def forward(self, x: torch.Tensor, selected: torch.Tensor):
        for i in range(len(self)):
            rows = (selected == i).nonzero()
            if rows.numel() == 0:
                continue
            x = self[i](x)
        return x


class EveryExpert(nn.ModuleList):
    # verdict: no
    def forward(self, x: torch.Tensor):
        for layer in self:
            x = layer(x)
        for name, layer in self.items():
            x = layer(x)
        return x


class ZipOfSelf(nn.ModuleList):
    # verdict: yes: calls `self[...]` depending on `count > 0`
    def forward(self, x: torch.Tensor, counts: torch.Tensor):
        for layer, count in zip(self, counts):
            if count > 0:
                x = layer(x)
        return x


class Sequence(nn.Sequential):
    # verdict: no
    def forward(self, x):
        for module in self._modules.values():
            x = module(x)
        return x


class OwnerOfExperts(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.router = nn.Linear(8, 8)
        self.experts = ExpertList([nn.Linear(8, 8)])

    def forward(self, x: torch.Tensor):
        logits = self.router(x)
        return self.experts(x, logits.argmax(-1))


class Grandchildren(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.inner = OwnerOfExperts(config)

    def forward(self, x: torch.Tensor):
        for layer in self.inner.experts:
            x = layer(x)
        if self.inner.is_deep:
            x = self.inner.router(x)
        return x


class GrandchildrenUnderData(nn.Module):
    # verdict: cannot tell: may call `self.inner.router` depending on `x.any()`
    def __init__(self, config):
        super().__init__()
        self.inner = OwnerOfExperts(config)

    def forward(self, x: torch.Tensor):
        if x.any():
            x = self.inner.router(x)
        return x


class ParametersOfAChild(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.mlp = OwnerOfExperts(config)

    def forward(self, x: torch.Tensor):
        y = self.mlp(x)
        for i in x.argmax(-1).unique():
            y = y + F.linear(x, self.mlp.w1.view(8, 8, 8)[i]) + torch.matmul(x, self.mlp.w2)
        return y


class NestedLists(nn.Module):
    # verdict: yes: calls `self.groups[group][0]` depending on `x[group].sum() > 0`
    def __init__(self, config):
        super().__init__()
        self.groups = nn.ModuleList([nn.ModuleList([nn.Linear(8, 8)])])

    def forward(self, x: torch.Tensor):
        for group in range(4):
            if x[group].sum() > 0:
                x = self.groups[group][0](x)
        return x


class Activations(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.act = nn.GELU()
        self.drop = nn.Dropout(0.1)
        self.mlp = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor):
        if x.sum() > 0:
            x = self.drop(self.act(x))
        return self.mlp(x)


def keep_forward(cls):
    cls.is_marked = True
    return cls


def choose_forward(cls):
    original = cls.forward

    def forward(self, *args, **kwargs):
        return registry.get(self.config.implementation, original)(self, *args, **kwargs)

    cls.forward = forward
    return cls


@keep_forward
class Marked(ExpertList):
    # verdict: yes: calls `self[0]` depending on `x.any()`
    def forward(self, x: torch.Tensor):
        if x.any():
            x = self[0](x)
        return x


@choose_forward
class Replaced(ExpertList):
    # verdict: cannot tell: calls `self[0]` depending on `x.any()`, unless a decorator of the class puts another forward in its place
    def forward(self, x: torch.Tensor):
        if x.any():
            x = self[0](x)
        return x


@imported_decorator(size=3)
class DecoratedByUnknown(ExpertList):
    # verdict: cannot tell: calls `self[0]` depending on `x.any()`, unless a decorator of the class puts another forward in its place
    def forward(self, x: torch.Tensor):
        if x.any():
            x = self[0](x)
        return x


@choose_forward
class ReplacedButEven(ExpertList):
    # verdict: no
    def forward(self, x: torch.Tensor):
        return self[0](x)
