"""A key."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it does is ``action``, a method ``action_…`` of the place or of the app.

    ``keys`` are Textual's names, separated by commas. A ``write`` key is gone in read-only mode.
    Only ``shown`` keys stand in the footer; all of them stand in the help.
    """

    keys: str
    action: str
    label: str
    help: str
    write: bool = False
    shown: bool = True
    priority: bool = False
    """Whether it goes before the keys of the field that has the focus."""

    def binding(self, place: str) -> Binding:
        """Return Textual's binding; its id names the place, so that it can be remapped."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.shown,
            priority=self.priority,
            tooltip=self.help,
            id=f"{place}.{self.action}",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """The keys of one screen, dialog or widget."""

    title: str
    keys: tuple[Key, ...]
