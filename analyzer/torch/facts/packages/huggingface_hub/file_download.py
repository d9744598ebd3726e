# huggingface_hub 2.4.0, file_download.py.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"huggingface_hub.file_download.{name}")
