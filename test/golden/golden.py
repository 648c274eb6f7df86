"""What the recording scripts share: how values are computed, measured and written down.

Every number in the golden files is PyTorch's. A float32 input is recorded as its bytes. A result is recorded as PyTorch
computes it in float64 from the same inputs, together with the error of PyTorch's own float32: what the library's
float32 is measured by.
"""

import base64
import gzip
import json
import math
import pathlib

import torch

FOLDER = pathlib.Path(__file__).parent
BYTES_AS = {torch.float32: "f32", torch.float64: "f64", torch.int32: "i32", torch.bool: "bool"}


def encode(tensor):
    """A tensor as its shape and its little-endian bytes in base64, under the name of their type."""
    array = tensor.detach().contiguous().numpy()
    return {"shape": list(tensor.shape), BYTES_AS[tensor.dtype]: base64.b64encode(array.tobytes()).decode()}


def decode(encoded):
    """The tensor that was encoded."""
    dtype, name = next((dtype, name) for dtype, name in BYTES_AS.items() if name in encoded)
    buffer = bytearray(base64.b64decode(encoded[name]))
    flat = torch.frombuffer(buffer, dtype=dtype) if buffer else torch.empty(0, dtype=dtype)
    return flat.reshape(encoded["shape"])


def upstream(like):
    """The gradient that flows into a result: quarters from -1.25 to 1.25 in a fixed order. The tests make the same."""
    return (((torch.arange(like.numel()) * 7 + 3) % 11 - 5) / 4).to(like.dtype).reshape(like.shape)


def error(exact, single):
    """The largest distance of float32 from float64, to three digits, never rounded down.

    None where one is finite and the other is not: float32 has failed, and says nothing of what is possible.
    """
    exact, single = exact.detach().flatten(), single.detach().double().flatten()
    finite = exact.isfinite()
    if not torch.equal(finite, single.isfinite()):
        return None
    largest = max((exact - single)[finite].abs().tolist(), default=0)
    if largest == 0:
        return 0
    unit = 10.0 ** (math.floor(math.log10(largest)) - 2)
    return float(f"{math.ceil(largest / unit) * unit:.3g}")


def compute(run, inputs, args, dtype, constants=()):
    """The output of `run` and the gradients of its float inputs, all of one dtype; constants have none, nor has what it
    does not use."""
    own = {name: convert(value, dtype, name not in constants) for name, value in inputs.items()}
    output = run(own, args)
    if not output.requires_grad:
        return {"output": output}
    output.backward(upstream(output))
    gradients = {name: value.grad for name, value in own.items() if value.grad is not None}
    return {"output": output, **gradients}


def convert(value, dtype, requires_grad=True):
    """An input as a leaf of that dtype; class indices as the integers that PyTorch wants."""
    if value.dtype == torch.bool:
        return value
    if value.is_floating_point():
        return value.detach().to(dtype, copy=True).requires_grad_(requires_grad)
    return value.to(torch.int64)


def record_case(run, inputs, args, constants=()):
    """One call: its arguments, and every result with the error of PyTorch's float32."""
    exact = compute(run, inputs, args, torch.float64, constants)
    single = compute(run, inputs, args, torch.float32, constants)
    results = {name: result(exact[name], single[name]) for name in exact}
    return {"args": args, "results": results}


def result(exact, single):
    if not exact.is_floating_point():
        return encode(exact if exact.dtype == torch.bool else exact.to(torch.int32))
    return {**encode(exact), "error": error(exact, single)}


def record_group(name, run, inputs, arguments, constants=()):
    """Several calls on the same inputs."""
    return {
        "name": name,
        "inputs": {key: encode_input(value, key in constants) for key, value in inputs.items()},
        "cases": [record_case(run, inputs, args, constants) for args in arguments],
    }


def encode_input(value, constant):
    return {**encode(value), "constant": True} if constant else encode(value)


def write(name, content):
    """Writes NAME.json next to this file, a case to a line."""
    text = json.dumps({"torch": torch.__version__, **content}, separators=(",", ":"), allow_nan=False)
    for start in ('{"optimizer"', '{"args"', '{"name"', '{"case"'):
        text = text.replace(start, "\n" + start)
    (FOLDER / f"{name}.json").write_text(text + "\n")


def write_compressed(path, content):
    """Writes a file of JSON, compressed; the same content gives the same bytes."""
    text = json.dumps({"torch": torch.__version__, **content}, separators=(",", ":"), allow_nan=False)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def camel_to_snake(options):
    """The library's options under PyTorch's names."""
    return {"".join(f"_{c.lower()}" if c.isupper() else c for c in name): value for name, value in options.items()}
