"""Models in ONNX: what they answer, what is refused, what is written to MLflow."""

import http.client
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.services.model_programs.export_program import conversion
from mlops_tui.services.model_programs.export_program import rows as program_rows
from mlops_tui.services.model_programs.problem import Problem
from mlops_tui.services.store import store as stores
from tests.patience import PATIENCE
from tests.services.edge.conftest import NUMBERS, Exporting, of_columns, rows
from tests.services.gate.conftest import Registered

RULES = """
[[rule]]
evaluate = "accuracy"
data = "rows.csv"
target = "kind"
min = 0.9

[[rule]]
evaluate = "log_loss"
data = "rows.csv"
target = "kind"
max = 0.5

[[rule]]
example = true
"""


def test_a_pipeline_of_numbers_and_text_is_logged_served_and_bundled(exporting: Exporting) -> None:
    import mlflow
    from mlflow.models import convert_input_example_to_serving_input, validate_serving_input

    model, sample = of_columns(), rows(5)[[*NUMBERS, "region"]]
    bundle = exporting.folder / "bundle"
    made = exporting.export(
        exporting.save(model, sample), to="bundle", output=str(bundle), register_as="flowers-onnx"
    )
    assert made.info.status == "FINISHED"
    assert made.data.metrics["parity/rows"] == 405
    assert made.data.metrics["parity/differing"] == 0
    assert made.data.tags["mlops_tui.onnx_version"] == "flowers-onnx/1"
    assert made.inputs is not None
    assert [each.dataset.name for each in made.inputs.dataset_inputs] == ["rows.csv"]
    version = stores.client(exporting.store).get_model_version("flowers-onnx", "1")
    assert version.tags["parity.data"] == "rows.csv and the input example"
    assert version.tags["onnx.opset"].isdigit()
    served = mlflow.pyfunc.load_model("models:/flowers-onnx/1")
    fresh = rows(50, seed=3)[[*NUMBERS, "region"]]
    answered = served.predict(fresh)
    assert list(answered) == ["label_predicted", "probability_high", "probability_low"]
    assert list(answered["label_predicted"]) == list(model.predict(fresh))
    gap = abs(answered["probability_high"] - model.predict_proba(fresh)[:, 0])
    assert gap.max() < 1e-5
    payload = convert_input_example_to_serving_input(fresh.iloc[:2])
    assert len(validate_serving_input("models:/flowers-onnx/1", payload)) == 2
    version_one = Registered(exporting.store, "flowers-onnx", exporting.folder, "")
    verdict = version_one.check("1", RULES)
    assert [(each.outcome, each.reason) for each in verdict.results] == [("passed", "")] * 3
    _bundle_answers(bundle, fresh.iloc[:3], model)


