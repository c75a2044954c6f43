"""What sends the same request from a shell or from Python."""

import shlex
from contextlib import suppress
from pprint import pformat

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.domain.serving.protocol import read_address
from mlops_tui.domain.serving.wire_request import wire_request

WIDTH = 92
TABLES = (".csv", ".parquet")
JSON_TYPE = "Content-Type: application/json"


def query_equivalents(
    server: ModelServer,
    body: str,
    signature: Signature = Signature(),  # noqa: B008 - frozen
) -> dict[str, str]:
    """Return the texts to copy by their names; ``body`` may be ``@PATH``.

    Nobody else converts a table into a request as the model's signature has it.
    """
    if body.strip().lower().endswith(TABLES):
        return {"mlops-tui query": _piped(body, "mlops-tui", "query", server.record.process_id)}
    address = read_address(server.url)
    sent = body
    if not body.startswith("@"):
        with suppress(InvalidInput):
            sent = wire_request(address.protocol, body, signature)
    found = {
        "curl": curl_command(address.predict, sent),
        "Python (requests)": python_code(address.predict, sent),
        "mlops-tui query": _piped(body, "mlops-tui", "query", server.record.process_id),
    }
    if not server.is_watched:
        uri = f"models:/{server.model}/{server.version}"
        found["mlflow models predict"] = predict_command(uri, body)
    return found


def curl_command(url: str, body: str) -> str:
    """Return the curl command that sends a request to an address."""
    data = "--data-binary" if body.startswith("@") else "--data-raw"
    return shlex.join(["curl", "-sS", "-H", JSON_TYPE, data, body, url])


def python_code(url: str, body: str) -> str:
    """Return Python that sends it with requests and prints the predictions."""
    headers = "" if _is_json(body) else '    headers={"Content-Type": "application/json"},\n'
    return (
        "import requests\n\n"
        "answer = requests.post(\n"
        f"    {url!r},\n"
        f"    {_argument(body)},\n"
        f"{headers}"
        "    timeout=60,\n"
        ")\n"
        "answer.raise_for_status()\n"
        "print(answer.json())\n"
    )


def predict_command(uri: str, body: str) -> str:
    """Return MLflow's command, which loads the model itself and needs no server."""
    options = ["-m", uri, "-t", "json", "--env-manager", "local"]
    if body.startswith("@"):
        return shlex.join(["mlflow", "models", "predict", *options, "-i", body[1:].strip()])
    return (
        f"printf %s {shlex.quote(body)} | {shlex.join(['mlflow', 'models', 'predict', *options])}"
    )


def _piped(body: str, *command: str) -> str:
    if body.startswith("@"):
        return shlex.join([*command, body[1:].strip()])
    return f"printf %s {shlex.quote(body)} | {shlex.join([*command, '-'])}"


def _is_json(body: str) -> bool:
    try:
        json_text.load(body)
    except InvalidInput:
        return False
    return True


def _argument(body: str) -> str:
    if body.startswith("@"):
        return f'data=open({body[1:].strip()!r}, "rb")'
    if not _is_json(body):
        return f"data={body!r}"
    value = pformat(json_text.load(body), width=WIDTH, sort_dicts=False)
    return f"json={value}".replace("\n", "\n    ")
