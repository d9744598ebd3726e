"""The models and the DeepSpeed configurations that deepspeed_leaves.py runs: entries right and wrong in every way."""

import importlib
import json
import random

import config_cases

# For each type: the class people train with its small base, and a second one whose layers differ.
MODELS = {
    "mixtral": [("MixtralForCausalLM", {"num_hidden_layers": 2}), ("MixtralModel", {"num_local_experts": 2})],
    "qwen2_moe": [
        ("Qwen2MoeForCausalLM", {"num_hidden_layers": 2}),
        ("Qwen2MoeForSequenceClassification", {"mlp_only_layers": [1], "num_labels": 3}),
    ],
    "qwen3_moe": [
        ("Qwen3MoeForCausalLM", {"num_hidden_layers": 2}),
        ("Qwen3MoeForCausalLM", {"decoder_sparse_step": 2, "num_hidden_layers": 4}),
    ],
    "deepseek_v2": [
        ("DeepseekV2ForCausalLM", {"num_hidden_layers": 2}),
        ("DeepseekV2ForCausalLM", {"first_k_dense_replace": 2, "num_hidden_layers": 3}),
    ],
    "deepseek_v3": [
        ("DeepseekV3ForCausalLM", {"num_hidden_layers": 3}),
        ("DeepseekV3Model", {"first_k_dense_replace": 0, "num_hidden_layers": 2}),
    ],
    "llama": [("LlamaForCausalLM", {}), ("LlamaForSequenceClassification", {"num_labels": 4})],
    "olmoe": [("OlmoeForCausalLM", {"num_hidden_layers": 2}), ("OlmoeModel", {"num_experts": 2})],
    "gpt_oss": [("GptOssForCausalLM", {}), ("GptOssForTokenClassification", {"num_hidden_layers": 2})],
    "glm4_moe": [
        ("Glm4MoeForCausalLM", {"num_hidden_layers": 2}),
        ("Glm4MoeModel", {"first_k_dense_replace": 2, "use_qk_norm": True}),
    ],
    "jamba": [("JambaForCausalLM", {}), ("JambaForSequenceClassification", {"num_experts": 1})],
    "phimoe": [("PhimoeForCausalLM", {"num_hidden_layers": 2}), ("PhimoeModel", {"num_local_experts": 2})],
    "switch_transformers": [
        ("SwitchTransformersForConditionalGeneration", {}),
        ("SwitchTransformersEncoderModel", {"num_sparse_encoder_layers": 1, "num_layers": 2}),
    ],
    "gemma2": [("Gemma2ForCausalLM", {"num_hidden_layers": 2}), ("Gemma2Model", {})],
    "bert": [
        ("BertForMaskedLM", {}),
        ("BertLMHeadModel", {"is_decoder": True, "add_cross_attention": True, "num_hidden_layers": 1}),
    ],
    "t5": [("T5ForConditionalGeneration", {}), ("T5EncoderModel", {"feed_forward_proj": "gated-gelu"})],
    "vit": [("ViTForImageClassification", {}), ("ViTModel", {"num_hidden_layers": 3})],
}

# Blocks that people's tables name, whatever the release; the defaults of DeepSpeed among them.
WELL_KNOWN = [
    "MixtralSparseMoeBlock", "Qwen2MoeSparseMoeBlock", "Qwen3MoeSparseMoeBlock", "DeepseekV2MoE", "DeepseekV2Moe",
    "DeepseekV3MoE", "Glm4MoeMoE", "JambaSparseMoeBlock", "PhimoeSparseMoeBlock", "OlmoeSparseMoeBlock", "GptOssMLP",
    "SwitchTransformersSparseMLP", "SwitchTransformersExperts", "LLaMADecoderLayer", "LlamaDecoderLayer",
    "transformers.models.mixtral.modeling_mixtral.MixtralSparseMoeBlock",
    "transformers.models.qwen2_moe.modeling_qwen2_moe.Qwen2MoeSparseMoeBlock",
    "transformers.models.qwen3_moe.modeling_qwen3_moe.Qwen3MoeSparseMoeBlock",
    "transformers.models.deepseek_v3.modeling_deepseek_v3.DeepseekV3MoE",
]


