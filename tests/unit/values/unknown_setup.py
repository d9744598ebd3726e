from __native__ import (
    deepcopy, environment, math_atan2, math_ceil, math_exp, math_floor, math_gcd, math_isnan, math_isqrt, math_log,
    math_log2, math_pow, math_sqrt, math_trunc, package_available, resolve_signature, shallow_copy, unknown,
)

U = unknown("why")


class Plain:
    pass


class Keyed:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return self.name == other.name

    def __hash__(self):
        return 1


class Open(unknown("a base")):
    pass


class Node:
    def __init__(self, name):
        self.name = name
        self.children = []
        self.self = self


class Own:
    def __deepcopy__(self, memo):
        return "own copy"


def after(value, *calls):
    for name, *args in calls:
        getattr(value, name)(*args)
    return value


def put(value, place, item):
    value[place] = item
    return value


def take(value, place):
    del value[place]
    return value


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


def copies():
    node = Node("a")
    node.children.append(Node("b"))
    node.again = node.children
    other = deepcopy(node)
    return (
        other is not node, other.self is other, other.children is not node.children, other.children is other.again,
        other.children[0].name, other.children[0] is not node.children[0], type(other) is Node,
    )


def shared():
    inner = [1]
    both = [inner, inner, (inner,), {"k": inner}]
    copy = deepcopy(both)
    return copy[0] is copy[1], copy[2][0] is copy[0], copy[3]["k"] is copy[0], copy[0] is inner, copy == both


def plain_copies():
    items, table, node = [[1]], {"k": [1]}, Node("a")
    a, b, c = shallow_copy(items), shallow_copy(table), shallow_copy(node)
    c.name = "c"
    return a is items, a[0] is items[0], b["k"] is table["k"], c.children is node.children, node.name, c.name


def cyclic():
    items = [1]
    items.append(items)
    copy = deepcopy(items)
    return copy is not items, copy[1] is copy


def immutable_copies():
    t = (1, ("a", None), len)
    return deepcopy(t) is t, deepcopy(Plain) is Plain, deepcopy(attempt) is attempt, deepcopy("a"), deepcopy(1.5), deepcopy(None)


# A tuple that holds the one below it twice has 2**60 items to hash: neither Python nor leaflint would end.
def tower(levels):
    value = ()
    for _ in range(levels):
        value = (value, value)
    return value


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


def deep_tuple(levels):
    value = ()
    for _ in range(levels):
        value = (value,)
    return value


def written(items, choose):
    for item in items:
        item.mark = 0
    choose(items).mark = 1
    return isinstance(items[0], Plain), items[0].mark
