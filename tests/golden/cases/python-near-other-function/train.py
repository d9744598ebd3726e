# The names of DeepSpeed's functions, but not its functions.
from mylib import set_z3_leaf_modules
set_z3_leaf_modules(model, ["Nothing"])


def set_z3_leaf_modules_by_name(model, names):
    pass


set_z3_leaf_modules_by_name(model, ["nothing"])
"set_z3_leaf_modules(model, ['InAString'])"
