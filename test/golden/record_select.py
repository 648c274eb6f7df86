"""Extremes, comparisons, parts of tensors, and the arithmetic of integers and booleans."""

import math

import golden
import torch

NAN, INF = math.nan, math.inf
COMPARISONS = [{"name": name} for name in ("eq", "gt", "lt", "ge", "le")]


def extreme(inputs, args):
    """An extreme of all elements, or one part of those along a dimension."""
    find = getattr(torch, args["name"])
    if "dim" not in args:
        return find(inputs["input"])
    return getattr(find(inputs["input"], args["dim"], **args.get("options", {})), args["part"])


def extremes(*dims, **options):
    """Both extremes of all elements and along each of the dimensions."""
    for name in ("max", "min"):
        for dim in dims:
            for part in ("values", "indices"):
                yield {"name": name, **({} if dim is None else {"dim": dim, "part": part, "options": options})}
                if dim is None:
                    break


def record_extremes():
    ties = torch.tensor([[1, 3, 3, 2], [NAN, 5, NAN, INF], [-INF, -INF, -INF, -INF], [0.0, -0.0, 0.0, 1.0]])
    groups = [
        ("shape [2, 3, 4]", torch.randn(2, 3, 4), [*extremes(None, 0, 1, -1), *extremes(1, keepdim=True)]),
        ("ties", torch.tensor([[1, 3, 3], [3, 1, 1]], dtype=torch.float32), list(extremes(None, 0, 1))),
        ("NaN and infinities", ties, list(extremes(None, 0, 1))),
        ("one number", torch.tensor(2.5), list(extremes(None, 0, -1))),
        ("no columns", torch.empty(0, 3), list(extremes(1))),
        ("integers", torch.tensor([[3, -7, 3], [2**31 - 1, -(2**31), 0]], dtype=torch.int32), list(extremes(None, 0, 1))),
    ]
    return [golden.record_group(title, extreme, {"input": x}, arguments) for title, x, arguments in groups]


def binary(inputs, args):
    return getattr(torch, args["name"])(inputs["a"], args.get("number", inputs.get("b")))


def record_comparisons():
    integers = torch.tensor([[0, 1, 2], [-1, 2**31 - 1, 5]], dtype=torch.int32)
    booleans = torch.tensor([True, False, True])
    special = torch.tensor([0.0, -0.0, 1.0, INF, -INF, NAN])
    arithmetic = [{"name": name} for name in ("add", "mul")]
    numbers = [{**args, "number": number} for args in COMPARISONS for number in (1, -0.0, 0.5)]
    groups = [
        ("floats", {"a": special.repeat_interleave(6), "b": special.repeat(6)}, COMPARISONS),
        ("broadcast", {"a": torch.randn(4, 1).round(), "b": torch.randn(2, 1, 3).round()}, COMPARISONS),
        ("a float and a number", {"a": torch.tensor([0.0, 0.1, 1.0, 0.5, NAN])}, numbers),
        ("an integer and a number", {"a": integers}, numbers),
        ("a boolean and a number", {"a": booleans}, numbers),
        ("integers", {"a": integers, "b": integers.flip(1)}, COMPARISONS),
        ("booleans", {"a": booleans, "b": torch.tensor([True, True, False])}, [*COMPARISONS, *arithmetic]),
        ("an integer and a boolean", {"a": integers[0], "b": booleans}, [*COMPARISONS, *arithmetic]),
        ("a float and an integer", {"a": torch.randn(2, 3).round(), "b": integers[0]}, [*COMPARISONS, *arithmetic]),
        ("a float and a boolean", {"a": torch.randn(2, 3), "b": booleans}, [*arithmetic, {"name": "eq"}]),
        ("small integers", {"a": torch.tensor([3, -4], dtype=torch.int32), "b": torch.tensor([[5], [7]], dtype=torch.int32)},
         [*arithmetic, {"name": "sub"}]),
        ("small integers and numbers", {"a": torch.tensor([3, -4], dtype=torch.int32)},
         [{"name": name, "number": 2} for name in ("add", "sub", "mul")]),
        ("nothing", {"a": torch.empty(0, 3), "b": torch.empty(3)}, COMPARISONS),
    ]  # fmt: skip
    return [golden.record_group(title, binary, inputs, arguments) for title, inputs, arguments in groups]


