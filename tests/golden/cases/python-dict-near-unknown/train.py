config = {"zero_optimization": {"stage": 3, "leaf_module": leaves(), "overlap_comm": args.overlap}}
other = {"zero_optimization": {"stage": 3, **extra, "surprise": 1}}
third = {"zero_optimization": dict(stage=3), f"{x}": 1}
fourth = {"zero_optimization": {"stage": 3}}
fourth["zero_optimization"]["leaf_module"] = {"classes": ["PhimoeSparseMoeBlock"]}
