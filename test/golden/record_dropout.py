"""Dropout: the bits of outputs and gradients, one call after the other on one stream of random numbers.

Needs a processor that is not one of Intel, where MKL draws the masks.
"""

import golden
import torch
from torch.nn.functional import dropout

SHAPES = [(), (1,), (0,), (0, 3), (5,), (16,), (17,), (3, 7), (2, 3, 4), (9, 33)]


# The inputs are drawn from a stream of their own.
INPUTS = torch.Generator().manual_seed(14)


def call(shape, options, dtype=torch.float32):
    x = torch.randn(shape, dtype=dtype, generator=INPUTS).requires_grad_()
    output = dropout(x, **options)
    output.backward(golden.upstream(output))
    return {"case": options, "input": golden.encode(x), "output": golden.encode(output), "grad": golden.encode(x.grad)}


def calls():
    made = [call(shape, {}) for shape in SHAPES]
    made += [call((40,), {"p": p}) for p in (0.1, 0.25, 0.3, 0.7, 1 / 3, 0.99, 1e-3, 1 - 1e-7, 0.0, 1.0)]
    made += [call((6,), {"p": p, "training": training}) for p in (0.0, 0.5, 1.0) for training in (False, True)]
    return [*made, *(call((33,), {"p": p}, torch.float64) for p in (0.5, 0.3, 1.0))]


def main():
    torch.manual_seed(42)
    golden.write("dropout", {"seed": 42, "calls": calls()})


if __name__ == "__main__":
    main()
