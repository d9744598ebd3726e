"""The changed configurations that changed_configs.py builds: small bases, chosen changes, and drawn ones.

A change is a dict laid over the type's base; config.json then holds base, change, architectures and model_type.
"""

import random

# Small enough to build at once, large enough for every kind of layer to appear.
_DECODER = {
    "vocab_size": 128,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
}
_DEEPSEEK = {
    "moe_intermediate_size": 32,
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "kv_lora_rank": 16,
    "q_lora_rank": 24,
    "qk_rope_head_dim": 8,
    "qk_nope_head_dim": 16,
    "v_head_dim": 16,
    "num_key_value_heads": 4,
}
BASES = {
    "mixtral": {**_DECODER, "num_local_experts": 4},
    "qwen2_moe": {**_DECODER, "moe_intermediate_size": 32, "shared_expert_intermediate_size": 48, "num_experts": 4},
    "qwen3_moe": {**_DECODER, "moe_intermediate_size": 32, "num_experts": 4, "head_dim": 16},
    "deepseek_v2": {**_DECODER, **_DEEPSEEK},
    "deepseek_v3": {**_DECODER, **_DEEPSEEK, "first_k_dense_replace": 1, "n_group": 2, "topk_group": 1},
    "llama": {**_DECODER},
    "olmoe": {**_DECODER, "num_experts": 4, "num_experts_per_tok": 2},
    "gpt_oss": {**_DECODER, "num_local_experts": 4, "head_dim": 16, "num_experts_per_tok": 2},
    "glm4_moe": {**_DECODER, "moe_intermediate_size": 32, "n_routed_experts": 4, "num_experts_per_tok": 2},
    "jamba": {
        **_DECODER,
        "num_hidden_layers": 4,
        "num_experts": 3,
        "attn_layer_period": 4,
        "attn_layer_offset": 2,
        "mamba_d_state": 8,
        "mamba_dt_rank": 4,
        "use_mamba_kernels": False,
    },
    "phimoe": {**_DECODER, "num_local_experts": 4},
    "switch_transformers": {
        "vocab_size": 128,
        "d_model": 64,
        "d_kv": 16,
        "d_ff": 96,
        "num_heads": 4,
        "num_layers": 4,
        "num_decoder_layers": 4,
        "num_sparse_encoder_layers": 2,
        "num_sparse_decoder_layers": 2,
        "num_experts": 3,
    },
    "gemma2": {**_DECODER, "head_dim": 16, "num_hidden_layers": 4},
    "bert": {
        "vocab_size": 128,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": 64,
    },
    "t5": {"vocab_size": 128, "d_model": 64, "d_kv": 16, "d_ff": 96, "num_heads": 4, "num_layers": 2},
    "vit": {
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": 32,
        "patch_size": 8,
    },
}

