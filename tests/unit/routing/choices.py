# Children picked by an index, a key or a name.
import torch
import torch.nn as nn


class Base(nn.Module):
    # verdict: no
    def __init__(self, config):
        super().__init__()
        self.gate = nn.Linear(8, 8)
        self.left = nn.Linear(8, 8)
        self.right = nn.Linear(8, 8)
        self.heads = nn.ModuleDict({"near": nn.Linear(8, 8), "far": nn.Linear(8, 8)})
        self.experts = nn.ModuleList([nn.Linear(8, 8)])
        for i in range(8):
            setattr(self, f"expert_{i}", nn.Linear(8, 8))
            self.add_module(f"adapter_{i}", nn.Linear(8, 8))

    def forward(self, x):
        return self.gate(x)


class IndexByArgmax(Base):
    # verdict: yes: calls `self.experts[best]`, which is picked by data
    def forward(self, x):
        best = self.gate(x).mean((0, 1)).argmax().item()
        return self.experts[best](x)


class KeyByVote(Base):
    # verdict: yes: calls `self.heads[name]`, which is picked by data
    def forward(self, x):
        names = [entry["name"] for entry in self.config.heads]
        name = names[torch.argmax(self.gate(x), dim=-1).squeeze().item()]
        head = self.heads[name]
        return head(x)


class NameByNumber(Base):
    # verdict: yes: calls `getattr(self, ...)`, which is picked by data
    def forward(self, x):
        index = int(self.gate(x).argmax())
        return getattr(self, f"expert_{index}")(x)


class NumberedChildren(Base):
    # verdict: no
    def forward(self, x):
        for i in range(8):
            x = getattr(self, f"expert_{i}")(x)
            x = getattr(self, f"adapter_{i}")(x)
        return x


class NumberedUnderData(Base):
    # verdict: yes: calls `getattr(self, ...)` depending on `(chosen == i).any()`
    def forward(self, x):
        chosen = self.gate(x).argmax(-1)
        for i in range(8):
            if (chosen == i).any():
                x = getattr(self, f"adapter_{i}")(x)
        return x


class ListOfTwo(Base):
    # verdict: yes: calls `self.left`, which is picked by data
    def forward(self, x: torch.Tensor):
        layers = [self.left, self.right]
        return layers[int(x.sum() > 0)](x)


class ChosenBefore(Base):
    # verdict: yes: calls `self.left`, which is picked by data
    def forward(self, x: torch.Tensor):
        layer = self.left
        if x.sum() > 0:
            layer = self.right
        return layer(x)


class ChosenByFlag(Base):
    # verdict: no
    def forward(self, x: torch.Tensor, task: str, far: bool = False):
        layer = self.left if task == "text" else self.right
        x = layer(x)
        head = self.heads["far" if far else "near"]
        x = head(x)
        layers = {"left": self.left, "right": self.right}
        return layers[task](x)


class LayerNumber(Base):
    # verdict: no
    def forward(self, x, layer_idx, block_idx: int):
        return self.experts[layer_idx](x) + self.experts[block_idx](x)


class UnknownNumber(Base):
    # verdict: cannot tell: may call `self.experts[step]`, which is picked by data
    def forward(self, x, step):
        return self.experts[step](x)


class SliceByData(Base):
    # verdict: yes: calls `self.experts[...]` for each item of `self.experts[:depth]`
    def forward(self, x: torch.Tensor):
        depth = int(x.max())
        for layer in self.experts[:depth]:
            x = layer(x)
        return x


class WalrusIndex(Base):
    # verdict: yes: calls `self.experts[best]`, which is picked by data
    def forward(self, x):
        if (best := int(self.gate(x).argmax())) is not None:
            x = self.experts[best](x)
        return x


class IndexesTensors(Base):
    # verdict: no
    def forward(self, x: torch.Tensor):
        best = self.gate(x).argmax(-1)
        x = x[best]
        weights = self.left.weight[best]
        states = [x, x + 1]
        return self.right(states[int(best.max())] + weights)
