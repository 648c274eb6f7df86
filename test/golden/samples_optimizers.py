"""The samples of `optim_db`: ten steps of each with the gradients of optimizers.py, and what constructors reject."""

import optimizers
import torch
from samples import Excluded, Inputs, call, camel, plain
from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db

STATE = {
    "Adam": {"step": "step", "exp_avg": "expAvg", "exp_avg_sq": "expAvgSq", "max_exp_avg_sq": "maxExpAvgSq"},
    "SGD": {"momentum_buffer": "momentumBuffer"},
}
STATE["AdamW"] = STATE["Adam"]

OPTIONS = ("lr", "betas", "eps", "weight_decay", "amsgrad", "maximize", "momentum", "dampening", "nesterov")


def check_options(options):
    for name in options:
        if name not in OPTIONS:
            raise Excluded(f"the option `{name}`")


def case_of(name, sample):
    """The options of a sample as ours, numbers all of them."""
    check_options(sample.kwargs)
    numbers = {key: value.item() if isinstance(value, torch.Tensor) else value for key, value in sample.kwargs.items()}
    return {"optimizer": name, "options": {camel(key): plain(value) for key, value in numbers.items()}, "groups": []}


def listed(params):
    """In PyTorch, the tensors of a group may be a single one; here they are a list, which is not what such a call is about."""
    if isinstance(params, torch.Tensor):
        return params
    return [
        {**group, "params": [group["params"]]}
        if isinstance(group, dict) and isinstance(group["params"], torch.Tensor)
        else group
        for group in params
    ]


def rejected(info, error):
    """The call of a constructor that fails."""
    if error.error_on != OptimizerErrorEnum.CONSTRUCTION_ERROR:
        raise Excluded("errors of a step")
    sample = error.optimizer_error_input
    check_options(sample.kwargs)
    inputs = Inputs()
    params = [torch.zeros(2, requires_grad=True)] if sample.params is None else sample.params
    args = [inputs.take("params", listed(params))]
    return None, inputs, [call(f"optim.{info.optim_cls.__name__}", args, inputs.take("options", sample.kwargs))]


def record(recording):
    """Adds the optimizers to the recording, by name."""
    for info in optim_db:
        name = info.optim_cls.__name__
        if name not in STATE:
            continue
        recording.begin(name)
        cases = []
        for sample in info.optim_inputs_func("cpu"):
            recording.count(f"optim.{name}", lambda: cases.append(case_of(name, sample)))
        recording.optimizers[name] = optimizers.content(cases, STATE[name])
        for error in info.optim_error_inputs_func("cpu", torch.float32):
            recording.error(f"optim.{name}", lambda: rejected(info, error))
