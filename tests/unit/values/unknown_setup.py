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


class Two:
    __match_args__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b


def matched(subject, *more):
    match subject:
        case 1:
            return "one"
        case [x, 2]:
            return "two", x
        case {"a": x}:
            return "mapping", x
        case Two(a=3, b=x):
            return "object", x
        case Two(x, 4):
            return "other", x
        case _:
            return "else"


def taken(subject, chosen=U):
    x = 0
    match subject:
        case [x, _] if chosen:
            return "taken", x
        case [1, y] | [y, 2]:
            return "either", y
    return x


def same_either_way(subject):
    size = 1
    match subject:
        case 1:
            size = 5
        case [_, _]:
            size = 5
        case _:
            size = 5
    return size


def raises_else(subject):
    match subject:
        case 1:
            size = 5
        case 2:
            raise ValueError("no")
        case _:
            raise ValueError("never")
    return size


def captured(subject):
    x = 3
    match subject:
        case {"a": x}:
            pass
    return x


def written_one(subject, a, b):
    match subject:
        case 1:
            one = a
        case _:
            one = b
    one.mark = 5
    return a.name, getattr(a, "mark", 0)


def asked(subject):
    match subject:
        case list():
            return "list"
        case Open():
            return "open"
    return "else"


def broken_names(subject):
    match subject:
        case [x] | [y]:
            return 1


def passed(subject):
    match subject:
        case x:
            return 1
        case 2:
            return 2


def complex_number(subject):
    match subject:
        case 1 + 2j:
            return 1
    return 2


def many(subject):
    size = 0
    match subject:
        case 0 if U:
            size = 0
        case 1 if U:
            size = 1
        case 2 if U:
            size = 2
        case 3 if U:
            size = 3
        case 4 if U:
            size = 4
        case 5 if U:
            size = 5
        case 6 if U:
            size = 6
        case 7 if U:
            size = 7
        case 8 if U:
            size = 8
        case 9 if U:
            size = 9
        case 10 if U:
            size = 10
        case 11 if U:
            size = 11
        case 12 if U:
            size = 12
        case 13 if U:
            size = 13
        case 14 if U:
            size = 14
        case 15 if U:
            size = 15
        case 16 if U:
            size = 16
        case 17 if U:
            size = 17
        case 18 if U:
            size = 18
        case 19 if U:
            size = 19
        case 20 if U:
            size = 20
        case 21 if U:
            size = 21
        case 22 if U:
            size = 22
        case 23 if U:
            size = 23
        case 24 if U:
            size = 24
        case 25 if U:
            size = 25
        case 26 if U:
            size = 26
        case 27 if U:
            size = 27
        case 28 if U:
            size = 28
        case 29 if U:
            size = 29
        case 30 if U:
            size = 30
        case 31 if U:
            size = 31
        case 32 if U:
            size = 32
        case 33 if U:
            size = 33
        case 34 if U:
            size = 34
        case 35 if U:
            size = 35
        case 36 if U:
            size = 36
        case 37 if U:
            size = 37
        case 38 if U:
            size = 38
        case 39 if U:
            size = 39
        case 40 if U:
            size = 40
        case 41 if U:
            size = 41
        case 42 if U:
            size = 42
        case 43 if U:
            size = 43
        case 44 if U:
            size = 44
        case 45 if U:
            size = 45
        case 46 if U:
            size = 46
        case 47 if U:
            size = 47
        case 48 if U:
            size = 48
        case 49 if U:
            size = 49
        case 50 if U:
            size = 50
        case 51 if U:
            size = 51
        case 52 if U:
            size = 52
        case 53 if U:
            size = 53
        case 54 if U:
            size = 54
        case 55 if U:
            size = 55
        case 56 if U:
            size = 56
        case 57 if U:
            size = 57
        case 58 if U:
            size = 58
        case 59 if U:
            size = 59
    return size
