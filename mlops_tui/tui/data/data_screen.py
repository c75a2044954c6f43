"""Data sets above, the versions of one below them."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic

from textual import on, work
from textual.widget import Widget

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.store import store
from mlops_tui.tui.data.dataset_versions_pane import DatasetVersionsPane
from mlops_tui.tui.data.datasets_pane import DatasetsPane
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.table import Table

REST = 0.15
"""Seconds for which the cursor rests on a data set before its versions are read."""

REST_AFTER_READ = 10
"""Times as long as reading a database took, it is not read again."""

EVERY = 60.0
"""Seconds between two looks at a server, which does not tell whether anything has changed."""


class DataScreen(ControlScreen):
    """Browse the data sets that runs were given; go to their runs and models."""

    MODE = "data"
    TOPICS = frozenset({Topic.RUNS, Topic.MODELS})
    AUTO_FOCUS = "#datasets"
    HELP = "enter goes to the versions, then to the runs of one; v goes to a model trained on it."

    def __init__(self) -> None:
        super().__init__()
        self.datasets = DatasetsPane()
        self.versions = DatasetVersionsPane()
        self.filters = (self.datasets.filter,)
        self._seen = ""
        """The state of the store that is shown, with the data set whose versions are."""
        self._due = 0.0

    def compose_body(self) -> Iterable[Widget]:
        """Put the data sets above the versions."""
        yield self.datasets
        yield self.versions

    async def load(self) -> None:
        """Read the data sets with the versions of the chosen one, unless nothing has changed."""
        anew = self.reads_anew
        if anew:
            self.versions.forget()
        mark = await self.ask(store.fingerprint, self.shell.settings.store)
        is_same = mark is not None and f"{mark} {self.datasets.chosen}" == self._seen
        begun = monotonic()
        if not anew and (is_same or begun < self._due):
            return
        await self.datasets.load()
        self.versions.show_dataset(self.datasets.chosen)
        await self.versions.load()
        self._seen = f"{mark} {self.datasets.chosen}"
        now = monotonic()
        self._due = now + (REST_AFTER_READ * (now - begun) if mark else EVERY)

    @on(DatasetsPane.Chosen)
    def _dataset_chosen(self, event: DatasetsPane.Chosen) -> None:
        self.versions.show_dataset(event.name)
        self._load_versions_at_rest()

    @work(group="versions", exclusive=True)
    async def _load_versions_at_rest(self) -> None:
        """Read the versions once the cursor rests on the data set."""
        await asyncio.sleep(REST)
        with suppress(ServiceError):  # the next look tells it
            await self.versions.load()

    @on(Table.Opened, "#datasets")
    def _dataset_opened(self) -> None:
        self.query_one("#dataset-versions").focus()

    def go_to(self, name: str, digest: str = "") -> None:
        """Put the cursor on a data set, or one of its versions, as soon as it is read."""
        self.datasets.go_to(name)
        self.versions.go_to(name, digest)
        self.query_one("#dataset-versions").focus()
        self.action_refresh_data()

    def copyable(self) -> str:
        """Return the digest or run, or the data set's name, by the list with the focus."""
        return (self.versions if self.versions.has_focus_within else self.datasets).copyable()
