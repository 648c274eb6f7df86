"""Layer normalisation: shapes, eps, with and without weight and bias, and inputs that are hard on the variance."""

import math

import golden
import torch
from torch.nn.functional import layer_norm

AFFINE = [[], ["weight"], ["bias"], ["weight", "bias"]]
BARE_AND_AFFINE = [[], ["weight", "bias"]]


def run(inputs, args):
    chosen = {name: inputs[name] for name in args["use"]}
    return layer_norm(inputs["input"], args["normalizedShape"], **chosen, eps=args.get("eps", 1e-5))


def group(name, rows, normalized_shape, uses=(["weight", "bias"],), epsilons=(None,)):
    """Calls on one input, with a weight and a bias of the last dimensions."""
    inputs = {
        "input": rows,
        "weight": torch.rand(normalized_shape) + 0.5,
        "bias": torch.randn(normalized_shape),
    }
    arguments = [
        {"normalizedShape": list(normalized_shape), "use": use, **({"eps": eps} if eps is not None else {})}
        for use in uses
        for eps in epsilons
    ]
    return golden.record_group(name, run, inputs, arguments)


def shapes():
    plain = [
        group(f"shape {list(shape)}", torch.randn(shape), shape[-dims:], AFFINE)
        for shape, dims in [((5,), 1), ((3, 7), 1), ((2, 3, 4), 2), ((1, 2, 3, 2), 3), ((2, 3, 2, 5), 1), ((2, 21), 1)]
    ]
    empty = [
        group("an empty batch", torch.empty(0, 4), (4,), AFFINE),
        group("no rows of two dimensions", torch.empty(2, 0, 3, 2), (3, 2)),
        group("rows of one element", torch.randn(6, 1), (1,), AFFINE),
    ]
    epsilons = [group("eps", torch.randn(2, 16) * 0.01, (16,), epsilons=(0, 1e-12, 1e-6, 1e-3, 0.1, 10))]
    return plain + empty + epsilons


def hard_inputs():
    """Inputs whose variance is lost where it is computed carelessly."""
    ramp = torch.arange(64.0).repeat(2, 1)
    return [
        group("randn", torch.randn(2, 64), (64,), BARE_AND_AFFINE),
        group("randn, long rows", torch.randn(1, 200), (200,)),
        group("randn + 2000", torch.randn(2, 64) + 2000, (64,), BARE_AND_AFFINE),
        group("randn + 2000, long rows", torch.randn(1, 200) + 2000, (200,)),
        group("randn + 10000", torch.randn(2, 64) + 1e4, (64,), BARE_AND_AFFINE),
        group("rand * 1e-3 - 5000", torch.rand(2, 65) * 1e-3 - 5000, (65,)),
        group("randn * 1e-20", torch.randn(2, 32) * 1e-20, (32,)),
        group("constant rows", torch.tensor([[0.1], [-3e4], [0.0], [7e8]]).repeat(1, 37), (37,), BARE_AND_AFFINE),
        group("constant rows of 1e15", torch.full((3, 37), 1e15), (37,)),
        group("rows about 1e15", torch.randn(2, 21) * 1e15, (21,), BARE_AND_AFFINE),
        group("rows near 1e15", torch.randn(2, 21) * 1e9 + 1e15, (21,)),
        group("rows about 1e18", torch.randn(2, 21) * 1e18, (21,)),
        group("rows about 1e30", torch.randn(2, 21) * 1e30, (21,), BARE_AND_AFFINE),
        group("constant rows of 1e30", torch.full((2, 20), 1e30), (20,)),
        group("rows near 1e30", torch.randn(2, 21) * 1e29 + 1e30, (21,)),
        group("one outlier", ramp.index_fill(1, torch.tensor([5]), 1e6), (64,)),
    ]


def not_numbers():
    """Rows that hold NaN or an infinity, among rows that do not."""
    rows = torch.randn(5, 19)
    for row, column, value in [(0, 3, math.nan), (2, 0, math.inf), (3, 18, -math.inf)]:
        rows[row, column] = value
    both = torch.randn(3, 19)
    both[1, 2], both[1, 9] = math.inf, -math.inf
    return [
        group("NaN and infinity in single rows", rows, (19,), BARE_AND_AFFINE),
        group("both infinities in one row", both, (19,)),
        group("infinity in rows of one element", torch.tensor([[math.inf], [2.0], [math.nan]]), (1,)),
    ]


def short_rows():
    """Rows of few elements at an offset: what the mean is rounded by shows in every gradient."""
    return [
        group("short rows of randn + 1e4", torch.randn(2, 4) + 1e4, (4,), BARE_AND_AFFINE),
        group("short rows of randn - 1e5", torch.randn(8, 3) - 1e5, (3,), BARE_AND_AFFINE),
        group("a row of randn * 0.01 + 1e4", torch.randn(7) * 0.01 + 1e4, (7,), BARE_AND_AFFINE),
    ]


def main():
    torch.manual_seed(1)
    golden.write("layer_norm", {"groups": shapes() + hard_inputs() + not_numbers() + short_rows()})


if __name__ == "__main__":
    main()
