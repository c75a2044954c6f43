"""What an edit of runs or experiments is in Python."""

from mlops_tui.domain.client_code import CLIENT
from mlops_tui.domain.runs import run_equivalents
from mlops_tui.domain.runs.label import Label
from mlops_tui.domain.runs.run_edit import (
    ACTIVE,
    DELETED,
    LIFECYCLE,
    NAME,
    NOTE,
    STATUS,
    TAG,
    RunEdit,
)


def line(field: str, after: str | None) -> str:
    text = run_equivalents.edit_runs([RunEdit("r1", "1", "deep", field, "before", after)])
    assert text.startswith(CLIENT)
    return text.removeprefix(CLIENT).rstrip("\n")


def test_every_edit_of_a_run_is_one_call() -> None:
    assert line(NAME, 'o"ne') == "client.update_run('r1', name='o\"ne')"
    assert line(LIFECYCLE, DELETED) == "client.delete_run('r1')"
    assert line(LIFECYCLE, ACTIVE) == "client.restore_run('r1')"
    assert line(STATUS, "KILLED") == "client.set_terminated('r1', 'KILLED')"
    assert line(STATUS, "RUNNING") == "client.update_run('r1', status='RUNNING')"
    assert line(NOTE, "*x*") == "client.set_tag('r1', 'mlflow.note.content', '*x*')"
    assert line(TAG + "team", None) == "client.delete_tag('r1', 'team')"


def test_an_experiment_is_made_labelled_deleted_restored() -> None:
    def code(text: str) -> str:
        return text.removeprefix(CLIENT)

    assert code(run_equivalents.create_experiment("x")) == "client.create_experiment('x')\n"
    label = run_equivalents.label_experiment("7", Label("a", ""), Label("b", "n"))
    assert code(label) == (
        "client.rename_experiment('7', 'b')\n"
        "client.set_experiment_tag('7', 'mlflow.note.content', 'n')\n"
    )
    assert code(run_equivalents.label_experiment("7", Label("a", ""), Label("a", ""))) == "\n"
    assert code(run_equivalents.delete_experiment("7")) == "client.delete_experiment('7')\n"
    assert code(run_equivalents.restore_experiment("7")) == "client.restore_experiment('7')\n"
