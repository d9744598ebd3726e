import deepspeed
engine = deepspeed.initialize(model=model, config={"zero_optimization": {"stage": 3}})
