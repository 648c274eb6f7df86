"""Records what PyTorch's CPU generator returns, for test/generator.test.ts: `python record_random.py`.

Writes random.json next to this file. Each sequence is a list of calls on one generator, each with its result: the raw
little-endian bytes in base64, or for more than LONGEST numbers their SHA-256. Needs a processor with AVX2, without
ATEN_CPU_CAPABILITY=default in the environment, and not one of Intel, where MKL draws the Bernoulli numbers.
"""

import base64
import hashlib
import json
import pathlib

import torch

LONGEST = 64

# What a call is named in the library, and how PyTorch spells it.
CALLS = {
    "manualSeed": lambda g, seed: g.manual_seed(int(seed)) and None,
    "uniform": lambda g, n, low=0, high=1: torch.empty(n).uniform_(low, high, generator=g),
    "uniform64": lambda g, n, low=0, high=1: double(n).uniform_(low, high, generator=g),
    "normal": lambda g, n, mean=0, std=1: torch.empty(n).normal_(mean, std, generator=g),
    "normal64": lambda g, n, mean=0, std=1: double(n).normal_(mean, std, generator=g),
    "bernoulli": lambda g, n, p: torch.empty(n).bernoulli_(p, generator=g),
    "bernoulli64": lambda g, n, p: double(n).bernoulli_(p, generator=g),
    "randint": lambda g, n, low, high: torch.randint(low, high, (n,), generator=g).to(torch.int32),
    "randperm": lambda g, n: torch.randperm(n, generator=g).to(torch.int32),
}


def double(n):
    return torch.empty(n, dtype=torch.float64)


def record(calls):
    generator = torch.Generator()
    return [[name, args, encode(CALLS[name](generator, *args))] for name, *args in calls]


def encode(tensor):
    if tensor is None:
        return None
    data = tensor.numpy().tobytes()
    if tensor.numel() > LONGEST:
        return {"sha256": hashlib.sha256(data).hexdigest()}
    return {"base64": base64.b64encode(data).decode()}


def seeded(seed, *calls):
    return [("manualSeed", str(seed)), *calls]


def seeds():
    return [
        call
        for seed in (0, 1, 42, -1, -42, 2**31, 2**32 - 1, 2**32 + 42, 2**63 - 1, -(2**63), 2**64 - 1)
        for call in seeded(seed, ("uniform", 3), ("normal", 16))
    ]


def mixed():
    first = [("normal", 5), ("uniform", 3), ("normal", 7), ("normal", 16), ("normal", 33), ("normal", 2)]
    second = [("randint", 9, 0, 10), ("normal", 1), ("randperm", 13), ("normal", 20), ("normal", 1), ("uniform64", 3)]
    again = [("manualSeed", "42"), ("normal", 5), ("manualSeed", "7"), ("normal", 5), ("normal", 1000), ("normal", 3)]
    return seeded(42, *first, *second, *again)


def kaiming():
    calls = []
    for fan_in in (1, 3, 7, 10, 16, 64, 100, 128, 784, 4096):
        bound = fan_in**-0.5
        calls += [("uniform", 1000, -bound, bound), ("uniform", 8, -bound, bound)]
    return seeded(3, *calls)


def bounds():
    pairs = [(0, 0.1), (0.1, 0.3), (1, 2), (-0.3, 1e-3), (-5, 1e6), (1e-20, 3e-20), (16, 16.00001), (2.5, 2.5)]
    # Here the product of many draws with the range lies half-way between two floats, and the low bound breaks the tie.
    ties = [(1e-20, 0.75), (-1e-20, 0.75), (1e-20, 3), (-1e-20, 3)]
    return seeded(4, *(("uniform", 10000, low, high) for low, high in pairs + ties))


def spread():
    pairs = [(0, 0.02), (1.5, 0.02), (-3, 7), (1e3, 0.1), (2, 0), (1e-3, 1e-3)]
    return seeded(5, *(("normal", n, mean, std) for mean, std in pairs for n in (3, 40, 10000)))


def probabilities():
    calls = [(kind, n, p) for p in (0, 0.1, 0.5, 1 - 0.3, 1) for n in (0, 1, 17, 5000) for kind in ("bernoulli", "uniform")]
    return seeded(11, *(call[:2] if call[0] == "uniform" else call for call in calls), ("bernoulli64", 40, 0.3))


def ranges():
    narrow = [(0, 1), (0, 2), (-5, 5), (0, 2**24 + 1), (0, 2**28 - 1)]
    wide = [(0, 2**28), (-7, 2**28), (0, 2**31), (-(2**31), 2**31)]
    return seeded(6, *(("randint", n, low, high) for low, high in narrow + wide for n in (5, 2000)))


SEQUENCES = {
    "the batch of a demo": seeded(42, ("normal", 32 * 128), ("uniform", 4096), ("randint", 32, 0, 10), ("normal", 8)),
    "every kind of seed": seeds(),
    "mixed calls share one stream": mixed(),
    "normal, 0 to 40 numbers": seeded(1, *(("normal", n) for n in range(41))),
    "normal, up to 200 numbers": seeded(1, *(("normal", n) for n in range(41, 201))),
    "uniform, 0 to 40 numbers": seeded(2, *(("uniform", n) for n in range(41)), ("uniform", 1000), ("uniform", 4096)),
    "uniform within the bounds of Kaiming's initialisation": kaiming(),
    "uniform within other bounds": bounds(),
    "normal with a mean and a deviation": spread(),
    "ones with a probability": probabilities(),
    "integers of narrow and wide ranges": ranges(),
    "permutations": seeded(8, *(("randperm", n) for n in (0, 1, 2, 3, 10, 1000, 100000))),
    "a million of each": seeded(9, ("normal", 10**6), ("uniform", 10**6), ("normal", 10**6 + 7), ("uniform64", 10**6)),
}

# What the library reproduces only up to the last digits.
CLOSE = seeded(10, ("normal64", 7), ("normal64", 40, 0.5, 2), ("uniform64", 16, -0.3, 0.7))

if __name__ == "__main__":
    golden = {"torch": torch.__version__, "capability": torch.backends.cpu.get_cpu_capability()}
    golden["sequences"] = {name: record(calls) for name, calls in SEQUENCES.items()}
    golden["close"] = record(CLOSE)
    path = pathlib.Path(__file__).with_name("random.json")
    text = json.dumps(golden, separators=(",", ":"))
    path.write_text(text.replace('],["', '],\n["') + "\n")
