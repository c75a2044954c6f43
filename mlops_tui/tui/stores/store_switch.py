"""Switches the app to another store; what that takes is imported when it is first wanted."""

from collections import deque
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING, Any, Protocol, cast

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run_selection import RunSelection
from mlops_tui.domain.store import Store
from mlops_tui.settings import Settings, on_store
from mlops_tui.tui.modes import renew

if TYPE_CHECKING:
    from mlops_tui.tui.kit.backend import Backend
    from mlops_tui.tui.kit.steady_app import SteadyApp
    from mlops_tui.tui.stores.store_opening import OpenedStore, StoreOpening


class SwitchedApp(Protocol):
    """The app, which is switched to another store."""

    settings: Settings
    backend: "Backend"
    selection: RunSelection
    undo_stack: deque[Any]
    at_start: Context

    def backend_failed(self, error: ServiceError) -> None:
        """Tell why the service process ended."""

    def mlflow_loaded(self, _version: str = "") -> None:
        """Read at once: the services can answer now."""


class StoreSwitch:
    """Lets a person choose another store, and moves the app there once it is open."""

    def __init__(self, app: SwitchedApp) -> None:
        self._app = app
        self._opening: StoreOpening | None = None
        """It holds the logins of this session."""

    @property
    def _textual(self) -> "SteadyApp":
        return cast("SteadyApp", self._app)

    def choose(self, chosen: Store | None = None) -> None:
        """Open the list of stores; one that is chosen already is opened at once."""
        from mlops_tui.tui.stores.store_opening import StoreOpening
        from mlops_tui.tui.stores.stores_dialog import StoresDialog

        self.remember()  # it may have been made meanwhile
        self._opening = self._opening or StoreOpening()
        self._textual.push_screen(StoresDialog(self._opening, self._app.backend, chosen), self._use)

    def _use(self, opened: "OpenedStore | None") -> None:
        if opened:
            self._app.at_start.copy().run(self._begin, opened)

    def _begin(self, opened: "OpenedStore") -> None:
        worker = self._textual.run_worker(self._renew(opened), group="store")
        self._textual.await_opening(worker)

    async def _renew(self, opened: "OpenedStore") -> None:
        """Use another store: nothing that was read, marked or typed for the old one stays."""
        app = self._app
        dropped = len(app.undo_stack)
        old, app.backend = app.backend, opened.backend
        app.backend.report_to(app.mlflow_loaded, app.backend_failed)
        old.discard()
        app.settings = on_store(app.settings, opened.store)
        app.undo_stack.clear()
        app.selection = RunSelection()
        await renew(self._textual)
        self._textual.stop_awaiting()
        app.mlflow_loaded()
        self.remember()
        undo = f" Changes that can no longer be undone here: {dropped}." if dropped else ""
        said = one_line(f"Now on {opened.store.title}.{undo}", 400)
        self._textual.notify(said, markup=False)

    def remember(self) -> None:
        """Remember the open store, if it answers, for a later session."""
        if not self._app.settings.read_only:
            self._textual.run_worker(self._remember(), group="remember")

    async def _remember(self) -> None:
        from mlops_tui.domain.stores.store_state import StoreState
        from mlops_tui.services.stores import recent_stores, store_state

        settings, backend = self._app.settings, self._app.backend
        with suppress(ServiceError):
            found = await backend.call(store_state.look, settings.store, is_open=True)
            if found.state is StoreState.ANSWERS:
                await backend.call(recent_stores.remember, settings.state_dir, settings.store)
