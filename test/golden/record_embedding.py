"""Embeddings: indices of every shape, padding, and the first weights of the module."""

import golden
import torch
from torch import nn
from torch.nn.functional import embedding

# (indices, the shape of the weight, the values of padding_idx beside none)
LOOKUPS = {
    "one index": (2, (4, 3), [2, -1]),
    "a list": ([3, 0, 3, 3, 1], (4, 3), [0, 3, -1, -4]),
    "a table": ([[1, 1, 0], [4, 2, 1]], (5, 17), [1]),
    "three dimensions": ([[[0], [1]], [[2], [0]]], (3, 2), [-3]),
    "no indices": (torch.empty(2, 0, dtype=torch.int32), (3, 2), [1]),
    "no columns": ([0, 2], (3, 0), [1]),
    "no rows": (torch.empty(0, dtype=torch.int32), (0, 3), []),
    "a row that is used often": ([i % 300 % 2 for i in range(1000)], (3, 5), [0]),
}

# The arguments of modules that are made one after the other.
MODULES = [(3, 2), (4, 5, 1), (10, 8), (7, 9, -1), (0, 3), (1, 1, 0)]


def run(inputs, args):
    return embedding(inputs["indices"], inputs["weight"], **golden.camel_to_snake(args))


def group(name, indices, shape, padding):
    inputs = {"indices": torch.as_tensor(indices, dtype=torch.int32), "weight": torch.randn(shape)}
    return golden.record_group(name, run, inputs, [{}, *({"paddingIdx": index} for index in padding)])


def initial():
    torch.manual_seed(42)
    return [{"arguments": list(own), "weight": golden.encode(nn.Embedding(*own).weight)} for own in MODULES]


def main():
    torch.manual_seed(13)
    groups = [group(name, *lookup) for name, lookup in LOOKUPS.items()]
    golden.write("embedding", {"groups": groups, "initial": initial()})


if __name__ == "__main__":
    main()
