# Branches on tensors, and branches that all ranks take alike.
import torch
import torch.nn as nn


class Base(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.num_experts = 8
        self.gate = nn.Linear(8, 8)
        self.mlp = nn.Linear(8, 8)
        self.text = nn.Linear(8, 8)
        self.vision = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x: torch.Tensor):
        return self.norm(self.mlp(x))


class BranchOnTokens(Base):
    # verdict: yes: calls `self.experts[expert_idx]` depending on `token_idx.numel() > 0`
    def forward(self, x):
        selected = self.gate(x).topk(2)[1]
        for expert_idx in range(len(self.experts)):
            token_idx, _ = torch.where(selected == expert_idx)
            if token_idx.numel() > 0:
                x = self.experts[expert_idx](x[token_idx])
        return x


class ContinueOnNone(Base):
    # verdict: yes: calls `self.experts[i]` depending on `top_x.shape[0] == 0`
    def forward(self, x):
        selected = self.gate(x).topk(2)[1]
        for i in range(self.num_experts):
            expert = self.experts[i]
            _, top_x = torch.where(selected == i)
            if top_x.shape[0] == 0:
                continue
            x = expert(x[None, top_x].reshape(-1, 8))
        return x


class ContinueOnCount(Base):
    # verdict: yes: calls `self.experts[i]` depending on `num_tokens == 0`
    def forward(self, x):
        ids = self.gate(x).topk(2)[1]
        counts = ids.new_zeros((ids.shape[0], 8))
        counts.scatter_(1, ids, 1)
        for i, num_tokens in enumerate(counts.sum(dim=0)):
            if num_tokens == 0:
                continue
            x = self.experts[i](x)
        return x


class OneChildSometimes(Base):
    # verdict: yes: calls `self.mlp` depending on `hit.shape[0] == 0`
    def forward(self, x: torch.Tensor):
        for i in range(self.num_experts):
            hit = (x == i).nonzero()
            if hit.shape[0] == 0:
                continue
            x = self.mlp(x)
        return x


class AnyVision(Base):
    # verdict: yes: calls `self.vision` depending on `types is not None and types.any()`
    def forward(self, x: torch.Tensor, types: torch.IntTensor | None = None):
        if types is not None and types.any():
            y = self.text(x[types == 0]) + self.vision(x[types == 1])
        else:
            y = self.text(x)
        return y


