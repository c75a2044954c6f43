"""Chooses another store, with the state of each."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.matching import matches
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.shortening import NamesAlike
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import Login
from mlops_tui.domain.stores.store_state import StoreState, StoreStatus
from mlops_tui.services.stores import recent_stores, store_state
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.keys import PICK_DIALOG
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.stores.login_dialog import LoginDialog
from mlops_tui.tui.stores.store_choices import OPEN, TYPED, StoreChoice, choices, typed_store
from mlops_tui.tui.stores.store_opening import OpenedStore, StoreOpening

if TYPE_CHECKING:
    from textual.worker import Worker

    from mlops_tui.tui.kit.backend import Backend

COLUMNS = (
    Column("name", "Store", 14),
    Column("state", "State", 22),
    Column("address", "Address", 30, grow=True),
)


AT_ONCE = 8
"""Stores that are asked for their state at once; the screens are read meanwhile."""
LEAST = 16
"""The fewest characters of an address."""


class StoresDialog(Dialog[OpenedStore]):
    """A list of stores; the chosen one is opened while the old one stays, until it answers."""

    BINDINGS = bindings(PICK_DIALOG)
    DEFAULT_CSS = "StoresDialog #box Table { height: 8; }"
    AUTO_FOCUS = "Field"
    HAS_EQUIVALENT = False

    def __init__(
        self, opening: StoreOpening, present: "Backend", chosen: Store | None = None
    ) -> None:
        super().__init__("Switch to another store")
        self._store_opening = opening
        self._present = present
        self._chosen = chosen
        self._choices: dict[str, StoreChoice] = {}
        self._states: dict[str, StoreStatus] = {}
        self._asking = asyncio.Semaphore(AT_ONCE)
        self._opening: Worker[None] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """Put a field above the list, and what is being done below."""
        yield Field(placeholder="search, or type an address", compact=True)
        yield Table()
        yield Static("", id="doing", markup=False)

    def on_mount(self) -> None:
        """Read the stores, then ask each for its state; open one that is chosen already."""
        self.query_one(Table).say("reading…")
        self.run_worker(self._read(), group="choices")
        if self._chosen:
            self._open(self._chosen)

    async def _read(self) -> None:
        settings = self.shell.settings
        try:
            recent = await ask(self, recent_stores.read, settings.state_dir)
        except ServiceError:
            recent = ()  # the others can be chosen all the same
        for choice in choices(settings, recent):
            self._choices[choice.store.label] = choice
            self.run_worker(self._look(choice), group="states")
        self._show()

    async def _look(self, choice: StoreChoice) -> None:
        is_open = choice.origin == OPEN
        try:
            async with self._asking:
                found = await ask(self, store_state.look, choice.store, is_open=is_open)
        except ServiceError as error:
            found = StoreStatus(StoreState.UNREACHABLE, reason=str(error))
        self._states[choice.store.label] = found
        self.query_one(Table).refresh_rows([choice.store.label])

    @on(Field.Changed)
    def _show(self) -> None:
        words = self.query_one(Field).value
        found = [key for key, each in self._choices.items() if matches(words, _searched(each))]
        typed = typed_store(words, Path.cwd())
        if typed and typed.label not in self._choices:
            found.append(TYPED)
        self.query_one(Table).show(found, self._cell, COLUMNS)
        self.refuse("")

    def _cell(self, key: str, column: str) -> Text:
        if key == TYPED:
            typed = typed_store(self.query_one(Field).value, Path.cwd())
            address = self._address(typed.label) if typed else ""
            return plain({"name": f"({TYPED})", "address": address}.get(column, ""))
        choice = self._choices[key]
        if column == "name":
            return plain(choice.name)
        if column == "address":
            return plain(self._address(choice.store.label))
        return self._state(choice)

    def _address(self, label: str) -> str:
        """Return an address, cut where it can be told from the others."""
        room = self.query_one(Table).size.width - sum(each.width + 1 for each in COLUMNS[:2]) - 2
        return NamesAlike((*self._choices, label)).shortened(label, max(room, LEAST))

    def _state(self, choice: StoreChoice) -> Text:
        found = self._states.get(choice.store.label)
        if found is None:
            return plain("asking…", "dim")
        version = f", MLflow {found.version}" if found.version else ""
        return plain(f"{found.state}{version}")

    @on(Table.Highlighted)
    def _explain(self, event: Table.Highlighted) -> None:
        found = self._states.get(event.key or "")
        self.refuse(found.reason if found else "")

    @on(Field.Submitted)
    @on(Table.Opened)
    def _submitted(self) -> None:
        key = self.query_one(Table).cursor_key
        if key is None:
            self.refuse("Nothing matches. An address has a scheme: http://HOST:PORT.")
        elif key == TYPED and (typed := typed_store(self.query_one(Field).value, Path.cwd())):
            self._open(typed)
        elif key in self._choices:
            self._open(self._choices[key].store)

    def _open(self, store: Store) -> None:
        if self._opening is None:
            self.refuse("")
            self._opening = self.run_worker(self._open_store(store), group="open")

    async def _open_store(self, store: Store) -> None:
        self._tell(one_line(f"Opening {store.title}… esc gives up.", 300))
        try:
            opened = await self._store_opening.open(store, self._present, self._ask_login)
        except ServiceError as error:
            self.refuse(f"{error} Still on {self.shell.settings.store.title}.")
        else:
            if opened:
                self.dismiss(opened)
        finally:
            self._opening = None
            self._tell("")

    async def _ask_login(self, store: Store, reason: str) -> Login | None:
        return await self.shell.push_screen_wait(LoginDialog(store, reason))

    def _tell(self, sentence: str) -> None:
        for each in self.query("#doing").results(Static):
            each.update(sentence)

    def action_move(self, rows: int) -> None:
        """Move the cursor of the list while the field has the focus."""
        self.query_one(Table).action_move_cursor("down" if rows > 0 else "up")

    def action_cancel(self) -> None:
        """Give up opening a store, else close."""
        if self._opening:
            self._opening.cancel()
        else:
            self.dismiss(None)


def _searched(choice: StoreChoice) -> tuple[str, ...]:
    return choice.store.name, choice.store.label, choice.origin
