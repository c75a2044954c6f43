"""A Python environment that jobs run in."""

from collections.abc import Mapping
from dataclasses import dataclass

PACKAGES = {
    "mlflow": "no job can log a run",
    "scikit-learn": "the built-in recipes cannot train",
    "skops": "scikit-learn models can be neither logged nor loaded",
    "uvicorn": "no model can be served",
}
"""What a job's Python needs, with what is impossible without it."""


@dataclass(frozen=True, slots=True)
class JobPython:
    """The interpreter that will run jobs."""

    path: str
    origin: str
    """What chose it: ``setting``, ``VIRTUAL_ENV``, ``CONDA_PREFIX`` or ``own``."""
    problem: str = ""
    """Why it cannot run, in one sentence."""
    remark: str = ""
    """Which other was passed over, and why, in one sentence."""


@dataclass(frozen=True, slots=True)
class PythonFacts:
    """What an interpreter says of itself."""

    version: str
    packages: Mapping[str, str]
    """Package to version, of those in ``PACKAGES`` that are installed."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages that jobs need in vain."""
        return tuple(name for name in PACKAGES if name not in self.packages)
