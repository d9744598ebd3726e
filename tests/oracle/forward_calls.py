"""What `leaflint check` states of a module's forward, beside one forward pass of real torch.

Builds small models of the installed transformers, runs them forward in training mode with hooks on every module, and lints one
config per module that holds parameters, with a leaf on it by name.  A statement is false when the module was called and
was not seen to do it; false statements make the exit status 1.  What happened and is not stated is counted only:
leaflint states what is certain.

    VENV/bin/python tests/oracle/forward_calls.py LEAFLINT SOURCES [ARCHITECTURE...]
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

import torch  # noqa: E402
import transformers  # noqa: E402

ARCHITECTURES = """
    MixtralForCausalLM Qwen2MoeForCausalLM LlamaForCausalLM SwitchTransformersForConditionalGeneration
    T5ForConditionalGeneration GPT2LMHeadModel BertForMaskedLM ViTForImageClassification OPTForCausalLM AlbertForMaskedLM
    BartForConditionalGeneration PhimoeForCausalLM MistralForCausalLM GemmaForCausalLM Gemma2ForCausalLM Qwen2ForCausalLM
    FalconForCausalLM GPTNeoXForCausalLM Phi3ForCausalLM CohereForCausalLM OlmoeForCausalLM RobertaForMaskedLM
    ElectraForMaskedLM DistilBertForMaskedLM DebertaV2ForMaskedLM MBartForConditionalGeneration
    PegasusXForConditionalGeneration GPTJForCausalLM BloomForCausalLM StableLmForCausalLM GraniteMoeForCausalLM
    JetMoeForCausalLM MiniMaxForCausalLM Glm4MoeForCausalLM GptOssForCausalLM DeiTForImageClassification
    BeitForImageClassification XGLMForCausalLM M2M100ForConditionalGeneration BlenderbotForConditionalGeneration
    MPNetForMaskedLM LongformerForMaskedLM FunnelForMaskedLM XLNetLMHeadModel NllbMoeForConditionalGeneration
    UMT5ForConditionalGeneration Starcoder2ForCausalLM PersimmonForCausalLM RobertaPreLayerNormForMaskedLM
    MobileBertForMaskedLM ErnieForMaskedLM LEDForConditionalGeneration ProphetNetForConditionalGeneration IBertForMaskedLM
