from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.job_spec import job_spec
from tests.domain.jobs.test_filled_form import FORM


def test_variables_tell_the_experiment_and_what_mlflow_logs() -> None:
    assert job_spec(FORM, {}, JobOptions()).variables() == {}
    options = JobOptions(experiment="Flowers", system_metrics=True)
    assert job_spec(FORM, {}, options).variables() == {
        "MLFLOW_EXPERIMENT_NAME": "Flowers",
        "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING": "true",
    }
