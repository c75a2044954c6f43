"""Writing an artifact to this machine's disk, with progress."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from textual import on, work
from textual.widget import Widget
from textual.widgets import Input, Static

from mlops_tui.domain.artifacts import download as downloads_domain
from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.artifacts.download import Amount, DownloadPlan
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import counted, one_line
from mlops_tui.services.artifacts import downloads
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import bar
from mlops_tui.tui.kit.service_call import ask

POLL_INTERVAL = 0.2
"""Seconds between two updates of the progress."""

BAR = 24
"""Cells of the bar."""


class DownloadDialog(Dialog[str]):
    """Asks for a path, shows the progress, dismisses with what was written; esc cancels."""

    def __init__(self, ref: ArtifactRef) -> None:
        super().__init__(f"Write {ref.name} to disk")
        self._ref = ref
        self._plan: DownloadPlan | None = None
        self._is_fetching = self._is_cancelled = False

    def compose_body(self) -> Iterable[Widget]:
        """Show the field below what would be written."""
        yield Static("counting…", markup=False, classes="explain")
        yield Field(compact=True)
        yield Static("", id="progress", markup=False)

    def on_mount(self) -> None:
        """Count what would be written."""
        self._count()

    @work(group="count")
    async def _count(self) -> None:
        store = self.shell.settings.store
        try:
            plan = self._plan = await ask(self, downloads.plan_download, store, self._ref)
        except ServiceError as error:
            self.refuse(str(error))
            return
        where = one_line(str(Path.cwd()), 200)
        words = f"{_amount(plan.total)}. A path in {where}, or any other; nothing is replaced."
        self.query_one(".explain", Static).update(words)
        field = self.query_one(Input)
        if not field.value:
            field.value = plan.suggested
            field.cursor_position = len(plan.suggested)

    @on(Input.Changed)
    def _edited(self) -> None:
        self.refuse("")

    @on(Input.Submitted)
    def _confirm(self, event: Input.Submitted) -> None:
        if self._plan is None:
            self.refuse("It is still being counted.")
        else:
            self._fetch(event.value, self._plan.total)

    @work(group="fetch")
    async def _fetch(self, typed: str, total: Amount) -> None:
        field = self.query_one(Input)
        field.disabled = self._is_fetching = True
        try:
            target = await self._fetched(typed, total)
        except ServiceError as error:
            field.disabled = self._is_fetching = self._is_cancelled = False
            self.query_one("#progress", Static).update("")
            field.focus()
            self.refuse(str(error))
            return
        if target is None:
            self.notify("Cancelled; nothing was written.", markup=False)
        self.dismiss(f"{_amount(total)} to {target}" if target else None)

    async def _fetched(self, typed: str, total: Amount) -> Path | None:
        """Return where it was written, None when it was cancelled."""
        store, progress = self.shell.settings.store, self.query_one("#progress", Static)
        download_id, target = await ask(
            self, downloads.start_download, store, self._ref, typed, total
        )
        while not self._is_cancelled:
            now = await ask(self, downloads.download_progress, download_id)
            if now.is_done:
                return target
            progress.update(_progress(now.done, total))
            await asyncio.sleep(POLL_INTERVAL)
        progress.update("removing what was fetched…")
        await ask(self, downloads.cancel_download, download_id)
        return None

    def action_cancel(self) -> None:
        """Cancel the download, removing what was written; close where none has begun."""
        if self._is_fetching and not self._is_cancelled:
            self._is_cancelled = True
        else:
            self.dismiss(None)

    def equivalent(self) -> str:
        """Return the Python that fetches the same."""
        return downloads_domain.equivalent(self._ref, self.query_one(Input).value)


def _amount(amount: Amount) -> str:
    files = counted(amount.files, "file")
    return f"{files}, {bytes_size(amount.size)}"


def _progress(done: Amount, total: Amount) -> str:
    part = min(1.0, done.size / total.size) if total.size else 0.0
    files = f"file {done.files:,} of {total.files:,}" if done.files else "asking the store"
    sizes = f"{bytes_size(done.size)} of {bytes_size(total.size)}"
    return f"{bar(part, BAR)} {part:4.0%}  {files}, {sizes}"
