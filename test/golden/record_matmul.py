"""Matrix products of vectors, matrices and batches."""

import golden
import torch

SHAPES = [
    ([3], [3]), ([0], [0]), ([3], [3, 4]), ([2, 3], [3]), ([2, 3], [3, 4]), ([1, 1], [1, 1]), ([0, 3], [3, 2]),
    ([2, 0], [0, 3]), ([2, 3], [3, 0]), ([5, 2, 3], [3, 4]), ([5, 2, 3], [3]), ([3], [5, 3, 4]), ([2, 3], [5, 3, 4]),
    ([5, 2, 3], [5, 3, 4]), ([5, 2, 3], [1, 3, 4]), ([1, 2, 3], [5, 3, 4]), ([2, 1, 2, 3], [5, 3, 4]),
    ([2, 5, 2, 3], [2, 1, 3, 4]), ([0, 2, 3], [3, 4]), ([0, 2, 3], [0, 3, 4]), ([0, 2, 3], [1, 3, 4]),
    ([2, 2, 0], [2, 0, 3]), ([17, 40], [40, 9]), ([3, 8, 33], [3, 33, 8]),
]  # fmt: skip


def product(inputs, args):
    return getattr(torch, args["name"])(inputs["a"], inputs["b"])


def main():
    torch.manual_seed(6)
    groups = []
    for a, b in SHAPES:
        names = ["matmul", "mm"] if len(a) == len(b) == 2 else ["matmul"]
        inputs = {"a": torch.randn(a), "b": torch.randn(b)}
        groups.append(golden.record_group(f"{a} and {b}", product, inputs, [{"name": name} for name in names]))
    golden.write("matmul", {"groups": groups})


if __name__ == "__main__":
    main()
