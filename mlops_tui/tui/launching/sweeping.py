"""What a person does with sweeps."""

from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.sweeps.sweep_form import how_texts
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.services.jobs import help_output
from mlops_tui.services.sweeps import metric_names, sweep_forms, sweeps
from mlops_tui.tui.kit.confirm import ConfirmDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.write import Write
from mlops_tui.tui.launching.launch_dialog import LaunchDialog
from mlops_tui.tui.launching.launching import GoTo, form_loader, launch_context, pick_form
from mlops_tui.tui.launching.sweep_form import FilledSweep, NewSweep, SweepForm

Planned = tuple[FilledForm, SweepPlan | None]


async def sweep_new(screen: ControlScreen, go_to: GoTo) -> None:
    """Ask what to sweep; fill in its form; start the job; go to it."""
    form = await pick_form(screen)
    if form is not None:
        planned = await screen.ask(sweep_forms.form_for_sweep, launch_context(screen), form)
        await _fill_in(screen, planned, go_to)


async def sweep_again(screen: ControlScreen, job_id: str, go_to: GoTo) -> None:
    """Fill in the form as a sweep was launched before; start the job; go to it."""
    planned = await screen.ask(sweep_forms.form_of_sweep, launch_context(screen), job_id)
    await _fill_in(screen, planned, go_to)


async def go_on(screen: ControlScreen, job: ProcessRecord, go_to: GoTo) -> None:
    """Ask, then make the trials that a sweep has left."""
    settings = screen.shell.settings
    parent = await screen.ask(sweeps.sweep_of_job, settings.store, job.process_id)
    found = await screen.ask(sweeps.read_sweep, settings.store, parent)
    if found.left <= 0:
        screen.why_not("All trials of this sweep are done.")
        return
    sentence = (
        f"Make the {found.left} of {found.plan.trials} trials that are not done, failed ones too?"
    )
    command = f"mlops-tui sweep --continue {parent}"
    if await screen.shell.push_screen_wait(ConfirmDialog("Continue the sweep", sentence, command)):
        await screen.write(
            Write[ProcessRecord](
                title="The sweep goes on",
                topic=Topic.JOBS,
                optimistic=lambda: screen.expect("Starting the sweep…"),
                revert=lambda: screen.expect(""),
                call=lambda backend: backend.call(
                    sweeps.continue_sweep, settings.store, settings.state_dir, parent
                ),
                confirm=go_to,
            )
        )


async def _fill_in(screen: ControlScreen, planned: Planned, go_to: GoTo) -> None:
    """Ask until the sweep is started, or the person gives up; a refusal keeps what was typed."""
    job, plan = planned
    form, reason = FilledSweep(job, how_texts(plan)), ""

    async def ask_metrics() -> tuple[str, ...]:
        target = job.launchable.target
        return await screen.ask(metric_names.likely_metrics, launch_context(screen), target)

    while True:
        new: NewSweep | None = await screen.shell.push_screen_wait(
            LaunchDialog("New sweep", SweepForm(form, ask_metrics), form_loader(screen), reason)
        )
        if new is None:
            await screen.ask(help_output.stop_asking)
            return
        if await _start(screen, new, go_to):
            return
        form, reason = new.form, "It was not launched; what you typed is still here."


async def _start(screen: ControlScreen, new: NewSweep, go_to: GoTo) -> bool:
    settings = screen.shell.settings
    record = await screen.write(
        Write[ProcessRecord](
            title="Sweep launched",
            optimistic=lambda: screen.expect("Starting the sweep…"),
            revert=lambda: screen.expect(""),
            topic=Topic.JOBS,
            call=lambda backend: backend.call(
                sweeps.launch_sweep,
                settings.store,
                settings.state_dir,
                new.launchable,
                new.plan,
                new.options,
            ),
            confirm=go_to,
        )
    )
    return record is not None
