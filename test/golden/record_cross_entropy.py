"""Cross entropy: every combination of its options with every kind of target, over shapes, and extreme logits."""

import itertools
import math

import golden
import torch
from torch.nn.functional import cross_entropy

OPTIONS = {
    "ignoreIndex": [None, 1],
    "labelSmoothing": [None, 0.1, 1.0],
    "reduction": ["mean", "sum", "none"],
}
SHAPES = [(4,), (4, 3), (2, 3, 2), (1, 3, 2, 2)]


def run(inputs, args):
    target = inputs[args["target"]]
    weight = {"weight": inputs["weight"]} if args["weighted"] else {}
    # PyTorch has no gradient for the weights of classes.
    weight = {name: value.detach() for name, value in weight.items()}
    return cross_entropy(inputs["input"], target, **weight, **golden.camel_to_snake(args["options"]))


def grid(target):
    """Every combination of options; with probabilities as the target, there is no index to ignore."""
    ignored = OPTIONS["ignoreIndex"] if target == "indices" else [None]
    for weighted, *values in itertools.product((False, True), ignored, *list(OPTIONS.values())[1:]):
        chosen = {name: value for name, value in zip(OPTIONS, values, strict=True) if value is not None}
        yield {"target": target, "weighted": weighted, "options": chosen}


def inputs_of(shape):
    """Logits with both kinds of target: one of the indices at least is 1."""
    classes = shape[0] if len(shape) == 1 else shape[1]
    positions = shape[:1] * (len(shape) > 1) + shape[2:]
    indices = torch.randint(0, classes, positions)
    if indices.numel() > 1:
        indices.view(-1)[0], indices.view(-1)[-1] = 1, 0
    return {
        "input": torch.randn(shape) * 2,
        "indices": indices.to(torch.int32),
        "probabilities": torch.randn(shape).softmax(min(1, len(shape) - 1)),
        "weight": torch.rand(classes) + 0.3,
    }


def group(shape):
    arguments = [*grid("indices"), *grid("probabilities")]
    return golden.record_group(f"shape {list(shape)}", run, inputs_of(shape), arguments)


def options(target, weighted=False, **chosen):
    return {"target": target, "weighted": weighted, "options": chosen}


def ignored():
    """Targets that count for nothing: all of them, or all but one."""
    inputs = inputs_of((4, 3))
    inputs["indices"] = torch.full((4,), -100, dtype=torch.int32)
    inputs["one"] = torch.tensor([-100, -100, 2, -100], dtype=torch.int32)
    inputs["single"] = torch.tensor([2, 2, 2, 2], dtype=torch.int32)
    reductions = [{"reduction": reduction} for reduction in OPTIONS["reduction"]]
    arguments = [
        options(target, weighted, **reduction, **({"labelSmoothing": smoothing} if smoothing else {}))
        for target in ("indices", "one")
        for weighted in (False, True)
        for reduction in reductions
        for smoothing in (0, 0.2)
    ]
    every = [options("single", weighted, ignoreIndex=2) for weighted in (False, True)]
    no_weight = {**inputs_of((3, 3)), "indices": torch.tensor([1, 1, 1], dtype=torch.int32)}
    no_weight["weight"] = torch.tensor([1.0, 0.0, 2.0])
    zero = [options("indices", True, reduction=reduction) for reduction in OPTIONS["reduction"]]
    smoothed = [options("indices", True, reduction="sum", labelSmoothing=0.1)]
    return [
        golden.record_group("targets that are ignored", run, inputs, arguments + every),
        golden.record_group("a class of weight 0", run, no_weight, zero + smoothed),
    ]


def extreme():
    """Logits far apart, and logits of -infinity off the target."""
    far = {**inputs_of((4, 3)), "indices": torch.tensor([0, 1, 2, 0], dtype=torch.int32)}
    far["input"] = torch.tensor([[1e4, -1e4, 0], [1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, 9999.0]])
    shifted = [(f"logits near {shift:g}", inputs_of((4, 5))) for shift in (1e4, -1e4)]
    for shift, (_, inputs) in zip((1e4, -1e4), shifted, strict=True):
        inputs["input"] += shift
    masked = {"input": torch.tensor([[1.0, -math.inf, 0.5], [-math.inf, 2.0, -math.inf]])}
    masked["indices"] = torch.tensor([0, 1], dtype=torch.int32)
    masked["weight"] = torch.tensor([0.5, 1.0, 2.0])
    arguments = [
        options(target, weighted, **chosen)
        for target in ("indices", "probabilities")
        for weighted in (False, True)
        for chosen in ({}, {"labelSmoothing": 0.1}, {"reduction": "none"}, {"reduction": "sum"})
    ]
    hidden = [options("indices", weighted, reduction=kind) for weighted in (False, True) for kind in ("mean", "none")]
    hidden.append(options("indices", labelSmoothing=0.1))
    wide = inputs_of((3, 40))
    few = [options("indices"), options("indices", True, labelSmoothing=0.1), options("probabilities", True)]
    empty = {"input": torch.empty(0, 3), "probabilities": torch.empty(0, 3)}
    empty["indices"] = torch.empty(0, dtype=torch.int32)
    none = [options(kind, reduction=name) for kind in ("indices", "probabilities") for name in OPTIONS["reduction"]]
    return [
        golden.record_group("logits of 1e4 and -1e4", run, far, arguments),
        *(golden.record_group(name, run, inputs, arguments) for name, inputs in shifted),
        golden.record_group("logits of -infinity off the target", run, masked, hidden),
        golden.record_group("forty classes", run, wide, few),
        golden.record_group("an empty batch", run, empty, none),
        *no_classes(),
    ]


def no_classes():
    """Inputs without classes. Where class indices are smoothed, PyTorch has NaN, of a division by no classes."""
    chosen = [{"reduction": reduction} for reduction in OPTIONS["reduction"]]
    smoothed = [{"labelSmoothing": 0.1, **one} for one in chosen]
    arguments = [options("indices", weighted, **one) for weighted in (False, True) for one in chosen]
    arguments += [options("probabilities", weighted, **one) for weighted in (False, True) for one in chosen + smoothed]
    groups = []
    for shape in [(0,), (0, 0), (2, 0), (2, 0, 0)]:
        positions = shape[:1] * (len(shape) > 1) + shape[2:]
        inputs = {"input": torch.empty(shape), "probabilities": torch.empty(shape), "weight": torch.empty(0)}
        inputs["indices"] = torch.full(positions, -100, dtype=torch.int32)
        groups.append(golden.record_group(f"no classes, shape {list(shape)}", run, inputs, arguments))
    return groups


def main():
    torch.manual_seed(2)
    golden.write("cross_entropy", {"groups": [group(shape) for shape in SHAPES] + ignored() + extreme()})


if __name__ == "__main__":
    main()
