"""Scaled dot product attention: shapes that broadcast, every kind of mask, grouped heads, scales."""

import math

import golden
import torch
from torch.nn.functional import scaled_dot_product_attention



def run(inputs, args):
    options = golden.camel_to_snake(args["options"])
    if "mask" in args:
        options["attn_mask"] = inputs[args["mask"]]
    return scaled_dot_product_attention(inputs["query"], inputs["key"], inputs["value"], **options)


def inputs_of(query, key, value, masks=()):
    own = {f"{kind}{i}": make(shape) for i, shape in enumerate(masks) for kind, make in MASKS.items()}
    return {"query": torch.randn(query), "key": torch.randn(key), "value": torch.randn(value), **own}


def bool_mask(shape):
    mask = torch.rand(shape) < 0.6
    # A query that may attend to nothing.
    mask.view(-1, shape[-1])[0] = False
    return mask


def hard_mask(shape):
    return torch.zeros(shape).masked_fill(~bool_mask(shape), -math.inf)


MASKS = {"bool": bool_mask, "float": torch.randn, "hard": hard_mask}


def group(name, inputs, **fixed):
    masks = [key for key in inputs if key not in ("query", "key", "value")]
    # Not both: with a negative scale, PyTorch's kernel for processors turns the mask of a causal one into NaN.
    options = [{}, {"isCausal": True}, {"scale": -1.5}]
    arguments = [{"options": {**fixed, **own}} for own in options]
    arguments += [{"options": fixed, "mask": mask} for mask in masks]
    return golden.record_group(name, run, inputs, arguments)


def groups():
    # query, key, value, and the shapes of masks.
    shapes = [
        ((3, 4), (3, 4), (3, 4), [(3, 3)]),
        ((2, 4), (5, 4), (5, 3), [(2, 5), (1, 5), (2, 1)]),
        ((5, 4), (2, 4), (2, 4), [(5, 2)]),
        ((2, 3, 4), (2, 5, 4), (2, 5, 4), [(2, 1, 5)]),
        ((2, 2, 3, 2), (2, 2, 5, 2), (2, 2, 5, 2), [(3, 5), (2, 1, 1, 5)]),
        ((2, 3, 2), (2, 2, 5, 2), (2, 2, 5, 2), [(3, 5)]),
        ((2, 1, 3, 2), (3, 4, 2), (1, 3, 4, 2), [(3, 1, 4)]),
        ((2, 1, 1, 1), (2, 1, 1, 1), (2, 1, 1, 1), [(1, 1)]),
        ((3, 33), (17, 33), (17, 2), []),
    ]
    for query, key, value, masks in shapes:
        yield group(f"{list(query)}, {list(key)}, {list(value)}", inputs_of(query, key, value, masks))
    for query, key, value in [
        ((2, 4, 3, 2), (2, 2, 5, 2), (2, 2, 5, 2)),
        ((6, 2, 3), (3, 4, 3), (1, 4, 2)),
        ((2, 2, 2, 3), (2, 2, 3, 3), (2, 2, 3, 3)),
    ]:
        name = f"grouped heads, {list(query)}, {list(key)}, {list(value)}"
        yield group(name, inputs_of(query, key, value, [(query[-2], key[-2])]), enableGqa=True)
    empty = [
        ((2, 0, 3), (2, 4, 3), (2, 4, 3)),
        ((2, 3, 3), (2, 0, 3), (2, 0, 3)),
        ((2, 3, 0), (2, 4, 0), (2, 4, 2)),
        ((0, 3, 2), (0, 4, 2), (0, 4, 2)),
        ((2, 3, 2), (2, 4, 2), (2, 4, 0)),
    ]
    for shapes_of in empty:
        yield group("empty, " + ", ".join(str(list(shape)) for shape in shapes_of), inputs_of(*shapes_of))
    far = inputs_of((3, 4), (5, 4), (5, 4), [(3, 5)])
    far["query"] *= 1e3
    yield group("far apart", far)


def main():
    torch.manual_seed(15)
    golden.write("attention", {"groups": list(groups())})


if __name__ == "__main__":
    main()
