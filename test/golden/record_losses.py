"""The losses but cross entropy: every combination of their options, over shapes, and extreme inputs."""

import itertools
import math

import golden
import torch
from torch.nn import functional as F

REDUCTIONS = ["mean", "sum", "none"]


def run_nll(inputs, args):
    # PyTorch has no gradient for the weights of classes.
    weight = {"weight": inputs["weight"].detach()} if args["weighted"] else {}
    return F.nll_loss(inputs["input"], inputs["target"], **weight, **golden.camel_to_snake(args["options"]))


def nll_args(ignored=(None, 1)):
    for weighted, index, reduction in itertools.product((False, True), ignored, REDUCTIONS):
        options = {"reduction": reduction} if index is None else {"ignoreIndex": index, "reduction": reduction}
        yield {"weighted": weighted, "options": options}


def nll_inputs(shape, target=None):
    classes = shape[0] if len(shape) == 1 else shape[1]
    if target is None:
        target = torch.randint(0, classes, shape[:1] * (len(shape) > 1) + shape[2:])
        if target.numel() > 1:
            target.view(-1)[0], target.view(-1)[-1] = 1, 0
    return {
        "input": torch.randn(shape).log_softmax(min(1, len(shape) - 1)),
        "target": torch.as_tensor(target, dtype=torch.int32),
        "weight": torch.rand(classes) + 0.3,
    }


def nll_groups():
    shapes = [(4,), (4, 3), (1, 5), (2, 3, 2), (1, 3, 2, 2), (2, 3, 2, 1, 2), (40, 7), (2, 3, 4, 5)]
    groups = [(f"shape {list(shape)}", nll_inputs(shape)) for shape in shapes]
    groups += [(f"empty, shape {list(shape)}", nll_inputs(shape)) for shape in [(0, 3), (2, 3, 0), (2, 3, 0, 2)]]
    groups.append(("all targets of the class ignored", nll_inputs((3, 4), [1, 1, 1])))
    ignored = [("all targets ignored", nll_inputs((3, 4), [-100, -100, -100]))]
    ignored.append(("all targets but one ignored", nll_inputs((3, 4), [-100, 2, -100])))
    none = {**nll_inputs((3, 3), [1, 1, -100]), "weight": torch.tensor([1.0, 0.0, 2.0])}
    ignored.append(("a class of weight 0", none))
    infinite = nll_inputs((4, 3), [1, 0, 1, 2])
    infinite["input"] = torch.tensor([[0, -math.inf, 1], [2, -math.inf, 1], [0, math.nan, 1], [math.inf, 1, 1e30]])
    groups.append(("inputs that are not finite", infinite))
    return [
        *(golden.record_group(name, run_nll, inputs, nll_args()) for name, inputs in groups),
        *(golden.record_group(name, run_nll, inputs, nll_args([None])) for name, inputs in ignored),
    ]


def run_mse(inputs, args):
    return F.mse_loss(inputs["input"], inputs["target"], **args)


def mse_groups():
    arguments = [{}, *({"reduction": reduction} for reduction in REDUCTIONS)]
    shapes = [((), ()), ((5,), (5,)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)), ((4, 1), (4,)), ((2, 3), ())]
    shapes += [((0, 3), (0, 3)), ((0,), ()), ((7, 33), (7, 33))]
    made = [(f"shapes {list(a)} and {list(b)}", torch.randn(a), torch.randn(b)) for a, b in shapes]
    made += [("far apart", torch.randn(9) * 1e15, torch.randn(9)), ("near 1e4", torch.randn(9) + 1e4, torch.randn(9) + 1e4)]
    made.append(("not finite", torch.tensor([math.inf, math.inf, math.nan, 1]), torch.tensor([math.inf, 1, 1, -math.inf])))
    made.append(("an integer target", torch.randn(4), torch.arange(4, dtype=torch.int32)))
    made.append(("a bool target", torch.randn(4), torch.tensor([True, False, True, True])))
    made.append(("an integer input", torch.arange(4, dtype=torch.int32), torch.randn(4)))
    return [golden.record_group(name, run_mse, {"input": a, "target": b}, arguments) for name, a, b in made]


def run_bce(inputs, args):
    # PyTorch has no gradient for the weights.
    weights = {name: inputs[own].detach() for name, own in args["weights"].items()}
    options = golden.camel_to_snake({**weights, **args["options"]})
    return F.binary_cross_entropy_with_logits(inputs["input"], inputs["target"], **options)


def bce_args(weights):
    choices = [{}, *({"weight": name} for name in weights), *({"posWeight": name} for name in weights)]
    choices += [{"weight": a, "posWeight": b} for a, b in zip(weights, reversed(weights), strict=True)]
    return [{"weights": own, "options": {"reduction": name}} for own in choices for name in REDUCTIONS]


def bce_inputs(shape, weights):
    own = {f"weight{i}": torch.rand(other) * 3 for i, other in enumerate(weights)}
    return {"input": torch.randn(shape) * 3, "target": torch.rand(shape), **own}


def bce_group(name, inputs):
    return golden.record_group(name, run_bce, inputs, bce_args([key for key in inputs if key.startswith("weight")]))


def bce_groups():
    shapes = [((), [()]), ((1,), [()]), ((5,), [(5,), (1,)]), ((2, 3), [(3,), (2, 1), (2, 3), (1, 3)])]
    shapes += [((2, 3, 4), [(4,), (3, 1), (2, 1, 4)]), ((9, 17), [(17,)]), ((0, 3), [(3,)])]
    groups = [bce_group(f"shape {list(shape)}", bce_inputs(shape, weights)) for shape, weights in shapes]
    sure = bce_inputs((12,), [()])
    sure["input"] = torch.tensor([100.0, -100, 30, -30, 18, -18, 1e4, -1e4, 1e30, -1e30, 0, -0.0])
    for name, target in {"right": sure["input"] > 0, "wrong": sure["input"] < 0}.items():
        groups.append(bce_group(f"sure and {name}", {**sure, "target": target.float()}))
    # Small losses beside no large one.
    for name, x in {"right, yes": [12.0, 20, 25, 60], "right, no": [-12.0, -20, -25, -60]}.items():
        own = {"input": torch.tensor(x), "target": (torch.tensor(x) > 0).float(), "weight0": torch.tensor(2.5)}
        groups.append(bce_group(f"sure and {name}", own))
    odd = {**sure, "input": torch.tensor([math.inf, -math.inf] * 5 + [math.nan, 1])}
    odd["target"] = torch.tensor([0, 0, 1, 1, 0.5, 0.5, 2, 2, -1, -1, 0, math.nan])
    return [*groups, bce_group("inputs that are not finite", odd)]


def main():
    torch.manual_seed(12)
    golden.write("nll_loss", {"groups": nll_groups()})
    golden.write("mse_loss", {"groups": mse_groups()})
    golden.write("bce_with_logits", {"groups": bce_groups()})


if __name__ == "__main__":
    main()
