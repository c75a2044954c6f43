"""The versions of a model."""

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.versions.version_row import ModelFiles
from mlops_tui.tui.models.version_details import details
from mlops_tui.tui.models.version_list import VersionList
from tests.domain.made_up import made_up


def listed(*versions: ModelVersion) -> VersionList:
    known = VersionList(lambda: None)
    known.reset("Iris")
    known.confirm(versions)
    return known


def of_run(number: str, run_id: str) -> ModelVersion:
    return ModelVersion("Iris", number, Stage.NONE, run_id=f"id-{run_id}", created_at=0)


def test_a_version_that_is_not_ready_says_so_with_the_servers_words() -> None:
    failed = ModelVersion(
        "Iris",
        "2",
        Stage.NONE,
        status="FAILED_REGISTRATION",
        status_message="no space \x1b[2Jleft",
        description="second try",
    )
    pending = ModelVersion("Iris", "3", Stage.NONE, status="PENDING_REGISTRATION")
    ready = ModelVersion("Iris", "1", Stage.NONE, description="first")
    known = listed(pending, failed, ready)
    cells = {number: known.cell(number, "version:description") for number in "123"}
    assert cells["2"].plain == "✗ FAILED_REGISTRATION: no space left · second try"
    assert cells["3"].plain == "✗ PENDING_REGISTRATION"
    assert cells["1"].plain == "first"
    assert known.columns.shown[:2] == ("version:number", "version:status")
    assert known.cell("2", "version:status").plain == "✗ FAILED_REGISTRATION: no space left"
    assert "no space left" in details(known.row("2")).plain
    assert "status" not in details(known.row("1")).plain
    assert "version:status" not in listed(ready).columns.shown


def test_versions_show_the_metrics_and_params_of_their_runs_once_these_are_read() -> None:
    known = listed(of_run("3", "c"), of_run("2", "b"), of_run("1", "a"))
    assert known.unread_runs() == ["id-c", "id-b", "id-a"]
    assert "metric:acc" not in known.columns.available
    known.add_runs(["id-a", "id-b"], [made_up("a", {"lr": 1}, {"acc": 0.123456})])
    assert known.unread_runs() == ["id-c"]
    assert known.cell("1", "metric:acc").plain == "0.1235"
    assert known.cell("1", "param:lr").plain == "1"
    assert known.cell("2", "metric:acc").plain == ""  # its run is gone
    assert known.cell("3", "metric:acc").plain == "…"  # its run is being read
    assert {"metric:acc", "param:lr", "version:flavor"} <= set(known.columns.available)


def test_runs_stay_known_while_another_model_is_looked_at() -> None:
    known = listed(of_run("1", "a"))
    known.add_runs(["id-a"], [made_up("a", {}, {"acc": 0.5})])
    known.reset("Wine")
    known.confirm([of_run("7", "a")])
    assert known.unread_runs() == []
    assert known.cell("7", "metric:acc").plain == "0.5"


def test_versions_are_sorted_by_a_metric_of_their_runs() -> None:
    known = listed(*(of_run(number, number) for number in ("10", "9", "2")))
    known.add_runs(
        ["id-10", "id-9", "id-2"], [made_up("9", {}, {"acc": 0.5}), made_up("2", {}, {"acc": 0.75})]
    )
    assert known.shown() == ["10", "9", "2"]
    known.sort_by([SortKey(RunColumn.of("metric:acc"))])
    assert known.shown() == ["2", "9", "10"]
    known.sort_by([SortKey(RunColumn.of("version:number"), greatest_first=False)])
    assert known.shown() == ["2", "9", "10"]
    assert known.columns.shown[0] == "version:number"


def test_files_are_read_of_the_versions_in_view_and_only_where_their_columns_are_shown() -> None:
    known = listed(of_run("2", "b"), of_run("1", "a"))
    assert [each.version for each in known.unread_files(["2"])] == ["2"]
    known.add_files(known.unread_files(["2", "1"]), {"2": ModelFiles(("sklearn",), 2_500)})
    assert known.cell("2", "version:flavor").plain == "sklearn"
    assert known.cell("2", "version:size").plain == "2.5 kB"
    assert known.cell("1", "version:size").plain == ""
    assert known.unread_files(["2", "1"]) == []
    known.forget()
    known.columns.choose(["version:stage"])
    assert known.unread_files(["2"]) == []


def test_marks_of_versions_that_are_gone_are_taken_away() -> None:
    known = listed(of_run("2", "b"), of_run("1", "a"))
    known.marked = frozenset("12")
    known.confirm([of_run("2", "b")])
    assert known.marked == {"2"}
