"""Leaves that training survives and leaves that it does not: (case, architecture, changed config values, leaf_module)."""

SMALL = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2,
         "num_key_value_heads": 2, "vocab_size": 64}
MOE = {**SMALL, "num_local_experts": 4}
QWEN_MOE = {**SMALL, "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16,
            "shared_expert_intermediate_size": 16}
BERT = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 64}
SWITCH = {"d_model": 32, "d_ff": 48, "d_kv": 16, "num_layers": 2, "num_decoder_layers": 2, "num_sparse_encoder_layers": 1,
          "num_sparse_decoder_layers": 1, "num_heads": 2, "num_experts": 2, "vocab_size": 64,
          "decoder_start_token_id": 0, "pad_token_id": 0}
T5 = {"d_model": 32, "d_ff": 48, "d_kv": 16, "num_layers": 2, "num_heads": 2, "vocab_size": 64,
      "decoder_start_token_id": 0, "pad_token_id": 0}
GPT2 = {"n_embd": 32, "n_layer": 2, "n_head": 2, "vocab_size": 64, "n_positions": 32}
VIT = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 32,
       "patch_size": 8, "num_channels": 3}
OPT = {"hidden_size": 32, "word_embed_proj_dim": 32, "ffn_dim": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 64,
       "max_position_embeddings": 32}
ALBERT = {**BERT, "embedding_size": 16}
BART = {"d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48,
        "encoder_attention_heads": 2, "decoder_attention_heads": 2, "vocab_size": 64, "max_position_embeddings": 32,
        "decoder_start_token_id": 2, "pad_token_id": 1}
JITTER = {**MOE, "router_jitter_noise": 0.1}


DEEPSEEK = {**SMALL, "n_routed_experts": 4, "num_experts_per_tok": 2, "n_group": 1, "topk_group": 1, "q_lora_rank": 16,
            "kv_lora_rank": 16, "qk_rope_head_dim": 8, "qk_nope_head_dim": 8, "v_head_dim": 8, "moe_intermediate_size": 16,
            "first_k_dense_replace": 1}


def case(name, architecture, config, classes):
    return {"case": name, "architecture": architecture, "config": config, "leaf_module": {"classes": classes}}


BOTH = [
    case("mixtral-block", "MixtralForCausalLM", MOE, ["MixtralSparseMoeBlock"]),
    case("mixtral-block-jitter", "MixtralForCausalLM", JITTER, ["MixtralSparseMoeBlock"]),
    case("mixtral-layer-jitter", "MixtralForCausalLM", JITTER, ["MixtralDecoderLayer"]),
    case("mixtral-both-jitter", "MixtralForCausalLM", JITTER, ["MixtralDecoderLayer", "MixtralSparseMoeBlock"]),
    case("mixtral-model", "MixtralForCausalLM", MOE, ["MixtralModel"]),
    case("mixtral-attention", "MixtralForCausalLM", MOE, ["MixtralAttention"]),
    case("mixtral-embedding", "MixtralForCausalLM", MOE, ["Embedding"]),
    case("mixtral-norm", "MixtralForCausalLM", MOE, ["MixtralRMSNorm"]),
    case("qwen2-moe-block", "Qwen2MoeForCausalLM", QWEN_MOE, ["Qwen2MoeSparseMoeBlock"]),
    case("qwen3-moe-block", "Qwen3MoeForCausalLM", QWEN_MOE, ["Qwen3MoeSparseMoeBlock"]),
    case("llama-mlp", "LlamaForCausalLM", SMALL, ["LlamaMLP"]),
    case("llama-layer", "LlamaForCausalLM", SMALL, ["LlamaDecoderLayer"]),
    case("llama-attention", "LlamaForCausalLM", SMALL, ["LlamaAttention"]),
    case("llama-model", "LlamaForCausalLM", SMALL, ["LlamaModel"]),
    case("llama-embedding", "LlamaForCausalLM", SMALL, ["Embedding"]),
    case("switch-block", "SwitchTransformersForConditionalGeneration", SWITCH, ["SwitchTransformersSparseMLP"]),
    case("switch-block-calm", "SwitchTransformersForConditionalGeneration", {**SWITCH, "router_jitter_noise": 0.0},
         ["SwitchTransformersSparseMLP"]),
    case("switch-router", "SwitchTransformersForConditionalGeneration", SWITCH, ["SwitchTransformersTop1Router"]),
    case("switch-layer", "SwitchTransformersForConditionalGeneration", SWITCH, ["SwitchTransformersLayerFF"]),
    case("t5-layer", "T5ForConditionalGeneration", T5, ["T5LayerFF"]),
    case("t5-stack", "T5ForConditionalGeneration", T5, ["T5Stack"]),
    case("gpt2-mlp", "GPT2LMHeadModel", GPT2, ["GPT2MLP"]),
    case("gpt2-attention", "GPT2LMHeadModel", GPT2, ["GPT2Attention"]),
    case("gpt2-embedding", "GPT2LMHeadModel", GPT2, ["Embedding"]),
    case("bert-embeddings", "BertForMaskedLM", BERT, ["BertEmbeddings"]),
    case("bert-intermediate", "BertForMaskedLM", BERT, ["BertIntermediate"]),
    case("bert-model", "BertForMaskedLM", BERT, ["BertModel"]),
    case("bert-encoder", "BertForMaskedLM", BERT, ["BertEncoder"]),
    case("vit-layer", "ViTForImageClassification", VIT, ["ViTLayer"]),
    case("vit-embeddings", "ViTForImageClassification", VIT, ["ViTEmbeddings"]),
    case("opt-layer", "OPTForCausalLM", OPT, ["OPTDecoderLayer"]),
    case("opt-attention", "OPTForCausalLM", OPT, ["OPTAttention"]),
    case("opt-positions", "OPTForCausalLM", OPT, ["OPTLearnedPositionalEmbedding"]),
    case("albert-layer", "AlbertForMaskedLM", ALBERT, ["AlbertLayer"]),
    case("bart-encoder", "BartForConditionalGeneration", BART, ["BartEncoder"]),
    case("bart-embedding", "BartForConditionalGeneration", BART, ["BartScaledWordEmbedding"]),
    case("phimoe-block", "PhimoeForCausalLM", {**MOE, "input_jitter_noise": 0.0}, ["PhimoeSparseMoeBlock"]),
    case("phimoe-block-jitter", "PhimoeForCausalLM", {**MOE, "input_jitter_noise": 0.1}, ["PhimoeSparseMoeBlock"]),
    case("phimoe-layer-jitter", "PhimoeForCausalLM", {**MOE, "input_jitter_noise": 0.1}, ["PhimoeDecoderLayer"]),
    case("deepseek-v3-block", "DeepseekV3ForCausalLM", DEEPSEEK, ["DeepseekV3MoE"]),
    case("deepseek-v3-attention", "DeepseekV3ForCausalLM", DEEPSEEK, ["DeepseekV3Attention"]),
    case("albert-group", "AlbertForMaskedLM", ALBERT, ["AlbertLayerGroup"]),
    case("bart-attention", "BartForConditionalGeneration", BART, ["BartAttention"]),
]
ONLY_5 = [
    case("switch-experts", "SwitchTransformersForConditionalGeneration", SWITCH, ["SwitchTransformersExperts"]),
    case("mixtral-experts-jitter", "MixtralForCausalLM", JITTER, ["MixtralExperts"]),
]
CASES = {"4.57.6": BOTH, "5.23.0": BOTH + ONLY_5}
