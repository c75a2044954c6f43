"""``mlops-tui query``: asks a served model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.answer_comparison import print_difference, print_load
from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_json, tell
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.serving.model_server import ModelServer
    from mlops_tui.domain.serving.query_result import QueryResult
    from mlops_tui.settings import Settings

ABOUT = "send a request to a served model"
DETAILS = """\
send a request to a served model and print its predictions, one line of JSON each

TARGET is a server's id, the beginning of it, last, or an address such as http://HOST:PORT.
FILE holds the request as JSON; - reads stdin. The rows of a .csv or .parquet file become a request
with the types of the model's signature. Exits with 1 if the model refuses it.

--against sends the same request to a second model and prints where the predictions differ; it exits
with 1 if they do. --load measures requests per second, p50, p95, p99, errors, and the share of a
core that the client itself took.
"""
STDIN = "-"
HINT = "`mlops-tui servers` lists what is served."


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("query", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("target", metavar="TARGET", help="server id, or address")
    parser.add_argument("file", metavar="FILE", help="file of the request; - for stdin")
    more = parser.add_mutually_exclusive_group()
    more.add_argument(
        "--against", metavar="TARGET", default="", help="send it to this one, too; compare"
    )
    more.add_argument(
        "--load", action="store_true", help="send it again and again, by 1, 2, 4 and 8 clients"
    )
    parser.add_argument(
        "--seconds",
        metavar="N",
        type=float,
        default=3.0,
        help="with --load: for each number of clients (default: 3)",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Send the request."""
    from mlops_tui.services.serving import scoring

    target, file = arguments["target"], arguments["file"]
    server, url = _find(settings, target)
    body = sys.stdin.read() if file == STDIN else f"@{file}"
    signature = (
        _signature(settings, server)
        if server and (server.is_watched or _is_table(file))
        else Signature()
    )
    if arguments["load"]:
        return print_load(url, body, signature, arguments["seconds"], as_json=arguments["json"])
    if arguments["against"]:
        other = _find(settings, arguments["against"])[1]
        return print_difference(url, other, body, signature, as_json=arguments["json"])
    result = scoring.query(url, body, hint=HINT, signature=signature)
    if arguments["json"]:
        print_json(_as_dict(url, result))
    elif result.ok:
        _print_predictions(result)
    if not result.ok:
        _tell_refusal(result)
    return FINE if result.ok else NOTHING


def _find(settings: Settings, target: str) -> tuple[ModelServer | None, str]:
    """Return the server that is meant, if it is one of ours, with its address."""
    from mlops_tui.services.serving.servers import find_server

    server = None if "://" in target else find_server(settings.state_dir, target)
    return server, server.url if server else target


def _is_table(file: str) -> bool:
    from mlops_tui.services.serving.table_file import is_table

    return is_table(Path(file))


def _signature(settings: Settings, server: ModelServer) -> Signature:
    """Return what the served version says of its inputs."""
    if server.is_watched:
        from mlops_tui.services.serving.watched import describe

        return describe(server.url).signature
    from mlops_tui.services.models.model_info import inspect_model
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    return inspect_model(settings.store, f"models:/{server.model}/{server.version}").signature


def _as_dict(url: str, result: QueryResult) -> dict[str, Any]:
    return {
        "url": url,
        "status": result.status,
        "latency_ms": result.latency_ms,
        "predictions": result.predictions,
        "body": None if result.ok and result.predictions is not None else result.body,
    }


def _print_predictions(result: QueryResult) -> None:
    from mlops_tui.domain import json_text

    told = result.predictions
    for row in told if isinstance(told, list) else [told]:
        print(json_text.line(row))


def _tell_refusal(result: QueryResult) -> None:
    from mlops_tui.domain.serving.scoring_failure import explain

    failure = explain(result.status, result.body, Signature())
    tell(f"The model refused it with status {result.status}: {one_line(failure.sentence, 600)}")
