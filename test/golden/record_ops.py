"""Reductions, logSoftmax, arithmetic with broadcasting, shapes, square root, ReLU and linear."""

import math
import warnings

import golden
import torch

NAN, INF = math.nan, math.inf


def reduce(inputs, args):
    """One reduction. Without `dim`, over all dimensions."""
    options = golden.camel_to_snake(args["options"])
    x = inputs["input"]
    dim = args.get("dim")
    if args["name"] in ("argmax", "log_softmax"):
        return getattr(torch, args["name"])(x, dim, **options)
    if args["name"] in ("sum", "mean") and dim is None:
        return getattr(x, args["name"])() if not options else getattr(x, args["name"])(list(range(x.dim())), **options)
    return getattr(x, args["name"])(dim=dim, **options)


def reductions(dims, names=("sum", "mean", "var", "std"), keepdims=(False, True), corrections=(0, 1, 2)):
    """Every reduction over each choice of dimensions; variances with each correction."""
    for name in names:
        for dim in dims:
            for keepdim in keepdims:
                for correction in corrections if name in ("var", "std") else (None,):
                    options = {"correction": correction} if correction is not None else {}
                    options |= {"keepdim": True} if keepdim else {}
                    yield {"name": name, **({"dim": dim} if dim is not None else {}), "options": options}


def along(name, dims):
    return [{"name": name, **({"dim": dim} if dim is not None else {}), "options": {}} for dim in dims]


def record_reduction(title, x, arguments):
    return golden.record_group(title, reduce, {"input": x}, arguments)


def ties():
    """Equal largest elements, and NaN in several places."""
    return torch.tensor([[1, 3, 3, 2], [NAN, 5, NAN, INF], [-INF, -INF, -INF, -INF], [0.0, -0.0, 0.0, NAN]])


def hard_spreads():
    """Variances whose squares overflow or underflow in float32, or whose mean is large; corrections of every kind."""
    both, dims = ("var", "std"), [None, 0]
    corrections = (0.5, -1.5, 2.5)
    spreads = [{"name": name, "dim": 0, "options": {"correction": 5}} for name in both]
    return [
        record_reduction("1e20", torch.tensor([1e20, -1e20, 3e20]), list(reductions(dims, ("std",)))),
        record_reduction("3e-23", torch.tensor([3e-23, -3e-23, 5e-23]), list(reductions(dims, ("std",), (False,)))),
        record_reduction("rows of 1e19", torch.randn(3, 20) * 1e19, list(reductions([1], both, (False,), (0, 1)))),
        # No float32 holds the mean; PyTorch's float64 is exact on two numbers.
        record_reduction("near 1e4", 1e4 + torch.tensor([0, 9]) / 1024, list(reductions(dims, both, (False,), (0, 1)))),
        record_reduction("equal numbers", torch.full((3, 10), 0.1), list(reductions([None, 0, 1], both, (False,), (0, 1)))),
        record_reduction("corrections", torch.tensor([1.0, 2, 4]), [*reductions(dims, both, (False,), corrections), *spreads]),
    ]


