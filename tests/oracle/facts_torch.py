#!/usr/bin/env python3
"""Compare leaflint's facts about torch.nn (run by CPython, see lazy_python.py) with real torch.

usage: VENV/bin/python facts_torch.py [--cases N] [--seed S] [CLASS...]

Every class of torch.nn is made N times with arguments drawn from its signature, right and wrong ones: the exception
(type and message), or the modules, parameters, buffers and plain attributes must be the same.  Then containers,
registration and the weight_norm family are walked through random operations.  Needs an environment of setup.sh, no
transformers sources.
"""

import argparse
import collections
import inspect
import random
import re
import sys
import warnings

import lazy_python
import native_shim
import torch

warnings.filterwarnings("ignore")

VALUES = {
    "dtype": [None, None, "float64", "float16"],
    "device": [None],
    "bias": [True, False, None, 1],
    "kernel_size": [1, 3, (3,), (3, 5), (1, 2, 3), 0, None, "3", 2.0, [3, 3]],
    "stride": [1, 2, (1, 2), (2,), None, (1, 2, 3)],
    "padding": [0, 1, (1, 2), "same", "valid", "other", (1, 1, 1, 1), 3, None, (1, 2, 3)],
    "dilation": [1, 2, (1, 2), (2,)],
    "groups": [1, 1, 2, 4, 0, -1, 3],
    "padding_mode": ["zeros", "reflect", "circular", "wrong"],
    "padding_idx": [None, 0, 1, -1, 100, -100, "a", 3.5],
    "normalized_shape": [4, (4,), [2, 3], (), None, 2.5, True, "ab", torch.Size([2, 2])],
    "dropout": [0.0, 0.1, 1, 1.5, -0.1, None, True, "a"],
    "p": [0.5, 0.0, 1.0, 1.5, -1, None, "a", 2],
    "num_layers": [1, 2, 0, -1, 3],
    "bidirectional": [True, False],
    "proj_size": [0, 0, 2, -1, 100],
    "batch_first": [True, False, 1],
    "mode": ["LSTM", "GRU", "RNN_TANH", "other", "mean", "nearest", "sum"],
    "nonlinearity": ["tanh", "relu", "other"],
    "activation": ["relu", "gelu", "other"],
    "scale_factor": [None, 2, 2.0, (2, 3), 0, "a", [2, 2]],
    "size": [None, 4, (2, 3)],
    "output_size": [None, 1, (2, 3), (None, 2), 5],
    "output_ratio": [None, 0.5, (0.5, 0.5), 2.0, (0.5, 0.5, 0.5)],
    "upscale_factor": [2, 3],
    "reduction": ["mean", "sum", "none"],
    "size_average": [None, True, False],
    "reduce": [None, True, False],
    "weight": [None],
    "pos_weight": [None],
    "_weight": [None],
    "_random_samples": [None],
    "cutoffs": [[2, 4], [3], [], [4, 2], [2, 2], [100], (1, 2, 5)],
    "n_classes": [10, 20],
    "unflattened_size": [(2, 3), [2], 3, (2, "a")],
    "modules": [None],
    "values": [None],
    "parameters": [None],
    "custom_encoder": [None],
    "custom_decoder": [None],
    "process_group": [None],
    "distance_function": [None],
    "options": [None],
    "out_features": [4, 6, 0, None, -2, 3.0],
    "num_embeddings": [10, 5, 0, None, -1],
    "num_features": [4, 0, None, -1, 2.0],
    "num_groups": [1, 2, 3, 0, None],
    "num_channels": [4, 6, None],
    "embed_dim": [8, 6, 0, -4, None],
    "num_heads": [1, 2, 3, 0],
    "kdim": [None, 4, 8],
    "vdim": [None, 4, 8],
    "d_model": [8, 6],
    "nhead": [1, 2, 3],
    "num_encoder_layers": [0, 1, 2],
    "num_decoder_layers": [0, 1, 2],
    "dim_feedforward": [4, 8, None],
    "hidden_size": [4, 6, 0, None, 2.5],
    "input_size": [3, 0, 4.0, None],
    "num_chunks": [1, 3, 4],
    "eps": [1e-5, 1e-3, None],
    "affine": [True, False],
    "elementwise_affine": [True, False],
    "track_running_stats": [True, False],
    "approximate": ["none", "tanh"],
    "init": [0.25, 0.1],
    "margin": [0.0, 1.0, -1.0, 2],
    "delta": [1.0, 2, "a"],
    "label_smoothing": [0.0, 0.1, -1, 2.0],
}
OTHERS = [1, 2, 4, 6, 0, None, -1, 2.0, True, "a"]
SKIP = {
    "Module",
    "Container",
    "DataParallel",
    "LinearCrossEntropyOptions",
    "Parameter",
    "Buffer",
    "UninitializedParameter",
    "UninitializedBuffer",
    "Sequential",
    "ModuleList",
    "ModuleDict",
    "ParameterList",
    "ParameterDict",
    "TransformerEncoder",
    "TransformerDecoder",
}


