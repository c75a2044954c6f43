"""A Slurm cluster of one node on this machine, apart from any that belongs to it.

Its three daemons (munged for who is who, slurmctld, slurmd) run as whoever starts them, on free
ports of 127.0.0.1, in a folder of their own, without systemd, cgroups or a database.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.patience import PATIENCE

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo")
SYSTEM_PATH = "/usr/sbin:/sbin"
"""Where Debian has the daemons; not everybody's PATH does."""
CPUS = 8
"""What the node is said to have: jobs of tests only sleep."""
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillWait=60
MinJobAge=300
SlurmdParameters=config_overrides
StateSaveLocation={folder}/controller
SlurmdSpoolDir={folder}/node
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName=node1 NodeHostname={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=1000 State=UNKNOWN
PartitionName=short Nodes=node1 Default=YES MaxTime=60 State=UP
PartitionName=long Nodes=node1 State=UP
PartitionName=closed Nodes=node1 State=DOWN
"""


def why_not() -> str:
    """Return why no cluster can be had here, empty when one can."""
    missing = [name for name in PROGRAMS if not shutil.which(name, path=_path())]
    return f"Slurm's {missing[0]} is not installed; `make slurm` does it." if missing else ""


@contextmanager
def cluster(folder: Path, **settings: str) -> Iterator[Path]:
    """Run a cluster in a new folder; give the path of its configuration, for ``SLURM_CONF``.

    ``settings`` take the place of those above, or join them.
    """
    _configure(folder, settings)
    daemons = []
    try:
        key, socket_ = folder / "munge.key", folder / "munge.socket"
        named = [f"--key-file={key}", f"--socket={socket_}", f"--pid-file={folder}/munged.pid"]
        logged = [f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed"]
        daemons.append(_start(folder, "munged", "--foreground", "--force", *named, *logged))
        _wait(socket_.exists, "munged", folder)
        daemons.append(_start(folder, "slurmctld", "-D", "-i"))
        daemons.append(_start(folder, "slurmd", "-D", "-N", "node1"))
        _wait(lambda: _node_state(folder) == "idle", "slurmctld", folder)
        yield folder / "slurm.conf"
        _end_jobs(folder)
    finally:
        for daemon in reversed(daemons):
            _end(daemon)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment in which Slurm's commands speak to the cluster of the folder."""
    return {**os.environ, "SLURM_CONF": str(folder / "slurm.conf"), "PATH": _path()}


def _configure(folder: Path, settings: Mapping[str, str]) -> None:
    for name in ("controller", "node"):
        (folder / name).mkdir(mode=0o755)
    (folder / "munge.key").write_bytes(secrets.token_bytes(128))
    (folder / "munge.key").chmod(0o400)
    text = CONFIGURATION.format(
        folder=folder,
        host=socket.gethostname(),
        user=pwd.getpwuid(os.getuid()).pw_name,
        controller_port=_free_port(),
        node_port=_free_port(),
        cpus=CPUS,
    )
    kept = [line for line in text.splitlines() if line.partition("=")[0] not in settings]
    own = [f"{name}={value}" for name, value in settings.items()]
    (folder / "slurm.conf").write_text("\n".join([*own, *kept, ""]))


def _start(folder: Path, *command: str) -> "subprocess.Popen[bytes]":
    program = shutil.which(command[0], path=_path())
    assert program
    with (folder / f"{command[0]}.out").open("wb") as out:
        return subprocess.Popen(
            [program, *command[1:]],
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _end(daemon: "subprocess.Popen[bytes]") -> None:
    """End a daemon with what is left of its children."""
    with suppress(ProcessLookupError):
        os.killpg(daemon.pid, signal.SIGTERM)
    try:
        daemon.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()


def _end_jobs(folder: Path) -> None:
    """End what still runs, which would outlive the daemons."""
    _said(folder, "scancel", f"--user={os.getuid()}")
    _wait(lambda: not _said(folder, "squeue", "--noheader"), "scancel", folder)


def _node_state(folder: Path) -> str:
    return _said(folder, "sinfo", "--noheader", "--partition=short", "--format=%T")


def _said(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, env=environment(folder), capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def _wait(is_up: Callable[[], bool], name: str, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_up():
        if time.monotonic() > deadline:
            said = [path.read_text()[-1000:] for path in folder.glob("*.log")]
            raise TimeoutError(f"{name} did not do its work: {said}")
        time.sleep(0.1)


def _path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_PATH}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    with cluster(Path(sys.argv[1]).absolute()) as configuration:
        sys.stdout.write(f"export SLURM_CONF={configuration}\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            signal.pause()