class EitherSide(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        if (x > 0).all():
            y = self.mlp(x)
        else:
            y = self.mlp(-x) * 2
        return self.norm(y)


class ReturnsWithTheSame(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        if x.max() > 4:
            return self.mlp(x / 4)
        return self.mlp(x)


class ReturnsWithLess(Base):
    # verdict: yes: calls `self.norm` depending on `x.max() > 4`
    def forward(self, x: torch.Tensor):
        if x.max() > 4:
            return self.mlp(x / 4)
        return self.norm(self.mlp(x))


class ConditionalExpression(Base):
    # verdict: yes: calls `self.mlp` depending on `x.sum() > 0`
    def forward(self, x: torch.Tensor):
        return self.mlp(x) if x.sum() > 0 else x


class ConditionalBoth(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        return self.mlp(x) if x.sum() > 0 else self.mlp(-x)


class ShortCircuit(Base):
    # verdict: yes: calls `self.mlp` depending on `x.any()`
    def forward(self, x: torch.Tensor):
        return x.any() and self.mlp(x)


class NoneOrTensor(Base):
    # verdict: yes: calls `self.vision` depending on `image is not None`
    def forward(self, x: torch.Tensor, ids: torch.LongTensor):
        image = None
        if (ids == 7).any():
            image = x[ids == 7]
        if image is not None:
            x = x + self.vision(image).sum()
        return x


class CountsWhatItKept(Base):
    # verdict: yes: calls `self.mlp` for each item of `kept`
    def forward(self, x: torch.Tensor):
        kept = []
        for row in x:
            if row.sum() > 0:
                kept.append(row)
        return [self.mlp(row) for row in kept]


class RaisesOnly(Base):
    # verdict: no
    def forward(self, x: torch.Tensor, ids: torch.LongTensor):
        if (ids == 7).sum() != x.shape[0]:
            raise ValueError("images and tokens do not match")
        return self.norm(self.mlp(x))


class ChangesOnly(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        if torch.isinf(x).any():
            x = torch.clamp(x, min=-1, max=1)
        return self.mlp(x)


class Flags(Base):
    # verdict: no
    def forward(
        self,
        x: torch.Tensor,
        past_key_values=None,
        use_cache: bool | None = None,
        output_attentions=False,
        cache_position: torch.LongTensor | None = None,
        return_dict=None,
        **kwargs,
    ):
        use_cache = use_cache if use_cache is not None else self.config.use_cache
        if past_key_values is not None and past_key_values.get_seq_length() > 0:
            x = self.norm(x)
        if use_cache and cache_position[0] > 0:
            x = self.text(x)
        if self.gradient_checkpointing and self.training:
            x = self._gradient_checkpointing_func(self.mlp.__call__, x)
        else:
            x = self.mlp(x)
        if output_attentions or kwargs.get("output_router_logits", False):
            x = self.vision(x)
        if not return_dict:
            return (self.gate(x),)
        return self.gate(x)


class Shapes(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        if x.shape[1] > 512 and x.dim() == 3 and x.dtype == torch.float16:
            return self.mlp(x)
        if len(x) > 3:
            return self.text(x)
        return self.norm(x)


class ModuleFeatures(Base):
    # verdict: no
    def forward(self, input_ids: torch.LongTensor = None, pixel_values: torch.FloatTensor = None):
        if pixel_values is not None:
            features = self.vision(pixel_values)
        x = self.text(input_ids)
        if pixel_values is not None:
            x = x.masked_scatter((input_ids == 7).unsqueeze(-1), features)
        return self.norm(x)


class PaddingOnly(Base):
    # verdict: cannot tell: may call `self.norm` depending on `attention_mask.all()`
    def forward(self, x: torch.Tensor, attention_mask: torch.Tensor):
        return self.norm(x) if attention_mask.all() else self.mlp(x)


class EvaluationOnly(Base):
    # verdict: cannot tell: calls `self.experts[i]` for each item of `hit`, when it is not training
    def forward(self, x: torch.Tensor):
        if self.training:
            for expert in self.experts:
                x = expert(x)
            return x
        hit = self.gate(x).argmax(-1).unique()
        for i in hit:
            x = self.experts[i](x)
        return x


class TrainingOnly(Base):
    # verdict: yes: calls `self.experts[i]` for each item of `hit`
    def forward(self, x: torch.Tensor):
        if not self.training:
            return sum(expert(x) for expert in self.experts)
        hit = self.gate(x).argmax(-1).unique()
        for i in hit:
            x = self.experts[i](x)
        return x


class CacheOnly(Base):
    # verdict: cannot tell: may call `self.mlp` depending on `cache.is_started and (x == 0).all()`
    def forward(self, x: torch.Tensor, cache: DecoderCache | None = None):
        if cache is not None:
            if cache.is_started and (x == 0).all():
                return cache.last
        return self.mlp(x)


class TriesOut(Base):
    # verdict: yes: calls `self.mlp` depending on `x.sum() > 0`
    def forward(self, x: torch.Tensor):
        try:
            with torch.no_grad():
                assert x.ndim == 2
                if x.sum() > 0:
                    x = self.mlp(x)
        except RuntimeError as error:
            x = x + 1
        finally:
            x = self.norm(x)
        return x


class Untyped(Base):
    # verdict: yes: calls `self.experts[...]` depending on `chosen.any()`
    def forward(self, x, ids):
        for i, expert in enumerate(self.experts):
            chosen = ids == i
            if chosen.any():
                x[chosen] = expert(x[chosen])
        return x


class UntypedRows(Base):
    # verdict: yes: calls `self.experts[...]` depending on `len(rows) == 0`
    def forward(self, x, ids):
        for i, expert in enumerate(self.experts):
            rows = x[ids == i]
            if len(rows) == 0:
                continue
            x = expert(rows)
        return x


class UntypedNumber(Base):
    # verdict: cannot tell: may call `self.mlp` depending on `stage > 2`
    def forward(self, x, stage):
        if stage > 2:
            x = self.mlp(x)
        return x


class UntypedFlag(Base):
    # verdict: no
    def forward(self, x, deep, mode, past=None):
        if deep and mode in ("a", "b") and not past:
            x = self.mlp(x)
        return x
