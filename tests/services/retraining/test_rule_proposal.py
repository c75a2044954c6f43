"""What a new rule is proposed to be."""

from mlops_tui.domain.models.stage import Stage
from mlops_tui.services.monitoring import monitor_runs
from mlops_tui.services.retraining.rule_proposal import DEFAULTS, proposed_texts
from mlops_tui.services.store import store as stores
from tests.services.retraining.conftest import MODEL, Watched


def test_it_launches_again_what_trained_the_version_in_production(watched: Watched) -> None:
    version = watched.register(job=watched.job_that_ran().process_id)
    watched.register(Stage.NONE)
    monitor_runs.open_run(watched.store, watched.plan, "1", {})
    assert proposed_texts(watched.store, watched.state_dir, MODEL) == {
        **DEFAULTS,
        "monitor": watched.plan.title,
        "launch": version.run_id,
        "argument": "data",
    }


def test_of_versions_outside_production_the_newest_counts(watched: Watched) -> None:
    watched.register(Stage.ARCHIVED)
    newest = watched.register(Stage.NONE)
    found = proposed_texts(watched.store, watched.state_dir, MODEL)
    # No job is known that could be launched again with other data.
    assert found == {**DEFAULTS, "launch": newest.run_id}


def test_nothing_is_known_of_a_model_without_versions(watched: Watched) -> None:
    stores.client(watched.store).create_registered_model(MODEL)
    assert proposed_texts(watched.store, watched.state_dir, MODEL) == DEFAULTS
