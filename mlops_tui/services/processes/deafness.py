"""Which signals a supervisor ignores: none but SIGKILL ends it before its child."""

import signal
from contextlib import suppress

HEEDED = {
    # Asks for the end of the child.
    signal.SIGTERM,
    # Ignored, it would take the exit codes of children away.
    signal.SIGCHLD,
    # These two cannot be ignored.
    signal.SIGKILL,
    signal.SIGSTOP,
}


def ignore_signals() -> None:
    """Ignore every signal that would end or suspend us, whoever sends it.

    A fault of our own still ends us: the kernel does not let that be ignored.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _set(signal.SIG_IGN)


def heed_signals() -> None:
    """Give a child, before it runs its program, the default for what we ignore.

    A hang-up stays ignored: no process here ends with the terminal.
    """
    _set(signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _set(action: signal.Handlers) -> None:
    for number in signal.valid_signals() - HEEDED:
        # The C library keeps some for itself.
        with suppress(OSError, ValueError):
            signal.signal(number, action)
