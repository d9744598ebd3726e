# transformers.quantizers.quantizer_torchao: which of the names are the embeddings'.
from leaflint.identity import id
