"""Elementwise functions, powers and softmax."""

import math

import golden
import torch

NAN, INF = math.nan, math.inf
UNARY = ["neg", "exp", "log", "abs", "sigmoid", "tanh", "silu", "gelu"]
SPECIAL = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 1e-45, -1e-45, 1e-30, 3e38, -3e38, 89.0, -104.0, 0.1, 5.5, -5.5]


def call(inputs, args):
    """A function of one tensor."""
    x, name, options = inputs["input"], args["name"], args.get("options", {})
    if args.get("detached"):
        x = x.detach()
    functions = torch.nn.functional if name in ("silu", "gelu") else torch
    return getattr(functions, name)(x, *args.get("args", []), **options)


def functions():
    return [{"name": name} for name in UNARY] + [{"name": "gelu", "options": {"approximate": "tanh"}}]


def record_functions():
    shapes = [[], [0], [2, 0, 3], [3, 7], [2, 3, 4]]
    special = [{**args, "detached": True} for args in functions()]
    groups = [("special values", torch.tensor(SPECIAL), special)]
    groups += [(f"shape {shape}", torch.randn(shape), functions()) for shape in shapes]
    groups += [("large numbers", torch.randn(40) * 30, functions()), ("small numbers", torch.randn(40) / 300, functions())]
    groups += [("around 0", torch.tensor([0.0, -0.0, NAN]), functions())]
    # Log of positive numbers only: what is not a number hides the errors.
    groups += [("positive numbers", torch.rand(100) * 3, [{"name": "log"}])]
    return [golden.record_group(title, call, {"input": x}, arguments) for title, x, arguments in groups]


def along(*dims):
    return [{"name": "softmax", "args": [dim]} for dim in dims]


def record_softmax():
    extremes = torch.tensor([[1e4, -1e4, 0], [INF, 1, 2], [-INF, 0, 1], [-INF, -INF, -INF], [NAN, 1, 2]])
    groups = [
        ("shape [2, 3, 4]", torch.randn(2, 3, 4), along(0, 1, 2, -1, -3)),
        ("one number", torch.tensor(1.5), along(0, -1)),
        ("no rows", torch.empty(0, 3), along(0, 1)),
        ("no columns", torch.empty(3, 0), along(0, 1)),
        ("extremes", extremes, along(1)),
        ("near 1e4", torch.randn(3, 9) + 1e4, along(0, 1)),
        ("many columns", torch.randn(3, 300) * 4, along(1)),
        ("one column", torch.randn(3, 1), along(1)),
    ]
    return [golden.record_group(f"softmax, {title}", call, {"input": x}, arguments) for title, x, arguments in groups]


def power(inputs, args):
    """A power of tensors, or of a tensor and a number."""
    operands = [inputs["a"], args.get("number", inputs.get("b"))]
    return torch.pow(*(reversed(operands) if args.get("reversed") else operands))


def pairs(bases, exponents):
    return torch.tensor(bases).repeat_interleave(len(exponents)), torch.tensor(exponents).repeat(len(bases))


def record_power():
    one = [{}]
    shapes = [([2, 3], [3]), ([2, 1], [1, 3]), ([], [2, 2]), ([4], []), ([], []), ([0], [1]), ([2, 19], [2, 1])]
    groups = [(f"{a} to {b}", {"a": torch.rand(a) + 0.5, "b": torch.randn(b)}, one) for a, b in shapes]
    bases = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, INF, -INF, NAN]
    exponents = [0.0, -0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, INF, -INF, NAN]
    a, b = pairs(bases, exponents)
    groups += [("special values", {"a": a, "b": b}, one)]
    numbers = [{"number": number} for number in (2, 3, 1, 0, -1, -2, 0.5, -0.5, 2.5)]
    groups += [("numbers", {"a": torch.tensor([*(torch.randn(20) * 3).tolist(), 0, 1, -1, INF])}, numbers)]
    bases = [{"number": number, "reversed": True} for number in (2, 0, 1, -1.5, 0.5)]
    groups += [("of numbers", {"a": torch.tensor([1.5, -2, 0, 3, 2.5])}, bases)]
    groups += integer_powers()
    return [golden.record_group(f"pow, {title}", power, inputs, arguments) for title, inputs, arguments in groups]


def integer_powers():
    """Integers and booleans, among themselves and beside floats. PyTorch's int64 and int32 agree modulo 2^32."""
    one, few = [{}], torch.tensor([2, -3, 0, 1, -1, 46341, 2**31 - 1, -(2**31)], dtype=torch.int32)
    exponents = torch.tensor([[0], [1], [2], [3], [31], [33], [2**31 - 1], [-1], [-2], [-(2**31)]], dtype=torch.int32)
    floats = torch.tensor([[1.5], [-2.0], [0.0]])
    truths = torch.tensor([True, False])
    numbers = [{"number": number} for number in (0, 1, 2, 3, 5, 31, 32, 33, 2**31 - 1, 0.5, -1.5)]
    reversed_numbers = [{"number": number, "reversed": True} for number in (0, 1, -1, 2, -2, 3, 2.5)]
    return [
        ("integers to integers", {"a": few, "b": exponents}, one),
        ("integers and numbers", {"a": few}, numbers),
        ("numbers to integers", {"a": few}, reversed_numbers),
        ("no integers", {"a": few[:0], "b": exponents}, one),
        ("booleans and numbers", {"a": truths}, numbers),
        ("numbers to booleans", {"a": truths}, reversed_numbers),
        ("integers to booleans", {"a": few[:2], "b": truths}, [{}, {"reversed": True}]),
        ("integers to floats", {"a": few[:4], "b": floats}, [{}, {"reversed": True}]),
        ("booleans to floats", {"a": truths, "b": floats}, one),
    ]


def main():
    torch.manual_seed(5)
    golden.write("math", {"groups": record_functions() + record_softmax()})
    golden.write("pow", {"groups": record_power()})


if __name__ == "__main__":
    main()
