# transformers.modeling_utils: the release's own PreTrainedModel, with other text for what would only read files, ask
# the machine, or start weights.  Read against 4.40.2, 4.45.2, 4.53.3, 4.57.6 and 5.23.0.  Embeddings' getters and setters, tying, base_model
# and the class attributes stay the release's.
from __native__ import (
    Module, all_modules_known, environment, evaluate_annotation, from_source, is_known, package_available,
    shallow_copy, unknown, unknown_plain, with_known_modules,
)
from torch import BUILD_DEVICE
import transformers.configuration_utils as _configuration

PreTrainedModel = from_source("transformers.modeling_utils", "PreTrainedModel")
# Up to 4.53 the attention is resolved by methods that models override, and _from_config() works on a copy.
_AUTOSET = hasattr(PreTrainedModel, "_autoset_attn_implementation")


# Named PretrainedConfig before 5.0, PreTrainedConfig since.
def _config_base():
    base = getattr(_configuration, "PreTrainedConfig", None)
    return _configuration.PretrainedConfig if base is None else base


# The release asks get_type_hints() of every model class, for which the names in its annotations have to be there.  Those of
# the release are.
def _look_at_annotations(cls):
    for klass in cls.__mro__:
        if klass.__module__.startswith(("transformers.", "torch.")):
            continue
        for text in klass.__dict__.get("__annotations__", {}).values():
            try:
                evaluate_annotation(text, klass.__module__)
            except NameError:
                raise
            except Exception:
                pass


# A model's configuration class: its own `config_class`, else its own annotation of `config`, else an inherited one.
def _init_subclass(cls, **kwargs):
    if not cls.__module__.startswith("transformers."):
        _look_at_annotations(cls)
    if cls.__dict__.get("config_class") is not None:
        return
    for place, klass in enumerate(cls.__mro__):
        if klass is PreTrainedModel or (place > 0 and getattr(cls, "config_class", None) is not None):
            return
        text = klass.__dict__.get("__annotations__", {}).get("config")
        if text is not None:
            cls.config_class = evaluate_annotation(text, klass.__module__)
            return


def _init(self, config, *inputs, **kwargs):
    Module.__init__(self)
    base = _config_base()
    if not isinstance(config, base):
        raise TypeError(
            f"Parameter config in `{self.__class__.__name__}(config)` should be an instance of class "
            f"`{base.__name__}`. To create a model from a pretrained model use "
            f"`model = {self.__class__.__name__}.from_pretrained(PRETRAINED_MODEL_NAME)`"
        )
    self.config = config
    self.name_or_path = config.name_or_path
    self.kernel_config = None
    self.warnings_issued = {}
    asked = getattr(config, "_attn_implementation_internal", None)
    if not _AUTOSET:
        config._attn_implementation_internal = self._check_and_adjust_attn_implementation(asked, is_init_check=True)
    elif not getattr(config, "_attn_implementation_autoset", False):
        if asked is None:
            config._attn_implementation_internal = environment("attn")
        self.config = self._autoset_attn_implementation(config, check_device_map=False)
    if hasattr(config, "_experts_implementation"):
        asked = config._experts_implementation
        config._experts_implementation_internal = self.get_correct_experts_implementation(asked)
    if self.can_generate():
        self.generation_config = unknown_plain("the generation settings")
    elif hasattr(self, "prepare_inputs_for_generation"):  # before 4.50, where every model is a GenerationMixin
        self.generation_config = unknown_plain("the generation settings")
    elif not hasattr(self, "get_expanded_tied_weights_keys"):  # before 5.0
        self.generation_config = None
    self.loss_type = unknown_plain("the loss type")
    self._keep_in_fp32_modules = shallow_copy(getattr(self, "_keep_in_fp32_modules", None))
    self._keep_in_fp32_modules_strict = shallow_copy(getattr(self, "_keep_in_fp32_modules_strict", None))
    self._no_split_modules = self._no_split_modules or []


# What PreTrainedModel resolves: the scaled dot product where the class supports it, unless something else is asked for.
def _attention(self, attn_implementation, is_init_check=False, allow_all_kernels=False):
    name = self.__class__.__name__
    asked = attn_implementation
    if asked is None:
        asked = environment("attn")
    if asked is None:
        return "sdpa" if self._supports_sdpa else "eager"
    if asked == "sdpa" and not self._supports_sdpa:
        raise ValueError(
            f"{name} does not support an attention implementation through "
            "torch.nn.functional.scaled_dot_product_attention yet."
        )
    if asked == "flex_attention" and not getattr(self, "_supports_flex_attn", False):
        raise ValueError(
            f"{name} does not support an attention implementation through torch's flex_attention."
        )
    flash = getattr(self, "_supports_flash_attn", False) or getattr(self, "_supports_flash_attn_2", False)
    if asked.startswith("flash_attention_") and not flash:
        number = asked[len("flash_attention_"):]
        raise ValueError(
            f"{name} does not support Flash Attention {number} yet. Please request to add support where the model is "
            f"hosted, on its model hub page: https://huggingface.co/{self.config._name_or_path}/discussions/new or in "
            "the Transformers GitHub repo: https://github.com/huggingface/transformers/issues/new"
        )
    return asked


