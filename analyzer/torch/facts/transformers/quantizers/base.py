# transformers.quantizers.base: which of the names are the output embedding's.
from leaflint.identity import id
