"""Which of our jobs are alive."""

from mlops_tui.tui.kit.control_screen import ControlScreen


async def live_jobs(screen: ControlScreen) -> frozenset[str]:
    """Return the ids of our jobs that are alive; raises ``ServiceError``."""
    from mlops_tui.services.jobs import jobs

    records = await screen.ask(jobs.list_jobs, screen.shell.settings.state_dir)
    return frozenset(record.process_id for record in records if record.is_underway)
