import deepspeed

STAGE = 3
ds_config = {
    "train_batch_size": 8,
    "zero_optimization": {
        "stage": STAGE,
        "overlap_comm": "maybe",  # not a bool
        "reduce_bucket_size": 5e8,
        "leaf_module": {"classes": ("MixtralSparseMoeBlok", 'MixtralDecoderLayer'), "name_sufixes": ["mlp"]},
    },
    "leaf_modules": {"classes": []},
}
engine = deepspeed.initialize(model=model, config=ds_config)
