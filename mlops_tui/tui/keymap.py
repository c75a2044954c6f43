"""Where which keys work: footer, help, palette and the README's table come from here."""

from collections.abc import Iterator

from textual.binding import BindingType

from mlops_tui.tui.jobs.job_keys import JOBS
from mlops_tui.tui.keys_everywhere import GENERAL
from mlops_tui.tui.kit.dialog_keys import DIALOGS
from mlops_tui.tui.kit.key import Key, Place
from mlops_tui.tui.kit.readable import readable
from mlops_tui.tui.models.model_keys import MODELS
from mlops_tui.tui.runs.run_keys import RUNS

PLACES: dict[str, Place] = {**GENERAL, **RUNS, **JOBS, **MODELS, **DIALOGS}

UNDERLYING = ("everywhere", "screen", "table", "log", "log search", "tree", "preview")
"""Places whose keys come after those of the screen itself."""


def bindings(*places: str) -> list[BindingType]:
    """Return the bindings of the places, in their order."""
    return [key.binding(place) for place in places for key in PLACES[place].keys]


def write_actions() -> frozenset[str]:
    """Return the names of the actions that change something, without arguments."""
    return frozenset(
        key.action.removeprefix("app.").partition("(")[0] for key in _all() if key.write
    )


def key_table() -> str:
    """Return the README's table of keys, in Markdown."""
    rows = ["| where | key | what it does |", "|---|---|---|"]
    for place in PLACES.values():
        for key in place.keys:
            names = " ".join(f"`{readable(name)}`" for name in key.keys.split(","))
            rows.append(f"| {place.title} | {names} | {key.help} |")
    return "\n".join(rows)


def _all() -> Iterator[Key]:
    for place in PLACES.values():
        yield from place.keys
