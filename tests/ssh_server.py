"""A real SSH server, which can go away and come back."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Self

import psutil
import pytest

from tests.patience import PATIENCE
from tests.ports import free_port

HOST = "bastion"


def sshd() -> str:
    """Return the path of the server, which is on no user's PATH."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or ""


def why_not() -> str:
    """Return why there can be none, empty if there can."""
    missing = [name for name in ("ssh", "ssh-keygen") if not shutil.which(name)]
    if not sshd():
        missing.append("sshd")
    return f"no {', '.join(missing)} here: `make ssh` installs an SSH server" if missing else ""


class SshServer:
    """Listens on a port of this machine; a client that knows it as ``bastion`` is in ``bin``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.known_hosts = folder / "known_hosts"
        self._port = free_port()
        keygen = shutil.which("ssh-keygen") or ""
        for name in ("host_key", "key"):
            subprocess.run(
                [keygen, "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
            )
        shutil.copyfile(folder / "key.pub", folder / "authorized_keys")
        self.trust()
        (folder / "sshd_config").write_text(
            f"Port {self._port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\n"
            f"AuthorizedKeysFile {folder}/authorized_keys\nPidFile none\nStrictModes no\n"
            "PermitRootLogin prohibit-password\nUsePAM no\nAllowTcpForwarding yes\n"
        )
        (folder / "ssh_config").write_text(
            f"Host {HOST}\n  HostName 127.0.0.1\n  Port {self._port}\n  User {getpass.getuser()}\n"
            f"  IdentityFile {folder}/key\n  IdentitiesOnly yes\n  IdentityAgent none\n"
            f"  UserKnownHostsFile {self.known_hosts}\n  GlobalKnownHostsFile /dev/null\n"
        )
        self.bin.mkdir()
        client = self.bin / "ssh"
        client.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/ssh_config "$@"\n')
        client.chmod(0o755)

    def trust(self) -> None:
        """Let the client know the server's key."""
        key = (self.folder / "host_key.pub").read_text()
        self.known_hosts.write_text(f"[127.0.0.1]:{self._port} {key}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Return when it listens."""
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        with (self.folder / "sshd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sshd(), "-D", "-e", "-f", self.folder / "sshd_config"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        self.kill()
        pytest.fail(f"sshd did not start:\n{(self.folder / 'sshd.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End it at once, with the connections that it has."""
        own = psutil.Process(self._process.pid) if self._process.poll() is None else None
        for each in [*own.children(recursive=True), own] if own else []:
            each.kill()
        self._process.wait()
