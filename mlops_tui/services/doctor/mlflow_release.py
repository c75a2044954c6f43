"""Which releases of MLflow are worked with, what the older of them lack."""

from mlops_tui.domain.report import Finding

OLDEST = "3.4"
"""Releases from this one on are worked with; there is no ceiling."""

LACKS = {
    "3.5": "before 3.5 the histories of metrics are read whole from a database, more slowly",
    "3.9": "before 3.9 the recipes cannot train, and SQLAlchemy has to be older than 2.1",
}
"""A release to what all before it lack, as the tests found it."""


SKOPS = "3.9"
"""The first release that logs scikit-learn's models in the skops format."""


def about(installed: str, python: str) -> Finding:
    """Return the finding about the MLflow installed here."""
    remedy = f"{python} -m pip install -U mlflow"
    if not installed:
        problem = "mlflow is not installed beside mlops-tui."
        return Finding("mlflow_version", "none", "", problem, f"{python} -m pip install mlflow")
    if is_before(installed, OLDEST):
        problem = f"MLflow {installed} is older than {OLDEST}, the oldest that mlops-tui knows."
        return Finding("mlflow_version", installed, "", problem, remedy)
    lacking = [what for release, what in LACKS.items() if is_before(installed, release)]
    return Finding("mlflow_version", installed, "; ".join((f"{OLDEST} or newer", *lacking)))


def is_before(version: str, release: str) -> bool:
    """Return whether a version is older than a release such as 3.9; unreadable ones are not."""
    try:
        numbers = tuple(map(int, version.split(".")[:2]))
    except ValueError:
        return False
    return numbers < tuple(map(int, release.split(".")))
