#!/usr/bin/env python3
"""Record what DeepSpeed's validation makes of `zero_optimization`: values of every kind for every key.

usage: zero_texts.py --out cases.jsonl

Each text is read as DeepSpeedConfig reads a file, up to and with the validation of the section. A line is
    {"text": the file, "raises": the type of what was raised, or null,
     "stage", "classes", "names", "name_suffixes": what DeepSpeed then has (null for the default classes)}
Needs hjson and DeepSpeed.
"""

import argparse
import contextlib
import io
import json
import random

import hjson

with contextlib.redirect_stdout(io.StringIO()):
    from deepspeed.runtime.config import _reject_removed_config_keys
    from deepspeed.runtime.config_utils import dict_raise_error_on_duplicate_keys
    from deepspeed.runtime.zenflow.zenflow_config import ZenFlowConfig
    from deepspeed.runtime.zero.config import DeepSpeedZeroConfig, get_zero_config
    from deepspeed.runtime.zero.leaf_module_config import DEFAULT_LEAF_MODULE_CLASSES
    from deepspeed.runtime.zero.offload_config import (
        DeepSpeedZeroOffloadOptimizerConfig,
        DeepSpeedZeroOffloadParamConfig,
    )

SECTIONS = {
    "offload_param": DeepSpeedZeroOffloadParamConfig,
    "offload_optimizer": DeepSpeedZeroOffloadOptimizerConfig,
    "zenflow": ZenFlowConfig,
}

# Values that pydantic may take for something else, as they stand in a file.
VALUES = [
    "null", "true", "false", "0", "1", "2", "3", "4", "-1", "0.5", "1.5", "3.0", "5e8", "1e10", "9.2e18", "1e19",
    "-1e10", "1" + "0" * 30, "[]", "{}", "[3]", '{"a": 1}', '"auto"', '"AUTO"', '""', '"x"', '"3"', '" 3 "', '"3.0"',
    '"3."', '"3.5"', '"+3"', '"-3"', '"- 3"', '"03"', '"0_3"', '"0__3"', '"0_"', '"3_"', '"1_000"', '"1__0"', '"3e0"',
    '"0x3"', '"\\u00a03"', '"\\u001c3"', '"0.5"', '".5"', '"5."', '"nan"', '"-inf"', '"1e-1"', '"0.5_0"', '"_1"',
    '"true"', '"YES"', '"Off"', '" true"', '"t"', '"n"', '"2"', '"cpu"', '"CPU"', '"nvme"', '"none"', '"step"',
]

LEAF_MODULES = [
    "{}", "null", '"auto"', '"x"', "[]", '["A"]', "true", "3", '{"classes": "auto"}', '{"classes": null}',
    '{"classes": true}', '{"classes": 3}', '{"classes": {}}', '{"classes": "A"}', '{"classes": ""}', '{"classes": []}',
    '{"classes": ["A", 3]}', '{"classes": [null]}', '{"classes": [["A"]]}', '{"classes": ["auto"]}',
    '{"classes": ["A", "B", "A", "a"]}', '{"names": ["x", "x"], "name_suffixes": ["x"]}', '{"names": "model"}',
    '{"name_suffixes": ["\\u00e9", "\u00e9", "\\ud83d\\ude00"]}', '{"class": ["A"]}', '{"class": "auto"}',
    '{"leaf_modules": {}}', '{"strict": true, "classes": "auto"}', '{"strict": 0, "classes": "auto"}', '{"strict": []}',
    '{"self": 1}', '{"self": "auto"}', '{"replace_method": "auto"}', '{"Classes": ["A"]}', '{"classes": ["A"], "x": 1}',
]

