"""Runs the command: parses flags, loads settings, returns the exit code."""

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mlops_tui.cli.exit_codes import CLOSED_PIPE, FAULT, GATE, INTERRUPTED, NOTHING, WRONG_USE
from mlops_tui.cli.output import tell
from mlops_tui.cli.parser import parse
from mlops_tui.cli.safe_output import safe_output
from mlops_tui.domain.errors import GateRefused, InvalidInput, ServiceError
from mlops_tui.domain.secrets import without_named
from mlops_tui.settings import SettingsError, hand_on, load


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
    code: int = arguments["run"](settings, arguments)
    sys.stdout.flush()
    return code
