"""Reads the arrays of a data file one after the other (see bench/workloads/data.ts)."""

import numpy as np

BLOCKS = 3
CLASSES = 10


class Reader:
    def __init__(self, path):
        self.values = np.fromfile(path, dtype="<f4")
        self.position = 0

    def take(self, *shape):
        begin = self.position
        self.position += int(np.prod(shape))
        return self.values[begin : self.position].reshape(shape).copy()

    def model(self, batch, width):
        """Input; (norm weight, norm bias, weight (out, in), bias) of each block; last weight, last bias; targets."""
        x = self.take(batch, width)
        blocks = [
            (self.take(width), self.take(width), self.take(width, width), self.take(width)) for _ in range(BLOCKS)
        ]
        last = (self.take(CLASSES, width), self.take(CLASSES))
        return x, blocks, last, self.take(batch).astype(np.int32)
