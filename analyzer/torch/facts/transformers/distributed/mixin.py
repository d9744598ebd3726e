# transformers.distributed.mixin (5.x): plans for splitting a model over ranks.


class DistributedMixin:
    _device_mesh = None
    _tp_plan = None
    _ep_plan = None
    _pp_plan = None
    _fsdp_plan = None

    def init_parallel_plans(self):
        pass

    @property
    def tp_plan(self):
        return {}

    @property
    def ep_plan(self):
        return {}
