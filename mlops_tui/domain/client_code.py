"""Python that calls MLflow's client."""

CLIENT = "from mlflow import MlflowClient\n\nclient = MlflowClient()\n"
"""The store is left to MLFLOW_TRACKING_URI, so that no address with a password is copied."""


def client_code(*calls: str) -> str:
    """Return a script that makes these calls."""
    return CLIENT + "\n".join(calls) + "\n"


def call(method: str, *values: object, **named: object) -> str:
    """Return one call of the client."""
    arguments = [repr(value) for value in values]
    arguments += [f"{key}={value!r}" for key, value in named.items()]
    return f"client.{method}({', '.join(arguments)})"
