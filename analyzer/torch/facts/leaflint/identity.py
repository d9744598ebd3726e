# id(), where it is only asked whether two things are one.


class id:
    def __init__(self, of):
        self._of = of

    def __eq__(self, other):
        return isinstance(other, id) and self._of is other._of

    def __ne__(self, other):
        return not self == other
