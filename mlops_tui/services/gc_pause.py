"""Reading with Python's garbage collector at rest."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_resting = 0


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Switch the collector off while a big answer is built; calls may overlap in threads.

    MLflow builds thousands of objects that all live until the call returns: the collector looks
    through them again and again, for nothing. Off, 1,000 runs take 257 ms in place of 690.
    """
    global _resting  # noqa: PLW0603 - the collector is one per process too
    with _lock:
        _resting += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _resting -= 1
            if not _resting:
                gc.enable()
