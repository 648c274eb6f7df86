"""Batch normalisation: shapes, every option, the running statistics, and inputs that are hard on the variance."""

import math

import golden
import torch
from torch.nn.functional import batch_norm

AFFINE = [[], ["weight"], ["bias"], ["weight", "bias"]]
BOTH = ["weight", "bias"]
RUNNING = ["runningMean", "runningVar"]


def run(inputs, args):
    """The output; or, as "result" says, what a running statistic has become."""
    chosen = {name: inputs[name] for name in args["use"] if name in BOTH}
    running = [inputs[name].detach() if name in args["use"] else None for name in RUNNING]
    options = {name: args[name] for name in ("training", "momentum", "eps") if name in args}
    y = batch_norm(inputs["input"], *running, **chosen, **options)
    return running[RUNNING.index(args["result"])] if "result" in args else y


def group(name, batch, arguments):
    channels = batch.shape[1]
    inputs = {
        "input": batch,
        "weight": torch.rand(channels) + 0.5,
        "bias": torch.randn(channels),
        "runningMean": torch.randn(channels),
        "runningVar": torch.rand(channels) + 0.5,
    }
    return golden.record_group(name, run, inputs, arguments)


def training(**options):
    return {"use": BOTH + RUNNING, "training": True, **options}


def statistics(**options):
    """What the running statistics become."""
    return [training(result=name, **options) for name in RUNNING]


EVALUATION = {"use": BOTH + RUNNING}
ALL = [training(), *statistics(), EVALUATION]


def shapes():
    shaped = [(2, 1), (3, 5), (5, 17), (70, 3), (2, 3, 1), (1, 3, 2), (4, 2, 19), (2, 2, 3, 2), (2, 1, 2, 1, 3)]
    return [
        *(group(f"shape {list(shape)}", torch.randn(shape), ALL) for shape in shaped),
        group("an empty batch", torch.empty(0, 3), ALL),
        group("no positions", torch.empty(2, 3, 0), ALL),
        group("a single value, in evaluation", torch.randn(1, 3), [EVALUATION]),
    ]


def options():
    use = [{"use": [*names, *RUNNING], "training": mode} for names in AFFINE for mode in (True, False)]
    without = [{"use": names, "training": True} for names in AFFINE]
    epsilons = [{**case, "eps": eps} for eps in (1e-12, 1e-3, 10) for case in (training(), EVALUATION)]
    momenta = [case for momentum in (0, 0.25, 1, 2, -1) for case in statistics(momentum=momentum)]
    return [
        group("affine", torch.randn(4, 6), use + without),
        group("eps", torch.randn(4, 2, 3) * 0.01, [*epsilons, {**EVALUATION, "eps": 0}]),
        group("momentum", torch.randn(4, 3) + 2, momenta),
    ]


def hard_inputs():
    """Inputs whose variance is lost where it is computed carelessly."""
    ramp = torch.arange(64.0).reshape(64, 1).repeat(1, 2)
    hard = {
        "randn": torch.randn(64, 2),
        "randn, long": torch.randn(1, 2, 200),
        "randn + 2000": torch.randn(64, 2) + 2000,
        "randn + 10000": torch.randn(64, 2) + 1e4,
        "randn + 10000, long": torch.randn(2, 2, 40) + 1e4,
        "rand * 1e-3 - 5000": torch.rand(65, 2) * 1e-3 - 5000,
        "randn * 1e-20": torch.randn(32, 2) * 1e-20,
        # Of large constants, PyTorch's float64 is not exact either.
        "constant channels": torch.tensor([0.1, -3.0, 0.0, 7.0]).repeat(37, 1),
        "constant channels, long": torch.tensor([0.1, -3.0, 0.0, 7.0]).reshape(4, 1).repeat(2, 1, 11),
        "channels about 1e15": torch.randn(21, 2) * 1e15,
        "channels near 1e15": torch.randn(21, 2) * 1e9 + 1e15,
        "one outlier": ramp.index_fill(0, torch.tensor([5]), 1e6),
    }
    # Their running variance, 1e60, is not a float32.
    huge = {
        "channels about 1e30": torch.randn(21, 2) * 1e30,
        "channels about 1e30, long": torch.randn(1, 2, 21) * 1e30,
    }
    without = {"use": BOTH, "training": True}
    return [
        *(group(name, batch, [training(), *statistics()]) for name, batch in hard.items()),
        *(group(name, batch, [without]) for name, batch in huge.items()),
    ]


def not_numbers():
    """Channels that hold NaN or an infinity, among channels that do not."""
    batch = torch.randn(7, 5)
    for channel, row, value in [(0, 3, math.nan), (2, 0, math.inf), (3, 6, -math.inf)]:
        batch[row, channel] = value
    return [
        group("NaN and infinity in single channels", batch, ALL),
        group("NaN and infinity, long", batch.t().reshape(1, 5, 7).contiguous(), ALL),
    ]


def main():
    torch.manual_seed(1)
    golden.write("batch_norm", {"groups": shapes() + options() + hard_inputs() + not_numbers()})


if __name__ == "__main__":
    main()
