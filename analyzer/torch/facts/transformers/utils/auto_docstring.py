# transformers.utils.auto_docstring: documentation.


def auto_docstring(obj=None, **kwargs):
    return _keep if obj is None else obj


def _keep(obj):
    return obj
