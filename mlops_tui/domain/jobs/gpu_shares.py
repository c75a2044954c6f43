"""Which GPUs go to whom."""

from collections.abc import Collection, Sequence
from itertools import pairwise


def free_gpus(gpus: Sequence[str], taken: Collection[str], wanted: int = 1) -> tuple[str, ...]:
    """Return up to so many GPUs that no job has, else the one that the fewest have.

    ``taken`` names one for each job on it.
    """
    used = list(taken)
    free = tuple(gpu for gpu in gpus if gpu not in used)[:wanted]
    return free or tuple(sorted(gpus, key=used.count)[:1])


def shares(gpus: Sequence[str], count: int) -> tuple[tuple[str, ...], ...]:
    """Return the GPUs as they are dealt out to so many; where there are fewer, some share one."""
    size = len(gpus)
    if size < count:
        return tuple((gpus[number % size],) for number in range(count)) if gpus else ()
    ends = [number * size // count for number in range(count + 1)]
    return tuple(tuple(gpus[start:end]) for start, end in pairwise(ends))
