"""Adds the tracking URI to a script or a command that is copied."""

import shlex

from mlops_tui.domain.store import Store, absolute_uri, redact

PYTHON = ("import ", "from ")
ABOUT_A_STORE = ("mlflow", "mlops_tui", "mlops-tui")
"""Words of commands that read or write a store; a ``kill`` or a ``curl`` does not."""


def with_store_uri(text: str, store: Store) -> str:
    """Return the script or command with its store named, so that it does the same anywhere.

    An address that holds a password, or anything else secret, is not named: what is pasted then
    takes it from MLFLOW_TRACKING_URI, as MLflow does. The end of a tunnel is not named either: it
    is gone with us. Our own command opens one itself, for a name of the config file.
    """
    by_name = store.ssh and store.name and "mlops-tui" in text
    tracking = store.name if by_name else store.far_uri or store.tracking_uri
    wanted = {"tracking_uri": tracking, "registry_uri": store.registry_uri}
    named = {name: absolute_uri(uri) for name, uri in wanted.items() if uri and redact(uri) == uri}
    if not named or not any(word in text for word in ABOUT_A_STORE):
        return text
    if text.startswith(PYTHON):
        setting = "".join(f"mlflow.set_{name}({uri!r})\n" for name, uri in named.items())
        through = f"# It is reached through {store.ssh}: ssh -L\n" if store.ssh else ""
        return f"import mlflow\n\n{through}{setting}{text}"
    variables = (f"MLFLOW_{name.upper()}={shlex.quote(uri)}" for name, uri in named.items())
    return " ".join((*variables, text))


def with_recorded_uri(text: str, recorded: str, present: Store) -> str:
    """Return a command of a process with the store that it was started on, by its label.

    One whose address holds a secret, or is behind a tunnel, is named only while it is open.
    """
    if recorded in ("", present.label):
        return with_store_uri(text, present)
    if "***" in recorded or " " in recorded:
        return text
    return with_store_uri(text, Store(recorded))
