"""A PostgreSQL opened directly: looking makes nothing, writing says what it needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.errors import Forbidden, InvalidInput, LoginRefused, NotFound, ServiceError
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import run_reading
from mlops_tui.services.experiments.experiments import create_experiment, list_experiments
from mlops_tui.services.feed.feed import read_feed
from mlops_tui.services.models.registry import list_models, list_versions
from mlops_tui.services.runs.runs import search_runs
from mlops_tui.services.store import store as stores
from tests.postgres import PASSWORD, Postgres

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgres")]


def look(store: Store) -> None:
    """Look at an empty database in every way."""
    assert not stores.exists(store)
    assert list_experiments(store) == ()
    assert search_runs(store, "0").runs == ()
    assert list_models(store) == ()
    assert list_versions(store, "m") == ()
    with pytest.raises(NotFound, match="no store yet"):
        stores.client(store)


def test_looking_at_an_empty_database_makes_no_table(
    postgres: Postgres,
) -> None:
    name = postgres.create()
    store = Store(postgres.uri(name))
    look(store)
    look(Store(store.tracking_uri, postgres.uri(postgres.create())))
    found = stores.check(store)
    assert (found.ok, found.exists) == (True, False)
    assert "has no MLflow tables yet. Before the first write, set artifact_root" in str(
        f"{found.sentence} {found.hint}"
    )
    for words in (["doctor"], ["runs"], ["run", "0123"]):
        command = [sys.executable, "-m", "mlops_tui", *words, "--tracking-uri", store.tracking_uri]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        assert PASSWORD not in done.stdout + done.stderr
    assert postgres.tables(name) == set()


def test_the_first_write_makes_the_tables_once_it_is_said_where_artifacts_lie(
    postgres: Postgres, tmp_path: Path
) -> None:
    name = postgres.create()
    with pytest.raises(InvalidInput, match=r"would lie on this machine.*Set artifact_root"):
        create_experiment(Store(postgres.uri(name)), "mine")
    assert postgres.tables(name) == set()

    store = Store(postgres.uri(name), artifact_root="s3://team/mlflow/")
    made = create_experiment(store, "mine")
    assert made.artifact_location.startswith("s3://team/mlflow/mine-")
    locations = {each.name: each.artifact_location for each in list_experiments(store)}
    assert locations["Default"].startswith("s3://team/mlflow/")
    with pytest.raises(InvalidInput, match="Set artifact_root"):
        create_experiment(Store(postgres.uri(name)), "another")


def test_tables_without_an_experiment_stay_so_until_a_write(postgres: Postgres) -> None:
    name = postgres.create()
    store = Store(postgres.uri(name), artifact_root="s3://team/mlflow")
    stores.ensure(store)
    copy = postgres.create(name)
    postgres.run("DELETE FROM experiments", copy)
    bare = Store(postgres.uri(copy), artifact_root="s3://team/mlflow")
    look(bare)
    assert postgres.run("SELECT count(*) FROM experiments", copy) == "0"
    stores.ensure(bare)
    assert [each.name for each in list_experiments(bare)] == ["Default"]


def test_an_older_schema_is_told_and_left_as_it_is(postgres: Postgres) -> None:
    store = Store(postgres.uri(postgres.create()), artifact_root="s3://team/mlflow")
    stores.ensure(store)
    name = postgres.create(store.tracking_uri.rpartition("/")[2])
    postgres.run("UPDATE alembic_version SET version_num = 'old'; DROP TABLE inputs", name)
    before = postgres.tables(name)
    old = Store(postgres.uri(name), artifact_root="s3://team/mlflow")
    for read in (list_experiments, list_models, stores.client, stores.ensure):
        with pytest.raises(ServiceError, match=r"schema of another MLflow \(old, .*db upgrade"):
            read(old)
    assert not stores.check(old).ok
    assert postgres.tables(name) == before


def test_a_database_of_something_else_is_refused(postgres: Postgres) -> None:
    name = postgres.create()
    postgres.run(
        "CREATE TABLE alembic_version (version_num text); CREATE TABLE songs (n int)", name
    )
    store = Store(postgres.uri(name), artifact_root="s3://team/mlflow")
    for use in (list_experiments, stores.ensure):
        with pytest.raises(ServiceError, match="is a database, but not one of MLflow's"):
            use(store)
    assert postgres.tables(name) == {"alembic_version", "songs"}


def test_what_postgresql_refuses_is_a_sentence(postgres: Postgres, tmp_path: Path) -> None:
    with pytest.raises(LoginRefused, match="login refused as alice"):
        list_experiments(Store(postgres.uri("postgres", "alice", "wrong")))
    with pytest.raises(NotFound, match="There is no database gone"):
        list_experiments(Store(postgres.uri("gone")))
    store = Store(postgres.uri(postgres.create()), artifact_root=str(tmp_path))
    made = create_experiment(store, "of the team")
    name = store.tracking_uri.rpartition("/")[2]
    postgres.run(
        "CREATE ROLE reader LOGIN PASSWORD 'reading';"
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
        name,
    )
    reader = Store(postgres.uri(name, "reader", "reading"), artifact_root=str(tmp_path))
    assert {each.name for each in list_experiments(reader)} == {"Default", "of the team"}
    assert run_reading.refresh(reader, RunSource(made.experiment_id))
    assert read_feed(tmp_path / "state", reader).entries == ()
    with pytest.raises(Forbidden, match="does not allow this to its user"):
        create_experiment(reader, "of a reader")


def test_artifacts_of_a_server_whose_database_is_opened_say_to_open_the_server(
    postgres_store: Store,
) -> None:
    client = stores.client(postgres_store)
    experiment = client.create_experiment("served", "mlflow-artifacts:/1")
    run = client.create_run(experiment)
    from mlops_tui.services.artifacts.artifacts import list_artifacts

    with pytest.raises(ServiceError, match="Open the server instead") as caught:
        list_artifacts(postgres_store, run.info.run_id)
    assert PASSWORD not in str(caught.value)
    assert os.linesep not in str(caught.value)
