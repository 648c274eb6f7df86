"""Ten steps of SGD, with each option by itself and together, from the same gradients."""

import optimizers

OPTIONS = [
    {},
    {"lr": 0.1},
    {"momentum": 0.9},
    {"dampening": 0.3},
    {"weightDecay": 0.1},
    {"maximize": True},
    {"momentum": 0.9, "dampening": 0.3},
    {"momentum": 0.8, "nesterov": True},
    {"momentum": 0.9, "dampening": -0.5, "maximize": True},
    {"momentum": 0.9, "dampening": 1, "weightDecay": 0.1, "maximize": True, "lr": 0.02},
    {"momentum": 0.7, "nesterov": True, "weightDecay": 0.1, "maximize": True, "lr": 0.02},
]
# The options of the first and the second group beside those of the optimizer.
GROUPS = [
    ({"lr": 0.05}, {"momentum": 0.9, "weightDecay": 0.2}),
    ({"momentum": 0.7, "nesterov": True}, {"dampening": 0.5, "momentum": 0.5, "maximize": True}),
]


def main():
    kinds = [(options, []) for options in OPTIONS] + [({}, groups) for groups in GROUPS] + [({"lr": 0.01}, GROUPS[0])]
    cases = [{"optimizer": "SGD", "options": options, "groups": groups} for options, groups in kinds]
    optimizers.write("sgd", cases, {"momentum_buffer": "momentumBuffer"})


if __name__ == "__main__":
    main()
