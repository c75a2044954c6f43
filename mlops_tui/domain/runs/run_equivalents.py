"""What an edit of runs or experiments is in Python, ready to paste."""

from collections.abc import Iterable

from mlops_tui.domain.client_code import call, client_code
from mlops_tui.domain.runs.label import Label
from mlops_tui.domain.runs.run import NOTE_TAG, RunStatus
from mlops_tui.domain.runs.run_edit import DELETED, LIFECYCLE, NAME, STATUS, RunEdit


def edit_runs(edits: Iterable[RunEdit]) -> str:
    """Return the Python that does the edits."""
    return client_code(*map(_edit, edits))


def create_experiment(name: str) -> str:
    """Return the Python that makes an experiment."""
    return client_code(call("create_experiment", name))


def label_experiment(experiment_id: str, before: Label, after: Label) -> str:
    """Return the Python that gives an experiment another name or note."""
    calls = []
    if after.name != before.name:
        calls.append(call("rename_experiment", experiment_id, after.name))
    if after.note != before.note:
        calls.append(call("set_experiment_tag", experiment_id, NOTE_TAG, after.note))
    return client_code(*calls)


def delete_experiment(experiment_id: str) -> str:
    """Return the Python that deletes an experiment."""
    return client_code(call("delete_experiment", experiment_id))


def restore_experiment(experiment_id: str) -> str:
    """Return the Python that brings an experiment back."""
    return client_code(call("restore_experiment", experiment_id))


def _edit(edit: RunEdit) -> str:
    if edit.field == NAME:
        return call("update_run", edit.run_id, name=edit.after)
    if edit.field == LIFECYCLE:
        return call("delete_run" if edit.after == DELETED else "restore_run", edit.run_id)
    if edit.field == STATUS:
        if edit.after == RunStatus.RUNNING:
            return call("update_run", edit.run_id, status=edit.after)
        return call("set_terminated", edit.run_id, edit.after)
    if edit.after is None:
        return call("delete_tag", edit.run_id, edit.tag)
    return call("set_tag", edit.run_id, edit.tag, edit.after)
