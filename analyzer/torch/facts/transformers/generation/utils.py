# transformers.generation.utils: what generates text has no part in a tree.


class GenerationMixin:
    pass
