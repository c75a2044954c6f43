"""Jobs on a store behind an SSH server."""

import sys
from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.processes.process import ProcessState, Settlement
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from mlops_tui.services.runs.runs import runs_of_job
from mlops_tui.services.stores import job_tunnel
from mlops_tui.services.stores.tunnel import reached
from tests.detached import nothing_left_behind, settled
from tests.ssh_server import HOST, SshServer

PROGRAM = """
import mlflow, os, time
with mlflow.start_run(run_name="through a tunnel"):
    while not os.path.exists("go"):
        time.sleep(0.05)
    mlflow.log_metric("late", 1.0)
    os._exit(3)
"""


@pytest.mark.slow
def test_a_job_keeps_its_store_when_who_launched_it_is_gone_and_its_run_is_settled(
    bastion: SshServer, server_store: Store, tmp_path: Path
) -> None:
    (tmp_path / "train.py").write_text(PROGRAM)
    far = Store(server_store.tracking_uri, name="team", ssh=HOST)
    spec = JobSpec(
        target=Target(TargetKind.SCRIPT, str(tmp_path / "train.py")),
        title="train.py",
        command=(sys.executable, "train.py"),
        directory=str(tmp_path),
        python=sys.executable,
    )
    state_dir = tmp_path / "state"
    with nothing_left_behind():
        with reached(far) as near:
            record = jobs.launch(near, state_dir, spec)
        assert record.store == far.label
        (tmp_path / "go").touch()

        ended = settled(state_dir, record)
        assert ended.state is ProcessState.FAILED
        assert ended.settlement is Settlement.DONE, ended.settlement_reason
        (run,) = runs_of_job(server_store, record.process_id)
        assert run.status is RunStatus.FAILED
        assert run.metrics["late"] == 1.0


def test_a_cluster_is_not_sent_to_the_end_of_a_tunnel(tmp_path: Path) -> None:
    near = Store("http://127.0.0.1:4001", name="team", ssh=HOST, far_uri="http://far:5000")
    with pytest.raises(Conflict, match="reached through a tunnel of this machine"):
        job_tunnel.start(near, tmp_path, is_local=False)
    direct = Store("http://far:5000")
    assert job_tunnel.start(direct, tmp_path, is_local=False) == direct