def signature_of(cls):
    if issubclass(cls, torch.nn.RNNBase) and cls is not torch.nn.RNNBase:
        names = "input_size hidden_size num_layers bias batch_first dropout bidirectional proj_size".split()
        if cls is torch.nn.RNN:
            names.insert(3, "nonlinearity")
        required = 2
        return [(name, place < required, False) for place, name in enumerate(names)]
    rows = []
    for one in list(inspect.signature(cls.__init__).parameters.values())[1:]:
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD):
            continue
        rows.append((one.name, one.default is one.empty, one.kind is one.KEYWORD_ONLY))
    return rows


def draw(rows, chance):
    args, kwargs, positional = [], {}, chance.random() < 0.6
    for name, required, keyword in rows:
        if not required and chance.random() < 0.6:
            positional = False
            continue
        if required and chance.random() < 0.02:
            continue
        choices = VALUES.get(name, OTHERS)
        # Mostly sound values, so that constructors get past their first check.
        value = choices[0] if chance.random() < 0.45 else chance.choice(choices)
        if positional and not keyword:
            args.append(value)
        else:
            positional = False
            kwargs[name] = value
    if chance.random() < 0.02:
        kwargs["no_such_argument"] = 1
    return args, kwargs


def converted(value, library):
    if isinstance(value, str) and value in ("float64", "float16"):
        return getattr(library, value)
    if isinstance(value, torch.Size) and library is not torch:
        return tuple(value)
    return value


def plain(value):
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (tuple, list)):
        return [type(value).__name__ if type(value) is list else "tuple", *[plain(one) for one in value]]
    if callable(value) and hasattr(value, "__name__") and not isinstance(value, type):
        return "function " + value.__name__
    return ...


HIDDEN = {"_flat_weights", "_flat_weight_refs", "_parameters", "_buffers", "_modules", "training"}


def shape(tensor):
    if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin) or (
        isinstance(tensor, native_shim.UninitializedTensorMixin)
    ):
        return "uninitialised"
    if isinstance(tensor, native_shim.Tensor):
        return None if tensor._shape is None else list(tensor._shape)
    return list(tensor.shape)


def state(module):
    rows = []
    for name, one in module.named_modules():
        kind = type(one)
        own = {}
        for key, value in vars(one).items():
            if key in HIDDEN or (key.startswith("_") and key not in ("_qkv_same_embed_dim", "_all_weights")):
                continue
            shown = plain(value)
            if shown is not ...:
                own[key] = shown
        for key in ("is_tensor", "use_nested_tensor"):
            own.pop(key, None)
        rows.append(
            (
                name,
                f"{kind.__module__}.{kind.__qualname__}",
                [(key, None if value is None else shape(value)) for key, value in one._parameters.items()],
                [(key, None if value is None else shape(value)) for key, value in one._buffers.items()],
                own,
            )
        )
    return rows


class Skipped(Exception):
    pass


def outcome(action):
    try:
        result = action()
    except Exception as error:
        return ("raises", type(error).__name__, str(error).split("\nException raised")[0])
    return ("gives", result)


