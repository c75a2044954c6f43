"""What is in force, whether it works, what is missing."""

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlops_tui import __version__
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.python_env import PACKAGES, JobPython
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.report import Finding, Report
from mlops_tui.domain.store import Store, is_http, redact
from mlops_tui.domain.stores.tunnel import named
from mlops_tui.services import mlflow_internals
from mlops_tui.services.doctor import mlflow_release
from mlops_tui.services.files import state_directory
from mlops_tui.services.jobs.python_env import find_job_python, inspect_python, lacks_mlflow
from mlops_tui.services.jobs.script_python import python_for
from mlops_tui.services.machine.tmux import escape_time
from mlops_tui.services.store import store as stores
from mlops_tui.services.stores.tunnel import reached
from mlops_tui.settings import COMMAND, OPTIONS, Settings, config_path

MULTIPLEXED = {"tmux": "TMUX", "screen": "STY", "SSH": "SSH_CONNECTION"}
"""What stands between us and the person's terminal, with the variable that tells."""

LATE = 100
"""Milliseconds from which on a person notices that escape waits."""

ACTIVATE = "Activate the environment that jobs need, or set its Python with --python."


def examine(settings: Settings, environ: Mapping[str, str]) -> Report:
    """Return all findings; nothing is created or changed."""
    return Report(
        (
            *_versions(),
            *_settings(settings),
            _config_file(environ),
            *_job_python(find_job_python(settings.python, environ), settings.store),
            *_script_python(settings.python, environ),
            *_store(settings.store),
            _state_dir(settings.state_dir),
            _terminal(environ),
            *_tmux(environ),
        )
    )


def _versions() -> Iterator[Finding]:
    from platform import python_version

    yield Finding("mlops_tui_version", __version__, str(Path(__file__).parents[2]))
    yield Finding("python_version", python_version(), sys.executable)
    textual = _installed("textual")
    problem = "" if textual else "textual is not installed beside mlops-tui."
    remedy = "" if textual else f"{sys.executable} -m pip install textual"
    yield Finding("textual_version", textual or "none", "", problem, remedy)
    yield mlflow_release.about(_installed("mlflow"), sys.executable)


def _installed(package: str) -> str:
    """Return the version installed beside us, empty when there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _settings(settings: Settings) -> Iterator[Finding]:
    for option in OPTIONS:
        value = getattr(settings, option.name)
        if isinstance(value, bool):
            shown = "yes" if value else "no"
        elif option.name.endswith("_uri"):
            shown = redact(value)
        elif option.kind is COMMAND:  # its words may hold a secret
            shown = " ".join(shlex.split(value)[:1])
        else:
            shown = str(value)
        yield Finding(
            option.name, one_line(shown) or option.shown_default, settings.sources[option.name]
        )


def _config_file(environ: Mapping[str, str]) -> Finding:
    path = config_path(environ, Path.cwd())
    return Finding("config_file", str(path), "read" if path.exists() else "not there")


def _job_python(python: JobPython, store: Store) -> Iterator[Finding]:
    if python.problem:
        yield Finding("job_python", python.path, python.origin, python.problem, ACTIVATE)
        return
    try:
        facts = inspect_python(python.path)
    except ServiceError as error:
        yield Finding("job_python", python.path, python.origin, error.message, error.hint)
        return
    yield Finding("job_python", python.path, python.origin)
    yield Finding("job_python_version", facts.version)
    mlflow = facts.packages.get("mlflow", "")
    for package, loss in PACKAGES.items():
        name = f"job_{package.replace('-', '_')}_version"
        found = facts.packages.get(package, "none")
        if package == "skops" and mlflow_release.is_before(mlflow, mlflow_release.SKOPS):
            yield Finding(name, found, f"MLflow uses it from {mlflow_release.SKOPS} on")
        elif package in facts.missing:
            problem = f"{python.path} lacks {package}: {loss}."
            yield Finding(name, found, "", problem, f"{python.path} -m pip install {package}")
        elif package == "mlflow" and not is_http(store.tracking_uri):
            yield _shared_database(name, found, python.path)
        else:
            yield Finding(name, found)


def _script_python(setting: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Name the Python of the programs in this folder, where that is another than for all jobs."""
    python = python_for(Path.cwd(), setting, environ)
    usual = find_job_python(setting, environ)
    if python.path == usual.path:
        if python.remark:
            yield Finding("script_python", python.path, python.remark)
        return
    problem, remedy = "", ""
    try:
        if lacks_mlflow(python.path, environ):
            problem = f"{python.path}, which runs the programs of this folder, has no MLflow."
            remedy = f"{python.path} -m pip install mlflow"
    except ServiceError as error:
        problem, remedy = error.message, error.hint
    yield Finding("script_python", python.path, python.remark or "of this folder", problem, remedy)