def models():
    """(name, config.json content) of every model."""
    for model_type, variants in MODELS.items():
        for number, (architecture, change) in enumerate(variants, 1):
            config = {"architectures": [architecture], "model_type": model_type}
            config.update(config_cases.BASES[model_type])
            config.update(change)
            yield f"{model_type}-{number}", config


class Entries:
    """Draws entries for one model: some that match, and all the ways of missing that people find."""

    def __init__(self, rng, model):
        self.rng = rng
        named = list(model.named_modules())
        self.names = [name for name, _ in named if name]
        self.kinds = list(dict.fromkeys(type(module) for _, module in named))
        bases = {base for kind in self.kinds for base in kind.__mro__[1:] if base is not object}
        self.bases = sorted((b for b in bases if b not in self.kinds), key=lambda b: (b.__module__, b.__qualname__))
        home = importlib.import_module(type(model).__module__)
        self.unused = sorted(
            n for n, c in vars(home).items()
            if isinstance(c, type) and c.__module__ == home.__name__ and c not in self.kinds
        )
        self.parameters = [name for name, _ in model.named_parameters()]
        # What matters to leaves is blocks, so they are drawn more often than single projections.
        self.blocks = [n for n in self.names if n.rsplit(".", 1)[-1] in
                       ("mlp", "moe", "block_sparse_moe", "feed_forward", "experts", "self_attn", "layers", "gate",
                        "shared_experts", "shared_expert", "router", "encoder", "decoder", "attention")] or self.names

    def one_class(self):
        rng, kind = self.rng, self.rng.choice(self.kinds)
        name = kind.__name__
        qualified = f"{kind.__module__}.{kind.__qualname__}"
        ways = [
            lambda: name,
            lambda: name,
            lambda: name,
            lambda: qualified,
            lambda: qualified,
            lambda: rng.choice(WELL_KNOWN),
            lambda: rng.choice(WELL_KNOWN),
            lambda: rng.choice(self.unused) if self.unused else "Unused",
            lambda: rng.choice(self.bases).__name__,
            lambda: "{0.__module__}.{0.__qualname__}".format(rng.choice(self.bases)),
            lambda: rng.choice([name.lower(), name.upper(), name.swapcase(), name[0].lower() + name[1:]]),
            lambda: rng.choice([qualified.lower(), qualified.replace("transformers.", "Transformers.")]),
            lambda: rng.choice([" " + name, name + " ", "\t" + name, qualified + " ", name + "\n"]),
            lambda: rng.choice([name + "*", "*" + name, name[:-1], name + "s", name + "Layer", "." + name]),
            lambda: rng.choice([".".join(qualified.split(".")[i:]) for i in range(1, qualified.count(".") + 1)]),
            lambda: qualified.replace("torch.nn.modules.", "torch.nn.").replace("transformers.models.", "models."),
            lambda: "torch.nn." + name,
            lambda: "transformers." + name,
            lambda: f"custom.modeling.{name}",
            lambda: f"<class '{qualified}'>",
            lambda: rng.choice(["", "auto", "all", "None", "Module", "torch.nn.modules.module.Module"]),
            lambda: rng.choice(self.names),
            lambda: f"{name},{rng.choice(self.kinds).__name__}",
            lambda: rng.choice(["Mixtr\u0430lSparseMoeBlock", "ModuleList\u200b", "\u202eModuleList"]),
        ]
        return rng.choice(ways)()

    def one_name(self):
        rng = self.rng
        name = rng.choice(self.blocks if rng.random() < 0.5 else self.names)
        first = name.split(".")[0]
        digits = [part for part in name.split(".") if part.isdigit()]
        beyond = name
        if digits:
            beyond = ".".join(str(rng.choice([7, 32, 100])) if p.isdigit() else p for p in name.split("."))
        ways = [
            lambda: name,
            lambda: name,
            lambda: name,
            lambda: name,
            lambda: beyond,
            lambda: ".".join("-1" if p.isdigit() else p for p in name.split(".")),
            lambda: ".".join("0" + p if p.isdigit() else p for p in name.split(".")),
            lambda: rng.choice(["module.", "base_model.model.", "_fsdp_wrapped_module.", "model.", "_orig_mod.",
                                "transformer."]) + name,
            lambda: name[len(first) + 1:] or name,
            lambda: rng.choice([" " + name, name + " ", name + ".", "." + name, name.replace(".", "..")]),
            lambda: rng.choice([name.upper(), name.title(), name.replace(".", "/"), name.replace("_", "-")]),
            lambda: ".".join("*" if p.isdigit() else p for p in name.split(".")),
            lambda: ".".join(f"[{p}]" if p.isdigit() else p for p in name.split(".")),
            lambda: rng.choice(self.parameters),
            lambda: rng.choice(["", "auto", "*", "root", ".", first]),
            lambda: rng.choice(["model.layers.0.block_sparse_moe", "model.layers.0.mlp.experts", "model.layers.0.mlp",
                                "model.layers.1.feed_forward", "encoder.layer.0.attention",
                                "encoder.block.1.layer.1.mlp"]),
            lambda: rng.choice(self.kinds).__name__,
        ]
        return rng.choice(ways)()

    def one_suffix(self):
        rng = self.rng
        name = rng.choice(self.blocks if rng.random() < 0.6 else self.names)
        parts = name.split(".")
        last = parts[-1]
        ways = [
            lambda: last,
            lambda: last,
            lambda: last,
            lambda: "." + last,
            lambda: ".".join(parts[-2:]),
            lambda: ".".join(parts[-3:]),
            lambda: name,
            lambda: last[1:],
            lambda: last[len(last) // 2:],
            lambda: last[-1:],
            lambda: rng.choice(["experts", "mlp", "moe", "proj", "_proj", "norm", "attn", "ffn", "0", ".0", "1",
                                "layer"]),
            lambda: rng.choice([last + " ", " " + last, last + ".", last.upper(), last.capitalize()]),
            lambda: rng.choice(["no_such_suffix", "block_sparse_moe", ".block_sparse_moe", "weight", ".bias", "*mlp",
                                "mlp$", ".*", "auto"]),
            lambda: rng.choice(["", "."]),
            lambda: rng.choice(self.parameters),
            lambda: rng.choice(self.kinds).__name__,
        ]
        return rng.choice(ways)()


def _field(rng, draw):
    """A field's value: mostly a list of one to four entries, now and then every other thing people write."""
    roll = rng.random()
    if roll < 0.05:
        return []
    if roll < 0.13:
        return draw()  # a bare string
    if roll < 0.155:
        return "auto"
    if roll < 0.21:
        return rng.choice([None, 3, 2.5, True, False, {}, {"a": 1}, [3], [None], [["nested"]], [True], [1.5], [{}],
                           ["good", 7], [None, "x"], "", {"0": "x"}])
    entries = [draw() for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4]))]
    if rng.random() < 0.12:
        entries.append(rng.choice(entries))
    return entries