def same(real, ours):
    """Equal, but for sets in messages, whose order is chance."""
    if real[0] == ours[0] == "raises":
        return real[1] == ours[1] and sorted(re.split("[{}, ]+", real[2])) == sorted(re.split("[{}, ]+", ours[2]))
    return real == ours


def compare_classes(facts, only, cases, chance, report):
    for name in sorted(vars(torch.nn)):
        cls = getattr(torch.nn, name)
        if (
            not isinstance(cls, type)
            or name in SKIP
            or not issubclass(cls, torch.nn.Module)
            or (only and name not in only)
        ):
            continue
        rows = signature_of(cls)
        for _ in range(cases):
            args, kwargs = draw(rows, chance)
            for library in (torch, facts):
                library_args = [converted(one, library) for one in args]
                library_kwargs = {key: converted(one, library) for key, one in kwargs.items()}
                if library is torch:
                    with torch.device("meta"):
                        real = outcome(lambda: state(cls(*library_args, **library_kwargs)))
                else:
                    ours = outcome(lambda: state(getattr(facts.nn, name)(*library_args, **library_kwargs)))
            report(name, (args, kwargs), real, ours)


# Random walks: the same operations on both libraries.


def leaf(nn, chance_value):
    return [lambda: nn.Linear(2, 3), lambda: nn.ReLU(), lambda: nn.LayerNorm(4), lambda: nn.Identity()][chance_value]()


def walk_list(nn, kind, moves):
    cls = getattr(nn, kind)
    first = [leaf(nn, one) for one in moves[0][1][:2]]
    thing = cls(first) if kind == "ModuleList" else cls(*first)
    log = []
    for move, numbers in moves:
        a, b, c = numbers[0] - 2, numbers[1], numbers[2]

        def act():
            nonlocal thing
            if move == "append":
                thing.append(leaf(nn, b))
            elif move == "extend":
                thing.extend([leaf(nn, b), leaf(nn, c)])
            elif move == "insert":
                thing.insert(a, leaf(nn, b))
            elif move == "set":
                thing[a] = leaf(nn, b)
            elif move == "get":
                return type(thing[a]).__name__
            elif move == "slice":
                return [type(one).__name__ for one in thing[a : a + b]]
            elif move == "delete":
                del thing[a]
            elif move == "delete slice":
                del thing[a : a + 2]
            elif move == "pop":
                return type(thing.pop(a)).__name__
            elif move == "add":
                other = cls([leaf(nn, c)]) if kind == "ModuleList" else cls(leaf(nn, c))
                thing = thing + other
            elif move == "iadd":
                thing += cls([leaf(nn, c)]) if kind == "ModuleList" else cls(leaf(nn, c))
            elif move == "length":
                return len(thing)
            elif move == "none":
                thing.append(None)
            elif move == "wrong":
                thing.append(3)
            elif move == "share":
                thing.append(thing[0])
            elif move == "times" and kind == "Sequential":
                thing = thing * (b % 3)
            elif move == "contains":
                return thing[0] in thing

        log.append(outcome(act))
    return log, state(thing)


def walk_dict(nn, moves):
    thing = nn.ModuleDict({"first": leaf(nn, 0)})
    keys = ["first", "a", "b", "c.d", "keys", "", "0"]
    log = []
    for move, numbers in moves:
        key, b = keys[numbers[0] % len(keys)], numbers[1]

        def act():
            if move in ("append", "set"):
                thing[key] = leaf(nn, b)
            elif move == "extend":
                thing.update({key: leaf(nn, b), "z": leaf(nn, b)})
            elif move == "insert":
                thing.update([(key, leaf(nn, b))])
            elif move == "get":
                return type(thing[key]).__name__
            elif move == "delete":
                del thing[key]
            elif move == "pop":
                return type(thing.pop(key)).__name__
            elif move == "length":
                return len(thing), list(thing), list(thing.keys()), [type(one).__name__ for one in thing.values()]
            elif move == "contains":
                return key in thing
            elif move == "none":
                thing[key] = None
            elif move == "wrong":
                thing[key] = 3
            elif move == "times":
                thing.update(3)

        log.append(outcome(act))
    return log, state(thing)


