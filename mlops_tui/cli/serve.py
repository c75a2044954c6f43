"""``mlops-tui serve``: serves a version of a registered model."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_json, tell
from mlops_tui.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.domain.serving.endpoint_options import EndpointOptions
    from mlops_tui.domain.serving.environment_check import EnvironmentCheck
    from mlops_tui.domain.serving.model_server import ModelServer
    from mlops_tui.settings import Settings

ABOUT = "serve a version of a registered model on 127.0.0.1"
DETAILS = """\
serve a version of a registered model on 127.0.0.1, in the background

MODEL is the newest version, or what --follow means now; MODEL/3, MODEL/Production and
MODEL@champion name another.
What the model requires is compared with what the Python has; what differs is listed, and served all
the same. --env-manager uv or virtualenv makes an environment that has it.
The server's id is printed on stdout. With --wait the command returns when the model answers,
and exits with 1 if it ends before that.
"""
PAUSE = 0.3
"""Seconds between two polls."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("serve", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("model", metavar="MODEL", help="model, with /VERSION, /STAGE or @ALIAS")
    parser.add_argument(
        "--port", metavar="N", type=int, default=0, help="default: the first free one from 1234 on"
    )
    parser.add_argument(
        "--follow", metavar="WHAT", default="", help="@ALIAS or a stage: serve what it moves to"
    )
    parser.add_argument(
        "--capture",
        metavar="SHARE",
        default="",
        help="write down this share of requests and answers: 0 to 1, or 10%% (default: none)",
    )
    parser.add_argument(
        "--columns",
        metavar="NAME:drop,…",
        default="",
        help="columns to drop, hash or replace before anything is written down",
    )
    rival = parser.add_mutually_exclusive_group()
    rival.add_argument(
        "--shadow", metavar="VERSION", default="", help="send requests to this version, too"
    )
    rival.add_argument(
        "--split", metavar="VERSION:SHARE", default="", help="let this version answer a share"
    )
    parser.add_argument(
        "--env-manager",
        metavar="WHAT",
        default="",
        help="local (the default) serves with the Python that is there, and says what it lacks; "
        "uv or virtualenv make an environment",
    )
    parser.add_argument("--wait", action="store_true", help="until it answers, or has ended")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Start the server."""
    import os

    from mlops_tui.services.jobs.python_env import find_job_python
    from mlops_tui.services.serving import servers
    from mlops_tui.services.serving.environment_check import check_environment
    from mlops_tui.services.store.store import prepare_environment

    if settings.read_only:
        raise InvalidInput("Nothing is served in read-only mode.", "--no-read-only allows it.")
    prepare_environment()
    options = _options(arguments)
    version = _version(settings, arguments["model"], options)
    port = arguments["port"] or servers.suggest_port(state_dir=settings.state_dir)
    python = find_job_python(settings.python, os.environ).path
    if not arguments["env_manager"]:
        _tell_mismatches(check_environment(settings.store, python, version))
    record = servers.launch_server(
        settings.store, settings.state_dir, python, version, port, options
    )
    tell(f"Serving {record.title} at http://{servers.HOST}:{port}.")
    server = servers.get_server(settings.state_dir, record.process_id)
    if arguments["wait"]:
        server = _ready(settings, server)
    if arguments["json"]:
        from mlops_tui.cli.server_data import server_as_dict

        print_json(server_as_dict(server))
    else:
        print(record.process_id)
    return FINE if server.state.is_up else NOTHING


def _tell_mismatches(check: EnvironmentCheck) -> None:
    """Say what the Python lacks of what the model requires."""
    if check.unchecked:
        tell(check.sentence)
    elif check.mismatches:
        tell(f"{check.sentence} --env-manager uv or virtualenv makes an environment that has it.")


def _options(arguments: Mapping[str, Any]) -> EndpointOptions:
    from mlops_tui.domain.serving import endpoint_options as options
    from mlops_tui.domain.serving.environment_check import parse_env_manager

    columns = options.parse_columns(arguments["columns"])
    if columns and not arguments["capture"]:
        raise InvalidInput("--columns is about captured requests.", "Add --capture SHARE.")
    return options.EndpointOptions(
        options.parse_follow(arguments["follow"]),
        options.CaptureChoice(options.parse_share(arguments["capture"]), columns=columns),
        options.parse_rivalry(arguments["shadow"], arguments["split"]),
        parse_env_manager(arguments["env_manager"]),
    )


def _version(settings: Settings, text: str, options: EndpointOptions) -> ModelVersion:
    """Return the version that is named; raises ``NotFound``, also for what is followed."""
    from mlops_tui.domain.models.version_choice import chosen_version, split_choice
    from mlops_tui.services.models.registry import list_versions
    from mlops_tui.services.serving.options_check import check_versions

    name, choice = split_choice(text)
    versions = list_versions(settings.store, name)
    followed = check_versions(versions, name, options)
    if followed and not choice:
        return followed
    return chosen_version(versions, name, choice)


def _ready(settings: Settings, server: ModelServer) -> ModelServer:
    """Wait until the model answers or the server has ended; ctrl+c leaves it running."""
    from mlops_tui.domain.serving.model_server import ServerState
    from mlops_tui.services.serving import servers

    title = server.record.title
    try:
        while server.state is ServerState.STARTING:
            time.sleep(PAUSE)
            server = servers.get_server(settings.state_dir, server.record.process_id)
    except KeyboardInterrupt:
        tell(f"{title} keeps starting; mlops-tui servers stop {server.record.process_id} ends it.")
        raise
    if server.state is ServerState.READY:
        tell(f"{title} is ready at {server.url}.")
    else:
        tell(f"{title} {server.state}. {server.record.reason}".strip())
    return server
