"""What keeps a monitor running over restarts of the machine: a systemd user unit, a cron line."""

import shlex
import sys
from pathlib import Path

from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store, redact
from mlops_tui.services.processes import child_environment

EVERY = "*/5 * * * *"


def unit_text(store: Store, state_dir: Path, plan: MonitorPlan) -> str:
    """Return the text of both, with how they are installed; a password stays out of it."""
    words = start_command(store, state_dir, plan)
    name = "".join(sign if sign.isalnum() else "-" for sign in plan.title).strip("-")[:60]
    unit = f"mlops-tui-{name or plan.monitor_id}.service"
    title = one_line(plan.title, 100).replace("%", "%%")
    command = " ".join(_quoted(each) for each in words)
    hint = ""
    uri = child_environment.absolute(store).tracking_uri
    if redact(uri) != uri:
        hint = "# The address of the store has a password: set MLFLOW_TRACKING_URI yourself.\n"
    return f"""\
{hint}# ~/.config/systemd/user/{unit}
[Unit]
Description=mlops-tui monitor {title}
After=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
KillMode=process
ExecStart={command}

[Install]
WantedBy=default.target

# Then: systemctl --user enable --now {unit}
#       loginctl enable-linger    (it runs while you are not logged in)

# Or with cron (crontab -e), which also starts it again when it was killed:
{EVERY} {shlex.join(words).replace("%", chr(92) + "%")}"""


def start_command(store: Store, state_dir: Path, plan: MonitorPlan) -> list[str]:
    """Return the command that starts a monitor unless it runs; no password is in it."""
    uri = child_environment.absolute(store).tracking_uri
    where = ["--tracking-uri", uri] if redact(uri) == uri else []
    state = ["--state-dir", str(state_dir.absolute())]
    return [sys.executable, "-m", "mlops_tui", "monitor", "start", plan.title, *where, *state]


def _quoted(word: str) -> str:
    """Return a word as systemd reads it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(sign in word for sign in " \t\"'\\;") else escaped