def part(inputs, args):
    x, name = inputs.get("a"), args["name"]
    if name == "cat":
        return torch.cat([inputs[key] for key in args["of"]], **args.get("options", {}))
    if name == "slice":
        dim, start, end = args["args"]
        return x[(slice(None),) * (dim % x.dim()) + (slice(start, end),)]
    if name == "sum" and "args" in args:
        return x.sum(args["args"][0])
    return getattr(x, name)(*args.get("args", []))


def named(name, *arguments):
    return [{"name": name, "args": list(args)} for args in arguments]


def cats(of, *dims):
    return [{"name": "cat", "of": of, "options": {"dim": dim}} for dim in dims]


def record_parts():
    slices = named("slice", (0, 0, 1), (1, 1, 3), (-1, -2, 4), (2, -99, 99), (1, 2, 1), (1, 5, 9), (0, -1, -1), (2, -3, -1))
    squeezes = [{"name": "squeeze"}, *named("squeeze", (0,), (1,), (-1,), ([],), ([0, 1],), ([-1, 0],))]
    unsqueezes = named("unsqueeze", (0,), (1,), (-1,), (-2,))
    integers, booleans = torch.arange(12, dtype=torch.int32).reshape(3, 4), torch.arange(12).reshape(3, 4) % 3 == 0
    sums = [{"name": "sum"}, *named("sum", (0,), (-1,))]
    first, wide = torch.randn(2, 3), torch.randn(2, 40)
    groups = [
        ("floats", {"a": torch.randn(2, 3, 4)}, [*slices, *unsqueezes]),
        ("many", {"a": torch.randn(3, 100)}, named("slice", (1, 3, 70), (0, 1, 2))),
        ("ones", {"a": torch.randn(1, 3, 1)}, squeezes),
        ("no dimensions", {"a": torch.tensor(1.5)}, [{"name": "squeeze"}, *named("squeeze", (0,)), *named("unsqueeze", (0,), (-1,))]),
        ("nothing", {"a": torch.empty(0, 2)}, [*named("slice", (0, 0, 1), (1, 0, 1)), *unsqueezes, {"name": "squeeze"}]),
        ("integers", {"a": integers}, [*named("slice", (1, 1, 3)), *unsqueezes, *sums]),
        ("booleans", {"a": booleans}, [*named("slice", (0, 0, 2)), *unsqueezes, *sums]),
        ("cat", {"a": first, "b": torch.randn(2, 3), "c": torch.randn(2, 3)}, [*cats(["a", "b", "c", "a"], 0, 1, -1), *cats(["b"], 0)]),
        ("cat, lengths", {"a": first, "b": wide, "c": torch.empty(2, 0)}, cats(["a", "b", "c"], 1, -1)),
        ("cat, legacy", {"a": torch.empty(0), "b": first}, cats(["a", "b"], 0, 1) + cats(["a", "a"], 0)),
        ("cat, integers", {"a": integers, "b": integers}, cats(["a", "b"], 0, 1)),
        ("cat, booleans", {"a": booleans, "b": booleans}, cats(["a", "b"], 0, 1)),
        ("cat, mixed", {"a": booleans, "b": integers, "c": torch.randn(3, 4)}, cats(["a", "b"], 0) + cats(["a", "b", "c"], 1)),
    ]  # fmt: skip
    return [golden.record_group(title, part, inputs, arguments) for title, inputs, arguments in groups]


def main():
    torch.manual_seed(8)
    golden.write("extremes", {"groups": record_extremes()})
    golden.write("compare", {"groups": record_comparisons()})
    golden.write("parts", {"groups": record_parts()})


if __name__ == "__main__":
    main()
