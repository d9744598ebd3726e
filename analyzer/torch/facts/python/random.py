# The standard library's random: chance cannot be told.
from __native__ import unknown


def seed(*args, **kwargs):
    pass


def __getattr__(name):
    return unknown(f"random.{name}")
