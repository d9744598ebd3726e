"""The models and quantization configurations that quantized.py builds: small, in the shapes that people publish."""

import config_cases

_DECODER = {**config_cases._DECODER, "hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": 2}
_GPT2 = {"vocab_size": 128, "n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 64}
MODELS = {
    "LlamaForCausalLM": ("llama", _DECODER),
    "MixtralForCausalLM": ("mixtral", {**_DECODER, "num_local_experts": 4}),
    "DeepseekV3ForCausalLM": ("deepseek_v3", {**config_cases.BASES["deepseek_v3"], "num_hidden_layers": 2}),
    "DeepseekV3Model": ("deepseek_v3", {**config_cases.BASES["deepseek_v3"], "num_hidden_layers": 2}),
    "Qwen3MoeForCausalLM": ("qwen3_moe", {**config_cases.BASES["qwen3_moe"], "num_hidden_layers": 2}),
    "GptOssForCausalLM": ("gpt_oss", {**config_cases.BASES["gpt_oss"], "num_hidden_layers": 2}),
    "Gemma2ForCausalLM": ("gemma2", {**config_cases.BASES["gemma2"], "num_hidden_layers": 2}),  # tied
    "GPT2LMHeadModel": ("gpt2", _GPT2),  # Conv1D, tied
    "OPTForCausalLM": (
        "opt",
        {"vocab_size": 128, "hidden_size": 64, "num_hidden_layers": 2, "ffn_dim": 96, "num_attention_heads": 4,
         "max_position_embeddings": 64, "word_embed_proj_dim": 32},
    ),
    "T5ForConditionalGeneration": ("t5", config_cases.BASES["t5"]),  # keeps wo in float32
    "BertForSequenceClassification": ("bert", config_cases.BASES["bert"]),
    "ViTForImageClassification": ("vit", config_cases.BASES["vit"]),
    "Llama4ForCausalLM": (
        "llama4_text",
        {**_DECODER, "head_dim": 16, "num_local_experts": 2, "interleave_moe_layer_step": 1,
         "intermediate_size_mlp": 96, "pad_token_id": 0},
    ),
}

_FP8 = {"quant_method": "fp8", "activation_scheme": "dynamic", "fmt": "e4m3", "weight_block_size": [128, 128]}
_BNB4 = {
    "quant_method": "bitsandbytes", "_load_in_4bit": True, "_load_in_8bit": False, "load_in_4bit": True,
    "load_in_8bit": False, "bnb_4bit_compute_dtype": "bfloat16", "bnb_4bit_quant_storage": "uint8",
    "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True, "llm_int8_enable_fp32_cpu_offload": False,
    "llm_int8_has_fp16_weight": False, "llm_int8_skip_modules": None, "llm_int8_threshold": 6.0,
}
_BNB8 = {**_BNB4, "_load_in_4bit": False, "_load_in_8bit": True, "load_in_4bit": False, "load_in_8bit": True}
_WEIGHTS = {"num_bits": 8, "type": "int", "symmetric": True, "strategy": "channel", "dynamic": False}
_COMPRESSED = {
    "quant_method": "compressed-tensors", "format": "int-quantized", "quantization_status": "compressed",
    "kv_cache_scheme": None, "global_compression_ratio": None, "ignore": ["lm_head"],
    "config_groups": {
        "group_0": {"targets": ["Linear"], "weights": _WEIGHTS, "input_activations": None, "output_activations": None}
    },
}
_AWQ = {"quant_method": "awq", "bits": 4, "group_size": 32, "version": "gemm", "zero_point": True}
_HQQ_WEIGHTS = {"nbits": 4, "channel_wise": True, "group_size": 64, "optimize": True, "round_zero": False, "axis": 1}
METHODS = {
    "fp8": _FP8,
    "fp8, skipping": {**_FP8, "modules_to_not_convert": ["lm_head", "model.layers.0", "q_proj"]},
    "fp8, dequantized": {**_FP8, "dequantize": True},
    "mxfp4": {
        "quant_method": "mxfp4",
        "modules_to_not_convert": [
            "model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head",
        ],
    },
    "mxfp4, all": {"quant_method": "mxfp4"},
    "bitsandbytes 4-bit": _BNB4,
    "bitsandbytes 4-bit, skipping": {**_BNB4, "llm_int8_skip_modules": ["k_proj", "lm_head"]},
    "bitsandbytes 8-bit": _BNB8,
    "awq": _AWQ,
    "awq, skipping": {**_AWQ, "modules_to_not_convert": ["o_proj"]},
    "compressed-tensors": _COMPRESSED,
    "compressed-tensors, by name": {
        **_COMPRESSED, "ignore": ["lm_head", "re:.*k_proj"],
        "config_groups": {"group_0": {**_COMPRESSED["config_groups"]["group_0"], "targets": ["re:.*proj.*"]}},
    },
    "quanto": {"quant_method": "quanto", "weights": "int8", "activations": None, "modules_to_not_convert": None},
    "torchao": {
        "quant_method": "torchao", "modules_to_not_convert": None, "include_input_output_embeddings": False,
        "quant_type": {"default": {"_type": "Int8WeightOnlyConfig", "_version": 2, "_data": {}}},
    },
    "hqq": {
        "quant_method": "hqq", "skip_modules": ["lm_head"],
        "quant_config": {"weight_quant_params": _HQQ_WEIGHTS, "scale_quant_params": None, "zero_quant_params": None},
    },
    "aqlm": {
        "quant_method": "aqlm", "in_group_size": 8, "out_group_size": 1, "num_codebooks": 1, "nbits_per_codebook": 16,
        "linear_weights_not_to_quantize": ["lm_head"],
    },
    "bitnet": {"quant_method": "bitnet", "linear_class": "bitlinear", "quantization_mode": "offline"},
    "bitnet, online": {
        "quant_method": "bitnet", "linear_class": "autobitlinear", "quantization_mode": "online", "use_rms_norm": True,
        "rms_norm_eps": 1e-6,
    },
    "eetq": {"quant_method": "eetq", "weights": "int8", "modules_to_not_convert": ["lm_head"]},
    "fbgemm_fp8": {"quant_method": "fbgemm_fp8", "activation_scale_ub": 1200.0, "modules_to_not_convert": ["lm_head"]},
    "metal": {"quant_method": "metal", "bits": 4, "group_size": 64},
    "mxfp8": {**_FP8, "quant_method": "mxfp8", "weight_block_size": [1, 32]},
    "gptq": {
        "quant_method": "gptq", "bits": 4, "group_size": 32, "desc_act": False, "sym": True, "damp_percent": 0.1,
        "true_sequential": True, "model_seqlen": 64, "checkpoint_format": "gptq", "backend": "auto",
    },
}


def cases():
    """(method's name, all of a config.json)"""
    for method, quantization in METHODS.items():
        for architecture, (model_type, values) in MODELS.items():
            yield method, {
                "architectures": [architecture], "model_type": model_type, **values,
                "quantization_config": quantization,
            }