def walk_parameters(library, kind, moves):
    nn = library.nn
    new = lambda size: nn.Parameter(library.empty(size + 1))  # noqa: E731
    thing = nn.ParameterList([new(1)]) if kind == "ParameterList" else nn.ParameterDict({"a": new(1)})
    log = []
    for move, numbers in moves:
        a, b = numbers[0] - 2, numbers[1]
        key = a if kind == "ParameterList" else "abcd"[a % 4]

        def act():
            nonlocal thing
            if kind == "ParameterList" and move == "append":
                thing.append(library.empty(2) if b % 2 else new(b))
            elif kind == "ParameterList" and move == "extend":
                thing.extend([new(b), new(b)])
            elif kind == "ParameterList" and move == "iadd":
                thing += [new(b)]
            elif kind == "ParameterList" and move == "slice":
                return len(thing[a : a + b])
            elif move == "set":
                thing[key] = library.empty(3) if b % 2 else new(b)
            elif move == "wrong":
                thing[key] = b
            elif move == "get":
                return shape(thing[key])
            elif kind == "ParameterDict" and move == "delete":
                del thing[key]
            elif kind == "ParameterDict" and move == "pop":
                return shape(thing.pop(key))
            elif kind == "ParameterDict" and move == "extend":
                thing.update({"z": new(b), "y": new(b)})
            elif kind == "ParameterDict" and move == "insert":
                return shape(thing.setdefault(key, new(b)))
            elif kind == "ParameterDict" and move == "add":
                thing = thing | type(thing)({"q": new(b)})
            elif kind == "ParameterDict" and move == "length":
                return list(thing.keys()), len(list(thing.values())), [one for one, _ in thing.items()]
            elif move == "length":
                return len(thing)

        log.append(outcome(act))
    return log, state(thing)


def walk_module(library, moves):
    nn = library.nn

    class Thing(nn.Module):
        pass

    thing = Thing()
    names = ["a", "b", "c", "weight", "forward", "x.y", ""]
    log = []
    for move, numbers in moves:
        name, b = names[numbers[0] % len(names)], numbers[1]
        values = [
            lambda: nn.Parameter(library.empty(2)),
            lambda: leaf(nn, b % 4),
            lambda: library.empty(3),
            lambda: None,
            lambda: 5,
            lambda: nn.Buffer(library.empty(4)),
        ]
        value = values[numbers[2] % len(values)]()

        def act():
            if move in ("append", "set", "extend", "insert"):
                setattr(thing, name, value)
            elif move == "slice":
                thing.register_parameter(name, value)
            elif move == "add":
                thing.register_buffer(name, value, persistent=bool(b % 2))
            elif move == "iadd":
                thing.add_module(name, value)
            elif move == "delete":
                delattr(thing, name)
            elif move == "get":
                got = getattr(thing, name)
                return shape(got) if isinstance(got, (torch.Tensor, native_shim.Tensor)) else type(got).__name__
            elif move == "contains":
                return hasattr(thing, name)
            elif move == "pop":
                return shape(thing.get_parameter(name))
            elif move == "length":
                return [one for one, _ in thing.named_parameters()], [one for one, _ in thing.named_buffers()]
            elif move == "times":
                return type(thing.get_submodule(name)).__name__
            elif move == "share":
                thing.shared = getattr(thing, "a", None)

        log.append(outcome(act))
    return log, state(thing)