def _leaf_module(rng, entries):
    roll = rng.random()
    if roll < 0.02:
        return rng.choice([None, {}, "auto"])
    if roll < 0.05:
        return rng.choice([[], ["MixtralSparseMoeBlock"], "MixtralSparseMoeBlock", True, False, 3, 0, ""])
    leaf = {}
    fields = rng.choice([("classes",), ("classes",), ("names",), ("name_suffixes",), ("classes", "names"),
                         ("names", "name_suffixes"), ("classes", "name_suffixes"),
                         ("classes", "names", "name_suffixes"), ("name_suffixes", "names", "classes")])
    draws = {"classes": entries.one_class, "names": entries.one_name, "name_suffixes": entries.one_suffix}
    for field in fields:
        leaf[field] = _field(rng, draws[field])
    if rng.random() < 0.04:
        value = rng.choice([["MixtralSparseMoeBlock"], True, "auto", None])
        leaf[rng.choice(["class", "class_names", "suffixes", "name_suffix", "enabled", "Classes", "modules"])] = value
    return leaf


def _zero(rng, leaf):
    zero = {}
    stage = rng.choice([3] * 16 + [2, 1, 0, "3", "auto", None, 4, True])
    if stage is not None:
        zero["stage"] = stage
    extras = {
        "overlap_comm": True,
        "contiguous_gradients": rng.choice([True, "auto"]),
        "reduce_bucket_size": rng.choice([500000000, "auto", 5e8]),
        "stage3_prefetch_bucket_size": rng.choice([5e7, "auto", 50000000]),
        "stage3_param_persistence_threshold": "auto",
        "stage3_max_live_parameters": 1e9,
        "stage3_gather_16bit_weights_on_model_save": True,
        "offload_optimizer": {"device": "cpu", "pin_memory": True},
        "offload_param": {"device": "none"},
        "sub_group_size": 1e9,
    }
    for key in rng.sample(sorted(extras), rng.randint(0, 4)):
        zero[key] = extras[key]
    if rng.random() < 0.02:
        zero[rng.choice(["leaf_modules", "leaf", "stage3_leaf", "moe_leaf_modules"])] = leaf
    zero["leaf_module"] = leaf
    if rng.random() < 0.3:  # not always last
        zero["round_robin_gradients"] = False
    if rng.random() < 0.03:
        del zero["leaf_module"]
    return zero


