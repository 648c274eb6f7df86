"""PyTorch with torch.compile: forward and backward compiled, fused Adam, which is faster than a compiled one."""

from functools import partial
from types import SimpleNamespace

import torch
from pytorch_eager import predict, train


def load(threads):
    torch.set_num_threads(threads)
    return SimpleNamespace(
        about=f"torch.compile, PyTorch {torch.__version__}",
        prepare={"train": partial(train, transform=torch.compile), "predict": partial(predict, transform=torch.compile)},
    )
