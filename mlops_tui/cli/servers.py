"""``mlops-tui servers``: lists the model servers, and tells one what to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_csv, print_json, print_json_lines, print_table, tell
from mlops_tui.cli.server_data import HEADER, server_as_dict, server_row
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.plain_text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.serving.model_server import ModelServer
    from mlops_tui.settings import Settings

ABOUT = "list the model servers, stop one, read what it captured"
DETAILS = """\
list the model servers started here, newest first, or tell one what to do

  servers                       state, address, version and figures of all
  servers stop ID               stop a server; returns when it has ended
  servers swap-back ID          let the version before answer again
  servers captured ID           print the captured requests as CSV, one line per row of a request,
                                with prediction and label; -o FILE writes .csv or .parquet
  servers labels ID FILE        hand labels to a server: CSV with the columns request_id, label,
                                or JSON lines with these keys

  servers add URL               watch an endpoint that others run: http://HOST:PORT for MLflow,
                                …/v1/models/NAME for KServe V1, …/v2/models/NAME for Open Inference
  servers forget ID             remove it from the list

ID is a server's id, the beginning of it, or last.
"""
ACTIONS = ("stop", "swap-back", "captured", "labels", "add", "forget")
WATCHED = "it was not started here; servers forget removes it from the list."
OWN = "it was started here; servers stop ends it."
PAUSE = 0.2
"""Seconds between two polls."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("servers", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("action", metavar="ACTION", nargs="?", default="", choices=("", *ACTIONS))
    parser.add_argument("server", metavar="ID", nargs="?", default="", help="which server")
    parser.add_argument("file", metavar="FILE", nargs="?", default="", help="labels to hand over")
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="", help="with captured: .csv or .parquet"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Do what the action says."""
    from mlops_tui.services.serving import servers

    action = arguments["action"]
    if not action:
        return _list(settings, as_json=arguments["json"])
    if not arguments["server"]:
        raise InvalidInput(f"servers {action} needs the ID of a server.", "Or last.")
    if settings.read_only and action != "captured":
        raise InvalidInput("Servers are only looked at in read-only mode.", "--no-read-only.")
    if action == "add":
        from mlops_tui.services.serving.watched import watch

        return _print_server(watch(settings.state_dir, arguments["server"]), arguments)
    server = servers.find_server(settings.state_dir, arguments["server"])
    if server.is_watched != (action == "forget"):
        raise InvalidInput(f"{server.record.title}: {WATCHED if server.is_watched else OWN}")
    act = {"stop": _stop, "swap-back": _swap_back, "captured": _captured, "labels": _labels}
    act["forget"] = _forget
    return act[action](settings, server, arguments)


def _list(settings: Settings, *, as_json: bool) -> int:
    from mlops_tui.services.serving.servers import list_servers

    found = list_servers(settings.state_dir)
    if as_json:
        print_json([server_as_dict(server) for server in found])
    elif found:
        print_table(HEADER, [server_row(server) for server in found])
    if not found:
        tell("There are no servers; mlops-tui serve MODEL starts one.")
    return FINE if found else NOTHING


def _stop(settings: Settings, server: ModelServer, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.serving import servers

    process_id = server.record.process_id
    if not server.record.is_underway:
        tell(f"{server.record.title} has already ended: {server.state}.")
    else:
        servers.stop_server(settings.store, settings.state_dir, process_id)
        while (server := servers.get_server(settings.state_dir, process_id)).record.is_underway:
            time.sleep(PAUSE)
    return _print_server(server, arguments)


def _forget(settings: Settings, server: ModelServer, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.serving.watched import forget

    forget(settings.state_dir, server.record.process_id)
    return _print_server(server, arguments)


def _swap_back(settings: Settings, server: ModelServer, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.serving import endpoints, servers

    version = endpoints.swap_back(settings.store, settings.state_dir, server.record)
    tell(f"{server.model} v{version} answers again.")
    now = servers.get_server(settings.state_dir, server.record.process_id)
    return _print_server(now, arguments)


def _print_server(server: ModelServer, arguments: Mapping[str, Any]) -> int:
    if arguments["json"]:
        print_json(server_as_dict(server))
    else:
        print(f"{server.record.process_id} {server.state}")
    return FINE


def _captured(settings: Settings, server: ModelServer, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.serving.captures import CapturedTable, write_table

    table = CapturedTable(settings.state_dir, server.record)
    if arguments["output"]:
        write_table(table, expanded(arguments["output"]))
    elif arguments["json"]:
        print_json_lines(table.cells())
    else:
        print_csv(table.columns.names, table.rows())
    tell(f"{table.requests:,} requests, {table.labelled:,} of them with a label.")
    return FINE


def _labels(settings: Settings, server: ModelServer, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.serving.label_files import add_labels

    if not arguments["file"]:
        raise InvalidInput("servers labels needs a FILE: CSV or JSON lines.")
    taken = add_labels(settings.state_dir, server, expanded(arguments["file"]))
    if arguments["json"]:
        print_json({"server_id": server.record.process_id, "taken": taken})
    else:
        print(counted(taken, "label"))
    return FINE if taken else NOTHING
