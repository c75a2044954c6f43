"""The versions of one model, as rows of a list."""

from collections.abc import Callable, Iterable

from rich.text import Text

from mlops_tui.domain.matching import matches, version_strings
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import age, plain, status_cell, timestamp
from mlops_tui.tui.kit.table import Column

COLUMNS = (
    Column("version", "Version", 8),
    Column("stage", "Stage", 13),
    Column("aliases", "Aliases", 14),
    Column("age", "Age", 5, justify="right"),
    Column("description", "Description", 20, grow=True),
)


class VersionList:
    """The versions of one model by number, newest first; some as they are expected to become.

    ``show`` is called when they have changed.
    """

    def __init__(self, show: Callable[[], None]) -> None:
        self.words = ""
        """The filter."""
        self._show = show
        self.reset(None)

    def reset(self, model: str | None) -> None:
        """Forget all versions: another model is shown, None where there is none."""
        self.model = model
        self.is_read = False
        self._known: dict[str, ModelVersion] = {}
        self._expected: dict[str, ModelVersion] = {}

    def __contains__(self, number: str) -> bool:
        return number in self._known

    def get(self, number: str | None) -> ModelVersion | None:
        """Return the version as the server knows it, None when there is none."""
        return self._known.get(number or "")

    def all(self) -> tuple[ModelVersion, ...]:
        """Return the versions as the server knows them."""
        return tuple(self._known.values())

    def holder(self, alias: str) -> str | None:
        """Return the number of the version that has an alias."""
        return next((v.version for v in self._known.values() if alias in v.aliases), None)

    def confirm(self, versions: Iterable[ModelVersion]) -> None:
        """Show the versions as the server knows them."""
        self._known = {version.version: version for version in versions}
        self.is_read = True
        self._show()

    def expect(self, *versions: ModelVersion) -> None:
        """Show versions as they are expected to become; none takes that back."""
        self._expected = {version.version: version for version in versions}
        self._show()

    def shown(self) -> list[str]:
        """Return the numbers that pass the filter."""
        return [k for k, v in self._known.items() if matches(self.words, version_strings(v))]

    def cell(self, number: str, column: str) -> Text:
        """Return what stands in a cell; an expected stage is marked."""
        version = self._expected.get(number) or self._known[number]
        match column:
            case "version":
                return Text(f"v{number}")
            case "stage" if number in self._expected:
                return Text(f"… {version.stage}", "italic")
            case "stage":
                return status_cell(version.stage)
            case "aliases":
                return plain(" ".join(f"@{alias}" for alias in version.aliases))
            case "age":
                return Text(age(version.created_at))
        return _described(version)


def _described(version: ModelVersion) -> Text:
    if version.is_ready:
        return plain(version.description)
    told = " · ".join(filter(None, (version.trouble, version.description)))
    return plain(f"✗ {told}", "red" if "FAILED" in version.status else "yellow")


def details(version: ModelVersion) -> Text:
    """Return the facts of a version."""
    return facts(
        {
            "uri": plain(version.uri),
            "stage": status_cell(version.stage),
            "aliases": plain(" ".join(f"@{alias}" for alias in version.aliases)),
            "status": plain(version.trouble),
            "run": plain(version.run_id),
            "source": plain(version.source),
            "created": Text(timestamp(version.created_at) if version.created_at else ""),
            "by": plain(version.user),
            "tags": plain(", ".join(f"{k}={v}" for k, v in version.tags.items())),
            "about": plain(version.description),
        }
    )
