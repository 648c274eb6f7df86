"""What clip_grad_norm_ makes of gradients, and the norm that it returns, for every type of norm."""

import golden
import torch

INF = float("inf")
# Infinities go as text, since JSON has none.
TYPES = {"2": 2, "1": 1, "0": 0, "0.5": 0.5, "3": 3, "-1": -1, "Infinity": INF, "-Infinity": -INF}
SHAPES = [(3, 4), (5,), (), (70,)]


def clip(gradients, max_norm, norm_type, dtype):
    params = [torch.zeros_like(gradient, dtype=dtype).requires_grad_() for gradient in gradients]
    for param, gradient in zip(params, gradients, strict=True):
        param.grad = gradient.to(dtype, copy=True)
    total = torch.nn.utils.clip_grad_norm_(params, max_norm, norm_type, foreach=False)
    return {"total": total, "gradients": torch.cat([param.grad.flatten() for param in params])}


def record(gradients, max_norm, norm_type):
    arguments = (gradients, max_norm, TYPES[norm_type])
    exact, single = clip(*arguments, torch.float64), clip(*arguments, torch.float32)
    results = {name: golden.result(exact[name], single[name]) for name in exact}
    return {"args": {"maxNorm": max_norm, "normType": norm_type}, "results": results}


def main():
    torch.manual_seed(6)
    usual = [torch.randn(shape) for shape in SHAPES]
    groups = {
        "usual gradients": (usual, [(norm, kind) for kind in TYPES for norm in (0.7, 50.0)] + [(0.0, "2")]),
        "tiny gradients": ([gradient * 1e-12 for gradient in usual], [(1e-13, "2"), (1.0, "2"), (1e-13, "Infinity")]),
        "no gradient but zeros": ([gradient * 0 for gradient in usual], [(0.7, kind) for kind in TYPES] + [(0.0, "2")]),
    }
    content = [
        {
            "name": name,
            "gradients": [golden.encode(gradient) for gradient in gradients],
            "cases": [record(gradients, *arguments) for arguments in cases],
        }
        for name, (gradients, cases) in groups.items()
    ]
    golden.write("clip_grad_norm", {"groups": content})


if __name__ == "__main__":
    main()