def walk_norms(library, moves):
    nn = library.nn
    makers = [
        lambda: nn.Linear(3, 4),
        lambda: nn.Conv1d(4, 6, 3, groups=2),
        lambda: nn.ConvTranspose1d(4, 6, 3),
        lambda: nn.Conv2d(2, 3, 3),
        lambda: nn.LSTM(3, 4),
    ]
    thing = makers[moves[0][1][1] % len(makers)]()
    family = [("append", "delete"), ("extend", "pop"), ("add", "times"), ("extend", "iadd")][moves[0][1][0] % 4]
    names = ["weight", "bias", "weight_ih_l0", "nothing"]
    utils = nn.utils
    log = []
    for move, numbers in moves[:6]:
        name, dim = (
            names[numbers[0] % 2 if numbers[1] % 3 else numbers[0] % len(names)],
            [0, 0, 1, -1, None][numbers[2] % 5],
        )

        if move not in ("contains", "length"):
            move = family[0 if dim == 0 else numbers[0] % 2]
        if move in ("add", "iadd"):
            name = "weight"

        def act():
            if move == "append":
                utils.weight_norm(thing, name, dim=dim)
            elif move == "extend":
                utils.parametrizations.weight_norm(thing, name, dim=0 if dim is None else dim)
            elif move == "delete":
                utils.remove_weight_norm(thing, name)
            elif move == "pop":
                utils.parametrize.remove_parametrizations(thing, name)
            elif move == "add":
                utils.spectral_norm(thing, name)
            elif move == "iadd":
                utils.parametrizations.spectral_norm(thing, name)
            elif move == "times":
                utils.remove_spectral_norm(thing, name)
            elif move == "contains":
                return utils.parametrize.is_parametrized(thing, name)
            elif move == "length":
                return shape(getattr(thing, name))

        log.append(outcome(act))
        if log[-1][0] == "raises":
            break
    # Messages show the module itself; their first words are enough.  Once one of the operations has failed half-way,
    # what is left behind is not compared.  What weight_norm on a weight_norm computes is an error of its own, and no
    # case here.
    if log[-1][1] in ("TypeError", "KeyError"):
        raise Skipped
    log = [one if one[0] == "gives" else (one[0], one[1], one[2][:8]) for one in log]
    rows = [row[:2] + (dict(row[2]),) for row in state(thing)]
    return log, "failed" if any(one[0] == "raises" for one in log) else rows


MOVES = "append extend insert set get slice delete pop add iadd length none wrong share times contains".split() + [
    "delete slice"
]


def compare_walks(facts, cases, chance, report):
    walks = [
        ("ModuleList", lambda library, moves: walk_list(library.nn, "ModuleList", moves)),
        ("Sequential", lambda library, moves: walk_list(library.nn, "Sequential", moves)),
        ("ModuleDict", lambda library, moves: walk_dict(library.nn, moves)),
        ("ParameterList", lambda library, moves: walk_parameters(library, "ParameterList", moves)),
        ("ParameterDict", lambda library, moves: walk_parameters(library, "ParameterDict", moves)),
        ("registration", walk_module),
        ("norms", walk_norms),
    ]
    for name, walk in walks:
        for _ in range(cases):
            moves = [
                (chance.choice(MOVES), [chance.randrange(0, 6), chance.randrange(0, 4), chance.randrange(0, 4)])
                for _ in range(8)
            ]
            moves[0] = (moves[0][0], [chance.randrange(0, 4) for _ in range(3)])
            with torch.device("meta"):
                real = outcome(lambda: walk(torch, moves))
            report(name, moves, real, outcome(lambda: walk(facts, moves)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("classes", nargs="*")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="differences shown for one class")
    args = parser.parse_args()

    loader = lazy_python.Loader("/nonexistent", native_shim)
    facts = loader.import_module("torch")
    counts = collections.Counter()
    shown = collections.Counter()
    sorts = collections.Counter()

    def report(name, case, real, ours):
        if real[1] == "Skipped":
            return
        counts[name] += 1
        sorts[real[0]] += 1
        if same(real, ours):
            return
        shown[name] += 1
        if shown[name] <= args.show:
            print(f"{name} {case}\n  torch: {str(real)[:600]}\n  facts: {str(ours)[:600]}")

    chance = random.Random(args.seed)
    compare_classes(facts, args.classes, args.cases, chance, report)
    if not args.classes:
        compare_walks(facts, args.cases * 3, chance, report)
    total, wrong = sum(counts.values()), sum(shown.values())
    print(
        f"{total} cases of {len(counts)} classes and walks ({dict(sorts)}): {wrong} differ "
        f"{dict(shown) if wrong else ''}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
