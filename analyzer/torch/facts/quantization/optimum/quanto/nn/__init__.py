# optimum.quanto.nn, read from optimum-quanto 0.2.7.
from optimum.quanto.nn.qlayernorm import QLayerNorm
from optimum.quanto.nn.qlinear import QLinear