def _shared_database(name: str, theirs: str, path: str) -> Finding:
    """Compare the MLflow of jobs with ours: a database has the tables of one release."""
    ours = _installed("mlflow")
    if not ours or theirs.split(".")[:2] == ours.split(".")[:2]:
        return Finding(name, theirs)
    problem = f"{path} has MLflow {theirs}, we have {ours}: one database can serve only one."
    return Finding(name, theirs, "", problem, f"{path} -m pip install mlflow=={ours}")


def _store(store: Store) -> Iterator[Finding]:
    """Check the store, with the tunnel that it may need."""
    if not store.ssh:
        yield from _reached_store(store)
        return
    try:
        with reached(store) as near:
            yield Finding("tunnel", f"open through {store.ssh}", "ssh")
            yield from _reached_store(near)
    except ServiceError as error:
        yield Finding("tunnel", "unusable", store.title, error.message, error.hint)


def _reached_store(store: Store) -> Iterator[Finding]:
    stores.prepare_environment()
    check = stores.check(store)
    if not check.ok:
        failure = named(ServiceError(check.sentence, check.hint), store)
        yield Finding("store", "unusable", store.title, failure.message, failure.hint)
        return
    server = f"MLflow {check.server_version}" if check.server_version else ""
    yield Finding("store", f"{check.sentence} {check.hint}".strip(), server)
    losses = mlflow_internals.losses(store)
    yield Finding("mlflow_access", "slower" if losses else "as fast as it gets", " ".join(losses))


def _state_dir(path: Path) -> Finding:
    """Say whether the state directory can be written, without creating it."""
    if reason := state_directory.problem(path):
        problem = f"The state directory {path} is not used: {reason}."
        return Finding("state_dir_access", "unusable", "", problem, f"chmod go-w {path}")
    nearest = next(p for p in (path, *path.parents) if p.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            "state_dir_access",
            "writable",
            _owner_remark(path) if nearest == path else "will be created by the first start",
        )
    reason = "cannot be written" if nearest.is_dir() else "is no directory"
    return Finding(
        "state_dir_access",
        "unusable",
        "",
        f"The state directory {path} cannot be used: {nearest} {reason}.",
        "Choose another with --state-dir, or mend its permissions.",
    )


def _tmux(environ: Mapping[str, str]) -> Iterator[Finding]:
    held = escape_time(environ)
    if held is not None:
        slow = "; esc is late by that: set -s escape-time 20 in tmux.conf"
        yield Finding("tmux_escape_time", f"{held} ms", "tmux" + (slow if held > LATE else ""))


def _owner_remark(path: Path) -> str:
    owner = path.stat().st_uid
    return "exists" if owner == os.geteuid() else f"exists, belongs to user number {owner}"


def _terminal(environ: Mapping[str, str]) -> Finding:
    term = environ.get("TERM", "")
    traits = [one_line(term) or "none"]
    if colours := environ.get("COLORTERM"):
        traits.append(one_line(colours))
    if environ.get("NO_COLOR"):
        traits.append("no colour wanted")
    traits += [word for word, variable in MULTIPLEXED.items() if environ.get(variable)]
    return Finding(
        "terminal",
        ", ".join(traits),
        "environment",
        "A dumb terminal cannot show the interface." if term == "dumb" else "",
        "Use another terminal, or set TERM to what it is." if term == "dumb" else "",
    )
