# Loops over what the data hit, and loops that only look like it.
import torch
import torch.nn as nn
import torch.nn.functional as F


class LoopOverHits(nn.Module):
    # verdict: yes: calls `self.experts[expert_idx]` for each item of `expert_hit`
    def __init__(self, config):
        super().__init__()
        self.num_experts = config.num_experts
        self.gate = nn.Linear(config.hidden_size, config.num_experts)
        self.experts = nn.ModuleList([nn.Linear(8, 8) for _ in range(config.num_experts)])

    def forward(self, hidden_states: torch.Tensor):
        _, selected = torch.topk(self.gate(hidden_states), 2, dim=-1)
        expert_mask = F.one_hot(selected, num_classes=self.num_experts).permute(2, 1, 0)
        expert_hit = torch.greater(expert_mask.sum(dim=(-1, -2)), 0).nonzero()
        for expert_idx in expert_hit:
            expert_layer = self.experts[expert_idx]
            hidden_states = expert_layer(hidden_states)
        return hidden_states


class LoopOverTolist(nn.Module):
    # verdict: yes: calls `self.experts[...]` for each item of `hit`
    def __init__(self, config):
        super().__init__()
        self.router = nn.Linear(8, 8)
        self.experts = nn.ModuleDict({f"expert_{i}": nn.Linear(8, 8) for i in range(8)})

    def forward(self, hidden_states):
        router_mask = self.router(hidden_states).bool()
        hit = torch.nonzero(router_mask.sum(dim=0), as_tuple=True)[0].tolist()
        for idx in hit:
            hidden_states = getattr(self.experts, f"expert_{idx}")(hidden_states)
        return hidden_states


class LoopOverUnique(nn.Module):
    # verdict: yes: calls `self.mlp` for each item of `torch.unique(indices)`
    def __init__(self, config):
        super().__init__()
        self.gate = nn.Linear(8, 8)
        self.mlp = nn.Linear(8, 8)

    def forward(self, x):
        indices = self.gate(x).argmax(-1)
        for index in torch.unique(indices):
            x = self.mlp(x)
        return x


class LoopOverSet(nn.Module):
    # verdict: yes: calls `self.experts[index]` for each item of `sorted(set(indices))`
    def __init__(self, config):
        super().__init__()
        self.gate = nn.Linear(8, 8)
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x):
        indices = self.gate(x).argmax(-1).tolist()
        for index in sorted(set(indices)):
            x = self.experts[index](x)
        return x


class OtherImports(nn.Module):
    # verdict: yes: calls `self.experts[i]` for each item of `hit`
    def __init__(self, config):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x, selected):
        hit = greater(th.one_hot(selected, 8).sum(0), 0).nonzero()
        for i in hit:
            x = self.experts[i](x)
        return x


class RangeOfData(nn.Module):
    # verdict: yes: calls `self.layer` for each item of `range(steps)`
    def __init__(self, config):
        super().__init__()
        self.layer = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor, lengths: torch.LongTensor):
        steps = int(lengths.max().item())
        for _ in range(steps):
            x = self.layer(x)
        return x


class WhileNotDone(nn.Module):
    # verdict: yes: calls `self.layer` while `not done`
    def __init__(self, config):
        super().__init__()
        self.layer = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor):
        done = False
        while not done:
            x = self.layer(x)
            done = bool((x.abs() < 1).all())
        return x


class LeavesEarly(nn.Module):
    # verdict: yes: calls `self.layers[...]` in a loop that is left early depending on `torch.all(halted)`
    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x: torch.Tensor):
        for layer in self.layers:
            x = layer(x)
            halted = x.mean(-1) > 0.5
            if torch.all(halted):
                break
        return x


class ReturnsEarly(nn.Module):
    # verdict: yes: calls `self.layers[...]` in a loop that is left early depending on `x.max() > 3`
    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x: torch.Tensor):
        for layer in self.layers:
            x = layer(x)
            if x.max() > 3:
                return x
        return x


class ComprehensionOverHits(nn.Module):
    # verdict: yes: calls `self.experts[i]` for each item of `hit`
    def __init__(self, config):
        super().__init__()
        self.gate = nn.Linear(8, 8)
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x):
        hit = self.gate(x).argmax(-1).unique().tolist()
        return torch.stack([self.experts[i](x) for i in hit])


class FilteredComprehension(nn.Module):
    # verdict: yes: calls `self.experts[...]` depending on `count > 0`
    def __init__(self, config):
        super().__init__()
        self.gate = nn.Linear(8, 8)
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x):
        counts = self.gate(x).argmax(-1).bincount(minlength=8).tolist()
        return torch.cat([expert(x) for expert, count in zip(self.experts, counts) if count > 0])


class SplitByLengths(nn.Module):
    # verdict: yes: calls `self.adapters[lang]` for each item of `enumerate(zip(lang_ids, pieces))`
    def __init__(self, config):
        super().__init__()
        self.adapters = nn.ModuleDict({"en": nn.Linear(8, 8)})

    def forward(self, x, lang_ids: torch.Tensor):
        lang_ids, lengths = torch.unique_consecutive(lang_ids, return_counts=True)
        pieces = torch.split(x, lengths.tolist(), 0)
        outputs = []
        for i, (lang_id, piece) in enumerate(zip(lang_ids, pieces)):
            lang = list(self.adapters.keys())[int(lang_id.item())]
            outputs.append(self.adapters[lang](piece))
        return torch.cat(outputs, 0)


