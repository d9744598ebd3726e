# The standard library's copy.
from __native__ import deepcopy, shallow_copy as copy


class Error(Exception):
    pass
