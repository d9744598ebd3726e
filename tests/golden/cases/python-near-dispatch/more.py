# Two models, and a function that is given the other one.
from deepspeed.utils import set_z3_leaf_modules


def prepare(model):
    set_z3_leaf_modules(model, ["TeacherBlock"])


def build_teacher():
    model = load("teacher")
    set_z3_leaf_modules(model, ["OtherBlock"])


model = load("student")
prepare(load("teacher"))
prepare(teacher)
build_teacher()
