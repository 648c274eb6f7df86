"""The learning rates that PyTorch's schedulers set, step by step, and the momenta of OneCycleLR.

A case names the optimizer with the options of its groups, the schedulers that work on it together, how often they step,
and what ReduceLROnPlateau is told. Functions go by their names in LAMBDAS, of which the test has the same.
"""

import golden
import torch

LAMBDAS = {"halving": lambda epoch: 0.5**epoch, "rising": lambda epoch: 1 + epoch / 4}
ONE = [{"lr": 0.1}]
TWO = [{"lr": 0.1}, {"lr": 0.003}]
PLATEAU = [3, 2, 2.5, 2, 1.9999, 1.9995, 1.5, 1.6, 1.7, 1.8, 1.4, 1.45, 1.44, 1.43, 1.42, 1.41, 1.4, 1.39, 1.5, 1.5]


def case(*schedulers, groups=TWO, steps=12, metrics=None, optimizer="SGD"):
    return {"case": optimizer, "groups": groups, "schedulers": schedulers, "steps": steps, "metrics": metrics}


def plateau(**options):
    return case(["ReduceLROnPlateau", [], options], metrics=PLATEAU)


def one_cycle(max_lr, optimizer="SGD", steps=20, groups=TWO, **options):
    return case(["OneCycleLR", [max_lr], options], optimizer=optimizer, steps=steps, groups=groups)


CASES = [
    case(["StepLR", [3], {}]),
    case(["StepLR", [1], {"gamma": 0.7}]),
    case(["ExponentialLR", [0.9], {}]),
    case(["CosineAnnealingLR", [10], {}], steps=45),
    case(["CosineAnnealingLR", [7], {"etaMin": 0.002}], steps=30),
    case(["CosineAnnealingLR", [1], {"etaMin": 0.01}], steps=5),
    case(["LinearLR", [], {}]),
    case(["LinearLR", [], {"startFactor": 0.1, "endFactor": 0.6, "totalIters": 8}]),
    # The last growth is just below 0, but for rounding.
    case(["LinearLR", [], {"startFactor": 0.1, "endFactor": 0, "totalIters": 4}]),
    case(["LinearLR", [], {"totalIters": 0}], steps=3),
    case(["LambdaLR", ["halving"], {}]),
    case(["LambdaLR", [["halving", "rising"]], {}]),
    # Together.
    case(["LinearLR", [], {"totalIters": 3}], ["ExponentialLR", [0.8], {}]),
    case(["CosineAnnealingLR", [6], {}], ["StepLR", [2], {"gamma": 0.5}]),
    # From an earlier training.
    *(
        case([name, arguments, {"lastEpoch": 3}], groups=[{"lr": 0.05, "initialLr": 0.2}], steps=6)
        for name, arguments in (
            ("StepLR", [2]),
            ("StepLR", [3]),
            ("ExponentialLR", [0.9]),
            ("CosineAnnealingLR", [8]),
            ("LinearLR", []),
            ("LambdaLR", ["halving"]),
        )
    ),
    plateau(),
    plateau(patience=1),
    plateau(patience=0, factor=0.5, threshold=0.01),
    plateau(patience=0, factor=0.5, threshold=0.1, thresholdMode="abs"),
    plateau(patience=1, mode="max", factor=0.3),
    plateau(patience=0, mode="max", thresholdMode="abs", threshold=0.3, factor=0.9),
    plateau(patience=0, cooldown=2, factor=0.5),
    plateau(patience=0, factor=0.2, minLr=[0.01, 0.001]),
    plateau(patience=0, factor=0.2, minLr=1e-3, eps=2e-3),
    plateau(patience=0, threshold=1),
    one_cycle(0.5, steps=20, totalSteps=20),
    one_cycle([0.5, 0.2], totalSteps=20, annealStrategy="linear"),
    one_cycle(0.5, epochs=4, stepsPerEpoch=5, threePhase=True),
    one_cycle(0.5, totalSteps=21, threePhase=True, pctStart=0.45, annealStrategy="linear"),
    one_cycle(0.5, totalSteps=20, pctStart=0.0, divFactor=10, finalDivFactor=100),
    one_cycle(0.5, totalSteps=19, pctStart=0.37, baseMomentum=[0.7, 0.8], maxMomentum=0.9, steps=19),
    one_cycle(0.5, optimizer="Adam", totalSteps=20, baseMomentum=0.8),
    one_cycle(0.5, totalSteps=20, cycleMomentum=False),
]


def snake(options):
    return golden.camel_to_snake(options)


def make(optimizer, name, arguments, options):
    if name == "LambdaLR":
        [names] = arguments
        arguments = [[LAMBDAS[each] for each in names] if isinstance(names, list) else LAMBDAS[names]]
    return getattr(torch.optim.lr_scheduler, name)(optimizer, *arguments, **snake(options))


def momentum_of(group):
    return group["betas"][0] if "betas" in group else group["momentum"]


def record(case):
    groups = [{"params": [torch.zeros(1, requires_grad=True)], **snake(group)} for group in case["groups"]]
    optimizer = getattr(torch.optim, case["case"])(groups, lr=1)
    schedulers = [make(optimizer, *scheduler) for scheduler in case["schedulers"]]
    rates, momenta = [], []

    def note():
        rates.append([group["lr"] for group in optimizer.param_groups])
        momenta.append([momentum_of(group) for group in optimizer.param_groups])

    note()
    optimizer.step()
    for step in range(len(case["metrics"] or range(case["steps"]))):
        for scheduler in schedulers:
            scheduler.step(*(case["metrics"] or [])[step : step + 1])
        note()
    assert rates[-1] == schedulers[-1].get_last_lr()
    return {**case, "rates": rates, "momenta": momenta, "lastEpoch": schedulers[0].last_epoch}


def main():
    golden.write("schedulers", {"cases": [record(case) for case in CASES]})


if __name__ == "__main__":
    main()
