"""PyTorch with torch.compile: forward and backward compiled, fused Adam, which is faster than a compiled one."""

from functools import partial
from types import SimpleNamespace

import torch
from pytorch_eager import load_all, predict, train


def load(threads):
    load_all(threads)
    return SimpleNamespace(
        about=f"torch.compile, PyTorch {torch.__version__}",
        prepare={"train": partial(train, transform=torch.compile), "predict": partial(predict, transform=torch.compile)},
    )
