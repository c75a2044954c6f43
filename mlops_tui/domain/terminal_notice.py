"""The bytes by which a terminal shows a notification on the person's desktop."""

from enum import StrEnum

from mlops_tui.domain.plain_text import one_line

SENDER = "mlops-tui"
LIMIT = 200
"""Characters; a notification shows no more."""
START, END = "\x1b]", "\x07"
"""Of an operating system command. It ends in BEL: within tmux's wrapping, ST would end both."""


class Protocol(StrEnum):
    """What a terminal understands. One of them, since some understand both and would show two."""

    OFF = "off"
    OSC9 = "osc9"
    """iTerm2, kitty, WezTerm, Ghostty, foot."""
    OSC777 = "osc777"
    """rxvt-unicode, foot, Konsole, WezTerm, Ghostty, VTE where a distribution adds it."""


def notice(text: str, protocol: Protocol, *, in_tmux: bool) -> str:
    """Return what to send for a notification; empty when it is off.

    The text is foreign: it loses all that could end the sequence, or begin another. It stands
    behind our name, since OSC 9 with a number in front means something else (a progress bar). tmux
    hands on what is wrapped for it, where its option allow-passthrough says so, and drops it else.
    """
    if protocol is Protocol.OFF:
        return ""
    clean = one_line(text, LIMIT).replace(";", ",")
    told = f"9;{SENDER}: {clean}" if protocol is Protocol.OSC9 else f"777;notify;{SENDER};{clean}"
    plain = f"{START}{told}{END}"
    return "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\" if in_tmux else plain
