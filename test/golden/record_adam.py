"""Ten steps of Adam and AdamW, with each option by itself and together, from the same gradients."""

import optimizers

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

STATE = {"step": "step", "exp_avg": "expAvg", "exp_avg_sq": "expAvgSq", "max_exp_avg_sq": "maxExpAvgSq"}


def main():
    kinds = [(options, []) for options in OPTIONS] + [({}, groups) for groups in GROUPS] + [({"lr": 0.01}, GROUPS[0])]
    cases = [
        {"optimizer": optimizer, "options": options, "groups": groups}
        for optimizer in ("Adam", "AdamW")
        for options, groups in kinds
        # What AdamW shares with Adam need not be recorded twice.
        if optimizer == "Adam" or groups or not options.keys() <= {"betas", "eps"} or not options
    ]
    optimizers.write("adam", cases, STATE)


if __name__ == "__main__":
    main()