def record_reductions():
    cube = torch.randn(2, 3, 2)
    every = [None, 0, 1, -1, -2, [0, 1], [0, 2], [-1, 0], [2, 0, 1]]
    empty = list(reductions([None, 1, [0, 1]], keepdims=(False,)))
    scalars = list(reductions([None, 0, -1])) + list(reductions([[]], ("sum", "mean")))
    soft = torch.tensor([[1e4, -1e4, 0], [INF, 1, 2], [-INF, 0, 1], [-INF, -INF, -INF], [NAN, 1, 2]])
    return [
        record_reduction("shape [2, 3, 2]", cube, list(reductions(every, keepdims=(False,)))),
        # PyTorch's gradient of a variance over an empty list of dimensions is not that of its output.
        record_reduction("shape [2, 3, 2], dim []", cube, list(reductions([[]], ("sum", "mean")))),
        record_reduction("shape [2, 3, 2], keepdim", cube, list(reductions([None, 1, [0, 2]], keepdims=(True,)))),
        record_reduction("shape [16, 9]", torch.randn(16, 9), along("sum", [None, 1]) + along("mean", [0])),
        record_reduction("shape [3, 21]", torch.randn(3, 21), [*along("mean", [0, 1]), *along("var", [0, 1])]),
        record_reduction("three hundred numbers", torch.randn(300) + 3, along("sum", [None]) + along("var", [None])),
        record_reduction("randn + 1000", torch.randn(2, 20) + 1000, list(reductions([None, 1], keepdims=(False,)))),
        record_reduction("one number", torch.tensor(2.5), scalars + along("argmax", [None, 0, -1])),
        # Where the count is below the correction, PyTorch's gradient along a dimension is not that of its output.
        record_reduction("one element", torch.tensor([[3.0]]), list(reductions([None, 1], corrections=(0, 1)))),
        record_reduction("no elements, [0]", torch.empty(0), list(reductions([None, 0]))),
        record_reduction("no elements, [3, 0]", torch.empty(3, 0), empty + along("argmax", [0])),
        record_reduction("no elements, [0, 3]", torch.empty(0, 3), empty + along("argmax", [1])),
        record_reduction("NaN and infinities", ties(), list(reductions([None, 0, 1], keepdims=(False,)))),
        record_reduction("argmax of ties and NaN", ties(), along("argmax", [None, 0, 1, -1])),
        record_reduction("argmax and log_softmax", cube, along("argmax", [None, 0, 1, 2, -2])),
        record_reduction("argmax, keepdim", cube, [{"name": "argmax", "dim": 1, "options": {"keepdim": True}}]),
        record_reduction("log_softmax", cube, along("log_softmax", [0, 1, 2, -1, -2, -3])),
        record_reduction("log_softmax of one number", torch.tensor(1.5), along("log_softmax", [0, -1])),
        record_reduction("log_softmax of no rows", torch.empty(0, 3), along("log_softmax", [0, 1])),
        record_reduction("log_softmax of extremes", soft, along("log_softmax", [1])),
        record_reduction("log_softmax near 1e4", torch.randn(3, 9) + 1e4, along("log_softmax", [0, 1])),
    ]


BROADCASTS = [
    ([3], [3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 3]), ([2, 1, 4], [3, 1]), ([], [2, 2]), ([2, 2], []),
    ([], []), ([1], [4]), ([1, 1, 1], [2]), ([0], [1]), ([1], [0]), ([2, 0], [2, 1]), ([0, 3], [3]), ([], [0]),
    ([2, 1, 2, 1], [2, 1, 3]), ([17], [17]), ([2, 19], [2, 1]),
]  # fmt: skip

SPECIAL = [0.0, -0.0, 1.0, INF, -INF, NAN, 0.1, -3e9]
EXTREME = [-0.0, INF, 1e-45, 3e38, -3e38, 1.2e-38, -1e-30, 0.1]


def binary(inputs, args):
    """An operation on two tensors, or on a tensor and a number."""
    first, second = inputs["a"], args.get("number", inputs.get("b"))
    if args.get("detached"):
        first, second = first.detach(), second.detach()
    if args.get("reversed"):
        first, second = second, first
    return getattr(torch, args["name"])(torch.as_tensor(first), second)


def all_pairs(values):
    values = torch.tensor(values)
    return values.repeat_interleave(len(values)), values.repeat(len(values))


def record_arithmetic():
    names = [{"name": name} for name in ("add", "sub", "mul", "div")]
    pairs = [(f"{a} and {b}", torch.randn(a), torch.randn(b)) for a, b in BROADCASTS]
    pairs.append(("special values", *all_pairs(SPECIAL)))
    a, b = all_pairs(EXTREME)
    # Not their gradients, in which PyTorch's float32 overflows on the way.
    extreme = golden.record_group("extreme values", binary, {"a": a, "b": b}, [{**n, "detached": True} for n in names])
    numbers = [{**name, "number": number} for name in names for number in (2.5, 0.1, 0, -3)]
    reverse = [{**name, "number": 1.5, "reversed": True} for name in names]
    own = [golden.record_group(title, binary, {"a": a, "b": b}, names) for title, a, b in pairs]
    return [*own, extreme, golden.record_group("a number", binary, {"a": torch.randn(2, 3)}, numbers + reverse)]


