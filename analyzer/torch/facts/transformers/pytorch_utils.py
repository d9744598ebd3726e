# transformers.pytorch_utils: pruning of heads, by numbers in place of masks.  Read against 4.57.6; 5.x does not prune.
import torch
from torch import nn


def find_pruneable_heads_and_indices(heads, n_heads, head_size, already_pruned_heads):
    heads = set(heads) - already_pruned_heads
    gone = set()
    for head in heads:
        head = head - sum(1 if h < head else 0 for h in already_pruned_heads)
        if not -n_heads <= head < n_heads:
            raise IndexError(f"index {head} is out of bounds for dimension 0 with size {n_heads}")
        gone.add(head % n_heads)
    return heads, torch.tensor([i for i in range(n_heads * head_size) if i // head_size not in gone])


def prune_linear_layer(layer, index, dim=0):
    size = list(layer.weight.size())
    size[dim] = len(index)
    return nn.Linear(size[1], size[0], bias=layer.bias is not None)
