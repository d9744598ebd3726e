# What forward calls: methods, helpers, inherited and nested functions.
import functools

import torch
import torch.nn as nn
from torch.utils.checkpoint import checkpoint


class Base(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.gate = nn.Linear(8, 8)
        self.mlp = nn.Linear(8, 8)
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x):
        return self.gate(x)


def pick(logits, count=2):
    weights, ids = torch.topk(logits, count)
    return weights, ids.unique()


def shape_of(x, extra: int = 0):
    return x.shape[0] + extra


def run_all(layers, x):
    for layer in layers:
        x = layer(x)
    return x


def run_hit(layers, ids, x):
    for i in ids.unique():
        x = layers[i](x)
    return x


def apply_chunks(function, size, *tensors):
    if size > 0:
        return torch.cat([function(*chunk) for chunk in zip(*(tensor.chunk(size) for tensor in tensors))])
    return function(*tensors)


class HelperMethod(Base):
    # verdict: yes: calls `self.experts[i]` depending on `rows.numel() > 0`
    def moe(self, x, ids):
        for i in range(len(self.experts)):
            rows = torch.where(ids == i)[0]
            if rows.numel() > 0:
                x = self.experts[i](x)
        return x

    def forward(self, x):
        ids = self.gate(x).argmax(-1)
        return self.moe(x, ids).view(*x.shape)


class InheritsForward(HelperMethod):
    # verdict: yes: calls `self.experts[i]` depending on `rows.numel() > 0`
    pass


class OverridesHelper(HelperMethod):
    # verdict: no
    def moe(self, x, ids):
        return sum(expert(x) for expert in self.experts)


class CallsSuper(HelperMethod):
    # verdict: yes: calls `self.experts[i]` depending on `rows.numel() > 0`
    def forward(self, x):
        return super().forward(x) + 1


class CallsSuperTwice(CallsSuper):
    # verdict: yes: calls `self.experts[i]` depending on `rows.numel() > 0`
    def forward(self, x):
        return super().forward(x) + self.mlp(x)


class SuperOfTorch(nn.Linear):
    # verdict: no
    def forward(self, x):
        return super().forward(x)


class ConditionInHelper(Base):
    # verdict: yes: calls `self.mlp` depending on `self.is_far(x)`
    def is_far(self, x):
        return bool((x > 3).any())

    def forward(self, x: torch.Tensor):
        if self.is_far(x):
            x = self.mlp(x)
        return x


class HelperOfShapes(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        if shape_of(x) > 3 and shape_of(x, extra=2) < 9:
            x = self.mlp(x)
        return x


class HelperFunction(Base):
    # verdict: yes: calls `self.experts[i]` for each item of `ids`
    def forward(self, x):
        weights, ids = pick(self.gate(x))
        for i in ids:
            x = self.experts[i](x)
        return x


class HandsLayersOver(Base):
    # verdict: no
    def forward(self, x):
        return run_all(self.experts, x)


class HandsExpertsOver(Base):
    # verdict: yes: calls `self.experts[i]` for each item of `ids.unique()`
    def forward(self, x):
        return run_hit(self.experts, self.gate(x).argmax(-1), x)


class UnknownFunction(Base):
    # verdict: cannot tell: may call `self.mlp` depending on `decide_somewhere(x)`
    def forward(self, x: torch.Tensor):
        if decide_somewhere(x):
            x = self.mlp(x)
        return x


class UnknownOfNothing(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        if is_somewhere_enabled():
            x = self.mlp(x)
        return unknown_attention(self, x)


class HandedOverUnderData(Base):
    # verdict: cannot tell: may call `self.mlp` depending on `x.any()`
    def forward(self, x: torch.Tensor):
        if x.any():
            x = run_somewhere(self.mlp, x)
        return x


class Checkpointed(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        def create(module):
            def inner(*inputs):
                return module(*inputs)

            return inner

        for expert in self.experts:
            if self.training:
                x = checkpoint(create(expert), x)
            else:
                x = expert(x)
        return apply_chunks(self.chunk, 2, x)

    def chunk(self, x):
        return self.mlp(x)


class CheckpointedUnderData(Base):
    # verdict: yes: calls `self.experts[...]` depending on `count > 0`
    def forward(self, x):
        def run(expert, rows):
            return expert(rows)

        for expert, count in zip(self.experts, self.gate(x).sum(0)):
            if count > 0:
                x = run(expert, x)
        return x


class Lambdas(Base):
    # verdict: yes: calls `self.mlp` depending on `x.sum() > 0`
    def forward(self, x: torch.Tensor):
        later = lambda rows: self.mlp(rows) if x.sum() > 0 else rows
        return later(x)


class Partial(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        run = functools.partial(self.mlp.__call__, scale=2)
        return run(x) + sum(map(self.gate, [x, x]))


class Properties(Base):
    # verdict: no
    @property
    def depth(self):
        return len(self.experts)

    @staticmethod
    def scaled(x, factor):
        return x * factor

    @classmethod
    def named(cls, x):
        return x

    def forward(self, x: torch.Tensor):
        for i in range(self.depth):
            x = self.experts[i](self.scaled(x, 2))
        return self.named(x)


class StaticChoice(Base):
    # verdict: yes: calls `self.experts[self.best(x)]`, which is picked by data
    @staticmethod
    def best(x):
        return int(x.sum(-1).argmax())

    def forward(self, x: torch.Tensor):
        return self.experts[self.best(x)](x)


class Recursive(Base):
    # verdict: no
    def nested(self, x, depth):
        if depth == 0:
            return self.mlp(x)
        return self.nested(self.gate(x), depth - 1)

    def forward(self, x: torch.Tensor):
        return self.nested(x, 3)


class RecursiveUnderData(Base):
    # verdict: yes: calls `self.gate` depending on `x.max() < 1`
    def nested(self, x):
        if x.max() < 1:
            return x
        return self.nested(self.gate(x))

    def forward(self, x: torch.Tensor):
        return self.nested(x)


class Generators(Base):
    # verdict: no
    def rows(self, x):
        for row in x:
            yield self.mlp(row)

    def forward(self, x: torch.Tensor):
        return torch.stack([self.gate(row) for row in self.rows(x)])


class KeywordOnly(Base):
    # verdict: no
    def step(self, x, *, fast=False, **kwargs):
        if fast:
            return self.mlp(x)
        return self.gate(x)

    def forward(self, x: torch.Tensor, **kwargs):
        return self.step(x, fast=True) + self.step(x, **kwargs)


class KeepsState(Base):
    # verdict: yes: calls `self.mlp` depending on `self.hit.numel() > 0`
    def look(self, x):
        self.hit = x.sum(-1).nonzero()

    def forward(self, x: torch.Tensor):
        self.look(x)
        if self.hit.numel() > 0:
            x = self.mlp(x)
        return x


class CastsItself(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        self.gate = self.gate.to(x.dtype)
        return self.gate(x)


class MatchStatement(Base):
    # verdict: cannot tell: forward holds a match statement, which is not followed
    def forward(self, x: torch.Tensor, kind: str):
        match kind:
            case "a":
                return self.mlp(x)
        return x


class BrokenHelper(Base):
    # verdict: cannot tell: forward uses a method that cannot be parsed
    def helper(self, x):
        return x +* 2

    def forward(self, x: torch.Tensor):
        return self.mlp(self.helper(x))