class AllExperts(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.num_experts = 8
        self.gate = nn.Linear(8, 8)
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, hidden_states: torch.Tensor):
        weights, selected = torch.topk(self.gate(hidden_states), 2, dim=-1)
        mask = F.one_hot(selected, num_classes=self.num_experts).permute(2, 1, 0)
        final = torch.zeros_like(hidden_states)
        for expert_idx in range(self.num_experts):
            expert_layer = self.experts[expert_idx]
            idx, top_x = torch.where(mask[expert_idx])
            current = expert_layer(hidden_states[None, top_x].reshape(-1, 8)) * weights[top_x, idx, None]
            final.index_add_(0, top_x, current.to(hidden_states.dtype))
        return final


class MaskEach(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.adapters = nn.ModuleDict({"en": nn.Linear(8, 8)})

    def forward(self, x: torch.Tensor, lang_ids: torch.Tensor):
        out = torch.zeros_like(x)
        for index, key in enumerate(self.adapters.keys()):
            chosen = lang_ids == index
            out[chosen] = self.adapters[key](x[chosen])
        return out


class FusedExperts(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.num_experts = 8
        self.gate_up_proj = nn.Parameter(torch.empty(8, 16, 8))
        self.down_proj = nn.Parameter(torch.empty(8, 8, 8))
        self.act_fn = ACT2FN[config.hidden_act]

    def forward(self, hidden_states: torch.Tensor, top_k_index: torch.Tensor, top_k_weights: torch.Tensor):
        final = torch.zeros_like(hidden_states)
        with torch.no_grad():
            mask = F.one_hot(top_k_index, num_classes=self.num_experts).permute(2, 1, 0)
            expert_hit = torch.greater(mask.sum(dim=(-1, -2)), 0).nonzero()
        for expert_idx in expert_hit:
            expert_idx = expert_idx[0]
            if expert_idx == self.num_experts:
                continue
            pos, token = torch.where(mask[expert_idx])
            gate, up = F.linear(hidden_states[token], self.gate_up_proj[expert_idx]).chunk(2, dim=-1)
            out = F.linear(self.act_fn(gate) * up, self.down_proj[expert_idx])
            final.index_add_(0, token, out * top_k_weights[token, pos, None])
        return final


class ExpertLengths(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.router = nn.Linear(8, 8)
        self.input_linear = nn.Linear(8, 8)

    def forward(self, x):
        _, batch_index, gates, expert_size, logits = self.router(x)
        pieces = x[batch_index].split(expert_size.tolist(), dim=0)
        return torch.cat([self.input_linear(pieces[i]) for i in range(8)])


class FeatureMaps(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.backbone = nn.Linear(8, 8)
        self.projections = nn.ModuleList([nn.Conv2d(8, 8, 1)])
        self.norm = nn.LayerNorm(8)

    def forward(self, pixel_values: torch.Tensor, pixel_mask: torch.Tensor):
        features = self.backbone(pixel_values).feature_maps
        outputs = []
        for level, feature in enumerate(features):
            outputs.append(self.projections[level](feature))
        merged = [self.norm(output) for output in outputs[::-1]]
        flat, shapes = [], []
        for source, mask in zip(merged, [pixel_mask] * 3):
            batch, channels, height, width = source.shape
            shapes.append((height, width))
            flat.append(self.norm(source.flatten(2)))
        for (height, width), piece in zip(shapes, torch.cat(flat, 1).split([h * w for h, w in shapes], dim=1)):
            outputs.append(self.norm(piece.view(-1, height, width)))
        return outputs


class ImagesOfABatch(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.merger = nn.Linear(8, 8)

    def forward(self, hidden_states: torch.Tensor, grid_thw: torch.LongTensor):
        sizes = (grid_thw.prod(-1) // 4).tolist()
        return torch.cat([self.merger(piece) for piece in torch.split(hidden_states, sizes)])


class EncoderStack(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8)])
        self.norm = nn.LayerNorm(8)

    def forward(self, x: torch.Tensor, output_hidden_states=False, skip: list[int] = None):
        states = () if output_hidden_states else None
        for i, layer in enumerate(self.layers[: self.config.num_hidden_layers]):
            if output_hidden_states:
                states = states + (x,)
            if skip is not None and i in skip:
                continue
            x = layer(x)
        return self.norm(x), states


class LayerDrop(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.layerdrop = config.layerdrop
        self.layers = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x: torch.Tensor):
        for layer in self.layers:
            if self.training:
                dropout_probability = torch.rand([])
                if dropout_probability < self.layerdrop:
                    continue
            x = layer(x)
        return x


class SilentLoop(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.layer = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor):
        for index in x.argmax(-1).nonzero():
            x[index] = 0
        return self.layer(x)


class MaskedLoop(nn.Module):
    # verdict: cannot tell: may call `self.experts[i]` for each item of `hit`
    def __init__(self, config):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x: torch.Tensor, router_mask: torch.Tensor):
        hit = F.one_hot(router_mask, num_classes=8).sum(0).nonzero()
        for i in hit:
            x = self.experts[i](x)
        return x


class OneHotOfTruths(nn.Module):
    # verdict: cannot tell: may call `self.experts[i]` for each item of `F.one_hot(chosen.long(), num_classes=2).sum(0).nonzero()`
    def __init__(self, config):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, x: torch.Tensor):
        chosen = x.mean(-1) > 0
        for i in F.one_hot(chosen.long(), num_classes=2).sum(0).nonzero():
            x = self.experts[i](x)
        return x
