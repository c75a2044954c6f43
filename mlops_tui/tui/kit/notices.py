"""Notices: what an action came to, for a few seconds."""

from contextlib import suppress

from textual.app import App, ScreenStackError
from textual.notifications import Notify
from textual.widgets._toast import Toast, ToastHolder

ROWS_PER_NOTICE = 15
"""Rows of the screen for each notice of a kind that is shown at once: more would cover it."""


class NoticesApp(App[int]):
    """An app whose earlier notices make way for later ones of their kind."""

    def on_notify(self, event: Notify) -> None:
        """Let earlier notices of its kind make way."""
        most = max(1, self.size.height // ROWS_PER_NOTICE)
        alike = [n for n in self._notifications if n.severity == event.notification.severity]
        for earlier in alike[: max(0, len(alike) + 1 - most)]:
            self._unnotify(earlier, refresh=False)

    def _refresh_notifications(self) -> None:
        """Show the notices; the lines of those that are gone go, too."""
        with suppress(ScreenStackError):
            for holder in self.screen.query(ToastHolder):
                toasts = [toast._notification for toast in holder.query(Toast)]  # noqa: SLF001 - has no public name
                if holder.is_mounted and not any(each in self._notifications for each in toasts):
                    holder.remove()
        super()._refresh_notifications()
