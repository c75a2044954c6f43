"""What is typed, from its flags to its exit code."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mlops_tui.cli.exit_codes import CLOSED_PIPE, INTERRUPTED, NOTHING, WRONG_USE
from mlops_tui.cli.output import tell
from mlops_tui.cli.parser import parse
from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.settings import SettingsError, hand_on, load


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    arguments = parse(argv)
    try:
        settings = load(arguments, os.environ, Path.cwd())
        hand_on(settings, os.environ)
        code: int = arguments["run"](settings, arguments)
        sys.stdout.flush()
    except (SettingsError, InvalidInput) as error:
        tell(str(error))
        return WRONG_USE
    except ServiceError as error:
        tell(str(error))
        return NOTHING
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python would complain about what it cannot flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    return code
