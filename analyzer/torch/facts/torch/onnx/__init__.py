# Facts of torch 2.13.0, torch.onnx.
from __native__ import unknown


def is_in_onnx_export():
    return False


def __getattr__(name):
    return unknown(f"torch.onnx.{name}")
