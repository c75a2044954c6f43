"""A PostgreSQL on this machine for tests, apart from any that belongs to it.

It runs on a free port of 127.0.0.1 with a folder of its own under /tmp; who is root lends it to the
user postgres, since PostgreSQL refuses to run as root.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from tests.patience import PATIENCE
from tests.ports import free_port

SYSTEM_FOLDERS = "/usr/lib/postgresql"
"""Where Debian has the programs of each version; they are on nobody's PATH."""

PASSWORD = "made-up"

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def why_not() -> str:
    """Return why no PostgreSQL can be had here, empty when one can."""
    if not _programs():
        return "PostgreSQL is not installed; `make postgres` does it."
    if not (find_spec("psycopg") and find_spec("psycopg2")):
        return "The drivers of the extra postgres are not installed."
    if os.getuid() == 0 and not shutil.which("setpriv"):
        return "PostgreSQL does not run as root, and there is no setpriv."
    return ""


@dataclass(frozen=True)
class Postgres:
    """One that runs; its superuser is postgres, its password ``PASSWORD``."""

    port: int
    folder: Path

    def uri(self, database: str, user: str = "postgres", password: str = PASSWORD) -> str:
        """Return the address of a database."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or as the template; return its name."""
        name = f"test_{uuid4().hex[:12]}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def run(self, statement: str, database: str = "postgres") -> str:
        """Carry out SQL; return the answer without heads."""
        program = _programs()["psql"]
        command = (program, "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement)
        done = subprocess.run(
            (*command, self.uri(database)), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def tables(self, database: str) -> set[str]:
        """Return the names of the tables in it."""
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return set(self.run(query, database).split())


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run one while the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="mlops-tui-postgres-"))
    programs, port = _programs(), free_port()
    secret = folder / "password"
    secret.write_text(PASSWORD)
    try:
        if os.getuid() == 0:
            for path in (folder, secret):
                shutil.chown(path, "postgres")
        made = ("--pgdata", f"{folder}/data", "--username=postgres", "--auth=scram-sha-256")
        more = (f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        log = (folder / "log").open("wb")
        with log:
            subprocess.run(
                (*_as_postgres(), programs["initdb"], *made, *more),
                stdout=log,
                stderr=log,
                cwd=folder,
                check=True,
            )
            server = subprocess.Popen(
                (
                    *_as_postgres(),
                    *(programs["postgres"], "-D", f"{folder}/data", "-p", str(port)),
                    *("-h", "127.0.0.1", "-k", str(folder)),
                    *(word for setting in QUICK for word in ("-c", setting)),
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
            )
        try:
            _wait(programs["pg_isready"], port, folder, server)
            yield Postgres(port, folder)
        finally:
            server.send_signal(signal.SIGINT)  # ends the sessions that are left
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres() -> tuple[str, ...]:
    if os.getuid() != 0:
        return ()
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


def _programs() -> dict[str, str]:
    """Return where the programs of the newest version are; nothing where one is missing."""
    versions = sorted(Path(SYSTEM_FOLDERS).glob("*/bin"), key=lambda path: path.parts[-2])
    path = os.pathsep.join((*map(str, reversed(versions)), os.environ.get("PATH", "")))
    wanted = ("initdb", "postgres", "pg_isready", "psql")
    found = {name: shutil.which(name, path=path) for name in wanted}
    return {name: path for name, path in found.items() if path} if all(found.values()) else {}


def _wait(pg_isready: str, port: int, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    command = (pg_isready, "-q", "-h", "127.0.0.1", "-p", str(port))
    while subprocess.run(command, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:])
        time.sleep(0.1)
