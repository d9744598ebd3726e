# safetensors.torch: files cannot be told.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"safetensors.torch.{name}")
