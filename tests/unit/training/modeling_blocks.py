"""One class for each thing that a step of training may do with a module; what is certain of it stands in its comment."""
import torch
from torch import nn
from torch.nn import functional as F
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from .configuration_blocks import BlocksConfig


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.noise = config.noise
        self.dtype = torch.float32
        self.linear = nn.Linear(4, 4)


class Multiplies(Block):  # conduct: changes
    def forward(self, x):
        if self.training and self.noise > 0:
            x *= 1.1
        return self.linear(x)


class Adds(Block):  # conduct: changes
    def forward(self, x):
        x.add_(1)
        return self.linear(x)


class WritesItem(Block):  # conduct: changes
    def forward(self, x):
        x[0] = 0
        return self.linear(x)


class AddsToView(Block):  # conduct: changes
    def forward(self, x):
        y = x.view(-1, 4).transpose(0, 1)[1:]
        y += 1
        return self.linear(x)


class HelperMethod(Block):  # conduct: changes
    def jitter(self, states):
        states *= 2

    def forward(self, x):
        self.jitter(x)
        return self.linear(x)


def jitter(states):
    return states.mul_(2)


class HelperFunction(Block):  # conduct: changes
    def forward(self, x):
        jitter(x)
        return self.linear(x)


class Router(nn.Module):  # conduct: changes
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, states):
        states *= 2
        return self.linear(states)


class ChildChanges(Block):  # conduct: changes
    def __init__(self, config):
        super().__init__(config)
        self.router = Router()

    def forward(self, x):
        return self.linear(self.router(x))


class Activates(Block):  # conduct: changes
    def __init__(self, config):
        super().__init__(config)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.linear(self.act(x))


class ActivatesByFunction(Block):  # conduct: changes
    def forward(self, x):
        return self.linear(F.relu(x, inplace=True))


class BothSidesOfCondition(Block):  # conduct: changes
    def forward(self, x, mask=None):
        if self.config.quiet == 0 and mask is None:
            x -= 1
        return self.linear(x)


class Casts(Block):  # conduct: may change
    def forward(self, x):
        x = x.to(self.dtype)
        x *= 2
        return self.linear(x)


class CastsToFloat(Block):  # conduct: may change
    def forward(self, x):
        y = x.float()
        y.mul_(2)
        return self.linear(y)


class Quiet(Block):  # conduct: nothing
    def forward(self, x):
        if self.training and self.config.quiet > 0:
            x *= 1.1
        return self.linear(x)


class OnlyInEvaluation(Block):  # conduct: nothing
    def forward(self, x):
        if not self.training:
            x *= 1.1
        return self.linear(x)


class CopiesFirst(Block):  # conduct: nothing
    def forward(self, x):
        x = x.clone()
        x *= 2
        y = x + 1
        y += 1
        z = x * 2
        z.add_(1)
        return self.linear(z)


class PerhapsCopies(Block):  # conduct: nothing
    def forward(self, x):
        x = x.reshape(-1, 4)
        x *= 2
        return self.linear(x)


class PicksByMask(Block):  # conduct: nothing
    def forward(self, x):
        y = x[x > 0]
        y *= 2
        return self.linear(x)


class UnderCondition(Block):  # conduct: nothing
    def forward(self, x, scale=None):
        if x.sum() > 0:
            x *= 2
        return self.linear(x)


class AfterPerhapsReturning(Block):  # conduct: nothing
    def forward(self, x):
        if x.shape[0] == 0:
            return self.linear(x)
        x *= 2
        return self.linear(x)


class WithoutGradients(Block):  # conduct: nothing
    def forward(self, x):
        with torch.no_grad():
            x *= 2
        return self.linear(x)


class ChangesOutput(Block):  # conduct: nothing
    def forward(self, x):
        x = self.linear(x)
        x += 1
        x.mul_(2)
        return x


class ChangesItsOwn(Block):  # conduct: nothing
    def forward(self, x):
        out = torch.zeros_like(x)
        out[0] = 1
        out.index_add_(0, torch.arange(2), x)
        return self.linear(out)


class InLoop(Block):  # conduct: changes
    def forward(self, x):
        for i in range(2):
            x *= 2
        return self.linear(x)


class InLoopOfUnknownLength(Block):  # conduct: nothing
    def forward(self, x):
        for i in range(x.shape[0]):
            x *= 2
        return self.linear(x)


class OutputOfBlocks(ModelOutput):  # conduct: -
    states: torch.Tensor = None


class ReturnsOutput(Block):  # conduct: dict
    def forward(self, x):
        return OutputOfBlocks(states=self.linear(x))


class ReturnsDict(Block):  # conduct: dict
    def forward(self, x, return_dict=None):
        return_dict = return_dict if return_dict is not None else self.config.use_return_dict
        if not return_dict:
            return (self.linear(x),)
        return {"states": self.linear(x)}


class ReturnsEither(Block):  # conduct: nothing
    def forward(self, x, flag=None):
        if x.sum() > 0:
            return {"states": self.linear(x)}
        return self.linear(x)


class ReturnsTuple(Block):  # conduct: nothing
    def forward(self, x):
        return (self.linear(x), {"more": 1})


class ToldToReturnTuple(ReturnsDict):  # conduct: nothing
    pass


class ByKeyword(Block):  # conduct: no grad by keyword
    def forward(self, x=None):
        return self.linear(x)


class ByIds(Block):  # conduct: no grad
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(8, 4)

    def forward(self, ids):
        return self.linear(self.words(ids))


class ByIdsAndStates(Block):  # conduct: nothing
    def forward(self, ids, x):
        return self.linear(x)


