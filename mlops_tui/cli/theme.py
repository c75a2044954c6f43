"""Whether the theme that is set exists."""

from mlops_tui.domain.plain_text import one_line
from mlops_tui.settings import DEFAULT_THEME, Settings, SettingsError


def check_theme(settings: Settings) -> None:
    """Raise ``SettingsError`` with the themes that there are."""
    if settings.theme == DEFAULT_THEME:
        return
    from textual.theme import BUILTIN_THEMES

    if settings.theme not in BUILTIN_THEMES:
        message = f"There is no theme {one_line(settings.theme)} ({settings.sources['theme']})."
        raise SettingsError(message, f"Themes are {', '.join(sorted(BUILTIN_THEMES))}.")
