# packaging.
from . import version
