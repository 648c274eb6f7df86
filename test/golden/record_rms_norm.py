"""Normalisation by the root mean square: shapes, eps, with and without weight, and inputs whose squares do not fit."""

import math

import golden
import torch
from torch.nn.functional import rms_norm

BARE_AND_SCALED = [[], ["weight"]]


def run(inputs, args):
    chosen = {name: inputs[name] for name in args["use"]}
    return rms_norm(inputs["input"], args["normalizedShape"], **chosen, eps=args.get("eps"))


def group(name, rows, normalized_shape, epsilons=(1e-5,)):
    """Calls on one input, without and with a weight of the last dimensions."""
    inputs = {"input": rows, "weight": torch.rand(normalized_shape) + 0.5}
    arguments = [
        {"normalizedShape": list(normalized_shape), "use": use, **({"eps": eps} if eps is not None else {})}
        for use in BARE_AND_SCALED
        for eps in epsilons
    ]
    return golden.record_group(name, run, inputs, arguments)


def shapes():
    shaped = [((5,), 1), ((3, 7), 1), ((2, 3, 4), 2), ((1, 2, 3, 2), 3), ((2, 3, 2, 5), 1), ((2, 21), 1), ((70, 5), 1)]
    return [
        *(group(f"shape {list(shape)}", torch.randn(shape), shape[-dims:]) for shape, dims in shaped),
        group("an empty batch", torch.empty(0, 4), (4,)),
        group("rows without elements", torch.empty(3, 0), (0,)),
        group("no rows of two dimensions", torch.empty(2, 0, 3, 2), (3, 2)),
        group("rows of one element", torch.randn(6, 1), (1,)),
        group("eps", torch.randn(2, 16) * 0.01, (16,), epsilons=(0, 1e-12, 1e-6, 1e-3, 0.1, 10)),
        # Float64 has another default than float32, which does not show beside squares as large as these.
        group("the default of eps", torch.randn(2, 16) * 1e3, (16,), epsilons=(None,)),
    ]


def hard_inputs():
    return [
        group("randn, long rows", torch.randn(1, 200), (200,)),
        group("randn + 10000", torch.randn(2, 64) + 1e4, (64,)),
        group("randn * 1e-20", torch.randn(2, 32) * 1e-20, (32,), epsilons=(1e-5, 0)),
        group("randn * 1e-30", torch.randn(2, 32) * 1e-30, (32,), epsilons=(1e-5, 0)),
        group("constant rows", torch.tensor([[0.1], [-3e4], [7e8]]).repeat(1, 37), (37,)),
        group("zeros", torch.zeros(2, 5), (5,), epsilons=(1e-5, 0)),
        group("rows about 1e15", torch.randn(2, 21) * 1e15, (21,)),
        group("rows about 1e18", torch.randn(2, 21) * 1e18, (21,)),
        group("rows about 1e30", torch.randn(2, 21) * 1e30, (21,)),
        group("constant rows of 1e30", torch.full((2, 20), 1e30), (20,)),
        group("one outlier", torch.arange(64.0).repeat(2, 1).index_fill(1, torch.tensor([5]), 1e6), (64,)),
    ]


def not_numbers():
    """Rows that hold NaN or an infinity, among rows that do not."""
    rows = torch.randn(5, 19)
    for row, column, value in [(0, 3, math.nan), (2, 0, math.inf), (3, 18, -math.inf)]:
        rows[row, column] = value
    return [group("NaN and infinity in single rows", rows, (19,))]


def main():
    torch.manual_seed(1)
    golden.write("rms_norm", {"groups": shapes() + hard_inputs() + not_numbers()})


if __name__ == "__main__":
    main()
