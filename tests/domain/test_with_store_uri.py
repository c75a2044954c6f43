"""What is copied names its store."""

from mlops_tui.domain.store import Store
from mlops_tui.domain.with_store_uri import with_recorded_uri, with_store_uri

SQLITE = Store("sqlite:////data/my flows.db")


def test_a_command_gets_the_store_as_a_variable() -> None:
    assert with_store_uri("mlflow models serve", SQLITE) == (
        "MLFLOW_TRACKING_URI='sqlite:////data/my flows.db' mlflow models serve"
    )
    both = Store("http://127.0.0.1:5000", "http://127.0.0.1:6000")
    assert with_store_uri("mlflow x", both).split() == [
        "MLFLOW_TRACKING_URI=http://127.0.0.1:5000",
        "MLFLOW_REGISTRY_URI=http://127.0.0.1:6000",
        "mlflow",
        "x",
    ]


def test_a_script_sets_the_store_first() -> None:
    script = with_store_uri("import mlflow\n\nmlflow.register_model('x', 'y')\n", SQLITE)
    assert script.splitlines()[2] == "mlflow.set_tracking_uri('sqlite:////data/my flows.db')"
    compile(script, "script", "exec")


def test_a_path_from_here_is_made_one_from_anywhere() -> None:
    assert "sqlite:///mlflow.db" not in with_store_uri("mlflow x", Store("sqlite:///mlflow.db"))


def test_a_secret_is_never_copied() -> None:
    for uri in ("https://me:secret@host", "postgresql://me:secret@host/db", "http://h/?key=secret"):
        assert with_store_uri("mlflow x", Store(uri)) == "mlflow x"


def test_what_is_about_no_store_is_copied_as_it_is() -> None:
    assert with_store_uri("", SQLITE) == ""
    assert with_store_uri("kill -TERM 7", SQLITE) == "kill -TERM 7"


def test_a_store_behind_ssh_is_copied_by_its_name_or_its_own_address() -> None:
    near = "http://127.0.0.1:40123"
    store = Store(near, name="team", ssh="me@bastion", far_uri="http://mlflow.internal:5000")
    assert with_store_uri("mlops-tui runs", store) == "MLFLOW_TRACKING_URI=team mlops-tui runs"
    command = with_store_uri("mlflow models serve", store)
    assert command == "MLFLOW_TRACKING_URI=http://mlflow.internal:5000 mlflow models serve"
    script = with_store_uri("import mlflow.sklearn", store)
    assert "# It is reached through me@bastion: ssh -L" in script
    assert near not in script


def test_a_command_of_a_process_names_the_store_it_was_started_on() -> None:
    here, text = Store("http://here:1"), "mlops-tui train x"
    there = "MLFLOW_TRACKING_URI=http://there:1 mlops-tui train x"
    assert with_recorded_uri(text, "http://there:1", here) == there
    for same in ("", "http://here:1"):
        assert with_recorded_uri(text, same, here) == with_store_uri(text, here)
    for unknown in ("http://***@there:1", "http://there:1 through bastion"):
        assert with_recorded_uri(text, unknown, here) == text
