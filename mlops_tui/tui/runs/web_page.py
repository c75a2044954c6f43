"""Where the web UI shows what is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.web_page import web_page
from mlops_tui.services.machine import browser

if TYPE_CHECKING:
    from mlops_tui.tui.kit.control_screen import ControlScreen

READING_TIME = 12
"""Seconds that a command with an address stay: they are long."""


async def show_web_page(screen: ControlScreen, experiment_id: str, run_id: str = "") -> None:
    """Copy the address of a run or an experiment, open it where there is a browser.

    Where no web server is known, copy the command that starts one.
    """
    page = web_page(screen.shell.settings.store, experiment_id, run_id)
    screen.shell.copy_to_clipboard(page.command or page.address)
    if page.command:
        sentence = f"No web UI is known for this store. Copied: {page.command}   Then it is at "
        text = one_line(sentence + page.address, 800)
        screen.notify(text, markup=False, timeout=READING_TIME)
        return
    opened = await screen.ask(browser.open_page, page.address)
    done = "Copied, opening in the browser" if opened else "Copied"
    screen.notify(one_line(f"{done}: {page.address}", 800), markup=False, timeout=READING_TIME)