""".split()
# What a configuration has of these is set, so that the model is small, and its routers change their input.
SMALL = {
    "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2,
    "vocab_size": 64, "head_dim": 16, "max_position_embeddings": 64, "pad_token_id": 0, "bos_token_id": 1,
    "eos_token_id": 2, "num_experts": 4, "num_local_experts": 4, "n_routed_experts": 4, "num_experts_per_tok": 2,
    "moe_intermediate_size": 16, "shared_expert_intermediate_size": 16, "n_group": 1, "topk_group": 1,
    "first_k_dense_replace": 1, "d_model": 32, "d_ff": 48, "d_kv": 16, "num_layers": 2, "num_decoder_layers": 2,
    "num_heads": 2, "encoder_layers": 2, "decoder_layers": 2, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48,
    "encoder_attention_heads": 2, "decoder_attention_heads": 2, "n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 64,
    "ffn_dim": 48, "word_embed_proj_dim": 32, "embedding_size": 16, "decoder_start_token_id": 0, "image_size": 32,
    "patch_size": 8, "num_channels": 3, "dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 48,
    "router_jitter_noise": 0.1, "input_jitter_noise": 0.1, "rotary_dim": 8, "ffn_hidden_size": 48, "multi_query": False,
    "encoder_layerdrop": 0.0, "decoder_layerdrop": 0.0, "layerdrop": 0.0,
}
CHANGES, DICT, WITHOUT, TWICE = "inplace-leaf-input", "leaf-returns-dict", "leaf-without-grad-input", "leaf-called-twice"


def build(architecture):
    cls = getattr(transformers, architecture)
    values = cls.config_class().to_dict()
    changed = {name: value for name, value in SMALL.items() if name in values}
    torch.manual_seed(0)
    return cls(cls.config_class(**changed)).train(), changed


def batch_of(model):
    if type(model).main_input_name == "pixel_values":
        return {"pixel_values": torch.randn(2, 3, 32, 32), "labels": torch.tensor([0, 1])}
    ids = torch.randint(3, 60, (2, 8))
    return {"input_ids": ids, "labels": ids.clone()}


def watch(model):
    """Name of each module that is called -> what it was seen to do, filled in by the next forward pass."""
    seen = collections.defaultdict(lambda: {"calls": 0, "dict": True, "grad": False, "changed": False})

    def before(name):
        def hook(_, arguments, _keywords):
            row = seen[name]
            row["calls"] += 1
            tensors = [value for value in arguments if isinstance(value, torch.Tensor)]
            row["grad"] |= any(tensor.requires_grad for tensor in tensors)
            row["versions"] = [(tensor, tensor._version) for tensor in tensors]
        return hook

    def after(name):
        def hook(_, _arguments, _keywords, output):
            row = seen[name]
            row["dict"] &= isinstance(output, dict)
            row["changed"] |= any(tensor._version != version for tensor, version in row.pop("versions", ()))
        return hook

    for name, module in model.named_modules():
        module.register_forward_pre_hook(before(name), with_kwargs=True)
        module.register_forward_hook(after(name), with_kwargs=True)
    return seen


def happened(row):
    found = set()
    if row["changed"]:
        found.add(CHANGES)
    if row["dict"]:
        found.add(DICT)
    elif not row["grad"]:
        found.add(WITHOUT)
    if row["calls"] > 1:
        found.add(TWICE)
    return found


def stated(leaflint, sources, architecture, model_type, config, names):
    """Module -> the rules that speak of a leaf on it."""
    rules = collections.defaultdict(set)
    with tempfile.TemporaryDirectory() as folder:
        config = {**config, "architectures": [architecture], "model_type": model_type}
        pathlib.Path(folder, "config.json").write_text(json.dumps(config))
        files = {}
        for number, name in enumerate(names):
            path = pathlib.Path(folder, f"{number}-ds.json")
            leaf = {"classes": [], "names": [name]}
            path.write_text(json.dumps({"zero_optimization": {"stage": 3, "leaf_module": leaf}}))
            files[str(path)] = name
        done = subprocess.run([leaflint, "check", "--model", folder, "--sources", sources, "--output-format", "json", *files],
                              capture_output=True, text=True, check=False)
        for finding in json.loads(done.stdout)["diagnostics"]:
            if finding["rule"] in (CHANGES, DICT, WITHOUT, TWICE):
                rules[files[finding["path"]]].add(finding["rule"])
    return rules


def main():
    leaflint, sources, wanted = sys.argv[1], sys.argv[2], sys.argv[3:] or ARCHITECTURES
    counts = collections.Counter()
    for architecture in wanted:
        try:
            model, config = build(architecture)
            seen = watch(model)
            model(**batch_of(model))
        except Exception as error:  # too small for it, or another batch is wanted
            print(f"{architecture}: left out, {type(error).__name__}: {str(error)[:80]}")
            continue
        names = [name for name, module in model.named_modules() if name and next(module.parameters(), None) is not None]
        said = stated(leaflint, sources, architecture, model.config.model_type, config, names)
        counts["architectures"] += 1
        for name in names:
            found = happened(seen[name]) if name in seen else set()
            for rule in said[name]:
                verdict = "never called" if name not in seen else "true" if rule in found else "FALSE"
                counts[f"{rule}: {verdict}"] += 1
                if verdict != "true":
                    print(f"{architecture} {name}: {rule} is stated: {verdict}")
            for rule in found - said[name]:
                counts[f"{rule}: not stated"] += 1
    for name, number in sorted(counts.items()):
        print(f"{number:6} {name}")
    return any("FALSE" in name for name in counts)


if __name__ == "__main__":
    sys.exit(main())