def _bundle_answers(bundle: Path, fresh: Any, model: Any) -> None:
    # No package but these two: not MLflow, not pandas, nothing of ours.
    allowed = "import sys\nsys.modules.update(dict.fromkeys(('mlflow', 'pandas', 'sklearn')))\n"
    code = (
        f"{allowed}import runpy\nsys.argv.pop(0)\nrunpy.run_path(sys.argv[0], run_name='__main__')"
    )
    start = [sys.executable, "-c", code, str(bundle / "serve.py")]
    checked = subprocess.run(
        [*start, "--check"], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (checked.returncode, "example is answered" in checked.stdout) == (0, True), checked
    with subprocess.Popen([*start, "--port", "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().rpartition(":")[2].partition("/")[0])
            records = json.loads(fresh.to_json(orient="records"))
            status, told = _ask(port, {"dataframe_records": records})
            assert status == 200
            labels = [each["label_predicted"] for each in told["predictions"]]
            assert labels == list(model.predict(fresh))
            assert _ask(port, {"dataframe_records": [{"label": 1}]})[0] == 400
            assert _ask(port, {"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}})[0] == 400
            assert _ask(port, [])[0] == 400
        finally:
            server.terminate()
    (bundle / "model.onnx").write_bytes(b"other")
    refused = subprocess.run(
        [*start, "--check"], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (refused.returncode, "model.onnx was changed" in refused.stderr) == (1, True)


def _ask(port: int, request: object) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", "/invocations", json.dumps(request))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def _regressor() -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    known = rows()
    return GradientBoostingRegressor(n_estimators=5).fit(known[NUMBERS], known["label"])


def test_numbers_are_compared_relative_to_their_spread(exporting: Exporting) -> None:
    import mlflow

    made = exporting.export(exporting.save(_regressor(), rows(5)[NUMBERS]))
    assert made.data.metrics["parity/agreeing"] == 405
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    assert list(served.predict(rows(3)[NUMBERS])) == ["prediction"]


def test_a_model_of_a_matrix_takes_a_matrix(exporting: Exporting) -> None:
    import mlflow
    from sklearn.tree import DecisionTreeClassifier

    known = rows()
    model = DecisionTreeClassifier(max_depth=3).fit(known[NUMBERS].to_numpy(), known["kind"])
    sample = known[NUMBERS].to_numpy()[:5]
    made = exporting.export(exporting.save(model, sample))
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    assert list(served.predict(sample)["label"]) == list(model.predict(sample))


def test_what_cannot_be_converted_is_said_before_it_is_tried(exporting: Exporting) -> None:
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import HistGradientBoostingClassifier, VotingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    known = rows(60)
    of_two = VotingClassifier([("a", LogisticRegression()), ("b", LogisticRegression())])
    for number, (model, sentence) in enumerate(
        (
            (HistGradientBoostingClassifier(max_iter=2), "HistGradientBoostingClassifier cannot"),
            (make_pipeline(of_two), "flatten_transform=False"),
            (DummyClassifier(), "DummyClassifier cannot be converted"),
        )
    ):
        model.fit(known[NUMBERS], known["kind"])
        address = exporting.save(model, known[NUMBERS][:3], f"model_{number}")
        with pytest.raises(Problem, match=sentence):
            exporting.export(address)
    assert stores.client(exporting.store).get_experiment_by_name("Export") is None


def test_a_model_that_says_something_else_is_refused_with_the_rows(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = of_columns()
    address = exporting.save(model, rows(5)[[*NUMBERS, "region"]])
    feeds = program_rows.feeds

    def shifted(given: Any, columns: Any, ranks: Any) -> Any:
        found = feeds(given, columns, ranks)
        return found | {"wi dth": found["wi dth"] + 1}

    monkeypatch.setattr(program_rows, "feeds", shifted)
    with pytest.raises(Problem, match=r"Refused: .* rows differ|Refused: .* differ;"):
        exporting.export(address, register_as="flowers-onnx")
    client = stores.client(exporting.store)
    found = client.get_experiment_by_name("Export")
    assert found is not None
    (made,) = client.search_runs([found.experiment_id])
    assert made.info.status == "FAILED"
    assert made.data.metrics["parity/differing"] > 0
    assert client.list_artifacts(made.info.run_id, "parity")
    assert client.search_registered_models() == []
    assert "  row " in capsys.readouterr().out


def test_no_rows_no_export(exporting: Exporting, capsys: pytest.CaptureFixture[str]) -> None:
    address = exporting.save(_regressor(), rows(5)[NUMBERS])
    with pytest.raises(Problem, match="no file"):
        exporting.export(address, hold_outs=[{"data": "none.csv"}])
    made = exporting.export(address, hold_outs=[{"data": "none.csv"}], is_hold_out_named=False)
    assert made.data.metrics["parity/rows"] == 5
    assert "on the input example alone" in capsys.readouterr().out
    (exporting.folder / "there").mkdir()
    with pytest.raises(Problem, match="exists"):
        exporting.export(address, to="bundle", output=str(exporting.folder / "there"))


def test_a_model_of_another_library_is_refused_with_the_libraries_that_are_not(
    exporting: Exporting,
) -> None:
    import mlflow

    def same(model_input: list[str]) -> list[str]:
        return model_input

    address = str(exporting.folder / "model")
    mlflow.pyfunc.save_model(address, python_model=same, pip_requirements=[])
    with pytest.raises(Problem, match="flowers v1 gives no model of a library"):
        exporting.export(address)
    with pytest.raises(Problem, match="scikit-learn, XGBoost, LightGBM, PyTorch"):
        conversion.converter_of(Path())


def test_missing_packages_are_named_with_their_python(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = exporting.save(_regressor(), rows(5)[NUMBERS])
    monkeypatch.setitem(sys.modules, "skl2onnx", None)
    with pytest.raises(Problem, match=rf"{sys.executable} has no skl2onnx, which the export needs"):
        exporting.export(address)
