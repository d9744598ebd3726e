# transformers.utils.deprecation: a renamed argument still arrives under its new name.


def deprecate_kwarg(old_name, version=None, new_name=None, *args, **kwargs):
    def decorate(function):
        if new_name is None or function.__name__ != "__init__":
            return function

        def renamed(*values, **named):
            if old_name in named:
                value = named.pop(old_name)
                if new_name not in named:
                    named[new_name] = value
            return function(*values, **named)

        renamed.__wrapped__ = function
        renamed.__name__ = function.__name__
        return renamed

    return decorate


def deprecate_attr(*args, **kwargs):
    return _keep


def _keep(value):
    return value