SECTIONS_AS_A_WHOLE = [
    "null", "true", "false", "3", '"auto"', '"x"', "[]", "[1]", "{}", '{"strict": true, "stage": "auto"}',
    '{"strict": true, "x": "auto"}', '{"x": "auto"}', '{"replace_method": "auto"}', '{"self": 1}',
    '{"stage": 3, "stage": 3}',
    '{"prefetch_bucket_size": 1, "stage3_prefetch_bucket_size": 2}',
    '{"prefetch_bucket_size": "auto", "stage3_prefetch_bucket_size": 2}',
    '{"cpu_offload": true}', '{"cpu_offload": true, "offload_optimizer": {}}',
    '{"cpu_offload": "auto", "offload_optimizer": {}}', '{"cpu_offload_param": null, "offload_param": null}',
    '{"cpu_offload_use_pin_memory": true, "offload_param": {}}',
    '{"stage3_gather_fp16_weights_on_model_save": true}',
    '{"stage3_gather_fp16_weights_on_model_save": true, "stage3_gather_16bit_weights_on_model_save": true}',
    '{"stage3_gather_fp16_weights_on_model_save": true, "gather_16bit_weights_on_model_save": false}',
    '{"mics_shard_size": 1}', '{"mics_shard_size": "auto"}', '{"mics_hierarchical_params_gather": true}',
    '{"zeropp_loco_param": {}}', '{"compute_grad_norm": false}', '{"compute_grad_norm": false, "stage": 1}',
    '{"compute_grad_norm": "no", "stage": "2"}', '{"compute_grad_norm": false, "stage": 3}',
    '{"offload_optimizer": {"ratio": 0.5}}', '{"offload_optimizer": {"ratio": 0.5}, "stage": 3}',
    '{"offload_optimizer": {"ratio": "0.5"}, "stage": 2}', '{"offload_param": {"leaf_module": {}}}',
]

TOP = [
    "{}", '{"leaf_module": {"classes": ["A"]}}', '{"zero_optimisation": {"stage": 9}}', '{"x": 1, "zero_optimization": {}}',
    '{"amp": {}, "zero_optimization": {}}', '{"elasticity": "auto"}', '{"nebula": null}', '{"curriculum_learning": {}}',
    '{"a": 1, "a": 2}', "zero_optimization: {stage: 3\nleaf_module: {classes: A\n}}",
    "{zero_optimization: {stage: 3, leaf_module: {classes: Blk,\n names: ['a' 'b',]}}} # c",
]


def texts():
    yield from TOP
    for section in SECTIONS_AS_A_WHOLE:
        yield '{"zero_optimization": %s}' % section
    for leaf_module in LEAF_MODULES:
        yield '{"zero_optimization": {"stage": 3, "leaf_module": %s}}' % leaf_module
    for value in VALUES:
        yield '{"zero_optimization": {"stage": %s, "leaf_module": {"names": ["x"]}}}' % value
    # Of each kind of key, one with every value; of the others, some.
    rng = random.Random("zero texts")
    whole = {"overlap_comm", "reduce_scatter", "reduce_bucket_size", "sub_group_size", "offload_param", "zenflow"}
    for name, field in DeepSpeedZeroConfig.model_fields.items():
        if name in ("stage", "leaf_module"):
            continue
        for key in [name] + ([field.alias] if field.alias else []):
            for value in VALUES if key in whole else rng.sample(VALUES, 4):
                yield '{"zero_optimization": {"%s": %s}}' % (key, value)
    for section, model in SECTIONS.items():
        for name in model.model_fields:
            every = name in ("device", "nvme_path", "ratio", "topk_ratio", "select_interval", "update_interval")
            for value in VALUES if every else rng.sample(VALUES, 8):
                yield '{"zero_optimization": {"stage": 3, "%s": {"%s": %s}}}' % (section, name, value)


def told(text):
    try:
        read = hjson.loads(text, object_pairs_hook=dict_raise_error_on_duplicate_keys)
        _reject_removed_config_keys(read)
        zero = get_zero_config(read)
    except Exception as error:  # noqa: BLE001, whatever it is: it is what a person would see
        return {"raises": type(error).__name__}
    leaf = zero.leaf_module
    return {
        "raises": None,
        "stage": int(zero.stage),
        "classes": None if leaf.classes == DEFAULT_LEAF_MODULE_CLASSES else leaf.classes,
        "names": leaf.names,
        "name_suffixes": leaf.name_suffixes,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    cases = [{"text": text, **told(text)} for text in texts()]
    with open(arguments.out, "w", encoding="utf-8") as out:
        for case in cases:
            out.write(json.dumps(case, separators=(",", ":")) + "\n")
    refused = sum(case["raises"] is not None for case in cases)
    print(f"{len(cases)} texts: DeepSpeed refuses {refused}")


if __name__ == "__main__":
    main()
