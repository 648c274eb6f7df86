"""Files as safetensors.torch writes them, and the values in them: python.safetensors, whose dtypes the library has too,
python_dtypes.safetensors, whose dtypes it converts, python_batch_norm.safetensors, whose count of batches is an int64, and
safetensors.json.
"""

import hashlib
import math

import golden
import torch
from safetensors.torch import save_file

# Names that sort one way in UTF-8 and another in UTF-16; that need escapes; that mean something in JavaScript.
NAMES = ["\U0001f600", "\uff5e", 'q"\\\n\x01\x7f/é', "", "__proto__", "constructor", "10", "9"]


def same():
    """Tensors of the dtypes that the library has."""
    torch.manual_seed(7)
    special = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e-45, 3.4e38]
    return {
        "weight": torch.randn(3, 5),
        "special": torch.tensor(special),
        "special64": torch.tensor([*special, 5e-324], dtype=torch.float64).reshape(2, 1, 4),
        "scalar": torch.tensor(1.5),
        "empty": torch.empty(0, 3),
        "empty64": torch.empty(2, 0, dtype=torch.float64),
        "indices": torch.tensor([0, -1, 2**31 - 1, -(2**31)], dtype=torch.int32),
        "index": torch.tensor(-3, dtype=torch.int32),
        "mask": torch.tensor([[True, False, True]]),
        **{name: torch.tensor([i], dtype=torch.float32) for i, name in enumerate(NAMES)},
    }


def other():
    """Tensors of dtypes that the library reads as float32 or int32."""
    halves = [math.nan, math.inf, -math.inf, 0.0, -0.0, 6e-8, -6.1e-5, 65504, 1 / 3]
    return {
        "f16": torch.tensor(halves, dtype=torch.float16),
        "bf16": torch.tensor(halves, dtype=torch.bfloat16).reshape(3, 3),
        "i64": torch.tensor([0, -1, 2**31 - 1, -(2**31)]),
        "i64 scalar": torch.tensor(12),
        "i16": torch.tensor([-(2**15), 2**15 - 1], dtype=torch.int16),
        "i8": torch.tensor([-128, 127, 5], dtype=torch.int8),
        "u8": torch.tensor([0, 255, 7], dtype=torch.uint8),
        "u16": torch.tensor([0, 65535], dtype=torch.uint16),
        "u32": torch.tensor([0, 2**31 - 1], dtype=torch.uint32),
        "u64": torch.tensor([0, 2**31 - 1], dtype=torch.uint64),
    }


def converted(tensor):
    return tensor.float() if tensor.is_floating_point() else tensor.to(torch.int32)


def every(dtype):
    """SHA-256 of what PyTorch makes of all 65,536 numbers of 16 bits, in float32, with one NaN for all."""
    numbers = torch.arange(2**16).to(torch.uint16).view(dtype).float()
    return hashlib.sha256(torch.where(numbers.isnan(), math.nan, numbers).numpy().tobytes()).hexdigest()


def batch_norm():
    """The state of a BatchNorm1d after one batch."""
    norm = torch.nn.BatchNorm1d(2, momentum=1)
    norm(torch.tensor([[1.0, 10.0], [3.0, 30.0]]))
    return norm.state_dict()


def main():
    save_file(batch_norm(), golden.FOLDER / "python_batch_norm.safetensors")
    save_file(same(), golden.FOLDER / "python.safetensors")
    save_file(other(), golden.FOLDER / "python_dtypes.safetensors", metadata={"format": "pt"})
    content = {
        "same": {name: golden.encode(tensor) for name, tensor in same().items()},
        "other": {name: golden.encode(converted(tensor)) for name, tensor in other().items()},
        "every": {"F16": every(torch.float16), "BF16": every(torch.bfloat16)},
    }
    golden.write("safetensors", content)


if __name__ == "__main__":
    main()
