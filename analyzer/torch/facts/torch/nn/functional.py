# Facts of torch 2.13.0, torch/nn/functional.py: functions that can be told apart and called, and what they keep of a
# shape.
from __native__ import shape_of, tensor_empty, tensor_unknown, unknown


def _same_shape(input):
    shape = shape_of(input)
    return tensor_unknown() if shape is None else tensor_empty(shape)


def pad(input, pad, mode="constant", value=None):
    shape = shape_of(input)
    if shape is None:
        return tensor_unknown()
    shape = list(shape)
    for place in range(len(pad) // 2):
        shape[len(shape) - 1 - place] += pad[2 * place] + pad[2 * place + 1]
    return tensor_empty(tuple(shape))


def relu(input, *args, **kwargs):
    return _same_shape(input)


def relu_(input, *args, **kwargs):
    return _same_shape(input)


def relu6(input, *args, **kwargs):
    return _same_shape(input)


def elu(input, *args, **kwargs):
    return _same_shape(input)


def elu_(input, *args, **kwargs):
    return _same_shape(input)


def selu(input, *args, **kwargs):
    return _same_shape(input)


def selu_(input, *args, **kwargs):
    return _same_shape(input)


def celu(input, *args, **kwargs):
    return _same_shape(input)


def celu_(input, *args, **kwargs):
    return _same_shape(input)


def leaky_relu(input, *args, **kwargs):
    return _same_shape(input)


def leaky_relu_(input, *args, **kwargs):
    return _same_shape(input)


def rrelu(input, *args, **kwargs):
    return _same_shape(input)


def rrelu_(input, *args, **kwargs):
    return _same_shape(input)


def gelu(input, *args, **kwargs):
    return _same_shape(input)


def silu(input, *args, **kwargs):
    return _same_shape(input)


def mish(input, *args, **kwargs):
    return _same_shape(input)


def hardswish(input, *args, **kwargs):
    return _same_shape(input)


def hardsigmoid(input, *args, **kwargs):
    return _same_shape(input)


def hardtanh(input, *args, **kwargs):
    return _same_shape(input)


def hardtanh_(input, *args, **kwargs):
    return _same_shape(input)


def hardshrink(input, *args, **kwargs):
    return _same_shape(input)


def softshrink(input, *args, **kwargs):
    return _same_shape(input)


def tanhshrink(input, *args, **kwargs):
    return _same_shape(input)


def softsign(input, *args, **kwargs):
    return _same_shape(input)


def softplus(input, *args, **kwargs):
    return _same_shape(input)


def logsigmoid(input, *args, **kwargs):
    return _same_shape(input)


def sigmoid(input, *args, **kwargs):
    return _same_shape(input)


def tanh(input, *args, **kwargs):
    return _same_shape(input)


def softmax(input, *args, **kwargs):
    return _same_shape(input)


def log_softmax(input, *args, **kwargs):
    return _same_shape(input)


def softmin(input, *args, **kwargs):
    return _same_shape(input)


def gumbel_softmax(input, *args, **kwargs):
    return _same_shape(input)


def threshold(input, *args, **kwargs):
    return _same_shape(input)


def threshold_(input, *args, **kwargs):
    return _same_shape(input)


def dropout(input, *args, **kwargs):
    return _same_shape(input)


def dropout1d(input, *args, **kwargs):
    return _same_shape(input)


def dropout2d(input, *args, **kwargs):
    return _same_shape(input)


def dropout3d(input, *args, **kwargs):
    return _same_shape(input)


def alpha_dropout(input, *args, **kwargs):
    return _same_shape(input)


def feature_alpha_dropout(input, *args, **kwargs):
    return _same_shape(input)


def normalize(input, *args, **kwargs):
    return _same_shape(input)


def layer_norm(input, *args, **kwargs):
    return _same_shape(input)


def rms_norm(input, *args, **kwargs):
    return _same_shape(input)


def batch_norm(input, *args, **kwargs):
    return _same_shape(input)


def group_norm(input, *args, **kwargs):
    return _same_shape(input)


def instance_norm(input, *args, **kwargs):
    return _same_shape(input)


def local_response_norm(input, *args, **kwargs):
    return _same_shape(input)


def adaptive_avg_pool1d(*args, **kwargs):
    return tensor_unknown()


def adaptive_avg_pool2d(*args, **kwargs):
    return tensor_unknown()


def adaptive_avg_pool3d(*args, **kwargs):
    return tensor_unknown()


def adaptive_max_pool1d(*args, **kwargs):
    return tensor_unknown()


def adaptive_max_pool2d(*args, **kwargs):
    return tensor_unknown()


def adaptive_max_pool3d(*args, **kwargs):
    return tensor_unknown()


def affine_grid(*args, **kwargs):
    return tensor_unknown()


def avg_pool1d(*args, **kwargs):
    return tensor_unknown()


def avg_pool2d(*args, **kwargs):
    return tensor_unknown()


def avg_pool3d(*args, **kwargs):
    return tensor_unknown()


def bilinear(*args, **kwargs):
    return tensor_unknown()


def binary_cross_entropy(*args, **kwargs):
    return tensor_unknown()


def binary_cross_entropy_with_logits(*args, **kwargs):
    return tensor_unknown()


def channel_shuffle(*args, **kwargs):
    return tensor_unknown()


def conv1d(*args, **kwargs):
    return tensor_unknown()


def conv2d(*args, **kwargs):
    return tensor_unknown()


def conv3d(*args, **kwargs):
    return tensor_unknown()


def conv_tbc(*args, **kwargs):
    return tensor_unknown()


def conv_transpose1d(*args, **kwargs):
    return tensor_unknown()


def conv_transpose2d(*args, **kwargs):
    return tensor_unknown()


def conv_transpose3d(*args, **kwargs):
    return tensor_unknown()


def cosine_embedding_loss(*args, **kwargs):
    return tensor_unknown()


def cosine_similarity(*args, **kwargs):
    return tensor_unknown()


def cross_entropy(*args, **kwargs):
    return tensor_unknown()


def ctc_loss(*args, **kwargs):
    return tensor_unknown()


def embedding(*args, **kwargs):
    return tensor_unknown()


def embedding_bag(*args, **kwargs):
    return tensor_unknown()


def fold(*args, **kwargs):
    return tensor_unknown()


def fractional_max_pool2d(*args, **kwargs):
    return tensor_unknown()


def fractional_max_pool3d(*args, **kwargs):
    return tensor_unknown()


def gaussian_nll_loss(*args, **kwargs):
    return tensor_unknown()


def glu(*args, **kwargs):
    return tensor_unknown()


def grid_sample(*args, **kwargs):
    return tensor_unknown()


def grouped_mm(*args, **kwargs):
    return tensor_unknown()


def hinge_embedding_loss(*args, **kwargs):
    return tensor_unknown()


def huber_loss(*args, **kwargs):
    return tensor_unknown()


def interpolate(*args, **kwargs):
    return tensor_unknown()


def kl_div(*args, **kwargs):
    return tensor_unknown()


def l1_loss(*args, **kwargs):
    return tensor_unknown()


def linear(*args, **kwargs):
    return tensor_unknown()


def linear_cross_entropy(*args, **kwargs):
    return tensor_unknown()


def lp_pool1d(*args, **kwargs):
    return tensor_unknown()


def lp_pool2d(*args, **kwargs):
    return tensor_unknown()


def lp_pool3d(*args, **kwargs):
    return tensor_unknown()


def margin_ranking_loss(*args, **kwargs):
    return tensor_unknown()


def max_pool1d(*args, **kwargs):
    return tensor_unknown()


def max_pool2d(*args, **kwargs):
    return tensor_unknown()


def max_pool3d(*args, **kwargs):
    return tensor_unknown()


def max_unpool1d(*args, **kwargs):
    return tensor_unknown()


def max_unpool2d(*args, **kwargs):
    return tensor_unknown()


def max_unpool3d(*args, **kwargs):
    return tensor_unknown()


def mse_loss(*args, **kwargs):
    return tensor_unknown()


def multi_head_attention_forward(*args, **kwargs):
    return tensor_unknown()


def multi_margin_loss(*args, **kwargs):
    return tensor_unknown()


def multilabel_margin_loss(*args, **kwargs):
    return tensor_unknown()


def multilabel_soft_margin_loss(*args, **kwargs):
    return tensor_unknown()


def native_channel_shuffle(*args, **kwargs):
    return tensor_unknown()


def nll_loss(*args, **kwargs):
    return tensor_unknown()


def one_hot(*args, **kwargs):
    return tensor_unknown()


def pairwise_distance(*args, **kwargs):
    return tensor_unknown()


def pdist(*args, **kwargs):
    return tensor_unknown()


def pixel_shuffle(*args, **kwargs):
    return tensor_unknown()


def pixel_unshuffle(*args, **kwargs):
    return tensor_unknown()


def poisson_nll_loss(*args, **kwargs):
    return tensor_unknown()


def prelu(*args, **kwargs):
    return tensor_unknown()


def scaled_dot_product_attention(*args, **kwargs):
    return tensor_unknown()


def scaled_grouped_mm(*args, **kwargs):
    return tensor_unknown()


def scaled_mm(*args, **kwargs):
    return tensor_unknown()


def smooth_l1_loss(*args, **kwargs):
    return tensor_unknown()


def soft_margin_loss(*args, **kwargs):
    return tensor_unknown()


def triplet_margin_loss(*args, **kwargs):
    return tensor_unknown()


def triplet_margin_with_distance_loss(*args, **kwargs):
    return tensor_unknown()


def unfold(*args, **kwargs):
    return tensor_unknown()


def upsample(*args, **kwargs):
    return tensor_unknown()


def upsample_bilinear(*args, **kwargs):
    return tensor_unknown()


def upsample_nearest(*args, **kwargs):
    return tensor_unknown()


# Other names that are there.
_OTHER = set(
    "BroadcastingList1 BroadcastingList2 BroadcastingList3 Callable DType GRID_SAMPLE_INTERPOLATION_MODES "
    "GRID_SAMPLE_PADDING_MODES Optional ScalingType SwizzleType adaptive_max_pool1d_with_indices "
    "adaptive_max_pool2d_with_indices adaptive_max_pool3d_with_indices assert_int_or_pair boolean_dispatch "
    "fractional_max_pool2d_with_indices fractional_max_pool3d_with_indices grad handle_torch_function "
    "has_torch_function has_torch_function_unary has_torch_function_variadic importlib math "
    "max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices np torch warnings".split()
)


def __getattr__(name):
    if name in _OTHER or name.startswith("_"):
        return unknown(f"torch.nn.functional.{name}")
    raise AttributeError(f"module 'torch.nn.functional' has no attribute '{name}'")
