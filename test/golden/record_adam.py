"""Ten steps of Adam and AdamW, with each option by itself and together, from the same gradients."""

import golden
import torch

STEPS = 10
SHAPES = [(5,), (2, 3)]
# The second tensor has no gradient at these steps.
SKIPPED = (0, 4, 5)

OPTIONS = [
    {},
    {"lr": 0.1},
    {"betas": [0.5, 0.9]},
    {"betas": [0.0, 0.0]},
    {"eps": 1e-3},
    {"eps": 0},
    {"weightDecay": 0.1},
    {"amsgrad": True},
    {"maximize": True},
    {"amsgrad": True, "maximize": True, "weightDecay": 0.05, "betas": [0.8, 0.95], "eps": 1e-6, "lr": 0.01},
]
# The options of the first and the second group beside those of the optimizer.
GROUPS = [
    ({"lr": 0.05}, {"weightDecay": 0.2, "amsgrad": True}),
    ({"betas": [0.7, 0.8], "maximize": True}, {"eps": 1e-2, "lr": 0.2}),
]

STATE = {"exp_avg": "expAvg", "exp_avg_sq": "expAvgSq", "max_exp_avg_sq": "maxExpAvgSq"}


def optimizer_for(case, params):
    options = golden.camel_to_snake(case["options"])
    if case["groups"]:
        first, second = (golden.camel_to_snake(group) for group in case["groups"])
        params = [{"params": params[:1], **first}, {"params": params[1:], **second}]
    return getattr(torch.optim, case["optimizer"])(params, foreach=False, fused=False, **options)


def train(case, initial, gradients, dtype):
    """The parameters after every step, and what the optimizer keeps for each at the end."""
    params = [value.to(dtype, copy=True).requires_grad_() for value in initial]
    optimizer = optimizer_for(case, params)
    steps = []
    for step, own in enumerate(gradients):
        for i, (param, gradient) in enumerate(zip(params, own, strict=True)):
            param.grad = None if i == 1 and step in SKIPPED else gradient.to(dtype, copy=True)
        optimizer.step()
        steps.append(torch.cat([param.detach().flatten() for param in params]))
    kept = [optimizer.state[param] for param in params]
    nothing = torch.empty(0, dtype=dtype)
    state = {
        ours: torch.cat([nothing, *(own[name].flatten() for own in kept if name in own)])
        for name, ours in STATE.items()
    }
    return {"params": torch.stack(steps), "step": torch.stack([own["step"] for own in kept]), **state}


def record(case, initial, gradients):
    results = {}
    for name, dtype in DTYPES.items():
        trained = train(case, initial, gradients, dtype)
        results[name] = {key: golden.encode(value) for key, value in trained.items()}
    return {**case, **results}


DTYPES = {"float32": torch.float32, "float64": torch.float64}


def gradients_of():
    """Gradients from tiny to large, with zeros; those of one step shrink the average that amsgrad remembers."""
    scale = torch.tensor([1.0, 100.0, 1e-3, 0.0, 1e-6])
    factors = [1, 10, 1, 0.1, 0.01, 1, 0.3, 3, 1e-4, 1]
    return [[torch.randn(shape) * scale.repeat(4)[: shape[-1]] * factor for shape in SHAPES] for factor in factors]


def main():
    torch.manual_seed(4)
    initial = [torch.randn(shape) for shape in SHAPES]
    gradients = gradients_of()
    kinds = [(options, []) for options in OPTIONS] + [({}, groups) for groups in GROUPS] + [({"lr": 0.01}, GROUPS[0])]
    cases = [
        {"optimizer": optimizer, "options": options, "groups": groups}
        for optimizer in ("Adam", "AdamW")
        for options, groups in kinds
        # What AdamW shares with Adam need not be recorded twice.
        if optimizer == "Adam" or groups or not options.keys() <= {"betas", "eps"} or not options
    ]
    content = {
        "initial": [golden.encode(value) for value in initial],
        "gradients": [[golden.encode(value) for value in own] for own in gradients],
        "skipped": SKIPPED,
        "cases": [record(case, initial, gradients) for case in cases],
    }
    golden.write("adam", content)


if __name__ == "__main__":
    main()
