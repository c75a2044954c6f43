"""The facts of the version under the cursor."""

import asyncio
from typing import TYPE_CHECKING

from rich.text import Text
from textual import work

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.tags import own_tags
from mlops_tui.domain.versions.version_row import VersionRow
from mlops_tui.services.models import logged_models
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import plain, status_cell, timestamp
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.steady_text import SteadyText
from mlops_tui.tui.runs.model_metrics_text import measured
from mlops_tui.tui.shell import shell_of

if TYPE_CHECKING:
    from mlops_tui.domain.models.model_metric import ModelMetric

LONGEST = 40
"""Characters of a run's name."""

REST = 0.15
"""Seconds for which the cursor rests on a version before its metrics are read."""


class VersionDetails(SteadyText):
    """Shows a version, and what was measured of it once the cursor rests on it."""

    def __init__(self) -> None:
        super().__init__(id="detail")
        self._row: VersionRow | None = None
        self._measured: dict[str, tuple[ModelMetric, ...]] = {}
        """What was measured of the versions that the cursor rested on, by their addresses."""
        self._measuring = ""
        """The address of the version of which that is being read."""

    def forget(self) -> None:
        """Let what was measured of versions be read anew."""
        self._measured.clear()

    def show(self, row: VersionRow | None) -> None:
        """Show a version, nothing where there is none."""
        self._row = row
        if row is None:
            self.update(Text(""), layout=False)
            return
        uri = row.version.uri
        metrics = self._measured.get(uri)
        text = details(row)
        shown = Text("\n").join((text, measured(metrics))) if metrics else text
        self.update(shown, layout=False)  # its height is fixed
        if metrics is None and self._measuring != uri:
            self._measuring = uri
            self._measure(row)

    @work(group="measure", exclusive=True)
    async def _measure(self, row: VersionRow) -> None:
        """Read what was measured of a version, once the cursor rests on it."""
        version = row.version
        try:
            await asyncio.sleep(REST)
            store = shell_of(self).settings.store
            found = await ask(self, logged_models.version_metrics, store, version)
            self._measured[version.uri] = found
        except ServiceError:
            return  # the next look tries again
        finally:
            if self._measuring == version.uri:
                self._measuring = ""
        self.show(self._row)


def details(row: VersionRow) -> Text:
    """Return the facts of a version."""
    version = row.version
    return facts(
        {
            "uri": plain(version.uri),
            "stage": status_cell(version.stage),
            "aliases": plain(" ".join(f"@{alias}" for alias in version.aliases)),
            "gate": status_cell(row.gate),
            "status": plain(version.trouble),
            "run": plain(
                f"{version.run_id}  {one_line(row.run.name, LONGEST)}"
                if row.run
                else version.run_id
            ),
            "source": plain(version.source),
            "created": Text(timestamp(version.created_at) if version.created_at else ""),
            "by": plain(version.user),
            "tags": plain(", ".join(f"{k}={v}" for k, v in own_tags(version.tags).items())),
            "about": plain(version.description),
        }
    )
