"""The way from a model version to the data set that it was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_tui.services.data import datasets
from mlops_tui.tui.kit.pick_dialog import PickDialog

if TYPE_CHECKING:
    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.tui.kit.control_screen import ControlScreen


async def view_data(screen: ControlScreen, version: ModelVersion) -> None:
    """Go to the data set of a version; ask which one where its run was given several."""
    found = await screen.ask(
        datasets.datasets_of_model, screen.shell.settings.store, version.name, version.version
    )
    chosen = found[0]
    if len(found) > 1:
        choices = {
            str(number): f"{each.name}  {each.digest}  {each.context}"
            for number, each in enumerate(found)
        }
        title = f"Data of {version.name} v{version.version}"
        picked = await screen.shell.push_screen_wait(PickDialog(title, choices, "Data set"))
        if picked is None:
            return
        chosen = found[int(picked)]
    await screen.shell.navigation.show_dataset(chosen.name, chosen.digest)
