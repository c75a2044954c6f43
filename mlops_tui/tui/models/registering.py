"""From a run to a registered model version."""

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import Recorded
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.models import registration, registry
from mlops_tui.services.runs import runs
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.models.register_dialog import RegisterDialog, Registration


async def register_model(screen: ControlScreen, run_id: str) -> None:
    """Ask under which name a model of a run goes; create the version; offer to go there."""
    detail = await screen.ask(runs.get_run, screen.shell.settings.store, run_id)
    if not detail.models:
        screen.why_not(f"{one_line(detail.run.name, 60)} has logged no model to register.")
        return
    store = screen.shell.settings.store
    names = [model.name for model in await screen.ask(registry.list_models, store)]
    dialog = RegisterDialog(detail.run.name, detail.models, names)
    wanted: Registration | None = await screen.shell.push_screen_wait(dialog)
    if wanted is None:
        return
    answer = await screen.write(
        Write[Recorded[ModelVersion]](
            title=f"{wanted.name} registered",
            topic=Topic.MODELS,
            call=lambda backend: backend.call(
                registration.register,
                store,
                name=wanted.name,
                model=wanted.model,
                run_id=run_id,
                description=wanted.description,
                tags=wanted.tags,
            ),
            remaining=lambda answer: answer.unrecorded,
        )
    )
    if answer is None:
        return
    version = answer.value
    created = f"Created {version.name} v{version.version}. Go there?"
    if await screen.shell.push_screen_wait(ConfirmDialog("Registered", created)):
        await screen.shell.navigation.show_model(version.name, version.version)
