"""Records in which order DataLoader reads samples, and the random numbers after, for test/data/."""

import torch
from golden import write
from torch.utils.data import DataLoader

# (seed of the default generator, seed of a generator of the loader's own, samples, batch size, shuffle, drop last)
CASES = [
    (0, None, 10, 3, True, False),
    (42, None, 10, 3, True, True),
    (42, None, 9, 3, True, False),
    (42, None, 7, 1, True, False),
    (-3, None, 100, 32, True, False),
    (2**40 + 5, None, 1, 4, True, False),
    (42, None, 10, 4, False, False),
    (42, None, 0, 4, False, False),
    (42, 7, 10, 3, True, False),
    (42, 7, 10, 3, True, True),
    (42, 2**63 + 9, 9, 3, True, False),
    (42, -1, 50, 8, True, False),
    (42, 7, 10, 4, False, False),
]


def record(seed, own, n, batch_size, shuffle, drop_last):
    """Three epochs of a loader, the middle one broken off after its first batch, each followed by a draw."""
    torch.manual_seed(seed)
    generator = None if own is None else torch.Generator().manual_seed(own)
    options = {"batch_size": batch_size, "shuffle": shuffle, "drop_last": drop_last}
    loader = DataLoader(range(n), generator=generator, **options)
    epochs = []
    for is_broken_off in (False, True, False):
        batches = []
        for batch in loader:
            batches.append(batch.tolist())
            if is_broken_off:
                break
        epochs.append({"batches": batches, "draw": torch.randint(0, 2**31 - 1, (1,)).item()})
    args = {"seed": str(seed), "own": None if own is None else str(own), "n": n}
    args |= {"batchSize": batch_size, "shuffle": shuffle, "dropLast": drop_last}
    return {"args": args, "length": len(loader), "epochs": epochs}


def main():
    write("data_loader", {"cases": [record(*case) for case in CASES]})


if __name__ == "__main__":
    main()
