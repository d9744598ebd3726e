# transformers.utils.doc: documentation.


def _keep(value):
    return value


def add_start_docstrings(*args, **kwargs):
    return _keep


def add_start_docstrings_to_model_forward(*args, **kwargs):
    return _keep


def add_end_docstrings(*args, **kwargs):
    return _keep


def add_code_sample_docstrings(*args, **kwargs):
    return _keep


def replace_return_docstrings(*args, **kwargs):
    return _keep


def copy_func(f):
    return getattr(f, "__func__", f)
