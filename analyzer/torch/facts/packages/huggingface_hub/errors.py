# huggingface_hub 2.4.0, errors.py.
from __native__ import unknown


class StrictDataclassError(Exception):
    pass


class StrictDataclassDefinitionError(StrictDataclassError):
    pass


class StrictDataclassFieldValidationError(StrictDataclassError):
    def __init__(self, field, cause):
        super().__init__(f"Validation error for field '{field}':\n    {cause.__class__.__name__}: {cause}")


class StrictDataclassClassValidationError(StrictDataclassError):
    def __init__(self, validator, cause):
        super().__init__(
            f"Class validation error for validator '{validator}':\n    {cause.__class__.__name__}: {cause}"
        )


def __getattr__(name):
    return unknown(f"huggingface_hub.errors.{name}")
