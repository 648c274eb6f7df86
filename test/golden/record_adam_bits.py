"""Twelve steps of Adam and AdamW in float32, to the bit: what is left of parameters of many sizes.

The tests draw the same inputs from the same seeds, so only the results are recorded: once as PyTorch computes them here, on
a processor of AMD with AVX-512, and once with exact square roots. Those of PyTorch are MKL's, which depend on the
processor, and may be a unit off in the last place.
"""

import golden
import record_adam
import torch

SIZES = [1, 5, 12, 17, 33, 100]
# By what normal random numbers become the gradients of each step.
FACTORS = {
    "mixed": [1, 10, 1, 0.1, 0.01, 1, 0.3, 3, 1e-4, 1, 100, 1e-3],
    "1e15": [1e15] * 12,
    "1e30": [1e30] * 12,
    "1e-20": [1e-20] * 12,
    "1e-30": [1e-30] * 12,
    "growing": [10.0 ** (2 * step) for step in range(12)],
    "zeros": [1] * 12,
}
# Those of record_adam.py; and betas where one is 0, or the first so small that the mean is taken from the other end.
ADAM = [*record_adam.OPTIONS, {"betas": [0.3, 0.0]}, {"betas": [0.0, 0.97]}]
ADAMW = [{"lr": 0.03}, {"amsgrad": True, "maximize": True, "weightDecay": 0.3, "betas": [0.6, 0.7], "lr": 0.1}]
# For the gradients that are not mixed.
BOTH = [{}, {"amsgrad": True, "eps": 0, "weightDecay": 0.01, "lr": 0.1}]

STATE = {name: ours for name, ours in record_adam.STATE.items() if name != "step"}


def gradient(kind, step, size):
    values = torch.randn(size) * torch.tensor(FACTORS[kind][step])
    return torch.where((torch.arange(size) + step) % 3 == 0, 0, values) if kind == "zeros" else values


def train(case):
    torch.manual_seed(case["seed"])
    params = [torch.randn(size).requires_grad_() for size in SIZES]
    options = golden.camel_to_snake(case["options"])
    optimizer = getattr(torch.optim, case["optimizer"])(params, foreach=False, fused=False, **options)
    for step in range(len(FACTORS[case["kind"]])):
        for param in params:
            param.grad = gradient(case["kind"], step, param.numel())
        optimizer.step()
    kept = [optimizer.state[param] for param in params]
    state = {ours: torch.cat([own[name] for own in kept]) for name, ours in STATE.items() if name in kept[0]}
    return {"params": torch.cat([param.detach() for param in params]), **state}


def exact_root(x):
    return torch.sqrt(x.double()).float()


def train_with_exact_roots(case):
    root = torch.Tensor.sqrt
    torch.Tensor.sqrt = exact_root
    try:
        return train(case)
    finally:
        torch.Tensor.sqrt = root


def record(case):
    """The results, and those of them that are others with exact roots."""
    results, exact = train(case), train_with_exact_roots(case)
    others = {name: value for name, value in exact.items() if not same_bits(value, results[name])}
    return {**case, "results": encoded(results), "withExactRoots": encoded(others)}


def same_bits(a, b):
    return torch.equal(a.view(torch.int32), b.view(torch.int32))


def encoded(results):
    return {name: golden.encode(value) for name, value in results.items()}


def main():
    kinds = [("Adam", "mixed", options) for options in ADAM] + [("AdamW", "mixed", options) for options in ADAMW]
    kinds += [("Adam", kind, options) for kind in FACTORS if kind != "mixed" for options in BOTH]
    cases = [
        record({"optimizer": optimizer, "kind": kind, "options": options, "seed": seed})
        for seed, (optimizer, kind, options) in enumerate(kinds)
    ]
    golden.write("adam_bits", {"sizes": SIZES, "factors": FACTORS, "cases": cases})


if __name__ == "__main__":
    main()