# Keys that any config.json may carry: legacy ones, ones that set labels, ones nobody knows, wrong ones.
_ANY = [
    {},
    {"tie_word_embeddings": True},
    {"tie_word_embeddings": False},
    {"torch_dtype": "bfloat16", "transformers_version": "4.40.0", "_name_or_path": "somebody/some-model"},
    {"dtype": "float16", "use_cache": False},
    {"num_labels": 7},
    {"id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}, "label2id": {"a": 0, "b": 1, "c": 2, "d": 3}},
    {"num_labels": 3, "id2label": {"0": "a", "1": "b", "2": "c"}},
    {"id2label": {"0": "only"}, "problem_type": "regression"},
    {"an_unknown_key": {"nested": [1, 2.5, None, "text"]}, "another": True, "_private": 1},
    {"attn_implementation": "eager"},
    {"_attn_implementation": "eager"},
    {"gradient_checkpointing": True, "output_hidden_states": True, "return_dict": False},
    {"pad_token_id": 5, "bos_token_id": 1, "eos_token_id": [2, 3]},
]
_TEXT = [
    {"pad_token_id": None},
    {"pad_token_id": 500},
    {"pad_token_id": -1},
    {"vocab_size": 0},
    {"hidden_act": "gelu_new"},
    {"hidden_act": "no_such_activation"},
]
_ROPE = [
    {"rope_theta": 500000.0},
    {"rope_theta": 10000},
    {"rope_scaling": None},
    {"rope_scaling": {"type": "linear", "factor": 2.0}},
    {"rope_scaling": {"rope_type": "dynamic", "factor": 4.0}},
    {
        "rope_theta": 500000.0,
        "rope_scaling": {
            "rope_type": "llama3",
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
    },
    {"rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}},
    {"rope_scaling": {"type": "no_such_type", "factor": 2.0}},
    {"rope_parameters": {"rope_type": "default", "rope_theta": 20000.0}},
    {"num_hidden_layers": 1},
    {"num_hidden_layers": 0},
    {"num_hidden_layers": 6},
    {"hidden_size": 96, "num_attention_heads": 6, "num_key_value_heads": 3},
    {"num_key_value_heads": 4},
    {"num_key_value_heads": None},
    {"num_attention_heads": 5},
    {"num_hidden_layers": None},
    {"num_hidden_layers": "3"},
    {"hidden_size": -64},
    {"head_dim": 32},
    {"attention_bias": True},
]
_DEEPSEEK_CASES = [
    {"first_k_dense_replace": 0},
    {"first_k_dense_replace": 2},
    {"first_k_dense_replace": 9},
    {"n_shared_experts": 3},
    {"n_shared_experts": None},
    {"n_routed_experts": 1},
    {"n_routed_experts": 9},
    {"q_lora_rank": None},
    {"q_lora_rank": 40, "kv_lora_rank": 24},
    {"mlp_bias": True},
    {"moe_layer_freq": 2, "scoring_func": "sigmoid", "ep_size": 1},
    {"num_nextn_predict_layers": 2},
    {"topk_method": "group_limited_greedy", "n_group": 2, "topk_group": 1},
    {"qk_rope_head_dim": 12, "v_head_dim": 24, "qk_nope_head_dim": 20},
    {"num_experts": 6},
    {"num_local_experts": 6},
]
_SPARSE_STEP_CASES = [
    {"mlp_only_layers": [0]},
    {"mlp_only_layers": [0, 2]},
    {"mlp_only_layers": [0, 1, 2]},
    {"mlp_only_layers": [7]},
    {"mlp_only_layers": None},
    {"decoder_sparse_step": 2},
    {"decoder_sparse_step": 3, "num_hidden_layers": 6},
    {"decoder_sparse_step": 2, "mlp_only_layers": [1], "num_hidden_layers": 5},
    {"decoder_sparse_step": 0},
    {"num_experts": 0},
    {"num_experts": 1},
    {"num_experts": 10, "num_experts_per_tok": 3},
    {"num_local_experts": 6},
    {"moe_intermediate_size": 40, "intermediate_size": 128},
    {"norm_topk_prob": True, "output_router_logits": True},
    {"use_sliding_window": True, "sliding_window": 16, "max_window_layers": 1},
    {"layer_types": ["full_attention", "sliding_attention", "full_attention"]},
    {"layer_types": ["full_attention"]},
]

CHOSEN = {
    "mixtral": _ANY + _TEXT + _ROPE + [
        {"num_local_experts": 1},
        {"num_local_experts": 6, "num_experts_per_tok": 3},
        {"num_local_experts": 0},
        {"num_experts": 5},
        {"router_jitter_noise": 0.1},
        {"sliding_window": 16},
        {"hidden_act": "relu", "intermediate_size": 128},
    ],
    "qwen2_moe": _ANY + _TEXT + _ROPE + _SPARSE_STEP_CASES + [
        {"qkv_bias": False},
        {"shared_expert_intermediate_size": 16},
    ],
    "qwen3_moe": _ANY + _TEXT + _ROPE + _SPARSE_STEP_CASES,
    "deepseek_v2": _ANY + _TEXT + _ROPE + _DEEPSEEK_CASES,
    "deepseek_v3": _ANY + _TEXT + _ROPE + _DEEPSEEK_CASES,
    "llama": _ANY + _TEXT + _ROPE + [
        {"mlp_bias": True},
        {"pretraining_tp": 2},
        {"hidden_act": "swish"},
        {"mlp_bias": True, "attention_bias": True, "tie_word_embeddings": True},
    ],
    "olmoe": _ANY + _TEXT + _ROPE + [
        {"num_experts": 1},
        {"num_experts": 7},
        {"num_local_experts": 6},
        {"clip_qkv": 8.0},
        {"norm_topk_prob": True},
    ],
    "gpt_oss": _ANY + _TEXT + _ROPE + [
        {"num_local_experts": 2},
        {"num_experts": 3},
        {"attention_bias": False},
        {"layer_types": ["full_attention", "full_attention", "sliding_attention"]},
        {"layer_types": ["full_attention", "no_such_attention", "full_attention"]},
        {"layer_types": ["full_attention"]},
        {"layer_types": None},
        {"initial_context_length": 4096, "swiglu_limit": 7.0, "experts_per_token": 4},
    ],
    "glm4_moe": _ANY + _TEXT + _ROPE + [
        {"first_k_dense_replace": 0},
        {"first_k_dense_replace": 2},
        {"first_k_dense_replace": 5},
        {"use_qk_norm": True},
        {"n_shared_experts": 2},
        {"n_shared_experts": None},
        {"n_routed_experts": 6, "n_group": 2, "topk_group": 1},
        {"partial_rotary_factor": 0.25},
        {"num_nextn_predict_layers": 1},
    ],
    "jamba": _ANY + _TEXT + [
        {"num_hidden_layers": 1},
        {"num_hidden_layers": 9},
        {"num_experts": 1},
        {"num_experts": 5},
        {"attn_layer_period": 2, "attn_layer_offset": 1},
        {"attn_layer_period": 2, "attn_layer_offset": 0, "expert_layer_period": 3, "expert_layer_offset": 2},
        {"attn_layer_period": 2, "attn_layer_offset": 5},
        {"attn_layer_period": 0},
        {"expert_layer_period": 1, "expert_layer_offset": 0},
        {"expert_layer_period": 2, "expert_layer_offset": 3},
        {"mamba_dt_rank": "auto"},
        {"mamba_conv_bias": False, "mamba_proj_bias": True},
        {"mamba_expand": 3, "mamba_d_conv": 2},
        {"use_mamba_kernels": True},
        {"num_key_value_heads": None},
        {"sliding_window": 16, "num_logits_to_keep": 0},
        {"num_attention_heads": 5},
    ],
    "phimoe": _ANY + _TEXT + _ROPE + [
        {"lm_head_bias": True},
        {"lm_head_bias": True, "attention_bias": True, "tie_word_embeddings": True},
        {"num_local_experts": 2},
        {"num_local_experts": 9},
        {"sliding_window": 32, "router_jitter_noise": 0.0},
        {"rope_scaling": {"type": "longrope", "short_factor": [1.0] * 8, "long_factor": [2.0] * 8,
                          "short_mscale": 1.0, "long_mscale": 1.0, "original_max_position_embeddings": 32}},
    ],
    "switch_transformers": _ANY + [
        {"num_layers": 1},
        {"num_layers": 6, "num_decoder_layers": 2},
        {"num_decoder_layers": None},
        {"num_sparse_encoder_layers": 0},
        {"num_sparse_encoder_layers": 0, "num_sparse_decoder_layers": 0},
        {"num_sparse_encoder_layers": 4, "num_sparse_decoder_layers": 1},
        {"num_sparse_encoder_layers": 3, "num_layers": 6},
        {"num_experts": 1},
        {"num_experts": 6},
        {"router_bias": True},
        {"d_model": 48, "num_heads": 3},
        {"hidden_size": 48, "num_attention_heads": 3, "num_hidden_layers": 2},
        {"dense_act_fn": "gelu_new"},
        {"feed_forward_proj": "gated-gelu"},
        {"relative_attention_num_buckets": 16},
        {"is_encoder_decoder": False},
        {"is_decoder": True},
        {"tie_encoder_decoder": True},
        {"pad_token_id": None},
        {"encoder_sparse_step": 1, "decoder_sparse_step": 1},
    ],
    "gemma2": _ANY + _TEXT + _ROPE + [
        {"layer_types": ["full_attention"] * 4},
        {"layer_types": ["full_attention", "sliding_attention"]},
        {"hidden_activation": "relu"},
        {"hidden_activation": None},
        {"hidden_activation": "gelu", "hidden_act": "relu"},
        {"query_pre_attn_scalar": 16, "sliding_window": 8},
        {"final_logit_softcapping": None, "attn_logit_softcapping": None},
        {"use_bidirectional_attention": True},
        {"num_hidden_layers": 3},
    ],
    "bert": _ANY + _TEXT + [
        {"num_hidden_layers": 0},
        {"num_hidden_layers": 5},
        {"hidden_size": 70},
        {"hidden_size": 70, "embedding_size": 64},
        {"is_decoder": True},
        {"is_decoder": True, "add_cross_attention": True},
        {"add_cross_attention": True},
        {"position_embedding_type": "relative_key"},
        {"position_embedding_type": "relative_key_query", "attn_implementation": "eager"},
        {"type_vocab_size": 1},
        {"classifier_dropout": 0.3},
        {"hidden_act": "gelu"},
        {"hidden_act": "tanh"},
        {"hidden_act": None},
        {"pruned_heads": {"0": [0, 2]}},
        {"chunk_size_feed_forward": 16},
        {"layer_norm_eps": 1e-05, "hidden_dropout_prob": 0.0},
        {"num_attention_heads": 0},
    ],
    "t5": _ANY + [
        {"num_layers": 1, "num_decoder_layers": 3},
        {"num_decoder_layers": None},
        {"num_decoder_layers": 0},
        {"num_layers": 0},
        {"feed_forward_proj": "gated-gelu"},
        {"feed_forward_proj": "gated-silu"},
        {"feed_forward_proj": "gelu"},
        {"feed_forward_proj": "gated-gelu-new"},
        {"feed_forward_proj": "a-b-c"},
        {"feed_forward_proj": "gated-gelu", "dense_act_fn": "relu", "is_gated_act": False},
        {"d_model": 48, "num_heads": 3, "d_kv": 8},
        {"hidden_size": 32, "num_attention_heads": 2, "num_hidden_layers": 3},
        {"is_encoder_decoder": False},
        {"is_decoder": True},
        {"tie_encoder_decoder": True},
        {"classifier_dropout": 0.1},
        {"relative_attention_num_buckets": 8, "relative_attention_max_distance": 16},
        {"pad_token_id": None},
        {"n_positions": 512, "output_past": True, "task_specific_params": {"summarization": {"max_length": 200}}},
        {"scale_decoder_outputs": False, "tie_word_embeddings": False},
        {"vocab_size": 64, "dropout_rate": 0.0},
    ],
    "vit": _ANY + [
        {"num_hidden_layers": 0},
        {"num_hidden_layers": 5},
        {"image_size": 64, "patch_size": 16},
        {"image_size": [32, 64]},
        {"image_size": 30, "patch_size": 8},
        {"patch_size": [8, 4]},
        {"num_channels": 1},
        {"qkv_bias": False},
        {"encoder_stride": 8},
        {"hidden_act": "relu"},
        {"hidden_act": "quick_gelu"},
        {"pooler_output_size": 24},
        {"pooler_act": "relu"},
        {"pooler_output_size": None},
        {"num_attention_heads": 5},
        {"hidden_size": 48, "num_attention_heads": 3},
        {"pruned_heads": {"1": [1]}},
        {"num_labels": 0},
        {"layer_norm_eps": "1e-12"},
        {"id2label": {str(i): f"class {i}" for i in range(11)}},
    ],
}

_ACTIVATIONS = ["relu", "gelu", "gelu_new", "silu", "swish", "quick_gelu", "gelu_pytorch_tanh", "tanh", "sigmoid",
                "gelu_fast", "mish", "relu6", "relu2", "leaky_relu", "linear", "laplace", "gelu_10"]
_LEFT_ALONE = {
    "model_type", "transformers_version", "_name_or_path", "architectures", "id2label", "label2id", "layer_types",
    "rope_parameters", "rope_scaling", "num_hidden_layers", "num_layers", "num_decoder_layers", "dtype", "torch_dtype",
    "is_encoder_decoder", "is_decoder", "problem_type", "chunk_size_feed_forward", "pruned_heads", "qk_head_dim",
    "attn_layer_offset", "expert_layer_offset", "max_position_embeddings",
}


def drawn(model_type, defaults, count):
    """Changes drawn at random (the same ones every time) from the keys of a configuration's defaults."""
    rng = random.Random(f"changed configs of {model_type}")
    base = BASES[model_type]
    # Only keys of the configuration class itself, never the generation settings that old releases keep with it.
    keys = sorted(k for k in defaults if k not in _LEFT_ALONE)
    for _ in range(count):
        change = {}
        for key in rng.sample(keys, rng.randint(2, 6)):
            value = base.get(key, defaults[key])
            if isinstance(value, bool):
                change[key] = not value
            elif isinstance(value, int):
                change[key] = max(1, value * rng.choice([1, 2, 2, 3]) + rng.choice([0, 0, 0, 1, -1]))
            elif isinstance(value, float):
                change[key] = value * 2
            elif isinstance(value, str) and (key.endswith("act") or key.endswith("activation") or "act_fn" in key):
                change[key] = rng.choice(_ACTIVATIONS)
        layers = "num_layers" if "num_layers" in base else "num_hidden_layers"
        change[layers] = rng.randint(1, 4)
        # Most draws should build: keep heads dividing sizes unless the draw is one of the reckless ones.
        if rng.random() < 0.8:
            for key in ("hidden_size", "d_model", "num_attention_heads", "num_heads", "num_key_value_heads",
                        "image_size", "patch_size", "head_dim", "pad_token_id"):
                change.pop(key, None)
        change = {k: v for k, v in change.items() if not isinstance(v, int) or v <= 512}
        yield change
