"""The signals that a supervisor ignores, so that only SIGKILL ends it before its child."""

import signal
from contextlib import suppress

NOT_IGNORED = {
    # Asks for the end of the child.
    signal.SIGTERM,
    # Ignored, it would take the exit codes of children away.
    signal.SIGCHLD,
    # These two cannot be ignored.
    signal.SIGKILL,
    signal.SIGSTOP,
}


def ignore_signals() -> None:
    """Ignore every signal that would end or suspend this process.

    A fault of our own still ends us: the kernel does not let that be ignored.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _set(signal.SIG_IGN)


def restore_signals() -> None:
    """Restore the default actions in a child before it runs its program.

    A hang-up stays ignored: no process here ends with the terminal.
    """
    _set(signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _set(action: signal.Handlers) -> None:
    for number in signal.valid_signals() - NOT_IGNORED:
        # The C library keeps some for itself.
        with suppress(OSError, ValueError):
            signal.signal(number, action)