def unary(inputs, args):
    return getattr(inputs["input"], args["name"])(*args.get("args", []))


def record_unary():
    """ReLU and square root of special values; shapes."""
    special = torch.tensor([*SPECIAL, *EXTREME, 4.0, 2.0, 1e10])
    names = [{"name": "relu"}, {"name": "sqrt"}]
    cube = torch.randn(2, 3, 4)
    reshapes = [[24], [6, 4], [-1], [2, -1], [1, 24, 1], [2, 3, 4], [4, 3, 2]]
    swaps = [[0, 1], [0, 2], [1, 2], [-1, 0], [-2, -1], [1, 1]]
    shapes = [{"name": "reshape", "args": [shape]} for shape in reshapes] + [{"name": "flatten"}, {"name": "clone"}]
    transposes = [{"name": "transpose", "args": dims} for dims in swaps]
    empty = [{"name": "reshape", "args": [shape]} for shape in ([0], [3, 0, 5], [2, 0])] + [{"name": "t"}]
    vector = [{"name": "t"}, {"name": "transpose", "args": [0, -1]}, {"name": "flatten"}]
    scalar = [{"name": "reshape", "args": [[1, 1]]}, {"name": "flatten"}, {"name": "t"}, *names]
    groups = [
        ("special values", special, names),
        ("random numbers", torch.randn(5, 7) ** 2, names),
        ("shape [2, 3, 4]", cube, shapes + transposes),
        ("shape [0, 3]", torch.empty(0, 3), empty + names),
        ("shape [3, 5]", torch.randn(3, 5), [{"name": "t"}, {"name": "transpose", "args": [1, 0]}]),
        ("shape [3]", torch.randn(3), vector),
        ("one number", torch.tensor(2.25), [*scalar, {"name": "reshape", "args": [[]]}]),
    ]
    return [golden.record_group(title, unary, {"input": x}, arguments) for title, x, arguments in groups]


def affine(inputs, args):
    return torch.nn.functional.linear(inputs["input"], inputs["weight"], inputs["bias"] if args["bias"] else None)


def record_linear():
    shapes = [[5], [3, 5], [2, 3, 5], [2, 2, 3, 5], [0, 5], [2, 0, 5], [1, 5], [4, 1], [2, 40], [9, 7]]
    groups = []
    for shape in shapes:
        weight = torch.randn(4, shape[-1])
        inputs = {"input": torch.randn(shape), "weight": weight, "bias": torch.randn(4)}
        groups.append(golden.record_group(f"input {shape}", affine, inputs, [{"bias": True}, {"bias": False}]))
    widths = {"input": torch.randn(3, 0), "weight": torch.empty(2, 0), "bias": torch.randn(2)}
    none = {"input": torch.randn(3, 2), "weight": torch.empty(0, 2), "bias": torch.empty(0)}
    groups.append(golden.record_group("no input features", affine, widths, [{"bias": True}, {"bias": False}]))
    groups.append(golden.record_group("no output features", affine, none, [{"bias": True}, {"bias": False}]))
    vector = {"weight": torch.tensor([1.5, -2.25, 0.3]), "bias": torch.tensor(0.7)}
    # PyTorch's linear of a matrix and a vector takes no bias.
    for shape, biases in [([3], [True, False]), ([2, 2, 3], [True, False]), ([2, 3], [False]), ([0, 3], [False])]:
        inputs = {"input": torch.linspace(-1, 1, math.prod(shape)).reshape(shape), **vector}
        arguments = [{"bias": bias} for bias in biases]
        groups.append(golden.record_group(f"input {shape}, a single output", affine, inputs, arguments))
    return groups


def main():
    torch.manual_seed(3)
    # The variance of too few numbers is recorded on purpose.
    warnings.filterwarnings("ignore", "(var|std).*degrees of freedom")
    golden.write("reductions", {"groups": record_reductions()})
    golden.write("arithmetic", {"groups": record_arithmetic()})
    golden.write("unary", {"groups": record_unary()})
    golden.write("linear", {"groups": record_linear()})
    golden.write("variances", {"groups": hard_spreads()})


if __name__ == "__main__":
    main()
