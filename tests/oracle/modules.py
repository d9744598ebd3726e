"""What the oracle scripts share: which classes a release makes public, how one is built, how its tree is written.

Runs inside an environment made by setup.sh. Everything is built on the meta device: shapes without memory.
"""

import ast
import concurrent.futures
import contextlib
import copy
import gc
import importlib
import io
import json
import logging
import lzma
import os
import pathlib
import signal
import warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("DS_ACCELERATOR", "cpu")
warnings.filterwarnings("ignore")
logging.captureWarnings(True)

import torch  # noqa: E402  (the environment above must be set first)
import transformers  # noqa: E402
from torch.utils.weak import WeakTensorKeyDictionary  # noqa: E402
from transformers.modeling_utils import PreTrainedModel  # noqa: E402

torch.set_num_threads(1)

# The models that the product's tests compare in full; the rest of a release is compared by running trees.py on it.
TYPES = (
    "mixtral qwen2_moe qwen3_moe deepseek_v2 deepseek_v3 llama olmoe gpt_oss glm4_moe jamba phimoe "
    "switch_transformers gemma2 bert t5 vit"
).split()

MESSAGE = 160  # characters of an exception's message that are kept


def modeling_files(types=None):
    """The Python module of every modeling file of the installed transformers, sorted; of some model types only."""
    root = pathlib.Path(transformers.__file__).parent
    for path in sorted(root.glob("models/**/modeling_*.py")):
        if path.stem.startswith(("modeling_tf_", "modeling_flax_")):
            continue
        parts = path.relative_to(root).with_suffix("").parts
        if types is None or parts[1] in types:
            yield ".".join(("transformers", *parts))


def named_classes(module):
    """The names that a modeling file exports: its __all__, else every class that it defines."""
    path = pathlib.Path(transformers.__file__).parent.joinpath(*module.split(".")[1:]).with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", None) == "__all__" for t in node.targets):
            return list(ast.literal_eval(node.value))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def architectures(module):
    """The public models of a modeling file: PreTrainedModel subclasses defined in it that are not abstract bases."""
    loaded = importlib.import_module(module)
    for name in sorted(set(named_classes(module))):
        cls = getattr(loaded, name, None)
        if not isinstance(cls, type) or not issubclass(cls, PreTrainedModel):
            continue
        if name.endswith("PreTrainedModel") or cls.__module__ != module or cls.config_class is None:
            continue
        yield cls


@contextlib.contextmanager
def parameters_on_meta():
    """Moves every parameter to the meta device as it is registered, as from_pretrained of the 4.x releases does it.

    A parameter that is registered twice stays one.
    """
    register = torch.nn.Module.register_parameter
    moved = WeakTensorKeyDictionary()  # what a parameter became, as long as somebody still has it

    def register_moved(module, name, param):
        register(module, name, param)
        if param is None or param.is_meta:
            return
        if param not in moved:
            moved[param] = torch.nn.Parameter(param.data.to("meta"), requires_grad=param.requires_grad)
            moved[param].__class__ = type(param)
        module._parameters[name] = moved[param]

    torch.nn.Module.register_parameter = register_moved
    try:
        yield
    finally:
        torch.nn.Module.register_parameter = register


def on_meta(make):
    """Build a model without memory for its weights.

    A few constructors read a tensor's value, which the meta device refuses; they are built again with only their
    parameters there.
    """
    try:
        with torch.device("meta"):
            return make()
    except (NotImplementedError, RuntimeError) as error:
        if "meta tensor" not in str(error):
            raise
    with parameters_on_meta():
        return make()


def as_from_pretrained(cls, config):
    """Build a (small) model as from_pretrained does it: its weights are not initialised.

    The 4.x releases move every parameter to the meta device as it is registered, which unties what constructors share;
    under ZeRO-3 they do not, so neither does this.  Later ones do it on the meta device as a whole, where whether weights
    are tied is left to the constructors (which do not do it in 5.0.0).
    """
    if not transformers.__version__.startswith("4."):
        return on_meta(lambda: cls(copy.deepcopy(config)))
    from transformers.modeling_utils import no_init_weights

    with no_init_weights():
        model = cls(copy.deepcopy(config))
    model.tie_weights()
    return model


def tree(model, cls=None):
    """One line of a golden file: what named_modules() says, and the parameters each module owns itself."""
    cls = cls or type(model)
    modules = []
    for name, module in model.named_modules():
        own = {n: list(p.shape) for n, p in module.named_parameters(recurse=False)}
        kind = type(module)
        modules.append([name, f"{kind.__module__}.{kind.__qualname__}", own])
    return {
        "architecture": cls.__name__,
        "module": cls.__module__,
        "params": sum(p.numel() for p in model.parameters()),
        "modules": modules,
    }


def raised(error, hide=""):
    """An exception as it is recorded: its type and the start of its message, on one line, without what is to be hidden."""
    message = str(error).replace(hide, "") if hide else str(error)
    return {"type": type(error).__name__, "message": message.strip().replace("\n", " ")[:MESSAGE]}


def dump(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def read_lines(path):
    path = str(path)
    with lzma.open(path, "rt") if path.endswith(".xz") else open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def write_lines(path, lines):
    """Write JSON values a line each; .xz is compressed, always to the same bytes for the same lines."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xz":
        raw = lzma.open(path, "wb", preset=9 | lzma.PRESET_EXTREME)
    else:
        raw = open(path, "wb")
    with io.TextIOWrapper(raw, encoding="utf-8", newline="\n") as out:
        for line in lines:
            out.write(dump(line) + "\n")


def in_child(work, seconds):
    """Run work() in a forked child and return its result (a JSON value).

    A child that crashes, or takes longer than it may, raises RuntimeError here and costs nothing else.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reader)
            signal.alarm(seconds)
            result = dump(work()).encode()
            with os.fdopen(writer, "wb") as out:
                out.write(result)
            code = 0
        except BaseException as error:  # the child must end here whatever happens
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as answers:
        data = answers.read()
    _, status = os.waitpid(pid, 0)
    if status != 0:
        raise RuntimeError(f"child ended with status {status:#x}")
    return json.loads(data)


def _write_part(name, record, path):
    problems = []
    made = path.with_suffix(".making")
    with open(made, "w", encoding="utf-8") as out:
        for line in record(name, problems):
            out.write(dump(line) + "\n")
    made.rename(path)
    return problems


def _part_in_child(name, record, path):
    """A modeling file's imports must not pile up, nor its failures spread."""
    gc.freeze()
    try:
        return in_child(lambda: _write_part(name, record, path), 7200)
    except RuntimeError as error:
        return [f"{name}: {error}"]


def record_parts(names, record, folder, jobs):
    """What record(name, problems) yields for every name, in a file for each; returns the problems.

    Files that the folder has already are not made again, so what was interrupted goes on where it was.
    """
    paths = {name: pathlib.Path(folder, name + ".jsonl") for name in names}
    # Threads, each waiting for a forked child, would fork a process that has threads; worker processes do not.
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        work = [pool.submit(_part_in_child, name, record, path) for name, path in paths.items() if not path.exists()]
        return [problem for done in work for problem in done.result()]


def read_parts(names, folder):
    for name in names:
        path = pathlib.Path(folder, name + ".jsonl")
        if path.exists():
            yield from read_lines(path)
