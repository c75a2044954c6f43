"""What an action is in Python or on the command line, ready to paste."""

import shlex
from collections.abc import Mapping, Sequence

from mlops_tui.domain.client_code import call, client_code
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import Transition


def register(
    *, uri: str, name: str, description: str = "", tags: Mapping[str, str] | None = None
) -> str:
    """Return the Python that makes a model a new version of a registered model."""
    tagged = f", tags={dict(tags)!r}" if tags else ""
    lines = ["import mlflow\n", f"version = mlflow.register_model({uri!r}, {name!r}{tagged})"]
    if description:
        arguments = f"{name!r}, version.version, description={description!r}"
        lines.append(f"mlflow.MlflowClient().update_model_version({arguments})")
    return "\n".join(lines) + "\n"


def transition(change: Transition) -> str:
    """Return the Python that moves a version, with those that it archives."""
    target, *others = change.changes
    archives = target.after.archives_existing and all(
        other.before is target.after and other.after is Stage.ARCHIVED for other in others
    )
    method = "transition_model_version_stage"
    if archives:
        flags = {"archive_existing_versions": True} if others else {}
        return client_code(call(method, change.model, target.version, target.after.value, **flags))
    calls = (call(method, change.model, c.version, c.after.value) for c in change.changes)
    return client_code(*calls)


def set_alias(name: str, alias: str, version: str) -> str:
    """Return the Python that points an alias at a version."""
    return client_code(call("set_registered_model_alias", name, alias, version))


def delete_alias(name: str, alias: str) -> str:
    """Return the Python that takes an alias away."""
    return client_code(call("delete_registered_model_alias", name, alias))


def describe_version(name: str, version: str, text: str) -> str:
    """Return the Python that sets a version's description."""
    return client_code(call("update_model_version", name, version, description=text))


def describe_model(name: str, text: str) -> str:
    """Return the Python that sets a registered model's description."""
    return client_code(call("update_registered_model", name, description=text))


def set_version_tags(
    name: str, version: str, changed: Mapping[str, str], removed: Sequence[str] = ()
) -> str:
    """Return the Python that sets or removes tags of a version."""
    sets = (call("set_model_version_tag", name, version, *tag) for tag in changed.items())
    deletes = (call("delete_model_version_tag", name, version, key) for key in removed)
    return client_code(*sets, *deletes)


def set_model_tags(name: str, changed: Mapping[str, str], removed: Sequence[str] = ()) -> str:
    """Return the Python that sets or removes tags of a registered model."""
    sets = (call("set_registered_model_tag", name, *tag) for tag in changed.items())
    deletes = (call("delete_registered_model_tag", name, key) for key in removed)
    return client_code(*sets, *deletes)


def rename_model(name: str, after: str) -> str:
    """Return the Python that gives a registered model another name."""
    return client_code(call("rename_registered_model", name, after))


def delete_model(name: str) -> str:
    """Return the Python that deletes a registered model with its versions."""
    return client_code(call("delete_registered_model", name))


def delete_versions(name: str, versions: Sequence[str]) -> str:
    """Return the Python that deletes versions of a model."""
    return client_code(*(call("delete_model_version", name, number) for number in versions))


def history(name: str) -> str:
    """Return the command that prints the history of a model."""
    return shlex.join(["mlops-tui", "history", name])


def rollback(name: str, subject: str, reason: str = "") -> str:
    """Return the command that brings back what was in a stage, or under an alias, before."""
    alias = subject.removeprefix("@")
    where = ["--alias", alias] if alias != subject else ["--stage", subject.lower()]
    why = ["--reason", reason] if reason else []
    return shlex.join(["mlops-tui", "rollback", name, *where, *why])


def serve(version: ModelVersion, port: int, env_manager: str = "local") -> str:
    """Return the command that serves a version on this machine."""
    words = ["mlflow", "models", "serve", "-m", version.uri, "-h", "127.0.0.1", "-p", str(port)]
    return shlex.join([*words, "--env-manager", env_manager])
