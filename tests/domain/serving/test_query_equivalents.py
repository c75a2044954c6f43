"""What sends the same request elsewhere."""

import ast
import json
import shlex

import pytest

from mlops_tui.domain.serving.query_equivalents import (
    curl_command,
    predict_command,
    python_code,
    query_equivalents,
)
from tests.domain.models.test_model_equivalents import HOSTILE
from tests.tui.serving.test_server_cells import SERVER

URL = "http://127.0.0.1:1234/invocations"


def test_curl_is_a_command_for_a_shell_whatever_the_body() -> None:
    for body, data in ((f"[{HOSTILE}]", "--data-raw"), (f"@/a file {HOSTILE}", "--data-binary")):
        words = shlex.split(curl_command(URL, body))
        assert words[-3:] == [data, body, "http://127.0.0.1:1234/invocations"]


@pytest.mark.parametrize("body", [json.dumps({"inputs": [HOSTILE, 1.5, None, True] * 30}), HOSTILE])
def test_the_python_sends_the_same_whatever_the_body(body: str) -> None:
    call = next(n for n in ast.walk(ast.parse(python_code(URL, body))) if isinstance(n, ast.Call))
    assert ast.literal_eval(call.args[0]) == "http://127.0.0.1:1234/invocations"
    given = {each.arg: each.value for each in call.keywords}
    if "json" in given:
        assert ast.literal_eval(given["json"]) == json.loads(body)
    else:
        assert ast.literal_eval(given["data"]) == body
        assert ast.literal_eval(given["headers"]) == {"Content-Type": "application/json"}
    assert isinstance(ast.parse(python_code(URL, f"@{HOSTILE}")), ast.Module)


def test_mlflow_predicts_without_a_server() -> None:
    words = shlex.split(predict_command("models:/my model/2", f"[{HOSTILE}]"))
    assert words[:4] == ["printf", "%s", f"[{HOSTILE}]", "|"]
    assert words[4:9] == ["mlflow", "models", "predict", "-m", "models:/my model/2"]
    assert shlex.split(predict_command("models:/m/2", "@a b.json"))[-2:] == ["-i", "a b.json"]


def test_a_table_is_sent_by_the_one_command_that_converts_it() -> None:
    assert query_equivalents(SERVER, "@rows.CSV") == {
        "mlops-tui query": "mlops-tui query s rows.CSV"
    }
    assert len(query_equivalents(SERVER, "{}")) == 4
