"""Group normalisation: shapes, numbers of groups, eps, with and without weight and bias, and hard inputs."""

import math

import golden
import torch
from torch.nn.functional import group_norm

# Not a bias alone: PyTorch 2.13 fails to go backward ("tensor does not have a device").
AFFINE = [[], ["weight"], ["weight", "bias"]]


def run(inputs, args):
    chosen = {name: inputs[name] for name in args["use"]}
    return group_norm(inputs["input"], args["numGroups"], **chosen, eps=args.get("eps", 1e-5))


def group(name, batch, numbers, uses=(["weight", "bias"],), epsilons=(None,)):
    """Calls on one input, for several numbers of groups."""
    channels = batch.shape[1]
    inputs = {"input": batch, "weight": torch.rand(channels) + 0.5, "bias": torch.randn(channels)}
    arguments = [
        {"numGroups": number, "use": use, **({"eps": eps} if eps is not None else {})}
        for number in numbers
        for use in uses
        for eps in epsilons
    ]
    return golden.record_group(name, run, inputs, arguments)


def shapes():
    shaped = {(3, 6): (1, 2, 3), (2, 4, 5): (1, 2, 4), (1, 6, 2, 3): (3,), (2, 4, 1): (2,), (1, 2, 3, 1, 2): (2,)}
    return [
        *(group(f"shape {list(shape)}", torch.randn(shape), numbers) for shape, numbers in shaped.items()),
        group("affine", torch.randn(2, 4, 3), (2,), AFFINE),
        group("a value to a group", torch.randn(3, 4), (4,)),
        group("eps", torch.randn(2, 4, 3) * 0.01, (2,), epsilons=(0, 1e-12, 1e-3, 10)),
        group("an empty batch", torch.empty(0, 6, 2), (3,)),
        group("no positions", torch.empty(2, 6, 0), (3,)),
    ]


def hard_inputs():
    """Inputs whose variance is lost where it is computed carelessly."""
    hard = {
        "randn": torch.randn(2, 4, 16),
        "randn + 2000": torch.randn(2, 4, 16) + 2000,
        "randn + 10000": torch.randn(2, 4, 16) + 1e4,
        "randn + 10000, channels only": torch.randn(2, 34) + 1e4,
        "rand * 1e-3 - 5000": torch.rand(2, 4, 9) * 1e-3 - 5000,
        "randn * 1e-20": torch.randn(2, 4, 4) * 1e-20,
        "constant groups": torch.tensor([0.1, 0.1, 7e8, 7e8]).reshape(4, 1).repeat(2, 1, 5),
        "groups about 1e15": torch.randn(2, 4, 5) * 1e15,
        "groups near 1e15": torch.randn(2, 4, 5) * 1e9 + 1e15,
        "groups about 1e30": torch.randn(2, 4, 5) * 1e30,
        "constant groups of 1e30": torch.full((2, 4, 5), 1e30),
    }
    return [group(name, batch, (2,)) for name, batch in hard.items()]


def not_numbers():
    """Groups that hold NaN or an infinity, among groups that do not."""
    batch = torch.randn(2, 6, 3)
    batch[0, 1, 2], batch[0, 4, 0], batch[1, 3, 1] = math.nan, math.inf, -math.inf
    return [group("NaN and infinity in single groups", batch, (3,))]


def main():
    torch.manual_seed(1)
    golden.write("group_norm", {"groups": shapes() + hard_inputs() + not_numbers()})


if __name__ == "__main__":
    main()
