"""Loads evenkeel.safetensors, which the library wrote (write_safetensors.ts), and compares it with the same tensors made
here: `python check_safetensors.py`. Fails unless all agree, to the byte.
"""

import golden
import torch
from safetensors.torch import load_file, save
from torch import nn

PATH = golden.FOLDER / "evenkeel.safetensors"


def main():
    torch.manual_seed(42)
    model = nn.Sequential(nn.LayerNorm(4), nn.Linear(4, 3), nn.BatchNorm1d(3))
    loaded = load_file(PATH)
    expected = {
        **model.state_dict(),
        # The library has no int64; load_state_dict converts.
        "2.num_batches_tracked": torch.tensor(0, dtype=torch.int32),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 3),
        "double": torch.tensor([0.1, -0.0], dtype=torch.float64),
        "steps": torch.tensor(-7, dtype=torch.int32),
        "mask": torch.tensor([[True, False, True]]),
        "n\u00e4me \U0001f600": torch.ones(2),
    }
    assert loaded.keys() == expected.keys(), loaded.keys() ^ expected.keys()
    for name, tensor in expected.items():
        assert loaded[name].dtype == tensor.dtype and torch.equal(loaded[name], tensor), name
    assert PATH.read_bytes() == save(expected), "Python writes other bytes"
    model.load_state_dict({name: loaded[name] for name in model.state_dict()})
    print(f"{PATH.name}: {len(expected)} tensors agree, and Python writes the same {PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
