"""A workload that an opponent is ready to do, as in bench/opponents/job.ts."""

from dataclasses import dataclass
from typing import Callable, List

PROOF_STEPS = 3
PROOF_ELEMENTS = 8


def nothing():
    pass


@dataclass
class Job:
    """`times(n)` does the work n times, or starts it, and `finish` waits for all that was started."""

    proof: List[float]
    times: Callable[[int], None]
    begin: Callable[[], None] = nothing
    finish: Callable[[], None] = nothing


def repeated(once):
    """A function that calls another one n times."""

    def times(n):
        for _ in range(n):
            once()

    return times
