"""What a person does with saved views."""

from collections.abc import Mapping

from mlops_tui.domain.experiments.saved_view import SavedView
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.experiments import saved_views
from mlops_tui.tui.experiments.run_view_screen import RunViewScreen
from mlops_tui.tui.kit.text_dialog import LineDialog

LONGEST_NAME = 60


async def choose(screen: RunViewScreen) -> None:
    """Look at the runs as a saved view says."""
    views = await _read(screen)
    names = {name: one_line(name, LONGEST_NAME) for name in views if name != saved_views.LAST}
    if not names:
        screen.why_not("No view is saved for this experiment: V saves the present one.")
        return
    picked = await screen.pick("Saved views", names, "View")
    if picked is not None:
        view = views[picked]
        screen.look_at(view)
        screen.run_list.server_filter = view.query
        screen.view_as()
        screen.action_refresh_data()


async def save(screen: RunViewScreen) -> None:
    """Save the present view under a name."""
    settings, chosen = screen.shell.settings, screen.chosen
    if not chosen:
        screen.why_not("There is no experiment to save a view of.")
        return
    dialog = LineDialog(
        "Save this view",
        "",
        explain="Its name; one that is taken is replaced.",
        problem=lambda text: "" if text.strip() else "A view needs a name.",
    )
    name = await screen.shell.push_screen_wait(dialog)
    if name:
        view = screen.saved()
        await screen.ask(
            saved_views.keep_view,
            settings.state_dir,
            settings.store,
            chosen,
            view,
            name.strip()[:LONGEST_NAME],
        )
        screen.tell(f"Saved: {name.strip()[:LONGEST_NAME]}. v brings it back.")


async def _read(screen: RunViewScreen) -> Mapping[str, SavedView]:
    settings = screen.shell.settings
    return await screen.ask(
        saved_views.read_views, settings.state_dir, settings.store, screen.chosen or ""
    )