def _as_hjson(rng, config):
    """The same configuration as people write it for DeepSpeed's own loader."""
    text = json.dumps(config, indent=2, ensure_ascii=False)
    lines = text.split("\n")
    out = []
    for line in lines:
        if rng.random() < 0.12:
            indent = line[: len(line) - len(line.lstrip())]
            out.append(indent + rng.choice(["// a comment", "# a comment", "/* a comment */"]))
        if line.lstrip().startswith('"') and '": ' in line and rng.random() < 0.4:
            key, rest = line.split('": ', 1)
            line = key.replace('"', "", 1) + ": " + rest
        if rng.random() < 0.1 and line.rstrip().endswith(('"', "true", "]", "}")) and line != "}":
            line += ","
        if rng.random() < 0.1 and line.endswith('",') and '"' not in line.strip()[1:-2]:
            line = line.replace('"', "'")
        out.append(line)
    return "\n".join(out)


def _text(rng, config):
    roll = rng.random()
    if roll < 0.55:
        text = json.dumps(config, indent=rng.choice([2, 4]), ensure_ascii=rng.random() < 0.5)
    elif roll < 0.7:
        text = json.dumps(config, indent="\t")
    elif roll < 0.8:
        text = json.dumps(config, separators=(",", ":"))
    elif roll < 0.86:
        text = json.dumps(config, indent=2).replace("\n", "\r\n")
    elif roll < 0.985:
        return _as_hjson(rng, config)
    else:
        text = json.dumps(config, indent=2)
        place = rng.randrange(1, len(text))
        return text[:place]  # cut off
    return text + rng.choice(["\n", ""])


def configs(key, model, count):
    """The texts of a model's DeepSpeed configurations, the same ones every time."""
    rng = random.Random(f"leaf configs of {key}")
    entries = Entries(rng, model)
    for number in range(count):
        leaf = _leaf_module(rng, entries)
        config = {"train_micro_batch_size_per_gpu": 1}
        if rng.random() < 0.3:
            config["bf16"] = {"enabled": True}
        roll = rng.random()
        if roll < 0.02:
            config["zero_optimization"] = rng.choice([True, False, {}])
        elif roll < 0.03:
            config["zero_optimization"] = rng.choice([None, 3, [], "auto"])
        elif roll < 0.06:
            config["leaf_module"] = leaf  # misplaced: nobody reads it there
            config["zero_optimization"] = {"stage": 3}
        elif roll < 0.07:
            config["leaf_module"] = leaf
        else:
            config["zero_optimization"] = _zero(rng, leaf)
        text = _text(rng, config)
        if number % 29 == 28:  # a key twice
            text = json.dumps(config, indent=2).replace('"train_micro', '"bf16": {},\n  "bf16": {},\n  "train_micro', 1)
        elif number % 31 == 30 and isinstance(leaf, dict) and "classes" in leaf:
            text = json.dumps(config, indent=2).replace('"classes": ', '"classes": [],\n      "classes": ', 1)
        yield text
