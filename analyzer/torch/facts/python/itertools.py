# The standard library's itertools.  What it would give one by one is worked out at once; what has no end is asked for
# item by item.
from __native__ import unknown


class chain(list):
    def __init__(self, *iterables):
        super().__init__([item for iterable in iterables for item in iterable])

    @classmethod
    def from_iterable(cls, iterables):
        return iter([item for iterable in iterables for item in iterable])

    def __next__(self):
        if not self:
            raise StopIteration()
        return self.pop(0)


def product(*iterables, repeat=1):
    pools = [list(iterable) for iterable in iterables] * repeat
    rows = [()]
    for pool in pools:
        rows = [(*row, item) for row in rows for item in pool]
    return iter(rows)


def accumulate(iterable, func=None, *, initial=None):
    results = [] if initial is None else [initial]
    for item in iterable:
        if not results:
            results.append(item)
        elif func is None:
            results.append(results[-1] + item)
        else:
            results.append(func(results[-1], item))
    return iter(results)


def repeat(value, times=None):
    if times is None:
        return _Endless(lambda place: value)
    return iter([value] * times)


def cycle(iterable):
    items = list(iterable)
    return _Endless(lambda place: items[place % len(items)]) if items else iter([])


def count(start=0, step=1):
    return _Endless(lambda place: start + place * step)


class _Endless:
    def __init__(self, item):
        self._item = item
        self._place = 0

    def __iter__(self):
        return self

    def __next__(self):
        value = self._item(self._place)
        self._place += 1
        return value


def islice(iterable, *args):
    bounds = slice(*args)
    if isinstance(iterable, _Endless):
        if bounds.stop is None:
            return unknown("an endless iterator")
        return iter([next(iterable) for _ in range(bounds.stop)][bounds])
    return iter(list(iterable)[bounds])


def zip_longest(*iterables, fillvalue=None):
    rows = [list(iterable) for iterable in iterables]
    longest = max([len(row) for row in rows], default=0)
    return iter([tuple(row[i] if i < len(row) else fillvalue for row in rows) for i in range(longest)])


def combinations(iterable, r):
    items = list(iterable)
    rows = [((), 0)]
    for _ in range(r):
        rows = [((*row, items[i]), i + 1) for row, start in rows for i in range(start, len(items))]
    return iter([row for row, _ in rows])


def permutations(iterable, r=None):
    items = list(iterable)
    r = len(items) if r is None else r
    rows = [()]
    for _ in range(r):
        rows = [(*row, i) for row in rows for i in range(len(items)) if i not in row]
    return iter([tuple(items[i] for i in row) for row in rows])


def pairwise(iterable):
    items = list(iterable)
    return iter([(items[i], items[i + 1]) for i in range(len(items) - 1)])


def starmap(function, iterable):
    return iter([function(*args) for args in iterable])


def takewhile(predicate, iterable):
    taken = []
    for item in iterable:
        if not predicate(item):
            break
        taken.append(item)
    return iter(taken)


def dropwhile(predicate, iterable):
    items = list(iterable)
    start = 0
    while start < len(items) and predicate(items[start]):
        start += 1
    return iter(items[start:])


def filterfalse(predicate, iterable):
    return iter([item for item in iterable if not (item if predicate is None else predicate(item))])


def compress(data, selectors):
    return iter([item for item, keep in zip(data, selectors) if keep])


def groupby(iterable, key=None):
    groups = []
    for item in iterable:
        value = item if key is None else key(item)
        if groups and groups[-1][0] == value:
            groups[-1][1].append(item)
        else:
            groups.append((value, [item]))
    return iter(groups)


def tee(iterable, n=2):
    items = list(iterable)
    return tuple(iter(list(items)) for _ in range(n))


def batched(iterable, n):
    items = list(iterable)
    return iter([tuple(items[i:i + n]) for i in range(0, len(items), n)])
