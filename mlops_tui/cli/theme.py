"""Checks that the theme exists."""

from mlops_tui.domain.plain_text import one_line
from mlops_tui.settings import DEFAULT_THEME, Settings, SettingsError


def check_theme(settings: Settings) -> None:
    """Raise ``SettingsError`` if the theme does not exist."""
    if settings.theme == DEFAULT_THEME:
        return
    from mlops_tui.tui.kit.contrast import offered_themes

    offered = offered_themes()
    if settings.theme not in offered:
        message = f"There is no theme {one_line(settings.theme)} ({settings.sources['theme']})."
        raise SettingsError(message, f"Themes are {', '.join(offered)}.")
