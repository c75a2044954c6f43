"""``mlops-tui`` without a sub-command: opens the interface."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.theme import check_theme
from mlops_tui.domain.store import Store
from mlops_tui.settings import Settings, SettingsError, on_store

if TYPE_CHECKING:
    from mlops_tui.services.stores.tunnel import Tunnel


def run(settings: Settings, _arguments: Mapping[str, Any]) -> int:
    """Open the interface."""
    return run_app(settings)


def run_app(settings: Settings) -> int:
    """Start the service process, then import the interface while MLflow loads.

    The garbage collector is off until the first frame is drawn.
    """
    import gc

    _check_terminal()
    gc.disable()
    from mlops_tui.services.files import state_directory
    from mlops_tui.services.worker.service_process import ServiceProcess

    state_directory.check(settings.state_dir)
    tunnel = _tunnel(settings.store)
    if tunnel:
        settings = on_store(settings, tunnel.store)
    try:
        process = ServiceProcess(settings.store, settings.state_dir)
    except OSError as error:
        message = f"The state directory {settings.state_dir} cannot be used: {error.strerror}."
        raise SettingsError(message, "Choose another with --state-dir.") from None
    try:
        check_theme(settings)
        from mlops_tui.cli.running_on import tell_what_runs_on
        from mlops_tui.tui.app import ControlRoom

        gc.freeze()
        app = ControlRoom(settings, process, tunnel)
        result = app.run()
        tell_what_runs_on(settings.state_dir)
        return app.return_code or result or FINE
    finally:
        process.kill()
        if tunnel:
            tunnel.close()


def _tunnel(store: Store) -> "Tunnel | None":
    """Begin to open the tunnel that a store needs; most need none."""
    if not store.ssh:
        return None
    from mlops_tui.services.stores.tunnel import Tunnel

    return Tunnel(store)


def _check_terminal() -> None:
    """Raise ``SettingsError`` unless stdin, stdout and stderr are terminals.

    Textual reads stdin and draws on stderr.
    """
    streams = {"input": sys.stdin, "output": sys.stdout, "error output (2>)": sys.stderr}
    others = [name for name, stream in streams.items() if not (stream and stream.isatty())]
    if others:
        raise SettingsError(
            f"The interface needs a terminal, but its {' and '.join(others)} is not one.",
            "`mlops-tui doctor` or `mlops-tui runs` work without one.",
        )
