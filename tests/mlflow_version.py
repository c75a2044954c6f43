"""What differs between the releases of MLflow that the tests run with."""

from importlib.metadata import version


def before(minor: str) -> bool:
    """Return whether MLflow is older than a minor release such as 3.9."""
    installed = version("mlflow").split(".")[:2]
    return tuple(map(int, installed)) < tuple(map(int, minor.split(".")))


MODEL_FILE = "model.pkl" if before("3.9") else "model.skops"
"""In which file a scikit-learn model lies unless it is said."""
