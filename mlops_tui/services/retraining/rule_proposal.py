"""What a new rule is proposed to be, by what is known of the model."""

from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.forms import LaunchContext, form_of_run
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.monitoring import monitors
from mlops_tui.services.retraining.row_sources import READABLE
from mlops_tui.services.worker.calls import LONG, may_take

DEFAULTS = {
    "drift_share": "0.3",
    "k": "2",
    "of": "3",
    "minimum_labels": "100",
    "without_asking": "train register gate",
}


@may_take(LONG)
def proposed_texts(store: Store, state_dir: Path, model: str) -> dict[str, str]:
    """Return texts for the fields of a new rule, as far as they are known.

    It launches what trained the version in Production, else the newest one, on the file that it was
    given.
    """
    texts = dict(DEFAULTS)
    for standing in monitors.list_monitors(store, state_dir):
        if standing.plan.model == model:
            texts["monitor"] = standing.plan.title
            break
    versions = list_versions(store, model)
    in_production = (each for each in versions if each.stage is Stage.PRODUCTION)
    version = next(in_production, next(iter(versions), None))
    if version is None or not version.run_id:
        return texts
    texts["launch"] = version.run_id
    with suppress(ServiceError):
        form = form_of_run(LaunchContext(store, state_dir, Path.cwd()), version.run_id)
        files = (name for name, text in form.texts.items() if Path(text).suffix.lower() in READABLE)
        texts["argument"] = next(files, "data" if "data" in form.texts else "")
    return texts