class ByPositions(Block):  # conduct: no grad
    def forward(self, positions):
        return self.linear(positions)


class ByStar(Block):  # conduct: nothing
    def forward(self, x):
        return self.linear(x)


class Words(nn.Embedding):  # conduct: no grad
    pass


class UnusedWords(nn.Embedding):  # conduct: nothing
    pass


class Twice(Block):  # conduct: twice
    def forward(self, x):
        return self.linear(x)


class TwiceInLoop(Block):  # conduct: twice
    def forward(self, x):
        return self.linear(x)


class InsideTwice(Block):  # conduct: twice
    def forward(self, x):
        return self.linear(x)


class AroundTwice(nn.Module):  # conduct: twice
    def __init__(self, config):
        super().__init__()
        self.inner = InsideTwice(config)

    def forward(self, x):
        return self.inner(x)


class OnceOrTwice(Block):  # conduct: nothing
    def forward(self, x):
        return self.linear(x)


class OnceEach(Block):  # conduct: nothing
    def forward(self, x):
        return self.linear(x)


class NeverForCertain(Block):  # conduct: nothing
    def forward(self, x=None):
        x *= 2
        return {"states": x}


class DirectForward(Block):  # conduct: nothing
    def forward(self, x):
        x *= 2
        return self.linear(x)


class BlocksModel(PreTrainedModel):  # conduct: -
    config_class = BlocksConfig

    def __init__(self, config):
        super().__init__(config)
        self.norm = nn.LayerNorm(4)
        self.embed = nn.Embedding(8, 4)
        self.multiplies = Multiplies(config)
        self.adds = Adds(config)
        self.writes_item = WritesItem(config)
        self.adds_to_view = AddsToView(config)
        self.helper_method = HelperMethod(config)
        self.helper_function = HelperFunction(config)
        self.child_changes = ChildChanges(config)
        self.activates = Activates(config)
        self.activates_by_function = ActivatesByFunction(config)
        self.both = BothSidesOfCondition(config)
        self.casts = Casts(config)
        self.casts_to_float = CastsToFloat(config)
        self.quiet = Quiet(config)
        self.only_in_evaluation = OnlyInEvaluation(config)
        self.copies_first = CopiesFirst(config)
        self.perhaps_copies = PerhapsCopies(config)
        self.picks = PicksByMask(config)
        self.under_condition = UnderCondition(config)
        self.after_perhaps_returning = AfterPerhapsReturning(config)
        self.without_gradients = WithoutGradients(config)
        self.changes_output = ChangesOutput(config)
        self.changes_its_own = ChangesItsOwn(config)
        self.in_loop = InLoop(config)
        self.in_loop_of_unknown_length = InLoopOfUnknownLength(config)
        self.returns_output = ReturnsOutput(config)
        self.returns_dict = ReturnsDict(config)
        self.returns_either = ReturnsEither(config)
        self.returns_tuple = ReturnsTuple(config)
        self.told = ToldToReturnTuple(config)
        self.by_keyword = ByKeyword(config)
        self.by_ids = ByIds(config)
        self.by_ids_and_states = ByIdsAndStates(config)
        self.by_positions = ByPositions(config)
        self.by_star = ByStar(config)
        self.words = Words(8, 4)
        self.unused_words = UnusedWords(8, 4)
        self.twice = Twice(config)
        self.twice_in_loop = TwiceInLoop(config)
        self.around = AroundTwice(config)
        self.once_or_twice = OnceOrTwice(config)
        self.once_each = nn.ModuleList([OnceEach(config) for _ in range(3)])
        self.never_for_certain = NeverForCertain(config)
        self.direct = DirectForward(config)
        self.post_init()

    def forward(self, input_ids, labels=None, **kwargs):
        states = self.norm(self.embed(input_ids))
        self.multiplies(self.norm(states))
        self.adds(self.norm(states))
        self.writes_item(self.norm(states))
        self.adds_to_view(self.norm(states))
        self.helper_method(self.norm(states))
        self.helper_function(self.norm(states))
        self.child_changes(self.norm(states))
        self.activates(self.norm(states))
        self.activates_by_function(self.norm(states))
        self.both(self.norm(states))
        self.casts(self.norm(states))
        self.casts_to_float(self.norm(states))
        self.quiet(self.norm(states))
        self.only_in_evaluation(self.norm(states))
        self.copies_first(self.norm(states))
        self.perhaps_copies(self.norm(states))
        self.picks(self.norm(states))
        self.under_condition(self.norm(states))
        self.after_perhaps_returning(self.norm(states))
        self.without_gradients(self.norm(states))
        self.changes_output(self.norm(states))
        self.changes_its_own(self.norm(states))
        self.in_loop(self.norm(states))
        self.in_loop_of_unknown_length(self.norm(states))
        self.returns_output(states)
        self.returns_dict(states)
        self.returns_either(states)
        self.returns_tuple(states)
        self.told(states, return_dict=False)
        self.by_keyword(x=states)
        self.by_ids(input_ids)
        self.by_ids_and_states(input_ids, states)
        self.by_positions(torch.arange(4))
        self.by_star(*states)
        if labels is not None:
            states = states + self.words(labels)
        states = states @ self.unused_words.weight
        states = self.twice(states)
        states = self.twice(states)
        for _ in range(3):
            states = self.twice_in_loop(states)
        for _ in range(2):
            states = self.around(states)
        states = self.once_or_twice(states)
        if states.sum() > 0:
            states = self.once_or_twice(states)
        for block in self.once_each:
            states = block(states)
        if labels is not None:
            self.never_for_certain(x=states)
        self.direct.forward(states)
        return states
