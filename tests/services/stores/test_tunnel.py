"""Tunnels through a real SSH server."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
import requests

from mlops_tui.cli.command import main
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.tunnel import TunnelClosed
from mlops_tui.services.stores import tunnel as tunnels
from mlops_tui.services.stores.tunnel import Tunnel, reached
from tests.making import make_experiment, make_run
from tests.patience import PATIENCE
from tests.ssh_server import HOST, SshServer


@pytest.fixture
def far() -> Iterator[Store]:
    """Return a store behind the SSH server: something that answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"OK")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Store(f"http://localhost:{server.server_port}", name="team", ssh=HOST)
    server.shutdown()


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


def clients(parent: int) -> list[psutil.Process]:
    found = psutil.Process(parent).children(recursive=True)
    return [each for each in found if each.name() == "ssh"]


def test_a_store_is_reached_through_a_tunnel_that_ends_with_it(
    bastion: SshServer, far: Store
) -> None:
    with closing(Tunnel(far)) as tunnel:
        near = tunnel.wait()
        assert requests.get(near.tracking_uri, timeout=60).text == "OK"
        assert near.tracking_uri.startswith("http://127.0.0.1:")
        assert near.label == far.label == f"{far.tracking_uri} through {HOST}"
        (ssh,) = clients(os.getpid())
        listening = [each for each in ssh.net_connections() if each.status == "LISTEN"]
        assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
        assert not any(word.startswith("MLFLOW") for word in ssh.environ())
    until(lambda: not ssh.is_running() or ssh.status() == "zombie", "ssh has ended")


def test_a_tunnel_that_breaks_says_so_and_is_opened_again(
    bastion: SshServer, far: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunnels, "FIRST_PAUSE", 0.1)
    seen: list[str] = []
    with closing(Tunnel(far)) as tunnel:
        tunnel.on_change = lambda: seen.append(str(tunnel.problem))
        near = tunnel.wait()
        bastion.kill()
        until(lambda: tunnel.problem, "it says so")
        bastion.start()
        until(lambda: tunnel.problem is None, "it is open again")
        assert requests.get(near.tracking_uri, timeout=60).text == "OK"
    broken = next(each for each in seen if "broke" in each)
    assert broken.startswith(f"The tunnel through {HOST} broke")
    assert "It is opened again in 0.1 s." in broken


def test_a_host_whose_key_is_not_known_is_not_trusted(bastion: SshServer, far: Store) -> None:
    bastion.known_hosts.write_text("")
    with closing(Tunnel(far)) as tunnel, pytest.raises(TunnelClosed) as caught:
        tunnel.wait()
    assert "Host key verification failed" in str(caught.value)
    assert f"Log in once by hand, `ssh {HOST}`" in str(caught.value)


def test_a_key_that_is_not_accepted_is_not_asked_for(bastion: SshServer, far: Store) -> None:
    (bastion.folder / "authorized_keys").write_text("")
    with pytest.raises(TunnelClosed, match=r"Permission denied.*ssh-agent"), reached(far):
        pass


def test_ssh_that_is_missing_is_named(
    far: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TunnelClosed, match=r"there is no ssh here\. Install OpenSSH's client"):
        Tunnel(far)


def test_a_host_that_ssh_would_take_for_an_option_is_refused(far: Store) -> None:
    with pytest.raises(InvalidInput, match="which is no host"):
        Tunnel(Store(far.tracking_uri, ssh="-oProxyCommand=touch /tmp/x"))


OWNER = """
import sys, time
from mlops_tui.domain.store import Store
from mlops_tui.services.stores.tunnel import Tunnel
tunnel = Tunnel(Store(sys.argv[1], ssh=sys.argv[2]))
tunnel.wait()
print("open", flush=True)
time.sleep(1000)
"""


def test_ssh_ends_with_us_though_we_are_killed(bastion: SshServer, far: Store) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, far.tracking_uri, HOST], stdout=subprocess.PIPE
    )
    assert owner.stdout
    assert owner.stdout.readline() == b"open\n"
    (ssh,) = clients(owner.pid)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    until(lambda: not ssh.is_running() or ssh.status() == "zombie", "ssh has ended")


@pytest.mark.slow
def test_a_sub_command_opens_the_tunnel_for_its_own_time(
    bastion: SshServer,
    server_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_run(server_store, make_experiment(server_store, "Behind"), name="seen through a tunnel")
    config = tmp_path / "config.toml"
    config.write_text(f'[servers.team]\nuri = "{server_store.tracking_uri}"\nssh = "{HOST}"\n')
    monkeypatch.setenv("MLOPS_TUI_CONFIG", str(config))
    assert main(["runs", "Behind", "--tracking-uri", "team"]) == 0
    assert "seen through a tunnel" in capsys.readouterr().out
    until(lambda: not clients(os.getpid()), "ssh has ended")
    # MLflow has set it for this process, which is to be another one.
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    main(["doctor", "--tracking-uri", "team"])
    said = capsys.readouterr().out
    assert f"open through {HOST}" in said
    assert f"team {server_store.tracking_uri} through {HOST} answers" in said
    bastion.kill()
    assert main(["runs", "Behind", "--tracking-uri", "team"]) == 1
    assert f"The tunnel through {HOST} cannot be opened" in capsys.readouterr().err
