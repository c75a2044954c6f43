"""Runs the command: parses flags, loads settings, returns the exit code."""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlops_tui.cli.exit_codes import CLOSED_PIPE, FAULT, GATE, INTERRUPTED, NOTHING, WRONG_USE
from mlops_tui.cli.output import tell
from mlops_tui.cli.parser import parse
from mlops_tui.cli.safe_output import safe_output
from mlops_tui.domain.errors import GateRefused, InvalidInput, ServiceError
from mlops_tui.domain.secrets import without_named
from mlops_tui.settings import Settings, SettingsError, hand_on, load, on_store

WITHOUT_TUNNEL = (None, "demo", "doctor", "jobs", "queue", "logs", "drift")
"""The sub-commands that need no store, or open the tunnel to it themselves."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    with safe_output():
        try:
            return _run(argv)
        except ServiceError as error:
            tell(str(error))
            if isinstance(error, GateRefused):
                return GATE
            return WRONG_USE if isinstance(error, SettingsError | InvalidInput) else NOTHING
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:
            return CLOSED_PIPE
        except Exception:  # noqa: BLE001 - a fault of ours: its words may be foreign, too
            with suppress(ServiceError, OSError):
                print(without_named(traceback.format_exc()), file=sys.stderr)
            tell("This is a bug in mlops-tui; the traceback is above.")
            return FAULT


def _run(argv: Sequence[str] | None) -> int:
    arguments = parse(argv)
    settings = load(arguments, os.environ, Path.cwd())
    hand_on(settings, os.environ)
    code = _run_on_store(settings, arguments)
    sys.stdout.flush()
    return code


def _run_on_store(settings: Settings, arguments: dict[str, Any]) -> int:
    """Run a sub-command, with a tunnel to its store if it needs one."""
    run: Callable[[Settings, dict[str, Any]], int] = arguments["run"]
    if not settings.store.ssh or arguments["command"] in WITHOUT_TUNNEL:
        return run(settings, arguments)
    from mlops_tui.domain.stores.tunnel import telling_apart
    from mlops_tui.services.stores.tunnel import reached

    with reached(settings.store) as store, telling_apart(store):
        return run(on_store(settings, store), arguments)
