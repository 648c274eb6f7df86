"""Ten steps of any optimizer from the same gradients, for the scripts that record one."""

import golden
import torch

SHAPES = [(5,), (2, 3)]
# The second tensor has no gradient at these steps.
SKIPPED = (0, 4, 5)
DTYPES = {"float32": torch.float32, "float64": torch.float64}


def optimizer_for(case, params):
    options = golden.camel_to_snake(case["options"])
    if case["groups"]:
        first, second = (golden.camel_to_snake(group) for group in case["groups"])
        params = [{"params": params[:1], **first}, {"params": params[1:], **second}]
    return getattr(torch.optim, case["optimizer"])(params, foreach=False, fused=False, **options)


def train(case, initial, gradients, dtype, names):
    """The parameters after every step, and what the optimizer keeps for each at the end, under our names."""
    params = [value.to(dtype, copy=True).requires_grad_() for value in initial]
    optimizer = optimizer_for(case, params)
    steps = []
    for step, own in enumerate(gradients):
        for i, (param, gradient) in enumerate(zip(params, own, strict=True)):
            param.grad = None if i == 1 and step in SKIPPED else gradient.to(dtype, copy=True)
        optimizer.step()
        steps.append(torch.cat([param.detach().flatten() for param in params]))
    kept = [optimizer.state[param] for param in params]
    state = {ours: joined([own[name] for own in kept if name in own], dtype) for name, ours in names.items()}
    return {"params": torch.stack(steps), **state}


def joined(tensors, dtype):
    return torch.cat([tensor.flatten() for tensor in tensors]) if tensors else torch.empty(0, dtype=dtype)


def record(case, initial, gradients, names):
    results = {}
    for name, dtype in DTYPES.items():
        trained = train(case, initial, gradients, dtype, names)
        results[name] = {key: golden.encode(value) for key, value in trained.items()}
    return {**case, **results}


def gradients_of():
    """Gradients from tiny to large, with zeros; those of one step shrink the average that amsgrad remembers."""
    scale = torch.tensor([1.0, 100.0, 1e-3, 0.0, 1e-6])
    factors = [1, 10, 1, 0.1, 0.01, 1, 0.3, 3, 1e-4, 1]
    return [[torch.randn(shape) * scale.repeat(4)[: shape[-1]] * factor for shape in SHAPES] for factor in factors]


def content(cases, names):
    """The runs of these cases, and what the optimizer keeps under these of PyTorch's names, as ours."""
    initial = [torch.randn(shape) for shape in SHAPES]
    gradients = gradients_of()
    return {
        "initial": [golden.encode(value) for value in initial],
        "gradients": [[golden.encode(value) for value in own] for own in gradients],
        "skipped": SKIPPED,
        "cases": [record(case, initial, gradients, names) for case in cases],
    }


def write(file, cases, names):
    """Records these cases in a file of their own."""
    torch.manual_seed(4)
    golden.write(file, content(cases, names))
