"""Runs ssh for as long as our asker is there: ``python -m`` this module with ssh's words.

It stands between, since ssh would outlive an asker that is killed. It writes ``open`` when ssh
listens, and at the end what ssh said last.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

from mlops_tui.services.processes.short_lived import dying_with

OPEN, ENDED = "open", "ended"
POLL = 0.2
"""Seconds between two looks at ssh."""
PATIENCE = 2.0
"""Seconds until ssh, asked to end, is killed."""
MOST = 4_096
"""Bytes of what ssh says that are kept."""


def main(command: Sequence[str], port: int) -> None:
    """Run ssh until it ends or our input does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def is_over(seconds: float) -> bool:
        return bool(select.select([0], [], [], seconds)[0])

    _say(f"{ENDED}\t{run_ssh(command, port, is_over, lambda: _say(OPEN))}")


def run_ssh(
    command: Sequence[str],
    port: int,
    is_over: Callable[[float], bool],
    on_open: Callable[[], None],
) -> str:
    """Run ssh until it ends or all ``is_over``, which may wait as long; return what it said last.

    It ends with us. There is one thread.
    """
    try:
        ssh = subprocess.Popen(  # noqa: S603 - ssh with words of ours, never through a shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid()),  # noqa: PLW1509 - there is one thread
        )
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    said = b""
    try:
        is_open = False
        while ssh.poll() is None and not is_over(POLL):
            said = (said + _read(ssh))[-MOST:]
            if not is_open and _listens(ssh.pid, port):
                is_open = True
                on_open()
    finally:
        ssh.terminate()
        try:
            ssh.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            ssh.kill()
    said += _read(ssh)
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _read(ssh: "subprocess.Popen[bytes]") -> bytes:
    """Return what ssh has said and nobody has read."""
    if ssh.stderr is None or not select.select([ssh.stderr], [], [], 0)[0]:
        return b""
    return os.read(ssh.stderr.fileno(), MOST)


def _listens(pid: int, port: int) -> bool:
    """Return whether it is ssh itself that listens at the port: another one might."""
    import psutil

    try:
        found = psutil.Process(pid).net_connections("tcp")
    except (psutil.Error, OSError):
        return False
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in found)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[2:], int(sys.argv[1]))