# Up to 4.53: may flash attention be used?  ModernBERT asks on its own, and goes on without where the package is missing.
def _flash(cls, config, torch_dtype=None, device_map=None, check_device_map=True, hard_check_only=False):
    if not cls._supports_flash_attn_2:
        raise ValueError(
            f"{cls.__name__} does not support Flash Attention 2.0 yet. Please request to add support where the model "
            f"is hosted, on its model hub page: https://huggingface.co/{config._name_or_path}/discussions/new or in "
            "the Transformers GitHub repo: https://github.com/huggingface/transformers/issues/new"
        )
    package = package_available("flash_attn")
    if environment("attn") != "flash_attention_2" and not (is_known(package) and package):
        raise ImportError(
            "FlashAttention2 has been toggled on, but it cannot be used due to the following error: the package "
            "flash_attn seems to be not installed. Please refer to the documentation of https://huggingface.co/docs/"
            "transformers/perf_infer_gpu_one#flashattention-2 to install Flash Attention 2."
        )
    if not hard_check_only:
        config._attn_implementation = "flash_attention_2"
    return config


def _experts(self, requested_experts):
    return "grouped_mm" if requested_experts is None else requested_experts


def _can_generate(cls):
    for base in cls.__bases__:
        shown = f"{base.__module__}.{base.__qualname__}"
        if "GenerationMixin" in shown:
            return True
        if "PreTrainedModel" not in shown and hasattr(base, "can_generate") and base.can_generate():
            return True
    return False


def _from_config(cls, config, **kwargs):
    dtype = kwargs.pop("dtype", getattr(config, "dtype", None))
    dtype = kwargs.pop("torch_dtype", dtype)
    if "attn_implementation" in kwargs:
        config._attn_implementation = kwargs.pop("attn_implementation")
    if "experts_implementation" in kwargs:
        config._experts_implementation = kwargs.pop("experts_implementation")
    kwargs.pop("use_flash_attention_2", None)
    return cls(config, **kwargs)


# Up to 4.50, where init_weights() itself walks over all modules.
def _init_weights_and_tie(self):
    if self.config.pruned_heads:
        self.prune_heads(self.config.pruned_heads)
    self.tie_weights()


# Where part of the model cannot be told, only the tying of weights is done, among what is known: it changes no module.
def _post_init(self):
    if all_modules_known(self):
        self._release_post_init()
    else:
        with_known_modules(_tie, self)


def _tie(self):
    if hasattr(self, "get_expanded_tied_weights_keys"):  # since 5.0
        keys = self.get_expanded_tied_weights_keys(all_submodels=False)
        for name, module in self.named_children():
            below = getattr(module, "all_tied_weights_keys", None)
            if not is_known(below) and not isinstance(module, PreTrainedModel):
                continue  # a container of what cannot be told: only post_init() sets them
            if below:
                keys.update({f"{name}.{one}": f"{name}.{other}" for one, other in below.items()})
        self.all_tied_weights_keys = keys
    self.init_weights()


def _loss_function(self):
    return unknown_plain("the loss function")


def get_torch_context_manager_or_global_device():
    return BUILD_DEVICE


def _nothing(self, *args, **kwargs):
    return None


def _from_pretrained(cls, *args, **kwargs):
    return unknown("a model loaded from a checkpoint")


PreTrainedModel.__init_subclass__ = classmethod(_init_subclass)
PreTrainedModel.__init__ = _init
PreTrainedModel.get_correct_experts_implementation = _experts
PreTrainedModel.can_generate = classmethod(_can_generate)
if _AUTOSET:
    PreTrainedModel._check_and_enable_flash_attn_2 = classmethod(_flash)
else:
    PreTrainedModel._check_and_adjust_attn_implementation = _attention
    PreTrainedModel._from_config = classmethod(_from_config)
PreTrainedModel.from_pretrained = classmethod(_from_pretrained)
# Whether the weights are tied on the meta device is the release's own text: the first ones of 5.x do not tie them there.
if hasattr(PreTrainedModel, "initialize_weights"):
    PreTrainedModel.initialize_weights = _nothing
else:
    PreTrainedModel.init_weights = _init_weights_and_tie
PreTrainedModel._release_post_init = PreTrainedModel.post_init
PreTrainedModel.post_init = _post_init
PreTrainedModel.loss_function = property(_loss_function)
PreTrainedModel._backward_compatibility_gradient_checkpointing = _nothing
